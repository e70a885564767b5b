"""Sequences that are aligned, and states that are decoded."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import _native
from ._arguments import (
    Array,
    channels,
    count,
    double,
    fits,
    matrix,
    norm_or_none,
    number,
    number_or_none,
    real,
    refuse,
    text,
    window_of,
)
from .util.exceptions import ParameterError

__all__ = [
    "dtw",
    "path_to_steps",
    "rqa",
    "transition_cycle",
    "transition_local",
    "transition_loop",
    "transition_uniform",
    "viterbi",
    "viterbi_binary",
    "viterbi_discriminative",
]


def _features(x: Any, name: str) -> Array:
    x = matrix(np.atleast_2d(x), name)
    return real(x.reshape((-1, x.shape[-1])))


def _weights(weights: Any, name: str) -> list[float]:
    return [] if weights is None else double(weights, name).tolist()


def dtw(
    X: Any = None,
    Y: Any = None,
    *,
    C: Any = None,
    metric: str = "euclidean",
    step_sizes_sigma: Any = None,
    weights_add: Any = None,
    weights_mul: Any = None,
    subseq: bool = False,
    backtrack: bool = True,
    global_constraints: bool = False,
    band_rad: float = 0.25,
    return_steps: bool = False,
) -> Any:
    """What paths through two sequences cost, and with `backtrack` the best, its end first."""
    if return_steps:
        raise refuse("return_steps=True", "leave backtrack at True: the path is made of them")
    if C is None:
        if X is None or Y is None:
            raise ParameterError("there are neither X and Y nor C")
        costs = _native.cdist(_features(X, "X"), _features(Y, "Y"), text("metric", metric))
    elif X is not None or Y is not None:
        raise ParameterError("there are both C and sequences")
    else:
        costs = np.asarray(matrix(np.atleast_2d(C), "C"), dtype=np.float64)
        if costs.ndim != 2:
            raise ParameterError(f"C has {costs.ndim} dimensions, but must have 2")
    if step_sizes_sigma is None:
        step_sizes_sigma = [(1, 1), (0, 1), (1, 0)]
    steps = [(count("a step", a, 0), count("a step", b, 0)) for a, b in step_sizes_sigma]
    add, mul = _weights(weights_add, "weights_add"), _weights(weights_mul, "weights_mul")
    band = number("band_rad", band_rad) if global_constraints else None
    cost, path = _native.dtw(costs, (steps, add, mul, bool(subseq), band))
    return (cost, path) if backtrack else cost


def path_to_steps(path: Any, *, inverse: bool = False) -> Array:
    """For each frame of the second sequence that of the first, or with `inverse` the other way."""
    pairs = [(count("a frame", a, 0), count("a frame", b, 0)) for a, b in np.asarray(path).tolist()]
    return _native.path_to_steps(pairs, bool(inverse))


def rqa(
    sim: Array,
    *,
    gap_onset: float = 1,
    gap_extend: float = 1,
    knight_moves: bool = True,
    backtrack: bool = True,
) -> Any:
    """What ways of similar frames are worth, and with `backtrack` the best of them."""
    onset, extend = norm_or_none(gap_onset), norm_or_none(gap_extend)
    if onset is None or extend is None:
        raise ParameterError("gap_onset and gap_extend must be numbers")
    similar = matrix(sim, "sim")
    if similar.ndim != 2:
        raise ParameterError(f"sim has {similar.ndim} dimensions, but must have 2")
    score, path = _native.rqa(real(similar), onset, extend, bool(knight_moves))
    return (score, path) if backtrack else score


def _states(n_states: Any) -> int:
    states = count("n_states", n_states)
    fits("the transitions", states, states)
    return states


def transition_uniform(n_states: int) -> Array:
    """From each state to all."""
    return _native.transition_uniform(_states(n_states))


def transition_loop(n_states: int, prob: Any) -> Array:
    """States that stay with a probability, or go to any other."""
    return _native.transition_loop(_states(n_states), double(prob, "prob").tolist())


def transition_cycle(n_states: int, prob: Any) -> Array:
    """States that stay with a probability, or go to the next."""
    return _native.transition_cycle(_states(n_states), double(prob, "prob").tolist())


def transition_local(
    n_states: int, width: Any, *, window: Any = "triangle", wrap: bool = False
) -> Array:
    """States that go to those around them."""
    widths = [count("width", each) for each in np.atleast_1d(width).tolist()]
    size = widths[0] if len(set(widths)) == 1 else None
    shape = window_of(window, size)
    return _native.transition_local(_states(n_states), widths, shape, bool(wrap))


def _probabilities(prob: Any, name: str) -> Array:
    return np.asarray(matrix(prob, name), dtype=np.float64)


def _list_or_none(values: Any, name: str) -> list[float] | None:
    return None if values is None else double(values, name).tolist()


def _decoded(of: Any, prob: Any, transition: Any, options: Any, return_logp: bool) -> Any:
    prob, steps = _probabilities(prob, "prob"), _probabilities(transition, "transition")
    if steps.ndim != 2:
        raise ParameterError(f"transition has {steps.ndim} dimensions, but must have 2")

    def one(prob: Array) -> tuple[Array, Any]:
        states, logp = of(prob, steps, options)
        return states.astype(np.uint16), np.asarray(logp)

    states, logp = channels(one, prob, 2)
    return (states, logp[()]) if return_logp else states


def viterbi(
    prob: Array,
    transition: Array,
    *,
    p_init: Any = None,
    return_logp: bool = False,
    transition_min_prob: float | None = None,
) -> Any:
    """The likeliest states, where `prob` is of observations given states."""
    least = number_or_none("transition_min_prob", transition_min_prob)
    options = (None, _list_or_none(p_init, "p_init"), least)
    return _decoded(_native.viterbi, prob, transition, options, return_logp)


def viterbi_discriminative(
    prob: Array,
    transition: Array,
    *,
    p_state: Any = None,
    p_init: Any = None,
    return_logp: bool = False,
    transition_min_prob: float | None = None,
) -> Any:
    """The likeliest states, where `prob` is of states given observations."""
    least = number_or_none("transition_min_prob", transition_min_prob)
    options = (_list_or_none(p_state, "p_state"), _list_or_none(p_init, "p_init"), least)
    return _decoded(_native.viterbi_discriminative, prob, transition, options, return_logp)


def viterbi_binary(
    prob: Array,
    transition: Array,
    *,
    p_state: Any = None,
    p_init: Any = None,
    return_logp: bool = False,
    transition_min_prob: float | None = None,
) -> Any:
    """For each row whether it is on, independently of the others."""
    least = number_or_none("transition_min_prob", transition_min_prob)
    options = (_list_or_none(p_state, "p_state"), _list_or_none(p_init, "p_init"), least)
    prob = _probabilities(np.atleast_2d(prob), "prob")
    steps = _probabilities(transition, "transition")
    each = [steps] if steps.ndim == 2 else list(steps)

    def one(prob: Array) -> tuple[Array, Array]:
        found = _native.viterbi_binary(prob, each, options)
        states = np.stack([states for states, _ in found]).astype(np.uint16)
        return states, np.array([logp for _, logp in found])

    states, logp = channels(one, prob, 2)
    return (states, logp) if return_logp else states
