//! A flow that runs is edited over HTTP: nothing that was confirmed is lost, nobody overwrites
//! another unseen, and what is applied runs and is in its file.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on is to fail")]

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tutti_tests::seed::Random;
use tutti_tests::served::Served;

const PATIENCE: Duration = Duration::from_mins(1);

/// A flow in a folder: files go from "in" to "out".
struct Bench {
    folder: tempfile::TempDir,
}

impl Bench {
    fn new() -> Self {
        let bench = Self { folder: tempfile::tempdir().unwrap() };
        let flow = json!({
            "format": 1,
            "name": "copy",
            "processors": {
                "Get": { "type": "GetFile", "properties": { "Directory": bench.path("in") } },
                "Put": {
                    "type": "PutFile",
                    "properties": { "Directory": bench.path("out") },
                    "autoTerminate": ["failure", "success"],
                },
            },
            "connections": [{ "from": "Get", "relationships": ["success"], "to": "Put" }],
        });
        fs::create_dir(bench.path("in")).unwrap();
        fs::write(bench.path("copy.json"), flow.to_string()).unwrap();
        bench
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn serve(&self) -> Served {
        self.try_serve().unwrap()
    }

    fn try_serve(&self) -> std::io::Result<Served> {
        Served::start::<&str>(&self.path("copy.json"), &self.path("data"), &[])
    }

    /// Everything in its folder.
    fn serve_all(&self) -> Served {
        Served::start::<&str>(self.folder.path(), &self.path("data"), &[]).unwrap()
    }

    fn file(&self) -> String {
        fs::read_to_string(self.path("copy.json")).unwrap()
    }
}

const FLOW: &str = "/api/v1/flows/copy";

fn draft(served: &Served) -> Value {
    served.get(&format!("{FLOW}/draft")).unwrap().expect(200).json()
}

/// An operation with one change.
fn change(path: &[&str], before: &Value, after: &Value) -> Value {
    let document = if path[0] == "positions" { "layout" } else { "flow" };
    let mut change = json!({ "document": document, "path": path });
    for (name, value) in [("before", before), ("after", after)] {
        if !value.is_null() {
            change[name] = value.clone();
        }
    }
    json!({ "label": format!("Set {}", path.join(" ")), "changes": [change] })
}

fn edit(served: &Served, path: &[&str], before: &Value, after: &Value) -> Value {
    let operations = format!("{FLOW}/operations");
    served.post(&operations, &change(path, before, after)).unwrap().expect(200).json()
}

fn apply(served: &Served) -> Value {
    let revision = draft(served)["revision"].clone();
    let body = json!({ "revision": revision });
    served.post(&format!("{FLOW}/apply"), &body).unwrap().expect(200).json()
}

/// Waits until `is_so`.
fn until(what: &str, is_so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < PATIENCE, "{what}");
        thread::sleep(Duration::from_millis(20));
    }
}

const FILTER: [&str; 4] = ["processors", "Get", "properties", "File Filter"];

#[test]
fn what_is_applied_runs_is_in_the_file_and_survives_a_restart() {
    let bench = Bench::new();
    let served = bench.serve();
    fs::write(bench.path("in/a.wav"), "a").unwrap();
    until("the flow runs", || bench.path("out/a.wav").exists());
    edit(&served, &FILTER, &Value::Null, &json!(".*\\.mp3"));
    edit(&served, &["positions", "Get"], &Value::Null, &json!({ "x": 40, "y": 80 }));
    let file = bench.file();
    assert!(!file.contains(".mp3"), "what was not applied is in no file: {file}");
    let plan = served.get(&format!("{FLOW}/plan")).unwrap().expect(200).json();
    assert_eq!(plan["isAhead"], true);
    assert_eq!(plan["changes"][0]["element"]["path"], "Get");
    assert_eq!(plan["preview"]["changed"], json!(["Get"]));
    assert_eq!(plan["preview"]["kept"], 1);
    let applied = apply(&served);
    assert_eq!((&applied["changed"], &applied["warning"]), (&json!(["Get"]), &Value::Null));
    fs::write(bench.path("in/b.wav"), "b").unwrap();
    fs::write(bench.path("in/c.mp3"), "c").unwrap();
    until("the change runs", || bench.path("out/c.mp3").exists());
    assert!(bench.path("in/b.wav").exists(), "it is filtered out");
    let (file, layout) = (bench.file(), bench.path("copy.layout.json"));
    assert!(file.contains("\"File Filter\": \".*\\\\.mp3\""), "{file}");
    assert!(fs::read_to_string(layout).unwrap().contains("\"Get\": { \"x\": 40, \"y\": 80 }"));
    let before = draft(&served);
    assert!(served.end().unwrap());
    let served = bench.serve();
    assert_eq!(draft(&served), before);
    served.post(&format!("{FLOW}/undo"), &json!({})).unwrap().expect(200);
    served.post(&format!("{FLOW}/undo"), &json!({})).unwrap().expect(200);
    apply(&served);
    until("what was undone runs", || bench.path("out/b.wav").exists());
    let file = bench.file();
    assert!(!file.contains(".mp3"), "{file}");
}

