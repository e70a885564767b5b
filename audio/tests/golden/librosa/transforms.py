"""Phases from magnitudes, places of bins, and the Mellin transform."""

import functools

import librosa
import numpy as np

from golden import Group


def main():
    group = Group("transforms")
    add = group.add
    # With its first phases at random nothing could be compared.
    griffinlim = functools.partial(librosa.griffinlim, init=None)
    for signal, length in (("noise", 22300), ("tones", 33000)):
        for given in ({}, dict(n_iter=5, momentum=0.5), dict(n_iter=3, length=length),
                      dict(n_iter=4, n_fft=1000, hop_length=300, window="hamming")):
            frames = {key: given[key] for key in ("n_fft", "hop_length", "window") if key in given}
            add("griffinlim", signal, lambda y, sr: griffinlim(
                np.abs(librosa.stft(y, **frames)), **given), given)
    for signal in ("tones", "icyland", "gap"):
        for given in ({}, dict(n_fft=1024, hop_length=300, window="hamming"), dict(fill_nan=True),
                      dict(clip=False, ref_power=0.01), dict(reassign_times=False, n_fft=511),
                      dict(reassign_frequencies=False, n_fft=513), dict(center=False),
                      dict(n_fft=1024, win_length=800, pad_mode="reflect")):
            for index, name in enumerate(("frequencies", "times", "magnitudes")):
                add(f"reassigned_spectrogram.{name}", signal, lambda y, sr: (
                    librosa.reassigned_spectrogram(y, sr=sr, **given)[index]), given)

    for given in ({}, dict(t_min=2.0), dict(n_fmt=500), dict(kind="linear"), dict(beta=0.0),
                  dict(over_sample=2.0, n_fmt=400), dict(over_sample=1.5)):
        add("fmt", "short", lambda y, sr: librosa.fmt(y[:200], **given), given)
    group.write()


if __name__ == "__main__":
    main()
