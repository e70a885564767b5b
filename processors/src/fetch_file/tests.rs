//! Files that are fetched, and what becomes of them and of those that cannot be.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::time::{Duration, SystemTime};

use tempfile::TempDir;
use tutti_sdk::model::provenance::EventType;
use tutti_sdk::testkit::TestRunner;

use super::*;
use crate::files::version::Version;

const DELETE: (&str, &str) = ("Completion Strategy", "Delete File");
const MOVE: (&str, &str) = ("Completion Strategy", "Move File");

fn file(folder: &TempDir, name: impl AsRef<Path>, content: &str) -> PathBuf {
    let path = folder.path().join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, content).unwrap();
    path
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap()
}

/// Fetches the file of that path.
fn runner(path: &Path, more: &[(&str, &str)]) -> TestRunner {
    let runner = TestRunner::new::<FetchFile>(more);
    let folder = format!("{}/", paths::to_text(path.parent().unwrap()));
    let name = paths::to_text(Path::new(path.file_name().unwrap()));
    runner.enqueue(b"before", &[("absolute.path", &folder), ("filename", &name)]);
    runner
}

#[tokio::test]
async fn the_content_of_the_file_replaces_that_of_the_flowfile() {
    let folder = TempDir::new().unwrap();
    let path = file(&folder, "a b.wav", "sound");
    let mut runner = runner(&path, &[]);
    runner.run().await.unwrap();
    let output = runner.only(SUCCESS);
    assert_eq!((output.text().as_str(), output.attribute("filename")), ("sound", "a b.wav"));
    let events = runner.events();
    let told: Vec<_> = events.iter().map(|event| event.event_type).collect();
    assert_eq!(told, [EventType::Fetch]);
    let uri = events[0].transit_uri.as_deref().unwrap();
    assert!(uri.starts_with("file:///") && uri.ends_with("/a%20b.wav"), "{uri}");
    assert!(path.exists() && runner.messages().is_empty());
}

#[tokio::test]
async fn an_expression_says_which_file() {
    let folder = TempDir::new().unwrap();
    let path = file(&folder, "a.wav", "");
    let mut runner = TestRunner::new::<FetchFile>(&[("File to Fetch", "${where}")]);
    runner.enqueue(b"before", &[("where", path.to_str().unwrap())]);
    runner.run().await.unwrap();
    assert_eq!(runner.only(SUCCESS).bytes(), b"", "an empty file is a file");
}

#[tokio::test]
async fn what_was_listed_under_an_odd_name_is_found() {
    let folder = TempDir::new().unwrap();
    for name in [b"bad\xFF\\.wav".as_slice(), b"line\nend.wav", br"a\xFF"] {
        let path = file(&folder, Path::new(OsStr::from_bytes(name)), "sound");
        let mut runner = runner(&path, &[]);
        runner.run().await.unwrap();
        assert_eq!(runner.only(SUCCESS).text(), "sound");
    }
}

#[tokio::test]
async fn a_file_is_deleted_only_when_its_content_is_durable() {
    let folder = TempDir::new().unwrap();
    let path = file(&folder, "a.wav", "sound");
    let mut crashed = runner(&path, &[DELETE]);
    crashed.crash_before_durable().await.unwrap();
    assert!(path.exists());
    let mut runner = runner(&path, &[DELETE]);
    runner.run_withheld().await.unwrap();
    runner.assert_all_transferred(SUCCESS, 1);
    assert!(path.exists());
    runner.make_durable();
    assert!(!path.exists() && runner.messages().is_empty());
}

#[tokio::test]
async fn a_file_that_changed_or_is_written_since_stays() {
    for completion in [DELETE, MOVE] {
        for is_open in [false, true] {
            let folder = TempDir::new().unwrap();
            let path = file(&folder, "a.wav", "sound");
            let done = folder.path().join("done");
            let destination = ("Move Destination Directory", done.to_str().unwrap());
            let mut runner = runner(&path, &[completion, destination]);
            runner.run_withheld().await.unwrap();
            let writer = File::options().append(true).open(&path).unwrap();
            // Nobody can tell elsewhere whether somebody has it open.
            if is_open && cfg!(target_os = "linux") {
                runner.make_durable();
            }
            drop(writer);
            if !is_open {
                fs::write(&path, "SOUND").unwrap();
                runner.make_durable();
            }
            assert!(path.exists(), "{completion:?} {is_open}");
            assert!(runner.messages().is_empty());
        }
    }
}

