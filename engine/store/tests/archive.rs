//! Content that nothing needs any more: kept so long and so much of it, then gone, eldest first;
//! and the first to go where there is no room.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on ends")]

mod common;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use tutti_model::flowfile::{Content, ContentSlice, Timestamp};
use tutti_store::{Commit, Folder, Options, QueueId, Repository, StoreError};

use common::{Memory, flowfile, manual, names, put, read, take_all, write};

/// Too large for a shared segment.
const LARGE: usize = 2_000_000;
/// What a segment takes beside its content, at most.
const EXTRA: usize = 1_000;

/// Content that was in a queue and is not any more.
fn pass(repository: &Repository, queue: QueueId, value: u8) -> ContentSlice {
    let guard = write(repository, &vec![value; LARGE]);
    let slice = ContentSlice::whole(guard.claim());
    let flowfile = flowfile(repository, "x", Content::Stored(slice));
    repository.commit(Commit { put: vec![(queue, flowfile)], ..Commit::default() }).unwrap();
    drop(guard);
    repository.flush().unwrap();
    let taken = take_all(repository, queue).into_iter().map(|(receipt, _)| receipt).collect();
    repository.commit(Commit { taken, ..Commit::default() }).unwrap();
    repository.flush().unwrap();
    slice
}

fn room_for(contents: usize) -> Options {
    let bytes = (contents * (LARGE + EXTRA)) as u64;
    Options { archive_bytes_max: Some(bytes), ..manual() }
}

