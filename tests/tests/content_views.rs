//! What waits in a queue is seen and heard over HTTP without being taken: waveforms, spectrograms,
//! previews and tables; and expressions are tried on what flowfiles say of themselves.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on is to fail")]

use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tutti_tests::recordings;
use tutti_tests::served::{Answer, Served};

/// How long anything may take before it counts as something that hangs.
const PATIENCE: Duration = Duration::from_mins(2);

/// Where the tables of Parquet wait.
const COLUMNS: &str = "Extract columns [success] -> Keep columns";

const FLOW: &str = "/api/v1/flows/views";

/// A flow whose files wait: as they are, and what is extracted of recordings, as tables.
struct Bench {
    folder: tempfile::TempDir,
    served: Served,
}

impl Bench {
    fn new(files: &[(&str, &[u8])]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("in")).unwrap();
        let put = |folder: &str| {
            json!({
                "type": "PutFile",
                "state": "disabled",
                "properties": { "Directory": at(folder) },
                "autoTerminate": ["failure", "success"],
            })
        };
        let flow = json!({
            "format": 1,
            "name": "views",
            "parameterContext": "main",
            "parameterContexts": { "main": { "parameters": {
                "bucket": { "value": "music" },
                "key": { "sensitive": true },
            } } },
            "processors": {
                "Get": {
                    "type": "GetFile",
                    "properties": {
                        "Directory": at("in"),
                        "Minimum File Age": "0 sec",
                        "Polling Interval": "0 sec",
                    },
                },
                "Put": put("out"),
                "Extract": {
                    "type": "ExtractFeatures",
                    "properties": {
                        "Features": "rms, mfcc", "Format": "Arrow", "Output": "frames",
                    },
                },
                "Keep": put("tables"),
                "Extract columns": {
                    "type": "ExtractFeatures",
                    "properties": {
                        "Features": "rms, mfcc", "Format": "Parquet", "Output": "frames",
                    },
                },
                "Keep columns": put("columns"),
                "Log": {
                    "type": "LogAttribute",
                    "state": "disabled",
                    "autoTerminate": ["success"],
                },
            },
            "connections": [
                { "from": "Get", "relationships": ["success"], "to": "Put" },
                { "from": "Get", "relationships": ["success"], "to": "Extract" },
                { "from": "Extract", "relationships": ["success"], "to": "Keep" },
                { "from": "Extract", "relationships": ["failure"], "to": "Log" },
                { "from": "Get", "relationships": ["success"], "to": "Extract columns" },
                { "from": "Extract columns", "relationships": ["success"], "to": "Keep columns" },
                { "from": "Extract columns", "relationships": ["failure"], "to": "Log" },
            ],
        });
        fs::write(at("views.json"), flow.to_string()).unwrap();
        let more = ["--param", "key=hunter2"];
        let served = Served::start(&at("views.json"), &at("data"), &more).unwrap();
        let bench = Self { folder, served };
        for (name, bytes) in files {
            bench.give(name, bytes);
        }
        bench
    }

    fn give(&self, name: &str, bytes: &[u8]) {
        recordings::place(&self.folder.path().join("in"), name, bytes).unwrap();
    }

    /// What asks for the content of `file`, once it waits in the connection.
    fn one(&self, connection: &str, file: &str) -> String {
        let escaped = [(" ", "%20"), ("[", "%5B"), ("]", "%5D"), (">", "%3E")];
        let escape = |text: String, (from, to): (&str, &str)| text.replace(from, to);
        let connection = escaped.into_iter().fold(connection.to_owned(), escape);
        let begun = Instant::now();
        loop {
            let queue = format!("{FLOW}/queue?connection={connection}");
            let listed = self.served.get(&queue).unwrap().expect(200).json();
            let mut flowfiles = listed["flowfiles"].as_array().unwrap().iter();
            if let Some(one) = flowfiles.find(|one| one["filename"] == file) {
                return format!("connection={connection}&number={}", one["number"]);
            }
            assert!(begun.elapsed() < PATIENCE, "\"{file}\" does not come: {listed}");
            thread::sleep(Duration::from_millis(20));
        }
    }

    fn waiting(&self, file: &str) -> String {
        self.one("Get [success] -> Put", file)
    }

    fn view(&self, view: &str, one: &str, more: &str) -> Answer {
        self.served.get(&format!("{FLOW}/content/{view}?{one}{more}")).unwrap()
    }

    fn waveform(&self, file: &str, more: &str) -> Value {
        self.view("waveform", &self.waiting(file), more).expect(200).json()
    }

    fn table(&self, file: &str, more: &str) -> Value {
        self.view("table", &self.waiting(file), more).expect(200).json()
    }

    /// Its code, and its detail in lower case, when it is this status.
    fn problem(answer: Answer, status: u16) -> (String, String) {
        assert!(answer.head.contains("application/problem+json"), "{}", answer.head);
        let problem = answer.expect(status).json();
        let text = |name: &str| problem[name].as_str().unwrap_or_default().to_owned();
        (text("code"), text("detail").to_lowercase())
    }
}

