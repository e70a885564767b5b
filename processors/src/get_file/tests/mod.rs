use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{FileExt, symlink};
use std::path::Path;
use std::time::{Duration, SystemTime};

use tempfile::TempDir;
use tutti_sdk::bulletin::Level;
use tutti_sdk::model::provenance::EventType;
use tutti_sdk::testkit::TestRunner;

use super::*;

/// An hour before the test kit's clock begins.
fn an_hour_ago() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_hours(473_351)
}

fn file(folder: &Path, name: impl AsRef<Path>, content: &str) -> PathBuf {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, content).unwrap();
    File::options().write(true).open(&path).unwrap().set_modified(an_hour_ago()).unwrap();
    path
}

fn runner(folder: &TempDir, more: &[(&str, &str)]) -> TestRunner {
    let mut properties = vec![("Directory", folder.path().to_str().unwrap())];
    properties.extend(more);
    TestRunner::new::<GetFile>(&properties)
}

fn names(runner: &TestRunner) -> Vec<String> {
    runner.transferred(SUCCESS).iter().map(|each| each.attribute("filename").to_owned()).collect()
}

const KEEP: (&str, &str) = ("Keep Source File", "true");

#[tokio::test]
async fn a_file_becomes_a_flowfile_and_is_deleted_when_that_is_durable() {
    let folder = TempDir::new().unwrap();
    let path = file(folder.path(), "sub/a.wav", "sound");
    let mut runner = runner(&folder, &[]);
    runner.run_withheld().await.unwrap();
    let output = runner.only(SUCCESS);
    assert_eq!(output.text(), "sound");
    let absolute = format!("{}/sub/", folder.path().display());
    for (name, value) in [
        ("filename", "a.wav"),
        ("path", "sub/"),
        ("absolute.path", &absolute),
        ("file.size", "5"),
        ("file.lastModifiedTime", "2023-12-31T23:00:00+0000"),
    ] {
        assert_eq!(output.attribute(name), value, "{name}");
    }
    let events: Vec<_> = runner.events().iter().map(|event| event.event_type).collect();
    assert_eq!(events, [EventType::Receive]);
    assert!(path.exists());
    runner.run_withheld().await.unwrap();
    assert_eq!(names(&runner).len(), 1, "what is on its way is not picked up again");
    runner.make_durable();
    assert!(!path.exists());
}

#[tokio::test]
async fn a_crash_repeats_a_file_and_loses_none() {
    for keep in ["true", "false"] {
        let folder = TempDir::new().unwrap();
        let path = file(folder.path(), "a.wav", "sound");
        let mut first = runner(&folder, &[("Keep Source File", keep)]);
        first.crash_before_durable().await.unwrap();
        assert!(path.exists() && first.state().is_empty());
        let mut second = runner(&folder, &[("Keep Source File", keep)]);
        second.run().await.unwrap();
        assert_eq!(names(&second), ["a.wav"]);
    }
}

#[tokio::test]
async fn a_commit_or_a_write_that_fails_leaves_the_file_for_later() {
    for fault in ["commit", "write"] {
        let folder = TempDir::new().unwrap();
        let path = file(folder.path(), "a.wav", "sound");
        let mut runner = runner(&folder, &[]);
        match fault {
            "commit" => runner.fail_commits(1),
            _ => runner.fail_writes_after(Some(2)),
        }
        assert!(runner.run().await.unwrap_err().chain().contains("injected failure"));
        assert!(path.exists());
        runner.fail_writes_after(None);
        runner.run().await.unwrap();
        assert_eq!(names(&runner), ["a.wav"], "after a failed {fault}");
    }
}

#[tokio::test]
async fn a_source_that_changed_after_it_was_read_is_not_deleted() {
    let folder = TempDir::new().unwrap();
    let path = file(folder.path(), "a.wav", "sound");
    let mut runner = runner(&folder, &[]);
    runner.run_withheld().await.unwrap();
    file(folder.path(), "a.wav", "another sound");
    runner.make_durable();
    assert_eq!(fs::read_to_string(&path).unwrap(), "another sound");
    runner.run().await.unwrap();
    assert_eq!(runner.transferred(SUCCESS)[1].text(), "another sound");
}