#[test]
fn a_kill_loses_no_operation_that_was_confirmed() {
    let bench = Bench::new();
    let mut random = Random::from_environment("editing", 1);
    let mut confirmed = Value::Null;
    for round in 0..5 {
        let served = bench.serve();
        assert_eq!(draft(&served)["layout"]["positions"]["Get"], confirmed, "round {round}");
        for _ in 0..random.below(20) {
            let next = json!({ "x": random.below(1000), "y": round });
            edit(&served, &["positions", "Get"], &confirmed, &next);
            confirmed = next;
        }
        served.kill().unwrap();
    }
    let served = bench.serve();
    assert_eq!(draft(&served)["layout"]["positions"]["Get"], confirmed);
    let operations = served.get(&format!("{FLOW}/operations")).unwrap().expect(200).json();
    let revision = draft(&served)["revision"].as_u64().unwrap();
    assert_eq!(operations.as_array().unwrap().len() as u64, revision - 1);
}

#[test]
fn two_who_edit_at_once_see_the_same_in_the_end_and_lose_nothing() {
    const EDITS: u64 = 200;
    let bench = Bench::new();
    let served = Arc::new(bench.serve());
    let mut watching = served.watch().unwrap();
    let editors = ["ann", "bob"].map(|who| {
        let served = Arc::clone(&served);
        thread::spawn(move || {
            let mut random = Random::from_environment(who, u64::from(who.as_bytes()[0]));
            let mut mine: BTreeMap<String, Value> = BTreeMap::new();
            let mut conflicts = 0;
            for number in 0..EDITS {
                // Half of it is their own, half of it everybody's.
                let is_own = random.below(2) == 0;
                let own = format!("{who}{}", random.below(5));
                let path = if is_own {
                    vec!["labels", &own]
                } else {
                    vec!["processors", "Put", "description"]
                };
                let now = draft(&served)["flow"].clone();
                let before = path.iter().fold(&now, |at, name| &at[*name]).clone();
                let text = format!("{who} {number}");
                let after = if is_own { json!({ "text": text }) } else { json!(text) };
                let operations = format!("{FLOW}/operations");
                let answer = served.post(&operations, &change(&path, &before, &after)).unwrap();
                match answer.status {
                    200 if is_own => drop(mine.insert(own, after)),
                    200 => {}
                    409 => {
                        assert!(!is_own, "nobody else changes that");
                        assert_eq!(answer.json()["conflicts"][0]["path"], json!(path));
                        conflicts += 1;
                    }
                    other => panic!("{other}"),
                }
            }
            (mine, conflicts)
        })
    });
    let done = editors.map(|editor| editor.join().unwrap());
    let last = draft(&served);
    let confirmed = 2 * EDITS - done.iter().map(|(_, conflicts)| conflicts).sum::<u64>();
    assert_eq!(last["revision"].as_u64().unwrap(), 1 + confirmed);
    for (label, value) in done.iter().flat_map(|(mine, _)| mine) {
        assert_eq!(&last["flow"]["labels"][label], value);
    }
    // Who watched was told of each, in order, or that they have missed some.
    let mut revision = 1;
    while revision < 1 + confirmed {
        match watching.next().unwrap() {
            (name, data) if name == "operation" => {
                revision += 1;
                assert_eq!(data["operation"]["revision"], revision);
            }
            (name, _) => {
                assert_ne!(name, "missed");
            }
        }
    }
}

