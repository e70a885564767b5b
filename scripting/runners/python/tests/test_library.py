"""The standard library: what is there, and that it works."""

import pytest
from conftest import HERE, RUNNER

USES = """
import json; assert json.loads(json.dumps({"a": [1, None, "ü"]})) == {"a": [1, None, "ü"]}
import csv, io; assert list(csv.reader(io.StringIO('a,"b,c"'))) == [["a", "b,c"]]
import math; assert math.isclose(math.sin(math.pi / 6), 0.5)
import re; assert re.sub(r"(\\w+) (\\w+)", r"\\2 \\1", "a b") == "b a"
import datetime; assert datetime.datetime.fromisoformat("2026-01-02T03:04:05+00:00").year == 2026
import datetime; assert datetime.datetime.strptime("2.1.2026", "%d.%m.%Y").month == 1
import statistics; assert statistics.median([3, 1, 2]) == 2 and statistics.stdev([1, 2]) > 0.7
import struct; assert struct.unpack("<hI", struct.pack("<hI", -1, 2)) == (-1, 2)
import base64; assert base64.b64decode(base64.b64encode(b"abc")) == b"abc"
import hashlib; assert hashlib.sha256(b"").hexdigest().startswith("e3b0c442")
import hashlib; assert hashlib.md5(b"").hexdigest().startswith("d41d8cd9")
import hmac; assert len(hmac.new(b"k", b"m", "sha256").digest()) == 32
import collections; assert collections.Counter("aab").most_common(1) == [("a", 2)]
import itertools, functools; assert functools.reduce(int.__add__, itertools.chain([1], [2])) == 3
import xml.etree.ElementTree as E; assert E.fromstring("<a><b x='1'/></a>")[0].get("x") == "1"
import xml.dom.minidom as d; assert d.parseString("<a/>").documentElement.tagName == "a"
import string; assert string.Template("$a").substitute(a=1) == "1"
import textwrap; assert textwrap.dedent(" x") == "x"
import random; assert 0 <= random.random() < 1 and len(set(random.sample(range(9), 3))) == 3
import decimal, fractions; assert decimal.Decimal("0.1") * 3 == decimal.Decimal("0.3")
import fractions; assert fractions.Fraction(1, 3) * 3 == 1
import uuid; assert uuid.uuid4() != uuid.uuid4() and uuid.uuid5(uuid.NAMESPACE_URL, "x")
import zlib; assert zlib.decompress(zlib.compress(b"a")) == b"a"
import gzip; assert gzip.decompress(gzip.compress(b"a")) == b"a"
import html; assert html.unescape(html.escape("<a>")) == "<a>"
import urllib.parse; assert urllib.parse.quote("a b/ü") == "a%20b/%C3%BC"
import unicodedata; assert unicodedata.normalize("NFD", "ü") == "u\\u0308"
import difflib; assert difflib.get_close_matches("appel", ["apple"]) == ["apple"]
import operator, copy, heapq, bisect; assert heapq.nsmallest(1, [2, 1]) == [1]
import array; assert array.array("f", [1.5]).tobytes() == b"\\0\\0\\xc0?"
import typing, dataclasses, enum; A = dataclasses.make_dataclass("A", ["x"]); assert A(1).x == 1
import time, calendar; assert time.time() > 1.7e9 and calendar.isleap(2024) and time.strftime("%Y")
import pprint; assert pprint.pformat({"a": 1}) == "{'a': 1}"
import traceback; assert "ValueError" in "".join(traceback.format_exception(ValueError("x")))
import configparser as c; a = c.ConfigParser(); a.read_string("[a]\\nb=1"); assert a["a"]["b"]
import tomllib; assert tomllib.loads("a = 1") == {"a": 1}
import zipfile as z, io; a = z.ZipFile(io.BytesIO(), "w"); a.writestr("a", b"x"); a.read("a")
import wave, io; w = wave.open(io.BytesIO(), "w"); w.setparams((1, 2, 8, 0, "NONE", "")); w.close()
import email; assert email.message_from_string("Subject: x\\n\\ny")["subject"] == "x"
import mimetypes; assert mimetypes.guess_type("a.wav")[0].startswith("audio/")
import pickle; assert pickle.loads(pickle.dumps({"a": 1})) == {"a": 1}
import secrets; assert len(secrets.token_hex(4)) == 8
import ipaddress, shlex, fnmatch, pathlib, contextlib, inspect, ast, logging, contextvars, queue
import argparse, cmath, codecs, colorsys, graphlib, keyword, numbers, plistlib, quopri, reprlib
assert "ü".encode("latin-1") == b"\\xfc" and "é".encode("cp1252")
assert b"\\xff\\xfeA\\0".decode("utf-16") == "A"
""".strip().splitlines()


@pytest.mark.parametrize("line", USES)
def test_it_is_there(run, line):
    run(line + "\n")


def test_each_instance_has_other_random_numbers(load):
    from conftest import Run

    ends = [Run([(b"", {})]) for _ in range(2)]
    for end in ends:
        made = load("import random\ndef process(f):\n    return str(random.random()).encode()")
        assert made.process(end) is None
    assert ends[0].contents() != ends[1].contents()


def test_dataclasses_and_main_find_the_script(run):
    run(
        """
        from __future__ import annotations
        from dataclasses import dataclass
        import enum, typing

        @dataclass
        class Song:
            name: str
            beats: list[int]

        def process(flowfile):
            assert __name__ == "__main__" and Song("a", [1]) == Song("a", [1])
            assert typing.get_type_hints(Song)["beats"] == list[int]
        """,
        b"x",
    )


@pytest.mark.skipif(not RUNNER, reason="the sandbox alone has none of it")
def test_the_sandbox_has_no_files_and_no_environment(run):
    end = run(
        """
        import os
        def process(flowfile):
            found = [dict(os.environ)]
            for call in (lambda: open("/etc/passwd"), lambda: os.listdir("/"), os.getcwd):
                try:
                    found.append(call())
                except OSError as e:
                    found.append(type(e).__name__)
            return {"content": found}
        """,
        b"x",
    )
    assert b"passwd" not in end.contents()[0] and end.contents()[0].startswith(b"[{}, \"")


@pytest.mark.skipif(not RUNNER, reason="this Python has them")
@pytest.mark.parametrize(
    "name", ["socket", "subprocess", "ctypes", "multiprocessing", "sqlite3", "ssl"]
)
def test_what_reaches_out_is_not_there(run, name):
    end = run(f"import {name}", fails=True)
    assert end.failure.message.startswith("ModuleNotFoundError: No module named")


@pytest.mark.skipif(not RUNNER, reason="this Python is another one")
def test_the_versions_are_as_documented(run):
    end = run(
        """
        import sys
        import numpy

        def process(flowfile):
            return f"{sys.version_info[0]}.{sys.version_info[1]} {numpy.__version__}".encode()
        """,
        b"",
    )
    python, numpy = end.contents()[0].decode().split()
    guide = (HERE.parents[3] / "docs" / "script-python.md").read_text()
    assert f"Python {python} " in guide
    assert f"NumPy {numpy.rpartition('.')[0]}," in guide
