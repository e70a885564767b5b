//! A repository on a real disk that is read-only, another's, or not what it should be: it says
//! what, where and what to do, and leaves all as it is.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on ends")]

mod common;
mod part;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tutti_store::{Repository, StoreError};

use common::{manual, names, put, take_all};
use part::{on_small_disk, part, part_folder, says, skip};

#[test]
fn a_read_only_disk_is_told_and_left_as_it_is() {
    let name = "a_read_only_disk_is_told_and_left_as_it_is";
    let Some(folder) = part_folder() else { return on_small_disk(name) };
    let data = folder.join("data");
    let repository = Repository::open(&data, manual()).unwrap();
    let queue = repository.open_queue("q").unwrap();
    put(&repository, queue, "x");
    repository.close().unwrap();
    let remount = |how: &str| {
        let status = Command::new("mount").args(["-o", how]).arg(&folder).status().unwrap();
        assert!(status.success());
    };
    remount("remount,ro");
    says(&Repository::open(&data, manual()).unwrap_err(), &data, "mount the disk for writing");
    let elsewhere = folder.join("new");
    says(&Repository::open(&elsewhere, manual()).unwrap_err(), &elsewhere, "another data folder");
    remount("remount,rw");
    let repository = Repository::open(&data, manual()).unwrap();
    assert_eq!(names(take_all(&repository, queue)), ["x"]);
}

/// The part of a test that works with a folder until it is killed.
fn hold(folder: &Path) {
    let repository = Repository::open(folder, manual()).unwrap();
    put(&repository, repository.open_queue("q").unwrap(), "x");
    repository.flush().unwrap();
    println!("\nready");
    // Until it is killed, or whoever began it is gone.
    let _ = std::io::stdin().read(&mut [0]);
}

/// Another process that holds the folder, in the test `name`.
fn holder(name: &str, folder: &Path) -> Child {
    let mut command = part(name, folder, "");
    let mut other = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(other.stdout.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap() == "ready"));
    other
}

/// Every file of the folder, with its bytes.
fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(contents(&path));
        } else {
            found.insert(path.clone(), fs::read(path).unwrap());
        }
    }
    found
}

#[test]
fn a_folder_of_another_process_is_told_and_free_once_that_is_killed() {
    if let Some(folder) = part_folder() {
        return hold(&folder);
    }
    let folder = tempfile::tempdir().unwrap();
    let name = "a_folder_of_another_process_is_told_and_free_once_that_is_killed";
    let mut other = holder(name, folder.path());
    let error = Repository::open(folder.path(), manual()).unwrap_err();
    says(&error, folder.path(), "stop the other process");
    assert!(error.to_string().contains(&format!("process {}", other.id())), "{error}");
    other.kill().unwrap();
    other.wait().unwrap();
    let repository = Repository::open(folder.path(), manual()).unwrap();
    let queue = repository.open_queue("q").unwrap();
    assert_eq!(names(take_all(&repository, queue)), ["x"]);
}

#[test]
fn a_folder_whose_lock_file_is_gone_or_another_is_held_and_left_as_it_is() {
    if let Some(folder) = part_folder() {
        return hold(&folder);
    }
    let folder = tempfile::tempdir().unwrap();
    let name = "a_folder_whose_lock_file_is_gone_or_another_is_held_and_left_as_it_is";
    let mut other = holder(name, folder.path());
    // What whoever opens the records would take for left behind.
    let copy = folder.path().join("records/0000000009.copy");
    fs::create_dir(&copy).unwrap();
    fs::write(copy.join("part"), b"of a copy").unwrap();
    fs::write(folder.path().join("records/room"), b"is tried").unwrap();
    let lock = folder.path().join("lock");
    for replaced_by in [None, Some(""), Some("1\n")] {
        fs::remove_file(&lock).unwrap_or_default();
        if let Some(text) = replaced_by {
            fs::write(&lock, text).unwrap();
        }
        let before = contents(folder.path());
        let error = Repository::open(folder.path(), manual()).unwrap_err();
        assert!(matches!(error, StoreError::Locked { .. }), "{error}");
        says(&error, folder.path(), "stop the other process");
        assert!(!error.to_string().contains("records"), "{error}");
        assert!(contents(folder.path()) == before, "it changed something");
    }
    other.kill().unwrap();
    other.wait().unwrap();
    fs::remove_file(&lock).unwrap();
    Repository::open(folder.path(), manual()).unwrap();
}

#[test]
fn a_folder_that_may_not_be_entered_is_told() {
    if let Some(folder) = part_folder() {
        let error = Repository::open(&folder.join("data"), manual()).unwrap_err();
        return says(&error, &folder, "the right to read and write");
    }
    let folder = tempfile::tempdir().unwrap();
    let name = "a_folder_that_may_not_be_entered_is_told";
    let mut command = part(name, &folder.path().join("closed"), "");
    if rustix::process::geteuid().is_root() {
        // Root may enter everything: somebody else has to try.
        command.uid(65_534).gid(65_534);
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    }
    let closed = folder.path().join("closed");
    fs::create_dir(&closed).unwrap();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).unwrap();
    let status = command.status().unwrap();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o700)).unwrap();
    if status.code() == Some(126) {
        return skip(name, "another user may not run this test's program");
    }
    assert!(status.success());
}

#[test]
fn a_file_where_a_folder_should_be_is_told_and_so_is_the_reverse() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let repository = Repository::open(&data, manual()).unwrap();
    let queue = repository.open_queue("q").unwrap();
    put(&repository, queue, "x");
    repository.close().unwrap();
    for name in ["lock", "format", "epoch", "records", "content", "provenance"] {
        let (place, kept) = (data.join(name), folder.path().join("kept"));
        let was_folder = place.is_dir();
        fs::rename(&place, &kept).unwrap();
        if was_folder {
            File::create(&place).unwrap();
        } else {
            fs::create_dir(&place).unwrap();
        }
        says(&Repository::open(&data, manual()).unwrap_err(), &place, "");
        if was_folder { fs::remove_file(&place) } else { fs::remove_dir(&place) }.unwrap();
        fs::rename(&kept, &place).unwrap();
        let repository = Repository::open(&data, manual()).unwrap();
        assert_eq!(names(take_all(&repository, queue)), ["x"], "nothing was touched");
        repository.close().unwrap();
    }
}
