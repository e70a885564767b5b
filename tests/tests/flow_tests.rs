//! The tests of all flows of the repository pass, take nearly every relationship, and can fail.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to fail")]

use std::fs;
use std::process::{Command, Output};

use tutti_tests::binary::{self, repository};

/// Of a hundred relationships so many are taken by some test.
const COVERAGE_MIN: &str = "95";

fn test(arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(binary::path());
    command.arg("test").args(arguments).current_dir(repository());
    let Output { status, stdout, stderr } = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (status.code(), text(stdout) + &text(stderr))
}

#[test]
fn the_tests_of_all_flows_pass_and_take_nearly_every_relationship() {
    let (code, told) = test(&["flows", "--min-coverage", COVERAGE_MIN]);
    assert_eq!(code, Some(0), "{told}");
    let all = fs::read_dir(repository().join("flows")).unwrap();
    let names: Vec<String> =
        all.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    // A flow has no dot in its name but the last; its tests and its layout do.
    for flow in names.iter().filter_map(|name| name.strip_suffix(".json")) {
        let tests = format!("{flow}.tests.json");
        let is_flow = !flow.contains('.');
        assert!(!is_flow || names.contains(&tests), "{flow} has no tests: add flows/{tests}");
    }
}

#[test]
fn a_flow_that_is_broken_does_not_pass() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["route-on-attribute.json", "route-on-attribute.tests.json", "data/tone.wav"] {
        let to = folder.path().join(name);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(repository().join("flows").join(name), to).unwrap();
    }
    let path = folder.path().display().to_string();
    assert_eq!(test(&[&path]).0, Some(0));
    let flow = folder.path().join("route-on-attribute.json");
    let text = fs::read_to_string(&flow).unwrap();
    fs::write(&flow, text.replace("gt(1000)", "gt(1001)")).unwrap();
    let (code, told) = test(&[&path]);
    assert_eq!(code, Some(1), "{told}");
    assert!(told.contains("FAILED"), "{told}");
}
