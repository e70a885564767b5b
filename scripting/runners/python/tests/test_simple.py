"""The simple style: what `process` may return, and what it may do with a flowfile."""

import json

import pytest


def test_nothing_returned_sends_to_success(run):
    end = run("def process(flowfile):\n    pass", b"one", b"two")
    assert end.contents() == [b"one", b"two"]


def test_a_text_is_the_name_of_a_relationship(run):
    end = run("def process(flowfile):\n    return 'other'", b"one")
    assert end.contents("other") == [b"one"] and not end.contents()


def test_bytes_are_the_content(run):
    end = run("def process(flowfile):\n    return flowfile.read().upper()", b"one")
    assert end.contents() == [b"ONE"]


def test_a_result_says_all(run):
    end = run(
        """
        from tutti import Result

        def process(flowfile):
            return Result("other", {"tempo": 117.5, "filename": None}, {"a": [1, "ü"]})
        """,
        b"one",
    )
    assert json.loads(end.contents("other")[0]) == {"a": [1, "ü"]}
    assert end.attributes("other")[0]["tempo"] == "117.5"
    assert "filename" not in end.attributes("other")[0]


def test_a_dict_says_the_same(run):
    end = run(
        """
        def process(flowfile):
            return {"attributes": {"n": flowfile.size, "is": True}, "content": "ä"}
        """,
        b"four",
    )
    assert end.contents() == ["ä".encode()]
    assert (end.attributes()[0]["n"], end.attributes()[0]["is"]) == ("4", "true")


def test_several_results_are_several_flowfiles(run):
    end = run(
        """
        from tutti import Result

        def process(flowfile):
            for index, line in enumerate(flowfile.text().splitlines()):
                yield Result(content=line, attributes={"line": index})
        """,
        (b"a\nb", {"album": "x"}),
    )
    assert end.contents() == [b"a", b"b"] and len(end.removed) == 1
    assert [one["line"] for one in end.attributes()] == ["0", "1"]
    assert all(one["album"] == "x" for one in end.attributes())
    assert len({one["uuid"] for one in end.attributes()}) == 2


def test_no_results_end_the_flowfile(run):
    end = run("def process(flowfile):\n    return []", b"one")
    assert not end.out and len(end.removed) == 1


def test_a_result_without_content_is_a_copy(run):
    end = run("def process(flowfile):\n    return [None, 'other']", b"one")
    assert end.contents() == end.contents("other") == [b"one"]


@pytest.mark.parametrize(
    "returned, told",
    [
        ("{'tempo': 3}", "a dict with 'tempo'"),
        ("True", "process returned True"),
        ("7", "process returned 7"),
        ("flowfile", "process returned a flowfile"),
        ("[{'x': 1}]", "a dict with 'x'"),
        ("{'content': {1, 2}}", "cannot be written as JSON"),
        ("''", "a relationship is ''"),
        ("{'attributes': {'': 1}}", "name of an attribute is ''"),
    ],
)
def test_what_cannot_be_returned_says_what_can(run, returned, told):
    end = run(f"def process(flowfile):\n    return {returned}", b"one", fails=True)
    assert told in end.failure.message and end.failure.message.startswith("TypeError: ")
    assert end.failure.line == 1 and end.failure.case == "fatal"


def test_attributes_are_a_dict(run):
    end = run(
        """
        def process(flowfile):
            a = flowfile.attributes
            assert flowfile["album"] == a["album"] == flowfile.get("album") == "x"
            assert "album" in flowfile and "none" not in flowfile
            a["album"] = a["album"] * 2
            flowfile["rate"] = 44100
            a.update(key="C", gone=None)
            a |= {"list": [1, 2]}
            assert a.setdefault("key", "D") == "C" and a.pop("drop") == "1"
            assert a["rate"] == "44100"
        """,
        (b"", {"album": "x", "drop": "1", "gone": "1"}),
    )
    found = end.attributes()[0]
    assert {k: found[k] for k in found if k not in ("uuid", "filename")} == {
        "album": "xx",
        "rate": "44100",
        "key": "C",
        "list": "[1, 2]",
    }


def test_attributes_that_stay_as_they_are_are_not_sent(run):
    end = run("def process(flowfile):\n    flowfile['a'] = flowfile['a']", (b"", {"a": "1"}))
    assert "set-attributes" not in end.calls


