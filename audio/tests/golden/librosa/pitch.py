"""Fundamental frequencies."""

import librosa

from golden import Group

RANGE = dict(fmin=80.0, fmax=1000.0)


def main():
    group = Group("pitch")
    add = group.add
    for signal in ("glide", "tones", "icyland", "tom", "gap"):
        for given in ({}, dict(frame_length=1024, hop_length=400), dict(trough_threshold=0.3),
                      dict(center=False, fmax=2000.0), dict(pad_mode="reflect")):
            if "frame_length" in given and signal in ("icyland", "tom"):
                given = dict(given, fmin=120.0)
            real = {**RANGE, **given}
            add("yin", signal, lambda y, sr: librosa.yin(y, sr=sr, **real), given)
        for given in ({}, dict(hop_length=700, resolution=0.25), dict(fill_na=None, fmin=100.0),
                      dict(n_thresholds=30, beta_parameters=[1.0, 9.5], boltzmann_parameter=1.0),
                      dict(switch_prob=0.2, no_trough_prob=0.1, max_transition_rate=20.0)):
            real = {**RANGE, **given}
            if "beta_parameters" in real:
                real["beta_parameters"] = tuple(real["beta_parameters"])
            for index, name in ((0, "f0"), (2, "voiced_prob")):
                add(f"pyin.{name}", signal,
                    lambda y, sr: librosa.pyin(y, sr=sr, **real)[index], given)
            add("pyin.voiced_flag", signal,
                lambda y, sr: librosa.pyin(y, sr=sr, **real)[1].astype(int), given, indices=True)
    group.write()


if __name__ == "__main__":
    main()
