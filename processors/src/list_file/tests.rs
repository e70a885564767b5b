//! Files that are listed, once a version.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::SystemTime;

use tempfile::TempDir;
use tutti_sdk::model::provenance::EventType;
use tutti_sdk::testkit::TestRunner;

use super::*;

/// The test kit's clock begins here, in seconds since 1970.
const START_S: u64 = 1_704_067_200;
const ENTITIES: (&str, &str) = ("Listing Strategy", "entities");

/// A file that was modified so many seconds before the test kit's clock begins.
fn file(folder: &TempDir, name: impl AsRef<Path>, seconds_ago: i64) {
    let path = folder.path().join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, "sound").unwrap();
    let seconds = START_S.saturating_add_signed(-seconds_ago);
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
    File::options().write(true).open(&path).unwrap().set_modified(time).unwrap();
}

fn runner(folder: &TempDir, more: &[(&str, &str)]) -> TestRunner {
    let mut properties =
        vec![("Input Directory", folder.path().to_str().unwrap()), ("Polling Interval", "10 sec")];
    properties.extend(more);
    TestRunner::new::<ListFile>(&properties)
}

/// The names of what the next look lists.
async fn look(runner: &mut TestRunner) -> Vec<String> {
    runner.clock().advance_ms(10_000);
    runner.run().await.unwrap();
    let names = names(runner);
    runner.clear();
    names
}

fn names(runner: &TestRunner) -> Vec<String> {
    runner.transferred(SUCCESS).iter().map(|each| each.attribute("filename").to_owned()).collect()
}

/// The same state in a new process.
fn restarted(old: &TestRunner, folder: &TempDir, more: &[(&str, &str)]) -> TestRunner {
    let new = runner(folder, more);
    old.state().iter().for_each(|(key, value)| new.set_state(key, value));
    new
}

#[tokio::test]
async fn a_file_becomes_a_flowfile_without_content_that_says_where_it_is() {
    let folder = TempDir::new().unwrap();
    file(&folder, "sub/a.wav", 3_600);
    let path = folder.path().join("sub/a.wav");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    let mut runner = runner(&folder, &[]);
    runner.run().await.unwrap();
    let output = runner.only(SUCCESS);
    assert!(output.bytes().is_empty());
    let absolute = format!("{}/sub/", folder.path().display());
    for (name, value) in [
        ("filename", "a.wav"),
        ("path", "sub/"),
        ("absolute.path", &absolute),
        ("file.size", "5"),
        ("file.lastModifiedTime", "2023-12-31T23:00:00+0000"),
        ("file.permissions", "rw-r-----"),
    ] {
        assert_eq!(output.attribute(name), value, "{name}");
    }
    for name in ["file.owner", "file.group", "file.creationTime", "file.lastAccessTime"] {
        assert!(!output.attribute(name).is_empty(), "{name}");
    }
    let events: Vec<_> = runner.events().iter().map(|event| event.event_type).collect();
    assert_eq!(events, [EventType::Create]);
    assert!(path.exists());
}

#[tokio::test]
async fn attributes_that_cost_a_look_can_be_left_out() {
    let folder = TempDir::new().unwrap();
    file(&folder, "a.wav", 3_600);
    let mut runner = runner(&folder, &[("Include File Attributes", "false")]);
    runner.run().await.unwrap();
    let output = runner.only(SUCCESS);
    for name in ["file.owner", "file.group", "file.permissions", "file.creationTime"] {
        assert_eq!(output.attribute(name), "", "{name}");
    }
    assert_eq!((output.attribute("path"), output.attribute("file.size")), ("./", "5"));
}

#[tokio::test]
async fn each_version_is_listed_once_even_over_restarts() {
    for more in [&[][..], &[ENTITIES]] {
        let folder = TempDir::new().unwrap();
        file(&folder, "a.wav", 3_600);
        file(&folder, "b.wav", 1_800);
        let mut runner = runner(&folder, more);
        assert_eq!(look(&mut runner).await, ["a.wav", "b.wav"]);
        assert!(look(&mut runner).await.is_empty() && runner.has_yielded());
        let mut second = restarted(&runner, &folder, more);
        assert!(look(&mut second).await.is_empty());
        file(&folder, "a.wav", 900);
        assert_eq!(look(&mut second).await, ["a.wav"], "{more:?}");
    }
}

#[tokio::test]
async fn what_was_not_durable_is_listed_again() {
    let folder = TempDir::new().unwrap();
    file(&folder, "a.wav", 3_600);
    let mut crashed = runner(&folder, &[]);
    crashed.crash_before_durable().await.unwrap();
    let mut second = restarted(&crashed, &folder, &[]);
    assert_eq!(look(&mut second).await, ["a.wav"]);
    let mut failing = runner(&folder, &[]);
    failing.fail_commits(1);
    assert!(failing.run().await.is_err());
    failing.run().await.unwrap();
    assert_eq!(names(&failing), ["a.wav"], "at once, and not after the interval");
}

