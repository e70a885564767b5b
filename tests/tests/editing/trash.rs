//! What waits in a connection that is removed is thrown away, kept, brought back or given up.

use super::*;

const WIRE: &str = "Get [success] -> Put";

/// Has files wait before Put, which is removed with its connection in the draft. Hands back the
/// revision.
pub(super) fn remove_what_waits(bench: &Bench, served: &Served, files: usize) -> Value {
    let control = format!("{FLOW}/control");
    let stop = json!({ "action": "stop", "processors": ["Put"] });
    served.post(&control, &stop).unwrap().expect(202);
    until("it stops", || {
        let status = served.get(&format!("{FLOW}/status")).unwrap().json();
        status["processors"][1]["state"] == "stopped"
    });
    for number in 0..files {
        fs::write(bench.path(&format!("in/{number}.wav")), "abc").unwrap();
    }
    until("they wait", || waiting(served, WIRE) == Some(files as u64));
    let flow = draft(served)["flow"].clone();
    edit(served, &["connections", WIRE], &flow["connections"][WIRE], &Value::Null);
    edit(served, &["processors", "Put"], &flow["processors"]["Put"], &Value::Null);
    let finish = json!(["success"]);
    let get = ["processors", "Get", "autoTerminate"];
    edit(served, &get, &Value::Null, &finish)["revision"].clone()
}

fn trash(served: &Served) -> Vec<Value> {
    let trash = served.get(&format!("{FLOW}/trash")).unwrap().expect(200).json();
    trash["queues"].as_array().unwrap().clone()
}

#[test]
fn what_is_thrown_away_survives_a_kill_and_comes_back_into_a_connection_that_is_there() {
    let bench = Bench::new();
    let served = bench.serve();
    let revision = remove_what_waits(&bench, &served, 4);
    let body = json!({ "revision": revision });
    let refused = served.post(&format!("{FLOW}/apply"), &body).unwrap().expect(409).json();
    assert_eq!(refused["code"], "notEmpty");
    assert_eq!(trash(&served), Vec::<Value>::new());
    let body = json!({ "revision": revision, "trash": true });
    served.post(&format!("{FLOW}/apply"), &body).unwrap().expect(200);
    let thrown = trash(&served)[0].clone();
    let told = (&thrown["connection"], &thrown["flowfiles"], &thrown["bytes"]);
    assert_eq!(told, (&json!(WIRE), &json!(4), &json!(12)));
    let week = 7 * 24 * 3600 * 1000;
    let since = thrown["sinceMs"].as_i64().unwrap();
    assert_eq!(thrown["untilMs"].as_i64().unwrap() - since, week);
    // What was confirmed is durable some 25 ms later.
    thread::sleep(Duration::from_millis(200));
    served.kill().unwrap();
    let served = bench.serve();
    assert_eq!(trash(&served), std::slice::from_ref(&thrown));
    let restore = format!("{FLOW}/trash/{}/restore", thrown["id"]);
    let wanted = json!({ "connection": WIRE });
    let nowhere = served.post(&restore, &wanted).unwrap().expect(404).json();
    assert_eq!(nowhere["code"], "noConnection");
    for _ in 0..3 {
        served.post(&format!("{FLOW}/undo"), &json!({})).unwrap().expect(200);
    }
    apply(&served);
    let restored = served.post(&restore, &wanted).unwrap().expect(200).json();
    assert_eq!(restored["flowfiles"], 4);
    until("they go on", || bench.put() == 4);
    assert_eq!(fs::read_to_string(bench.path("out/0.wav")).unwrap(), "abc");
    assert_eq!(trash(&served), Vec::<Value>::new());
    assert_eq!(served.post(&restore, &wanted).unwrap().expect(404).json()["code"], "noTrash");
    served.get("/api/v1/flows/other/trash").unwrap().expect(404);
}

