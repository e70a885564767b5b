"""Runs the component that was built, in wasmtime's own Python binding: what tests are run with."""

import dataclasses
import types as python_types

import native
import wasmtime
from memory_host import MemoryHost, Refusal
from wasmtime import component as wit

TYPES = {"flowfile": 1, "reader": 2, "writer": 3}
LEVELS = ("debug", "info", "warning", "error")


class Component:
    """A component, compiled once."""

    def __init__(self, path):
        config = wasmtime.Config()
        config.epoch_interruption = True
        self.engine = wasmtime.Engine(config)
        self.component = wit.Component(self.engine, path.read_bytes())

    def instance(self, script, name="script.py"):
        return Instance(self, script, name)


class Instance:
    """An instance of it with a script."""

    refuses_options = False

    def __init__(self, made, script, name):
        self.store = wasmtime.Store(made.engine)
        self.store.set_epoch_deadline(1_000_000)
        self.store.set_wasi(wasmtime.WasiConfig())
        self.held = {}
        linker = wit.Linker(made.engine)
        linker.add_wasip2()
        self._define(linker)
        self.instance = linker.instantiate(self.store, made.component)
        self.host = MemoryHost()
        self.loading = self._call("load", name, script)

    def process(self, host):
        self.host = host
        return self._call("process")

    def _call(self, name, *arguments):
        function = self.instance.get_func(self.store, name)
        value = function(self.store, *arguments)
        function.post_return(self.store)
        if value is None:
            return None
        case = "load"
        if isinstance(value, wit.Variant):
            case, value = value.tag, value.payload
        return python_types.SimpleNamespace(
            case=case, message=value.message, line=value.line, trace=value.trace
        )

    # Handles.

    def _own(self, kind, thing):
        number = len(self.held) + 1
        self.held[number] = thing
        return wit.ResourceHost.own(number, TYPES[kind])

    def _of(self, store, handle):
        return self.held[handle.to_host(store).rep]

    def _define(self, linker):
        with linker.root() as root:
            with root.add_instance("tutti:processor/types@0.1.0"):
                pass
            with root.add_instance("tutti:processor/session@0.1.0") as session:
                for name, number in TYPES.items():
                    session.add_resource(name, wit.ResourceType.host(number), lambda s, rep: None)
                self._session(session)
            with root.add_instance("tutti:processor/audio@0.1.0") as audio:
                audio.add_func(
                    "load", lambda s, on, *how: self._load(self._of(s, on).content, *how)
                )
                audio.add_func("load-bytes", lambda s, *how: self._load(*how))
                audio.add_func("call", self._library)

    def _session(self, session):
        def flowfile(name, method, made=None):
            def function(store, handle, *arguments):
                arguments = [
                    self._of(store, one) if isinstance(one, wit.ResourceAny) else one
                    for one in arguments
                ]
                answer = _answer(getattr(self._of(store, handle), method), *arguments)
                return self._own(made, answer) if made else answer

            session.add_func(name, function)

        for name in ("size", "attribute", "attributes", "set-attributes", "read-all", "write-all"):
            flowfile(f"[method]flowfile.{name}", name.replace("-", "_"))
        flowfile("[method]flowfile.penalize", "penalize")
        flowfile("[method]flowfile.read", "read", "reader")
        flowfile("[method]flowfile.write", "write", "writer")
        flowfile("[method]reader.next", "next")
        for name in ("push", "copy-from", "finish"):
            flowfile(f"[method]writer.{name}", name.replace("-", "_"))

        def get(store, most):
            return [self._item(one) for one in self.host.get(most)]

        def several(name):
            def function(store, handles, *more):
                things = [self._of(store, handle) for handle in handles]
                answer = _answer(getattr(self.host, name), things, *more)
                return self._own("flowfile", answer) if name == "create" else answer

            session.add_func(name, function)

        session.add_func("get", get)
        for name in ("create", "transfer", "remove"):
            several(name)
        session.add_func(
            "clone", lambda s, h: self._own("flowfile", self.host.clone(self._of(s, h)))
        )
        session.add_func(
            "property", lambda s, name, on: self.host.property(name, on and self._of(s, on))
        )
        session.add_func(
            "count", lambda s, on, name, amount: self.host.count(self._of(s, on), name, amount)
        )
        for name in ("dynamic-properties", "log", "should-end", "yield-processor"):
            session.add_func(name, self._plain(name))
        for name in ("state-get", "state-put"):
            session.add_func(name, self._plain(name))

    def _load(self, recording, *how):
        found = self._audio("load", recording, *how)
        return found if isinstance(found, wit.Variant) else (_array(found[0]), found[1])

    def _library(self, store, name, values):
        found = self._audio("call", name, [_named(value) for value in values])
        return found if isinstance(found, wit.Variant) else [_variant(value) for value in found]

    def _audio(self, name, *arguments):
        try:
            return getattr(self.host.audio, name)(native.AUDIO, *arguments)
        except native.Err as error:
            return _variant(error.value)

    def _plain(self, name):
        method = name.replace("-", "_")
        return lambda store, *arguments: _answer(getattr(self.host, method), *arguments)

    def _item(self, held):
        item = wit.Record()
        item.flowfile = self._own("flowfile", held)
        item.size, item.attributes = held.size(), held.attributes()
        return item


def _variant(value):
    """A case of the native binding as one of this."""
    case = type(value).__name__.partition("_")[2].rstrip("_").lower()
    payload = getattr(value, "value", None)
    if dataclasses.is_dataclass(payload):
        payload = _array(payload) if case == "array" else _variant(payload)
    return wit.Variant(case, payload)


def _array(array):
    made = wit.Record()
    made.dtype, made.order = array.dtype.name.lower(), array.order.name.lower()
    made.shape, made.data = array.shape, array.data
    return made


def _named(variant):
    """The other way."""
    make = native.AUDIO.__dict__[f"Value_{variant.tag.title()}{'_' * (variant.tag == 'none')}"]
    if variant.tag == "none":
        return make()
    if variant.tag != "array":
        return make(variant.payload)
    array = variant.payload
    dtype, order = native.Dtype[array.dtype.upper()], native.Order[array.order.upper()]
    return make(native.AUDIO.Array(dtype, array.shape, order, array.data))


def _answer(function, *arguments):
    try:
        return function(*arguments)
    except Refusal as refusal:
        return wit.Variant(refusal.case, refusal.text)
