//! The real binary on a disk that is really full, or may only be read: nothing is lost or torn, it
//! says what to do, and when it can the work goes on.
//!
//! Rounds of full disks and kills: 3, or `TUTTI_DISK_ROUNDS`. Seed: `TUTTI_SEED`.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to fail")]

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use tutti_tests::binary::{Finished, Run};
use tutti_tests::desk::Desk;
use tutti_tests::flows;
use tutti_tests::kills::run_and_kill;
use tutti_tests::ledger::files;
use tutti_tests::recordings;
use tutti_tests::seed::Random;
use tutti_tests::small_disk::on_small_disk;

const FILES: usize = 12;
const FILE_BYTES: usize = 300_000;
/// What is left of the disk: less than the files need, more than some of them do.
const ROOM_BYTES: u64 = 5 * FILE_BYTES as u64 / 2;
/// How many of them each round has that may be killed: what kills leave needs room too.
const ROUND_FILES: usize = 5;
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
    fn new(
        disk: &Path,
        data: Option<&str>,
        output: Option<&str>,
        (files, seed): (usize, u64),
    ) -> Self {
        let folders = Desk::new().unwrap();
        let mut random = Random::from_environment("full disk", seed);
        let given = give(&folders, &mut random, files);
        let place = |on_disk: Option<&str>, name| {
            on_disk.map_or_else(|| folders.path(name), |name| disk.join(name))
        };
        let (data, output) = (place(data, "data"), place(output, "out"));
        Self { given, data, output, ballast: disk.join("ballast"), desk: folders }
    }

    /// A run that is let fill the disk to the last byte.
    fn begin(&self) -> Run {
        self.begin_keeping("0 B")
    }

    /// A run that keeps so much of the disk of its data free.
    fn begin_keeping(&self, free_min: &str) -> Run {
        let flow = flows::write(&self.desk.path(""), "store", flows::STORE).unwrap();
        Run::flow(&flow, &self.data)
            .environment("TUTTI_DISK_FREE_MIN", free_min)
            .parameter("input", self.desk.path("in"))
            .parameter("output", format!("file://{}", self.output.display()))
            .parameter("bucket", "b")
    }

    fn run(&self) -> Finished {
        self.begin().finish_within(PATIENCE).unwrap().unwrap()
    }

    /// Runs it until it ends, or is killed at a random moment; what it said.
    fn run_or_kill(&self, random: &mut Random) -> String {
        if random.below(2) == 0 {
            let finished = self.run();
            assert!(finished.code.is_some_and(|code| code <= 1), "{finished}");
            return finished.stderr;
        }
        let patience = Duration::from_millis(5 + random.below(400));
        let log = self.desk.path("log");
        run_and_kill(&mut self.begin().into_command(), &log, patience).unwrap().1
    }

    /// Fills the disk until only so much is left.
    fn fill(&self, room_bytes: u64) {
        let disk = rustix::fs::statvfs(self.ballast.parent().unwrap()).unwrap();
        let mut left = (disk.f_bavail * disk.f_frsize).saturating_sub(room_bytes);
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
            // Left by a kill, and no object.
            if name.starts_with('.') && path.extension() == Some("part".as_ref()) {
                continue;
            }
            let given = self.given.iter().find(|(given, _)| *given == name);
            let (name, bytes) = given.unwrap();
            assert!(fs::read(&path).unwrap() == *bytes, "{name} is torn");
            names.push(name.as_str());
        }
        names
    }

    /// Runs on the full disk, and says how that ended; then with room.
    fn fill_and_make_room(&self) -> Finished {
        self.fill(ROOM_BYTES);
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

/// Gives so many files to the flow.
fn give(desk: &Desk, random: &mut Random, files: usize) -> Vec<(String, Vec<u8>)> {
    let mut given = Vec::new();
    for index in 0..files {
        let bytes: Vec<u8> = (0..FILE_BYTES).map(|_| random.below(256) as u8).collect();
        let name = format!("{index:02}");
        recordings::place(&desk.path("in"), &name, &bytes).unwrap();
        given.push((name, bytes));
    }
    given
}

/// How many full disks a test meets.
fn rounds() -> u64 {
    let wanted = std::env::var("TUTTI_DISK_ROUNDS").ok().and_then(|text| text.parse().ok());
    wanted.unwrap_or(3)
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
        let moved = Move::new(disk, None, Some("out"), (FILES, 31));
        let full = moved.fill_and_make_room();
        expect_told(&full, &moved.output);
    });
}

#[test]
fn where_data_finds_no_room_sources_stay_and_it_goes_on_with_some() {
    on_small_disk("where_data_finds_no_room_sources_stay_and_it_goes_on_with_some", |disk| {
        let moved = Move::new(disk, Some("data"), None, (FILES, 32));
        let full = moved.fill_and_make_room();
        expect_told(&full, &moved.data);
    });
}

