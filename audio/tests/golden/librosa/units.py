"""Units, intervals, and names of notes."""

import librosa
import numpy as np

from golden import Group

SCALES = ["maj", "major", "min", "minor", "ion", "dorian", "phr", "phryg", "lyd", "mixolydian",
          "aeol", "loc"]
TONICS = [letter + sign for letter in "CDEFGABd" for sign in
          ("", "#", "b", "♯♯", "𝄫", "##b", "♮", "𝄪#", "bbb")]
HZ = [0.5, 27.5, 100.0, 261.6, 440.0, 999.0, 1000.0, 1001.0, 8000.0, 22050.0]
MIDI = [-20.6, -1.0, 0.5, 1.5, 11.0, 35.49, 48.0, 60.0, 61.29, 69.5, 71.87, 84.0, 90.0, 127.2]
NOTES = ["C", "c4", "B♭3", "F##-1", "A4+25", "E!2-7", "G𝄪5", "D𝄫", "a♮4"]

#: Numbers above and below the line, and the least and the greatest power of 3 with which both make
#: an interval that has a name.
JUST = [
    (1, 1, -33, 71), (5, 1, -4, 6), (1, 5, -4, 6), (25, 1, -4, 6), (1, 25, -3, 5),
    (125, 1, -3, 4), (1, 125, -2, 4), (625, 1, -1, 2), (7, 1, -3, 3), (1, 7, -3, 3),
    (49, 1, -2, 2), (1, 49, -1, 1), (35, 1, -2, 2), (1, 35, -2, 2), (5, 7, -2, 2), (7, 5, -2, 2),
    (175, 1, -1, 1), (1, 175, 0, 0), (25, 7, -1, 0), (7, 25, -1, 1), (245, 1, -1, 1),
    (49, 5, -1, 1), (11, 1, -2, 2), (1, 11, -2, 2), (13, 1, -2, 2), (1, 13, -2, 2),
    (17, 1, -2, 2), (1, 17, -2, 2), (19, 1, -1, 1), (1, 19, -1, 1), (23, 1, -1, 1),
    (1, 23, -1, 1), (55, 1, -1, 1), (1, 55, -1, 1), (5, 11, -1, 1), (11, 5, -1, 1),
    (65, 1, -1, 1), (1, 65, -1, 1), (5, 13, -1, 1), (13, 5, -1, 1), (85, 1, -1, 1),
    (1, 85, -1, 1), (5, 17, -1, 1), (17, 5, -1, 1), (95, 1, 0, 0), (1, 95, 0, 0), (5, 19, 0, 0),
    (19, 5, 0, 0), (77, 1, -1, 1), (1, 77, -1, 1), (7, 11, -1, 1), (11, 7, -1, 1), (91, 1, -1, 1),
    (1, 91, -1, 1), (7, 13, -1, 1), (13, 7, -1, 1), (119, 1, 0, 0), (1, 119, 0, 0), (7, 17, 0, 0),
    (17, 7, 0, 0),
]


