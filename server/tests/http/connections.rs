//! Clients that are slow, many or gone, an engine that hangs, and the end.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

use tutti_server::Limits;

use super::running::start;

const SOON: Duration = Duration::from_millis(100);

#[test]
fn who_sends_half_a_head_or_nothing_is_cut() {
    let running = start(Limits { head_max: SOON, ..Limits::default() });
    for text in ["", "GET", "GET / HTTP/1.1\r\nHost: localhost\r\n"] {
        assert_eq!(running.connect().say(text).rest(), "", "{text:?}");
    }
}

#[test]
fn a_head_that_comes_drop_by_drop_is_cut() {
    let running = start(Limits { head_max: SOON, ..Limits::default() });
    let mut client = running.connect();
    client.0.set_read_timeout(Some(SOON / 10)).unwrap();
    client.say("GET / HTTP/1.1\r\nHost: ");
    let mut is_cut = || match client.0.read(&mut [0]) {
        Ok(count) => count == 0,
        Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
            client.0.write_all(b"a").is_err()
        }
        Err(_) => true,
    };
    // Each turn takes as long as the read waits: far more in all than the head may take.
    assert!((0..1_000).any(|_| is_cut()), "it is let go on");
}

#[test]
fn a_connection_that_is_kept_and_not_used_is_cut() {
    let running = start(Limits { head_max: SOON, ..Limits::default() });
    let mut client = running.connect();
    client.say("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assert!(client.head().starts_with("http/1.1 200"));
    assert_eq!(client.rest(), r#"{"status":"live"}"#);
}

#[test]
fn a_head_without_an_end_is_refused() {
    let running = start(Limits { head_bytes_max: 8 << 10, ..Limits::default() });
    let mut client = running.connect();
    let long = format!("GET / HTTP/1.1\r\nHost: localhost\r\nX: {}", "a".repeat(64 << 10));
    // It may be refused before it is all sent.
    let _ = client.0.write_all(long.as_bytes());
    let said = client.rest();
    assert!(said.is_empty() || said.starts_with("HTTP/1.1 431"), "{said}");
}

#[test]
fn over_the_limit_the_eldest_that_waits_for_nothing_gives_way() {
    let running = start(Limits { connections_max: 3, ..Limits::default() });
    let mut waiting: Vec<_> = (0..3).map(|_| running.connect()).collect();
    for client in &mut waiting {
        client.say("GET /health/live HTTP/1.1\r\nHost: localhost\r\n");
    }
    assert_eq!(running.get("/health/live").status, 200);
    assert_eq!(waiting.remove(0).rest(), "", "the eldest is cut");
    for client in &mut waiting {
        assert_eq!(client.say("Connection: close\r\n\r\n").answer().status, 200);
    }
}

#[test]
fn who_is_worked_for_does_not_give_way() {
    let running = start(Limits {
        connections_max: 1,
        look_max: Duration::from_hours(1),
        request_max: Duration::from_hours(1),
        ..Limits::default()
    });
    running.engine.gate.shut();
    let mut first = running.connect();
    first.say("GET /api/v1/status HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    running.engine.gate.wait_for_looks(1);
    let mut second = running.connect();
    second.say("GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    // The server takes it meanwhile, and does not answer.
    second.0.set_read_timeout(Some(SOON)).unwrap();
    let waited = second.0.read(&mut [0]).unwrap_err();
    assert!(matches!(waited.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut), "{waited}");
    second.0.set_read_timeout(None).unwrap();
    running.engine.gate.open();
    assert_eq!(first.answer().status, 200);
    assert_eq!(second.answer().status, 200);
}

#[test]
fn an_engine_that_hangs_is_told_and_does_not_hold_up_health_or_the_end() {
    let running = start(Limits { looks_max: 2, look_max: SOON, ..Limits::default() });
    running.engine.gate.shut();
    for _ in 0..5 {
        let answer = running.get("/api/v1/status");
        assert_eq!(answer.status, 503);
        let problem = answer.json();
        assert!(problem["detail"].as_str().unwrap().contains("there was no answer"), "{problem}");
    }
    assert_eq!(running.engine.gate.looks(), 2, "no more hang than may look at a time");
    for path in ["/", "/health/live", "/health/ready"] {
        assert_eq!(running.get(path).status, 200, "{path}");
    }
    assert_eq!(running.ask("POST", "/api/v1/stop", "Content-Length: 0\r\n").status, 202);
    running.serving.end();
    running.engine.gate.open();
}

#[test]
fn an_engine_that_hung_and_goes_on_is_asked_again() {
    let running = start(Limits { looks_max: 1, look_max: SOON, ..Limits::default() });
    running.engine.gate.shut();
    assert_eq!(running.get("/api/v1/status").status, 503);
    running.engine.gate.open();
    // The look that hung may still be on its way out.
    assert!((0..1_000).any(|_| running.get("/api/v1/status").status == 200));
}

#[test]
fn at_the_end_who_is_worked_for_gets_an_answer_and_others_are_let_go() {
    let limits = Limits { look_max: Duration::from_hours(1), ..Limits::default() };
    let running = start(Limits { farewell_max: Duration::from_hours(1), ..limits });
    let mut kept = running.connect();
    kept.say("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assert!(kept.head().starts_with("http/1.1 200"));
    running.engine.gate.shut();
    let mut worked_for = running.connect();
    worked_for.say("GET /api/v1/status HTTP/1.1\r\nHost: localhost\r\n\r\n");
    running.engine.gate.wait_for_looks(1);
    let (address, engine, serving) = (running.address, running.engine, running.serving);
    let ending = thread::spawn(move || serving.end());
    assert_eq!(kept.rest(), r#"{"status":"live"}"#);
    engine.gate.open();
    let answer = worked_for.answer();
    assert_eq!((answer.status, answer.header("connection")), (200, Some("close")));
    ending.join().unwrap();
    assert!(TcpStream::connect(address).is_err(), "nobody listens any more");
}

#[test]
fn at_the_end_who_does_not_finish_is_cut_off() {
    let limits = Limits { head_max: Duration::from_hours(1), ..Limits::default() };
    let running = start(Limits { farewell_max: SOON, ..limits });
    let mut half = running.connect();
    half.say("GET / HTTP/1.1\r\nHost: localhost\r\n");
    assert_eq!(running.get("/health/live").status, 200, "the server has seen the half");
    running.serving.end();
    assert_eq!(half.rest(), "");
}

#[test]
fn who_sends_half_a_body_gives_way() {
    let running = start(Limits { connections_max: 3, ..Limits::default() });
    let half = "POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nX-Tutti-Request: 1\r\n\
                Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{";
    let mut waiting: Vec<_> = (0..3).map(|_| running.connect()).collect();
    for client in &mut waiting {
        client.say(half);
    }
    for _ in 0..5 {
        assert_eq!(running.get("/health/live").status, 200);
    }
    assert_eq!(waiting.remove(0).rest(), "", "the eldest is cut");
}

#[test]
fn who_is_still_sent_something_gives_way_after_who_asks_for_nothing() {
    let running = start(Limits { connections_max: 3, ..Limits::default() });
    let mut watching = running.connect();
    watching.say("GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assert!(watching.head().starts_with("http/1.1 200"));
    let mut idle: Vec<_> = (0..5).map(|_| running.connect()).collect();
    assert_eq!(running.get("/health/live").status, 200);
    assert_eq!(idle.remove(0).rest(), "", "the eldest of these is cut");
    let mut told = [0; 64];
    let count = watching.0.read(&mut told).unwrap();
    assert!(count > 0, "it is told more");
}