fn is_there(repository: &Repository, slice: &ContentSlice) -> bool {
    match repository.open_content(slice) {
        Ok(_) => true,
        Err(StoreError::NotFound { .. }) => false,
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn what_nothing_needs_is_kept_up_to_a_size_and_the_eldest_goes_first() {
    let memory = Memory::new();
    let repository = memory.open(room_for(2));
    let queue = repository.open_queue("q").unwrap();
    let slices: Vec<_> = (0..4).map(|value| pass(&repository, queue, value)).collect();
    let there: Vec<_> = slices.iter().map(|slice| is_there(&repository, slice)).collect();
    assert_eq!(there, [false, false, true, true]);
    assert_eq!(read(&repository, &slices[3]), vec![3; LARGE]);
    assert_eq!((repository.archive_usage().1, repository.content_usage().1), (2, 2));
    assert_eq!(memory.content.list().unwrap().len(), 2, "the others are deleted");
}

#[test]
fn what_is_larger_than_all_that_may_be_kept_pushes_nothing_out() {
    let memory = Memory::new();
    let repository = memory.open(room_for(1));
    let queue = repository.open_queue("q").unwrap();
    let kept = pass(&repository, queue, 1);
    let guard = write(&repository, &vec![2; LARGE * 2]);
    let large = ContentSlice::whole(guard.claim());
    drop(guard);
    repository.commit(Commit::default()).unwrap();
    repository.flush().unwrap();
    assert!(is_there(&repository, &kept) && !is_there(&repository, &large));
}

#[test]
fn what_is_too_old_goes() {
    let now = Arc::new(AtomicI64::new(0));
    let clock = Arc::clone(&now);
    let options = Options {
        archive_period: Duration::from_mins(1),
        clock: Arc::new(move || Timestamp(clock.load(Ordering::SeqCst))),
        ..room_for(9)
    };
    let memory = Memory::new();
    let repository = memory.open(options);
    let queue = repository.open_queue("q").unwrap();
    let first = pass(&repository, queue, 1);
    now.store(59_999, Ordering::SeqCst);
    let second = pass(&repository, queue, 2);
    assert!(is_there(&repository, &first));
    now.store(60_000, Ordering::SeqCst);
    repository.flush().unwrap();
    assert!(!is_there(&repository, &first) && is_there(&repository, &second));
}

#[test]
fn a_start_finds_the_archive_again_and_bounds_it_anew_and_who_looks_takes_nothing() {
    let memory = Memory::new();
    let repository = memory.open(room_for(3));
    let queue = repository.open_queue("q").unwrap();
    let slices: Vec<_> = (0..3).map(|value| pass(&repository, queue, value)).collect();
    repository.close().unwrap();
    for expected in [3, 3, 2, 0] {
        let options = match expected {
            0 => manual(),
            2 => room_for(2),
            _ => Options { has_flusher: false, ..Options::looking() },
        };
        let repository = memory.open(options);
        assert_eq!(repository.archive_usage().1, expected);
        let there = slices.iter().filter(|slice| is_there(&repository, slice)).count();
        assert_eq!((there, is_there(&repository, &slices[2])), (expected, expected > 0));
        repository.close().unwrap();
    }
    assert_eq!(memory.content.list().unwrap(), []);
}

#[test]
fn where_the_disk_lacks_room_so_much_of_the_archive_goes_and_nobody_waits() {
    let now = Arc::new(AtomicI64::new(0));
    let clock = Arc::clone(&now);
    let memory = Memory::new();
    let repository = memory.open(Options {
        disk_free_bytes_min: Some(1_000_000),
        clock: Arc::new(move || Timestamp(clock.load(Ordering::SeqCst))),
        ..room_for(9)
    });
    let queue = repository.open_queue("q").unwrap();
    let slices: Vec<_> = (0..3).map(|value| pass(&repository, queue, value)).collect();
    let left = |free_bytes| {
        memory.content.set_free_bytes(free_bytes);
        repository.flush().unwrap();
        let left = slices.iter().filter(|slice| is_there(&repository, slice)).count();
        assert_eq!(left, repository.archive_usage().1);
        assert_eq!(left, memory.content.list().unwrap().len());
        (left, repository.shortage().is_some())
    };
    // This disk shows by itself nothing of what is deleted.
    assert_eq!(left(999_999), (2, false));
    assert_eq!(left(999_999), (2, false), "the room is on its way");
    assert_eq!(left(3_100_000), (2, false), "and there");
    assert_eq!(left(999_999), (1, false));
    now.store(60_000, Ordering::SeqCst);
    assert_eq!(left(999_999), (0, false), "nobody gave that room");
    now.store(120_000, Ordering::SeqCst);
    assert_eq!(left(999_999), (0, true));
}

#[test]
fn what_the_disk_of_the_records_lacks_is_not_for_the_archive_to_give() {
    let memory = Memory::new();
    let repository = memory.open(Options { disk_free_bytes_min: Some(1_000_000), ..room_for(9) });
    let queue = repository.open_queue("q").unwrap();
    let slice = pass(&repository, queue, 1);
    memory.witness.set_free_bytes(999_999);
    repository.flush().unwrap();
    assert!(is_there(&repository, &slice) && repository.shortage().is_some());
}

#[test]
fn where_a_write_finds_no_room_the_eldest_goes_and_the_write_succeeds() {
    let memory = Memory::new();
    let repository = memory.open(room_for(9));
    let queue = repository.open_queue("q").unwrap();
    let slices: Vec<_> = (0..3).map(|value| pass(&repository, queue, value)).collect();
    memory.faults.full_until_removed();
    let guard = write(&repository, &vec![7; LARGE]);
    assert_eq!(read(&repository, &ContentSlice::whole(guard.claim())), vec![7; LARGE]);
    assert!(slices.iter().all(|slice| !is_there(&repository, slice)), "as much as a segment");
    pass(&repository, queue, 8);
    memory.faults.full_until_removed();
    repository.commit(Commit::default()).unwrap();
    let error = repository.flush().unwrap_err();
    assert!(matches!(*error, StoreError::DiskFull { .. }), "{error}");
    repository.flush().unwrap();
    assert_eq!(repository.archive_usage(), (0, 0));
}

#[test]
fn where_opening_finds_no_room_the_eldest_goes_and_it_opens() {
    let memory = Memory::new();
    let repository = memory.open(room_for(9));
    let queue = repository.open_queue("q").unwrap();
    let slices: Vec<_> = (0..3).map(|value| pass(&repository, queue, value)).collect();
    put(&repository, queue, "waits");
    repository.close().unwrap();
    memory.faults.full_until_removed();
    let repository = memory.open(room_for(9));
    assert!(slices.iter().all(|slice| !is_there(&repository, slice)), "as much as a segment");
    assert_eq!(names(take_all(&repository, queue)), ["waits"]);
    repository.close().unwrap();
    // Now there is nothing that could go.
    memory.faults.full_until_removed();
    let Err(error) = Repository::open_with(&memory.backend(), room_for(9)) else { panic!("room") };
    assert!(matches!(error, StoreError::DiskFull { .. }), "{error}");
}

#[test]
fn what_cannot_be_deleted_is_counted_and_tried_again() {
    let memory = Memory::new();
    let repository = memory.open(room_for(0));
    let guard = write(&repository, &vec![1; LARGE]);
    let slice = ContentSlice::whole(guard.claim());
    drop(guard);
    memory.faults.fail_nth(1);
    repository.flush().unwrap();
    assert!(!is_there(&repository, &slice));
    let (bytes, files) = repository.content_usage();
    assert!(bytes >= LARGE as u64 && files == 1, "{bytes} {files}");
    repository.flush().unwrap();
    assert_eq!((repository.content_usage(), memory.content.list().unwrap().len()), ((0, 0), 0));
}
