"""NiFi's style: the scripts that its ExecuteScript runs."""

import json

import pytest

HEAD = """
from org.apache.nifi.processor.io import InputStreamCallback, OutputStreamCallback, StreamCallback
from org.apache.commons.io import IOUtils
from java.nio.charset import StandardCharsets
import json
"""


def test_a_stream_callback_changes_the_content(run):
    end = run(
        """
        import json
        from org.apache.commons.io import IOUtils
        from java.nio.charset import StandardCharsets
        from org.apache.nifi.processor.io import StreamCallback

        class PyStreamCallback(StreamCallback):
            def __init__(self):
                pass

            def process(self, inputStream, outputStream):
                text = IOUtils.toString(inputStream, StandardCharsets.UTF_8)
                obj = json.loads(text)
                obj["n"] += 1
                outputStream.write(bytearray(json.dumps(obj, indent=4).encode("utf-8")))

        flowFile = session.get()
        if flowFile != None:
            flowFile = session.write(flowFile, PyStreamCallback())
            flowFile = session.putAttribute(flowFile, "filename", "translated.json")
            session.transfer(flowFile, REL_SUCCESS)
        session.commit()
        """,
        b'{"n": 1}',
        b'{"n": 5}',
    )
    assert [json.loads(one)["n"] for one in end.contents()] == [2, 6]
    assert end.attributes()[1]["filename"] == "translated.json"
    assert end.messages("warning") == [
        "session.commit() does nothing here: what a script does counts when it has ended well"
    ]


def test_an_input_callback_reads_and_a_failure_is_routed(run):
    end = run(
        HEAD
        + """
class Read(InputStreamCallback):
    def process(self, inputStream):
        self.read = inputStream.read()

flowFile = session.get()
if flowFile is not None:
    reader = Read()
    try:
        session.read(flowFile, reader)
        flowFile = session.putAttribute(flowFile, "n", str(json.loads(reader.read)["n"]))
        session.transfer(flowFile, REL_SUCCESS)
    except Exception as e:
        log.error("not read: {}", e)
        session.penalize(flowFile)
        session.transfer(flowFile, REL_FAILURE)
""",
        b'{"n": 7}',
        b"no json",
    )
    assert end.attributes()[0]["n"] == "7" and end.contents("failure") == [b"no json"]
    assert end.out["failure"][0].penalized
    assert end.messages("error")[0].startswith("not read: Expecting value")


def test_an_output_callback_writes_and_append_adds(run):
    end = run(
        HEAD
        + """
class Write(OutputStreamCallback):
    def __init__(self, text):
        self.text = text
    def process(self, outputStream):
        outputStream.write(self.text)

flowFile = session.get()
if flowFile:
    session.write(flowFile, Write("new"))
    session.append(flowFile, Write([33, -1]))
    session.append(flowFile, lambda out: out.write(10))
    made = session.create(flowFile)
    made = session.write(made, lambda out: IOUtils.write(u"\\u00fc", out, "UTF-8"))
    session.transfer([flowFile, made], REL_SUCCESS)
""",
        b"old",
    )
    assert end.contents() == [b"new!\xff\n", "ü".encode()]


def test_contents_are_cloned_in_parts_and_merged(run, native):
    # wasmtime's Python binding breaks down where a call borrows two handles.
    end = run(
        """
        flowFile = session.get()
        copy = session.clone(flowFile)
        part = session.clone(flowFile, 0, 2)
        merged = session.merge([copy, part], session.create([copy, part]), b"<", b">", b"|")
        session.transfer(merged, "other")
        session.remove([flowFile, copy, part])
        """,
        b"whole",
    )
    assert end.contents("other") == [b"<whole|wh>"] and len(end.removed) == 3


def test_many_at_once_as_a_list(run):
    end = run(
        """
        flowFiles = session.get(100)
        for flowFile in flowFiles:
            session.putAllAttributes(flowFile, {"of": str(len(flowFiles))})
            session.removeAttribute(flowFile, "drop")
        session.transfer(flowFiles, REL_SUCCESS)
        """,
        *[(b"", {"drop": "1"})] * 130,
    )
    assert {one["of"] for one in end.attributes()} == {"100", "30"}
    assert "drop" not in end.attributes()[0]


def test_a_script_is_run_for_each_flowfile_and_no_more(run):
    end = run(
        """
        flowFile = session.get()
        if flowFile is None:
            flowFile = session.create()
        session.transfer(flowFile, REL_SUCCESS)
        """,
        *[b"x"] * 150,
    )
    assert len(end.contents()) == 150
    assert [call for call in end.calls if call.startswith("get")] == ["get 100"] * 3


def test_a_source_makes_one_each_time(run):
    end = run(
        """
        flowFile = session.create()
        flowFile = session.putAttribute(flowFile, "a", 5)
        session.transfer(flowFile, REL_SUCCESS)
        """
    )
    assert [one["a"] for one in end.attributes()] == ["5"]


