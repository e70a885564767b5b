"""Units of time, frequency and loudness."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ... import _native
from .._arguments import (
    Array,
    count,
    double,
    norm_or_none,
    number,
    number_or_none,
    rate,
    refuse_more,
    text,
)
from ..util.exceptions import ParameterError

__all__ = [
    "A4_to_tuning",
    "A_weighting",
    "B_weighting",
    "C_weighting",
    "D_weighting",
    "Z_weighting",
    "blocks_to_frames",
    "blocks_to_samples",
    "blocks_to_time",
    "cqt_frequencies",
    "fft_frequencies",
    "fourier_tempo_frequencies",
    "frames_to_samples",
    "frames_to_time",
    "frequency_weighting",
    "hz_to_mel",
    "hz_to_midi",
    "hz_to_octs",
    "mel_frequencies",
    "mel_to_hz",
    "midi_to_hz",
    "multi_frequency_weighting",
    "octs_to_hz",
    "samples_like",
    "samples_to_frames",
    "samples_to_time",
    "tempo_frequencies",
    "time_to_frames",
    "time_to_samples",
    "times_like",
    "tuning_to_A4",
]


def each(of: Callable[[Array], Array], values: Any, name: str) -> Any:
    """`of` each value, in the shape in which they came."""
    return of(double(values, name)).reshape(np.shape(values))[()]


def _numbers(values: Any, name: str) -> Array:
    array = np.asanyarray(values)
    if not np.issubdtype(array.dtype, np.number) or np.iscomplexobj(array):
        raise ParameterError(f"{name} must be real numbers")
    if not np.all(np.isfinite(array)):
        raise ParameterError(f"{name} must be finite")
    return array


def _offset(n_fft: int | None) -> int:
    return 0 if n_fft is None else count("n_fft", n_fft) // 2


def frames_to_samples(frames: Any, *, hop_length: int = 512, n_fft: int | None = None) -> Any:
    """The samples at which frames are centred."""
    made = _numbers(frames, "frames") * number("hop_length", hop_length) + _offset(n_fft)
    return made.astype(int)[()]


def samples_to_frames(samples: Any, *, hop_length: int = 512, n_fft: int | None = None) -> Any:
    """The last frames that are centred at or before samples."""
    made = (_numbers(samples, "samples") - _offset(n_fft)) // rate("hop_length", hop_length)
    return np.asarray(np.floor(made), dtype=int)[()]


def frames_to_time(
    frames: Any, *, sr: float = 22050, hop_length: int = 512, n_fft: int | None = None
) -> Any:
    """The times of frames, in seconds."""
    samples = frames_to_samples(frames, hop_length=hop_length, n_fft=n_fft)
    return samples_to_time(samples, sr=sr)


def time_to_frames(
    times: Any, *, sr: float = 22050, hop_length: int = 512, n_fft: int | None = None
) -> Any:
    """The frames of times in seconds."""
    samples = time_to_samples(times, sr=sr)
    return samples_to_frames(samples, hop_length=hop_length, n_fft=n_fft)


def time_to_samples(times: Any, *, sr: float = 22050) -> Any:
    """The samples at or towards zero from times in seconds."""
    return (_numbers(times, "times") * rate("sr", sr)).astype(int)[()]


def samples_to_time(samples: Any, *, sr: float = 22050) -> Any:
    """The times of samples, in seconds."""
    return (_numbers(samples, "samples") / rate("sr", sr))[()]


def blocks_to_frames(blocks: Any, *, block_length: int) -> Any:
    """The first frames of blocks of `block_length` frames."""
    return (count("block_length", block_length) * _numbers(blocks, "blocks"))[()]


def blocks_to_samples(blocks: Any, *, block_length: int, hop_length: int) -> Any:
    """The first samples of blocks."""
    frames = blocks_to_frames(blocks, block_length=block_length)
    return frames_to_samples(frames, hop_length=hop_length)


def blocks_to_time(blocks: Any, *, block_length: int, hop_length: int, sr: float) -> Any:
    """The times of blocks, in seconds."""
    samples = blocks_to_samples(blocks, block_length=block_length, hop_length=hop_length)
    return samples_to_time(samples, sr=sr)


def samples_like(X: Any, *, hop_length: int = 512, n_fft: int | None = None, axis: int = -1) -> Any:
    """The samples at which the frames of `X`, or so many frames, are centred."""
    frames = np.arange(count("X", X, 0) if np.ndim(X) == 0 else np.shape(X)[axis])
    return frames_to_samples(frames, hop_length=hop_length, n_fft=n_fft)


def times_like(
    X: Any, *, sr: float = 22050, hop_length: int = 512, n_fft: int | None = None, axis: int = -1
) -> Any:
    """The same in seconds."""
    return samples_to_time(samples_like(X, hop_length=hop_length, n_fft=n_fft, axis=axis), sr=sr)


def midi_to_hz(notes: Any) -> Any:
    """The frequencies of notes, of which 69 is 440 Hz."""
    return each(_native.midi_to_hz, notes, "notes")


def hz_to_midi(frequencies: Any) -> Any:
    """The notes of frequencies, of which 440 Hz is 69."""
    return each(_native.hz_to_midi, frequencies, "frequencies")


def hz_to_mel(frequencies: Any, *, htk: bool = False) -> Any:
    """Slaney's mel scale, or HTK's."""
    return each(lambda hz: _native.hz_to_mel(hz, bool(htk)), frequencies, "frequencies")


def mel_to_hz(mels: Any, *, htk: bool = False) -> Any:
    """From Slaney's mel scale, or HTK's."""
    return each(lambda mel: _native.mel_to_hz(mel, bool(htk)), mels, "mels")


def hz_to_octs(frequencies: Any, *, tuning: float = 0.0, bins_per_octave: int = 12) -> Any:
    """Octaves above the lowest A."""
    at, per = number("tuning", tuning), count("bins_per_octave", bins_per_octave)
    return each(lambda hz: _native.hz_to_octs(hz, at, per), frequencies, "frequencies")


def octs_to_hz(octs: Any, *, tuning: float = 0.0, bins_per_octave: int = 12) -> Any:
    """From octaves above the lowest A."""
    at, per = number("tuning", tuning), count("bins_per_octave", bins_per_octave)
    return each(lambda octs: _native.octs_to_hz(octs, at, per), octs, "octs")


def A4_to_tuning(A4: Any, *, bins_per_octave: int = 12) -> Any:
    """How far an A lies from 440 Hz, in bins."""
    per = count("bins_per_octave", bins_per_octave)
    return each(lambda a4: _native.a4_to_tuning(a4, per), A4, "A4")


def tuning_to_A4(tuning: Any, *, bins_per_octave: int = 12) -> Any:
    """The A that lies some bins from 440 Hz."""
    per = count("bins_per_octave", bins_per_octave)
    return each(lambda at: _native.tuning_to_a4(at, per), tuning, "tuning")


def fft_frequencies(*, sr: float = 22050, n_fft: int = 2048) -> Array:
    """The frequencies of the bins of a Fourier transform, in Hz."""
    return _native.fft_frequencies(rate("sr", sr), count("n_fft", n_fft))


def cqt_frequencies(
    n_bins: int, *, fmin: float, bins_per_octave: int = 12, tuning: float = 0.0
) -> Array:
    """The frequencies of the bins of a constant-Q transform, in Hz."""
    size, per = count("n_bins", n_bins, 0), count("bins_per_octave", bins_per_octave)
    return _native.cqt_frequencies(size, rate("fmin", fmin), per, number("tuning", tuning))


def mel_frequencies(
    n_mels: int = 128, *, fmin: float = 0.0, fmax: float = 11025.0, htk: bool = False
) -> Array:
    """Frequencies that are evenly spread over mels, in Hz."""
    low, high = number("fmin", fmin), number("fmax", fmax)
    return _native.mel_frequencies(count("n_mels", n_mels, 0), low, high, bool(htk))


def tempo_frequencies(n_bins: int, *, hop_length: int = 512, sr: float = 22050) -> Array:
    """The tempo of each lag of a tempogram, in beats a minute."""
    hop = count("hop_length", hop_length)
    return _native.tempo_frequencies(count("n_bins", n_bins), hop, rate("sr", sr))


def fourier_tempo_frequencies(
    *, sr: float = 22050, win_length: int = 384, hop_length: int = 512
) -> Array:
    """The tempo of each bin of a Fourier tempogram, in beats a minute."""
    size, hop = count("win_length", win_length), count("hop_length", hop_length)
    return _native.fourier_tempo_frequencies(rate("sr", sr), size, hop)


def _weighting(frequencies: Any, kind: str, min_db: float | None) -> Any:
    least = None if min_db is None else norm_or_none(min_db)
    return each(lambda hz: _native.frequency_weighting(hz, kind, least), frequencies, "frequencies")


def A_weighting(frequencies: Any, *, min_db: float | None = -80.0) -> Any:
    """By how many dB quiet tones seem louder."""
    return _weighting(frequencies, "A", min_db)


def B_weighting(frequencies: Any, *, min_db: float | None = -80.0) -> Any:
    """By how many dB tones of middle level seem louder."""
    return _weighting(frequencies, "B", min_db)


def C_weighting(frequencies: Any, *, min_db: float | None = -80.0) -> Any:
    """By how many dB loud tones seem louder."""
    return _weighting(frequencies, "C", min_db)


def D_weighting(frequencies: Any, *, min_db: float | None = -80.0) -> Any:
    """By how many dB the noise of aircraft seems louder."""
    return _weighting(frequencies, "D", min_db)


def Z_weighting(frequencies: Any, *, min_db: float | None = None) -> Any:
    """Nothing at any frequency."""
    return _weighting(frequencies, "Z", min_db)


_DEFAULT = {"A": -80.0, "B": -80.0, "C": -80.0, "D": -80.0, "Z": None}


def frequency_weighting(frequencies: Any, *, kind: str | None = "A", **kwargs: Any) -> Any:
    """By how many dB tones seem louder, by one of the curves A, B, C, D and Z."""
    letter = "Z" if kind is None else text("kind", kind).upper()
    least = kwargs.pop("min_db", _DEFAULT.get(letter))
    refuse_more("frequency_weighting", kwargs)
    return _weighting(frequencies, letter, number_or_none("min_db", least))


def multi_frequency_weighting(frequencies: Any, *, kinds: Any = "ZAC", **kwargs: Any) -> Array:
    """The same by several curves, a row for each."""
    made = [frequency_weighting(frequencies, kind=kind, **kwargs) for kind in kinds]
    if not made:
        raise ParameterError("kinds is empty")
    return np.stack(made, axis=0)
