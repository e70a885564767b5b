//! Users, tokens and TLS of a server, with the binary itself: who is let in, who is seen to have
//! done what, and what a proxy-less server on a network needs.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on is to fail")]

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use reqwest::{Certificate, Client, Response};
use serde_json::{Value, json};
use tutti_tests::binary;
use tutti_tests::served::Served;

const PATIENCE: Duration = Duration::from_mins(1);
const PASSWORD: &str = "a long password";
const NAME: &str = "tutti.example";

/// A folder with a flow and data.
struct Bench {
    folder: tempfile::TempDir,
}

impl Bench {
    fn new() -> Self {
        let bench = Self { folder: tempfile::tempdir().unwrap() };
        fs::create_dir(bench.path("in")).unwrap();
        bench.describe("first");
        bench
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The flow with another description.
    fn describe(&self, description: &str) {
        let flow = json!({
            "format": 1,
            "name": "take",
            "description": description,
            "processors": {
                "Get": {
                    "type": "GetFile",
                    "properties": { "Directory": self.path("in") },
                    "autoTerminate": ["success"],
                },
            },
        });
        fs::write(self.path("take.json"), flow.to_string()).unwrap();
    }

    /// A command with the data folder, which reads `input`.
    fn tutti(&self, arguments: &[&str], variables: &[(&str, &str)], input: &str) -> Output {
        let mut command = Command::new(binary::path());
        command.args(arguments).env("TUTTI_DATA", self.path("data")).env("NO_COLOR", "1");
        command.envs(variables.iter().copied()).current_dir(self.folder.path());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // It may not read it.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        child.wait_with_output().unwrap()
    }

    fn user(&self, name: &str, role: &str) {
        let done = self.tutti(&["user", "add", name, "--role", role], &[], PASSWORD);
        assert!(done.status.success(), "{}", told(&done));
    }

    fn token(&self, name: &str, role: &str) -> String {
        let done = self.tutti(&["token", "create", name, "--role", role], &[], "");
        assert!(done.status.success(), "{}", told(&done));
        String::from_utf8(done.stdout).unwrap().trim().to_owned()
    }

    fn serve(&self, more: &[&str]) -> Served {
        Served::start(&self.path("take.json"), &self.path("data"), more).unwrap()
    }

    /// A certificate for the name and the loopback address, and its key.
    fn certify(&self) {
        let names = vec![NAME.to_owned(), "127.0.0.1".to_owned()];
        let made = rcgen::generate_simple_self_signed(names).unwrap();
        fs::write(self.path("key.pem"), made.signing_key.serialize_pem()).unwrap();
        fs::write(self.path("certificate.pem"), made.cert.pem()).unwrap();
    }

    fn serve_tls(&self) -> Served {
        let path = |name| self.path(name).display().to_string();
        let (certificate, key) = (path("certificate.pem"), path("key.pem"));
        self.serve(&["--tls-certificate", &certificate, "--tls-key", &key, "--host", NAME])
    }

    /// A client that trusts the certificate as it is now.
    fn client(&self, address: &str) -> Client {
        let pem = fs::read(self.path("certificate.pem")).unwrap();
        Client::builder()
            .add_root_certificate(Certificate::from_pem(&pem).unwrap())
            .resolve(NAME, address.parse().unwrap())
            .timeout(PATIENCE)
            .no_proxy()
            .pool_max_idle_per_host(0)
            .build()
            .unwrap()
    }
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < PATIENCE, "{what}");
        thread::sleep(Duration::from_millis(50));
    }
}

fn blocking<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

fn header<'a>(answer: &'a Response, name: &str) -> &'a str {
    answer.headers().get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
}

/// The headers of a browser that has logged in.
fn logged_in(served: &Served, name: &str) -> String {
    let body = json!({ "name": name, "password": PASSWORD });
    let answer = served.post("/api/v1/session", &body).unwrap().expect(200);
    let line = answer.head.lines().find(|line| line.starts_with("set-cookie: ")).unwrap();
    let cookie = line["set-cookie: ".len()..].split(';').next().unwrap();
    format!("cookie: {cookie}\r\nx-tutti-request: 1\r\ncontent-type: application/json\r\n")
}

