"""What is told of a module that is not there: what to use instead."""

import importlib.abc
import sys

_NETWORK = "a script has no network; use the processor InvokeHTTP before or after it"
_FILES = "a script has no files and starts no programs"
_ARRAYS = "there are librosa, and Python's statistics, math and array"

INSTEAD = {
    **dict.fromkeys(
        ("requests", "urllib3", "httpx", "aiohttp", "socket", "_socket", "http", "ftplib"), _NETWORK
    ),
    **dict.fromkeys(("smtplib", "ssl", "_ssl", "boto3", "paramiko", "kafka"), _NETWORK),
    **dict.fromkeys(("subprocess", "multiprocessing", "ctypes", "_ctypes", "mmap"), _FILES),
    **dict.fromkeys(("pandas", "scipy", "sklearn", "torch", "tensorflow", "numba"), _ARRAYS),
    "numpy": _ARRAYS,
    "matplotlib": "a script draws nothing; give its numbers on",
    "soundfile": "librosa.load(flowfile) decodes recordings",
    "audioread": "librosa.load(flowfile) decodes recordings",
    "pyspark": "a flow is what Spark's job was: def process(flowfile) is called for each file",
    "select": _NETWORK,
    "sqlite3": "a script has no files; context.state keeps values",
    "urllib2": "this is Python 3, and a script has no network; use the processor InvokeHTTP",
    "StringIO": "this is Python 3: from io import StringIO, BytesIO",
    "cStringIO": "this is Python 3: from io import StringIO, BytesIO",
    "ConfigParser": "this is Python 3: import configparser",
    "Queue": "this is Python 3: import queue",
    "yaml": "there are json, csv, configparser, tomllib and xml",
    "nifiapi": "this is how NiFi's Python processors begin; here def process(flowfile): is enough",
}


class Finder(importlib.abc.MetaPathFinder):
    """Asked last, for what nobody has."""

    def find_spec(self, name, path=None, target=None):
        root = name.partition(".")[0]
        told = f"No module named {name!r}"
        if root in INSTEAD:
            told += f": {INSTEAD[root]}"
        elif path is None and not root.startswith("_"):
            told += ": a script has most of Python's standard library, and librosa"
        raise ModuleNotFoundError(told, name=name)


#: What the interpreter itself has loaded in the sandbox, where it leads nowhere.
HIDDEN = ("socket", "_socket", "select", "ssl")


def install():
    if sys.platform == "wasi":
        for name in HIDDEN:
            sys.modules.pop(name, None)
    if not any(isinstance(finder, Finder) for finder in sys.meta_path):
        sys.meta_path.append(Finder())
