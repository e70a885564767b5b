//! The server over a real socket.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod access;
mod connections;
mod running;

use std::net::TcpListener;
use std::path::Path;
use std::sync::atomic::Ordering;

use serde_json::json;
use tutti_runtime::NotStarted;
use tutti_server::{Entrance, Exposure, Limits, Server};

use running::{begin_at, entrance, start};

#[test]
fn what_the_index_lists_is_there() {
    let running = start(Limits::default());
    let index = running.get("/");
    assert_eq!(index.status, 200);
    let links = index.json()["links"].as_object().unwrap().clone();
    assert_eq!(links.len(), 12, "{links:?}");
    for (name, path) in &links {
        let method = if name == "stop" { "POST" } else { "GET" };
        let answer = running.ask("OPTIONS", path.as_str().unwrap(), "");
        assert_eq!(answer.status, 204, "{path}");
        assert!(answer.header("allow").unwrap().to_uppercase().contains(method), "{answer:?}");
    }
    assert_eq!(running.get("/health/live").json(), json!({ "status": "live" }));
    assert_eq!(running.get("/health/ready").json(), json!({ "status": "ready" }));
    let status = running.get("/api/v1/status");
    assert_eq!(status.header("content-type"), Some("application/json"));
    let version = env!("CARGO_PKG_VERSION");
    let right = json!({ "version": version, "state": "running", "flows": [] });
    assert_eq!(status.json(), right);
    assert_eq!(running.get("/api/v1/flows").json(), json!([]));
}

#[test]
fn every_answer_keeps_browsers_from_guessing_and_other_origins_out() {
    let running = start(Limits::default());
    for path in ["/", "/nothing", "/api/v1/processor-types"] {
        let answer = running.get(path);
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(answer.header("cross-origin-resource-policy"), Some("same-origin"), "{path}");
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
        let policy = answer.header("content-security-policy").unwrap();
        assert!(policy.contains("frame-ancestors 'none'"), "{path}");
        assert_eq!(answer.header("access-control-allow-origin"), None, "{path}");
    }
}

#[test]
fn a_browser_gets_the_page_and_the_page_its_files_under_a_policy_of_their_own() {
    let running = start(Limits::default());
    let page = running.ask("GET", "/", "accept: text/html,application/xhtml+xml;q=0.9\r\n");
    assert_eq!(page.status, 200);
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    assert_eq!(page.header("cache-control"), Some("no-cache"));
    assert_eq!(page.header("vary"), Some("accept"));
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'self';"), "{policy}");
    let script = page.body.split('"').find(|part| part.starts_with("./assets/")).unwrap();
    let script = running.get(script.trim_start_matches('.'));
    assert_eq!(script.status, 200);
    assert_eq!(script.header("content-type"), Some("text/javascript; charset=utf-8"));
    assert!(script.header("cache-control").unwrap().contains("immutable"));
    assert_eq!(running.ask("POST", "/index.html", "").status, 404);
    assert_eq!(running.get("/assets/../Cargo.toml").status, 404);
    assert_eq!(running.get("/").json(), running.get("/api/v1").json());
}

#[test]
fn every_error_is_a_problem() {
    let running = start(Limits::default());
    let manual = tutti_server::problems();
    for (method, path, headers, status, code) in [
        ("GET", "/nothing", "", 404, "noAddress"),
        ("GET", "/api/v1/status/", "", 404, "noAddress"),
        ("OPTIONS", "/nothing", "", 404, "noAddress"),
        ("DELETE", "/api/v1/status", "", 405, "method"),
        ("GET", "/api/v1/stop", "", 405, "method"),
        ("HELLO", "/", "", 405, "method"),
        ("GET", "/api/v1/processor-types", "", 500, "internal"),
        ("GET", "/api/v1/provenance?event=x", "", 400, "query"),
        ("GET", "/api/v1/provenance/x/content", "", 400, "path"),
        ("POST", "/api/v1/demo", "Content-Length: 99999999\r\n", 413, "bodyTooLarge"),
        ("POST", "/api/v1/stop", "Origin: https://evil.example\r\n", 403, "origin"),
        ("POST", "/api/v1/stop", "Sec-Fetch-Site: cross-site\r\n", 403, "origin"),
        ("POST", "/api/v1/stop", "X-Forwarded-For: 10.0.0.1\r\n", 403, "notHere"),
        ("OPTIONS", "/api/v1/stop", "Origin: https://evil.example\r\n", 403, "origin"),
        ("GET", "/", "Host: evil.example\r\n", 400, "header"),
        ("GET", "http://evil.example/", "", 421, "host"),
    ] {
        let answer = running.ask(method, path, headers);
        assert_eq!(answer.status, status, "{method} {path}");
        assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{path}");
        let problem = answer.json();
        assert_eq!(
            (&problem["status"], &problem["code"]),
            (&json!(status), &json!(code)),
            "{path}"
        );
        for told in ["title", "detail", "help"] {
            assert!(!problem[told].as_str().unwrap().is_empty(), "{told} of {path}");
        }
        let place = problem["type"].as_str().unwrap().strip_prefix("/#/help/problems?at=").unwrap();
        assert_eq!(place, code.to_lowercase());
        assert!(manual.contains(&format!("\n## {code}\n")), "{code} is not in the manual");
        assert!(status != 405 || answer.header("allow").is_some(), "{method} {path}");
    }
    assert!(!running.engine.is_stopping.load(Ordering::SeqCst), "nothing of that may stop it");
}

