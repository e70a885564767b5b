"""Transforms with a bin for each note."""

from __future__ import annotations

from typing import Any

import numpy as np

from ... import _native
from .._arguments import (
    Array,
    audio,
    bins,
    channels,
    complexes,
    count,
    count_or_none,
    double,
    fits_frames,
    like,
    matrix,
    norm_or_none,
    number,
    number_or_none,
    only_soxr_hq,
    rate,
    real,
    single,
    text,
    window_of,
)
from ..util.deprecation import Deprecated
from ..util.exceptions import ParameterError
from .pitch import estimate_tuning
from .spectrum import search_of, turns, with_turns

__all__ = ["cqt", "griffinlim_cqt", "hybrid_cqt", "icqt", "pseudo_cqt", "vqt"]


def _options(
    hop_length: Any,
    fmin: Any,
    n_bins: Any,
    bins_per_octave: Any,
    tuning: Any,
    filter_scale: Any,
    norm: Any,
    sparsity: Any,
    window: Any,
    scale: Any,
    pad_mode: Any = "constant",
) -> tuple[Any, ...]:
    return (
        count("hop_length", hop_length),
        number_or_none("fmin", fmin),
        count_or_none("n_bins", n_bins),
        count("bins_per_octave", bins_per_octave),
        number_or_none("tuning", tuning),
        number("filter_scale", filter_scale),
        norm_or_none(norm),
        number("sparsity", sparsity),
        window_of(window, None),
        bool(scale),
        text("pad_mode", pad_mode),
    )


def _tuning(tuning: Any, y: Array, sr: float, bins_per_octave: int) -> Any:
    """The tuning of all channels together, where it is to be estimated."""
    if tuning is None and y.ndim > 1:
        return estimate_tuning(y=y, sr=sr, bins_per_octave=bins_per_octave)
    return tuning


def _cast(made: Array, dtype: Any) -> Array:
    return made if dtype is None else made.astype(dtype, copy=False)


def cqt(
    y: Array,
    *,
    sr: float = 22050,
    hop_length: int = 512,
    fmin: float | None = None,
    n_bins: int | None = 84,
    bins_per_octave: int = 12,
    tuning: float | None = 0.0,
    filter_scale: float = 1,
    norm: float | None = 1,
    sparsity: float = 0.01,
    window: Any = "hann",
    scale: bool = True,
    pad_mode: Any = "constant",
    res_type: str | None = "soxr_hq",
    dtype: Any = None,
) -> Array:
    """The constant-Q transform: a complex bin for each note."""
    only_soxr_hq(res_type)
    y, hz = audio(y), rate("sr", sr)
    tuning = _tuning(tuning, y, hz, bins_per_octave)
    options = _options(
        hop_length,
        fmin,
        n_bins,
        bins_per_octave,
        tuning,
        filter_scale,
        norm,
        sparsity,
        window,
        scale,
        pad_mode,
    )
    fits_frames("the transform", options[2] or 1, y, options[0])
    made = channels(lambda y: _native.cqt(single(y), hz, options), y, 1)
    return _cast(like(made, y), dtype)


def intervals_of(intervals: Any, bins_per_octave: Any) -> tuple[Any, int]:
    """Intervals by name, or as ratios; and how many there are in an octave."""
    if isinstance(intervals, str):
        return intervals, count("bins_per_octave", bins_per_octave)
    ratios = double(intervals, "intervals").tolist()
    if not ratios:
        raise ParameterError("intervals are empty")
    return ratios, len(ratios)


def vqt(
    y: Array,
    *,
    sr: float = 22050,
    hop_length: int = 512,
    fmin: float | None = None,
    n_bins: int | None = 84,
    intervals: Any = "equal",
    gamma: float | None = None,
    bins_per_octave: int = 12,
    tuning: float | None = 0.0,
    filter_scale: float = 1,
    norm: float | None = 1,
    sparsity: float = 0.01,
    window: Any = "hann",
    scale: bool = True,
    pad_mode: Any = "constant",
    res_type: str | None = "soxr_hq",
    dtype: Any = None,
) -> Array:
    """The variable-Q transform: bins at any intervals, wider where they are low."""
    only_soxr_hq(res_type)
    y, hz = audio(y), rate("sr", sr)
    steps, per = intervals_of(intervals, bins_per_octave)
    tuning = _tuning(tuning, y, hz, per)
    options = _options(
        hop_length,
        fmin,
        n_bins,
        per,
        tuning,
        filter_scale,
        norm,
        sparsity,
        window,
        scale,
        pad_mode,
    )
    wider = number_or_none("gamma", gamma)
    fits_frames("the transform", options[2] or 1, y, options[0])
    made = channels(lambda y: _native.vqt(single(y), hz, options, steps, wider), y, 1)
    return _cast(like(made, y), dtype)


