//! Answers on their way: large ones, such without a body, and clients that do not take them.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::*;

/// More than the buffers of a connection hold.
const LARGE_BYTES: usize = 32_000_000;

/// A client that has sent a request and takes nothing yet of its large answer.
async fn slow(bench: &mut Bench) -> TcpStream {
    let mut stream = TcpStream::connect(bench.address).await.unwrap();
    stream.write_all(get("/large").as_bytes()).await.unwrap();
    let taken = bench.take().await;
    let identifier = taken.attribute("http.context.identifier");
    bench.responses.enqueue(&vec![7; LARGE_BYTES], &[("http.context.identifier", identifier)]);
    stream
}

/// Reads until an answer has begun.
async fn begin(stream: &mut TcpStream) {
    let mut begun = [0; 12];
    stream.read_exact(&mut begun).await.unwrap();
    assert_eq!(&begun, b"HTTP/1.1 200");
}

/// How many bytes come until the connection ends.
async fn rest(stream: &mut TcpStream) -> usize {
    let mut all = Vec::new();
    drop(stream.read_to_end(&mut all).await);
    all.len()
}

#[tokio::test]
async fn a_large_answer_comes_as_a_whole() {
    let mut bench = Bench::new().await;
    let mut stream = slow(&mut bench).await;
    let (ran, count) = tokio::join!(bench.responses.run(), rest(&mut stream));
    ran.unwrap();
    assert!(count > LARGE_BYTES, "{count}");
    bench.responses.assert_transferred(SUCCESS, 1);
}

#[tokio::test]
async fn a_client_that_leaves_in_the_middle_is_told() {
    let mut bench = Bench::new().await;
    let mut stream = slow(&mut bench).await;
    let leave = async {
        begin(&mut stream).await;
        stream.set_zero_linger().unwrap();
        drop(stream);
    };
    let (ran, ()) = tokio::join!(bench.responses.run(), leave);
    ran.unwrap();
    assert_failed(&bench.responses, "the client left before it had the whole answer");
}

#[tokio::test]
async fn a_client_that_takes_nothing_is_cut() {
    let mut bench = Bench::new().await;
    let mut stream = slow(&mut bench).await;
    let clock = bench.responses.clock();
    let wait = async {
        begin(&mut stream).await;
        loop {
            clock.advance_ms(30_000);
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        ran = bench.responses.run() => ran.unwrap(),
        () = wait => {}
    }
    assert_failed(&bench.responses, "did not get the whole answer: nothing came or went for 30 s");
    assert!(rest(&mut stream).await < LARGE_BYTES);
}

#[tokio::test]
async fn a_stop_gives_an_answer_some_time_and_no_more() {
    let mut bench = Bench::new().await;
    let mut stream = slow(&mut bench).await;
    let (clock, outside) = (bench.responses.clock(), bench.responses.stopper());
    let wait = async {
        begin(&mut stream).await;
        outside.stop();
        loop {
            clock.advance_ms(1_000);
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        ran = bench.responses.run() => ran.unwrap(),
        () = wait => {}
    }
    assert_failed(&bench.responses, "the processor was to stop");
    assert!(rest(&mut stream).await < LARGE_BYTES);
}

#[tokio::test]
async fn content_that_cannot_be_read_ends_the_connection() {
    let mut bench = Bench::new().await;
    let mut stream = slow(&mut bench).await;
    bench.responses.fail_reads_after(Some(100_000));
    let (ran, count) = tokio::join!(bench.responses.run(), rest(&mut stream));
    ran.unwrap();
    assert!(count < LARGE_BYTES, "{count}");
    assert_failed(&bench.responses, "cannot read the content: injected failure of a read");
}

#[tokio::test]
async fn an_answer_that_is_being_sent_does_not_give_way() {
    let requests = [("Maximum Connections", "1")];
    let mut bench = Bench::of(Plan { requests: &requests, ..Plan::default() }).await;
    let mut stream = slow(&mut bench).await;
    let address = bench.address;
    let other = async {
        begin(&mut stream).await;
        let refused = crate::http::client::send(address, get("/")).await.unwrap();
        assert_eq!(status(&refused), 503);
        rest(&mut stream).await
    };
    let (ran, count) = tokio::join!(bench.responses.run(), other);
    ran.unwrap();
    assert!(count > LARGE_BYTES, "{count}");
    bench.responses.assert_transferred(SUCCESS, 1);
}

#[tokio::test]
async fn some_answers_have_no_body() {
    for (method, code) in [("HEAD", "200"), ("GET", "204"), ("GET", "304")] {
        let mut bench = Bench::of(Plan {
            requests: &[("Allow HEAD", "true")],
            responses: &[("HTTP Status Code", code)],
            ..Plan::default()
        })
        .await;
        let sent = bench.send(get("/").replace("GET", method));
        let identifier = bench.take().await.attribute("http.context.identifier").to_owned();
        bench.responses.enqueue(b"samples", &[("http.context.identifier", &identifier)]);
        bench.responses.run().await.unwrap();
        let answer = sent.await.unwrap();
        assert_eq!(status(&answer).to_string(), code);
        assert!(answer.ends_with("\r\n\r\n") && !answer.contains("samples"), "{answer}");
        assert_eq!(answer.contains("\r\ncontent-length: 7\r\n"), method == "HEAD", "{answer}");
        bench.responses.assert_transferred(SUCCESS, 1);
    }
}

#[tokio::test]
async fn an_answer_without_content_is_one() {
    let mut bench = Bench::new().await;
    let sent = bench.send(get("/"));
    bench.answer().await;
    let answer = sent.await.unwrap();
    assert!(answer.contains("\r\ncontent-length: 0\r\n"), "{answer}");
    bench.responses.assert_transferred(SUCCESS, 1);
}
