//! Flows that are made, deployed from git, and offered to who has none.

use super::*;

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
    assert_eq!(served.post("/api/v1/flows", &bad).unwrap().expect(422).json()["code"], "notAFlow");
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
fn flows_of_a_folder_share_what_parameters_are_given() {
    let bench = Bench::new();
    for parameter in ["input", "output"] {
        let flow = json!({
            "format": 1,
            "name": parameter,
            "parameterContext": "main",
            "parameterContexts": { "main": { "parameters": { parameter: {} } } },
            "processors": { "Get": {
                "type": "GetFile",
                "properties": { "Directory": format!("#{{{parameter}}}") },
                "autoTerminate": ["success"],
            } },
        });
        fs::write(bench.path(&format!("{parameter}.json")), flow.to_string()).unwrap();
    }
    let given = ["--param", "input=/nowhere", "--param", "output=/nowhere"];
    let served = Served::start(bench.folder.path(), &bench.path("data"), &given).unwrap();
    let flows = served.get("/api/v1/flows").unwrap().json();
    let runs = flows.as_array().unwrap().iter().filter(|one| one["isRunning"] == true).count();
    assert_eq!(runs, 3, "{flows}");
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
    let asked: Value = serde_json::from_str(&other).unwrap();
    let plan = served.post("/api/v1/flows/other/plan", &asked).unwrap().expect(200).json();
    assert_eq!(plan["preview"]["added"], json!(["Get", "Put"]), "what would start");
    let made = served.put("/api/v1/flows/other", &other).unwrap().expect(201).json();
    assert_eq!(made["isNew"], true);
    for (text, code) in
        [("{", "notAFlow"), ("{ \"format\": 1, \"name\": \"copy\", \"x\": 1 }", "notAFlow")]
    {
        assert_eq!(served.put(FLOW, text).unwrap().expect(422).json()["code"], code, "{text}");
    }
}

#[test]
fn the_schema_of_flows_is_the_one_that_is_documented() {
    let bench = Bench::new();
    let served = bench.serve();
    let answer = served.get("/api/v1/flow-schema").unwrap().expect(200);
    assert!(answer.head.contains("content-type: application/schema+json"), "{}", answer.head);
    let documented = fs::read("../docs/flow.schema.json").unwrap();
    let documented: Value = serde_json::from_slice(&documented).unwrap();
    assert!(answer.json() == documented, "it is not docs/flow.schema.json");
}

#[test]
fn what_is_deployed_replaces_what_it_has_not_seen_only_when_told_to() {
    let bench = Bench::new();
    let served = bench.serve();
    edit(&served, &FILTER, &Value::Null, &json!("mine"));
    let text = bench.file().replace("\"format\":1", "\"format\":1,\"description\":\"Git\"");
    let refused = served.put(FLOW, &text).unwrap().expect(409).json();
    assert_eq!((&refused["code"], &refused["revision"]), (&json!("ahead"), &json!(2)));
    let put = |tag: &str| {
        let headers = format!("content-type: application/json\r\nif-match: {tag}\r\n");
        served.ask("PUT", FLOW, &headers, text.as_bytes()).unwrap()
    };
    for wrong in ["12", "\"+2\"", "\"2\"\r\nif-match: \"2\"", "\"2\"\r\nif-none-match: *"] {
        assert_eq!(put(wrong).expect(400).json()["code"], "ifMatch", "{wrong}");
    }
    let stale = put("\"1\"").expect(412).json();
    assert_eq!((&stale["code"], &stale["revision"]), (&json!("stale"), &json!(2)));
    put("\"2\"").expect(200);
    let now = draft(&served);
    assert_eq!(now["flow"]["description"], "Git");
    assert_eq!(now["flow"]["processors"]["Get"]["properties"].get("File Filter"), None);
    served.post(&format!("{FLOW}/undo"), &json!({})).unwrap().expect(200);
    assert_eq!(draft(&served)["flow"]["processors"]["Get"]["properties"]["File Filter"], "mine");
}