#[test]
fn each_users_undo_is_their_own_and_the_history_says_who_did_what() {
    let bench = Bench::new();
    bench.user("ann", "editor");
    bench.user("bob", "editor");
    bench.user("eve", "viewer");
    let served = bench.serve(&[]);
    let [ann, bob, eve] = ["ann", "bob", "eve"].map(|name| logged_in(&served, name));
    let change = |who: &str, name: &str, value: &str| {
        let path = ["processors", "Get", "properties", name];
        let changes = json!([{ "document": "flow", "path": path, "after": value }]);
        let body = json!({ "label": format!("Set {name}"), "changes": changes }).to_string();
        served.ask("POST", "/api/v1/flows/take/operations", who, body.as_bytes()).unwrap()
    };
    change(&ann, "File Filter", "a.*").expect(200);
    change(&bob, "Batch Size", "5").expect(200);
    let refused = change(&eve, "Batch Size", "6").expect(403).json();
    assert_eq!((&refused["code"], &refused["needs"]), (&json!("role"), &json!("editor")));
    served.ask("POST", "/api/v1/flows/take/undo", &ann, b"{}").unwrap().expect(200);
    let operations = "/api/v1/flows/take/operations?after=0";
    let operations = served.ask("GET", operations, &eve, b"").unwrap().expect(200).json();
    let done: Vec<(&str, &str)> = operations["operations"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|operation| operation["author"] != "file")
        .map(|one| (one["author"].as_str().unwrap(), one["label"].as_str().unwrap_or_default()))
        .collect();
    let last: Vec<_> = done.iter().rev().take(3).rev().map(|(author, _)| *author).collect();
    assert_eq!(last, ["ann", "bob", "ann"], "{done:?}");
    let draft = served.ask("GET", "/api/v1/flows/take/draft", &bob, b"").unwrap().json();
    let properties = &draft["flow"]["processors"]["Get"]["properties"];
    assert_eq!(
        (&properties["Batch Size"], &properties["File Filter"]),
        (&json!("5"), &Value::Null)
    );
    let log = served.log().unwrap();
    for line in ["ann from 127.0.0.1: POST /api/v1/flows/take/undo: 200", "eve from"] {
        assert!(log.contains(line), "{log}");
    }
    assert!(!log.contains(PASSWORD), "{log}");
    for cookie in [&ann, &bob, &eve] {
        let (_, secret) = cookie.split_once("tutti-session=").unwrap();
        let secret = secret.split(['\r', ';']).next().unwrap();
        assert!(secret.len() > 20 && !log.contains(secret), "{log}");
    }
}

#[test]
fn a_program_deploys_with_its_token_until_it_is_revoked() {
    let bench = Bench::new();
    let (ci, viewer) = (bench.token("ci", "editor"), bench.token("looks", "viewer"));
    let served = bench.serve(&[]);
    let url = format!("http://{}", served.address());
    let flow = bench.path("take.json").display().to_string();
    let arguments = ["deploy", flow.as_str(), "--to", &url];
    bench.describe("second");
    let refused = bench.tutti(&arguments, &[], "");
    assert_eq!(refused.status.code(), Some(1));
    assert!(told(&refused).contains("401") && told(&refused).contains("token"), "{refused:?}");
    let refused = bench.tutti(&arguments, &[("TUTTI_TOKEN", &viewer)], "");
    assert!(told(&refused).contains("needs the role \"editor\""), "{refused:?}");
    let done = bench.tutti(&arguments, &[("TUTTI_TOKEN", &ci)], "");
    assert!(done.status.success(), "{}", told(&done));
    // From a file, with the line end that editors leave.
    fs::write(bench.path("token"), format!("{ci}\n")).unwrap();
    let with_file = [&arguments[..], &["--token-file", "token"]].concat();
    bench.describe("third");
    let done = bench.tutti(&with_file, &[], "");
    assert!(done.status.success(), "{}", told(&done));
    let headers = format!("authorization: Bearer {viewer}\r\n");
    let operations = "/api/v1/flows/take/operations?after=0";
    let operations = served.ask("GET", operations, &headers, b"").unwrap().expect(200).json();
    let authors = operations["operations"].as_array().unwrap().iter();
    let authors = authors.map(|one| one["author"].as_str().unwrap());
    assert_eq!(authors.filter(|author| *author == "token:ci").count(), 2, "{operations}");
    assert!(bench.tutti(&["token", "revoke", "ci"], &[], "").status.success());
    until("the token is revoked while the server runs", || {
        let again = bench.tutti(&arguments, &[("TUTTI_TOKEN", &ci)], "");
        told(&again).contains("401")
    });
    let log = served.log().unwrap();
    assert!(log.contains("token:ci from 127.0.0.1: POST /api/v1/flows/take/deploy: 200"), "{log}");
    for token in [&ci, &viewer] {
        assert!(!log.contains(token.as_str()), "{log}");
    }
    // What a file should hold and does not is said without saying what it holds.
    let wrong = bench.tutti(&arguments, &[("TUTTI_TOKEN", "hunter2")], "");
    assert_eq!(wrong.status.code(), Some(2));
    assert!(!told(&wrong).contains("hunter2"), "{wrong:?}");
    let url = "http://192.0.2.1:8080";
    let clear = bench.tutti(&["deploy", &flow, "--to", url], &[("TUTTI_TOKEN", &viewer)], "");
    assert!(told(&clear).contains("without TLS"), "{clear:?}");
}

