//! Files in folders that may be full, away, emptied by others or closed.

use std::fs;
use std::path::Path;

use tempfile::TempDir;
use tutti_sdk::bulletin::Level;
use tutti_sdk::model::provenance::EventType;
use tutti_sdk::testkit::TestRunner;

use super::*;
use crate::files::names_in;

fn runner(folder: &Path, more: &[(&str, &str)]) -> TestRunner {
    let mut properties = vec![("Directory", folder.to_str().unwrap())];
    properties.extend(more);
    TestRunner::new::<PutFile>(&properties)
}

#[tokio::test]
async fn content_becomes_a_file_in_a_folder_that_is_made() {
    let folder = TempDir::new().unwrap();
    let below = folder.path().join("a/b");
    let mut runner = runner(&below, &[]);
    runner.enqueue(b"sound", &[("filename", "line\nend.wav")]);
    runner.enqueue(b"", &[("filename", "empty")]);
    runner.run_times(2).await.unwrap();
    runner.assert_all_transferred(SUCCESS, 2);
    assert_eq!(fs::read(below.join("line\nend.wav")).unwrap(), b"sound");
    assert_eq!(names_in(&below), ["empty", "line\nend.wav"]);
    let sent = &runner.events()[0];
    assert_eq!(sent.event_type, EventType::Send);
    assert!(sent.transit_uri.as_ref().unwrap().ends_with("/a/b/line%0Aend.wav"));
    assert_eq!(sent.transit_bytes, Some(5));
}

#[tokio::test]
async fn the_folder_may_depend_on_attributes() {
    let folder = TempDir::new().unwrap();
    let mut runner = runner(&folder.path().join("${audio.codec}"), &[]);
    runner.enqueue(b"x", &[("filename", "a"), ("audio.codec", "flac")]);
    runner.run().await.unwrap();
    assert_eq!(names_in(&folder.path().join("flac")), ["a"]);
}

#[tokio::test]
async fn an_existing_file_is_treated_as_the_flow_says() {
    for (strategy, relationship, content) in
        [("replace", SUCCESS, "new"), ("ignore", SUCCESS, "old"), ("fail", FAILURE, "old")]
    {
        let folder = TempDir::new().unwrap();
        fs::write(folder.path().join("a"), "old").unwrap();
        let mut runner = runner(folder.path(), &[("Conflict Resolution Strategy", strategy)]);
        runner.enqueue(b"new", &[("filename", "a")]);
        runner.run().await.unwrap();
        runner.assert_all_transferred(relationship, 1);
        assert_eq!(fs::read_to_string(folder.path().join("a")).unwrap(), content);
        assert_eq!(names_in(folder.path()), ["a"]);
    }
}

#[tokio::test]
async fn nothing_is_delivered_to_where_it_would_be_picked_up_and_deleted() {
    let folder = TempDir::new().unwrap();
    let emptied = folder.path().join("in");
    let outside = folder.path().join("outside");
    fs::create_dir_all(emptied.join("sub")).unwrap();
    fs::create_dir(&outside).unwrap();
    fs::write(emptied.join("a"), "sound").unwrap();
    let old = fs::File::options().write(true).open(emptied.join("a")).unwrap();
    old.set_modified(std::time::SystemTime::UNIX_EPOCH).unwrap();
    drop(old);
    std::os::unix::fs::symlink(&outside, emptied.join("link")).unwrap();
    std::os::unix::fs::symlink(&emptied, folder.path().join("other-name")).unwrap();
    let source = |keep| {
        let properties = [
            ("Directory", emptied.to_str().unwrap()),
            ("File Filter", "[a-z]+"),
            ("Path Filter", "sub|link|new"),
            ("Keep Source File", keep),
        ];
        TestRunner::new::<crate::get_file::GetFile>(&properties)
    };
    let put = async |into: &Path, strategy, name: &str| {
        let mut runner = runner(into, &[("Conflict Resolution Strategy", strategy)]);
        runner.enqueue(b"new", &[("filename", name)]);
        runner.run().await.unwrap();
        let is_refused = runner.queued() == 1;
        if is_refused {
            runner.assert_bulletin(Level::Warning, "GetFile picks files up and deletes them");
        }
        is_refused
    };
    let mut first = source("false");
    first.run_withheld().await.unwrap();
    for strategy in ["ignore", "replace", "fail"] {
        for into in ["in", "other-name", "in/sub", "in/new", "outside"] {
            assert!(put(&folder.path().join(into), strategy, "a").await, "{strategy} {into}");
        }
    }
    assert_eq!(fs::read(emptied.join("a")).unwrap(), b"sound");
    assert!(!emptied.join("new").exists());
    for (into, name) in [("in", "a.json"), ("in/out", "a"), ("in", ".a"), ("beside", "a")] {
        let into = folder.path().join(into);
        assert!(!put(&into, "replace", name).await, "{into:?} {name}");
    }
    drop(first);
    let _kept = source("true");
    assert!(!put(&emptied, "ignore", "a").await, "what is kept is delivered");
}

