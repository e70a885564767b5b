//! A disk that refuses writes for a while, however long: what was confirmed is there, what was not
//! is there wholly or not at all, and when the disk takes writes again all goes on by itself.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends")]

mod common;

use std::io::Write;

use common::{Memory, event, flowfile, manual, read};
use tutti_model::flowfile::{Content, ContentSlice};
use tutti_model::provenance::EventType;
use tutti_store::{
    ClaimGuard, Commit, Durability, QueueId, Repository, Search, StateChange, Ticket,
};

/// One in a block of its own, one of several blocks.
const LENGTHS: [usize; 2] = [100, 150_000];

fn bytes(name: &str, length: usize) -> Vec<u8> {
    name.bytes().cycle().take(length).collect()
}

/// Writes content, again and again until the disk takes it.
fn written(repository: &Repository, bytes: &[u8], refused: &mut u64) -> ClaimGuard {
    loop {
        let mut writer = repository.create_content();
        match writer.write_all(bytes).and_then(|()| Ok(writer.finish()?)) {
            Ok(guard) => return guard,
            Err(_) => *refused += 1,
        }
    }
}

/// Commits two flowfiles with content, their events, and a change of state.
fn commit(repository: &Repository, queue: QueueId, name: &str, refused: &mut u64) -> Ticket {
    let mut commit = Commit::default();
    let mut guards = Vec::new();
    for length in LENGTHS {
        let guard = written(repository, &bytes(name, length), refused);
        let content = Content::Stored(ContentSlice::whole(guard.claim()));
        let file = flowfile(repository, name, content);
        commit.events.push(event(&file, EventType::Create));
        commit.put.push((queue, file));
        guards.push(guard);
    }
    commit.state.push(StateChange {
        component: "test".into(),
        key: name.into(),
        value: Some("done".into()),
    });
    repository.commit(commit).unwrap()
}

/// The names of the commits that are there: with all that belongs to them, or not at all.
fn found(repository: &Repository) -> Vec<String> {
    assert!(repository.recovery().quarantined.is_empty());
    assert!(repository.recovery().provenance_damage.is_empty());
    let queue = repository.open_queue("q").unwrap();
    let mut names = Vec::new();
    for (at, listed) in repository.list(queue, 0, 100).unwrap().iter().enumerate() {
        let name = listed.flowfile.attribute("filename").unwrap();
        let Content::Stored(slice) = listed.flowfile.content() else { unreachable!() };
        assert!(read(repository, slice) == bytes(name, LENGTHS[at % 2]), "content of {name}");
        names.push(name.to_owned());
    }
    let events = repository.search(&Search::newest(100)).unwrap();
    assert!(events.damaged.is_empty());
    let told = events.events.iter().rev().map(|event| event.attributes.get("filename").unwrap());
    assert!(told.eq(names.iter().map(String::as_str)));
    names.dedup();
    let state = repository.state("test").values;
    assert!(state.iter().map(|(name, _)| name).eq(names.iter().map(String::as_str)));
    names
}

/// A disk that refuses `failures` calls from the `first` on, and is cut off the power at the end,
/// or as soon as a flush has failed. Hands back how many calls it refused.
fn trouble(first: u64, failures: u64, is_cut_early: bool) -> u64 {
    let memory = Memory::new();
    let repository = memory.open(manual());
    let queue = repository.open_queue("q").unwrap();
    commit(&repository, queue, "a", &mut 0);
    repository.flush().unwrap();
    let mut refused = 0;
    memory.faults.fail_times(first, failures);
    let ticket = commit(&repository, queue, "b", &mut refused);
    while let Err(error) = repository.flush() {
        refused += 1;
        assert!(error.to_string().starts_with("cannot "), "{error}");
        assert!(refused <= failures, "it does not go on by itself");
        assert_eq!(ticket.outcome(), None);
        assert!(!repository.health().is_working());
        if is_cut_early {
            memory.faults.fail_nth(0);
            memory.crash();
            let names = found(&memory.open(manual()));
            assert!(["a", "b"].starts_with(&names.iter().map(|name| &**name).collect::<Vec<_>>()));
            assert_eq!(names[0], "a");
            return refused;
        }
    }
    memory.faults.fail_nth(0);
    assert_eq!(ticket.outcome(), Some(Durability::Durable));
    assert!(repository.health().is_working());
    let ticket = commit(&repository, queue, "c", &mut 0);
    memory.crash();
    assert_eq!(ticket.outcome(), None);
    assert_eq!(found(&memory.open(manual())), ["a", "b"], "and nothing of the third");
    refused
}

#[test]
fn nothing_is_lost_and_nothing_half_there_wherever_it_begins_and_however_long_it_lasts() {
    let mut most = 0;
    for failures in [1, 2, 3, 5, 9, 20] {
        for first in 1.. {
            let refused = trouble(first, failures, false);
            trouble(first, failures, true);
            most = most.max(refused);
            if refused == 0 {
                assert!(first > 8, "too few calls to be a commit and a flush");
                break;
            }
        }
    }
    assert!(most > 4, "{most} in a row");
}
