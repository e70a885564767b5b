//! A flowfile whose processing kills the process: it is parked, and all others go on. Whoever ends
//! the process by hand parks nothing.
//!
//! What kills is a server that the flow asks for each flowfile: asked for one of them, it kills who
//! asks (SIGKILL) while the flowfile is at work.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on is to fail")]

use std::collections::BTreeSet;
use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicU64, Ordering};
use std::thread;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tutti_tests::binary::{self, Run};
use tutti_tests::kills::{Moments, run_and_kill};
use tutti_tests::ledger::files;
use tutti_tests::seed::Random;
use tutti_tests::{flows, recordings};

/// What the killing flowfile is called.
const POISON: &str = "poison";
/// How many files there are besides.
const OTHERS: usize = 40;

/// `GetFile` -> `InvokeHTTP` -> `PutFile`, which asks the server at the parameter `server`.
const FLOW: &str = r##"{
  "format": 1,
  "name": "asking",
  "parameterContext": "main",
  "parameterContexts": {
    "main": {
      "parameters": {
        "input": { "description": "Where files come from." },
        "output": { "description": "Where they go." },
        "server": { "description": "Whom to ask." },
        "key": { "description": "What opens it.", "sensitive": true }
      }
    }
  },
  "processors": {
    "Get": {
      "type": "GetFile",
      "properties": {
        "Directory": "#{input}",
        "Keep Source File": "false",
        "Minimum File Age": "0 sec"
      }
    },
    "Name": {
      "type": "UpdateAttribute",
      "properties": { "odd": "a ${literal('$')}{filename} #{server} \\ b" }
    },
    "Ask": {
      "type": "InvokeHTTP",
      "properties": {
        "HTTP Method": "GET",
        "HTTP URL": "#{server}/${filename}",
        "Request Password": "#{key}",
        "Request Username": "tester"
      },
      "concurrentTasks": 4,
      "autoTerminate": ["Response"]
    },
    "Put": {
      "type": "PutFile",
      "properties": { "Directory": "#{output}", "Conflict Resolution Strategy": "replace" },
      "autoTerminate": ["success"]
    },
    "Failed": { "type": "LogAttribute", "autoTerminate": ["success"] }
  },
  "connections": [
    { "from": "Get", "relationships": ["success"], "to": "Name" },
    { "from": "Name", "relationships": ["success"], "to": "Ask" },
    { "from": "Ask", "relationships": ["Original"], "to": "Put" },
    { "from": "Ask", "relationships": ["Failure", "No Retry", "Retry"], "to": "Failed" },
    { "from": "Put", "relationships": ["failure"], "to": "Failed" }
  ]
}
"##;

/// A server that kills who asks it for [`POISON`], as long as it does.
struct Server {
    address: String,
    victim: Arc<AtomicI32>,
    kills: Arc<AtomicBool>,
    asked: Arc<AtomicU64>,
}

impl Server {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let (victim, kills) = (Arc::<AtomicI32>::default(), Arc::new(AtomicBool::new(true)));
        let asked = Arc::<AtomicU64>::default();
        let server = Self { address, victim, kills, asked };
        let (victim, kills) = (Arc::clone(&server.victim), Arc::clone(&server.kills));
        let asked = Arc::clone(&server.asked);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (victim, kills) = (Arc::clone(&victim), Arc::clone(&kills));
                let asked = Arc::clone(&asked);
                // Who was killed does not take its answer.
                thread::spawn(move || drop(answer(stream.unwrap(), &victim, &kills, &asked)));
            }
        });
        server
    }

    /// Runs `run` to its end, whichever that is.
    fn watch(&self, run: Run) -> Output {
        let mut command: Command = run.into_command();
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        self.victim.store(i32::try_from(child.id()).unwrap(), Ordering::SeqCst);
        child.wait_with_output().unwrap()
    }
}

fn answer(
    mut stream: TcpStream,
    victim: &AtomicI32,
    kills: &AtomicBool,
    asked: &AtomicU64,
) -> std::io::Result<()> {
    let mut request = Vec::new();
    loop {
        let mut bytes = [0; 4096];
        let count = stream.read(&mut bytes)?;
        request.extend_from_slice(&bytes[..count]);
        if count == 0 {
            return Ok(());
        }
        if !request.ends_with(b"\r\n\r\n") {
            continue;
        }
        let text = String::from_utf8_lossy(&request);
        if text.starts_with(&format!("GET /{POISON} ")) {
            asked.fetch_add(1, Ordering::SeqCst);
            if kills.load(Ordering::SeqCst) {
                let pid = Pid::from_raw(victim.load(Ordering::SeqCst)).unwrap();
                kill_process(pid, Signal::KILL)?;
                // A connection that ends before the process does would be asked anew by one of its
                // threads.
                while stream.read(&mut bytes)? > 0 {}
                return Ok(());
            }
        }
        request.clear();
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")?;
    }
}

