//! Requests to real servers over real sockets, at ports that the system chooses.

mod answers;
mod failures;
mod redirects;
mod server;
mod tls;

use tutti_sdk::bulletin::Level;
use tutti_sdk::model::provenance::EventType;
use tutti_sdk::testkit::{Output, TestRunner};

use super::*;
use server::{Seen, Server, answer};

fn runner(url: &str, more: &[(&str, &str)]) -> TestRunner {
    let mut properties = vec![("HTTP URL", url)];
    properties.extend(more);
    TestRunner::new::<InvokeHttp>(&properties)
}

/// A server that answers everything with `OK` and `answer`.
async fn willing() -> Server {
    Server::new(|_| answer(200, &[("X-Take", "3"), ("Content-Type", "text/plain")], "answer")).await
}

/// What the server saw of the only request.
async fn seen_by(server: &mut Server, runner: &mut TestRunner) -> Seen {
    runner.run().await.unwrap();
    server.next().await
}

#[tokio::test]
async fn content_is_sent_and_the_answer_becomes_a_flowfile() {
    let mut server = willing().await;
    let url = server.url("/takes/${filename}?token=word");
    let mut runner = runner(&url, &[("HTTP Method", "POST")]);
    let uuid = runner.enqueue(b"samples", &[("filename", "a.wav"), ("mime.type", "audio/wav")]);
    let seen = seen_by(&mut server, &mut runner).await;
    assert_eq!((seen.method.as_str(), seen.uri.as_str()), ("POST", "/takes/a.wav?token=word"));
    assert_eq!(seen.body, b"samples");
    assert_eq!(seen.header("content-type"), "audio/wav");
    assert_eq!(seen.header("content-length"), "7");
    assert_eq!(seen.header("user-agent"), concat!("Tutti/", env!("CARGO_PKG_VERSION")));
    let (original, response) = (runner.only(ORIGINAL), runner.only(RESPONSE));
    assert_eq!((original.text(), response.text()), ("samples".to_owned(), "answer".to_owned()));
    assert_eq!(original.flowfile.uuid(), uuid);
    let sent_to = server.url("/takes/a.wav?token=word");
    for (name, of_original, of_response) in [
        ("invokehttp.status.code", "200", "200"),
        ("invokehttp.status.message", "OK", "OK"),
        ("invokehttp.request.url", sent_to.as_str(), sent_to.as_str()),
        ("invokehttp.response.url", &sent_to, &sent_to),
        ("invokehttp.request.duration", "0", "0"),
        ("invokehttp.remote.dn", "", ""),
        ("filename", "a.wav", response.flowfile.uuid()),
        ("mime.type", "audio/wav", "text/plain"),
        ("x-take", "", "3"),
        ("invokehttp.response.body", "", ""),
    ] {
        let there = [original.attribute(name), response.attribute(name)];
        assert_eq!(there, [of_original, of_response], "{name}");
    }
    let identity = original.attribute("invokehttp.tx.id");
    assert!(identity.len() == 36 && identity == response.attribute("invokehttp.tx.id"));
    let events = runner.events();
    let sent = events.iter().find(|event| event.event_type == EventType::Send).unwrap();
    assert_eq!(sent.transit_uri.as_deref(), Some(&*server.url("/takes/a.wav")));
    assert_eq!(sent.transit_bytes, Some(7));
    assert!(runner.bulletins().is_empty());
}

#[tokio::test]
async fn only_some_methods_have_a_body() {
    for (method, more, has_body) in [
        ("GET", None, false),
        ("HEAD", None, false),
        ("DELETE", None, false),
        ("PROPFIND", None, false),
        ("PUT", None, true),
        ("PATCH", None, true),
        ("POST", Some(("Request Body Enabled", "false")), false),
    ] {
        let mut server = willing().await;
        let mut properties = vec![("HTTP Method", method)];
        properties.extend(more);
        let mut runner = runner(&server.url("/"), &properties);
        runner.enqueue(b"samples", &[]);
        let seen = seen_by(&mut server, &mut runner).await;
        assert_eq!(seen.method, method);
        assert_eq!(seen.body.is_empty(), !has_body, "{method}");
        let kind = if has_body { "application/octet-stream" } else { "" };
        assert_eq!(seen.header("content-type"), kind, "{method}");
        runner.assert_transferred(ORIGINAL, 1);
        let sends = runner.events().iter().any(|event| event.event_type == EventType::Send);
        assert_eq!(sends, has_body, "{method}");
    }
}