#[test]
fn of_many_who_make_a_flow_of_one_name_one_does() {
    let bench = Bench::new();
    let served = Arc::new(bench.serve_all());
    for round in 0..5 {
        let made = (0..6).map(|number| {
            let served = Arc::clone(&served);
            let new = json!({ "name": format!("new{round}"), "description": number.to_string() });
            thread::spawn(move || (served.post("/api/v1/flows", &new).unwrap().status, number))
        });
        let made: Vec<_> =
            made.collect::<Vec<_>>().into_iter().map(|one| one.join().unwrap()).collect();
        let won: Vec<_> = made.iter().filter(|(status, _)| *status == 201).collect();
        assert_eq!(won.len(), 1, "{made:?}");
        assert!(made.iter().all(|(status, _)| [201, 409].contains(status)), "{made:?}");
        let file = fs::read_to_string(bench.path(&format!("new{round}.json"))).unwrap();
        assert!(file.contains(&format!("\"description\": \"{}\"", won[0].1)), "{file}");
    }
}

#[test]
fn who_has_no_flow_gets_one_with_recordings_that_runs_when_it_is_applied() {
    let folder = tempfile::tempdir().unwrap();
    let (data, flows) = (folder.path().join("data"), folder.path().join("flows"));
    fs::create_dir(&flows).unwrap();
    let served = Served::start::<&str>(&flows, &data, &[]).unwrap();
    assert_eq!(served.get("/api/v1/flows").unwrap().json(), json!([]));
    let made = served.post("/api/v1/demo", &json!({})).unwrap().expect(201).json();
    assert_eq!((&made["name"], &made["isNew"]), (&json!("demo"), &json!(true)));
    served.post("/api/v1/demo", &json!({})).unwrap().expect(409);
    let demo = served.get("/api/v1/flows/demo/draft").unwrap().expect(200).json();
    assert_eq!((&demo["findings"], &demo["isRunning"]), (&json!([]), &json!(false)));
    let body = json!({ "revision": made["revision"] });
    served.post("/api/v1/flows/demo/apply", &body).unwrap().expect(200);
    let features = data.join("demo/features");
    until("the first recording is data", || {
        features.is_dir() && fs::read_dir(&features).unwrap().next().is_some()
    });
    assert!(served.end().unwrap());
}

#[test]
fn a_flow_that_does_not_run_is_deleted_and_its_file_is_put_aside() {
    let bench = Bench::new();
    let served = bench.serve_all();
    served.post("/api/v1/flows", &json!({ "name": "Mine" })).unwrap().expect(201);
    let delete = |path: &str| served.ask("DELETE", path, "", b"").unwrap();
    let deleted = delete("/api/v1/flows/Mine").expect(200).json();
    let aside = bench.path("Mine.json.1");
    assert_eq!(deleted["file"], aside.to_str().unwrap());
    assert!(aside.is_file() && !bench.path("Mine.json").exists());
    served.get("/api/v1/flows/Mine/draft").unwrap().expect(404);
    delete("/api/v1/flows/Mine").expect(404);
    served.post("/api/v1/flows", &json!({ "name": "Mine" })).unwrap().expect(201);
    delete("/api/v1/flows/Mine").expect(200);
    assert!(bench.path("Mine.json.2").is_file(), "nothing takes the place of what was put aside");
    assert!(served.end().unwrap());
    let served = bench.serve_all();
    let flows = served.get("/api/v1/flows").unwrap().json();
    assert_eq!(flows.as_array().unwrap().len(), 1, "{flows}");
}

#[test]
fn a_flow_that_runs_is_deleted_when_nothing_waits_in_it_or_that_may_go_into_the_trash() {
    let bench = Bench::new();
    let served = bench.serve_all();
    let stop = json!({ "action": "stop", "processors": ["Put"] });
    served.post(&format!("{FLOW}/control"), &stop).unwrap().expect(202);
    fs::write(bench.path("in/a.wav"), "a").unwrap();
    until("it waits", || waiting(&served, "Get [success] -> Put") == Some(1));
    let delete = |query: &str| served.ask("DELETE", &format!("{FLOW}{query}"), "", b"").unwrap();
    let text = bench.file();
    let refused = delete("").expect(409).json();
    assert_eq!(
        (&refused["code"], &refused["leftOver"][0]["flowfiles"]),
        (&json!("notEmpty"), &json!(1))
    );
    assert_eq!(bench.file(), text, "nothing was done");
    fs::write(bench.path("in/b.wav"), "b").unwrap();
    until("it goes on", || waiting(&served, "Get [success] -> Put") == Some(2));
    delete("?trash=maybe").expect(400);
    let deleted = delete("?trash=true").expect(200).json();
    let aside = bench.path("copy.json.1");
    assert_eq!(deleted["file"], aside.to_str().unwrap());
    assert_eq!(fs::read_to_string(&aside).unwrap(), text);
    delete("").expect(404);
    let flows = || served.get("/api/v1/flows").unwrap().json();
    assert_eq!(flows(), json!([]));
    fs::write(bench.path("in/c.wav"), "c").unwrap();
    // The same flow once more, with what waited in it.
    served.put(FLOW, &text).unwrap().expect(201);
    let trash = || served.get(&format!("{FLOW}/trash")).unwrap().json()["queues"].clone();
    assert_eq!(trash()[0]["flowfiles"], 2);
    apply(&served);
    let to = json!({ "connection": "Get [success] -> Put" });
    let address = format!("{FLOW}/trash/{}/restore", trash()[0]["id"]);
    served.post(&address, &to).unwrap().expect(200);
    let names = ["a.wav", "b.wav", "c.wav"];
    until("all are put", || names.iter().all(|name| bench.path(&format!("out/{name}")).exists()));
    assert!(served.end().unwrap());
}

