//! `tutti schema`.

use serde_json::Value;

use super::{finish, tutti};

#[test]
fn the_schema_knows_every_type_of_processor() {
    let (code, stdout, stderr) = finish(tutti(&["schema"]));
    assert_eq!((code, stderr.as_str()), (0, ""));
    let schema: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    let (_, types, _) = finish(tutti(&["processors", "list", "--json"]));
    let types: Vec<Value> = serde_json::from_str(&types).unwrap();
    assert!(!types.is_empty());
    for each in types {
        let constant = format!("\"const\": {}", each["type"]);
        assert!(stdout.contains(&constant), "{constant} is missing");
    }
}