#[tokio::test]
async fn a_file_with_an_older_time_is_listed_as_the_strategy_says() {
    for (more, expected) in [
        (&[][..], &[][..]),
        (&[ENTITIES], &["old.wav"]),
        (&[ENTITIES, ("Entity Tracking Time Window", "30 min")], &[]),
    ] {
        let folder = TempDir::new().unwrap();
        file(&folder, "new.wav", 600);
        let mut runner = runner(&folder, more);
        assert_eq!(look(&mut runner).await, ["new.wav"]);
        file(&folder, "old.wav", 3_600);
        assert_eq!(look(&mut runner).await, expected, "{more:?}");
        // As old as the newest is another matter.
        file(&folder, "same.wav", 600);
        assert_eq!(look(&mut runner).await, ["same.wav"], "{more:?}");
        let marks = runner.state().keys().filter(|key| key.starts_with('=')).count();
        assert_eq!(marks, 2 + expected.len(), "{more:?}");
    }
}

#[tokio::test]
async fn the_first_look_may_leave_out_what_is_old() {
    let folder = TempDir::new().unwrap();
    file(&folder, "old.wav", 4 * 3_600);
    file(&folder, "new.wav", 3_600);
    let target = ("Entity Tracking Initial Listing Target", "window");
    let mut runner = runner(&folder, &[ENTITIES, target]);
    assert_eq!(look(&mut runner).await, ["new.wav"]);
    assert!(look(&mut runner).await.is_empty());
}

#[tokio::test]
async fn another_folder_or_filter_lists_everything_again() {
    let (one, two) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    file(&one, "a.wav", 3_600);
    file(&two, "b.wav", 7_200);
    let mut first = runner(&one, &[]);
    assert_eq!(look(&mut first).await, ["a.wav"]);
    assert_eq!(look(&mut restarted(&first, &two, &[])).await, ["b.wav"]);
    let filter = [("File Filter", "a.*")];
    let mut third = restarted(&first, &one, &filter);
    assert_eq!(look(&mut third).await, ["a.wav"]);
    assert!(look(&mut restarted(&third, &one, &filter)).await.is_empty());
}

#[tokio::test]
async fn many_files_are_listed_in_parts_by_one_scan_each_once() {
    let folder = TempDir::new().unwrap();
    for index in 0..2 * PAGE_MAX + 10 {
        file(&folder, format!("{}/{index}.wav", index % 7), 3_600);
    }
    let mut first = runner(&folder, &[]);
    first.run().await.unwrap();
    assert_eq!(names(&first).len(), PAGE_MAX);
    // A scan goes on where it came to, at once, and in another process.
    let mut second = restarted(&first, &folder, &[]);
    second.run_times(2).await.unwrap();
    let mut all: Vec<_> = [names(&first), names(&second)].concat();
    assert_eq!(all.len(), 2 * PAGE_MAX + 10);
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 2 * PAGE_MAX + 10);
    second.clear();
    assert!(look(&mut second).await.is_empty());
}

#[tokio::test]
async fn filters_choose_by_name_path_size_and_age() {
    type Case<'a> = (&'a [(&'a str, &'a str)], &'a [&'a str]);
    let cases: &[Case<'_>] = &[
        (&[], &["a.wav", "b.mp3", "c.wav"]),
        (&[("File Filter", r".*\.wav")], &["a.wav", "c.wav"]),
        (&[("Recurse Subdirectories", "false")], &["a.wav"]),
        (&[("Path Filter", "one/two")], &["a.wav", "c.wav"]),
        (&[("Minimum File Size", "6 B")], &[]),
        (&[("Maximum File Size", "4 B")], &[]),
        (&[("Minimum File Age", "2 hours")], &["c.wav"]),
        (&[("Maximum File Age", "2 hours")], &["a.wav", "b.mp3"]),
        (
            &[("Ignore Hidden Files", "false"), ("File Filter", ".*")],
            &[".h.wav", "a.wav", "b.mp3", "c.wav"],
        ),
    ];
    for (properties, expected) in cases {
        let folder = TempDir::new().unwrap();
        file(&folder, ".h.wav", 3_600);
        file(&folder, "a.wav", 3_600);
        file(&folder, "one/b.mp3", 3_600);
        file(&folder, "one/two/c.wav", 3 * 3_600);
        let mut runner = runner(&folder, properties);
        assert_eq!(look(&mut runner).await, *expected, "with {properties:?}");
        assert!(runner.messages().is_empty());
    }
}

#[tokio::test]
async fn a_file_that_is_not_old_enough_comes_when_it_is() {
    let folder = TempDir::new().unwrap();
    file(&folder, "old.wav", 3_600);
    file(&folder, "young.wav", 300);
    let mut runner = runner(&folder, &[("Minimum File Age", "10 min")]);
    assert_eq!(look(&mut runner).await, ["old.wav"]);
    runner.clock().advance_ms(300_000);
    assert_eq!(look(&mut runner).await, ["young.wav"]);
}

