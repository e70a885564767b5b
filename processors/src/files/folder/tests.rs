use std::env;
use std::ffi::OsStr;
use std::fs::OpenOptions;
use std::io::BufRead as _;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::MetadataExt as _;
use std::process::{Command, Stdio};

use tempfile::TempDir;
use tutti_sdk::Retry;

use super::part::{copy, hidden};
use super::*;
use crate::files::names_in;

const FOLDER: &str = "TUTTI_TEST_FOLDER";

fn write(folder: &Path, name: &str, replace: bool) -> Result<Option<u64>, ProcessError> {
    Folders::default().write(&mut &b"sound"[..], &folder.join(name), replace)
}

#[test]
fn a_name_may_be_as_long_as_the_disk_allows() {
    let folder = TempDir::new().unwrap();
    for length in [254, 255] {
        let name = "n".repeat(length);
        for replace in [false, true] {
            let bytes = write(folder.path(), &name, replace).unwrap();
            assert_eq!(bytes, Some(5), "{length} {replace}");
        }
        assert_eq!(fs::read(folder.path().join(&name)).unwrap(), b"sound");
    }
    let error = write(folder.path(), &"n".repeat(256), true).unwrap_err();
    assert_eq!(error.retry(), Retry::Never);
    assert_eq!(names_in(folder.path()).len(), 2, "nothing hidden is left");
}

#[test]
fn what_is_there_stays_unless_it_is_to_be_replaced() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("a"), "old").unwrap();
    assert_eq!(write(folder.path(), "a", false).unwrap(), None);
    assert_eq!(fs::read(folder.path().join("a")).unwrap(), b"old");
    assert_eq!(write(folder.path(), "a", true).unwrap(), Some(5));
    assert_eq!(fs::read(folder.path().join("a")).unwrap(), b"sound");
    assert_eq!(names_in(folder.path()), ["a"]);
}

#[test]
fn files_appear_together_in_their_order_and_one_that_fails_fails_alone() {
    let folder = TempDir::new().unwrap();
    let below = folder.path().join("below");
    fs::create_dir(&below).unwrap();
    let folders = Folders::default();
    let mut batch = folders.batch();
    assert!(batch.is_empty());
    let mut add = |path: PathBuf, content: &str, replaces| {
        batch.write(&mut content.as_bytes(), &path, replaces).unwrap();
    };
    add(folder.path().join("a"), "1", false);
    add(below.join("a"), "22", false);
    add(folder.path().join("a"), "333", false);
    add(below.join("n".repeat(256)), "4444", true);
    add(below.join("a"), "55555", true);
    assert_eq!(names_in(&below).len(), 3, "hidden, as yet");
    let outcomes = batch.finish();
    let bytes: Vec<_> = outcomes.iter().map(|outcome| outcome.as_ref().ok().copied()).collect();
    assert_eq!(bytes, [Some(Some(1)), Some(Some(2)), Some(None), None, Some(Some(5))]);
    assert_eq!(names_in(folder.path()), ["a", "below"]);
    assert_eq!(names_in(&below), ["a"]);
    assert_eq!(fs::read(below.join("a")).unwrap(), b"55555");
    assert!(batch.is_empty() && batch.finish().is_empty());
}

#[test]
fn a_batch_that_is_dropped_leaves_nothing() {
    let folder = TempDir::new().unwrap();
    let folders = Folders::default();
    let mut batch = folders.batch();
    batch.write(&mut &b"sound"[..], &folder.path().join("a"), true).unwrap();
    assert_eq!(names_in(folder.path()).len(), 1);
    drop(batch);
    assert!(names_in(folder.path()).is_empty());
}

#[test]
fn a_folder_that_is_gone_is_told_of_each_of_its_files() {
    let folder = TempDir::new().unwrap();
    let named = [b"1", b"2"].map(|name| Named {
        target: folder.path().join("gone").join(OsStr::from_bytes(name)),
        bytes: 1,
    });
    let folders = sync_folders(named.iter());
    assert_eq!(folders.len(), 1);
    let told = folders.values().next().unwrap().as_ref().unwrap_err();
    assert_eq!((told.kind(), same(told).kind()), (io::ErrorKind::NotFound, told.kind()));
}

