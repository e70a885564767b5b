//! `tutti processors`.

use std::io::Read;
use std::process::Stdio;

use serde_json::{Value, json};

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
    for sign in ["**", "`", "](", "##", "\u{1b}"] {
        assert!(!stdout.contains(sign), "{sign} is left in\n{stdout}");
    }
    let (_, json, _) = finish(tutti(&["processors", "show", "GetFile", "--json"]));
    let shown: Value = serde_json::from_str(&json).unwrap();
    let properties = shown["properties"].as_array().unwrap();
    let directory = properties.iter().find(|each| each["name"] == "Directory").unwrap();
    assert_eq!(directory["required"], true);
    assert_eq!(directory["kind"], json!({ "type": "directory" }));
    let path_filter = properties.iter().find(|each| each["name"] == "Path Filter").unwrap();
    assert_eq!(path_filter["kind"], json!({ "type": "regularExpression" }));
    assert_eq!(path_filter["expressions"], "none");
    let recurse = json!({ "property": "Recurse Subdirectories", "values": ["true"] });
    assert_eq!(path_filter["dependsOn"], recurse);
}

#[test]
fn declarations_in_json_have_no_other_members_than_these() {
    let (_, json, _) = finish(tutti(&["processors", "show", "UpdateAttribute", "--json"]));
    let shown: Value = serde_json::from_str(&json).unwrap();
    let members = |of: &Value| -> Vec<String> {
        let members = of.as_object().into_iter().flatten();
        let mut names: Vec<_> = members.map(|(name, _)| name.clone()).collect();
        names.sort_unstable();
        names
    };
    let sorted = |names: &'static str| {
        let mut names: Vec<_> = names.split_whitespace().collect();
        names.sort_unstable();
        names
    };
    assert_eq!(
        members(&shown),
        sorted(
            "type aliases summary description tags input accepts makes relationships properties \
             dynamicProperties reads writes period serial endless outside removes exampleFlow"
        )
    );
    let state = &shown["properties"][1];
    assert_eq!(
        members(state),
        sorted(
            "name description kind required default example expressions sensitive dependsOn \
             exclusive script"
        )
    );
    assert_eq!(members(&state["kind"]["choices"][0]), sorted("value description"));
    assert_eq!(
        members(&shown["dynamicProperties"]),
        sorted("name description kind expressions relationships")
    );
}

#[test]
fn a_type_is_found_by_its_alias_which_the_list_and_its_page_show() {
    let (_, stdout, _) = finish(tutti(&["processors", "list"]));
    let line = stdout.lines().find(|line| line.starts_with("PutObject ")).unwrap();
    assert!(line.ends_with(" Also PutOzoneObject."), "{line}");
    let (code, page, _) = finish(tutti(&["processors", "show", "PutOzoneObject"]));
    assert_eq!(code, 0);
    assert!(page.starts_with("PutObject\n") && page.contains("\"PutOzoneObject\", too"), "{page}");
    let (code, _, stderr) = finish(tutti(&["processors", "show", "PutOzoneObjekt"]));
    assert_eq!(code, 2);
    assert!(stderr.contains("did you mean \"PutOzoneObject\"?"), "{stderr}");
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
