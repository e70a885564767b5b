"""Arrays brought into shape: frames, lengths, slices, order."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from ... import _native
from .._arguments import Array, axis_of, count, matrix, number, real, refuse
from .exceptions import ParameterError

__all__ = [
    "axis_sort",
    "count_unique",
    "cyclic_gradient",
    "expand_to",
    "fill_off_diagonal",
    "fix_frames",
    "fix_length",
    "frame",
    "index_to_slice",
    "is_unique",
    "pad_center",
    "shear",
    "stack",
    "sync",
]


def _array(data: Any, name: str, dimensions: int = 1) -> Array:
    data = np.asarray(data)
    if data.ndim < dimensions:
        raise ParameterError(f"{name} has {data.ndim} dimensions, but needs {dimensions}")
    return data


def frame(
    x: Array,
    *,
    frame_length: int,
    hop_length: int,
    axis: int = -1,
    writeable: bool = False,
    subok: bool = False,
) -> Array:
    """Overlapping frames of an array, as a view: no sample is copied."""
    x = _array(np.asanyarray(x) if subok else x, "x")
    at, size = axis_of(x, axis), count("frame_length", frame_length)
    hop = count("hop_length", hop_length)
    if x.shape[at] < size:
        raise ParameterError(f"x has {x.shape[at]} values, but a frame has {size}")
    framed = np.lib.stride_tricks.sliding_window_view(
        x, size, axis=at, subok=subok, writeable=writeable
    )
    every = [slice(None)] * framed.ndim
    every[at] = slice(None, None, hop)
    return np.moveaxis(framed[tuple(every)], -1, at if axis < 0 else at + 1)


def pad_center(data: Array, *, size: int, axis: int = -1, **kwargs: Any) -> Array:
    """An array in the middle of `size` values."""
    data = _array(data, "data")
    axis, size = axis_of(data, axis), count("size", size, 0)
    missing = size - data.shape[axis]
    if missing < 0:
        raise ParameterError(f"size is {size}, but there are {data.shape[axis]} values")
    widths = [(0, 0)] * data.ndim
    widths[axis] = (missing // 2, missing - missing // 2)
    return np.pad(data, widths, **{"mode": "constant", **kwargs})


def fix_length(data: Array, *, size: int, axis: int = -1, **kwargs: Any) -> Array:
    """The first `size` values, padded where there are less."""
    data = _array(data, "data")
    axis, size = axis_of(data, axis), count("size", size, 0)
    missing = size - data.shape[axis]
    if missing > 0:
        widths = [(0, 0)] * data.ndim
        widths[axis] = (0, missing)
        return np.pad(data, widths, **{"mode": "constant", **kwargs})
    first = [slice(None)] * data.ndim
    first[axis] = slice(0, size)
    return data[tuple(first)] if missing else data


def expand_to(x: Array, *, ndim: int, axes: Any) -> Array:
    """An array whose axes are put at some of `ndim` dimensions."""
    x = np.asarray(x)
    places = tuple(axes) if np.iterable(axes) else (axes,)
    if len(places) != x.ndim or ndim < x.ndim:
        raise ParameterError(f"x has {x.ndim} dimensions, but axes={axes} of ndim={ndim}")
    shape = [1] * ndim
    for place, size in zip(places, x.shape):
        shape[place] = size
    return x.reshape(shape)


def stack(arrays: Any, *, axis: int = 0) -> Array:
    """Arrays of one shape, one beside the other."""
    arrays = [np.asarray(each) for each in arrays]
    if len({each.shape for each in arrays}) != 1:
        raise ParameterError("arrays must be at least one, and have the same shape")
    return np.stack(arrays, axis=axis)


def _frames(frames: Any, name: str) -> Array:
    frames = np.asarray(frames)
    if frames.size == 0:
        return frames.astype(int)
    if not np.issubdtype(frames.dtype, np.number) or np.any(frames < 0):
        raise ParameterError(f"{name} must be numbers that are not negative")
    return frames


def fix_frames(
    frames: Any, *, x_min: int | None = 0, x_max: int | None = None, pad: bool = True
) -> Array:
    """Frames in order, none twice, from `x_min` to `x_max`, which are among them with `pad`."""
    frames = _frames(frames, "frames").reshape(-1)
    ends = [each for each in (x_min, x_max) if each is not None]
    if pad and ends:
        frames = np.concatenate((np.asarray(ends), np.clip(frames, x_min, x_max)))
    if x_min is not None:
        frames = frames[frames >= x_min]
    if x_max is not None:
        frames = frames[frames <= x_max]
    return np.unique(frames).astype(int)


def index_to_slice(
    idx: Any,
    *,
    idx_min: int | None = None,
    idx_max: int | None = None,
    step: int | None = None,
    pad: bool = True,
) -> list[slice]:
    """A slice from each boundary to the next."""
    fixed = fix_frames(idx, x_min=idx_min, x_max=idx_max, pad=pad)
    return [slice(start, end, step) for start, end in itertools.pairwise(fixed)]


def sync(data: Any, idx: Any, *, aggregate: Any = None, pad: bool = True, axis: int = -1) -> Array:
    """One value for the values from each boundary to the next."""
    data, how = _array(data, "data"), aggregate or np.mean
    axis, idx = axis_of(data, axis), list(idx)
    if all(isinstance(each, slice) for each in idx):
        slices = idx
    elif all(np.issubdtype(type(each), np.integer) for each in idx):
        slices = index_to_slice(np.asarray(idx), idx_min=0, idx_max=data.shape[axis], pad=pad)
    else:
        raise ParameterError(f"idx is {idx!r}, but must be of whole numbers or of slices")
    if not slices:
        raise ParameterError("idx leaves no segment")
    at: list[Any] = [slice(None)] * data.ndim
    made = []
    for each in slices:
        at[axis] = each
        made.append(how(data[tuple(at)], axis=axis))
    return np.stack(made, axis=axis).astype(data.dtype, copy=False)


def axis_sort(S: Array, *, axis: int = -1, index: bool = False, value: Any = None) -> Any:
    """Columns, or rows, in the order of where each is greatest."""
    s = _array(S, "S", 2)
    if s.ndim != 2:
        raise ParameterError(f"S has {s.ndim} dimensions, but must have 2")
    axis = axis_of(s, axis)
    if value is None:
        order = _native.axis_sort(real(matrix(s)), axis == 1)
    else:
        order = np.argsort(value(s, axis=1 - axis), kind="stable")
    made = s[:, order] if axis == 1 else s[order]
    return (made, order) if index else made


def shear(X: Array, *, factor: int = 1, axis: int = -1) -> Array:
    """Each column moved by `factor` places for each column before it, from end to beginning."""
    x = _array(X, "X", 2)
    if not np.issubdtype(type(factor), np.integer):
        raise ParameterError(f"factor is {factor!r}, but must be a whole number")
    if type(X).__module__.startswith("scipy.sparse"):
        raise refuse("sparse matrices", "hand in X.toarray()")
    turned = x.T if axis == 0 else x
    rows = np.arange(turned.shape[0])[:, None] - factor * np.arange(turned.shape[1])
    made = np.take_along_axis(turned, rows % max(1, turned.shape[0]), axis=0)
    return made.T if axis == 0 else made


def fill_off_diagonal(x: Array, *, radius: float, value: float = 0) -> None:
    """Sets what lies further from the diagonal of `x` than `radius`, in place."""
    if not isinstance(x, np.ndarray) or x.ndim != 2:
        raise ParameterError("x must be an array of 2 dimensions")
    x[_native.off_diagonal(*x.shape, number("radius", radius))] = value


def cyclic_gradient(data: Array, *, edge_order: int = 1, axis: int = -1) -> Array:
    """Half the difference of the values on both sides of each, in a circle."""
    data = _array(data, "data")
    if edge_order != 1:
        raise refuse(f"edge_order={edge_order!r}", "leave it at 1")
    axis = axis_of(data, axis)
    return (np.roll(data, -1, axis) - np.roll(data, 1, axis)) / 2


def count_unique(data: Array, *, axis: int = -1) -> Array:
    """How many different values there are along an axis."""
    data = _array(data, "data")
    ordered = np.sort(data, axis=axis_of(data, axis))
    return 1 + np.count_nonzero(np.diff(ordered, axis=axis), axis=axis)


def is_unique(data: Array, *, axis: int = -1) -> Array:
    """Whether all values along an axis differ."""
    return count_unique(data, axis=axis) == np.asarray(data).shape[axis]
