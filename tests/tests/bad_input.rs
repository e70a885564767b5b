//! Bad input for the main flow: each has a message that says what and where, an exit code, and a
//! place for the data.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to fail")]

use std::ffi::OsStr;
use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};
use std::thread;

use serde_json::{Value, json};
use tutti_tests::binary::{Finished, Run, path, repository};
use tutti_tests::desk::Desk;
use tutti_tests::flows::main_flow;
use tutti_tests::recordings;

fn place(desk: &Desk, name: impl AsRef<OsStr>, bytes: &[u8]) {
    recordings::place(&desk.path("in"), name, bytes).unwrap();
}

/// The main flow into a store that does not take anything: all is left to the next run at once.
fn run_to(desk: &Desk, output: &str) -> Run {
    run_with(desk, output, "10 min")
}

fn run_with(desk: &Desk, output: &str, penalty: &str) -> Run {
    let text = fs::read_to_string(repository().join("flows/audio-features.json")).unwrap();
    let patient = "\"retry\": {";
    assert!(text.contains(patient));
    let impatient = format!("\"penaltyDuration\": \"{penalty}\", {patient}");
    let text = text.replace(
        "\"Object Store URL\"",
        "\"Request Timeout\": \"1 sec\",\n        \"Object Store URL\"",
    );
    let flow = desk.path("audio-features.json");
    fs::write(&flow, text.replace(patient, &impatient)).unwrap();
    desk.flow(&flow, &desk.path("in"), output)
}

fn run(desk: &Desk) -> Finished {
    run_with(desk, &desk.store(), "100 ms").finish()
}

fn processor(finished: &Finished, path: &str) -> Value {
    let summary = finished.summary();
    let processors = summary["processors"].as_array().unwrap();
    processors.iter().find(|each| each["path"] == path).unwrap().clone()
}

fn counter(finished: &Finished, path: &str, name: &str) -> u64 {
    processor(finished, path)["counters"][name].as_u64().unwrap_or(0)
}

/// Fails the test unless the run said all `parts`.
#[track_caller]
fn said(finished: &Finished, parts: &[&str]) {
    for part in parts {
        let all = [&finished.stderr, &finished.stdout];
        assert!(all.iter().any(|text| text.contains(part)), "it did not say {part:?}\n{finished}");
    }
}

#[test]
fn what_is_no_recording_is_kept_apart_and_the_rest_goes_on() {
    let desk = Desk::new().unwrap();
    place(&desk, "good.wav", &recordings::tone(1, 100));
    place(&desk, "empty.wav", b"");
    place(&desk, "text.wav", b"these are only words");
    let finished = run(&desk);
    finished.expect_code(1);
    assert_eq!(desk.names("audio-features").unwrap(), ["good.wav.json"]);
    assert_eq!(desk.names("failures").unwrap(), ["empty.wav", "text.wav"]);
    let kept = fs::read(desk.path("store/failures/text.wav")).unwrap();
    assert_eq!(kept, b"these are only words");
    said(&finished, &["it is empty: 0 bytes", "it begins with the text", "text.wav"]);
    assert_eq!(finished.summary()["failed"], 2, "{finished}");
}

/// A recording of AAC whose packets are all there, and none of which can be decoded.
fn hopeless() -> Vec<u8> {
    // A header for 64 bytes of stereo at 44,100 Hz, and an element that is not of this profile.
    let packet = [&[0xff, 0xf1, 0x50, 0x80, 0x08, 0x1f, 0xfc][..], &[0x4f; 57]].concat();
    packet.repeat(40)
}

