//! Content files that are removed while the repository works: nothing is called durable, and no
//! effect runs, unless its content can be found again.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends")]

mod common;

use std::fs;

use common::{Memory, NOW, flowfile, manual, read, write};
use tutti_model::flowfile::{Content, ContentSlice, Pick, Timestamp};
use tutti_store::{
    Commit, Durability, Folder, GiveBack, Quarantine, QueueId, Repository, StoreError, Ticket,
};

/// Too large for a shared segment.
const LARGE: usize = 2_000_000;

fn put(repository: &Repository, queue: QueueId, bytes: &[u8]) -> (Ticket, ContentSlice) {
    let guard = write(repository, bytes);
    let slice = ContentSlice::whole(guard.claim());
    let flowfile = flowfile(repository, "x", Content::Stored(slice));
    let commit = Commit { put: vec![(queue, flowfile)], ..Commit::default() };
    (repository.commit(commit).unwrap(), slice)
}

fn remove_all(folder: &dyn Folder) {
    for (name, _) in folder.list().unwrap() {
        folder.remove(&name).unwrap();
    }
}

#[test]
fn what_was_removed_before_it_was_durable_is_written_again() {
    for length in [100, 300_000, LARGE] {
        let memory = Memory::new();
        let repository = memory.open(manual());
        let queue = repository.open_queue("q").unwrap();
        let first = put(&repository, queue, &vec![1; length]);
        repository.flush().unwrap();
        let second = put(&repository, queue, &vec![2; length]);
        remove_all(&memory.content);
        // A shared segment comes back with what it held before.
        repository.flush().unwrap();
        assert_eq!(second.0.outcome(), Some(Durability::Durable));
        let third = put(&repository, queue, &vec![3; length]);
        repository.flush().unwrap();
        memory.crash();
        let files = memory.content.list().unwrap();
        let kept = if length < LARGE { vec![first, second, third] } else { vec![second, third] };
        for (_, slice) in &kept {
            let name = format!("{:010}.segment", slice.claim.segment);
            assert!(files.iter().any(|(found, _)| *found == name), "{name} of {files:?}");
        }
        if length < LARGE {
            let repository = memory.open(manual());
            for (value, (_, slice)) in (1..).zip(&kept) {
                assert_eq!(read(&repository, slice), vec![value; length]);
            }
        }
    }
}

#[test]
fn whatever_fails_while_it_is_written_again_it_is_there_in_the_end() {
    for failures in [1, 3] {
        for first in 1..20 {
            let memory = Memory::new();
            let repository = memory.open(manual());
            let queue = repository.open_queue("q").unwrap();
            let (ticket, slice) = put(&repository, queue, b"bytes");
            remove_all(&memory.content);
            memory.faults.fail_times(first, failures);
            while repository.flush().is_err() {
                assert_eq!(ticket.outcome(), None);
            }
            memory.faults.fail_nth(0);
            memory.crash();
            assert_eq!(read(&memory.open(manual()), &slice), b"bytes", "from call {first}");
        }
    }
}

#[test]
fn with_another_file_in_its_place_nothing_is_durable_until_that_is_gone() {
    let memory = Memory::new();
    let repository = memory.open(manual());
    let queue = repository.open_queue("q").unwrap();
    let (ticket, slice) = put(&repository, queue, b"bytes");
    let name = memory.content.list().unwrap()[0].0.clone();
    memory.content.remove(&name).unwrap();
    memory.content.create(&name).unwrap();
    let error = repository.flush().unwrap_err();
    assert!(matches!(*error, StoreError::ContentGone { .. }), "{error}");
    assert!(error.to_string().contains(&name), "{error}");
    assert_eq!(ticket.outcome(), None);
    memory.content.remove(&name).unwrap();
    repository.flush().unwrap();
    assert_eq!(ticket.outcome(), Some(Durability::Durable));
    memory.crash();
    assert_eq!(read(&memory.open(manual()), &slice), b"bytes");
}

