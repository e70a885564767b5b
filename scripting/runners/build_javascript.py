#!/usr/bin/env python3
"""Builds the component that runs scripts in JavaScript, `javascript.wasm.xz`, from pinned packages.

    python3 scripting/runners/build_javascript.py            # seconds; needs npm and Node.js 20
    python3 scripting/runners/build_javascript.py --check    # looks at what is there

Two builds differ in some bytes, for the interpreter's memory is kept as it is once the runner is
read. So what is checked are the imports, the exports and the behaviour, and no hash.
"""

import argparse
import lzma
import pathlib
import re
import subprocess
import sys
import time

from component import names

HERE = pathlib.Path(__file__).resolve().parent
SOURCE = HERE / "javascript"
MADE = HERE.parents[1] / "target" / "runners" / "javascript.wasm"
SHIPPED = HERE / "javascript.wasm.xz"
OURS = re.compile(r"tutti:processor/(types|session|audio)@[0-9.]+")
#: QuickJS asks for the time, and its C library could for the rest, which the host refuses.
WASI = re.compile(r"wasi:(cli|clocks|filesystem|io|random)/[a-z-]+@0\.2\.\d+")
#: `init` is what the tool filled the component's memory with; it does nothing once it ran.
EXPORTS = {"init", "load", "process"}


def run(*command: str) -> None:
    try:
        subprocess.run(command, cwd=SOURCE, check=True)
    except FileNotFoundError:
        sys.exit(f"{command[0]} is not there: install Node.js 20 or newer, which has npm with it")
    except subprocess.CalledProcessError as error:
        sys.exit(f"{' '.join(command)} failed with {error.returncode}")


def check(component: bytes) -> None:
    """That it asks for nothing else than it may, and gives what the world says."""
    imports, exports = names(component)
    # What has no colon is no interface, but a type that the world itself uses.
    asked = {name for name in imports if ":" in name}
    strange = sorted(n for n in asked if not OURS.fullmatch(n) and not WASI.fullmatch(n))
    if strange:
        sys.exit(f"it imports what no host gives: {', '.join(strange)}")
    if exports != EXPORTS:
        sys.exit(f"it exports {', '.join(sorted(exports))}, and not {', '.join(sorted(EXPORTS))}")
    print(f"imports {len(asked)} interfaces, exports {', '.join(sorted(exports))}")


def main() -> None:
    told = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    told.add_argument("--check", action="store_true", help="look at the shipped one alone")
    if told.parse_args().check:
        check(lzma.decompress(SHIPPED.read_bytes()))
        return
    began = time.monotonic()
    MADE.parent.mkdir(parents=True, exist_ok=True)
    MADE.unlink(missing_ok=True)
    # esbuild's own script only looks for its program, which npm has unpacked already.
    run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    run("node", "build.mjs", str(MADE))
    component = MADE.read_bytes()
    check(component)
    built = time.monotonic()
    packed = lzma.compress(component, preset=9 | lzma.PRESET_EXTREME)
    SHIPPED.write_bytes(packed)
    told_times = f"built in {built - began:.0f} s, packed in {time.monotonic() - built:.0f} s"
    print(f"{SHIPPED.name}: {len(packed):,} bytes of {len(component):,}; {told_times}")


if __name__ == "__main__":
    main()
