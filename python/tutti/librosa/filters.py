"""Windows, and banks of filters."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from .. import _native
from ._arguments import (
    Array,
    count,
    count_or_none,
    double,
    fits,
    norm_or_none,
    number,
    number_or_none,
    rate,
    refuse,
    refuse_more,
    window_of,
)

__all__ = [
    "chroma",
    "cq_to_chroma",
    "diagonal_filter",
    "get_window",
    "mel",
    "mr_frequencies",
    "wavelet",
    "wavelet_lengths",
    "window_bandwidth",
    "window_sumsquare",
]


def get_window(window: Any, Nx: int, *, fftbins: bool = True) -> Array:
    """A window of `Nx` values, periodic for a transform or symmetric for a filter."""
    size = count("Nx", Nx)
    if callable(window):
        return window(size)
    return _native.get_window(window_of(window, size), size, bool(fftbins))


def window_bandwidth(window: Any, n: int = 1000) -> float:
    """The equivalent noise bandwidth of a window, in bins."""
    size = count("n", n)
    return _native.window_bandwidth(window_of(window, size), size)


def window_sumsquare(
    *,
    window: Any,
    n_frames: int,
    hop_length: int = 512,
    win_length: int | None = None,
    n_fft: int = 2048,
    dtype: Any = np.float32,
    norm: float | None = None,
) -> Array:
    """What the squares of all windows over each sample sum up to."""
    if norm is not None:
        raise refuse(f"norm={norm!r}", "divide the window by its norm, and hand in its values")
    size, frames = count("n_fft", n_fft), count("n_frames", n_frames)
    hop, length = count("hop_length", hop_length), count_or_none("win_length", win_length)
    values = window_of(window, length or size)
    fits("the sum", frames, hop)
    return _native.window_sumsquare(values, frames, hop, length, size).astype(dtype, copy=False)


def mel_of(
    n_mels: Any = 128, fmin: Any = 0.0, fmax: Any = None, htk: Any = False, norm: Any = "slaney"
) -> tuple[Any, ...]:
    """Mel bands as the library takes them."""
    scale = norm if isinstance(norm, str) else norm_or_none(norm)
    low, high = number("fmin", fmin), number_or_none("fmax", fmax)
    return (count("n_mels", n_mels), low, high, bool(htk), scale)


def mel(
    *,
    sr: float,
    n_fft: int,
    n_mels: int = 128,
    fmin: float = 0.0,
    fmax: float | None = None,
    htk: bool = False,
    norm: Any = "slaney",
    dtype: Any = np.float32,
) -> Array:
    """Mel bands: a row for each, a column for each bin."""
    options = mel_of(n_mels, fmin, fmax, htk, norm)
    size = count("n_fft", n_fft)
    fits("the bank", options[0], size // 2 + 1)
    made = _native.mel(rate("sr", sr), size, options)
    if np.any((made.max(axis=1) == 0)[1:]):
        warnings.warn("some mel bands hold no bin; take less of them", stacklevel=2)
    return made.astype(dtype, copy=False)


def mr_frequencies(tuning: float) -> tuple[Array, Array]:
    """The frequencies of semitones from C1 on, and the sample rate at which each is filtered."""
    return _native.mr_frequencies(number("tuning", tuning))


def chroma_of(
    n_chroma: Any = 12,
    tuning: Any = 0.0,
    ctroct: Any = 5.0,
    octwidth: Any = 2,
    norm: Any = 2,
    base_c: Any = True,
) -> tuple[Any, ...]:
    """Classes of pitch as the library takes them."""
    at, middle = number("tuning", tuning), number("ctroct", ctroct)
    width, scale = number_or_none("octwidth", octwidth), norm_or_none(norm)
    return (count("n_chroma", n_chroma), at, middle, width, scale, bool(base_c))


def chroma(
    *,
    sr: float,
    n_fft: int,
    n_chroma: int = 12,
    tuning: float = 0.0,
    ctroct: float = 5.0,
    octwidth: float | None = 2,
    norm: float | None = 2,
    base_c: bool = True,
    dtype: Any = np.float32,
) -> Array:
    """Classes of pitch: a row for each, a column for each bin of a transform."""
    options = chroma_of(n_chroma, tuning, ctroct, octwidth, norm, base_c)
    size = count("n_fft", n_fft)
    fits("the bank", options[0], size)
    made = _native.chroma(rate("sr", sr), size, options)
    return made.astype(dtype, copy=False)


def cq_to_chroma(
    n_input: int,
    *,
    bins_per_octave: int = 12,
    n_chroma: int = 12,
    fmin: float | None = None,
    window: Any = None,
    base_c: bool = True,
    dtype: Any = np.float32,
) -> Array:
    """Classes of pitch: a row for each, a column for each bin of a constant-Q transform."""
    if window is not None:
        raise refuse("window", "convolve the rows with it")
    size, per = count("n_input", n_input), count("bins_per_octave", bins_per_octave)
    low = float(_native.midi_to_hz(double(24.0))[0]) if fmin is None else rate("fmin", fmin)
    classes = count("n_chroma", n_chroma)
    fits("the bank", classes, size)
    made = _native.cq_to_chroma(size, per, classes, low, bool(base_c))
    return made.astype(dtype, copy=False)


def diagonal_filter(
    window: Any,
    n: int,
    *,
    slope: float = 1.0,
    angle: float | None = None,
    zero_mean: bool = False,
) -> Array:
    """A window along a diagonal, as a square matrix."""
    size = count("n", n)
    fits("the filter", 2 * size, size)
    steep = number("slope", slope) if angle is None else np.tan(number("angle", angle))
    return _native.diagonal_filter(window_of(window, size), size, steep, bool(zero_mean))


def _alpha(alpha: Any, size: int) -> list[float] | None:
    if alpha is None:
        return None
    return np.broadcast_to(double(alpha, "alpha"), (size,)).tolist()


def wavelet_lengths(
    *,
    freqs: Any,
    sr: float = 22050,
    window: Any = "hann",
    filter_scale: float = 1,
    gamma: float | None = 0,
    alpha: Any = None,
) -> tuple[Array, float]:
    """How many samples wavelets have, and above which frequency none lets anything through."""
    hz = double(freqs, "freqs")
    options = (
        window_of(window, None),
        number("filter_scale", filter_scale),
        True,
        1.0,
        number_or_none("gamma", gamma),
    )
    return _native.wavelet_lengths(hz, rate("sr", sr), options, _alpha(alpha, len(hz)))


def wavelet(
    *,
    freqs: Any,
    sr: float = 22050,
    window: Any = "hann",
    filter_scale: float = 1,
    pad_fft: bool = True,
    norm: float | None = 1,
    dtype: Any = np.complex64,
    gamma: float | None = 0,
    alpha: Any = None,
    **kwargs: Any,
) -> tuple[Array, Array]:
    """Complex wavelets, a row for each frequency, and their lengths in samples."""
    refuse_more("wavelet", kwargs)
    hz = double(freqs, "freqs")
    options = (
        window_of(window, None),
        number("filter_scale", filter_scale),
        bool(pad_fft),
        norm_or_none(norm),
        number_or_none("gamma", gamma),
    )
    made, lengths = _native.wavelet(hz, rate("sr", sr), options, _alpha(alpha, len(hz)))
    return made.astype(dtype, copy=False), lengths


def _relative_bandwidth(*, freqs: Any) -> Array:
    return _native.relative_bandwidth(double(freqs, "freqs"))
