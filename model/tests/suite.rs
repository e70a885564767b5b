//! Tests of flows are read with all their mistakes, and their schema says the same as their reader.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on ends")]

mod common;
mod evaluator;
mod suites;

use std::fs;
use std::path::Path;

use evaluator::Evaluator;
use proptest::prelude::*;
use serde_json::{Value, json};
use tutti_model::codes::{Code, Of};
use tutti_model::document::Document;
use tutti_model::suite::{Suite, TESTS_MAX, suite_schema};

/// The codes of what cannot be read in `text`, with their lines.
fn codes(text: &str) -> Vec<(&'static str, u32)> {
    let found = match Document::parse(text, "example.tests.json") {
        Ok(document) => Suite::parse(&document).diagnostics(),
        Err(findings) => findings,
    };
    found.iter().map(|one| (one.code.as_str(), one.place.line)).collect()
}

/// The same of one test with these members.
fn of(test: &Value) -> Vec<&'static str> {
    let suite = json!({ "format": 1, "tests": { "a": test } }).to_string();
    codes(&suite).into_iter().map(|(code, _)| code).collect()
}

#[test]
fn everything_that_can_be_said_is_read() {
    let all = include_str!("everything.tests.json");
    assert_eq!(codes(all), []);
    let suite = Suite::parse(&Document::parse(all, "a.tests.json").unwrap());
    let test = &suite.tests["everything"].value;
    assert_eq!((test.seed, test.outside, test.others), (7, true, true));
    assert_eq!(test.given["Make"].value[1].times, 3);
    assert_eq!(test.mocks["Store"].value[1].makes.len(), 1);
    assert_eq!((test.bulletins.len(), test.provenance.len()), (1, 1));
    assert_eq!(test.clock.0, 1_769_934_600_000);
    let errors = Evaluator::new(suite_schema()).errors(&serde_json::from_str(all).unwrap());
    assert_eq!(errors, [""; 0]);
}

#[test]
fn all_mistakes_are_found_at_once_each_at_its_place() {
    let text = "{ \"format\": 1, \"tests\": {\n\"a\": { \"sead\": 1,\n\"clock\": \"noon\",\n\
                \"runFor\": \"10 parsecs\",\n\"given\": { \"M\": [{ \"content\": {} }] },\n\
                \"expect\": { \"M\": { \"r\": [{ \"attributes\": { \"x\": {} } }] } }\n} } }";
    let expected = [("T0007", 2), ("T0404", 3), ("T0014", 4), ("T0403", 5), ("T0402", 6)];
    assert_eq!(codes(text), expected);
}

#[test]
fn what_says_nothing_or_too_much_is_refused() {
    let at = |flowfile: Value| json!({ "expect": { "P": { "r": [flowfile] } } });
    let with = |matcher: Value| at(json!({ "attributes": { "x": matcher } }));
    for (test, code) in [
        (with(json!({ "near": 1 })), "T0402"),
        (with(json!({ "near": 1, "within": -1 })), "T0402"),
        (with(json!({ "matches": "(" })), "T0402"),
        (with(json!({ "matches": "a{1000}{1000}" })), "T0402"),
        (with(json!({ "min": "1" })), "T0005"),
        (with(json!({ "is": 1 })), "T0007"),
        (at(json!({ "content": { "json": { "$..a": 1 } } })), "T0402"),
        (at(json!({ "content": { "sha256": "abc" } })), "T0403"),
        (at(json!({ "content": { "base64": "=" } })), "T0403"),
        (at(json!({ "content": { "file": "/etc/passwd" } })), "T0403"),
        (json!({ "expect": { "P": { "r": {} } } }), "T0402"),
        (json!({ "given": { "P": [{ "times": 0 }] } }), "T0017"),
        (json!({ "given": { "P": [{ "times": 9000 }, { "times": 9000 }] } }), "T0011"),
        (json!({ "given": { "P": [{ "content": { "json": 1, "file": "a" } }] } }), "T0403"),
        (json!({ "mocks": { "P": [{ "fail": "x", "content": "y" }] } }), "T0405"),
        (json!({ "mocks": { "P": [{ "permanent": true }] } }), "T0405"),
        (json!({ "mocks": { "P": [{ "makes": [{}] }] } }), "T0008"),
        (json!({ "provenance": [{ "event": "SENT" }] }), "T0013"),
        (json!({ "provenance": [{}] }), "T0008"),
        (json!({ "bulletins": [{ "level": "loud" }] }), "T0013"),
        (json!({ "files": { "a": "b" } }), "T0405"),
        (json!({ "outside": true, "files": { "../a": "b" } }), "T0403"),
        (json!({ "clock": "1969-12-31T23:59:59Z" }), "T0404"),
        (json!([]), "T0005"),
    ] {
        assert_eq!(of(&test), [code], "{test}");
    }
}

