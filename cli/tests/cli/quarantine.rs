//! `tutti quarantine`, and what `tutti run` says of damage.

use std::fs;

use serde_json::Value;

use super::finish;
use super::workplace::{Workplace, names, waiting};

fn quarantine(place: &Workplace, arguments: &[&str]) -> (i32, String, String) {
    finish(place.tutti(&[&["quarantine"], arguments, &["--data", "data"]].concat()))
}

#[test]
fn without_its_content_a_folder_is_not_opened_and_nothing_is_lost() {
    let place = waiting();
    fs::rename(place.path("data/content"), place.path("elsewhere")).unwrap();
    for _ in 0..2 {
        let (code, stdout, stderr) = finish(place.run(&["--data", "data"]));
        assert_eq!((code, stdout.as_str()), (1, ""), "{stderr}");
        assert!(stderr.contains("files of flowfiles are missing (1)"), "{stderr}");
        assert!(stderr.contains("tutti quarantine add"), "{stderr}");
    }
    fs::remove_dir(place.path("data/content")).unwrap();
    fs::rename(place.path("elsewhere"), place.path("data/content")).unwrap();
    let (code, _, stderr) = finish(place.run(&["--data", "data"]));
    assert_eq!((code, stderr.as_str()), (0, ""));
    assert_eq!(names(&place.path("default")), ["a", "b"]);
}

#[test]
fn what_was_put_aside_is_told_at_every_start_until_it_is_back() {
    let place = waiting();
    fs::rename(place.path("data/content"), place.path("elsewhere")).unwrap();
    let (code, stdout, stderr) = quarantine(&place, &["add"]);
    assert_eq!((code, stdout.as_str()), (0, "put aside: 2\n"), "{stderr}");
    let (code, stdout, _) = quarantine(&place, &["list", "--json"]);
    let listed: Vec<Value> =
        stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((code, listed.len()), (0, 2), "{stdout}");
    assert_eq!(listed[0]["flowfile"]["attributes"]["filename"], "a", "{stdout}");
    assert_eq!(listed[0]["flowfile"]["bytes"], 1, "{stdout}");

    for _ in 0..2 {
        let (code, stdout, stderr) = finish(place.run(&["--data", "data", "--json"]));
        assert_eq!(code, 0, "{stderr}");
        assert!(stderr.contains("warning: 2 records"), "{stderr}");
        let summary: Value = serde_json::from_str(&stdout).unwrap();
        assert_eq!((&summary["putAside"], &summary["quarantined"]), (&0.into(), &2.into()));
    }
    let (code, stdout, stderr) = quarantine(&place, &["restore"]);
    assert_eq!((code, stdout.as_str()), (1, "back in their queues: 0\nstill put aside: 2\n"));
    assert_eq!(stderr.matches("still unusable: ").count(), 2, "{stderr}");

    let segments = names(&place.path("elsewhere"));
    for name in segments {
        fs::copy(place.path("elsewhere").join(&name), place.path("data/content").join(&name))
            .unwrap();
    }
    let (code, stdout, stderr) = quarantine(&place, &["restore"]);
    assert_eq!((code, stderr.as_str()), (0, ""), "{stdout}");
    let (code, _, stderr) = finish(place.run(&["--data", "data"]));
    assert_eq!((code, stderr.as_str()), (0, ""));
    assert_eq!(names(&place.path("default")), ["a", "b"]);
}

#[test]
fn damage_that_is_put_aside_fails_the_run_and_can_be_given_up() {
    let place = waiting();
    let segment = place.path("data/content").join(&names(&place.path("data/content"))[0]);
    let bytes = fs::read(&segment).unwrap();
    fs::write(&segment, &bytes[..bytes.len() - 1]).unwrap();
    let (code, stdout, stderr) = finish(place.run(&["--data", "data", "--json"]));
    let summary: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!((code, &summary["ok"], &summary["putAside"]), (1, &false.into(), &1.into()));
    assert!(stderr.contains("was put aside: content of flowfile"), "{stderr}");
    assert_eq!(names(&place.path("default")).len(), 1);
    let (code, stdout, _) = quarantine(&place, &["discard"]);
    assert_eq!((code, stdout.as_str()), (2, ""), "it wants --yes");
    let (code, stdout, _) = quarantine(&place, &["discard", "--yes"]);
    assert_eq!((code, stdout.as_str()), (0, "given up: 1\n"));
    let (code, _, stderr) = finish(place.run(&["--data", "data"]));
    assert!(code == 0 && !stderr.contains("put aside"), "{stderr}");
}

#[test]
fn only_of_a_data_folder_that_is_there() {
    let place = Workplace::new(&[]);
    for action in [&["list"][..], &["restore"], &["add"], &["discard", "--yes"]] {
        let (code, _, stderr) = quarantine(&place, action);
        assert_eq!(code, 1, "{action:?}: {stderr}");
        assert!(stderr.contains("there is no data folder \"data\""), "{stderr}");
        assert!(!place.path("data").exists());
    }
}
