"""What a script keeps from one call to another: texts by name, which count with the session."""

import json
from collections.abc import MutableMapping

from wit_world.imports import session as engine

from . import host, values
from .java_map import JavaMap
from .missing import no_such

#: Where the names of all are kept, for the engine gives a value for its name and no names.
NAMES = ".names"


class State(MutableMapping):
    """The values by their names: a dict of texts that outlives the call, and a restart."""

    def __getitem__(self, name):
        value = host.call(engine.state_get, _name(name))
        if value is None:
            raise KeyError(name)
        return value

    def __setitem__(self, name, value):
        if value is None:
            self.pop(name, None)
            return
        text = values.attribute_text(name, value)
        names = self._names()
        host.call(engine.state_put, _name(name), text)
        if name not in names:
            self._keep([*names, name])

    def __delitem__(self, name):
        if host.call(engine.state_get, _name(name)) is None:
            raise KeyError(name)
        host.call(engine.state_put, name, None)
        self._keep([other for other in self._names() if other != name])

    def __iter__(self):
        return iter(self._names())

    def __len__(self):
        return len(self._names())

    def _names(self):
        return json.loads(host.call(engine.state_get, NAMES) or "[]")

    def _keep(self, names):
        host.call(engine.state_put, NAMES, json.dumps(names) if names else None)

    def __repr__(self):
        return f"<state {', '.join(self._names()) or 'without values'}>"


def _name(name):
    if isinstance(name, str) and name and name != NAMES:
        return host.text(name, "the name of a value of the state")
    raise TypeError(f"the name of a value of the state is {name!r}, but must be a text")


class StateMap(JavaMap):
    """The state as it was when it was asked for."""

    def get(self, name, default=None):
        return dict.get(self, name, default)

    def toMap(self):
        return JavaMap(self)

    def getStateVersion(self):
        return None

    def getVersion(self):
        return 0 if self else -1


class StateManager:
    """NiFi's way to the state. `Scope.LOCAL` and `Scope.CLUSTER` are the same: one node."""

    def __init__(self, state):
        self._state = state

    def getState(self, scope=None):
        return StateMap(self._state)

    def setState(self, state, scope=None):
        for name in [name for name in self._state if name not in state]:
            del self._state[name]
        for name, value in dict(state).items():
            self._state[name] = value

    def replace(self, before, state, scope=None):
        if dict(before) != dict(self._state):
            return False
        self.setState(state)
        return True

    def clear(self, scope=None):
        self._state.clear()

    def __getattr__(self, name):
        raise no_such("the state manager", self, name)