#[tokio::test]
async fn a_file_is_moved_when_its_content_is_durable() {
    let folder = TempDir::new().unwrap();
    let path = file(&folder, "a.wav", "sound");
    let done = folder.path().join("done/${filename:substringAfter('.')}");
    let destination = ("Move Destination Directory", done.to_str().unwrap());
    let mut runner = runner(&path, &[MOVE, destination]);
    runner.run_withheld().await.unwrap();
    assert!(path.exists());
    runner.make_durable();
    assert!(!path.exists());
    assert_eq!(text(&folder.path().join("done/wav/a.wav")), "sound");
    assert!(runner.messages().is_empty());
}

#[tokio::test]
async fn where_a_name_is_taken_the_flow_says_what_becomes_of_both() {
    for (strategy, there, moved) in [
        ("Rename", "old", Some("sound")),
        ("Replace File", "sound", None),
        ("Keep Existing", "old", None),
    ] {
        for name in ["a.tar.gz", "plain", ".hidden"] {
            let folder = TempDir::new().unwrap();
            let path = file(&folder, name, "sound");
            let target = file(&folder, Path::new("done").join(name), "old");
            let done = folder.path().join("done");
            let destination = ("Move Destination Directory", done.to_str().unwrap());
            let conflict = ("Move Conflict Strategy", strategy);
            let mut runner = runner(&path, &[MOVE, destination, conflict]);
            runner.run().await.unwrap();
            runner.assert_all_transferred(SUCCESS, 1);
            assert!(!path.exists() && runner.messages().is_empty(), "{strategy}");
            assert_eq!(text(&target), there, "{strategy}");
            let others = fs::read_dir(&done).unwrap().map(|entry| entry.unwrap().path());
            let others: Vec<_> = others.filter(|path| *path != target).collect();
            assert_eq!(others.first().map(|path| text(path)).as_deref(), moved, "{strategy}");
            if let Some(other) = others.first() {
                let own = other.file_name().unwrap().to_str().unwrap();
                let (stem, end) = match name {
                    "a.tar.gz" => ("a.tar-", ".gz"),
                    other => (&*format!("{other}-"), ""),
                };
                assert!(own.starts_with(stem) && own.ends_with(end), "{own}");
                assert_eq!(own.len(), name.len() + 37, "{own}");
            }
        }
    }
}

#[tokio::test]
async fn with_fail_nothing_is_fetched_where_the_name_is_taken() {
    let folder = TempDir::new().unwrap();
    let path = file(&folder, "a.wav", "sound");
    let target = file(&folder, "done/a.wav", "old");
    let done = target.parent().unwrap().to_str().unwrap();
    let more = [MOVE, ("Move Destination Directory", done), ("Move Conflict Strategy", "Fail")];
    let mut refused = runner(&path, &more);
    refused.run().await.unwrap();
    assert_eq!(refused.only(FAILURE).text(), "before");
    refused.assert_bulletin(Level::Error, "there is a file");
    // One that comes up in the meantime is told, and both stay.
    fs::remove_file(&target).unwrap();
    let mut late = runner(&path, &more);
    late.run_withheld().await.unwrap();
    fs::write(&target, "new").unwrap();
    late.make_durable();
    late.assert_all_transferred(SUCCESS, 1);
    late.assert_bulletin(Level::Error, "there is a file");
    assert_eq!((text(&path).as_str(), text(&target).as_str()), ("sound", "new"));
}