#[tokio::test]
async fn an_edit_that_keeps_size_and_time_is_not_deleted() {
    let folder = TempDir::new().unwrap();
    let path = file(folder.path(), "a.wav", "sound");
    let mut runner = runner(&folder, &[]);
    runner.run_withheld().await.unwrap();
    let edited = File::options().write(true).open(&path).unwrap();
    edited.write_all_at(b"SOUND", 0).unwrap();
    edited.set_modified(an_hour_ago()).unwrap();
    drop(edited);
    runner.make_durable();
    runner.run().await.unwrap();
    assert_eq!(runner.transferred(SUCCESS)[1].text(), "SOUND");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_file_is_neither_picked_up_nor_deleted_while_somebody_has_it_open_for_writing() {
    let folder = TempDir::new().unwrap();
    let path = file(folder.path(), "a.wav", "half ");
    let writer = File::options().append(true).open(&path).unwrap();
    let mut runner = runner(&folder, &[]);
    runner.run_times(3).await.unwrap();
    assert!(names(&runner).is_empty() && path.exists() && runner.has_yielded());
    runner.assert_bulletin(Level::Info, "is still being written");
    drop(writer);
    runner.run_withheld().await.unwrap();
    assert_eq!(names(&runner), ["a.wav"]);
    let mut writer = File::options().append(true).open(&path).unwrap();
    runner.make_durable();
    writer.write_all(b"whole").unwrap();
    writer.set_modified(an_hour_ago()).unwrap();
    drop(writer);
    runner.run().await.unwrap();
    assert_eq!(runner.transferred(SUCCESS)[1].text(), "half whole");
    assert!(!path.exists());
}

#[tokio::test]
async fn kept_files_are_picked_up_once_a_version_even_over_restarts() {
    let folder = TempDir::new().unwrap();
    file(folder.path(), "a.wav", "one");
    let mut first = runner(&folder, &[KEEP]);
    first.run_times(3).await.unwrap();
    assert_eq!(names(&first), ["a.wav"]);
    assert!(first.has_yielded());

    let mut second = runner(&folder, &[KEEP]);
    for (key, value) in first.state() {
        second.set_state(&key, &value);
    }
    second.run().await.unwrap();
    assert!(names(&second).is_empty());
    file(folder.path(), "a.wav", "another");
    second.run().await.unwrap();
    assert_eq!(second.only(SUCCESS).text(), "another");
    // An empty folder may be a disk that is away.
    file(folder.path(), ".hidden", "");
    fs::remove_file(folder.path().join("a.wav")).unwrap();
    second.run().await.unwrap();
    assert!(second.state().is_empty(), "what vanished is forgotten");
}

#[tokio::test]
async fn a_young_file_is_picked_up_only_when_it_rests() {
    let folder = TempDir::new().unwrap();
    let growing = folder.path().join("growing.wav");
    fs::write(&growing, "ha").unwrap();
    fs::write(folder.path().join("resting.wav"), "whole").unwrap();
    let mut runner = runner(&folder, &[KEEP]);
    let clock = runner.clock();
    let (result, ()) = tokio::join!(runner.run(), async {
        clock.slept_on().await;
        fs::write(&growing, "half").unwrap();
        clock.advance_ms(QUIET_MS);
    });
    result.unwrap();
    assert_eq!(names(&runner), ["resting.wav"]);
}

#[tokio::test]
async fn a_file_that_changes_between_look_and_reading_is_left_for_later() {
    let folder = TempDir::new().unwrap();
    file(folder.path(), "a.wav", "a");
    file(folder.path(), "b.wav", "b");
    let mut runner = runner(&folder, &[KEEP, ("Batch Size", "1")]);
    runner.run().await.unwrap();
    file(folder.path(), "b.wav", "longer");
    runner.run().await.unwrap();
    assert_eq!(names(&runner), ["a.wav"]);
    runner.run().await.unwrap();
    assert_eq!(names(&runner), ["a.wav", "b.wav"]);
}

#[tokio::test]
async fn filters_choose_by_name_path_size_and_age() {
    type Case<'a> = (&'a [(&'a str, &'a str)], &'a [&'a str]);
    let cases: &[Case<'_>] = &[
        (&[], &["a.wav", "empty.wav", "big.mp3", "c.wav"]),
        (&[("File Filter", r".*\.wav")], &["a.wav", "empty.wav", "c.wav"]),
        (&[("File Filter", "a")], &[]),
        (&[("Recurse Subdirectories", "false")], &["a.wav", "empty.wav"]),
        (&[("Path Filter", "one/two")], &["a.wav", "empty.wav", "c.wav"]),
        (&[("Minimum File Size", "1 B")], &["a.wav", "big.mp3", "c.wav"]),
        (&[("Maximum File Size", "1 B")], &["a.wav", "empty.wav", "c.wav"]),
        (&[("Minimum File Age", "2 hours")], &[]),
        (&[("Maximum File Age", "30 min")], &[]),
        (
            &[("Ignore Hidden Files", "false"), ("File Filter", ".*")],
            &[".hidden.wav", "a.wav", "empty.wav", "big.mp3", "c.wav"],
        ),
    ];
    for (properties, expected) in cases {
        let folder = TempDir::new().unwrap();
        file(folder.path(), ".hidden.wav", "h");
        file(folder.path(), "a.wav", "a");
        file(folder.path(), "empty.wav", "");
        file(folder.path(), "one/big.mp3", "bigger");
        file(folder.path(), "one/two/c.wav", "c");
        let mut runner = runner(&folder, properties);
        runner.run().await.unwrap();
        let mut found = names(&runner);
        let mut expected: Vec<_> = expected.iter().map(ToString::to_string).collect();
        found.sort();
        expected.sort();
        assert_eq!(found, expected, "with {properties:?}");
        assert!(runner.messages().is_empty());
    }
}

