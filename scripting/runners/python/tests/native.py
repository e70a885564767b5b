"""Runs the runner in this Python: stands in for the modules that the component's build makes."""

import dataclasses
import enum
import sys
import types as python_types

from memory_host import Held, Refusal

#: The host that is called now.
HOST = None


class Err(Exception):
    def __init__(self, value):
        super().__init__(value)
        self.value = value


class Level(enum.Enum):
    DEBUG, INFO, WARNING, ERROR = range(4)


class Dtype(enum.Enum):
    FLOAT32, FLOAT64, COMPLEX64, INT32, INT64, UINT8, BOOLEAN = range(7)


class Order(enum.Enum):
    C, FORTRAN = range(2)


class Handle:
    """A flowfile, a reader or a writer, whose refusals are errors of the binding."""

    def __init__(self, held):
        self.held, self.given_back = held, False

    def __getattr__(self, name):
        assert not self.given_back, "a handle is used after it was given back"

        def method(*arguments):
            made = _answer(getattr(self.held, name), *arguments)
            return Handle(made) if name in ("read", "write") else made

        return method

    def __exit__(self, *error):
        assert not self.given_back, "a handle is given back twice"
        self.given_back = True


def _refused(refusal):
    name = "".join(part.title() for part in refusal.case.split("-"))
    return getattr(TYPES, f"Refusal_{name}")(refusal.text)


def _answer(function, *arguments):
    arguments = [one.held if isinstance(one, Handle) else one for one in arguments]
    for one in arguments:
        _carried(one)
    try:
        return function(*arguments)
    except Refusal as refusal:
        raise Err(_refused(refusal)) from None


def _carried(value):
    # As the binding, which ends the instance over what the contract cannot carry.
    if isinstance(value, str):
        value.encode()
    elif isinstance(value, int):
        assert 0 <= value < 2**64
    elif isinstance(value, (list, tuple)):
        for part in value:
            _carried(part)


def _consume(handles):
    # As the binding does: an owned handle is gone with the call, however it ends.
    for handle in handles:
        handle.__exit__()
    return [handle.held for handle in handles]


class Session(python_types.ModuleType):
    """The interface `session`."""

    def get(self, most):
        return [
            python_types.SimpleNamespace(
                flowfile=Handle(one), size=one.size(), attributes=one.attributes()
            )
            for one in _answer(HOST.get, most)
        ]

    def create(self, parents):
        return Handle(_answer(HOST.create, [parent.held for parent in parents]))

    def clone(self, parent):
        return Handle(_answer(HOST.clone, parent))

    def transfer(self, flowfiles, relationship):
        _carried(relationship)
        _answer(HOST.transfer, _consume(flowfiles), relationship)

    def remove(self, flowfiles):
        _answer(HOST.remove, _consume(flowfiles))

    def log(self, level, message):
        _carried(message)
        HOST.log(level.name.lower(), message)

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *arguments: _answer(getattr(HOST, name), *arguments)


class Audio(python_types.ModuleType):
    """The interface `audio`, which tests answer."""

    def load(self, source, *how):
        return self._answer("load", source.held.content, *how)

    def load_bytes(self, recording, *how):
        return self._answer("load", recording, *how)

    def call(self, function, arguments):
        return self._answer("call", function, arguments)

    @staticmethod
    def _answer(name, *arguments):
        return getattr(HOST.audio, name)(AUDIO, *arguments)


def _record(module, name, *fields):
    made = dataclasses.make_dataclass(name, fields)
    setattr(module, name, made)


def _modules():
    types_, session, audio = python_types.ModuleType("types"), Session("session"), Audio("audio")
    types_.Level = Level
    _record(types_, "Fault", "message", "line", "trace")
    for case in ("Failure_Retry", "Failure_Fatal"):
        _record(types_, case, "value")
    for case in ("UnknownRelationship", "Limit", "Invalid", "Denied", "Unreadable", "Io"):
        _record(types_, f"Refusal_{case}", "value")
    audio.Dtype, audio.Order = Dtype, Order
    _record(audio, "Array", "dtype", "shape", "order", "data")
    _record(audio, "Value_None_")
    for case in ("Boolean", "Integer", "Number", "Text", "Array", "Sequence"):
        _record(audio, f"Value_{case}", "value")
    for case in ("Parameter", "Missing", "Refused"):
        _record(audio, f"Problem_{case}", "value")
    componentize = python_types.ModuleType("componentize_py_types")
    componentize.Err = Err
    world, imports = python_types.ModuleType("wit_world"), python_types.ModuleType("imports")
    world.imports = imports
    imports.types, imports.session, imports.audio = types_, session, audio
    sys.modules["componentize_py_types"] = componentize
    sys.modules["wit_world"], sys.modules["wit_world.imports"] = world, imports
    return types_, audio


TYPES, AUDIO = _modules()


class Instance:
    """The runner with a script, and a host for each session."""

    #: Whether what is refused of a value that may be none comes to the script.
    refuses_options = True

    def __init__(self, script, name="script.py"):
        import app

        self.world, self.printed = app.WitWorld(), (sys.stdout, sys.stderr)
        self.loading = self._call(Host(), self.world.load, name, script)

    def process(self, host):
        return self._call(host, self.world.process)

    def _call(self, host, function, *arguments):
        global HOST
        HOST = host
        kept = sys.stdout, sys.stderr, sys.modules["__main__"]
        sys.stdout, sys.stderr = self.printed
        try:
            function(*arguments)
            return None
        except Err as error:
            return failure(error.value)
        finally:
            sys.modules["__main__"] = kept[2]
            self.printed = sys.stdout, sys.stderr
            sys.stdout, sys.stderr = kept[:2]


def Host():
    from memory_host import MemoryHost

    return MemoryHost()


def failure(value):
    """(retry or fatal, message, line, trace)."""
    case = "load"
    if not hasattr(value, "message"):
        case = type(value).__name__.removeprefix("Failure_").lower()
        value = value.value
    return python_types.SimpleNamespace(
        case=case, message=value.message, line=value.line, trace=value.trace
    )


__all__ = ["Held", "Instance"]