def main():
    group = Group("units")

    def numbers(function, given, **rest):
        group.add(function, None, lambda: np.asarray(
            getattr(librosa, function)(**given, **rest), dtype=np.float64), given)

    def names(function, call, given):
        group.add(function, None, call, given, texts=True)

    for htk in (False, True):
        numbers("hz_to_mel", dict(frequencies=HZ, htk=htk))
        numbers("mel_to_hz", dict(mels=[0.0, 3.3, 14.9, 15.0, 15.1, 40.0, 900.0], htk=htk))
        numbers("mel_frequencies", dict(n_mels=40, fmin=30.0, fmax=9000.0, htk=htk))
    numbers("hz_to_midi", dict(frequencies=HZ))
    numbers("midi_to_hz", dict(notes=MIDI))
    for given in (dict(tuning=0.0, bins_per_octave=12), dict(tuning=-0.3, bins_per_octave=24)):
        numbers("hz_to_octs", dict(frequencies=HZ, **given))
        numbers("octs_to_hz", dict(octs=[-1.0, 0.0, 4.5], **given))
    numbers("A4_to_tuning", dict(A4=[432.0, 440.0, 444.4], bins_per_octave=36))
    numbers("tuning_to_A4", dict(tuning=[-0.5, 0.0, 0.31], bins_per_octave=36))
    for given in (dict(sr=22050.0, n_fft=2048), dict(sr=8000.0, n_fft=101)):
        numbers("fft_frequencies", given)
    numbers("cqt_frequencies", dict(n_bins=50, fmin=32.7, bins_per_octave=24, tuning=0.2))
    numbers("tempo_frequencies", dict(n_bins=60, hop_length=256, sr=44100.0))
    numbers("fourier_tempo_frequencies", dict(sr=22050.0, win_length=384, hop_length=512))
    for kind in "ABCDZ":
        numbers(f"{kind}_weighting", dict(frequencies=HZ, min_db=-60.0))
    numbers("frequency_weighting", dict(frequencies=HZ, kind="B"))
    group.add("multi_frequency_weighting", None, lambda: librosa.multi_frequency_weighting(
        HZ, kinds="ZACD"), dict(frequencies=HZ, kinds="ZACD"))
    for kind in ("equal", "pythagorean", "ji3", "ji5", "ji7", [1.0, 1.2, 1.9]):
        numbers("interval_frequencies", dict(
            n_bins=30, fmin=55.0, intervals=kind, bins_per_octave=14))
    for tuning in (0.0, -0.31):
        for at, name in enumerate(("frequencies", "rates")):
            group.add(f"filters.mr_frequencies.{name}", None,
                      lambda: librosa.filters.mr_frequencies(tuning)[at], dict(tuning=tuning))
    group.add("pythagorean_intervals", None, lambda: librosa.pythagorean_intervals(
        bins_per_octave=31), dict(bins_per_octave=31))
    for primes in ([3], [3, 5, 7], [5, 11]):
        group.add("plimit_intervals", None, lambda: librosa.plimit_intervals(
            primes=primes, bins_per_octave=20), dict(primes=primes, bins_per_octave=20))

    whole = [0, 1, 5, 1000]
    for given in (dict(hop_length=512), dict(hop_length=100, n_fft=1024)):
        timed = dict(given, sr=44100.0)
        for name, values, rest in (
                ("frames_to_samples", dict(frames=whole), given),
                ("samples_to_frames", dict(samples=[0, 511, 512, 99999]), given)):
            group.add(name, None, lambda: getattr(librosa, name)(**values, **rest),
                      dict(**values, **rest), indices=True)
        group.add("time_to_frames", None, lambda: librosa.time_to_frames(
            [0.0, 0.5, 3.21], **timed), dict(timed, times=[0.0, 0.5, 3.21]), indices=True)
        numbers("frames_to_time", dict(frames=whole, **timed))
        group.add("samples_like", None, lambda: librosa.samples_like(7, **given),
                  dict(X=7, **given), indices=True)
        numbers("times_like", dict(X=7, **timed))
    group.add("time_to_samples", None, lambda: librosa.time_to_samples(
        [0.0, 0.1, 3.21], sr=22050), dict(times=[0.0, 0.1, 3.21], sr=22050.0), indices=True)
    numbers("samples_to_time", dict(samples=whole, sr=22050.0))
    group.add("blocks_to_frames", None, lambda: librosa.blocks_to_frames(
        whole, block_length=16), dict(blocks=whole, block_length=16), indices=True)
    group.add("blocks_to_samples", None, lambda: librosa.blocks_to_samples(
        whole, block_length=16, hop_length=512),
        dict(blocks=whole, block_length=16, hop_length=512), indices=True)
    numbers("blocks_to_time", dict(blocks=whole, block_length=16, hop_length=512, sr=22050.0))

    group.add("note_to_midi", None, lambda: librosa.note_to_midi(NOTES, round_midi=False),
              dict(note=NOTES))
    group.add("note_to_hz", None, lambda: librosa.note_to_hz(NOTES), dict(note=NOTES))
    for rest in ({}, dict(cents=True), dict(octave=False), dict(key="D♭:loc", unicode=False)):
        names("midi_to_note", lambda: librosa.midi_to_note(MIDI, **rest), dict(midi=MIDI, **rest))
        names("hz_to_note", lambda: librosa.hz_to_note(HZ, **rest), dict(frequencies=HZ, **rest))

    for scale in SCALES:
        keys = [f"{tonic}:{scale}" for tonic in TONICS[::1 if scale in ("maj", "min") else 5]]
        for rest in ({}, dict(unicode=False), dict(natural=True)):
            def spelled():
                return sum((list(librosa.key_to_notes(key, **rest)) for key in keys), [])
            names("key_to_notes", spelled, dict(key=keys, **rest))
        group.add("key_to_degrees", None, lambda: np.concatenate(
            [librosa.key_to_degrees(key) for key in keys]), dict(key=keys), indices=True)
    for unicode in (True, False):
        given = dict(unison=["C", "B♭", "f##", "Gbb"], fifths=list(range(-23, 24)), unicode=unicode)
        names("fifths_to_note", lambda: [
            librosa.fifths_to_note(unison=unison, fifths=fifths, unicode=unicode)
            for unison in given["unison"] for fifths in given["fifths"]], given)

    ratios = [above / below * 3.0**power for above, below, least, most in JUST
              for power in range(least, most + 1)]
    just = [ratio * 2.0 ** -np.floor(np.log2(ratio)) for ratio in ratios]
    # librosa does not know intervals that lie between two of its decimals.
    just = [ratio for ratio in just if ratio * 1e6 % 1 != 0.5]
    for rest in ({}, dict(unison="F#", unicode=False), dict(unison="B♭", tolerance=1.07)):
        given = dict(interval=just, **rest)
        names("interval_to_fjs", lambda: librosa.interval_to_fjs(just, **rest), given)
    for rest in ({}, dict(fmin=110.0, unicode=True), dict(unison="C", unicode=True)):
        hz = [55.0 * above / below for above, below in (
            (1, 1), (16, 15), (9, 8), (6, 5), (5, 4), (4, 3), (7, 5), (3, 2), (8, 5), (7, 4), (15, 2))]
        names("hz_to_fjs", lambda: librosa.hz_to_fjs(hz, **rest), dict(frequencies=hz, **rest))
    names("list_thaat", librosa.list_thaat, {})
    names("list_mela", lambda: list(librosa.list_mela()), {})
    group.add("thaat_to_degrees", None, lambda: np.concatenate(
        [librosa.thaat_to_degrees(thaat) for thaat in librosa.list_thaat()]), {}, indices=True)
    group.add("mela_to_degrees", None, lambda: np.concatenate(
        [librosa.mela_to_degrees(mela) for mela in range(1, 73)]), {}, indices=True)
    forms = [{}, dict(abbr=False), dict(octave=False), dict(abbr=False, unicode=False)]
    for rest in forms:
        plain = {key: value for key, value in rest.items() if key != "octave"}
        names("mela_to_svara", lambda: sum(
            (librosa.mela_to_svara(mela, **plain) for mela in range(1, 73)), []), plain)
        names("midi_to_svara_h", lambda: librosa.midi_to_svara_h(MIDI, Sa=60.4, **rest),
              dict(midi=MIDI, Sa=60.4, **rest))
        names("midi_to_svara_c", lambda: librosa.midi_to_svara_c(
            MIDI, Sa=60.4, mela=36, **rest), dict(midi=MIDI, Sa=60.4, mela=36, **rest))
        names("hz_to_svara_h", lambda: librosa.hz_to_svara_h(HZ, Sa=300.0, **rest),
              dict(frequencies=HZ, Sa=300.0, **rest))
        names("hz_to_svara_c", lambda: librosa.hz_to_svara_c(HZ, Sa=300.0, mela=1, **rest),
              dict(frequencies=HZ, Sa=300.0, mela=1, **rest))
        names("note_to_svara_h", lambda: librosa.note_to_svara_h(NOTES, Sa="A3+20", **rest),
              dict(note=NOTES, Sa="A3+20", **rest))
        names("note_to_svara_c", lambda: librosa.note_to_svara_c(
            NOTES, Sa="A3+70", mela=72, **rest), dict(note=NOTES, Sa="A3+70", mela=72, **rest))
    group.write()


if __name__ == "__main__":
    main()
