//! Every recorded case of NiFi's own evaluator (see `cases.README.md`) must come out the same.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

use std::collections::BTreeMap;

use serde_json::Value;
use tutti_expression::{Expression, MapContext};

fn map(case: &Value, key: &str) -> BTreeMap<String, String> {
    let entries = case.get(key).and_then(Value::as_object).into_iter().flatten();
    entries.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned()))).collect()
}

#[test]
fn recorded_cases_hold() {
    hold(include_str!("cases.jsonl"), 799);
}

#[test]
fn cases_at_the_edges_hold() {
    hold(include_str!("edges.jsonl"), 785);
}

fn hold(cases: &str, expected_count: usize) {
    let mut failures = Vec::new();
    let mut count = 0;
    for line in cases.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let text = case["expr"].as_str().unwrap();
        let context = MapContext {
            attributes: map(&case, "attributes"),
            parameters: map(&case, "parameters"),
            state: map(&case, "state"),
            ..MapContext::default()
        };
        let result = Expression::parse(text)
            .map_err(|error| error.to_string())
            .and_then(|parsed| parsed.evaluate(&context).map_err(|error| error.to_string()));
        let expected = case.get("result").and_then(Value::as_str);
        count += 1;
        // Errors are compared by their presence: their texts are ours.
        if result.as_deref().ok() != expected {
            failures.push(format!(
                "{} {}: {text}\n    expected {expected:?}\n    got      {result:?}",
                case["group"], case["id"]
            ));
        }
    }
    assert_eq!(count, expected_count, "the recorded cases are not complete");
    assert!(failures.is_empty(), "{} of {count} differ:\n{}", failures.len(), failures.join("\n"));
}
