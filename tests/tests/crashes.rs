//! Kills the real binary (SIGKILL) at random moments in the middle of work, starts it again on the
//! same data, and compares what went in with what came out.
//!
//! Rounds: 30 in all, or `TUTTI_CRASH_ROUNDS`. Seed: `TUTTI_SEED`.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to fail")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tutti_tests::binary::Run;
use tutti_tests::kills::{End, Moments, run_and_kill};
use tutti_tests::ledger::{Balance, Ledger, files};
use tutti_tests::seed::Random;
use tutti_tests::{flows, recordings};

/// How many campaigns share the rounds.
const CAMPAIGNS: u64 = 4;
/// How many files come with each round.
const FILES_PER_ROUND: u64 = 40;

/// How many kills a campaign has.
fn rounds() -> u64 {
    let wanted = std::env::var("TUTTI_CRASH_ROUNDS").ok().and_then(|text| text.parse().ok());
    wanted.unwrap_or(30_u64).div_ceil(CAMPAIGNS)
}

/// A flow over a folder of recordings, and where all of it lies.
struct Scene {
    folder: tempfile::TempDir,
    flow: PathBuf,
    /// The parameter `output`, as the flow wants it.
    output: String,
    /// Folders below the one where files come from, which take turns.
    lines: &'static [&'static str],
    random: Random,
    ledger: Ledger,
}

impl Scene {
    fn new(name: &str, seed: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("in")).unwrap();
        let output = folder.path().join("out").display().to_string();
        let random = Random::from_environment(name, seed);
        let (flow, lines) = (PathBuf::new(), [""].as_slice());
        Self { folder, flow, output, lines, random, ledger: Ledger::default() }
    }

    /// GetFile -> UpdateAttribute -> PutFile.
    fn copy(name: &str, seed: u64, keep: bool) -> Self {
        let mut scene = Self::new(name, seed);
        let text = flows::copy_with_unique_names(keep);
        scene.flow = flows::write(scene.folder.path(), "copy", &text).unwrap();
        scene
    }

    /// Several lines at once in one process.
    fn lines(name: &str, seed: u64) -> Self {
        let mut scene = Self::new(name, seed);
        scene.flow = flows::write(scene.folder.path(), "lines", &flows::lines()).unwrap();
        scene.lines = &flows::LINES;
        for line in flows::LINES {
            fs::create_dir(scene.path("in").join(line)).unwrap();
        }
        scene
    }

    /// The main flow, into an object store that is a folder.
    fn main_flow(name: &str, seed: u64) -> Self {
        let mut scene = Self::new(name, seed);
        scene.flow = flows::main_flow();
        scene.output = format!("file://{}", scene.output);
        scene
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn delivered(&self) -> Vec<PathBuf> {
        files(&self.path("out")).unwrap()
    }

    fn run(&self) -> Run {
        Run::flow(&self.flow, &self.path("data"))
            .parameter("input", self.path("in"))
            .parameter("output", &self.output)
            // More kills than anybody does by hand: none of them is to be taken for a flowfile's.
            .environment("TUTTI_DEATHS_MAX", "1000000")
    }

    fn give(&mut self, round: u64, count: u64) {
        for index in 0..count {
            let line = self.lines[index as usize % self.lines.len()];
            let name = format!("{line}{round:04}-{index:03}.wav");
            let milliseconds = 20 + self.random.below(80) as u32;
            let wav = recordings::tone(self.random.next_u64(), milliseconds);
            recordings::place(&self.path("in").join(line), &name, &wav).unwrap();
            self.ledger.give(&name, wav);
        }
    }

    /// Files keep coming while the binary is killed again and again; then it may finish. `settle`
    /// is called after each kill.
    fn campaign(&mut self, name: &str, mut settle: impl FnMut(&Self, &[PathBuf], &[PathBuf])) {
        let (mut killed, mut ended, mut in_the_middle) = (0_u64, 0_u64, 0_u64);
        let mut moments = Moments::default();
        let rounds = rounds();
        let mut round = 0;
        // A run that ended before its kill tested nothing: it does not count as a round.
        while killed < rounds || in_the_middle < rounds.div_ceil(5) {
            assert!(ended <= rounds * 4, "the binary nearly always ends before it can be killed");
            // On a busy machine many a run is killed before it delivers.
            assert!(killed <= rounds * 10, "hardly a kill hits a run that is delivering");
            self.give(round, FILES_PER_ROUND);
            round += 1;
            let before = self.delivered();
            let patience = moments.next(&mut self.random);
            let log = self.path("log");
            let (end, said) = run_and_kill(&mut self.run().into_command(), &log, patience).unwrap();
            assert!(!said.contains("panicked at"), "it panicked\n{said}");
            if let End::Itself(status) = end {
                assert!(status.success(), "a run after a kill ended with {status}\n{said}");
                ended += 1;
                moments.was_late();
                continue;
            }
            killed += 1;
            let after = self.delivered();
            if after.len() == before.len() {
                moments.was_early();
            } else if after.len() < self.ledger.len() {
                in_the_middle += 1;
            } else {
                moments.was_late();
            }
            settle(self, &before, &after);
        }
        // So that the last run writes into the folder, and removes what the kills left there.
        self.give(round, self.lines.len() as u64);
        self.run().finish().expect_code(0);
        println!(
            "{name}: {killed} kills, {in_the_middle} of them between the first and the last \
             delivery of a run, {ended} runs that ended first, {} files",
            self.ledger.len(),
        );
    }
}