def test_get_under_a_condition_takes_no_more_than_it_asks(run):
    end = run(
        """
        if True:
            flowFile = session.get()
        if flowFile is not None:
            session.transfer(flowFile, REL_SUCCESS)
        """,
        *[b"x"] * 5,
        ends_after=3,
    )
    assert len(end.contents()) == 3 and len(end.queue) == 2


def test_names_begin_anew_for_each_flowfile(run):
    end = run(
        """
        flowFile = session.get()
        if "seen" in globals():
            raise Exception("left over")
        seen = True
        session.transfer(flowFile, REL_SUCCESS)
        """,
        b"a",
        b"b",
    )
    assert len(end.contents()) == 2


@pytest.mark.parametrize(
    "head",
    [
        "class Seen:\n    count = []",
        "class Seen:\n    count = 0\ndef more(): Seen.count = 1\nif Seen.count: raise Exception",
        "from __future__ import annotations\nclass Seen: count = []",
        "def seen(count=[]): return count\nclass Seen: count = seen()",
        "class Seen:\n    count = 0\nsetattr(Seen, 'count', [])",
        "count = []\nclass Seen: pass\nSeen.count = count",
    ],
)
def test_what_is_defined_is_as_new_for_each_flowfile(run, head):
    end = run(
        f"""
{head}
flowFile = session.get()
assert not Seen.count, "left over"
if isinstance(Seen.count, list):
    Seen.count.append(1)
else:
    Seen.count = 1
session.transfer(flowFile, REL_SUCCESS)
""",
        b"a",
        b"b",
    )
    assert len(end.contents()) == 2


def test_what_cannot_be_imported_is_told_when_it_is_loaded(refused):
    told = refused("import json\nfrom java.io import File\nflowFile = session.get()")
    assert told.line == 2 and "java.io.File is Java" in told.message


def test_what_is_not_transferred_is_told(run):
    end = run("flowFile = session.get()", (b"", {"filename": "a.wav"}), fails=True)
    assert "came to no end ('a.wav')" in end.failure.message


def test_rollback_tries_again_and_undoes_all(run):
    end = run(
        """
        flowFile = session.get()
        try:
            session.rollback(True)
        except Exception:
            session.transfer(flowFile, REL_SUCCESS)
        """,
        b"a",
        fails=True,
    )
    assert end.failure.case == "retry" and end.failure.line == 3 and not end.contents()


def test_properties_are_variables_and_have_kinds(run):
    end = run(
        """
        from java.util.concurrent import TimeUnit
        flowFile = session.get()
        assert target.evaluateAttributeExpressions(flowFile).getValue() == "out/song.wav"
        assert context.getProperty("n").asInteger() == 13 and n.asLong() == 13
        assert context.getProperty("ratio").asDouble() == 0.5
        assert context.getProperty("on").asBoolean() is True
        wait = context.getProperty("wait")
        assert wait.asTimePeriod(TimeUnit.SECONDS) == 90 and wait.asTimePeriod() == 90000
        assert context.getProperty("size").asDataSize() == 10 * 1024 * 1024
        assert n.isSet() and sorted(context.getProperties())[0] == "n"
        try:
            target.asInteger()
        except ValueError as e:
            session.putAttribute(flowFile, "e", str(e))
        session.transfer(flowFile, REL_SUCCESS)
        """,
        (b"", {"filename": "song.wav"}),
        properties={
            "target": "out/${filename}",
            "n": "13",
            "ratio": "0.5",
            "on": "TRUE",
            "wait": "1.5 min",
            "size": "10 MB",
        },
    )
    assert "must be a whole number, such as 13" in end.attributes()[0]["e"]


def test_state_is_a_map(run):
    script = """
        from org.apache.nifi.components.state import Scope
        flowFile = session.get()
        manager = context.getStateManager()
        state = manager.getState(Scope.LOCAL)
        new = {"count": str(int(state.get("count") or "0") + 1)}
        if state.getVersion() == -1:
            manager.setState(new, Scope.LOCAL)
        else:
            assert not manager.replace({}, {}, Scope.LOCAL)
            assert manager.replace(state.toMap(), new, Scope.LOCAL)
        session.transfer(flowFile, REL_SUCCESS)
        """
    end = run(script, b"a", b"b", b"c", state={})
    assert end.state["count"] == "3"
    end = run("context.getStateManager().clear('LOCAL')", state=end.state)
    assert end.state == {}


