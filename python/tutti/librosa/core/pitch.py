"""Fundamental frequencies, pitches of spectra, and tuning."""

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
    count_or_none,
    fits,
    fits_frames,
    like,
    matrix,
    number,
    rate,
    real,
    refuse,
    single,
    text,
)
from .spectrum import spectrogram_of

__all__ = ["estimate_tuning", "piptrack", "pitch_tuning", "pyin", "yin"]


def estimate_tuning(
    *,
    y: Array | None = None,
    sr: float = 22050,
    S: Array | None = None,
    n_fft: int | None = 2048,
    resolution: float = 0.01,
    bins_per_octave: int = 12,
    **kwargs: Any,
) -> float:
    """How far the louder half of all pitches lies from the bins of an octave, in bins."""
    pitches, magnitudes = piptrack(y=y, sr=sr, S=S, n_fft=n_fft, **kwargs)
    there = pitches > 0
    least = np.median(magnitudes[there]) if there.any() else 0.0
    loud = pitches[(magnitudes >= least) & there]
    return pitch_tuning(loud, resolution=resolution, bins_per_octave=bins_per_octave)


def pitch_tuning(frequencies: Any, *, resolution: float = 0.01, bins_per_octave: int = 12) -> float:
    """How far most frequencies lie from the bins of an octave, from -0.5 to 0.5 bins."""
    hz = matrix(np.atleast_1d(frequencies), "frequencies", 1).reshape(-1)
    hz = hz[hz > 0]
    if hz.size == 0:
        warnings.warn("there is no frequency to tell a tuning from", stacklevel=2)
    per, step = count("bins_per_octave", bins_per_octave), number("resolution", resolution)
    return _native.pitch_tuning(single(hz), step, per)


def piptrack(
    *,
    y: Array | None = None,
    sr: float = 22050,
    S: Array | None = None,
    n_fft: int | None = 2048,
    hop_length: int | None = None,
    fmin: float = 150.0,
    fmax: float = 4000.0,
    threshold: float = 0.1,
    win_length: int | None = None,
    window: Any = "hann",
    center: bool = True,
    pad_mode: Any = "constant",
    ref: Any = None,
) -> tuple[Array, Array]:
    """The pitch and the magnitude of each peak of spectra, 0 where there is none."""
    if ref not in (None, np.max):
        raise refuse("ref", "leave it out: a peak is compared with the greatest of its frame")
    s = None if S is None else np.abs(S)
    s, _ = spectrogram_of(y, s, n_fft, hop_length, win_length, window, center, pad_mode)
    hz, least = rate("sr", sr), number("threshold", threshold)
    low, high = number("fmin", fmin), number("fmax", fmax)
    found = channels(lambda s: _native.piptrack(real(s), hz, low, high, least), s, 2)
    return like(found[0], s), like(found[1], s)


def _yin(
    fmin: Any, fmax: Any, frame_length: Any, hop_length: Any, center: Any, pad_mode: Any
) -> tuple[Any, ...]:
    size, hop = count("frame_length", frame_length), count_or_none("hop_length", hop_length)
    mode = text("pad_mode", pad_mode) if center else None
    return (number("fmin", fmin), number("fmax", fmax), size, hop, mode)


def yin(
    y: Array,
    *,
    fmin: float,
    fmax: float,
    sr: float = 22050,
    frame_length: int = 2048,
    hop_length: int | None = None,
    trough_threshold: float = 0.1,
    center: bool = True,
    pad_mode: Any = "constant",
) -> Array:
    """The fundamental frequency of each frame."""
    y, hz, least = audio(y), rate("sr", sr), number("trough_threshold", trough_threshold)
    options = _yin(fmin, fmax, frame_length, hop_length, center, pad_mode)
    return channels(lambda y: _native.yin(single(y), hz, options, least), y, 1)


def pyin(
    y: Array,
    *,
    fmin: float,
    fmax: float,
    sr: float = 22050,
    frame_length: int = 2048,
    hop_length: int | None = None,
    n_thresholds: int = 100,
    beta_parameters: tuple[float, float] = (2, 18),
    boltzmann_parameter: float = 2,
    resolution: float = 0.1,
    max_transition_rate: float = 35.92,
    switch_prob: float = 0.01,
    no_trough_prob: float = 0.01,
    fill_na: float | None = np.nan,
    center: bool = True,
    pad_mode: Any = "constant",
    transition_min_prob: float = 1e-4,
) -> tuple[Array, Array, Array]:
    """The fundamental frequency of each frame where one goes on from frame to frame, whether there
    is a voice, and how probable one is.
    """
    y, hz = audio(y), rate("sr", sr)
    options = _yin(fmin, fmax, frame_length, hop_length, center, pad_mode)
    first, second = beta_parameters
    prior = (
        count("n_thresholds", n_thresholds),
        (number("beta_parameters", first), number("beta_parameters", second)),
        number("boltzmann_parameter", boltzmann_parameter),
        number("resolution", resolution),
        number("max_transition_rate", max_transition_rate),
        number("switch_prob", switch_prob),
        number("no_trough_prob", no_trough_prob),
        None if fill_na is None else float(fill_na),
        number("transition_min_prob", transition_min_prob),
    )
    # What cannot be a pitch or a step is refused below.
    (low, high, size, hop), step = options[:4], prior[3]
    octaves = np.log2(high / low) if 0 < low < high else 0.0
    pitches = 1 + int(min(12 * octaves / step, 2**53)) if step > 0 else 1
    fits("the thresholds", size, prior[0])
    fits_frames("the path", 2 * pitches, y, hop or max(1, size // 4))
    return channels(lambda y: _native.pyin(single(y), hz, options, prior), y, 1)
