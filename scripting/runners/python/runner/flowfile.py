"""A flowfile as scripts see it: its attributes are a dict, its content is read and written."""

import json

from . import host, values
from .errors import FlowFileHandlingException, LimitExceeded
from .java_map import JavaMap
from .missing import no_such
from .streams import OutputStream, Text, open_input

#: What is read as a whole where a script does not say how much it takes, in bytes.
WHOLE_MAX = 64 << 20


class Attributes(JavaMap):
    """Values are texts; what is set otherwise becomes one, and None removes."""

    __slots__ = ()

    def __setitem__(self, name, value):
        values.attribute_name(name)
        if type(value) is str and value.isascii():
            dict.__setitem__(self, name, value)
        elif value is None:
            self.pop(name, None)
        else:
            dict.__setitem__(self, name, values.attribute_text(name, value))

    def update(self, *more, **named):
        for name, value in dict(*more, **named).items():
            self[name] = value

    def setdefault(self, name, default=None):
        if name not in self:
            self[name] = default
        return self.get(name)

    def __ior__(self, more):
        self.update(more)
        return self


class FlowFile:
    """One of this session, until it is transferred or removed."""

    __slots__ = ("_handle", "_size", "_given", "_attributes", "_end", "_open")

    def __init__(self, handle, size=None, attributes=None):
        self._handle = handle
        self._size = size
        self._given = attributes  # As the engine has them, in pairs.
        self._attributes = None  # As the script has them, once it asks.
        self._end = None
        self._open = None

    # What it is.

    @property
    def attributes(self):
        """Its attributes, to be read and changed: a dict of texts. None removes one."""
        if self._attributes is None:
            handle = self._alive()
            if self._given is None:
                self._given = handle.attributes()
            self._attributes = Attributes(self._given)
        return self._attributes

    @property
    def size(self):
        """Bytes of its content."""
        if self._size is None:
            self._size = self._alive().size()
        return self._size

    def __getitem__(self, name):
        return self.attributes[name]

    def __setitem__(self, name, value):
        self.attributes[name] = value

    def __delitem__(self, name):
        del self.attributes[name]

    def __contains__(self, name):
        return name in self.attributes

    def __iter__(self):
        raise TypeError(
            "a FlowFile cannot be gone through: flowfile.attributes can, and flowfile.chunks() "
            "gives its content piece by piece"
        )

    def get(self, name, default=None):
        """An attribute, or `default`."""
        return self.attributes.get(name, default)

    # Its content.

    def read(self, limit=WHOLE_MAX):
        """The whole content, in bytes; one that is longer than `limit` is refused."""
        handle = self._handle if self._end is None else self._alive()
        size = self._size
        if (self.size if size is None else size) > limit:
            raise LimitExceeded(
                f"the content has {self.size:,} bytes, and read() takes at most {limit:,}; read it "
                "piece by piece with flowfile.chunks() or flowfile.open(), or give a higher limit"
            )
        return host.call(handle.read_all, host.whole(limit, "limit"))

    def text(self, encoding="utf-8", errors="strict"):
        """The whole content as text."""
        return self.read().decode(str(encoding), errors)

    def json(self):
        """The whole content as the value that its JSON says."""
        return json.loads(self.read())

    def chunks(self, size=256 << 10):
        """The content piece by piece, at most `size` bytes each and at most 1 MiB."""
        with self.open() as stream:
            while piece := stream.read(size):
                yield piece

    def write(self, data):
        """Gives it new content: bytes, a text, an iterator of both, or any other value as JSON."""
        if type(data) is str:
            made = data.encode()
        elif hasattr(data, "__next__"):
            with self.open("wb") as stream:
                for piece in data:
                    stream.write(piece)
            return
        else:
            made = values.content_bytes(data)
        host.call(self._alive().write_all, made)
        self._size = len(made)

    def append(self, data):
        """Adds to its content."""
        with self.open("ab") as stream:
            stream.write(values.content_bytes(data))

    def open(self, mode="rb", encoding="utf-8"):
        """Its content as a file: `r`, `w` or `a`, with `t` for text. To be used by `with`."""
        kind, form = mode[:1], mode[1:]
        if kind not in ("r", "w", "a") or form not in ("", "b", "t"):
            raise ValueError(f"mode is {mode!r}, but must be r, w or a, with b or t after it")
        handle = self._alive()
        if kind == "r":
            stream = open_input(self, handle)
        else:
            stream = OutputStream(self, handle, kind == "a")
        self._open = [*(self._open or ()), stream]
        return Text(stream, str(encoding)) if form == "t" else stream

    def penalize(self):
        """Lets it wait for the processor's penalty duration wherever it goes."""
        self._alive().penalize()

    # What NiFi's scripts call.

    def getAttribute(self, name):
        return self.attributes.get(name)

    def getAttributes(self):
        return JavaMap(self.attributes)

    def getSize(self):
        return self.size

    def getId(self):
        """A number that tells it from others; NiFi's own is that of its repository."""
        return hash(self.attributes.get("uuid")) & 0x7FFF_FFFF_FFFF_FFFF

    def __getattr__(self, name):
        raise no_such("a flowfile", self, name)

    def __repr__(self):
        if self._end:
            return f"<FlowFile, {self._end}>"
        return f"<FlowFile {self.get('filename')!r}, {self.size:,} bytes>"

    # What the session calls.

    def _alive(self):
        if self._end:
            raise FlowFileHandlingException(
                f"this flowfile was {self._end} before; what is to be done with it comes first"
            )
        return self._handle

    def _flush(self):
        """Tells the engine which attributes were changed; the handle."""
        handle = self._handle if self._end is None else self._alive()
        now = self._attributes
        if now is not None:
            before = dict(self._given)
            if now != before:
                changed = [(k, v) for k, v in now.items() if before.get(k) != v]
                removed = [k for k in before if k not in now]
                host.call(handle.set_attributes, changed, removed)
                self._given = list(now.items())
        return handle

    def _finish(self, end):
        """It has come to its end."""
        handle = self._flush()
        for stream in self._open or ():
            if isinstance(stream, OutputStream) and not stream.closed:
                raise FlowFileHandlingException(
                    "a stream that this flowfile's content is written to is open still; close it "
                    "first, or open it by `with`"
                )
            stream._abandon()
        self._end = end
        return handle
