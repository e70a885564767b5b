"""The library that `tutti.librosa` calls, at the host: arrays go there and come back.

In the wheel for Python this module is compiled, with the same names.
"""

import numpy as np
from componentize_py_types import Err
from wit_world.imports import audio

from runner import host
from runner.errors import Unreadable
from runner.flowfile import FlowFile

#: What is raised of a recording that cannot be decoded.
DecodeError = Unreadable

_DTYPES = {
    np.dtype("<f4"): audio.Dtype.FLOAT32,
    np.dtype("<f8"): audio.Dtype.FLOAT64,
    np.dtype("<c8"): audio.Dtype.COMPLEX64,
    np.dtype("<i4"): audio.Dtype.INT32,
    np.dtype("<i8"): audio.Dtype.INT64,
    np.dtype("u1"): audio.Dtype.UINT8,
    np.dtype("?"): audio.Dtype.BOOLEAN,
}
_BACK = {told: dtype for dtype, told in _DTYPES.items()}
#: Dtypes that the library has not, as one that it has and that holds all their values.
_WIDER = {
    **dict.fromkeys(("i1", "i2", "u2"), "<i4"),
    **dict.fromkeys(("u4", "u8"), "<i8"),
    "f2": "<f4",
    "c16": "<c8",
}


if np.dtype(int).itemsize == 4:
    # The sandbox's addresses have 32 bits, and so has its default integer; the library's has 64.
    del _DTYPES[np.dtype("<i4")]
    _WIDER["i4"] = "<i8"


class LibrosaError(Exception):
    """librosa's own."""


class ParameterError(LibrosaError):
    """An argument is wrong."""


def _lower(value, into):
    """Puts a value into a list of the contract's, and its parts after it."""
    if value is None:
        into.append(audio.Value_None_())
    elif isinstance(value, (bool, np.bool_)):
        into.append(audio.Value_Boolean(bool(value)))
    elif isinstance(value, (int, np.integer)):
        if not -(2**63) <= value < 2**63:
            raise ParameterError(f"{value} is beyond the whole numbers that there are")
        into.append(audio.Value_Integer(int(value)))
    elif isinstance(value, (float, np.floating)):
        into.append(audio.Value_Number(float(value)))
    elif isinstance(value, str):
        into.append(audio.Value_Text(host.text(str(value), "an argument")))
    elif isinstance(value, np.ndarray):
        into.append(audio.Value_Array(_lower_array(value)))
    elif isinstance(value, (list, tuple)):
        into.append(audio.Value_Sequence(len(value)))
        for part in value:
            _lower(part, into)
    else:
        raise ParameterError(f"{type(value).__name__} is no value of the library")


def _lower_array(array):
    dtype = array.dtype.newbyteorder("<")
    if dtype not in _DTYPES:
        wider = _WIDER.get(array.dtype.str[1:])
        if wider is None:
            raise ParameterError(f"the library has no arrays of {array.dtype}")
        dtype = np.dtype(wider)
    array = array.astype(dtype, copy=False)
    is_fortran = array.flags.f_contiguous and not array.flags.c_contiguous
    order = audio.Order.FORTRAN if is_fortran else audio.Order.C
    return audio.Array(_DTYPES[dtype], list(array.shape), order, array.tobytes("A"))


def _lift_array(array):
    # Of a bytearray, so that the script may change it.
    flat = np.frombuffer(bytearray(array.data), _BACK[array.dtype])
    order = "F" if array.order == audio.Order.FORTRAN else "C"
    return flat.reshape(tuple(array.shape), order=order)


def _lift(values):
    value = next(values)
    if isinstance(value, audio.Value_None_):
        return None
    if isinstance(value, audio.Value_Array):
        return _lift_array(value.value)
    if isinstance(value, audio.Value_Sequence):
        return [_lift(values) for _ in range(value.value)]
    return value.value


def _ask(function, *arguments):
    """Calls the host; its problems are librosa's errors."""
    try:
        return function(*arguments)
    except Err as error:
        problem = error.value
    if isinstance(problem, audio.Problem_Parameter):
        raise ParameterError(problem.value)
    if isinstance(problem, audio.Problem_Missing):
        raise NotImplementedError(problem.value)
    raise host.refused(problem.value)


def __getattr__(name):
    """A function of the library: made when it is asked for first."""
    if name.startswith("_"):
        raise AttributeError(name)

    def function(*arguments):
        values = []
        for argument in arguments:
            _lower(argument, values)
        return _lift(iter(_ask(audio.call, name, values)))

    function.__name__ = function.__qualname__ = name
    globals()[name] = function
    return function


def load(recording, sr, mono, offset, duration):
    """Frames by channels, the rate, and what is damaged, which the host tells by itself."""
    if isinstance(recording, FlowFile):
        found = _ask(audio.load, recording._alive(), sr, mono, offset, duration)
    else:
        found = _ask(audio.load_bytes, recording, sr, mono, offset, duration)
    samples, rate = _lift_array(found[0]), found[1]
    frames = samples[:, None] if samples.ndim == 1 else samples.T
    return frames, int(rate) if rate == int(rate) else rate, None


def info(recording):
    """The rate of a recording; how long it is, is not known before it is decoded."""
    _, rate, _ = load(recording, None, False, 0.0, 0.0)
    return rate, None
