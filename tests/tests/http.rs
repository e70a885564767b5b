//! What is sent over HTTP to a flow: nothing that was confirmed or answered is lost, however it
//! ends, and no body is too large for the memory.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on is to fail")]

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use tutti_tests::binary::Run;
use tutti_tests::cost::memory_peak_mb;
use tutti_tests::seed::Random;

/// How long anything may take before it counts as something that hangs.
const PATIENCE: Duration = Duration::from_mins(2);

/// A flow that listens, in a folder.
struct Bench {
    folder: tempfile::TempDir,
    flow: PathBuf,
}

/// A run of it.
struct Listening {
    child: Child,
    address: String,
}

impl Bench {
    /// What `processors` are, with a service for requests, and how they are connected.
    fn new(flow: impl FnOnce(&Path) -> Value) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let bench = Self { flow: folder.path().join("listen.json"), folder };
        bench.change(flow);
        bench
    }

    /// Another flow for the same data.
    fn change(&self, flow: impl FnOnce(&Path) -> Value) {
        let mut flow = flow(&self.out());
        flow["format"] = json!(1);
        flow["name"] = json!("listen");
        fs::write(&self.flow, flow.to_string()).unwrap();
    }

    /// Puts what is sent to `ListenHTTP`.
    fn listening(properties: &[(&str, &str)]) -> Self {
        let mut listen = json!({ "Listening Port": "0" });
        for (name, value) in properties {
            listen[*name] = json!(value);
        }
        Self::new(|out| {
            json!({
                "processors": {
                    "Listen": { "type": "ListenHTTP", "properties": listen },
                    "Put": put(out)
                },
                "connections": [{ "from": "Listen", "relationships": ["success"], "to": "Put" }]
            })
        })
    }

    /// Answers with what was sent, and puts it then.
    fn answering() -> Self {
        Self::new(|out| {
            json!({
                "services": { "Requests": { "type": "StandardHttpContextMap" } },
                "processors": { "Ask": ask(), "Answer": answer(), "Put": put(out) },
                "connections": [
                    { "from": "Ask", "relationships": ["success"], "to": "Answer" },
                    { "from": "Answer", "relationships": ["success", "failure"], "to": "Put" }
                ]
            })
        })
    }

    fn out(&self) -> PathBuf {
        self.folder.path().join("out")
    }

    /// What the last run has said so far.
    fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap()
    }

    fn start(&self) -> Listening {
        let run = Run::flow(&self.flow, &self.folder.path().join("data")).without_end();
        let mut command = run.into_command();
        command.stdout(File::create(self.folder.path().join("summary")).unwrap());
        command.stderr(File::create(self.folder.path().join("log")).unwrap());
        let mut child = command.spawn().unwrap();
        let started = Instant::now();
        loop {
            let text = self.log();
            let listens = text.split_once("listening at http://");
            // The line may not be there as a whole yet.
            if let Some((address, _)) = listens.and_then(|(_, rest)| rest.split_once('/')) {
                return Listening { child, address: address.to_owned() };
            }
            assert!(child.try_wait().unwrap().is_none(), "{text}");
            assert!(started.elapsed() < PATIENCE, "it does not listen\n{text}");
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// What was put, when `is_enough` of it is there.
    fn put(&self, is_enough: impl Fn(&BTreeSet<String>) -> bool) -> BTreeSet<String> {
        let started = Instant::now();
        loop {
            let texts = texts_in(&self.out());
            if is_enough(&texts) || started.elapsed() > PATIENCE {
                return texts;
            }
            thread::sleep(Duration::from_millis(20));
        }
    }
}

/// Puts what comes into a folder.
fn put(folder: &Path) -> Value {
    json!({
        "type": "PutFile",
        "properties": { "Conflict Resolution Strategy": "replace", "Directory": folder },
        "autoTerminate": ["success", "failure"]
    })
}

fn ask() -> Value {
    let properties = json!({ "HTTP Context Map": "Requests", "Listening Port": "0" });
    json!({ "type": "HandleHttpRequest", "properties": properties })
}

fn answer() -> Value {
    let properties = json!({ "HTTP Context Map": "Requests", "HTTP Status Code": "200" });
    json!({ "type": "HandleHttpResponse", "properties": properties })
}

impl Listening {
    fn url(&self) -> String {
        format!("http://{}/contentListener", self.address)
    }

    fn expect_little_memory(&self) {
        let memory_mb = memory_peak_mb(self.child.id()).unwrap();
        assert!(memory_mb < 256.0, "it took {memory_mb} MB");
    }

    /// Ends it as Ctrl-C does; nothing has failed.
    fn stop(self) {
        assert_eq!(self.end(), Some(0));
    }

    /// Ends it as Ctrl-C does; its exit code.
    fn end(mut self) -> Option<i32> {
        kill_process(Pid::from_child(&self.child), Signal::TERM).unwrap();
        self.child.wait().unwrap().code()
    }
}

/// The texts of all files there that are whole.
fn texts_in(folder: &Path) -> BTreeSet<String> {
    let Ok(entries) = fs::read_dir(folder) else { return BTreeSet::new() };
    let paths = entries.map(|entry| entry.unwrap().path());
    let whole = paths.filter(|path| !path.file_name().unwrap().to_str().unwrap().starts_with('.'));
    whole.filter_map(|path| fs::read_to_string(path).ok()).collect()
}

/// Sends `body`; whether it was confirmed.
fn send(address: &str, body: &str) -> io::Result<bool> {
    Ok(post(address, "/contentListener", body)?.starts_with("HTTP/1.1 200 "))
}

/// Sends `body`; what came back.
fn post(address: &str, path: &str, body: &str) -> io::Result<String> {
    let mut stream = TcpStream::connect(address)?;
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: here\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(body.as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

#[test]
fn what_was_confirmed_survives_a_kill() {
    survives_kills(&Bench::listening(&[]), Random::from_environment("http", 1));
}

#[test]
fn what_was_answered_survives_a_kill() {
    survives_kills(&Bench::answering(), Random::from_environment("http_answers", 2));
}

/// Kills a flow while clients send; what they were told of success is put in the end.
fn survives_kills(bench: &Bench, mut random: Random) {
    let confirmed: Arc<Mutex<BTreeSet<String>>> = Arc::default();
    let next = Arc::new(AtomicU64::new(0));
    for _ in 0..4 {
        let mut listening = bench.start();
        let clients: Vec<_> = (0..4)
            .map(|_| {
                let (address, next) = (listening.address.clone(), Arc::clone(&next));
                let confirmed = Arc::clone(&confirmed);
                thread::spawn(move || {
                    loop {
                        let body = next.fetch_add(1, Ordering::SeqCst).to_string();
                        match send(&address, &body) {
                            Ok(true) => drop(confirmed.lock().unwrap().insert(body)),
                            Ok(false) => {}
                            Err(_) => return,
                        }
                    }
                })
            })
            .collect();
        let before = confirmed.lock().unwrap().len();
        let wanted = before + 1 + random.below(50) as usize;
        let started = Instant::now();
        while confirmed.lock().unwrap().len() < wanted {
            assert!(started.elapsed() < PATIENCE, "nothing is confirmed");
            thread::sleep(Duration::from_millis(1));
        }
        listening.child.kill().unwrap();
        listening.child.wait().unwrap();
        for client in clients {
            client.join().unwrap();
        }
    }
    let listening = bench.start();
    let confirmed = confirmed.lock().unwrap().clone();
    let put = bench.put(|texts| texts.is_superset(&confirmed));
    let lost: Vec<_> = confirmed.difference(&put).collect();
    assert!(lost.is_empty(), "of {} confirmed {lost:?} were lost", confirmed.len());
    // Requests that waited at the last kill cannot be answered.
    assert!([Some(0), Some(1)].contains(&listening.end()));
}

#[test]
fn a_request_that_waited_at_a_kill_is_worked_on_and_not_answered() {
    // Requests at /wait come to no answer before the kill.
    let flow = |answers: &str| {
        let state = answers.to_owned();
        move |out: &Path| {
            let mut late = answer();
            late["state"] = json!(state);
            late["autoTerminate"] = json!(["success"]);
            let mut now = answer();
            now["autoTerminate"] = json!(["success", "failure"]);
            let route = json!({ "wait": "${http.request.uri:equals('/wait')}" });
            json!({
                "services": { "Requests": { "type": "StandardHttpContextMap" } },
                "processors": {
                    "Ask": ask(),
                    "Tell": { "type": "LogAttribute" },
                    "Route": { "type": "RouteOnAttribute", "properties": route },
                    "Late": late,
                    "Now": now,
                    "Put": put(out)
                },
                "connections": [
                    { "from": "Ask", "relationships": ["success"], "to": "Tell" },
                    { "from": "Tell", "relationships": ["success"], "to": "Route" },
                    { "from": "Route", "relationships": ["wait"], "to": "Late" },
                    { "from": "Route", "relationships": ["unmatched"], "to": "Now" },
                    { "from": "Late", "relationships": ["failure"], "to": "Put" }
                ]
            })
        }
    };
    let bench = Bench::new(flow("disabled"));
    let mut listening = bench.start();
    let address = listening.address.clone();
    let waits = thread::spawn(move || post(&address, "/wait", "late"));
    let started = Instant::now();
    while !bench.log().contains("http.request.uri: /wait") {
        assert!(started.elapsed() < PATIENCE, "it was not taken\n{}", bench.log());
        thread::sleep(Duration::from_millis(5));
    }
    // All that came before an answer is durable with it.
    assert!(send(&listening.address, "now").unwrap());
    listening.child.kill().unwrap();
    listening.child.wait().unwrap();
    let answer = waits.join().unwrap().unwrap_or_default();
    assert_eq!(answer, "", "its connection has ended");
    bench.change(flow("enabled"));
    let listening = bench.start();
    let late = BTreeSet::from(["late".to_owned()]);
    assert_eq!(bench.put(|texts| texts == &late), late);
    let why = "its connection ended when the flow was stopped or its process came to an end";
    assert!(bench.log().contains(why), "{}", bench.log());
    assert!(send(&listening.address, "now").unwrap(), "others are answered");
    assert_eq!(listening.end(), Some(1), "a flowfile has failed");
}

/// So large are bodies that must not be in memory, and so much is sent or read at a time.
const BODY_BYTES: usize = 512 << 20;
const PIECE_BYTES: usize = 1 << 20;

/// Sends a large body and hands back the connection.
fn send_large(address: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).unwrap();
    let head = format!(
        "POST /contentListener HTTP/1.1\r\nHost: here\r\nConnection: close\r\nFilename: large\r\n\
         Content-Length: {BODY_BYTES}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    let piece = vec![7; PIECE_BYTES];
    for _ in 0..BODY_BYTES / PIECE_BYTES {
        stream.write_all(&piece).unwrap();
    }
    stream
}

#[test]
fn a_large_body_takes_no_memory() {
    let bench = Bench::listening(&[]);
    let listening = bench.start();
    let mut answer = String::new();
    send_large(&listening.address).read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    let started = Instant::now();
    let large = bench.out().join("large");
    while fs::metadata(&large).map_or(0, |metadata| metadata.len()) < BODY_BYTES as u64 {
        assert!(started.elapsed() < PATIENCE, "it was not put");
        thread::sleep(Duration::from_millis(20));
    }
    listening.expect_little_memory();
    listening.stop();
}

#[test]
fn a_large_answer_takes_no_memory() {
    let bench = Bench::answering();
    let listening = bench.start();
    let mut stream = send_large(&listening.address);
    let mut piece = vec![0; PIECE_BYTES];
    let (mut begun, mut count) = (Vec::new(), 0);
    loop {
        let read = stream.read(&mut piece).unwrap();
        if read == 0 {
            break;
        }
        count += read;
        if begun.len() < 64 {
            begun.extend_from_slice(&piece[..read.min(64)]);
        }
    }
    assert!(begun.starts_with(b"HTTP/1.1 200 "), "{}", String::from_utf8_lossy(&begun));
    assert!((BODY_BYTES..BODY_BYTES + 1_000).contains(&count), "{count}");
    listening.expect_little_memory();
    listening.stop();
}

#[test]
fn curl_sends_a_file_and_a_form() {
    let bench = Bench::listening(&[("Maximum Request Size", "2 MB")]);
    let file = bench.folder.path().join("take.txt");
    fs::write(&file, "samples\n".repeat(100_000)).unwrap();
    let too_large = bench.folder.path().join("large.txt");
    fs::write(&too_large, "samples\n".repeat(400_000)).unwrap();
    let listening = bench.start();
    let curl = |arguments: &[&str]| {
        let mut command = Command::new("curl");
        command.args(["--silent", "--noproxy", "*", "--write-out", "%{http_code}", "--output"]);
        command.arg("/dev/null").args(arguments).arg(listening.url());
        match command.output() {
            Ok(output) => Some(String::from_utf8(output.stdout).unwrap()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => panic!("{error}"),
        }
    };
    let whole = format!("@{}", file.display());
    let Some(status) = curl(&["--data-binary", &whole]) else {
        eprintln!("skipped: there is no curl on this machine");
        return listening.stop();
    };
    assert_eq!(status, "200");
    let large = format!("@{}", too_large.display());
    assert_eq!(curl(&["--data-binary", &large]).unwrap(), "413");
    let path = file.display().to_string();
    let chunked = ["--header", "Transfer-Encoding: chunked", "--request", "POST", "-T", &path];
    assert_eq!(curl(&chunked).unwrap(), "200");
    let form = format!("recording={whole}");
    assert_eq!(curl(&["--form", "title=A song", "--form", &form]).unwrap(), "200");
    assert_eq!(curl(&[]).unwrap(), "405");
    let text = fs::read_to_string(&file).unwrap();
    let expected = BTreeSet::from(["A song".to_owned(), text]);
    assert_eq!(bench.put(|texts| texts == &expected), expected);
    listening.stop();
}
