"""Events and intervals that belong together."""

from __future__ import annotations

from typing import Any

import numpy as np

from ... import _native
from .._arguments import Array, double
from .exceptions import ParameterError
from .values import valid_intervals

__all__ = ["match_events", "match_intervals"]


def match_intervals(intervals_from: Any, intervals_to: Any, strict: bool = True) -> Array:
    """For each interval the one that it shares most with."""
    sides = [np.asarray(each, dtype=float) for each in (intervals_from, intervals_to)]
    if any(len(np.atleast_1d(each)) == 0 for each in sides):
        raise ParameterError("there is no interval")
    for each in sides:
        valid_intervals(each)
    first, second = ([tuple(pair) for pair in each.tolist()] for each in sides)
    return _native.match_intervals(first, second, bool(strict)).astype(np.uint32)


def match_events(events_from: Any, events_to: Any, left: bool = True, right: bool = True) -> Array:
    """For each event the nearest; without `left` no earlier one, without `right` no later one."""
    first, second = double(events_from, "events_from"), double(events_to, "events_to")
    return _native.match_events(first, second, bool(left), bool(right)).astype(np.int32)
