"""Features of signals and of their spectra."""

from . import inverse
from .chroma import chroma_cens, chroma_cqt, chroma_stft, chroma_vqt, tonnetz
from .rhythm import (
    fourier_tempogram,
    hybrid_tempogram,
    metrogram,
    tempo,
    tempogram,
    tempogram_ratio,
)
from .spectral import (
    melspectrogram,
    mfcc,
    poly_features,
    rms,
    spectral_bandwidth,
    spectral_centroid,
    spectral_contrast,
    spectral_flatness,
    spectral_rolloff,
    zero_crossing_rate,
)
from .utils import delta, stack_memory

__all__ = [
    "chroma_cens",
    "chroma_cqt",
    "chroma_stft",
    "chroma_vqt",
    "delta",
    "fourier_tempogram",
    "hybrid_tempogram",
    "inverse",
    "melspectrogram",
    "metrogram",
    "mfcc",
    "poly_features",
    "rms",
    "spectral_bandwidth",
    "spectral_centroid",
    "spectral_contrast",
    "spectral_flatness",
    "spectral_rolloff",
    "stack_memory",
    "tempo",
    "tempogram",
    "tempogram_ratio",
    "tonnetz",
    "zero_crossing_rate",
]
