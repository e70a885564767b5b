//! `tutti fmt`.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Stdio;

use super::{finish, tutti};

const CANONICAL: &str = r#"{
  "format": 1,
  "name": "one",
  "processors": {
    "Get": {
      "type": "GetFile",
      "properties": {
        "Directory": "in"
      }
    }
  }
}
"#;

/// The same flow, as somebody in a hurry writes it.
const LOOSE: &str = r#"{ "processors": { "Get": { "properties": { "Directory": "in", },
    "type": "GetFile" } }, "name": "one", "format": 1 }"#;

fn file(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn a_flow_is_written_in_its_canonical_form_and_then_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let one = file(folder.path(), "one.json", LOOSE);
    let (code, stdout, stderr) = finish(tutti(&["fmt", &one]));
    assert_eq!((code, stdout.as_str()), (0, ""), "{stderr}");
    assert!(stderr.contains("formatted") && stderr.contains("one.json"), "{stderr}");
    assert_eq!(fs::read_to_string(&one).unwrap(), CANONICAL);
    assert_eq!(finish(tutti(&["fmt", &one])), (0, String::new(), String::new()));
    let files: Vec<_> = fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(files.len(), 1, "nothing else is left in the folder: {files:?}");
}

#[test]
fn a_check_names_what_would_change_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let good = file(folder.path(), "good.json", CANONICAL);
    let loose = file(folder.path(), "loose.json", LOOSE);
    let (code, stdout, stderr) = finish(tutti(&["fmt", "--check", &good, &loose]));
    assert_eq!((code, stdout), (1, format!("{loose}\n")));
    assert_eq!(stderr, "2 files: 1 canonical already, 1 not canonical\n");
    assert_eq!(fs::read_to_string(&loose).unwrap(), LOOSE);
    assert_eq!(finish(tutti(&["fmt", "--check", &good])).0, 0);
}

#[test]
fn a_file_that_is_wrong_is_left_as_it_is_and_stops_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let text = r#"{ "format": 1, "name": "one", "procesors": {} }"#;
    let wrong = file(folder.path(), "wrong.json", text);
    let loose = file(folder.path(), "loose.json", LOOSE);
    let (code, _, stderr) = finish(tutti(&["fmt", "nowhere.json", &wrong, &loose]));
    assert_eq!(code, 2);
    let sum = "3 files: 1 formatted, 2 wrong";
    for part in ["nowhere.json", "wrong.json", "did you mean \"processors\"?", sum] {
        assert!(stderr.contains(part), "{part} is missing in\n{stderr}");
    }
    assert_eq!(fs::read_to_string(&wrong).unwrap(), text);
    assert_eq!(fs::read_to_string(&loose).unwrap(), CANONICAL);
}

#[test]
fn standard_input_is_answered_on_standard_output() {
    for (arguments, code, stdout) in
        [(&["fmt", "-"][..], 0, CANONICAL), (&["fmt", "--check", "-"], 1, "<stdin>\n")]
    {
        let mut child =
            tutti(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(LOOSE.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(code));
        assert_eq!(String::from_utf8(output.stdout).unwrap(), stdout);
    }
}

#[cfg(unix)]
#[test]
fn a_link_and_the_rights_of_a_file_are_kept() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = tempfile::tempdir().unwrap();
    let one = file(folder.path(), "one.json", LOOSE);
    fs::set_permissions(&one, fs::Permissions::from_mode(0o640)).unwrap();
    let link = folder.path().join("link.json");
    symlink("one.json", &link).unwrap();
    assert_eq!(finish(tutti(&["fmt", link.to_str().unwrap()])).0, 0);
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(fs::read_to_string(&one).unwrap(), CANONICAL);
    assert_eq!(fs::metadata(&one).unwrap().permissions().mode() & 0o777, 0o640);
}

#[test]
fn the_flows_of_the_repository_have_their_canonical_form() {
    let folder = std::path::absolute("../flows").unwrap();
    let mut command = tutti(&["fmt", "--check"]);
    let flows = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    command.args(flows.filter(|path| path.extension().is_some_and(|kind| kind == "json")));
    let (code, stdout, stderr) = finish(command);
    assert_eq!((code, stdout.as_str()), (0, ""), "{stderr}");
    assert_eq!((stderr.lines().count(), stderr.contains(" files: ")), (1, true), "{stderr}");
}

#[test]
fn layouts_are_written_in_their_canonical_form_and_strays_in_them_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let one = file(folder.path(), "one.json", CANONICAL);
    let text = r#"{"positions":{"Get":{"y":2,"x":1.2},"Gone":{"x":0,"y":0}},"format":1}"#;
    let layout = file(folder.path(), "one.layout.json", text);
    let (code, stdout, stderr) = finish(tutti(&["fmt", "--check", &one, &layout]));
    assert_eq!((code, stdout), (1, format!("{layout}\n")), "{stderr}");
    let (code, _, stderr) = finish(tutti(&["fmt", &one, &layout]));
    assert_eq!(code, 0, "{stderr}");
    assert!(stderr.contains("T0021") && stderr.contains("Gone"), "{stderr}");
    let expected = "{\n  \"format\": 1,\n  \"positions\": {\n    \
                    \"Get\": { \"x\": 1, \"y\": 2 },\n    \
                    \"Gone\": { \"x\": 0, \"y\": 0 }\n  }\n}\n";
    assert_eq!(fs::read_to_string(&layout).unwrap(), expected);
    fs::write(&layout, "{").unwrap();
    let (code, _, stderr) = finish(tutti(&["fmt", &one, &layout]));
    assert_eq!((code, fs::read_to_string(&layout).unwrap().as_str()), (2, "{"));
    assert!(stderr.contains("T0020") && stderr.contains("one.layout.json:1:1"), "{stderr}");
}