#[test]
fn a_record_whose_content_is_gone_for_good_is_not_durable_until_that_is_back() {
    let memory = Memory::new();
    let repository = memory.open(manual());
    let queue = repository.open_queue("q").unwrap();
    let bytes = vec![7; LARGE];
    let (_, slice) = put(&repository, queue, &bytes);
    repository.flush().unwrap();
    let name = format!("{:010}.segment", slice.claim.segment);
    let file = memory.content.open(&name).unwrap();
    let mut kept = vec![0; usize::try_from(file.length().unwrap()).unwrap()];
    file.read_at(&mut kept, 0).unwrap();
    memory.content.remove(&name).unwrap();
    let taken = repository.poll(queue, 1, NOW, &mut |_| Pick::Take).unwrap().remove(0);
    let penalized_until = Some(Timestamp(NOW.0 + 1));
    let how = GiveBack { penalized_until, attempts: 1, is_in_vain: true, ..GiveBack::default() };
    repository.give_back(taken.receipt, how).unwrap();
    let error = repository.flush().unwrap_err();
    assert!(matches!(*error, StoreError::ContentGone { .. }), "{error}");
    assert!(error.help().contains("put the file back"));
    assert!(!repository.health().is_working());
    memory.content.create(&name).unwrap().write_at(&kept, 0).unwrap();
    repository.flush().unwrap();
    assert_eq!(read(&repository, &slice), bytes);
}

#[test]
fn the_folder_of_content_may_go_while_it_works() {
    let folder = tempfile::tempdir().unwrap();
    let repository = Repository::open(folder.path(), manual()).unwrap();
    let queue = repository.open_queue("q").unwrap();
    let (_, first) = put(&repository, queue, b"first");
    repository.flush().unwrap();
    let (ticket, second) = put(&repository, queue, b"second");
    fs::remove_dir_all(folder.path().join("content")).unwrap();
    repository.flush().unwrap();
    assert_eq!(ticket.outcome(), Some(Durability::Durable));
    repository.close().unwrap();
    let repository = Repository::open(folder.path(), manual()).unwrap();
    assert_eq!(read(&repository, &first), b"first");
    assert_eq!(read(&repository, &second), b"second");
}

#[test]
fn a_format_that_is_gone_or_empty_is_written_anew_with_a_word_and_another_stays_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let format = path.join("format");
    let repository = Repository::open(path, manual()).unwrap();
    let queue = repository.open_queue("q").unwrap();
    common::put(&repository, queue, "x");
    repository.close().unwrap();
    let known = fs::read(&format).unwrap();
    let remove = |is_emptied| {
        if is_emptied {
            return fs::write(&format, "").unwrap();
        }
        for name in ["lock", "format", "epoch"] {
            fs::remove_file(path.join(name)).unwrap();
        }
    };
    for is_emptied in [true, false] {
        remove(is_emptied);
        drop(Quarantine::open(path).unwrap());
        let repository = Repository::open(path, manual()).unwrap();
        assert_eq!(fs::read(&format).unwrap(), known);
        let told = repository.bulletins().newest(10);
        assert!(told.iter().any(|each| each.bulletin.message.contains("was written anew")));
        assert_eq!(repository.list(queue, 0, 10).unwrap().len(), 1);
        repository.close().unwrap();
    }
    fs::write(&format, "tutti data folder, format 1\n").unwrap();
    let error = Repository::open(path, manual()).unwrap_err();
    assert!(matches!(error, StoreError::Version { .. }), "{error}");
    // What the help of a damaged one says to do.
    fs::write(&format, "other words").unwrap();
    assert!(Repository::open(path, manual()).unwrap_err().help().contains("move the damaged file"));
    fs::remove_file(&format).unwrap();
    Repository::open(path, manual()).unwrap();
    // Records without an epoch are not taken for those of the known format.
    fs::remove_file(&format).unwrap();
    fs::remove_dir_all(path.join("records/0000000001")).unwrap();
    assert!(Repository::open(path, manual()).is_err());
    assert!(!format.exists());
}
