"""NiFi's callbacks."""

from tutti import InputStream, OutputStream

class InputStreamCallback:
    """For `session.read`."""

    def process(self, inputStream: InputStream) -> None: ...

class OutputStreamCallback:
    """For `session.write` and `session.append`."""

    def process(self, outputStream: OutputStream) -> None: ...

class StreamCallback:
    """For `session.write`."""

    def process(self, inputStream: InputStream, outputStream: OutputStream) -> None: ...
