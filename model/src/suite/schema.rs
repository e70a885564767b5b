//! The JSON Schema of tests (draft 2020-12): completion and checks in every editor.
//!
//! A help while writing: whether tests fit their flow is [`super::check`]'s to say.

use serde_json::{Map, Value, json};

use super::{SUITE_VERSION, TIMES_MAX};
use crate::provenance::EventType;

/// The schema of tests.
pub fn suite_schema() -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Tests of a flow",
        "type": "object",
        "required": ["format"],
        "additionalProperties": false,
        "properties": {
            "$schema": { "type": "string" },
            "format": { "const": SUITE_VERSION, "description": "The version of this format." },
            "parameters": reference("texts", "Values of parameters for all tests."),
            "tests": named("test", "The tests, by their names."),
        },
        "$defs": {
            "test": test(),
            "texts": { "type": "object", "additionalProperties": { "type": "string" } },
            "changes": {
                "type": "object",
                "additionalProperties": { "type": ["string", "null"] },
            },
            "duration": {
                "type": "string",
                "description": "A time: a number and a unit.",
                "examples": ["500 millis", "10 sec", "5 mins"],
            },
            "newContent": new_content(),
            "given": given(),
            "answer": answer(),
            "made": made(),
            "matcher": matcher(),
            "matchers": { "type": "object", "additionalProperties": { "$ref": "#/$defs/matcher" } },
            "content": content(),
            "flowfile": flowfile(),
            "place": place(),
            "written": { "anyOf": [
                { "$ref": "#/$defs/content" },
                object(&["absent"], json!({ "absent": { "const": true } })),
            ] },
            "bulletin": bulletin(),
            "event": event(),
        },
    })
}

fn object(required: &[&str], properties: Value) -> Value {
    let mut schema = Map::new();
    schema.insert("type".to_owned(), json!("object"));
    schema.insert("additionalProperties".to_owned(), json!(false));
    if !required.is_empty() {
        schema.insert("required".to_owned(), json!(required));
    }
    schema.insert("properties".to_owned(), properties);
    Value::Object(schema)
}

fn reference(name: &str, description: &str) -> Value {
    json!({ "$ref": format!("#/$defs/{name}"), "description": description })
}

fn named(name: &str, description: &str) -> Value {
    json!({
        "type": "object",
        "additionalProperties": { "$ref": format!("#/$defs/{name}") },
        "description": description,
    })
}

fn list(name: &str, description: &str) -> Value {
    json!({
        "type": "array",
        "items": { "$ref": format!("#/$defs/{name}") },
        "description": description,
    })
}

/// Lists by names.
fn named_lists(name: &str, description: &str) -> Value {
    json!({
        "type": "object",
        "additionalProperties": { "type": "array", "items": { "$ref": format!("#/$defs/{name}") } },
        "description": description,
    })
}

fn text(description: &str) -> Value {
    json!({ "type": "string", "description": description })
}

fn truth(description: &str) -> Value {
    json!({ "type": "boolean", "description": description })
}

fn times(description: &str) -> Value {
    json!({
        "type": "integer", "minimum": 1, "maximum": TIMES_MAX, "description": description,
    })
}

fn test() -> Value {
    object(
        &[],
        json!({
            "description": text("What it is for."),
            "parameters": reference(
                "texts",
                "Values of parameters, which count more than those for all. {folder} stands for \
                 the folder that it is let out to.",
            ),
            "clock": {
                "type": "string",
                "format": "date-time",
                "description": "When it begins.",
                "examples": ["2026-01-01T00:00:00Z"],
            },
            "seed": {
                "type": "integer",
                "minimum": 0,
                "description": "What its chance begins with.",
            },
            "runFor": reference(
                "duration",
                "How long the flow runs on its clock; else until there is nothing left to do.",
            ),
            "outside": truth("Whether what works outside does so, in a folder of its own."),
            "files": named("newContent", "Files in that folder, by their paths in it."),
            "given": named_lists(
                "given",
                "Flowfiles by the sources that make them, or the processors that they wait before.",
            ),
            "mocks": named_lists("answer", "What processors answer instead of working."),
            "expect": {
                "type": "object",
                "additionalProperties": {
                    "type": "object",
                    "additionalProperties": { "$ref": "#/$defs/place" },
                },
                "description": "What comes out, by processors and their relationships.",
            },
            "queued": named("place", "What is left, by connections."),
            "written": named("written", "What there is in the folder in the end."),
            "bulletins": list("bulletin", "What the operator is told."),
            "provenance": list("event", "What happens to flowfiles."),
            "others": truth("Whether something may come to an end that is not expected."),
        }),
    )
}

