"""Tempograms, tempos and metres."""

from __future__ import annotations

from typing import Any

import numpy as np

from ... import _native
from .._arguments import (
    Array,
    channels,
    count,
    double,
    fits_frames,
    like,
    matrix,
    norm_or_none,
    number,
    number_or_none,
    rate,
    real,
    refuse,
    single,
    window_of,
)
from ..core.convert import tempo_frequencies, time_to_frames
from ..core.harmonic import f0_harmonics, interp_harmonics
from ..util.exceptions import ParameterError

__all__ = [
    "fourier_tempogram",
    "hybrid_tempogram",
    "metrogram",
    "tempo",
    "tempogram",
    "tempogram_ratio",
]

#: The parts and multiples of a beat at which `tempogram_ratio` looks, after Peeters.
METRIC_FACTORS = (4, 8 / 3, 3, 2, 4 / 3, 3 / 2, 1, 2 / 3, 3 / 4, 1 / 2, 1 / 3, 3 / 8, 1 / 4)
#: The bars at which `metrogram` looks, after Quinton.
METRE_FACTORS = (1 / 3, 1 / 4, 1 / 5, 1 / 7)


def envelope_of(y: Any, sr: float, onset_envelope: Any, hop_length: int, **more: Any) -> Array:
    """The envelope that was handed in, or that of a signal."""
    from ..onset import onset_strength

    if onset_envelope is None:
        if y is None:
            raise ParameterError("there is neither y nor onset_envelope")
        return onset_strength(y=y, sr=sr, hop_length=hop_length, **more)
    return matrix(onset_envelope, "onset_envelope", 1)


def tempogram(
    *,
    y: Array | None = None,
    sr: float = 22050,
    onset_envelope: Array | None = None,
    hop_length: int = 512,
    win_length: int = 384,
    center: bool = True,
    window: Any = "hann",
    norm: float | None = np.inf,
) -> Array:
    """How much an onset envelope is like itself at each lag, around each frame."""
    size, scale = count("win_length", win_length), norm_or_none(norm)
    window, envelope = window_of(window, size), envelope_of(y, sr, onset_envelope, hop_length)
    fits_frames("the tempogram", size, envelope, 1)
    made = channels(
        lambda e: _native.tempogram(single(e), size, bool(center), window, scale), envelope, 1
    )
    return made.astype(np.float64)


def fourier_tempogram(
    *,
    y: Array | None = None,
    sr: float = 22050,
    onset_envelope: Array | None = None,
    hop_length: int = 512,
    win_length: int = 384,
    center: bool = True,
    window: Any = "hann",
) -> Array:
    """The Fourier transform of an onset envelope, around each frame."""
    size = count("win_length", win_length)
    window, envelope = window_of(window, size), envelope_of(y, sr, onset_envelope, hop_length)
    fits_frames("the tempogram", size, envelope, 1)
    made = channels(
        lambda e: _native.fourier_tempogram(single(e), size, bool(center), window), envelope, 1
    )
    return like(made, envelope)


def hybrid_tempogram(
    *,
    y: Array | None = None,
    sr: float = 22050,
    onset_envelope: Array | None = None,
    hop_length: int = 512,
    win_length: int = 384,
    center: bool = True,
    window: Any = "hann",
    **kwargs: Any,
) -> Array:
    """What both tempograms have at each tempo."""
    if kwargs:
        raise refuse(", ".join(sorted(kwargs)), "leave it out")
    size, hop, hz = (
        count("win_length", win_length),
        count("hop_length", hop_length),
        rate("sr", sr),
    )
    window, envelope = window_of(window, size), envelope_of(y, sr, onset_envelope, hop_length)
    fits_frames("the tempogram", size, envelope, 1)
    made = channels(
        lambda e: _native.hybrid_tempogram(single(e), hz, hop, size, bool(center), window),
        envelope,
        1,
    )
    return made.astype(np.float64)


