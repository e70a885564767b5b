"""Aligning of sequences, recurrences, and parts."""

import librosa
import numpy as np

from golden import Group, noise


def walk(rows, columns, seed):
    """Features that change little from frame to frame."""
    steps = noise(rows * columns, seed).reshape(columns, rows).T
    return np.cumsum(steps, axis=1).astype(np.float32)


def pairs(path):
    return np.asarray(path).astype(int)


def some(links):
    """How many there are, and the rows of some."""
    rows = np.nonzero(links.T)[1]
    return [len(rows), *rows[::37]]


def main():
    group = Group("segments")
    add, segment, sequence = group.add, librosa.segment, librosa.sequence

    for n, m in ((40, 60), (60, 40), (30, 30)):
        x, y = walk(4, n, 1), walk(4, m, 2)
        wide = [[1, 1], [1, 2], [2, 1]]
        for given in ({}, dict(metric="cosine"), dict(metric="cityblock"), dict(band_rad=0.3),
                      dict(subseq=True), dict(step_sizes_sigma=wide, weights_add=[0.0, 0.3, 0.2]),
                      dict(step_sizes_sigma=wide, weights_mul=[1.0, 2.0, 1.5], subseq=True)):
            if given.get("subseq") and n > m:
                continue
            real = {key: np.array(value) if isinstance(value, list) else value
                    for key, value in given.items()}
            if "band_rad" in real:
                real["global_constraints"] = True
            told = dict(given, n=n, m=m)
            add("sequence.dtw.cost", None, lambda: sequence.dtw(x, y, **real)[0], told)
            add("sequence.dtw.path", None, lambda: pairs(sequence.dtw(x, y, **real)[1]).T, told,
                indices=True)
        for inverse in (False, True):
            path = sequence.dtw(x, y)[1]
            add("sequence.path_to_steps", None, lambda: sequence.path_to_steps(
                path, inverse=inverse), dict(n=n, m=m, inverse=inverse))

    for n, m in ((50, 50), (40, 70)):
        x, y = walk(3, n, 3), walk(3, m, 4)
        near = segment.cross_similarity(y, x, mode="affinity", k=9).astype(np.float32)
        near = np.where(near > 0, near, 0).astype(np.float64)
        for given in ({}, dict(gap_onset=0.3, gap_extend=0.1), dict(knight_moves=False),
                      dict(gap_onset=5.0, gap_extend=10.0)):
            told = dict(given, n=n, m=m)
            add("sequence.rqa.score", None, lambda: sequence.rqa(near, **given)[0], told)
            add("sequence.rqa.path", None, lambda: pairs(sequence.rqa(near, **given)[1]).T, told,
                indices=True)

    kinds = ["mean_k", "gmean_k", "mean_k_avg", "gmean_k_avg", "mean_k_avg_and_pair", 0.8]
    modes = [dict(mode="distance"), dict(mode="affinity"), dict(mode="distance", full=True),
             dict(mode="affinity", full=True)]
    modes += [dict(mode="affinity", bandwidth=kind) for kind in kinds]
    for seed in (5, 6):
        data = walk(3, 90, seed)
        for rest in ({}, dict(width=5), dict(k=25, sym=True), dict(width=3, self=True),
                     dict(metric="cosine", k=11), dict(metric="cityblock", self=True, sym=True)):
            for mode in modes:
                given = dict(rest, **mode)
                # Of single numbers scikit-learn takes cosines in single precision, which is far
                # from their rounding; both are there.
                for wide in (True, False) if rest.get("metric") == "cosine" else (True,):
                    add("segment.recurrence_matrix", None,
                        lambda data: segment.recurrence_matrix(
                            data.astype(np.float64) if wide else data, **given).astype(np.float32),
                        dict(given, seed=seed), data=data)
            # Its own connectivity keeps any of the candidates; a distance is there for the nearest.
            if "self" not in rest:
                add("segment.recurrence_matrix.links", None, lambda: np.nonzero(
                    segment.recurrence_matrix(data, mode="distance", **rest).T)[1],
                    dict(rest, seed=seed), indices=True)
        # Connectivity itself, where it keeps all candidates or all but those that are too close.
        for given in (dict(k=89), dict(k=90, width=4), dict(k=89, sym=True), dict(k=89, self=True)):
            add("segment.recurrence_matrix.connectivity", None, lambda: some(
                segment.recurrence_matrix(data, **given)), dict(given, seed=seed), indices=True)
        other = walk(3, 70, seed + 10)
        for given in ({}, dict(mode="distance"), dict(mode="affinity"), dict(k=5),
                      dict(mode="affinity", full=True), dict(mode="affinity", bandwidth=1.7),
                      dict(metric="cosine", mode="distance", k=8), dict(mode="distance", full=True)):
            add("segment.cross_similarity", None, lambda: segment.cross_similarity(
                data, other, **given).astype(np.float32), dict(given, seed=seed))
        for given in ({}, dict(k=5), dict(k=1), dict(metric="cosine")):
            add("segment.cross_similarity.connectivity", None, lambda: some(
                segment.cross_similarity(data, other, **given)), dict(given, seed=seed),
                indices=True)
        rec = segment.recurrence_matrix(data, mode="affinity").astype(np.float32)
        for given in (dict(n=9), dict(n=15, window="hamming", max_ratio=1.5, n_filters=4),
                      dict(n=8, zero_mean=True),
                      dict(n=11, zero_mean=True, clip=False, min_ratio=0.8),
                      dict(n=10, mode="constant"), dict(n=9, mode="nearest"),
                      dict(n=9, mode="mirror"), dict(n=9, mode="wrap")):
            add("segment.path_enhance", None, lambda rec: segment.path_enhance(
                rec, **given), dict(given, seed=seed), data=rec)
        for pad in (True, False):
            add("segment.recurrence_to_lag", None,
                lambda: segment.recurrence_to_lag(rec, pad=pad), dict(pad=pad, seed=seed))
            add("segment.lag_to_recurrence", None, lambda: segment.lag_to_recurrence(
                segment.recurrence_to_lag(rec, pad=pad)), dict(pad=pad, seed=seed))
        for k in (1, 4, 17, 90):
            add("segment.agglomerative", None, lambda: segment.agglomerative(data, k),
                dict(k=k, seed=seed), indices=True)
        for n_segments in (1, 4, 9):
            add("segment.subsegment", None, lambda: segment.subsegment(
                data, np.array([7, 30, 61]), n_segments=n_segments),
                dict(n_segments=n_segments, seed=seed), indices=True)
    for given in ({}, dict(slope=2.0), dict(slope=0.5, zero_mean=True), dict(slope=-1.3),
                  dict(slope=0.0, window="boxcar")):
        for n in (5, 16):
            add("filters.diagonal_filter", None, lambda: librosa.filters.diagonal_filter(
                given.get("window", "hann"), n,
                **{key: value for key, value in given.items() if key != "window"}),
                dict(given, n=n))
    group.write()


if __name__ == "__main__":
    main()
