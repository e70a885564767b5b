//! What names a service, and what services name.

mod common;

use common::{codes, validate};

fn flow(members: &str) -> String {
    format!(r#"{{ "format": 1, "name": "example", {members} }}"#)
}

/// A flow with these services, and a processor in this state that has these further properties.
fn with_services(services: &str, properties: &str, state: &str) -> String {
    flow(&format!(
        r#""services": {{ {services} }},
        "processors": {{ "Make": {{ "type": "GenerateFlowFile" }}, "Store": {{
            "type": "PutObject", "state": "{state}", "autoTerminate": ["failure", "success"],
            "properties": {{
                "Object Store URL": "file:///out", "Object Key": "a" {properties} }} }} }},
        "connections": [{{ "from": "Make", "relationships": ["success"], "to": "Store" }}]"#
    ))
}

#[test]
fn a_service_is_of_the_kind_that_is_wanted_and_enabled() {
    const PROXY: &str = r#""P": { "type": "ProxyService", "properties": { "Host": "x" } }"#;
    let disabled = PROXY.replace(r#""type""#, r#""state": "disabled", "type""#);
    let named = r#", "Proxy": "P""#;
    let codes = |services: &str, state: &str| codes(&with_services(services, named, state), &[]);
    assert!(codes(PROXY, "enabled").is_empty());
    assert_eq!(codes(r#""P": { "type": "KeyService" }"#, "enabled"), ["T0112"]);
    assert_eq!(codes(&disabled, "enabled"), ["T0116"]);
    assert!(codes(&disabled, "disabled").is_empty(), "it could not start anyway");
    assert_eq!(codes(r#""P": { "type": "Misspelt" }"#, "enabled"), ["T0102"], "and no more");
}

#[test]
fn services_that_need_each_other_are_told_once() {
    let key = |name: &str, parent: &str| {
        format!(r#""{name}": {{ "type": "KeyService", "properties": {{ "Parent": "{parent}" }} }}"#)
    };
    let found = |services: &[String]| {
        let text = flow(&format!(r#""services": {{ {} }}"#, services.join(", ")));
        let found = validate(&text, &[]).err().unwrap_or_default();
        let told = found.iter().map(|each| format!("{} {}", each.code.as_str(), each.message));
        told.collect::<Vec<_>>()
    };
    let itself = found(&[key("A", "A")]);
    assert_eq!(itself, [r#"T0117 the service needs itself: "A" needs "A""#]);
    let circle = found(&[key("A", "B"), key("B", "C"), key("C", "B"), key("D", "D")]);
    let told = [r#""B" needs "C" needs "B""#, r#""D" needs "D""#];
    assert_eq!(circle, told.map(|way| format!("T0117 the service needs itself: {way}")));
    let last = r#""C": { "type": "KeyService" }"#.to_owned();
    assert!(found(&[key("A", "B"), key("B", "C"), last]).is_empty());
}

#[test]
fn properties_of_a_service_are_checked_together() {
    let odd = r#""P": { "type": "ProxyService", "properties": { "Host": "odd one" } }"#;
    assert_eq!(codes(&flow(&format!(r#""services": {{ {odd} }}"#)), &[]), ["T0114"]);
}
