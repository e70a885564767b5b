//! `tutti test`.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{finish, tutti};

/// Counts the letters of what comes, and lets go of the rest.
const FLOW: &str = r#"{
  "format": 1,
  "name": "words",
  "processors": {
    "Decide": {
      "type": "RouteOnAttribute",
      "properties": { "long": "${fileSize:gt(3)}" },
      "autoTerminate": ["unmatched"]
    },
    "Make": { "type": "GenerateFlowFile", "properties": { "Custom Text": "word" } },
    "Put": {
      "type": "PutFile",
      "properties": { "Directory": "/nowhere/${letter}" },
      "autoTerminate": ["failure", "success"]
    }
  },
  "connections": [
    { "from": "Decide", "relationships": ["long"], "to": "Put" },
    { "from": "Make", "relationships": ["success"], "to": "Decide" }
  ]
}"#;

/// A folder with the flow, and with these tests of it.
fn folder(tests: &Value) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("words.json"), FLOW).unwrap();
    let text = json!({ "format": 1, "tests": tests }).to_string();
    fs::write(folder.path().join("words.tests.json"), text).unwrap();
    folder
}

fn test(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = tutti(&["test"]);
    command.args(arguments).current_dir(folder);
    finish(command)
}

/// What is given, and where it is expected.
fn routed(given: &str, to: &str) -> Value {
    let mut test = json!({ "given": { "Make": [given] }, "expect": { "Decide": {} } });
    test["expect"]["Decide"][to] = json!([given]);
    if to == "long" {
        test["expect"]["Put"] = json!({ "success": 1 });
    }
    test
}

#[test]
fn what_is_as_expected_passes_and_tells_what_no_test_takes() {
    let folder = folder(&json!({ "a long one": routed("words", "long") }));
    let (code, stdout, stderr) = test(folder.path(), &[]);
    assert_eq!((code, stderr.as_str()), (0, ""), "{stdout}");
    let expected = "./words.tests.json\n  ok      a long one\n\n./words.json: no test takes \
                    Decide [unmatched], Put [failure]\n1 test of 1 flow: 1 passed, 0 failed\n\
                    3 of 5 relationships taken: 60 %\n";
    assert_eq!(stdout, expected);
    for path in ["words.json", "words.tests.json", "."] {
        assert_eq!(test(folder.path(), &[path]).0, 0, "{path}");
    }
    assert!(!Path::new("/nowhere").exists(), "a test writes nothing outside");
}

#[test]
fn what_is_not_as_expected_fails_with_both_sides_and_the_place() {
    let folder = folder(&json!({
        "a long one": routed("words", "long"),
        "a short one": routed("an", "long"),
    }));
    let (code, stdout, _) = test(folder.path(), &["words.json"]);
    assert_eq!(code, 1, "{stdout}");
    for part in [
        "  ok      a long one\n  FAILED  a short one\n",
        "FAILED words.tests.json: a short one\n",
        "  Decide [long]: the number of flowfiles is not as expected\n    --> words.tests.json:1:",
        "\n    expected: 1\n         got: 0\n",
        "  Decide [unmatched]: 1 flowfile that nobody expected",
        "           \"an\"\n",
        "2 tests of 1 flow: 1 passed, 1 failed\n",
    ] {
        assert!(stdout.contains(part), "{part}\n---\n{stdout}");
    }
}

#[test]
fn tests_are_chosen_by_their_names_and_listed() {
    let tests = json!({ "a": routed("words", "long"), "ab": routed("an", "unmatched"),
        "c": routed("an", "long") });
    let folder = folder(&tests);
    let (code, stdout, _) = test(folder.path(), &["--filter", "a"]);
    assert_eq!(code, 0, "{stdout}");
    assert!(stdout.contains("2 tests of 1 flow: 2 passed"), "{stdout}");
    let (code, stdout, _) = test(folder.path(), &["--list", "--filter", "b", "--filter", "c"]);
    assert_eq!((code, stdout.as_str()), (0, "./words.tests.json: ab\n./words.tests.json: c\n"));
    let (code, _, stderr) = test(folder.path(), &["--filter", "zebra"]);
    assert_eq!((code, stderr.contains("no test was run")), (1, true), "{stderr}");
}

