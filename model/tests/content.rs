//! Content that what comes after cannot work on is refused, and only where that is certain.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on ends")]

mod common;

use common::validate;
use serde_json::{Value, json};

/// A flow of these processors and connections, `[from, relationship, to]`, all else ending.
fn flow(processors: Value, connections: &[[&str; 3]]) -> Value {
    let mut processors = processors;
    let ends = |name: &str, type_name: &str| {
        let all: &[&str] = match type_name {
            "DecodeAudio" | "AttributesToJSON" | "ExtractFeatures" => &["failure", "success"],
            "Merge" | "RouteOnAttribute" => &["unmatched"],
            _ => &["success"],
        };
        let is_free = |one: &&&str| !connections.iter().any(|each| each[..2] == [name, **one]);
        all.iter().filter(is_free).map(|one| json!(one)).collect::<Vec<_>>()
    };
    for (name, processor) in processors.as_object_mut().unwrap() {
        let type_name = processor["type"].as_str().unwrap().to_owned();
        if !["Merge", "RouteOnAttribute"].contains(&&*type_name) {
            processor["autoTerminate"] = ends(name, &type_name).into();
        }
    }
    let connections = connections.iter().map(|[from, relationship, to]| match *relationship {
        "" => json!({ "from": from, "to": to }),
        one => json!({ "from": from, "relationships": [one], "to": to }),
    });
    json!({
        "format": 1, "name": "example", "processors": processors,
        "connections": connections.collect::<Vec<_>>(), "funnels": [],
    })
}

/// Connections with wrong content, with their message and help.
fn wrong(flow: &Value) -> Vec<(String, String, Option<String>)> {
    let Err(found) = validate(&flow.to_string(), &[]) else { return Vec::new() };
    let told = found.into_iter().map(|one| {
        assert_eq!(one.code.as_str(), "T0213", "{one:?}");
        (one.element.unwrap().path, one.message, one.help)
    });
    told.collect()
}

fn types(types: &[(&str, &str)]) -> Value {
    types.iter().map(|(name, kind)| ((*name).to_owned(), json!({ "type": kind }))).collect()
}

fn describe(destination: &str) -> Value {
    let mut all = types(&[("Make", "GenerateFlowFile"), ("Decode", "DecodeAudio")]);
    all["Describe"] = json!({
        "type": "AttributesToJSON", "properties": { "Destination": destination }
    });
    all
}

const INTO_DECODE: &[[&str; 3]] =
    &[["Make", "success", "Describe"], ["Describe", "success", "Decode"]];

#[test]
fn it_is_told_with_who_makes_it_and_who_does_not_take_it() {
    let told = wrong(&flow(describe("flowfile-content"), INTO_DECODE));
    let expected = (
        "Describe [success] -> Decode".to_owned(),
        "what comes is application/json of \"Describe\", and \"Decode\" works on audio/*"
            .to_owned(),
        None,
    );
    assert_eq!(told, [expected]);
}

#[test]
fn what_is_made_depends_on_a_property_and_on_the_way_out() {
    assert_eq!(wrong(&flow(describe("flowfile-attribute"), INTO_DECODE)), []);
    // What could not be worked on is what came in.
    let failing = [["Make", "success", "Describe"], ["Describe", "failure", "Decode"]];
    assert_eq!(wrong(&flow(describe("flowfile-content"), &failing)), []);
}

#[test]
fn it_is_known_behind_what_hands_on_what_came() {
    let mut all = types(&[
        ("Make", "GenerateFlowFile"),
        ("Decode", "DecodeAudio"),
        ("Again", "DecodeAudio"),
        ("Take", "EvaluateJsonPath"),
    ]);
    let chain = [["Make", "success", "Decode"], ["Decode", "success", "All"], ["All", "", "Take"]];
    let mut through = flow(all.clone(), &chain);
    through["funnels"] = json!(["All"]);
    through["processors"].as_object_mut().unwrap().remove("Again");
    let told = wrong(&through);
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].0, "All -> Take");
    assert!(told[0].1.contains("audio/wav of \"Decode\""), "{}", told[0].1);
    assert_eq!(told[0].2.as_deref(), Some("put ExtractFeatures in between"));
    // Some of what comes can be worked on; who knows how much.
    all.as_object_mut().unwrap().remove("Take");
    let mixed = [
        ["Make", "success", "Decode"],
        ["Decode", "success", "Again"],
        ["Decode", "failure", "Again"],
    ];
    assert_eq!(wrong(&flow(all, &mixed)), []);
}

#[test]
fn a_group_is_looked_through_and_a_circle_has_an_end() {
    let inner = json!({
        "processors": {
            "Take": { "type": "EvaluateJsonPath" },
        },
        "connections": [
            { "from": "In", "to": "Take" },
            { "from": "Take", "relationships": ["success"], "to": "Take" },
        ],
        "inputPorts": { "In": {} },
    });
    let all = types(&[("Make", "GenerateFlowFile"), ("Decode", "DecodeAudio")]);
    let mut outer = flow(all, &[["Make", "success", "Decode"], ["Decode", "success", "Inner/In"]]);
    outer["groups"] = json!({ "Inner": inner });
    let told: Vec<_> = wrong(&outer).into_iter().map(|(path, ..)| path).collect();
    // Also by way of itself nothing else comes.
    assert_eq!(told, ["Inner/In -> Take", "Inner/Take [success] -> Take"]);
}

#[test]
fn nobody_knows_what_a_source_picks_up_or_what_comes_from_outside() {
    let all = types(&[("Make", "GenerateFlowFile"), ("Decode", "DecodeAudio")]);
    assert_eq!(wrong(&flow(all, &[["Make", "success", "Decode"]])), []);
    let all =
        types(&[("Make", "GenerateFlowFile"), ("Log", "LogAttribute"), ("Decode", "DecodeAudio")]);
    // A type that says nothing of what it makes.
    let chain = [["Make", "success", "Log"], ["Log", "success", "Decode"]];
    assert_eq!(wrong(&flow(all, &chain)), []);
}
