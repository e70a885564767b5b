"""Recordings as samples, and signals that are changed, measured and made."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np

from ... import _native
from .._arguments import (
    Array,
    along,
    audio,
    count,
    count_or_none,
    double,
    like,
    number,
    number_or_none,
    only_soxr_hq,
    rate,
    refuse,
    refuse_more,
    seconds,
    single,
)
from ..util.arrays import fix_length
from ..util.exceptions import ParameterError
from .convert import frames_to_samples, time_to_samples

__all__ = [
    "autocorrelate",
    "chirp",
    "clicks",
    "get_duration",
    "get_samplerate",
    "load",
    "lpc",
    "mu_compress",
    "mu_expand",
    "resample",
    "stream",
    "to_mono",
    "to_multi",
    "to_stereo",
    "tone",
    "zero_crossings",
]


def recording(path: Any) -> Any:
    """What the library opens: a path, or the bytes of what can be read."""
    if isinstance(path, (bytes, bytearray, memoryview)):
        return bytes(path)
    if isinstance(path, (str, os.PathLike)):
        return os.fspath(path)
    if hasattr(path, "read"):
        made = path.read()
        if isinstance(made, (bytes, bytearray, memoryview)):
            return bytes(made)
        raise ParameterError(f"path.read() gave {type(made).__name__}, but must give bytes")
    raise ParameterError(f"path is {path!r}, but must be a path or a file opened for reading")


def load(
    path: Any,
    *,
    sr: float | None = 22050,
    mono: bool = True,
    offset: float = 0.0,
    duration: float | None = None,
    dtype: Any = np.float32,
    res_type: str = "soxr_hq",
) -> tuple[Array, float]:
    """The samples of a recording, from -1 to 1, and their rate in Hz.

    `path` is a path, or a file opened for reading bytes. They are resampled to `sr`, unless that is
    None; channels are averaged, or with `mono=False` are rows. WAV, AIFF, CAF, FLAC, Ogg Vorbis, MP3,
    AAC, ALAC, MP4, Matroska and more are told by content. What is broken is left out, with a
    warning that says what.

    Raises the system's error where the file cannot be read, `tutti.DecodeError` where it cannot be
    decoded.
    """
    only_soxr_hq(res_type)
    if not np.issubdtype(np.dtype(dtype), np.floating):
        raise ParameterError(f"dtype is {dtype!r}, but must be one of floating-point numbers")
    wanted = None if sr is None else rate("sr", sr)
    length = None if duration is None else seconds("duration", duration)
    opened = recording(path)
    begin = number("offset", offset)
    if begin < 0:
        begin = max(0.0, get_duration(path=opened) + begin)
    made, native, damage = _native.load(opened, wanted, bool(mono), begin, length)
    if damage is not None:
        warnings.warn(f"{path!r}: {damage}", stacklevel=2)
    y = made[:, 0] if mono or made.shape[1] == 1 else made.T
    return y.astype(dtype, copy=False), native if sr is None else sr


def stream(
    path: Any,
    *,
    block_length: int,
    frame_length: int,
    hop_length: int,
    sr: float | None = None,
    mono: bool = True,
    offset: float = 0.0,
    duration: float | None = None,
    fill_value: float | None = None,
    res_type: str = "soxr_hq",
    dtype: Any = np.float32,
) -> Iterator[Array]:
    """Blocks of a recording, of `block_length` frames each; they overlap as frames do.

    Here all of it is decoded first: for what memory cannot hold, take a flow.
    """
    block = count("block_length", block_length)
    frame, hop = count("frame_length", frame_length), count("hop_length", hop_length)
    if hop > frame:
        raise ParameterError(f"hop_length is {hop}, but must be at most frame_length={frame}")
    y, _ = load(
        path, sr=sr, mono=mono, offset=offset, duration=duration, dtype=dtype, res_type=res_type
    )
    return _blocks(y, frame + (block - 1) * hop, block * hop, fill_value)


def _blocks(y: Array, size: int, step: int, fill_value: float | None) -> Iterator[Array]:
    for start in range(0, y.shape[-1], step):
        part = y[..., start : start + size]
        if fill_value is not None and part.shape[-1] < size:
            part = fix_length(part, size=size, axis=-1, constant_values=fill_value)
        yield part


def _combined(layout: tuple[int, ...], dtype: Any, out: Array | None) -> Array:
    if out is None:
        return np.zeros(layout, dtype=dtype)
    if not isinstance(out, np.ndarray):
        raise ParameterError(f"out must be a numpy.ndarray, not {type(out).__name__}")
    if out.shape != layout:
        raise ParameterError(f"out has the shape {out.shape}, but must have {layout}")
    out.fill(0)
    return out


def _sized(signals: tuple[Array, ...], pad: bool) -> tuple[int, Any]:
    if not signals:
        raise ParameterError("there is no signal")
    for each in signals:
        audio(each, "a signal")
    sizes = [each.shape[-1] for each in signals]
    dtype = np.result_type(*[each.dtype for each in signals])
    return (max(sizes) if pad else min(sizes)), dtype


def to_mono(
    *signals: Array, pad: bool = True, norm: bool = True, out: Array | None = None
) -> Array:
    """One channel: the mean, or without `norm` the sum, of all channels of all signals."""
    size, dtype = _sized(signals, pad)
    output = _combined((size,), dtype, out)
    combine = np.mean if norm else np.sum
    for each in signals:
        flat = combine(each, axis=tuple(range(each.ndim - 1)))
        output += fix_length(flat, size=size, axis=-1)
    if norm:
        output /= len(signals)
    return output


def to_stereo(
    *,
    left: Array | None,
    right: Array | None,
    downmix: bool = True,
    pad: bool = True,
    norm: bool = True,
    out: Array | None = None,
) -> Array:
    """Two channels of two signals, each of which may be missing."""
    sides = tuple(each for each in (left, right) if each is not None)
    size, dtype = _sized(sides, pad)
    output = _combined((2, size), dtype, out)
    for index, each in enumerate((left, right)):
        if each is None:
            continue
        each = fix_length(each, size=size, axis=-1)
        if downmix:
            output[index] = to_mono(each, norm=norm)
        elif each.ndim == 1:
            output[index] += each
        elif each.shape[:-1] == (2,):
            output += each
        else:
            raise ParameterError(f"a side has the shape {each.shape}, but downmix=False")
    if not downmix and norm and len(sides) == 2:
        output /= 2
    return output


def to_multi(
    *signals: Array,
    downmix: bool = True,
    pad: bool = True,
    norm: bool = True,
    out: Array | None = None,
) -> Array:
    """As many channels as signals, each made mono; without `downmix`, all signals in one."""
    size, dtype = _sized(signals, pad)
    if downmix:
        output = _combined((len(signals), size), dtype, out)
        for index, each in enumerate(signals):
            output[index] = fix_length(to_mono(each, norm=norm), size=size, axis=-1)
        return output
    lead = signals[0].shape[:-1]
    if any(each.shape[:-1] != lead for each in signals):
        raise ParameterError("signals have different channels, but downmix=False")
    output = _combined((*lead, size), dtype, out)
    for each in signals:
        output += fix_length(each, size=size, axis=-1)
    if norm:
        output /= len(signals)
    return output


def resample(
    y: Array,
    *,
    orig_sr: float,
    target_sr: float,
    res_type: str = "soxr_hq",
    fix: bool = True,
    scale: bool = False,
    axis: int = -1,
    **kwargs: Any,
) -> Array:
    """The signal at another sample rate."""
    refuse_more("resample", kwargs)
    only_soxr_hq(res_type)
    if not fix:
        raise refuse("fix=False", "leave it at True: the length is then rounded up")
    y = audio(y)
    origin, target = rate("orig_sr", orig_sr), rate("target_sr", target_sr)
    if origin == target:
        return y
    made = along(lambda y: _native.resample(single(y), origin, target, bool(scale)), y, axis)
    return made.astype(y.dtype, copy=False)


def get_duration(
    *,
    y: Array | None = None,
    sr: float = 22050,
    S: Array | None = None,
    n_fft: int = 2048,
    hop_length: int = 512,
    center: bool = True,
    path: Any = None,
) -> float:
    """How long a signal, the signal of a spectrogram, or a recording is, in seconds."""
    if path is not None:
        opened = recording(path)
        native, length = _native.info(opened)
        if length is None:
            y, sr = load(opened, sr=None)
            return y.shape[-1] / sr
        return float(length)
    if y is not None:
        return y.shape[-1] / rate("sr", sr)
    if S is None:
        raise ParameterError("there is none of y, S and path")
    samples = n_fft + hop_length * (S.shape[-1] - 1)
    return float(samples - 2 * (n_fft // 2) if center else samples) / rate("sr", sr)


def get_samplerate(path: Any) -> int:
    """The sample rate of a recording, in Hz."""
    return _native.info(recording(path))[0]


def autocorrelate(y: Array, *, max_size: int | None = None, axis: int = -1) -> Array:
    """The products of a signal with itself at each lag."""
    y = audio(y)
    most = count_or_none("max_size", max_size)
    return like(along(lambda y: _native.autocorrelate(single(y), most), y, axis), y)


def lpc(y: Array, *, order: int, axis: int = -1) -> Array:
    """The coefficients of the all-pole filter that predicts a signal best."""
    y, order = audio(y), count("order", order)
    return like(along(lambda y: _native.lpc(single(y), order), y, axis), y)


def zero_crossings(
    y: Array,
    *,
    threshold: float = 1e-10,
    ref_magnitude: Any = None,
    pad: bool = True,
    zero_pos: bool = True,
    axis: int = -1,
) -> Array:
    """Where a signal changes its sign."""
    if not zero_pos:
        raise refuse("zero_pos=False", "leave it at True: zero counts as positive")
    y = np.asarray(y)
    if not np.issubdtype(y.dtype, np.number) or np.iscomplexobj(y) or y.ndim == 0:
        raise ParameterError("y must be an array of real numbers")
    least = number("threshold", threshold)
    if ref_magnitude is not None:
        least *= float(ref_magnitude(np.abs(y)) if callable(ref_magnitude) else ref_magnitude)
    return along(lambda y: _native.zero_crossings(single(y), least, bool(pad)), y, axis)


def tone(
    frequency: float,
    *,
    sr: float = 22050,
    length: int | None = None,
    duration: float | None = None,
    phi: float | None = None,
) -> Array:
    """A cosine, which by default begins as a sine."""
    length = _length(length, duration, sr)
    angle = number_or_none("phi", phi)
    return _native.tone(number("frequency", frequency), rate("sr", sr), length, angle)


def chirp(
    *,
    fmin: float,
    fmax: float,
    sr: float = 22050,
    length: int | None = None,
    duration: float | None = None,
    linear: bool = False,
    phi: float | None = None,
) -> Array:
    """A cosine that glides from one frequency to another."""
    length, ends = _length(length, duration, sr), (number("fmin", fmin), number("fmax", fmax))
    angle = number_or_none("phi", phi)
    return _native.chirp(ends, rate("sr", sr), length, bool(linear), angle)


def _length(length: int | None, duration: float | None, sr: float) -> int:
    if length is None:
        if duration is None:
            raise ParameterError("there is neither a length nor a duration")
        length = int(seconds("duration", duration) * rate("sr", sr))
    return count("length", length, 0)


def clicks(
    *,
    times: Any = None,
    frames: Any = None,
    sr: float = 22050,
    hop_length: int = 512,
    click_freq: float = 1000.0,
    click_duration: float = 0.1,
    click: Array | None = None,
    length: int | None = None,
) -> Array:
    """A signal with a click at each of some times or frames."""
    if click is not None:
        raise refuse("click of one's own", "add it to zeros at the samples where it is to be")
    if times is not None:
        positions = time_to_samples(times, sr=sr)
    elif frames is not None:
        positions = frames_to_samples(frames, hop_length=hop_length)
    else:
        raise ParameterError("there are neither times nor frames")
    at = [count("a click's sample", each, 0) for each in np.atleast_1d(positions).tolist()]
    freq, lasting = number("click_freq", click_freq), number("click_duration", click_duration)
    return _native.clicks(at, rate("sr", sr), freq, lasting, count_or_none("length", length))


def mu_compress(x: Any, *, mu: float = 255, quantize: bool = True) -> Any:
    """Samples from -1 to 1 with quiet ones raised, as whole numbers or real ones."""
    x = np.asarray(x)
    of = _native.mu_quantize if quantize else _native.mu_compress
    made = of(double(x, "x"), number("mu", mu)).reshape(x.shape)
    wide = quantize or x.dtype != np.float32
    return (made if wide else made.astype(np.float32))[()]


def mu_expand(x: Any, *, mu: float = 255.0, quantize: bool = True) -> Any:
    """The inverse of `mu_compress`."""
    x, strength = np.asarray(x), number("mu", mu)
    if quantize and np.issubdtype(x.dtype, np.integer):
        return _native.mu_dequantize(x.reshape(-1).tolist(), strength).reshape(x.shape)[()]
    values = double(x, "x")
    if quantize:
        values = values * 2.0 / (1.0 + strength)
    return _native.mu_expand(values, strength).reshape(x.shape)[()]
