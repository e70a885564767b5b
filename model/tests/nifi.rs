//! Flows of NiFi: what they become, and what is told of the rest.

#![allow(clippy::expect_used, reason = "a test that cannot begin is to fail")]

mod common;
mod exports;
mod imports;

use serde_json::{Value, json};
use tutti_model::fmt;
use tutti_model::nifi::{self, ImportError, Imported, Note};

use exports::{connection, definition, processor};

fn import(value: &Value) -> Imported {
    let (imported, _) = imports::imports(&value.to_string(), &common::catalog()).expect("a flow");
    imported
}

fn in_words(notes: &[Note]) -> Vec<String> {
    let words = notes.iter().map(|note| {
        let member = note.member.as_ref().map(|member| format!(" {member}")).unwrap_or_default();
        format!("{} {}{member}", note.kind, note.path)
    });
    words.collect()
}

/// A flow with all that has a counterpart.
fn whole() -> Value {
    let get = processor(
        "Get",
        "GetFile",
        json!({
            "comments": "Picks up.",
            "properties": { "Input Directory": "#{input}", "file-filter": ".*\\.wav",
                "Keep Source File": "false", "Path Filter": null },
            "propertyDescriptors": { "file-filter": { "name": "file-filter",
                "displayName": "File Filter", "sensitive": false } },
            "schedulingPeriod": "10 sec", "bulletinLevel": "INFO",
            "retriedRelationships": ["success"], "retryCount": 3,
            "backoffMechanism": "YIELD_PROCESSOR", "maxBackoffPeriod": "1 min"
        }),
    );
    let put = processor(
        "Put",
        "UpdateAttribute",
        json!({
            "type": "org.apache.nifi.processors.attributes.UpdateAttribute",
            "properties": { "tempo": "120", "key": "F", "Cache Value Lookup Cache Size": "100" },
            "propertyDescriptors": { "tempo": { "dynamic": true }, "key": { "sensitive": false },
                "Cache Value Lookup Cache Size": { "dynamic": false } },
            "schedulingStrategy": "CRON_DRIVEN", "schedulingPeriod": "0 0 6 * * ?",
            "autoTerminatedRelationships": ["success"], "scheduledState": "DISABLED"
        }),
    );
    let inner = json!({
        "identifier": "inner", "name": "Inner", "componentType": "PROCESS_GROUP",
        "inputPorts": [{ "identifier": "in", "name": "In", "comments": "Comes in." }],
        "processors": [put],
        "connections": [connection("in", &[""], "Put", json!({}))]
    });
    json!({
        "flowContents": {
            "identifier": "root", "name": "NiFi Flow", "comments": "All.",
            "parameterContextName": "main", "processors": [get], "processGroups": [inner],
            "funnels": [{ "identifier": "funnel", "position": { "x": 5.0, "y": 6.0 } }],
            "labels": [{ "identifier": "label", "label": "Why.", "width": 10.0, "height": 5.0,
                "position": { "x": 7.0, "y": 8.0 }, "style": { "font-size": "18px" } }],
            "connections": [
                connection("Get", &["success"], "funnel", json!({
                    "backPressureObjectThreshold": 5, "backPressureDataSizeThreshold": "0 MB",
                    "flowFileExpiration": "60 min", "bends": [{ "x": 1.0, "y": 2.0 }],
                    "prioritizers": ["org.apache.nifi.prioritizer.OldestFlowFileFirstPrioritizer"]
                })),
                connection("funnel", &[], "in", json!({}))
            ]
        },
        "parameterContexts": {
            "base": { "name": "base", "description": "Base.", "parameters": [
                { "name": "input", "description": "In.", "sensitive": false, "value": "/in" },
                { "name": "key", "sensitive": true, "value": null }
            ] },
            "main": { "name": "main", "parameters": [], "inheritedParameterContexts": ["base"] }
        }
    })
}

