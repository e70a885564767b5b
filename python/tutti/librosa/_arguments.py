"""What every function does with its arguments: checks them by name, and takes channels apart.

Knows librosa's conventions; what is computed is for the library below to know.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np

from .._native import ParameterError

Array: TypeAlias = np.ndarray
#: `n_fft, hop_length, win_length, window, center, pad_mode`.
Frames: TypeAlias = tuple[int, "int | None", "int | None", Any, bool, str]

#: No length, and no number of anything, is greater: such a one is a mistake.
COUNT_MAX = 2**28
#: No matrix that is made of two numbers alone has more values.
VALUES_MAX = 2**28
#: No matrix that is made of a signal has more values for each sample, where it has that many.
VALUES_A_SAMPLE_MAX = 64
#: No sample rate is higher, in Hz.
RATE_MAX = 1e7
#: Windows that are none without their parameter.
PARAMETRIC = ("kaiser", "gaussian")


def count(name: str, value: Any, least: int = 1) -> int:
    """A whole number that is at least `least`."""
    try:
        whole = operator.index(value)
    except TypeError:
        raise ParameterError(f"{name} is {value!r}, but must be a whole number") from None
    if isinstance(value, (bool, np.bool_)) or not least <= whole <= COUNT_MAX:
        raise ParameterError(f"{name} is {value!r}, but must be from {least} to {COUNT_MAX}")
    return whole


def count_or_none(name: str, value: Any, least: int = 1) -> int | None:
    """The same, where there may be none."""
    return None if value is None else count(name, value, least)


def rounded(name: str, value: Any, least: int = 0) -> int:
    """A whole number, rounded up where it has a fraction."""
    return count(name, int(np.ceil(number(name, value))), least)


def number(name: str, value: Any) -> float:
    """A number that is finite."""
    try:
        found = float(value)
    except (TypeError, ValueError, OverflowError):
        raise ParameterError(f"{name} is {value!r}, but must be a number") from None
    if not np.isfinite(found):
        raise ParameterError(f"{name} is {value!r}, but must be finite")
    return found


def number_or_none(name: str, value: Any) -> float | None:
    """The same, where there may be none."""
    return None if value is None else number(name, value)


def norm_or_none(value: Any) -> float | None:
    """A norm: a number that may be infinite."""
    if value is None:
        return None
    try:
        found = float(value)
    except (TypeError, ValueError):
        raise ParameterError(f"norm is {value!r}, but must be a number or None") from None
    if np.isnan(found):
        raise ParameterError("norm is not a number")
    return found


def text(name: str, value: Any) -> str:
    """A word."""
    if not isinstance(value, str):
        raise ParameterError(f"{name} is {value!r}, but must be a str")
    return value


def refuse(name: str, instead: str) -> NotImplementedError:
    """That there is no such thing here, and what to do instead."""
    return NotImplementedError(f"tutti.librosa has no {name}; {instead}")


def refuse_more(function: str, more: dict[str, Any]) -> None:
    """Refuses keyword arguments that nobody takes."""
    if more:
        names = ", ".join(sorted(more))
        raise TypeError(f"{function}() takes no {names}")


def audio(y: Any, name: str = "y") -> Array:
    """Samples as librosa's `util.valid_audio` wants them, whose channels come first.

    That they are finite is looked at where they are worked on.
    """
    if not isinstance(y, np.ndarray):
        raise ParameterError(f"{name} must be a numpy.ndarray, not {type(y).__name__}")
    if not np.issubdtype(y.dtype, np.floating):
        raise ParameterError(f"{name} must have a floating-point dtype, not {y.dtype}")
    if y.ndim == 0:
        raise ParameterError(f"{name} has no dimension, but must have at least one")
    if y.dtype != np.float32 and np.any(np.abs(y) > np.finfo(np.float32).max):
        raise ParameterError(f"{name} has values that are too great for single precision")
    return y


def matrix(s: Any, name: str = "S", dimensions: int = 2) -> Array:
    """Real numbers in at least so many dimensions."""
    s = np.asarray(s)
    if not (np.issubdtype(s.dtype, np.floating) or np.issubdtype(s.dtype, np.integer)):
        if s.dtype != np.bool_:
            raise ParameterError(f"{name} must be of real numbers, not {s.dtype}")
        s = s.astype(np.float32)
    if s.ndim < dimensions:
        raise ParameterError(f"{name} has {s.ndim} dimensions, but needs at least {dimensions}")
    return s


def bins(s: Any, name: str) -> Array:
    """Complex numbers in at least two dimensions."""
    s = np.asarray(s)
    if not np.issubdtype(s.dtype, np.number):
        raise ParameterError(f"{name} must be of complex numbers, not {s.dtype}")
    if s.ndim < 2:
        raise ParameterError(f"{name} has {s.ndim} dimensions, but needs at least 2")
    return s


def single(values: Array) -> Array:
    """One channel's samples where the library can read them: where they lie, if they can be."""
    return np.ascontiguousarray(values, dtype=np.float32)


def real(values: Array) -> Array:
    """A channel's matrix in single precision, in whatever order."""
    return np.asarray(values, dtype=np.float32)


def complexes(values: Array) -> Array:
    """A channel's bins in single precision, in whatever order."""
    return np.asarray(values, dtype=np.complex64)


