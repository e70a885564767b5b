//! What waits and what is remembered is looked at, by pages and by what is true of it.

use super::*;

const WIRE: &str = "Get%20%5Bsuccess%5D%20-%3E%20Put";

fn stop(served: &Served, processor: &str) {
    let stop = json!({ "action": "stop", "processors": [processor] });
    served.post(&format!("{FLOW}/control"), &stop).unwrap().expect(202);
    until("it stops", || {
        let status = served.get(&format!("{FLOW}/status")).unwrap().json();
        let all = status["processors"].as_array().unwrap().clone();
        all.iter().any(|one| one["path"] == processor && one["state"] == "stopped")
    });
}

#[test]
fn flowfiles_are_listed_that_an_expression_is_true_of_and_pages_go_on_behind_them() {
    let bench = Bench::new();
    let served = bench.serve();
    stop(&served, "Put");
    for number in 0..25 {
        let kind = if number % 5 == 0 { "flac" } else { "wav" };
        let name = format!("in/{number:02}.{kind}");
        fs::write(bench.path(&name), "x".repeat(number)).unwrap();
    }
    until("all wait", || waiting(&served, "Get [success] -> Put") == Some(25));
    let page = |more: &str| {
        let path = format!("{FLOW}/queue?connection={WIRE}{more}");
        served.get(&path).unwrap().expect(200).json()
    };
    let names = |page: &Value| {
        let all = page["flowfiles"].as_array().unwrap().iter();
        let mut names: Vec<_> =
            all.map(|one| one["filename"].as_str().unwrap().to_owned()).collect();
        names.sort();
        names
    };
    let flac = "&filter=%24%7Bfilename%3AendsWith(%27.flac%27)%7D";
    let found = page(flac);
    assert_eq!(names(&found), ["00.flac", "05.flac", "10.flac", "15.flac", "20.flac"]);
    assert_eq!((&found["count"], &found["looked"]), (&json!(25), &json!(25)));
    assert_eq!(found["next"], Value::Null);
    // Page by page the same, each once.
    let (mut all, mut after, mut looked) = (Vec::new(), json!(0), 0);
    while after != Value::Null {
        let found = page(&format!("{flac}&limit=2&after={after}"));
        all.extend(names(&found));
        looked += found["looked"].as_u64().unwrap();
        after = found["next"].clone();
    }
    all.sort();
    assert_eq!((all, looked), (names(&page(flac)), 25));
    let large = page("&filter=%24%7BfileSize%3Agt(22)%7D");
    assert_eq!(names(&large), ["23.wav", "24.wav"]);
    assert_eq!(names(&page("&filter=false")), [""; 0]);
    let wrong = format!("{FLOW}/queue?connection={WIRE}&filter=%24%7Bfilename%3Anothing()%7D");
    let wrong = served.get(&wrong).unwrap().expect(422).json();
    assert_eq!(wrong["code"], "expression");
    assert!(wrong["detail"].as_str().unwrap().contains("at character"), "{wrong}");
    let secret = format!("{FLOW}/queue?connection={WIRE}&filter=%23%7Bkey%7D");
    assert_eq!(served.get(&secret).unwrap().expect(422).json()["code"], "expression");
}

#[test]
fn what_a_processor_remembers_is_seen_and_forgotten_only_when_it_stands_still() {
    let bench = Bench::new();
    let served = bench.serve();
    let folder = bench.path("list");
    fs::create_dir(&folder).unwrap();
    let list = json!({
        "type": "ListFile",
        "properties": {
            "Input Directory": folder, "Listing Strategy": "entities",
            "Polling Interval": "0 sec", "Minimum File Age": "0 sec",
        },
        "autoTerminate": ["success"],
    });
    edit(&served, &["processors", "List"], &Value::Null, &list);
    apply(&served);
    for name in ["a", "b", "c"] {
        fs::write(folder.join(name), name).unwrap();
    }
    let state = |more: &str| {
        served.get(&format!("{FLOW}/state?component=List{more}")).unwrap().expect(200).json()
    };
    until("it remembers", || state("")["count"].as_u64().unwrap() >= 3);
    let count = state("")["count"].as_u64().unwrap();
    let first = state("&limit=1");
    assert_eq!(first["values"].as_array().unwrap().len(), 1);
    let (mut seen, mut after) = (1, first["next"].clone());
    while let Some(name) = after.as_str() {
        let name = name.replace('%', "%25");
        let next = state(&format!("&limit=1&after={name}"));
        seen += next["values"].as_array().unwrap().len() as u64;
        after = next["next"].clone();
    }
    assert_eq!(seen, count);
    let path = format!("{FLOW}/state?component=List");
    let refused = served.ask("DELETE", &path, "", b"").unwrap().expect(409).json();
    assert_eq!(refused["code"], "notStopped");
    stop(&served, "List");
    let gone = served.ask("DELETE", &path, "", b"").unwrap().expect(200).json();
    assert_eq!(gone["values"], count);
    assert_eq!(state("")["count"], 0);
    let nobody = format!("{FLOW}/state?component=Nobody");
    assert_eq!(served.get(&nobody).unwrap().expect(404).json()["code"], "noComponent");
    // The answer was sent when that was durable.
    drop(served);
    let mut told = Command::new(tutti_tests::binary::path());
    let told = told.args(["state", "export", "--data"]).arg(bench.path("data")).output().unwrap();
    let told: Value = serde_json::from_slice(&told.stdout).unwrap();
    assert_eq!(told.get("copy/List").cloned().unwrap_or(json!({})), json!({}), "{told}");
}

