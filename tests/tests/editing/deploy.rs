//! A flow is brought and runs in one go: all of it, or nothing of it.

use tutti_tests::served::Answer;

use super::trash::remove_what_waits;
use super::*;

fn deploy(served: &Served, flow: &str, query: &str, text: &str) -> Answer {
    let path = format!("/api/v1/flows/{flow}/deploy{query}");
    served.ask("POST", &path, "content-type: application/json\r\n", text.as_bytes()).unwrap()
}

fn flow(name: &str, size: &str) -> String {
    let make = json!({
        "type": "GenerateFlowFile",
        "schedule": { "period": "1 h" },
        "properties": { "File Size": size },
        "autoTerminate": ["success"],
    });
    json!({ "format": 1, "name": name, "processors": { "Make": make } }).to_string()
}

/// What is in a folder beside the data.
fn names(bench: &Bench) -> Vec<String> {
    let files = fs::read_dir(bench.path("")).unwrap();
    let mut names: Vec<_> =
        files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn what_is_new_is_made_and_runs_and_the_same_once_more_does_nothing() {
    let bench = Bench::new();
    let served = bench.serve_all();
    let made = deploy(&served, "made", "", &flow("made", "1 B")).expect(200).json();
    assert_eq!((&made["isNew"], &made["revision"]), (&json!(true), &json!(2)));
    assert_eq!(made["applied"]["added"], json!(["Make"]));
    assert!(fs::read_to_string(bench.path("made.json")).unwrap().contains("1 B"));
    served.get("/api/v1/flows/made/status").unwrap().expect(200);
    let same = deploy(&served, "made", "", &flow("made", "1 B")).expect(200).json();
    assert_eq!((&same["revision"], &same["applied"]), (&json!(2), &Value::Null));
    let other = deploy(&served, "made", "", &flow("made", "2 B")).expect(200).json();
    assert_eq!((&other["isNew"], &other["revision"]), (&json!(false), &json!(3)));
    assert_eq!(other["applied"]["changed"], json!(["Make"]));
    // And back, by its revision.
    let back = served.post("/api/v1/flows/made/deploy/2", &json!({})).unwrap().expect(200).json();
    assert_eq!((&back["revision"], &back["applied"]["changed"]), (&json!(4), &json!(["Make"])));
    assert!(fs::read_to_string(bench.path("made.json")).unwrap().contains("1 B"));
    let none = served.post("/api/v1/flows/made/deploy/99", &json!({})).unwrap();
    assert_eq!(none.expect(404).json()["code"], "noRevision");
    assert_eq!(
        deploy(&served, "other", "", &flow("made", "1 B")).expect(422).json()["code"],
        "name"
    );
}

#[test]
fn what_cannot_run_leaves_no_trace() {
    let bench = Bench::new();
    let served = bench.serve_all();
    let before = names(&bench);
    let wrong = flow("made", "much");
    let refused = deploy(&served, "made", "", &wrong).expect(422).json();
    assert_eq!((&refused["code"], refused["findings"].is_array()), (&json!("invalid"), true));
    served.get("/api/v1/flows/made/draft").unwrap().expect(404);
    assert_eq!(names(&bench), before);
    deploy(&served, "made", "", &flow("made", "1 B")).expect(200);
    deploy(&served, "made", "", &wrong).expect(422);
    let draft = served.get("/api/v1/flows/made/draft").unwrap().json();
    assert_eq!((&draft["revision"], &draft["isAhead"]), (&json!(2), &json!(false)));
}

#[test]
fn what_waits_hinders_it_or_goes_into_the_trash() {
    let bench = Bench::new();
    let served = bench.serve();
    remove_what_waits(&bench, &served, 2);
    let without = draft(&served);
    // What was drawn is put back, so that only the text says it.
    let text = json!({
        "format": 1,
        "name": "copy",
        "processors": { "Get": {
            "type": "GetFile",
            "properties": { "Directory": bench.path("in") },
            "autoTerminate": ["success"],
        } },
    });
    let text = text.to_string();
    let refused = deploy(&served, "copy", "?replace=true", &text).expect(409).json();
    assert_eq!(
        (&refused["code"], &refused["leftOver"][0]["flowfiles"]),
        (&json!("notEmpty"), &json!(2))
    );
    assert_eq!(draft(&served)["revision"], without["revision"]);
    deploy(&served, "copy", "?replace=true&trash=true", &text).expect(200);
    let trash = served.get(&format!("{FLOW}/trash")).unwrap().json();
    assert_eq!(trash["queues"][0]["flowfiles"], 2);
}

#[test]
fn what_fails_on_the_way_is_taken_back() {
    let bench = Bench::new();
    let served = bench.serve();
    let before = draft(&served);
    let text = bench.file().replace("\"format\":1", "\"format\":1,\"description\":\"Git\"");
    // Where its layout should be is a folder: the flow's files cannot be read.
    fs::create_dir(bench.path("copy.layout.json")).unwrap();
    let refused = deploy(&served, "copy", "", &text).expect(409).json();
    assert_eq!(refused["code"], "fileUnreadable", "{refused}");
    let after = draft(&served);
    assert_eq!((&after["flow"], &after["isAhead"]), (&before["flow"], &json!(false)));
    assert_eq!(after["revision"], 3, "the log tells of both");
    fs::remove_dir(bench.path("copy.layout.json")).unwrap();
    deploy(&served, "copy", "", &text).expect(200);
    assert!(bench.file().contains("Git"));
}

#[test]
fn what_somebody_has_drawn_is_replaced_only_when_that_is_said() {
    let bench = Bench::new();
    let served = bench.serve();
    edit(&served, &FILTER, &Value::Null, &json!("mine"));
    let text = bench.file().replace("\"format\":1", "\"format\":1,\"description\":\"Git\"");
    let address = format!("{FLOW}/plan");
    let headers = "content-type: application/json\r\n";
    let plan = served.ask("POST", &address, headers, text.as_bytes()).unwrap().expect(200).json();
    assert_eq!(plan["isInTheWay"], true);
    let refused = deploy(&served, "copy", "", &text).expect(409).json();
    assert_eq!((&refused["code"], &refused["revision"]), (&json!("ahead"), &json!(2)));
    assert_eq!(draft(&served)["flow"]["processors"]["Get"]["properties"]["File Filter"], "mine");
    deploy(&served, "copy", "?replace=true", &text).expect(200);
    assert_eq!(draft(&served)["flow"]["description"], "Git");
    served.post(&format!("{FLOW}/undo"), &json!({})).unwrap().expect(200);
    assert_eq!(draft(&served)["flow"]["processors"]["Get"]["properties"]["File Filter"], "mine");
}

#[test]
fn of_many_who_bring_a_flow_that_must_not_be_there_one_does() {
    let bench = Bench::new();
    let served = Arc::new(bench.serve_all());
    let put = |served: &Served, name: &str, size: &str| {
        let headers = "content-type: application/json\r\nif-none-match: *\r\n";
        let path = format!("/api/v1/flows/{name}");
        served.ask("PUT", &path, headers, flow(name, size).as_bytes()).unwrap()
    };
    let refused = put(&served, "copy", "1 B").expect(409).json();
    assert_eq!(refused["code"], "exists");
    let brought: Vec<_> = (1..=6)
        .map(|number| {
            let served = Arc::clone(&served);
            thread::spawn(move || (put(&served, "made", &format!("{number} B")).status, number))
        })
        .collect();
    let brought: Vec<_> = brought.into_iter().map(|one| one.join().unwrap()).collect();
    let won: Vec<_> = brought.iter().filter(|(status, _)| *status == 201).collect();
    assert_eq!(won.len(), 1, "{brought:?}");
    assert!(brought.iter().all(|(status, _)| [201, 409].contains(status)), "{brought:?}");
    let draft = served.get("/api/v1/flows/made/draft").unwrap().json();
    let size = &draft["flow"]["processors"]["Make"]["properties"]["File Size"];
    assert_eq!(size, &json!(format!("{} B", won[0].1)));
}

#[test]
fn what_nobody_has_applied_does_not_run_after_a_restart_either() {
    let bench = Bench::new();
    let served = bench.serve_all();
    fs::create_dir(bench.path("victims")).unwrap();
    fs::write(bench.path("victims/a.txt"), "a").unwrap();
    let take = json!({
        "format": 1,
        "name": "take",
        "processors": { "Get": {
            "type": "GetFile",
            "properties": { "Directory": bench.path("victims") },
            "autoTerminate": ["success"],
        } },
    });
    served.put("/api/v1/flows/take", &take.to_string()).unwrap().expect(201);
    assert!(served.end().unwrap());
    let served = bench.serve_all();
    let draft = || served.get("/api/v1/flows/take/draft").unwrap().expect(200).json();
    assert_eq!(draft()["isAhead"], true);
    let get = draft()["flow"]["processors"]["Get"].clone();
    assert_eq!(
        get["properties"]["Directory"],
        take["processors"]["Get"]["properties"]["Directory"]
    );
    // Were it to run, it would have begun with the others.
    fs::write(bench.path("in/b.txt"), "b").unwrap();
    until("the others run", || bench.put() == 1);
    assert!(bench.path("victims/a.txt").is_file());
    let body = json!({ "revision": draft()["revision"] });
    served.post("/api/v1/flows/take/apply", &body).unwrap().expect(200);
    until("it runs", || !bench.path("victims/a.txt").exists());
}

#[test]
fn flows_that_are_made_beside_one_file_are_there_after_a_restart() {
    let bench = Bench::new();
    let served = bench.serve();
    served.put("/api/v1/flows/made", &flow("made", "1 B")).unwrap().expect(201);
    assert!(!names(&bench).contains(&"made.json".to_owned()), "the file's folder is the user's");
    assert!(served.end().unwrap());
    let served = bench.serve();
    let flows = served.get("/api/v1/flows").unwrap().json();
    let flows: Vec<_> = flows.as_array().unwrap().iter().map(|flow| &flow["name"]).collect();
    assert_eq!(flows, ["copy", "made"]);
    deploy(&served, "made", "", &flow("made", "1 B")).expect(200);
    assert!(served.end().unwrap());
    let served = bench.serve();
    served.get("/api/v1/flows/made/status").unwrap().expect(200);
}