#[test]
fn what_is_thrown_away_is_given_up_when_somebody_says_so_or_when_it_is_too_old() {
    let bench = Bench::new();
    let served = bench.serve();
    let revision = remove_what_waits(&bench, &served, 2);
    let body = json!({ "revision": revision, "trash": true });
    served.post(&format!("{FLOW}/apply"), &body).unwrap().expect(200);
    let id = trash(&served)[0]["id"].clone();
    let one = format!("{FLOW}/trash/{id}");
    let gone = served.ask("DELETE", &one, "", b"").unwrap().expect(200).json();
    assert_eq!(gone["flowfiles"], 2);
    served.ask("DELETE", &one, "", b"").unwrap().expect(404);
    let asked = "/api/v1/provenance?flow=copy&type=DROP";
    let events = served.get(asked).unwrap().expect(200).json()["events"].clone();
    let told = events.as_array().unwrap().iter();
    let told = told.filter(|event| event["details"] == "it was in the trash");
    assert_eq!(told.count(), 2, "{events}");
    for _ in 0..3 {
        served.post(&format!("{FLOW}/undo"), &json!({})).unwrap().expect(200);
    }
    apply(&served);
    let revision = remove_what_waits(&bench, &served, 3);
    let body = json!({ "revision": revision, "trash": true });
    served.post(&format!("{FLOW}/apply"), &body).unwrap().expect(200);
    let thrown = trash(&served);
    assert_eq!(thrown.len(), 1);
    assert!(served.end().unwrap());
    // What was promised holds, whatever somebody says later.
    let served = bench.serve_with(&["--trash-period", "1 sec"]);
    thread::sleep(Duration::from_secs(2));
    assert_eq!(trash(&served), thrown);
    assert!(served.end().unwrap());
    let mut run = Command::new(tutti_tests::binary::path());
    run.arg("run").arg(bench.path("copy.json")).arg("--data").arg(bench.path("data"));
    let ran = run.args(["--until-idle", "--trash-period", "1 sec"]).output().unwrap();
    assert!(ran.status.success(), "{ran:?}");
    let served = bench.serve();
    assert_eq!(trash(&served), thrown);
    let bench = Bench::new();
    let served = bench.serve_with(&["--trash-period", "1 sec"]);
    let revision = remove_what_waits(&bench, &served, 2);
    let body = json!({ "revision": revision, "trash": true });
    served.post(&format!("{FLOW}/apply"), &body).unwrap().expect(200);
    until("it is too old", || trash(&served).is_empty());
}

