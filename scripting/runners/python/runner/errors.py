"""What a script can catch: what the host refused, and what it was asked wrongly."""


class ProcessException(Exception):
    """What NiFi calls all that goes wrong in a processor."""


class FlowFileHandlingException(ProcessException):
    """A flowfile was used after its end, or not brought to one."""


class SessionError(ProcessException):
    """The engine refused a call. What it was to change is as it was."""


class UnknownRelationship(SessionError, LookupError):
    """The processor has no relationship of that name."""


class LimitExceeded(SessionError):
    """More than a script may use."""


class InvalidCall(SessionError, ValueError):
    """What was asked for is not there, or cannot be done with it."""


class Denied(SessionError):
    """The flow does not grant it."""


class Unreadable(SessionError, RuntimeError):
    """It cannot be decoded."""


class StorageError(SessionError, OSError):
    """The disk or the store behind the content. It may pass: uncaught, it is tried again."""


class Retry(Exception):
    """Raised by a script: undo all that this call did, and try again later."""


class RolledBack(BaseException):
    """`session.rollback()`: ends the call from wherever the script is, past its `except`s."""
