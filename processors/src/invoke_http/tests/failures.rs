//! Servers that are not there, hang or break off, and flows that are wrong.

use super::*;

/// The flowfile failed for a reason with `part` in it.
fn assert_failed(runner: &TestRunner, part: &str) -> Output {
    let failed = runner.only(FAILURE);
    let reason = failed.attribute("failure.reason");
    assert!(reason.contains(part), "{reason:?}");
    assert!(failed.flowfile.penalized_until().is_some());
    // What the store says of its content has none.
    let has_help = runner.bulletins().iter().any(|told| told.help.is_some());
    assert!(has_help || reason.starts_with("cannot read"), "{reason:?}");
    for relationship in [ORIGINAL, RESPONSE, RETRY, NO_RETRY] {
        runner.assert_transferred(relationship, 0);
    }
    failed
}

#[tokio::test]
async fn nobody_there() {
    let server = willing().await;
    let url = server.url("/a?token=word");
    drop(server);
    let mut runner = runner(&url, &[]);
    runner.enqueue(b"samples", &[]);
    runner.run().await.unwrap();
    let failed = assert_failed(&runner, "/a\" was not answered: ");
    assert!(!failed.attribute("failure.reason").contains("word"), "it may be secret");
    assert!(failed.attribute("failure.reason").contains("refused"));
}

#[tokio::test]
async fn an_answer_that_is_none_or_breaks_off() {
    for bytes in [
        &b""[..],
        b"HTTP/1.1 2",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcde",
        b"SSH-2.0-x\r\n\r\n",
        b"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
    ] {
        let server = Server::raw(bytes, false).await;
        let mut runner = runner(&server.url("/"), &[]);
        runner.enqueue(b"samples", &[]);
        runner.run().await.unwrap();
        assert_failed(&runner, "was not answered: ");
    }
}

#[tokio::test]
async fn an_answer_that_never_comes_or_never_ends() {
    for bytes in [&b""[..], b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"] {
        let mut server = Server::raw(bytes, true).await;
        let mut runner = runner(&server.url("/"), &[("Socket Read Timeout", "20 sec")]);
        runner.enqueue(b"samples", &[]);
        let clock = runner.clock();
        let wait = async {
            server.next().await;
            // Whatever moved last moved before now, or after it: then it is given up by the next.
            loop {
                clock.advance_ms(20_000);
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            ran = runner.run() => ran.unwrap(),
            () = wait => {}
        }
        assert_failed(&runner, "nothing came or went for 20 s");
    }
}

#[tokio::test]
async fn an_answer_that_is_too_large() {
    let server = Server::new(|_| answer(200, &[], vec![0; 2_000])).await;
    let mut runner = runner(&server.url("/"), &[("Maximum Response Size", "1 KB")]);
    runner.enqueue(b"samples", &[]);
    runner.run().await.unwrap();
    assert_failed(&runner, "is larger than \"Maximum Response Size\" allows, which is 1 KB");
}

#[tokio::test]
async fn what_is_wrong_with_the_flowfile_is_not_sent() {
    let mut server = willing().await;
    let url = server.url("/${filename}");
    for (properties, part) in [
        (vec![("HTTP URL", "${nowhere}")], "\"${nowhere}\" gave a wrong value"),
        (vec![("HTTP URL", "ftp://${filename}/")], "gave a wrong value"),
        (vec![("HTTP Method", "${method}")], "gave a wrong value"),
        (vec![("Request Header Attributes Pattern", ".*")], "\"a b\" cannot be sent as a header"),
        (vec![("X-Take", "${lines}")], "the header \"X-Take\" cannot have its value"),
        (vec![("Request Content-Type", "${lines}")], "cannot have its value"),
        (vec![("Request User-Agent", "${lines}")], "cannot have its value"),
    ] {
        let mut all = vec![("HTTP URL", url.as_str())];
        all.retain(|(name, _)| !properties.iter().any(|(other, _)| other == name));
        all.extend(properties);
        let mut runner = TestRunner::new::<InvokeHttp>(&all);
        let attributes =
            [("filename", "a.wav"), ("a b", "1"), ("lines", "1\r\nX-Forged: 1"), ("method", "a b")];
        runner.enqueue(b"samples", &attributes);
        runner.run().await.unwrap();
        assert_failed(&runner, part);
    }
    assert_eq!(server.left(), 0);
}

#[tokio::test]
async fn content_that_cannot_be_read_or_stored() {
    let server = willing().await;
    let mut reads = runner(&server.url("/"), &[("HTTP Method", "POST")]);
    reads.enqueue(&vec![7; 200_000], &[]);
    reads.fail_reads_after(Some(100_000));
    reads.run().await.unwrap();
    assert_failed(&reads, "cannot read the content: injected failure of a read");
    let mut writes = runner(&server.url("/"), &[]);
    writes.enqueue(b"samples", &[]);
    writes.fail_writes_after(Some(3));
    writes.run().await.unwrap();
    assert_failed(&writes, "cannot store the content: injected failure of a write");
}

#[tokio::test]
async fn a_commit_that_fails_sends_it_again() {
    let mut server = willing().await;
    let mut runner = runner(&server.url("/"), &[]);
    runner.enqueue(b"samples", &[]);
    runner.fail_commits(1);
    runner.run().await.unwrap_err();
    assert_eq!(runner.queued(), 1);
    runner.clock().advance_ms(60_000);
    runner.run().await.unwrap();
    runner.assert_transferred(ORIGINAL, 1);
    assert_eq!(server.left(), 2);
}

#[tokio::test]
async fn a_stop_gives_a_request_some_time_and_no_more() {
    let mut server = Server::raw(b"", true).await;
    let mut runner = runner(&server.url("/"), &[("Socket Read Timeout", "1 hour")]);
    runner.enqueue(b"samples", &[]);
    let (clock, outside) = (runner.clock(), runner.stopper());
    let mut run = Box::pin(runner.run());
    tokio::select! {
        _ = &mut run => panic!("it ended without an answer"),
        _ = server.next() => {}
    }
    outside.stop();
    // A round of everything else shows that it is still being waited for.
    for _ in 0..100 {
        clock.advance_ms(40);
        tokio::select! {
            biased;
            _ = &mut run => panic!("it was given up at once"),
            () = tokio::task::yield_now() => {}
        }
    }
    clock.advance_ms(2_000);
    run.await.unwrap();
    assert_eq!(runner.queued(), 1);
    assert!(runner.bulletins().is_empty());
    assert!(runner.events().is_empty());
}

#[tokio::test]
async fn a_request_in_time_is_answered_after_a_stop() {
    let mut server = willing().await;
    let mut runner = runner(&server.url("/"), &[]);
    runner.schedule().await.unwrap();
    runner.enqueue(b"samples", &[]);
    runner.stopper().stop();
    runner.run().await.unwrap();
    runner.assert_transferred(ORIGINAL, 1);
    assert_eq!(server.left(), 1);
}