#[test]
fn users_and_tokens_are_kept_by_commands_and_shown_without_secrets() {
    let bench = Bench::new();
    bench.user("ann", "admin");
    let run = |arguments: &[&str], input: &str| bench.tutti(arguments, &[], input);
    for (arguments, input, word) in [
        (&["user", "add", "ann", "--role", "admin"][..], PASSWORD, "already"),
        (&["user", "add", "bob", "--role", "admin"], "short", "at least 12"),
        (&["user", "add", "b b", "--role", "admin"], PASSWORD, "cannot be a name"),
        (&["user", "add", "bob", "--role", "king"], PASSWORD, "viewer, operator"),
        (&["user", "remove", "bob"], "", "no user"),
        (&["token", "revoke", "bob"], "", "no token"),
    ] {
        let refused = run(arguments, input);
        assert!(!refused.status.success(), "{arguments:?}");
        assert!(told(&refused).contains(word), "{arguments:?}: {}", told(&refused));
    }
    let token = bench.token("ci", "viewer");
    assert!(run(&["user", "role", "ann", "operator"], "").status.success());
    assert!(run(&["user", "password", "ann"], "another long password\n").status.success());
    let users = String::from_utf8(run(&["user", "list"], "").stdout).unwrap();
    assert_eq!(users, "operator  ann\n");
    let tokens = run(&["token", "list", "--json"], "").stdout;
    let tokens: Value = serde_json::from_slice(&tokens).unwrap();
    assert_eq!((&tokens[0]["name"], &tokens[0]["role"]), (&json!("ci"), &json!("viewer")));
    let written = fs::read_to_string(bench.path("data/.users.json")).unwrap();
    assert!(!written.contains(&token) && !written.contains("long password"), "{written}");
    assert!(written.contains("$argon2id$"), "{written}");
    // The data folder is one all the same.
    assert!(bench.serve(&[]).end().unwrap());
    assert!(run(&["token", "revoke", "ci"], "").status.success());
    let last = run(&["user", "remove", "ann"], "");
    assert!(last.status.success() && told(&last).contains("no users"), "{last:?}");
}

#[test]
fn a_network_is_not_served_without_users_and_tls() {
    let bench = Bench::new();
    let flow = bench.path("take.json").display().to_string();
    let serve = |more: &[&str]| {
        let refused =
            bench.tutti(&[&["serve", &flow, "--listen", "0.0.0.0:0"], more].concat(), &[], "");
        (refused.status.code(), told(&refused))
    };
    for more in [&[][..], &["--allow-remote-access"]] {
        let (code, text) = serve(more);
        assert_eq!(code, Some(2), "{text}");
        assert!(text.contains("no users") && text.contains("tutti user add"), "{text}");
    }
    bench.user("ann", "admin");
    let (code, text) = serve(&[]);
    assert_eq!(code, Some(2), "{text}");
    assert!(text.contains("no TLS") && text.contains("--tls-certificate"), "{text}");
    let (code, text) = serve(&["--tls-certificate", "/no/such", "--tls-key", "/no/such"]);
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("cannot use \"/no/such\""), "{text}");
    assert_eq!(serve(&["--tls-certificate", "/no/such"]).0, Some(2), "a key is missing");
}

