"""Transforms of signals, their decibels and their phases."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from ... import _native
from .._arguments import (
    Array,
    along,
    audio,
    bins,
    channels,
    complexes,
    count,
    count_or_none,
    double,
    fits_frames,
    frames,
    hop_of,
    like,
    matrix,
    number,
    number_or_none,
    rate,
    real,
    refuse,
    single,
    text,
)
from ..util.deprecation import Deprecated
from ..util.exceptions import ParameterError

__all__ = [
    "amplitude_to_db",
    "db_to_amplitude",
    "db_to_power",
    "fmt",
    "griffinlim",
    "istft",
    "magphase",
    "pcen",
    "perceptual_weighting",
    "phase_vocoder",
    "power_to_db",
    "reassigned_spectrogram",
    "stft",
]

#: Modes that librosa refuses for `stft` too.
UNFIT = ("wrap", "maximum", "mean", "median", "minimum")


def _into(made: Array, dtype: Any, out: Array | None) -> Array:
    """`made` in another precision, or in the array that was handed in."""
    if out is not None:
        if not isinstance(out, np.ndarray):
            raise ParameterError(f"out must be a numpy.ndarray, not {type(out).__name__}")
        if out.shape != made.shape:
            raise ParameterError(f"out has the shape {out.shape}, but must have {made.shape}")
        if np.iscomplexobj(made) and not np.iscomplexobj(out):
            raise ParameterError(f"out has the dtype {out.dtype}, but must be complex")
        out[...] = made
        return out
    return made if dtype is None else made.astype(dtype, copy=False)


def stft(
    y: Array,
    *,
    n_fft: int = 2048,
    hop_length: int | None = None,
    win_length: int | None = None,
    window: Any = "hann",
    center: bool = True,
    dtype: Any = None,
    pad_mode: Any = "constant",
    out: Array | None = None,
) -> Array:
    """The short-time Fourier transform: `1 + n_fft // 2` complex bins in each frame."""
    y = audio(y)
    if center and pad_mode in UNFIT:
        raise ParameterError(f'pad_mode is "{pad_mode}", which stft does not take')
    options = frames(n_fft, hop_length, win_length, window, center, pad_mode)
    if center and n_fft > y.shape[-1] > 0:
        warnings.warn(
            f"n_fft={n_fft} is too large for a signal of {y.shape[-1]} samples", stacklevel=2
        )
    fits_frames("the transform", n_fft // 2 + 1, y, hop_of(options))
    made = channels(lambda y: _native.stft(single(y), options), y, 1)
    return _into(like(made, y), dtype, out)


def istft(
    stft_matrix: Array,
    *,
    hop_length: int | None = None,
    win_length: int | None = None,
    n_fft: int | None = None,
    window: Any = "hann",
    center: bool = True,
    dtype: Any = None,
    length: int | None = None,
    out: Array | None = None,
) -> Array:
    """The signal whose transform comes closest to some bins."""
    d = bins(stft_matrix, "stft_matrix")
    size = 2 * (d.shape[-2] - 1) if n_fft is None else n_fft
    options = frames(size, hop_length, win_length, window, center)
    samples = count_or_none("length", length)
    made = channels(lambda d: _native.istft(complexes(d), options, samples), d, 2)
    return _into(like(made, d), dtype, out)


def spectrogram_of(
    y: Array | None,
    S: Array | None,
    n_fft: int | None,
    hop_length: int | None,
    win_length: int | None,
    window: Any,
    center: bool,
    pad_mode: Any,
    power: float = 1.0,
) -> tuple[Array, int]:
    """`S`, or else the spectrogram of `y`; and the samples of a frame."""
    if S is not None:
        s = matrix(S)
        if n_fft is None or n_fft // 2 + 1 != s.shape[-2]:
            n_fft = 2 * (s.shape[-2] - 1)
        return s, n_fft
    if n_fft is None:
        raise ParameterError("n_fft is None, but there is no S to tell it from")
    if y is None:
        raise ParameterError("there is neither y nor S")
    y = audio(y)
    options = frames(n_fft, hop_length, win_length, window, center, pad_mode)
    if center and n_fft > y.shape[-1] > 0:
        warnings.warn(
            f"n_fft={n_fft} is too large for a signal of {y.shape[-1]} samples", stacklevel=3
        )
    fits_frames("the spectrogram", n_fft // 2 + 1, y, hop_of(options))
    made = channels(lambda y: _native.spectrogram(single(y), options, power), y, 1)
    return like(made, y), n_fft


def magphase(D: Array, *, power: float = 1) -> tuple[Array, Array]:
    """Magnitudes to some power, and phases as numbers of magnitude 1."""
    d = np.asarray(D)
    magnitude = np.abs(d)
    is_zero = magnitude == 0
    phase = np.where(is_zero, 1, d / np.where(is_zero, 1, magnitude))
    kind = np.complex128 if d.dtype in (np.float64, np.complex128) else np.complex64
    exponent = number("power", power)
    return (magnitude if exponent == 1 else magnitude**exponent), phase.astype(kind)


def reassigned_spectrogram(
    y: Array,
    *,
    sr: float = 22050,
    S: Array | None = None,
    n_fft: int = 2048,
    hop_length: int | None = None,
    win_length: int | None = None,
    window: Any = "hann",
    center: bool = True,
    reassign_frequencies: bool = True,
    reassign_times: bool = True,
    ref_power: Any = 1e-6,
    fill_nan: bool = False,
    clip: bool = True,
    dtype: Any = None,
    pad_mode: Any = "constant",
) -> tuple[Array, Array, Array]:
    """The frequency and the time of the energy in each bin, and its magnitude."""
    if S is not None:
        raise refuse("S", "leave it out: it is made of y")
    if callable(ref_power):
        raise refuse("ref_power that is a function", "hand in the power itself")
    if not reassign_frequencies and not reassign_times:
        raise ParameterError("neither reassign_frequencies nor reassign_times is True")
    y = audio(y)
    options = frames(n_fft, hop_length, win_length, window, center, pad_mode)
    moved = "both" if reassign_times else "frequencies"
    moved = moved if reassign_frequencies else "times"
    places = (moved, number("ref_power", ref_power), bool(fill_nan), bool(clip))
    hz = rate("sr", sr)
    found = channels(lambda y: _native.reassigned_spectrogram(single(y), hz, options, places), y, 1)
    return found[0], found[1], _into(like(found[2], y), None, None)


def phase_vocoder(
    D: Array,
    *,
    rate: float | None = None,
    t_out: Any = None,
    kind: str = "linear",
    hop_length: Any = Deprecated(),
    n_fft: Any = Deprecated(),
) -> Array:
    """Bins at `rate` times their speed."""
    if t_out is not None:
        raise refuse("t_out", "name a rate")
    if kind != "linear":
        raise refuse(f"kind={kind!r}", 'leave it at "linear"')
    if rate is None:
        raise ParameterError("there is no rate")
    for name, value in (("hop_length", hop_length), ("n_fft", n_fft)):
        if not isinstance(value, Deprecated):
            warnings.warn(f"{name} is not used", FutureWarning, stacklevel=2)
    d, speed = bins(D, "D"), number("rate", rate)
    return like(channels(lambda d: _native.phase_vocoder(complexes(d), speed), d, 2), d)


def _decibels(
    of: Any, S: Any, ref: Any, amin: float, top_db: float | None, axes: Any, name: str
) -> Any:
    if axes != "auto":
        raise refuse(f"axes={axes!r}", 'leave it at "auto": the last two, of each channel')
    s = np.asarray(S)
    if np.iscomplexobj(s):
        warnings.warn(f"{name} leaves out the phases of S; give it np.abs(S)", stacklevel=3)
        s = np.abs(s)
    s = matrix(s, dimensions=0)
    least, most = number("amin", amin), number_or_none("top_db", top_db)
    if callable(ref):
        own = tuple(range(-min(s.ndim, 2), 0)) or None
        try:
            reference = np.asarray(ref(s, axis=own, keepdims=True))
        except TypeError:
            raise ParameterError("ref must take axis and keepdims, as numpy.max does") from None
    else:
        reference = np.asarray(abs(number("ref", ref)))
    shape = s.shape if s.ndim >= 2 else (1, s.size)
    s2 = s.reshape(shape)
    flat = np.broadcast_to(reference.reshape(reference.shape or (1, 1)), (*shape[:-2], 1, 1))
    references = iter([number("ref", each) for each in flat.reshape(-1)])
    made = channels(lambda s: of(real(s), (next(references), least, most)), s2, 2)
    wide = s.dtype == np.float64 or np.issubdtype(s.dtype, np.integer)
    return (made.astype(np.float64) if wide else made).reshape(s.shape)[()]


def power_to_db(
    S: Any, *, ref: Any = 1.0, amin: float = 1e-10, top_db: float | None = 80.0, axes: Any = "auto"
) -> Any:
    """Decibels of powers, at most `top_db` below the loudest of a channel."""
    return _decibels(_native.power_to_db, S, ref, amin, top_db, axes, "power_to_db")


def amplitude_to_db(
    S: Any, *, ref: Any = 1.0, amin: float = 1e-5, top_db: float | None = 80.0, axes: Any = "auto"
) -> Any:
    """Decibels of amplitudes, at most `top_db` below the loudest of a channel."""
    s = np.asarray(S)
    if not np.iscomplexobj(s) and s.size and np.min(s) < 0:
        s = np.abs(s)
    return _decibels(_native.amplitude_to_db, s, ref, amin, top_db, axes, "amplitude_to_db")


def _undecibels(of: Any, S_db: Any, ref: float) -> Any:
    s = matrix(S_db, "S_db", 0)
    flat = s.reshape(s.shape if s.ndim == 2 else (1, -1))
    made = of(real(flat), number("ref", ref)).reshape(s.shape)
    wide = s.dtype == np.float64 or np.issubdtype(s.dtype, np.integer)
    return (made.astype(np.float64) if wide else made)[()]


def db_to_power(S_db: Any, *, ref: float = 1.0) -> Any:
    """Powers of decibels."""
    return _undecibels(_native.db_to_power, S_db, ref)


def db_to_amplitude(S_db: Any, *, ref: float = 1.0) -> Any:
    """Amplitudes of decibels."""
    return _undecibels(_native.db_to_amplitude, S_db, ref)


def perceptual_weighting(S: Any, frequencies: Any, *, kind: str = "A", **kwargs: Any) -> Array:
    """Decibels of powers, raised by what tones of their frequencies seem louder."""
    from .convert import frequency_weighting

    offset = np.asarray(frequency_weighting(double(frequencies, "frequencies"), kind=kind))
    s = matrix(S)
    if len(offset) != s.shape[-2]:
        raise ParameterError(f"there are {len(offset)} frequencies for {s.shape[-2]} bins")
    return offset.reshape(-1, 1) + power_to_db(s, **kwargs)


def fmt(
    y: Array,
    *,
    t_min: float = 0.5,
    n_fmt: int | None = None,
    kind: str = "cubic",
    beta: float = 0.5,
    over_sample: float = 1,
    axis: int = -1,
) -> Array:
    """The Mellin transform, whose magnitudes do not change when a signal is stretched."""
    y = audio(y)
    least, weight = number("t_min", t_min), number("beta", beta)
    over, size = number("over_sample", over_sample), count_or_none("n_fmt", n_fmt)
    if kind not in ("linear", "cubic"):
        raise refuse(f"kind={kind!r}", 'name "linear" or "cubic"')
    options = (least, size, text("kind", kind), weight, over)
    made = along(lambda y: _native.fmt(single(y), options), y, axis)
    return made.astype(np.complex128)


def pcen(
    S: Array,
    *,
    sr: float = 22050,
    hop_length: int = 512,
    gain: float = 0.98,
    bias: float = 2,
    power: float = 0.5,
    time_constant: float = 0.4,
    eps: float = 1e-6,
    b: float | None = None,
    max_size: int = 1,
    ref: Array | None = None,
    axis: int = -1,
    max_axis: int | None = None,
    zi: Array | None = None,
    return_zf: bool = False,
) -> Array:
    """Bands divided by their average over the past, and compressed."""
    for name, value in (("ref", ref), ("zi", zi), ("max_axis", max_axis)):
        if value is not None:
            raise refuse(name, "leave it out")
    if return_zf:
        raise refuse("return_zf=True", "work on all frames at once")
    s = np.asarray(S)
    if np.iscomplexobj(s):
        warnings.warn("pcen leaves out the phases of S; give it np.abs(S)", stacklevel=2)
        s = np.abs(s)
    s = matrix(s)
    if axis not in (-1, s.ndim - 1):
        raise refuse(f"axis={axis!r}", "turn S so that frames are its last dimension")
    options = (
        number("gain", gain),
        number("bias", bias),
        number("power", power),
        number("time_constant", time_constant),
        number("eps", eps),
        number_or_none("b", b),
        count("max_size", max_size),
    )
    hz, hop = rate("sr", sr), count("hop_length", hop_length)
    return channels(lambda s: _native.pcen(real(s), hz, hop, options), s, 2).astype(np.float64)


def turns(init: str | None, rng: Any, random_state: Any, shape: tuple[int, ...]) -> Any:
    """The first phases of a search, in turns, as librosa takes them from the same `rng`."""
    if not isinstance(random_state, Deprecated):
        if rng is not None:
            raise ParameterError("there are both rng and random_state; use rng alone")
        warnings.warn("random_state is called rng now", FutureWarning, stacklevel=3)
        rng = random_state
    if init is None:
        return None
    if init != "random":
        raise ParameterError(f"init is {init!r}, but must be None or 'random'")
    if not isinstance(rng, np.random.RandomState):
        rng = np.random.default_rng(rng)
    return rng.random(size=shape)


def search_of(n_iter: int, momentum: float, length: int | None) -> tuple[int, float, int | None]:
    """How phases are searched for."""
    speed = number("momentum", momentum)
    if speed > 1:
        warnings.warn(f"with momentum={momentum} > 1 phases may never settle", stacklevel=3)
    return (count("n_iter", n_iter, 0), speed, count_or_none("length", length))


def griffinlim(
    S: Array,
    *,
    n_iter: int = 32,
    hop_length: int | None = None,
    win_length: int | None = None,
    n_fft: int | None = None,
    window: Any = "hann",
    center: bool = True,
    dtype: Any = None,
    length: int | None = None,
    pad_mode: Any = "constant",
    momentum: float = 0.99,
    init: str | None = "random",
    rng: Any = None,
    random_state: Any = Deprecated(),
) -> Array:
    """A signal whose transform has magnitudes close to `S`, by going back and forth."""
    s = matrix(S)
    size = 2 * (s.shape[-2] - 1) if n_fft is None else n_fft
    options = frames(size, hop_length, win_length, window, center, pad_mode)
    search = search_of(n_iter, momentum, length)
    phases = turns(init, rng, random_state, s.shape)
    made = with_turns(
        lambda s, first: _native.griffinlim(real(s), options, search, first), s, phases
    )
    return _into(like(made, s), dtype, None)


def with_turns(work: Any, s: Array, phases: Array | None) -> Array:
    """`work` of each channel of magnitudes and its first phases."""
    if phases is None:
        return channels(lambda s: work(s, None), s, 2)
    each = iter(phases.reshape((-1, *phases.shape[-2:])))
    return channels(lambda s: work(s, double(next(each))), s, 2)
