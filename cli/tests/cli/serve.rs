//! `tutti serve`.

use std::fs;

use serde_json::{Value, json};

use super::service::Service;
use super::workplace::{Workplace, names};
use super::{BINARY, finish, tutti, untouched};

const FLOW: &[&str] = &["serve", "copy.json", "--listen", "127.0.0.1:0", "--param", "input=in"];

fn delivered(status: &Value) -> &Value {
    let processors = status["flows"][0]["processors"].as_array().unwrap();
    let put = processors.iter().find(|each| each["path"] == "Put").unwrap();
    &put["transferred"]["success"]
}

#[cfg(unix)]
#[test]
fn a_flow_runs_until_a_signal_and_goes_on_with_the_next_start() {
    use rustix::process::Signal;
    let place = Workplace::new(&["a", "b"]);
    let mut service = Service::start(place.tutti(FLOW));
    assert_eq!(service.ask("GET", "/health/live").0, 200);
    let ready = service.ask_until("/health/ready", |(code, _)| *code == 200);
    assert_eq!(ready, json!({ "status": "ready" }));
    let flows = service.ask("GET", "/api/v1/flows").1;
    assert_eq!(
        (&flows[0]["name"], &flows[0]["description"]),
        (&"copy".into(), &"Copies files.".into())
    );
    assert_eq!(flows[0]["processors"], json!(["Get", "Put"]));
    let types = service.ask("GET", "/api/v1/processor-types").1;
    assert!(types.as_array().unwrap().iter().any(|each| each["type"] == "GetFile"));
    let status = service.ask_until("/api/v1/status", |(_, status)| *delivered(status) == 2);
    assert_eq!(status["state"], "running");
    service.signal(Signal::TERM);
    let (code, stdout, stderr) = service.end();
    assert_eq!((code, stdout.as_str()), (Some(0), ""), "{stderr}");
    assert!(stderr.starts_with("stopping: "), "{stderr}");
    assert_eq!(names(&place.path("default")), ["a", "b"]);

    fs::write(place.path("in/c"), "c").unwrap();
    let mut service = Service::start(place.tutti(FLOW));
    service.ask_until("/api/v1/status", |(_, status)| *delivered(status) == 1);
    service.signal(Signal::INT);
    assert_eq!(service.end().0, Some(0));
    assert_eq!(names(&place.path("default")), ["a", "b", "c"]);
}

#[test]
fn a_flow_whose_sink_cannot_start_takes_nothing_in_and_is_not_ready() {
    let place = Workplace::new(&["a"]);
    place.put_into_s3();
    let mut command = place.tutti(FLOW);
    command.env_clear();
    let service = Service::start(command);
    let why = "there are no credentials for";
    let is_told = |(code, answer): &(u16, Value)| {
        *code == 503 && answer["detail"].as_str().is_some_and(|detail| detail.contains(why))
    };
    service.ask_until("/health/ready", is_told);
    let url = format!("http://{}", service.address);
    let (code, stdout, stderr) = finish(tutti(&["health", "--to", &url]));
    assert_eq!((code, stdout.as_str()), (1, ""));
    assert!(stderr.contains(why) && stderr.contains("\"Put\""), "{stderr}");
    let status = service.ask("GET", "/api/v1/status").1;
    assert_eq!(
        (&status["flows"][0]["state"], &status["flows"][0]["entered"]),
        (&"startFailed".into(), &0.into())
    );
}

#[cfg(target_os = "linux")]
#[test]
fn under_nohup_it_stays_when_its_terminal_is_closed_and_else_it_stops() {
    use rustix::process::Signal;
    let place = Workplace::new(&["a"]);
    let mut command = untouched("sh");
    command.args(["-c", "trap '' HUP; exec \"$@\"", "sh", BINARY]).args(FLOW);
    command.current_dir(place.path(""));
    let mut service = Service::start(command);
    service.ask_until("/api/v1/status", |(_, status)| *delivered(status) == 1);
    service.signal(Signal::HUP);
    fs::write(place.path("in/b"), "b").unwrap();
    service.ask_until("/api/v1/status", |(_, status)| *delivered(status) == 2);
    service.signal(Signal::TERM);
    let (code, _, stderr) = service.end();
    assert_eq!((code, stderr.matches("stopping: ").count()), (Some(0), 1), "{stderr}");

    let mut service = Service::start(crate::with_hangups(&place.tutti(FLOW)));
    service.signal(Signal::HUP);
    let (code, _, stderr) = service.end();
    assert_eq!((code, stderr.matches("stopping: ").count()), (Some(0), 1), "{stderr}");
}

#[test]
fn a_flood_of_clients_is_no_flood_of_the_log() {
    const FLOOD: usize = 300;
    let place = Workplace::new(&[]);
    let mut service = Service::start(place.tutti(&["serve", "--listen", "127.0.0.1:0"]));
    let clients: Vec<_> =
        (0..FLOOD).map(|_| std::net::TcpStream::connect(&service.address).unwrap()).collect();
    assert_eq!(service.ask("POST", "/api/v1/stop").0, 202);
    let (code, _, stderr) = service.end();
    drop(clients);
    let told: Vec<_> = stderr.lines().filter(|line| line.contains("more than 256")).collect();
    assert_eq!((code, told.len()), (Some(0), 2), "the first, and the rest in the end: {stderr}");
    let counts = told.iter().filter_map(|line| line.split("were cut, ").nth(1)?.split(' ').next());
    let cut: usize = counts.map(|count| count.parse::<usize>().unwrap()).sum();
    assert_eq!(cut, FLOOD + 1 - 256, "{stderr}");
}

