//! Whatever is imported is refused or becomes a flow, and no secret comes with it.

#![allow(clippy::expect_used, reason = "a test that cannot begin is to fail")]

mod common;
mod exports;
mod imports;

use proptest::prelude::*;
use serde_json::{Value, json};

use exports::{connection, merge, processor};

/// What no flow, layout or message may hold.
const SECRET: &str = "hunter2hunter2";

fn name() -> impl Strategy<Value = String> {
    prop_oneof![Just("a".to_owned()), Just("b".to_owned()), Just(String::new()), "[a/ :é]{1,4}"]
}

/// A value of whatever kind: what NiFi would write there, or something else.
fn any_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        "\\PC{0,8}".prop_map(Value::from),
        Just(json!([])),
        Just(json!({})),
    ]
}

/// A processor with a property that may be a secret: by its descriptor, as its type says, or as an
/// instance keeps it.
fn any_processor() -> impl Strategy<Value = Value> {
    let types = ["GetFile", "PutObject", "UpdateAttribute", "RouteOnAttribute", "Kafka"];
    let value = prop_oneof![
        Just(json!(format!("enc{{{SECRET}}}"))),
        Just(json!("#{key}")),
        Just(json!("#{plain}/x")),
        Just(json!("10 sec")),
        Just(Value::Null),
    ];
    (0_usize..types.len(), "[ab1-4]", name(), value, any::<bool>(), any_value(), 0_usize..6)
        .prop_map(move |(index, id, name, value, dynamic, odd, member)| {
            let odd_member = [
                "style",
                "properties",
                "retryCount",
                "schedulingPeriod",
                "position",
                "futureMember",
            ][member];
            let mut made = processor(
                &id,
                types[index],
                json!({
                    "name": name,
                    "properties": { "Secret Access Key": SECRET, "token": SECRET, "other": value,
                        "Input Directory": "/in", "Object Store URL": "#{plain}" },
                    "propertyDescriptors": {
                        "token": { "sensitive": true, "dynamic": dynamic },
                        "Secret Access Key": { "sensitive": types[index] != "PutObject" },
                        "other": { "dynamic": dynamic },
                    },
                    "autoTerminatedRelationships": ["success"],
                }),
            );
            if odd_member != "properties" {
                merge(&mut made, json!({ odd_member: odd }));
            }
            made
        })
}

fn any_group() -> impl Strategy<Value = Value> {
    let thing =
        || ("[1-8]", name()).prop_map(|(id, name)| json!({ "identifier": id, "name": name }));
    let things = || prop::collection::vec(thing(), 0..3);
    let line = ("[ab1-8]", "[ab1-8]", prop_oneof![Just("success"), Just("")])
        .prop_map(|(from, to, relationship)| connection(&from, &[relationship], &to, json!({})));
    let leaf = (
        prop::collection::vec(any_processor(), 0..4),
        things(),
        things(),
        things(),
        prop::collection::vec(line, 0..5),
        name(),
    )
        .prop_map(|(processors, inputs, outputs, funnels, connections, name)| {
            json!({ "identifier": name, "name": name, "processors": processors,
                "inputPorts": inputs, "outputPorts": outputs, "funnels": funnels,
                "labels": funnels, "connections": connections, "parameterContextName": "main" })
        });
    leaf.prop_recursive(3, 6, 2, |inner| {
        (inner.clone(), prop::collection::vec(inner, 0..3)).prop_map(|(mut group, groups)| {
            merge(&mut group, json!({ "processGroups": groups }));
            group
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_refused_or_becomes_a_flow(
        text in "\\PC{0,60}|\\{\"flowContents\":\\PC{0,40}\\}",
    ) {
        let _ = imports::imports(&text, &common::catalog());
    }

    #[test]
    fn any_json_is_refused_or_becomes_a_flow(
        members in prop::collection::btree_map(
            prop::sample::select(vec!["processors", "connections", "processGroups", "labels",
                "controllerServices", "funnels", "name", "comments", "variables", "position"]),
            prop_oneof![
                any_value(),
                prop::collection::vec(any_value(), 0..3).prop_map(Value::from),
            ],
            0..6,
        ),
        contexts in any_value(),
    ) {
        let members: Value = members.into_iter().map(|(name, value)| (name.to_owned(), value))
            .collect::<serde_json::Map<_, _>>().into();
        let text = json!({ "flowContents": members, "parameterContexts": contexts }).to_string();
        prop_assert!(imports::imports(&text, &common::catalog()).is_some());
    }
}

/// A source with settings of all kinds, and a name that may be another's.
fn whole_processor() -> impl Strategy<Value = Value> {
    let time = prop::sample::select(vec!["0 sec", "1 min", "90 secs", "2 hours", "500 millis"]);
    let level = prop::sample::select(vec!["DEBUG", "INFO", "WARN", "ERROR", "NONE"]);
    let state = prop::sample::select(vec!["ENABLED", "RUNNING", "DISABLED"]);
    (any::<u32>(), name(), time.clone(), time, level, state, any::<bool>()).prop_map(
        |(id, name, period, penalty, level, state, is_retried)| {
            let retried = if is_retried { vec!["success"] } else { vec![] };
            processor(
                &id.to_string(),
                "GetFile",
                json!({
                    "name": name, "position": { "x": id, "y": -1.5 },
                    "properties": { "Input Directory": format!("/in/{id}"), "Path Filter": null },
                    "schedulingPeriod": period, "penaltyDuration": penalty, "bulletinLevel": level,
                    "scheduledState": state, "autoTerminatedRelationships": ["success"],
                    "retriedRelationships": retried,
                }),
            )
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_has_counterparts_only_becomes_a_valid_flow(
        outer in prop::collection::vec(whole_processor(), 0..4),
        inner in prop::collection::vec(whole_processor(), 0..4),
        names in (name(), name(), "\\PC{0,12}"),
    ) {
        let group = json!({ "identifier": "inner", "name": names.0, "processors": inner,
            "labels": [{ "identifier": "l", "name": names.1, "label": names.2,
                "width": 5, "height": 6, "position": { "x": 1, "y": 2 } }] });
        let export = json!({ "flowContents": { "name": names.2, "processors": outer,
            "processGroups": [group] } });
        let count = outer.len() + inner.len();
        let ids: std::collections::HashSet<String> = outer.iter().chain(&inner)
            .map(|one| one["identifier"].to_string()).collect();
        prop_assume!(ids.len() == count);
        let (imported, _) =
            imports::imports(&export.to_string(), &common::catalog()).expect("a flow");
        prop_assert_eq!(&imported.refused, &[]);
        let root = &imported.flow.root;
        let there = root.processors.len()
            + root.groups.values().map(|group| group.processors.len()).sum::<usize>();
        prop_assert_eq!(there, count);
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None, ..ProptestConfig::with_cases(1_000)
    })]

    /// Of a thousand exports none brings a secret into a flow, its layout, or what is told.
    #[test]
    fn no_secret_is_taken_over(group in any_group()) {
        let export = json!({ "flowContents": group, "parameterContexts": { "main": {
            "name": "main", "parameters": [
                { "name": "key", "sensitive": true, "value": SECRET },
                { "name": "plain", "value": format!("enc{{{SECRET}}}") },
            ] } } });
        let (_, all) = imports::imports(&export.to_string(), &common::catalog()).expect("a flow");
        prop_assert!(!all.contains(SECRET), "{all}");
    }
}
