//! What a connection is called.

use serde_json::Value;
use tutti_model::definition::connection_id;

/// The same cases hold for the page in the browser, which finds connections by these names.
#[test]
fn a_connection_is_called_by_what_it_connects_everywhere() {
    let cases: Value = serde_json::from_str(include_str!("shared/connections.json")).unwrap();
    for case in cases.as_array().unwrap() {
        let relationships = case["relationships"].as_array().unwrap().iter();
        let relationships = relationships.map(|name| name.as_str().unwrap());
        let text = |member: &str| case[member].as_str().unwrap();
        assert_eq!(connection_id(text("from"), relationships, text("to")), text("name"));
    }
}