fn recording(name: &str) -> Vec<u8> {
    let formats = Path::new(env!("CARGO_MANIFEST_DIR")).join("../audio/tests/formats");
    let at = [recordings::examples(), formats];
    at.iter().find_map(|folder| fs::read(folder.join(name)).ok()).unwrap()
}

#[test]
fn the_waveform_of_a_recording_is_seen_in_every_format() {
    let flac = recording("mountain.flac");
    let (alac, tom, mp3) =
        (recording("tom-alac.m4a"), recording("tom.wav"), recording("mountain.mp3"));
    let bench = Bench::new(&[
        ("mountain.flac", &flac),
        ("tom.m4a", &alac),
        ("tom.wav", &tom),
        ("mountain.mp3", &mp3),
        ("half.flac", &flac[..flac.len() / 2]),
        ("empty.wav", b""),
        ("text.wav", b"RIFF, but no recording"),
    ]);
    for (name, codec) in [("mountain.flac", "flac"), ("tom.m4a", "alac"), ("mountain.mp3", "mp3")] {
        let seen = bench.waveform(name, "&width=100");
        assert_eq!(seen["codec"], codec);
        let channels = seen["peaks"].as_array().unwrap();
        assert_eq!(channels.len() as u64, seen["channels"].as_u64().unwrap().min(2));
        for peaks in channels {
            let peaks: Vec<f64> =
                peaks.as_array().unwrap().iter().map(|peak| peak.as_f64().unwrap()).collect();
            assert_eq!(peaks.len(), 200, "{name}");
            assert!(peaks.chunks(2).all(|peak| -1.5 < peak[0] && peak[0] <= peak[1]), "{name}");
            assert!(peaks.iter().any(|peak| peak.abs() > 0.01), "{name} is silent");
        }
        let seconds = seen["frames"].as_f64().unwrap() / seen["sampleRate"].as_f64().unwrap();
        assert!((seen["durationSeconds"].as_f64().unwrap() - seconds).abs() < 1e-9);
        assert!(seen.get("damage").is_none());
        // Once more it is the same, and at another width another one.
        assert_eq!(bench.waveform(name, "&width=100"), seen);
        assert_eq!(bench.waveform(name, "")["peaks"][0].as_array().unwrap().len(), 2_048);
    }
    let half = bench.waveform("half.flac", "&width=1");
    let whole = bench.waveform("mountain.flac", "&width=1");
    assert!(half["damage"].as_str().unwrap().contains("the file ends"), "{half}");
    assert!(half["frames"].as_u64().unwrap() < whole["frames"].as_u64().unwrap());

    let tom = bench.waiting("tom.wav");
    for (width, status) in [("0", 422), ("4097", 422), ("-1", 400), ("NaN", 400), ("", 400)] {
        let answer = bench.view("waveform", &tom, &format!("&width={width}"));
        assert_eq!(answer.status, status, "{width}");
    }
    assert_eq!(bench.view("waveform", &tom, "&colour=red").status, 400);
    let (code, detail) =
        Bench::problem(bench.view("waveform", &bench.waiting("empty.wav"), ""), 422);
    assert_eq!((code.as_str(), detail.contains("0 bytes")), ("cannotDecode", true), "{detail}");
    let text = bench.view("waveform", &bench.waiting("text.wav"), "");
    assert_eq!(Bench::problem(text, 422).0, "cannotDecode");
    let gone = bench.view("waveform", &tom.replace("number=", "number=99999"), "");
    assert_eq!(Bench::problem(gone, 404).0, "noFlowFile");
    let nowhere = bench.view("waveform", "connection=x&number=1", "");
    assert_eq!(Bench::problem(nowhere, 404).0, "noConnection");
    let other = format!("/api/v1/flows/other/content/waveform?{tom}");
    assert_eq!(Bench::problem(bench.served.get(&other).unwrap(), 404).0, "noFlow");
}