#[tokio::test]
async fn what_was_delivered_before_a_first_look_is_not_picked_up_through_a_link() {
    let folder = TempDir::new().unwrap();
    let outside = folder.path().join("outside");
    fs::create_dir(&outside).unwrap();
    let emptied = folder.path().join("in");
    fs::create_dir(&emptied).unwrap();
    std::os::unix::fs::symlink(&outside, emptied.join("link")).unwrap();
    let properties = [("Directory", emptied.to_str().unwrap()), ("Minimum File Age", "0 sec")];
    let mut source = TestRunner::new::<crate::get_file::GetFile>(&properties);
    source.start();
    let mut runner = runner(&outside, &[]);
    runner.enqueue(b"sound", &[("filename", "a")]);
    runner.run().await.unwrap();
    runner.assert_all_transferred(SUCCESS, 1);
    source.clock().advance_ms(60_000);
    source.run().await.unwrap();
    source.assert_bulletin(Level::Warning, "was delivered by a processor of this process");
    assert_eq!(fs::read(outside.join("a")).unwrap(), b"sound");
}

#[tokio::test]
async fn a_folder_that_is_not_there_yet_is_known_by_its_path() {
    let folder = TempDir::new().unwrap();
    let later = folder.path().join("later");
    let properties = [("Directory", later.to_str().unwrap())];
    let mut get = TestRunner::new::<crate::get_file::GetFile>(&properties);
    get.run().await.unwrap();
    let refused = runner(&later, &[]).run().await.unwrap_err().to_string();
    assert!(refused.contains("where GetFile picks files up and deletes them"), "{refused}");
    let mut by_name = runner(Path::new("${directory}"), &[]);
    by_name.enqueue(b"x", &[("filename", "a"), ("directory", later.to_str().unwrap())]);
    by_name.run().await.unwrap();
    assert_eq!((by_name.queued(), later.exists()), (1, false));
}

#[tokio::test]
async fn where_all_of_it_would_be_picked_up_and_deleted_the_later_one_does_not_start() {
    let folder = TempDir::new().unwrap();
    let emptied = folder.path().join("in");
    fs::create_dir(&emptied).unwrap();
    for (into, more, is_refused) in [
        ("in", None, true),
        ("in/new/../new", None, true),
        ("in/.hidden", None, false),
        ("beside", None, false),
        ("${x:replaceNull('in')}", None, false),
        ("in", Some(("File Filter", r".*\.wav")), false),
        ("in/new", Some(("Path Filter", "old")), false),
        ("in/new", Some(("Recurse Subdirectories", "false")), false),
        ("in", Some(("Keep Source File", "true")), false),
    ] {
        let both = || {
            let mut properties = vec![("Directory", emptied.to_str().unwrap())];
            properties.extend(more);
            let get = TestRunner::new::<crate::get_file::GetFile>(&properties);
            [get, runner(&folder.path().join(into), &[])]
        };
        let [get, put] = both();
        for mut order in [[get, put], {
            let [get, put] = both();
            [put, get]
        }] {
            order[0].run().await.unwrap();
            let told = order[1].run().await.map_err(|error| error.chain());
            let is_told = told
                .as_ref()
                .is_err_and(|told| told.contains("where GetFile picks files up and deletes them"));
            assert_eq!((is_told, told.is_err()), (is_refused, is_refused), "{into} {more:?}");
        }
    }
}

#[tokio::test]
async fn a_name_cannot_lead_out_of_the_folder() {
    let folder = TempDir::new().unwrap();
    let below = folder.path().join("in");
    for name in ["../out", "/out", "..", ".", "", "a/b", "a\0b"] {
        let mut runner = runner(&below, &[]);
        runner.enqueue(b"x", &[("filename", name)]);
        runner.run().await.unwrap();
        runner.assert_all_transferred(FAILURE, 1);
        assert!(runner.only(FAILURE).flowfile.penalized_until().is_some());
        runner.assert_bulletin(Level::Error, "cannot be the name of a file");
    }
    assert!(names_in(folder.path()).is_empty());
}

