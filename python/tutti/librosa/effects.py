"""Signals that are changed: parted, stretched, shifted, cut."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import _native
from ._arguments import (
    Array,
    audio,
    channels,
    count,
    frames,
    like,
    number,
    only_soxr_hq,
    rate,
    refuse,
    refuse_more,
    rounded,
    single,
)
from .core.audio import to_mono, zero_crossings
from .core.convert import frames_to_samples
from .core.spectrum import amplitude_to_db
from .decompose import hpss_of
from .feature.spectral import rms
from .util.exceptions import ParameterError
from .util.matching import match_events

__all__ = [
    "deemphasis",
    "harmonic",
    "hpss",
    "percussive",
    "pitch_shift",
    "preemphasis",
    "remix",
    "split",
    "time_stretch",
    "trim",
]


def _parted(of: Any, y: Array, parts: Any, window: Any, mask: bool, *framed: Any) -> Any:
    """librosa transforms with a Hann window here, whatever `window` is."""
    if mask:
        raise refuse("mask=True", "take decompose.hpss of stft(y)")
    if window != "hann":
        raise refuse(f"window={window!r}", 'leave it at "hann", which librosa takes in any case')
    y = audio(y)
    n_fft, hop_length, win_length, center, pad_mode = framed
    options, how = frames(n_fft, hop_length, win_length, "hann", center, pad_mode), hpss_of(*parts)
    return y, channels(lambda y: of(single(y), options, how), y, 1)


def hpss(
    y: Array,
    *,
    kernel_size: Any = 31,
    power: float = 2.0,
    mask: bool = False,
    margin: Any = 1.0,
    n_fft: int = 2048,
    hop_length: int | None = None,
    win_length: int | None = None,
    window: Any = "hann",
    center: bool = True,
    pad_mode: Any = "constant",
) -> tuple[Array, Array]:
    """The harmonic and the percussive part of a signal."""
    parts, framed = (kernel_size, power, margin), (n_fft, hop_length, win_length, center, pad_mode)
    y, made = _parted(_native.hpss, y, parts, window, mask, *framed)
    return like(made[0], y), like(made[1], y)


def harmonic(
    y: Array,
    *,
    kernel_size: Any = 31,
    power: float = 2.0,
    mask: bool = False,
    margin: Any = 1.0,
    n_fft: int = 2048,
    hop_length: int | None = None,
    win_length: int | None = None,
    window: Any = "hann",
    center: bool = True,
    pad_mode: Any = "constant",
) -> Array:
    """The harmonic part of a signal."""
    parts, framed = (kernel_size, power, margin), (n_fft, hop_length, win_length, center, pad_mode)
    y, made = _parted(_native.harmonic, y, parts, window, mask, *framed)
    return like(made, y)


def percussive(
    y: Array,
    *,
    kernel_size: Any = 31,
    power: float = 2.0,
    mask: bool = False,
    margin: Any = 1.0,
    n_fft: int = 2048,
    hop_length: int | None = None,
    win_length: int | None = None,
    window: Any = "hann",
    center: bool = True,
    pad_mode: Any = "constant",
) -> Array:
    """The percussive part of a signal."""
    parts, framed = (kernel_size, power, margin), (n_fft, hop_length, win_length, center, pad_mode)
    y, made = _parted(_native.percussive, y, parts, window, mask, *framed)
    return like(made, y)


def _stft(more: dict[str, Any]) -> Any:
    names = ("n_fft", "hop_length", "win_length", "window", "center")
    options = {name: more.pop(name) for name in names if name in more}
    refuse_more("the transform", more)
    return frames(**{"n_fft": 2048, "hop_length": None, "win_length": None, **options})


def time_stretch(y: Array, *, rate: float, **kwargs: Any) -> Array:
    """A signal at `rate` times its speed, as high as it was; further arguments are `stft`'s."""
    y, speed, options = audio(y), number("rate", rate), _stft(kwargs)
    return like(channels(lambda y: _native.time_stretch(single(y), speed, options), y, 1), y)


def pitch_shift(
    y: Array,
    *,
    sr: float,
    n_steps: float,
    bins_per_octave: int = 12,
    res_type: str = "soxr_hq",
    scale: bool = False,
    **kwargs: Any,
) -> Array:
    """A signal `n_steps` higher, as long as it was; further arguments are those of `stft`."""
    only_soxr_hq(res_type)
    y, hz, options = audio(y), rate("sr", sr), _stft(kwargs)
    shift = (number("n_steps", n_steps), count("bins_per_octave", bins_per_octave), bool(scale))
    return like(channels(lambda y: _native.pitch_shift(single(y), hz, shift, options), y, 1), y)


