"""Beats and pulses."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import _native
from ._arguments import (
    Array,
    channels,
    count,
    double,
    like,
    number,
    number_or_none,
    rate,
    refuse,
    single,
)
from .feature.rhythm import envelope_of
from .onset import in_units
from .util.exceptions import ParameterError

__all__ = ["beat_track", "plp"]


def beat_track(
    *,
    y: Array | None = None,
    sr: float = 22050,
    onset_envelope: Array | None = None,
    hop_length: int = 512,
    start_bpm: float = 120.0,
    tightness: float = 100,
    trim: bool = True,
    bpm: Any = None,
    prior: Any = None,
    units: str = "frames",
    sparse: bool = True,
) -> tuple[Any, Array]:
    """The tempo in beats a minute, and the frames, samples or times of the beats."""
    if prior is not None:
        raise refuse("prior", "name start_bpm, or the tempo itself as bpm")
    hz, hop = rate("sr", sr), count("hop_length", hop_length)
    envelope = envelope_of(y, hz, onset_envelope, hop, aggregate=np.median)
    given = [] if bpm is None else double(bpm, "bpm").tolist()
    options = (
        number("start_bpm", start_bpm),
        number("tightness", tightness),
        bool(trim),
        given,
    )
    if sparse and envelope.ndim != 1:
        raise ParameterError(f"sparse=True takes one channel, not {envelope.ndim} dimensions")
    if envelope.ndim > 1 and len(given) > 1:
        raise refuse("bpm of many channels", "track each channel by itself")

    def track(envelope: Array) -> tuple[Array, Array]:
        tempo, beats = _native.beat_track(single(envelope), hz, hop, options)
        is_beat = np.zeros(envelope.shape, dtype=bool)
        is_beat[beats] = True
        return np.array([tempo]), is_beat

    tempo, is_beat = channels(track, envelope, 1)
    if not envelope.any():
        tempo = 0.0 if sparse else np.zeros(envelope.shape[:-1])
    elif bpm is not None:
        tempo = bpm
    if not sparse:
        return tempo, is_beat
    return tempo, in_units(np.flatnonzero(is_beat), units, hz, hop)


def plp(
    *,
    y: Array | None = None,
    sr: float = 22050,
    onset_envelope: Array | None = None,
    hop_length: int = 512,
    win_length: int = 384,
    tempo_min: float | None = 30,
    tempo_max: float | None = 300,
    prior: Any = None,
) -> Array:
    """Where a pulse of the locally strongest tempo beats, from 0 to 1."""
    if prior is not None:
        raise refuse("prior", "name tempo_min and tempo_max")
    hz, hop = rate("sr", sr), count("hop_length", hop_length)
    size = count("win_length", win_length)
    ends = (number_or_none("tempo_min", tempo_min), number_or_none("tempo_max", tempo_max))
    envelope = envelope_of(y, hz, onset_envelope, hop, aggregate=np.median)
    made = channels(lambda e: _native.plp(single(e), hz, hop, size, ends), envelope, 1)
    return like(made, envelope)
