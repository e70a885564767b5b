//! Who is let in, to what, and until when.

use std::io::Read;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tutti_runtime::NotStarted;
use tutti_server::{AccountsFile, Entrance, Exposure, Limits, Role, Server, route_roles};

use super::running::{Answer, Running, entrance, start, start_at};

const PASSWORD: &str = "a long password";
const PATIENCE: Duration = Duration::from_secs(30);

/// A file of users in a folder of its own.
struct Users {
    file: AccountsFile,
    path: PathBuf,
    _folder: tempfile::TempDir,
}

impl Users {
    /// "ann" is an editor.
    fn new() -> Self {
        let users = Self::none();
        users.file.change(|all| all.add_user("ann", Role::Editor, PASSWORD)).unwrap();
        users
    }

    fn none() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("users.json");
        Self { file: AccountsFile::new(path.clone()), path, _folder: folder }
    }

    /// The header of a program with that role.
    fn token(&self, role: Role) -> String {
        let made = self.file.change(|all| all.create_token(role.name(), role, 0, None)).unwrap();
        format!("Authorization: Bearer {}\r\n", made.reveal())
    }

    fn serve(&self) -> Running {
        start_at(&entrance("127.0.0.1:0", &self.path), Limits::default())
    }
}

fn login(running: &Running, name: &str, password: &str) -> Answer {
    let body = json!({ "name": name, "password": password });
    running.send("POST", "/api/v1/session", "X-Tutti-Request: 1\r\n", &body)
}

/// The header of a browser that has logged in.
fn cookie(answer: &Answer) -> String {
    assert_eq!(answer.status, 200, "{answer:?}");
    let set = answer.header("set-cookie").unwrap();
    format!("Cookie: {}\r\n", set.split(';').next().unwrap())
}

fn code(answer: &Answer) -> Value {
    answer.json()["code"].clone()
}

fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < PATIENCE, "{what}");
        thread::sleep(Duration::from_millis(20));
    }
}

/// The status of an answer, and what a refusal says; the answer may have no end.
fn outcome(running: &Running, method: &str, path: &str, headers: &str) -> (u16, Value) {
    let host = running.address;
    let mut client = running.connect();
    client.say(&format!(
        "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{headers}\
         Content-Length: 0\r\n\r\n"
    ));
    let head = client.head();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    let is_refused = [401, 403].contains(&status);
    let body = if is_refused { serde_json::from_str(&client.rest()).unwrap() } else { json!({}) };
    (status, body)
}

#[test]
fn every_route_is_for_its_role_and_those_above_and_nobody_else() {
    let users = Users::new();
    let callers: Vec<_> = [None]
        .into_iter()
        .chain(Role::ALL.map(Some))
        .map(|role| (role, role.map(|role| users.token(role)).unwrap_or_default()))
        .collect();
    let running = users.serve();
    let mut count = 0;
    for (method, path, least) in route_roles() {
        let path = path.replace("{flow}", "none");
        for (role, headers) in &callers {
            let (status, body) = outcome(&running, method, &path, headers);
            let what = format!("{method} {path} by {role:?}: {status} {body}");
            match (least, role) {
                (Some(_), None) => {
                    assert_eq!((status, &body["code"]), (401, &json!("login")), "{what}");
                }
                (Some(least), Some(role)) if *role < least => {
                    assert_eq!((status, &body["code"]), (403, &json!("role")), "{what}");
                    assert_eq!(body["needs"], least.name(), "{what}");
                }
                _ => assert!(![401, 403, 405].contains(&status), "{what}"),
            }
            count += 1;
        }
    }
    assert!(count >= 150, "{count}");
}

/// As the manual promises it, whatever the table says.
#[test]
fn who_only_looks_on_sees_no_data_and_changes_nothing() {
    let users = Users::new();
    let headers = users.token(Role::Viewer);
    let running = users.serve();
    let data = ["content", "content/table", "content/preview", "queue", "state", "trash"];
    let data = data.iter().map(|path| ("GET", format!("/api/v1/flows/none/{path}")));
    let acts = ["control", "operations", "undo", "apply", "verify", "expressions", "queue/empty"];
    let acts = acts.iter().map(|path| ("POST", format!("/api/v1/flows/none/{path}")));
    let others = [
        ("GET", "/api/v1/provenance"),
        ("POST", "/api/v1/provenance/replay"),
        ("PUT", "/api/v1/flows/none"),
        ("DELETE", "/api/v1/flows/none"),
        ("POST", "/api/v1/flows"),
        ("POST", "/api/v1/stop"),
    ];
    let others = others.map(|(method, path)| (method, path.to_owned()));
    for (method, path) in data.chain(acts).chain(others) {
        let (status, body) = outcome(&running, method, &path, &headers);
        assert_eq!((status, &body["code"]), (403, &json!("role")), "{method} {path}");
    }
    for path in ["/api/v1/flows", "/api/v1/status", "/api/v1/processor-types"] {
        assert_ne!(outcome(&running, "GET", path, &headers).0, 403, "{path}");
    }
}