def remix(y: Array, intervals: Any, *, align_zeros: bool = True) -> Array:
    """Parts of a signal one after the other, cut where it changes its sign."""
    y = audio(y)
    parts = [tuple(rounded("a sample", end) for end in np.atleast_1d(part)) for part in intervals]
    if any(len(part) != 2 or part[1] < part[0] for part in parts):
        raise ParameterError("intervals must be pairs of samples, the second not less")
    if not parts:
        raise ParameterError("there is no interval")
    if y.ndim == 1:
        return like(_native.remix(single(y), parts, bool(align_zeros)), y)
    if align_zeros:
        # Of all channels together, so that they stay beside each other.
        mono = to_mono(y)
        zeros = np.append(np.flatnonzero(zero_crossings(mono)), len(mono))
        parts = [tuple(zeros[match_events(part, zeros)].tolist()) for part in parts]
    return np.concatenate([y[..., start:end] for start, end in parts], axis=-1)


def _silence(
    y: Array, top_db: Any, ref: Any, frame_length: Any, hop_length: Any
) -> tuple[Any, ...] | None:
    """How the library looks for silence; none where librosa's way is to be gone."""
    if y.ndim > 1 or (callable(ref) and ref is not np.max):
        return None
    reference = None if ref is np.max else number("ref", ref)
    size, hop = count("frame_length", frame_length), count("hop_length", hop_length)
    return (number("top_db", top_db), reference, size, hop)


def _loud(y: Array, top_db: Any, ref: Any, size: int, hop: int, aggregate: Any) -> Array:
    """Whether each frame is not silent, of all channels together."""
    level = rms(y=y, frame_length=size, hop_length=hop)[..., 0, :]
    decibels = np.asarray(amplitude_to_db(level, ref=ref, top_db=None))
    if decibels.ndim > 1:
        decibels = aggregate(decibels.reshape((-1, decibels.shape[-1])), axis=0)
    return decibels > -number("top_db", top_db)


def _edges(loud: Array, length: int, hop: int) -> Array:
    """From and to which sample each part that is not silent goes."""
    changes = np.flatnonzero(np.diff(np.concatenate(([False], loud, [False])).astype(int)))
    samples = frames_to_samples(changes, hop_length=hop)
    return np.minimum(samples, length).reshape((-1, 2))


def trim(
    y: Array,
    *,
    top_db: float = 60,
    ref: Any = np.max,
    frame_length: int = 2048,
    hop_length: int = 512,
    aggregate: Any = np.max,
) -> tuple[Array, Array]:
    """A signal without silence at its ends, and from and to which sample it lay."""
    y = audio(y)
    silence = _silence(y, top_db, ref, frame_length, hop_length)
    if silence is not None:
        start, end = _native.trim(single(y), silence)
    else:
        loud = _loud(y, top_db, ref, frame_length, hop_length, aggregate)
        edges = _edges(loud, y.shape[-1], hop_length)
        start, end = (edges[0, 0], edges[-1, 1]) if len(edges) else (0, 0)
    return y[..., start:end], np.asarray([start, end])


def split(
    y: Array,
    *,
    top_db: float = 60,
    ref: Any = np.max,
    frame_length: int = 2048,
    hop_length: int = 512,
    aggregate: Any = np.max,
) -> Array:
    """From and to which sample each part that is not silent goes: a row for each."""
    y = audio(y)
    silence = _silence(y, top_db, ref, frame_length, hop_length)
    if silence is not None:
        return _native.split(single(y), silence)
    loud = _loud(y, top_db, ref, frame_length, hop_length, aggregate)
    return _edges(loud, y.shape[-1], hop_length)


def _emphasis(of: Any, y: Array, coef: Any, zi: Any, return_zf: bool) -> Array:
    if return_zf:
        raise refuse("return_zf=True", "filter the whole signal at once")
    y, weight = audio(y), number("coef", coef)
    if zi is None:
        return like(channels(lambda y: of(single(y), weight, None), y, 1), y)
    states = np.asarray(zi, dtype=float).reshape(-1)
    size = int(np.prod(y.shape[:-1]))
    if states.size not in (1, size):
        raise ParameterError(f"zi has {states.size} values, but there are {size} channels")
    each = iter(np.broadcast_to(states, (size,)).tolist())
    return like(channels(lambda y: of(single(y), weight, next(each)), y, 1), y)


def preemphasis(y: Array, *, coef: float = 0.97, zi: Any = None, return_zf: bool = False) -> Array:
    """Each sample less `coef` times the one before."""
    return _emphasis(_native.preemphasis, y, coef, zi, return_zf)


def deemphasis(y: Array, *, coef: float = 0.97, zi: Any = None, return_zf: bool = False) -> Array:
    """The inverse of `preemphasis`."""
    return _emphasis(_native.deemphasis, y, coef, zi, return_zf)
