//! The real binary on a disk that is really full, or may only be read: nothing is lost or torn, it
//! says what to do, and when it can the work goes on.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to fail")]

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use tutti_tests::binary::{Finished, Run};
use tutti_tests::desk::Desk;
use tutti_tests::flows;
use tutti_tests::ledger::files;
use tutti_tests::recordings;
use tutti_tests::seed::Random;
use tutti_tests::small_disk::on_small_disk;

const FILES: usize = 12;
const FILE_BYTES: usize = 300_000;
/// What is left of the disk: less than the files need, more than some of them do.
const ROOM_BYTES: u64 = 5 * FILE_BYTES as u64 / 2;
/// A run that takes longer hangs.
const PATIENCE: Duration = Duration::from_mins(1);

/// Files to move, with a part of the way on the small disk.
struct Move {
    desk: Desk,
    given: Vec<(String, Vec<u8>)>,
    data: PathBuf,
    output: PathBuf,
    ballast: PathBuf,
}

impl Move {
    fn new(disk: &Path, data: Option<&str>, output: Option<&str>, seed: u64) -> Self {
        let folders = Desk::new().unwrap();
        let mut random = Random::from_environment("full disk", seed);
        let mut given = Vec::new();
        for index in 0..FILES {
            let bytes: Vec<u8> = (0..FILE_BYTES).map(|_| random.below(256) as u8).collect();
            let name = format!("{index:02}");
            recordings::place(&folders.path("in"), &name, &bytes).unwrap();
            given.push((name, bytes));
        }
        let place = |on_disk: Option<&str>, name| {
            on_disk.map_or_else(|| folders.path(name), |name| disk.join(name))
        };
        let (data, output) = (place(data, "data"), place(output, "out"));
        Self { given, data, output, ballast: disk.join("ballast"), desk: folders }
    }

    fn run(&self) -> Finished {
        let flow = flows::write(&self.desk.path(""), "store", flows::STORE).unwrap();
        let run = Run::flow(&flow, &self.data)
            .parameter("input", self.desk.path("in"))
            .parameter("output", format!("file://{}", self.output.display()))
            .parameter("bucket", "b");
        run.finish_within(PATIENCE).unwrap().unwrap()
    }

    /// Fills the disk until only [`ROOM_BYTES`] are left.
    fn fill(&self) {
        let disk = rustix::fs::statvfs(self.ballast.parent().unwrap()).unwrap();
        let mut left = disk.f_bavail * disk.f_frsize - ROOM_BYTES;
        let mut file = File::create(&self.ballast).unwrap();
        while left > 0 {
            let length = left.min(64 * 1024);
            file.write_all(&vec![1; length as usize]).unwrap();
            left -= length;
        }
    }

    /// Which of the files are there, each of them whole.
    fn delivered(&self) -> Vec<&str> {
        let mut names = Vec::new();
        for path in files(&self.output).unwrap() {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let given = self.given.iter().find(|(given, _)| *given == name);
            let (name, bytes) = given.unwrap();
            assert!(fs::read(&path).unwrap() == *bytes, "{name} is torn");
            names.push(name.as_str());
        }
        names
    }

    /// Runs on the full disk, and says how that ended; then with room.
    fn fill_and_make_room(&self) -> Finished {
        self.fill();
        let full = self.run();
        full.expect_code(1);
        self.delivered();
        fs::remove_file(&self.ballast).unwrap();
        self.run().expect_code(0);
        assert_eq!(self.delivered().len(), FILES, "some are lost");
        assert!(files(&self.desk.path("in")).unwrap().is_empty(), "sources are left");
        full
    }
}

fn expect_told(full: &Finished, place: &Path) {
    let place = place.display().to_string();
    let is_told = |line: &str| {
        let why = line.contains("no room is left") || line.contains("No space left");
        why && line.contains(&place)
    };
    assert!(full.stderr.lines().any(is_told), "it does not say where or why\n{full}");
    assert!(full.stderr.contains("make room on the disk"), "it does not say what to do\n{full}");
}

#[test]
fn where_output_finds_no_room_it_waits_and_goes_on_with_some() {
    on_small_disk("where_output_finds_no_room_it_waits_and_goes_on_with_some", |disk| {
        let moved = Move::new(disk, None, Some("out"), 31);
        let full = moved.fill_and_make_room();
        expect_told(&full, &moved.output);
    });
}

#[test]
fn where_data_finds_no_room_sources_stay_and_it_goes_on_with_some() {
    on_small_disk("where_data_finds_no_room_sources_stay_and_it_goes_on_with_some", |disk| {
        let moved = Move::new(disk, Some("data"), None, 32);
        let full = moved.fill_and_make_room();
        expect_told(&full, &moved.data);
    });
}

#[test]
fn where_both_share_a_full_disk_nothing_is_lost() {
    on_small_disk("where_both_share_a_full_disk_nothing_is_lost", |disk| {
        let moved = Move::new(disk, Some("data"), Some("out"), 33);
        let full = moved.fill_and_make_room();
        expect_told(&full, disk);
    });
}

/// Lets the disk be read only, or written to again.
fn remount(disk: &Path, how: &str) {
    let options = format!("remount,{how}");
    let status = Command::new("mount").args(["-o", &options]).arg(disk).status().unwrap();
    assert!(status.success(), "{options}");
}

#[test]
fn what_a_read_only_store_does_not_take_waits_and_goes_on_when_it_can() {
    on_small_disk("what_a_read_only_store_does_not_take_waits_and_goes_on_when_it_can", |disk| {
        let moved = Move::new(disk, None, Some("out"), 34);
        fs::create_dir(&moved.output).unwrap();
        remount(disk, "ro");
        let finished = moved.run();
        finished.expect_code(1);
        let why = "Read-only file system";
        assert!(finished.stderr.contains(why), "{finished}");
        assert!(finished.stderr.contains(&moved.output.display().to_string()), "{finished}");
        remount(disk, "rw");
        moved.run().expect_code(0);
        assert_eq!(moved.delivered().len(), FILES, "some are lost");
    });
}

#[test]
fn a_read_only_data_folder_is_told_and_the_sources_stay() {
    on_small_disk("a_read_only_data_folder_is_told_and_the_sources_stay", |disk| {
        let moved = Move::new(disk, Some("data"), None, 35);
        remount(disk, "ro");
        let finished = moved.run();
        finished.expect_code(1);
        assert!(finished.stderr.contains("Read-only file system"), "{finished}");
        assert_eq!(files(&moved.desk.path("in")).unwrap().len(), FILES, "sources are gone");
        remount(disk, "rw");
        moved.run().expect_code(0);
        assert_eq!(moved.delivered().len(), FILES, "some are lost");
    });
}
