"""NiFi's style: the whole script is run for a flowfile, and again while there is another."""

import ast

from . import host
from .session import TAKEN_MAX


class Nifi:
    """A script without `process`. Its names begin anew each time, as they do in NiFi."""

    def __init__(self, session, tree, code, module, base):
        self._session, self._code, self._module, self._base = session, code, module, base
        # Only a script that surely asks for one flowfile each time can be handed several, without
        # that one is left which nobody asked for.
        self._takes_one = any(_takes_one(node) for node in tree.body)

    def run(self):
        session = self._session
        done = 0
        while True:
            if self._takes_one and not session._waiting:
                if done and host.should_end():
                    break
                if not session._ahead(TAKEN_MAX) and done:
                    break
            session._taken = 0
            names = self._module.__dict__
            names.clear()
            names.update(self._base)
            exec(self._code, names)
            session._check()
            done += 1
            if not session._taken or (not self._takes_one and host.should_end()):
                break
        session._end()


def _takes_one(node):
    """Whether a statement is `name = session.get()`, outside of any condition."""
    value = getattr(node, "value", None)
    return (
        isinstance(node, (ast.Assign, ast.AnnAssign, ast.Expr))
        and isinstance(value, ast.Call)
        and not value.args
        and not value.keywords
        and isinstance(value.func, ast.Attribute)
        and value.func.attr == "get"
        and isinstance(value.func.value, ast.Name)
        and value.func.value.id == "session"
    )