#[tokio::test]
async fn a_file_that_is_where_it_is_to_be_stays_there() {
    for strategy in ["Rename", "Replace File", "Keep Existing"] {
        let folder = TempDir::new().unwrap();
        let path = file(&folder, "a.wav", "sound");
        let here = ("Move Destination Directory", folder.path().to_str().unwrap());
        let mut runner = runner(&path, &[MOVE, here, ("Move Conflict Strategy", strategy)]);
        runner.run().await.unwrap();
        runner.assert_all_transferred(SUCCESS, 1);
        assert_eq!(text(&path), "sound", "{strategy}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "{strategy}");
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_file_goes_to_another_disk_with_its_time_and_its_rights() {
    let folder = TempDir::new().unwrap();
    let other = TempDir::new_in("/dev/shm").unwrap();
    let device = |path: &Path| fs::metadata(path).unwrap().dev();
    assert_ne!(device(folder.path()), device(other.path()), "this test needs two disks");
    let path = file(&folder, "a.wav", "sound");
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
    File::options().write(true).open(&path).unwrap().set_modified(time).unwrap();
    let there = file(&other, "a.wav", "old");
    for (strategy, content) in [("Keep Existing", "old"), ("Replace File", "sound")] {
        fs::write(&path, "sound").unwrap();
        File::options().write(true).open(&path).unwrap().set_modified(time).unwrap();
        let destination = ("Move Destination Directory", other.path().to_str().unwrap());
        let conflict = ("Move Conflict Strategy", strategy);
        let mut runner = runner(&path, &[MOVE, destination, conflict]);
        runner.run().await.unwrap();
        runner.assert_all_transferred(SUCCESS, 1);
        assert!(!path.exists() && runner.messages().is_empty(), "{:?}", runner.messages());
        assert_eq!(text(&there), content, "{strategy}");
    }
    assert_eq!(fs::metadata(&there).unwrap().modified().unwrap(), time);
    assert_eq!(fs::read_dir(other.path()).unwrap().count(), 1);
}

#[tokio::test]
async fn a_file_that_is_not_there_is_told_as_seriously_as_the_flow_says() {
    for (name, level, expected) in [
        ("gone.wav", "error", Level::Error),
        ("gone/a.wav", "warn", Level::Warning),
        ("a.wav/below", "info", Level::Info),
        ("gone.wav", "debug", Level::Debug),
    ] {
        let folder = TempDir::new().unwrap();
        file(&folder, "a.wav", "sound");
        let path = folder.path().join(name);
        let mut runner = runner(&path, &[("File not Found Log Level", level)]);
        runner.run().await.unwrap();
        runner.assert_all_transferred(NOT_FOUND, 1);
        runner.assert_bulletin(expected, "cannot look at");
        let output = runner.only(NOT_FOUND);
        assert!(output.flowfile.penalized_until().is_some() && output.text() == "before");
        assert!(output.attribute("failure.reason").contains(name));
        let routed = runner.events().into_iter().find(|each| each.event_type == EventType::Route);
        assert_eq!(routed.unwrap().relationship.as_deref(), Some(NOT_FOUND));
    }
}

/// Whoever does not own a file, as long as this is there: the rights of this thread, and of threads
/// that it starts, are those of nobody.
#[cfg(target_os = "linux")]
struct Nobody(libc::c_int);

#[cfg(target_os = "linux")]
impl Nobody {
    fn become_one() -> Self {
        Self(Self::set(65_534))
    }

    fn set(user: libc::c_int) -> libc::c_int {
        // SAFETY: it takes a number, and changes what the kernel checks the accesses of this
        // thread by, and no memory.
        #[allow(unsafe_code, reason = "no safe library has it")]
        unsafe {
            libc::setfsuid(user.cast_unsigned())
        }
    }
}

#[cfg(target_os = "linux")]
impl Drop for Nobody {
    fn drop(&mut self) {
        Self::set(self.0);
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_file_that_may_not_be_read_is_told_as_seriously_as_the_flow_says() {
    use std::os::unix::fs::PermissionsExt as _;
    let rights = |path: &Path, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    for (of_folder, of_file, level, expected) in [
        (0o755, 0o000, "error", Level::Error),
        (0o000, 0o644, "warn", Level::Warning),
        (0o000, 0o644, "debug", Level::Debug),
    ] {
        let folder = TempDir::new().unwrap();
        let path = file(&folder, "a.wav", "sound");
        rights(&path, of_file);
        rights(folder.path(), of_folder);
        let mut runner = runner(&path, &[("Permission Denied Log Level", level)]);
        let nobody = Nobody::become_one();
        runner.run().await.unwrap();
        drop(nobody);
        rights(folder.path(), 0o755);
        runner.assert_all_transferred(PERMISSION_DENIED, 1);
        runner.assert_bulletin(expected, "Permission denied");
        assert!(runner.only(PERMISSION_DENIED).flowfile.penalized_until().is_some());
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn nothing_is_fetched_that_could_not_be_moved_then() {
    let folder = TempDir::new().unwrap();
    let path = file(&folder, "a.wav", "sound");
    std::os::unix::fs::chown(&path, Some(65_534), None).ok();
    fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755))
        .unwrap();
    let closed = folder.path().join("closed");
    fs::create_dir(&closed).unwrap();
    fs::set_permissions(&closed, std::os::unix::fs::PermissionsExt::from_mode(0o555)).unwrap();
    let no_folder = file(&folder, "no folder", "x");
    for (destination, told) in [(&closed, "cannot move files to"), (&no_folder, "no folder\"")] {
        let destination = ("Move Destination Directory", destination.to_str().unwrap());
        let mut runner = runner(&path, &[MOVE, destination]);
        let nobody = Nobody::become_one();
        runner.run().await.unwrap();
        drop(nobody);
        runner.assert_bulletin(Level::Warning, told);
        assert_eq!(runner.queued(), 1, "it may pass");
    }
    assert!(path.exists());
}

#[tokio::test]
async fn what_is_no_file_fails_and_is_not_opened() {
    let folder = TempDir::new().unwrap();
    let pipe = folder.path().join("pipe");
    rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, rustix::fs::Mode::RUSR).unwrap();
    for path in [&pipe, &folder.path().join("../"), Path::new("/dev/null")] {
        let mut runner = TestRunner::new::<FetchFile>(&[("File to Fetch", "${where}"), DELETE]);
        runner.enqueue(b"before", &[("where", path.to_str().unwrap())]);
        runner.run().await.unwrap();
        assert!(runner.only(FAILURE).flowfile.penalized_until().is_some());
        runner.assert_bulletin(Level::Error, "is no file");
    }
}

#[tokio::test]
async fn a_path_that_none_can_be_fails_at_once() {
    for path in ["", "a\0b"] {
        let mut runner = TestRunner::new::<FetchFile>(&[("File to Fetch", "${where}")]);
        runner.enqueue(b"before", &[("where", path)]);
        runner.run().await.unwrap();
        runner.assert_all_transferred(FAILURE, 1);
        runner.assert_bulletin(Level::Error, "cannot be the path of a file");
    }
    let name = "n".repeat(256);
    let mut runner = TestRunner::new::<FetchFile>(&[("File to Fetch", "/tmp/${where}")]);
    runner.enqueue(b"before", &[("where", &name)]);
    runner.run().await.unwrap();
    runner.assert_all_transferred(FAILURE, 1);
    runner.assert_bulletin(Level::Error, "File name too long");
}

#[tokio::test]
async fn content_that_cannot_be_stored_is_tried_again_and_the_file_stays() {
    let folder = TempDir::new().unwrap();
    let path = file(&folder, "a.wav", "sound");
    let mut runner = runner(&path, &[DELETE]);
    runner.fail_writes_after(Some(2));
    runner.run().await.unwrap();
    runner.assert_bulletin(Level::Warning, "cannot store the content");
    assert_eq!(runner.queued(), 1);
    assert!(path.exists());
}

#[test]
fn a_file_that_changes_while_it_is_read_is_an_error_that_may_pass() {
    let folder = TempDir::new().unwrap();
    let path = file(&folder, "a.wav", "sound");
    let open = File::open(&path).unwrap();
    let version = Version::of(&open.metadata().unwrap());
    fs::write(&path, "longer than it was").unwrap();
    assert!(!reading::is_as_read(&path, version).unwrap());
    assert!(!reading::is_as_read(&folder.path().join("gone"), version).unwrap());
}

#[tokio::test]
async fn nothing_is_moved_to_where_it_would_be_picked_up_and_deleted() {
    let folder = TempDir::new().unwrap();
    let path = file(&folder, "a.wav", "sound");
    let emptied = folder.path().join("in");
    fs::create_dir(&emptied).unwrap();
    let properties = [("Directory", emptied.to_str().unwrap())];
    let mut get = TestRunner::new::<crate::get_file::GetFile>(&properties);
    get.run().await.unwrap();
    let literal = ("Move Destination Directory", emptied.to_str().unwrap());
    let refused = runner(&path, &[MOVE, literal]).run().await.unwrap_err().to_string();
    assert!(refused.contains("where GetFile picks files up and deletes them"), "{refused}");
    let mut by_name = TestRunner::new::<FetchFile>(&[
        MOVE,
        ("Move Destination Directory", "${to}"),
        ("File to Fetch", path.to_str().unwrap()),
    ]);
    by_name.enqueue(b"before", &[("to", emptied.to_str().unwrap())]);
    by_name.run().await.unwrap();
    assert_eq!(by_name.queued(), 1);
    by_name.assert_bulletin(Level::Warning, "GetFile picks files up and deletes them");
    assert!(path.exists());
}

#[test]
fn moving_needs_a_place_to_move_to() {
    let refused = TestRunner::try_new::<FetchFile>(&[MOVE]).err().unwrap();
    let BuildError::Properties(wrong) = refused else { panic!("{refused}") };
    assert_eq!(wrong[0].properties, ["Move Destination Directory", "Completion Strategy"]);
    assert!(wrong[0].error.help.is_some());
}