#[test]
fn what_cannot_be_analysed_is_kept_as_the_recording_that_it_was() {
    let desk = Desk::new().unwrap();
    let low = recordings::tone(1, 100);
    let hopeless = hopeless();
    place(&desk, "low.wav", &low);
    place(&desk, "hopeless.aac", &hopeless);
    let text = fs::read_to_string(repository().join("flows/audio-features.json")).unwrap();
    let extract = "\"type\": \"ExtractFeatures\",";
    let demanding = format!("{extract} \"properties\": {{ \"fmax\": \"12000\" }},");
    assert!(text.contains(extract));
    let flow = desk.path("audio-features.json");
    fs::write(&flow, text.replace(extract, &demanding)).unwrap();
    let finished = desk.flow(&flow, &desk.path("in"), &desk.store()).finish();
    finished.expect_code(1);
    assert_eq!(desk.names("failures").unwrap(), ["hopeless.aac", "low.wav"], "{finished}");
    for (name, recording) in [("low.wav", low), ("hopeless.aac", hopeless)] {
        let kept = fs::read(desk.path("store/failures").join(name)).unwrap();
        assert!(kept == recording, "{name} is not what it was\n{finished}");
    }
    said(&finished, &["nothing in it could be decoded", "fmax is 12000"]);
}

#[test]
fn a_truncated_recording_is_used_and_told() {
    let desk = Desk::new().unwrap();
    let whole = fs::read(recordings::examples().join("mountain.mp3")).unwrap();
    place(&desk, "half.mp3", &whole[..whole.len() / 2]);
    let finished = run(&desk);
    finished.expect_code(0);
    assert_eq!(desk.names("audio-features").unwrap(), ["half.mp3.json"]);
    said(&finished, &["the recording is damaged", "before its recording does"]);
    assert_eq!(counter(&finished, "Decode", "damaged recordings"), 1, "{finished}");
}

#[test]
fn odd_names_arrive_without_loss() {
    let desk = Desk::new().unwrap();
    let tone = recordings::tone(1, 50);
    place(&desk, "two\nlines.wav", &tone);
    place(&desk, OsStr::from_bytes(b"not utf-8 \xff.wav"), &tone);
    place(&desk, "Ärger & \"quotes\" #1.wav", &tone);
    let finished = run(&desk);
    finished.expect_code(0);
    let made = desk.names("audio-features").unwrap();
    assert_eq!(made.len(), 3, "{made:?}");
    assert!(made.contains(&"two%0Alines.wav.json".to_owned()), "{made:?}");
    assert!(made.iter().any(|name| name.contains(r"not utf-8 \xFF.wav")), "{made:?}");
}

#[test]
fn features_whose_name_is_too_long_are_kept_by_their_id_and_the_rest_goes_on() {
    let desk = Desk::new().unwrap();
    place(&desk, "a.wav", &recordings::tone(1, 50));
    let long = [251, 254, 255].map(|length| format!("{}.wav", "n".repeat(length - 4)));
    for name in &long {
        fs::write(desk.path("in").join(name), recordings::tone(1, 50)).unwrap();
        recordings::age(&desk.path("in").join(name)).unwrap();
    }
    let finished = run(&desk);
    finished.expect_code(1);
    assert_eq!(desk.names("audio-features").unwrap(), ["a.wav.json"]);
    let kept = desk.names("failures").unwrap();
    assert_eq!(kept.len(), long.len(), "{finished}");
    for id in kept {
        assert_eq!(id.len(), 36, "{id}");
        let features = fs::read_to_string(desk.path("store/failures").join(id)).unwrap();
        assert!(features.starts_with("{\"mfccs\":["), "{features}");
    }
    said(&finished, &["File name too long", "choose a shorter key"]);
}

#[test]
fn a_name_that_no_object_can_have_is_kept_by_its_id() {
    let desk = Desk::new().unwrap();
    // Each line end takes three bytes in a key.
    let name = "\n".repeat(251) + ".wav";
    fs::write(desk.path("in").join(&name), b"only words").unwrap();
    recordings::age(&desk.path("in").join(&name)).unwrap();
    let finished = run(&desk);
    finished.expect_code(1);
    let kept = desk.names("failures").unwrap();
    assert!(matches!(&kept[..], [id] if id.len() == 36), "{kept:?}\n{finished}");
    assert_eq!(fs::read(desk.path("store/failures").join(&kept[0])).unwrap(), b"only words");
}

