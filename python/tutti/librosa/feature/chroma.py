"""Classes of pitch."""

from __future__ import annotations

from typing import Any

import numpy as np

from ... import _native
from .._arguments import (
    Array,
    audio,
    channels,
    count,
    count_or_none,
    like,
    matrix,
    norm_or_none,
    number_or_none,
    rate,
    real,
    refuse,
    refuse_more,
    single,
    text,
    window_of,
)
from ..core.constantq import intervals_of
from ..core.pitch import estimate_tuning
from ..core.spectrum import spectrogram_of
from ..filters import chroma_of
from ..util.exceptions import ParameterError

__all__ = ["chroma_cens", "chroma_cqt", "chroma_stft", "chroma_vqt", "tonnetz"]


def chroma_stft(
    *,
    y: Array | None = None,
    sr: float = 22050,
    S: Array | None = None,
    norm: float | None = np.inf,
    n_fft: int = 2048,
    hop_length: int = 512,
    win_length: int | None = None,
    window: Any = "hann",
    center: bool = True,
    pad_mode: Any = "constant",
    tuning: float | None = None,
    n_chroma: int = 12,
    **kwargs: Any,
) -> Array:
    """Classes of pitch of powers; further arguments are those of `filters.chroma`."""
    kwargs.pop("dtype", None)
    names = ("ctroct", "octwidth", "base_c")
    bank = chroma_of(n_chroma, **{name: kwargs.pop(name) for name in names if name in kwargs})
    refuse_more("chroma_stft", kwargs)
    s, _ = spectrogram_of(y, S, n_fft, hop_length, win_length, window, center, pad_mode, power=2.0)
    hz, scale = rate("sr", sr), norm_or_none(norm)
    at = number_or_none("tuning", tuning)
    if at is None and s.ndim > 2:
        # Of all channels together, as in librosa.
        at = estimate_tuning(S=s, sr=hz, bins_per_octave=n_chroma)
    return like(channels(lambda s: _native.chroma_stft(real(s), hz, at, bank, scale), s, 2), s)


def _options(
    hop_length: Any,
    fmin: Any,
    norm: Any,
    threshold: Any,
    tuning: Any,
    n_chroma: Any,
    n_octaves: Any,
    bins_per_octave: Any,
    cqt_mode: Any,
    window: Any,
) -> tuple[Any, ...]:
    if window is not None:
        raise refuse("window", "convolve the classes with it")
    classes = count("n_chroma", n_chroma)
    return (
        count("hop_length", hop_length),
        number_or_none("fmin", fmin),
        norm_or_none(norm),
        number_or_none("threshold", threshold) or 0.0,
        number_or_none("tuning", tuning),
        classes,
        count("n_octaves", n_octaves),
        classes if bins_per_octave is None else count("bins_per_octave", bins_per_octave),
        text("cqt_mode", cqt_mode),
    )


def _shared_tuning(tuning: Any, y: Array, sr: float, bins_per_octave: int) -> Any:
    """The tuning of all channels together, where it is to be estimated."""
    if tuning is None and y.ndim > 1:
        return estimate_tuning(y=y, sr=sr, bins_per_octave=bins_per_octave)
    return tuning


def chroma_cqt(
    *,
    y: Array | None = None,
    sr: float = 22050,
    C: Array | None = None,
    hop_length: int = 512,
    fmin: float | None = None,
    norm: float | None = np.inf,
    threshold: float | None = 0.0,
    tuning: float | None = None,
    n_chroma: int = 12,
    n_octaves: int = 7,
    window: Any = None,
    bins_per_octave: int | None = 36,
    cqt_mode: str = "full",
) -> Array:
    """Classes of pitch of a constant-Q transform."""
    per = n_chroma if bins_per_octave is None else bins_per_octave
    if C is None:
        if y is None:
            raise ParameterError("there is neither y nor C")
        y = audio(y)
        tuning = _shared_tuning(tuning, y, sr, per)
    options = _options(
        hop_length, fmin, norm, threshold, tuning, n_chroma, n_octaves, per, cqt_mode, window
    )
    if C is not None or y is None:
        c = matrix(C, "C")
        return like(channels(lambda c: _native.chroma_of_cqt(real(c), options), c, 2), c)
    hz = rate("sr", sr)
    return like(channels(lambda y: _native.chroma_cqt(single(y), hz, options), y, 1), y)


def chroma_cens(
    *,
    y: Array | None = None,
    sr: float = 22050,
    C: Array | None = None,
    hop_length: int = 512,
    fmin: float | None = None,
    tuning: float | None = None,
    n_chroma: int = 12,
    n_octaves: int = 7,
    bins_per_octave: int = 36,
    cqt_mode: str = "full",
    window: Any = None,
    norm: float | None = 2,
    win_len_smooth: int | None = 41,
    smoothing_window: Any = "hann",
) -> Array:
    """Classes of pitch in steps of loudness, smoothed."""
    if C is not None:
        raise refuse("C", "hand in y")
    if y is None:
        raise ParameterError("there is no y")
    y, hz = audio(y), rate("sr", sr)
    tuning = _shared_tuning(tuning, y, hz, bins_per_octave)
    options = _options(
        hop_length, fmin, None, 0, tuning, n_chroma, n_octaves, bins_per_octave, cqt_mode, window
    )
    smooth = count_or_none("win_len_smooth", win_len_smooth)
    cens = (smooth, window_of(smoothing_window, (smooth or 0) + 2), norm_or_none(norm))
    return like(channels(lambda y: _native.chroma_cens(single(y), hz, options, cens), y, 1), y)


def chroma_vqt(
    *,
    y: Array | None = None,
    sr: float = 22050,
    V: Array | None = None,
    hop_length: int = 512,
    fmin: float | None = None,
    intervals: Any,
    norm: float | None = np.inf,
    threshold: float | None = 0.0,
    n_octaves: int = 7,
    bins_per_octave: int = 12,
    gamma: float | None = 0,
) -> Array:
    """Classes at intervals, of a variable-Q transform."""
    steps, per = intervals_of(intervals, bins_per_octave)
    options = _options(hop_length, fmin, norm, threshold, 0.0, per, n_octaves, per, "full", None)
    if V is not None:
        v = matrix(V, "V")
        return like(channels(lambda v: _native.chroma_of_cqt(real(v), options), v, 2), v)
    if y is None:
        raise ParameterError("there is neither y nor V")
    y, hz, wider = audio(y), rate("sr", sr), number_or_none("gamma", gamma)
    return like(
        channels(lambda y: _native.chroma_vqt(single(y), hz, options, steps, wider), y, 1), y
    )


def tonnetz(
    *, y: Array | None = None, sr: float = 22050, chroma: Array | None = None, **kwargs: Any
) -> Array:
    """Tonal centroids: fifths, minor and major thirds; further arguments are `chroma_cqt`'s."""
    if chroma is None:
        if y is None:
            raise ParameterError("there is neither y nor chroma")
        chroma = chroma_cqt(y=y, sr=sr, **kwargs)
    classes = matrix(chroma, "chroma")
    return channels(lambda c: _native.tonnetz(real(c)), classes, 2).astype(np.float64)
