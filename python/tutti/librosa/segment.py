"""Frames that are like others, and the parts that they make."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from .. import _native
from ._arguments import (
    Array,
    axis_of,
    count,
    count_or_none,
    like,
    matrix,
    number,
    number_or_none,
    real,
    refuse,
    refuse_more,
    text,
    window_of,
)
from .util.exceptions import ParameterError

__all__ = [
    "agglomerative",
    "cross_similarity",
    "lag_to_recurrence",
    "path_enhance",
    "recurrence_matrix",
    "recurrence_to_lag",
    "subsegment",
    "timelag_filter",
]


def _frames(data: Any, name: str, axis: int = -1) -> Array:
    """A column for each frame, with all that it has."""
    data = matrix(np.atleast_2d(data), name)
    axis = axis_of(data, axis)
    turned = np.swapaxes(data, axis, 0)
    return turned.reshape((turned.shape[0], -1), order="F").T


def _similarity(mode: Any, bandwidth: Any) -> tuple[str, Any]:
    if bandwidth is not None and not isinstance(bandwidth, str):
        if np.ndim(bandwidth):
            raise refuse("bandwidth for each pair", "name one for all, or a way to estimate it")
        bandwidth = number("bandwidth", bandwidth)
    return text("mode", mode), bandwidth


def _linked(made: Array, mode: str, sparse: bool) -> Any:
    found = made.astype(bool) if mode == "connectivity" else made.astype(np.float64)
    if not sparse:
        return found
    try:
        from scipy.sparse import csc_array
    except ImportError:
        raise ImportError("sparse=True needs SciPy: pip install scipy") from None
    return csc_array(found)


def cross_similarity(
    data: Array,
    data_ref: Array,
    *,
    k: int | None = None,
    metric: str = "euclidean",
    sparse: bool = False,
    mode: str = "connectivity",
    bandwidth: Any = None,
    full: bool = False,
) -> Any:
    """Which frames of a reference are among the nearest of each frame."""
    frames, reference = _frames(data, "data"), _frames(data_ref, "data_ref")
    options = (count_or_none("k", k), text("metric", metric), bool(full))
    how = _similarity(mode, bandwidth)
    made = _native.cross_similarity(real(frames), real(reference), options, how)
    return _linked(made, mode, sparse)


def recurrence_matrix(
    data: Array,
    *,
    k: int | None = None,
    width: int = 1,
    metric: str = "euclidean",
    sym: bool = False,
    sparse: bool = False,
    mode: str = "connectivity",
    bandwidth: Any = None,
    self: bool = False,
    axis: int = -1,
    full: bool = False,
) -> Any:
    """Which frames are among the nearest of each frame."""
    frames = _frames(data, "data", axis)
    options = (
        count_or_none("k", k),
        count("width", width),
        text("metric", metric),
        bool(sym),
        bool(self),
        bool(full),
    )
    made = _native.recurrence_matrix(real(frames), options, _similarity(mode, bandwidth))
    return _linked(made, mode, sparse)


def _square(rec: Any, name: str, axis: int) -> tuple[Array, bool]:
    """A matrix with frames as its columns, and whether it was turned for that."""
    if hasattr(rec, "toarray"):
        raise refuse(f"sparse {name}", f"hand in {name}.toarray()")
    rec = matrix(rec, name)
    if rec.ndim != 2:
        raise ParameterError(f"{name} has {rec.ndim} dimensions, but must have 2")
    turned = axis_of(rec, axis) == 0
    return (rec.T if turned else rec), turned


def _back(made: Array, given: Any, turned: bool) -> Array:
    made = made.T if turned else made
    return made.astype(np.asarray(given).dtype, copy=False)


def recurrence_to_lag(rec: Any, *, pad: bool = True, axis: int = -1) -> Array:
    """Recurrences by how much later they come."""
    square, turned = _square(rec, "rec", axis)
    return _back(_native.recurrence_to_lag(real(square), bool(pad)), rec, turned)


def lag_to_recurrence(lag: Any, *, axis: int = -1) -> Array:
    """The inverse of `recurrence_to_lag`."""
    lags, turned = _square(lag, "lag", axis)
    return _back(_native.lag_to_recurrence(real(lags)), lag, turned)


def timelag_filter(function: Any, pad: bool = True, index: int = 0) -> Any:
    """A function of recurrences by lag, of one of recurrences: its argument `index` is turned."""

    @functools.wraps(function)
    def filtered(*args: Any, **kwargs: Any) -> Array:
        given = list(args)
        given[index] = recurrence_to_lag(given[index], pad=pad)
        return lag_to_recurrence(function(*given, **kwargs))

    return filtered


def path_enhance(
    R: Array,
    n: int,
    *,
    window: Any = "hann",
    max_ratio: float = 2.0,
    min_ratio: float | None = None,
    n_filters: int = 7,
    zero_mean: bool = False,
    clip: bool = True,
    **kwargs: Any,
) -> Array:
    """Recurrences with their diagonals made clear; `mode` is what stands beyond the ends."""
    mode = text("mode", kwargs.pop("mode", "reflect"))
    refuse_more("path_enhance", kwargs)
    r, size = matrix(R, "R"), count("n", n)
    if r.ndim != 2:
        raise refuse(f"R of {r.ndim} dimensions", "enhance each channel by itself")
    options = (
        window_of(window, size),
        number("max_ratio", max_ratio),
        number_or_none("min_ratio", min_ratio),
        count("n_filters", n_filters),
        bool(zero_mean),
        bool(clip),
        mode,
    )
    return like(_native.path_enhance(real(r), size, options), r)


def agglomerative(data: Array, k: int, *, clusterer: Any = None, axis: int = -1) -> Array:
    """The first frame of each of `k` parts."""
    if clusterer is not None:
        raise refuse("clusterer", "leave it out, or call it yourself")
    return _native.agglomerative(real(_frames(data, "data", axis)), count("k", k))


def subsegment(data: Array, frames: Any, *, n_segments: int = 4, axis: int = -1) -> Array:
    """The first frame of each part of the segments between `frames`."""
    ends = [count("a frame", each, 0) for each in np.atleast_1d(frames).tolist()]
    columns = real(_frames(data, "data", axis))
    return _native.subsegment(columns, ends, count("n_segments", n_segments))
