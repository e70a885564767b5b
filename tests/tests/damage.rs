//! Damages every file of a data folder that holds the only copy of its recordings, and runs on: all
//! comes out whole, or it is told what does not. Never silence, never other bytes, never a panic.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to fail")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tutti_tests::binary::{self, Run};
use tutti_tests::damage::{Damage, copy_folder};
use tutti_tests::ledger::{Ledger, files};
use tutti_tests::seed::Random;
use tutti_tests::{flows, recordings};

/// How long a run may take before it counts as one that hangs.
const PATIENCE: Duration = Duration::from_mins(1);

/// A data folder with recordings in a queue, and nowhere else.
struct Filled {
    folder: tempfile::TempDir,
    ledger: Ledger,
}

impl Filled {
    /// `kill` ends the run with SIGKILL as soon as the sources are deleted; else it ends cleanly.
    fn new(kill: bool, random: &mut Random) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut filled = Self { folder, ledger: Ledger::default() };
        let input = filled.path("in");
        fs::create_dir_all(&input).unwrap();
        fs::create_dir_all(filled.path("fill")).unwrap();
        for index in 0..24 {
            let name = format!("{index:02}.wav");
            let wav = recordings::tone(random.next_u64(), 20 + random.below(100) as u32);
            recordings::place(&input, &name, &wav).unwrap();
            filled.ledger.give(&name, wav);
        }
        let fill = flows::write(&filled.path("fill"), "copy", &flows::fill_a_queue()).unwrap();
        flows::write(filled.folder.path(), "copy", &flows::copy_with_unique_names(false)).unwrap();
        let run = filled.run(&fill, &filled.path("data"), &filled.path("nowhere"));
        let mut command = run.into_command();
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let started = Instant::now();
        while !files(&input).unwrap().is_empty() {
            assert!(started.elapsed() < PATIENCE, "the sources are never deleted");
            thread::sleep(Duration::from_millis(1));
        }
        if kill {
            child.kill().unwrap();
        }
        child.wait().unwrap();
        filled
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn run(&self, flow: &Path, data: &Path, output: &Path) -> Run {
        Run::flow(flow, data).parameter("input", self.path("in")).parameter("output", output)
    }

    /// Runs on with a copy of the data folder, whose file `name` is damaged. Says what is wrong.
    fn survive(&self, damaged: Option<(&Path, Damage)>) -> Result<&'static str, String> {
        let (data, output) = (self.path("damaged"), self.path("out"));
        for old in [&data, &output] {
            if old.exists() {
                fs::remove_dir_all(old).unwrap();
            }
        }
        copy_folder(&self.path("data"), &data).unwrap();
        if let Some((name, damage)) = damaged {
            damage.apply(&data.join(name)).unwrap();
        }
        let run = self.run(&self.path("copy.json"), &data, &output);
        let Some(finished) = run.finish_within(PATIENCE).unwrap() else {
            return Err("it hangs".into());
        };
        let balance = self.ledger.balance(&output).unwrap();
        let told = finished.code == Some(1) && finished.stderr.to_lowercase().contains("error");
        let wrong = if finished.stderr.contains("panicked at") {
            "it panicked"
        } else if finished.stderr.contains(".rs:") {
            "it tells where in its source it failed"
        } else if !finished.stdout.is_empty() && !finished.stdout.starts_with('{') {
            "there is more than results among its results"
        } else if finished.code.is_none() {
            "a signal ended it"
        } else if !balance.torn.is_empty() || !balance.unknown.is_empty() {
            "it delivered what it was not given"
        } else if !balance.lost.is_empty() && !told {
            "it lost recordings without a word, or as if all were well"
        } else if balance.lost.is_empty() {
            return Ok("whole");
        } else {
            // What could be opened and read up to the damage went the way of failures.
            let is_kept = finished.stdout.is_empty() || finished.stderr.contains("put aside");
            return match damaged.filter(|(name, _)| is_kept && name.starts_with("content")) {
                Some((name, _)) => self.mend(name, &data, &output).map(|()| "mended"),
                None => Ok("told"),
            };
        };
        Err(format!("{wrong}: lost {}, torn {:?}\n{finished}", balance.lost.len(), balance.torn))
    }

    /// Puts a file of content back as it was, brings back what was put aside, and runs on: then
    /// nothing may be lacking.
    fn mend(&self, name: &Path, data: &Path, output: &Path) -> Result<(), String> {
        fs::copy(self.path("data").join(name), data.join(name))
            .map_err(|error| error.to_string())?;
        let mut restore = Command::new(binary::path());
        restore.args(["quarantine", "restore", "--data"]).arg(data);
        let restored = restore.output().map_err(|error| error.to_string())?;
        let run = self.run(&self.path("copy.json"), data, output);
        let Some(finished) = run.finish_within(PATIENCE).unwrap() else {
            return Err("mended, it hangs".into());
        };
        let lost = self.ledger.balance(output).unwrap().lost;
        if lost.is_empty() && finished.code == Some(0) {
            return Ok(());
        }
        Err(format!("mended, it lost {}: {restored:?}\n{finished}", lost.len()))
    }
}

fn damage_everything(kill: bool, name: &str, seed: u64) {
    let mut random = Random::from_environment(name, seed);
    let filled = Filled::new(kill, &mut random);
    assert_eq!(filled.survive(None), Ok("whole"), "without any damage");
    let (mut whole, mut told, mut mended, mut wrong) = (0, 0, 0, Vec::new());
    let data = filled.path("data");
    for path in files(&data).unwrap() {
        let length = path.metadata().unwrap().len();
        let file = path.strip_prefix(&data).unwrap();
        for damage in Damage::some(length, &mut random) {
            match filled.survive(Some((file, damage))) {
                Ok("whole") => whole += 1,
                Ok("mended") => mended += 1,
                Ok(_) => told += 1,
                Err(why) => wrong.push(format!("{} {damage:?}: {why}", file.display())),
            }
        }
    }
    println!("{name}: {whole} times whole, {told} times told, {mended} times told and mended");
    assert!(whole > 0 && told > 0 && mended > 0, "something was never damaged");
    assert!(wrong.is_empty(), "{} times wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn damage_after_a_clean_stop_is_survived_or_told() {
    damage_everything(false, "damage after a clean stop", 11);
}

#[test]
fn damage_after_a_kill_is_survived_or_told() {
    damage_everything(true, "damage after a kill", 12);
}
