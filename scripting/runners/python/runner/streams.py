"""A content as a stream: a file of Python's that also takes what Java's streams take."""

import io

from . import host

#: A content up to here is read in one call, and written in one, in bytes.
AT_ONCE = 256 << 10
#: No call gives or takes more.
PIECE_MAX = 1 << 20


class _JavaInput:
    """What Java's `InputStream` has beside a file's methods.

    `read()` is Python's: all bytes that are left. Java's gives the next byte, which is `read(1)`.
    """

    def read(self, size=-1, offset=0, length=None):
        if isinstance(size, (bytearray, memoryview)):  # Java: into what was given; -1 at the end.
            place = memoryview(size)[offset : None if length is None else offset + length]
            return self.readinto(place) or (-1 if len(place) else 0)
        return super().read(size)

    def readAllBytes(self):
        return super().read()

    def readNBytes(self, size):
        return super().read(size)

    def available(self):
        return max(0, self.source_size - self.tell())

    def skip(self, count):
        here = self.tell()
        return self.seek(min(here + max(count, 0), self.source_size)) - here

    def transferTo(self, output):
        moved = 0
        while piece := super().read(AT_ONCE):
            moved += output.write(piece)
        return moved

    def markSupported(self):
        return False


class _Whole(_JavaInput, io.BytesIO):
    """A content that was read at once."""

    def _abandon(self):
        self.close()


class _Raw(io.RawIOBase):
    """A content that is read as it is asked for, from wherever it is asked for."""

    def __init__(self, handle, size):
        self._handle, self._size, self._at, self._reader = handle, size, 0, None

    def readable(self):
        return True

    def seekable(self):
        return True

    def readinto(self, place):
        if self._reader is None:
            self._reader = host.call(self._handle.read, self._at)
        data = host.call(self._reader.next, min(len(place), PIECE_MAX))
        place[: len(data)] = data
        self._at += len(data)
        return len(data)

    def seek(self, offset, whence=io.SEEK_SET):
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if not 0 <= start + offset < 2**63:
            raise ValueError(f"there is no place {start + offset} in a content")
        if start + offset != self._at:
            self._drop()
            self._at = start + offset
        return self._at

    def tell(self):
        return self._at

    def close(self):
        if not self.closed:
            self._drop()
        super().close()

    def _drop(self):
        if self._reader is not None:
            host.release(self._reader)
            self._reader = None


class _Buffered(_JavaInput, io.BufferedReader):
    """A content that is too long to be read at once."""

    def _abandon(self):
        self.close()


def open_input(flowfile, handle):
    """The content of a flowfile, to be read."""
    size = flowfile.size
    if size <= AT_ONCE:
        stream = _Whole(host.call(handle.read_all, AT_ONCE))
    else:
        stream = _Buffered(_Raw(handle, size), AT_ONCE)
    stream.source = flowfile  # Whoever decodes it takes it from the engine, not from here.
    stream.source_size = size
    return stream


class OutputStream(io.BufferedIOBase):
    """New content. It counts when it is closed, and not at all where `with` is left by an error."""

    def __init__(self, flowfile, handle, append):
        self._flowfile, self._handle, self._append = flowfile, handle, append
        self._held, self._writer, self._length = bytearray(), None, 0
        self._dropped = False  # What comes now is for nobody.

    def writable(self):
        return True

    def tell(self):
        return self._length

    def write(self, data, offset=0, length=None):
        """Bytes; also a text (UTF-8), a byte's number or a list of them, as Java's streams do."""
        if self.closed:
            raise ValueError("the stream is closed")
        if isinstance(data, str):
            data = data.encode()
        elif isinstance(data, int):
            data = bytes((data & 0xFF,))
        elif isinstance(data, (list, tuple)):
            data = bytes(byte & 0xFF for byte in data)
        try:
            data = memoryview(data).cast("B")
        except TypeError:
            raise TypeError(
                f"a stream takes bytes, not {type(data).__name__}; a value becomes bytes by "
                "json.dumps(value).encode()"
            ) from None
        if offset or length is not None:
            data = data[offset : None if length is None else offset + length]
        for start in range(0, 0 if self._dropped else len(data), PIECE_MAX):
            self._held += data[start : start + PIECE_MAX]
            if len(self._held) > AT_ONCE:
                self._push()
        self._length += len(data)
        return len(data)

    def _push(self):
        if self._writer is None:
            self._writer = host.call(self._handle.write, self._append)
        for start in range(0, len(self._held), PIECE_MAX):
            host.call(self._writer.push, bytes(self._held[start : start + PIECE_MAX]))
        self._held.clear()

    def copy_from(self, flowfile, offset=0, length=None):
        """Bytes of another flowfile's content, which never come into the script; how many."""
        offset = host.whole(offset, "offset")
        if length is not None:
            length = host.whole(length, "length")
        self._push()
        copied = host.call(self._writer.copy_from, flowfile._alive(), offset, length)
        self._length += copied
        return copied

    def close(self):
        if self.closed:
            return
        if self._dropped:
            self._abandon()
            return
        try:
            if self._writer is None and not self._append:
                host.call(self._handle.write_all, bytes(self._held))
            else:
                self._push()
                host.call(self._writer.finish)
            self._flowfile._size = None
        finally:
            self._abandon()

    def _abandon(self):
        """Leaves nothing of what was written and not finished."""
        if self._writer is not None:
            host.release(self._writer)
            self._writer = None
        self._held = bytearray()
        super().close()

    def __exit__(self, kind, error, trace):
        self.close() if kind is None else self._abandon()

    def __del__(self):
        # A file would be closed, and so finished; what was left open is not.
        pass


class Text(io.TextIOWrapper):
    """A content as text."""

    def __exit__(self, kind, error, trace):
        if kind is not None and isinstance(self.buffer, OutputStream):
            self.buffer._dropped = True
        self.close()
