"""Frames beside their neighbours."""

from __future__ import annotations

from typing import Any

import numpy as np

from ... import _native
from .._arguments import (
    Array,
    axis_of,
    channels,
    count,
    fits,
    like,
    matrix,
    real,
    refuse,
    refuse_more,
    text,
)
from ..util.exceptions import ParameterError

__all__ = ["delta", "stack_memory"]


def delta(
    data: Array,
    *,
    width: int = 9,
    order: int = 1,
    axis: int = -1,
    mode: str = "interp",
    **kwargs: Any,
) -> Array:
    """Derivatives along an axis, by polynomials over `width` values."""
    if kwargs:
        raise refuse(", ".join(sorted(kwargs)), "leave it out")
    data = matrix(np.atleast_1d(data), "data", 1)
    axis, size = axis_of(data, axis), count("width", width)
    degree, how = count("order", order), text("mode", mode)
    turned = np.moveaxis(data, axis, -1)
    flat = turned[np.newaxis] if turned.ndim == 1 else turned
    made = channels(lambda d: _native.delta(real(d), size, degree, how), flat, 2)
    return np.moveaxis(like(made.reshape(turned.shape), data), -1, axis)


def stack_memory(data: Array, *, n_steps: int = 2, delay: int = 1, **kwargs: Any) -> Array:
    """Each frame together with some before it, or after it where `delay` is negative."""
    mode = text("mode", kwargs.pop("mode", "constant"))
    if "constant_values" in kwargs and np.any(kwargs.pop("constant_values")):
        raise refuse("constant_values beside 0", "leave them out")
    refuse_more("stack_memory", kwargs)
    data, steps = matrix(np.atleast_2d(data), "data"), count("n_steps", n_steps)
    if not isinstance(delay, (int, np.integer)) or delay == 0 or abs(delay) > 2**31:
        raise ParameterError(f"delay is {delay!r}, but must be a whole number that is not 0")
    apart = int(delay)
    fits("the frames", steps * data.shape[-2], data.shape[-1])
    made = channels(lambda d: _native.stack_memory(real(d), steps, apart, mode), data, 2)
    return like(made, data)
