"""The little of `java.io`, `java.nio.charset` and `commons.io` that scripts for NiFi call."""

import io


class Charset(str):
    """An encoding: its name as Python knows it, too."""

    __slots__ = ()

    def name(self):
        return str(self).upper()

    @staticmethod
    def forName(name):
        return Charset(name)

    @staticmethod
    def defaultCharset():
        return Charset("utf-8")


class StandardCharsets:
    UTF_8 = Charset("utf-8")
    US_ASCII = Charset("ascii")
    ISO_8859_1 = Charset("iso-8859-1")
    UTF_16 = Charset("utf-16")
    UTF_16BE = Charset("utf-16-be")
    UTF_16LE = Charset("utf-16-le")


class IOUtils:
    """Streams as a whole."""

    @staticmethod
    def toString(source, charset="utf-8"):
        data = source if isinstance(source, (str, bytes, bytearray)) else source.read()
        return data if isinstance(data, str) else bytes(data).decode(str(charset or "utf-8"))

    @staticmethod
    def toByteArray(source):
        data = source.read()
        return data.encode() if isinstance(data, str) else data

    @staticmethod
    def readLines(source, charset="utf-8"):
        return IOUtils.toString(source, charset).splitlines()

    @staticmethod
    def lineIterator(source, charset="utf-8"):
        return iter(IOUtils.readLines(source, charset))

    @staticmethod
    def write(data, output, charset="utf-8"):
        output.write(data.encode(str(charset or "utf-8")) if isinstance(data, str) else data)

    @staticmethod
    def copy(source, output):
        moved = 0
        while piece := source.read(256 << 10):
            moved += output.write(piece) or 0
        return moved

    copyLarge = copy

    @staticmethod
    def closeQuietly(stream):
        if stream is not None:
            stream.close()


class _Reader(io.TextIOWrapper):
    """`InputStreamReader` and `BufferedReader`. Closing it closes what it reads."""

    def __init__(self, source, charset="utf-8"):
        super().__init__(source, str(charset))

    def readLine(self):
        line = self.readline()
        return line.rstrip("\r\n") if line else None

    def lines(self):
        return (line.rstrip("\r\n") for line in self)

    def __del__(self):
        # What it reads is not its own.
        _detach(self)


def InputStreamReader(source, charset="utf-8"):
    return _Reader(source, charset)


def BufferedReader(source, size=None):
    return source if isinstance(source, _Reader) else _Reader(source)


class _Writer(io.TextIOWrapper):
    """`OutputStreamWriter`, `BufferedWriter`, `PrintWriter`."""

    def __init__(self, output, charset="utf-8"):
        super().__init__(output, str(charset), newline="", write_through=True)

    def append(self, text):
        self.write(str(text))
        return self

    def newLine(self):
        self.write("\n")

    def print(self, value=""):
        self.write(str(value))

    def println(self, value=""):
        self.write(f"{value}\n")

    def __del__(self):
        _detach(self)


def _detach(wrapper):
    try:
        wrapper.detach()
    except ValueError:
        pass  # It was closed.


def OutputStreamWriter(output, charset="utf-8"):
    return _Writer(output, charset)


def BufferedWriter(output, size=None):
    return output if isinstance(output, _Writer) else _Writer(output)


class ByteArrayOutputStream(io.BytesIO):
    def toByteArray(self):
        return self.getvalue()

    def size(self):
        return len(self.getbuffer())

    def toString(self, charset="utf-8"):
        return self.getvalue().decode(str(charset))


JAVA_IO = {
    "BufferedReader": BufferedReader,
    "BufferedWriter": BufferedWriter,
    "ByteArrayInputStream": io.BytesIO,
    "ByteArrayOutputStream": ByteArrayOutputStream,
    "IOException": OSError,
    "InputStreamReader": InputStreamReader,
    "OutputStreamWriter": OutputStreamWriter,
    "PrintWriter": BufferedWriter,
    "StringReader": io.StringIO,
    "StringWriter": io.StringIO,
}
JAVA_NIO_CHARSET = {"Charset": Charset, "StandardCharsets": StandardCharsets}
COMMONS_IO = {"IOUtils": IOUtils}
