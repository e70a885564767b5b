"""Intervals within an octave."""

from __future__ import annotations

from typing import Any

import numpy as np

from ... import _native
from .._arguments import Array, count, double, number, rate, refuse
from ..util.exceptions import ParameterError
from .constantq import intervals_of

__all__ = ["interval_frequencies", "plimit_intervals", "pythagorean_intervals"]


def interval_frequencies(
    n_bins: int,
    *,
    fmin: float,
    intervals: Any,
    bins_per_octave: int = 12,
    tuning: float = 0.0,
    sort: bool = True,
) -> Array:
    """Frequencies from `fmin` on, at intervals that come again in each octave."""
    _sorted(sort)
    steps, per = intervals_of(intervals, bins_per_octave)
    low, size = rate("fmin", fmin), count("n_bins", n_bins, 0)
    if steps == "equal":
        low *= 2.0 ** (number("tuning", tuning) / per)
    return _native.interval_frequencies(size, low, steps, per)


def _sorted(sort: bool) -> None:
    if not sort:
        raise refuse("sort=False", "leave it at True: intervals are in order")


def pythagorean_intervals(
    *, bins_per_octave: int = 12, sort: bool = True, return_factors: bool = False
) -> Array:
    """Stacked fifths within an octave."""
    _sorted(sort)
    _no_factors(return_factors)
    return _native.pythagorean_intervals(count("bins_per_octave", bins_per_octave))


def _no_factors(return_factors: bool) -> None:
    if return_factors:
        raise refuse("return_factors=True", "take the ratios")


def plimit_intervals(
    *, primes: Any, bins_per_octave: int = 12, sort: bool = True, return_factors: bool = False
) -> Array:
    """Intervals within an octave whose numbers have no prime factors but 2 and `primes`."""
    _sorted(sort)
    _no_factors(return_factors)
    factors = double(np.atleast_1d(primes), "primes")
    if factors.size == 0 or not np.all(np.isfinite(factors) & (factors > 1)):
        raise ParameterError("primes must be above 1, and at least one")
    return _native.plimit_intervals(factors.tolist(), count("bins_per_octave", bins_per_octave))
