//! `tutti validate`.

use std::fs;

use serde_json::Value;

use super::{finish, tutti};

const FLOW: &str = r##"{
  "format": 1,
  "name": "sink",
  "parameterContext": "main",
  "parameterContexts": { "main": { "parameters": { "input": {} } } },
  "processors": {
    "Get": { "type": "GetFile", "properties": { "Directory": "#{input}" },
             "autoTerminate": ["success"] }
  }
}
"##;

#[test]
fn a_flow_without_mistakes_ends_with_0() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sink.json");
    fs::write(&path, FLOW).unwrap();
    let (code, stdout, stderr) = finish(tutti(&["validate", path.to_str().unwrap()]));
    assert_eq!((code, stdout.as_str()), (0, ""), "{stderr}");
    assert!(stderr.contains("1 flow checked: 0 errors"), "{stderr}");
}

#[test]
fn what_only_building_a_processor_shows_is_told_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sink.json");
    let set = r#""Set": { "type": "UpdateAttribute", "properties": { "uuid": "x" } }, "Get""#;
    fs::write(&path, FLOW.replacen("\"Get\"", set, 1)).unwrap();
    let (code, _, stderr) = finish(tutti(&["validate", path.to_str().unwrap()]));
    assert_eq!(code, 2);
    assert!(stderr.contains("T0114") && stderr.contains("cannot be set"), "{stderr}");
}

#[test]
fn every_mistake_is_told_in_one_go() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sink.json");
    fs::write(&path, FLOW.replace("GetFile", "GetFiel").replace("\"main\": {", "\"mian\": {"))
        .unwrap();
    let path = path.to_str().unwrap();
    let (code, stdout, stderr) = finish(tutti(&["validate", path]));
    assert_eq!((code, stdout.as_str()), (2, ""));
    assert!(stderr.contains("T0101") && stderr.contains("T0303"), "{stderr}");
    let (code, stdout, _) = finish(tutti(&["validate", path, "--json"]));
    assert_eq!(code, 2);
    let findings: Vec<Value> = serde_json::from_str(&stdout).unwrap();
    assert!(findings.iter().any(|each| each["code"] == "T0101"), "{stdout}");
}

#[test]
fn a_file_that_is_not_there_is_told() {
    let (code, _, stderr) = finish(tutti(&["validate", "nowhere.json"]));
    assert_eq!(code, 2);
    assert!(stderr.contains("nowhere.json"), "{stderr}");
}

#[test]
fn a_value_for_an_unknown_parameter_is_an_error_and_the_environment_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sink.json");
    fs::write(&path, FLOW).unwrap();
    let mut command = tutti(&["validate", path.to_str().unwrap()]);
    command.env("TUTTI_PARAM_OTHER", "x");
    assert_eq!(finish(command).0, 0);
    let command = tutti(&["validate", path.to_str().unwrap(), "--param", "other=hush"]);
    let (code, _, stderr) = finish(command);
    assert_eq!(code, 2);
    assert!(stderr.contains("T0308") && !stderr.contains("hush"), "{stderr}");
}
