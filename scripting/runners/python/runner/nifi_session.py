"""The session as NiFi's scripts know it, by the names of its `ProcessSession`."""

import inspect

from . import host, nifi_names
from .errors import RolledBack
from .flowfile import FlowFile
from .host import INFO, WARNING
from .session import Session

#: NiFi reads as much by `session.get(n)` at most.
GET_MAX = 10_000


class NifiSession(Session):
    """NiFi's flowfiles never change, so its methods return the one that has changed: here too."""

    def __init__(self):
        super().__init__()
        self._taken = 0  # How many the script was given since it was run last.
        self._told = set()

    def get(self, most=None):
        """The next flowfile, or None; with a number the next ones, as a list."""
        if most is None:
            found = self._waiting.pop() if self._waiting else next(iter(self._take(1)), None)
            self._taken += found is not None
            return found
        if isinstance(most, bool) or not isinstance(most, int) or most < 1:
            raise TypeError(
                f"session.get takes how many flowfiles there may be, not {most!r}; of several one "
                "chooses by their attributes"
            )
        found = []
        while len(found) < min(most, GET_MAX):
            if self._waiting:
                found.append(self._waiting.pop())
                continue
            more = self._take(min(most, GET_MAX) - len(found))
            if not more:
                break
            found += more
        self._taken += len(found)
        return found

    def _ahead(self, most):
        """Takes some before the script asks for them; whether there are any."""
        if not self._waiting:
            self._waiting = self._take(most)[::-1]
        return bool(self._waiting)

    # Content.

    def read(self, flowfile, callback=None):
        """Calls `callback.process(inputStream)`; without a callback gives the stream."""
        stream = self._own(flowfile).open("rb")
        if callback is None:
            return stream
        with stream:
            _process(callback)(stream)

    def write(self, flowfile, callback=None):
        """Calls `callback.process(inputStream, outputStream)`, or with the output alone."""
        self._own(flowfile)
        if callback is None:
            return flowfile.open("wb")
        process = _process(callback)
        if _takes_both(callback, process):
            with flowfile.open("rb") as before, flowfile.open("wb") as after:
                process(before, after)
        else:
            with flowfile.open("wb") as after:
                process(after)
        return flowfile

    def append(self, flowfile, callback):
        """Calls `callback.process(outputStream)`; what it writes comes after the content."""
        with self._own(flowfile).open("ab") as after:
            _process(callback)(after)
        return flowfile

    def merge(self, sources, destination, header=None, footer=None, demarcator=None):
        """The contents of several, one after another, as the content of another."""
        with self._own(destination).open("wb") as after:
            after.write(header or b"")
            for index, source in enumerate(sources):
                after.write((demarcator or b"") if index else b"")
                after.copy_from(self._own(source))
            after.write(footer or b"")
        return destination

    # Attributes.

    def putAttribute(self, flowfile, name, value):
        if value is None:
            raise TypeError(
                f"the attribute {name!r} would be None; session.removeAttribute removes one"
            )
        self._own(flowfile).attributes[name] = value
        return flowfile

    def putAllAttributes(self, flowfile, attributes):
        for name, value in dict(attributes).items():
            self.putAttribute(flowfile, name, value)
        return flowfile

    def removeAttribute(self, flowfile, name):
        self._own(flowfile).attributes.pop(name, None)
        return flowfile

    def removeAllAttributes(self, flowfile, names):
        attributes = self._own(flowfile).attributes
        # NiFi takes a pattern, too; java.util.regex.Pattern is Python's here.
        match = getattr(names, "fullmatch", None)
        for name in [n for n in attributes if (match(n) if match else n in names)]:
            if name != "uuid":
                del attributes[name]
        return flowfile

    # Flowfiles.

    def create(self, parent=None):
        return super().create(parent)

    def clone(self, flowfile, offset=None, size=None):
        """Another with the same content, or with a part of it."""
        if offset is None:
            return super().clone(flowfile)
        made = self.create(flowfile)
        with made.open("wb") as after:
            after.copy_from(flowfile, offset, size)
        return made

    def transfer(self, flowfile, relationship=None):
        if relationship is None:
            raise TypeError(
                "session.transfer(flowFile) has no relationship: write session.transfer(flowFile, "
                "REL_SUCCESS). What NiFi does then, to put it back into its queue, is "
                "session.rollback() here"
            )
        super().transfer(flowfile, relationship)

    # The session.

    def commit(self):
        self._say(
            WARNING,
            "session.commit() does nothing here: what a script does counts when it has ended well",
        )

    def commitAsync(self, success=None, failure=None):
        self.commit()

    def rollback(self, penalize=False):
        raise RolledBack("the script rolled its session back")

    def adjustCounter(self, name, delta, immediate=False):
        self.count(name, delta)

    def getProvenanceReporter(self):
        self._say(
            INFO,
            "the provenance reporter of a script writes nothing: the engine records by itself what "
            "becomes of each flowfile",
        )
        return nifi_names.ProvenanceReporter()

    def _say(self, level, message):
        """Once for a script."""
        if message not in self._told:
            self._told.add(message)
            host.log(level, message)


def _process(callback):
    """What is called of a callback: its `process`, or itself where it is a function."""
    process = getattr(callback, "process", callback)
    if isinstance(callback, (type, FlowFile)) or not callable(process):
        told = callback.__name__ if isinstance(callback, type) else type(callback).__name__
        raise TypeError(
            f"{told} is no callback: it must be an object with a method process, such as "
            f"{told}() of a class {told}(StreamCallback), or a function"
        )
    return process


def _takes_both(callback, process):
    if isinstance(callback, nifi_names.StreamCallback):
        return True
    if isinstance(callback, nifi_names.OutputStreamCallback):
        return False
    wanted = [
        one
        for one in inspect.signature(process).parameters.values()
        if one.default is one.empty and one.kind in (one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD)
    ]
    return len(wanted) == 2
