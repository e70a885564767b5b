//! `tutti plan`, `deploy` and `rollback`.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::service::Service;
use super::workplace::{PATIENCE, Workplace};
use super::{finish, tutti};

#[test]
fn a_flow_is_planned_deployed_once_and_rolled_back() {
    let place = Workplace::new(&[]);
    let output = place.path("out").display().to_string();
    let input = place.path("in").display().to_string();
    let parameters = [format!("--param=input={input}"), format!("--param=output={output}")];
    let mut arguments = vec!["serve", "copy.json", "--listen", "127.0.0.1:0"];
    arguments.extend(parameters.iter().map(String::as_str));
    let service = Service::start(place.tutti(&arguments));
    let url = format!("http://{}", service.address);
    let file = place.path("changed/copy.json");
    fs::create_dir(place.path("changed")).unwrap();
    let text = fs::read_to_string(place.path("copy.json")).unwrap();
    fs::write(
        &file,
        text.replace(
            "\"Directory\": \"#{input}\",",
            "\"Directory\": \"#{input}\", \"File Filter\": \"a\",",
        ),
    )
    .unwrap();
    let file = file.display().to_string();

    let (code, plan, _) = finish(tutti(&["plan", &file, "--to", &url]));
    assert_eq!(code, 0, "{plan}");
    let expected = [
        r#"~ processor "Get""#,
        r#"    properties.File Filter: "(?s)[^\\.].*" -> "a""#,
        "stops and starts: Get",
    ];
    assert_eq!(plan.lines().collect::<Vec<_>>(), expected);
    let draft = service.ask("GET", "/api/v1/flows/copy/draft").1;
    assert_eq!(draft["revision"], 1, "a plan changes nothing");

    let (code, stdout, stderr) = finish(tutti(&["deploy", &file, "--to", &url]));
    assert_eq!((code, stdout.as_str()), (0, ""), "{stderr}");
    assert_eq!(stderr, "\"copy\" runs as revision 2: 0 added, 1 changed, 0 removed\n");
    assert!(fs::read_to_string(place.path("copy.json")).unwrap().contains("File Filter"));
    let (code, _, stderr) = finish(tutti(&["deploy", &file, "--to", &url]));
    assert_eq!((code, stderr.as_str()), (0, "\"copy\" runs as it is: nothing was done\n"));
    let nothing = (0, "nothing would change\n".to_owned(), String::new());
    assert_eq!(finish(tutti(&["plan", &file, "--to", &url])), nothing);

    let rollback = ["rollback", "copy", "--revision", "1", "--to", &url, "--json"];
    let (code, stdout, stderr) = finish(tutti(&rollback));
    assert_eq!(code, 0, "{stderr}");
    let applied: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!(applied["applied"]["changed"], serde_json::json!(["Get"]));
    assert!(!fs::read_to_string(place.path("copy.json")).unwrap().contains("File Filter"));
}

/// Waits until `is_so`.
fn until(is_so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < PATIENCE, "it does not happen");
        thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_plan_tells_how_much_waits_for_what_stops() {
    let place = Workplace::new(&[]);
    let [input, output] = ["in", "out"].map(|name| place.path(name).display().to_string());
    let parameters = [format!("--param=input={input}"), format!("--param=output={output}")];
    let mut arguments = vec!["serve", "copy.json", "--listen", "127.0.0.1:0"];
    arguments.extend(parameters.iter().map(String::as_str));
    let service = Service::start(place.tutti(&arguments));
    let url = format!("http://{}", service.address);
    let flow = "/api/v1/flows/copy";
    let status = || service.ask("GET", &format!("{flow}/status")).1;
    let stop = r#"{ "action": "stop", "processors": ["Put"] }"#;
    assert_eq!(service.send("POST", &format!("{flow}/control"), stop).0, 202);
    until(|| status()["processors"][1]["state"] == "stopped");
    for name in ["a", "bb"] {
        fs::write(place.path("in").join(name), name).unwrap();
    }
    until(|| status()["connections"][0]["queued"] == 2);
    let file = place.path("changed/copy.json");
    fs::create_dir(place.path("changed")).unwrap();
    let text = fs::read_to_string(place.path("copy.json")).unwrap();
    fs::write(&file, text.replace("#{output}", "#{output}/deeper")).unwrap();
    let file = file.display().to_string();
    let (code, plan, _) = finish(tutti(&["plan", &file, "--to", &url]));
    assert_eq!(code, 0, "{plan}");
    let told = "stops and starts: Put (flowfiles that wait for it: 2, 3 bytes)";
    assert_eq!(plan.lines().last(), Some(told), "{plan}");
}