#[test]
fn where_both_share_a_full_disk_nothing_is_lost() {
    on_small_disk("where_both_share_a_full_disk_nothing_is_lost", |disk| {
        let moved = Move::new(disk, Some("data"), Some("out"), (FILES, 33));
        let full = moved.fill_and_make_room();
        expect_told(&full, disk);
    });
}

#[test]
fn where_the_disk_of_the_data_has_little_room_sources_are_left_before_it_is_full() {
    let name = "where_the_disk_of_the_data_has_little_room_sources_are_left_before_it_is_full";
    on_small_disk(name, |disk| {
        let moved = Move::new(disk, Some("data"), None, (FILES, 38));
        let run = || moved.begin_keeping("4 MB").finish_within(PATIENCE).unwrap().unwrap();
        moved.fill(3 * 1024 * 1024);
        let finished = run();
        finished.expect_code(1);
        assert!(finished.stderr.contains("that are kept free: sources wait"), "{finished}");
        assert!(finished.stderr.contains("--disk-free-min"), "it does not say what to do");
        assert!(!finished.stderr.contains("no room is left"), "it filled the disk\n{finished}");
        assert_eq!(files(&moved.desk.path("in")).unwrap().len(), FILES, "something was taken in");
        fs::remove_file(&moved.ballast).unwrap();
        run().expect_code(0);
        assert_eq!(moved.delivered().len(), FILES, "some are lost");
    });
}

#[test]
fn over_full_disks_and_kills_nothing_is_lost() {
    on_small_disk("over_full_disks_and_kills_nothing_is_lost", |disk| {
        let mut moved = Move::new(disk, Some("data"), Some("out"), (ROUND_FILES, 36));
        let mut random = Random::from_environment("full disks and kills", 37);
        let (mut full, mut killed) = (0, 0);
        let rounds = rounds();
        for _ in 0..rounds {
            moved.fill(random.below(4 * FILE_BYTES as u64));
            for with_room in [false, true] {
                if with_room {
                    fs::remove_file(&moved.ballast).unwrap();
                }
                let said = moved.run_or_kill(&mut random);
                assert!(!said.contains("panicked at"), "it panicked\n{said}");
                full += u64::from(said.contains("no room is left"));
                killed += u64::from(moved.delivered().len() < ROUND_FILES);
            }
            moved.run().expect_code(0);
            assert_eq!(moved.delivered().len(), ROUND_FILES, "some are lost");
            assert!(files(&moved.desk.path("in")).unwrap().is_empty(), "sources are left");
            fs::remove_dir_all(&moved.output).unwrap();
            moved.given = give(&moved.desk, &mut random, ROUND_FILES);
        }
        println!("{rounds} rounds: {full} runs found no room, {killed} left something");
        assert!(full > 0 && killed > 0, "no disk was full, or nothing was left");
    });
}

/// Files replace those of their names in a folder.
const REPLACE: &str = r##"{
  "format": 1,
  "name": "replace",
  "parameterContext": "main",
  "parameterContexts": {
    "main": {
      "parameters": {
        "input": { "description": "Where files come from." },
        "output": { "description": "Where they go." }
      }
    }
  },
  "processors": {
    "Get": {
      "type": "GetFile",
      "properties": {
        "Directory": "#{input}", "Batch Size": "100", "Minimum File Age": "0 sec"
      }
    },
    "Put": {
      "type": "PutFile",
      "properties": { "Directory": "#{output}", "Conflict Resolution Strategy": "replace" },
      "autoTerminate": ["success", "failure"]
    }
  },
  "connections": [{ "from": "Get", "relationships": ["success"], "to": "Put" }]
}
"##;

#[test]
fn files_that_replace_others_together_need_the_room_of_one() {
    on_small_disk("files_that_replace_others_together_need_the_room_of_one", |disk| {
        let moved = Move::new(disk, None, Some("out"), (FILES, 39));
        fs::create_dir(&moved.output).unwrap();
        for (name, _) in &moved.given {
            fs::write(moved.output.join(name), vec![b'x'; FILE_BYTES]).unwrap();
        }
        moved.fill(FILE_BYTES as u64 * 3 / 2);
        let flow = flows::write(&moved.desk.path(""), "replace", REPLACE).unwrap();
        let run = Run::flow(&flow, &moved.data)
            .parameter("input", moved.desk.path("in"))
            .parameter("output", &moved.output);
        let finished = run.finish_within(PATIENCE).unwrap().unwrap();
        finished.expect_code(0);
        assert!(!finished.stderr.contains("No space left"), "{finished}");
        assert_eq!(moved.delivered().len(), FILES, "what is there is what was given");
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
        let moved = Move::new(disk, None, Some("out"), (FILES, 34));
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
        let moved = Move::new(disk, Some("data"), None, (FILES, 35));
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