#[test]
fn a_change_in_the_file_is_an_operation_like_any_other() {
    let bench = Bench::new();
    let served = bench.serve();
    edit(&served, &["processors", "Put", "description"], &Value::Null, &json!("Ours"));
    assert!(served.end().unwrap());
    let pulled =
        bench.file().replace("\"name\":\"copy\"", "\"name\":\"copy\",\"description\":\"Theirs\"");
    fs::write(bench.path("copy.json"), pulled).unwrap();
    let served = bench.serve();
    let merged = draft(&served);
    assert_eq!(merged["flow"]["description"], "Theirs");
    assert_eq!(merged["flow"]["processors"]["Put"]["description"], "Ours");
    let operations = served.get(&format!("{FLOW}/operations?after=2")).unwrap().json();
    assert_eq!(operations[0]["kind"], "file");
}

#[test]
fn what_is_wrong_is_refused_with_what_is_wrong_and_changes_nothing() {
    let bench = Bench::new();
    let served = bench.serve();
    let before = draft(&served);
    let operations = format!("{FLOW}/operations");
    let kind = ["processors", "Put", "type"];
    for (body, status, code) in [
        (change(&kind, &json!("GetFile"), &json!("PutObject")), 409, "conflict"),
        (change(&kind, &json!("PutFile"), &json!({ "a": 1 })), 422, "noFlow"),
        (change(&["processors", "X"], &Value::Null, &json!({ "typ": "A" })), 422, "noFlow"),
        (change(&["name"], &json!("copy"), &json!("other")), 422, "malformed"),
        (change(&["connections", "a -> b"], &Value::Null, &json!({})), 422, "malformed"),
        (json!({ "label": "x", "changes": [], "more": 1 }), 422, "body"),
        (json!([]), 422, "body"),
    ] {
        let answer = served.post(&operations, &body).unwrap();
        assert_eq!((answer.status, &answer.json()["code"]), (status, &json!(code)), "{body}");
    }
    for (path, status, code) in [("undo", 409, "nothingToUndo"), ("redo", 409, "nothingToRedo")] {
        let answer = served.post(&format!("{FLOW}/{path}"), &json!({})).unwrap();
        assert_eq!((answer.status, &answer.json()["code"]), (status, &json!(code)));
    }
    let back = served.post(&format!("{FLOW}/rollback"), &json!({ "revision": 7 })).unwrap();
    assert_eq!(back.expect(404).json()["code"], "noRevision");
    let stale = served.post(&format!("{FLOW}/apply"), &json!({ "revision": 7 })).unwrap();
    assert_eq!(stale.expect(409).json()["code"], "stale");
    let plain = served.ask("POST", &operations, "content-type: text/plain\r\n", b"{}").unwrap();
    plain.expect(415);
    served.get("/api/v1/flows/other/draft").unwrap().expect(404);
    assert_eq!(draft(&served), before);
}

#[test]
fn a_draft_that_cannot_run_can_be_made_but_not_applied() {
    let bench = Bench::new();
    let served = bench.serve();
    edit(&served, &["processors", "New"], &Value::Null, &json!({ "type": "HashContent" }));
    let findings = draft(&served)["findings"].clone();
    assert_eq!(findings[0]["element"]["path"], "New", "{findings}");
    let refused = served.post(&format!("{FLOW}/apply"), &json!({ "revision": 2 })).unwrap();
    let refused = refused.expect(422).json();
    assert_eq!((&refused["code"], &refused["findings"]), (&json!("invalid"), &findings));
    let plan = served.get(&format!("{FLOW}/plan")).unwrap().expect(200).json();
    assert_eq!((&plan["findings"], &plan["preview"]), (&findings, &Value::Null));
    assert!(!bench.file().contains("HashContent"));
}

#[test]
fn a_secret_in_a_flow_comes_neither_into_the_log_nor_into_the_file() {
    let bench = Bench::new();
    let served = bench.serve();
    let store = json!({ "type": "PutObject", "properties": {
        "Object Store URL": "s3://a", "Secret Access Key": "hunter2" } });
    let body = change(&["processors", "Store"], &Value::Null, &store);
    let refused = served.post(&format!("{FLOW}/operations"), &body).unwrap().expect(422);
    assert!(!String::from_utf8_lossy(&refused.body).contains("hunter2"));
    assert_eq!(refused.json()["findings"][0]["code"], "T0108");
    for file in fs::read_dir(bench.path("data/drafts")).unwrap() {
        let text = fs::read_to_string(file.unwrap().path()).unwrap();
        assert!(!text.contains("hunter2"));
    }
}

