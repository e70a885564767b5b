//! The JSON Schema accepts what is right, refuses what it can refuse, and says what editors show.

#![allow(clippy::expect_used, reason = "a test that cannot begin is to fail")]

mod common;
mod evaluator;

use evaluator::Evaluator;
use serde_json::{Value, json};
use tutti_model::codes::{Code, Of};
use tutti_model::schema::flow_schema;

fn schema() -> Evaluator {
    Evaluator::new(flow_schema(&common::catalog()))
}

fn processor(processor: &Value) -> Value {
    json!({ "format": 1, "name": "example", "processors": { "A": processor } })
}

#[test]
fn what_is_documented_is_accepted() {
    let schema = schema();
    let (text, _) = common::documented();
    let flows = Code::ALL.iter().filter(|code| code.page().of == Of::Flow);
    let examples = flows.map(|code| (code.as_str(), code.page().right));
    let examples = examples.filter(|(_, text)| !text.is_empty());
    for (what, text) in examples.chain([("the description", text.as_str())]) {
        let flow: Value = serde_json::from_str(text).expect("JSON");
        assert_eq!(schema.errors(&flow), [""; 0], "{what}");
    }
}

#[test]
fn mistakes_that_need_no_more_than_the_schema_are_refused() {
    let schema = schema();
    let seen = [
        Code::WrongType,
        Code::NotText,
        Code::UnknownMember,
        Code::MissingMember,
        Code::FormatVersion,
        Code::BadName,
        Code::BadChoice,
        Code::OutOfRange,
        Code::ListedTwice,
        Code::UnknownType,
        Code::UnknownServiceType,
        Code::UnknownProperty,
        Code::MissingProperty,
        Code::LiteralSecret,
        Code::SecretParameter,
    ];
    for code in seen {
        let flow: Value = serde_json::from_str(code.page().wrong).expect("JSON");
        assert!(!schema.errors(&flow).is_empty(), "{code}");
    }
}

#[test]
fn choices_leave_room_for_parameters_and_expressions() {
    let schema = schema();
    let put = |conflict: &str| {
        let properties = json!({ "Object Store URL": "a", "Object Key": "b",
            "Conflict Resolution Strategy": conflict });
        processor(&json!({ "type": "PutObject", "properties": properties }))
    };
    for (value, is_right) in
        [("replace", true), ("#{conflict}", true), ("${conflict}", false), ("replce", false)]
    {
        assert_eq!(schema.errors(&put(value)).is_empty(), is_right, "{value}");
    }
}

#[test]
fn only_types_that_take_them_have_properties_of_any_name() {
    let schema = schema();
    let with =
        |type_name: &str| processor(&json!({ "type": type_name, "properties": { "x": "y" } }));
    assert_eq!(schema.errors(&with("RouteOnAttribute")), [""; 0]);
    assert_eq!(schema.errors(&with("LogAttribute")), ["/processors/A/properties/x false"]);
}

#[test]
fn an_alias_is_held_to_what_its_type_is() {
    let schema = schema();
    let with = |type_name: &str, properties: &Value| {
        schema.errors(&processor(&json!({ "type": type_name, "properties": properties })))
    };
    let right = json!({ "Object Store URL": "a", "Object Key": "b" });
    assert_eq!(with("PutOzoneMetadata", &right), [""; 0]);
    let wrong = with("PutOzoneMetadata", &json!({ "Object Store URL": "a", "Object Key": 1 }));
    assert_eq!(wrong, with("PutMetadata", &json!({ "Object Store URL": "a", "Object Key": 1 })));
    assert!(!wrong.is_empty());
    assert!(!with("PutNothing", &right).is_empty());
}

#[test]
fn editors_are_told_what_a_property_is() {
    let schema = flow_schema(&common::catalog());
    let rules = schema.pointer("/$defs/processor/allOf").and_then(Value::as_array).expect("rules");
    let rule = rules
        .iter()
        .find(|rule| rule.pointer("/if/properties/type/const") == Some(&json!("GetFile")))
        .expect("GetFile");
    let properties = rule.pointer("/then/properties/properties/properties").expect("properties");
    assert_eq!(
        properties.get("Directory"),
        Some(&json!({
            "type": "string",
            "description": "The folder that files are picked up from.",
            "examples": ["/data/in"],
        }))
    );
    assert_eq!(properties.pointer("/File Filter/default"), Some(&json!(".*")));
    assert_eq!(rule.pointer("/then/properties/properties/required"), Some(&json!(["Directory"])));
}
