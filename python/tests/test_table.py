"""What docs/python.md says is there and is not: made of the package and of librosa's list.

TUTTI_UPDATE=1 python -m pytest python/tests/test_table.py
"""

import importlib
import os
import pathlib

from test_librosa import ABSENT, SIGNATURES

PAGE = pathlib.Path(__file__).parents[2] / "docs" / "python.md"
HEAD = "## What is there\n"
#: What to do where a function of librosa's is missing.
INSTEAD = {
    "core.loadx": "librosa's own examples: `load` a recording of yours",
    "sequence.dtw_backtracking": "`dtw` gives the path",
    "util.find_files": "`pathlib.Path.glob`",
    "util.interp_broadcast": "`numpy.interp`",
    "util.sparsify_rows": "`sparsity` of `cqt`",
}
OF_LIBROSA = {"cite", "ex", "example", "example_info", "list_examples", "rename_kw"}


def table():
    there, missing = [], []
    for name, functions in SIGNATURES["modules"].items():
        module = importlib.import_module(f"tutti.librosa.{name}")
        names = [each for each in functions if hasattr(module, each)]
        shown = "top level" if name == "core" else f"`{name}`"
        there.append(f"| {shown} | {', '.join(f'`{each}`' for each in names)} |")
        for each in sorted(ABSENT.get(name, set())):
            instead = INSTEAD.get(f"{name}.{each}", "")
            instead = "about librosa itself" if each in OF_LIBROSA else instead
            path = each if name == "core" else f"{name}.{each}"
            missing.append(f"| `{path}` | {instead or 'not in the library yet'} |")
    count = sum(line.count("`, `") + 1 for line in there)
    return "\n".join(
        [
            HEAD,
            "Made by `python/tests/test_table.py`, which also holds every signature to librosa 1.0's.",
            f"{count} functions:",
            "",
            "| Module | Functions |",
            "| --- | --- |",
            *there,
            "",
            "Of librosa's these are missing:",
            "",
            "| Function | Instead |",
            "| --- | --- |",
            *missing,
            "",
        ]
    )


def test_the_page_lists_what_is_there():
    page = PAGE.read_text(encoding="utf-8")
    made = page.split(HEAD)[0] + table()
    if os.environ.get("TUTTI_UPDATE"):
        PAGE.write_text(made, encoding="utf-8")
    else:
        assert page == made, "made anew with TUTTI_UPDATE=1"
