"""NiFi's style: the whole script is run for a flowfile, and again while there is another."""

import ast

from . import host
from .session import TAKEN_MAX

#: With one of these a script could change what was defined once, for the flowfiles after this one.
CHANGERS = {"__class__", "__dict__", "__defaults__", "classmethod", "globals", "setattr", "type"}


class Nifi:
    """A script without `process`. Its names begin anew each time, as they do in NiFi."""

    def __init__(self, session, tree, name, names, base):
        self._session, self._names, self._base = session, names, base
        head, body = split(tree)
        # Only a script that surely asks for one flowfile each time can be handed several, without
        # that one is left which nobody asked for.
        self._takes_one = any(_takes_one(node) for node in body)
        self._body = _compiled(body, name)
        # What it imports and defines would be the same each time.
        names.update(base)
        exec(_compiled(head, name), names)
        self._defined = {key: made for key, made in names.items() if key not in base}

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
            names = self._names
            names.clear()
            names.update(self._base)
            names.update(self._defined)
            exec(self._body, names)
            session._check()
            done += 1
            if not session._taken or (not self._takes_one and host.should_end()):
                break
        session._end()


def split(tree):
    """The statements that need to be run but once, and those that are run for each flowfile."""
    head = 0
    if not any(_may_change(node) for node in ast.walk(tree)):
        while head < len(tree.body) and _defines_alone(tree.body[head]):
            head += 1
    return tree.body[:head], tree.body[head:]


def _may_change(node):
    if isinstance(node, ast.Attribute):
        if not isinstance(node.ctx, ast.Load):
            return not isinstance(node.value, ast.Name) or node.value.id != "self"
        return node.attr in CHANGERS
    # A future of Python holds for all of a script, so it is not taken apart.
    return (isinstance(node, ast.Name) and node.id in CHANGERS) or (
        isinstance(node, ast.ImportFrom) and node.module == "__future__"
    )


def _defines_alone(node):
    """Whether a statement only gives names to what is the same each time."""
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return True
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    if isinstance(node, ast.Assign):
        named = all(isinstance(target, ast.Name) for target in node.targets)
        return named and isinstance(node.value, ast.Constant)
    if isinstance(node, ast.FunctionDef):
        defaults = [*node.args.defaults, *filter(None, node.args.kw_defaults)]
        return not node.decorator_list and all(isinstance(one, ast.Constant) for one in defaults)
    if isinstance(node, ast.ClassDef):
        plain = not node.decorator_list and not node.keywords
        named = all(isinstance(base, ast.Name) for base in node.bases)
        return plain and named and all(
            isinstance(one, ast.Pass) or _defines_alone(one) for one in node.body
        )
    return False


def _compiled(nodes, name):
    module = ast.Module(body=nodes, type_ignores=[])
    return compile(module, name, "exec", dont_inherit=True)


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
