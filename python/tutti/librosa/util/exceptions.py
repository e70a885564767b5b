"""The errors of these functions, by librosa's names."""

from ..._native import LibrosaError, ParameterError

__all__ = ["LibrosaError", "ParameterError"]
