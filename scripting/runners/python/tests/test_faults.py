"""What is told of errors: what, in which line, how it came there, what to do."""

import pytest


def fault(run, script, *flowfiles):
    return run(script, *(flowfiles or (b"x",)), fails=True).failure


def test_an_error_has_its_line_and_the_calls_that_led_to_it(run):
    told = fault(
        run,
        """
        def helper(x):
            return x / 0

        def process(flowfile):
            return helper(flowfile.size)
        """,
    )
    assert told.message == "ZeroDivisionError: division by zero" and told.line == 2
    assert told.trace.splitlines() == [
        "line 5, in process: return helper(flowfile.size)",
        "line 2, in helper: return x / 0",
    ]
    assert told.case == "fatal"


def test_an_unknown_name(run):
    told = fault(run, "x = 1\nprint(y)")
    assert told.message.startswith("NameError: name 'y' is not defined")
    assert (told.line, told.trace) == (2, "line 2: print(y)")


def test_a_misspelt_name_is_suggested(run):
    told = fault(run, "def process(flowfile):\n    return flowfil.size")
    assert told.message == (
        "NameError: name 'flowfil' is not defined. Did you mean: 'flowfile'?"
    )


@pytest.mark.parametrize(
    "script, line, said",
    [
        ("def process(flowfile)\n    pass", 1, "SyntaxError: expected ':'"),
        ("x = 1\nif x:\npass", 3, "IndentationError: expected an indented block"),
        ("x = (1,\n", 1, "SyntaxError: '(' was never closed"),
        ("print 'x'", 1, "SyntaxError: Missing parentheses in call to 'print'"),
        ("a\x00b", None, "SyntaxError"),
        ("function process(f) {", 1, "does not look like Python"),
        ("def f():\n\tif 1:\n        pass", 3, "inconsistent use of tabs"),
        ("return 5", 1, "'return' outside function"),
    ],
)
def test_what_is_no_python_has_its_line(refused, script, line, said):
    told = refused(script)
    assert said in told.message and (line is None or told.line == line), told


def test_an_error_while_it_is_loaded_has_its_line(refused):
    told = refused("import math\nmath.sqrt(-1)\ndef process(flowfile):\n    pass")
    assert told.message.startswith("ValueError: ") and told.line == 2


def test_what_led_to_an_error_is_told(run):
    told = fault(
        run,
        """
        def process(flowfile):
            try:
                int("x")
            except ValueError as e:
                raise RuntimeError("no number") from e
        """,
    )
    assert told.message == "RuntimeError: no number" and told.line == 5
    assert told.trace.splitlines()[1] == (
        "caused by ValueError: invalid literal for int() with base 10: 'x'"
    )
    assert told.trace.splitlines()[2] == "line 3, in process: int(\"x\")"


