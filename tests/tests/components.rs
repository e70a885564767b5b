//! A component beside a flow is a processor like any other: looked at, validated, run, tried out.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to fail")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};
use tutti_tests::binary::{self, repository};

/// What a command came to, with all that it said.
fn tutti(folder: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(binary::path());
    command.args(arguments).current_dir(folder);
    let Output { status, stdout, stderr } = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (status.code(), text(stdout) + &text(stderr))
}

/// A folder with the component, and the type that it is.
fn folder() -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let stem = repository().join("scripting/tests/components/stem.wasm");
    fs::copy(stem, folder.path().join("stem.wasm")).unwrap();
    let (code, told) = tutti(folder.path(), &["component", "inspect", "stem.wasm", "--json"]);
    assert_eq!(code, Some(0), "{told}");
    let told: Value = serde_json::from_str(&told).unwrap();
    let kind = told["type"]["type"].as_str().unwrap().to_owned();
    assert!(kind.starts_with("NameStem@"), "{kind}");
    (folder, kind)
}

fn write_flow(folder: &Path, kind: &str) {
    let flow = json!({
        "format": 1,
        "name": "stems",
        "processors": {
            "Get": { "type": "GetFile", "properties": { "Directory": folder.join("in") } },
            "Stem": {
                "type": kind,
                "properties": { "Attribute": "title" },
                "autoTerminate": ["failure"],
            },
            "Put": {
                "type": "PutFile",
                "properties": { "Directory": folder.join("out") },
                "autoTerminate": ["failure", "success"],
            },
        },
        "connections": [
            { "from": "Get", "relationships": ["success"], "to": "Stem" },
            { "from": "Stem", "relationships": ["success"], "to": "Put" },
        ],
    });
    fs::write(folder.join("stems.json"), flow.to_string()).unwrap();
}

#[test]
fn it_is_validated_and_run() {
    let (folder, kind) = folder();
    let folder = folder.path();
    write_flow(folder, &kind);
    let (code, told) = tutti(folder, &["validate", "stems.json"]);
    assert_eq!(code, Some(0), "{told}");
    fs::create_dir(folder.join("in")).unwrap();
    fs::write(folder.join("in/song.one.mp3"), "hello").unwrap();
    let (code, told) = tutti(folder, &["run", "stems.json", "--data", "data", "--until-idle"]);
    assert_eq!(code, Some(0), "{told}");
    let put = fs::read_to_string(folder.join("out/song.one.mp3")).unwrap();
    assert_eq!(put, r#"{"name":"song.one.mp3","stem":"song.one","bytes":5}"#);
}

#[test]
fn another_file_does_not_run_under_its_name() {
    let (folder, kind) = folder();
    let folder = folder.path();
    write_flow(folder, &kind);
    // A custom section more: it does the same, and is another file.
    let mut bytes = fs::read(folder.join("stem.wasm")).unwrap();
    bytes.extend([0, 2, 1, b'x']);
    fs::write(folder.join("stem.wasm"), bytes).unwrap();
    let (code, told) = tutti(folder, &["validate", "stems.json"]);
    assert_eq!(code, Some(2), "{told}");
    assert!(told.contains(&kind), "{told}");
    assert!(told.contains("NameStem@"), "the other one is proposed: {told}");

    fs::write(folder.join("stem.wasm"), "no component").unwrap();
    let (code, told) = tutti(folder, &["validate", "stems.json"]);
    assert_eq!(code, Some(2), "{told}");
    assert!(told.contains("warning: ") && told.contains("stem.wasm"), "{told}");
}

#[test]
fn it_is_tried_on_a_flowfile() {
    let (folder, _) = folder();
    let folder = folder.path();
    let (code, told) = tutti(folder, &["component", "verify", "stem.wasm"]);
    assert_eq!(code, Some(0), "{told}");
    let test = ["component", "test", "stem.wasm", "--attribute", "filename=a.wav"];
    let (code, told) = tutti(folder, &test);
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains("to success\n"), "{told}");
    assert!(told.contains(r#"{"name":"a.wav","stem":"a","bytes":0}"#), "{told}");
    let wrong = ["component", "test", "stem.wasm", "--property", "Attribute=uuid"];
    let (code, told) = tutti(folder, &wrong);
    assert_eq!(code, Some(2), "{told}");
    assert!(told.contains("the uuid cannot be changed"), "{told}");
    fs::write(folder.join("none.wasm"), "no").unwrap();
    let (code, told) = tutti(folder, &["component", "verify", "none.wasm"]);
    assert_eq!(code, Some(2), "{told}");
}

#[test]
fn a_new_one_has_all_that_it_begins_with() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    for (language, file) in [("c", "stem.c"), ("javascript", "processor.js"), ("python", "app.py")]
    {
        let new = ["new", "processor", language, "--lang", language];
        let (code, told) = tutti(folder, &new);
        assert_eq!(code, Some(0), "{told}");
        for name in ["README.md", "processor.wit", file] {
            assert!(folder.join(language).join(name).is_file(), "{language}: {name}");
        }
        let (code, told) = tutti(folder, &new);
        assert_ne!(code, Some(0), "what is there is not written over: {told}");
    }
}