#[test]
fn flowfiles_that_would_be_stranded_refuse_the_application() {
    let bench = Bench::new();
    let served = bench.serve();
    let control = format!("{FLOW}/control");
    let stop = json!({ "action": "stop", "processors": ["Put", "Nobody"] });
    let stopped = served.post(&control, &stop).unwrap().expect(202).json();
    assert_eq!(stopped["refused"][0]["code"], "notFound");
    until("it stops", || {
        let status = served.get(&format!("{FLOW}/status")).unwrap().json();
        status["processors"][1]["state"] == "stopped"
    });
    fs::write(bench.path("in/é\".wav"), "0123456789").unwrap();
    let queue = format!("{FLOW}/queue?connection=Get%20%5Bsuccess%5D%20-%3E%20Put");
    let listed = || served.get(&queue).unwrap().expect(200).json();
    until("it waits", || listed()["count"] == 1);
    let one = listed()["flowfiles"][0].clone();
    assert_eq!((&one["filename"], &one["bytes"]), (&json!("é\".wav"), &json!(10)));
    let number = one["number"].as_u64().unwrap();
    let content = queue.replace("/queue?", "/content?") + &format!("&number={number}");
    let all = served.get(&content).unwrap().expect(200);
    assert_eq!(all.body, b"0123456789");
    let part = served.ask("GET", &content, "range: bytes=2-4\r\n", b"").unwrap().expect(206);
    assert_eq!(part.body, b"234");
    assert!(part.head.contains("content-range: bytes 2-4/10"), "{}", part.head);
    served.ask("GET", &content, "range: bytes=10-\r\n", b"").unwrap().expect(416);
    let gone = content.replace(&format!("number={number}"), "number=999999");
    assert_eq!(served.get(&gone).unwrap().expect(404).json()["code"], "noFlowFile");

    let flow = draft(&served)["flow"].clone();
    let wire = &flow["connections"]["Get [success] -> Put"];
    let finish = json!(["success"]);
    edit(&served, &["connections", "Get [success] -> Put"], wire, &Value::Null);
    edit(&served, &["processors", "Get", "autoTerminate"], &Value::Null, &finish);
    edit(&served, &["processors", "Put"], &flow["processors"]["Put"], &Value::Null);
    let plan = served.get(&format!("{FLOW}/plan")).unwrap().json();
    assert_eq!(plan["preview"]["leftOver"][0]["flowfiles"], 1);
    let body = json!({ "revision": plan["revision"] });
    let refused = served.post(&format!("{FLOW}/apply"), &body).unwrap().expect(409).json();
    assert_eq!(refused["code"], "notEmpty");
    assert!(bench.file().contains("PutFile"), "nothing was changed");
    served.post(&control, &json!({ "action": "start" })).unwrap().expect(202);
    until("it is empty", || bench.path("out/é\".wav").exists());
    until("it can be applied", || {
        served.post(&format!("{FLOW}/apply"), &body).unwrap().status == 200
    });
    assert!(!bench.file().contains("PutFile"));
}

#[test]
fn a_log_that_is_damaged_is_put_aside_and_told_and_the_flow_runs() {
    let bench = Bench::new();
    let served = bench.serve();
    edit(&served, &FILTER, &Value::Null, &json!("a"));
    assert!(served.end().unwrap());
    let log = bench.path("data/drafts/copy.log");
    let mut bytes = fs::read(&log).unwrap();
    let last = bytes.len() - 5;
    bytes[last] ^= 1;
    fs::write(&log, &bytes).unwrap();
    let served = bench.serve();
    let text = served.log().unwrap();
    assert!(text.contains("is damaged behind revision 1"), "{text}");
    assert_eq!(draft(&served)["revision"], 1);
    edit(&served, &FILTER, &Value::Null, &json!("b"));
}

#[test]
fn a_layout_that_cannot_be_read_is_told_before_anything_runs() {
    let bench = Bench::new();
    fs::write(bench.path("copy.layout.json"), "{ \"format\": 1, \"zoom\": 2 }").unwrap();
    let error = bench.try_serve().err().unwrap().to_string();
    assert!(error.contains("copy.layout.json:1:"), "{error}");
}