#[test]
fn two_recordings_of_one_name_are_told() {
    let desk = Desk::new().unwrap();
    for (folder, number) in [("x", 1), ("y", 2)] {
        fs::create_dir(desk.path("in").join(folder)).unwrap();
        let tone = recordings::tone(number, 50);
        recordings::place(&desk.path("in").join(folder), "a.wav", &tone).unwrap();
    }
    let finished = run(&desk);
    said(&finished, &["in/x/a.wav", "in/y/a.wav", "was replaced by", "${path} before ${filename}"]);
    // With the key that the warning names, both are there.
    let text = fs::read_to_string(repository().join("flows/audio-features.json")).unwrap();
    let flow = desk.path("by-path.json");
    fs::write(&flow, text.replace("\"${filename}\"", "\"${path}${filename}\"")).unwrap();
    let run = Run::flow(&flow, &desk.path("data2"));
    let run = run.parameter("input", desk.path("in")).parameter("output", desk.store());
    run.finish().expect_code(0);
    for folder in ["x", "y"] {
        assert!(desk.path("store/audio-features").join(folder).join("a.wav.json").is_file());
    }
}

#[test]
fn recordings_of_one_name_wait_for_each_other_and_are_counted() {
    const RECORDINGS: u64 = 60;
    let desk = Desk::new().unwrap();
    for number in 0..RECORDINGS {
        let folder = desk.path("in").join(number.to_string());
        fs::create_dir(&folder).unwrap();
        recordings::place(&folder, "a.wav", &recordings::tone(number, 50)).unwrap();
    }
    let run = Run::flow(&main_flow(), &desk.path("data")).parameter("input", desk.path("in"));
    let finished = run.parameter("output", desk.store()).finish();
    finished.expect_code(0);
    let transferred = processor(&finished, "Store features")["transferred"].clone();
    assert_eq!(transferred, json!({ "success": RECORDINGS }), "nobody had to try again");
    let replaced = counter(&finished, "Store features", "objects of other files replaced");
    assert_eq!(replaced, RECORDINGS - 1, "{finished}");
    assert_eq!(desk.names("audio-features").unwrap(), ["a.wav.json"]);
}

#[test]
fn a_url_that_names_no_store_is_refused_before_anything_runs() {
    for (url, right) in [
        ("file:", "file:///data/objects"),
        ("file://relative/x", "file:///relative/x"),
        ("ftp://x", "begin the URL with file"),
        ("s3://", "s3://BUCKET"),
    ] {
        let desk = Desk::new().unwrap();
        let finished = run_to(&desk, url).finish();
        finished.expect_code(2);
        said(&finished, &["Object Store URL", right]);
        assert!(!desk.path("data").exists(), "{finished}");
    }
}

#[test]
fn a_loop_of_links_does_not_loop() {
    let desk = Desk::new().unwrap();
    let inner = desk.path("in/inner");
    fs::create_dir(&inner).unwrap();
    std::os::unix::fs::symlink("..", inner.join("up")).unwrap();
    for name in ["itself.wav", "nobody wants it"] {
        std::os::unix::fs::symlink(name, desk.path("in").join(name)).unwrap();
    }
    recordings::place(&inner, "deep.wav", &recordings::tone(1, 50)).unwrap();
    let finished = run(&desk);
    finished.expect_code(1);
    assert_eq!(desk.names("audio-features").unwrap(), ["deep.wav.json"]);
    said(&finished, &["inner/up\" was searched already", "itself.wav\" leads nowhere"]);
    assert!(!finished.stderr.contains("nobody wants it"), "{finished}");
}

#[test]
fn a_folder_that_is_not_there_is_told() {
    let desk = Desk::new().unwrap();
    fs::remove_dir(desk.path("in")).unwrap();
    let finished = run(&desk);
    finished.expect_code(1);
    let folder = desk.path("in");
    said(&finished, &[folder.to_str().unwrap(), "check the path"]);
}

