//! `tutti run`.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::finish;
use super::workplace::{Workplace, names, wait_for};

#[test]
fn what_went_in_comes_out_and_is_summed_up() {
    let place = Workplace::new(&["a", "b"]);
    let (code, stdout, stderr) = finish(place.run(&["--param", "output=out", "--json"]));
    assert_eq!(code, 0, "{stderr}");
    assert_eq!(names(&place.path("out")), ["a", "b"]);
    let summary: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!((&summary["ok"], &summary["failed"]), (&true.into(), &0.into()), "{stdout}");
    let put = summary["processors"].as_array().unwrap().iter().find(|each| each["path"] == "Put");
    let put = put.unwrap();
    assert_eq!(put["transferred"]["success"], 2, "{stdout}");
    let out = format!("file://{}/", fs::canonicalize(place.path("out")).unwrap().display());
    let sent = json!([{ "place": out, "flowfiles": 2, "bytes": 2 }]);
    assert_eq!(put["sentTo"], sent, "{stdout}");
}

#[test]
fn what_is_made_on_the_way_counts_with_what_was_written() {
    let place = Workplace::new(&[]);
    fs::copy("../tests/fixtures/audio/march.mp3", place.path("in/march.mp3")).unwrap();
    let flow = fs::read_to_string(place.path("copy.json")).unwrap();
    let decode = r#""Decode": { "type": "DecodeAudio", "autoTerminate": ["failure"] }, "Get""#;
    let ways = r#""to": "Decode" },
        { "from": "Decode", "relationships": ["success"], "to": "Put" }"#;
    let flow = flow.replacen("\"Get\"", decode, 1).replacen("\"to\": \"Put\" }", ways, 1);
    fs::write(place.path("copy.json"), flow).unwrap();
    let (code, stdout, stderr) = finish(place.run(&["--json"]));
    assert_eq!(code, 0, "{stderr}");
    let summary: Value = serde_json::from_str(&stdout).unwrap();
    let put = summary["processors"].as_array().unwrap().iter().find(|each| each["path"] == "Put");
    let put = put.unwrap();
    let written = fs::metadata(place.path("default/march.mp3")).unwrap().len();
    assert_eq!(put["sentTo"][0]["bytes"], written, "{stdout}");
    let kept = put["totals"]["bytesIn"].as_u64().unwrap();
    assert!(kept * 3 < written, "{kept} bytes are kept, {written} written");
}

#[test]
fn without_credentials_no_store_is_asked_and_what_to_set_is_told() {
    let place = Workplace::new(&["a"]);
    place.put_into_s3();
    let mut command = place.run(&["--json"]);
    command.env_clear();
    let (code, stdout, stderr) = finish(command);
    let summary: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!(code, 1, "{stderr}");
    let processors = summary["processors"].as_array().unwrap();
    let put = processors.iter().find(|each| each["path"] == "Put").unwrap();
    let not_started = put["startFailure"].to_string();
    assert!(not_started.contains("there are no credentials for \\\"s3://nowhere\\\""), "{stdout}");
    let told = summary["bulletins"].to_string();
    assert!(told.contains("AWS_ACCESS_KEY_ID") && told.contains("instance role"), "{stdout}");
    assert_eq!((&summary["entered"], &summary["queued"]), (&0.into(), &0.into()), "{stdout}");
    let mut command = place.run(&[]);
    command.env_clear();
    let (code, _, stderr) = finish(command);
    assert_eq!(code, 1, "{stderr}");
    let told = stderr.lines().filter(|line| line.starts_with("error: ")).collect::<Vec<_>>();
    assert!(
        matches!(told[..], [one] if one.starts_with("error: not started: \"Put\": ")),
        "{stderr}"
    );
    assert!(
        stderr.contains("AWS_ACCESS_KEY_ID") && stderr.contains("nothing was taken in"),
        "{stderr}"
    );
}

#[test]
fn a_first_run_that_finds_nothing_says_so() {
    let (code, _, stderr) = finish(Workplace::new(&[]).run(&[]));
    assert_eq!(code, 0, "{stderr}");
    assert!(stderr.starts_with("nothing was done: no source found anything"), "{stderr}");
}

