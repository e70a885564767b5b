"""Writes what librosa makes of signals that the tests can make again.

    python3.12 -m pip install librosa==1.0.0 soundfile scikit-learn
    python3.12 audio/tests/golden/librosa/all.py

A case has a function, a signal, parameters, some of the values (evenly spread over the result,
and its end), and its floor: by how much the values differ when each sample of the signal is moved by one
unit in the last place, or the rounding of the result where that is more.
"""

import base64
import json
import math
import pathlib
import zlib

import librosa
import numpy as np

HERE = pathlib.Path(__file__).parent
RECORDINGS = HERE.parents[3] / "tests" / "fixtures" / "audio"
SAMPLES = 160
ENDS = 24


def noise(count, seed):
    """A linear congruential generator, from -0.5 to 0.5."""
    state, values = seed, np.empty(count)
    for index in range(count):
        state = (state * 1664525 + 1013904223) % 2**32
        values[index] = state / 2**32 - 0.5
    return values


def quantised(values):
    """On the grid of 16-bit samples, so that no rounding of a sine can be seen."""
    return (np.floor(values * 32768 + 0.5) / 32768).astype(np.float32)


def tones(count, rate):
    """Three harmonic tones that enter one after the other, and a little noise."""
    t = np.arange(count) / rate
    y = 0.002 * noise(count, 7)
    for start, f0 in ((0.0, 220.0), (0.4, 329.63), (0.9, 277.18)):
        on = np.where(t >= start, np.exp(-1.5 * (t - start)), 0.0)
        for k in range(1, 7):
            y = y + 0.2 * on / k * np.sin(2 * np.pi * f0 * k * t)
    return quantised(y)


def pulses(count, rate):
    """Bursts of noise and a tone at 126 beats a minute, the second of each pair softer."""
    t = np.arange(count) / rate
    y = 0.003 * noise(count, 3)
    burst = noise(count, 5)
    period = 60.0 / 126.0
    for beat in range(1000):
        start = 0.11 + beat * period
        if start >= count / rate:
            break
        on = np.where(t >= start, np.exp(-30 * (t - start)), 0.0)
        loud = 0.7 if beat % 2 == 0 else 0.35
        y = y + loud * on * (burst + 0.5 * np.sin(2 * np.pi * 110.0 * (t - start)))
    return quantised(y)


def glide(count, rate):
    """A tone with harmonics that glides up an octave, then rests."""
    t = np.arange(count) / rate
    length = count / rate
    phase = 2 * np.pi * 180.0 * length / np.log(2.0) * (2.0 ** (t / length) - 1.0)
    y = 0.4 * np.sin(phase) + 0.2 * np.sin(2 * phase) + 0.1 * np.sin(3 * phase)
    y = np.where(t < 0.8 * length, y, 0.0) + 0.001 * noise(count, 11)
    return quantised(y)


def clip(name, first, count):
    y, _ = librosa.load(RECORDINGS / name, sr=None, mono=True)
    return y[first:first + count]


SIGNALS = {
    "noise": (lambda: quantised(noise(22050, 1)), 22050),
    "tones": (lambda: tones(33075, 22050), 22050),
    "pulses": (lambda: pulses(176400, 22050), 22050),
    "glide": (lambda: glide(22050, 22050), 22050),
    "short": (lambda: quantised(noise(300, 9)), 8000),
    "gap": (lambda: quantised(noise(30000, 2) * np.where(
        (np.arange(30000) // 6000) % 2 == 1, 1.0, 0.0001)), 22050),
    "icyland": (lambda: clip("icyland.wav", 66150, 66150), 44100),
    "tom": (lambda: clip("tom.wav", 0, 17106), 44100),
}


def moved(y, seed):
    """Each sample, where it is not zero, one unit in the last place up or down."""
    up = np.random.default_rng(seed).random(y.shape) < 0.5
    to = np.where(up, np.inf, -np.inf).astype(y.dtype)
    return np.where(y == 0, y, np.nextafter(y, to))


def flat(result):
    """Values frame by frame, as real numbers."""
    result = np.asarray(result)
    if np.iscomplexobj(result):
        result = np.stack([result.real, result.imag], axis=-2)  # rows, (re, im), frames
        result = np.moveaxis(result, -1, 0)                     # frames, rows, (re, im)
        return result.reshape(-1)
    return (result.T if result.ndim > 1 else result).reshape(-1)


def places(count, rows):
    """Which values are written down; the test computes the same."""
    step = max(1, count // SAMPLES)
    while math.gcd(step, max(rows, 1)) != 1:
        step += 1
    chosen = list(range(0, count, step))
    tail = [index for index in range(max(0, count - ENDS), count)]
    return chosen + tail


class Group:
    def __init__(self, name):
        self.name, self.cases = name, []

    def add(self, function, signal, call, given, indices=False, tolerant=True, texts=False,
            data=None):
        """`call(y, sr)` is what librosa does with the signal, `call(data)` with other numbers that
        are moved as a signal's, and `call()` what it does without any."""
        if texts:
            self.cases.append(dict(function=function, signal=signal, given=given,
                                   texts=" ".join(str(text) for text in call())))
            return
        if data is not None:
            result, others = call(data), [call(moved(data, seed)) for seed in range(3)]
        elif signal is None:
            result, others = call(), []
        else:
            make, rate = SIGNALS[signal]
            y = make()
            result = call(y, rate)
            others = [call(moved(y, seed), rate) for seed in range(3)] if tolerant else []
        values = flat(result)
        case = dict(function=function, signal=signal, given=given)
        if indices:
            assert all(np.array_equal(values, flat(other)) for other in others), (function, given)
            case["indices"] = [int(value) for value in values]
        else:
            result = np.asarray(result)
            rows = result.shape[0] if result.ndim > 1 else 1
            rows *= 2 if np.iscomplexobj(result) else 1
            chosen = values[places(len(values), rows)].astype(np.float64)
            number = np.isfinite(values)
            scale = float(np.max(np.abs(values[number]), initial=0.0))
            exact = result.dtype in (np.float64, np.complex128) and signal is None
            floor = scale * (1e-13 if exact else 2.0**-23)
            for other in others:
                off = np.abs(flat(other).astype(np.float64) - values)[number]
                floor = max(floor, float(np.max(off, initial=0.0)))
            case["shape"] = [int(n) for n in result.shape]
            case["floor"] = float(f"{floor:.3g}")
            kind = "<f8" if exact else "<f4"
            case["kind"] = kind[1:]
            case["values"] = base64.b64encode(chosen.astype(kind).tobytes()).decode()
        self.cases.append(case)

    def write(self):
        signals = {}
        for name in sorted({case["signal"] for case in self.cases if case["signal"]}):
            y = SIGNALS[name][0]()
            signals[name] = dict(rate=SIGNALS[name][1], count=len(y),
                                 crc=zlib.crc32((y * 32768).astype("<f4").tobytes()))
        lines = ",\n".join(json.dumps(case) for case in self.cases)
        text = (f"{{\"librosa\": \"{librosa.__version__}\",\n\"signals\": {json.dumps(signals)},\n"
                f"\"cases\": [\n{lines}\n]}}\n")
        (HERE / f"{self.name}.json").write_text(text)
        print(self.name, len(self.cases), "cases,", len(text), "bytes")
