"""Runs the scripts that made the audio crate's golden values, with tutti in librosa's place.

The scripts are `audio/tests/golden/librosa/*.py`, unchanged: what they call, with which arguments,
is librosa's own interface. The values are compared with those that librosa gave, the shapes and
dtypes with those in `types.json`, which `make_types.py` wrote.
"""

import base64
import importlib
import importlib.util
import json
import pathlib
import sys
import types

import numpy as np

REPOSITORY = pathlib.Path(__file__).parents[2]
SCRIPTS = REPOSITORY / "audio" / "tests" / "golden" / "librosa"
TYPES = pathlib.Path(__file__).parent / "golden" / "types.json"
#: How many times the floor of a case a difference may be, as in the audio crate's own test.
ALLOWED = 10
GROUPS = [
    "spectra",
    "music",
    "constantq",
    "sequences",
    "pitch",
    "segments",
    "effects",
    "harmonics",
    "units",
    "rates",
    "tools",
    "transforms",
    "inverse",
]


def script(group, librosa, made):
    """The script of a group as a module, which knows `librosa` and hands its cases to `made`."""
    saved = {name: each for name, each in sys.modules.items() if name.split(".")[0] == "librosa"}
    for name in saved:
        del sys.modules[name]
    sys.modules["librosa"] = librosa
    # Only to be patched by the script, which librosa alone feels.
    fakes = [] if importlib.util.find_spec("scipy") else ["scipy", "scipy.linalg"]
    for name in fakes:
        sys.modules[name] = types.ModuleType(name)
    if fakes:
        sys.modules["scipy"].linalg = sys.modules["scipy.linalg"]
        sys.modules["scipy.linalg"].pinv = None
    sys.path.insert(0, str(SCRIPTS))
    try:
        for name in ("golden", group):
            sys.modules.pop(name, None)
        golden = importlib.import_module("golden")
        golden.Group = made
        return golden, importlib.import_module(group)
    finally:
        sys.path.remove(str(SCRIPTS))
        for name in (*fakes, "librosa", "golden", group):
            sys.modules.pop(name, None)
        sys.modules.update(saved)


class Replay:
    """Takes the cases of a script one after the other, and keeps what is wrong with them."""

    wrong: list[str] = []
    count = 0
    golden = None

    def __init__(self, name):
        self.expected = {}
        for case in json.loads((SCRIPTS / f"{name}.json").read_text())["cases"]:
            self.expected.setdefault(
                self.key(case["function"], case["signal"], case["given"]), []
            ).append(case)
        self.types = iter(json.loads(TYPES.read_text())[name])

    def add(self, function, signal, call, given, indices=False, texts=False, data=None, **_):
        expected = self.expected[self.key(function, signal, given)].pop(0)
        kind = next(self.types)
        type(self).count += 1
        case = f"{function}({signal}, {given})"
        try:
            if data is not None:
                result = call(data)
            elif signal is None:
                result = call()
            else:
                make, rate = self.golden.SIGNALS[signal]
                result = call(make(), rate)
            why = self.compare(expected, kind, result, indices, texts)
        except Exception as error:
            why = f"{type(error).__name__}: {error}"
        if why:
            self.wrong.append(f"{case}: {why}")

    def compare(self, expected, kind, result, indices, texts):
        if texts:
            told = " ".join(str(text) for text in result)
            return None if told == expected["texts"] else f"{told}, not {expected['texts']}"
        values = self.golden.flat(result)
        if indices:
            found = [int(value) for value in values]
            if found != expected["indices"]:
                return f"{found[:9]}, not {expected['indices'][:9]}"
            return None
        array = np.asarray(result)
        if list(array.shape) != expected["shape"]:
            return f"the shape {list(array.shape)}, not {expected['shape']}"
        if array.dtype.str[1:] != kind:
            return f"the dtype {array.dtype.str[1:]}, not {kind}"
        rows = array.shape[0] if array.ndim > 1 else 1
        rows *= 2 if np.iscomplexobj(array) else 1
        there = values[self.golden.places(len(values), rows)].astype(float)
        golden = np.frombuffer(base64.b64decode(expected["values"]), f"<{expected['kind']}")
        golden = golden.astype(float)
        if not np.array_equal(np.isnan(there), np.isnan(golden)):
            return "is not a number elsewhere"
        both = there == golden
        off = np.abs(np.where(both | np.isnan(there), 0, there - np.where(both, 0, golden)))
        off = np.where(both, 0, off)
        worst = float(np.max(off, initial=0.0)) / expected["floor"] if off.any() else 0.0
        return None if worst <= ALLOWED else f"{worst:.1f} times the floor"

    def write(self):
        assert not any(self.expected.values()), "the script makes fewer cases than it made"

    @staticmethod
    def key(function, signal, given):
        return json.dumps([function, signal, given], sort_keys=True)


def replay(group, librosa):
    """How many cases there are, and what is wrong with them."""
    made = type("Replayed", (Replay,), {"wrong": [], "count": 0})
    golden, module = script(group, librosa, made)
    made.golden = golden
    module.main()
    return made.count, made.wrong
