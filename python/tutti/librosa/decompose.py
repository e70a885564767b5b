"""Spectrograms taken apart."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import _native
from ._arguments import (
    Array,
    channels,
    count,
    count_or_none,
    like,
    matrix,
    number,
    real,
    reduced,
    refuse,
    refuse_more,
)
from .core.spectrum import magphase
from .util.exceptions import ParameterError

__all__ = ["decompose", "hpss", "nn_filter"]

_AGGREGATES = {np.mean: "mean", np.median: "median", np.max: "max", np.min: "min", None: "mean"}


def decompose(
    S: Array,
    *,
    n_components: int | None = None,
    transformer: Any = None,
    sort: bool = False,
    fit: bool = True,
    **kwargs: Any,
) -> tuple[Array, Array]:
    """Spectra and their activations, whose product comes close to `S`.

    Further arguments are `tol` and `max_iter`, as of scikit-learn's NMF.
    """
    if transformer is not None or not fit:
        raise refuse("transformer", "leave it out, or call it yourself")
    s = matrix(S)
    if s.ndim != 2:
        raise refuse(f"S of {s.ndim} dimensions", "put channels below each other")
    tol, most = number("tol", kwargs.pop("tol", 1e-4)), kwargs.pop("max_iter", 200)
    refuse_more("decompose", kwargs)
    size = count_or_none("n_components", n_components)
    options = (size, bool(sort), tol, count("max_iter", most))
    components, activations = _native.decompose(real(s), options)
    return like(components, s), like(activations, s)


def hpss_of(kernel_size: Any, power: Any, margin: Any) -> tuple[Any, ...]:
    """How harmonic and percussive parts are told apart."""
    kernels = kernel_size if isinstance(kernel_size, (tuple, list)) else (kernel_size,) * 2
    margins = margin if isinstance(margin, (tuple, list)) else (margin,) * 2
    if len(kernels) != 2 or len(margins) != 2:
        raise ParameterError("kernel_size and margin must be one number, or two")
    return (
        (count("kernel_size", kernels[0]), count("kernel_size", kernels[1])),
        float(power),
        (number("margin", margins[0]), number("margin", margins[1])),
    )


def hpss(
    S: Array,
    *,
    kernel_size: Any = 31,
    power: float = 2.0,
    mask: bool = False,
    margin: Any = 1.0,
) -> tuple[Array, Array]:
    """The harmonic and the percussive part of a spectrogram, or with `mask` their shares."""
    options = hpss_of(kernel_size, power, margin)
    magnitude, phase = magphase(S) if np.iscomplexobj(S) else (matrix(S), None)
    magnitude = matrix(magnitude)
    shares = channels(lambda s: _native.hpss_masks(real(s), options), magnitude, 2)
    if mask:
        hard = np.isinf(options[1])
        return tuple(each > 0.5 if hard else like(each, magnitude) for each in shares)  # type: ignore[return-value]
    parts = [magnitude * each for each in shares]
    if phase is not None:
        parts = [each * phase for each in parts]
    return parts[0], parts[1]


def nn_filter(
    S: Array, *, rec: Any = None, aggregate: Any = None, axis: int = -1, **kwargs: Any
) -> Array:
    """Each frame replaced by those that are like it; further arguments are `recurrence_matrix`'s."""
    from .segment import recurrence_matrix

    s = matrix(S)
    if s.ndim != 2:
        raise refuse(f"S of {s.ndim} dimensions", "filter each channel by itself")
    if axis not in (-1, 1):
        raise refuse(f"axis={axis!r}", "turn S so that frames are its columns")
    if aggregate is np.average:
        how = None
    else:
        how = reduced(aggregate, _AGGREGATES)
        if how is None:
            raise refuse("aggregate of one's own", "name numpy's mean, median, average, max or min")
    if rec is None:
        rec = recurrence_matrix(s, **kwargs)
    elif hasattr(rec, "toarray"):
        rec = rec.toarray()
    links = matrix(rec, "rec")
    if links.shape != (s.shape[-1],) * 2:
        raise ParameterError(f"rec has the shape {links.shape}, but S has {s.shape[-1]} frames")
    return like(_native.nn_filter(real(s), real(links), how), s)
