"""What is told of an error: what, in which line of the script, how it came there, what to do."""

import traceback

from wit_world.imports import types

from . import errors, hints

#: What is told is cut to so many characters.
MESSAGE_MAX = 4096
#: So many calls of the script are told, the innermost ones.
FRAMES_MAX = 20
#: So many errors that led to another.
CAUSES_MAX = 5


def fault(error, name, source, line=None):
    """What the engine is told of an error in the script `name`."""
    try:
        lines = source.splitlines()
        frames = _frames(error, name)
        if isinstance(error, SyntaxError) and error.filename == name:
            line = error.lineno
        elif frames:
            line = frames[-1][1]
        else:
            line = _line_of_causes(error, name) or line
        if not (type(line) is int and 0 < line < 2**31):
            line = None  # Of an error that the script made up.
        return types.Fault(_message(error), line, _cut(_trace(error, name, lines)))
    except BaseException:  # It cannot be told, whatever the script has done to it.
        return types.Fault(_cut(type(error).__name__), None, "")


def failure(error, name, source, line=None):
    """The same of a session that failed, and whether to try it again."""
    told = fault(error, name, source, line)
    if isinstance(error, (errors.Retry, errors.RolledBack, errors.StorageError)):
        return types.Failure_Retry(told)
    return types.Failure_Fatal(told)


def _message(error):
    if isinstance(error, MemoryError):
        return "MemoryError: the script needs more memory than it may have"
    if isinstance(error, (errors.Retry, errors.RolledBack)):
        return _cut(str(error)) or "the script asks to be tried again"
    if isinstance(error, SystemExit):
        return (
            f"the script called exit({error.code!r}): it ends by itself, with its last line, or "
            "by `return` in a function; what went wrong is told by `raise`"
        )
    if isinstance(error, SyntaxError) and error.msg:
        told = f"{type(error).__name__}: {error.msg}"
    else:
        # Of Python: "NameError: name 'x' is not defined. Did you mean: 'y'?"
        told = "".join(traceback.TracebackException.from_exception(error).format_exception_only())
        told = told.strip()
        for ours in ("runner.errors.", "runner."):
            told = told.removeprefix(ours)
    hint = hints.hint(error, told)
    return _cut(f"{told} ({hint})" if hint else told)


def _frames(error, name):
    """Those of the script: (function, line)."""
    found = []
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        if code.co_filename == name:
            found.append((code.co_name, trace.tb_lineno))
        trace = trace.tb_next
    return found


def _line_of_causes(error, name):
    for cause in _causes(error):
        if frames := _frames(cause, name):
            return frames[-1][1]
    return None


def _causes(error):
    found = []
    while len(found) < CAUSES_MAX:
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        if error is None or error in found:
            break
        found.append(error)
    return found


def _trace(error, name, lines):
    told = _calls(error, name, lines)
    for cause in _causes(error):
        told.append(f"caused by {_message(cause)}")
        told += _calls(cause, name, lines)
    return "\n".join(told)


def _calls(error, name, lines):
    frames = _frames(error, name)
    told = [_call(function, line, lines) for function, line in frames[-FRAMES_MAX:]]
    if len(frames) > FRAMES_MAX:
        told.insert(0, f"… {len(frames) - FRAMES_MAX} more calls")
    if isinstance(error, SyntaxError) and error.filename == name and error.lineno:
        told.append(_call("<module>", error.lineno, lines))
    return told


def _call(function, line, lines):
    text = lines[line - 1].strip() if 0 < line <= len(lines) else ""
    where = "" if function == "<module>" else f", in {function}"
    return f"line {line}{where}: {text}"


def _cut(text):
    # What is no UTF-8, such as half of a pair of surrogates, cannot be told.
    text = text.encode("utf-8", "backslashreplace").decode()
    return text if len(text) <= MESSAGE_MAX else text[:MESSAGE_MAX] + "…"
