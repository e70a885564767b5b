//! Every flow of the repository, run as it stands: each is the example of a processor's page.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to fail")]

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tutti_tests::binary::{Finished, Run, repository};
use tutti_tests::ledger::files;
use tutti_tests::recordings;

/// How long a run may take before it counts as one that hangs.
const PATIENCE: Duration = Duration::from_mins(1);

fn flows() -> Vec<PathBuf> {
    let entries = fs::read_dir(repository().join("flows")).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    let paths = paths.filter(|path| path.extension().is_some_and(|kind| kind == "json"));
    // Their tests lie beside them.
    let is_flow = |path: &PathBuf| path.file_stem().is_some_and(|stem| !has_dot(stem));
    paths.filter(is_flow).collect()
}

fn has_dot(name: &OsStr) -> bool {
    name.as_encoded_bytes().contains(&b'.')
}

/// A flow with a source that never runs dry is interrupted once it has made something.
fn run(path: &Path, flow: &Value, folder: &Path) -> Finished {
    let (input, output, store) = (folder.join("in"), folder.join("out"), folder.join("store"));
    let bucket = store.join("recordings");
    for folder in [&input, &bucket] {
        fs::create_dir_all(folder).unwrap();
        recordings::place(folder, "a.wav", &recordings::tone(1, 100)).unwrap();
    }
    let processors: Vec<&Value> = flow["processors"].as_object().unwrap().values().collect();
    let uses = |name: &str| processors.iter().any(|processor| processor["type"] == name);
    let scheme = if uses("PutObject") { "file://" } else { "" };
    let mut run = Run::flow(path, &folder.join("data"));
    let parameters = flow["parameterContexts"]["main"]["parameters"].as_object();
    for (name, parameter) in parameters.into_iter().flatten() {
        let value = match name.as_str() {
            "input" => input.display().to_string(),
            "output" => format!("{scheme}{}", output.display()),
            "port" => "0".to_owned(),
            "url" => welcoming(),
            "store" => format!("file://{}", store.display()),
            other => {
                assert!(parameter["value"].is_string(), "nobody knows the parameter {other:?}");
                continue;
            }
        };
        run = run.parameter(name, value);
    }
    let (stdout, stderr) = (folder.join("stdout"), folder.join("stderr"));
    let mut command = run.into_command();
    command.stdout(File::create(&stdout).unwrap()).stderr(File::create(&stderr).unwrap());
    let mut child = command.spawn().unwrap();
    let started = Instant::now();
    let mut is_interrupted = false;
    let mut is_sent = false;
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        assert!(started.elapsed() < PATIENCE, "{} hangs", path.display());
        let has_made = || {
            // An interpreter that is compiled has not done anything yet.
            let did =
                |line: &str| line.contains("processor=") && !line.contains("is compiled, once");
            let logged = fs::read_to_string(&stderr).is_ok_and(|text| text.lines().any(did));
            logged || files(&output).is_ok_and(|made| !made.is_empty())
        };
        let text = || fs::read_to_string(&stderr).unwrap_or_default();
        let listens = uses("ListenHTTP") || uses("HandleHttpRequest");
        if listens && !is_sent && text().contains("listening at ") {
            fs::create_dir_all(&output).unwrap();
            fs::write(output.join("answer"), send(&text())).unwrap();
            is_sent = true;
        }
        let has_heard = || text().contains("restlistener.request.uri: ");
        let is_over = uses("GenerateFlowFile") && has_made()
            || uses("ListenHTTP") && has_heard()
            || uses("HandleHttpRequest") && is_sent;
        if is_over && !is_interrupted {
            kill_process(Pid::from_child(&child), Signal::TERM).unwrap();
            is_interrupted = true;
        }
        thread::sleep(Duration::from_millis(5));
    };
    let text = |path| fs::read_to_string(path).unwrap();
    Finished { code: status.code(), stdout: text(stdout), stderr: text(stderr) }
}

/// The URL of a server that answers one request.
fn welcoming() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte).unwrap();
            head.extend(byte);
        }
        let answer = "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nwelcome";
        stream.write_all(answer.as_bytes()).unwrap();
    });
    url
}

/// Sends a request to who says in `log` that it listens; the answer.
fn send(log: &str) -> String {
    let (_, rest) = log.split_once("listening at http://").unwrap();
    let address = rest.split('/').next().unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    let request = "POST /takes HTTP/1.1\r\nHost: here\r\nX-Take: 3\r\nConnection: close\r\n\
                   Content-Length: 7\r\n\r\nsamples";
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    answer
}

