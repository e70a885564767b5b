"""Small tools of arrays, events and curves."""

import warnings

import librosa
import numpy as np

from golden import Group, noise

PEAK = dict(pre_max=3, post_max=4, pre_avg=8, post_avg=9, delta=0.05, wait=5)


def tools(add):
    util = librosa.util
    curve = noise(300, 21).astype(np.float32)
    smooth = np.convolve(curve, np.ones(5) / 5, "same").astype(np.float32)
    for x, name in ((curve, "rough"), (smooth, "smooth")):
        for given in ({}, dict(wait=0), dict(wait=30, delta=0.0), dict(pre_max=0, post_max=1)):
            for method in ("greedy", "dp_count", "dp_value"):
                real = {**PEAK, **given, "method": method}
                add("util.peak_pick", None, lambda: util.peak_pick(x, **real),
                    dict(given, method=method, x=name), indices=True)
        add("util.localmax", None, lambda: np.flatnonzero(util.localmax(x)), dict(x=name),
            indices=True)
        add("util.localmin", None, lambda: np.flatnonzero(util.localmin(x)), dict(x=name),
            indices=True)
        add("util.cyclic_gradient", None, lambda: util.cyclic_gradient(x.astype(np.float64)),
            dict(x=name))
    # On a grid, so that some are equally near.
    events = np.round(40 * noise(60, 22)) / 2
    others = np.unique(np.round(40 * noise(60, 23)) / 2)
    for left, right in ((True, True), (False, True), (True, False)):
        kept = events[(left | (events <= others.max())) & (right | (events >= others.min()))]
        add("util.match_events", None, lambda: util.match_events(
            kept, others, left=left, right=right), dict(left=left, right=right), indices=True)
    edges = np.sort(noise(60, 24).reshape(30, 2) * 20, axis=1)
    spans = np.sort(noise(40, 25).reshape(20, 2) * 30, axis=1)
    far = np.array([[-40.0, -39.0], [-30.0, -16.0], [16.0, 18.0], [20.0, 21.0]])
    add("util.match_intervals", None, lambda: util.match_intervals(edges, spans), {}, indices=True)
    add("util.match_intervals", None, lambda: util.match_intervals(
        np.concatenate([far, edges]), spans, strict=False), dict(strict=False), indices=True)
    s = np.abs(noise(12 * 30, 26)).reshape(30, 12).T.astype(np.float32)
    # Each row and column is greatest in a place of its own: NumPy leaves equal ones in any order.
    peaks = s[:, :12].copy()
    peaks[5 * np.arange(12) % 12, np.arange(12)] += 2
    for axis in (0, 1):
        add("util.axis_sort", None, lambda: util.axis_sort(peaks, axis=axis), dict(axis=axis))
        add("util.axis_sort.index", None, lambda: util.axis_sort(peaks, axis=axis, index=True)[1],
            dict(axis=axis), indices=True)
        for factor in (1, -2):
            add("util.shear", None, lambda: util.shear(s, factor=factor, axis=axis),
                dict(factor=factor, axis=axis))
    for transposed in (False, True):
        for radius in (0.0, 0.2, 0.5):
            def filled():
                x = (s.T if transposed else s).copy()
                util.fill_off_diagonal(x, radius=radius, value=-1)
                return x
            add("util.fill_off_diagonal", None, filled, dict(radius=radius, transposed=transposed))
    rough = np.round(6 * s)
    add("util.count_unique", None, lambda: util.count_unique(rough, axis=0), {}, indices=True)
    add("util.is_unique", None, lambda: util.is_unique(rough[:4], axis=0).astype(int), {},
        indices=True)
    for size in (12, 25):
        add("util.fix_length", None, lambda: util.fix_length(curve[:15], size=size),
            dict(size=size))
        add("util.pad_center", None, lambda: util.pad_center(curve[:12], size=size),
            dict(size=size))
    frames = [7, 3, 3, 22, 40, 11]
    for given in ({}, dict(pad=False), dict(x_min=5, x_max=30), dict(x_min=5, x_max=30, pad=False)):
        add("util.fix_frames", None, lambda: util.fix_frames(
            frames, **{"x_max": None, "x_min": 0, **given}), given, indices=True)
        add("util.index_to_slice", None, lambda: [end for part in util.index_to_slice(
            frames, idx_min=given.get("x_min", 0), idx_max=given.get("x_max"),
            pad=given.get("pad", True)) for end in (part.start, part.stop)], given, indices=True)
    for name in ("mean", "median", "max", "min"):
        for pad in (True, False):
            add("util.sync", None, lambda: util.sync(
                s, [3, 11, 12, 25], aggregate=getattr(np, name), pad=pad),
                dict(aggregate=name, pad=pad))
    for norm in (np.inf, 0, 1, 2, 3.5):
        add("util.normalize", None, lambda s: util.normalize(s, norm=norm),
            dict(norm=str(float(norm))), data=np.where(s > 0.4, 0, s))
    for given in ({}, dict(power=3.5), dict(power=float("inf")), dict(split_zeros=True)):
        a, b = np.where(s > 0.3, 0, s), np.where(s > 0.2, 0, s[::-1])
        add("util.softmask", None, lambda: util.softmask(a, b, **given), {
            key: str(value) if key == "power" else value for key, value in given.items()})


def main():
    group = Group("tools")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tools(group.add)
    group.write()


if __name__ == "__main__":
    main()
