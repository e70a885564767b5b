"""librosa's own drawing, where it is installed: nothing here draws."""

from typing import Any


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    try:
        from librosa import display
    except ImportError as error:
        raise ImportError(
            f"tutti.librosa.display.{name} is librosa's own, which is not installed: "
            "pip install librosa matplotlib"
        ) from error
    return getattr(display, name)
