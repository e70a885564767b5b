//! Runs, the files of long queues: what of them is damaged, missing or nobody's.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends")]

mod common;

use common::{Memory, NOW, manual, put};
use tutti_store::{
    Commit, Damage, Folder, GiveBack, Options, Pick, Quarantine, QueueId, Repository, Restored,
    StoreError,
};

const WINDOW: usize = 2;
const RUN: usize = 8;

fn options() -> Options {
    Options { window_flowfiles_max: WINDOW, run_flowfiles_max: RUN as u64, ..manual() }
}

/// A queue of so many flowfiles, called by their numbers.
fn filled(flowfiles: usize) -> (Memory, Repository, QueueId) {
    let memory = Memory::new();
    let repository = memory.open(options());
    let queue = repository.open_queue("q").unwrap();
    for number in 0..flowfiles {
        put(&repository, queue, &number.to_string());
    }
    repository.flush().unwrap();
    (memory, repository, queue)
}

/// The files of runs, and their names.
fn files(memory: &Memory) -> Vec<String> {
    memory.swap.list().unwrap().into_iter().map(|(name, _)| name).collect()
}

/// Takes everything, a few at a time, and ends it.
fn drain(repository: &Repository, queue: QueueId) -> Vec<usize> {
    let mut names = Vec::new();
    loop {
        let polled = repository.poll(queue, 3, NOW, &mut |_| Pick::Take).unwrap();
        if polled.is_empty() {
            return names;
        }
        let name = |flowfile: &tutti_model::flowfile::FlowFile| {
            flowfile.attribute("filename").unwrap().parse::<usize>().unwrap()
        };
        names.extend(polled.iter().map(|taken| name(&taken.flowfile)));
        let taken = polled.into_iter().map(|taken| taken.receipt).collect();
        repository.commit(Commit { taken, ..Commit::default() }).unwrap();
        repository.flush().unwrap();
    }
}

#[test]
fn a_long_queue_lies_in_files_that_end_with_it() {
    let (memory, repository, queue) = filled(WINDOW + 3 * RUN + 1);
    assert_eq!(files(&memory).len(), 3);
    let records = memory.records.keys().iter().filter(|key| key[0] == b'q').count();
    assert_eq!(records, WINDOW + 1, "what is in a run is nowhere else");
    assert_eq!(drain(&repository, queue), (0..=WINDOW + 3 * RUN).collect::<Vec<_>>());
    assert!(files(&memory).is_empty());
    let left = memory.records.keys().into_iter().filter(|key| b"qrg".contains(&key[0])).count();
    assert_eq!(left, 0, "neither records nor runs nor what is gone of them");
}

#[test]
fn a_run_of_which_little_is_left_is_given_up_for_records() {
    let (memory, repository, queue) = filled(WINDOW + RUN);
    let polled = repository.poll(queue, WINDOW + RUN, NOW, &mut |_| Pick::Take).unwrap();
    let (kept, gone) = polled.split_at(2);
    let taken = gone.iter().map(|taken| taken.receipt).collect();
    repository.commit(Commit { taken, ..Commit::default() }).unwrap();
    repository.flush().unwrap();
    assert!(files(&memory).is_empty(), "the window was not in the run, all of the run is gone");
    for taken in kept {
        repository.give_back(taken.receipt, GiveBack::default()).unwrap();
    }
    let (memory, repository, queue) = filled(WINDOW + RUN);
    let polled = repository.poll(queue, WINDOW + RUN, NOW, &mut |_| Pick::Take).unwrap();
    let (gone, kept) = polled.split_at(WINDOW + RUN - 2);
    let taken = gone.iter().map(|taken| taken.receipt).collect();
    repository.commit(Commit { taken, ..Commit::default() }).unwrap();
    repository.flush().unwrap();
    assert!(files(&memory).is_empty(), "two of eight are better kept as records");
    assert_eq!(kept.len(), 2);
    drop(repository);
    let repository = memory.open(options());
    assert_eq!(drain(&repository, queue), [WINDOW + RUN - 2, WINDOW + RUN - 1]);
}

#[test]
fn a_damaged_record_of_a_run_is_put_aside_and_the_rest_goes_on() {
    let (memory, repository, queue) = filled(WINDOW + RUN);
    memory.swap.damage(&files(&memory)[0], |bytes| {
        let last = bytes.len() - 1;
        bytes[last] ^= 1;
    });
    assert_eq!(drain(&repository, queue), (0..WINDOW + RUN - 1).collect::<Vec<_>>());
    assert_eq!(repository.damage(), Damage { put_aside: 1, vanished: 0 });
    assert_eq!(repository.counts(queue).unwrap().flowfiles, 0);
    drop(repository);
    assert_eq!(memory.open(options()).recovery().quarantined_before, 1);
}

#[test]
fn a_run_whose_table_is_damaged_is_put_aside_whole_and_comes_back() {
    let (memory, repository, queue) = filled(WINDOW + 2 * RUN);
    let name = files(&memory)[0].clone();
    memory.swap.damage(&name, |bytes| bytes[20] ^= 1);
    let left: Vec<usize> = (0..WINDOW).chain(WINDOW + RUN..WINDOW + 2 * RUN).collect();
    assert_eq!(drain(&repository, queue), left, "the rest goes on");
    assert_eq!(repository.damage(), Damage { put_aside: RUN, vanished: 0 });
    repository.close().unwrap();
    let repository = memory.open(options());
    assert_eq!(repository.recovery().quarantined_before, 1);
    assert_eq!(files(&memory), [name.as_str()], "it is kept");
    drop(repository);
    let quarantine = Quarantine::open_with(&memory.backend()).unwrap();
    assert_eq!(quarantine.restore(|_| ()).unwrap(), Restored { restored: 0, left: 1 });
    memory.swap.damage(&name, |bytes| bytes[20] ^= 1);
    assert_eq!(quarantine.restore(|_| ()).unwrap(), Restored { restored: 1, left: 0 });
    drop(quarantine);
    let repository = memory.open(options());
    assert_eq!(drain(&repository, queue), (WINDOW..WINDOW + RUN).collect::<Vec<_>>());
}

#[test]
fn a_folder_whose_run_is_missing_is_opened_only_when_that_is_wanted() {
    let (memory, repository, queue) = filled(WINDOW + RUN);
    drop(repository);
    memory.swap.remove(&files(&memory)[0]).unwrap();
    memory.swap.sync().unwrap();
    let error = Repository::open_with(&memory.backend(), options()).unwrap_err();
    let flowfiles = RUN as u64;
    assert!(
        matches!(&error, StoreError::MissingContent { files: 1, flowfiles: all, first }
            if *all == flowfiles && first.contains(".run")),
        "{error}"
    );
    let repository = memory.open(Options { puts_missing_content_aside: true, ..options() });
    assert_eq!(repository.recovery().quarantined.len(), 1);
    assert_eq!(drain(&repository, queue), (0..WINDOW).collect::<Vec<_>>());
}

#[test]
fn what_no_record_names_is_removed_and_other_files_are_not() {
    let (memory, repository, _) = filled(WINDOW);
    drop(repository);
    for name in ["00000000-00000000000000ff.run", "notes.txt"] {
        memory.swap.create(name).unwrap();
    }
    memory.swap.sync().unwrap();
    drop(memory.open(options()));
    assert_eq!(files(&memory), ["notes.txt"]);
}