#[test]
fn a_queue_is_emptied_into_the_trash_or_moved_and_so_it_is_after_a_kill() {
    let bench = Bench::new();
    let served = bench.serve();
    stop(&served, "Put");
    for number in 0..30 {
        fs::write(bench.path(&format!("in/{number}.wav")), "abc").unwrap();
    }
    let wire = "Get [success] -> Put";
    until("all wait", || waiting(&served, wire) == Some(30));
    // What is not deleted yet would come once more after a kill.
    until("all were taken", || fs::read_dir(bench.path("in")).unwrap().count() == 0);
    let empty = format!("{FLOW}/queue/empty");
    let body = json!({ "connection": wire });
    let told = served.post(&empty, &body).unwrap().expect(200).json();
    assert_eq!(
        (&told["flowfiles"], &told["bytes"], &told["left"]),
        (&json!(30), &json!(90), &json!(0))
    );
    assert_eq!(waiting(&served, wire), Some(0));
    let again = served.post(&empty, &body).unwrap().expect(200).json();
    assert_eq!((&again["flowfiles"], &again["trash"]), (&json!(0), &Value::Null));
    let trash = |served: &Served| {
        let trash = served.get(&format!("{FLOW}/trash")).unwrap().expect(200).json();
        trash["queues"].as_array().unwrap().clone()
    };
    assert_eq!(trash(&served)[0]["id"], told["trash"]);
    let restore = format!("{FLOW}/trash/{}/restore", told["trash"]);
    served.post(&restore, &body).unwrap().expect(200);
    served.post(&empty, &body).unwrap().expect(200);
    served.kill().unwrap();
    let served = bench.serve();
    stop(&served, "Put");
    let thrown: u64 = trash(&served).iter().map(|one| one["flowfiles"].as_u64().unwrap()).sum();
    let put = bench.put() as u64;
    let wait = waiting(&served, wire).unwrap();
    assert_eq!(wait + thrown + put, 30, "{wait} wait, {thrown} are thrown away, {put} are put");

    // Into another connection of the flow.
    let flow = draft(&served)["flow"].clone();
    let other = json!({
        "type": "PutFile", "state": "disabled", "autoTerminate": ["failure", "success"],
        "properties": { "Directory": bench.path("other") },
    });
    edit(&served, &["processors", "Other"], &Value::Null, &other);
    let connection = &flow["connections"][wire];
    edit(&served, &["connections", "Get [success] -> Other"], &Value::Null, &{
        let mut other = connection.clone();
        other["to"] = json!("Other");
        other
    });
    apply(&served);
    let there = waiting(&served, wire).unwrap();
    let body = json!({ "connection": wire, "to": "Get [success] -> Other" });
    let move_on = format!("{FLOW}/queue/move");
    let told = served.post(&move_on, &body).unwrap().expect(200).json();
    assert_eq!((&told["flowfiles"], &told["trash"]), (&json!(there), &Value::Null));
    assert_eq!(waiting(&served, "Get [success] -> Other"), Some(there));
    let nowhere = json!({ "connection": wire, "to": "Nobody" });
    let refused = served.post(&move_on, &nowhere).unwrap().expect(404).json();
    assert_eq!(refused["code"], "noConnection");
}

/// How many flowfiles there are in all: waiting, or thrown away.
fn in_all(served: &Served, wires: [&str; 2]) -> u64 {
    let trash = served.get(&format!("{FLOW}/trash")).unwrap().expect(200).json();
    let thrown = trash["queues"].as_array().unwrap().iter();
    let thrown: u64 = thrown.map(|one| one["flowfiles"].as_u64().unwrap()).sum();
    thrown + wires.iter().map(|wire| waiting(served, wire).unwrap()).sum::<u64>()
}

#[test]
fn a_kill_while_a_queue_is_emptied_brought_back_and_moved_loses_and_doubles_nothing() {
    const COUNT: u64 = 2_500;
    let wires = ["Make [success] -> One", "Make [success] -> Two"];
    let bench = Bench::new();
    let idle = json!({ "type": "LogAttribute", "state": "disabled", "autoTerminate": ["success"] });
    let flow = json!({
        "format": 1,
        "name": "copy",
        "processors": {
            "Make": {
                "type": "GenerateFlowFile",
                "schedule": { "period": "1 h" },
                "properties": { "Batch Size": COUNT.to_string(), "File Size": "1 B" },
            },
            "One": idle,
            "Two": idle,
        },
        "connections": [
            { "from": "Make", "relationships": ["success"], "to": "One" },
            { "from": "Make", "relationships": ["success"], "to": "Two" },
        ],
    });
    fs::write(bench.path("copy.json"), flow.to_string()).unwrap();
    let mut served = Arc::new(bench.serve());
    until("all wait", || in_all(&served, wires) == 2 * COUNT);
    // Otherwise it makes more after each start.
    stop(&served, "Make");
    let mut random = Random::from_environment("queues", 11);
    for _ in 0..6 {
        let busy = {
            let served = Arc::clone(&served);
            thread::spawn(move || {
                let queue = |what: &str, body: Value| {
                    let answer = served.post(&format!("{FLOW}/queue/{what}"), &body).ok()?;
                    (answer.status == 200).then(|| answer.json())
                };
                loop {
                    let emptied = queue("empty", json!({ "connection": wires[0] }))?;
                    if let Some(id) = emptied["trash"].as_u64() {
                        let restore = format!("{FLOW}/trash/{id}/restore");
                        served.post(&restore, &json!({ "connection": wires[1] })).ok()?;
                    }
                    queue("move", json!({ "connection": wires[1], "to": wires[0] }))?;
                }
            })
        };
        thread::sleep(Duration::from_millis(random.below(120)));
        served.kill_now().unwrap();
        let _: Option<()> = busy.join().unwrap();
        drop(served);
        served = Arc::new(bench.serve());
        assert_eq!(in_all(&served, wires), 2 * COUNT);
    }
}
