"""The component: what the host calls. Takes a script once, then runs it for every session."""

import gc

from componentize_py_types import Err
from wit_world.imports import types

import tutti  # noqa: F401  What scripts import is here when the component is built.
from runner import faults, librosa_names, stdlib
from runner.script import Script

# What is not imported while the component is built cannot be imported by a script.
stdlib.import_all()
librosa_names.import_all()
# What is there by now stays for good: the collector never looks at it again, which would take its
# time and would make each instance's memory its own.
gc.collect()
gc.freeze()

_script = None


class WitWorld:
    """The world `script-runner`."""

    def load(self, name: str, script: str) -> None:
        global _script
        _script = None
        try:
            _script = Script(name, script)
        # All of them: SystemExit and KeyboardInterrupt would end the instance.
        except BaseException as error:
            raise Err(faults.fault(error, name, script)) from None

    def process(self) -> None:
        if _script is None:
            told = types.Fault("no script was loaded", None, "")
            raise Err(types.Failure_Fatal(told))
        try:
            _script.run()
        except BaseException as error:
            raise Err(faults.failure(error, _script.name, _script.source, _script.line)) from None