#[tokio::test]
async fn batches_and_the_polling_interval_limit_the_work() {
    let folder = TempDir::new().unwrap();
    for index in 0..5 {
        file(folder.path(), format!("{index}.wav"), "x");
    }
    let mut runner = runner(&folder, &[KEEP, ("Batch Size", "2"), ("Polling Interval", "10 sec")]);
    for expected in [2, 4, 5] {
        runner.run().await.unwrap();
        runner.assert_all_transferred(SUCCESS, expected);
    }
    file(folder.path(), "late.wav", "x");
    runner.run().await.unwrap();
    runner.assert_all_transferred(SUCCESS, 5);
    runner.clock().advance_ms(10_000);
    runner.run().await.unwrap();
    runner.assert_all_transferred(SUCCESS, 6);
}

#[tokio::test]
async fn an_empty_file_is_a_flowfile_too() {
    let folder = TempDir::new().unwrap();
    file(folder.path(), "empty.wav", "");
    let mut runner = runner(&folder, &[]);
    runner.run().await.unwrap();
    assert_eq!(runner.only(SUCCESS).bytes(), b"");
}

#[tokio::test]
async fn odd_names_are_kept_without_loss() {
    let folder = TempDir::new().unwrap();
    file(folder.path(), "line\nend.wav", "1");
    file(folder.path(), Path::new(OsStr::from_bytes(b"bad\xFFname.wav")), "2");
    let mut runner = runner(&folder, &[KEEP]);
    runner.run_times(2).await.unwrap();
    assert_eq!(names(&runner), [r"bad\xFFname.wav", "line\nend.wav"]);
    assert!(runner.messages().is_empty());
}

#[tokio::test]
async fn a_folder_that_is_missing_is_reported_once_and_works_when_it_comes() {
    let folder = TempDir::new().unwrap();
    let missing = folder.path().join("missing");
    let mut runner = TestRunner::new::<GetFile>(&[("Directory", missing.to_str().unwrap())]);
    runner.run_times(3).await.unwrap();
    runner.assert_bulletin(Level::Error, "cannot read the folder");
    assert!(runner.bulletins()[0].help.is_some() && runner.has_yielded());
    file(&missing, "a.wav", "x");
    runner.run().await.unwrap();
    runner.assert_all_transferred(SUCCESS, 1);
    runner.clear();
    fs::remove_dir_all(&missing).unwrap();
    runner.run_times(2).await.unwrap();
    runner.assert_bulletin(Level::Error, "cannot read the folder");
}

#[tokio::test]
async fn a_folder_that_is_a_file_is_reported() {
    let folder = TempDir::new().unwrap();
    let path = file(folder.path(), "a.wav", "x");
    let mut runner = TestRunner::new::<GetFile>(&[("Directory", path.to_str().unwrap())]);
    runner.run().await.unwrap();
    runner.assert_bulletin(Level::Error, "cannot read the folder");
    assert_eq!(runner.bulletins()[0].help.as_deref(), Some("choose a folder"));
}

#[tokio::test]
async fn a_vanished_file_is_reported_and_the_others_come() {
    let folder = TempDir::new().unwrap();
    for name in ["a.wav", "b.wav", "c.wav"] {
        file(folder.path(), name, "x");
    }
    let mut runner = runner(&folder, &[KEEP, ("Batch Size", "1")]);
    runner.run().await.unwrap();
    fs::remove_file(folder.path().join("b.wav")).unwrap();
    runner.run_times(4).await.unwrap();
    assert_eq!(names(&runner), ["a.wav", "c.wav"]);
    runner.assert_bulletin(Level::Error, "cannot open");
}

