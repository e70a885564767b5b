"""The component under test, made once, and a way to run code in it and here."""

import pathlib
import subprocess
import sys

import pytest
import wasmtime
from wasmtime import component

HERE = pathlib.Path(__file__).resolve().parent
PACKAGES = HERE.parents[3] / "target" / "runners" / "numpy" / "packages"


class Sandbox:
    """An instance with numpy, its memory limited."""

    LIMIT = 256 << 20

    def __init__(self, engine: wasmtime.Engine, linker: component.Linker, made) -> None:
        self.store = wasmtime.Store(engine)
        self.store.set_limits(memory_size=self.LIMIT)
        self.store.set_wasi(wasmtime.WasiConfig())
        instance = linker.instantiate(self.store, made)
        self.function = instance.get_func(self.store, "run")

    def __call__(self, code: str) -> str:
        """What the code sets `out` to, as text."""
        given = self.function(self.store, code)
        self.function.post_return(self.store)
        assert not given.startswith("!"), given
        return given


@pytest.fixture(scope="session")
def fresh(tmp_path_factory):
    """Makes instances."""
    if not (PACKAGES / "numpy").is_dir():
        pytest.skip("build.py was not run")
    made = tmp_path_factory.mktemp("component") / "toy.wasm"
    tool = pathlib.Path(sys.executable).with_name("componentize-py")
    paths = ["--python-path", str(HERE), "--python-path", str(PACKAGES)]
    world = ["--wit-path", str(HERE / "toy.wit"), "--world", "toy"]
    command = [str(tool), "-q", *world, "componentize", "app", *paths, "--output", str(made)]
    subprocess.run(command, check=True, cwd=tmp_path_factory.getbasetemp())
    engine = wasmtime.Engine()
    linker = component.Linker(engine)
    linker.add_wasip2()
    compiled = component.Component.from_file(engine, str(made))
    return lambda: Sandbox(engine, linker, compiled)


@pytest.fixture(scope="session")
def sandbox(fresh):
    return fresh()
