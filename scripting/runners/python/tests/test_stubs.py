"""The stubs say what is there: each name, and each method of each class."""

import ast

import pytest
from conftest import HERE, RUNNER

pytestmark = pytest.mark.skipif(bool(RUNNER), reason="what is looked at are the sources")
STUBS = HERE.parent / "stubs"


def described(file):
    """The classes of a stub, with the names that they describe."""
    for node in ast.parse(file.read_text()).body:
        if isinstance(node, ast.ClassDef):
            yield (
                node.name,
                {
                    one.name if isinstance(one, ast.FunctionDef) else one.target.id
                    for one in node.body
                    if isinstance(one, (ast.FunctionDef, ast.AnnAssign))
                },
            )


def public(of):
    return {name for name in dir(of) if not name.startswith("_")}


def test_every_class_has_what_its_stub_says_and_no_more():
    import io

    import tutti
    from runner import context, errors, flowfile, nifi_session, output, session, state, streams

    places = (tutti, context, errors, flowfile, nifi_session, output, session, state, streams)
    others = {"InputStream": streams._Whole}
    seen = set()
    for name, names in described(STUBS / "tutti" / "__init__.pyi"):
        of = others.get(name) or next(getattr(p, name) for p in places if hasattr(p, name))
        made = of() if name in ("Result", "Context") else of
        assert not names - set(dir(made)), name
        if name in ("FlowFile", "Session", "Context", "PropertyValue", "NifiSession"):
            inherited = public(session.Session) if name == "NifiSession" else set()
            assert public(of) - inherited <= names, name
        seen.add(name)
    assert set(tutti.__all__) <= seen
    assert io  # What the streams' other methods are from.


def test_the_callbacks_and_the_names_without_import_are_there(run):
    names = [
        node.target.id
        for node in ast.parse((STUBS / "script.pyi").read_text()).body
        if isinstance(node, ast.AnnAssign)
    ]
    for style in ("", "def process(flowfile):\n    pass\n"):
        run(f"{style}assert {names!r} and not [n for n in {names!r} if n not in globals()]")
    run(
        "from org.apache.nifi.processor.io import "
        + ", ".join(n for n, _ in described(STUBS / "org/apache/nifi/processor/io/__init__.pyi"))
    )
