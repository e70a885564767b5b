//! `tutti import nifi`, over flows from NiFi's own repository.

use std::fs;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use super::workplace::names;
use super::{finish, tutti};

const FIXTURES: &str = "../tests/fixtures/nifi";

/// Imports a fixture into a new folder; with what is told of it as JSON.
fn import(name: &str, code: i32) -> (TempDir, Value) {
    let folder = tempfile::tempdir().unwrap();
    let file = Path::new(FIXTURES).join(name);
    let to = folder.path().to_str().unwrap();
    let (ended, stdout, stderr) =
        finish(tutti(&["import", "nifi", file.to_str().unwrap(), "--to", to, "--json"]));
    assert_eq!(ended, code, "{stdout}{stderr}");
    (folder, serde_json::from_str(&stdout).unwrap())
}

/// Of what was not taken over, each thing and member.
fn refused(told: &Value) -> Vec<String> {
    let notes = told["refused"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    notes.map(|note| format!("{}: {}", text(&note["path"]), text(&note["member"]))).collect()
}

fn flow(folder: &TempDir, name: &str) -> Value {
    let text = fs::read_to_string(folder.path().join(name)).unwrap();
    serde_json::from_str(&text).unwrap()
}

#[test]
fn standard_processors_of_nifi_2_are_taken_over() {
    let (folder, told) = import("Generate_and_Update.json", 1);
    let refused = refused(&told);
    assert!(refused.contains(&"LookupAttribute: type".to_owned()), "{refused:?}");
    for own in ["GenerateFlowFile", "UpdateAttribute"] {
        assert!(!refused.iter().any(|one| one.starts_with(own)), "{refused:?}");
    }
    assert_eq!(
        names(folder.path()),
        ["Generate_and_Update.json", "Generate_and_Update.layout.json"]
    );
    let flow = flow(&folder, "Generate_and_Update.json");
    assert_eq!(flow["processors"]["GenerateFlowFile"]["properties"]["key"], "test.key", "{flow}");
}

#[test]
fn standard_processors_of_nifi_1_are_taken_over() {
    let (folder, told) = import("WebCrawler.json", 1);
    let refused = refused(&told);
    let ours = [
        "CompressContent",
        "Create archive conducive filename",
        "Get from seed URL",
        "Log failures",
        "MapCacheClientService",
        "Pass on successes",
        "PutFile",
        "SplitText",
        "Update filename",
    ];
    for own in ours {
        assert!(!refused.iter().any(|one| one.starts_with(own)), "{refused:?}");
    }
    // The cache is disabled in NiFi, and so it is here.
    let theirs = ["InvokeHTTP: -", "MergeContent: Metadata Strategy", "Remove duplicates: -"];
    for theirs in theirs {
        assert!(refused.contains(&theirs.to_owned()), "{theirs}: {refused:?}");
    }
    let flow = flow(&folder, "NiFi-Flow.json");
    let processors = flow["processors"].as_object().unwrap();
    assert_eq!((processors.len(), flow["labels"].as_object().unwrap().len()), (14, 11));
    assert_eq!(flow["connections"].as_array().unwrap().len() as u64, told["connections"]);
    assert_eq!(processors["CompressContent"]["properties"]["Compression Level"], "9");
    let asks = &processors["Get from seed URL"]["properties"];
    assert_eq!(
        (&asks["HTTP URL"], asks.get("Remote URL")),
        (&"http://www.apache.org/".into(), None)
    );
    let layout = self::flow(&folder, "NiFi-Flow.layout.json");
    assert!(layout["sizes"]["Label 11"]["width"].is_u64(), "{layout}");
    // All that is wrong with the flow has been told.
    let path = folder.path().join("NiFi-Flow.json");
    let (_, stdout, _) = finish(tutti(&["validate", "--json", path.to_str().unwrap()]));
    let findings: Vec<Value> = serde_json::from_str(&stdout).unwrap();
    for finding in findings.iter().filter(|finding| finding["severity"] == "error") {
        let path = finding["element"]["path"].as_str().unwrap();
        assert!(refused.iter().any(|one| one.starts_with(path)), "{finding}: {refused:?}");
    }
}

#[test]
fn groups_ports_and_parameters_are_taken_over() {
    let (folder, _) = import("generate-duplicate-log-flow.json", 1);
    let imported = flow(&folder, "Connector.json");
    assert_eq!(imported["groups"]["Source"]["outputPorts"]["Out"], serde_json::json!({}));
    let ends: Vec<&Value> =
        imported["connections"].as_array().unwrap().iter().map(|one| &one["from"]).collect();
    assert_eq!(ends, ["Duplicates/Out", "Source/Out"]);

    let (folder, told) = import("generate-and-log-with-parameter.json", 1);
    let imported = flow(&folder, "Generate-and-Log-with-Parameter.json");
    let context = imported["parameterContext"].as_str().unwrap();
    assert!(imported["parameterContexts"][context]["parameters"]["Text"].is_object(), "{imported}");
    assert_eq!(imported["processors"]["CreateDummyFlowFile"]["properties"]["Text"], "#{Text}");
    assert_eq!(
        told["flow"].as_str().unwrap(),
        folder.path().join("Generate-and-Log-with-Parameter.json").to_str().unwrap()
    );
}

#[test]
fn the_flow_of_an_instance_is_unpacked_and_gives_no_secret_away() {
    let (folder, told) = import("with-connection.json.gz", 1);
    let refused = refused(&told);
    assert!(refused.contains(&"GenerateFlowFile: File Size".to_owned()), "{refused:?}");
    let text = fs::read_to_string(folder.path().join("NiFi-Flow.json")).unwrap();
    assert!(!text.contains("enc{") && !told.to_string().contains("enc{"), "{text}{told}");
}

/// The least flow of NiFi that is taken over as a whole.
const WHOLE: &str = r#"{ "flowContents": { "identifier": "g", "name": "Whole", "processors": [
    { "identifier": "p", "name": "Make", "position": { "x": 1, "y": 2 },
      "type": "org.apache.nifi.processors.standard.GenerateFlowFile",
      "properties": { "File Size": "1 KB" }, "autoTerminatedRelationships": ["success"] } ] } }"#;

