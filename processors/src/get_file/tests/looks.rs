//! What a look at the folder finds, and what it leaves out.

use std::os::unix::net::UnixListener;

use super::*;
use crate::files::look::bounds;

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
    let now = Timestamp(1_704_067_200_000);
    let values = [("Directory".to_owned(), folder.path().to_str().unwrap().to_owned())];
    let properties = GetFileProperties::parse(&values.into(), &[]).unwrap();
    let asked = std::cell::Cell::new(0);
    let looked = |after: u32| {
        asked.set(0);
        let is_stopping = || asked.replace(asked.get() + 1) >= after;
        Listing::of(&properties, now, &|_, _| false, &is_stopping, 10)
    };
    assert!(looked(u32::MAX).look.is_complete);
    for after in 0..asked.get() - 1 {
        let listing = looked(after);
        assert!(!listing.look.is_complete && listing.seen.len() < 3, "stopped after {after}");
    }
}

#[tokio::test]
async fn a_link_to_nowhere_is_told_once_where_its_name_is_wanted_and_is_no_error() {
    let folder = TempDir::new().unwrap();
    file(folder.path(), "x.wav", "x");
    for target in ["nowhere", "a.wav", "x.wav/a"] {
        for name in ["a.wav", "notes.txt"] {
            symlink(target.replace("a.wav", name), folder.path().join(name)).unwrap();
        }
        let mut runner = runner(&folder, &[("File Filter", r".*\.wav"), KEEP]);
        runner.run_times(3).await.unwrap();
        runner.assert_bulletin(Level::Warning, "a.wav\" leads nowhere");
        assert_eq!(runner.bulletins().len(), 1, "{target}");
        assert_eq!(names(&runner), ["x.wav"]);
        for name in ["a.wav", "notes.txt"] {
            fs::remove_file(folder.path().join(name)).unwrap();
        }
    }
}

#[tokio::test]
async fn what_is_no_file_is_left_out_and_not_opened() {
    let folder = TempDir::new().unwrap();
    file(folder.path(), "x.wav", "x");
    let _socket = UnixListener::bind(folder.path().join("socket.wav")).unwrap();
    let pipe = folder.path().join("pipe.wav");
    rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, rustix::fs::Mode::RUSR).unwrap();
    symlink("/dev/null", folder.path().join("device.wav")).unwrap();
    let mut runner = runner(&folder, &[]);
    runner.run_times(2).await.unwrap();
    assert_eq!(names(&runner), ["x.wav"]);
    assert!(runner.bulletins().is_empty());
}

#[tokio::test]
async fn what_was_picked_up_is_remembered_while_its_disk_is_away() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name);
    for file_of in ["in/a.wav", "in/sub/b.wav", "linked/c.wav", "album/d.wav"] {
        file(folder.path(), file_of, file_of);
    }
    symlink(path("linked/c.wav"), path("in/c.wav")).unwrap();
    symlink(path("album"), path("in/album")).unwrap();
    let directory = path("in");
    let properties = [("Directory", directory.to_str().unwrap()), KEEP];
    let mut runner = TestRunner::new::<GetFile>(&properties);
    runner.run_times(2).await.unwrap();
    assert_eq!(names(&runner).len(), 4);
    // Mount points stay, empty; what a link leads to is gone with its disk.
    for (disk, is_mounted) in [("in", true), ("in/sub", true), ("linked", false), ("album", false)]
    {
        fs::rename(path(disk), path("away")).unwrap();
        if is_mounted {
            fs::create_dir(path(disk)).unwrap();
        }
        runner.run_times(2).await.unwrap();
        drop(fs::remove_dir(path(disk)));
        fs::rename(path("away"), path(disk)).unwrap();
        runner.run_times(2).await.unwrap();
        assert_eq!(names(&runner).len(), 4, "{disk}: nothing came a second time");
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
    let now = Timestamp(1_704_067_200_000);
    let found = |is_known: &dyn Fn(&Path, Version) -> bool| {
        let listing = Listing::of(&properties, now, is_known, &|| false, 1);
        assert_eq!(listing.seen.len(), 2);
        listing.ready.iter().map(|each| paths::to_text(&each.path)).collect::<Vec<_>>()
    };
    assert!(found(&|_, _| false)[0].ends_with("a.wav"));
    assert!(found(&|path, _| path.ends_with("a.wav"))[0].ends_with("b.wav"));
}

#[tokio::test]
async fn a_name_that_the_filter_gives_up_on_is_told_and_the_others_are_picked_up() {
    let folder = TempDir::new().unwrap();
    let hard = format!("{}!", "a".repeat(60));
    file(folder.path(), &hard, "x");
    file(folder.path(), "a.wav", "x");
    let mut runner = runner(&folder, &[("File Filter", r"(?:a|aa)+(?=\.)\.wav")]);
    runner.run().await.unwrap();
    assert_eq!(names(&runner), ["a.wav"]);
    runner.assert_bulletin(Level::Error, &hard);
}
