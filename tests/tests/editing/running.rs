//! What runs is controlled, looked into and watched.

use super::*;

fn waits(flowfiles: u64, bytes: u64) -> Value {
    json!({ "path": "Get [success] -> Put", "to": "Put", "flowfiles": flowfiles, "bytes": bytes })
}

#[test]
fn a_plan_tells_what_waits_for_what_it_stops() {
    let bench = Bench::new();
    let served = bench.serve();
    let stop = json!({ "action": "stop", "processors": ["Put"] });
    served.post(&format!("{FLOW}/control"), &stop).unwrap().expect(202);
    until("it stops", || {
        let status = served.get(&format!("{FLOW}/status")).unwrap().json();
        status["processors"][1]["state"] == "stopped"
    });
    let plan = || served.get(&format!("{FLOW}/plan")).unwrap().expect(200).json();
    let directory = ["processors", "Put", "properties", "Directory"];
    edit(&served, &directory, &json!(bench.path("out")), &json!(bench.path("other")));
    assert_eq!(plan()["preview"]["changed"], json!(["Put"]));
    assert_eq!(plan()["preview"]["queues"], json!([]), "nothing waits");
    for (name, content) in [("a", "12"), ("b", "345")] {
        fs::write(bench.path(&format!("in/{name}")), content).unwrap();
    }
    until("they wait", || waiting(&served, "Get [success] -> Put") == Some(2));
    assert_eq!(plan()["preview"]["queues"], json!([waits(2, 5)]));
    assert_eq!(plan()["preview"]["leftOver"], json!([]), "it keeps its queue");
    // What goes on is not among them.
    edit(&served, &directory, &json!(bench.path("other")), &json!(bench.path("out")));
    edit(&served, &FILTER, &Value::Null, &json!(".*"));
    assert_eq!(plan()["preview"]["changed"], json!(["Get"]));
    assert_eq!(plan()["preview"]["queues"], json!([]));
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
    assert_eq!(plan["preview"]["queues"], json!([waits(1, 10)]));
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
fn a_flow_runs_up_to_a_processor_which_runs_once_when_something_has_come() {
    let bench = Bench::new();
    let served = bench.serve();
    let control = format!("{FLOW}/control");
    served.post(&control, &json!({ "action": "stop" })).unwrap().expect(202);
    let states = || {
        let status = served.get(&format!("{FLOW}/status")).unwrap().json();
        [0, 1].map(|index| status["processors"][index]["state"].clone())
    };
    until("all stops", || states() == ["stopped", "stopped"]);
    let up_to = json!({ "action": "runUpTo", "processors": ["Put"] });
    let asked = served.post(&control, &up_to).unwrap().expect(202).json();
    assert_eq!(asked["refused"], json!([]));
    until("it is waited for", || states() == ["running", "running"]);
    fs::write(bench.path("in/a.wav"), "a").unwrap();
    until("it runs once", || bench.path("out/a.wav").exists());
    until("it stops again", || states() == ["running", "stopped"]);
    fs::write(bench.path("in/b.wav"), "b").unwrap();
    until("the next one waits", || waiting(&served, "Get [success] -> Put") == Some(1));
    assert!(!bench.path("out/b.wav").exists());
    let nobody = json!({ "action": "runUpTo", "processors": ["Nobody"] });
    let refused = served.post(&control, &nobody).unwrap().expect(202).json();
    assert_eq!(refused["refused"][0]["code"], "notFound");
    served.post(&control, &json!({ "action": "runUpTo" })).unwrap().expect(422);
}

#[test]
fn what_happened_is_found_and_comes_once_more() {
    let bench = Bench::new();
    let served = bench.serve();
    fs::write(bench.path("in/a.wav"), "a").unwrap();
    until("it is put", || bench.path("out/a.wav").exists());
    let asked = "/api/v1/provenance?flow=copy&component=Put&type=SEND&attribute=filename%3Da.wav";
    let found = || served.get(asked).unwrap().expect(200).json();
    until("it is in the log", || !found()["events"].as_array().unwrap().is_empty());
    let event = found()["events"][0].clone();
    assert_eq!(event["input"]["queue"], "copy/Get [success] -> Put");
    let content = format!("/api/v1/provenance/{}/content", event["number"]);
    let get = |query: &str, headers: &str| {
        served.ask("GET", &format!("{content}{query}"), headers, b"").unwrap()
    };
    for query in ["", "?side=input", "?side=output&download=true"] {
        let sent = get(query, "").expect(200);
        assert_eq!(sent.body, b"a", "{query}");
        let how = if query.contains("download") { "attachment" } else { "inline" };
        assert!(sent.head.contains(&format!("{how}; filename=\"a.wav\"")), "{}", sent.head);
    }
    get("", "range: bytes=5-\r\n").expect(416);
    get("?side=both", "").expect(400);
    let nowhere = served.get("/api/v1/provenance/999999/content").unwrap().expect(404).json();
    assert_eq!(nowhere["code"], "noEvent");
    let received = "/api/v1/provenance?flow=copy&component=Get&type=RECEIVE";
    let received = served.get(received).unwrap().json()["events"][0]["number"].clone();
    let none = format!("/api/v1/provenance/{received}/content?side=input");
    assert_eq!(served.get(&none).unwrap().expect(404).json()["code"], "noEvent");
    fs::remove_file(bench.path("out/a.wav")).unwrap();
    let replay = "/api/v1/provenance/replay";
    let dry = json!({ "events": [event["number"]], "dryRun": true });
    let planned = served.post(replay, &dry).unwrap().expect(200).json();
    assert_eq!(planned["replayed"][0]["uuid"], Value::Null);
    let wanted = json!({ "events": [event["number"]] });
    let replayed = served.post(replay, &wanted).unwrap().expect(200).json();
    assert_eq!(replayed["replayed"][0]["filename"], "a.wav");
    until("it is put once more", || bench.path("out/a.wav").exists());
    let unknown = served.post(replay, &json!({ "events": [4711, 4712] })).unwrap().expect(422);
    assert_eq!(unknown.json()["errors"].as_array().unwrap().len(), 2);
    for (wrong, status) in
        [("type=EATEN", 400), ("limit=0", 422), ("limit=1001", 422), ("colour=red", 400)]
    {
        let answer = served.get(&format!("/api/v1/provenance?{wrong}")).unwrap();
        assert_eq!(answer.status, status, "{wrong}");
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

#[test]
fn what_was_stopped_by_hand_stays_so_over_a_restart_until_somebody_starts_it() {
    let bench = Bench::new();
    let control = |served: &Served, action: &str, processors: Option<&[&str]>| {
        let mut body = json!({ "action": action });
        if let Some(processors) = processors {
            body["processors"] = json!(processors);
        }
        served.post(&format!("{FLOW}/control"), &body).unwrap().expect(202);
    };
    let states = |served: &Served| {
        let status = served.get(&format!("{FLOW}/status")).unwrap().expect(200).json();
        let state = |at: usize| status["processors"][at]["state"].as_str().unwrap().to_owned();
        (state(0), state(1))
    };
    let are = |served: &Served, get: &str, put: &str| {
        until(&format!("{get}, {put}"), || states(served) == (get.to_owned(), put.to_owned()));
    };
    let served = bench.serve();
    are(&served, "running", "running");
    control(&served, "stop", Some(&["Put"]));
    assert!(served.end().unwrap());
    let served = bench.serve();
    are(&served, "running", "stopped");
    assert_eq!(served.get("/health/ready").unwrap().status, 200, "that is no trouble");
    fs::write(bench.path("in/a"), "a").unwrap();
    let queue = "Get [success] -> Put";
    until("it waits", || waiting(&served, queue) == Some(1));
    assert!(served.end().unwrap());
    let served = bench.serve();
    are(&served, "running", "stopped");
    control(&served, "start", Some(&["Put"]));
    until("it is put", || bench.path("out/a").exists());
    control(&served, "stop", None);
    assert!(served.end().unwrap());
    let served = bench.serve();
    are(&served, "stopped", "stopped");
    control(&served, "start", None);
    are(&served, "running", "running");
    assert!(served.end().unwrap());
    let served = bench.serve();
    are(&served, "running", "running");
}

#[test]
fn what_was_stopped_by_hand_stays_so_over_a_kill_and_under_another_name() {
    let bench = Bench::new();
    let served = bench.serve();
    let stop = json!({ "action": "stop", "processors": ["Put"] });
    served.post(&format!("{FLOW}/control"), &stop).unwrap().expect(202);
    let last = |served: &Served| {
        let status = served.get(&format!("{FLOW}/status")).unwrap().json();
        let of = |name: &str| status["processors"][1][name].as_str().unwrap_or("").to_owned();
        (of("path"), of("state"))
    };
    let is = |served: &Served, path: &str, state: &str| {
        until(&format!("{path} is {state}"), || {
            last(served) == (path.to_owned(), state.to_owned())
        });
    };
    is(&served, "Put", "stopped");
    served.kill().unwrap();
    let served = bench.serve();
    is(&served, "Put", "stopped");
    let renamed = |from: &str, to: &str| {
        let text = bench.file().replace(&format!("\"{from}\""), &format!("\"{to}\""));
        served.put(FLOW, &text).unwrap().expect(200);
        apply(&served);
    };
    renamed("Put", "Store");
    is(&served, "Store", "stopped");
    served.kill().unwrap();
    let served = bench.serve();
    is(&served, "Store", "stopped");
    let state = |before: &Value, after: &Value| {
        edit(&served, &["processors", "Store", "state"], before, after);
        apply(&served);
    };
    state(&Value::Null, &json!("disabled"));
    is(&served, "Store", "disabled");
    state(&json!("disabled"), &Value::Null);
    is(&served, "Store", "stopped");
    // It does not run, as its file is wrong, and runs again when that is mended.
    assert!(served.end().unwrap());
    let right = bench.file();
    fs::write(bench.path("copy.json"), right.replace("PutFile", "PutFiles")).unwrap();
    let served = bench.serve_all();
    served.get(&format!("{FLOW}/status")).unwrap().expect(404);
    served.put(FLOW, &right).unwrap().expect(200);
    apply(&served);
    is(&served, "Store", "stopped");
    // Another flow of that name is another one.
    served.ask("DELETE", FLOW, "", b"").unwrap().expect(200);
    served.put(FLOW, &right).unwrap().expect(201);
    apply(&served);
    is(&served, "Store", "running");
    assert!(served.end().unwrap());
    let served = bench.serve_all();
    is(&served, "Store", "running");
}

#[test]
fn content_that_nothing_keeps_any_more_is_told_to_be_gone() {
    let bench = Bench::new();
    let served = bench.serve_with(&["--archive-max", "0 B"]);
    // As much as makes its file of contents whole, so that the next one has another.
    fs::write(bench.path("in/a.wav"), vec![b'a'; 17 << 20]).unwrap();
    until("it is put", || bench.path("out/a.wav").exists());
    let asked = "/api/v1/provenance?flow=copy&component=Put&type=SEND";
    let found = || served.get(asked).unwrap().expect(200).json()["events"].clone();
    until("it is in the log", || !found().as_array().unwrap().is_empty());
    let content = format!("/api/v1/provenance/{}/content", found()[0]["number"]);
    until("it is gone", || served.get(&content).unwrap().status == 410);
    assert_eq!(served.get(&content).unwrap().json()["code"], "noContent");
}
