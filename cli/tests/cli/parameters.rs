//! `tutti parameters`.

use std::fs;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{finish, tutti};

const FLOW: &str = r#"{ "format": 1, "name": "flow", "parameterContext": "main",
    "parameterContexts": { "main": { "parameters": { "input": {}, "rate": { "value": "22050" },
    "key": { "sensitive": true } } } } }"#;

fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("flow.json", FLOW);
    write("test.json", r#"{ "input": "a", "main:key": "hush" }"#);
    write("production.json", r#"{ "input": "b", "key": "hush", "rtae": "44100" }"#);
    folder
}

fn parameters(folder: &TempDir, arguments: &[&str]) -> (i32, String, String) {
    let mut command = tutti(&["parameters", "flow.json"]);
    command.args(arguments).current_dir(folder.path());
    finish(command)
}

#[test]
fn environments_are_compared_without_their_values() {
    let folder = folder();
    let (code, stdout, stderr) = parameters(&folder, &["test.json", "production.json"]);
    let expected = "main:input: set in test.json, set in production.json; they differ\n\
                    main:key (secret): set in test.json, set in production.json; all the same\n\
                    main:rate: default in test.json, default in production.json\n\
                    \"rtae\": set in production.json, and the flow has none\n";
    assert_eq!((code, stdout.as_str(), stderr.as_str()), (1, expected, ""));
    let (code, stdout, _) = parameters(&folder, &["test.json", "--json"]);
    let told: Value = serde_json::from_str(&stdout).unwrap();
    let key = json!({ "parameter": "main:key", "sensitive": true, "differs": null,
        "environments": { "test.json": "set" } });
    assert_eq!((code, &told["parameters"][1], &told["unknown"]), (0, &key, &json!({})));
}

#[test]
fn what_a_run_would_lack_is_told() {
    let folder = folder();
    let (code, stdout, _) = parameters(&folder, &["--param", "input=x"]);
    let expected = "main:input: set in here\nmain:key (secret): MISSING in here\nmain:rate: \
                    default in here\n";
    assert_eq!((code, stdout.as_str()), (1, expected));
    let mut command = tutti(&["parameters", "flow.json", "--param", "input=x"]);
    command.current_dir(folder.path()).env("TUTTI_PARAM_KEY", "hush");
    let (code, stdout, _) = finish(command);
    assert!(code == 0 && stdout.contains("main:key (secret): set in here"), "{stdout}");
}

#[test]
fn an_environment_that_is_none_is_an_error_that_shows_no_value() {
    let folder = folder();
    fs::write(folder.path().join("wrong.json"), r#"{ "key": ["hush"] }"#).unwrap();
    let (code, stdout, stderr) = parameters(&folder, &["wrong.json"]);
    assert_eq!((code, stdout.as_str()), (2, ""));
    assert!(stderr.contains("wrong.json") && !stderr.contains("hush"), "{stderr}");
}
