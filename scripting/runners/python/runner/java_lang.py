"""The little of `java.lang` that scripts for NiFi call."""

import builtins
import math
import sys
import time


class System:
    """The clock, and the log as the standard output."""

    class _Out:
        def __init__(self, stream):
            self._stream = stream

        def println(self, value=""):
            print(value, file=getattr(sys, self._stream))

        def print(self, value):
            print(value, end="", file=getattr(sys, self._stream))

    out, err = _Out("stdout"), _Out("stderr")

    @staticmethod
    def currentTimeMillis():
        return int(time.time() * 1000)

    @staticmethod
    def nanoTime():
        return time.monotonic_ns()

    @staticmethod
    def lineSeparator():
        return "\n"

    @staticmethod
    def getenv(name=None):
        """A script has no environment."""
        return {} if name is None else None

    @staticmethod
    def getProperty(name, default=None):
        return default

    @staticmethod
    def exit(code=0):
        sys.exit(code)


class String(str):
    """Python's text."""

    def __new__(cls, value="", charset="utf-8"):
        if isinstance(value, (bytes, bytearray)):
            return str.__new__(cls, bytes(value).decode(str(charset)))
        return str.__new__(cls, value)

    def getBytes(self, charset="utf-8"):
        return self.encode(str(charset))

    def equals(self, other):
        return self == other

    def length(self):
        return len(self)

    @staticmethod
    def valueOf(value):
        return str(value)


class _Whole(int):
    """A number of Java's; here it has no end."""

    MAX_VALUE = MIN_VALUE = 0

    @classmethod
    def _parse(cls, text, radix=10):
        return int(text, radix)

    @classmethod
    def valueOf(cls, value):
        return int(value)

    def intValue(self):
        return int(self)

    longValue = intValue


class Integer(_Whole):
    MAX_VALUE, MIN_VALUE = 2**31 - 1, -(2**31)
    parseInt = _Whole._parse

    @staticmethod
    def toString(value):
        return str(value)


class Long(_Whole):
    MAX_VALUE, MIN_VALUE = 2**63 - 1, -(2**63)
    parseLong = _Whole._parse

    @staticmethod
    def toString(value):
        return str(value)


class Double(float):
    """Python's float."""

    @staticmethod
    def parseDouble(text):
        return float(text)

    parseFloat = valueOf = parseDouble

    @staticmethod
    def isNaN(value):
        return math.isnan(value)


class Boolean:
    TRUE, FALSE = True, False

    @staticmethod
    def parseBoolean(text):
        return str(text).lower() == "true"

    valueOf = parseBoolean


class Math:
    PI, E = math.pi, math.e
    abs, max, min, pow = abs, max, min, pow
    sqrt, log, log10, exp = math.sqrt, math.log, math.log10, math.exp
    sin, cos, tan, atan2 = math.sin, math.cos, math.tan, math.atan2
    floor, ceil = math.floor, math.ceil

    @staticmethod
    def round(value):
        """Halves go up, as in Java."""
        return math.floor(value + 0.5)


class StringBuilder:
    """A text in parts."""

    def __init__(self, text=""):
        self._parts = [str(text)] if not isinstance(text, int) else []

    def append(self, value):
        self._parts.append(str(value))
        return self

    def toString(self):
        return "".join(self._parts)

    __str__ = toString

    def length(self):
        return len(self.toString())

    __len__ = length


def _error(name):
    made = type(name, (builtins.Exception,), {})
    made.getMessage = lambda self: str(self)
    return made


JAVA_LANG = {
    "Boolean": Boolean,
    "Double": Double,
    "Exception": builtins.Exception,
    "Float": Double,
    "IllegalArgumentException": _error("IllegalArgumentException"),
    "IllegalStateException": _error("IllegalStateException"),
    "Integer": Integer,
    "Long": Long,
    "Math": Math,
    "Object": object,
    "RuntimeException": _error("RuntimeException"),
    "String": String,
    "StringBuffer": StringBuilder,
    "StringBuilder": StringBuilder,
    "System": System,
    "Throwable": builtins.Exception,
}
