//! `tutti services`.

use serde_json::Value;

use super::{finish, tutti};

#[test]
fn types_of_services_are_listed_and_shown() {
    let (code, stdout, stderr) = finish(tutti(&["services", "list"]));
    assert_eq!((code, stderr.as_str()), (0, ""));
    assert!(stdout.lines().any(|line| line.starts_with("MapCache  ")), "{stdout}");
    let (_, json, _) = finish(tutti(&["services", "list", "--json"]));
    let all: Vec<Value> = serde_json::from_str(&json).unwrap();
    assert_eq!(all.len(), stdout.lines().count());
    let (code, page, _) = finish(tutti(&["services", "show", "MapCache"]));
    assert_eq!(code, 0);
    for part in ["Maximum Cache Entries", "Eviction Strategy", "It is a map cache"] {
        assert!(page.contains(part), "{part} is missing in\n{page}");
    }
    let (_, json, _) = finish(tutti(&["services", "show", "MapCache", "--json"]));
    let shown: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(shown["offers"], "map cache");
    let mut members: Vec<_> = shown.as_object().unwrap().keys().map(String::as_str).collect();
    members.sort_unstable();
    let expected = "description dynamicProperties exampleFlow offers properties summary tags type";
    assert_eq!(members, expected.split(' ').collect::<Vec<_>>());
}

#[test]
fn a_misspelt_service_is_answered_with_the_right_one() {
    let (code, stdout, stderr) = finish(tutti(&["services", "show", "MapCash"]));
    assert_eq!((code, stdout.as_str()), (2, ""));
    let told = "there is no service \"MapCash\": did you mean \"MapCache\"?";
    assert!(stderr.contains(told), "{stderr}");
}
