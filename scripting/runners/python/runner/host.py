"""The host's calls. Its refusals are Python's exceptions from here on, with clear words."""

from componentize_py_types import Err
from wit_world.imports import session, types

from . import errors

DEBUG, INFO = types.Level.DEBUG, types.Level.INFO
WARNING, ERROR = types.Level.WARNING, types.Level.ERROR

_REFUSALS = {
    types.Refusal_UnknownRelationship: (
        errors.UnknownRelationship,
        "the processor has no relationship {!r}",
    ),
    types.Refusal_Limit: (errors.LimitExceeded, "a limit is reached: {}"),
    types.Refusal_Invalid: (errors.InvalidCall, "{}"),
    types.Refusal_Denied: (errors.Denied, "the flow does not allow it: {}"),
    types.Refusal_Unreadable: (errors.Unreadable, "it cannot be decoded: {}"),
    types.Refusal_Io: (errors.StorageError, "the content's store failed: {}"),
}


def refused(refusal):
    """The exception that says what a refusal says."""
    kind, words = _REFUSALS[type(refusal)]
    return kind(words.format(refusal.value))


def call(function, *arguments):
    """Calls the host, or a handle's method."""
    try:
        return function(*arguments)
    except Err as error:
        refusal = error.value
    raise refused(refusal)


def release(handle):
    """Gives a handle back now and not when its object happens to be collected."""
    handle.__exit__(None, None, None)


def property_value(name, handle=None):
    return call(session.property, name, handle)


log = session.log
dynamic_properties = session.dynamic_properties
should_end = session.should_end
yield_processor = session.yield_processor
