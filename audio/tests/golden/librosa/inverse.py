"""Spectra and signals from mel bands and cepstra."""

import functools
import itertools

import librosa
import numpy as np
import scipy.linalg

from golden import Group, moved


def main():
    group = Group("inverse")
    add, inverse = group.add, librosa.feature.inverse
    # With its first phases at random nothing could be compared.
    inverse.griffinlim = functools.partial(librosa.griffinlim, init=None)
    # The descent to a mel spectrum begins at a pseudo-inverse. In single precision LAPACK's rounding
    # of that alone changes the end up to a thousand times as much as a moved signal does, so it is
    # taken in double precision.
    pinv = scipy.linalg.pinv
    scipy.linalg.pinv = lambda a, **given: pinv(a.astype(np.float64), **given)

    for signal in ("noise", "tones", "icyland"):
        for given in ({}, dict(n_mels=40), dict(power=1.0), dict(n_fft=1024, n_mels=60, htk=True)):
            frames = {key: given[key] for key in ("n_fft", "power") if key in given}
            bands = {key: given[key] for key in ("htk",) if key in given}

            def mels(y, sr):
                return librosa.feature.melspectrogram(
                    y=y, sr=sr, n_mels=given.get("n_mels", 128), **frames, **bands)

            # The bands are as much an input of the problem as what is in them, and are moved too.
            calls = itertools.count(-1)

            def spectrum(y, sr):
                call = next(calls)
                whole = librosa.filters.mel
                m = mels(y, sr)
                if call >= 0:
                    librosa.filters.mel = lambda **given: moved(whole(**given), call)
                try:
                    return inverse.mel_to_stft(m, sr=sr, **frames, **bands)
                finally:
                    librosa.filters.mel = whole

            add("feature.inverse.mel_to_stft", signal, spectrum, given)
    for signal in ("noise", "tones"):
        add("feature.inverse.mel_to_audio", signal, lambda y, sr: inverse.mel_to_audio(
            librosa.feature.melspectrogram(y=y, sr=sr), sr=sr, n_iter=3), dict(n_iter=3))
        for given in (dict(n_mfcc=40, lifter=50.0),):
            add("feature.inverse.mfcc_to_audio", signal, lambda y, sr: inverse.mfcc_to_audio(
                librosa.feature.mfcc(y=y, sr=sr, **given), lifter=given.get("lifter", 0),
                sr=sr, n_iter=2), dict(given, n_iter=2))

    # So many frames that they are solved for in two blocks.
    add("util.nnls", "pulses", lambda y, sr: librosa.util.nnls(
        librosa.filters.mel(sr=sr, n_fft=1024),
        librosa.feature.melspectrogram(y=y, sr=sr, n_fft=1024, hop_length=256)).astype(np.float32),
        dict(n_fft=1024, hop_length=256))
    scipy.linalg.pinv = pinv
    inverse.griffinlim = librosa.griffinlim
    group.write()


if __name__ == "__main__":
    main()