#[tokio::test]
async fn links_in_circles_are_reported_once_and_end() {
    let folder = TempDir::new().unwrap();
    file(folder.path(), "sub/a.wav", "x");
    symlink(folder.path(), folder.path().join("sub/back")).unwrap();
    let mut runner = runner(&folder, &[KEEP]);
    runner.run_times(3).await.unwrap();
    assert_eq!(names(&runner), ["a.wav"]);
    runner.assert_bulletin(Level::Error, "was searched already");
}

#[tokio::test]
async fn a_folder_that_many_links_lead_to_is_searched_once() {
    let folder = TempDir::new().unwrap();
    let mut above = folder.path().to_owned();
    for depth in 0..40 {
        let below = above.join("next");
        fs::create_dir(&below).unwrap();
        symlink(&below, above.join("too")).unwrap();
        above = below;
        file(&above, format!("{depth}.wav"), "x");
    }
    let mut runner = runner(&folder, &[KEEP, ("Batch Size", "100")]);
    runner.run_times(2).await.unwrap();
    assert_eq!(names(&runner).len(), 40);
}

#[tokio::test]
async fn folders_that_lie_too_deep_are_told_and_left_out() {
    let folder = TempDir::new().unwrap();
    let at = |depth| (0..depth).fold(folder.path().to_owned(), |path, _| path.join("d"));
    for depth in [bounds::DEPTH_MAX, bounds::DEPTH_MAX + 1] {
        file(&at(depth), format!("{depth}.wav"), "x");
    }
    let mut runner = runner(&folder, &[KEEP]);
    runner.run_times(2).await.unwrap();
    assert_eq!(names(&runner), [format!("{}.wav", bounds::DEPTH_MAX)]);
    runner.assert_bulletin(Level::Error, "folders deep and is left out");
}

