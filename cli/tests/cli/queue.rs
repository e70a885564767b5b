//! `tutti queue`, `tutti provenance` and `tutti state`: what is in a data folder that no process
//! uses.

use std::fs;

use serde_json::Value;

use super::finish;
use super::workplace::{Workplace, names, waiting};

const QUEUE: &str = "copy/Get [success] -> Put";

fn call(place: &Workplace, arguments: &[&str]) -> (i32, String, String) {
    finish(place.tutti(&[arguments, &["--data", "data"]].concat()))
}

/// Each line as JSON.
fn lines(stdout: &str) -> Vec<Value> {
    stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn queues_and_their_flowfiles_are_listed() {
    let place = waiting();
    let (code, stdout, stderr) = call(&place, &["queue", "list"]);
    assert_eq!((code, stderr.as_str()), (0, ""));
    assert_eq!(stdout.trim(), format!("2               2 B  {QUEUE}"));
    let (_, stdout, _) = call(&place, &["queue", "list", "--json"]);
    assert_eq!(lines(&stdout)[0]["flowfiles"], 2, "{stdout}");
    let (code, stdout, _) = call(&place, &["queue", "list", QUEUE]);
    assert_eq!((code, stdout.lines().count()), (0, 2), "{stdout}");
    assert!(stdout.lines().next().unwrap().ends_with(" B  a"), "{stdout}");
    let (_, stdout, _) = call(&place, &["queue", "list", QUEUE, "--json", "--limit", "1"]);
    let listed = lines(&stdout);
    assert_eq!((listed.len(), &listed[0]["attributes"]["filename"]), (1, &"a".into()));
}

#[test]
fn one_flowfile_is_shown_with_its_content() {
    let place = waiting();
    let (code, stdout, _) = call(&place, &["queue", "peek", QUEUE]);
    assert!(code == 0 && stdout.contains("  filename: \"a\"\n"), "{stdout}");
    assert!(stdout.ends_with("\n\na\n"), "{stdout}");
    let (_, stdout, _) = call(&place, &["queue", "list", QUEUE, "--json"]);
    let second = lines(&stdout)[1]["uuid"].as_str().unwrap().to_owned();
    let (code, stdout, _) = call(&place, &["queue", "peek", QUEUE, "--uuid", &second]);
    assert!(code == 0 && stdout.ends_with("\n\nb\n"), "{stdout}");
    let (code, _, stderr) = call(&place, &["queue", "peek", QUEUE, "--uuid", "nobody"]);
    assert!(code == 1 && stderr.contains("there is no flowfile \"nobody\""), "{stderr}");
    let (code, _, stderr) = call(&place, &["queue", "peek", "copy/Get [success] -> Pit"]);
    assert!(code == 1 && stderr.contains(&format!("did you mean \"{QUEUE}\"?")), "{stderr}");
}

#[test]
fn what_is_exported_stays_in_the_queue() {
    let place = waiting();
    for _ in 0..2 {
        let (code, stdout, stderr) = call(&place, &["queue", "export", QUEUE, "--to", "out"]);
        assert_eq!((code, stdout.as_str()), (0, ""), "{stderr}");
        assert_eq!(stderr, "written to \"out\": 2\n");
    }
    let written = names(&place.path("out"));
    assert_eq!(written.len(), 4, "{written:?}");
    assert_eq!(fs::read_to_string(place.path("out").join(&written[0])).unwrap(), "a");
    let text = fs::read_to_string(place.path("out").join(&written[1])).unwrap();
    let attributes: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(attributes["attributes"]["filename"], "a", "{text}");
    let (code, _, stderr) = finish(place.run(&["--data", "data"]));
    assert_eq!((code, stderr.as_str()), (0, ""));
    assert_eq!(names(&place.path("default")), ["a", "b"]);
}

#[test]
fn provenance_is_searched_by_whatever_is_asked() {
    let place = waiting();
    let count = |arguments: &[&str]| {
        let (code, stdout, stderr) = call(&place, &[&["provenance", "--json"], arguments].concat());
        assert_eq!(code, 0, "{stderr}");
        lines(&stdout).len()
    };
    let all = count(&[]);
    assert!(all >= 2, "{all}");
    assert_eq!(count(&["--type", "receive"]), 2);
    assert_eq!(count(&["--type", "RECEIVE", "--attribute", "filename=a"]), 1);
    assert_eq!(count(&["--attribute", "filename", "--processor", "Get", "--flow", "copy"]), all);
    assert_eq!(count(&["--attribute", "nothing"]), 0);
    assert_eq!(count(&["--processor", "Put"]), 0);
    assert_eq!(count(&["--until", "2001-01-01"]), 0);
    assert_eq!(count(&["--from", "2001-01-01T00:00:00Z"]), all);
    assert_eq!(count(&["--limit", "1"]), 1);
    assert_eq!(count(&["--event", "1"]), 1);
    assert_eq!(count(&["--event", "1", "--event", "2", "--event", "4711"]), 2);
    let (_, stdout, _) = call(&place, &["provenance", "--json", "--attribute", "filename=b"]);
    let uuid = lines(&stdout)[0]["uuid"].as_str().unwrap().to_owned();
    let (code, stdout, _) = call(&place, &["provenance", "--uuid", &uuid, "--type", "RECEIVE"]);
    assert!(code == 0 && stdout.contains("  RECEIVE              \"copy/Get\"  "), "{stdout}");
    let (code, _, stderr) = call(&place, &["provenance", "--type", "LOST"]);
    assert!(code == 2 && stderr.contains("CREATE, RECEIVE"), "{stderr}");
}

#[test]
fn state_is_shown_exported_and_cleared() {
    let place = Workplace::new(&["a"]);
    let (code, _, stderr) = finish(place.run(&["--data", "data"]));
    assert_eq!(code, 0, "{stderr}");
    let (code, stdout, _) = call(&place, &["state", "show"]);
    assert!(code == 0 && stdout.trim_end().ends_with("copy/Get"), "{stdout}");
    let (code, stdout, _) = call(&place, &["state", "show", "copy/Get"]);
    assert!(code == 0 && !stdout.is_empty(), "{stdout}");
    let (_, stdout, _) = call(&place, &["state", "export"]);
    let exported: Value = serde_json::from_str(&stdout).unwrap();
    assert!(exported["copy/Get"].as_object().is_some_and(|state| !state.is_empty()), "{stdout}");
    let (code, _, stderr) = call(&place, &["state", "clear", "copy/Gte", "--yes"]);
    assert!(code == 1 && stderr.contains("did you mean \"copy/Get\"?"), "{stderr}");
    let (code, _, _) = call(&place, &["state", "clear", "copy/Get"]);
    assert_eq!(code, 2, "it wants --yes");
    let (code, stdout, stderr) = call(&place, &["state", "clear", "copy/Get", "--yes"]);
    assert!(code == 0 && stdout.starts_with("forgotten: "), "{stderr}");
    assert_eq!(call(&place, &["state", "show"]).1, "");
    fs::remove_file(place.path("default/a")).unwrap();
    let (code, _, stderr) = finish(place.run(&["--data", "data"]));
    assert_eq!((code, names(&place.path("default")).len()), (0, 1), "{stderr}");
}

#[test]
fn only_of_a_data_folder_that_is_there_and_free() {
    let place = waiting();
    for command in [&["queue", "list"][..], &["provenance"], &["state", "show"]] {
        let nowhere = [command, &["--data", "nowhere"]].concat();
        let (code, _, stderr) = finish(place.tutti(&nowhere));
        assert_eq!(code, 1, "{stderr}");
        assert!(stderr.contains("there is no data folder \"nowhere\""), "{stderr}");
        assert!(!place.path("nowhere").exists());
    }
    let folder = fs::File::open(place.path("data")).unwrap();
    folder.lock().unwrap();
    let (code, _, stderr) = call(&place, &["queue", "list"]);
    assert!(code == 1 && stderr.contains("is in use by"), "{stderr}");
    assert!(stderr.contains("stop the other process"), "{stderr}");
}
