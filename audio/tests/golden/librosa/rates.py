"""Sample rates in no ratio of small numbers, and in none of whole ones."""

import librosa

from golden import Group

RATES = ((44100, 48000), (48000, 44100), (44100, 32000), (44100, 24000), (22050, 48000),
         (4, 3), (3, 4), (4, 5), (6, 5), (7, 10), (9, 5), (8, 5), (7, 4), (15, 8),
         (48000, 26000.5), (1.0, 2 ** (1 / 12)), (1.0, 2 ** (-1 / 12)), (1.0, 2 ** (7 / 12)),
         (1.0, 2 ** (-5 / 12)), (1.0, 2 ** (-11 / 12)))


def main():
    group = Group("rates")
    for orig, target in RATES:
        given = dict(orig_sr=orig, target_sr=target)
        for signal in ("noise", "tones", "short", "tom"):
            group.add("resample", signal, lambda y, sr: librosa.resample(y, **given), given)
    group.write()


if __name__ == "__main__":
    main()
