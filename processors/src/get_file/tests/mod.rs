//! Files that are picked up, kept or left.

mod looks;

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
