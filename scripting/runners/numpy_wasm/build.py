#!/usr/bin/env python3
"""Builds numpy for the component that runs Python scripts: real numpy, compiled to WASM.

    python3 scripting/runners/numpy_wasm/build.py   # some minutes; needs PyPI and Maven Central

What comes out is `target/runners/numpy/packages`, a folder for componentize-py's `--python-path`:
numpy, its compiled modules as the libraries of a component, and `sandbox_numpy`. It is made anew
only where something here has changed. Python 3.11 or newer and `mvn` are needed: CPython's headers
come in a package of Maven Central, unless `--headers` names a folder that has them.
"""

import argparse
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import time
import venv
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
WORK = HERE.parents[2] / "target" / "runners" / "numpy"
INPUTS = sorted(file for file in HERE.iterdir() if file.suffix != ".md" and file.is_file())
PACKAGES = WORK / "packages"
STAMP = WORK / "built.sha256"
#: What componentize-py takes for a compiled module.
SUFFIX = ".cpython-314-wasm32-wasi.so"
#: Where CPython 3.14's headers are; they are the same in every 3.14.
HEADERS = "org.bytedeco:cpython:3.14.3-1.5.13:jar:linux-x86_64"
HEADERS_SHA256 = "eb5f1a6fe2dc498ac18927189a37f28a47b0ba06ae6bd85112eff023fe2eb46f"
MAVEN_GOAL = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy"
#: The parts of libc++ that are no templates: numpy's hash tables, and pocketfft's shared plans.
LIBCXX = ("functional", "hash", "memory", "verbose_abort")
OPTIONS = {
    "buildtype": "release",
    "b_ndebug": "true",
    "allow-noblas": "true",
    "blas": "none",
    "lapack": "none",
    "cpu-baseline": "none",
    "cpu-dispatch": "none",
    "disable-intel-sort": "true",
    "disable-svml": "true",
    "disable-threading": "true",
}
#: What Meson calls the parts that are installed.
TAGS = ("runtime", "python-runtime")
#: Folders and files of numpy that no script in a component can use.
LEFT_OUT = (
    "_pyinstaller", "conftest.py", "ctypeslib", "distutils", "doc", "f2py", "testing",
    "_core/include", "_core/lib", "random/lib",
)  # fmt: skip
#: pip prepares an sdist before it downloads it, which would configure numpy for this machine.
BACKEND = """
import pathlib
def prepare_metadata_for_build_wheel(folder, settings=None):
    made = pathlib.Path(folder, "{name}-{version}.dist-info")
    made.mkdir()
    (made / "METADATA").write_text(
        "Metadata-Version: 2.1\\nName: {name}\\nVersion: {version}\\n")
    return made.name
"""
CROSS = """
[binaries]
c = {compiler_c}
cpp = {compiler_cpp}
ar = {ar}
ranlib = {ranlib}
strip = 'true'
python = '{python}'
cython = '{cython}'
[properties]
longdouble_format = 'IEEE_QUAD_LE'
skip_sanity_check = true
[host_machine]
system = 'wasi'
cpu_family = 'wasm32'
cpu = 'wasm32'
endian = 'little'
"""


def run(command: list, **more) -> None:
    """Runs a program, quietly; says what it said if it fails."""
    command = [str(part) for part in command]
    try:
        done = subprocess.run(command, capture_output=True, text=True, **more)
    except FileNotFoundError:
        sys.exit(f"{command[0]} is not there; it is needed to build numpy")
    if done.returncode:
        end = "\n".join((done.stdout + done.stderr).splitlines()[-30:])
        sys.exit(f"{pathlib.Path(command[0]).name} failed with {done.returncode}:\n{end}")


def say(what: str, began: float = time.monotonic()) -> None:
    print(f"{time.monotonic() - began:5.0f} s  {what}", flush=True)


