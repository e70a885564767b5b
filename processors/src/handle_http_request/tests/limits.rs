//! Too much: of requests, of bytes, of time.

use super::*;

#[tokio::test]
async fn so_many_requests_wait_and_no_more() {
    let mut bench =
        Bench::of(Plan { service: &[("Maximum Outstanding Requests", "1")], ..Plan::default() })
            .await;
    let first = bench.send(post("first"));
    bench.pass().await;
    // Its body is not even asked for.
    let second = post_with("Expect: 100-continue\r\n", "second");
    let head = &second[..second.len() - "second".len()];
    assert_later(&bench.send(head).await.unwrap());
    bench.responses.run().await.unwrap();
    assert_eq!(status(&first.await.unwrap()), 200);
    bench.assert_nothing_taken().await;
}

#[tokio::test]
async fn a_request_waits_so_long_and_no_longer() {
    let mut bench =
        Bench::of(Plan { service: &[("Request Expiration", "20 sec")], ..Plan::default() }).await;
    let sent = bench.send(post("samples"));
    bench.pass().await;
    let clock = bench.requests.clock();
    clock.advance_ms(19_999);
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    assert!(!sent.is_finished());
    clock.advance_ms(1);
    let answer = sent.await.unwrap();
    assert_later(&answer);
    assert!(answer.contains("no answer came in time"), "{answer}");
    bench.responses.run().await.unwrap();
    let failed = bench.responses.only(FAILURE);
    assert!(failed.attribute("failure.reason").contains("its time was over"));
    bench.assert_nothing_taken().await;
}

#[tokio::test]
async fn a_body_has_so_many_bytes_and_no_more() {
    let mut bench = Bench::of(Plan {
        requests: &[("Maximum Request Size", "4 B"), ("Multipart Request Max Size", "100 B")],
        ..Plan::default()
    })
    .await;
    assert_eq!(status(&bench.send(post("abcde")).await.unwrap()), 413);
    let sent = bench.send(post("abcd"));
    assert_eq!(bench.answer().await.text(), "abcd");
    assert_eq!(status(&sent.await.unwrap()), 200);
    let head = "Content-Type: multipart/form-data; boundary=b\r\n";
    let part = |text: &str| {
        format!("--b\r\nContent-Disposition: form-data; name=a\r\n\r\n{text}\r\n--b--")
    };
    let large = bench.send(post_with(head, &part(&"x".repeat(50))));
    assert_eq!(status(&large.await.unwrap()), 413);
    let sent = bench.send(post_with(head, &part("abcdef")));
    assert_eq!(bench.answer().await.text(), "abcdef");
    assert_eq!(status(&sent.await.unwrap()), 200);
}

#[tokio::test]
async fn nobody_waits_where_the_queue_is_full() {
    let mut bench = Bench::new().await;
    bench.requests.set_full(true);
    assert_later(&bench.send(post("samples")).await.unwrap());
    bench.requests.set_full(false);
    bench.assert_nothing_taken().await;
}

#[tokio::test]
async fn a_client_that_does_not_go_on_is_told_so() {
    let mut bench = Bench::new().await;
    let head = "POST /takes HTTP/1.1\r\nHost: here\r\nContent-Length: 99\r\n\r\n";
    let sent = bench.send(head);
    let clock = bench.requests.clock();
    let wait = async {
        loop {
            clock.advance_ms(30_000);
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        answer = sent => assert_eq!(status(&answer.unwrap()), 408),
        () = wait => {}
    }
    bench.assert_nothing_taken().await;
}
