"""The examples of docs/script-python.md do what is said of them."""

import json
import re

import pytest
from conftest import HERE

GUIDE = (HERE.parents[3] / "docs/script-python.md").read_text()
EXAMPLES = dict(re.findall(r"<!-- example: (\w+) -->\n```python\n(.*?)```", GUIDE, re.S))


def first(run):
    assert run(EXAMPLES["first"], b"la la la").attributes()[0]["words"] == "3"
    told = run(EXAMPLES["first"], b"\xff", fails=True).failure
    shown = re.search(r"    script\.py, line 2: (.*?)\n    line 2", GUIDE, re.S)[1]
    shown = " ".join(shown.split())
    assert told.message == shown and told.line == 2
    assert f"    {told.trace}\n" in GUIDE


def route(run):
    end = run(EXAMPLES["route"], b"", b"x")
    assert (end.contents("failure"), end.contents()) == ([b""], [b"x"])


def json_(run):
    end = run(EXAMPLES["json"], b'{"artist": "Ada", "seconds": 90}')
    assert json.loads(end.contents()[0])["minutes"] == 1.5
    assert end.attributes()[0]["artist"] == "Ada"


def split(run):
    end = run(EXAMPLES["split"], b"a\nb")
    assert end.contents() == [b"a", b"b"] and end.attributes()[1]["line"] == "1"


def stream(run):
    assert run(EXAMPLES["stream"], b"ok\nerror 1\n").contents() == [b"error 1\n"]


def session(run):
    end = run(EXAMPLES["session"], (b"abc", {"filename": "a.wav"}))
    assert end.contents() == [b"a.wav has 3 bytes"] and end.contents("failure") == [b"abc"]
    assert end.counters == {"reports": 1}


def state(run):
    end = run(EXAMPLES["state"], b"", b"", properties={"target": "to/${filename}"})
    assert end.state["seen"] == "2" and end.attributes()[1]["target"] == "to/1.txt"
    assert end.messages("info") == ["flowfile number 1", "flowfile number 2"]


def nifi(run):
    good = (b'{"begin": 1, "end": 3}', {"filename": "x"})
    end = run(EXAMPLES["nifi"], good, b"bad", properties={"album": "of ${filename}"})
    assert json.loads(end.contents()[0])["length"] == 2
    assert end.attributes()[0]["album"] == "of x" and end.contents("failure") == [b"bad"]
    assert end.messages("error")[0].startswith("1.txt was not read: ")


CHECKS = {
    "first": first,
    "route": route,
    "json": json_,
    "split": split,
    "stream": stream,
    "session": session,
    "state": state,
    "nifi": nifi,
}


@pytest.mark.parametrize("name", CHECKS)
def test_an_example_does_what_is_said(run, name):
    CHECKS[name](run)


def test_every_example_is_tried():
    assert list(EXAMPLES) == list(CHECKS) and GUIDE.count("```python") == len(CHECKS)


def test_the_error_that_is_shown_last_is_told_so(run):
    shown = re.search(r"line 4: (NameError.*)\n", GUIDE)[1]
    assert run("unicode('x')", fails=True).failure.message == shown