#[test]
fn what_a_flow_left_behind_that_does_not_run_hinders_its_end_or_goes_into_the_trash() {
    let bench = Bench::new();
    let served = bench.serve_all();
    let stop = json!({ "action": "stop", "processors": ["Put"] });
    served.post(&format!("{FLOW}/control"), &stop).unwrap().expect(202);
    fs::write(bench.path("in/a.wav"), "a").unwrap();
    until("it waits", || waiting(&served, "Get [success] -> Put") == Some(1));
    assert!(served.end().unwrap());
    let right = bench.file();
    fs::write(bench.path("copy.json"), right.replace("PutFile", "PutFiles")).unwrap();
    let served = bench.serve_all();
    let delete = |query: &str| served.ask("DELETE", &format!("{FLOW}{query}"), "", b"").unwrap();
    let refused = delete("").expect(409).json();
    assert_eq!(refused["leftOver"], json!([{ "path": "Get [success] -> Put", "flowfiles": 1 }]));
    delete("?trash=true&ifResting=true").expect(200);
    served.put(FLOW, &right).unwrap().expect(201);
    assert_eq!(delete("?ifResting=true").expect(200).json()["name"], "copy");
    served.put(FLOW, &right).unwrap().expect(201);
    apply(&served);
    assert_eq!(delete("?ifResting=true").expect(409).json()["code"], "runs");
    assert_eq!(waiting(&served, "Get [success] -> Put"), Some(0), "nobody else's");
    let trash = served.get(&format!("{FLOW}/trash")).unwrap().json();
    assert_eq!(trash["queues"][0]["flowfiles"], 1);
    assert!(served.end().unwrap());
}

#[test]
fn a_flow_that_neither_runs_nor_can_be_edited_is_listed_and_can_be_deleted() {
    let bench = Bench::new();
    assert!(bench.serve_all().end().unwrap());
    let wrong = bench.file().replace("PutFile", "PutFiles");
    fs::write(bench.path("copy.json"), wrong).unwrap();
    let log = bench.path("data/drafts/copy.log");
    fs::remove_file(&log).unwrap();
    fs::create_dir_all(log.join("not a file")).unwrap();
    let served = bench.serve_all();
    let flows = served.get("/api/v1/flows").unwrap().json();
    assert_eq!((&flows[0]["name"], &flows[0]["isRunning"]), (&json!("copy"), &json!(false)));
    assert!(flows[0]["trouble"].as_str().unwrap().contains("copy.log"), "{flows}");
    served.ask("DELETE", FLOW, "", b"").unwrap().expect(200);
    assert_eq!(served.get("/api/v1/flows").unwrap().json(), json!([]));
    assert!(bench.path("copy.json.1").is_file());
    assert!(served.end().unwrap());
}

#[test]
fn the_address_of_a_flow_that_was_made_is_one_whatever_it_is_called() {
    let bench = Bench::new();
    let served = bench.serve_all();
    let made = served.post("/api/v1/flows", &json!({ "name": "grün" })).unwrap().expect(201);
    assert!(made.head.contains("/api/v1/flows/gr%c3%bcn/draft"), "{}", made.head);
    served.get("/api/v1/flows/gr%C3%BCn/draft").unwrap().expect(200);
}
