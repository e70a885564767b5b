//! The real binary replays events: what a processor took comes once more, byte by byte, or a word
//! says why not. What is kept for that gives way where the disk lacks room.
//!
//! Seed: `TUTTI_SEED`.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to fail")]

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tutti_tests::binary::{self, Finished, Run};
use tutti_tests::desk::Desk;
use tutti_tests::flows;
use tutti_tests::kills::run_and_kill;
use tutti_tests::ledger::files;
use tutti_tests::recordings;
use tutti_tests::seed::Random;
use tutti_tests::small_disk::on_small_disk;

/// Small ones share files of content, large ones have one each.
const LENGTHS: [usize; 4] = [0, 1_000, 300_000, 2_000_000];
/// A run that takes longer hangs.
const PATIENCE: Duration = Duration::from_mins(1);

/// A flow that moves files and gives each a name of its own, with its `uuid`.
struct Scene {
    desk: Desk,
    flow: PathBuf,
    data: PathBuf,
    given: BTreeMap<String, Vec<u8>>,
}

impl Scene {
    fn new() -> Self {
        let desk = Desk::new().unwrap();
        let data = desk.path("data");
        Self::with(desk, data)
    }

    fn with(desk: Desk, data: PathBuf) -> Self {
        let text = flows::copy_with_unique_names(false);
        let flow = flows::write(&desk.path(""), "copy", &text).unwrap();
        Self { desk, flow, data, given: BTreeMap::new() }
    }

    fn give(&mut self, name: &str, length: usize, random: &mut Random) {
        let bytes: Vec<u8> = (0..length).map(|_| random.below(256) as u8).collect();
        recordings::place(&self.desk.path("in"), name, &bytes).unwrap();
        self.given.insert(name.to_owned(), bytes);
    }

    fn give_all(&mut self) {
        let mut random = Random::from_environment("replay", 61);
        for length in LENGTHS {
            self.give(&format!("of {length}"), length, &mut random);
        }
    }

    fn begin(&self) -> Run {
        Run::flow(&self.flow, &self.data)
            .parameter("input", self.desk.path("in"))
            .parameter("output", self.desk.path("out"))
    }

    fn run(&self) -> Finished {
        self.begin().finish_within(PATIENCE).unwrap().unwrap()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(binary::path());
        command.args(arguments).arg("--data").arg(&self.data).env("NO_COLOR", "1");
        command
    }

    fn tutti(&self, arguments: &[&str]) -> Finished {
        Finished::from(self.command(arguments).output().unwrap())
    }

