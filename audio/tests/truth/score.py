"""Scores what tutti-audio makes of recordings whose music is known, by the measures of mir_eval.

    cargo build --release -p tutti-audio --example score
    python3.12 audio/tests/truth/score.py TRUTH [--binary PATH] [--pieces]

TRUTH is a folder of NAME.flac with NAME.json: tempo_bpm, beats, downbeats, key, chords, onsets,
melody and notes, as docs/score.md tells; audio/tests/truth/render.py makes more of them. What
needs mir_eval runs in an environment that the script makes in ~/.cache/tutti/mir.
"""

import argparse
import json
import os
import pathlib
import resource
import subprocess
import sys
import venv
import warnings

NEEDS = ["numpy", "mir_eval==0.8.0"]
HOME = pathlib.Path.home() / ".cache" / "tutti" / "mir"
TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", "target"))
ENHARMONIC = {"Db": "C#", "D#": "Eb", "Gb": "F#", "G#": "Ab", "A#": "Bb"}
# What others reach on the ten pieces of 2026-11, by the same measures: the best without weights
# that were trained, and the best of all.
PEERS = {
    "tempo acc1": ("essentia RhythmExtractor2013", 0.800, "madmom DBNBeat", 0.900),
    "tempo acc2": ("essentia RhythmExtractor2013", 0.900, "madmom DBNBeat", 1.000),
    "beat F": ("essentia multifeature", 0.824, "madmom DBNBeat", 0.946),
    "downbeat F": ("none", None, "madmom DBNDownBeat", 0.593),
    "key weighted": ("essentia KeyExtractor edma", 0.930, "the same", 0.930),
    "chord majmin": ("librosa chroma_cqt, Viterbi", 0.783, "the same", 0.783),
    "onset F": ("aubio specflux", 0.642, "madmom CNN", 0.749),
    "melody OA": ("essentia PredominantPitchMelodia", 0.329, "basic-pitch skyline", 0.470),
    "notes F": ("none", None, "basic-pitch", 0.490),
}


def environment():
    """Runs this script again in an environment that has what it needs."""
    python = HOME / "bin" / "python"
    if not python.exists():
        venv.create(HOME, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *NEEDS], check=True)
    os.execv(python, [str(python), *sys.argv])


def key_name(name):
    tonic, mode = name.split()[:2]
    return f"{ENHARMONIC.get(tonic, tonic)} {mode}"


def melody(spans, duration, hz_of):
    """Frequencies each hundredth of a second; 0 without one."""
    hz = np.zeros(int(duration * 100) + 1)
    for span in spans:
        start, end, hertz = hz_of(span)
        hz[int(round(start * 100)):int(round(end * 100))] = hertz
    return np.arange(len(hz)) * 0.01, hz


def intervals(chords):
    kept = [chord for chord in chords if chord[1] > chord[0] + 1e-6]
    return np.array([chord[:2] for chord in kept]), [chord[2] for chord in kept]


def events(measure, truth, found):
    return measure(np.array(truth), np.array(found)) if len(truth) and len(found) else 0.0


def hertz(midi):
    return 440 * 2 ** ((midi - 69) / 12)


def measures(truth, score):
    trim = mir_eval.beat.trim_beats
    beat = lambda a, b: mir_eval.beat.f_measure(trim(a), trim(b))
    bpm, off = score["tempo_bpm"] or 0.0, truth["tempo_bpm"]
    near = lambda factor: abs(bpm - off * factor) <= 0.04 * off * factor
    yield "tempo acc1", float(near(1))
    yield "tempo acc2", float(any(near(factor) for factor in (1, 2, 3, 1 / 2, 1 / 3)))
    yield "beat F", events(beat, truth["beats"], score["beats"])
    yield "downbeat F", events(beat, truth["downbeats"], score["downbeats"])
    key = score["key"]
    weighted = mir_eval.key.weighted_score
    yield "key weighted", weighted(key_name(truth["key"]), key_name(key)) if key else 0.0
    chords = [(chord["start"], chord["end"], chord["chord"]) for chord in score["chords"]]
    sides = (*intervals(truth["chords"]), *intervals(chords))
    yield "chord majmin", mir_eval.chord.evaluate(*sides)["majmin"]
    onset = lambda a, b: mir_eval.onset.f_measure(a, b, window=0.05)[0]
    yield "onset F", events(onset, truth["onsets"], score["onsets"])
    length = truth["duration"]
    known = melody(truth["melody"], length, lambda it: (it[0], it[1], hertz(it[2])))
    found = melody(score["melody"], length, lambda it: (it["start"], it["end"], it["hz"]))
    yield "melody OA", mir_eval.melody.evaluate(*known, *found)["Overall Accuracy"]
    notes = score["notes"]
    yield "notes F", mir_eval.transcription.precision_recall_f1_overlap(
        np.array([note[:2] for note in truth["notes"]]),
        np.array([hertz(note[2]) for note in truth["notes"]]),
        np.array([(note["start"], note["end"]) for note in notes]).reshape(-1, 2),
        np.array([note["hz"] for note in notes]),
        offset_ratio=None,
    )[2]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("truth", type=pathlib.Path)
    parser.add_argument("--binary", type=pathlib.Path, default=TARGET / "release/examples/score")
    parser.add_argument("--pieces", action="store_true", help="also of each piece")
    options = parser.parse_args()
    recordings = [path for path in sorted(options.truth.glob("*.flac"))
                  if path.with_suffix(".json").exists()]
    if not recordings:
        sys.exit(f"{options.truth} has no NAME.flac with NAME.json")
    run = subprocess.run([options.binary, *recordings], check=True, capture_output=True, text=True)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    values, seconds = {name: [] for name in PEERS}, 0.0
    for path, line in zip(recordings, run.stdout.splitlines(), strict=True):
        truth, score = json.loads(path.with_suffix(".json").read_text()), json.loads(line)
        seconds += score["duration"]
        row = dict(measures(truth, score))
        for name, value in row.items():
            values[name].append(value)
        if options.pieces:
            print(path.stem, score["time_signature"], score["key"],
                  "  ".join(f"{name} {value:.2f}" for name, value in row.items()))
    print(f"{len(recordings)} pieces, {seconds:.0f} s of audio, "
          f"{(used.ru_utime + used.ru_stime) / seconds * 60:.2f} s of processor time a minute")
    print("| | tutti | without trained weights | the best |\n| --- | --- | --- | --- |")
    for name, (plain, plain_value, best, best_value) in PEERS.items():
        other = f"{plain_value:.3f} ({plain})" if plain_value is not None else "-"
        print(f"| {name} | {np.mean(values[name]):.3f} | {other} | {best_value:.3f} ({best}) |")


try:
    import mir_eval
    import numpy as np
except ImportError:
    environment()
warnings.filterwarnings("ignore")
main()
