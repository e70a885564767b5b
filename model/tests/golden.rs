//! What is said about a flow with every kind of mistake, as people and as programs read it.

#![allow(clippy::expect_used, reason = "a test that cannot begin is to fail")]

mod common;

use std::collections::BTreeSet;
use std::fs;

use tutti_model::codes::{Code, Of};
use tutti_model::definition::FlowDefinition;
use tutti_model::diagnostic::Diagnostic;
use tutti_model::document::Document;
use tutti_model::parameter::ParameterValues;

const VALUES: &[(&str, &str)] = &[("token", "short"), ("ouput", "file:///out")];

fn mistakes() -> Vec<Diagnostic> {
    let text = fs::read_to_string(common::file("tests/golden/mistakes.json")).expect("the flow");
    let document = Document::parse(&text, "flows/mistakes.json").expect("almost JSON");
    let values: ParameterValues = VALUES.iter().copied().collect();
    let flow = FlowDefinition::parse(&document);
    tutti_model::validate(&flow, &common::catalog(), &values).expect_err("mistakes")
}

/// Compares with the file `name`; with `TUTTI_UPDATE` in the environment it is written instead.
fn compare(name: &str, text: &str) {
    let path = common::file(name);
    if std::env::var_os("TUTTI_UPDATE").is_some() {
        fs::write(&path, text).expect("the file can be written");
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(text, expected, "{name} differs: look at it, and run with TUTTI_UPDATE=1");
}

#[test]
fn people_read_this() {
    let all: Vec<String> = mistakes().iter().map(|one| format!("{one}\n")).collect();
    compare("tests/golden/mistakes.txt", &all.join("\n"));
}

#[test]
fn programs_read_this() {
    let all = serde_json::to_string_pretty(&mistakes()).expect("JSON");
    compare("tests/golden/mistakes.expected.json", &(all + "\n"));
}

#[test]
fn every_mistake_is_found_that_can_be_made_with_others() {
    let alone = [
        // Nothing can be read besides it.
        Code::Syntax,
        Code::FormatVersion,
        // Takes a flow of its own size.
        Code::Limit,
        // In a file of its own.
        Code::UnreadableLayout,
        Code::StrayLayout,
        // Only in a flow that is right otherwise.
        Code::Unreachable,
        Code::WrongContent,
    ];
    let found: BTreeSet<Code> = mistakes().iter().map(|one| one.code).collect();
    let of_flows = Code::ALL.iter().filter(|code| code.page().of != Of::Tests);
    let missing: Vec<&Code> =
        of_flows.filter(|code| !found.contains(code) && !alone.contains(code)).collect();
    assert_eq!(missing, [&Code::Syntax; 0]);
}

#[test]
fn no_secret_is_in_the_messages() {
    for one in mistakes() {
        let shown = format!("{one} {one:?} {}", serde_json::to_string(&one).expect("JSON"));
        for secret in ["swordfish", "sesame", "short"] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }
}

#[test]
fn secrets_on_one_line_with_other_mistakes_stay_hidden() {
    let text = r#"{ "format": 1, "name": "example", "parameterContexts": { "main": { "parameters":
        { "key": { "sensitive": true, "value": "swordfish", "valeu": "" } } } },
        "processors": { "Store": { "type": "PutObject",
        "properties": { "Object Key": "${", "Secret Access Key": "open sesame" } } } }"#;
    let found = common::validate(text, &[]).expect_err("mistakes");
    let shown = format!("{found:?}");
    assert!(shown.contains("valeu") && shown.contains("${"), "{shown}");
    assert!(!shown.contains("swordfish") && !shown.contains("sesame"), "{shown}");
}
