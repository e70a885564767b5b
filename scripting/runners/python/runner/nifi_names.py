"""What scripts for NiFi import from `org.apache.nifi`."""

import enum


class InputStreamCallback:
    """`process(self, inputStream)`, for `session.read`."""


class OutputStreamCallback:
    """`process(self, outputStream)`, for `session.write` and `session.append`."""


class StreamCallback:
    """`process(self, inputStream, outputStream)`, for `session.write`."""


class Relationship(str):
    """A relationship: its name."""

    __slots__ = ()

    def getName(self):
        return str(self)


REL_SUCCESS = Relationship("success")
REL_FAILURE = Relationship("failure")


class Scope(enum.Enum):
    """Whose state it is: there is one node, so both are the same."""

    LOCAL = "LOCAL"
    CLUSTER = "CLUSTER"


class CoreAttributes(enum.Enum):
    """The attributes that nearly all flowfiles have."""

    FILENAME = "filename"
    PATH = "path"
    ABSOLUTE_PATH = "absolute.path"
    UUID = "uuid"
    PRIORITY = "priority"
    MIME_TYPE = "mime.type"
    DISCARD_REASON = "discard.reason"
    ALTERNATE_IDENTIFIER = "alternate.identifier"

    def key(self):
        return self.value


class ProvenanceReporter:
    """Takes what NiFi's takes. The engine records by itself what becomes of flowfiles."""

    def _nothing(self, *arguments, **named):
        return None

    associate = clone = create = drop = expire = fetch = fork = invokeRemoteProcess = _nothing
    join = modifyAttributes = modifyContent = receive = route = send = upload = _nothing