@pytest.mark.parametrize(
    "line, said",
    [
        ("raise SystemExit(3)", "the script called exit(3)"),
        ("import sys; sys.exit()", "the script called exit(None)"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("raise GeneratorExit", "GeneratorExit"),
        ("class Own(BaseException): pass\n    raise Own('x')", "Own: x"),
        ("raise MemoryError", "the script needs more memory"),
        ("def f(): return f()\n    f()", "a function calls itself without an end"),
        ("raise StopIteration", "StopIteration"),
        ("assert flowfile.size > 5, 'too short'", "AssertionError: too short"),
        ("import time; time.sleep(1)", "time.sleep is not there for scripts"),
        ("import os; os._exit(0)", "os._exit is not there for scripts"),
        ("input()", "it has no input but its flowfiles"),
        ("open('/etc/passwd/x')", "a script sees no files"),
        ("unicode('x')", "this is Python 3: str is text"),
        ("'x'.getBytes()", "in Python: text.encode('utf-8')"),
        ("{}.has_key('x')", "this is Python 3: name in values"),
        ("flowfile.attributes.iteritems()", "this is Python 3: values.items()"),
        ("b'\\xff'.decode()", "the bytes are no text in this encoding"),
        ("b'a'.replace('a', 'b')", "text becomes bytes by text.encode('utf-8')"),
        ("raise ValueError('\\ud800')", "ValueError: \\ud800"),
        ("raise ValueError('x' * 100000)", "…"),
    ],
)
def test_every_error_is_contained(load, line, said):
    from conftest import Run

    made = load(f"def process(flowfile):\n    {line}")
    for _ in range(2):  # The instance goes on.
        told = made.process(Run([(b"x", {})]))
        assert said in told.message and len(told.message) < 5000, told
        assert told.line in (2, 3)


def test_an_error_whose_text_fails_is_told(run):
    told = fault(
        run,
        """
        class Bad(Exception):
            def __str__(self):
                raise ValueError
        def process(flowfile):
            raise Bad
        """,
    )
    assert told.message.startswith("Bad") and told.line == 5


def test_deep_calls_are_told_in_short(run):
    told = fault(
        run,
        """
        def down(n):
            return down(n - 1) if n else 1 / 0
        def process(flowfile):
            down(100)
        """,
    )
    assert len(told.trace.splitlines()) == 21 and told.trace.startswith("… 82 more calls")


def test_retry_and_what_may_pass_is_tried_again(run):
    told = fault(run, "from tutti import Retry\ndef process(flowfile):\n    raise Retry('later')")
    assert (told.case, told.message, told.line) == ("retry", "later", 3)


def test_what_the_host_refuses_can_be_caught(run):
    end = run(
        """
        from tutti import LimitExceeded, SessionError, ProcessException
        def process(flowfile):
            try:
                flowfile.write(b"x" * 200)
            except LimitExceeded as e:
                assert isinstance(e, SessionError) and isinstance(e, ProcessException)
                flowfile["error"] = e
        """,
        b"whole",
        content_max=100,
    )
    assert end.attributes()[0]["error"] == "a limit is reached: a script writes at most 100 bytes"
    assert end.contents() == [b"whole"]


def test_what_python_warns_of_is_logged(run):
    end = run("def process(flowfile):\n    return None if flowfile.size is 5 else 'other'", b"x")
    assert any("line 2" in text and "is" in text for text in end.messages("warning"))


def test_what_is_said_while_it_is_loaded_is_told_in_the_first_session(run):
    end = run("print('hello')\ndef process(flowfile):\n    print('again')", b"x")
    assert end.messages("info") == ["hello", "again"]


@pytest.mark.parametrize(
    "line", ["context.property('a')", "session.create()", "session.get()", "context.state['a']"]
)
def test_there_is_no_session_while_it_is_loaded(refused, line):
    told = refused(f"def process(flowfile):\n    pass\n{line}")
    assert "session has no 'get'" in told.message or "while the script is loaded" in told.message
    assert told.line == 3


def test_a_long_line_is_told_in_parts(run):
    end = run("def process(flowfile):\n    print('x' * 20000, end='')", b"x")
    assert [len(text) for text in end.messages("info")] == [8192, 8192, 3616]


@pytest.mark.parametrize(
    "line, said",
    [
        ("flowfile['a'] = '\\ud800'", "the attribute 'a' is '\\ud800', which has half of"),
        ("flowfile['a'] = ['\\ud800']", "the attribute 'a' is "),
        ("flowfile['\\ud800'] = 'a'", "the name of an attribute is '\\ud800'"),
        ("return '\\ud800'", "the name of a relationship is"),
        ("session.count('\\ud800')", "the name of a counter is"),
        ("session.count('a', 2**70)", "must be from 0 to 2**63 - 1"),
        ("context.property('\\ud800')", "the name of a property is"),
        ("context.state['\\ud800'] = 'a'", "the name of a value of the state is"),
        ("context.state['a'] = '\\ud800'", "half of a surrogate pair"),
        ("flowfile.write('\\ud800')", "surrogates not allowed"),
        ("flowfile.read(2**70)", "limit is"),
        ("flowfile.read(1e9)", "must be a whole number"),
        ("flowfile.open('w').copy_from(flowfile, -1)", "offset is -1"),
        ("raise SyntaxError('x', ('script.py', -5, 1, ''))", "SyntaxError: x"),
        ("raise NameError('x', name=[])", "NameError"),
        ("class E(Exception): __str__ = lambda s: 1 / 0\n    raise E", "E"),
    ],
)
def test_what_the_contract_cannot_carry_does_not_end_the_instance(load, line, said):
    from conftest import Run

    made = load(f"def process(session, flowfile):\n    {line}")
    for _ in range(2):
        assert said in made.process(Run([(b"x", {})])).message


def test_what_is_no_text_is_logged_as_it_is_written(run):
    end = run("def process(flowfile):\n    print('a\\ud800')", b"x")
    assert end.messages("info") == ["a\\ud800"]


def test_a_failed_call_leaves_the_next_as_it_was(load):
    from conftest import Run

    made = load(
        """
        def process(session, flowfile):
            other = session.create()
            if flowfile["filename"] == "bad":
                flowfile["x"] = "1"
                session.transfer(flowfile, "other")
                raise ValueError("bad")
            session.transfer([other, flowfile])
        """
    )
    bad, good = Run([(b"a", {"filename": "bad"})]), Run([(b"b", {"filename": "good"})])
    assert made.process(bad).message == "ValueError: bad"
    assert made.process(good) is None and good.contents() == [b"", b"b"]