#[test]
fn names_of_tests_and_their_number_are_bounded() {
    for name in ["", " a", "a\nb"] {
        let text = json!({ "format": 1, "tests": { name: {} } }).to_string();
        assert_eq!(codes(&text)[0].0, "T0010", "{name:?}");
    }
    let tests: serde_json::Map<String, Value> =
        (0..=TESTS_MAX).map(|number| (number.to_string(), json!({}))).collect();
    let text = json!({ "format": 1, "tests": tests }).to_string();
    assert_eq!(codes(&text), [("T0011", 1)]);
}

#[test]
fn another_version_is_not_read_further() {
    assert_eq!(codes(r#"{ "format": 2, "tests": { "a": { "sead": 1 } } }"#), [("T0009", 1)]);
    assert_eq!(codes("{}"), [("T0008", 1)]);
}

#[test]
fn the_schema_knows_what_the_pages_show() {
    let evaluator = Evaluator::new(suite_schema());
    for code in Code::ALL.iter().filter(|code| code.page().of == Of::Tests) {
        let right: Value = serde_json::from_str(code.page().right).unwrap();
        assert_eq!(evaluator.errors(&right), [""; 0], "{code}");
    }
}

/// With `TUTTI_UPDATE` in the environment the schema is written instead.
#[test]
fn the_schema_in_docs_is_current() {
    let path = Path::new("../docs/tests.schema.json");
    let text = serde_json::to_string_pretty(&suite_schema()).unwrap() + "\n";
    if std::env::var_os("TUTTI_UPDATE").is_some() {
        fs::write(path, &text).unwrap();
    }
    let found = fs::read_to_string(path).unwrap_or_default();
    assert!(found == text, "{} is not current: run `cargo xtask generate`", path.display());
}

/// Holds for `text` beside a flow with a processor `a`.
fn survives(text: &str) {
    let flow = r#"{ "format": 1, "name": "example", "processors": {
        "a": { "type": "GenerateFlowFile", "autoTerminate": ["success"] } } }"#;
    suites::survives(text, &common::read(flow), &common::catalog());
}

#[test]
fn what_is_deep_or_long_is_read_or_refused() {
    let deep = |open: &str, close: &str| {
        format!("{{\"format\":1,\"tests\":{}{}}}", open.repeat(100_000), close.repeat(100_000))
    };
    for text in [deep("[", "]"), deep("{\"a\":", "}"), "[".repeat(1_000_000)] {
        survives(&text);
    }
    let not = format!("{}1{}", "{\"not\":".repeat(200), "}".repeat(200));
    let text = format!(
        "{{\"format\":1,\"tests\":{{\"a\":{{\"queued\":{{\"b\":{{\"count\":{not}}}}}}}}}}}"
    );
    survives(&text);
    survives(&format!("{{\"format\":1,\"tests\":{{{}}}}}", "\"a\":{},".repeat(50_000)));
}

proptest! {
    #[test]
    fn whatever_stands_there_is_read_or_told(text in any_tests()) {
        survives(&text);
    }
}

/// Texts that are nearly tests.
fn any_tests() -> impl Strategy<Value = String> {
    let words = [
        "\"format\"",
        "\"tests\"",
        "\"a\"",
        "\"given\"",
        "\"mocks\"",
        "\"expect\"",
        "\"queued\"",
        "\"content\"",
        "\"attributes\"",
        "\"json\"",
        "\"$.a\"",
        "\"matches\"",
        "\"near\"",
        "\"times\"",
        "\"fail\"",
        "\"makes\"",
        "\"event\"",
        "\"clock\"",
        "{",
        "}",
        "[",
        "]",
        ":",
        ",",
        "1",
        "-1e999",
        "true",
        "null",
        "\"[\"",
    ];
    let word = proptest::sample::select(words.to_vec());
    proptest::collection::vec(word, 0..40).prop_map(|words| {
        format!("{{ \"format\": 1, \"tests\": {{ \"a\": {{ {} }} }} }}", words.join(" "))
    })
}
