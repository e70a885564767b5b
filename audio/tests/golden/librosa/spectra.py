"""Windows, transforms, decibels, mel bands, cepstra and features of frames."""

import librosa
import numpy as np

from golden import Group

WINDOWS = ["hann", "hamming", "blackman", "blackmanharris", "nuttall", "flattop", "boxcar",
           "bartlett", "triang", "cosine", "bohman", "barthann", "parzen"]


def short_db(y, **stft):
    return librosa.power_to_db(librosa.feature.melspectrogram(y=y, sr=22050, **stft))


def main():
    group = Group("spectra")
    add, feature = group.add, librosa.feature
    for window in WINDOWS:
        for nx, periodic in ((512, True), (401, False), (2, True)):
            add("filters.get_window", None, lambda: librosa.filters.get_window(
                window, nx, fftbins=periodic), dict(window=window, Nx=nx, fftbins=periodic))
        add("filters.window_bandwidth", None, lambda: [librosa.filters.window_bandwidth(window)],
            dict(window=window))
    for window in (("kaiser", 12.5), ("gaussian", 40.0), ("tukey", 0.3)):
        add("filters.get_window", None, lambda: librosa.filters.get_window(window, 256),
            dict(window=list(window), Nx=256, fftbins=True))
    for given in (dict(n_frames=20), dict(n_frames=9, hop_length=300, win_length=700, n_fft=1000,
                                          window="hamming")):
        add("filters.window_sumsquare", None, lambda: librosa.filters.window_sumsquare(
            **{"window": "hann", **given}), given)

    transforms = [{}, dict(n_fft=512), dict(n_fft=1000, hop_length=333, window="hamming"),
                  dict(n_fft=511, win_length=400, hop_length=100, window="blackman"),
                  dict(n_fft=1024, center=False, window=["kaiser", 8.0])]
    transforms += [dict(n_fft=1024, pad_mode=mode)
                   for mode in ("edge", "reflect", "symmetric", "linear_ramp")]

    def call(given):
        return {key: tuple(value) if isinstance(value, list) else value
                for key, value in given.items()}

    for given in transforms:
        for signal in ("tones", "icyland"):
            add("stft", signal, lambda y, sr: librosa.stft(y, **call(given)), given)
    for given in ({}, dict(n_fft=2048, pad_mode="reflect"), dict(n_fft=256)):
        add("stft", "short", lambda y, sr: librosa.stft(y, **call(given)), given)
    for given in transforms[:5]:
        def there_and_back(y, sr, length=None):
            back = {key: value for key, value in call(given).items() if key != "pad_mode"}
            return librosa.istft(librosa.stft(y, **call(given)), **{"n_fft": 2048, **back},
                                 length=length)
        add("istft", "tones", there_and_back, given)
        add("istft", "tones", lambda y, sr: there_and_back(y, sr, 30000), dict(given, length=30000))
    for power in (1.0, 2.0):
        add("magphase", "tones", lambda y, sr: librosa.magphase(librosa.stft(y), power=power)[0],
            dict(power=power))
    add("magphase.phase", "noise", lambda y, sr: librosa.magphase(librosa.stft(y, n_fft=64))[1],
        dict(n_fft=64))
    for rate in (0.8, 1.7):
        add("phase_vocoder", "noise", lambda y, sr: np.abs(librosa.phase_vocoder(
            librosa.stft(y, n_fft=512), rate=rate)), dict(n_fft=512, rate=rate))

    for given in ({}, dict(amin=1e-6, top_db=None), dict(top_db=30.0, ref=2.0), dict(ref="max")):
        real = {key: np.max if value == "max" else value for key, value in given.items()}
        for signal in ("tones", "gap"):
            add("power_to_db", signal, lambda y, sr: librosa.power_to_db(
                np.abs(librosa.stft(y)) ** 2, **real), given)
            add("amplitude_to_db", signal, lambda y, sr: librosa.amplitude_to_db(
                np.abs(librosa.stft(y)), **real), given)
    add("db_to_power", "noise", lambda y, sr: librosa.db_to_power(60 * y, ref=2.0), dict(ref=2.0))
    add("db_to_amplitude", "noise", lambda y, sr: librosa.db_to_amplitude(60 * y, ref=2.0),
        dict(ref=2.0))
    for kind in "ABCDZ":
        add("perceptual_weighting", "tones", lambda y, sr: librosa.perceptual_weighting(
            np.abs(librosa.stft(y)) ** 2, librosa.fft_frequencies(sr=sr), kind=kind),
            dict(kind=kind))

    mels = [{}, dict(n_mels=40, fmin=50.0, fmax=8000.0), dict(htk=True), dict(norm=None),
            dict(norm=1.0, n_mels=64), dict(norm=float("inf"), htk=True, n_mels=24)]
    for given in mels:
        for sr, n_fft in ((22050, 2048), (44100, 1024), (8000, 501)):
            if given.get("fmax", 0) > sr / 2:
                continue
            add("filters.mel", None, lambda: librosa.filters.mel(sr=sr, n_fft=n_fft, **given),
                {**given, "norm": str(given.get("norm", "slaney")), "sr": sr, "n_fft": n_fft})
    for given in ({}, dict(n_fft=1024, hop_length=200, n_mels=40, htk=True),
                  dict(n_fft=512, win_length=400, hop_length=160, window="hamming", fmin=60.0),
                  dict(center=False), dict(pad_mode="reflect")):
        for signal in ("tones", "icyland"):
            add("feature.melspectrogram", signal,
                lambda y, sr: feature.melspectrogram(y=y, sr=sr, **given), given)
    for given in ({}, dict(n_mfcc=13, lifter=22.0), dict(n_mfcc=40, dct_type=1),
                  dict(dct_type=3), dict(norm=None), dict(dct_type=1, norm=None),
                  dict(dct_type=3, norm=None)):
        for signal in ("tones", "icyland"):
            add("feature.mfcc", signal, lambda y, sr: feature.mfcc(y=y, sr=sr, **given), given)
    for given in ({}, dict(width=5), dict(width=7, order=2), dict(order=3, mode="nearest"),
                  dict(mode="mirror"), dict(mode="constant"), dict(mode="wrap")):
        add("feature.delta", "tones", lambda y, sr: feature.delta(short_db(y), **given), given)
    for given in ({}, dict(n_steps=3, delay=2), dict(n_steps=2, delay=-3, mode="edge")):
        add("feature.stack_memory", "tones",
            lambda y, sr: feature.stack_memory(short_db(y, n_mels=20), **given), given)

    framed = [{}, dict(n_fft=1024, hop_length=256)]
    for signal in ("tones", "noise", "icyland"):
        for given in framed:
            for name in ("spectral_centroid", "spectral_bandwidth", "spectral_rolloff",
                         "spectral_contrast", "poly_features"):
                add(f"feature.{name}", signal,
                    lambda y, sr: getattr(feature, name)(y=y, sr=sr, **given), given)
            add("feature.spectral_flatness", signal,
                lambda y, sr: feature.spectral_flatness(y=y, **given), given)
    for name, given in (("spectral_bandwidth", dict(p=3.0)), ("spectral_rolloff",
                        dict(roll_percent=0.3)), ("spectral_contrast", dict(linear=True)),
                        ("spectral_contrast", dict(fmin=100.0, n_bands=4, quantile=0.1)),
                        ("poly_features", dict(order=0)), ("poly_features", dict(order=3))):
        add(f"feature.{name}", "tones",
            lambda y, sr: getattr(feature, name)(y=y, sr=sr, **given), given)
    for given in (dict(amin=1e-6), dict(power=1.0)):
        add("feature.spectral_flatness", "noise",
            lambda y, sr: feature.spectral_flatness(y=y, **given), given)
    for given in ({}, dict(frame_length=512, hop_length=100), dict(center=False),
                  dict(frame_length=1001, pad_mode="reflect"), dict(pad_mode="wrap")):
        for signal in ("tones", "icyland"):
            add("feature.rms", signal, lambda y, sr: feature.rms(y=y, **given), given)
    for length in (2048, 511):
        add("feature.rms.S", "tones", lambda y, sr: feature.rms(
            S=np.abs(librosa.stft(y, n_fft=length)), frame_length=length),
            dict(frame_length=length))
    for given in ({}, dict(frame_length=512, hop_length=100), dict(center=False)):
        for signal in ("tones", "icyland"):
            add("feature.zero_crossing_rate", signal,
                lambda y, sr: feature.zero_crossing_rate(y, **given), given)
    for given in ({}, dict(threshold=0.1, pad=False)):
        add("zero_crossings", "tones", lambda y, sr: np.flatnonzero(
            librosa.zero_crossings(y, **given))[:300], given, indices=True)

    for given in ({}, dict(max_size=100)):
        add("autocorrelate", "tones", lambda y, sr: librosa.autocorrelate(y, **given), given)
    # In double precision: in single, librosa's own sums are further off than its input's rounding.
    for order in (2, 16):
        for signal in ("tones", "tom"):
            add("lpc", signal, lambda y, sr: librosa.lpc(y.astype(np.float64), order=order),
                dict(order=order))
    for name in ("preemphasis", "deemphasis"):
        for given in ({}, dict(coef=0.5), dict(coef=0.9, zi=0.25)):
            real = {key: [value] if key == "zi" else value for key, value in given.items()}
            add(f"effects.{name}", "tones",
                lambda y, sr: getattr(librosa.effects, name)(y, **real), given)
    for given in ({}, dict(top_db=20.0), dict(frame_length=512, hop_length=128, top_db=40.0),
                  dict(ref=1.0, top_db=30.0)):
        for signal in ("gap", "tom", "tones"):
            add("effects.trim", signal, lambda y, sr: librosa.effects.trim(y, **given)[1], given,
                indices=True)
            add("effects.split", signal, lambda y, sr: librosa.effects.split(y, **given).T, given,
                indices=True)
    add("util.frame", "short", lambda y, sr: librosa.util.frame(
        y, frame_length=64, hop_length=20), dict(frame_length=64, hop_length=20))
    group.write()


if __name__ == "__main__":
    main()
