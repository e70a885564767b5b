"""Java's names: those that are there, and what is told of others."""

import pytest


@pytest.mark.parametrize(
    "line, told",
    [
        ("from java.io import File", "a script has no files"),
        ("import java.sql.DriverManager", "no network and no drivers"),
        ("from java.lang import Thread", "more concurrent tasks"),
        ("from java.net import URL", "InvokeHTTP"),
        ("from java.util import Vector", "of java.util there are ArrayList, Arrays, "),
        ("from org.apache.nifi.processor.util import StandardValidators", "own properties"),
        ("from org.apache.nifi.components import PropertyDescriptor", "own properties"),
        ("from org.apache.kafka.clients import KafkaConsumer", "use what Python has"),
        ("import javax.sound.sampled", "use librosa"),
        ("from groovy.json import JsonSlurper", "Python's json"),
        ("import com.fasterxml.jackson.databind.ObjectMapper", "Python's json"),
    ],
)
def test_what_is_not_there_says_what_to_use(run, line, told):
    end = run(line, fails=True)
    assert told in end.failure.message and end.failure.line == 1, end.failure
    assert end.failure.message.startswith("ModuleNotFoundError: ")
    assert "is Java, and this is Python without Java" in end.failure.message


@pytest.mark.parametrize(
    "line, told",
    [
        ("import requests", "a script has no network"),
        ("from pandas import DataFrame", "there are librosa"),
        ("import urllib2", "this is Python 3"),
        ("import nothing_like_it", "most of Python's standard library"),
        ("from cStringIO import StringIO", "from io import StringIO"),
    ],
)
def test_modules_that_are_not_there_say_what_to_use(run, line, told, native_has=("pandas",)):
    end = run(line, fails=True)
    assert told in end.failure.message or "pandas" in line, end.failure


def test_classes_that_are_there(run):
    run(
        """
        import java.util.UUID
        from java.lang import *
        from java.lang import System, String, Integer, Long, Double, Math, StringBuilder
        from java.lang import Exception as JavaException, RuntimeException, Throwable
        from java.util import ArrayList, HashMap, HashSet, Arrays, Collections, Base64
        from java.util.regex import Pattern
        from java.io import ByteArrayOutputStream, IOException
        from java.nio.charset import Charset
        from org.apache.nifi.flowfile.attributes import CoreAttributes
        from org.apache.nifi.processor import Relationship
        from org.apache.nifi.processor.exception import ProcessException
        assert java.util.UUID.fromString("1" * 32) and len(str(java.util.UUID.randomUUID())) == 36
        assert System.currentTimeMillis() > 1_600_000_000_000 and System.getenv() == {}
        assert String("abc").getBytes("UTF-8") == b"abc" and String(b"a").length() == 1
        assert Integer.parseInt("7") + Long.valueOf("8") == 15 and Integer.MAX_VALUE == 2147483647
        assert Double.parseDouble("1.5") == 1.5 and Math.max(1, 2) == 2 and Math.round(2.5) == 3
        assert StringBuilder("a").append(1).append("b").toString() == "a1b"
        values = ArrayList()
        assert values.isEmpty() and values.add("x") and values.size() == 1 and values.get(0) == "x"
        named = HashMap()
        named.put("a", 1)
        assert named.get("a") == 1 and list(named.keySet()) == ["a"] and not named.isEmpty()
        assert Arrays.asList(1, 2) == [1, 2] and Collections.singletonMap("a", 1) == {"a": 1}
        assert Base64.getDecoder().decode(Base64.getEncoder().encodeToString(b"x")) == b"x"
        assert Pattern.compile("a+").fullmatch("aa") and Pattern.matches("a", "a")
        out = ByteArrayOutputStream()
        out.write(b"abc")
        assert out.toByteArray() == b"abc" and out.size() == 3 and out.toString("UTF-8") == "abc"
        assert Charset.forName("UTF-8").name() == "UTF-8"
        assert CoreAttributes.FILENAME.key() == "filename"
        assert REL_SUCCESS.getName() == "success" and Relationship("x") == "x"
        try:
            raise RuntimeException("why")
        except JavaException as e:
            assert e.getMessage() == "why"
        System.out.println("said")
        """
    )


def test_all_of_a_package(run):
    run("from java.util import *\nassert set([1]) and list((1,)) and ArrayList")