#[test]
fn a_part_of_a_recording_is_a_picture_of_whole_pixels() {
    let (flac, text) = (recording("mountain.flac"), b"no recording".to_vec());
    let bench = Bench::new(&[("mountain.flac", &flac), ("text.flac", &text)]);
    let one = bench.waiting("mountain.flac");
    let size = |png: &[u8]| {
        assert_eq!(&png[..8], b"\x89PNG\r\n\x1a\n");
        let number = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
        (number(16), number(20))
    };
    let picture = |more: &str| {
        let answer = bench.view("spectrogram", &one, more).expect(200);
        assert!(answer.head.contains("content-type: image/png"), "{}", answer.head);
        answer.body
    };
    let whole = picture("");
    assert_eq!(size(&whole), (1_024, 256));
    let part = picture("&from=0.5&to=1.25&width=33&height=7&colors=gray");
    assert_eq!(size(&part), (33, 7));
    assert_eq!(picture("&from=0.5&to=1.25&width=33&height=7&colors=gray"), part);
    assert_ne!(picture("&from=0.75&to=1.5&width=33&height=7&colors=gray"), part);
    assert_ne!(picture("&from=0.5&to=1.25&width=33&height=7&colors=magma"), part);
    // What reaches beyond the end is black there, not another size.
    assert_eq!(size(&picture("&from=0&to=100&width=20&height=8")), (20, 8));
    assert_eq!(size(&picture("&width=1&height=1")), (1, 1));
    for (more, status) in [
        ("&from=2&to=1", 422),
        ("&from=1&to=1", 422),
        ("&from=-1", 422),
        ("&from=NaN", 422),
        ("&to=inf", 422),
        ("&to=1e300", 422),
        ("&width=0", 422),
        ("&width=4097", 422),
        ("&height=0", 422),
        ("&height=1025", 422),
        ("&colors=rainbow", 400),
        ("&from=4000", 422),
        ("&from=4000&to=4001", 422),
    ] {
        let answer = bench.view("spectrogram", &one, more);
        assert_eq!(answer.status, status, "{more}");
        Bench::problem(answer, status);
    }
    let text = bench.view("spectrogram", &bench.waiting("text.flac"), "");
    assert_eq!(Bench::problem(text, 422).0, "cannotDecode");
}

