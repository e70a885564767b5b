"""Writes which dtypes librosa gives, and its signatures: what the tests hold tutti to.

python3.12 -m pip install librosa==1.0.0 soundfile scikit-learn
python3.12 python/tests/make_types.py
"""

import importlib
import inspect
import json
import pathlib
import warnings

import librosa
import numpy as np
import replay

HERE = pathlib.Path(__file__).parent / "golden"
MODULES = [
    "core",
    "feature",
    "feature.inverse",
    "onset",
    "beat",
    "segment",
    "sequence",
    "decompose",
    "effects",
    "filters",
    "util",
]


def dtypes(group):
    """The dtype of each case of a group."""
    found = []

    class Noted:
        def __init__(self, name):
            pass

        def add(self, function, signal, call, given, indices=False, texts=False, data=None, **_):
            if texts or indices:
                found.append(None)
                return
            make, rate = golden.SIGNALS[signal] if signal else (None, None)
            result = call(data) if data is not None else call(make(), rate) if signal else call()
            found.append(np.asarray(result).dtype.str[1:])

        def write(self):
            pass

    golden, module = replay.script(group, librosa, Noted)
    module.main()
    return found


def parameters(function):
    """Names, kinds and defaults, as text."""
    made = []
    for each in inspect.signature(function).parameters.values():
        default = None if each.default is each.empty else shown(each.default)
        made.append([each.name, str(each.kind).split(".")[-1].lower(), default])
    return made


def shown(default):
    """A default as a text that does not change from run to run."""
    if callable(default):
        return default.__name__
    return repr(default)


def offered(name):
    """The functions of a module, by name."""
    module = importlib.import_module(f"librosa.{name}")
    listed = getattr(module, "__all__", None) or dir(module)
    functions = {each: getattr(module, each) for each in listed if not each.startswith("_")}
    return {
        each: parameters(function)
        for each, function in sorted(functions.items())
        if callable(function) and not inspect.isclass(function)
    }


def main():
    warnings.simplefilter("ignore")
    groups = ",\n".join(
        f"{json.dumps(group)}: {json.dumps(dtypes(group))}" for group in replay.GROUPS
    )
    (HERE / "types.json").write_text(f"{{\n{groups}\n}}\n")
    modules = []
    for name in MODULES:
        lines = ",\n".join(
            f"  {json.dumps(each)}: {json.dumps(made)}" for each, made in offered(name).items()
        )
        modules.append(f" {json.dumps(name)}: {{\n{lines}\n }}")
    text = ",\n".join(modules)
    head = f'"librosa": {json.dumps(librosa.__version__)}, "modules": {{'
    (HERE / "signatures.json").write_text(f"{{{head}\n{text}\n}}}}\n")


if __name__ == "__main__":
    main()
