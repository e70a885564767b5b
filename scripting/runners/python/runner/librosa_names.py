"""`import librosa`: the package `tutti.librosa`, as the wheel for Python has it, by this name."""

import importlib
import os
import random
import sys

from .flowfile import FlowFile


def import_all():
    """Imports NumPy and librosa where the component is built with them; whether it is."""
    try:
        importlib.import_module("sandbox_numpy").import_all()
    except ModuleNotFoundError:
        if not _is_there("numpy"):
            return False
    if not _is_there("tutti.librosa"):
        return False
    package = importlib.import_module("tutti.librosa")
    package.core.audio.recording = recording
    for name, module in list(sys.modules.items()):
        if name == "tutti.librosa" or name.startswith("tutti.librosa."):
            sys.modules[name.removeprefix("tutti.")] = module
    return True


def _is_there(name):
    try:
        importlib.import_module(name)
        return True
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        return False


def reseed():
    """NumPy's own random numbers begin elsewhere in each instance."""
    if "numpy" in sys.modules:
        seed = [random.getrandbits(32) for _ in range(8)]
        sys.modules["numpy"].random.seed(seed)


def recording(source):
    """What `librosa.load` opens: a flowfile or its stream, which the host reads, or bytes."""
    if isinstance(source, FlowFile):
        return source
    flowfile = getattr(source, "source", None)
    if isinstance(flowfile, FlowFile) and not flowfile._end and source.tell() == 0:
        return flowfile
    if isinstance(source, (bytes, bytearray, memoryview)):
        return bytes(source)
    if isinstance(source, (str, os.PathLike)):
        raise FileNotFoundError(
            f"a script sees no files, so {os.fspath(source)!r} cannot be loaded: give "
            "librosa.load the flowfile, its stream or bytes"
        )
    read = getattr(source, "read", None)
    if not callable(read):
        raise TypeError(
            f"librosa.load takes a flowfile, its stream or bytes, not {type(source).__name__}"
        )
    made = read()
    if isinstance(made, (bytes, bytearray, memoryview)):
        return bytes(made)
    raise TypeError(f"what librosa.load reads gave {type(made).__name__}, but must give bytes")
