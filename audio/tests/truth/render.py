"""Renders scores of the music21 corpus into recordings whose music is known, for score.py.

    apt-get install fluidsynth fluid-soundfont-gm
    python3.12 -m pip install music21==10.5.1 mido==1.3.3 numpy soundfile
    python3.12 audio/tests/truth/render.py FOLDER

Half a minute of each piece, from its beginning and from some bars on. Notes begin some milliseconds
early or late and vary in strength; the tempo of a third of the pieces swells by 8 %. The same every
time: chance is seeded with the number of the piece. What is not of one metre is left out there.
"""

import json
import math
import pathlib
import random
import subprocess
import sys

import mido
import numpy as np
import soundfile
from music21 import chord, corpus, meter, note

SOUNDFONT = "/usr/share/sounds/sf2/FluidR3_GM.sf2"
SECONDS, LEAD = 30.0, 0.15
ENSEMBLES = {
    "strings": [40, 40, 41, 42], "brass": [56, 60, 57, 58], "wood": [73, 68, 71, 70],
    "organ": [19] * 4, "orch2": [73, 40, 41, 42], "harpstr": [46, 48, 48, 48],
    "piano": [0] * 4, "ens": [48] * 4, "clarstr": [71, 40, 41, 42], "hornens": [60, 48, 48, 43],
}
CHORALES = """1.6 10.7 101.7 104.6 11.6 112.5 116.6 117.4 120.6 13.6 139.6 148.6 16.6 18.5-w 20.7
    245.3 121.6 122.6 123.6 126.6 127.5 130.6 133.6 14.5 144.3 151.5 155.5 159.5 164.6 17.7 171.6
    180.7 187.7 194.6 226.2""".split()
# A piece, and between which tempi it is played, in beats a minute.
MOVEMENTS = [
    ("haydn/opus74no1/movement2", 70, 100), ("haydn/opus74no1/movement3", 120, 160),
    ("haydn/opus74no1/movement4", 110, 140), ("haydn/opus1no1/movement1", 95, 140),
    ("haydn/opus1no1/movement2", 110, 150), ("haydn/opus1no1/movement3", 60, 80),
    ("haydn/opus1no1/movement5", 120, 150), ("mozart/k155/movement2", 60, 84),
    ("mozart/k155/movement3", 110, 140), ("mozart/k156/movement1", 140, 170),
    ("mozart/k156/movement3", 100, 130), ("mozart/k156/movement4", 110, 140),
    ("mozart/k458/movement1", 90, 110), ("mozart/k458/movement2", 110, 140),
    ("mozart/k458/movement3", 60, 80), ("mozart/k458/movement4", 110, 140),
    ("mozart/k80/movement1", 60, 80), ("mozart/k80/movement2", 110, 140),
    ("mozart/k80/movement3", 110, 140), ("mozart/k80/movement4", 110, 140),
    ("beethoven/opus18no1/movement2", 110, 140), ("beethoven/opus18no1/movement3", 150, 180),
    ("beethoven/opus18no1/movement4", 100, 125),
]
NAMES = "C C# D Eb E F F# G Ab A Bb B".split()
PROFILES = {
    "major": [6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88],
    "minor": [6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17],
}


def pieces():
    ensembles = list(ENSEMBLES)
    listed = [(f"bach/bwv{number}", 0, 70, 115) for number in CHORALES]
    listed += [(name, bar, low, high) for bar in (0, 32, 64, 100) for name, low, high in MOVEMENTS]
    for index, (name, bar, low, high) in enumerate(listed):
        yield index, name, ensembles[index * 7 % len(ensembles)], bar, (low, high)


def triad(classes):
    """The triad of which there is everything and at most one note besides, or X."""
    found = [
        (len(classes - notes), root, quality)
        for root in range(12)
        for quality, third in (("maj", 4), ("min", 3))
        if (notes := {root, (root + third) % 12, (root + 7) % 12}) <= classes
    ]
    if not classes:
        return "N"
    if not found or min(found)[0] > 1:
        return "X"
    return f"{NAMES[min(found)[1]]}:{min(found)[2]}"


