//! `tutti diff`, by itself and called by git.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use super::{BINARY, finish, tutti, untouched};

const OLD: &str = r#"{ "format": 1, "name": "one", "processors": {
    "Make": { "type": "GenerateFlowFile", "autoTerminate": ["success"] } } }"#;

/// A folder with the files `old.json` and `new.json`.
fn folder(old: &str, new: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("old.json"), old).unwrap();
    fs::write(folder.path().join("new.json"), new).unwrap();
    folder
}

fn diff(folder: &TempDir, arguments: &[&str]) -> (i32, String, String) {
    let mut command = tutti(&["diff"]);
    command.args(arguments).current_dir(folder.path());
    finish(command)
}

#[test]
fn what_means_the_same_does_not_differ() {
    let new = OLD.replace("\"autoTerminate\"", "\"concurrentTasks\": 1, \"autoTerminate\"");
    let folder = folder(OLD, &new);
    let (code, stdout, stderr) = diff(&folder, &["old.json", "new.json"]);
    assert_eq!((code, stdout.as_str(), stderr.as_str()), (0, "", "the flows mean the same\n"));
    assert_eq!(diff(&folder, &["--json", "old.json", "new.json"]).1, "[]\n");
}

#[test]
fn what_differs_is_told_to_people_and_programs() {
    let new = OLD.replace("\"Make\"", "\"Create\"").replace(
        "[\"success\"] }",
        "[\"success\"] },
        \"Log\": { \"type\": \"LogAttribute\", \"penaltyDuration\": \"1 min\" }",
    );
    let folder = folder(OLD, &new);
    let (code, stdout, stderr) = diff(&folder, &["old.json", "new.json"]);
    let expected = "> processor \"Make\" -> \"Create\"\n+ processor \"Log\"\n    type: + \
                    \"LogAttribute\"\n    penaltyDuration: + \"1 min\"\n";
    assert_eq!((code, stdout.as_str(), stderr.as_str()), (1, expected, "1 added, 1 renamed\n"));
    let (code, stdout, _) = diff(&folder, &["--json", "new.json", "old.json"]);
    let changes: Value = serde_json::from_str(&stdout).unwrap();
    let changes = changes.as_array().unwrap().iter();
    let kinds: Vec<&str> = changes.map(|change| change["change"].as_str().unwrap()).collect();
    assert_eq!((code, kinds), (1, vec!["removed", "renamed"]), "{stdout}");
}

#[test]
fn what_is_no_flow_is_not_compared() {
    let folder = folder(OLD, "{ \"format\": 1, \"name\": \"one\", \"procesors\": {} }");
    let (code, stdout, stderr) = diff(&folder, &["old.json", "new.json"]);
    assert_eq!((code, stdout.as_str()), (2, ""));
    assert!(stderr.contains("error[T0007]") && stderr.contains("new.json:1"), "{stderr}");
    let (code, _, stderr) = diff(&folder, &["old.json", "nowhere.json"]);
    assert_eq!(code, 2);
    assert!(stderr.contains("cannot read \"nowhere.json\""), "{stderr}");
    let (code, _, stderr) = diff(&folder, &["old.json"]);
    assert_eq!(code, 2);
    assert!(stderr.contains("name the old flow and the new one"), "{stderr}");
}

/// Real git, which is part of any checkout, in `folder` and without the settings of whoever runs
/// the tests.
fn git(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command: Command = untouched("git");
    command.args(["-c", "user.name=a", "-c", "user.email=a@b", "-c", "core.autocrlf=false"]);
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    command.args(arguments).current_dir(folder);
    finish(command)
}

#[test]
fn git_shows_flows_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let run = |arguments: &[&str]| {
        let (code, stdout, stderr) = git(path, arguments);
        assert_eq!(code, 0, "{arguments:?}: {stderr}");
        stdout
    };
    run(&["init", "--quiet"]);
    run(&["config", "diff.tutti.command", &format!("'{BINARY}' diff --git")]);
    fs::write(path.join(".gitattributes"), "*.json diff=tutti\n").unwrap();
    fs::write(path.join("one.json"), OLD).unwrap();
    fs::write(path.join("two.json"), OLD.replace("one", "two")).unwrap();
    fs::write(path.join("one.layout.json"), "{ \"format\": 1 }").unwrap();
    run(&["add", "."]);
    run(&["commit", "--quiet", "-m", "flows"]);

    fs::write(
        path.join("one.json"),
        OLD.replace(
            "[\"success\"] }",
            "[\"success\"],
        \"state\": \"disabled\" }",
        ),
    )
    .unwrap();
    fs::write(path.join("one.layout.json"), "{\"format\":1}").unwrap();
    fs::write(path.join("two.json"), "{ \"format\": 1 ").unwrap();
    let shown = run(&["diff"]);
    let expected = "flow one.json\n~ processor \"Make\"\n    state: \"enabled\" -> \
                    \"disabled\"\nflow one.layout.json\n  only where things lie on the \
                    canvas\nflow two.json\n  not compared: one of the two is no flow\n";
    assert_eq!(shown, expected);

    fs::rename(path.join("one.json"), path.join("three.json")).unwrap();
    fs::remove_file(path.join("two.json")).unwrap();
    run(&["add", "--all"]);
    let shown = run(&["diff", "--cached", "-M"]);
    assert!(shown.contains("flow one.json -> three.json\n~ processor \"Make\""), "{shown}");
    assert!(shown.contains("flow two.json\n"), "{shown}");
    assert!(shown.contains("- processor \"Make\"\n    type: - \"GenerateFlowFile\""), "{shown}");
    let extcmd = format!("'{BINARY}' diff");
    let shown = run(&["difftool", "--no-prompt", "-M", "--extcmd", &extcmd, "--cached"]);
    assert!(shown.contains("state: \"enabled\" -> \"disabled\""), "{shown}");
}