#[test]
fn where_nothing_is_refused_the_flow_is_valid_and_canonical() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("whole.json"), WHOLE).unwrap();
    let tutti = |arguments: &[&str]| {
        let mut command = tutti(arguments);
        command.current_dir(folder.path());
        finish(command)
    };
    let import = ["import", "nifi", "whole.json", "--to", "flows"];
    let (code, stdout, stderr) = tutti(&import);
    assert_eq!((code, stdout.as_str()), (0, ""), "{stderr}");
    assert!(stderr.contains("flows/Whole.json (1 processors, 0 connections)"), "{stderr}");
    let (code, _, stderr) = tutti(&["validate", "flows"]);
    assert!(code == 0 && stderr.contains("0 errors, 0 warnings"), "{stderr}");
    let (code, _, stderr) = tutti(&["fmt", "--check", "flows"]);
    assert_eq!(code, 0, "{stderr}");

    let (code, _, stderr) = tutti(&import);
    assert!(code == 2 && stderr.contains("is there already"), "{stderr}");
    let (code, _, stderr) = tutti(&[&import[..], &["--replace"]].concat());
    assert_eq!(code, 0, "{stderr}");
    let (code, _, _) = tutti(&[&import[..], &["--name", "other"]].concat());
    assert_eq!((code, names(&folder.path().join("flows")).len()), (0, 4));
}

#[test]
fn properties_are_known_by_the_names_that_nifi_1_has_for_programs() {
    let processor = |name: &str, properties: &str, terminated: &str| {
        format!(
            r#"{{ "identifier": "{name}", "name": "{name}", "properties": {properties},
            "type": "org.apache.nifi.processors.standard.{name}",
            "autoTerminatedRelationships": [{terminated}] }}"#
        )
    };
    let make = processor(
        "GenerateFlowFile",
        r#"{ "generate-ff-custom-text": "a",
        "character-set": "UTF-8", "mime-type": "text/plain", "own": "b" }"#,
        "",
    );
    let log = processor(
        "LogAttribute",
        r#"{ "attributes-to-log-regex": "f.*",
        "character-set": "UTF-8" }"#,
        r#""success""#,
    );
    let flow = format!(
        r#"{{ "flowContents": {{ "name": "old", "processors": [{make}, {log}], "connections": [
        {{ "source": {{ "id": "GenerateFlowFile" }}, "destination": {{ "id": "LogAttribute" }},
        "selectedRelationships": ["success"] }}] }} }}"#
    );
    let folder = tempfile::tempdir().unwrap();
    let (path, to) = (folder.path().join("in"), folder.path().to_str().unwrap());
    fs::write(&path, flow).unwrap();
    let path = path.to_str().unwrap();
    let (code, stdout, _) = finish(tutti(&["import", "nifi", path, "--to", to, "--json"]));
    assert_eq!(code, 0, "{stdout}");
    let processors = self::flow(&folder, "old.json")["processors"].clone();
    assert_eq!(
        processors["GenerateFlowFile"]["properties"],
        serde_json::json!({ "Custom Text": "a", "Mime Type": "text/plain", "own": "b" })
    );
    assert_eq!(
        processors["LogAttribute"]["properties"],
        serde_json::json!({ "Attributes to Log by Regular Expression": "f.*" })
    );
}

#[test]
fn what_is_no_flow_of_nifi_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    for (text, expected) in [
        ("{ \"format\": 1, \"name\": \"a\" }", "it is no flow of NiFi"),
        ("<template/>", "it is XML"),
        ("{ hush }", "it is not JSON (line 1, column 3)"),
    ] {
        let path = folder.path().join("a.json");
        fs::write(&path, text).unwrap();
        let (code, stdout, stderr) = finish(tutti(&["import", "nifi", path.to_str().unwrap()]));
        assert_eq!((code, stdout.as_str()), (2, ""), "{stderr}");
        assert!(stderr.contains(expected) && !stderr.contains("hush"), "{stderr}");
    }
    let (code, _, stderr) = finish(tutti(&["import", "nifi", "nowhere.json"]));
    assert!(code == 2 && stderr.contains("cannot read \"nowhere.json\""), "{stderr}");
}