def test_content_is_read_and_written_in_many_ways(run):
    end = run(
        """
        def process(session, flowfile):
            assert flowfile.json() == {"a": 1} and flowfile.text() == '{"a": 1}'
            assert b"".join(flowfile.chunks(3)) == flowfile.read()
            with flowfile.open("rt") as lines:
                assert lines.readline() == '{"a": 1}'
            with flowfile.open("w") as out:
                out.write(b"begin ")
                out.write("text ")
            flowfile.append("more")
            assert flowfile.size == 15
            with flowfile.open("at") as out:
                print("!", file=out)
            other = session.create(flowfile)
            other.write(piece for piece in (b"a", "b"))
            session.transfer(other, "other")
        """,
        b'{"a": 1}',
    )
    assert end.contents() == [b"begin text more!\n"] and end.contents("other") == [b"ab"]


def test_a_great_content_goes_through_in_pieces(run):
    end = run(
        """
        def process(flowfile):
            with flowfile.open() as before, flowfile.open("w") as after:
                while piece := before.read(100_000):
                    after.write(piece.upper())
                assert before.seek(2_999_990) and before.read() == b"ab" * 5
                assert before.seek(-2, 2) and before.readline() == b"ab"
        """,
        b"ab" * 1_500_000,
    )
    assert end.contents() == [b"AB" * 1_500_000]


def test_what_is_too_long_to_be_read_says_how_else(run):
    end = run("def process(flowfile):\n    flowfile.read(limit=2)", b"one", fails=True)
    assert "has 3 bytes" in end.failure.message and "chunks()" in end.failure.message
    assert end.failure.line == 2


def test_a_stream_that_an_error_leaves_writes_nothing(run):
    end = run(
        """
        def process(flowfile):
            try:
                with flowfile.open("w") as out:
                    out.write(b"half")
                    raise ValueError
            except ValueError:
                pass
            try:
                with flowfile.open("wt") as out:
                    out.write("half")
                    raise ValueError
            except ValueError:
                return None
        """,
        b"whole",
    )
    assert end.contents() == [b"whole"]


def test_a_stream_that_is_left_open_is_told(run):
    script = """
        def process(flowfile):
            out = flowfile.open("w")
            out.write(b"x")
            return None
        """
    end = run(script, b"one", fails=True)
    assert "open still" in end.failure.message


def test_several_flowfiles_come_at_once(run):
    end = run("def process(flowfile):\n    pass", *[b"x"] * 250)
    assert len(end.contents()) == 250
    assert end.calls == [
        *("get 100", "transfer 1", "transfer 99", "get 100", "transfer 100"),
        *("get 100", "transfer 50", "get 100"),
    ]


def test_it_ends_when_it_should(run):
    end = run("def process(flowfile):\n    pass", *[b"x"] * 250, ends_after=2)
    assert len(end.contents()) == 200 and len(end.queue) == 50


def test_a_batch_is_given_whole(run):
    end = run(
        """
        def process_batch(session, flowfiles):
            for flowfile in flowfiles[1:]:
                session.transfer(flowfile, "other")
            if len(flowfiles) > 1:
                return [None] * len(flowfiles)
            return ["success"]
        """,
        b"a",
        b"b",
        b"c",
    )
    assert end.contents() == [b"a"] and end.contents("other") == [b"b", b"c"]


def test_a_batch_returns_one_result_for_each(run):
    end = run("def process_batch(session, flowfiles):\n    return ['a', 'b']", b"a", fails=True)
    assert "returned 2 results for 1 flowfiles" in end.failure.message


def test_process_with_the_session_alone_takes_or_makes_its_own(run):
    end = run(
        """
        def process(session):
            made = session.create()
            made["filename"] = "made"
            session.transfer(made)
        """
    )
    assert end.attributes()[0]["filename"] == "made"


@pytest.mark.parametrize(
    "script, told",
    [
        ("async def process(flowfile):\n    pass", "is async"),
        ("def process():\n    pass", "takes 0 arguments"),
        ("def process(a, b, c):\n    pass", "takes 3 arguments (a, b, c)"),
        ("process = 5", "process must be a function"),
        ("def process_batch(flowfiles):\n    pass", "process_batch(session, flowfiles)"),
    ],
)
def test_what_process_cannot_be_is_told_when_it_is_loaded(refused, script, told):
    assert told in refused(script).message


