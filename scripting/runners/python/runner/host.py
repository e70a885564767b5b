"""The host's calls. Its refusals are Python's exceptions from here on, with clear words."""

from componentize_py_types import Err
from wit_world.imports import session, types

from . import errors

DEBUG, INFO = types.Level.DEBUG, types.Level.INFO
WARNING, ERROR = types.Level.WARNING, types.Level.ERROR

_REFUSALS = {
    types.Refusal_UnknownRelationship: (errors.UnknownRelationship, "{}"),
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


#: Messages of a script that is being loaded: nobody hears them before there is a session.
HELD_MAX = 100
_held = None


def begin_loading():
    """From here on there is no session."""
    global _held
    _held = []


def begin_session():
    """There is one: what was said while the script was loaded is told in the first."""
    global _held
    held, _held = _held, None
    for level, message in held or ():
        session.log(level, message)


# A value that the contract cannot carry would end the instance: all are looked at before.


def text(value, what):
    """A text that can be told: halves of surrogate pairs are no characters."""
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            raise ValueError(
                f"{what} is {value!r:.60}, which has half of a surrogate pair and is no text; "
                "value.encode('utf-8', 'replace').decode() leaves such out"
            ) from None
    return value


def whole(value, what):
    """A whole number from 0 on that has 64 bits."""
    try:
        number = value.__index__()
    except AttributeError:
        raise TypeError(f"{what} is {value!r:.60}, but must be a whole number") from None
    if not 0 <= number < 2**63:
        raise ValueError(f"{what} is {number}, but must be from 0 to 2**63 - 1")
    return number


def log(level, message):
    if not message.isascii():
        message = message.encode("utf-8", "backslashreplace").decode()
    if _held is None:
        session.log(level, message)
    elif len(_held) < HELD_MAX:
        _held.append((level, message))


def call(function, *arguments):
    """Calls the host, or a handle's method."""
    if _held is not None:
        raise errors.InvalidCall(
            "there are no flowfiles, properties or state while the script is loaded: this line "
            "belongs into def process(flowfile):"
        )
    try:
        return function(*arguments)
    except Err as error:
        refusal = error.value
    raise refused(refusal)


def release(handle):
    """Gives a handle back now and not when its object happens to be collected."""
    handle.__exit__(None, None, None)


def property_value(name, handle=None):
    return call(session.property, text(name, "the name of a property"), handle)


dynamic_properties = session.dynamic_properties
should_end = session.should_end
yield_processor = session.yield_processor