#[test]
fn what_browsers_cannot_play_is_heard_from_any_byte_on() {
    let (aiff, alac, mka, mp3) = (
        recording("tom.aiff"),
        recording("tom-alac.m4a"),
        recording("tom.mka"),
        recording("mountain.mp3"),
    );
    let bench = Bench::new(&[
        ("tom.aiff", &aiff),
        ("tom.m4a", &alac),
        ("tom.mka", &mka),
        ("half.mp3", &mp3[..mp3.len() / 2]),
        ("empty.aiff", b""),
    ]);
    let ask = |one: &str, range: &str| {
        let path = format!("{FLOW}/content/preview?{one}");
        bench.served.ask("GET", &path, range, b"").unwrap()
    };
    for name in ["tom.aiff", "tom.m4a", "tom.mka", "half.mp3"] {
        let one = bench.waiting(name);
        let whole = ask(&one, "").expect(200);
        assert!(whole.head.contains("content-type: audio/wav"), "{}", whole.head);
        assert!(whole.head.contains("accept-ranges: bytes"), "{}", whole.head);
        let bytes = whole.body.len();
        assert!(whole.head.contains(&format!("content-length: {bytes}")), "{}", whole.head);
        assert_eq!((&whole.body[..4], &whole.body[8..16]), (&b"RIFF"[..], &b"WAVEfmt "[..]));
        assert_eq!(whole.body[20..22], [1, 0], "whole numbers");
        assert_eq!(whole.body[34..36], [16, 0], "of 16 bits");
        let said = u32::from_le_bytes(whole.body[4..8].try_into().unwrap());
        assert_eq!(said as usize + 8, bytes, "{name}");
        for (from, to) in [(0, 0), (1, 2), (57, 60), (bytes / 2, bytes - 1), (bytes - 1, bytes - 1)]
        {
            let part = ask(&one, &format!("range: bytes={from}-{to}\r\n")).expect(206);
            assert!(part.body == whole.body[from..=to], "{name} {from}-{to}");
            let said = format!("content-range: bytes {from}-{to}/{bytes}");
            assert!(part.head.contains(&said), "{}", part.head);
        }
        let last = ask(&one, "range: bytes=-10\r\n").expect(206);
        assert!(last.body == whole.body[bytes - 10..]);
        ask(&one, &format!("range: bytes={bytes}-\r\n")).expect(416);
    }
    let empty = ask(&bench.waiting("empty.aiff"), "");
    assert_eq!(Bench::problem(empty, 422).0, "cannotDecode");
}

