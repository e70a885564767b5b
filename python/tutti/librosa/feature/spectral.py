"""What spectra, and the frames of signals, are like."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from ... import _native
from .._arguments import (
    Array,
    audio,
    channels,
    count,
    double,
    fits,
    fits_frames,
    frames,
    hop_of,
    like,
    matrix,
    number,
    rate,
    real,
    refuse,
    refuse_more,
    single,
    text,
)
from ..core.convert import fft_frequencies
from ..core.spectrum import power_to_db, spectrogram_of
from ..filters import mel_of
from ..util.exceptions import ParameterError

__all__ = [
    "melspectrogram",
    "mfcc",
    "poly_features",
    "rms",
    "spectral_bandwidth",
    "spectral_centroid",
    "spectral_contrast",
    "spectral_flatness",
    "spectral_rolloff",
    "zero_crossing_rate",
]


def _bank(more: dict[str, Any], norm: Any = "slaney") -> tuple[Any, ...]:
    """Mel bands of what is left of the arguments."""
    more.setdefault("norm", norm)
    more.pop("dtype", None)
    names = ("n_mels", "fmin", "fmax", "htk", "norm")
    options = {name: more.pop(name) for name in names if name in more}
    refuse_more("melspectrogram", more)
    return mel_of(**options)


def melspectrogram(
    *,
    y: Array | None = None,
    sr: float = 22050,
    S: Array | None = None,
    n_fft: int = 2048,
    hop_length: int = 512,
    win_length: int | None = None,
    window: Any = "hann",
    center: bool = True,
    pad_mode: Any = "constant",
    power: float = 2.0,
    **kwargs: Any,
) -> Array:
    """The power in each of some mel bands; further arguments are those of `filters.mel`."""
    mel, hz = _bank(kwargs), rate("sr", sr)
    bands = mel[0]
    if S is None and y is not None and power == 2:
        y = audio(y)
        options = frames(n_fft, hop_length, win_length, window, center, pad_mode)
        if center and n_fft > y.shape[-1] > 0:
            warnings.warn(
                f"n_fft={n_fft} is too large for a signal of {y.shape[-1]} samples", stacklevel=2
            )
        fits("the bank", bands, n_fft // 2 + 1)
        fits_frames("the bands", bands, y, hop_of(options))
        made = channels(lambda y: _native.melspectrogram(single(y), hz, options, mel), y, 1)
        return like(made, y)
    s, size = spectrogram_of(
        y, S, n_fft, hop_length, win_length, window, center, pad_mode, number("power", power)
    )
    size = count("n_fft", size)
    fits("the bank", bands, size // 2 + 1)
    fits("the bands", bands, s.shape[-1])
    return like(channels(lambda s: _native.mel_of_spectrogram(real(s), hz, size, mel), s, 2), s)


def mfcc(
    *,
    y: Array | None = None,
    sr: float = 22050,
    S: Array | None = None,
    n_mfcc: int = 20,
    dct_type: int = 2,
    norm: str | None = "ortho",
    lifter: float = 0,
    mel_norm: Any = "slaney",
    **kwargs: Any,
) -> Array:
    """Cepstral coefficients of mel bands; further arguments are those of `melspectrogram`."""
    options = mfcc_of(n_mfcc, dct_type, norm, lifter)
    if S is None:
        s = np.asarray(power_to_db(melspectrogram(y=y, sr=sr, norm=mel_norm, **kwargs)))
    else:
        s = matrix(S)
    return like(channels(lambda s: _native.mfcc(real(s), options), s, 2), s)


def mfcc_of(n_mfcc: Any, dct_type: Any, norm: Any, lifter: Any) -> tuple[int, int, bool, float]:
    """Coefficients as the library takes them."""
    if norm not in ("ortho", None):
        raise refuse(f"norm={norm!r}", 'name "ortho" or None')
    kind = count("dct_type", dct_type)
    if kind > 4:
        raise ParameterError(f"dct_type is {kind}, but must be from 1 to 4")
    return (count("n_mfcc", n_mfcc), kind, norm == "ortho", number("lifter", lifter))


def _frequencies(freq: Any, sr: float, n_fft: int) -> Array:
    if freq is None:
        return double(fft_frequencies(sr=sr, n_fft=n_fft))
    if np.ndim(freq) != 1:
        raise refuse("freq for each frame", "hand in one frequency for each bin")
    return double(freq, "freq")


def _row(of: Any, s: Array, dtype: Any = np.float64) -> Array:
    """A row of one number for each frame."""
    return channels(lambda s: of(real(s))[np.newaxis, :], s, 2).astype(dtype, copy=False)


def spectral_centroid(
    *,
    y: Array | None = None,
    sr: float = 22050,
    S: Array | None = None,
    n_fft: int = 2048,
    hop_length: int = 512,
    freq: Any = None,
    win_length: int | None = None,
    window: Any = "hann",
    center: bool = True,
    pad_mode: Any = "constant",
) -> Array:
    """The mean frequency of each spectrum."""
    s, size = spectrogram_of(y, S, n_fft, hop_length, win_length, window, center, pad_mode)
    hz = _frequencies(freq, sr, size)
    return _row(lambda s: _native.spectral_centroid(s, hz), s)


def spectral_bandwidth(
    *,
    y: Array | None = None,
    sr: float = 22050,
    S: Array | None = None,
    n_fft: int = 2048,
    hop_length: int = 512,
    win_length: int | None = None,
    window: Any = "hann",
    center: bool = True,
    pad_mode: Any = "constant",
    freq: Any = None,
    centroid: Array | None = None,
    norm: bool = True,
    p: float = 2,
) -> Array:
    """How far each spectrum spreads around its mean frequency."""
    if centroid is not None:
        raise refuse("centroid", "leave it out: it is that of S")
    if not norm:
        raise refuse("norm=False", "leave it at True")
    s, size = spectrogram_of(y, S, n_fft, hop_length, win_length, window, center, pad_mode)
    hz, exponent = _frequencies(freq, sr, size), number("p", p)
    return _row(lambda s: _native.spectral_bandwidth(s, hz, exponent), s)


def spectral_rolloff(
    *,
    y: Array | None = None,
    sr: float = 22050,
    S: Array | None = None,
    n_fft: int = 2048,
    hop_length: int = 512,
    win_length: int | None = None,
    window: Any = "hann",
    center: bool = True,
    pad_mode: Any = "constant",
    freq: Any = None,
    roll_percent: float = 0.85,
) -> Array:
    """The frequency below which a share of each spectrum lies."""
    share = number("roll_percent", roll_percent)
    s, size = spectrogram_of(y, S, n_fft, hop_length, win_length, window, center, pad_mode)
    hz = _frequencies(freq, sr, size)
    return _row(lambda s: _native.spectral_rolloff(s, hz, share), s)


def spectral_flatness(
    *,
    y: Array | None = None,
    S: Array | None = None,
    n_fft: int = 2048,
    hop_length: int = 512,
    win_length: int | None = None,
    window: Any = "hann",
    center: bool = True,
    pad_mode: Any = "constant",
    amin: float = 1e-10,
    power: float = 2.0,
) -> Array:
    """How like noise each spectrum is, from 0 to 1."""
    least, exponent = number("amin", amin), number("power", power)
    s, _ = spectrogram_of(y, S, n_fft, hop_length, win_length, window, center, pad_mode)
    made = _row(lambda s: _native.spectral_flatness(s, least, exponent), s, np.float32)
    return like(made, s)


def spectral_contrast(
    *,
    y: Array | None = None,
    sr: float = 22050,
    S: Array | None = None,
    n_fft: int = 2048,
    hop_length: int = 512,
    win_length: int | None = None,
    window: Any = "hann",
    center: bool = True,
    pad_mode: Any = "constant",
    freq: Any = None,
    fmin: float = 200.0,
    n_bands: int = 6,
    quantile: float = 0.02,
    linear: bool = False,
) -> Array:
    """By how much peaks lie over valleys, in each of some bands."""
    options = (number("fmin", fmin), count("n_bands", n_bands), number("quantile", quantile))
    s, size = spectrogram_of(y, S, n_fft, hop_length, win_length, window, center, pad_mode)
    hz, at = _frequencies(freq, sr, size), rate("sr", sr)
    more = (*options, bool(linear))
    made = channels(lambda s: _native.spectral_contrast(real(s), at, hz, more), s, 2)
    return made.astype(np.float64)


def poly_features(
    *,
    y: Array | None = None,
    sr: float = 22050,
    S: Array | None = None,
    n_fft: int = 2048,
    hop_length: int = 512,
    win_length: int | None = None,
    window: Any = "hann",
    center: bool = True,
    pad_mode: Any = "constant",
    order: int = 1,
    freq: Any = None,
) -> Array:
    """The polynomial that fits each spectrum best, the highest power first."""
    degree = count("order", order, 0)
    s, size = spectrogram_of(y, S, n_fft, hop_length, win_length, window, center, pad_mode)
    hz = _frequencies(freq, sr, size)
    made = channels(lambda s: _native.poly_features(real(s), hz, degree), s, 2)
    return made.astype(np.float64)


def rms(
    *,
    y: Array | None = None,
    S: Array | None = None,
    frame_length: int = 2048,
    hop_length: int = 512,
    center: bool = True,
    pad_mode: Any = "constant",
    dtype: Any = np.float32,
) -> Array:
    """The root of the mean square of each frame."""
    size, hop = count("frame_length", frame_length), count("hop_length", hop_length)
    if y is not None:
        y, mode = audio(y), (text("pad_mode", pad_mode) if center else None)
        made = channels(lambda y: _native.rms(single(y), size, hop, mode)[np.newaxis, :], y, 1)
    elif S is not None:
        s = np.abs(S) if np.iscomplexobj(S) else matrix(S)
        made = _row(lambda s: _native.rms_of_spectrogram(s, size), matrix(s), np.float32)
    else:
        raise ParameterError("there is neither y nor S")
    return made.astype(dtype, copy=False)


def zero_crossing_rate(
    y: Array, *, frame_length: int = 2048, hop_length: int = 512, center: bool = True, **kwargs: Any
) -> Array:
    """The share of each frame's samples at which the signal changes its sign."""
    if kwargs:
        raise refuse(", ".join(sorted(kwargs)), "take zero_crossings of util.frame")
    y = audio(y)
    size, hop = count("frame_length", frame_length), count("hop_length", hop_length)

    def of(y: Array) -> Array:
        return _native.zero_crossing_rate(single(y), size, hop, bool(center))[np.newaxis, :]

    return channels(of, y, 1).astype(np.float64)