#[test]
fn a_file_has_the_rights_of_any_new_one() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("any"), "x").unwrap();
    write(folder.path(), "a", false).unwrap();
    let mode = |name| folder.path().join(name).metadata().unwrap().mode();
    assert_eq!(mode("a"), mode("any"));
}

#[test]
fn what_cannot_be_written_leaves_nothing() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("no more"))
        }
    }
    let folder = TempDir::new().unwrap();
    let error = Folders::default().write(&mut Broken, &folder.path().join("a"), true).unwrap_err();
    assert_eq!(error.chain(), "cannot read the content: no more");
    assert!(names_in(folder.path()).is_empty());
}

#[test]
fn a_disk_without_room_is_told() {
    // A device that answers every write with "no space left".
    let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
    let error = copy(&mut &b"sound"[..], &full, Path::new("/folder/a"), &mut [0; 3]).unwrap_err();
    assert_eq!((error.retry(), error.help()), (Retry::Later, Some("make room on the disk")));
    assert!(error.to_string().contains("cannot write \"/folder/a\""), "{error}");
}

#[test]
fn a_name_that_the_next_run_would_take_for_half_written_is_refused() {
    let folder = TempDir::new().unwrap();
    let error = write(folder.path(), ".tutti-song.part", true).unwrap_err();
    assert!(error.to_string().contains("/.tutti-song.part\" is a name for"), "{error}");
    assert_eq!(error.retry(), Retry::Never);
    assert!(names_in(folder.path()).is_empty());
}

#[test]
fn only_what_nobody_writes_any_more_is_removed() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name);
    for name in [".tutti-left.part", ".tutti-note", ".other.part", "tutti-a.part"] {
        fs::write(path(name), "x").unwrap();
    }
    fs::create_dir(path(".tutti-folder.part")).unwrap();
    std::os::unix::fs::symlink("/dev/null", path(".tutti-link.part")).unwrap();
    let live = hidden(folder.path()).unwrap();
    let live_name = live.path().file_name().unwrap().to_str().unwrap().to_owned();

    let folders = Folders::default();
    folders.write(&mut &b"1"[..], &path("a"), false).unwrap();
    let mut expected =
        [".other.part", ".tutti-folder.part", ".tutti-link.part", ".tutti-note", &live_name, "a"];
    expected.sort_unstable();
    let kept = names_in(folder.path());
    assert!(expected.iter().all(|name| kept.iter().any(|it| it == name)), "{kept:?}");
    assert_eq!(kept.len(), expected.len() + 1, "and \"tutti-a.part\": {kept:?}");

    // Looked at once: a listing may be long.
    fs::write(path(".tutti-later.part"), "x").unwrap();
    folders.write(&mut &b"2"[..], &path("b"), false).unwrap();
    assert!(path(".tutti-later.part").exists());
    // What was being written gets its name all the same.
    live.persist(path("live")).unwrap();
    write(folder.path(), "c", false).unwrap();
    assert!(path("live").exists() && !path(".tutti-later.part").exists());
}

/// Never gives anything, and says that it was asked.
struct Endless;

impl Read for Endless {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        println!("writing");
        loop {
            std::thread::park();
        }
    }
}

#[test]
#[ignore = "no test of its own: the next one kills it"]
fn writes_until_it_is_killed() {
    let Some(folder) = env::var_os(FOLDER) else { return };
    drop(Folders::default().write(&mut Endless, &Path::new(&folder).join("never"), true));
}

#[test]
fn what_a_kill_leaves_is_removed_by_the_next_run() {
    let folder = TempDir::new().unwrap();
    let mut child = Command::new(env::current_exe().unwrap())
        .args([
            "--exact",
            "files::folder::tests::writes_until_it_is_killed",
            "--ignored",
            "--nocapture",
        ])
        .env(FOLDER, folder.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let said = io::BufReader::new(child.stdout.take().unwrap());
    assert!(said.lines().any(|line| line.unwrap().ends_with("writing")));
    // While it lives, its file stays.
    write(folder.path(), "a", true).unwrap();
    assert_eq!(names_in(folder.path()).len(), 2);
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(names_in(folder.path()).len(), 2, "the kill left its file");
    write(folder.path(), "a", true).unwrap();
    assert_eq!(names_in(folder.path()), ["a"]);
}