#[test]
fn tls_is_spoken_under_a_name_and_its_certificate_is_renewed() {
    let bench = Bench::new();
    bench.certify();
    bench.user("ann", "editor");
    let token = bench.token("ci", "editor");
    let served = bench.serve_tls();
    let address = served.address().to_owned();
    let port = address.rsplit(':').next().unwrap();
    let base = format!("https://{NAME}:{port}");
    // Whoever begins and does not go on holds up nobody.
    let stuck: Vec<_> = (0..20).map(|_| TcpStream::connect(&address).unwrap()).collect();
    let body = json!({ "name": "ann", "password": PASSWORD }).to_string();
    blocking(async {
        let client = bench.client(&address);
        let login = client.post(format!("{base}/api/v1/session")).body(body);
        let login = login.header("content-type", "application/json");
        let answer = login.header("origin", &base).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        let set = header(&answer, "set-cookie");
        assert!(set.starts_with("__Host-tutti=") && set.contains("; Secure"), "{set}");
        assert!(set.contains("HttpOnly; SameSite=Strict"), "{set}");
        assert_eq!(header(&answer, "strict-transport-security"), "max-age=31536000");
        let own = format!("https://{address}/health/live");
        let answer = client.get(own).send().await.unwrap();
        assert_eq!(header(&answer, "strict-transport-security"), "", "it is no name of its own");
        let other = client.get(format!("{base}/health/live")).header("host", "evil.example");
        assert_eq!(other.send().await.unwrap().status(), 421);
        let plain =
            client.get(format!("{base}/")).header("origin", format!("http://{NAME}:{port}"));
        assert_eq!(plain.send().await.unwrap().status(), 403);
    });
    drop(stuck);
    let mut unsafe_client = TcpStream::connect(&address).unwrap();
    unsafe_client.set_read_timeout(Some(PATIENCE)).unwrap();
    unsafe_client.write_all(b"GET /health/live HTTP/1.1\r\nhost: localhost\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    // It may be cut in the middle.
    let _ = unsafe_client.read_to_end(&mut answer);
    assert!(!answer.starts_with(b"HTTP"), "nothing is answered in the clear");

    let flow = bench.path("take.json").display().to_string();
    let url = format!("https://{address}");
    let plan = |more: &[&str]| {
        let arguments = [&["plan", &flow, "--to", &url], more].concat();
        bench.tutti(&arguments, &[("TUTTI_TOKEN", &token)], "")
    };
    let unknown = plan(&[]);
    assert_eq!(unknown.status.code(), Some(1), "an authority that nobody knows: {unknown:?}");
    let known = plan(&["--ca-file", "certificate.pem"]);
    assert!(known.status.success(), "{}", told(&known));
    let (certificate, key) = ("certificate.pem", "key.pem");
    let health =
        ["health", "--listen", &address, "--tls-certificate", certificate, "--tls-key", key];
    assert!(bench.tutti(&health, &[], "").status.success());

    // The new certificate is not trusted by who knows the old one only, and the reverse.
    let old = bench.path("old.pem");
    fs::copy(bench.path("certificate.pem"), &old).unwrap();
    bench.certify();
    until("the certificate is renewed", || {
        plan(&["--ca-file", "certificate.pem"]).status.success()
    });
    assert!(!plan(&["--ca-file", "old.pem"]).status.success());
    fs::write(bench.path("key.pem"), "no key").unwrap();
    until("what cannot be used is told", || served.log().unwrap().contains("key.pem"));
    assert!(plan(&["--ca-file", "certificate.pem"]).status.success(), "and the one before holds");
    assert_mode(&bench.path("data/.users.json"));
    assert!(served.end().unwrap());
}

/// Only its owner may read it.
fn assert_mode(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
}
