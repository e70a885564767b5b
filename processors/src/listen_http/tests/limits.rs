//! Clients that take too much: of bytes, of time, of connections.

use std::io::Write;

use super::*;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn packed(body: &[u8]) -> Vec<u8> {
    let head = format!(
        "POST /contentListener HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\
         Content-Encoding: gzip\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

#[tokio::test]
async fn a_body_has_so_many_bytes_and_no_more() {
    let mut bench = Bench::new(&[("Maximum Request Size", "4 B")]).await;
    assert_eq!(status(&bench.answer(post("abcde")).await), 413);
    let chunked = "POST /contentListener HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\
                   Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
    assert_eq!(status(&bench.answer(chunked).await), 413);
    assert_eq!(status(&bench.answer(post("last")).await), 200);
    assert_eq!(bench.runner.only(SUCCESS).text(), "last");
}

#[tokio::test]
async fn a_client_that_asks_first_sends_nothing_for_nothing() {
    let mut bench = Bench::new(&[("Maximum Request Size", "4 B")]).await;
    let head = |length| {
        format!(
            "POST /contentListener HTTP/1.1\r\nHost: here\r\nExpect: 100-continue\r\n\
             Content-Length: {length}\r\n\r\n"
        )
    };
    // The body never comes: the answer does not wait for it.
    let answer = bench.send(head(5)).await.unwrap();
    assert_eq!(status(&answer), 413);
    bench.runner.set_full(true);
    assert_later(&bench.send(head(4)).await.unwrap());
    bench.runner.set_full(false);
    bench.assert_nothing_taken().await;
}

#[tokio::test]
async fn what_comes_packed_is_unpacked_within_the_same_bound() {
    let mut bench = Bench::new(&[("Maximum Request Size", "1 MB")]).await;
    assert_eq!(status(&bench.answer(packed(&gzip(b"samples"))).await), 200);
    let twice = [gzip(b"more "), gzip(b"samples")].concat();
    assert_eq!(status(&bench.answer(packed(&twice)).await), 200);
    let bomb = gzip(&vec![0; 4_000_000]);
    assert!(bomb.len() < 10_000);
    assert_eq!(status(&bench.answer(packed(&bomb)).await), 413);
    let whole = gzip(b"samples");
    for broken in [&whole[..whole.len() - 1], &whole[..12], b"samples", b""] {
        assert_eq!(status(&bench.answer(packed(broken)).await), 400, "{broken:?}");
    }
    let texts: Vec<_> = bench.taken().await.iter().map(Output::text).collect();
    assert_eq!(texts, ["samples", "more samples"]);
}

#[tokio::test]
async fn a_head_has_so_many_bytes_and_no_more() {
    let mut bench = Bench::new(&[]).await;
    let long = "x".repeat(200_000);
    let many = "X: 1\r\n".repeat(200);
    for text in [
        format!("POST /{long} HTTP/1.1\r\nHost: here\r\n\r\n"),
        format!("POST /contentListener HTTP/1.1\r\nX: {long}\r\n\r\n"),
        format!("POST /contentListener HTTP/1.1\r\n{many}\r\n"),
    ] {
        let mut stream = TcpStream::connect(bench.address).await.unwrap();
        // It may be cut while it is still being sent.
        drop(stream.write_all(text.as_bytes()).await);
        let answer = read(&mut stream).await;
        assert!(answer.is_empty() || [414, 431].contains(&status(&answer)), "{answer}");
    }
    bench.assert_nothing_taken().await;
}

#[tokio::test]
async fn a_client_that_does_not_go_on_is_told_so() {
    let mut bench = Bench::new(&[("Idle Timeout", "30 sec")]).await;
    let mut stream = TcpStream::connect(bench.address).await.unwrap();
    stream.set_nodelay(true).unwrap();
    let head = "POST /contentListener HTTP/1.1\r\nHost: here\r\nContent-Length: 99\r\n\
                Expect: 100-continue\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut begun = [0; 25];
    stream.read_exact(&mut begun).await.unwrap();
    // Single bytes are no progress.
    stream.write_all(b"a").await.unwrap();
    bench.round().await;
    bench.runner.clock().advance_ms(20_000);
    stream.write_all(b"b").await.unwrap();
    bench.round().await;
    bench.runner.clock().advance_ms(10_000);
    assert_eq!(status(&read(&mut stream).await), 408);
    bench.assert_nothing_taken().await;
}

#[tokio::test]
async fn a_request_waits_so_long_for_its_confirmation_and_no_longer() {
    let mut bench = Bench::new(&[("Confirmation Timeout", "60 sec")]).await;
    let sent = bench.send(post("samples"));
    bench.runner.run_withheld().await.unwrap();
    bench.runner.clock().advance_ms(60_000);
    assert_later(&sent.await.unwrap());
    // It is there all the same, as nobody can take it back.
    bench.runner.make_durable();
    assert_eq!(bench.taken().await.len(), 1);
}

#[tokio::test]
async fn connections_that_wait_for_nothing_give_way_and_those_at_work_do_not() {
    let mut bench = Bench::new(&[("Maximum Connections", "1")]).await;
    let mut idle = TcpStream::connect(bench.address).await.unwrap();
    assert_eq!(status(&bench.answer(post("a")).await), 200);
    assert_eq!(read(&mut idle).await, "", "the idle one was cut");
    let mut works = TcpStream::connect(bench.address).await.unwrap();
    let head = "POST /contentListener HTTP/1.1\r\nHost: here\r\nContent-Length: 4\r\n\
                Expect: 100-continue\r\nConnection: close\r\n\r\n";
    works.write_all(head.as_bytes()).await.unwrap();
    let mut begun = [0; 25];
    works.read_exact(&mut begun).await.unwrap();
    assert_later(&bench.send(post("b")).await.unwrap());
    works.write_all(b"work").await.unwrap();
    bench.runner.run().await.unwrap();
    assert_eq!(status(&read(&mut works).await), 200);
    let texts: Vec<_> = bench.runner.transferred(SUCCESS).iter().map(Output::text).collect();
    assert_eq!(texts, ["a", "work"]);
}
