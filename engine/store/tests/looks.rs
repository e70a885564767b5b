//! What somebody sees who looks at a repository and changes nothing.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use tutti_model::flowfile::Content;
use tutti_model::provenance::EventType;
use tutti_store::{Commit, Search, StateChange};

mod common;

use common::*;

#[test]
fn provenance_is_found_by_attributes() {
    let repository = Memory::new().open(manual());
    for name in ["a", "b"] {
        let mut file = flowfile(&repository, name, Content::Empty);
        file.set_attribute("filename", name);
        file.set_attribute(&format!("only.{name}"), "x");
        let events = vec![event(&file, EventType::Create)];
        repository.commit(Commit { events, ..Commit::default() }).unwrap();
    }
    for is_on_disk in [false, true] {
        if is_on_disk {
            repository.flush().unwrap();
        }
        let found = |wanted: &[(&str, Option<&str>)]| {
            let own = |(name, value): &(&str, Option<&str>)| {
                ((*name).to_owned(), value.map(str::to_owned))
            };
            let attributes = wanted.iter().map(own).collect();
            let result = repository.search(&Search { attributes, ..Search::newest(10) }).unwrap();
            let names = result.events.iter().map(|event| event.attributes.get("filename"));
            names.map(|name| name.unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(found(&[("filename", None)]), ["b", "a"]);
        assert_eq!(found(&[("filename", Some("a"))]), ["a"]);
        assert_eq!(found(&[("only.b", None), ("filename", Some("b"))]), ["b"]);
        assert_eq!(found(&[("only.b", None), ("filename", Some("a"))]), [""; 0]);
    }
}

#[test]
fn components_are_those_that_keep_something() {
    let repository = Memory::new().open(manual());
    for (component, value) in [("b", Some("1")), ("a", Some("1")), ("b", None)] {
        let (component, key) = (component.into(), "k".into());
        let state = vec![StateChange { component, key, value: value.map(Into::into) }];
        repository.commit(Commit { state, ..Commit::default() }).unwrap();
    }
    assert_eq!(repository.components(), ["a".into()]);
}
