//! Requests that are no requests, or only half of one: none becomes a flowfile.

use super::*;

const HEAD: &str = "POST /contentListener HTTP/1.1\r\nHost: here\r\n";

/// Sends a text and goes away, by a reset where wanted.
async fn send_and_leave(address: SocketAddr, text: &str, reset: bool) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(text.as_bytes()).await.unwrap();
    if reset {
        stream.set_zero_linger().unwrap();
    }
}

#[tokio::test]
async fn a_client_that_leaves_in_the_middle_leaves_nothing() {
    let mut bench = Bench::new(&[]).await;
    for text in [
        "",
        "POST /content",
        HEAD,
        &format!("{HEAD}Content-Length: 9\r\n\r\n"),
        &format!("{HEAD}Content-Length: 9\r\n\r\nhalf"),
        &format!("{HEAD}Transfer-Encoding: chunked\r\n\r\n"),
        &format!("{HEAD}Transfer-Encoding: chunked\r\n\r\n4\r\nha"),
        &format!("{HEAD}Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n"),
        &format!("{HEAD}Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n0\r\n"),
        &format!(
            "{HEAD}Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 99\r\n\r\n\
                  --b\r\nContent-Disposition: form-data; name=a\r\n\r\nwhole\r\n--b\r\n"
        ),
    ] {
        for reset in [false, true] {
            send_and_leave(bench.address, text, reset).await;
        }
    }
    bench.assert_nothing_taken().await;
}

#[tokio::test]
async fn a_body_that_ends_too_early_is_told_where_the_client_still_reads() {
    let mut bench = Bench::new(&[]).await;
    let mut stream = TcpStream::connect(bench.address).await.unwrap();
    let text = format!("{HEAD}Content-Length: 9\r\n\r\nhalf");
    stream.write_all(text.as_bytes()).await.unwrap();
    stream.shutdown().await.unwrap();
    let answer = read(&mut stream).await;
    assert!(answer.is_empty() || status(&answer) == 400, "{answer}");
    bench.assert_nothing_taken().await;
}

#[tokio::test]
async fn a_client_that_left_while_it_waited_is_not_taken() {
    let mut bench = Bench::new(&[]).await;
    let mut stream = TcpStream::connect(bench.address).await.unwrap();
    stream.write_all(format!("{HEAD}Content-Length: 4\r\n\r\nhere").as_bytes()).await.unwrap();
    // It waits by then: its content was written by another thread.
    for _ in 0..20 {
        bench.round().await;
    }
    stream.set_zero_linger().unwrap();
    drop(stream);
    bench.round().await;
    bench.assert_nothing_taken().await;
}

#[tokio::test]
async fn a_client_that_leaves_before_it_is_durable_leaves_its_flowfile() {
    let mut bench = Bench::new(&[]).await;
    let mut stream = TcpStream::connect(bench.address).await.unwrap();
    stream.write_all(format!("{HEAD}Content-Length: 4\r\n\r\nhere").as_bytes()).await.unwrap();
    bench.runner.run_withheld().await.unwrap();
    stream.set_zero_linger().unwrap();
    drop(stream);
    bench.runner.make_durable();
    let taken = bench.taken().await;
    assert_eq!(taken.iter().map(Output::text).collect::<Vec<_>>(), ["here"]);
    let errors: Vec<_> =
        bench.runner.bulletins().into_iter().filter(|it| it.level == Level::Error).collect();
    assert!(errors.is_empty(), "{errors:?}");
}

#[tokio::test]
async fn what_two_readers_could_take_for_different_requests_is_refused() {
    let mut bench = Bench::new(&[]).await;
    for headers in [
        "Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde",
        "Content-Length: 4, 5\r\n\r\nabcde",
        "Content-Length: +4\r\n\r\nabcd",
        "Content-Length: -1\r\n\r\n",
        "Content-Length: 0x4\r\n\r\nabcd",
        "Content-Length: 99999999999999999999999\r\n\r\nabcd",
        "Content-Length : 4\r\n\r\nabcd",
        "Transfer-Encoding: chunked, identity\r\n\r\n4\r\nabcd\r\n0\r\n\r\n",
        "Transfer-Encoding: identity\r\n\r\nabcd",
        "Transfer-Encoding : chunked\r\n\r\n4\r\nabcd\r\n0\r\n\r\n",
        "Transfer-Encoding: xchunked\r\n\r\n4\r\nabcd\r\n0\r\n\r\n",
        "Transfer-Encoding:\u{b}chunked\r\n\r\n4\r\nabcd\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\nx\r\nabcd\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n-4\r\nabcd\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nabcd\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n",
        " folded: 1\r\n\r\n",
        "no colon\r\n\r\n",
    ] {
        let answer = bench.answer(format!("{HEAD}{headers}")).await;
        assert_eq!(status(&answer), 400, "{headers:?}: {answer}");
    }
    let old = "POST /contentListener HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
    assert_eq!(status(&bench.answer(old).await), 400);
    bench.assert_nothing_taken().await;
}

#[tokio::test]
async fn with_two_lengths_the_chunks_count_and_nothing_after_them_is_read() {
    let mut bench = Bench::new(&[]).await;
    let hidden = post("hidden");
    for lengths in [
        "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n",
    ] {
        let text = format!("{HEAD}{lengths}\r\n3\r\nabc\r\n0\r\n\r\n{hidden}");
        assert_eq!(status(&bench.answer(text).await), 200);
    }
    let taken = bench.taken().await;
    assert_eq!(taken.iter().map(Output::text).collect::<Vec<_>>(), ["abc", "abc"]);
}

#[tokio::test]
async fn requests_one_after_another_on_one_connection_are_told_apart() {
    let mut bench = Bench::new(&[]).await;
    let kept = format!("{HEAD}Content-Length: 3\r\n\r\nabc");
    let answer = bench.answer(format!("{kept}{kept}{}", post("last"))).await;
    assert_eq!(answer.matches("HTTP/1.1 200 OK").count(), 3, "{answer}");
    let texts: Vec<_> = bench.runner.transferred(SUCCESS).iter().map(Output::text).collect();
    assert_eq!(texts, ["abc", "abc", "last"]);
}

#[tokio::test]
async fn rubbish_is_no_request() {
    let mut bench = Bench::new(&[]).await;
    for text in
        ["\0\0\0\0\r\n\r\n", "\u{16}\u{3}\u{1}\u{2}", "GET\r\n\r\n", "POST / HTTP/9.9\r\n\r\n"]
    {
        let mut stream = TcpStream::connect(bench.address).await.unwrap();
        stream.write_all(text.as_bytes()).await.unwrap();
        stream.shutdown().await.unwrap();
        let answer = read(&mut stream).await;
        assert!(answer.is_empty() || status(&answer) == 400, "{text:?}: {answer}");
    }
    let proxy = "CONNECT elsewhere:80 HTTP/1.1\r\nHost: elsewhere\r\nConnection: close\r\n\r\n";
    let code = status(&bench.answer(proxy).await);
    assert!(code == 404 || code == 400, "{code}");
    bench.assert_nothing_taken().await;
}
