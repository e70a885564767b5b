//! sled's log between being full and being put together with its snapshot: a kill leaves two. What
//! is wrong with the older one is told, and never passed over.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on ends")]

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use tutti_store::{Commit, Repository, StateChange, StoreError};

use common::{copy, copy_in_use, manual, names, put, take_all};

const FLOWFILES: usize = 300;
/// An odd number without a pattern.
const NOISE: u64 = 0x9e37_79b9_7f4a_7c15;

fn metadata(data: &Path) -> PathBuf {
    data.join("records/0000000001/metadata")
}

fn sorted(metadata: &Path, prefix: &str) -> Vec<PathBuf> {
    let paths = fs::read_dir(metadata).unwrap().map(|entry| entry.unwrap().path());
    let is = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().starts_with(prefix);
    let mut found: Vec<PathBuf> = paths.filter(is).collect();
    found.sort();
    found
}

/// A data folder with a snapshot and two logs, as a kill leaves it. The flowfiles are in the older
/// log alone, the epoch's number in both.
fn killed(folder: &Path) -> PathBuf {
    let (live, killed, kept) = (folder.join("live"), folder.join("killed"), folder.join("kept"));
    let repository = Repository::open(&live, manual()).unwrap();
    let queue = repository.open_queue("q").unwrap();
    // Links keep what sled removes once it has put it together.
    fs::create_dir(&kept).unwrap();
    let metadata = metadata(&live);
    let old = [sorted(&metadata, "snapshot_"), sorted(&metadata, "log_")].concat();
    for path in &old {
        fs::hard_link(path, kept.join(path.file_name().unwrap())).unwrap();
    }
    for number in 0..FLOWFILES {
        put(&repository, queue, &number.to_string());
        if number % 50 == 0 {
            repository.flush().unwrap();
        }
    }
    // Over many leaves, so that a few flushes fill a log.
    let noise = |number: u64| format!("{:016x}", number.wrapping_mul(NOISE));
    for round in 0..200 {
        let change = |number: u64| StateChange {
            component: noise(number).into(),
            key: "k".into(),
            value: Some(round.to_string().into()),
        };
        let state = (0..6_000).map(change).collect();
        repository.commit(Commit { state, ..Commit::default() }).unwrap();
        repository.flush().unwrap();
        if sorted(&metadata, "log_").last() > old.last() {
            break;
        }
    }
    assert!(sorted(&metadata, "log_").last() > old.last(), "the log never ends");
    put(&repository, queue, "in the newer log");
    repository.flush().unwrap();
    copy_in_use(&live, &killed);
    repository.close().unwrap();
    let killed_metadata = self::metadata(&killed);
    // The newest log as it is; before it what was kept.
    for path in sorted(&killed_metadata, "snapshot_") {
        fs::remove_file(path).unwrap();
    }
    copy(&kept, &killed_metadata);
    assert_eq!(sorted(&killed_metadata, "log_").len(), 2);
    killed
}

fn open_damaged(killed: &Path, damage: impl FnOnce(&Path)) -> Result<Vec<String>, StoreError> {
    let data = killed.with_file_name("damaged");
    if data.exists() {
        fs::remove_dir_all(&data).unwrap();
    }
    copy(killed, &data);
    damage(&metadata(&data));
    let repository = Repository::open(&data, manual())?;
    let queue = repository.open_queue("q").unwrap();
    Ok(names(take_all(&repository, queue)))
}

fn assert_told(opened: Result<Vec<String>, StoreError>, what: &str) {
    match opened {
        Err(StoreError::Corrupt { place, reason, .. }) => {
            assert!(place.contains("records"), "{place}");
            assert!(reason.contains("log") || reason.contains("snapshot"), "{reason}");
            assert!(!reason.contains(".rs"), "a place in the source: {reason}");
        }
        Err(StoreError::RolledBack { .. }) => {}
        other => panic!("{what}: {:?}", other.map(|names| names.len())),
    }
}

#[test]
fn damage_to_either_of_two_logs_is_told_and_a_kill_between_them_is_none() {
    let folder = tempfile::tempdir().unwrap();
    let killed = killed(folder.path());
    let whole = open_damaged(&killed, |_| {}).unwrap();
    assert_eq!(whole.len(), FLOWFILES + 1, "a kill is no damage");
    let older = |metadata: &Path| sorted(metadata, "log_")[0].clone();
    let length = fs::metadata(older(&metadata(&killed))).unwrap().len() as usize;
    for at in (0..length).step_by(length / 12).chain([length - 1]) {
        let flipped = open_damaged(&killed, |metadata| {
            let mut bytes = fs::read(older(metadata)).unwrap();
            bytes[at] ^= 1 << (at % 8);
            fs::write(older(metadata), bytes).unwrap();
        });
        assert_told(flipped, &format!("a bit of byte {at} of {length}"));
    }
    for length in (0..length as u64).step_by(length / 6) {
        let cut = open_damaged(&killed, |metadata| {
            let file = fs::File::options().write(true).open(older(metadata)).unwrap();
            file.set_len(length.max(1)).unwrap();
        });
        assert_told(cut, &format!("cut to {length}"));
    }
    for (which, prefix) in [(0, "log_"), (1, "log_"), (0, "snapshot_")] {
        let gone = open_damaged(&killed, |metadata| {
            fs::remove_file(&sorted(metadata, prefix)[which]).unwrap();
        });
        assert_told(gone, &format!("{prefix} number {which} is gone"));
    }
}
