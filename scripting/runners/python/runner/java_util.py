"""The little of `java.util` that scripts for NiFi call."""

import base64
import enum
import re
import uuid

from .java_map import JavaMap


class ArrayList(list):
    """Python's list with the methods of Java's."""

    def add(self, value):
        self.append(value)
        return True

    def addAll(self, values):
        self.extend(values)
        return True

    def contains(self, value):
        return value in self

    def get(self, index):
        return self[index]

    def isEmpty(self):
        return not self

    def size(self):
        return len(self)


class HashSet(set):
    """Python's set with the methods of Java's."""

    def contains(self, value):
        return value in self

    def addAll(self, values):
        self.update(values)

    def isEmpty(self):
        return not self

    def size(self):
        return len(self)


class Arrays:
    @staticmethod
    def asList(*values):
        return ArrayList(values[0] if len(values) == 1 and isinstance(values[0], list) else values)


class Collections:
    emptyList, emptyMap, emptySet = ArrayList, JavaMap, HashSet

    @staticmethod
    def singletonList(value):
        return ArrayList([value])

    @staticmethod
    def singletonMap(name, value):
        return JavaMap({name: value})


class UUID:
    @staticmethod
    def randomUUID():
        return uuid.uuid4()

    @staticmethod
    def fromString(text):
        return uuid.UUID(text)


class Base64:
    class _Coder:
        def encode(self, data):
            return base64.b64encode(bytes(data))

        def encodeToString(self, data):
            return base64.b64encode(bytes(data)).decode()

        def decode(self, data):
            return base64.b64decode(data)

    @classmethod
    def getEncoder(cls):
        return cls._Coder()

    getDecoder = getEncoder


class TimeUnit(enum.Enum):
    """How long its one is, in seconds."""

    NANOSECONDS = 1e-9
    MICROSECONDS = 1e-6
    MILLISECONDS = 1e-3
    SECONDS = 1.0
    MINUTES = 60.0
    HOURS = 3600.0
    DAYS = 86400.0

    @property
    def seconds(self):
        return self.value


class Pattern:
    """Patterns are Python's: for Java's `.matcher(text)` there are `.fullmatch` and `.search`."""

    CASE_INSENSITIVE, MULTILINE, DOTALL = re.I, re.M, re.S

    @staticmethod
    def compile(pattern, flags=0):
        return re.compile(pattern, flags)

    @staticmethod
    def matches(pattern, text):
        return re.fullmatch(pattern, text) is not None

    @staticmethod
    def quote(text):
        return re.escape(text)


JAVA_UTIL = {
    "ArrayList": ArrayList,
    "Arrays": Arrays,
    "Base64": Base64,
    "Collections": Collections,
    "HashMap": JavaMap,
    "HashSet": HashSet,
    "LinkedHashMap": JavaMap,
    "LinkedList": ArrayList,
    "List": list,
    "Map": dict,
    "Set": set,
    "TreeMap": JavaMap,
    "UUID": UUID,
}
JAVA_UTIL_CONCURRENT = {"TimeUnit": TimeUnit}
JAVA_UTIL_REGEX = {"Pattern": Pattern}
