"""Signals that are changed, and signals that are made."""

import librosa
import numpy as np

from golden import Group, noise


def main():
    group = Group("effects")
    add, effects = group.add, librosa.effects
    for signal in ("tones", "glide", "icyland"):
        for given in (dict(rate=0.8), dict(rate=1.7), dict(rate=2.0, n_fft=1024)):
            add("effects.time_stretch", signal,
                lambda y, sr: effects.time_stretch(y, **given), given)
        for given in (dict(n_steps=1), dict(n_steps=-3.5), dict(n_steps=5, bins_per_octave=24),
                      dict(n_steps=12), dict(n_steps=-12), dict(n_steps=7, n_fft=1024, scale=True)):
            add("effects.pitch_shift", signal,
                lambda y, sr: effects.pitch_shift(y, sr=sr, **given), given)
    parts = [[9000, 12000], [100, 2300], [9000, 9500], [0, 16000]]
    for signal in ("tones", "noise", "tom"):
        for given in ({}, dict(align_zeros=False)):
            add("effects.remix", signal, lambda y, sr: effects.remix(
                y, np.array(parts), **given), given)
    samples = 2 * noise(400, 12)
    for mu in (255, 15, 100):
        add("mu_compress", None, lambda: librosa.mu_compress(samples, mu=mu), dict(mu=mu),
            indices=True)
        add("mu_compress.real", None, lambda: librosa.mu_compress(
            samples, mu=mu, quantize=False), dict(mu=mu))
        add("mu_expand.real", None, lambda: librosa.mu_expand(
            samples, mu=mu, quantize=False), dict(mu=mu))
        whole = np.arange(-(int(mu + 1) // 2), int(mu + 1) // 2)
        add("mu_expand", None, lambda: librosa.mu_expand(whole, mu=mu), dict(mu=mu))
    for given in (dict(frequency=440.0, length=2000), dict(frequency=31.7, length=999, phi=0.4)):
        add("tone", None, lambda: librosa.tone(sr=8000, **given), given)
    for given in (dict(fmin=100.0, fmax=1600.0, length=3000), dict(
            fmin=900.0, fmax=50.0, length=2000, linear=True, phi=1.0), dict(
            fmin=2000.0, fmax=110.0, length=1500)):
        add("chirp", None, lambda: librosa.chirp(sr=8000, **given), given)
    for given in ({}, dict(length=5000), dict(click_freq=333.0, click_duration=0.05)):
        add("clicks", None, lambda: librosa.clicks(
            times=np.array([300, 1000, 1200, 4700]) / 8000, sr=8000, **given), given)
    group.write()


if __name__ == "__main__":
    main()
