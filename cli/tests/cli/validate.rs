//! `tutti validate`.

use std::fs;

use serde_json::Value;

use super::workplace::Workplace;
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
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sink.json");
    fs::write(&path, FLOW.replace("GetFile", "GetFiel")).unwrap();
    let empty = folder.path().join("empty");
    fs::create_dir(&empty).unwrap();
    let empty = empty.to_str().unwrap();
    let (code, _, stderr) =
        finish(tutti(&["validate", "nowhere.json", empty, path.to_str().unwrap()]));
    assert_eq!(code, 2);
    assert!(stderr.contains("cannot read \"nowhere.json\": No such file"), "{stderr}");
    let none = format!("there is no flow, no file \"*.json\", in \"{empty}\"");
    assert!(stderr.contains(&none), "{stderr}");
    assert!(stderr.contains("T0101"), "what can be read is looked at: {stderr}");
    let last = " 1 error, 0 warnings, 2 could not be read\n\
                more about a code, with an example: tutti explain T0101\n";
    assert!(stderr.ends_with(last), "{stderr}");
}

#[test]
fn what_is_no_text_is_told_with_what_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sink.json");
    let utf_16: Vec<u8> =
        format!("\u{feff}{FLOW}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let latin = [FLOW.as_bytes(), b"\"\xe9\""].concat();
    let half = FLOW.replace("\"sink\"", r#""\ud800""#);
    for (bytes, parts) in [
        (utf_16, ["the text is UTF-16", "iconv -f UTF-16 -t UTF-8"]),
        (latin, ["the byte 0xe9", "save the text as UTF-8"]),
        (half.into_bytes(), ["half a character", r#""\ud83d\ude00""#]),
        (vec![b' '; (16 << 20) + 1], ["T0011", "longer than 16 MB"]),
    ] {
        fs::write(&path, bytes).unwrap();
        for command in [&["validate"][..], &["run"], &["fmt", "--check"]] {
            let (code, _, stderr) = finish(tutti(&[command, &[path.to_str().unwrap()]].concat()));
            assert_eq!(code, 2, "{stderr}");
            assert!(stderr.contains(&path.display().to_string()), "{stderr}");
            for part in parts {
                assert!(stderr.contains(part), "{part} is missing in\n{stderr}");
            }
        }
    }
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

/// What `tutti validate` and what `tutti run` say about a text: exit code and messages.
fn both(text: &str) -> [(i32, String); 2] {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sink.json");
    fs::write(&path, text).unwrap();
    let path = path.to_str().unwrap();
    let (validated, _, said) = finish(tutti(&["validate", path]));
    let mut command = tutti(&["run", path, "--until-idle", "--data"]);
    command.arg(folder.path().join("data"));
    let (ran, _, told) = finish(command);
    [(validated, said), (ran, told)]
}

#[test]
fn an_expression_without_its_end_is_a_warning() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sink.json");
    let flow = r#"{ "format": 1, "name": "sink", "processors": {
        "Make": { "type": "GenerateFlowFile", "properties": { "Custom Text": "${filename" } },
        "Log": { "type": "LogAttribute", "autoTerminate": ["success"] } },
        "connections": [{ "from": "Make", "relationships": ["success"], "to": "Log" }] }"#;
    fs::write(&path, flow).unwrap();
    let (validated, _, said) = finish(tutti(&["validate", path.to_str().unwrap()]));
    assert_eq!(validated, 0, "{said}");
    assert!(said.contains("warning[T0115]") && said.contains("${literal('${')}"), "{said}");
}

#[test]
fn a_secret_that_would_become_metadata_is_an_error() {
    let put = r#"{ "format": 1, "name": "sink", "processors": {
        "Make": { "type": "GenerateFlowFile" },
        "Put": { "type": "PutObject", "autoTerminate": ["failure", "success"],
          "properties": {
            "Object Store URL": "s3://music", "Bucket": "b", "Secret Key": "swordfish" } } },
        "connections": [{ "from": "Make", "relationships": ["success"], "to": "Put" }] }"#;
    for (code, said) in both(put) {
        assert_eq!(code, 2, "{said}");
        assert!(said.contains("error[T0108]") && said.contains("Secret Access Key"), "{said}");
        assert!(!said.contains("swordfish"), "{said}");
    }
}