struct Scene {
    folder: tempfile::TempDir,
    flow: PathBuf,
    server: Server,
}

impl Scene {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("in")).unwrap();
        let flow = flows::write(folder.path(), "asking", FLOW).unwrap();
        Self { folder, flow, server: Server::start() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn give(&self, name: &str) {
        recordings::place(&self.path("in"), name, format!("content of {name}").as_bytes()).unwrap();
    }

    fn run(&self) -> Run {
        Run::flow(&self.flow, &self.path("data"))
            .parameter("input", self.path("in"))
            .parameter("output", self.path("out"))
            .parameter("server", &self.server.address)
            .parameter("key", "secret words")
    }

    fn tutti(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(binary::path());
        command.args(arguments).arg("--data").arg(self.path("data")).env("NO_COLOR", "1");
        command.output().unwrap()
    }

    fn delivered(&self) -> BTreeSet<String> {
        let name = |path: &PathBuf| path.file_name().unwrap().to_str().unwrap().to_owned();
        files(&self.path("out")).unwrap_or_default().iter().map(name).collect()
    }

    /// The flowfiles that are parked.
    fn parked(&self) -> Vec<Value> {
        let listed = self.tutti(&["quarantine", "list", "--json"]);
        assert!(listed.status.success(), "{listed:?}");
        let text = String::from_utf8(listed.stdout).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

fn others() -> BTreeSet<String> {
    (0..OTHERS).map(|number| format!("file-{number:03}")).collect()
}

#[track_caller]
fn text(output: &Output, code: i32) -> String {
    assert_eq!(output.status.code(), Some(code), "{output:?}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn what_kills_the_process_is_parked_and_all_others_go_on() {
    let scene = Scene::new();
    for name in others() {
        scene.give(&name);
    }
    scene.give(POISON);
    let mut deaths = 0;
    let last = loop {
        let ended = scene.server.watch(scene.run());
        if ended.status.code().is_some() {
            break ended;
        }
        deaths += 1;
        assert!(deaths <= 4, "it is not parked: {}", String::from_utf8_lossy(&ended.stderr));
        // Files keep coming while it dies.
        scene.give(&format!("later-{deaths}"));
    };
    assert_eq!(deaths, 4, "one that nobody sees, and three over it");
    let summary: Value = serde_json::from_str(&text(&last, 1)).unwrap();
    let told = String::from_utf8_lossy(&last.stderr).into_owned();
    assert_eq!((&summary["parked"], &summary["parkedInAll"]), (&1.into(), &1.into()), "{told}");
    assert!(told.contains("is parked: the process died 3 times"), "{told}");
    assert!(told.contains("tutti quarantine export"), "{told}");
    let mut expected = others();
    expected.extend((1..=4).map(|number| format!("later-{number}")));
    assert_eq!(scene.delivered(), expected, "all others, and only they");
    // It does not come back by itself, and harms nobody.
    scene.give("after");
    let calm = scene.server.watch(scene.run());
    assert!(String::from_utf8_lossy(&calm.stderr).contains("are parked"), "{calm:?}");
    let summary: Value = serde_json::from_str(&text(&calm, 0)).unwrap();
    assert_eq!((&summary["parked"], &summary["parkedInAll"]), (&0.into(), &1.into()));
    assert!(scene.delivered().contains("after"));
    shows_again(&scene);
    restore(&scene);
}

/// What the quarantine tells of it, and what it writes, shows the death again.
fn shows_again(scene: &Scene) {
    let [record] = &scene.parked()[..] else { panic!("{:?}", scene.parked()) };
    assert_eq!(record["flowfile"]["filename"], POISON);
    assert_eq!(record["parked"]["processor"], "Ask");
    assert_eq!(record["parked"]["deaths"], 3);
    assert_eq!(record["queue"], "asking/Name [success] -> Ask");
    let listed = text(&scene.tutti(&["quarantine", "list"]), 0);
    assert!(listed.contains(POISON) && listed.contains("died 3 times"), "{listed}");
    let uuid = record["flowfile"]["uuid"].as_str().unwrap();
    let (to, flow) = (scene.path("shown"), scene.flow.to_str().unwrap());
    let exported = ["quarantine", "export", flow, "--uuid", uuid, "--to", to.to_str().unwrap()];
    text(&scene.tutti(&exported), 0);
    assert_eq!(fs::read(to.join("content/content")).unwrap(), b"content of poison");
    let made = fs::read_to_string(to.join("reproduce.json")).unwrap();
    assert!(made.contains("#{key}") && !made.contains("secret words"), "{made}");
    let data = to.join("data");
    let again = || {
        Run::flow(&to.join("reproduce.json"), &data)
            .parameter("server", &scene.server.address)
            .parameter("key", "secret words")
    };
    let died = scene.server.watch(again());
    assert_eq!(died.status.code(), None, "it kills again: {died:?}");
    // With all that it had: what comes out of the flow is what went into it.
    scene.server.kills.store(false, Ordering::SeqCst);
    text(&scene.server.watch(again()), 0);
    let events = Command::new(binary::path())
        .args(["provenance", "--json", "--processor", "Attributes", "--data"])
        .arg(&data)
        .output()
        .unwrap();
    let events = text(&events, 0);
    let event: Value = serde_json::from_str(events.lines().next().unwrap()).unwrap();
    let mut attributes = event["attributes"].clone();
    attributes["uuid"] = uuid.into();
    assert_eq!(attributes, record["flowfile"]["attributes"]);
    scene.server.kills.store(true, Ordering::SeqCst);
    let nowhere = ["quarantine", "export", flow, "--uuid", "nobody", "--to", to.to_str().unwrap()];
    let refused = scene.tutti(&nowhere);
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("parked flowfile \"nobody\""));
}

/// Mended, it goes on from where it was.
fn restore(scene: &Scene) {
    // Neither is meant for what is whole.
    for all in [&["quarantine", "restore"][..], &["quarantine", "discard", "--yes"]] {
        text(&scene.tutti(all), 0);
    }
    let parked = scene.parked();
    let uuid = parked[0]["flowfile"]["uuid"].as_str().unwrap();
    text(&scene.tutti(&["quarantine", "restore", "--uuid", uuid]), 0);
    assert_eq!(scene.parked(), Vec::<Value>::new());
    scene.server.kills.store(false, Ordering::SeqCst);
    text(&scene.server.watch(scene.run()), 0);
    assert!(scene.delivered().contains(POISON));
}

#[test]
fn what_is_given_up_is_gone_with_its_content() {
    let scene = Scene::new();
    scene.give(POISON);
    let deaths_max = |run: Run| run.environment("TUTTI_DEATHS_MAX", "1");
    let mut deaths = 0;
    while scene.server.watch(deaths_max(scene.run())).status.code().is_none() {
        deaths += 1;
        assert!(deaths <= 3, "it is not parked");
    }
    assert_eq!(deaths, 3, "one that nobody sees, one in company, one alone");
    let parked = scene.parked();
    let uuid = parked[0]["flowfile"]["uuid"].as_str().unwrap();
    text(&scene.tutti(&["quarantine", "discard", "--yes", "--uuid", uuid]), 0);
    assert_eq!(scene.parked(), Vec::<Value>::new());
    // Nothing is kept for a replay.
    text(&scene.server.watch(scene.run().environment("TUTTI_ARCHIVE_MAX", "0 B")), 0);
    assert_eq!(files(&scene.path("data/content")).unwrap(), Vec::<PathBuf>::new());
    assert_eq!(scene.delivered(), BTreeSet::new());
}

#[test]
fn nothing_is_parked_where_that_is_not_wanted() {
    let scene = Scene::new();
    scene.give(POISON);
    for _ in 0..6 {
        let ended = scene.server.watch(scene.run().environment("TUTTI_DEATHS_MAX", "0"));
        assert_eq!(ended.status.code(), None, "{ended:?}");
    }
    assert_eq!(scene.server.asked.load(Ordering::SeqCst), 6);
    assert!(!scene.path("data/at-work").exists(), "nothing is written down");
    assert_eq!(scene.parked(), Vec::<Value>::new());
}

/// Three times an operator ends the process by force, at any moment, while long queues are worked
/// on: each flowfile comes through.
#[test]
fn an_operator_who_kills_parks_nothing() {
    const FILES: usize = 200;
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::create_dir(path("in")).unwrap();
    let mut random = Random::from_environment("an operator", 7);
    let flow = flows::write(folder.path(), "copy", &flows::copy_with_unique_names(false)).unwrap();
    let run = || {
        Run::flow(&flow, &path("data"))
            .parameter("input", path("in"))
            .parameter("output", path("out"))
    };
    let moments = Moments::default();
    for round in 0..4 {
        for number in 0..FILES {
            let name = format!("{round}-{number:04}");
            recordings::place(&path("in"), &name, name.as_bytes()).unwrap();
        }
        if round < 3 {
            let patience = moments.next(&mut random);
            run_and_kill(&mut run().into_command(), &path("log"), patience).unwrap();
        }
    }
    let summary = run().finish().expect_code(0).summary();
    assert_eq!(summary["parkedInAll"], 0);
    let mut names = BTreeSet::new();
    for copy in files(&path("out")).unwrap() {
        let name = copy.file_name().unwrap().to_str().unwrap().rsplit_once('~').unwrap().0;
        assert_eq!(fs::read(&copy).unwrap(), name.as_bytes());
        names.insert(name.to_owned());
    }
    assert_eq!(names.len(), 4 * FILES, "nothing is lost");
    assert_eq!(left(&path("in")), 0);
}

fn left(folder: &Path) -> usize {
    fs::read_dir(folder).unwrap().count()
}