#[test]
fn too_few_relationships_fail_and_flows_without_tests_count() {
    let folder = folder(&json!({ "a long one": routed("words", "long") }));
    assert_eq!(test(folder.path(), &["--min-coverage", "60"]).0, 0);
    let (code, _, stderr) = test(folder.path(), &["--min-coverage", "61"]);
    assert_eq!(code, 1);
    assert!(stderr.contains("too few relationships are taken: 60 % and not 61 %"), "{stderr}");
    fs::write(folder.path().join("other.json"), FLOW.replace("\"words\"", "\"other\"")).unwrap();
    let (code, stdout, _) = test(folder.path(), &["--min-coverage", "60", "."]);
    assert_eq!(code, 1);
    assert!(stdout.contains("3 of 10 relationships taken: 30 %"), "{stdout}");
    let (code, _, stderr) = test(folder.path(), &["other.json"]);
    assert_eq!(code, 2);
    assert!(stderr.contains("has no tests") && stderr.contains("other.tests.json"), "{stderr}");
}

#[test]
fn programs_read_json_and_junit() {
    let folder = folder(&json!({ "a & b": routed("words", "long"), "c": routed("an", "long") }));
    let (code, stdout, _) = test(folder.path(), &["--json", "--junit", "out.xml"]);
    assert_eq!(code, 1);
    let told: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!(
        (&told["passed"], &told["failed"], &told["coverage"]),
        (&json!(1), &json!(1), &json!(80))
    );
    let tests = &told["flows"][0]["tests"];
    assert_eq!((&tests[0]["name"], &tests[0]["passed"]), (&json!("a & b"), &json!(true)));
    assert_eq!(tests[1]["failures"][0]["line"], 1);
    let missed = &told["flows"][0]["missed"];
    assert_eq!(missed, &json!([{ "processor": "Put", "relationship": "failure" }]));
    let xml = fs::read_to_string(folder.path().join("out.xml")).unwrap();
    assert!(xml.contains("<testcase name=\"a &amp; b\" classname=\"words\""), "{xml}");
    assert!(xml.contains("tests=\"2\" failures=\"1\""), "{xml}");
    let (code, _, stderr) = test(folder.path(), &["--junit", "not/there.xml"]);
    assert_eq!((code, stderr.contains("cannot write")), (2, true), "{stderr}");
}

#[test]
fn mistakes_are_told_with_their_places_and_nothing_is_run() {
    let folder = folder(&json!({ "a": { "given": { "Mkae": ["x"] },
        "expect": { "Decide": { "lnog": 1 } } } }));
    let (code, stdout, stderr) = test(folder.path(), &[]);
    assert_eq!((code, stdout.as_str()), (2, ""), "{stderr}");
    for part in [
        "error[T0401]: the flow has no processor \"Mkae\"",
        "help: did you mean \"Make\"?",
        "the flow has no relationship of \"Decide\" called \"lnog\"",
        "in test \"a\"",
        "no test is run",
    ] {
        assert!(stderr.contains(part), "{part}\n---\n{stderr}");
    }
    let (code, _, stderr) = finish({
        let mut command = tutti(&["validate", "words.json"]);
        command.current_dir(folder.path());
        command
    });
    assert_eq!(code, 2);
    assert!(stderr.contains("1 flow and 1 file of tests checked: 2 errors"), "{stderr}");
    fs::remove_file(folder.path().join("words.json")).unwrap();
    let (code, _, stderr) = test(folder.path(), &[]);
    assert_eq!((code, stderr.contains("cannot read \"./words.json\"")), (2, true), "{stderr}");
}