#[test]
fn a_folder_that_nobody_serves_tells_what_was_thrown_away_and_brings_it_back() {
    let bench = Bench::new();
    let served = bench.serve();
    let revision = remove_what_waits(&bench, &served, 2);
    let body = json!({ "revision": revision, "trash": true });
    served.post(&format!("{FLOW}/apply"), &body).unwrap().expect(200);
    for _ in 0..3 {
        served.post(&format!("{FLOW}/undo"), &json!({})).unwrap().expect(200);
    }
    apply(&served);
    assert!(served.end().unwrap());
    let run = |arguments: &[&str]| {
        let mut command = Command::new(tutti_tests::binary::path());
        command.arg("trash").args(arguments).arg("--data").arg(bench.path("data"));
        let output = command.output().unwrap();
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let (code, listed) = run(&["list", "--json"]);
    assert_eq!(code, Some(0));
    let listed: Value = serde_json::from_str(&listed).unwrap();
    assert_eq!((&listed["connection"], &listed["flowfiles"]), (&json!(WIRE), &json!(2)));
    let id = listed["id"].to_string();
    assert_eq!(run(&["restore", "4711", &format!("copy/{WIRE}")]).0, Some(1));
    assert_eq!(run(&["restore", &id, "copy/Get -> Nobody"]).0, Some(1));
    let restored = run(&["restore", &id, &format!("copy/{WIRE}")]);
    assert_eq!(restored, (Some(0), "back in a queue: 2\n".to_owned()));
    assert_eq!(run(&["discard", &id, "--yes"]).0, Some(1), "it is not there any more");
    let _served = bench.serve();
    until("they go on", || bench.put() == 2);
}

#[test]
fn what_waits_where_a_flow_has_no_connection_any_more_is_seen_and_brought_back_or_given_up() {
    let bench = Bench::new();
    let served = bench.serve();
    let whole: Value = serde_json::from_str(&bench.file()).unwrap();
    let control = format!("{FLOW}/control");
    let stop = json!({ "action": "stop", "processors": ["Put"] });
    served.post(&control, &stop).unwrap().expect(202);
    for number in 0..3 {
        fs::write(bench.path(&format!("in/{number}.wav")), "abc").unwrap();
    }
    until("they wait", || waiting(&served, WIRE) == Some(3));
    assert!(served.end().unwrap());
    // Somebody gives the wire another end while nobody serves the flow.
    let mut other = whole.clone();
    let mut put = other["processors"].as_object_mut().unwrap().remove("Put").unwrap();
    put["state"] = json!("disabled");
    // Were it the same but for its name, it would be the one that was there.
    put["properties"]["Directory"] = json!(bench.path("copies"));
    other["processors"]["Copy"] = put.clone();
    put["properties"]["Directory"] = json!(bench.path("elsewhere"));
    other["processors"]["Copy 2"] = put;
    let to = |name: &str| json!({ "from": "Get", "relationships": ["success"], "to": name });
    other["connections"] = json!([to("Copy"), to("Copy 2")]);
    fs::write(bench.path("copy.json"), other.to_string()).unwrap();
    let served = bench.serve();
    let left = trash(&served);
    assert_eq!(left.len(), 1, "{left:?}");
    let told = (&left[0]["connection"], &left[0]["flowfiles"], &left[0]["bytes"]);
    assert_eq!(told, (&json!(WIRE), &json!(3), &json!(9)));
    assert_eq!((&left[0]["sinceMs"], &left[0]["untilMs"]), (&Value::Null, &Value::Null));
    // Nobody would see them any more without the flow.
    let refused = served.ask("DELETE", FLOW, "", b"").unwrap().expect(409).json();
    assert_eq!(
        (&refused["code"], &refused["leftOver"][0]["path"]),
        (&json!("notEmpty"), &json!(WIRE))
    );
    let one = format!("{FLOW}/trash/{}", left[0]["id"]);
    let wanted = json!({ "connection": "Get [success] -> Copy" });
    let restored = served.post(&format!("{one}/restore"), &wanted).unwrap().expect(200).json();
    assert_eq!(restored["flowfiles"], 3);
    assert_eq!(waiting(&served, "Get [success] -> Copy"), Some(3));
    assert_eq!(trash(&served), Vec::<Value>::new());
    assert!(served.end().unwrap());
    fs::write(bench.path("copy.json"), whole.to_string()).unwrap();
    let served = bench.serve();
    let left = trash(&served);
    assert_eq!((&left[0]["flowfiles"], &left[0]["sinceMs"]), (&json!(3), &Value::Null));
    let one = format!("{FLOW}/trash/{}", left[0]["id"]);
    let gone = served.ask("DELETE", &one, "", b"").unwrap().expect(200).json();
    assert_eq!(gone["flowfiles"], 3);
    assert_eq!(trash(&served), Vec::<Value>::new());
    served.ask("DELETE", FLOW, "", b"").unwrap().expect(200);
}

#[test]
fn what_a_flow_has_left_over_goes_into_the_trash_with_it() {
    let bench = Bench::new();
    let served = bench.serve_all();
    let control = format!("{FLOW}/control");
    let stop = json!({ "action": "stop", "processors": ["Put"] });
    served.post(&control, &stop).unwrap().expect(202);
    for number in 0..3 {
        fs::write(bench.path(&format!("in/{number}.wav")), "abc").unwrap();
    }
    until("they wait", || waiting(&served, WIRE) == Some(3));
    assert!(served.end().unwrap());
    let other = json!({ "format": 1, "name": "copy" });
    fs::write(bench.path("copy.json"), other.to_string()).unwrap();
    let served = bench.serve_all();
    let left = trash(&served);
    assert_eq!((&left[0]["flowfiles"], &left[0]["sinceMs"]), (&json!(3), &Value::Null));
    let refused = served.ask("DELETE", FLOW, "", b"").unwrap().expect(409).json();
    assert_eq!(refused["code"], "notEmpty");
    assert_eq!(trash(&served), left, "what is refused changes nothing");
    served.ask("DELETE", &format!("{FLOW}?trash=true"), "", b"").unwrap().expect(200);
    served.post("/api/v1/flows", &json!({ "name": "copy" })).unwrap().expect(201);
    let thrown = trash(&served);
    assert_eq!((&thrown[0]["connection"], &thrown[0]["flowfiles"]), (&json!(WIRE), &json!(3)));
    assert!(thrown[0]["sinceMs"].is_i64(), "{thrown:?}");
}

#[test]
fn what_was_left_under_a_name_that_another_connection_gets_goes_into_the_trash() {
    let bench = Bench::new();
    let sink = |folder: &str| {
        json!({
            "type": "PutFile", "state": "disabled", "autoTerminate": ["failure", "success"],
            "properties": { "Directory": bench.path(folder) },
        })
    };
    let flow = |sinks: &[(&str, &str)]| {
        let mut flow: Value = serde_json::from_str(&bench.file()).unwrap();
        let get = flow["processors"]["Get"].clone();
        flow["processors"] = json!({ "Get": get });
        for (name, folder) in sinks {
            flow["processors"][*name] = sink(folder);
        }
        let to = |name: &str| json!({ "from": "Get", "relationships": ["success"], "to": name });
        flow["connections"] = sinks.iter().map(|(name, _)| to(name)).collect();
        flow
    };
    let write = |flow: &Value| fs::write(bench.path("copy.json"), flow.to_string()).unwrap();
    write(&flow(&[("A", "a"), ("M", "m")]));
    let served = bench.serve();
    fs::write(bench.path("in/1.wav"), "abc").unwrap();
    let of = |name: &str| format!("Get [success] -> {name}");
    until("one waits in each", || {
        ["A", "M"].iter().all(|name| waiting(&served, &of(name)) == Some(1))
    });
    assert!(served.end().unwrap());
    // Nobody takes what waits for M any more; then A is called so.
    write(&flow(&[("A", "a")]));
    let served = bench.serve();
    let before = draft(&served)["flow"].clone();
    let renamed = flow(&[("M", "a")]);
    let put = served.ask(
        "PUT",
        FLOW,
        &format!(
            "content-type: application/json\r\nif-match: \"{}\"\r\n",
            draft(&served)["revision"]
        ),
        renamed.to_string().as_bytes(),
    );
    put.unwrap().expect(200);
    assert_ne!(draft(&served)["flow"], before);
    apply(&served);
    assert_eq!(waiting(&served, &of("M")), Some(1));
    let thrown = trash(&served);
    assert_eq!(thrown.len(), 1, "{thrown:?}");
    assert_eq!((&thrown[0]["connection"], &thrown[0]["flowfiles"]), (&json!(of("M")), &json!(1)));
}