def tempo(
    *,
    y: Array | None = None,
    sr: float = 22050,
    onset_envelope: Array | None = None,
    tg: Array | None = None,
    hop_length: int = 512,
    start_bpm: float = 120,
    std_bpm: float = 1.0,
    ac_size: float = 8.0,
    max_tempo: float | None = 320.0,
    aggregate: Any = np.mean,
    prior: Any = None,
) -> Array:
    """The likeliest tempo, in beats a minute; of each frame with `aggregate=None`."""
    if prior is not None:
        raise refuse("prior", "name start_bpm and std_bpm")
    hz, hop = rate("sr", sr), count("hop_length", hop_length)
    options = (
        number("start_bpm", start_bpm),
        number("std_bpm", std_bpm),
        number_or_none("max_tempo", max_tempo),
    )
    if tg is None:
        size = int(time_to_frames(number("ac_size", ac_size), sr=hz, hop_length=hop))
        tg = tempogram(
            y=y, sr=hz, onset_envelope=onset_envelope, hop_length=hop, win_length=max(size, 1)
        )
    grams = matrix(tg, "tg")
    if aggregate is None:
        return channels(lambda tg: _native.tempo_of_frames(real(tg), hz, hop, options), grams, 2)
    if aggregate is not np.mean:
        grams = matrix(aggregate(grams, axis=-1, keepdims=True), "the aggregated tg")
    return channels(lambda tg: np.array([_native.tempo(real(tg), hz, hop, options)]), grams, 2)


def tempogram_ratio(
    *,
    y: Array | None = None,
    sr: float = 22050,
    onset_envelope: Array | None = None,
    tg: Array | None = None,
    bpm: Any = None,
    hop_length: int = 512,
    win_length: int = 384,
    start_bpm: float = 120,
    std_bpm: float = 1.0,
    max_tempo: float | None = 320.0,
    freqs: Any = None,
    factors: Any = None,
    aggregate: Any = None,
    prior: Any = None,
    center: bool = True,
    window: Any = "hann",
    kind: str = "linear",
    fill_value: float = 0,
    norm: float | None = np.inf,
) -> Array:
    """What a tempogram has at parts and multiples of its tempo."""
    if tg is None:
        tg = tempogram(
            y=y,
            sr=sr,
            onset_envelope=onset_envelope,
            hop_length=hop_length,
            win_length=win_length,
            center=center,
            window=window,
            norm=norm,
        )
    grams = matrix(tg, "tg")
    if freqs is None:
        freqs = tempo_frequencies(grams.shape[-2], hop_length=hop_length, sr=sr)
    if bpm is None:
        bpm = tempo(
            sr=sr,
            tg=grams,
            hop_length=hop_length,
            start_bpm=start_bpm,
            std_bpm=std_bpm,
            max_tempo=max_tempo,
            aggregate=None,
            prior=prior,
        )
    parts = np.asarray(METRIC_FACTORS if factors is None else factors, dtype=float)
    made = f0_harmonics(
        grams, f0=bpm, freqs=freqs, harmonics=parts, kind=kind, fill_value=fill_value
    )
    return made if aggregate is None else aggregate(made, axis=-1)


def metrogram(
    *,
    tg: Array,
    freqs: Any,
    factors: Any = None,
    aggregate: Any = np.sum,
    kind: str = "linear",
    fill_value: float = 0,
) -> Array:
    """How likely each metre is: how much of a tempogram comes again at parts of its tempos."""
    grams = matrix(np.abs(tg) if np.iscomplexobj(tg) else tg, "tg")
    parts = double(METRE_FACTORS if factors is None else factors, "factors")
    found = interp_harmonics(grams, freqs=freqs, harmonics=parts, kind=kind, fill_value=fill_value)
    product = found * np.expand_dims(grams, axis=-3)
    return product if aggregate is None else aggregate(product, axis=-2)
