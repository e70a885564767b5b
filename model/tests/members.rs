//! Members that nobody knows: what is said of them, and what is seen of their values.

#![allow(clippy::expect_used, reason = "a test that cannot begin is to fail")]

mod common;

use common::validate;
use tutti_model::codes::Code;

/// Flows in which one object has the members `@` besides its own: one of each kind.
const LEVELS: [(&str, &str); 11] = [
    ("flow", "@"),
    ("context", r#""parameterContexts": { "all": { @ } }"#),
    ("parameter", r#""parameterContexts": { "all": { "parameters": { "a": { @ } } } }"#),
    ("processor", r#""processors": { "Make": { "type": "GenerateFlowFile", @ } }"#),
    ("schedule", r#""processors": { "Make": { "type": "GenerateFlowFile", "schedule": { @ } } }"#),
    ("retry", r#""processors": { "Make": { "type": "GenerateFlowFile", "retry": { @ } } }"#),
    ("connection", r#""connections": [{ "from": "a", "to": "b", @ }]"#),
    ("back-pressure", r#""connections": [{ "backPressure": { @ } }]"#),
    ("group", r#""groups": { "In": { @ } }"#),
    ("port", r#""inputPorts": { "in": { @ } }"#),
    ("label", r#""labels": { "Why": { @ } }"#),
];

/// What is said of `members` at a level, of members that nobody knows.
fn told(level: &str, members: &str) -> Vec<String> {
    let (_, text) = LEVELS.iter().find(|(name, _)| *name == level).expect("a level");
    let text = format!(r#"{{ "format": 1, "name": "example", {} }}"#, text.replace('@', members));
    let found = validate(&text, &[]).expect_err("mistakes");
    let unknown = found.iter().filter(|one| one.code == Code::UnknownMember);
    unknown.map(ToString::to_string).collect()
}

fn assert_told(level: &str, members: &str, help: &str, is_seen: bool) {
    let all = told(level, members);
    assert_eq!(all.len(), 1, "{level}, {members}: {all:?}");
    let one = all.concat();
    assert!(one.contains(&format!("= help: {help}")), "{level}: {one}");
    assert_eq!(one.contains("hunter2"), is_seen, "{level}: {one}");
}

#[test]
fn a_misspelt_member_is_told_with_what_is_meant_and_with_its_value() {
    for (level, misspelt, meant) in [
        ("flow", "descripton", "description"),
        ("context", "inherit", "inherits"),
        ("parameter", "sensitve", "sensitive"),
        ("processor", "autoterminate", "autoTerminate"),
        ("schedule", "peroid", "period"),
        ("retry", "attempt", "attempts"),
        ("connection", "expirations", "expiration"),
        ("back-pressure", "cuont", "count"),
        ("group", "parameterContex", "parameterContext"),
        ("port", "stat", "state"),
        ("label", "texts", "text"),
    ] {
        let member = format!(r#""{misspelt}": "hunter2""#);
        // What tells that a parameter is sensitive is no text: this one may be its value.
        let is_seen = meant != "sensitive";
        assert_told(level, &member, &format!("did you mean \"{meant}\"?"), is_seen);
        let nested = format!(r#""{misspelt}": {{ "properties": {{ "Password": "hunter2" }} }}"#);
        assert_told(level, &nested, &format!("did you mean \"{meant}\"?"), false);
    }
}

#[test]
fn what_stands_where_things_have_names_is_not_shown() {
    for members in [
        r#""parameterContexts": { "all": { "parameters": { "s3-secret": "hunter2" } } }"#,
        r#""parameterContexts": { "all": { "parameters": { "s3-secret": ["hunter2"] } } }"#,
        r#""processors": { "Secret Access Key": "hunter2" }"#,
        r#""services": { "password": "hunter2" }"#,
        r#""processors": { "Make": { "type": "PutObject", "properties": "Key=hunter2" } }"#,
    ] {
        let text = format!(r#"{{ "format": 1, "name": "example", {members} }}"#);
        let found = validate(&text, &[]).expect_err("mistakes");
        assert!(found.iter().any(|one| one.code == Code::WrongType), "{members}");
        let all: String = found.iter().map(ToString::to_string).collect();
        assert!(!all.contains("hunter2"), "{all}");
    }
}

#[test]
fn what_may_be_a_secret_is_not_seen() {
    for (level, misspelt, meant) in [
        ("parameter", "valu", "value"),
        ("processor", "propertys", "properties"),
        ("context", "paramters", "parameters"),
        ("flow", "proccessors", "processors"),
        ("group", "grups", "groups"),
    ] {
        let member = format!(r#""{misspelt}": "hunter2""#);
        assert_told(level, &member, &format!("did you mean \"{meant}\"?"), false);
    }
    // It may be anything.
    assert_told("parameter", r#""secret": "hunter2""#, "there are \"description\"", false);
}

#[test]
fn what_is_like_nothing_is_told_with_what_there_is() {
    assert_told(
        "back-pressure",
        r#""count": 1, "limit": "hunter2""#,
        "there are \"count\", \"size\"",
        false,
    );
    assert_told("label", r#""text": "", "colour": "hunter2""#, "there is only \"text\"", false);
    let help =
        "what its type is to be told belongs into \"properties\"; there are \"concurrentTasks\"";
    assert_told("processor", r#""Directory": "hunter2""#, help, false);
}

#[test]
fn what_belongs_elsewhere_is_told_with_where() {
    for (level, name, help) in [
        ("processor", "period", "it belongs into \"schedule\": { \"period\": … }"),
        ("processor", "Attempts", "it belongs into \"retry\": { \"attempts\": … }"),
        ("connection", "size", "it belongs into \"backPressure\": { \"size\": … }"),
        ("processor", "scheduledState", "NiFi's \"scheduledState\" is \"state\" here"),
        ("connection", "destination", "NiFi's \"destination\" is \"to\" here"),
    ] {
        assert_told(level, &format!(r#""{name}": "hunter2""#), help, true);
    }
}

#[test]
fn a_misspelt_member_beside_the_right_one_is_told_to_be_one_too_many() {
    let help = "\"state\" is here already: remove one of the two";
    assert_told("port", r#""state": "enabled", "State": "hunter2""#, help, true);
}

#[test]
fn a_value_of_another_type_is_told_with_what_makes_it_right() {
    let told = |text: &str| {
        let text = format!(r#"{{ "format": 1, "name": "example", {text} }}"#);
        let found = validate(&text, &[]).expect_err("mistakes");
        let one = found.into_iter().find(|one| one.code == Code::WrongType).expect("a wrong type");
        (one.message, one.help.unwrap_or_default())
    };
    let processor = |member: &str| {
        told(&format!(r#""processors": {{ "Make": {{ "type": "GenerateFlowFile", {member} }} }}"#))
    };
    let (message, help) = told(r#""processors": [{ "name": "Make" }]"#);
    assert!(message.ends_with(r#"should be an object of names, { "NAME": { … } }"#), "{message}");
    assert!(help.contains("needs no \"name\""), "{help}");
    assert!(processor(r#""autoTerminate": "success""#).1.contains("brackets"));
    assert_eq!(processor(r#""concurrentTasks": "2""#).1, "remove the quotes");
    assert_eq!(processor(r#""concurrentTasks": "two""#).1, "");
    assert_eq!(processor(r#""description": 2"#).1, "put it into quotes");
    assert_eq!(processor(r#""description": null"#).1, "leave it out where it has no value");
    assert_eq!(told(r#""funnels": { "All": {} }"#).1, "write [ … ] for { … }");
}