#[test]
fn a_folder_that_may_not_be_read_is_told() {
    const NOBODY: u32 = 65_534;
    let desk = Desk::new().unwrap();
    let inner = desk.path("in/closed");
    fs::create_dir(&inner).unwrap();
    place(&desk, "open.wav", &recordings::tone(1, 50));
    let mut command = run_to(&desk, &desk.store()).into_command();
    if fs::metadata("/proc/self").unwrap().uid() == 0 {
        // Nothing is closed to root: a copy of the binary runs as somebody else.
        let copy = desk.path("tutti");
        fs::copy(path(), &copy).unwrap();
        let arguments: Vec<_> = command.get_args().map(OsStr::to_owned).collect();
        command = Command::new(copy);
        command.args(arguments).stdin(Stdio::null()).current_dir(desk.path("."));
        chown(desk.path("."), Some(NOBODY), Some(NOBODY)).unwrap();
        command.uid(NOBODY).gid(NOBODY);
    }
    fs::set_permissions(&inner, fs::Permissions::from_mode(0o000)).unwrap();
    let finished = Finished::from(command.output().unwrap());
    fs::set_permissions(&inner, fs::Permissions::from_mode(0o700)).unwrap();
    finished.expect_code(1);
    said(&finished, &["in/closed", "Permission denied"]);
    assert_eq!(desk.names("audio-features").unwrap(), ["open.wav.json"], "{finished}");
}

/// A folder in which nobody can make anything, not even root: it stands for a read-only disk.
const READ_ONLY: &str = "/proc/self";

#[test]
fn a_store_on_a_read_only_disk_is_told_and_nothing_is_lost() {
    let desk = Desk::new().unwrap();
    place(&desk, "a.wav", &recordings::tone(1, 50));
    let finished = run_to(&desk, &format!("file://{READ_ONLY}/store")).finish();
    finished.expect_code(1);
    said(&finished, &[READ_ONLY, "Store features"]);
    assert_eq!(finished.waiting()[0].1, 1, "{finished}");
    // With a store that can be written to, the next run puts what waited.
    let finished = run(&desk);
    finished.expect_code(0);
    assert_eq!(desk.names("audio-features").unwrap(), ["a.wav.json"]);
}

#[test]
fn a_data_folder_on_a_read_only_disk_is_told() {
    let desk = Desk::new().unwrap();
    place(&desk, "a.wav", &recordings::tone(1, 50));
    let data = format!("{READ_ONLY}/data");
    let flow = repository().join("flows/audio-features.json");
    let mut command = Command::new(path());
    command.arg("run").arg(flow).args(["--data", &data, "--until-idle"]).stdin(Stdio::null());
    command.arg("--param").arg(format!("input={}", desk.path("in").display()));
    command.arg("--param").arg(format!("output={}", desk.store()));
    let finished = Finished::from(command.output().unwrap());
    finished.expect_code(1);
    said(&finished, &[&data, "--data"]);
    assert!(desk.path("in/a.wav").exists() && !desk.path("store").exists());
}

/// The address of an object store that does with each request what `answer` does.
fn store(answer: fn(&mut TcpStream)) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            thread::spawn(move || {
                // One answer for whatever was asked.
                let _ = stream.read(&mut [0; 4096]);
                answer(&mut stream);
            });
        }
    });
    url
}

/// Runs the main flow into such a store; the features have to wait, and then to arrive elsewhere.
fn waits_out(answer: fn(&mut TcpStream), parts: &[&str]) {
    let desk = Desk::new().unwrap();
    place(&desk, "a.wav", &recordings::tone(1, 50));
    let mut command = run_to(&desk, &store(answer)).into_command();
    command.env("AWS_ACCESS_KEY_ID", "a").env("AWS_SECRET_ACCESS_KEY", "b");
    let finished = Finished::from(command.output().unwrap());
    finished.expect_code(1);
    said(&finished, parts);
    assert_eq!(finished.waiting()[0].1, 1, "{finished}");
    let finished = run(&desk);
    finished.expect_code(0);
    assert_eq!(desk.names("audio-features").unwrap(), ["a.wav.json"]);
}

#[test]
fn a_store_that_answers_nothing_but_errors_is_told() {
    let answer = |stream: &mut TcpStream| {
        let _ = stream.write_all(
            b"HTTP/1.1 500 Internal Server Error\r\ncontent-length: 0\r\n\
              connection: close\r\n\r\n",
        );
    };
    waits_out(answer, &["500"]);
}

#[test]
fn a_store_that_never_answers_is_told() {
    // As long as the other side holds the line.
    let answer = |stream: &mut TcpStream| drop(stream.read_to_end(&mut Vec::new()));
    waits_out(answer, &["did not answer for 1000 ms", "a.wav.json"]);
}

