//! What a repository promises when a flush or a life of it is cut short.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends")]

use tutti_model::flowfile::Content;
use tutti_model::provenance::EventType;
use tutti_store::{Commit, Options, Renames, Repository, Search, StateChange};

mod common;

use common::*;

/// A crash after a flush whose `call`th call of the stores failed, and the next start.
fn crash_in_flush(memory: &Memory, repository: Repository, call: u64) -> Repository {
    memory.faults.fail_nth(call);
    let _ = repository.flush();
    memory.faults.fail_nth(0);
    drop(repository);
    memory.crash();
    memory.open(manual())
}

#[test]
fn an_epoch_that_is_tried_again_tells_its_events_once_whichever_call_failed() {
    for call in 1.. {
        let memory = Memory::new();
        let repository = memory.open(manual());
        let file = flowfile(&repository, "x", Content::Empty);
        let events = vec![event(&file, EventType::Create)];
        repository.commit(Commit { events, ..Commit::default() }).unwrap();
        memory.faults.fail_nth(call);
        let failed = repository.flush().is_err();
        memory.faults.fail_nth(0);
        assert_eq!(repository.search(&Search::newest(10)).unwrap().events.len(), 1);
        repository.flush().unwrap();
        memory.crash();
        let repository = memory.open(manual());
        let found = repository.search(&Search::newest(10)).unwrap();
        assert_eq!((found.events.len(), found.damaged.len()), (1, 0), "call {call} failed");
        if !failed {
            assert!(call > 6, "too few calls to be a flush");
            return;
        }
    }
}

#[test]
fn a_crash_within_the_first_flush_leaves_a_log_that_can_be_written_to() {
    for call in 1..=9 {
        let memory = Memory::new();
        let repository = memory.open(manual());
        let file = flowfile(&repository, "x", Content::Empty);
        let events = vec![event(&file, EventType::Create)];
        repository.commit(Commit { events, ..Commit::default() }).unwrap();
        let repository = crash_in_flush(&memory, repository, call);
        let before = repository.search(&Search::newest(10)).unwrap().events.len();
        let file = flowfile(&repository, "y", Content::Empty);
        let events = vec![event(&file, EventType::Create)];
        repository.commit(Commit { events, ..Commit::default() }).unwrap();
        repository.flush().unwrap();
        let found = repository.search(&Search::newest(10)).unwrap();
        assert_eq!((found.events.len(), found.damaged.len()), (before + 1, 0), "call {call}");
    }
}

#[test]
fn after_a_crash_all_of_a_commit_has_its_new_names_or_nothing_has() {
    let mut is_renamed = Vec::new();
    for call in 1..=9 {
        let memory = Memory::new();
        let repository = memory.open(manual());
        let (first, second) =
            (repository.open_queue("a").unwrap(), repository.open_queue("b").unwrap());
        put(&repository, first, "x");
        let set = |component: &str, key: &str| StateChange {
            component: component.into(),
            key: key.into(),
            value: Some("here".into()),
        };
        let state = vec![set("Get", "seen"), set("Put", "done")];
        repository.commit(Commit { state, ..Commit::default() }).unwrap();
        repository.flush().unwrap();
        let edit = Commit {
            // The first two swap their names.
            renames: Some(Box::new(Renames {
                queues: [(first, "b".into()), (second, "a".into())].into(),
                components: [("Get".into(), "Put".into()), ("Put".into(), "List".into())].into(),
            })),
            state: vec![set("flow", "text"), set("Put", "more")],
            ..Commit::default()
        };
        repository.commit(edit).unwrap();
        let repository = crash_in_flush(&memory, repository, call);
        let queues = repository.queues();
        let names = |component: &str| {
            let state = repository.state(component);
            state.values.iter().map(|(name, _)| name.to_owned()).collect::<Vec<_>>()
        };
        let found = ["Get", "Put", "List", "flow"].map(names);
        let is_new = queues["b"] == first;
        is_renamed.push(is_new);
        let (holds, expected): (_, [&[&str]; 4]) = if is_new {
            ("b", [&[], &["more", "seen"], &["done"], &["text"]])
        } else {
            ("a", [&["seen"], &["done"], &[], &[]])
        };
        assert_eq!(found, expected, "call {call}");
        assert_eq!(queues.len(), 2);
        assert_eq!(common::names(take_all(&repository, queues[holds])), ["x"], "call {call}");
    }
    assert!(is_renamed.contains(&true) && is_renamed.contains(&false), "{is_renamed:?}");
}

#[test]
fn another_attempt_takes_nothing_back_that_a_failed_one_made_durable() {
    for (first, second) in (1..=9).flat_map(|first| (1..=9).map(move |second| (first, second))) {
        let memory = Memory::new();
        let repository = memory.open(manual());
        let queue = repository.open_queue("q").unwrap();
        repository.flush().unwrap();
        let file = flowfile(&repository, "x", Content::Empty);
        let events = vec![event(&file, EventType::Create)];
        let put = vec![(queue, file)];
        repository.commit(Commit { events, put, ..Commit::default() }).unwrap();
        for call in [first, second] {
            memory.faults.fail_nth(call);
            let _ = repository.flush();
        }
        memory.faults.fail_nth(0);
        memory.crash();
        drop(repository);
        let repository = memory.open(manual());
        let damage = &repository.recovery().provenance_damage;
        assert!(damage.is_empty(), "calls {first} and {second} failed: {damage:?}");
        let events = repository.search(&Search::newest(10)).unwrap().events.len() as u64;
        assert_eq!(events, repository.counts(queue).unwrap().flowfiles, "{first} and {second}");
    }
}

#[test]
fn a_folder_that_was_closed_or_dropped_can_be_opened_at_once() {
    let folder = tempfile::tempdir().unwrap();
    for number in 0..40 {
        let repository = Repository::open(folder.path(), Options::default()).unwrap();
        let queue = repository.open_queue("q").unwrap();
        put(&repository, queue, "x");
        if number % 2 == 0 {
            repository.close().unwrap();
        } else {
            drop(repository);
        }
    }
}