def key_of(notes, sharps):
    """By Krumhansl's profiles; of the two keys of a signature, where there is one."""
    weights = np.zeros(12)
    for start, end, midi, _, _ in notes:
        weights[midi % 12] += end - start
    fits = lambda tonic, mode: np.corrcoef(np.roll(PROFILES[mode], tonic), weights)[0, 1]
    tonics = {mode: range(12) for mode in PROFILES}
    if sharps is not None:
        tonics = {"major": [sharps * 7 % 12], "minor": [(sharps * 7 + 9) % 12]}
    _, tonic, mode = max((fits(t, mode), t, mode) for mode in PROFILES for t in tonics[mode])
    return f"{NAMES[tonic]} {mode}"


def beat_length(signature):
    """Of a beat, in quarters: three eighths where the metre is compound."""
    if signature.denominator == 8 and signature.numerator % 3 == 0 and signature.numerator > 3:
        return 1.5
    return 1.0 if signature.denominator == 2 else 4 / signature.denominator


class Piece:
    """Some bars of one metre, in quarters from their beginning."""

    def __init__(self, name, bar):
        score = corpus.parse(name)
        self.parts = list(score.parts)
        self.bars = list(self.parts[0].getElementsByClass("Measure"))
        if bar and len(self.bars) < bar + 24:
            raise ValueError("it is too short")
        signatures = [it.timeSignature for it in self.bars[:bar + 1] if it.timeSignature]
        self.signature = signatures[-1] if signatures else meter.TimeSignature("4/4")
        self.beat, self.start = beat_length(self.signature), self.bars[bar].offset
        changes = [it.offset - self.start for it in self.bars[bar + 1:] if it.timeSignature
                   and it.timeSignature.ratioString != self.signature.ratioString]
        self.one_metre = changes[0] if changes else math.inf

    def notes(self, length):
        for part, stream in enumerate(self.parts[:6]):
            for element in stream.stripTies().flatten().notes:
                offset = float(element.offset) - self.start
                if element.duration.isGrace or not -1e-6 <= offset < length:
                    continue
                if isinstance(element, (chord.Chord, note.Note)):
                    for pitch in element.pitches:
                        quarters = min(float(element.duration.quarterLength), length - offset)
                        yield offset, quarters, pitch.midi, part

    def downbeats(self, total):
        full = self.signature.barDuration.quarterLength - 1e-6
        for bar in self.bars:
            offset = float(bar.offset) - self.start
            is_upbeat = bar is self.bars[0] and bar.duration.quarterLength < full
            if -1e-6 <= offset < total - 1e-6 and not is_upbeat:
                yield offset

    def sharps(self):
        signatures = self.parts[0].flatten().getElementsByClass("KeySignature")
        known = [it.sharps for it in signatures if float(it.offset) <= self.start + 1e-6]
        return known[-1] if known else None