#[test]
fn a_second_run_says_why_it_does_nothing() {
    let place = Workplace::new(&["a"]);
    let (code, _, stderr) = finish(place.run(&["--data", "data"]));
    assert_eq!((code, stderr.as_str()), (0, ""), "a source that runs dry is not spoken of");
    let (code, _, stderr) = finish(place.run(&["--data", "data", "--param", "output=other"]));
    assert_eq!(code, 0, "{stderr}");
    assert!(stderr.starts_with("nothing was done: ") && stderr.contains("\"data\""), "{stderr}");
    assert!(!place.path("other/a").exists());
    let again = finish(place.run(&["--data", "another", "--param", "output=other"]));
    assert_eq!((again.0, again.2.as_str()), (0, ""));
    assert!(place.path("other/a").exists());
}

#[test]
fn what_waits_in_a_connection_that_is_gone_is_told_and_is_a_failure() {
    let place = Workplace::new(&["a", "b"]);
    let flow = fs::read_to_string(place.path("copy.json")).unwrap();
    let without_sink =
        flow.replace(r#""type": "PutFile","#, r#""type": "PutFile", "state": "disabled","#);
    fs::write(place.path("copy.json"), without_sink).unwrap();
    assert_eq!(finish(place.run(&["--data", "data"])).0, 1, "they wait");
    fs::write(place.path("copy.json"), flow.replace("\"Put\"", "\"Store\"")).unwrap();
    let (code, stdout, stderr) = finish(place.run(&["--data", "data", "--json"]));
    assert_eq!(code, 1, "{stderr}");
    let summary: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!(
        summary["leftOver"],
        json!([{ "path": "Get [success] -> Put", "flowfiles": 2 }]),
        "{stdout}"
    );
    let (code, _, stderr) = finish(place.run(&["--data", "data"]));
    assert_eq!(code, 1, "{stderr}");
    assert!(stderr.contains("give the flow this connection again"), "{stderr}");
    fs::write(place.path("copy.json"), flow).unwrap();
    assert_eq!(finish(place.run(&["--data", "data"])).0, 0);
    assert_eq!(names(&place.path("default")), ["a", "b"]);
}

#[test]
fn people_get_a_table_of_what_came_out_where() {
    let place = Workplace::new(&["a", "b"]);
    let (code, stdout, stderr) = finish(place.run(&[]));
    assert_eq!((code, stderr.as_str()), (0, ""));
    let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let rows: Vec<_> = stdout.lines().map(words).collect();
    assert_eq!(rows[0].join(" "), "processor in out ended failed task time went to");
    assert_eq!(rows[1][..5], ["Get", "0", "2", "0", "0"]);
    assert_eq!(rows[1][7..].join(" "), "success 2");
    assert_eq!(rows[2][..5], ["Put", "2", "0", "2", "0"]);
    assert_eq!(rows[2][7..].join(" "), "success 2");
    let out = fs::canonicalize(place.path("default")).unwrap();
    assert_eq!(rows[4].join(" "), format!("Put: 2 (2 bytes) to file://{}/", out.display()));
    assert_eq!(stdout.lines().last(), Some("flowfiles: 2 in, 2 out, 0 queued"));
}

#[test]
fn a_flowfile_on_a_failure_path_is_told_and_ends_with_1() {
    let place = Workplace::new(&["a", "b"]);
    fs::create_dir(place.path("default")).unwrap();
    fs::write(place.path("default/a"), "there already").unwrap();
    let (code, stdout, stderr) = finish(place.run(&["--log", "off"]));
    assert_eq!(code, 1, "{stdout}");
    let last = stdout.lines().last();
    assert_eq!(last, Some("flowfiles: 2 in, 2 out, 0 queued, 1 failed"));
    assert!(stdout.contains("failure 1, success 1"), "{stdout}");
    assert!(
        stderr.starts_with("error: Put: \"a\": ") && stderr.contains("default/a\""),
        "{stderr}"
    );
    assert_eq!(stderr.matches("error: ").count(), 1, "{stderr}");
    assert_eq!(fs::read_to_string(place.path("default/a")).unwrap(), "there already");

    fs::write(place.path("in/a"), "another a").unwrap();
    let (code, stdout, _) = finish(place.run(&["--json"]));
    let summary: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!((code, &summary["ok"], &summary["failed"]), (1, &false.into(), &1.into()));
}

#[test]
fn what_failed_is_told_by_name_with_its_reason() {
    let place = Workplace::new(&[]);
    for name in ["in/a.wav", "in/b.wav"] {
        fs::write(place.path(name), "no sound").unwrap();
    }
    let text = fs::read_to_string(place.path("copy.json")).unwrap();
    let mut flow: Value = serde_json::from_str(&text).unwrap();
    let decode = json!({ "type": "DecodeAudio", "autoTerminate": ["failure", "success"] });
    flow["processors"]["Put"] = decode;
    flow["parameterContexts"]["main"]["parameters"] = json!({ "input": {} });
    fs::write(place.path("copy.json"), flow.to_string()).unwrap();
    let (code, stdout, stderr) = finish(place.run(&["--json"]));
    assert_eq!(code, 1, "{stderr}");
    let summary: Value = serde_json::from_str(&stdout).unwrap();
    let failures = summary["failures"].as_array().unwrap();
    let named: Vec<_> = failures.iter().rev().map(|each| each["filename"].as_str()).collect();
    assert_eq!(named, [Some("a.wav"), Some("b.wav")], "{stdout}");
    let reason = failures[0]["reason"].as_str().unwrap();
    assert_eq!(failures[0]["processor"], "Put");
    let (_, _, stderr) = finish(place.run(&["--log", "off", "--data", "another"]));
    let told = format!("error: Put: \"a.wav\", \"b.wav\": {reason}");
    assert_eq!(stderr.lines().next(), Some(told.as_str()), "{stderr}");
    let mut command = place.run(&["--data", "a third"]);
    command.env("TUTTI_LOG_FORMAT", "json");
    let (_, _, stderr) = finish(command);
    assert!(stderr.contains("\"filename\":\"a.wav\""), "as it is, and not quoted: {stderr}");
}

#[test]
fn an_attempt_that_is_far_away_is_left_to_the_next_run() {
    let place = Workplace::new(&["a"]);
    fs::write(place.path("default"), "no folder").unwrap();
    let text = fs::read_to_string(place.path("copy.json")).unwrap();
    let mut flow: Value = serde_json::from_str(&text).unwrap();
    flow["processors"]["Put"]["penaltyDuration"] = "400 sec".into();
    flow["processors"]["Put"]["retry"] = json!({ "relationships": ["failure"], "attempts": 1 });
    fs::write(place.path("copy.json"), flow.to_string()).unwrap();
    let (code, stdout, stderr) = finish(place.run(&[]));
    assert_eq!(code, 1, "{stderr}");
    assert_eq!(stdout.lines().last(), Some("flowfiles: 1 in, 0 out, 1 queued"));
    assert!(stderr.contains("flowfiles still wait in \"Get [success] -> Put\": 1"), "{stderr}");
}

#[test]
fn what_cannot_be_evaluated_does_not_keep_a_run_from_its_end() {
    let huge = "99999999999999999999";
    let place = Workplace::new(&["1", huge]);
    let text = fs::read_to_string(place.path("copy.json")).unwrap();
    let mut flow: Value = serde_json::from_str(&text).unwrap();
    let next = json!({ "n": "${filename:toNumber():plus(1)}" });
    flow["processors"]["Next"] = json!({ "type": "UpdateAttribute", "properties": next });
    flow["connections"] = json!([
        { "from": "Get", "relationships": ["success"], "to": "Next" },
        { "from": "Next", "relationships": ["success"], "to": "Put" },
    ]);
    fs::write(place.path("copy.json"), flow.to_string()).unwrap();
    let (code, stdout, stderr) = finish(place.run(&["--json", "--log", "off"]));
    assert_eq!(code, 1, "{stderr}");
    assert_eq!(names(&place.path("default")), ["1"], "the other one is not held up");
    let summary: Value = serde_json::from_str(&stdout).unwrap();
    let connections = summary["connections"].as_array().unwrap().iter();
    let held = connections.filter(|each| each["queued"] != 0).collect::<Vec<_>>();
    let told = held.iter().map(|each| [&each["path"], &each["queued"], &each["inVain"]]);
    let told = told.collect::<Vec<_>>();
    assert_eq!(json!(told), json!([["Get [success] -> Next", 1, 1]]), "{stdout}");

    let (code, _, stderr) = finish(place.run(&["--log", "off"]));
    assert_eq!(code, 1, "{stderr}");
    let lines: Vec<&str> = stderr.lines().collect();
    assert!(lines[0].starts_with(&format!("error: Next: \"{huge}\": ")), "{stderr}");
    assert!(stderr.contains("still wait in \"Get [success] -> Next\": 1; "), "{stderr}");
    assert!(stderr.contains("in \"Get [success] -> Next\" were tried in vain: 1; "), "{stderr}");

    let mended = flow.to_string().replace(":toNumber():plus(1)", "");
    fs::write(place.path("copy.json"), mended).unwrap();
    let (code, _, stderr) = finish(place.run(&[]));
    assert_eq!(code, 0, "mended: {stderr}");
    assert_eq!(names(&place.path("default")), ["1", huge]);
}

#[test]
fn a_flow_with_mistakes_is_not_run() {
    let place = Workplace::new(&["a"]);
    let text = fs::read_to_string(place.path("copy.json")).unwrap();
    fs::write(place.path("copy.json"), text.replace("PutFile", "PutFiel")).unwrap();
    let (code, stdout, stderr) = finish(place.run(&[]));
    assert_eq!((code, stdout.as_str()), (2, ""));
    assert!(stderr.contains("did you mean \"PutFile\"?"), "{stderr}");
    let last = "the flow is not run: 1 error, 0 warnings\n\
                more about a code, with an example: tutti explain T0101\n";
    assert!(stderr.ends_with(last), "{stderr}");
    assert!(!place.path(".tutti").exists(), "nothing is made for it");
}

#[test]
fn a_data_folder_that_cannot_be_used_is_told_with_what_to_do() {
    let place = Workplace::new(&["a"]);
    fs::write(place.path("file"), "").unwrap();
    let (code, stdout, stderr) = finish(place.run(&["--data", "file"]));
    assert_eq!((code, stdout.as_str()), (1, ""));
    assert!(stderr.contains("error: cannot create \"file\""), "{stderr}");
    assert!(stderr.lines().nth(1).is_some_and(|line| line.starts_with("  ")), "{stderr}");
}

/// Sends what a service manager sends.
#[cfg(unix)]
fn interrupt(child: &Child) {
    send(child, rustix::process::Signal::TERM);
}

#[cfg(unix)]
fn send(child: &Child, signal: rustix::process::Signal) {
    let id = rustix::process::Pid::from_raw(child.id().try_into().unwrap()).unwrap();
    rustix::process::kill_process(id, signal).unwrap();
}

#[cfg(unix)]
#[test]
fn an_interrupt_lets_what_is_in_the_flow_come_to_its_end() {
    let place = Workplace::new(&["a"]);
    let mut command = place.tutti(&["run", "copy.json", "--param", "input=in", "--json"]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    wait_for(&place.path("default/a"));
    interrupt(&child);
    let output = child.wait_with_output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{stderr}");
    assert!(stderr.starts_with("stopping: "), "{stderr}");
    let summary: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&summary["state"], &summary["ok"]), (&"stopped".into(), &true.into()));
    let queued = summary["connections"].as_array().unwrap().iter().map(|each| &each["queued"]);
    assert_eq!(queued.collect::<Vec<_>>(), [&Value::from(0)]);
}

