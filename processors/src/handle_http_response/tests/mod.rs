//! Answers to clients over real sockets.

mod sending;

use tutti_sdk::bulletin::Level;
use tutti_sdk::testkit::TestRunner;

use super::*;
use crate::handle_http_request::bench::{Bench, Plan, get, post, responses};
use crate::http::client::status;

/// The flowfile failed for a reason with `part` in it.
fn assert_failed(runner: &TestRunner, part: &str) {
    let reason = runner.only(FAILURE).attribute("failure.reason").to_owned();
    assert!(reason.contains(part), "{reason:?}");
    let told = runner.bulletins();
    let told = told.iter().find(|told| told.level == Level::Error).unwrap();
    assert!(told.help.is_some() || reason.contains("cannot read"), "{reason:?}");
    runner.assert_transferred(SUCCESS, 0);
}

#[tokio::test]
async fn nobody_is_answered_before_what_led_there_is_durable() {
    let mut bench = Bench::new().await;
    let sent = bench.send(post("samples"));
    bench.pass().await;
    bench.responses.fail_flushes(1);
    bench.responses.run().await.unwrap_err();
    bench.responses.assert_bulletin(Level::Error, "injected failure of a flush");
    assert_eq!(bench.responses.queued(), 1);
    assert!(!sent.is_finished());
    bench.responses.clock().advance_ms(60_000);
    bench.responses.run().await.unwrap();
    assert_eq!(status(&sent.await.unwrap()), 200);
    bench.responses.assert_transferred(SUCCESS, 1);
}

#[tokio::test]
async fn the_flow_says_what_is_answered() {
    let mut bench = Bench::of(Plan {
        responses: &[
            ("HTTP Status Code", "${code}"),
            ("Attributes to add to the HTTP Response (Regex)", "x-.*|content-length|nothing"),
            ("X-Take", "take ${code}"),
            ("X-Empty", "${nothing}"),
            ("Content-Type", "${mime.type}"),
        ],
        ..Plan::default()
    })
    .await;
    let sent = bench.send(post("samples"));
    let taken = bench.take().await;
    let identifier = taken.attribute("http.context.identifier").to_owned();
    bench.responses.enqueue(
        b"not found",
        &[
            ("http.context.identifier", &identifier),
            ("code", "404"),
            ("mime.type", "text/plain"),
            ("x-title", "Bj\u{f6}rk"),
            ("x-take", "of the attribute"),
            ("content-length", "99"),
            ("nothing", ""),
        ],
    );
    bench.responses.run().await.unwrap();
    let answer = sent.await.unwrap();
    assert_eq!(status(&answer), 404);
    for header in
        ["content-type: text/plain", "x-title: Björk", "x-take: take 404", "content-length: 9"]
    {
        assert!(answer.contains(&format!("\r\n{header}\r\n")), "{header}: {answer}");
    }
    assert!(!answer.contains("x-empty") && !answer.contains("nothing"), "{answer}");
    assert!(answer.ends_with("\r\n\r\nnot found"), "{answer}");
}

#[tokio::test]
async fn what_is_of_no_request_fails() {
    let bench = Bench::new().await;
    let mut without = responses(&bench.service, &[]);
    without.enqueue(b"samples", &[]);
    without.run().await.unwrap();
    assert_failed(&without, "no attribute \"http.context.identifier\"");
    let mut other = responses(&bench.service, &[]);
    other.enqueue(b"samples", &[("http.context.identifier", "mine")]);
    other.run().await.unwrap();
    assert_failed(&other, "its connection ended when");
}

#[tokio::test]
async fn what_was_made_before_a_start_fails_and_says_so() {
    let mut bench = Bench::new().await;
    let sent = bench.send(post("samples"));
    bench.pass().await;
    // As the end of the process does it, and the next start.
    bench.service.disable().await;
    drop(sent);
    bench.service.enable().await.unwrap();
    bench.responses.run().await.unwrap();
    assert_failed(
        &bench.responses,
        "its connection ended when the flow was stopped or its process",
    );
    assert_eq!(bench.responses.only(FAILURE).text(), "samples");
}

