"""Values: their norms, peaks and masks, and whether they are what is wanted."""

from __future__ import annotations

from typing import Any

import numpy as np

from ... import _native
from .._arguments import (
    Array,
    along,
    audio,
    channels,
    double,
    like,
    matrix,
    number,
    real,
    refuse,
    refuse_more,
    rounded,
    single,
    text,
)
from .exceptions import ParameterError

__all__ = [
    "abs2",
    "buf_to_float",
    "dtype_c2r",
    "dtype_r2c",
    "is_positive_int",
    "localmax",
    "localmin",
    "nnls",
    "normalize",
    "peak_pick",
    "phasor",
    "softmask",
    "tiny",
    "valid_audio",
    "valid_int",
    "valid_intervals",
]


def valid_audio(y: Any) -> bool:
    """That `y` is a signal: floating-point, at least one dimension, finite everywhere."""
    if not np.isfinite(audio(y)).all():
        raise ParameterError("y has values that are not finite")
    return True


def valid_int(x: Any, *, cast: Any = None) -> int:
    """A whole number of a real one, by default the next below."""
    cast = np.floor if cast is None else cast
    if not callable(cast):
        raise ParameterError("cast must be a function")
    try:
        return int(cast(x))
    except (OverflowError, TypeError, ValueError):
        raise ParameterError(f"x is {x!r}, but must be a number that is finite") from None


def is_positive_int(x: Any) -> bool:
    """Whether `x` is a whole number above 0."""
    return isinstance(x, (int, np.integer)) and bool(x > 0)


def valid_intervals(intervals: Any) -> bool:
    """That there are two columns, of which the second is not less."""
    intervals = np.asarray(intervals)
    if intervals.ndim != 2 or intervals.shape[-1] != 2:
        raise ParameterError(f"intervals have the shape {intervals.shape}, but must have (n, 2)")
    if np.any(intervals[:, 0] > intervals[:, 1]):
        raise ParameterError("an interval ends before it begins")
    return True


def tiny(x: Any) -> Any:
    """The least normal number of an array's precision."""
    kind = np.asarray(x).dtype
    real_or_complex = np.issubdtype(kind, np.inexact)
    return np.finfo(kind if real_or_complex else np.float32).tiny


def dtype_r2c(d: Any, *, default: Any = np.complex64) -> Any:
    """The complex dtype of a real one."""
    kind = np.dtype(d)
    if kind.kind == "c":
        return kind
    return np.dtype({"f4": np.complex64, "f8": np.complex128}.get(kind.str[1:], default))


def dtype_c2r(d: Any, *, default: Any = np.float32) -> Any:
    """The real dtype of a complex one."""
    kind = np.dtype(d)
    if kind.kind == "f":
        return kind
    return np.dtype({"c8": np.float32, "c16": np.float64}.get(kind.str[1:], default))


def abs2(x: Any, dtype: Any = None) -> Any:
    """The square of magnitudes."""
    if np.iscomplexobj(x):
        x = np.asarray(x)
        return (x.real**2 + x.imag**2).astype(dtype or dtype_c2r(x.dtype), copy=False)[()]
    return np.square(x, dtype=dtype)


def phasor(angles: Any, *, mag: Any = None) -> Any:
    """Complex numbers of angles, and of magnitudes where those are not 1."""
    angles = np.asarray(angles)
    made = (np.cos(angles) + 1j * np.sin(angles)).astype(dtype_r2c(angles.dtype))
    return (made if mag is None else made * mag)[()]


def buf_to_float(x: Any, *, n_bytes: int = 2, dtype: Any = np.float32) -> Array:
    """Samples of the bytes of whole numbers."""
    if n_bytes not in (1, 2, 4):
        raise ParameterError(f"n_bytes is {n_bytes!r}, but must be 1, 2 or 4")
    scale = 1.0 / float(1 << (8 * n_bytes - 1))
    return scale * np.frombuffer(x, f"<i{n_bytes}").astype(dtype)