#[cfg(unix)]
#[test]
fn a_second_interrupt_tells_what_is_left_for_the_next_run() {
    let place = Workplace::new(&["a"]);
    let flow = fs::read_to_string(place.path("copy.json")).unwrap();
    let store = place.put_into_a_deaf_store();
    let mut command = place.run(&[]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let _asked = store.accept().unwrap();
    interrupt(&child);
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    let mut said = String::new();
    stderr.read_line(&mut said).unwrap();
    assert!(said.starts_with("stopping: "), "{said}");
    let mut waits = String::new();
    stderr.read_line(&mut waits).unwrap();
    assert_eq!(
        waits,
        "waiting for 1 task of \"Put\"; interrupt again to stop now, nothing is lost\n"
    );
    interrupt(&child);
    stderr.read_to_string(&mut said).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(1), "{said}");
    assert!(said.contains("still wait in \"Get [success] -> Put\": 1; "), "{said}");
    fs::write(place.path("copy.json"), flow).unwrap();
    assert_eq!(finish(place.run(&[])).0, 0);
    assert_eq!(names(&place.path("default")), ["a"]);
}

#[cfg(unix)]
#[test]
fn a_source_that_never_runs_dry_is_told_when_the_end_is_to_be_waited_for() {
    let place = Workplace::new(&[]);
    let flow = r#"{ "format": 1, "name": "copy", "processors": {
        "Make": { "type": "GenerateFlowFile", "autoTerminate": ["success"] } } }"#;
    fs::write(place.path("copy.json"), flow).unwrap();
    let mut command = place.tutti(&["run", "copy.json", "--until-idle"]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    let mut said = String::new();
    stderr.read_line(&mut said).unwrap();
    assert!(said.starts_with("\"Make\" (GenerateFlowFile) makes flowfiles for ever"), "{said}");
    wait_for(&place.path(".tutti"));
    interrupt(&child);
    stderr.read_to_string(&mut said).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0), "{said}");
}

