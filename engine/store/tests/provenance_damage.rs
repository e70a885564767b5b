//! Damage to the provenance log is told when it is opened, and what comes after it is found.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to fail")]

mod common;

use common::{Memory, event, flowfile, manual};
use tutti_model::flowfile::Content;
use tutti_model::provenance::EventType;
use tutti_store::{Commit, Folder, Options, Repository, Search};

fn happen(repository: &Repository, name: &str) {
    let events = vec![event(&flowfile(repository, name, Content::Empty), EventType::Create)];
    repository.commit(Commit { events, ..Commit::default() }).unwrap();
    repository.flush().unwrap();
}

fn found(repository: &Repository) -> Vec<String> {
    let events = repository.search(&Search::newest(100)).unwrap().events;
    let name = |attributes: &tutti_model::flowfile::Attributes| {
        attributes.get("filename").unwrap().to_string()
    };
    events.iter().map(|event| name(&event.attributes)).collect()
}

/// A log of several files.
fn filled() -> (Memory, Options, Vec<String>) {
    let memory = Memory::new();
    let options = Options { provenance_bytes_max: 16_000, ..manual() };
    let repository = memory.open(options.clone());
    for number in 0..40 {
        happen(&repository, &format!("{number:0100}"));
    }
    drop(repository);
    let names: Vec<_> =
        memory.provenance.list().unwrap().into_iter().map(|(name, _)| name).collect();
    assert!(names.len() > 3, "{names:?}");
    (memory, options, names)
}

#[test]
fn what_is_not_damaged_is_not_told_of() {
    let (memory, options, _) = filled();
    assert!(memory.open(options).recovery().provenance_damage.is_empty());
}

#[test]
fn a_file_of_zeros_is_told_and_what_comes_later_is_found() {
    for index in 0..filled().2.len() {
        let (memory, options, names) = filled();
        assert!(memory.provenance.damage(&names[index], |bytes| bytes.fill(0)));
        let repository = memory.open(options.clone());
        let damage = &repository.recovery().provenance_damage;
        assert_eq!(damage.len(), 1, "{damage:?}");
        assert!(damage[0].to_string().contains(&names[index]), "{damage:?}");
        assert_eq!(repository.bulletins().newest(9).len(), 1);
        happen(&repository, "later");
        drop(repository);
        assert_eq!(found(&memory.open(options))[0], "later");
    }
}

#[test]
fn a_file_that_is_gone_is_told() {
    for index in 1..filled().2.len() {
        let (memory, options, names) = filled();
        memory.provenance.remove(&names[index]).unwrap();
        memory.provenance.sync().unwrap();
        let repository = memory.open(options.clone());
        let damage = &repository.recovery().provenance_damage;
        assert_eq!(damage.len(), 1, "{damage:?}");
        assert!(damage[0].to_string().contains(&names[index]), "{damage:?}");
        happen(&repository, "later");
        assert_eq!(found(&repository)[0], "later");
    }
}
