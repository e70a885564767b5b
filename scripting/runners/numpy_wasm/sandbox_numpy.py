"""numpy inside the component that runs Python scripts: imported whole, and seeded anew.

The component is a picture of the interpreter once everything was imported, and has no files: what
is not imported while it is built cannot be imported later. `import_all` is called then, and
`reseed` each time an instance takes a script.
"""

import importlib
import random
import sys

#: numpy's public modules.
MODULES = """
numpy.char numpy.core.multiarray numpy.dtypes numpy.exceptions numpy.fft numpy.lib.array_utils
numpy.lib.format numpy.lib.introspect numpy.lib.mixins numpy.lib.npyio numpy.lib.recfunctions
numpy.lib.scimath numpy.lib.stride_tricks numpy.linalg numpy.ma.extras numpy.ma.mrecords
numpy.polynomial numpy.random numpy.rec numpy.strings numpy.typing numpy.version
""".split()
#: What numpy's functions import only once they are called.
LATER = """
ast copy encodings.cp437 encodings.latin_1 gzip inspect io json math pathlib pickle pprint re
secrets shutil struct tempfile textwrap tokenize urllib.error urllib.parse warnings zipfile
""".split()
#: What is not there, and why.
LEFT_OUT = {
    "numpy.ctypeslib": "scripts load no native libraries",
    "numpy.distutils": "scripts build no native modules",
    "numpy.f2py": "scripts build no native modules",
    "numpy.testing": "compare with numpy.allclose or numpy.array_equal",
}


class LeftOut:
    """Says so when a script imports one of them."""

    @staticmethod
    def find_spec(name: str, path=None, target=None) -> None:
        if name in LEFT_OUT:
            why = f"there is no {name} for scripts: {LEFT_OUT[name]}"
            raise ModuleNotFoundError(why, name=name)


def import_all() -> None:
    """Imports all that scripts may reach of numpy."""
    sys.meta_path.insert(0, LeftOut)
    for name in (*MODULES, *LATER):
        importlib.import_module(name)


def reseed() -> None:
    """Seeds `numpy.random`'s own generator from `random`, which must have been seeded before.

    It was seeded when the component was built, and would give every instance the same numbers.
    Generators that scripts make by `default_rng()` take their seed from the host by themselves.
    """
    import numpy

    numpy.random.seed([random.getrandbits(32) for _ in range(8)])
