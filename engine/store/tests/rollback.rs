//! What becomes of a data folder whose records go back to an earlier epoch: it is never opened as
//! if nothing had happened.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on ends")]

use std::fs;
use std::path::{Path, PathBuf};

use tutti_model::flowfile::{Attributes, Content, ContentSlice, FlowFile, Timestamp};
use tutti_store::{Commit, Repository, StoreError};

mod common;

use common::{copy, copy_in_use, manual};

/// Epochs with a flowfile each.
const EPOCHS: u64 = 6;

/// A data folder as a kill leaves it after [`EPOCHS`] flushes, and how long sled's log was before
/// each of them.
fn killed(folder: &Path) -> Vec<u64> {
    let repository = Repository::open(&folder.join("live"), manual()).unwrap();
    let queue = repository.open_queue("q").unwrap();
    let mut boundaries = Vec::new();
    for number in 0..EPOCHS {
        boundaries.push(fs::metadata(log(&folder.join("live"))).unwrap().len());
        let flowfile = FlowFile::new(repository.next_id(), Timestamp(0))
            .with_attributes(Attributes::from_iter([("filename", number.to_string())]));
        repository.commit(Commit { put: vec![(queue, flowfile)], ..Commit::default() }).unwrap();
        repository.flush().unwrap();
    }
    copy_in_use(&folder.join("live"), &folder.join("killed"));
    repository.close().unwrap();
    boundaries
}

fn log(data: &Path) -> PathBuf {
    let mut logs: Vec<PathBuf> = fs::read_dir(data.join("records/0000000001/metadata"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.file_name().unwrap().to_string_lossy().starts_with("log_"))
        .collect();
    logs.sort();
    logs.pop().unwrap()
}

/// Opens a copy of the folder after `damage` to it.
fn open_damaged(folder: &Path, damage: impl FnOnce(&Path)) -> Result<u64, StoreError> {
    let data = folder.join("damaged");
    if data.exists() {
        fs::remove_dir_all(&data).unwrap();
    }
    copy(&folder.join("killed"), &data);
    damage(&data);
    let first = Repository::open(&data, manual()).map(|opened| opened.recovery().flowfiles);
    if first.is_err() {
        assert!(Repository::open(&data, manual()).is_err(), "it is forgotten by the next opening");
    }
    first
}

fn assert_rolled_back(opened: Result<u64, StoreError>, what: &str) {
    match opened {
        Err(error @ StoreError::RolledBack { .. }) => {
            assert!(error.to_string().contains("records"), "{error}");
            assert!(error.help().contains("backup"));
        }
        other => panic!("{what}: {other:?}"),
    }
}

#[test]
fn a_log_that_is_cut_at_or_around_any_boundary_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let boundaries = killed(folder.path());
    assert_eq!(open_damaged(folder.path(), |_| {}).unwrap(), EPOCHS, "a kill is no damage");
    let length = fs::metadata(log(&folder.path().join("killed"))).unwrap().len();
    assert!(boundaries.is_sorted() && boundaries.last() < Some(&length));
    let around = boundaries.iter().flat_map(|&at| [at.saturating_sub(1), at, at + 1]);
    for cut in around.chain([0, length - 1]) {
        let opened = open_damaged(folder.path(), |data| {
            fs::File::options().write(true).open(log(data)).unwrap().set_len(cut).unwrap();
        });
        assert_rolled_back(opened, &format!("cut to {cut} of {length} bytes"));
    }
}

#[test]
fn a_flipped_bit_anywhere_in_the_log_is_told() {
    let folder = tempfile::tempdir().unwrap();
    killed(folder.path());
    let length = fs::metadata(log(&folder.path().join("killed"))).unwrap().len() as usize;
    for at in (0..length).step_by(7).chain([length - 1]) {
        let opened = open_damaged(folder.path(), |data| {
            let mut bytes = fs::read(log(data)).unwrap();
            bytes[at] ^= 1 << (at % 8);
            fs::write(log(data), bytes).unwrap();
        });
        assert_rolled_back(opened, &format!("bit {} of byte {at}", at % 8));
    }
}

#[test]
fn records_or_a_log_that_are_gone_are_told() {
    let folder = tempfile::tempdir().unwrap();
    killed(folder.path());
    let gone = open_damaged(folder.path(), |data| {
        fs::remove_dir_all(data.join("records")).unwrap();
    });
    assert_rolled_back(gone, "no records");
    let log_gone = open_damaged(folder.path(), |data| fs::remove_file(log(data)).unwrap());
    assert_rolled_back(log_gone, "no log");
}

#[test]
fn whoever_deletes_the_witness_goes_on_with_what_is_left_and_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let boundaries = killed(folder.path());
    let data = folder.path().join("killed");
    fs::File::options().write(true).open(log(&data)).unwrap().set_len(boundaries[3]).unwrap();
    assert_rolled_back(Repository::open(&data, manual()).map(|_| 0), "half a log");
    fs::remove_file(data.join("epoch")).unwrap();
    let repository = Repository::open(&data, manual()).unwrap();
    assert_eq!(repository.recovery().flowfiles, 3);
    assert!(matches!(repository.recovery().witness_damage, Some(StoreError::NotFound { .. })));
    assert_eq!(repository.bulletins().newest(10).len(), 1);
    repository.close().unwrap();
    let repository = Repository::open(&data, manual()).unwrap();
    assert!(repository.recovery().witness_damage.is_none());
}

#[test]
fn without_records_and_witness_the_rest_is_neither_deleted_nor_taken_for_new() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let repository = Repository::open(data, manual()).unwrap();
    let queue = repository.open_queue("q").unwrap();
    let guard = common::write(&repository, b"music");
    let content = Content::Stored(ContentSlice::whole(guard.claim()));
    let file = common::flowfile(&repository, "song.wav", content);
    repository.commit(Commit { put: vec![(queue, file)], ..Commit::default() }).unwrap();
    drop(guard);
    repository.close().unwrap();
    let kept = folder.path().join("kept");
    fs::rename(data.join("records"), &kept).unwrap();
    for _ in 0..2 {
        let _ = fs::remove_file(data.join("epoch"));
        let error = Repository::open(data, manual()).unwrap_err();
        assert!(matches!(error, StoreError::Corrupt { .. }), "{error}");
        assert!(error.to_string().contains("files of content (1)"), "{error}");
    }
    // With the records back, all is there.
    fs::remove_dir_all(data.join("records")).unwrap();
    fs::rename(kept, data.join("records")).unwrap();
    let repository = Repository::open(data, manual()).unwrap();
    assert_eq!(repository.recovery().flowfiles, 1);
    assert!(repository.recovery().quarantined.is_empty());
}
