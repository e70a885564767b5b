//! What goes wrong around an edit: a disk that is full, and somebody else who applies.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::sync::mpsc;

use tutti_tests::small_disk::on_small_disk;

use super::*;

/// Takes all room that there is on a disk, to the last byte.
fn fill(disk: &Path) -> PathBuf {
    let path = disk.join("full");
    let mut file = fs::File::create(&path).unwrap();
    for size in [1 << 16, 1 << 8, 1] {
        while file.write_all(&vec![0; size]).is_ok() {}
    }
    path
}

#[test]
fn on_a_full_disk_an_edit_is_refused_and_nothing_is_lost() {
    let name = "harm::on_a_full_disk_an_edit_is_refused_and_nothing_is_lost";
    on_small_disk(name, |disk| {
        let bench = Bench::within(tempfile::tempdir_in(disk).unwrap());
        let served = bench.serve();
        edit(&served, &FILTER, &Value::Null, &json!("before"));
        let (known, file) = (draft(&served), bench.file());

        let full = fill(disk);
        // As long as it takes to use up what the last block of the log has left.
        let mut taken = 0;
        let refused = (0..200).find_map(|turn| {
            let text = format!("{turn} {}", "x".repeat(100));
            let before = draft(&served)["flow"]["processors"]["Get"]["properties"].clone();
            let wanted = change(&FILTER, &before["File Filter"], &json!(text));
            let answer = served.post(&format!("{FLOW}/operations"), &wanted).unwrap();
            if answer.status == 200 {
                taken += 1;
                return None;
            }
            Some((answer.expect(507).json(), wanted))
        });
        let (refused, wanted) = refused.unwrap();
        assert_eq!(refused["code"], "log");
        assert!(refused["help"].as_str().unwrap().contains("make room"), "{refused}");
        let at_last = draft(&served);
        // As many edits as were confirmed have counted.
        let confirmed = known["revision"].as_u64().unwrap() + taken;
        assert_eq!(at_last["revision"].as_u64(), Some(confirmed));
        // The flow goes on as it is, and so does its file; to apply it is refused as well.
        let body = json!({ "revision": at_last["revision"] });
        let not_applied = served.post(&format!("{FLOW}/apply"), &body).unwrap().expect(507).json();
        assert!(["file", "log"].contains(&not_applied["code"].as_str().unwrap()), "{not_applied}");
        assert_eq!(bench.file(), file);
        let status = served.get(&format!("{FLOW}/status")).unwrap().expect(200).json();
        assert_eq!(
            (&status["state"], &status["processors"][0]["state"]),
            (&json!("running"), &json!("running")),
            "what ran runs on"
        );

        // What was confirmed is there after a kill; with room the same edit is taken.
        served.kill().unwrap();
        fs::remove_file(&full).unwrap();
        let served = bench.serve();
        assert_eq!(draft(&served)["flow"], at_last["flow"]);
        served.post(&format!("{FLOW}/operations"), &wanted).unwrap().expect(200);
        apply(&served);
        assert!(bench.file().contains("xxx"));
    });
}

