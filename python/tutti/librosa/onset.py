"""Where notes begin."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import _native
from ._arguments import (
    Array,
    channels,
    count,
    matrix,
    number,
    rate,
    real,
    reduced,
    refuse,
    rounded,
    single,
    text,
)
from .core.convert import frames_to_samples, frames_to_time
from .core.spectrum import power_to_db
from .feature.spectral import melspectrogram
from .util.exceptions import ParameterError

__all__ = ["onset_backtrack", "onset_detect", "onset_strength", "onset_strength_multi"]

_AGGREGATES = {np.mean: "mean", np.median: "median", np.max: "max", np.min: "min", None: "mean"}


def in_units(frames: Array, units: str, sr: float, hop_length: int) -> Array:
    """Frames as they are, as samples or as seconds."""
    if units == "frames":
        return frames
    if units == "samples":
        return frames_to_samples(frames, hop_length=hop_length)
    if units == "time":
        return frames_to_time(frames, hop_length=hop_length, sr=sr)
    raise ParameterError(f'units is {units!r}, but must be "frames", "samples" or "time"')


def _peak(more: dict[str, Any], sr: float, hop_length: int) -> tuple[Any, ...]:
    """How peaks are picked: by librosa's defaults where nothing else is said."""

    def frames(seconds: float) -> float:
        return seconds * sr // hop_length

    peak = (
        rounded("pre_max", more.pop("pre_max", frames(0.03))),
        rounded("post_max", more.pop("post_max", frames(0.0) + 1), 1),
        rounded("pre_avg", more.pop("pre_avg", frames(0.1))),
        rounded("post_avg", more.pop("post_avg", frames(0.1) + 1), 1),
        number("delta", more.pop("delta", 0.07)),
        rounded("wait", more.pop("wait", frames(0.03))),
        text("method", more.pop("method", "greedy")),
    )
    if more:
        raise TypeError(f"onset_detect() takes no {', '.join(sorted(more))}")
    return peak


def onset_detect(
    *,
    y: Array | None = None,
    sr: float = 22050,
    onset_envelope: Array | None = None,
    hop_length: int = 512,
    backtrack: bool = False,
    energy: Array | None = None,
    units: str = "frames",
    normalize: bool = True,
    sparse: bool = True,
    **kwargs: Any,
) -> Array:
    """The frames, samples or times at which notes begin; further arguments are `peak_pick`'s."""
    hz, hop = rate("sr", sr), count("hop_length", hop_length)
    peak = _peak(dict(kwargs), hz, hop)
    if onset_envelope is None:
        if y is None:
            raise ParameterError("there is neither y nor onset_envelope")
        onset_envelope = onset_strength(y=y, sr=hz, hop_length=hop)
    envelope = matrix(onset_envelope, "onset_envelope", 1)

    def frames_of(envelope: Array) -> Array:
        return _native.onset_detect(single(envelope), hz, hop, bool(normalize), peak)

    if not sparse:
        if backtrack:
            raise ParameterError("backtrack=True needs sparse=True")

        def dense(envelope: Array) -> Array:
            is_onset = np.zeros(envelope.shape, dtype=bool)
            is_onset[frames_of(envelope)] = True
            return is_onset

        return channels(dense, envelope, 1)
    if envelope.ndim != 1:
        raise ParameterError(f"sparse=True takes one channel, not {envelope.ndim} dimensions")
    onsets = frames_of(envelope)
    if backtrack and len(onsets):
        onsets = onset_backtrack(onsets, envelope if energy is None else energy)
    return in_units(onsets, units, hz, hop)


def onset_backtrack(events: Any, energy: Any) -> Array:
    """Events moved back to where the energy before them is least."""
    curve = matrix(np.atleast_1d(energy), "energy", 1)
    if curve.ndim != 1:
        raise ParameterError(f"energy has {curve.ndim} dimensions, but must have 1")
    frames = [count("an event", each, 0) for each in np.atleast_1d(events).tolist()]
    return _native.onset_backtrack(frames, single(curve))


def onset_strength(
    *,
    y: Array | None = None,
    sr: float = 22050,
    S: Array | None = None,
    lag: int = 1,
    max_size: int = 1,
    ref: Array | None = None,
    detrend: bool = False,
    center: bool = True,
    feature: Any = None,
    aggregate: Any = None,
    **kwargs: Any,
) -> Array:
    """By how much the bands of each frame rise; further arguments are those of `feature`."""
    if aggregate is False:
        raise ParameterError("aggregate is False, but must be a function")
    made = onset_strength_multi(
        y=y,
        sr=sr,
        S=S,
        lag=lag,
        max_size=max_size,
        ref=ref,
        detrend=detrend,
        center=center,
        feature=feature,
        aggregate=aggregate,
        channels=None,
        **kwargs,
    )
    return made[..., 0, :]


def onset_strength_multi(
    *,
    y: Array | None = None,
    sr: float = 22050,
    S: Array | None = None,
    n_fft: int = 2048,
    hop_length: int = 512,
    lag: int = 1,
    max_size: int = 1,
    ref: Array | None = None,
    detrend: bool = False,
    center: bool = True,
    feature: Any = None,
    aggregate: Any = None,
    channels: Any = None,
    **kwargs: Any,
) -> Array:
    """The same for the bands from each of `channels` to the next: a row for each."""
    if ref is not None:
        raise refuse("ref", "leave it out: bands are compared with themselves")
    how = reduced(aggregate, _AGGREGATES)
    if how is None:
        raise refuse("aggregate of one's own", "name numpy's mean, median, max or min")
    size, hop = count("n_fft", n_fft), count("hop_length", hop_length)
    options = (
        count("lag", lag),
        count("max_size", max_size),
        bool(detrend),
        bool(center),
        size,
        hop,
        how,
    )
    if S is None:
        if y is None:
            raise ParameterError("there is neither y nor S")
        if feature is None:
            feature = melspectrogram
            kwargs.setdefault("fmax", 0.5 * sr)
        S = power_to_db(np.abs(feature(y=y, sr=sr, n_fft=size, hop_length=hop, **kwargs)))
    s = matrix(np.atleast_2d(S))
    edges = _edges(channels, s.shape[-2])
    made = _each(lambda s: _native.onset_strength_multi(real(s), edges, options), s)
    wide = detrend or s.dtype == np.float64
    return made.astype(np.float64 if wide else np.float32, copy=False)


def _edges(channels: Any, bands: int) -> list[int]:
    """The bands at which channels begin and end."""
    if channels is None:
        return [0, bands]
    edges = list(channels)
    if edges and isinstance(edges[0], slice):
        raise refuse("channels that are slices", "hand in the bands at which they begin and end")
    return [count("a channel's band", each, 0) for each in edges]


def _each(work: Any, s: Array) -> Array:
    return channels(work, s, 2)