/// Whether the example `name` did what its description says, over one recording called `a.wav`;
/// `log` is what it said.
fn did_what_it_says(name: &str, log: &str, out: &Path) -> bool {
    let made = files(out).unwrap();
    let made_texts = |folder: &str| {
        let texts = made.iter().filter(|path| path.parent() == Some(&out.join(folder)));
        texts.filter(|path| path.metadata().unwrap().len() == 1_024).count()
    };
    let value = |attribute: &str| {
        let lines = log.lines().filter_map(|line| line.trim_end().split_once(": "));
        let mut values = lines.filter(|(name, _)| *name == attribute).map(|(_, value)| value);
        values.next().and_then(|value| value.split_whitespace().next())
    };
    match name {
        "attributes-to-json" => log.contains("{\"filename\":\"a.wav\",\"audio.duration\":\"0.1"),
        "audio-features" => {
            let features = fs::read_to_string(out.join("audio-features/a.wav.json")).unwrap();
            let features: Value = serde_json::from_str(&features).unwrap();
            features["mfccs"].as_array().is_some_and(|mfccs| mfccs.len() == 13)
        }
        "compress-content" => value("filename") == Some("a.wav.zst"),
        "control-rate" => log.contains("icyland") && !log.contains("palace"),
        "decode-audio" => {
            let seconds = value("audio.duration").and_then(|text| text.parse().ok());
            value("audio.sample.rate") == Some("8000") && seconds == Some(0.1)
        }
        "delete-object" => {
            let bucket = out.with_file_name("store").join("recordings");
            made == [out.join("a.wav")] && files(&bucket).unwrap().is_empty()
        }
        "detect-duplicate" => value("original.flowfile.description").is_some(),
        "digital-score" => {
            let score = fs::read_to_string(out.join("a.wav.json")).unwrap();
            let score: Value = serde_json::from_str(&score).unwrap();
            score["schema"] == "tutti.score.v1" && score["sample_rate"] == 8_000
        }
        "evaluate-json-path" => {
            value("mfcc.first").is_some_and(|first| first.parse::<f64>().is_ok())
        }
        "extract-features" => log.contains("{\"mfccs\":["),
        "fetch-file" => {
            made == [out.join("a.wav")]
                && value("hash.value").is_some_and(|digest| digest.len() == 64)
        }
        "fetch-object" => value("hash.value").is_some_and(|digest| digest.len() == 64),
        "generate-flow-file" => log.contains("made at "),
        "get-file" => value("filename") == Some("a.wav"),
        "handle-http" => {
            let answer = fs::read_to_string(out.join("answer")).unwrap();
            let hash = "24baa7a731ce04b431af93d94cba8e0160a0e6a4607edc2d70c595dd098e56cf";
            answer.ends_with(&format!(
                "{{\"http.request.uri\":\"/takes\",\"hash.value\":\"{hash}\"}}"
            ))
        }
        "hash-content" => value("filename").is_some_and(|name| {
            name.len() == 64 && name.bytes().all(|byte| byte.is_ascii_hexdigit())
        }),
        "identify-mime-type" => value("mime.extension") == Some(".wav"),
        "invoke-http" => log.contains("welcome"),
        "list-file" => {
            value("file.size").is_some_and(|size| size != "0") && log.contains("0 bytes")
        }
        "list-objects" => value("object.key") == Some("a.wav") && log.contains("0 bytes"),
        "listen-http" => value("x-take") == Some("3"),
        "log-attribute" => value("uuid").is_some_and(|uuid| uuid.len() == 36),
        "merge-content" => log.contains("Songs: mountain, palace, icyland."),
        "put-file" => made_texts("") == 3,
        "put-object" => made_texts("generated") == 3,
        "replace-text" => log.contains("1,MOUNTAIN,flac"),
        "route-on-attribute" => log.contains("large"),
        "spectrogram-tiles" => {
            let tile = fs::read(out.join("a.wav.0.png")).unwrap();
            tile.starts_with(b"\x89PNG\r\n") && made == [out.join("a.wav.0.png")]
        }
        "route-on-content" => value("RouteOnContent.Route") == Some("minor"),
        "split-json" => log.contains("{\"title\":\"mountain\"}"),
        "split-text" => log.contains("track,title\n1,mountain"),
        "unpack-content" => {
            value("filename") == Some("a.wav") && value("file.encryptionMethod") == Some("NONE")
        }
        "execute-script" => value("words") == Some("7"),
        "wait-notify" => value("wait.counter.total") == Some("3"),
        "update-attribute" => value("filename").is_some_and(|name| name.starts_with("take-")),
        _ => false,
    }
}

#[test]
fn every_example_does_what_it_says() {
    for path in flows() {
        let flow: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let finished = run(&path, &flow, folder.path());
        finished.expect_code(0);
        let name = path.file_stem().unwrap().to_str().unwrap();
        let did = did_what_it_says(name, &finished.stderr, &folder.path().join("out"));
        assert!(did, "{name} did not, or nobody has said here what it does\n{finished}");
    }
}
