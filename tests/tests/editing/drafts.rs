//! Drafts: edited, taken back, applied, damaged, contradicted.

use super::*;

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
fn who_has_a_revision_is_not_sent_it_once_more() {
    let bench = Bench::new();
    let served = bench.serve();
    let whole = draft(&served);
    let known = |revision: &Value| {
        served.get(&format!("{FLOW}/draft?known={revision}")).unwrap().expect(200).json()
    };
    let mut rest = whole.clone();
    (rest["flow"], rest["layout"]) = (Value::Null, Value::Null);
    assert_eq!(known(&whole["revision"]), rest);
    edit(&served, &FILTER, &Value::Null, &json!("a"));
    assert_eq!(known(&whole["revision"]), draft(&served));
    assert_eq!(known(&json!(99)), draft(&served));
    served.get(&format!("{FLOW}/draft?known=x")).unwrap().expect(400);
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
    let revision = draft(&served)["revision"].as_u64().unwrap();
    let (mut after, mut count) = (json!(0), 0);
    while !after.is_null() {
        let path = format!("{FLOW}/operations?after={after}&limit=7");
        let page = served.get(&path).unwrap().expect(200).json();
        count += page["operations"].as_array().unwrap().len();
        after = page["next"].clone();
    }
    assert_eq!(count as u64, revision - 1);
    served.get(&format!("{FLOW}/operations?limit=0")).unwrap().expect(422);
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
            (name, _) if name == "missed" => break,
            _ => {}
        }
    }
    let rest = served.get(&format!("{FLOW}/operations?after={revision}&limit=1000"));
    let rest = rest.unwrap().json()["operations"].clone();
    assert_eq!(rest.as_array().unwrap().len() as u64, 1 + confirmed - revision);
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
    assert_eq!(operations["operations"][0]["kind"], "file");
}

#[test]
fn what_is_undone_is_what_was_shown_or_what_was_chosen() {
    let bench = Bench::new();
    let served = bench.serve();
    edit(&served, &["description"], &Value::Null, &json!("one"));
    let shown = edit(&served, &FILTER, &Value::Null, &json!("a"))["undo"]["revision"].clone();
    let undo = |body: Value| served.post(&format!("{FLOW}/undo"), &body).unwrap();
    let chosen = undo(json!({ "revision": 2, "expected": shown })).expect(200).json();
    assert_eq!((&chosen["undo"]["revision"], &chosen["redo"]["revision"]), (&shown, &json!(4)));
    assert_eq!(draft(&served)["flow"]["description"], Value::Null);
    assert_eq!(undo(json!({ "revision": 2 })).expect(409).json()["code"], "notToTakeBack");
    undo(json!({ "expected": shown })).expect(200);
    let stale = undo(json!({ "expected": shown })).expect(409).json();
    assert_eq!((&stale["code"], &stale["revision"]), (&json!("newest"), &Value::Null));
    // Who says nothing means the newest.
    served.ask("POST", &format!("{FLOW}/redo"), "", b"").unwrap().expect(200);
    assert_eq!(undo(json!({ "revison": 2 })).expect(422).json()["code"], "body");
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
        (change(&kind, &json!("PutFile"), &json!({ "a": 1 })), 422, "notAFlow"),
        (change(&["processors", "X"], &Value::Null, &json!({ "typ": "A" })), 422, "notAFlow"),
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
    assert_eq!(stale.expect(412).json()["code"], "stale");
    let plain = served.ask("POST", &operations, "content-type: text/plain\r\n", b"{}").unwrap();
    plain.expect(415);
    served.get("/api/v1/flows/other/draft").unwrap().expect(404);
    assert_eq!(draft(&served), before);
}