#[test]
fn without_users_everything_on_this_machine_is_answered() {
    let running = start(Limits::default());
    for (method, path, _) in route_roles() {
        let (status, body) = outcome(&running, method, &path.replace("{flow}", "none"), "");
        assert!(![401, 403, 405].contains(&status), "{method} {path}: {status} {body}");
    }
    let session = running.get("/api/v1/session").json();
    assert_eq!(session, json!({ "user": null, "needsLogin": false }));
}

#[test]
fn the_page_is_for_everybody_and_a_method_that_no_rule_names_for_nobody() {
    let users = Users::new();
    let running = users.serve();
    let page = running.ask("GET", "/", "accept: text/html\r\n");
    assert_eq!(page.status, 200);
    assert_eq!(running.get("/nothing").status, 404);
    let admin = users.token(Role::Admin);
    until("the token is known", || running.ask("GET", "/api/v1/status", &admin).status == 200);
    assert_eq!(running.ask("DELETE", "/api/v1/status", &admin).status, 405);
    assert_eq!(running.ask("HEAD", "/api/v1/status", "").status, 401);
}

#[test]
fn who_logs_in_has_a_cookie_that_no_script_sees_until_they_log_out() {
    let users = Users::new();
    let running = users.serve();
    let nobody = json!({ "user": null, "needsLogin": true });
    assert_eq!(running.get("/api/v1/session").json(), nobody);
    let answer = login(&running, "ann", PASSWORD);
    let ann = json!({ "user": { "name": "ann", "role": "editor" }, "needsLogin": false });
    assert_eq!(answer.json(), ann);
    let set = answer.header("set-cookie").unwrap();
    for part in ["; path=/", "; httponly", "; samesite=strict", "; max-age="] {
        assert!(set.contains(part), "{set}");
    }
    assert!(!set.contains("; secure") && set.starts_with("tutti-session="), "{set}");
    let cookie = cookie(&answer);
    assert_eq!(running.ask("GET", "/api/v1/session", &cookie).json(), ann);
    assert_eq!(running.ask("GET", "/api/v1/status", &cookie).status, 200);
    let out = format!("{cookie}X-Tutti-Request: 1\r\n");
    let ended = running.ask("DELETE", "/api/v1/session", &out);
    assert_eq!(ended.status, 204);
    assert!(ended.header("set-cookie").unwrap().contains("max-age=0"));
    assert_eq!(running.ask("GET", "/api/v1/session", &cookie).json(), nobody);
    assert_eq!(running.ask("GET", "/api/v1/status", &cookie).status, 401);
}

#[test]
fn behind_a_proxy_that_speaks_tls_the_cookie_is_for_tls_alone() {
    let users = Users::new();
    let exposure = Exposure::Proxied;
    let behind = Entrance { exposure, ..entrance("127.0.0.1:0", &users.path) };
    let running = start_at(&behind, Limits::default());
    let origin = format!("X-Tutti-Request: 1\r\nOrigin: https://{}\r\n", running.address);
    let body = json!({ "name": "ann", "password": PASSWORD });
    let answer = running.send("POST", "/api/v1/session", &origin, &body);
    let set = answer.header("set-cookie").unwrap();
    assert!(set.starts_with("__host-tutti=") && set.contains("; secure"), "{set}");
}

#[test]
fn a_change_with_a_cookie_needs_what_other_pages_cannot_send() {
    let users = Users::new();
    let running = users.serve();
    let cookie = cookie(&login(&running, "ann", PASSWORD));
    let body = json!({ "name": "flow" });
    let refused = running.send("POST", "/api/v1/flows", &cookie, &body);
    assert_eq!((refused.status, code(&refused)), (403, json!("request")));
    let headers = format!("{cookie}X-Tutti-Request: 1\r\n");
    let taken = running.send("POST", "/api/v1/flows", &headers, &body);
    assert_ne!(taken.status, 403, "{taken:?}");
    // And what other pages send with it is refused as ever.
    let headers = format!("{headers}Origin: http://evil.example\r\n");
    assert_eq!(running.send("POST", "/api/v1/flows", &headers, &body).status, 403);
}

#[test]
fn a_wrong_password_and_an_unknown_name_are_answered_alike_and_not_too_often() {
    let users = Users::new();
    let running = users.serve();
    let (wrong, unknown) =
        (login(&running, "ann", "wrong password"), login(&running, "bob", PASSWORD));
    assert_eq!((wrong.status, code(&wrong)), (401, json!("credentials")));
    assert_eq!(wrong.body, unknown.body);
    assert!(wrong.header("set-cookie").is_none());
    let mut last = wrong;
    for _ in 0..30 {
        last = login(&running, "ann", "wrong password");
        if last.status == 429 {
            break;
        }
    }
    assert_eq!((last.status, code(&last)), (429, json!("tooMany")));
    let wait: u64 = last.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    let right = login(&running, "ann", PASSWORD);
    assert_eq!(right.status, 429, "also with the right password");
    for body in [json!({}), json!({ "name": "ann", "password": PASSWORD, "more": 1 })] {
        let malformed = running.send("POST", "/api/v1/session", "", &body);
        assert_eq!(malformed.status, 422);
        assert!(!malformed.body.contains(PASSWORD));
    }
}

