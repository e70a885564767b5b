"""Music recordings as data: librosa's functions (`tutti.librosa`), and the digital score.

import tutti.librosa as librosa

y, sr = librosa.load("song.mp3")
mfccs = librosa.feature.mfcc(y=y, sr=sr, n_mfcc=13)

score = tutti.analyze("song.mp3")          # beats, key, chords, notes, parts, ...
found = tutti.batch(["a.mp3", "b.flac"])   # the same of many, on all cores
"""

from importlib.metadata import version as _version

from . import librosa
from ._native import DecodeError
from ._recordings import Failure, analyze, batch

__version__ = _version("tutti")
__all__ = ["DecodeError", "Failure", "analyze", "batch", "librosa"]
