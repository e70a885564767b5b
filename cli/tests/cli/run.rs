//! `tutti run`.

use std::fs;

use serde_json::Value;

use super::finish;
use super::workplace::{Workplace, names};

#[test]
fn what_went_in_comes_out_and_is_summed_up() {
    let place = Workplace::new(&["a", "b"]);
    let (code, stdout, stderr) = finish(place.run(&["--param", "output=out", "--json"]));
    assert_eq!(code, 0, "{stderr}");
    assert_eq!(names(&place.path("out")), ["a", "b"]);
    let summary: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!((&summary["ok"], &summary["failed"]), (&true.into(), &0.into()), "{stdout}");
    let put = summary["processors"].as_array().unwrap().iter().find(|each| each["path"] == "Put");
    assert_eq!(put.unwrap()["transferred"]["success"], 2, "{stdout}");
}

#[test]
fn a_flow_with_mistakes_is_not_run() {
    let place = Workplace::new(&["a"]);
    let text = fs::read_to_string(place.path("copy.json")).unwrap();
    fs::write(place.path("copy.json"), text.replace("PutFile", "PutFiel")).unwrap();
    let (code, stdout, stderr) = finish(place.run(&[]));
    assert_eq!((code, stdout.as_str()), (2, ""));
    assert!(stderr.contains("did you mean \"PutFile\"?"), "{stderr}");
    assert!(!place.path(".tutti").exists(), "nothing is made for it");
}

#[test]
fn a_data_folder_that_cannot_be_used_is_told_with_what_to_do() {
    let place = Workplace::new(&["a"]);
    fs::write(place.path("file"), "").unwrap();
    let (code, stdout, stderr) = finish(place.run(&["--data", "file"]));
    assert_eq!((code, stdout.as_str()), (1, ""));
    assert!(stderr.contains("error: cannot create \"file\""), "{stderr}");
    assert!(stderr.lines().nth(1).is_some_and(|line| line.starts_with("  ")), "{stderr}");
}
