"""What stands at multiples of frequencies and tempos, neighbours of frames, cepstra, and parts."""

import warnings

import librosa
import numpy as np

from golden import Group


def main():
    group = Group("harmonics")
    add, feature = group.add, librosa.feature
    for signal in ("tones", "icyland", "glide"):
        for given in (dict(harmonics=[1, 2, 3]), dict(harmonics=[0.5, 1.5, 2.25], n_fft=1024)):
            n_fft = given.get("n_fft", 2048)
            harmonics = given["harmonics"]

            def magnitude(y):
                return np.abs(librosa.stft(y, n_fft=n_fft))

            def freqs(sr):
                return librosa.fft_frequencies(sr=sr, n_fft=n_fft)

            add("interp_harmonics", signal, lambda y, sr: np.concatenate(librosa.interp_harmonics(
                magnitude(y), freqs=freqs(sr), harmonics=harmonics)).astype(np.float32), given)

            def f0(y, sr):
                return np.linspace(100.0, 900.0, magnitude(y).shape[-1])

            add("f0_harmonics", signal, lambda y, sr: librosa.f0_harmonics(
                magnitude(y), f0=f0(y, sr), freqs=freqs(sr), harmonics=harmonics), given)
            for rest in (dict(filter_peaks=False), dict(fill_value=0.0, weights=[1.0, 0.5, 0.25])):
                add("salience", signal, lambda y, sr: librosa.salience(
                    magnitude(y), freqs=freqs(sr), harmonics=harmonics, **rest).astype(np.float32),
                    dict(given, **rest), tolerant="fill_value" not in rest)
        for given in ({}, dict(n_mels=40), dict(dct_type=3), dict(lifter=22.0), dict(norm=None),
                      dict(ref=2.5)):
            back = dict(given)
            there = {key: back[key] for key in ("dct_type", "lifter", "norm") if key in back}
            add("feature.inverse.mfcc_to_mel", signal, lambda y, sr: feature.inverse.mfcc_to_mel(
                feature.mfcc(y=y, sr=sr, n_mfcc=20, **there), **back), given)
        for given in ({}, dict(aggregate="median"), dict(aggregate="average")):
            kind = dict(median=np.median, average=np.average)
            add("decompose.nn_filter", signal, lambda y, sr: librosa.decompose.nn_filter(
                feature.melspectrogram(y=y, sr=sr, n_mels=20),
                aggregate=kind.get(given.get("aggregate")),
                rec=librosa.segment.recurrence_matrix(
                    feature.melspectrogram(y=y, sr=sr, n_mels=20), mode="affinity", k=4)),
                given, tolerant="average" == given.get("aggregate"))
    for signal in ("pulses", "noise"):
        for given in ({}, dict(win_length=200), dict(win_length=129, window="hamming")):
            def envelope(y, sr):
                return librosa.onset.onset_strength(y=y, sr=sr)

            win = {"win_length": 384, **given}
            add("feature.hybrid_tempogram", signal, lambda y, sr: feature.hybrid_tempogram(
                onset_envelope=envelope(y, sr), sr=sr, **given), given)

            def ramp(tg):
                return np.linspace(60.0, 190.0, tg.shape[-1])

            def ratio(y, sr, **rest):
                tg = feature.tempogram(onset_envelope=envelope(y, sr), sr=sr, **win)
                return feature.tempogram_ratio(tg=tg, sr=sr, bpm=ramp(tg), **rest)

            add("feature.tempogram_ratio", signal, lambda y, sr: ratio(y, sr), given)
            add("feature.tempogram_ratio", signal, lambda y, sr: ratio(
                y, sr, factors=np.array([1.0, 0.6, 2.2])), dict(given, factors=[1.0, 0.6, 2.2]))

            def metres(y, sr, **rest):
                tg = feature.tempogram(onset_envelope=envelope(y, sr), sr=sr, **win)[1:]
                freqs = librosa.tempo_frequencies(len(tg) + 1, sr=sr)[1:]
                return feature.metrogram(tg=tg, freqs=freqs, **rest)

            add("feature.metrogram", signal, lambda y, sr: metres(y, sr), given)
    for signal in ("tones", "icyland"):
        for given in (dict(n_components=3), dict(n_components=8, sort=True)):
            def parts(y):
                with warnings.catch_warnings():
                    # That it did not converge.
                    warnings.simplefilter("ignore")
                    # In double precision: in single, the roundings of 200 passes add up to a
                    # thousand times what a moved signal changes.
                    s = np.abs(librosa.stft(y, n_fft=512)).astype(np.float64)
                    both = librosa.decompose.decompose(s, **given)
                    return [part.astype(np.float32) for part in both]
            add("decompose.decompose.components", signal, lambda y, sr: parts(y)[0], given)
            add("decompose.decompose.activations", signal, lambda y, sr: parts(y)[1], given)
    group.write()


if __name__ == "__main__":
    main()