#[tokio::test]
async fn data_folders_and_what_sinks_are_writing_are_left_out() {
    let folder = TempDir::new().unwrap();
    file(folder.path(), "data/format", "tutti data folder, format 1\n");
    file(folder.path(), "data/records/1", "x");
    file(folder.path(), "mine/format", "wave");
    file(folder.path(), "mine/.tutti-1.part", "half");
    let all = [("Ignore Hidden Files", "false"), ("File Filter", ".*")];
    let mut runner = runner(&folder, &all);
    runner.run_times(2).await.unwrap();
    assert_eq!(names(&runner), ["format"]);
    assert!(folder.path().join("data/records/1").exists());
    runner.assert_bulletin(Level::Warning, "is a data folder of Tutti and is left out");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn what_the_kernel_tells_is_not_searched() {
    let mut runner = TestRunner::new::<GetFile>(&[("Directory", "/proc"), KEEP]);
    runner.run_times(2).await.unwrap();
    assert!(names(&runner).is_empty());
    runner.assert_bulletin(Level::Error, "what the kernel tells");
}

#[test]
fn a_look_ends_when_the_processor_is_to_stop() {
    let folder = TempDir::new().unwrap();
    for name in ["a/1.wav", "a/2.wav", "b/3.wav"] {
        file(folder.path(), name, "x");
    }
    let now = tutti_sdk::model::flowfile::Timestamp(1_704_067_200_000);
    let values = [("Directory".to_owned(), folder.path().to_str().unwrap().to_owned())];
    let properties = GetFileProperties::parse(&values.into(), &[]).unwrap();
    let asked = std::cell::Cell::new(0);
    let looked = |after: u32| {
        asked.set(0);
        let is_stopping = || asked.replace(asked.get() + 1) >= after;
        Listing::of(&properties, now, &|_, _| false, &is_stopping, 10).unwrap()
    };
    assert!(looked(u32::MAX).is_complete);
    for after in 0..asked.get() - 1 {
        let listing = looked(after);
        assert!(!listing.is_complete && listing.seen.len() < 3, "stopped after {after}");
    }
}

#[tokio::test]
async fn a_link_to_itself_is_reported() {
    let folder = TempDir::new().unwrap();
    symlink("itself", folder.path().join("itself")).unwrap();
    let mut runner = runner(&folder, &[]);
    runner.run_times(2).await.unwrap();
    runner.assert_bulletin(Level::Error, "cannot look at");
}

#[tokio::test]
async fn a_link_to_nowhere_is_told_where_its_name_is_wanted_and_is_no_error() {
    let folder = TempDir::new().unwrap();
    for name in ["a.wav", "notes.txt"] {
        symlink("nowhere", folder.path().join(name)).unwrap();
    }
    let mut runner = runner(&folder, &[("File Filter", r".*\.wav")]);
    runner.run_times(2).await.unwrap();
    runner.assert_bulletin(Level::Warning, "a.wav\" leads nowhere");
}

#[tokio::test]
async fn what_was_picked_up_is_remembered_while_its_disk_is_away() {
    let folder = TempDir::new().unwrap();
    let mounted = folder.path().join("mounted");
    let away = folder.path().join("away");
    file(&mounted, "a.wav", "x");
    let linked = folder.path().join("linked");
    file(&linked, "b.wav", "y");
    symlink(linked.join("b.wav"), mounted.join("b.wav")).unwrap();
    let mut runner = TestRunner::new::<GetFile>(&[
        ("Directory", mounted.to_str().unwrap()),
        ("Keep Source File", "true"),
    ]);
    runner.run_times(2).await.unwrap();
    assert_eq!(names(&runner), ["a.wav", "b.wav"]);
    let moved = [(&linked, folder.path().join("linked away")), (&mounted, away)];
    for (here, there) in moved {
        fs::rename(here, &there).unwrap();
        if here == &mounted {
            // As a mount point without its disk.
            fs::create_dir(here).unwrap();
        }
        runner.run_times(2).await.unwrap();
        drop(fs::remove_dir(here));
        fs::rename(&there, here).unwrap();
        runner.run_times(2).await.unwrap();
        assert_eq!(names(&runner), ["a.wav", "b.wav"], "nothing came a second time");
    }
}

#[tokio::test]
async fn nothing_is_forgotten_while_a_folder_cannot_be_read() {
    let folder = TempDir::new().unwrap();
    let inner = folder.path().join("inner");
    file(&inner, "a.wav", "x");
    let mut runner = TestRunner::new::<GetFile>(&[
        ("Directory", inner.to_str().unwrap()),
        ("Keep Source File", "true"),
    ]);
    runner.run().await.unwrap();
    fs::rename(&inner, folder.path().join("away")).unwrap();
    runner.run().await.unwrap();
    fs::rename(folder.path().join("away"), &inner).unwrap();
    runner.run().await.unwrap();
    assert_eq!(names(&runner), ["a.wav"]);
}

#[test]
fn known_files_do_not_crowd_out_new_ones() {
    let folder = TempDir::new().unwrap();
    file(folder.path(), "a.wav", "x");
    file(folder.path(), "b.wav", "x");
    let values = [("Directory".to_owned(), folder.path().to_str().unwrap().to_owned())];
    let properties = GetFileProperties::parse(&values.into(), &[]).unwrap();
    let now = tutti_sdk::model::flowfile::Timestamp(1_704_067_200_000);
    let found = |is_known: &dyn Fn(&Path, Version) -> bool| {
        let listing = Listing::of(&properties, now, is_known, &|| false, 1).unwrap();
        assert_eq!(listing.seen.len(), 2);
        listing.ready.iter().map(|each| paths::to_text(&each.path)).collect::<Vec<_>>()
    };
    assert!(found(&|_, _| false)[0].ends_with("a.wav"));
    assert!(found(&|path, _| path.ends_with("a.wav"))[0].ends_with("b.wav"));
}

#[test]
fn bounds_that_no_file_can_meet_are_refused_all_at_once() {
    let try_with = |properties: &[(&str, &str)]| {
        let folder = [("Directory", "/in")];
        TestRunner::try_new::<GetFile>(&[&folder, properties].concat()).err()
    };
    let sizes = [("Minimum File Size", "2 KB"), ("Maximum File Size", "1 KB")];
    let ages = [("Minimum File Age", "2 min"), ("Maximum File Age", "1 min")];
    let BuildError::Properties(wrong) = try_with(&[sizes, ages].concat()).unwrap() else {
        panic!("properties are wrong")
    };
    let found: Vec<&[_]> = wrong.iter().map(|each| &each.properties[..]).collect();
    let [age, size] =
        [["Minimum File Age", "Maximum File Age"], ["Minimum File Size", "Maximum File Size"]];
    assert_eq!(found, [age, size]);
    assert!(try_with(&sizes).is_some() && try_with(&ages).is_some());
    let equal = [("Minimum File Size", "1 KB"), ("Maximum File Size", "1 KB")];
    assert!(try_with(&equal).is_none());
}