fn new_content() -> Value {
    json!({ "anyOf": [
        { "type": "string" },
        object(&["json"], json!({ "json": {} })),
        object(&["file"], json!({ "file": text("A path from the folder of the tests.") })),
        object(&["base64"], json!({ "base64": text("Bytes.") })),
    ] })
}

fn given() -> Value {
    json!({ "anyOf": [
        { "type": "string", "description": "Its content." },
        object(&[], json!({
            "attributes": reference("texts", "Its attributes."),
            "content": { "$ref": "#/$defs/newContent" },
            "times": times("How many of it."),
            "after": reference("duration", "How long after the beginning a source makes it."),
            "relationship": text("By which relationship of a source; the first by itself."),
        })),
    ] })
}

fn answer() -> Value {
    object(
        &[],
        json!({
            "when": reference("matchers", "Only to flowfiles whose attributes are so."),
            "times": times("So many times, and then the next; without it always."),
            "fail": text("It fails with that message."),
            "permanent": truth("Another try cannot mend that."),
            "takes": reference("duration", "How long it takes."),
            "relationship": text("Where the flowfile goes; to the first by itself."),
            "attributes": reference("changes", "Attributes that are set, and, with null, removed."),
            "content": { "$ref": "#/$defs/newContent" },
            "makes": list("made", "What is made of it besides."),
        }),
    )
}

fn made() -> Value {
    object(
        &["relationship"],
        json!({
            "relationship": text("Where it goes."),
            "attributes": reference("changes", "Attributes that are set, and, with null, removed."),
            "content": { "$ref": "#/$defs/newContent" },
        }),
    )
}

fn matcher() -> Value {
    let number = |description: &str| json!({ "type": "number", "description": description });
    json!({ "anyOf": [
        { "type": ["string", "number", "boolean", "null", "array"], "description": "That value." },
        {
            "type": "object",
            "additionalProperties": false,
            "minProperties": 1,
            "dependentRequired": { "near": ["within"], "within": ["near"] },
            "properties": {
                "equals": { "description": "That value, also an object." },
                "near": number("A number that is not farther from it than `within`."),
                "within": { "type": "number", "minimum": 0 },
                "min": number("A number that is not less."),
                "max": number("A number that is not greater."),
                "matches": text("A regular expression that matches all of it."),
                "contains": { "description": "What is within: a part, members, an element." },
                "length": {
                    "type": "integer",
                    "minimum": 0,
                    "description": "Characters, elements or members.",
                },
                "absent": truth("Whether there is none."),
                "not": reference("matcher", "What does not hold."),
            },
        },
    ] })
}

fn content() -> Value {
    json!({ "anyOf": [
        { "type": "string", "description": "That text." },
        object(&[], json!({
            "text": reference("matcher", "What its text is."),
            "json": {
                "description": "Values by their paths, as \"$.mfccs[0]\"; or what is within.",
            },
            "base64": text("Bytes."),
            "file": text("A file that holds the same, by its path from the folder of the tests."),
            "sha256": { "type": "string", "pattern": "^[0-9a-fA-F]{64}$" },
            "size": reference("matcher", "How many bytes it has."),
        })),
    ] })
}

fn flowfile() -> Value {
    json!({ "anyOf": [
        { "type": "string", "description": "Its content." },
        object(&[], json!({
            "attributes": reference("matchers", "Its attributes; others do not matter."),
            "content": { "$ref": "#/$defs/content" },
            "after": reference("duration", "How long after the beginning it came there."),
            "penalized": truth("Whether it has to wait there."),
            "properties": reference(
                "matchers",
                "What the properties of a processor that was replaced came to for it.",
            ),
        })),
    ] })
}

fn place() -> Value {
    json!({ "anyOf": [
        { "type": "integer", "minimum": 0, "description": "So many." },
        list("flowfile", "These, in this order."),
        object(&[], json!({
            "count": reference("matcher", "How many."),
            "flowfiles": list("flowfile", "Which."),
            "anyOrder": truth("Whether their order means nothing."),
            "others": truth("Whether there may be others besides."),
        })),
    ] })
}

fn bulletin() -> Value {
    object(
        &[],
        json!({
            "from": text("Who says it."),
            "level": { "enum": ["debug", "info", "warning", "error"] },
            "message": reference("matcher", "What it says."),
            "count": reference("matcher", "How often; without it at least once."),
        }),
    )
}

fn event() -> Value {
    object(
        &["event"],
        json!({
            "event": { "enum": EventType::ALL },
            "at": text("At which processor."),
            "attributes": reference("matchers", "The flowfile's attributes after it."),
            "transitUri": reference("matcher", "With which place outside."),
            "details": reference("matcher", "Why."),
            "count": reference("matcher", "How often; without it at least once."),
        }),
    )
}
