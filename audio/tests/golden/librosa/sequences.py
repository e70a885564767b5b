"""Transitions and the decoding of states."""

import librosa
import numpy as np

from golden import Group, noise


def observations(states, steps, seed):
    """A column of positive numbers for each step, and the same with a sum of 1."""
    values = (noise(states * steps, seed) + 0.5001).reshape(steps, states).T
    return values / 1.001, values / values.sum(axis=0)


def main():
    group = Group("sequences")
    add, sequence = group.add, librosa.sequence
    add("sequence.transition_uniform", None, lambda: sequence.transition_uniform(7),
        dict(n_states=7))
    for name in ("transition_loop", "transition_cycle"):
        for given in (dict(n_states=5, prob=[0.9]), dict(n_states=3, prob=[0.0, 0.5, 1.0])):
            prob = given["prob"] if len(given["prob"]) > 1 else given["prob"][0]
            add(f"sequence.{name}", None,
                lambda: getattr(sequence, name)(given["n_states"], prob), given)
    for width in ([5], [4], [12], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]):
        for rest in ({}, dict(wrap=True), dict(window="hamming")):
            given = dict(n_states=12, width=width, **rest)
            add("sequence.transition_local", None, lambda: sequence.transition_local(
                12, width if len(width) > 1 else width[0], **rest), given)
    for seed in range(1, 5):
        for states, width in ((24, 7), (60, 21), (9, 4)):
            joint, each = observations(states, 200, seed)
            local = sequence.transition_local(states, width)
            for rest in ({}, dict(transition_min_prob=0.03), dict(skewed=True)):
                given = dict(seed=seed, n_states=states, width=width, **rest)
                more = {key: value for key, value in rest.items() if key != "skewed"}
                skew = np.arange(1.0, states + 1) / np.sum(np.arange(1.0, states + 1))
                first = {"p_init": skew} if "skewed" in rest else {}
                both = {"p_state": skew, **first} if "skewed" in rest else {}
                for name, prob, known in (("viterbi", joint, first),
                                          ("viterbi_discriminative", each, both)):
                    found = getattr(sequence, name)(
                        prob, local, return_logp=True, **known, **more)
                    add(f"sequence.{name}", None, lambda: found[0], given, indices=True)
                    add(f"sequence.{name}.logp", None, lambda: np.atleast_1d(found[1]), given)
        joint, _ = observations(6, 100, seed)
        stay = sequence.transition_loop(2, [0.8, 0.7])
        add("sequence.viterbi_binary", None, lambda: sequence.viterbi_binary(joint, stay),
            dict(seed=seed, n_states=6), indices=True)
    group.write()


if __name__ == "__main__":
    main()
