"""What scripts import: `from tutti import Result, Retry`."""

from runner.errors import (
    Denied,
    FlowFileHandlingException,
    InvalidCall,
    LimitExceeded,
    ProcessException,
    Retry,
    SessionError,
    StorageError,
    UnknownRelationship,
    Unreadable,
)
from runner.flowfile import FlowFile
from runner.simple import Result

__all__ = [
    "Denied",
    "FlowFile",
    "FlowFileHandlingException",
    "InvalidCall",
    "LimitExceeded",
    "ProcessException",
    "Result",
    "Retry",
    "Retry",
    "SessionError",
    "StorageError",
    "UnknownRelationship",
    "Unreadable",
]
