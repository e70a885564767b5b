"""What stands at multiples of frequencies."""

from __future__ import annotations

from typing import Any

import numpy as np

from ... import _native
from .._arguments import Array, channels, double, matrix, real, refuse
from ..util.exceptions import ParameterError

__all__ = ["f0_harmonics", "interp_harmonics", "salience"]


def _prepared(x: Any, name: str, freqs: Any, kind: str, axis: int) -> tuple[Array, Array]:
    if kind != "linear":
        raise refuse(f"kind={kind!r}", 'leave it at "linear"')
    x = matrix(np.abs(x) if np.iscomplexobj(x) else x, name)
    if axis not in (-2, x.ndim - 2):
        raise refuse(f"axis={axis!r}", "turn it so that bins are its last dimension but one")
    if np.ndim(freqs) != 1:
        raise refuse("freqs for each frame", "hand in one frequency for each bin")
    return x, double(freqs, "freqs")


def interp_harmonics(
    x: Array,
    *,
    freqs: Any,
    harmonics: Any,
    kind: str = "linear",
    fill_value: float = 0,
    axis: int = -2,
) -> Array:
    """What `x` has at multiples of the frequency of each bin: an array of them for each multiple."""
    x, hz = _prepared(x, "x", freqs, kind, axis)
    times, beyond = double(harmonics, "harmonics"), _fill(fill_value)

    def of(x: Array) -> Array:
        return np.stack(_native.interp_harmonics(real(x), hz, times, beyond))

    return channels(of, x, 2).astype(np.float64)


def _fill(fill_value: Any) -> float:
    try:
        return float(fill_value)
    except (TypeError, ValueError):
        raise ParameterError(f"fill_value is {fill_value!r}, but must be a number") from None


def f0_harmonics(
    x: Array,
    *,
    f0: Any,
    freqs: Any,
    harmonics: Any,
    kind: str = "linear",
    fill_value: float = 0,
    axis: int = -2,
) -> Array:
    """What `x` has in each frame at multiples of its own frequency."""
    x, hz = _prepared(x, "x", freqs, kind, axis)
    times, beyond = double(harmonics, "harmonics"), _fill(fill_value)
    lead = x.shape[:-2]
    own = np.broadcast_to(np.asarray(f0, dtype=float), (*lead, x.shape[-1]))
    each = iter(own.reshape((-1, x.shape[-1])))
    return channels(
        lambda x: _native.f0_harmonics(real(x), double(next(each)), hz, times, beyond), x, 2
    ).astype(np.float64)


def salience(
    S: Array,
    *,
    freqs: Any,
    harmonics: Any,
    weights: Any = None,
    aggregate: Any = None,
    filter_peaks: bool = True,
    fill_value: float = np.nan,
    kind: str = "linear",
    axis: int = -2,
) -> Array:
    """How likely a tone is at each bin: the mean of what stands at its harmonics."""
    if aggregate not in (None, np.average):
        raise refuse("aggregate but numpy.average", "reduce interp_harmonics with it")
    s, hz = _prepared(S, "S", freqs, kind, axis)
    times = double(harmonics, "harmonics")
    each = [] if weights is None else double(weights, "weights").tolist()
    options = (each, bool(filter_peaks), _fill(fill_value))
    return channels(lambda s: _native.salience(real(s), hz, times, options), s, 2).astype(
        np.float64
    )
