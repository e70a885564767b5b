//! Tests of flows run as they say, and whatever a processor does they come to an end.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends")]

mod bench;

use std::time::Duration;

use bench::{one, with};
use serde_json::json;

#[test]
fn a_mock_answers_in_turn_and_a_penalty_takes_its_time() {
    let failures = one(&json!({
        "given": { "Work": [{ "attributes": { "n": "1" } }] },
        "mocks": { "Work": [
            { "times": 2, "fail": "not now" }, { "attributes": { "done": "yes" } } ] },
        "expect": { "Work": { "success": [
            { "attributes": { "n": 1, "done": "yes" }, "after": "90 sec" } ] } },
        "bulletins": [{ "from": "Work", "level": "warning", "message": "not now", "count": 2 }],
        "provenance": [{ "event": "DROP", "at": "Work", "count": 1 }]
    }));
    assert_eq!(failures, [""; 0]);
}

#[test]
fn what_is_after_a_mock_is_what_the_mock_says() {
    let failures = one(&json!({
        "given": { "Make": ["a", { "content": "b", "after": "2 mins" }] },
        "mocks": { "Work": [
            { "when": { "kind": { "absent": false } }, "relationship": "failure" },
            { "takes": "10 sec", "content": "c",
              "makes": [{ "relationship": "failure", "content": { "json": [1] } }] } ] },
        "expect": {
            "Make": { "success": ["a", { "content": "b", "after": "2 mins" }] },
            "Work": { "success": [
                { "content": "c", "after": "10 sec" }, { "content": "c", "after": "130 sec" } ],
                      "failure": ["[1]", { "content": { "json": [1] } }] } }
    }));
    assert_eq!(failures, [""; 0]);
}

#[test]
fn what_has_no_answer_left_is_told() {
    let failures = one(&json!({
        "runFor": "1 sec",
        "given": { "Work": ["a", "b"] },
        "mocks": { "Work": [{ "times": 1 }] },
        "expect": { "Work": { "success": ["a"] } }
    }));
    assert!(
        failures[0].contains("the queue of Make [success] -> Work: 1 flowfile"),
        "{failures:?}"
    );
    assert!(failures[1].contains("no answer left"), "{failures:?}");
}

#[test]
fn every_kind_of_expectation_can_fail() {
    let given = json!({ "Make": [{ "attributes": { "a": "1" }, "content": "x\ny" }] });
    let out = |expected: serde_json::Value| json!({ "Work": { "success": expected } });
    for (mut test, told) in [
        (json!({ "expect": out(json!(2)) }), "the number of flowfiles"),
        (json!({ "expect": out(json!(["x"])) }), "the content is not as expected"),
        (json!({ "expect": out(json!([])) }), "the number of flowfiles"),
        (json!({ "expect": out(json!([{ "attributes": { "a": 2 } }])) }), "the attribute \"a\""),
        (json!({ "expect": out(json!([{ "after": "1 sec" }])) }), "the time since the beginning"),
        (json!({ "expect": out(json!([{ "penalized": true }])) }), "the penalty"),
        (json!({ "expect": out(json!([{ "properties": { "Key": "k" } }])) }), "works itself"),
        (json!({ "expect": out(json!([{ "content": { "json": 1 } }])) }), "expected: JSON"),
        (json!({ "expect": out(json!([{ "content": { "base64": "AAE=" } }])) }), "from byte 0"),
        (json!({ "expect": out(json!([{ "content": { "sha256": "0".repeat(64) } }])) }), "SHA-256"),
        (
            json!({ "expect": out(json!([{ "content": { "size": 4 } }])) }),
            "the size of the content",
        ),
        (json!({ "expect": out(json!([{ "content": { "file": "not there" } }])) }), "not there"),
        (
            json!({ "expect": out(json!({ "flowfiles": ["x"], "anyOrder": true })) }),
            "no flowfile is what number 1",
        ),
        (
            json!({ "expect": out(json!({ "flowfiles": [], "anyOrder": true })) }),
            "more flowfiles came",
        ),
        (json!({ "expect": out(json!({ "count": { "min": 2 } })) }), "expected: 2 or more"),
        (json!({}), "nobody expected, came to their end"),
        (json!({ "expect": { "Work": { "failure": 0 } } }), "where the test names what else"),
        (json!({ "others": true, "queued": { "Make [success] -> Work": 1 } }), "the queue of Make"),
        (json!({ "others": true, "bulletins": [{ "from": "Work" }] }), "there is no such one"),
        (json!({ "others": true, "provenance": [{ "event": "SEND" }] }), "there is no such one"),
        (json!({ "others": true, "provenance": [{ "event": "DROP", "count": 7 }] }), "expected: 7"),
    ] {
        test["given"] = given.clone();
        let failures = one(&test).join("\n");
        assert!(failures.contains(told), "{test} told\n{failures}");
    }
}