def double(values: Any, name: str = "the values") -> Array:
    """Numbers in double precision, one after the other."""
    try:
        values = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise ParameterError(f"{name} must be real numbers") from None
    return np.ascontiguousarray(values.reshape(-1))


def like(made: Array, *inputs: Array) -> Array:
    """`made` in the precision of its inputs; it was computed from single precision."""
    if any(each.dtype == np.float64 or each.dtype == np.complex128 for each in inputs):
        wide = np.complex128 if np.iscomplexobj(made) else np.float64
        return made.astype(wide)
    return made


def channels(work: Callable[[Array], Any], array: Array, own: int) -> Any:
    """`work` of each channel, which has the last `own` dimensions of the array."""
    lead = array.shape[: array.ndim - own]
    if not lead:
        return work(array)
    made = [work(each) for each in array.reshape((-1, *array.shape[array.ndim - own :]))]
    if not made:
        raise ParameterError(f"there is no channel in an array of the shape {array.shape}")

    def joined(parts: list[Array]) -> Array:
        return np.stack(parts).reshape(lead + np.shape(parts[0]))

    if isinstance(made[0], tuple):
        return tuple(joined(list(parts)) for parts in zip(*made))
    return joined(made)


def along(work: Callable[[Array], Any], array: Array, axis: int, own: int = 1) -> Any:
    """`work` of each channel, with `axis` as its last dimension, which then goes back."""
    axis = axis_of(array, axis)
    made = channels(work, np.moveaxis(array, axis, -1), own)
    return np.moveaxis(made, -1, axis)


def axis_of(array: Array, axis: Any) -> int:
    """An axis that there is, counted from the first."""
    try:
        found = operator.index(axis)
    except TypeError:
        raise ParameterError(f"axis is {axis!r}, but must be a whole number") from None
    if not -array.ndim <= found < array.ndim:
        raise ParameterError(f"axis is {found}, but there are {array.ndim} dimensions")
    return found % array.ndim


def window_of(window: Any, length: int | None) -> Any:
    """A window as the library takes it: its name and parameter, or its values."""
    if isinstance(window, str):
        if window in PARAMETRIC:
            raise ParameterError(f'window is "{window}", but must be ("{window}", parameter)')
        return (window, 0.5 if window == "tukey" else 0.0)
    if isinstance(window, tuple) and len(window) == 2 and isinstance(window[0], str):
        return (window[0], number("the window's parameter", window[1]))
    if np.isscalar(window):
        return ("kaiser", number("window", window))
    if callable(window):
        if length is None:
            raise ParameterError("window is a function, but its length is not known")
        window = window(length)
    values = np.asarray(window)
    if values.ndim != 1 or not np.issubdtype(values.dtype, np.number):
        raise ParameterError(f"window is {window!r}, but must be a name, a tuple or values")
    if np.iscomplexobj(values):
        raise ParameterError("window has complex values")
    return double(values).tolist()


def frames(
    n_fft: Any,
    hop_length: Any,
    win_length: Any,
    window: Any = "hann",
    center: Any = True,
    pad_mode: Any = "constant",
) -> Frames:
    """How frames are made."""
    n_fft = count("n_fft", n_fft)
    hop_length = count_or_none("hop_length", hop_length)
    win_length = count_or_none("win_length", win_length)
    if callable(pad_mode):
        raise refuse("pad_mode that is a function", "name one of numpy.pad's modes")
    window = window_of(window, win_length or n_fft)
    return (n_fft, hop_length, win_length, window, bool(center), text("pad_mode", pad_mode))


def hop_of(options: Frames) -> int:
    """The samples from one frame to the next."""
    n_fft, hop_length, win_length = options[:3]
    return hop_length or max(1, (win_length or n_fft) // 4)


def seconds(name: str, value: Any) -> float:
    """A time that is not before the beginning."""
    found = number(name, value)
    if found < 0:
        raise ParameterError(f"{name} is {value!r}, but must not be negative")
    return found


def rate(name: str, value: Any) -> float:
    """A sample rate, in Hz."""
    found = number(name, value)
    if not 0 < found <= RATE_MAX:
        raise ParameterError(f"{name} is {value!r}, but must be above 0, and at most {RATE_MAX:g}")
    return found


def fits(what: str, rows: int, columns: int) -> None:
    """Refuses a matrix that memory cannot hold."""
    if rows * columns > VALUES_MAX:
        raise ParameterError(f"{what} would have {rows} times {columns} values: too many")


def fits_frames(what: str, rows: int, y: Array, hop_length: int) -> None:
    """Refuses so much of each frame of a signal that memory cannot hold it: a long signal may become
    a long matrix, but not a wide one.
    """
    samples = y.shape[-1]
    columns = 1 + samples // hop_length
    if rows * columns > max(VALUES_MAX, VALUES_A_SAMPLE_MAX * samples):
        raise ParameterError(f"{what} would have {rows} times {columns} values: too many")


def only_soxr_hq(res_type: Any) -> None:
    """Refuses other resamplers."""
    if res_type != "soxr_hq":
        raise refuse(f"res_type={res_type!r}", 'leave it at "soxr_hq"')


def reduced(aggregate: Any, names: dict[Any, str]) -> str | None:
    """The name of a reduction that the library has; none of another function."""
    for function, name in names.items():
        if aggregate is function:
            return name
    return None
