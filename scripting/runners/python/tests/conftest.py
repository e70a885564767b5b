"""What the tests share: a script and flowfiles in, what became of them out.

They run natively; with `TUTTI_RUNNER` set to a `python.wasm`, in that, by PyPI's `wasmtime`.
"""

import os
import pathlib
import sys

import pytest

HERE = pathlib.Path(__file__).resolve().parent
RUNNER = os.environ.get("TUTTI_RUNNER")
sys.path[:0] = [str(HERE), str(HERE.parent)]
# The component has librosa beside `tutti`; here it is where the wheel has it.
if not RUNNER:
    import native  # noqa: F401
    import tutti

    tutti.__path__.append(str(HERE.parents[3] / "python" / "tutti"))

if RUNNER:
    from component import Component

    _instance = Component(pathlib.Path(RUNNER)).instance
else:
    from native import Instance as _instance

from memory_host import MemoryHost  # noqa: E402


def source(text):
    """A script as it stands in a test: without the margin."""
    lines = text.strip("\n").splitlines()
    margin = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return "\n".join(line[margin:] for line in lines) + "\n"


class Run(MemoryHost):
    """One session's end: the host that it had, and its failure, if it failed."""

    failure = None


@pytest.fixture
def load():
    """An instance with a script that is expected to load."""

    def load(script):
        made = _instance(source(script))
        assert made.loading is None, made.loading
        return made

    return load


@pytest.fixture
def run(load):
    """Runs a script once over contents: bytes, or pairs of bytes and attributes."""

    def run(script, *flowfiles, fails=False, **more):
        pairs = [one if isinstance(one, tuple) else (one, {}) for one in flowfiles]
        host = Run(pairs, **more)
        made = _instance(source(script)) if fails else load(script)
        host.failure = made.loading or made.process(host)
        assert fails or host.failure is None, host.failure
        assert not fails or host.failure is not None, "it did not fail"
        return host

    return run


@pytest.fixture
def refused():
    """What a script is not loaded for."""

    def refused(script):
        made = _instance(source(script))
        assert made.loading is not None, "it was loaded"
        return made.loading

    return refused


@pytest.fixture
def native():
    if RUNNER:
        pytest.skip("the native runner alone can be looked into")


def pytest_terminal_summary(terminalreporter):
    """As Rust's test runner, so that one program can add up both."""
    count = {kind: len(found) for kind, found in terminalreporter.stats.items()}
    failed = count.get("failed", 0) + count.get("error", 0)
    word = "FAILED" if failed else "ok"
    terminalreporter.write_line(
        f"test result: {word}. {count.get('passed', 0)} passed; {failed} failed; "
        f"{count.get('skipped', 0)} ignored"
    )