def normalize(
    S: Any,
    *,
    norm: float | None = np.inf,
    axis: int | None = 0,
    threshold: float | None = None,
    fill: bool | None = None,
) -> Array:
    """An array with each row, column or all of it divided by its norm."""
    s = np.asarray(S)
    least = tiny(s) if threshold is None else threshold
    if not least > 0:
        raise ParameterError(f"threshold is {threshold!r}, but must be above 0")
    if fill not in (None, False, True):
        raise ParameterError(f"fill is {fill!r}, but must be None, True or False")
    if not np.issubdtype(s.dtype, np.number) or not np.all(np.isfinite(s)):
        raise ParameterError("S must be of numbers that are finite")
    if norm is None:
        return s
    magnitude = np.abs(s).astype(float)
    if norm in (np.inf, -np.inf):
        extreme = np.max if norm > 0 else np.min
        length, filler = extreme(magnitude, axis=axis, keepdims=True), 1.0
    elif norm == 0:
        if fill:
            raise ParameterError("fill=True has no meaning where norm=0")
        length, filler = np.sum(magnitude > 0, axis=axis, keepdims=True, dtype=float), 1.0
    elif isinstance(norm, (int, float, np.number)) and norm > 0:
        length = np.sum(magnitude**norm, axis=axis, keepdims=True) ** (1.0 / norm)
        size = magnitude.size if axis is None else magnitude.shape[axis]
        filler = max(size, 1) ** (-1.0 / norm)
    else:
        raise ParameterError(f"norm is {norm!r}, but must be None, 0, above 0 or infinite")
    small = np.broadcast_to(length < least, s.shape)
    made = (s / np.where(length < least, 1.0, length)).astype(s.dtype)
    if fill is not None:
        made[small] = filler if fill else 0
    return made


def localmax(x: Any, *, axis: int = 0) -> Array:
    """Where values are above the one before and not below the one after."""
    return along(lambda x: _native.localmax(double(x)), matrix(x, "x", 1), axis)


def localmin(x: Any, *, axis: int = 0) -> Array:
    """Where values are below the one before and not above the one after."""
    return along(lambda x: _native.localmin(double(x)), matrix(x, "x", 1), axis)


def peak_pick(
    x: Any,
    *,
    pre_max: float,
    post_max: float,
    pre_avg: float,
    post_avg: float,
    delta: float,
    wait: float,
    sparse: bool = True,
    method: str = "greedy",
    axis: int = -1,
) -> Array:
    """The frames at which a curve has a peak; without `sparse` whether each frame is one."""
    x = matrix(x, "x", 1)
    if sparse and x.ndim != 1:
        raise ParameterError(f"x has {x.ndim} dimensions, but with sparse=True must have 1")
    peak = (
        rounded("pre_max", pre_max),
        rounded("post_max", post_max, 1),
        rounded("pre_avg", pre_avg),
        rounded("post_avg", post_avg, 1),
        number("delta", delta),
        rounded("wait", wait),
        text("method", method),
    )
    if sparse:
        return _native.peak_pick(single(x), peak)

    def dense(x: Array) -> Array:
        is_peak = np.zeros(x.shape, dtype=bool)
        is_peak[_native.peak_pick(single(x), peak)] = True
        return is_peak

    return along(dense, x, axis)


def softmask(X: Any, X_ref: Any, *, power: float = 1, split_zeros: bool = False) -> Array:
    """Which share of both each value of `X` is."""
    x, ref = matrix(X, "X", 0), matrix(X_ref, "X_ref", 0)
    if x.shape != ref.shape:
        raise ParameterError(f"X has the shape {x.shape}, and X_ref {ref.shape}")
    flat = x.shape if x.ndim == 2 else (1, -1)
    made = _native.softmask(
        real(x).reshape(flat), real(ref).reshape(flat), float(power), bool(split_zeros)
    ).reshape(x.shape)
    return made > 0.5 if np.isinf(power) else like(made, x)


def nnls(A: Any, B: Any, **kwargs: Any) -> Array:
    """The `x` without negative values for which `A` times `x` is nearest to `B`."""
    refuse_more("nnls", kwargs)
    a, b = matrix(A, "A"), matrix(B, "B", 1)
    if a.ndim != 2:
        raise refuse(f"A of {a.ndim} dimensions", "solve one matrix after the other")
    if b.ndim == 1:
        return _native.nnls(real(a), real(b[:, None]))[:, 0].astype(np.float64)
    return like(channels(lambda b: _native.nnls(real(a), real(b)), b, 2), a, b)
