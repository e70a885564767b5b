"""Chroma, tuning, separation, onsets, tempo and beats."""

import librosa
import numpy as np

from golden import Group


def envelope(y, sr, aggregate=None, **given):
    return librosa.onset.onset_strength(y=y, sr=sr, aggregate=aggregate, **given)


def main():
    group = Group("music")
    add, feature = group.add, librosa.feature
    for given in ({}, dict(n_chroma=24, tuning=0.3), dict(octwidth=None, norm=1.0),
                  dict(norm=None, base_c=False, ctroct=4.0)):
        for sr, n_fft in ((22050, 2048), (44100, 4096), (8000, 512)):
            real = {**given, "sr": sr, "n_fft": n_fft}
            add("filters.chroma", None, lambda: librosa.filters.chroma(**real), real)
    for given in (dict(n_input=84), dict(n_input=252, bins_per_octave=36),
                  dict(n_input=60, bins_per_octave=24, base_c=False),
                  dict(n_input=48, bins_per_octave=24, n_chroma=24, fmin=55.0)):
        add("filters.cq_to_chroma", None, lambda: librosa.filters.cq_to_chroma(**given), given)
    for signal in ("tones", "icyland", "glide"):
        for given in ({}, dict(n_fft=4096), dict(fmin=80.0, fmax=1000.0, threshold=0.3)):
            stft = {key: given[key] for key in ("n_fft",) if key in given}
            for index, name in ((0, "pitches"), (1, "magnitudes")):
                add(f"piptrack.{name}", signal,
                    lambda y, sr: librosa.piptrack(S=np.abs(librosa.stft(y, **stft)), sr=sr, **{
                        "n_fft": 2048, **given})[index], given)
        for given in ({}, dict(n_fft=4096), dict(resolution=0.05), dict(bins_per_octave=36)):
            add("estimate_tuning", signal, lambda y, sr: np.array(
                [librosa.estimate_tuning(y=y, sr=sr, **given)]), given)
        for given in ({}, dict(n_fft=4096, hop_length=1024), dict(tuning=0.0, norm=2.0),
                      dict(n_chroma=24), dict(norm=None, tuning=0.1)):
            add("feature.chroma_stft", signal,
                lambda y, sr: feature.chroma_stft(y=y, sr=sr, **given), given)
        add("feature.tonnetz", signal, lambda y, sr: feature.tonnetz(
            chroma=feature.chroma_stft(y=y, sr=sr, tuning=0.0)), {})
    for given in ({}, dict(gain=0.8, bias=10.0, power=0.25), dict(power=0.0), dict(b=0.05),
                  dict(time_constant=0.06, eps=1e-9, max_size=3), dict(max_size=4)):
        for signal in ("tones", "icyland"):
            add("pcen", signal, lambda y, sr: librosa.pcen(feature.melspectrogram(
                y=y, sr=sr) * 2.0**31, sr=sr, **given), given)

    for given in ({}, dict(kernel_size=[17, 9]), dict(power=1.0), dict(margin=[1.5, 3.0]),
                  dict(kernel_size=[4, 6])):
        real = {key: tuple(value) if isinstance(value, list) else value
                for key, value in given.items()}
        for index, name in ((0, "harmonic"), (1, "percussive")):
            for signal in ("tones", "tom"):
                add(f"decompose.hpss.{name}", signal, lambda y, sr: librosa.decompose.hpss(
                    librosa.stft(y), mask=True, **real)[index], given)
            add(f"effects.{name}", "tones",
                lambda y, sr: getattr(librosa.effects, name)(y, **real), given)

    strengths = [{}, dict(lag=2), dict(max_size=3), dict(detrend=True), dict(center=False),
                 dict(hop_length=256, n_fft=1024), dict(aggregate="median")]
    for given in strengths:
        real = {**given, "aggregate": np.median if "aggregate" in given else np.mean}
        for signal in ("pulses", "icyland"):
            add("onset.onset_strength", signal, lambda y, sr: envelope(y, sr, **real), given)
    add("onset.onset_strength_multi", "pulses", lambda y, sr: librosa.onset.onset_strength_multi(
        y=y, sr=sr, channels=[0, 32, 64, 96, 128]), dict(channels=[0, 32, 64, 96, 128]))
    for signal in ("pulses", "tones", "icyland", "tom", "noise"):
        for given in ({}, dict(backtrack=True), dict(hop_length=256), dict(normalize=False),
                      dict(pre_max=5, post_max=4, pre_avg=9, post_avg=8, delta=0.2, wait=6)):
            add("onset.onset_detect", signal, lambda y, sr: librosa.onset.onset_detect(
                y=y, sr=sr, **given), given, indices=True)

    for given in ({}, dict(win_length=100), dict(win_length=129, norm=1.0), dict(center=False),
                  dict(window="hamming", norm=None)):
        add("feature.tempogram", "pulses", lambda y, sr: feature.tempogram(
            onset_envelope=envelope(y, sr), sr=sr, **{"win_length": 200, **given}), given)
        if "norm" not in given:
            add("feature.fourier_tempogram", "pulses", lambda y, sr: feature.fourier_tempogram(
                onset_envelope=envelope(y, sr), sr=sr, **{"win_length": 200, **given}), given)
    for signal in ("pulses", "icyland", "noise", "tones"):
        for given in ({}, dict(start_bpm=60.0), dict(std_bpm=0.3), dict(max_tempo=None),
                      dict(ac_size=4.0)):
            add("feature.tempo", signal, lambda y, sr: feature.tempo(y=y, sr=sr, **given), given)
        add("feature.tempo.frames", signal, lambda y, sr: feature.tempo(
            y=y, sr=sr, aggregate=None), {})
        for given in ({}, dict(start_bpm=80.0), dict(tightness=400.0), dict(trim=False),
                      dict(bpm=100.0), dict(hop_length=256)):
            add("beat.beat_track", signal, lambda y, sr: librosa.beat.beat_track(
                y=y, sr=sr, **given)[1], given, indices=True)
            add("beat.beat_track.tempo", signal, lambda y, sr: np.atleast_1d(
                librosa.beat.beat_track(y=y, sr=sr, **given)[0]), given)
        add("beat.beat_track", signal, lambda y, sr: librosa.beat.beat_track(
            y=y, sr=sr, bpm=np.linspace(110.0, 140.0, len(envelope(y, sr))))[1],
            dict(bpm="from 110 to 140"), indices=True)
        for given in ({}, dict(win_length=128), dict(tempo_min=60.0, tempo_max=180.0),
                      dict(tempo_min=None, tempo_max=None)):
            add("beat.plp", signal, lambda y, sr: librosa.beat.plp(
                onset_envelope=envelope(y, sr, np.median), sr=sr, **given), given)
    group.write()


if __name__ == "__main__":
    main()