/// What a delivered file of the copying flow is a copy of.
fn source(copy: &Path) -> Option<String> {
    let name = copy.file_name()?.to_str()?;
    name.rsplit_once('~').map(|(name, _)| name.to_owned())
}

/// A campaign of the copying flow, and how often each file may have been delivered in the end: once
/// more for each killed run that had delivered it, or had picked it up and not yet deleted it.
fn copy_campaign(name: &str, seed: u64, keep: bool) {
    let mut scene = Scene::copy(name, seed, keep);
    let mut again: BTreeMap<String, usize> = BTreeMap::new();
    scene.campaign(name, |scene, before, after| {
        let delivered = after.iter().filter(|path| before.binary_search(path).is_err());
        let mut names: Vec<String> = delivered.filter_map(|path| source(path)).collect();
        if !keep {
            let waiting = files(&scene.path("in")).unwrap();
            names.extend(
                waiting.iter().filter_map(|path| Some(path.file_name()?.to_str()?.to_owned())),
            );
        }
        names.sort();
        names.dedup();
        for name in names {
            *again.entry(name).or_default() += 1;
        }
    });
    let balance = scene.ledger.balance(&scene.path("out")).unwrap();
    println!("{name}: {} repeated", balance.repeated);
    assert_eq!(Balance { repeated: 0, ..balance }, Balance::default());
    let mut deliveries: BTreeMap<String, usize> = BTreeMap::new();
    for name in scene.delivered().iter().filter_map(|path| source(path)) {
        *deliveries.entry(name).or_default() += 1;
    }
    for (name, times) in deliveries {
        let times_max = 1 + again.get(&name).copied().unwrap_or(0);
        assert!(times <= times_max, "{name} was delivered {times} times, not {times_max}");
    }
    if !keep {
        let left = files(&scene.path("in")).unwrap();
        assert_eq!(left, Vec::<PathBuf>::new(), "sources left behind");
    }
}

#[test]
fn nothing_is_lost_when_sources_are_deleted() {
    copy_campaign("sources deleted", 1, false);
}

#[test]
fn nothing_is_lost_when_sources_are_kept() {
    copy_campaign("sources kept", 2, true);
}

#[test]
fn nothing_is_lost_of_several_lines_in_one_process() {
    let name = "several lines";
    let mut scene = Scene::lines(name, 6);
    scene.campaign(name, |_, _, _| {});
    let balance = scene.ledger.balance(&scene.path("out")).unwrap();
    println!("{name}: {} repeated", balance.repeated);
    assert_eq!(Balance { repeated: 0, ..balance }, Balance::default());
    for path in scene.delivered() {
        let line = path.parent().unwrap().file_name().unwrap().to_str().unwrap();
        assert!(source(&path).unwrap().starts_with(line), "{} strayed", path.display());
    }
    let left = files(&scene.path("in")).unwrap();
    assert!(left.iter().all(|path| path.starts_with(scene.path("in/kept"))), "{left:?}");
}

#[test]
fn the_main_flow_makes_the_same_objects_as_without_a_kill() {
    let name = "main flow";
    let mut scene = Scene::main_flow(name, 4);
    scene.campaign(name, |_, _, _| {});
    let calm = Scene::main_flow("main flow without a kill", 4);
    fs::remove_dir(calm.path("in")).unwrap();
    fs::rename(scene.path("in"), calm.path("in")).unwrap();
    calm.run().finish().expect_code(0);
    let objects = |scene: &Scene| -> BTreeMap<PathBuf, Vec<u8>> {
        let key = |path: &Path| path.strip_prefix(scene.path("out")).unwrap().to_owned();
        let delivered = scene.delivered();
        delivered.iter().map(|path| (key(path), fs::read(path).unwrap())).collect()
    };
    let (made, expected) = (objects(&scene), objects(&calm));
    assert_eq!(expected.len(), scene.ledger.len(), "one object for each recording");
    assert_eq!(made.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>());
    for (key, object) in &expected {
        assert_eq!(&made[key], object, "{}", key.display());
    }
}

#[test]
fn without_a_kill_nothing_is_repeated() {
    let mut scene = Scene::copy("no kill", 3, true);
    for round in 0..3 {
        scene.give(round, FILES_PER_ROUND);
        scene.run().finish().expect_code(0);
    }
    assert_eq!(scene.ledger.balance(&scene.path("out")).unwrap(), Balance::default());
}

/// What was delivered is durable a moment later, while the flow goes on and nobody stops it.
#[test]
fn what_has_been_durable_for_long_is_not_repeated_after_a_kill() {
    const FLUSHED_BY_NOW: Duration = Duration::from_secs(3);
    let mut scene = Scene::copy("late kill", 5, true);
    scene.give(0, FILES_PER_ROUND);
    let mut command: Command = scene.run().without_end().into_command();
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let started = Instant::now();
    while scene.delivered().len() < scene.ledger.len() {
        assert!(started.elapsed() < Duration::from_mins(2), "it delivers nothing");
        thread::sleep(Duration::from_millis(10));
    }
    thread::sleep(FLUSHED_BY_NOW);
    child.kill().unwrap();
    child.wait().unwrap();
    scene.run().finish().expect_code(0);
    assert_eq!(scene.ledger.balance(&scene.path("out")).unwrap(), Balance::default());
}