#[test]
fn without_a_flow_there_is_only_the_interface() {
    let place = Workplace::new(&[]);
    let mut service = Service::start(place.tutti(&["serve", "--listen", "127.0.0.1:0"]));
    service.ask_until("/health/ready", |(code, _)| *code == 200);
    assert_eq!(service.ask("GET", "/api/v1/flows").1, json!([]));
    assert_eq!(service.ask("POST", "/api/v1/stop").0, 202);
    let (code, _, stderr) = service.end();
    assert_eq!((code, stderr.as_str()), (Some(0), "stopped\n"));
}

#[cfg(unix)]
#[test]
fn a_second_interrupt_does_not_wait_for_a_task_that_hangs() {
    use rustix::process::Signal;
    let place = Workplace::new(&["a"]);
    let store = place.put_into_a_deaf_store();
    let mut service = Service::start(place.tutti(FLOW));
    let _asked = store.accept().unwrap();
    let is_at_work = |status: &Value| {
        let processors = status["flows"][0]["processors"].as_array().unwrap();
        processors.iter().any(|each| each["path"] == "Put" && each["activeTasks"] == 1)
    };
    service.signal(Signal::TERM);
    service.ask_until("/health/ready", |(code, _)| *code == 503);
    let status = service.ask("GET", "/api/v1/status").1;
    assert_eq!(status["state"], "stopping");
    assert!(is_at_work(&status), "the first interrupt waits: {status}");
    service.signal(Signal::TERM);
    assert_eq!(service.end().0, Some(1));
}

#[test]
fn a_data_folder_in_use_and_a_taken_port_are_told() {
    let place = Workplace::new(&[]);
    let service = Service::start(place.tutti(FLOW));
    let (code, stdout, stderr) = finish(place.tutti(FLOW));
    assert_eq!((code, stdout.as_str()), (1, ""));
    for part in ["\".tutti\" is in use by process", "choose another data folder with --data"] {
        assert!(stderr.contains(part), "{part} is missing in\n{stderr}");
    }
    let arguments = ["serve", "--data", "other", "--listen", &service.address];
    let (code, _, stderr) = finish(place.tutti(&arguments));
    assert_eq!(code, 1);
    assert!(stderr.contains("choose another port"), "{stderr}");
    assert!(!place.path("other").exists(), "nothing is made for it");
}

#[test]
fn a_flow_with_mistakes_is_not_served() {
    let place = Workplace::new(&[]);
    let text = fs::read_to_string(place.path("copy.json")).unwrap();
    fs::write(place.path("copy.json"), text.replace("PutFile", "PutFiel")).unwrap();
    let (code, stdout, stderr) = finish(place.tutti(FLOW));
    assert_eq!((code, stdout.as_str()), (2, ""));
    assert!(stderr.contains("did you mean \"PutFile\"?"), "{stderr}");
}

#[test]
fn the_address_comes_from_a_flag_the_environment_or_the_file() {
    let place = Workplace::new(&[]);
    fs::write(place.path("tutti.toml"), "listen = \"192.0.2.1:1\"\n").unwrap();
    // None of these addresses is this machine's own: each is refused by its name.
    let refused = |variable: Option<&str>, flag: Option<&str>| {
        let mut command = place.tutti(&["serve"]);
        command.envs(variable.map(|value| ("TUTTI_LISTEN", value)));
        command.args(flag.map(|value| format!("--listen={value}")));
        let (code, _, stderr) = finish(command);
        assert_eq!(code, 2, "{stderr}");
        assert!(stderr.contains("--allow-remote-access"), "{stderr}");
        stderr
    };
    assert!(refused(None, None).contains("\"192.0.2.1:1\""));
    assert!(refused(Some("192.0.2.2:2"), None).contains("\"192.0.2.2:2\""));
    assert!(refused(Some("192.0.2.2:2"), Some("192.0.2.3:3")).contains("\"192.0.2.3:3\""));
}

#[test]
fn others_are_let_in_only_when_a_flag_the_environment_or_the_file_says_so() {
    let place = Workplace::new(&[]);
    let serve = |variable: Option<&str>, flag: Option<&str>| {
        let mut command = place.tutti(&["serve", "--listen", "0.0.0.0:0"]);
        command.envs(variable.map(|value| ("TUTTI_ALLOW_REMOTE_ACCESS", value)));
        command.args(flag);
        command
    };
    assert_eq!(finish(serve(None, None)).0, 2);
    assert_eq!(finish(serve(Some("without-users"), Some("--allow-remote-access=false"))).0, 2);
    assert_eq!(finish(serve(None, Some("--allow-remote-access"))).0, 2, "there are no users");
    drop(Service::start(serve(None, Some("--allow-remote-access=without-users"))));
    drop(Service::start(serve(Some("without-users"), None)));
    fs::write(place.path("tutti.toml"), "allow-remote-access = \"without-users\"\n").unwrap();
    drop(Service::start(serve(None, None)));
    assert_eq!(finish(serve(Some("false"), None)).0, 2);
}