#[test]
fn what_was_replaced_says_what_it_would_have_been_told() {
    let test = |key: &str| {
        json!({ "given": { "Sink": [{ "attributes": { "a": "1" } }] },
        "expect": { "Sink": { "success": [{ "properties": { "Key": key, "free": "a1" } }] } } })
    };
    assert_eq!(with("sink", &test("sink 1")), [""; 0]);
    let failures = with("sink", &test("sink 2"));
    assert!(failures[0].contains("the property \"Key\""), "{failures:?}");
    assert!(failures[0].contains("got: \"sink 1\""), "{failures:?}");
}

#[test]
fn a_test_that_says_how_long_ends_there() {
    let failures = one(&json!({
        "clock": "2026-05-01T00:00:00Z",
        "runFor": "1 min",
        "given": { "Make": [{ "after": "1 min", "content": "in time" }, { "after": "61 sec" }] },
        "expect": { "Make": { "success": ["in time"] }, "Work": { "success": ["in time"] } }
    }));
    assert_eq!(failures, [""; 0]);
}

#[test]
fn whatever_a_processor_does_a_test_ends() {
    for (behaviour, told) in [
        ("endless", "it is still busy"),
        ("quick", "it has sent 100000 flowfiles"),
        ("panic", "the processor panicked: on purpose"),
        ("stuck", "\"Work\" is at work"),
        ("spin", "it is still busy after 1 s and was left alone"),
        ("refuse", "\"Work\" could not be started: not today"),
    ] {
        let mut test = json!({ "expect": { "Work": { "success": 2 } } });
        if behaviour != "endless" {
            test["given"] = json!({ "Make": [{ "times": 200 }] });
        }
        let failures = with(behaviour, &test).join("\n");
        assert!(failures.contains(told), "{behaviour} told\n{failures}");
    }
}

#[test]
fn a_test_takes_no_real_time() {
    let started = std::time::Instant::now();
    let test = json!({ "runFor": "365 days", "others": true,
        "given": { "Make": [{ "after": "300 days" }] } });
    assert_eq!(one(&test), [""; 0]);
    assert!(started.elapsed() < Duration::from_mins(5), "a year has passed for nobody");
}

#[test]
fn the_same_seed_gives_the_same_and_another_gives_another() {
    let failures = |seed: u64| {
        one(&json!({ "seed": seed, "given": { "Make": ["x"] },
            "expect": { "Work": { "success": [{ "attributes": { "uuid": "?" } }] } } }))
    };
    assert_eq!(failures(1), failures(1));
    assert_ne!(failures(1), failures(2));
}

#[test]
fn parameters_that_do_not_fit_are_told() {
    let failures = with("parameter", &json!({ "others": true }));
    assert!(failures[0].contains("cannot be run with these parameters"), "{failures:?}");
    assert!(failures[0].contains("T0306"), "{failures:?}");
    let failures =
        with("parameter", &json!({ "given": { "Make": [] }, "parameters": { "key": "sink" } }));
    assert_eq!(failures, [""; 0]);
}