#[tokio::test]
async fn much_is_streamed_both_ways() {
    let mut server =
        Server::new(|seen| answer(200, &[], seen.body.iter().rev().copied().collect::<Vec<u8>>()))
            .await;
    let body: Vec<u8> = (0..3_000_000_u32).map(|number| (number % 251) as u8).collect();
    let turned: Vec<u8> = body.iter().rev().copied().collect();
    for (chunked, length, coding) in [("false", "3000000", ""), ("true", "", "chunked")] {
        let properties =
            [("HTTP Method", "PUT"), ("Request Chunked Transfer-Encoding Enabled", chunked)];
        let mut runner = runner(&server.url("/"), &properties);
        runner.enqueue(&body, &[]);
        let seen = seen_by(&mut server, &mut runner).await;
        assert_eq!(seen.header("content-length"), length);
        assert_eq!(seen.header("transfer-encoding"), coding);
        assert!(seen.body == body, "other bytes than were to be sent");
        assert!(runner.only(RESPONSE).bytes() == turned, "other bytes than were sent");
    }
}

#[tokio::test]
async fn attributes_and_properties_become_headers() {
    let mut server = willing().await;
    let mut runner = runner(
        &server.url("/"),
        &[
            ("Request Header Attributes Pattern", "audio\\..*|content-length|host|x-take"),
            ("Request User-Agent", "studio/${n}"),
            ("Request Username", "${user}"),
            ("Request Password", "pass:word"),
            ("X-Take", "take ${n}"),
        ],
    );
    let attributes = [
        ("audio.title", "Bj\u{f6}rk"),
        ("content-length", "99"),
        ("host", "elsewhere"),
        ("x-take", "of the attribute"),
        ("other", "1"),
        ("n", "3"),
        ("user", "me"),
    ];
    runner.enqueue(b"", &attributes);
    let seen = seen_by(&mut server, &mut runner).await;
    for (name, value) in [
        ("audio.title", "Björk"),
        ("content-length", ""),
        ("host", &server.address.to_string()),
        ("x-take", "take 3"),
        ("other", ""),
        ("user-agent", "studio/3"),
        ("authorization", "Basic bWU6cGFzczp3b3Jk"),
    ] {
        assert_eq!(seen.header(name), value, "{name}");
    }
    assert!(!format!("{:?}", runner.bulletins()).contains("pass"));
}

#[tokio::test]
async fn without_input_it_asks_at_each_trigger() {
    let mut server = willing().await;
    let mut runner = runner(&server.url("/news"), &[]);
    runner.set_source(true);
    let seen = seen_by(&mut server, &mut runner).await;
    assert_eq!((seen.method.as_str(), seen.uri.as_str()), ("GET", "/news"));
    assert!(runner.has_yielded());
    let response = runner.only(RESPONSE);
    assert_eq!(response.text(), "answer");
    assert_eq!(response.attribute("invokehttp.status.code"), "200");
    runner.assert_transferred(ORIGINAL, 0);
    let received = |event: &&_| {
        let event: &tutti_sdk::model::provenance::ProvenanceEvent = event;
        event.event_type == EventType::Receive
    };
    assert_eq!(runner.events().iter().filter(received).count(), 1);
}

#[tokio::test]
async fn with_input_it_waits_for_it() {
    let mut runner = runner("http://127.0.0.1:1/", &[]);
    runner.run().await.unwrap();
    assert!(runner.bulletins().is_empty() && !runner.has_yielded());
}

#[tokio::test]
async fn a_source_that_is_not_answered_tells_it_and_makes_nothing() {
    let server = Server::new(|_| answer(503, &[], "busy")).await;
    let mut runner = runner(&server.url("/"), &[]);
    runner.set_source(true);
    runner.run().await.unwrap();
    runner.assert_bulletin(Level::Warning, "was answered with 503 Service Unavailable");
    drop(server);
    runner.run().await.unwrap_err();
    for relationship in [ORIGINAL, RESPONSE, RETRY, NO_RETRY, FAILURE] {
        runner.assert_transferred(relationship, 0);
    }
}

#[test]
fn what_cannot_be_sent_is_refused_before() {
    let refused = |properties: &[(&str, &str)]| {
        let mut all = vec![("HTTP URL", "http://a.example/")];
        all.extend(properties);
        let Err(BuildError::Properties(errors)) = TestRunner::try_new::<InvokeHttp>(&all) else {
            return Vec::new();
        };
        errors.iter().map(|error| error.properties.join(", ")).collect()
    };
    for name in ["Content-Length", "Transfer-Encoding", "a b"] {
        assert_eq!(refused(&[(name, "1")]), [name]);
    }
    let (certificate, key) = (("Certificate Location", "c"), ("Private Key Location", "k"));
    assert_eq!(refused(&[certificate]), ["Certificate Location, Private Key Location"]);
    assert_eq!(refused(&[key]), ["Private Key Location, Certificate Location"]);
    assert!(refused(&[certificate, key]).is_empty());
    assert_eq!(refused(&[("Request Password", "p")]), ["Request Password, Request Username"]);
    assert_eq!(refused(&[("HTTP Method", "CONNECT")]), ["HTTP Method"]);
    assert_eq!(refused(&[("HTTP URL", "ftp://a.example/")]), ["HTTP URL"]);
}