#[test]
fn a_misspelt_type_hides_no_expression_that_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sink.json");
    let text = r#"{ "format": 1, "name": "sink", "processors": {
        "Make": { "type": "GenerateFlowFile" },
        "Set": { "type": "UpdateAttribute", "autoTerminate": ["success"],
            "properties": { "uuid": "x", "fine": "y", "fileSize": "${" } },
        "Other": { "type": "UpdateAttribut", "autoTerminate": ["success"],
            "properties": { "a": "${b:c()}" } } },
        "connections": [{ "from": "Make", "relationships": ["success"], "to": "Set" }] }"#;
    fs::write(&path, text).unwrap();
    let (code, _, stderr) = finish(tutti(&["validate", path.to_str().unwrap()]));
    assert_eq!(code, 2);
    for part in ["T0101", "T0105", "T0115"] {
        assert!(stderr.contains(part), "{part} is missing in\n{stderr}");
    }
}

#[test]
fn a_layout_is_checked_by_itself_and_with_its_flow_and_counted_once() {
    let folder = tempfile::tempdir().unwrap();
    let flow = folder.path().join("sink.json");
    let layout = folder.path().join("sink.layout.json");
    fs::write(&flow, FLOW).unwrap();
    fs::write(&layout, r#"{ "format": 1, "positions": { "Gte": { "x": 0, "y": 0 } } }"#).unwrap();
    let (flow, layout) = (flow.to_str().unwrap(), layout.to_str().unwrap());
    for arguments in [&["validate", flow, layout][..], &["validate", flow], &["validate", layout]] {
        let (code, _, stderr) = finish(tutti(arguments));
        assert_eq!(code, 0, "{stderr}");
        assert_eq!(stderr.matches("warning[T0021]").count(), 1, "{stderr}");
        assert!(stderr.contains("the flow has no thing \"Gte\""), "{stderr}");
    }
    fs::write(layout, "[]").unwrap();
    let (code, _, stderr) = finish(tutti(&["validate", flow]));
    assert_eq!(code, 2);
    assert!(stderr.contains("error[T0020]") && stderr.contains("sink.layout.json"), "{stderr}");
}

#[test]
fn a_password_in_the_address_of_a_store_is_refused_and_not_told() {
    let place = Workplace::new(&[]);
    let store = place.put_into_a_deaf_store();
    let flow = fs::read_to_string(place.path("copy.json")).unwrap();
    let address = store.local_addr().unwrap().to_string();
    for url in [format!("user:PW@{address}"), format!("{address}/?sig=PW")] {
        fs::write(place.path("copy.json"), flow.replace(&address, &url)).unwrap();
        for command in [&["validate", "copy.json"][..], &["run", "copy.json"]] {
            let (code, stdout, stderr) =
                finish(place.tutti(&[command, &["--param", "input=in"]].concat()));
            assert_eq!(code, 2, "{stderr}");
            assert!(stderr.contains("Secret Access Key") || stdout.contains("Secret Access Key"));
            assert!(!stdout.contains("PW") && !stderr.contains("PW"), "{stdout}{stderr}");
        }
    }
}

#[test]
fn a_folder_stands_for_the_flows_in_it() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["sink.json", "more/sink.json"] {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, FLOW).unwrap();
    }
    fs::write(folder.path().join("notes.txt"), "no flow").unwrap();
    let (code, _, stderr) = finish(tutti(&["validate", folder.path().to_str().unwrap()]));
    assert_eq!(code, 0, "{stderr}");
    assert!(stderr.contains("2 flows checked: 0 errors"), "{stderr}");
    let (code, _, stderr) = finish(tutti(&["fmt", folder.path().to_str().unwrap()]));
    assert_eq!(code, 0, "{stderr}");
    fs::remove_file(folder.path().join("sink.json")).unwrap();
    fs::remove_dir_all(folder.path().join("more")).unwrap();
    for command in ["validate", "fmt"] {
        let (code, _, stderr) = finish(tutti(&[command, folder.path().to_str().unwrap()]));
        assert_eq!(code, 2, "{stderr}");
        assert!(stderr.contains("there is no flow"), "{stderr}");
    }
}