/// A client that asks again when a server comes back must not take it for gone.
#[test]
fn a_server_that_has_only_begun_does_not_say_that_there_is_no_such_flow() {
    let running = begin_at(&entrance("127.0.0.1:0", Path::new("/no/users")), Limits::default());
    let paths = ["draft", "operations", "plan", "status", "queue?connection=a", "trash", "history"];
    let paths = paths.map(|path| format!("/api/v1/flows/a/{path}"));
    let told = |path: &str| {
        let answer = running.get(path);
        (answer.status, answer.json()["code"].clone())
    };
    for path in paths.iter().map(String::as_str).chain(["/api/v1/flows"]) {
        assert_eq!(told(path), (503, json!("notRunning")), "{path}");
    }
    running.studio.complete();
    for path in &paths {
        assert_eq!(told(path), (404, json!("noFlow")), "{path}");
    }
    assert_eq!(running.get("/api/v1/flows").json(), json!([]));
}

#[test]
fn a_request_without_a_host_or_for_another_is_not_answered() {
    let running = start(Limits::default());
    for (request, status) in [
        ("GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n", 421),
        ("GET / HTTP/1.1\r\nConnection: close\r\n\r\n", 400),
        ("GET / HTTP/1.0\r\n\r\n", 400),
        ("rubbish\r\n\r\n", 400),
    ] {
        assert_eq!(running.connect().say(request).answer().status, status, "{request}");
    }
}

#[test]
fn an_answer_repeats_no_long_path() {
    let running = start(Limits::default());
    for path in
        ["/api/v1/status/".to_owned() + &"x".repeat(60_000), "/".to_owned() + &"%20".repeat(20_000)]
    {
        let answer = running.get(&path);
        assert_eq!(answer.status, 404);
        assert!(answer.body.len() < 1_000, "{}", answer.body);
        assert!(answer.json()["detail"].as_str().unwrap().ends_with("…\""), "{}", answer.body);
    }
}

#[test]
fn head_is_get_without_a_body() {
    let running = start(Limits::default());
    for (path, status) in [("/api/v1/status", 200), ("/nothing", 404), ("/api/v1/stop", 405)] {
        let (head, get) = (running.ask("HEAD", path, ""), running.get(path));
        assert_eq!((head.status, get.status), (status, status), "{path}");
        assert_eq!(head.body, "", "{path}");
        assert_eq!(head.header("content-type"), get.header("content-type"), "{path}");
    }
}

#[test]
fn it_is_not_ready_as_long_as_a_processor_is_not_started() {
    let running = start(Limits::default());
    let told = |not_started: &[(&str, Option<&str>)]| {
        let owned = not_started
            .iter()
            .map(|(path, reason)| NotStarted {
                flow: "flow".to_owned(),
                what: if path.starts_with('S') { "service" } else { "processor" },
                path: (*path).to_owned(),
                reason: reason.map(str::to_owned),
            })
            .collect();
        *running.engine.not_started.lock().unwrap() = owned;
        let ready = running.get("/health/ready");
        (ready.status, ready.json()["detail"].as_str().unwrap_or_default().to_owned())
    };
    assert_eq!(told(&[("a", None)]), (503, "processors are being started: 1".to_owned()));
    let failed = told(&[("a", None), ("in/b", Some("no key")), ("c", Some("no folder"))]);
    let detail = "processors could not be started, which is tried again: \"in/b\": no key; \"c\": \
                  no folder";
    assert_eq!(failed, (503, detail.to_owned()));
    let enabling = told(&[("S", None)]);
    assert_eq!(enabling, (503, "services are being enabled: 1, \"S\"".to_owned()));
    let both = told(&[("S", None), ("a", None)]);
    let detail = "services are being enabled: 1, \"S\"; processors are being started: 1";
    assert_eq!(both, (503, detail.to_owned()));
    let failed = told(&[("S", Some("no disk")), ("a", Some("it waits for the service \"S\""))]);
    let detail = "processors could not be started, which is tried again: service \"S\": no disk; \
                  \"a\": it waits for the service \"S\"";
    assert_eq!(failed, (503, detail.to_owned()));
    assert_eq!(told(&[]), (200, String::new()));
}

#[test]
fn only_a_post_asks_the_engine_to_stop() {
    let running = start(Limits::default());
    let answer = running.ask("POST", "/api/v1/stop", "Content-Length: 0\r\n");
    assert_eq!((answer.status, answer.json()), (202, json!({ "status": "stopping" })));
    assert!(running.engine.is_stopping.load(Ordering::SeqCst));
    let ready = running.get("/health/ready");
    assert_eq!((ready.status, &ready.json()["status"]), (503, &json!(503)));
    assert_eq!(ready.json()["detail"], "the flows are stopping");
    assert_eq!(running.get("/health/live").status, 200, "it answers until it is ended");
}

#[test]
fn an_address_that_cannot_be_listened_on_is_told_with_what_to_do() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let message = |address: &str| {
        let exposure = Exposure::WithoutUsers;
        let entrance = Entrance { exposure, ..entrance(address, Path::new("/no/users")) };
        Server::bind(&entrance).err().unwrap().to_string()
    };
    assert!(message(&taken.local_addr().unwrap().to_string()).contains("choose another port"));
    // An address that is for documentation, and no machine's.
    let message = message("192.0.2.1:0");
    assert!(message.contains("\"192.0.2.1:0\"") && message.contains("this machine has"));
}
