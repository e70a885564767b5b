//! A repository on a real disk without room: nothing is lost, and it goes on when there is some.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on ends")]

mod common;
mod part;

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tutti_model::flowfile::{Content, ContentSlice};
use tutti_model::provenance::EventType;
use tutti_store::{Commit, Durability, Options, QueueId, Repository, Search, Ticket};

use common::{event, flowfile, manual, names, put, take_all, write};
use part::{on_small_disk, part, part_folder, says};

/// How often the disk has no room: more often than sled may fail.
const TIMES: usize = 20;

/// Text that cannot be compressed into what is left of a page.
fn noise(length: usize) -> String {
    let next = |state: &mut u64| {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        Some(char::from(b' ' + (*state >> 33) as u8 % 64))
    };
    (0..length).scan(1, |state, _| next(state)).collect()
}

fn commit(repository: &Repository, queue: QueueId, number: usize, tells: bool) -> Ticket {
    let mut file = flowfile(repository, &number.to_string(), Content::Empty);
    file.set_attribute("noise", noise(if number <= 2 { 50_000 } else { 5_000 }));
    let events = if tells { vec![event(&file, EventType::Create)] } else { Vec::new() };
    repository.commit(Commit { put: vec![(queue, file)], events, ..Commit::default() }).unwrap()
}

/// Works in `data` while the disk has no room, and when it has some again.
fn work_without_room(data: &Path, fill: impl Fn(), make_room: impl Fn(), help: &str) {
    let repository = Repository::open(data, Options::default()).unwrap();
    let queue = repository.open_queue("q").unwrap();
    assert_eq!(commit(&repository, queue, 0, true).wait(), Durability::Durable);
    // Without events the records are the first that find no room.
    for number in 1..=TIMES {
        fill();
        let ticket = commit(&repository, queue, number, number % 2 == 0);
        let error = repository.flush().unwrap_err();
        says(&error, data, help);
        assert_eq!(ticket.outcome(), None);
        assert!(!repository.health().is_working());
        assert!(!repository.bulletins().newest(1).is_empty());
        make_room();
        assert_eq!(ticket.wait(), Durability::Durable, "it goes on by itself");
    }
    fill();
    let content = vec![7; 100_000];
    let mut writer = repository.create_content();
    let written = writer.write_all(&content).and_then(|()| Ok(writer.finish()?));
    let error = written.unwrap_err();
    says(error.get_ref().unwrap().downcast_ref().unwrap(), data, help);
    make_room();
    let guard = write(&repository, &content);
    let content = Content::Stored(ContentSlice::whole(guard.claim()));
    let put = vec![(queue, flowfile(&repository, "last", content))];
    repository.commit(Commit { put, ..Commit::default() }).unwrap();
    drop(guard);
    repository.close().unwrap();

    let repository = Repository::open(data, manual()).unwrap();
    let expected = (0..=TIMES).map(|number| number.to_string()).chain(["last".into()]);
    assert!(names(take_all(&repository, queue)).into_iter().eq(expected));
    assert!(repository.recovery().quarantined.is_empty());
    assert_eq!(repository.search(&Search::newest(99)).unwrap().events.len(), 1 + TIMES / 2);
}

#[test]
fn where_no_file_may_grow_nothing_is_lost() {
    let Some(folder) = part_folder() else {
        let folder = tempfile::tempdir().unwrap();
        // Without the signal, so that the write itself fails.
        let name = "where_no_file_may_grow_nothing_is_lost";
        let status = part(name, folder.path(), "trap '' XFSZ;").status().unwrap();
        assert!(status.success());
        return;
    };
    let before = getrlimit(Resource::Fsize);
    let fill = || setrlimit(Resource::Fsize, Rlimit { current: Some(0), ..before }).unwrap();
    let make_room = || setrlimit(Resource::Fsize, before).unwrap();
    work_without_room(&folder.join("data"), fill, make_room, "tries again by itself");
}

#[test]
fn on_a_full_disk_nothing_is_lost() {
    let Some(folder) = part_folder() else {
        return on_small_disk("on_a_full_disk_nothing_is_lost");
    };
    let ballast = folder.join("ballast");
    let fill = || {
        let mut file = File::create(&ballast).unwrap();
        for size in [64 * 1024, 4096, 1] {
            while file.write_all(&vec![1; size]).is_ok() {}
        }
    };
    let make_room = || fs::remove_file(&ballast).unwrap();
    work_without_room(&folder.join("data"), fill, make_room, "make room on the disk");
}