#[test]
fn a_flow_that_is_deleted_on_a_full_disk_is_gone_as_far_as_that_is_said() {
    let name = "harm::a_flow_that_is_deleted_on_a_full_disk_is_gone_as_far_as_that_is_said";
    on_small_disk(name, |disk| {
        let bench = Bench::within(tempfile::tempdir_in(disk).unwrap());
        let mut flow: Value = serde_json::from_str(&bench.file()).unwrap();
        flow["processors"]["Put"]["state"] = "disabled".into();
        let text = flow.to_string();
        fs::write(bench.path("copy.json"), &text).unwrap();
        let served = bench.serve_all();
        for number in 0..20 {
            fs::write(bench.path(&format!("in/{number}")), "x").unwrap();
        }
        until("they wait", || waiting(&served, "Get [success] -> Put") == Some(20));
        let full = fill(disk);
        let path = format!("{FLOW}?trash=true");
        let deleted = served.ask("DELETE", &path, "", b"").unwrap();
        let is_told = deleted.status == 200;
        let listed = |served: &Served| {
            let flows = served.get("/api/v1/flows").unwrap().expect(200).json();
            flows.as_array().unwrap().iter().any(|flow| flow["name"] == "copy")
        };
        if is_told {
            assert!(!listed(&served), "it is told that it is gone");
            served.get(&format!("{FLOW}/draft")).unwrap().expect(404);
        } else {
            let problem = deleted.json();
            assert!(problem["help"].as_str().unwrap().contains("make room"), "{problem}");
            assert!(listed(&served), "it is told that it is there");
            assert_eq!(waiting(&served, "Get [success] -> Put"), Some(20));
        }
        served.kill().unwrap();
        fs::remove_file(&full).unwrap();
        let served = bench.serve_all();
        assert_eq!(listed(&served), !is_told, "what was told holds after a crash");
        // Nothing is lost: it is in the trash of that name, or waits for a flow of it.
        if is_told {
            let path = format!("{FLOW}/deploy");
            served.ask("POST", &path, "", text.as_bytes()).unwrap().expect(200);
        }
        // What was not durable when the disk was full is still a file, and is picked up again.
        until("all are there", || {
            let trash = served.get(&format!("{FLOW}/trash")).unwrap().expect(200).json();
            let thrown = trash["queues"].as_array().unwrap().iter();
            let thrown: u64 = thrown.filter_map(|queue| queue["flowfiles"].as_u64()).sum();
            thrown + waiting(&served, "Get [success] -> Put").unwrap() == 20
        });
    });
}

#[test]
fn who_applies_while_another_does_is_told_and_the_first_counts() {
    let bench = Bench::new();
    // Who asks here gets no answer until the test says so.
    let slow = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", slow.local_addr().unwrap());
    let flow = json!({
        "format": 1,
        "name": "copy",
        "processors": {
            "Get": {
                "type": "GenerateFlowFile",
                "schedule": { "period": "1 h" },
            },
            "Ask": {
                "type": "InvokeHTTP",
                "properties": { "HTTP URL": url },
                "autoTerminate": ["Original", "Response", "Retry", "No Retry", "Failure"],
            },
        },
        "connections": [{ "from": "Get", "relationships": ["success"], "to": "Ask" }],
    });
    fs::write(bench.path("copy.json"), flow.to_string()).unwrap();
    let served = bench.serve();
    let (mut asked, _) = slow.accept().unwrap();
    let path = ["processors", "Ask", "properties", "Request Content-Type"];
    edit(&served, &path, &Value::Null, &json!("text/plain"));
    let revision = draft(&served)["revision"].clone();
    let body = json!({ "revision": revision });
    let address = format!("{FLOW}/apply");
    let (tell, told) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..2 {
            let tell = tell.clone();
            let (served, address, body) = (&served, &address, &body);
            scope.spawn(move || tell.send(served.post(address, body).unwrap()).unwrap());
        }
        // Whoever comes second is told at once, as the first waits for what is at work.
        let busy = told.recv_timeout(PATIENCE).unwrap().expect(409).json();
        assert_eq!(busy["code"], "busy");
        // Edits go on meanwhile, and wait for the next.
        let path = ["processors", "Get", "properties", "File Size"];
        edit(&served, &path, &Value::Null, &json!("2 KB"));
        let mut request = [0; 1024];
        let _ = asked.read(&mut request).unwrap();
        asked.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").unwrap();
        told.recv_timeout(PATIENCE).unwrap().expect(200);
    });
    assert!(bench.file().contains("text/plain"));
    assert!(!bench.file().contains("2 KB"));
    let after = draft(&served);
    assert_eq!((&after["isAhead"], &after["appliedRevision"]), (&json!(true), &revision));
}