#[test]
fn what_becomes_of_users_is_seen_while_the_server_runs_and_ends_what_they_watch() {
    let users = Users::none();
    let running = users.serve();
    assert_eq!(running.get("/api/v1/status").status, 200);
    users.file.change(|all| all.add_user("ann", Role::Viewer, PASSWORD)).unwrap();
    until("the first user closes it", || running.get("/api/v1/status").status == 401);
    let cookie = cookie(&login(&running, "ann", PASSWORD));
    let host = running.address;
    let mut watching = running.connect();
    watching.say(&format!("GET /api/v1/events HTTP/1.1\r\nHost: {host}\r\n{cookie}\r\n"));
    assert!(watching.head().contains("text/event-stream"));
    let mut told = String::new();
    while !told.contains("event: status") {
        let mut some = [0; 1024];
        let count = watching.0.read(&mut some).unwrap();
        assert!(count > 0, "it ends by itself: {told}");
        told.push_str(&String::from_utf8_lossy(&some[..count]));
    }
    users.file.change(|all| all.set_role("ann", Role::Editor)).unwrap();
    let mut rest = Vec::new();
    let last = loop {
        let mut byte = [0];
        watching.0.read_exact(&mut byte).unwrap();
        rest.push(byte[0]);
        if rest.ends_with(b"0\r\n\r\n") {
            break running.ask("GET", "/api/v1/status", &cookie);
        }
    };
    assert_eq!(last.status, 401, "the stream has ended, and the session");
}

#[test]
fn why_something_is_not_ready_is_told_to_users_alone() {
    let users = Users::new();
    let token = users.token(Role::Viewer);
    let running = users.serve();
    let reason = Some("no such folder \"/secret\"".to_owned());
    let (flow, what, path) = ("a".to_owned(), "processor", "Get".to_owned());
    *running.engine.not_started.lock().unwrap() = vec![NotStarted { flow, what, path, reason }];
    let (told, known) = (running.get("/health/ready"), running.ask("GET", "/health/ready", &token));
    assert_eq!((told.status, known.status), (503, 503));
    assert!(!told.body.contains("secret") && known.body.contains("secret"), "{told:?}");
}

#[test]
fn a_client_that_asks_too_often_waits_and_is_told_how_long() {
    let limits = Limits { requests_per_second: 5, ..Limits::default() };
    let running = start(limits);
    let statuses: Vec<u16> = (0..30).map(|_| running.get("/api/v1").status).collect();
    assert_eq!(statuses[..10], [200; 10]);
    let refused = (0..100).map(|_| running.get("/api/v1")).find(|answer| answer.status == 429);
    let refused = refused.unwrap();
    assert_eq!(code(&refused), json!("tooMany"));
    assert_eq!(refused.header("retry-after"), Some("1"));
    assert_eq!(running.get("/health/live").status, 200, "whether it lives is told always");
}

#[test]
fn it_does_not_serve_others_without_users_and_tls_unless_told_so() {
    let (none, users) = (Users::none(), Users::new());
    let bind = |address: &str, users: &Users, exposure, hosts: &[&str]| {
        let hosts = hosts.iter().map(|name| (*name).to_owned()).collect();
        let at = Entrance { exposure, hosts, ..entrance(address, &users.path) };
        Server::bind(&at).err().map_or_else(String::new, |error| error.to_string())
    };
    for address in ["0.0.0.0:0", "[::]:0", "[::ffff:0.0.0.0]:0"] {
        assert!(bind(address, &none, Exposure::Safe, &[]).contains("no users"));
        assert!(bind(address, &none, Exposure::Proxied, &[]).contains("no users"));
        assert!(bind(address, &users, Exposure::Safe, &[]).contains("no TLS"));
    }
    assert_eq!(bind("0.0.0.0:0", &users, Exposure::Proxied, &[]), "");
    assert_eq!(bind("0.0.0.0:0", &none, Exposure::WithoutUsers, &[]), "");
    // A name is for others than this machine.
    assert!(bind("127.0.0.1:0", &none, Exposure::Safe, &["a.example"]).contains("no users"));
    assert_eq!(bind("127.0.0.1:0", &users, Exposure::Safe, &["a.example"]), "");
    for wrong in ["", "https://a.example", "a.example:80", "*"] {
        assert!(bind("127.0.0.1:0", &users, Exposure::Safe, &[wrong]).contains("no name"));
    }
}