#[test]
fn on_a_full_disk_the_archive_gives_way_before_a_folder_is_opened() {
    let Some(folder) = part_folder() else {
        return on_small_disk("on_a_full_disk_the_archive_gives_way_before_a_folder_is_opened");
    };
    let (data, ballast) = (folder.join("data"), folder.join("ballast"));
    let open = || {
        let options = Options { archive_bytes_max: Some(u64::MAX), ..manual() };
        Repository::open(&data, options)
    };
    let archive_some = || {
        let repository = open().unwrap();
        let queue = repository.open_queue("passes").unwrap();
        let guard = write(&repository, &vec![7; 1_200_000]);
        let content = Content::Stored(ContentSlice::whole(guard.claim()));
        let put = vec![(queue, flowfile(&repository, "passes", content))];
        repository.commit(Commit { put, ..Commit::default() }).unwrap();
        drop(guard);
        repository.flush().unwrap();
        let taken = take_all(&repository, queue).into_iter().map(|(receipt, _)| receipt).collect();
        repository.commit(Commit { taken, ..Commit::default() }).unwrap();
        repository.flush().unwrap();
        assert_eq!(repository.archive_usage().1, 1);
        repository.close().unwrap();
    };
    let fill = |room: u64| {
        let mut file = File::create(&ballast).unwrap();
        for size in [64 * 1024, 4096, 1] {
            while file.write_all(&vec![1; size]).is_ok() {}
        }
        file.set_len(file.metadata().unwrap().len() - room).unwrap();
    };
    let repository = open().unwrap();
    let queue = repository.open_queue("waits").unwrap();
    put(&repository, queue, "waits");
    repository.close().unwrap();
    // So that not even sled opens, and so that it does.
    for room in [0, 100_000] {
        archive_some();
        fill(room);
        let repository = open().unwrap();
        assert_eq!((repository.archive_usage().1, repository.content_usage().1), (0, 0));
        assert_eq!(repository.recovery().flowfiles, 1);
        repository.close().unwrap();
        fs::remove_file(&ballast).unwrap();
    }
    // Without an archive there is nothing that could go, and a word says what to do.
    drop(open().unwrap());
    fill(0);
    let error = open().unwrap_err();
    says(&error, &data, "make room on the disk");
}

#[test]
fn a_disk_with_little_room_is_told_and_so_is_its_end() {
    let Some(folder) = part_folder() else {
        return on_small_disk("a_disk_with_little_room_is_told_and_so_is_its_end");
    };
    let ballast = folder.join("ballast");
    let repository = Repository::open(&folder.join("data"), manual()).unwrap();
    assert_eq!(repository.shortage(), None);
    let mut file = File::create(&ballast).unwrap();
    let left = || {
        let disk = rustix::fs::statvfs(&folder).unwrap();
        disk.f_bavail * disk.f_frsize
    };
    let wanted = {
        let disk = rustix::fs::statvfs(&folder).unwrap();
        disk.f_blocks * disk.f_frsize / 20
    };
    while left() >= wanted {
        file.write_all(&[1; 4096]).unwrap();
    }
    assert_eq!(repository.shortage(), None, "it was not looked at");
    repository.flush().unwrap();
    let shortage = repository.shortage().unwrap();
    assert_eq!((shortage.free_bytes, shortage.wanted_bytes), (left(), wanted));
    let told = &repository.bulletins().newest(1)[0].bulletin;
    assert!(told.message.contains(&folder.join("data").display().to_string()), "{told:?}");
    fs::remove_file(&ballast).unwrap();
    drop(file);
    repository.flush().unwrap();
    assert_eq!(repository.shortage(), None);
    drop(repository);
    // One that is opened on such a disk knows it at once, and looks again by itself.
    fs::write(&ballast, vec![1; 1_000_000]).unwrap();
    let options = Options { disk_free_bytes_min: Some(left() + 4096), ..Options::default() };
    let repository = Repository::open(&folder.join("data"), options).unwrap();
    assert!(repository.shortage().is_some());
    fs::remove_file(&ballast).unwrap();
    while repository.shortage().is_some() {
        std::thread::yield_now();
    }
}
