"""A script: compiled once, and run in the style that it is written in."""

import ast
import builtins
import linecache
import random
import sys
import types
import warnings

from . import host, java_imports, librosa_names, missing_modules, output, refused_builtins
from .context import Context, PropertyValue
from .nifi import Nifi
from .nifi_names import REL_FAILURE, REL_SUCCESS
from .nifi_session import NifiSession
from .session import Session
from .simple import Simple

#: The names of functions that make a script one of the simple style.
ENTRIES = ("process", "process_batch")


class Script:
    """One script, from `load` on. What it keeps in its module's names it keeps as long."""

    def __init__(self, name, source):
        self.name = name
        self.source = source
        self._properties_known = False
        host.begin_loading()
        output.redirect()
        random.seed()
        librosa_names.reseed()
        java_imports.install()
        missing_modules.install()
        refused_builtins.install()
        # So that Python's own tracebacks have the script's lines; without a time of change it is
        # never looked for on a disk.
        linecache.cache[name] = (len(source), None, source.splitlines(True), name)
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            tree = ast.parse(source, name)
            code = compile(tree, name, "exec", dont_inherit=True)
        for warning in told:
            host.log(host.WARNING, f"line {warning.lineno}: {warning.message}")
        # Under this name dataclasses, pickle and `if __name__ == "__main__"` find it.
        self._module = types.ModuleType("__main__")
        sys.modules["__main__"] = self._module
        self._is_simple = bool(_defined(tree) & set(ENTRIES))
        self._session = Session() if self._is_simple else NifiSession()
        self._base = {
            "__name__": "__main__",
            "__builtins__": builtins,
            "session": self._session,
            "log": output.ComponentLog(),
            "context": Context(),
            "REL_SUCCESS": REL_SUCCESS,
            "REL_FAILURE": REL_FAILURE,
        }
        if self._is_simple:
            names = self._module.__dict__
            names.update(self._base)
            exec(code, names)
            output.finish()
            process, batch = (names.get(entry) for entry in ENTRIES)
            entry = batch if callable(batch) else process
            if not callable(entry):
                raise TypeError("process must be a function: def process(flowfile): …")
            #: Where it is told that what it returned cannot be used.
            self.line = getattr(getattr(entry, "__code__", None), "co_firstlineno", None)
            self._runner = Simple(self._session, process, batch if callable(batch) else None)
        else:
            self.line = None
            self._runner = Nifi(self._session, tree, name, self._module.__dict__, self._base)

    def run(self):
        """One session."""
        host.begin_session()
        self._session._begin()
        try:
            if not self._properties_known:
                self._define_properties()
            self._runner.run()
        except BaseException:
            self._session._abandon()
            raise
        finally:
            output.finish()

    def _define_properties(self):
        """The user's own properties are variables. They do not change while a script is loaded."""
        for name in host.dynamic_properties():
            if name.isidentifier() and name not in self._base and not hasattr(builtins, name):
                self._base[name] = PropertyValue(name)
                if self._is_simple:
                    self._module.__dict__.setdefault(name, self._base[name])
        self._properties_known = True


def _defined(tree):
    """The names that the script's top level defines, also below an `if` or a `try`."""
    found, todo = set(), list(tree.body)
    while todo:
        node = todo.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            found.add(node.name)
        elif isinstance(node, ast.Assign):
            found.update(one.id for one in node.targets if isinstance(one, ast.Name))
        elif isinstance(node, (ast.If, ast.Try, ast.With)):
            todo += [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.stmt)]
            for handler in getattr(node, "handlers", ()):
                todo += handler.body
    return found
