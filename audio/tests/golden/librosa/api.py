"""Writes which functions librosa offers, as its modules list them."""

import importlib
import json
import pathlib

import librosa

MODULES = ["core", "feature", "feature.inverse", "onset", "beat", "segment", "sequence",
           "decompose", "effects", "filters", "util"]


def offered(name):
    """The functions and types of a module, by name."""
    module = importlib.import_module(f"librosa.{name}")
    listed = getattr(module, "__all__", None) or dir(module)
    return sorted(each for each in set(listed)
                  if not each.startswith("_") and callable(getattr(module, each)))


def main():
    modules = {name: offered(name) for name in MODULES}
    lines = ",\n".join(f" {json.dumps(name)}: {json.dumps(functions)}"
                       for name, functions in modules.items())
    text = f"{{\"librosa\": {json.dumps(librosa.__version__)}, \"modules\": {{\n{lines}\n}}}}\n"
    (pathlib.Path(__file__).parent / "api.json").write_text(text)


if __name__ == "__main__":
    main()