#[tokio::test]
async fn what_cannot_be_answered_so_can_be_otherwise() {
    for (property, value, part) in [
        ("HTTP Status Code", "${code}", "gave a wrong value"),
        ("HTTP Status Code", "${n}", "gave a wrong value"),
        ("X-Take", "${lines}", "the header \"X-Take\" cannot have its value"),
        ("Attributes to add to the HTTP Response (Regex)", "a b", "cannot be sent as a header"),
    ] {
        let mut bench =
            Bench::of(Plan { responses: &[(property, value)], ..Plan::default() }).await;
        let sent = bench.send(post("samples"));
        let identifier = bench.take().await.attribute("http.context.identifier").to_owned();
        let attributes = [
            ("http.context.identifier", identifier.as_str()),
            ("n", "100"),
            ("lines", "1\r\nX-Forged: 1"),
            ("a b", "1"),
        ];
        bench.responses.enqueue(b"samples", &attributes);
        bench.responses.run().await.unwrap();
        assert_failed(&bench.responses, part);
        assert!(!sent.is_finished());
        let mut otherwise = responses(&bench.service, &[("HTTP Status Code", "500")]);
        otherwise.enqueue_output(&bench.responses.only(FAILURE));
        otherwise.run().await.unwrap();
        otherwise.assert_transferred(SUCCESS, 1);
        assert_eq!(status(&sent.await.unwrap()), 500);
    }
}

#[tokio::test]
async fn a_commit_that_fails_answers_nobody_twice() {
    let mut bench = Bench::new().await;
    let sent = bench.send(post("samples"));
    bench.pass().await;
    bench.responses.fail_commits(1);
    bench.responses.run().await.unwrap_err();
    assert_eq!(status(&sent.await.unwrap()), 200);
    assert_eq!(bench.responses.queued(), 1);
    bench.responses.clear();
    bench.responses.clock().advance_ms(60_000);
    bench.responses.run().await.unwrap();
    assert_failed(&bench.responses, "it was answered before");
}

#[tokio::test]
async fn many_are_answered_together() {
    let mut bench = Bench::new().await;
    let sent: Vec<_> = (0..20).map(|number| bench.send(post(&number.to_string()))).collect();
    while bench.responses.queued() < sent.len() {
        bench.requests.run().await.unwrap();
        for taken in bench.requests.transferred(SUCCESS) {
            bench.responses.enqueue_output(&taken);
        }
        bench.requests.clear();
    }
    bench.responses.run().await.unwrap();
    for (number, answer) in sent.into_iter().enumerate() {
        assert!(answer.await.unwrap().ends_with(&format!("\r\n\r\n{number}")));
    }
    bench.responses.assert_transferred(SUCCESS, 20);
}

#[tokio::test]
async fn with_nothing_to_answer_nothing_is_done() {
    let mut bench = Bench::new().await;
    bench.responses.run().await.unwrap();
    assert!(bench.responses.bulletins().is_empty());
}

#[test]
fn what_cannot_be_answered_is_refused_before() {
    let refused = |properties: &[(&str, &str)]| {
        let mut all = vec![("HTTP Context Map", "Requests"), ("HTTP Status Code", "200")];
        all.retain(|(name, _)| !properties.iter().any(|(other, _)| other == name));
        all.extend(properties);
        let Err(BuildError::Properties(errors)) = TestRunner::try_new::<HandleHttpResponse>(&all)
        else {
            return Vec::new();
        };
        errors.iter().map(|error| error.properties.join(", ")).collect()
    };
    assert!(refused(&[("X-Take", "1"), ("HTTP Status Code", "599")]).is_empty());
    for name in ["Content-Length", "Transfer-Encoding", "a b"] {
        assert_eq!(refused(&[(name, "1")]), [name]);
    }
    for status in ["100", "199", "600", "OK", ""] {
        assert_eq!(refused(&[("HTTP Status Code", status)]), ["HTTP Status Code"], "{status}");
    }
}