#[test]
fn tables_are_read_page_by_page() {
    let row = |n: u32| format!("\"{n};\";{}", f64::from(n) / 4.0);
    let csv = (0..250).map(row).collect::<Vec<_>>().join("\n");
    let line = |n: u32| format!("{{\"n\":{n},\"x\":\"é\"}}");
    let lines = (0..5).map(line).collect::<Vec<_>>().join("\n");
    let tom = recording("tom.wav");
    let bench = Bench::new(&[
        ("a.csv", format!("name;value\n{csv}").as_bytes()),
        ("a.jsonl", lines.as_bytes()),
        ("a.json", b"[{\"a\":[1,2]},{\"b\":null}]"),
        ("bad.jsonl", b"{\"a\":1}\n{\"a\":\n"),
        ("cut.json", b"[{\"a\":1},"),
        ("tom.wav", &tom),
        ("empty.csv", b""),
        ("empty.json", b""),
    ]);
    let first = bench.table("a.csv", "");
    assert_eq!(first["format"], "csv");
    assert_eq!(
        first["columns"],
        json!([{ "name": "name", "type": "Utf8" }, { "name": "value", "type": "Float64" }])
    );
    assert_eq!(first["rows"].as_array().unwrap().len(), 100);
    assert_eq!((&first["next"], &first["rowCount"]), (&json!(100), &Value::Null));
    let last = bench.table("a.csv", "&offset=200&limit=1000");
    assert_eq!(last["rows"].as_array().unwrap().len(), 50);
    assert_eq!(last["rows"][49], json!(["249;", 62.25]));
    assert_eq!((&last["next"], &last["rowCount"]), (&Value::Null, &json!(250)));
    assert_eq!(bench.table("a.csv", "&offset=9999999")["rows"], json!([]));
    assert_eq!(bench.table("a.jsonl", "&limit=1")["rows"], json!([[0, "é"]]));
    assert_eq!(bench.table("a.json", "")["rows"], json!([[[1, 2], null], [null, null]]));
    assert_eq!(bench.table("empty.csv", "")["rowCount"], 0);
    for (name, told) in [
        ("bad.jsonl", "line 2"),
        ("cut.json", "eof"),
        ("tom.wav", "no table"),
        ("empty.json", "no"),
    ] {
        let (code, detail) = Bench::problem(bench.view("table", &bench.waiting(name), ""), 422);
        assert_eq!(code, "noTable");
        assert!(detail.contains(told), "{name}: {detail}");
    }
    for (more, status) in
        [("&limit=0", 422), ("&limit=1001", 422), ("&offset=-1", 400), ("&offset=x", 400)]
    {
        let answer = bench.view("table", &bench.waiting("a.csv"), more);
        assert_eq!(answer.status, status, "{more}");
    }
    // What is extracted of a recording, as its processor writes it.
    let pages = [("arrow", "Extract [success] -> Keep"), ("parquet", COLUMNS)].map(|(is, at)| {
        let one = bench.one(at, &format!("tom.wav.{is}"));
        let mut table = bench.view("table", &one, "&offset=2&limit=3").expect(200).json();
        assert_eq!(table["format"].take(), is);
        table
    });
    assert_eq!(pages[0], pages[1]);
    let [table, _] = pages;
    assert_eq!(table["columns"][0], json!({ "name": "time", "type": "Float64" }));
    assert_eq!(table["columns"][1], json!({ "name": "rms", "type": "Float32" }));
    let kind = table["columns"][2]["type"].as_str().unwrap();
    assert!(kind.starts_with("FixedSizeList("), "{kind}");
    assert_eq!(table["rows"].as_array().unwrap().len(), 3);
    assert_eq!(table["rows"][0][2].as_array().unwrap().len(), 13);
    let time = |row: usize| table["rows"][row][0].as_f64().unwrap();
    assert!(time(0) > 0.0 && time(0) < time(1) && time(1) < time(2));
    assert!(table["rowCount"].as_u64().unwrap() > 5);
    assert_eq!(table["next"], 5);
}

/// Files that claim to be larger than all memory, which the library for Parquet believes: the
/// process that reads them ends, and nothing else.
#[test]
fn parquet_that_lies_of_its_size_is_no_table() {
    let bench = Bench::new(&[("tom.wav", &recording("tom.wav"))]);
    let one = bench.one(COLUMNS, "tom.wav.parquet");
    let whole = bench.served.get(&format!("{FLOW}/content?{one}")).unwrap().expect(200).body;
    // Two billion columns, in the end of the file: its version, and a list of structures.
    let end = [0x15, 0x02, 0x19, 0xfc, 0xff, 0xff, 0xff, 0xff, 0x07];
    let columns = [&b"PAR1"[..], &end, &[end.len() as u8, 0, 0, 0], b"PAR1"].concat();
    // A page of two billion bytes: what stands first in the head of the first page, after its kind.
    let (head, rest) = whole.split_at(7);
    assert_eq!(head, b"PAR1\x15\x00\x15");
    let own = 1 + rest.iter().position(|byte| byte & 0x80 == 0).unwrap();
    let (more, size) = (5 - own, &rest[own..]);
    // It has to end where it did: as many bytes fewer are said to be packed.
    assert!(size[0] == 0x15 && size[1] & 0x80 > 0 && size[1] & 0x7f >= 2 * more as u8, "{size:x?}");
    let packed = [0x15, size[1] - 2 * more as u8];
    let page = [head, &[0xfe, 0xff, 0xff, 0xff, 0x0f], &packed, &size[2..]].concat();
    let cut = &whole[..whole.len() / 2];
    for (name, bytes) in [("columns", &columns[..]), ("page", &page), ("cut", cut)] {
        bench.give(name, bytes);
        let (code, detail) = Bench::problem(bench.view("table", &bench.waiting(name), ""), 422);
        let told = if name == "cut" { "no parquet that can be read" } else { "more memory" };
        assert!(code == "noTable" && detail.contains(told), "{name}: {detail}");
    }
    assert!(bench.view("table", &one, "").expect(200).json()["rowCount"].as_u64() > Some(5));
}