def hybrid_cqt(
    y: Array,
    *,
    sr: float = 22050,
    hop_length: int = 512,
    fmin: float | None = None,
    n_bins: int | None = 84,
    bins_per_octave: int = 12,
    tuning: float | None = 0.0,
    filter_scale: float = 1,
    norm: float | None = 1,
    sparsity: float = 0.01,
    window: Any = "hann",
    scale: bool = True,
    pad_mode: Any = "constant",
    res_type: str | None = "soxr_hq",
    dtype: Any = None,
) -> Array:
    """Magnitudes for each note, of `cqt` where wavelets are long and of `pseudo_cqt` elsewhere."""
    only_soxr_hq(res_type)
    y, hz = audio(y), rate("sr", sr)
    tuning = _tuning(tuning, y, hz, bins_per_octave)
    options = _options(
        hop_length,
        fmin,
        n_bins,
        bins_per_octave,
        tuning,
        filter_scale,
        norm,
        sparsity,
        window,
        scale,
        pad_mode,
    )
    fits_frames("the transform", options[2] or 1, y, options[0])
    made = channels(lambda y: _native.hybrid_cqt(single(y), hz, options), y, 1)
    return _real(like(made, y), dtype)


def _real(made: Array, dtype: Any) -> Array:
    """Magnitudes in the precision of a complex dtype."""
    return made if dtype is None else made.astype(np.zeros(0, dtype).real.dtype, copy=False)


def pseudo_cqt(
    y: Array,
    *,
    sr: float = 22050,
    hop_length: int = 512,
    fmin: float | None = None,
    n_bins: int | None = 84,
    bins_per_octave: int = 12,
    tuning: float | None = 0.0,
    filter_scale: float = 1,
    norm: float | None = 1,
    sparsity: float = 0.01,
    window: Any = "hann",
    scale: bool = True,
    pad_mode: Any = "constant",
    dtype: Any = None,
) -> Array:
    """Magnitudes for each note, gathered from a Fourier transform."""
    y, hz = audio(y), rate("sr", sr)
    tuning = _tuning(tuning, y, hz, bins_per_octave)
    options = _options(
        hop_length,
        fmin,
        n_bins,
        bins_per_octave,
        tuning,
        filter_scale,
        norm,
        sparsity,
        window,
        scale,
        pad_mode,
    )
    fits_frames("the transform", options[2] or 1, y, options[0])
    made = channels(lambda y: _native.pseudo_cqt(single(y), hz, options), y, 1)
    return _real(like(made, y), dtype)


def _unscaled(scale: bool) -> Any:
    """librosa scales in double precision, and leaves the signal in it."""
    return np.float64 if scale else None


def icqt(
    C: Array,
    *,
    sr: float = 22050,
    hop_length: int = 512,
    fmin: float | None = None,
    bins_per_octave: int = 12,
    tuning: float = 0.0,
    filter_scale: float = 1,
    norm: float | None = 1,
    sparsity: float = 0.01,
    window: Any = "hann",
    scale: bool = True,
    length: int | None = None,
    res_type: str = "soxr_hq",
    dtype: Any = None,
) -> Array:
    """The signal whose constant-Q transform comes close to some bins."""
    only_soxr_hq(res_type)
    c, hz = bins(C, "C"), rate("sr", sr)
    options = _options(
        hop_length,
        fmin,
        None,
        bins_per_octave,
        tuning,
        filter_scale,
        norm,
        sparsity,
        window,
        scale,
    )
    size = count_or_none("length", length)
    made = channels(lambda c: _native.icqt(complexes(c), hz, options, size), c, 2)
    return _cast(like(made, c), dtype or _unscaled(scale))


def griffinlim_cqt(
    C: Array,
    *,
    n_iter: int = 32,
    sr: float = 22050,
    hop_length: int = 512,
    fmin: float | None = None,
    bins_per_octave: int = 12,
    tuning: float = 0.0,
    filter_scale: float = 1,
    norm: float | None = 1,
    sparsity: float = 0.01,
    window: Any = "hann",
    scale: bool = True,
    pad_mode: Any = "constant",
    res_type: str = "soxr_hq",
    dtype: Any = None,
    length: int | None = None,
    momentum: float = 0.99,
    init: str | None = "random",
    rng: Any = None,
    random_state: Any = Deprecated(),
) -> Array:
    """A signal whose constant-Q transform has magnitudes close to `C`, by going back and forth."""
    only_soxr_hq(res_type)
    c, hz = matrix(C, "C"), rate("sr", sr)
    options = _options(
        hop_length,
        fmin,
        None,
        bins_per_octave,
        tuning,
        filter_scale,
        norm,
        sparsity,
        window,
        scale,
        pad_mode,
    )
    search = search_of(n_iter, momentum, length)
    phases = turns(init, rng, random_state, c.shape)
    made = with_turns(
        lambda c, first: _native.griffinlim_cqt(real(c), hz, options, search, first), c, phases
    )
    return _cast(like(made, c), dtype or _unscaled(scale))
