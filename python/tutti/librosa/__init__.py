"""librosa's functions, from a library in Rust: `import tutti.librosa as librosa`.

Names, arguments, defaults, shapes and dtypes are librosa 1.0's. What is computed is computed in
single precision, with sums in double, and without the interpreter's lock. What librosa takes and
this does not is refused by its name.
"""

from . import (
    beat,
    core,
    decompose,
    display,
    effects,
    feature,
    filters,
    onset,
    segment,
    sequence,
    util,
)
from .core import *  # noqa: F403
from .util.exceptions import LibrosaError, ParameterError

#: The version of librosa whose functions these are.
__version__ = "1.0.0"

__all__ = [
    *core.__all__,
    "LibrosaError",
    "ParameterError",
    "beat",
    "core",
    "decompose",
    "display",
    "effects",
    "feature",
    "filters",
    "onset",
    "segment",
    "sequence",
    "util",
]