#[cfg(unix)]
#[test]
fn a_stop_takes_no_longer_than_it_may_also_with_a_store_that_hangs() {
    let place = Workplace::new(&["a", "b", "c"]);
    let store = place.put_into_a_deaf_store();
    let mut command = place.tutti(&["run", "copy.json", "--param", "input=in"]);
    command.args(["--shutdown-seconds", "1"]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let _asked = store.accept().unwrap();
    interrupt(&child);
    let asked = Instant::now();
    let output = child.wait_with_output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(asked.elapsed() < Duration::from_secs(20), "{stderr}");
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert!(stderr.contains("the stop takes longer than 1 seconds"), "{stderr}");
    assert!(stderr.contains("still wait in \"Get [success] -> Put\": 3; "), "{stderr}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_terminal_that_is_closed_is_a_clean_stop_however_often_it_says_so() {
    use rustix::process::Signal;
    let place = Workplace::new(&["a"]);
    let store = place.put_into_a_deaf_store();
    let mut command =
        crate::with_hangups(&place.tutti(&["run", "copy.json", "--param", "input=in"]));
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let _asked = store.accept().unwrap();
    send(&child, Signal::HUP);
    let mut stderr = BufReader::new(child.stderr.take().unwrap()).lines().map(Result::unwrap);
    assert!(stderr.next().unwrap().starts_with("stopping: "));
    send(&child, Signal::HUP);
    assert!(stderr.next().unwrap().starts_with("waiting for 1 task of \"Put\""));
    assert!(child.try_wait().unwrap().is_none(), "the second does not end it");
    interrupt(&child);
    assert_eq!(child.wait().unwrap().code(), Some(1));
}

#[test]
fn a_run_that_failed_is_not_called_idle() {
    let place = Workplace::new(&["a"]);
    assert_eq!(finish(place.run(&["--param", "output=out"])).0, 0);
    let mut command = place.tutti(&["run", "copy.json", "--param", "input=nowhere"]);
    command.arg("--until-idle");
    let (code, _, stderr) = finish(command);
    assert_eq!(code, 1, "{stderr}");
    assert!(stderr.contains("error: Get: ") && !stderr.contains("nothing was done"), "{stderr}");
}
