"""Writes calls.json: which calls of the native library the Python face of librosa makes, so that a
test holds the one in JavaScript to the same. Run with numpy: python3 calls.py
"""

import importlib
import json
import pathlib
import sys
import types

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
FACE = HERE.parents[4] / "python" / "tutti"

#: What functions give here, by the names of the native ones; a matrix where it is not said.
ROWS = {
    "spectral_centroid",
    "spectral_bandwidth",
    "spectral_rolloff",
    "spectral_flatness",
    "rms",
    "rms_of_spectrogram",
    "zero_crossing_rate",
}
SAME = {"power_to_db", "amplitude_to_db", "db_to_power", "db_to_amplitude", "delta"}

calls: list = []


def given(name, args):
    if name == "fft_frequencies":
        return np.arange(args[1] // 2 + 1, dtype=np.float64)
    if name == "beat_track":
        return 120.5, np.array([1, 3])
    if name == "onset_detect":
        return np.array([1, 3])
    if name == "stft":
        return np.ones((3, 4), np.complex64)
    if name == "istft":
        return np.ones(5, np.float32)
    if name == "onset_strength_multi":
        return np.ones((1, 4), np.float32)
    if name in ROWS:
        return np.ones(3, np.float32)
    return np.ones(args[0].shape if name in SAME else (1025, 4), np.float32)


class Native(types.ModuleType):
    """In place of the native library."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        if name[0].isupper():
            return type(name, (Exception,), {})

        def function(*args):
            calls.append([name, [shown(each) for each in args]])
            return given(name, args)

        return function


def shown(value):
    """A value with its kind, for a whole number is another than one with a fraction."""
    if value is None:
        return "none"
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (int, np.integer)):
        return {"i": int(value)}
    if isinstance(value, (float, np.floating)):
        return {"f": "inf" if value == float("inf") else float(value)}
    if isinstance(value, str):
        return value
    if isinstance(value, np.ndarray):
        return f"{value.dtype}({','.join(map(str, value.shape))})"
    return [shown(each) for each in value]


#: Names, arguments by name (y and S stand for themselves), and the first argument.
CASES = [
    ("stft", {}, "y"),
    ("stft", {"n_fft": 512, "hop_length": 128, "window": ("kaiser", 4.0), "center": False}, "y"),
    ("istft", {}, "D"),
    ("istft", {"length": 1000, "hop_length": 64}, "D"),
    ("power_to_db", {}, "S"),
    ("power_to_db", {"ref": 2.0, "top_db": None}, "S"),
    ("amplitude_to_db", {}, "S"),
    ("amplitude_to_db", {}, "D"),
    ("db_to_power", {"ref": 2.0}, "S"),
    ("db_to_amplitude", {}, "S"),
    ("fft_frequencies", {"sr": 22050, "n_fft": 512}, None),
    ("feature.melspectrogram", {"y": 1, "sr": 22050}, None),
    (
        "feature.melspectrogram",
        {"y": 1, "sr": 8000, "n_mels": 40, "fmax": 4000.0, "power": 1.0, "htk": True, "norm": None},
        None,
    ),
    ("feature.melspectrogram", {"S": 1, "sr": 22050}, None),
    ("feature.mfcc", {"y": 1, "sr": 22050, "n_mfcc": 13}, None),
    ("feature.mfcc", {"S": 1, "n_mfcc": 13, "dct_type": 3, "norm": None, "lifter": 22}, None),
    (
        "feature.mfcc",
        {"y": 1, "sr": 22050, "n_fft": 1024, "hop_length": 256, "n_mels": 64, "mel_norm": None},
        None,
    ),
    ("feature.spectral_centroid", {"y": 1, "sr": 22050}, None),
    ("feature.spectral_centroid", {"S": 1, "sr": 22050}, None),
    ("feature.spectral_bandwidth", {"y": 1, "sr": 22050, "p": 3}, None),
    ("feature.spectral_rolloff", {"y": 1, "sr": 22050, "roll_percent": 0.5}, None),
    ("feature.spectral_contrast", {"y": 1, "sr": 22050, "n_bands": 4}, None),
    ("feature.spectral_flatness", {"y": 1}, None),
    ("feature.rms", {"y": 1}, None),
    ("feature.rms", {"S": 1}, None),
    ("feature.rms", {"y": 1, "center": False, "frame_length": 1024}, None),
    ("feature.zero_crossing_rate", {}, "y"),
    ("feature.chroma_stft", {"y": 1, "sr": 22050}, None),
    ("feature.chroma_stft", {"S": 1, "sr": 22050, "tuning": 0.1, "norm": 2, "n_chroma": 24}, None),
    ("feature.delta", {}, "S"),
    ("feature.delta", {"width": 5, "order": 2, "mode": "nearest"}, "S"),
    ("onset.onset_strength", {"y": 1, "sr": 22050}, None),
    ("onset.onset_strength", {"y": 1, "sr": 8000, "hop_length": 256, "n_mels": 64}, None),
    ("onset.onset_detect", {"y": 1, "sr": 22050}, None),
    ("onset.onset_detect", {"y": 1, "sr": 8000, "delta": 0.1, "wait": 5}, None),
    ("beat.beat_track", {"y": 1, "sr": 22050}, None),
    ("beat.beat_track", {"y": 1, "sr": 8000, "start_bpm": 100.0, "trim": False, "bpm": 90.0}, None),
]


def main() -> None:
    package = types.ModuleType("tutti")
    package.__path__ = [str(FACE)]
    sys.modules["tutti"] = package
    sys.modules["tutti._native"] = Native("tutti._native")
    librosa = importlib.import_module("tutti.librosa")
    arrays = {
        "y": np.ones(4096, np.float32),
        "S": np.ones((1025, 4), np.float32),
        "D": np.ones((3, 4), np.complex64),
    }
    lines = []
    for name, options, first in CASES:
        calls.clear()
        function = librosa
        for part in name.split("."):
            function = getattr(function, part)
        before = [arrays[first]] if first else []
        made = function(*before, **{k: arrays.get(k, v) for k, v in options.items()})
        shapes = [list(np.shape(each)) for each in (made if isinstance(made, tuple) else (made,))]
        case = {"name": name, "options": options, "first": first, "calls": calls, "shapes": shapes}
        lines.append(json.dumps(case))
    (HERE / "calls.json").write_text("[\n" + ",\n".join(lines) + "\n]\n")


if __name__ == "__main__":
    main()
