#!/usr/bin/env python3
"""The C and C++ compiler, and the linker, that numpy's build calls: Zig, for wasm32-wasi.

    compiler.py cc|c++ WORK arguments…

Meson knows no shared modules in WASM, so it is told of an ordinary linker. Here its calls become
what makes a module that the interpreter's component can load: position-independent code, linked so
that all that it lacks is taken from the interpreter and the C library when the component is made.
"""

import os
import pathlib
import sys

#: What every file is compiled with. Clocks and signals are emulated as they are for CPython there.
FLAGS = [
    "-target", "wasm32-wasi", "-fPIC", "-msimd128", "-mbulk-memory", "-fno-sanitize=all",
    "-D_WASI_EMULATED_SIGNAL", "-D_WASI_EMULATED_PROCESS_CLOCKS",
    "-D_WASI_EMULATED_MMAN", "-D_WASI_EMULATED_GETPID",
    # What float_status.c keeps; the C library has no names for them.
    "-DFE_INVALID=1", "-DFE_DIVBYZERO=2", "-DFE_OVERFLOW=4", "-DFE_UNDERFLOW=8",
]  # fmt: skip
#: The parts where size matters more than speed: LAPACK as Fortran was once turned into C, and
#: Cython's wrappers.
SMALL = ("numpy/linalg", "numpy/random")
#: What a link of a module keeps of its arguments; the rest is for linkers of other formats.
OBJECTS = (".o", ".a")


def link(arguments: list[str], work: pathlib.Path) -> list[str]:
    out = arguments[arguments.index("-o") + 1]
    objects = [each for each in arguments if each.endswith(OBJECTS)]
    if "_multiarray_umath" in out:
        word = str(work / "runtime" / "float_status_word.o")
        objects += [word, "--export=numpy_float_status"]
    return [
        "wasm-ld", "-shared", "--experimental-pic", "--unresolved-symbols=import-dynamic",
        "--strip-all", "--gc-sections", "-O2", "-o", out, *objects,
        str(work / "runtime" / "base.a"), str(work / "runtime" / "compiler.a"),
    ]  # fmt: skip


def compile_(language: str, arguments: list[str], work: pathlib.Path) -> list[str]:
    flags = [*FLAGS]
    if language == "c++":
        flags.append("-fignore-exceptions")
    out = arguments[arguments.index("-o") + 1] if "-o" in arguments else ""
    if out.startswith(SMALL):
        arguments = ["-Os" if each == "-O3" else each for each in arguments]
    kept = [each for each in arguments if not foreign(each)]
    # Last: some of CPython's headers are called as some of numpy's.
    return [language, *flags, *kept, f"-I{work / 'headers'}"]


def foreign(argument: str) -> bool:
    """Whether it is for another linker, or the headers of the Python that runs the build."""
    if argument.startswith("-I"):
        return os.path.exists(os.path.join(argument[2:], "Python.h"))
    return argument.startswith("-Wl,") or argument in ("-fPIC", "-pthread")


def main() -> None:
    language, folder, *arguments = sys.argv[1:]
    work = pathlib.Path(folder)
    zig = os.environ["TUTTI_ZIG"]
    if any(each.startswith("-Wl,") and "--version" in each for each in arguments):
        print("LLD 22.1 (compatible with GNU linkers)")
        return
    if "--version" in arguments:
        call = [language, "--version"]
    elif "-shared" in arguments:
        call = link(arguments, work)
    else:
        call = compile_(language, arguments, work)
    os.execv(zig, [zig, *call])


if __name__ == "__main__":
    main()