#[test]
fn a_flow_is_made_in_the_browser_runs_when_it_is_applied_and_is_there_after_a_restart() {
    let bench = Bench::new();
    let wrong = json!({ "format": 1, "name": "wrong", "processors": { "A": { "type": "B" } } });
    fs::write(bench.path("wrong.json"), wrong.to_string()).unwrap();
    let served = bench.serve_all();
    let new = json!({ "name": "Mine", "description": "New" });
    let made = served.post("/api/v1/flows", &new).unwrap().expect(201);
    assert!(made.head.contains("location: /api/v1/flows/mine/draft"), "{}", made.head);
    assert_eq!(served.post("/api/v1/flows", &new).unwrap().expect(409).json()["code"], "exists");
    let bad = json!({ "name": "../x" });
    assert_eq!(served.post("/api/v1/flows", &bad).unwrap().expect(422).json()["code"], "noFlow");
    let flows = served.get("/api/v1/flows").unwrap().json();
    let known: Vec<_> = flows
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["name"].as_str().unwrap().to_owned(), one["isRunning"].as_bool().unwrap()))
        .collect();
    let expected = [("Mine", false), ("copy", true), ("wrong", false)];
    assert_eq!(known, expected.map(|(name, runs)| (name.to_owned(), runs)));

    let mine = "/api/v1/flows/Mine";
    let get = json!({ "type": "GetFile", "properties": { "Directory": bench.path("in") },
        "autoTerminate": ["success"] });
    let add = change(&["processors", "Get"], &Value::Null, &get);
    served.post(&format!("{mine}/operations"), &add).unwrap().expect(200);
    served.get(&format!("{mine}/status")).unwrap().expect(404);
    let body = json!({ "revision": 2 });
    let applied = served.post(&format!("{mine}/apply"), &body).unwrap().expect(200).json();
    assert_eq!(applied["added"], json!(["Get"]));
    let status = served.get(&format!("{mine}/status")).unwrap().expect(200).json();
    assert_eq!(status["processors"][0]["path"], "Get");
    let file = fs::read_to_string(bench.path("Mine.json")).unwrap();
    assert!(file.contains("\"Get\""), "{file}");
    // A flow that had mistakes runs once they are mended.
    let mend = json!({ "label": "Mend", "changes": [
        { "document": "flow", "path": ["processors"], "before": wrong["processors"] }] });
    served.post("/api/v1/flows/wrong/operations", &mend).unwrap().expect(200);
    served.post("/api/v1/flows/wrong/apply", &body).unwrap().expect(200);
    assert!(served.end().unwrap());
    let served = bench.serve_all();
    let flows = served.get("/api/v1/flows").unwrap().json();
    let runs = flows.as_array().unwrap().iter().filter(|one| one["isRunning"] == true).count();
    assert_eq!(runs, 3);
    assert!(served.end().unwrap());
}

#[test]
fn a_flow_from_git_is_deployed_once_however_often_it_is_sent() {
    let bench = Bench::new();
    let served = bench.serve();
    let text = bench.file();
    let same = served.put(FLOW, &text).unwrap().expect(200).json();
    assert_eq!(same["revision"], 1);
    let changed = text.replace("\"format\":1", "\"format\":1,\"description\":\"From git\"");
    for _ in 0..2 {
        let taken = served.put(FLOW, &changed).unwrap().expect(200).json();
        assert_eq!((&taken["revision"], &taken["isNew"]), (&json!(2), &json!(false)));
    }
    assert_eq!(draft(&served)["undo"]["label"], "Deployed");
    apply(&served);
    assert!(bench.file().contains("From git"));
    served.put("/api/v1/flows/other", &changed).unwrap().expect(422);
    let other = changed.replace("\"name\":\"copy\"", "\"name\":\"other\"");
    let made = served.put("/api/v1/flows/other", &other).unwrap().expect(201).json();
    assert_eq!(made["isNew"], true);
    for (text, code) in
        [("{", "noFlow"), ("{ \"format\": 1, \"name\": \"copy\", \"x\": 1 }", "noFlow")]
    {
        assert_eq!(served.put(FLOW, text).unwrap().expect(422).json()["code"], code, "{text}");
    }
}

#[test]
fn figures_are_told_each_second_and_a_watcher_does_not_hold_up_the_end() {
    let bench = Bench::new();
    let served = bench.serve();
    let mut watching = served.watch().unwrap();
    let (name, status) = watching.next().unwrap();
    assert_eq!((name.as_str(), &status["flows"][0]["name"]), ("status", &json!("copy")));
    let asked = Instant::now();
    assert!(served.end().unwrap());
    assert!(asked.elapsed() < Duration::from_secs(4), "{:?}", asked.elapsed());
    while watching.next().is_some() {}
}