#[test]
fn a_disk_without_room_loses_nothing() {
    let desk = Desk::new().unwrap();
    let recording = recordings::tone(1, 60_000);
    place(&desk, "long.wav", &recording);
    // No file may grow beyond 256 KiB, as on a full disk; the recording is larger.
    let flow = repository().join("flows/audio-features.json");
    let mut command = Command::new("sh");
    command.args(["-c", "ulimit -f 256; exec \"$@\"", "sh"]).arg(path());
    command.arg("run").arg(flow).arg("--data").arg(desk.path("data"));
    command.arg("--param").arg(format!("input={}", desk.path("in").display()));
    command.arg("--param").arg(format!("output={}", desk.store()));
    command.args(["--until-idle", "--json"]).stdin(Stdio::null());
    let finished = Finished::from(command.output().unwrap());
    finished.expect_code(1);
    said(&finished, &["File too large"]);
    assert_eq!(fs::read(desk.path("in/long.wav")).unwrap(), recording);
    // As soon as there is room, the same line goes on.
    let finished = run(&desk);
    finished.expect_code(0);
    assert_eq!(desk.names("audio-features").unwrap(), ["long.wav.json"]);
}

#[test]
fn a_data_folder_that_cannot_be_is_told() {
    let desk = Desk::new().unwrap();
    fs::write(desk.path("data"), b"a file").unwrap();
    let finished = run(&desk);
    assert_ne!(finished.code, Some(0), "{finished}");
    finished.expect_no_panic();
    said(&finished, &[desk.path("data").to_str().unwrap()]);
}

#[test]
fn every_mistake_of_a_flow_is_told_at_once_and_nothing_runs() {
    let desk = Desk::new().unwrap();
    let flow = desk.path("wrong.json");
    let text = fs::read_to_string(repository().join("flows/audio-features.json")).unwrap();
    let text = text
        .replace("\"DecodeAudio\"", "\"DecodeAudoi\"")
        .replace("\"Object Key\": \"${filename}\"", "\"Object Key\": \"${filename:sing()}\"")
        .replace("\"Keep Source File\"", "\"Keep Source Fil\"");
    fs::write(&flow, text).unwrap();
    let finished = Run::flow(&flow, &desk.path("data")).parameter("input", "x").finish();
    finished.expect_code(2);
    said(&finished, &["did you mean \"DecodeAudio\"?", "\"Keep Source File\"", "sing", "output"]);
    assert!(!desk.path("data").exists(), "{finished}");
}

#[test]
fn what_a_source_would_delete_again_is_not_picked_up_or_waits() {
    let desk = Desk::new().unwrap();
    let flow = desk.path("round.json");
    let run = |filter: &str, output: &str| {
        let properties = |folder| json!({ "Directory": desk.path(folder) });
        let mut get = properties("in");
        get["File Filter"] = filter.into();
        let text = json!({
            "format": 1,
            "name": "round",
            "processors": {
                "Get": { "type": "GetFile", "properties": get },
                "Put": {
                    "type": "PutFile",
                    "properties": properties(output),
                    "penaltyDuration": "10 min",
                    "autoTerminate": ["failure", "success"],
                },
            },
            "connections": [{ "from": "Get", "relationships": ["success"], "to": "Put" }],
        });
        fs::write(&flow, text.to_string()).unwrap();
        Run::flow(&flow, &desk.path("data")).finish()
    };
    place(&desk, "a.wav", b"sound");
    let finished = run("[^.].*", "in/sub");
    finished.expect_code(1);
    said(&finished, &["\\\"Put\\\" writes to", "where GetFile picks files up and deletes them"]);
    assert_eq!(finished.summary()["entered"], 0, "{finished}");
    assert_eq!(fs::read(desk.path("in/a.wav")).unwrap(), b"sound");
    // Here the names alone show it, after the source is gone.
    let finished = run(r".*\.wav", "in/sub");
    finished.expect_code(1);
    said(&finished, &["lies where GetFile picks files up and deletes them"]);
    assert_eq!(finished.waiting(), [("Get [success] -> Put".to_owned(), 1)], "{finished}");
    run(r".*\.wav", "out").expect_code(0);
    assert_eq!(fs::read(desk.path("out/a.wav")).unwrap(), b"sound");
}
