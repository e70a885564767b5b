//! What one can tell of a valid flow: what is the same in two of them.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on ends")]

mod common;

use common::validate;

const FLOW: &str = r##"{ "format": 1, "name": "example",
    "parameterContext": "keys",
    "parameterContexts": { "keys": {
        "parameters": { "key": { "sensitive": true } } } },
    "processors": {
        "Make": { "type": "GenerateFlowFile" },
        "Store": { "type": "PutObject", "autoTerminate": ["failure", "retry", "success"],
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