#[tokio::test]
async fn a_full_folder_and_a_missing_one_are_tried_later() {
    let folder = TempDir::new().unwrap();
    let mut full = runner(folder.path(), &[("Maximum File Count", "1")]);
    full.enqueue(b"x", &[("filename", "a")]);
    full.enqueue(b"x", &[("filename", "b")]);
    full.run_times(2).await.unwrap();
    full.assert_all_transferred(SUCCESS, 1);
    assert_eq!(full.queued(), 1);
    full.assert_bulletin(Level::Warning, "holds 1 files, and may hold 1");

    let missing = folder.path().join("missing");
    let mut missing = runner(&missing, &[("Create Missing Directories", "false")]);
    missing.enqueue(b"x", &[("filename", "a")]);
    missing.run().await.unwrap();
    assert_eq!(missing.queued(), 1);
    missing.assert_bulletin(Level::Warning, "cannot write");
}

#[tokio::test]
async fn content_that_cannot_be_read_leaves_nothing_and_is_tried_later() {
    let folder = TempDir::new().unwrap();
    let mut runner = runner(folder.path(), &[]);
    runner.enqueue(b"sound", &[("filename", "a")]);
    runner.fail_reads_after(Some(2));
    runner.run().await.unwrap();
    assert_eq!(runner.queued(), 1);
    runner.assert_bulletin(Level::Warning, "cannot read the content: injected failure");
    assert!(names_in(folder.path()).is_empty());
}

/// Names of files in `folder`, and what they hold.
fn contents(folder: &Path) -> Vec<(String, String)> {
    let content = |name: String| (name.clone(), fs::read_to_string(folder.join(name)).unwrap());
    names_in(folder).into_iter().map(content).collect()
}

fn named(files: &[(&str, &str)]) -> Vec<(String, String)> {
    files.iter().map(|&(name, content)| (name.to_owned(), content.to_owned())).collect()
}

#[tokio::test]
async fn files_of_one_go_are_put_as_one_after_the_other_and_what_fails_fails_alone() {
    for (strategy, failed, content) in [("replace", 2, "2"), ("ignore", 2, "1"), ("fail", 3, "1")] {
        let folder = TempDir::new().unwrap();
        let mut runner = runner(folder.path(), &[("Conflict Resolution Strategy", strategy)]);
        let long = "n".repeat(256);
        for (name, content) in
            [("a", "1"), ("..", "x"), ("b", "1"), ("a", "2"), (&long, "x"), ("c", "1")]
        {
            runner.enqueue(content.as_bytes(), &[("filename", name)]);
        }
        runner.run().await.unwrap();
        runner.assert_transferred(SUCCESS, 6 - failed);
        runner.assert_transferred(FAILURE, failed);
        let expected = named(&[("a", content), ("b", "1"), ("c", "1")]);
        assert_eq!(contents(folder.path()), expected, "{strategy}");
    }
}

