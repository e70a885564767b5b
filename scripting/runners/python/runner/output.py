"""What a script says: `log`, `print`, the standard error and Python's `logging`, to one log."""

import io
import logging
import re
import sys
import traceback

from . import host
from .missing import no_such

#: A line that is longer is told in parts; one that does not end is not held for longer.
LINE_MAX = 8192


class Printed(io.TextIOBase):
    """`sys.stdout` and `sys.stderr`: a message for each line."""

    def __init__(self, level):
        self._level, self._part = level, ""

    def writable(self):
        return True

    def write(self, text):
        *lines, self._part = (self._part + text).split("\n")
        for line in lines:
            self._tell(line)
        if len(self._part) > LINE_MAX:
            self.finish()
        return len(text)

    def finish(self):
        """Tells a line that has not ended."""
        part, self._part = self._part, ""
        if part:
            self._tell(part)

    def _tell(self, line):
        for start in range(0, len(line) or 1, LINE_MAX):
            host.log(self._level, line[start : start + LINE_MAX])


class ComponentLog:
    """NiFi's `log`: `log.info("{} of {}", 1, 2)`; an exception at the end is told after it."""

    def _tell(self, level, message, arguments):
        if len(arguments) == 1 and isinstance(arguments[0], (list, tuple)):
            arguments = tuple(arguments[0])
        rest = list(arguments)
        text = re.sub(r"\{\}", lambda found: str(rest.pop(0)) if rest else "{}", str(message))
        for more in rest:
            if isinstance(more, BaseException):
                text += ": " + "".join(traceback.format_exception_only(more)).strip()
            else:
                text += f" {more}"
        host.log(level, text)

    def debug(self, message, *arguments):
        self._tell(host.DEBUG, message, arguments)

    trace = debug

    def info(self, message, *arguments):
        self._tell(host.INFO, message, arguments)

    def warn(self, message, *arguments):
        self._tell(host.WARNING, message, arguments)

    warning = warn

    def error(self, message, *arguments):
        self._tell(host.ERROR, message, arguments)

    def _enabled(self):
        return True

    isTraceEnabled = isDebugEnabled = isInfoEnabled = isWarnEnabled = isErrorEnabled = _enabled

    def __getattr__(self, name):
        raise no_such("log", self, name)


class Handler(logging.Handler):
    """Python's own logging."""

    def emit(self, record):
        levels = ((40, host.ERROR), (30, host.WARNING), (20, host.INFO), (0, host.DEBUG))
        level = next(level for least, level in levels if record.levelno >= least)
        host.log(level, self.format(record))


def redirect():
    """Lets everything that is said go to the log."""
    sys.stdout, sys.stderr = Printed(host.INFO), Printed(host.WARNING)
    root = logging.getLogger()
    root.handlers[:] = [Handler()]
    root.setLevel(logging.INFO)


def finish():
    """Tells what was printed and has no end of line."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, Printed):
            stream.finish()