def test_what_is_done_after_the_end_is_told(run):
    script = """
        def process(session, flowfile):
            session.transfer(flowfile, "success")
            {}
        """
    for line, told in (
        ("session.transfer(flowfile, 'other')", "transferred to success before"),
        ("session.remove(flowfile)", "transferred to success before"),
        ("flowfile.write(b'')", "transferred to success before"),
        ("return 'other'", "the one or the other"),
    ):
        end = run(script.format(line), b"a", fails=True)
        assert told in end.failure.message, line
        assert end.failure.message.startswith("FlowFileHandlingException: ")


def test_a_flowfile_of_another_session_is_refused(load):
    from conftest import Run

    made = load(
        """
        kept = []

        def process(session, flowfile):
            kept.append(flowfile)
            session.transfer(kept[0])
        """
    )
    assert made.process(Run([(b"a", {})])) is None
    failure = made.process(Run([(b"b", {})]))
    assert "before" in failure.message and failure.line == 5


def test_what_is_made_and_forgotten_is_told(run):
    end = run(
        """
        def process(session, flowfile):
            session.create(flowfile)
        """,
        (b"a", {"filename": "song.wav"}),
        fails=True,
    )
    assert "1 of the script's flowfiles came to no end ('song.wav')" in end.failure.message


def test_names_of_the_module_live_as_long_as_the_script(load):
    from conftest import Run

    made = load(
        """
        seen = 0

        def process(flowfile):
            global seen
            seen += 1
            return str(seen).encode()
        """
    )
    ends = [Run([(b"", {})]) for _ in range(3)]
    assert [made.process(end) for end in ends] == [None] * 3
    assert [end.contents() for end in ends] == [[b"1"], [b"2"], [b"3"]]
    other = load("def process(flowfile):\n    assert 'seen' not in globals()")
    assert other.process(ends[0]) is None


def test_properties_state_and_counters(run):
    end = run(
        """
        def process(session, flowfile):
            assert context.property("rate") == "44100"
            assert context.property("target", flowfile) == "out/song.wav"
            assert context.properties["rate"] == rate.getValue() == "44100"
            state = context.state
            state["seen"] = int(state.get("seen", 0)) + 1
            state["last"] = flowfile["filename"]
            assert sorted(state) == ["last", "seen"] and len(state) == 2
            del state["last"]
            session.count("songs")
            session.count("bytes", flowfile.size)
            context.yield_processor()
        """,
        (b"abc", {"filename": "song.wav"}),
        properties={"rate": "44100", "target": "out/${filename}", "not an identifier": "1"},
        state={"seen": "4", ".names": '["seen"]'},
    )
    assert end.state == {"seen": "5", ".names": '["seen"]'}
    assert end.counters == {"songs": 1, "bytes": 3} and end.yielded


def test_what_is_asked_for_wrongly_is_told(run):
    for line, told in (
        ("session.transfr(flowfile)", "session has no 'transfr'. Did you mean 'transfer'?"),
        ("session.putAttribute(flowfile, 'a', 'b')", "this is of NiFi's style"),
        ("flowfile.content", "a flowfile has no 'content'"),
        ("session.transfer(None)", "there is no flowfile, but None"),
        ("session.transfer('x', 'success')", "str is not a flowfile"),
        ("session.count('x', -1)", "counters only go up"),
        ("list(flowfile)", "cannot be gone through"),
        ("flowfile.open('x')", "mode is 'x'"),
        ("context.property(5)", "asked for by its name"),
        ("context.state[''] = 1", "the name of a value of the state is ''"),
        ("log.inform('x')", "log has no 'inform'. Did you mean 'info'?"),
        ("session.transfer(flowfile, 5)", "a relationship is 5"),
        ("session.transfer(flowfile, 'nope')", "there is no relationship \"nope\""),
        ("flowfile['uuid'] = 'x'; session.transfer(flowfile)", "uuid cannot be changed"),
    ):
        end = run(f"def process(session, flowfile):\n    {line}", b"", fails=True)
        assert told in end.failure.message, end.failure
        assert end.failure.line == 2 and end.failure.trace.startswith("line 2, in process: ")
