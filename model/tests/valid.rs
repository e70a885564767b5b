//! What one can tell of a valid flow: its course, and what is the same in two of them.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on ends")]

mod common;

use common::{catalog, read, validate};
use tutti_model::parameter::ParameterValues;
use tutti_model::valid::Course;

const FLOW: &str = r##"{ "format": 1, "name": "example",
    "parameterContext": "keys",
    "parameterContexts": { "keys": {
        "parameters": { "key": { "sensitive": true } } } },
    "processors": {
        "Make": { "type": "GenerateFlowFile" },
        "Store": { "type": "PutObject", "autoTerminate": ["failure", "success"],
            "properties": { "Object Store URL": "file:///out", "Secret Access Key": "#{key}" } } },
    "connections": [{ "from": "Make", "relationships": ["success"], "to": "Store" }] }"##;

#[test]
fn two_valid_flows_differ_where_they_would_run_otherwise() {
    let key = |key| [("key", key)];
    let one = validate(FLOW, &key("correct horse")).unwrap();
    let spaced = FLOW.replace(", ", ",  ");
    assert_eq!(one.root, validate(&spaced, &key("correct horse")).unwrap().root);
    let same = |other: &str, key_value| {
        let other = validate(other, &key(key_value)).unwrap();
        let pairs = one.processors().zip(other.processors());
        let processors: Vec<bool> = pairs.map(|(one, other)| one == other).collect();
        (processors, one.connections().eq(other.connections()))
    };
    assert_eq!(same(FLOW, "battery staple").0, [false, false], "both see the secret");
    let (bucket, connection) = (r#""Bucket": "b", "Object Store"#, r#""success"], "to""#);
    let bucket = FLOW.replace(r#""Object Store"#, bucket);
    assert_eq!(same(&bucket, "correct horse"), (vec![true, false], true));
    let limits = r#""success"], "backPressure": { "count": 7 }, "to""#;
    let limits = FLOW.replace(connection, limits);
    assert_eq!(same(&limits, "correct horse"), (vec![true, true], false));
}

#[test]
fn a_type_by_its_alias_is_the_same() {
    let by =
        |name| validate(&FLOW.replace("PutObject", name), &[("key", "correct horse")]).unwrap();
    let (name, alias) = (by("PutMetadata"), by("PutOzoneMetadata"));
    assert_eq!(name.root, alias.root);
    let store = alias.processors().find(|each| each.path.ends_with("Store")).unwrap();
    assert_eq!(store.type_name, "PutMetadata");
}

const WITH_CIRCLES: &str = r#"{ "format": 1, "name": "example",
    "processors": {
        "A": { "type": "LogAttribute", "autoTerminate": ["success"] },
        "B": { "type": "RouteOnAttribute", "autoTerminate": ["unmatched"],
               "properties": { "again": "${a:isNull()}", "on": "${a:isEmpty()}" } },
        "C": { "type": "GenerateFlowFile" },
        "D": { "type": "Merge" },
        "E": { "type": "Merge" } },
    "connections": [
        { "from": "C", "relationships": ["success"], "to": "B" },
        { "from": "B", "relationships": ["again"], "to": "B" },
        { "from": "B", "relationships": ["on"], "to": "A" },
        { "from": "D", "relationships": ["success"], "to": "E" },
        { "from": "E", "relationships": ["success"], "to": "D" } ] }"#;

#[test]
fn what_gets_nothing_from_others_comes_first_and_circles_end() {
    let course = Course::of(&validate(WITH_CIRCLES, &[]).unwrap());
    let mut sorted = ["A", "B", "C", "D", "E"];
    sorted.sort_by_key(|name| course.position(name));
    assert_eq!(sorted, ["C", "B", "A", "D", "E"]);
}

#[test]
fn one_processor_is_resolved_whatever_else_is_wrong() {
    let text = r##"{ "format": 1, "name": "example", "parameterContext": "main",
        "parameterContexts": { "main": { "parameters": { "fill": { "value": "7" } } } },
        "processors": {
            "Make": { "type": "GenerateFlowFile", "properties": { "Custom Text": "#{fill}" } },
            "Wrong": { "type": "GetFile", "properties": {} },
            "Odd": { "type": "Nothing" } },
        "connections": [{ "from": "Make", "relationships": ["success"], "to": "Nobody" }] }"##;
    assert!(validate(text, &[]).is_err());
    let flow = read(text);
    let resolved = |path: &str| {
        tutti_model::validate_processor(&flow, &catalog(), &ParameterValues::new(), path)
    };
    let made = resolved("Make").unwrap().unwrap();
    assert_eq!(made.properties.declared["Custom Text"].expose(), "#{fill}");
    assert_eq!(made.parameters["fill"].expose(), "7");
    let codes = |path: &str| {
        let wrong = resolved(path).unwrap().unwrap_err();
        wrong.into_iter().map(|one| one.code.as_str()).collect::<Vec<_>>()
    };
    assert_eq!(codes("Wrong"), ["T0104"]);
    assert_eq!(codes("Odd"), ["T0101"]);
    assert!(resolved("Nobody").is_none());
}