def render(folder, index, name, ensemble, bar, tempi):
    chance, piece = random.Random(index), Piece(name, bar)
    bpm, swells = chance.uniform(*tempi), chance.random() < 0.35
    length = min(SECONDS * bpm / 60 * piece.beat, piece.one_metre)
    written = list(piece.notes(length))
    if length * 60 / bpm / piece.beat < 14 or len(written) < 30:
        raise ValueError("there is too little of one metre")
    phase, times = chance.random() * 6.28, [LEAD]
    for quarter in range((int(length / piece.beat) + 3) * 4):
        swell = 0.08 * math.sin(2 * math.pi * quarter / 64 + phase) if swells else 0
        times.append(times[-1] + 15 / (bpm * (1 + swell)))
    grid = np.arange(len(times)) * piece.beat / 4
    at = lambda quarters: round(float(np.interp(quarters, grid, times)), 4)
    notes = []
    for offset, quarters, midi, part in written:
        start = max(at(offset) + chance.gauss(0, 0.005), 0.02)
        end = at(offset + quarters) - 0.015 - 0.04 * chance.random() * (at(offset + quarters) - at(offset))
        strength = int(min(110, max(50, chance.gauss(86, 9))))
        notes.append([round(start, 4), round(max(end, start + 0.05), 4), midi, part, strength])
    notes.sort()
    identity = f"{name.replace('/', '_').replace('.', '-')}_{bar}"
    duration = sound(folder / identity, notes, ENSEMBLES[ensemble])
    total = max(offset + quarters for offset, quarters, _, _ in written)
    downbeats = list(piece.downbeats(total))
    first = downbeats[0] % piece.beat
    count = math.ceil((total - first) / piece.beat - 1e-6)
    beats = [at(first + beat * piece.beat) for beat in range(count)]
    chords = []
    for start, end in zip(beats, [*beats[1:], at(total)]):
        sounding = {it[2] % 12 for it in notes
                    if min(it[1], end) - max(it[0], start) > 0.25 * (end - start)}
        if chords and chords[-1][2] == triad(sounding):
            chords[-1][1] = end
        else:
            chords.append([start, end, triad(sounding)])
    truth = {
        "id": identity, "source": name, "ensemble": ensemble, "duration": duration,
        "tempo_bpm": round(60 / float(np.median(np.diff(beats))), 3),
        "time_signature": piece.signature.ratioString, "beat_quarter_length": piece.beat,
        "key": key_of(notes, piece.sharps()), "beats": beats,
        "downbeats": [at(offset) for offset in downbeats], "chords": chords,
        "melody": highest(notes), "notes": notes, "onsets": together(it[0] for it in notes),
    }
    (folder / f"{identity}.json").write_text(json.dumps(truth))


def highest(notes):
    """The top of the first part."""
    melody = []
    for start, end, midi, part, _ in notes:
        if part == 0 and melody and start - melody[-1][0] < 0.03:
            if midi > melody[-1][2]:
                melody[-1] = [melody[-1][0], end, midi]
        elif part == 0:
            if melody:
                melody[-1][1] = min(melody[-1][1], start)
            melody.append([start, end, midi])
    return melody


def together(starts):
    """Notes that begin within 30 ms are one onset."""
    onsets = []
    for start in sorted(starts):
        if not onsets or start - onsets[-1] > 0.03:
            onsets.append(start)
    return onsets


def sound(path, notes, programs):
    """Writes PATH.flac, and says how long it is."""
    midi = mido.MidiFile(ticks_per_beat=1000)
    for index, part in enumerate(sorted({it[3] for it in notes})):
        track = mido.MidiTrack()
        midi.tracks.append(track)
        if index == 0:
            track.append(mido.MetaMessage("set_tempo", tempo=1_000_000))
        track.append(mido.Message("program_change", channel=part, program=programs[min(part, 3)]))
        events = [(round(it[0] * 1000), 1, it[2], it[4]) for it in notes if it[3] == part]
        events += [(round(it[1] * 1000), 0, it[2], 0) for it in notes if it[3] == part]
        now = 0
        for tick, is_on, pitch, strength in sorted(events):
            kind = "note_on" if is_on else "note_off"
            track.append(mido.Message(kind, channel=part, note=pitch, velocity=strength, time=tick - now))
            now = tick
    midi.save(path.with_suffix(".mid"))
    wav = path.with_suffix(".wav")
    command = ["fluidsynth", "-ni", "-g", "0.6", "-r", "44100", "-F", wav, SOUNDFONT,
               path.with_suffix(".mid")]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    samples, rate = soundfile.read(wav)
    wav.unlink()
    samples = samples[:int((max(it[1] for it in notes) + 1.5) * rate)]
    soundfile.write(path.with_suffix(".flac"), samples / np.abs(samples).max() * 0.9, rate)
    return round(len(samples) / rate, 3)


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for index, name, ensemble, bar, tempi in pieces():
        try:
            render(folder, index, name, ensemble, bar, tempi)
        except ValueError as error:
            print(f"{name} from bar {bar}: {error}", file=sys.stderr)


main()