#[test]
fn what_is_refused_leaves_the_draft_as_it_was_and_what_was_drawn_is_replaced_when_that_is_said() {
    let place = Workplace::new(&[]);
    let flow = |processors: &str| {
        let text =
            format!(r#"{{ "format": 1, "name": "made", "processors": {{ {processors} }} }}"#);
        fs::write(place.path("made.json"), text).unwrap();
    };
    let make = |size: &str| {
        format!(
            r#""Make": {{ "type": "GenerateFlowFile", "schedule": {{ "period": "1 h" }},
                "properties": {{ "File Size": "{size}" }}, "autoTerminate": ["success"] }}"#
        )
    };
    let service = Service::start(place.tutti(&["serve", "--listen", "127.0.0.1:0"]));
    let url = format!("http://{}", service.address);
    let file = place.path("made.json").display().to_string();
    let deploy = |more: &[&str]| finish(tutti(&[&["deploy", &file, "--to", &url], more].concat()));
    let draft = || service.ask("GET", "/api/v1/flows/made/draft").1;

    flow(&make("1 B"));
    assert_eq!(deploy(&[]).0, 0);
    flow(&make("much"));
    let (code, _, stderr) = deploy(&[]);
    assert_eq!(code, 1, "{stderr}");
    assert!(stderr.contains("= in processor \"Make\"") && !stderr.contains("warning"), "{stderr}");
    let left = draft();
    assert_eq!(left["isAhead"], false, "{left}");
    assert_eq!(left["flow"]["processors"]["Make"]["properties"]["File Size"], "1 B");
    flow(&make("2 B"));
    assert_eq!(deploy(&[]).0, 0, "the next one is not held up");

    // Somebody draws.
    let drawn = r#"{ "label": "Draw", "changes": [{ "document": "flow", "path": ["description"],
        "after": "Drawn" }] }"#;
    assert_eq!(service.send("POST", "/api/v1/flows/made/operations", drawn).0, 200);
    flow(&make("3 B"));
    let (code, _, stderr) = deploy(&[]);
    assert!(code == 1 && stderr.contains("--replace"), "{stderr}");
    let (code, _, stderr) = finish(tutti(&["plan", &file, "--to", &url]));
    assert!(code == 1 && stderr.contains("--replace"), "{stderr}");
    assert_eq!(draft()["flow"]["description"], "Drawn");
    assert_eq!(finish(tutti(&["plan", &file, "--to", &url, "--replace"])).0, 0);
    assert_eq!(deploy(&["--replace"]).0, 0);
    assert_eq!(draft()["flow"]["description"], Value::Null);

    let (code, _, stderr) = finish(tutti(&["delete", "made", "--to", &url]));
    assert!(code == 0 && stderr.contains("\"made\" is no more"), "{stderr}");
}

#[test]
fn a_name_with_other_letters_is_that_flow_and_no_other() {
    let place = Workplace::new(&[]);
    let service = Service::start(place.tutti(&["serve", "--listen", "127.0.0.1:0"]));
    let url = format!("http://{}", service.address);
    let flow = |name: &str| {
        let file = place.path(&format!("{name}.json")).display().to_string();
        fs::write(&file, format!(r#"{{ "format": 1, "name": "{name}" }}"#)).unwrap();
        let (code, _, stderr) = finish(tutti(&["deploy", &file, "--to", &url]));
        assert_eq!(code, 0, "{stderr}");
    };
    flow("gr_n");
    flow("grün");
    let names = || {
        let flows = service.ask("GET", "/api/v1/flows").1;
        let flows = flows.as_array().unwrap().iter();
        flows.map(|flow| flow["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names(), ["gr_n", "grün"]);
    for name in ["gr n", "gr/n", "..", ""] {
        let (code, _, stderr) = finish(tutti(&["delete", name, "--to", &url]));
        assert!(code != 0 && stderr.contains("no flow"), "{name:?}: {stderr}");
    }
    let (code, _, stderr) = finish(tutti(&["delete", "grün", "--to", &url]));
    assert_eq!(code, 0, "{stderr}");
    assert_eq!(names(), ["gr_n"]);
}

#[test]
fn what_cannot_run_is_refused_with_what_is_wrong() {
    let place = Workplace::new(&[]);
    let service = Service::start(place.tutti(&["serve", "--listen", "127.0.0.1:0"]));
    let url = format!("http://{}", service.address);
    let file = place.path("wrong.json").display().to_string();
    let wrong = r#"{ "format": 1, "name": "wrong", "processors": { "A": { "type": "Nothing" } } }"#;
    fs::write(&file, wrong).unwrap();
    let (code, plan, _) = finish(tutti(&["plan", &file, "--to", &url]));
    assert_eq!(code, 1);
    assert!(plan.starts_with("error[T0101]: "), "{plan}");
    let (code, _, stderr) = finish(tutti(&["deploy", &file, "--to", &url]));
    assert_eq!(code, 1);
    assert!(stderr.contains("with 422") && stderr.contains("error[T0101]"), "{stderr}");
    assert!(stderr.contains("= in processor \"A\""), "{stderr}");
    assert_eq!(service.ask("GET", "/api/v1/flows").1, json!([]), "there is no such flow now");
    fs::write(&file, wrong.replace("Nothing", "LogAttribute")).unwrap();
    let (_, _, stderr) = finish(tutti(&["deploy", &file, "--to", &url]));
    assert!(!stderr.contains("error[T0101]"), "{stderr}");
    fs::write(&file, "{").unwrap();
    let (code, _, stderr) = finish(tutti(&["deploy", &file, "--to", &url]));
    assert_eq!(code, 2);
    assert!(stderr.contains("wrong.json:1"), "{stderr}");
    let unknown = ["rollback", "nobody", "--revision", "1", "--to", &url];
    let (code, _, stderr) = finish(tutti(&unknown));
    assert_eq!(code, 1);
    assert!(stderr.contains("no flow \"nobody\""), "{stderr}");
    let nobody = ["plan", "copy.json", "--to", "http://127.0.0.1:9"];
    let mut command = tutti(&nobody);
    command.current_dir(place.path(""));
    let (code, _, stderr) = finish(command);
    assert_eq!(code, 1);
    assert!(stderr.contains("does not answer"), "{stderr}");
}