#[test]
fn a_dry_run_tells_what_would_be_done_and_does_nothing() {
    let bench = Bench::new();
    let served = bench.serve();
    let operations = format!("{FLOW}/operations");
    let dry = |mut body: Value| {
        body["dryRun"] = json!(true);
        served.post(&operations, &body).unwrap()
    };
    let log = || fs::metadata(bench.path("data/drafts/copy.log")).unwrap().len();
    let (before, bytes) = (draft(&served), log());
    let foreseen = dry(change(&FILTER, &Value::Null, &json!("a"))).expect(200).json();
    assert_eq!((&foreseen["revision"], &foreseen["operation"]), (&json!(1), &Value::Null));
    let would = &foreseen["dryRun"];
    assert_eq!(would["operation"]["revision"], 2);
    assert_eq!(would["operation"]["changes"][0]["after"], "a");
    assert_eq!(would["inverse"], json!([{ "document": "flow", "path": FILTER, "before": "a" }]));
    assert_eq!(would["findings"], json!([]));
    // What would be wrong with the flow is told, and what cannot be an edit is refused.
    let wrong = ["processors", "Get", "properties", "Keep Sorce File"];
    let foreseen = dry(change(&wrong, &Value::Null, &json!("true"))).expect(200).json();
    assert_eq!(foreseen["dryRun"]["findings"][0]["code"], "T0103", "{foreseen}");
    let refused = dry(change(&FILTER, &json!("b"), &json!("a"))).expect(409).json();
    assert_eq!(refused["code"], "conflict");
    dry(change(&["processors", "Get", "typ"], &Value::Null, &json!(1))).expect(422);
    let same = change(&["processors", "Get", "type"], &json!("GetFile"), &json!("GetFile"));
    assert_eq!(dry(same).expect(200).json().get("dryRun"), None, "nothing would be done");
    assert_eq!((draft(&served), log()), (before, bytes));
    // And then it is done as it was told.
    let done = edit(&served, &FILTER, &Value::Null, &json!("a"));
    assert_eq!(done["operation"]["changes"], would["operation"]["changes"]);
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
fn what_something_else_has_made_of_the_file_is_taken_in_before_anything_is_applied() {
    let bench = Bench::new();
    let served = bench.serve();
    edit(&served, &FILTER, &Value::Null, &json!("a"));
    let git = |text: &str| {
        let mut flow: Value = serde_json::from_str(&bench.file()).unwrap();
        flow["description"] = json!(text);
        fs::write(bench.path("copy.json"), flow.to_string()).unwrap();
    };
    git("From git");
    let asked = json!({ "revision": 2 });
    let stale = served.post(&format!("{FLOW}/apply"), &asked).unwrap().expect(412).json();
    assert_eq!((&stale["code"], &stale["revision"]), (&json!("stale"), &json!(3)));
    assert_eq!(draft(&served)["flow"]["description"], "From git");
    apply(&served);
    assert!(bench.file().contains("From git") && bench.file().contains("File Filter"));

    edit(&served, &["description"], &json!("From git"), &json!("From here"));
    git("From git again");
    let asked = json!({ "revision": 4 });
    let refused = served.post(&format!("{FLOW}/apply"), &asked).unwrap().expect(409).json();
    assert_eq!(refused["code"], "fileChanged");
    assert!(bench.file().contains("From git again"), "nothing was overwritten");
    edit(&served, &["description"], &json!("From here"), &json!("From git again"));
    apply(&served);
}

#[test]
fn a_file_that_is_no_flow_is_told_with_why_and_one_that_is_gone_is_written_again() {
    let bench = Bench::new();
    let served = bench.serve();
    edit(&served, &FILTER, &Value::Null, &json!("a"));
    let whole = bench.file();
    fs::write(bench.path("copy.json"), "{ \"name\": ").unwrap();
    let asked = json!({ "revision": 2 });
    let refused = served.post(&format!("{FLOW}/apply"), &asked).unwrap().expect(409).json();
    assert_eq!(refused["code"], "fileUnreadable");
    let detail = refused["detail"].as_str().unwrap();
    assert!(detail.contains("copy.json\" cannot be read as a flow: "), "{detail}");
    assert_eq!(bench.file(), "{ \"name\": ", "nothing was overwritten");

    fs::remove_file(bench.path("copy.json")).unwrap();
    let warning = apply(&served)["warning"].clone();
    assert!(warning.as_str().unwrap().contains("was gone, and is there again"), "{warning}");
    assert!(bench.file().contains("File Filter") && !whole.contains("File Filter"));
}

#[test]
fn why_a_flow_cannot_be_edited_is_told_to_who_wants_to() {
    let bench = Bench::new();
    drop(bench.serve());
    let log = bench.path("data/drafts/copy.log");
    fs::remove_file(&log).unwrap();
    fs::create_dir_all(log.join("not a file")).unwrap();
    let served = bench.serve();
    let flow: Value = serde_json::from_str(&bench.file()).unwrap();
    for answer in [
        served.get(&format!("{FLOW}/draft")).unwrap(),
        served.get(&format!("{FLOW}/plan")).unwrap(),
        served
            .post(&format!("{FLOW}/operations"), &change(&FILTER, &Value::Null, &json!("a")))
            .unwrap(),
        served.post(&format!("{FLOW}/plan"), &flow).unwrap(),
        served.post(&format!("{FLOW}/apply"), &json!({ "revision": 1 })).unwrap(),
    ] {
        let problem = answer.expect(409).json();
        assert_eq!(problem["code"], "draftShut");
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.starts_with("the flow \"copy\" cannot be edited: "), "{detail}");
    }
    let status = served.get("/api/v1/flows").unwrap().expect(200).json();
    assert_eq!(status[0]["name"], "copy", "it runs: {status}");
    assert!(status[0]["trouble"].as_str().unwrap().contains("copy.log"), "{status}");
}