def tools() -> pathlib.Path:
    """The Python of an environment with exactly what is pinned."""
    home = WORK / "venv"
    python = home / "bin" / "python"
    venv.create(home, with_pip=True, clear=True)
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    wanted = ["--require-hashes", "--only-binary", ":all:", "-r", HERE / "requirements.txt"]
    run([*pip, *wanted])
    return python


def source(python: pathlib.Path) -> pathlib.Path:
    """numpy's source."""
    pinned = HERE / "source.txt"
    name, version = next(
        line.split()[0].split("==") for line in pinned.read_text().splitlines() if "==" in line
    )
    backend = WORK / "backend"
    backend.mkdir(exist_ok=True)
    (backend / "mesonpy.py").write_text(BACKEND.format(name=name, version=version))
    pip = [python, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    how = ["--no-build-isolation", "--no-binary", ":all:", "--require-hashes", "-r", pinned]
    run([*pip, *how, "--dest", WORK], env={**os.environ, "PYTHONPATH": str(backend)})
    folder = WORK / f"{name}-{version}"
    shutil.rmtree(folder, ignore_errors=True)
    with tarfile.open(WORK / f"{name}-{version}.tar.gz") as archive:
        archive.extractall(WORK, filter="data")
    return folder


def headers(given: pathlib.Path | None) -> None:
    """CPython's headers, with the configuration of the interpreter in the component."""
    made = WORK / "headers"
    shutil.rmtree(made, ignore_errors=True)
    if given:
        shutil.copytree(given, made)
    else:
        run(["mvn", "-q", "-B", MAVEN_GOAL, f"-Dartifact={HEADERS}", f"-DoutputDirectory={WORK}"])
        _, name, version, kind, platform = HEADERS.split(":")
        jar = WORK / f"{name}-{version}-{platform}.{kind}"
        if hashlib.sha256(jar.read_bytes()).hexdigest() != HEADERS_SHA256:
            sys.exit(f"{jar.name} is not what it was when it was pinned")
        with zipfile.ZipFile(jar) as archive:
            for entry in archive.infolist():
                _, found, path = entry.filename.partition("/include/python3.14/")
                if found and not entry.is_dir():
                    (made / path).parent.mkdir(parents=True, exist_ok=True)
                    (made / path).write_bytes(archive.read(entry))
    if "PY_MINOR_VERSION        14" not in (made / "patchlevel.h").read_text():
        sys.exit("these are not the headers of CPython 3.14")
    shutil.copy(HERE / "pyconfig.h", made)


def runtime(python: pathlib.Path, zig: pathlib.Path) -> None:
    """What compilers take for granted: their own arithmetic, the rest of libc++, and the like."""
    made = WORK / "runtime"
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir()
    library = zig.parent / "lib"
    compiler = [python, HERE / "compiler.py"]
    flags = ["-O2", "-std=c++23", "-fno-exceptions", "-D_LIBCPP_BUILDING_LIBRARY"]
    places = [f"-I{library}/libcxx/src", f"-I{library}/libcxxabi/include"]
    theirs = [library / "libcxx" / "src" / f"{name}.cpp" for name in LIBCXX]
    for file in (*theirs, HERE / "exceptions.cpp"):
        target = ["-c", file, "-o", made / f"{file.stem}.o"]
        run([*compiler, "c++", WORK, *flags, *places, *target])
    for name in ("float_status", "float_status_word"):
        target = ["-c", HERE / f"{name}.c", "-o", made / f"{name}.o"]
        run([*compiler, "cc", WORK, "-O2", *target])
    objects = sorted(made.glob("*.o"))
    run([zig, "ar", "rcs", made / "base.a", *(o for o in objects if "word" not in o.name)])
    target = ["-target", "wasm32-wasi", "-fPIC", "-O", "ReleaseSmall"]
    place = f"-femit-bin={made / 'compiler.a'}"
    run([zig, "build-lib", *target, library / "compiler_rt.zig", place], cwd=made)


def compile_(python: pathlib.Path, zig: pathlib.Path, numpy: pathlib.Path) -> pathlib.Path:
    """Compiles it; the folder that it is installed in."""
    built, installed = WORK / "build", WORK / "installed"
    for folder in (built, installed):
        shutil.rmtree(folder, ignore_errors=True)
    cross = WORK / "cross.ini"
    cross.write_text(
        CROSS.format(
            compiler_c=[str(python), str(HERE / "compiler.py"), "cc", str(WORK)],
            compiler_cpp=[str(python), str(HERE / "compiler.py"), "c++", str(WORK)],
            ar=[str(zig), "ar"],
            ranlib=[str(zig), "ranlib"],
            python=python,
            cython=python.parent / "cython",
        )
    )
    meson = [python, numpy / "vendored-meson" / "meson" / "meson.py"]
    options = [f"-D{name}={value}" for name, value in OPTIONS.items()]
    run([*meson, "setup", built, numpy, "--cross-file", cross, *options])
    say("configured")
    plan = json.loads((built / "meson-info" / "intro-install_plan.json").read_text())
    # All but what only numpy's tests and other builds need.
    modules = [file for file, how in plan["targets"].items() if how["tag"] in TAGS]
    names = [os.path.relpath(file, built) for file in modules]
    run([python.parent / "ninja", "-C", built, *names])
    say("compiled")
    where = ["--no-rebuild", "--destdir", installed, "--tags", ",".join(TAGS)]
    run([*meson, "install", "-C", built, *where])
    return next(installed.rglob("numpy/version.py")).parent


def pack(installed: pathlib.Path) -> None:
    """The folder for componentize-py."""
    shutil.rmtree(PACKAGES, ignore_errors=True)
    left_out = shutil.ignore_patterns("__pycache__", "*.pyi", "*.pxd", "*.a", "lapack_lite.*.so")
    numpy = PACKAGES / "numpy"
    shutil.copytree(installed, numpy, ignore=left_out)
    for name in LEFT_OUT:
        if (numpy / name).is_dir():
            shutil.rmtree(numpy / name)
        else:
            (numpy / name).unlink(missing_ok=True)
    # Named for the Python that ran the build, which has no other part in it.
    theirs = sysconfig.get_config_var("EXT_SUFFIX")
    for module in numpy.rglob(f"*{theirs}"):
        module.rename(module.with_name(module.name.removesuffix(theirs) + SUFFIX))
    shutil.copy(HERE / "sandbox_numpy.py", PACKAGES)


def wanted() -> str:
    """What `STAMP` says when nothing is to do."""
    digest = hashlib.sha256()
    for file in INPUTS:
        digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()


def main() -> None:
    told = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    told.add_argument("--headers", type=pathlib.Path, help="a folder with CPython 3.14's headers")
    told.add_argument("--again", action="store_true", help="even if nothing has changed")
    arguments = told.parse_args()
    if not arguments.again and STAMP.exists() and STAMP.read_text() == wanted():
        print(f"{PACKAGES} is what it should be")
        return
    WORK.mkdir(parents=True, exist_ok=True)
    STAMP.unlink(missing_ok=True)
    python = tools()
    zig = next((WORK / "venv").glob("lib/python3.*/site-packages/ziglang/zig"))
    os.environ.update(
        TUTTI_ZIG=str(zig),
        ZIG_GLOBAL_CACHE_DIR=str(WORK / "zig"),
        ZIG_LOCAL_CACHE_DIR=str(WORK / "zig"),
        # Meson asks for programs that it finds there: none of another environment.
        PATH=f"{python.parent}{os.pathsep}{os.environ['PATH']}",
    )
    say("tools")
    numpy = source(python)
    headers(arguments.headers)
    runtime(python, zig)
    say("sources, headers and runtime")
    pack(compile_(python, zig, numpy))
    STAMP.write_text(wanted())
    size = sum(module.stat().st_size for module in PACKAGES.rglob(f"*{SUFFIX}"))
    say(f"{PACKAGES}: compiled modules of {size:,} bytes")


if __name__ == "__main__":
    main()
