//! Every event has a number, and is found by it: in memory, in files, after a restart, a crash and
//! when the eldest were given up.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends")]

mod common;

use std::collections::BTreeSet;

use common::{Memory, event, flowfile, manual};
use tutti_model::flowfile::Content;
use tutti_model::provenance::EventType;
use tutti_store::{Commit, Folder, Options, Repository, Search};

/// Few enough that the log has several files.
const LOG_BYTES_MAX: u64 = 16 * 1024;

fn open(memory: &Memory) -> Repository {
    memory.open(Options { provenance_bytes_max: LOG_BYTES_MAX, ..manual() })
}

/// One commit with so many events, whose flowfiles have these numbers as names.
fn tell(repository: &Repository, numbers: std::ops::Range<u64>) {
    let events = numbers.map(|number| {
        let name = format!("{number} {}", "x".repeat(50));
        event(&flowfile(repository, &name, Content::Empty), EventType::Create)
    });
    repository.commit(Commit { events: events.collect(), ..Commit::default() }).unwrap();
}

/// The events with these numbers that are there, each of them the right one.
fn find(repository: &Repository, numbers: &[u64]) -> Vec<u64> {
    let wanted: BTreeSet<u64> = numbers.iter().copied().collect();
    let search = Search { numbers: wanted.clone(), ..Search::newest(numbers.len()) };
    let found = repository.search(&search).unwrap();
    assert!(found.damaged.is_empty(), "{:?}", found.damaged);
    for logged in &found.events {
        let name = logged.attributes.get("filename").unwrap();
        assert!(name.starts_with(&format!("{} ", logged.number)), "{name}: {}", logged.number);
    }
    found.events.into_iter().map(|logged| logged.number).collect()
}

#[test]
fn an_event_is_found_by_its_number_wherever_it_is() {
    let memory = Memory::new();
    let repository = open(&memory);
    let mut next = 1;
    for _ in 0..30 {
        tell(&repository, next..next + 3);
        repository.flush().unwrap();
        next += 3;
    }
    // Two commits on their way, and one that is lost.
    tell(&repository, 91..93);
    tell(&repository, 93..94);
    assert_eq!(find(&repository, &[0, 93, 1, 50, 91, 94]), [93, 91, 50, 1]);
    assert!(memory.provenance.list().unwrap().len() > 3, "all is in one file");
    repository.flush().unwrap();
    tell(&repository, 94..95);
    memory.crash();
    drop(repository);
    memory.crash();

    let repository = open(&memory);
    assert_eq!(find(&repository, &[94]), Vec::<u64>::new());
    tell(&repository, 94..96);
    repository.close().unwrap();
    let repository = open(&memory);
    assert_eq!(find(&repository, &[95, 94, 93, 2]), [95, 94, 93, 2]);

    // Until the eldest are gone.
    let mut next = 96;
    while find(&repository, &[1]) == [1] {
        assert!(next < 10_000, "nothing is given up");
        tell(&repository, next..next + 20);
        repository.flush().unwrap();
        next += 20;
    }
    assert_eq!(find(&repository, &[1, next, next - 1]), [next - 1]);
}