#[tokio::test]
async fn what_has_been_delivered_counts_as_delivered_when_it_comes_again() {
    let folder = TempDir::new().unwrap();
    let mut runner = runner(folder.path(), &[]);
    let long = vec![b'x'; 200_000];
    let mut other = long.clone();
    other[150_000] = b'y';
    // As after a kill between the naming of a file and the commit of its flowfile.
    for (name, content) in
        [("same", &long[..]), ("other", &long), ("longer", &long), ("empty", b"")]
    {
        fs::write(folder.path().join(name), content).unwrap();
    }
    fs::write(folder.path().join("target"), &long).unwrap();
    std::os::unix::fs::symlink("target", folder.path().join("link")).unwrap();
    for (name, content) in [
        ("same", &long[..]),
        ("empty", b""),
        ("other", &other),
        ("longer", &long[1..]),
        ("link", &long),
    ] {
        runner.enqueue(content, &[("filename", name)]);
    }
    runner.run().await.unwrap();
    let names = |relationship| {
        let there = runner.transferred(relationship);
        there.iter().map(|each| each.attribute("filename").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names(SUCCESS), ["same", "empty"]);
    assert_eq!(names(FAILURE), ["other", "longer", "link"]);
    let sent = runner.events().iter().filter(|event| event.event_type == EventType::Send).count();
    assert_eq!(sent, 2);
    assert_eq!(fs::read(folder.path().join("other")).unwrap(), long);
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn contents_are_opened_one_after_the_other() {
    let folder = TempDir::new().unwrap();
    let mut runner = runner(folder.path(), &[]);
    for number in 0..BATCH_FILES_MAX {
        runner.enqueue(b"x", &[("filename", &number.to_string())]);
    }
    runner.run().await.unwrap();
    runner.assert_all_transferred(SUCCESS, BATCH_FILES_MAX);
    assert_eq!(runner.open_contents_most(), 1);
}

#[tokio::test]
async fn a_go_is_bounded_in_files_and_in_bytes() {
    let folder = TempDir::new().unwrap();
    let mut runner = runner(folder.path(), &[]);
    for number in 0..=BATCH_FILES_MAX {
        runner.enqueue(b"x", &[("filename", &number.to_string())]);
    }
    runner.run().await.unwrap();
    runner.assert_all_transferred(SUCCESS, BATCH_FILES_MAX);
    let large = vec![b'x'; BATCH_BYTES_MAX as usize + 1];
    for (name, content) in [("large", &large[..]), ("small", b"x"), ("large again", &large)] {
        runner.enqueue(content, &[("filename", name)]);
    }
    for so_far in [1, 2, 3, 4] {
        runner.run().await.unwrap();
        runner.assert_all_transferred(SUCCESS, BATCH_FILES_MAX + so_far);
    }
}

#[tokio::test]
async fn a_folder_holds_no_more_than_it_may_whatever_comes_in_one_go() {
    let folder = TempDir::new().unwrap();
    let strategy = ("Conflict Resolution Strategy", "replace");
    let mut runner = runner(folder.path(), &[("Maximum File Count", "2"), strategy]);
    for (name, content) in [("a", "1"), ("a", "2"), ("b", "1"), ("c", "1"), ("b", "2")] {
        runner.enqueue(content.as_bytes(), &[("filename", name), ("absolute.path", "/in/")]);
    }
    runner.run().await.unwrap();
    runner.assert_all_transferred(SUCCESS, 4);
    assert_eq!(runner.queued(), 1);
    runner.assert_bulletin(Level::Warning, "holds 2 files, and may hold 2");
    assert_eq!(contents(folder.path()), named(&[("a", "2"), ("b", "2")]));
}

#[tokio::test]
async fn a_name_of_two_sources_is_told() {
    let folder = TempDir::new().unwrap();
    let mut runner = runner(folder.path(), &[("Conflict Resolution Strategy", "replace")]);
    for source in ["/in/x/", "/in/x/", "/in/y/"] {
        assert!(runner.messages().is_empty(), "the same one again");
        runner.enqueue(b"x", &[("filename", "a"), ("absolute.path", source)]);
        runner.run().await.unwrap();
    }
    runner.assert_bulletin(Level::Warning, "\"/in/x/a\", was replaced by one made from \"/in/y/a");
}

#[tokio::test]
async fn a_name_may_be_as_long_as_the_disk_allows_and_one_beyond_ends_in_failure_for_good() {
    let folder = TempDir::new().unwrap();
    for strategy in ["fail", "ignore", "replace"] {
        let below = folder.path().join(strategy);
        let mut runner = runner(&below, &[("Conflict Resolution Strategy", strategy)]);
        for length in [254, 255, 256] {
            runner.enqueue(b"x", &[("filename", &"n".repeat(length))]);
        }
        runner.run_times(3).await.unwrap();
        runner.assert_transferred(SUCCESS, 2);
        runner.assert_transferred(FAILURE, 1);
        runner.assert_bulletin(Level::Error, "File name too long");
        assert_eq!(names_in(&below), ["n".repeat(254), "n".repeat(255)]);
    }
}

#[tokio::test]
async fn what_a_killed_run_left_is_removed() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join(".tutti-1.part"), "sou").unwrap();
    fs::write(folder.path().join(".mine"), "x").unwrap();
    let mut runner = runner(folder.path(), &[]);
    runner.enqueue(b"sound", &[("filename", "a")]);
    runner.run().await.unwrap();
    runner.assert_all_transferred(SUCCESS, 1);
    assert_eq!(names_in(folder.path()), [".mine", "a"]);
}