def test_the_log_takes_places_and_exceptions(run):
    end = run(
        """
        log.info("{} of {}", 1, [2])
        log.warn("{} and {}", ["a", "b"])
        log.error("failed {}", "x", ValueError("why"))
        log.debug("plain {}")
        log.info("done", 5)
        assert log.isDebugEnabled()
        print("one\\ntwo", end="")
        import sys, logging
        print("err", file=sys.stderr)
        logging.warning("from %s", "logging")
        """
    )
    assert end.messages("info") == ["1 of [2]", "done 5", "one", "two"]
    assert end.messages("warning") == ["a and b", "err", "from logging"]
    assert end.messages("error") == ["failed x: ValueError: why"]
    assert end.messages("debug") == ["plain {}"]


def test_counters_and_provenance_are_taken(run):
    end = run(
        """
        session.adjustCounter("early", 1, False)
        flowFile = session.get()
        session.adjustCounter("seen", 2, False)
        session.getProvenanceReporter().route(flowFile, REL_SUCCESS, "why")
        session.getProvenanceReporter().send(flowFile, "http://x", 5)
        session.transfer(flowFile, REL_SUCCESS)
        session.adjustCounter("late", 1, True)
        """,
        b"a",
        b"b",
    )
    assert end.counters["seen"] == 4 and end.counters["early"] == 2
    assert len(end.messages("info")) == 1


def test_java_maps_and_ids(run):
    end = run(
        """
        flowFile = session.get()
        attributes = flowFile.getAttributes()
        assert attributes.containsKey("filename") and attributes.size() == 2
        assert {e.getKey(): e.getValue() for e in attributes.entrySet()} == dict(attributes)
        attributes.put("x", "1")
        assert flowFile.getAttribute("x") is None and flowFile.getSize() == 3
        assert flowFile.getId() == flowFile.getId() >= 0
        session.transfer(flowFile, REL_SUCCESS)
        """,
        b"abc",
    )
    assert "x" not in end.attributes()[0]


def test_java_streams(run):
    end = run(
        """
        from java.io import BufferedReader, InputStreamReader, OutputStreamWriter, BufferedWriter
        from java.nio.charset import StandardCharsets
        from org.apache.nifi.processor.io import StreamCallback

        class Upper(StreamCallback):
            def process(self, inputStream, outputStream):
                assert inputStream.available() == 8
                head = bytearray(2)
                assert inputStream.read(head) == 2 and bytes(head) == b"a\\n"
                assert inputStream.skip(2) == 2
                reader = BufferedReader(InputStreamReader(inputStream, StandardCharsets.UTF_8))
                writer = BufferedWriter(OutputStreamWriter(outputStream))
                line = reader.readLine()
                while line is not None:
                    writer.write(line.upper())
                    writer.newLine()
                    line = reader.readLine()
                assert inputStream.read(head) == -1
                writer.flush()

        flowFile = session.get()
        session.write(flowFile, Upper())
        stream = session.read(flowFile)
        assert stream.readAllBytes() == b"C\\nD\\n"
        stream.close()
        out = session.write(flowFile)
        out.write(b"xyz", 1, 1)
        out.close()
        session.transfer(flowFile, REL_SUCCESS)
        """,
        b"a\nb\nc\nd\n",
    )
    assert end.contents() == [b"y"]


def test_a_callback_that_fails_leaves_the_content(run):
    end = run(
        HEAD
        + """
class Bad(StreamCallback):
    def process(self, inputStream, outputStream):
        outputStream.write(b"half")
        raise ValueError("no")

flowFile = session.get()
try:
    session.write(flowFile, Bad())
except ValueError:
    session.transfer(flowFile, REL_FAILURE)
""",
        b"whole",
    )
    assert end.contents("failure") == [b"whole"]


@pytest.mark.parametrize(
    "line, told",
    [
        ("session.transfer(flowFile)", "session.rollback() here"),
        ("session.write(flowFile, StreamCallback)", "StreamCallback() of a class"),
        ("session.write(flowFile, 5)", "int is no callback"),
        ("session.putAttribute(flowFile, 'a', None)", "session.removeAttribute removes one"),
        ("session.exportTo(flowFile, 'x')", "session has no 'exportTo': a script has no files"),
        ("session.importFrom('x', flowFile)", "write to a flowfile with session.write"),
        ("session.adjustCounter('a', -1, False)", "counters only go up"),
        ("session.get(lambda f: True)", "takes how many flowfiles"),
        ("session.putAttribute(None, 'a', 'b')", "if flowFile is not None"),
        ("flowFile.getEntryDate()", "what is known of a flowfile are its attributes"),
        ("context.getControllerServiceLookup()", "scripts have no services"),
        ("context.getProperty('a').evaluateAttributeExpressions({})", "for a flowfile"),
        ("log.information('x')", "log has no 'information'"),
    ],
)
def test_what_is_not_as_in_nifi_says_what_to_do(run, line, told):
    end = run(HEAD + "flowFile = session.get()\n" + line, b"a", fails=True)
    assert told in end.failure.message and end.failure.line == 6, end.failure