#[test]
fn everything_that_has_a_counterpart_is_taken_over() {
    let imported = import(&whole());
    assert_eq!(imported.refused, []);
    let path = common::file("tests/golden/nifi.expected.json");
    let expected = std::fs::read_to_string(path).expect("the flow");
    assert_eq!(fmt::write(&imported.flow), expected);
    let layout = imported.layout.format();
    assert!(layout.contains(r#""Inner/Put": { "x": 1, "y": -2 }"#), "{layout}");
    assert!(layout.contains(r#""Label": { "width": 10, "height": 5 }"#), "{layout}");
    assert!(layout.contains(r#""Get [success] -> Funnel": [{ "x": 1, "y": 2 }]"#), "{layout}");
    assert_eq!(in_words(&imported.changed), ["flow NiFi Flow"]);
    assert_eq!(in_words(&imported.secrets), ["parameter base:key"]);
}

#[test]
fn what_has_no_counterpart_is_told_by_name() {
    let imported = import(&definition(json!({
        "flowFileConcurrency": "SINGLE_FLOWFILE_PER_NODE", "executionEngine": "STATELESS",
        "variables": { "folder": "/x" }, "futureMember": { "a": 1 },
        "remoteProcessGroups": [{ "identifier": "remote", "name": "Elsewhere" }],
        "inputPorts": [{ "identifier": "in", "name": "In", "allowRemoteAccess": true }],
        "processors": [
            processor("Kafka", "PublishKafka", json!({ "autoTerminatedRelationships": ["success"],
                "properties": { "topic": "x" } })),
            processor("Ours", "GetFile", json!({ "type": "com.example.GetFile" })),
            processor("Tests", "GetFile", json!({
                "type": "org.apache.nifi.processors.tests.system.GetFile" })),
            processor("Get", "GetFile", json!({
                "properties": { "Input Directory": "/in", "Owner": "me" },
                "propertyDescriptors": { "Owner": { "dynamic": false } },
                "schedulingStrategy": "EVENT_DRIVEN", "penaltyDuration": "long",
                "yieldDuration": "#{pause}",
                "concurrentlySchedulableTaskCount": 0, "bulletinLevel": "LOUD",
                "annotationData": "<rules/>" })),
        ],
        "connections": [
            connection("Get", &["success"], "Kafka", json!({ "name": "to Kafka",
                "loadBalanceStrategy": "ROUND_ROBIN", "prioritizers": ["com.example.Mine"],
                "flowFileExpiration": "soon", "backPressureObjectThreshold": -1 })),
            connection("Get", &["success"], "Kafka", json!({})),
            connection("Get", &["success"], "gone", json!({})),
            connection("Get", &["success"], "remote", json!({ "destination": {
                "id": "remote", "type": "REMOTE_INPUT_PORT", "name": "there" } })),
        ]
    })));
    let told = in_words(&imported.refused);
    for expected in [
        "flow  flowFileConcurrency",
        "flow  executionEngine",
        "flow  variables.folder",
        "flow  futureMember",
        "remote process group Elsewhere",
        "input port In allowRemoteAccess",
        "processor Kafka type",
        "processor Ours type",
        "processor Tests type",
        "processor Get Owner",
        "processor Get schedulingStrategy",
        "processor Get penaltyDuration",
        "processor Get yieldDuration",
        "processor Get concurrentlySchedulableTaskCount",
        "processor Get bulletinLevel",
        "processor Get annotationData",
        "connection Get [success] -> Kafka loadBalanceStrategy",
        "connection Get [success] -> Kafka prioritizers",
        "connection Get [success] -> Kafka flowFileExpiration",
        "connection Get [success] -> Kafka backPressureObjectThreshold",
        "connection Get [success] -> Kafka",
        "connection Get -> gone destination",
        "connection Get -> there destination",
    ] {
        assert!(told.iter().any(|one| one == expected), "{expected}: {told:#?}");
    }
    let kafka = &imported.flow.root.processors["Kafka"];
    assert_eq!(kafka.type_name.value, "PublishKafka");
    assert_eq!(kafka.properties["topic"].value.value, "x");
    assert_eq!(imported.flow.root.processors["Ours"].type_name.value, "com.example.GetFile");
    assert_eq!(in_words(&imported.changed), ["connection Get [success] -> Kafka name"]);
}

#[test]
fn what_stands_beside_the_flow_is_told_too() {
    let imported = import(&json!({
        "encodingVersion": { "majorVersion": 2 }, "maxTimerDrivenThreadCount": 10,
        "rootGroup": { "identifier": "root", "name": "Flow" },
        "parameterContexts": [{ "name": "a", "parameters": [{ "name": "p", "value": "enc{ab}" },
            { "name": "q:r", "value": "1" }], "parameterProvider": "id" }],
        "reportingTasks": [{ "name": "Report" }], "controllerServices": [{ "name": "Pool" }],
        "registries": [{ "name": "Registry" }], "parameterProviders": [{ "name": "Vault" }],
        "flowAnalysisRules": [{ "name": "Rule" }], "somethingNew": [1]
    }));
    assert_eq!(
        in_words(&imported.refused),
        [
            "parameter context a parameterProvider",
            "parameter a:p value",
            "parameter a:q:r",
            "registry client Registry",
            "parameter provider Vault",
            "controller service Pool",
            "reporting task Report",
            "flow analysis rule Rule",
            "flow  somethingNew",
        ]
    );
}

#[test]
fn whatever_else_keeps_the_flow_from_being_valid_is_told() {
    let get = processor(
        "Get",
        "GetFile",
        json!({
        "properties": { "Input Directory": "/in", "File Filter": "(" },
        "autoTerminatedRelationships": ["success"] }),
    );
    let imported = import(&definition(json!({ "processors": [get] })));
    let reasons: Vec<&str> = imported.refused.iter().map(|note| note.reason.as_str()).collect();
    assert_eq!(reasons, ["File Filter: \"(\" is not closed (T0105)"]);
}

#[test]
fn names_become_unique_and_names_whatever_the_order_of_the_list() {
    let funnel = |id: &str| json!({ "identifier": id });
    let port = json!({ "identifier": "port", "name": "a" });
    let processors = [("2", "a"), ("1", "a"), ("3", "b/c")]
        .map(|(id, name)| processor(id, "UpdateAttribute", json!({ "name": name })));
    let mut turned = processors.clone();
    turned.reverse();
    let names = |processors: &[Value]| {
        let imported = import(&definition(json!({ "processors": processors,
            "inputPorts": [port], "funnels": [funnel("y"), funnel("x")],
            "connections": [connection("2", &["success"], "1", json!({}))] })));
        let root = &imported.flow.root;
        let mut names: Vec<String> = root.processors.keys().cloned().collect();
        names.extend(root.input_ports.keys().chain(root.funnels.keys()).cloned());
        names.push(root.connections[0].id());
        (names, in_words(&imported.changed))
    };
    let (ours, changed) = names(&processors);
    assert_eq!(ours, ["a", "a 2", "b-c", "a 3", "Funnel", "Funnel 2", "a 2 [success] -> a"]);
    assert_eq!(changed, ["processor a 2", "processor b-c", "input port a 3"]);
    assert_eq!(names(&turned).0, ours);
}

#[test]
fn services_are_known_by_their_names_here() {
    let service = |id: &str, type_name: &str| {
        json!({ "identifier": id, "name": "Proxy", "properties": {}, "propertyDescriptors": {},
            "type": format!("org.apache.nifi.proxy.{type_name}") })
    };
    let put = |id: &str, service: &str| {
        processor(
            id,
            "PutObject",
            json!({ "properties": { "Object Store URL": "http://a",
            "Proxy": service }, "autoTerminatedRelationships": ["success", "failure"] }),
        )
    };
    let imported = import(&definition(json!({
        "controllerServices": [service("s2", "ProxyService"), service("s1", "Unknown")],
        "processors": [put("Put", "s2"), put("Other", "outside")] })));
    let root = &imported.flow.root;
    assert_eq!(root.processors["Put"].properties["Proxy"].value.value, "Proxy 2");
    assert_eq!(root.services["Proxy 2"].type_name.value, "ProxyService");
    let told = in_words(&imported.refused);
    assert!(told.contains(&"service Proxy type".to_owned()), "{told:?}");
    assert!(told.contains(&"processor Other Proxy".to_owned()), "{told:?}");
}

#[test]
fn a_flow_is_called_as_it_is_to_be_or_as_its_group() {
    let export = definition(json!({})).to_string();
    for (wanted, ours, told) in
        [(None, "Flow", 0), (Some("mine"), "mine", 0), (Some("my own"), "my-own", 1)]
    {
        let imported = nifi::import(&export, wanted, &common::catalog()).expect("a flow");
        assert_eq!((imported.flow.name.value.as_str(), imported.changed.len()), (ours, told));
    }
}

#[test]
fn other_texts_are_refused_without_being_shown() {
    let import = |text: &str| nifi::import(text, None, &common::catalog()).map(|_| ());
    for (text, expected) in [
        ("", ImportError::Syntax { line: 1, column: 0 }),
        ("{ \"hush\": hush }", ImportError::Syntax { line: 1, column: 11 }),
        ("<?xml version=\"1.0\"?><template/>", ImportError::Xml),
        ("[]", ImportError::NotAFlow),
        ("{ \"format\": 1, \"name\": \"a\" }", ImportError::NotAFlow),
        ("{ \"flowContents\": 1 }", ImportError::NotAFlow),
    ] {
        let error = import(text);
        assert_eq!(error, Err(expected), "{text}");
        assert!(!format!("{error:?}").contains("hush"));
    }
    let long = " ".repeat(nifi::IMPORT_MAX_BYTES + 1);
    assert_eq!(import(&long), Err(ImportError::TooLong));
}