#[tokio::test]
async fn a_young_file_is_listed_only_when_it_rests_and_in_the_same_run() {
    let folder = TempDir::new().unwrap();
    file(&folder, "growing.wav", 0);
    // A clock that is wrong makes a file of the future.
    file(&folder, "resting.wav", -86_400);
    let mut runner = runner(&folder, &[]);
    let clock = runner.clock();
    let (result, ()) = tokio::join!(runner.run(), async {
        clock.slept_on().await;
        fs::write(folder.path().join("growing.wav"), "more").unwrap();
        clock.advance_ms(QUIET_MS);
    });
    result.unwrap();
    assert_eq!(names(&runner), ["resting.wav"]);
    // A file of the future hides none of the present.
    runner.clear();
    file(&folder, "later.wav", 30);
    file(&folder, "growing.wav", 20);
    assert_eq!(look(&mut runner).await, ["growing.wav", "later.wav"]);
}

#[tokio::test]
async fn a_young_file_beside_others_gets_another_look_before_the_interval_is_over() {
    let folder = TempDir::new().unwrap();
    file(&folder, "old.wav", 3_600);
    file(&folder, "young.wav", 0);
    let mut runner = runner(&folder, &[]);
    runner.run().await.unwrap();
    assert_eq!(names(&runner), ["old.wav"]);
    let clock = runner.clock();
    let (result, ()) = tokio::join!(runner.run(), async {
        clock.slept_on().await;
        clock.advance_ms(QUIET_MS);
    });
    result.unwrap();
    assert_eq!(names(&runner), ["old.wav", "young.wav"]);
    runner.run().await.unwrap();
    assert!(runner.has_yielded(), "and no third");
}

#[tokio::test]
async fn the_interval_is_kept() {
    let folder = TempDir::new().unwrap();
    file(&folder, "a.wav", 3_600);
    let mut runner = runner(&folder, &[]);
    runner.run().await.unwrap();
    file(&folder, "b.wav", 1_800);
    runner.run().await.unwrap();
    assert!(runner.has_yielded() && names(&runner) == ["a.wav"]);
    runner.clear();
    assert_eq!(look(&mut runner).await, ["b.wav"]);
}

#[tokio::test]
async fn odd_names_are_kept_without_loss_and_a_scan_goes_on_behind_them() {
    let folder = TempDir::new().unwrap();
    for index in 0..PAGE_MAX {
        file(&folder, format!("a{index}"), 3_600);
    }
    file(&folder, Path::new(OsStr::from_bytes(b"b\\\xFF.wav")), 3_600);
    file(&folder, "line\nend.wav", 3_600);
    let mut runner = runner(&folder, &[]);
    runner.run().await.unwrap();
    runner.clear();
    runner.run().await.unwrap();
    assert_eq!(names(&runner), [r"b\\\xFF.wav", "line\nend.wav"]);
    runner.clear();
    assert!(look(&mut runner).await.is_empty());
}

#[tokio::test]
async fn what_could_not_be_seen_is_told_once_and_listed_when_it_is_there_again() {
    let folder = TempDir::new().unwrap();
    file(&folder, "a.wav", 3_600);
    file(&folder, "disk/b.wav", 7_200);
    let mut runner = runner(&folder, &[]);
    // What the disk's name leads to now cannot be looked at, and is there.
    fs::rename(folder.path().join("disk"), folder.path().join(".away")).unwrap();
    let long = "n".repeat(300);
    std::os::unix::fs::symlink(&long, folder.path().join("disk")).unwrap();
    assert_eq!(look(&mut runner).await, ["a.wav"]);
    runner.run().await.unwrap();
    let mut second = restarted(&runner, &folder, &[]);
    assert!(look(&mut second).await.is_empty());
    second.run().await.unwrap();
    fs::remove_file(folder.path().join("disk")).unwrap();
    fs::rename(folder.path().join(".away"), folder.path().join("disk")).unwrap();
    assert_eq!(look(&mut second).await, ["b.wav"]);
}

#[tokio::test]
async fn a_folder_that_is_missing_is_told_once_and_works_when_it_comes() {
    let folder = TempDir::new().unwrap();
    let missing = folder.path().join("missing");
    let properties =
        [("Input Directory", missing.to_str().unwrap()), ("Polling Interval", "0 sec")];
    let mut runner = TestRunner::new::<ListFile>(&properties);
    runner.run_times(3).await.unwrap();
    runner.assert_bulletin(Level::Error, "cannot read the folder");
    assert!(runner.bulletins()[0].help.is_some() && runner.has_yielded());
    file(&folder, "missing/a.wav", 3_600);
    runner.run().await.unwrap();
    assert_eq!(names(&runner), ["a.wav"]);
}

#[test]
fn bounds_that_no_file_can_meet_are_refused() {
    let properties =
        [("Input Directory", "/in"), ("Minimum File Size", "2 KB"), ("Maximum File Size", "1 KB")];
    let refused = TestRunner::try_new::<ListFile>(&properties).err().unwrap().to_string();
    assert!(refused.contains("the least size is 2048 B, the greatest 1024 B"), "{refused}");
}