    fn lines(&self, arguments: &[&str]) -> Vec<Value> {
        let finished = self.tutti(arguments);
        finished.expect_code(0);
        finished.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// The events of this type at this processor, newest first.
    fn events(&self, processor: &str, event_type: &str) -> Vec<Value> {
        self.lines(&["provenance", "--json", "--processor", processor, "--type", event_type])
    }

    /// Flowfiles in the queues of the flow.
    fn queued(&self) -> u64 {
        let mut queues = self.lines(&["queue", "list", "--json"]);
        queues.retain(|queue| queue["queue"].as_str().unwrap().starts_with("copy/"));
        queues.iter().map(|queue| queue["flowfiles"].as_u64().unwrap()).sum()
    }

    /// How often each file was delivered, every time whole.
    fn delivered(&self) -> BTreeMap<String, usize> {
        let mut times = BTreeMap::new();
        for path in files(&self.desk.path("out")).unwrap() {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.extension() == Some("part".as_ref()) {
                continue;
            }
            let (name, _uuid) = name.split_once('~').unwrap();
            assert!(fs::read(&path).unwrap() == self.given[name], "{name} is torn");
            *times.entry(name.to_owned()).or_default() += 1;
        }
        times
    }
}

fn number(event: &Value) -> String {
    event["number"].as_u64().unwrap().to_string()
}

fn expect_refused(finished: &Finished, why: &str, help: &str) {
    finished.expect_code(1);
    assert!(finished.stderr.contains(why) && finished.stderr.contains(help), "{finished}");
    assert_eq!(finished.stdout, "");
}

#[test]
fn what_was_taken_comes_once_more_byte_by_byte() {
    let mut scene = Scene::new();
    scene.give_all();
    scene.run().expect_code(0);
    let named = scene.events("Name", "ATTRIBUTES_MODIFIED");
    assert_eq!(named.len(), LENGTHS.len());
    let numbers: Vec<String> = named.iter().map(number).collect();
    let replay: Vec<&str> =
        ["provenance", "replay"].into_iter().chain(numbers.iter().map(String::as_str)).collect();

    let planned = scene.lines(&[&replay[..], &["--json", "--dry-run"]].concat());
    assert_eq!(planned.len(), LENGTHS.len());
    assert!(planned.iter().all(|each| each["uuid"].is_null()), "{planned:?}");
    assert_eq!((scene.queued(), scene.events("Name", "REPLAY").len()), (0, 0));

    let replayed = scene.lines(&[&replay[..], &["--json"]].concat());
    assert_eq!(scene.queued(), LENGTHS.len() as u64);
    for each in &replayed {
        let event = named.iter().find(|event| event["number"] == each["event"]).unwrap();
        assert_eq!(each["queue"], "copy/Get [success] -> Name");
        assert_eq!((&each["parent"], &event["uuid"]), (&event["uuid"], &event["input"]["uuid"]));
        assert_eq!(each["filename"], event["input"]["attributes"]["filename"]);
    }
    let told = scene.events("Name", "REPLAY");
    assert_eq!(told.len(), LENGTHS.len());
    assert!(told.iter().all(|event| event["parents"][0] != event["children"][0]), "{told:?}");

    scene.run().expect_code(0);
    let twice = scene.given.keys().map(|name| (name.clone(), 2)).collect();
    assert_eq!(scene.delivered(), twice);
    let again = scene.events("Name", "ATTRIBUTES_MODIFIED");
    let attributes = &again[0]["attributes"];
    assert_eq!(attributes["flowfile.replay"], "true");
    assert!(attributes["flowfile.replay.timestamp"].as_str().unwrap().ends_with('Z'));
    // At the end of the flow, too: what the sink took.
    let sent = scene.events("Put", "SEND");
    let replayed = scene.tutti(&["provenance", "replay", &number(&sent[0])]);
    replayed.expect_code(0);
    assert!(replayed.stderr.contains("if its flow still has these connections"), "{replayed}");
    scene.run().expect_code(0);
    assert_eq!(scene.delivered().values().sum::<usize>(), 2 * LENGTHS.len(), "under its own name");
}

#[test]
fn what_cannot_be_replayed_is_told_and_nothing_comes() {
    let mut scene = Scene::new();
    scene.give("kept", 300_000, &mut Random::from_environment("replay", 62));
    scene.run().expect_code(0);
    let [made, ended] = [("Get", "RECEIVE"), ("Put", "DROP")]
        .map(|(processor, event_type)| number(&scene.events(processor, event_type)[0]));
    let refused = scene.tutti(&["provenance", "replay", &ended, &made, "4711"]);
    let why = format!("event {made} cannot be replayed: no single flowfile was taken from a queue");
    expect_refused(&refused, &why, "what a source takes in comes again from there");
    expect_refused(&refused, "there is no event 4711", "nothing was replayed");
    assert_eq!(scene.queued(), 0);
    scene.tutti(&["provenance", "replay"]).expect_code(2);
    scene.tutti(&["provenance", "replay", "x"]).expect_code(2);

    // While a process works with the folder, of another flow.
    let mut running = hold(&scene);
    let locked = scene.tutti(&["provenance", "replay", "--dry-run", &ended]);
    running.kill().unwrap();
    running.wait().unwrap();
    expect_refused(&locked, "is in use by", "stop the other process");

    // Nothing is kept any more.
    scene.begin().environment("TUTTI_ARCHIVE_MAX", "0 B").finish().expect_code(0);
    assert_eq!(files(&scene.data.join("content")).unwrap(), Vec::<PathBuf>::new());
    let gone = scene.tutti(&["provenance", "replay", &ended]);
    expect_refused(&gone, "its content of 300000 bytes is not there any more", "--archive-max");
    assert_eq!(scene.queued(), 0);
}

/// A process that works with the folder: it has told of a flowfile.
fn hold(scene: &Scene) -> Child {
    let flow = serde_json::json!({
        "format": 1,
        "name": "hold",
        "processors": {
            "Make": {
                "type": "GenerateFlowFile",
                "properties": { "File Size": "0 B" },
                "schedule": { "period": "1 day" }
            },
            "Tell": { "type": "LogAttribute", "autoTerminate": ["success"] }
        },
        "connections": [{ "from": "Make", "relationships": ["success"], "to": "Tell" }]
    });
    let flow = flows::write(&scene.desk.path(""), "hold", &flow.to_string()).unwrap();
    let mut command = Run::flow(&flow, &scene.data).without_end().into_command();
    let mut running = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let said = BufReader::new(running.stderr.take().unwrap());
    let has_told = said.lines().any(|line| line.unwrap().contains("flow: 0 bytes"));
    assert!(has_told, "it ended instead");
    running
}

#[test]
fn a_replay_that_is_killed_is_done_or_not_and_what_a_kill_left_is_whole_or_refused() {
    let mut random = Random::from_environment("replay and kills", 63);
    let mut scene = Scene::new();
    scene.give_all();
    let log = scene.desk.path("log");
    // Whatever the kill leaves is worked off by the next run.
    let mut command = scene.begin().into_command();
    run_and_kill(&mut command, &log, Duration::from_millis(20 + random.below(60))).unwrap();
    scene.run().expect_code(0);
    let named = scene.events("Name", "ATTRIBUTES_MODIFIED");
    let mut whole = Vec::new();
    for event in &named {
        let tried = scene.tutti(&["provenance", "replay", "--dry-run", &number(event)]);
        match tried.code {
            Some(0) => whole.push(number(event)),
            _ => expect_refused(&tried, "is not there any more", "--archive-max"),
        }
    }
    assert!(!whole.is_empty(), "all that the second run did is there");
    let replay = ["provenance", "replay"].into_iter().chain(whole.iter().map(String::as_str));
    let replay: Vec<&str> = replay.collect();
    let begun = Instant::now();
    scene.tutti(&replay).expect_code(0);
    let (mut early, mut late) = (Duration::ZERO, begun.elapsed());
    let mut queued = whole.len() as u64;
    // Closer and closer to the moment of the commit, from both sides.
    for _ in 0..8 {
        let patience = (early + late) / 2;
        run_and_kill(&mut scene.command(&replay), &log, patience).unwrap();
        let now = scene.queued();
        assert!(now == queued || now == queued + whole.len() as u64, "{now} after {queued}");
        if now == queued {
            early = patience;
            // This machine has become slower.
            late = late.max(early * 2);
        } else {
            late = patience;
        }
        queued = now;
    }
    let before: usize = scene.delivered().values().sum();
    scene.run().expect_code(0);
    assert_eq!(scene.delivered().values().sum::<usize>(), before + queued as usize);
}

#[test]
fn where_the_disk_lacks_room_the_archive_gives_way_before_a_source_waits() {
    let name = "where_the_disk_lacks_room_the_archive_gives_way_before_a_source_waits";
    on_small_disk(name, |disk: &Path| {
        let mut random = Random::from_environment("archive", 64);
        let mut scene = Scene::with(Desk::new().unwrap(), disk.join("data"));
        let mut kept = Vec::new();
        // Five times as much as the disk has beside what is to be free.
        for round in 0..10 {
            for file in 0..4 {
                scene.give(&format!("{round} {file}"), 500_000, &mut random);
            }
            let run = scene.begin().environment("TUTTI_DISK_FREE_MIN", "4 MB");
            let run = run.environment("TUTTI_ARCHIVE_MAX", "1 GB");
            let finished = run.finish_within(PATIENCE).unwrap().unwrap();
            finished.expect_code(0);
            assert!(!finished.stderr.contains("sources wait"), "{finished}");
            let content = files(&scene.data.join("content")).unwrap();
            let bytes: u64 = content.iter().map(|path| fs::metadata(path).unwrap().len()).sum();
            kept.push(bytes);
        }
        assert_eq!(scene.delivered().len(), 40);
        assert!(kept.iter().all(|bytes| *bytes < 4 * 1024 * 1024), "{kept:?}");
        assert!(kept.iter().any(|bytes| *bytes > 0), "nothing was ever kept: {kept:?}");
    });
}