#[test]
fn rubbish_is_told() {
    let folder = folder(&json!({}));
    let long = format!("{{\"format\":1,\"tests\":{}", "[".repeat(200_000));
    for text in ["", "{", "[]", "\u{0}", "{\"format\": 3}", &long] {
        fs::write(folder.path().join("words.tests.json"), text).unwrap();
        let (code, stdout, stderr) = test(folder.path(), &[]);
        assert_eq!((code, stdout.as_str()), (2, ""), "{stderr}");
        assert!(stderr.starts_with("error["), "{stderr}");
    }
    fs::write(folder.path().join("words.tests.json"), b"\xff\xfe\x00").unwrap();
    assert_eq!(test(folder.path(), &[]).0, 2);
    fs::write(folder.path().join("words.tests.json"), vec![b' '; 17 << 20]).unwrap();
    assert_eq!(test(folder.path(), &[]).0, 2);
}

#[test]
fn a_flow_without_end_is_ended_and_told() {
    let folder = folder(&json!({ "for ever": { "expect": { "Make": { "success": 3 } } } }));
    let (code, stdout, _) = test(folder.path(), &[]);
    assert_eq!(code, 1);
    assert!(stdout.contains("it is still busy"), "{stdout}");
    assert!(stdout.contains("the source \"Make\" has made"), "{stdout}");
    assert!(stdout.contains("says \"runFor\""), "{stdout}");
}

#[test]
fn the_same_tests_give_the_same_results_however_many_run_at_a_time() {
    let mut tests = json!({});
    for number in 0..12 {
        tests[format!("{number}")] = json!({ "runFor": "5 mins", "seed": number,
            "expect": { "Make": { "success": [{ "attributes": { "uuid": "x" } }] } } });
    }
    let folder = folder(&tests);
    let told = |jobs: &str| test(folder.path(), &["--jobs", jobs]).1;
    let one = told("1");
    assert!(one.contains("0 passed, 12 failed"), "{one}");
    assert_eq!(told("4"), one);
}

#[test]
fn what_is_let_out_works_in_a_folder_of_its_own() {
    let flow = FLOW.replace("/nowhere/${letter}", "#{output}/${letter}").replace(
        "\"processors\"",
        "\"parameterContext\": \"main\",\n  \"parameterContexts\": { \"main\": { \"parameters\": \
         { \"output\": {} } } },\n  \"processors\"",
    );
    let folder = folder(&json!({ "out": { "outside": true,
        "parameters": { "output": "{folder}/out" },
        "files": { "kept": "as it was" },
        "given": { "Make": [
            { "attributes": { "letter": "w", "filename": "f" }, "content": "words" } ] },
        "expect": { "Put": { "success": 1 } },
        "written": { "out/w/f": "words" } } }));
    fs::write(folder.path().join("words.json"), &flow).unwrap();
    let (code, stdout, stderr) = test(folder.path(), &[]);
    assert_eq!(code, 0, "{stdout}{stderr}");
    let other = fs::read_to_string(folder.path().join("words.tests.json")).unwrap();
    let other = other.replace("\"out/w/f\":\"words\"", "\"out/w/g\":\"words\"");
    fs::write(folder.path().join("words.tests.json"), other).unwrap();
    let (code, stdout, _) = test(folder.path(), &[]);
    assert_eq!(code, 1);
    assert!(stdout.contains("the file \"out/w/g\" is not there"), "{stdout}");
    assert!(
        stdout.contains("the file \"out/w/f\" was written, and nobody expected it"),
        "{stdout}"
    );
}

#[test]
fn the_schema_of_tests_is_that_of_the_documentation() {
    let (code, stdout, _) = finish(tutti(&["schema", "--tests"]));
    assert_eq!((code, stdout), (0, fs::read_to_string("../docs/tests.schema.json").unwrap()));
}
