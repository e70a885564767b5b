"""Held against librosa 1.0: its signatures, and its results case by case."""

import importlib
import inspect
import json
import pathlib
import re

import pytest
import replay

import tutti.librosa

SIGNATURES = json.loads((pathlib.Path(__file__).parent / "golden/signatures.json").read_text())
#: What librosa has and this has not; docs/python.md says what to do instead.
ABSENT = {
    "core": {"iirt", "loadx"},
    "filters": {"semitone_filterbank"},
    "sequence": {"dtw_backtracking"},
    "util": {
        "cite",
        "ex",
        "example",
        "example_info",
        "find_files",
        "interp_broadcast",
        "list_examples",
        "rename_kw",
        "sparsify_rows",
    },
}


def parameters(function):
    made = []
    for each in inspect.signature(function).parameters.values():
        default = None if each.default is each.empty else shown(each.default)
        made.append([each.name, str(each.kind).split(".")[-1].lower(), default])
    return made


def shown(default):
    return default.__name__ if callable(default) else repr(default)


@pytest.mark.parametrize("name", SIGNATURES["modules"])
def test_signatures_are_librosas(name):
    module = importlib.import_module(f"tutti.librosa.{name}")
    expected = SIGNATURES["modules"][name]
    there = {each: parameters(getattr(module, each)) for each in expected if hasattr(module, each)}
    assert set(expected) - set(there) == ABSENT.get(name, set())
    assert there == {each: expected[each] for each in there}


@pytest.mark.parametrize("name", SIGNATURES["modules"])
def test_every_function_says_what_it_does(name):
    module = importlib.import_module(f"tutti.librosa.{name}")
    for each in SIGNATURES["modules"][name]:
        assert each in ABSENT.get(name, set()) or inspect.getdoc(getattr(module, each)), each


def test_types_are_told_of_every_function_of_the_extension():
    stubs = pathlib.Path(tutti.__file__).with_name("_native.pyi").read_text()
    there = {each for each in dir(tutti._native) if not each.startswith("_")}
    assert there == set(re.findall(r"^(?:def|class) (\w+)", stubs, re.MULTILINE))
    assert pathlib.Path(tutti.__file__).with_name("py.typed").exists()


@pytest.mark.parametrize("group", replay.GROUPS)
@pytest.mark.filterwarnings("ignore")
def test_the_scripts_of_golden_values_give_librosas_results(group):
    count, wrong = replay.replay(group, tutti.librosa)
    assert count > 0
    assert not wrong, "\n".join(wrong)
