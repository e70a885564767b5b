"""Sample rates, wavelets, and constant-Q transforms."""

import librosa
import numpy as np

from golden import Group


def rates(group):
    for signal in ("noise", "tones", "short", "tom"):
        for orig, target in ((2, 1), (1, 2), (3, 1), (4, 1), (1, 4), (8, 1), (1, 8), (1, 32),
                             (3, 2)):
            given = dict(orig_sr=orig, target_sr=target)
            group.add("resample", signal, lambda y, sr: librosa.resample(y, **given), given)
    given = dict(orig_sr=2, target_sr=1, scale=True)
    group.add("resample", "noise", lambda y, sr: librosa.resample(y, **given), given)


def wavelets(group):
    freqs = {name: librosa.cqt_frequencies(n_bins=n, fmin=fmin, bins_per_octave=per)
             for name, (n, fmin, per) in dict(low=(12, 65.4, 12), high=(40, 200.0, 24)).items()}
    for name, hz in freqs.items():
        group.add("filters.relative_bandwidth", None, lambda: librosa.filters._relative_bandwidth(
            freqs=hz), dict(freqs=name))
        for given in ({}, dict(filter_scale=0.5), dict(gamma=20.0), dict(gamma=None),
                      dict(window="hamming"), dict(sr=8000)):
            real = dict(given, freqs=name)
            group.add("filters.wavelet_lengths", None, lambda: librosa.filters.wavelet_lengths(
                freqs=hz, **given)[0], real)
            group.add("filters.wavelet_lengths.cutoff", None, lambda: [
                librosa.filters.wavelet_lengths(freqs=hz, **given)[1]], real)
            group.add("filters.wavelet", None, lambda: librosa.filters.wavelet(
                freqs=hz, **given)[0], real)
        for given in (dict(norm=None), dict(norm=2), dict(pad_fft=False)):
            group.add("filters.wavelet", None, lambda: librosa.filters.wavelet(
                freqs=hz, **given)[0], dict(given, freqs=name))


def transforms(group):
    for signal in ("tones", "glide", "icyland"):
        for given in ({}, dict(hop_length=256, bins_per_octave=36, n_bins=180), dict(scale=False),
                      dict(fmin=110.0, n_bins=30, tuning=0.2), dict(filter_scale=0.5, norm=2),
                      dict(sparsity=0.0), dict(sparsity=0.1), dict(window="hamming"),
                      dict(pad_mode="reflect"), dict(n_bins=None), dict(tuning=None),
                      dict(n_bins=1, fmin=1000.0), dict(hop_length=100, n_bins=60)):
            group.add("cqt", signal, lambda y, sr: librosa.cqt(y, sr=sr, **given), given)
        for given in ({}, dict(gamma=0.0), dict(gamma=30.0, bins_per_octave=24, n_bins=168),
                      dict(intervals="pythagorean"), dict(intervals="ji3"), dict(intervals="ji5"),
                      dict(intervals="ji7", bins_per_octave=7, n_bins=40, fmin=60.0),
                      dict(intervals=[1.0, 1.2, 1.5, 1.8], n_bins=20, fmin=60.0)):
            group.add("vqt", signal, lambda y, sr: librosa.vqt(y, sr=sr, **given), given)
        for name in ("hybrid_cqt", "pseudo_cqt"):
            for given in ({}, dict(hop_length=256, bins_per_octave=24, n_bins=120),
                          dict(scale=False), dict(n_bins=None), dict(tuning=None),
                          dict(fmin=440.0, n_bins=36, filter_scale=0.7)):
                group.add(name, signal, lambda y, sr: getattr(librosa, name)(y, sr=sr, **given),
                          given)


def inverses(group):
    for signal in ("tones", "glide", "tom"):
        for given in ({}, dict(scale=False), dict(length=20000), dict(hop_length=256),
                      dict(bins_per_octave=24, n_bins=120, fmin=60.0, tuning=0.1)):
            there = {key: value for key, value in given.items() if key != "length"}
            back = {key: value for key, value in given.items() if key != "n_bins"}
            group.add("icqt", signal, lambda y, sr: librosa.icqt(
                librosa.cqt(y, sr=sr, **there), sr=sr, **back), given)
    for given in (dict(n_iter=1), dict(n_iter=2, momentum=0.5), dict(n_iter=2, length=22050)):
        group.add("griffinlim_cqt", "glide", lambda y, sr: librosa.griffinlim_cqt(
            np.abs(librosa.cqt(y, sr=sr)), sr=sr, init=None, **given), given)


def classes(group):
    for signal in ("tones", "glide", "icyland"):
        for given in ({}, dict(norm=None), dict(norm=2.0, threshold=0.1), dict(tuning=0.1),
                      dict(n_chroma=24, bins_per_octave=48, n_octaves=5), dict(fmin=65.4),
                      dict(cqt_mode="hybrid"), dict(hop_length=1024)):
            group.add("feature.chroma_cqt", signal, lambda y, sr: librosa.feature.chroma_cqt(
                y=y, sr=sr, **given), given)
        for given in ({}, dict(win_len_smooth=None), dict(win_len_smooth=12), dict(norm=None),
                      dict(smoothing_window="boxcar"), dict(hop_length=256)):
            group.add("feature.chroma_cens", signal, lambda y, sr: librosa.feature.chroma_cens(
                y=y, sr=sr, **given), given)
        for given in (dict(intervals="ji5"), dict(intervals="equal", gamma=None, norm=2.0),
                      dict(intervals="pythagorean", n_octaves=5, fmin=65.4, threshold=0.05)):
            group.add("feature.chroma_vqt", signal, lambda y, sr: librosa.feature.chroma_vqt(
                y=y, sr=sr, **given), given)


def main():
    group = Group("constantq")
    rates(group)
    wavelets(group)
    transforms(group)
    inverses(group)
    classes(group)
    group.write()


if __name__ == "__main__":
    main()
