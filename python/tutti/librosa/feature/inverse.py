"""Spectra and signals of mel bands and cepstra."""

from __future__ import annotations

from typing import Any

import numpy as np

from ... import _native
from .._arguments import (
    Array,
    channels,
    count,
    fits,
    frames,
    like,
    matrix,
    number,
    rate,
    real,
    refuse_more,
)
from ..core.spectrum import griffinlim
from ..filters import mel_of
from .spectral import mfcc_of

__all__ = ["mel_to_audio", "mel_to_stft", "mfcc_to_audio", "mfcc_to_mel"]


def mel_to_stft(
    M: Array, *, sr: float = 22050, n_fft: int = 2048, power: float = 2.0, **kwargs: Any
) -> Array:
    """Magnitudes whose mel bands come close to `M`; further arguments are those of `filters.mel`."""
    m, hz, exponent = matrix(M, "M"), rate("sr", sr), number("power", power)
    kwargs.pop("dtype", None)
    names = ("fmin", "fmax", "htk", "norm")
    bank = mel_of(m.shape[-2], **{name: kwargs.pop(name) for name in names if name in kwargs})
    refuse_more("mel_to_stft", kwargs)
    options = frames(n_fft, None, None)
    fits("the bank", m.shape[-2], n_fft // 2 + 1)
    fits("the spectrogram", n_fft // 2 + 1, m.shape[-1])
    made = channels(lambda m: _native.mel_to_stft(real(m), hz, options, exponent, bank), m, 2)
    return like(made, m)


def mel_to_audio(
    M: Array,
    *,
    sr: float = 22050,
    n_fft: int = 2048,
    hop_length: int | None = None,
    win_length: int | None = None,
    window: Any = "hann",
    center: bool = True,
    pad_mode: Any = "constant",
    power: float = 2.0,
    n_iter: int = 32,
    length: int | None = None,
    dtype: Any = np.float32,
    **kwargs: Any,
) -> Array:
    """A signal whose mel bands come close to `M`."""
    return griffinlim(
        mel_to_stft(M, sr=sr, n_fft=n_fft, power=power, **kwargs),
        n_iter=n_iter,
        hop_length=hop_length,
        win_length=win_length,
        n_fft=n_fft,
        window=window,
        center=center,
        dtype=dtype,
        length=length,
        pad_mode=pad_mode,
    )


def mfcc_to_mel(
    mfcc: Array,
    *,
    n_mels: int = 128,
    dct_type: int = 2,
    norm: str | None = "ortho",
    ref: float = 1.0,
    lifter: float = 0,
) -> Array:
    """Mel bands whose first coefficients are `mfcc`."""
    given = matrix(mfcc, "mfcc")
    options = mfcc_of(max(1, given.shape[-2]), dct_type, norm, lifter)
    size, reference = count("n_mels", n_mels), number("ref", ref)
    fits("the cosine transform", size, size)
    fits("the bands", size, given.shape[-1])
    made = channels(lambda c: _native.mfcc_to_mel(real(c), size, options, reference), given, 2)
    return like(made, given)


def mfcc_to_audio(
    mfcc: Array,
    *,
    n_mels: int = 128,
    dct_type: int = 2,
    norm: str | None = "ortho",
    ref: float = 1.0,
    lifter: float = 0,
    **kwargs: Any,
) -> Array:
    """A signal whose coefficients come close to `mfcc`."""
    bands = mfcc_to_mel(mfcc, n_mels=n_mels, dct_type=dct_type, norm=norm, ref=ref, lifter=lifter)
    return mel_to_audio(bands, **kwargs)
