#!/usr/bin/env python3
"""Builds the component that runs Python scripts, `python.wasm.xz`, from pinned packages.

    python3 scripting/runners/build.py            # some minutes at most; needs PyPI or a mirror
    python3 scripting/runners/build.py --check    # looks at what is there, and builds nothing

Works in `target/runners/python`. Two builds differ in some bytes: the interpreter's memory is kept
as it is once all is imported. So what is checked are the imports, the exports and the behaviour.
"""

import argparse
import hashlib
import lzma
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time
import venv

from component import names

HERE = pathlib.Path(__file__).resolve().parent
WIT = HERE.parent / "wit"
SOURCE = HERE / "python"
WORK = HERE.parents[1] / "target" / "runners" / "python"
SHIPPED = HERE / "python.wasm.xz"
#: librosa's functions over NumPy's arrays, as the wheel has them.
LIBROSA = HERE.parents[1] / "python" / "tutti" / "librosa"
NUMPY = HERE / "numpy_wasm" / "build.py"
NUMPY_PACKAGES = WORK.parent / "numpy" / "packages"
REQUIREMENTS = SOURCE / "requirements.txt"
#: What the component may ask of its host beside `tutti:processor`. The host answers with an empty
#: environment, no files, two clocks and random numbers, and refuses all else by name.
WASI = re.compile(r"wasi:(cli|clocks|filesystem|io|random|sockets)/[a-z-]+@0\.2\.\d+")
OURS = {"tutti:processor/types", "tutti:processor/session", "tutti:processor/audio"}
EXPORTS = {"load", "process"}


def tools() -> pathlib.Path:
    """The folder of the programs of an environment with exactly what is pinned."""
    home = WORK / "venv"
    stamp = home / f"{hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()}.stamp"
    programs = home / ("Scripts" if os.name == "nt" else "bin")
    if not stamp.exists():
        shutil.rmtree(home, ignore_errors=True)
        venv.create(home, with_pip=True)
        pip = [programs / "python", "-m", "pip", "install", "--quiet"]
        pinned = ["--require-hashes", "--only-binary", ":all:", "-r", REQUIREMENTS]
        run([*pip, "--disable-pip-version-check", *pinned])
        stamp.touch()
    return programs


def run(command: list, **more) -> None:
    try:
        subprocess.run([str(part) for part in command], check=True, **more)
    except FileNotFoundError:
        sys.exit(f"{command[0]} is not there")
    except subprocess.CalledProcessError as error:
        sys.exit(f"{pathlib.Path(command[0]).name} failed with {error.returncode}")


def build(with_numpy: bool) -> bytes:
    """The component."""
    programs = tools()
    made = WORK / "python.wasm"
    made.unlink(missing_ok=True)
    app = WORK / "app"
    shutil.rmtree(app, ignore_errors=True)
    left_out = shutil.ignore_patterns("tests", "stubs", "__pycache__", "requirements*.txt", "*.md")
    shutil.copytree(SOURCE, app, ignore=left_out)
    paths = ["--python-path", "."]
    if with_numpy:
        run([sys.executable, NUMPY])
        shutil.copytree(LIBROSA, app / "tutti" / "librosa", ignore=left_out)
        paths += ["--python-path", NUMPY_PACKAGES]
    tool = [programs / "componentize-py", "--wit-path", WIT, "--world", "script-runner"]
    # A module that is compiled while it is imported would be looked for on a disk by its cache.
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0"}
    environment.pop("VIRTUAL_ENV", None)
    run(
        [*tool, "--quiet", "componentize", *paths, "--output", made, "app"],
        cwd=app,
        env=environment,
    )
    return made.read_bytes()


def check(component: bytes) -> None:
    """That it asks for nothing else and gives what the world says."""
    imports, exports = names(component)
    ours = {name.partition("@")[0] for name in imports if name.startswith("tutti:")}
    # What has no colon is no interface, but a type that the world itself uses.
    others = {name for name in imports if ":" in name and not name.startswith("tutti:")}
    strange = sorted(name for name in others if not WASI.fullmatch(name))
    if strange or not ours <= OURS:
        sys.exit(f"it imports what no host gives: {', '.join(strange or sorted(ours - OURS))}")
    if not EXPORTS <= exports:
        sys.exit(f"it does not export {', '.join(sorted(EXPORTS - exports))}")
    print(f"imports {len(others) + len(ours)} interfaces, exports {', '.join(sorted(exports))}")


def main() -> None:
    told = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    told.add_argument(
        "--without-numpy", action="store_true", help="leave out NumPy, and librosa with it"
    )
    told.add_argument("--check", action="store_true", help="look at the shipped one alone")
    wanted = told.parse_args()
    if wanted.check:
        check(lzma.decompress(SHIPPED.read_bytes()))
        return
    began = time.monotonic()
    WORK.mkdir(parents=True, exist_ok=True)
    component = build(not wanted.without_numpy)
    check(component)
    built = time.monotonic()
    packed = lzma.compress(component, preset=9)
    SHIPPED.write_bytes(packed)
    print(
        f"{SHIPPED.name}: {len(packed):,} bytes of {len(component):,}, sha256 "
        f"{hashlib.sha256(packed).hexdigest()}; built in {built - began:.0f} s, packed in "
        f"{time.monotonic() - built:.0f} s"
    )


if __name__ == "__main__":
    main()