#[test]
fn expressions_are_tried_and_functions_listed() {
    let bench = Bench::new(&[]);
    let trial = |expression: &str| {
        let attributes = json!({ "filename": "song.flac" });
        let body = json!({ "expression": expression, "attributes": attributes });
        bench.served.post(&format!("{FLOW}/expressions"), &body).unwrap().expect(200).json()
    };
    assert_eq!(
        trial("#{bucket}/${filename:substringBefore('.')}"),
        json!({ "result": "value", "value": "music/song" })
    );
    let wrong = trial("${filename:toUper()}");
    assert_eq!(
        (&wrong["result"], &wrong["start"], &wrong["end"]),
        (&json!("error"), &json!(11), &json!(17))
    );
    let secret = trial("${filename:append(#{key})}");
    assert!(secret["message"].as_str().unwrap().contains("sensitive"), "{secret}");
    assert!(!secret.to_string().contains("hunter2"));
    let post = |flow: &str, body: &Value| {
        bench.served.post(&format!("/api/v1/flows/{flow}/expressions"), body).unwrap()
    };
    let right = json!({ "expression": "x" });
    assert_eq!(Bench::problem(post("other", &right), 404).0, "noFlow");
    let long = json!({ "expression": "x".repeat(100_000) });
    assert_eq!(Bench::problem(post("views", &long), 422).0, "limit");
    let body = json!({ "expression": "x", "colour": "red" });
    assert_eq!(Bench::problem(post("views", &body), 422).0, "body");
    let functions = bench.served.get("/api/v1/expression-functions").unwrap().expect(200).json();
    let functions = functions.as_array().unwrap();
    let substring = functions.iter().find(|function| function["name"] == "substring").unwrap();
    assert_eq!(substring["subject"], "text");
    assert_eq!(substring["arguments"][1]["optional"], true);
    assert!(substring["description"].as_str().unwrap().len() > 10);
}

#[test]
fn an_hour_is_seen_in_little_memory_and_who_goes_holds_up_nobody() {
    let tone = recordings::tone(7, 10_000);
    let hour = recordings::repeat_wav(&tone, 360).unwrap();
    let bench = Bench::new(&[("hour.wav", &hour), ("tone.wav", &tone)]);
    drop(hour);
    let (hour, tone) = (bench.waiting("hour.wav"), bench.waiting("tone.wav"));
    // More than are made at a time, none of which is waited for.
    for width in 1..=20 {
        let path = format!("{FLOW}/content/waveform?{hour}&width={width}");
        bench.served.leave(&path).unwrap();
    }
    assert_eq!(bench.view("waveform", &tone, "").expect(200).json()["durationSeconds"], 10.0);
    let seen = bench.view("waveform", &hour, "").expect(200).json();
    assert_eq!(seen["durationSeconds"], 3_600.0);
    let peaks = seen["peaks"][0].as_array().unwrap();
    assert!(peaks.iter().all(|peak| peak.as_f64().unwrap().abs() > 0.3), "it is loud throughout");
    bench.view("spectrogram", &hour, "&from=3590&to=3600&width=100").expect(200);
    let end = format!("{FLOW}/content/preview?{hour}");
    let last = bench.served.ask("GET", &end, "range: bytes=-4\r\n", b"").unwrap().expect(206);
    assert_eq!(last.body.len(), 4);
    let peak = bench.served.memory_peak_mb().unwrap();
    assert!(peak < 400.0, "{peak} MB");
}
