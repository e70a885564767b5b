//! `tutti processors`.

use std::io::Read;
use std::process::Stdio;

use serde_json::Value;

use super::{finish, tutti};

#[test]
fn the_list_names_every_type_with_a_sentence() {
    let (code, stdout, stderr) = finish(tutti(&["processors", "list"]));
    assert_eq!((code, stderr.as_str()), (0, ""));
    let get_file = stdout.lines().find(|line| line.starts_with("GetFile ")).unwrap();
    assert!(get_file.len() > "GetFile ".len() + 10, "{get_file}");
    let (_, json, _) = finish(tutti(&["processors", "list", "--json"]));
    let all: Vec<Value> = serde_json::from_str(&json).unwrap();
    assert_eq!(all.len(), stdout.lines().count());
}

#[test]
fn one_type_is_shown_from_its_declaration() {
    let (code, stdout, _) = finish(tutti(&["processors", "show", "GetFile"]));
    assert_eq!(code, 0);
    for part in ["Directory", "File Filter", "success", "filename"] {
        assert!(stdout.contains(part), "{part} is missing in\n{stdout}");
    }
    let (_, json, _) = finish(tutti(&["processors", "show", "GetFile", "--json"]));
    let shown: Value = serde_json::from_str(&json).unwrap();
    let properties = shown["properties"].as_array().unwrap();
    let directory = properties.iter().find(|each| each["name"] == "Directory").unwrap();
    assert_eq!(directory["required"], true);
}

#[test]
fn a_misspelt_type_is_answered_with_the_right_one() {
    let (code, stdout, stderr) = finish(tutti(&["processors", "show", "GetFiel"]));
    assert_eq!((code, stdout.as_str()), (2, ""));
    assert!(stderr.contains("did you mean \"GetFile\"?"), "{stderr}");
}

#[test]
fn whoever_reads_may_leave_early() {
    for arguments in [&["processors", "list", "--json"][..], &["completions", "bash"]] {
        let mut command = tutti(arguments);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        assert!(child.wait().unwrap().success());
        let mut said = String::new();
        child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        assert_eq!(said, "");
    }
}
