//! Large flows are right, and too large ones are refused.

mod common;

use tutti_model::document::TEXT_MAX_BYTES;

/// A flow of `count` processors in a row.
fn chain(count: usize) -> String {
    let mut processors = vec![r#""0": { "type": "GenerateFlowFile" }"#.to_owned()];
    let mut connections = Vec::new();
    for index in 1..count {
        let end = if index + 1 == count { r#", "autoTerminate": ["success"]"# } else { "" };
        let before = index - 1;
        processors.push(format!(r#""{index}": {{ "type": "LogAttribute"{end} }}"#));
        connections.push(format!(
            r#"{{ "from": "{before}", "relationships": ["success"], "to": "{index}" }}"#
        ));
    }
    format!(
        "{{ \"format\": 1, \"name\": \"example\",\n\"processors\": {{\n{} }},\n\
         \"connections\": [\n{} ] }}",
        processors.join(",\n"),
        connections.join(",\n"),
    )
}

#[test]
fn a_thousand_processors_are_valid() {
    let flow = common::validate(&chain(1000), &[]).expect("it is right");
    assert_eq!(flow.warnings, []);
    assert_eq!((flow.processors().count(), flow.connections().count()), (1000, 999));
}

#[test]
fn one_mistake_among_a_thousand_is_found() {
    let text = chain(1000).replace(
        r#"{ "from": "499", "relationships": ["success"], "to": "500" }"#,
        r#"{ "from": "499", "relationships": ["sucess"], "to": "500" }"#,
    );
    let found = common::validate(&text, &[]).expect_err("a mistake");
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].help.as_deref(), Some("did you mean \"success\"?"));
    assert_eq!(found[0].place.path, "$.connections[499].relationships[0]");
}

#[test]
fn a_thousand_mistakes_are_all_told() {
    let text = chain(1000).replace("LogAttribute", "LogAttribut");
    assert_eq!(common::codes(&text, &[]), vec!["T0101"; 999]);
}

#[test]
fn too_much_is_refused() {
    let names: Vec<String> = (0..20_001).map(|index| format!("\"{index}\"")).collect();
    let funnels =
        format!(r#"{{ "format": 1, "name": "example", "funnels": [{}] }}"#, names.join(","));
    let contexts: Vec<String> = (0..257).map(|index| format!("\"{index}\": {{}}")).collect();
    let contexts = format!(
        r#"{{ "format": 1, "name": "example", "parameterContexts": {{ {} }} }}"#,
        contexts.join(",")
    );
    let value = format!(
        r#"{{ "format": 1, "name": "example", "description": "{}" }}"#,
        "x".repeat((256 << 10) + 1)
    );
    let connections = vec![r#"{ "from": "a", "to": "b" }"#; 50_001].join(",");
    let connections =
        format!(r#"{{ "format": 1, "name": "example", "connections": [{connections}] }}"#);
    let text = " ".repeat(TEXT_MAX_BYTES + 1);
    for text in [funnels, contexts, value, connections, text] {
        let codes = common::codes(&text, &[]);
        assert!(codes.contains(&"T0011"), "{codes:?}");
    }
}

#[test]
fn parameters_do_not_blow_a_value_up() {
    let (value, uses) = ("x".repeat(100_000), "#{long}".repeat(20_000));
    let text = format!(
        r#"{{ "format": 1, "name": "example", "parameterContext": "main",
        "parameterContexts": {{ "main": {{ "parameters":
        {{ "long": {{ "value": "{value}" }} }} }} }},
        "processors": {{ "Get": {{ "type": "GetFile", "properties": {{ "Directory": "{uses}" }},
        "autoTerminate": ["success"] }} }} }}"#
    );
    assert_eq!(common::codes(&text, &[]), ["T0011"]);
}

#[test]
fn deeply_nested_text_is_refused() {
    for text in ["[".repeat(100_000), "{\"a\":".repeat(100_000)] {
        assert_eq!(common::codes(&text, &[]), ["T0001"]);
    }
}

#[test]
fn long_lines_with_many_mistakes_are_no_trouble() {
    let many = vec!["1"; 30_000].join(",");
    let text = format!(r#"{{ "format": 1, "name": "example", "funnels": [{many}] }}"#);
    let codes = common::codes(&text, &[]);
    assert_eq!((codes.len(), codes.last().copied()), (10_001, Some("T0011")));
}
