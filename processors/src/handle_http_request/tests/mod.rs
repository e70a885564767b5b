//! Requests of clients over real sockets, at ports that the system chooses.

mod limits;
mod parts;
mod tls;

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tutti_sdk::FAILURE;
use tutti_sdk::bulletin::Level;
use tutti_sdk::model::provenance::EventType;
use tutti_sdk::testkit::TestRunner;

use super::bench::{Bench, Plan, get, post, post_with, responses};
use super::*;
use crate::http::client::{assert_later, status};

#[tokio::test]
async fn a_request_becomes_a_flowfile_and_is_answered() {
    let mut bench = Bench::new().await;
    let request = "PUT /takes/a%20b?n=3&title=Bj%C3%B6rk+x&flag&n=4 HTTP/1.1\r\nHost: \
                   studio:8080\r\nX-Take: 1\r\nX-TAKE: 2\r\nCookie: id=7; theme=a=b\r\n\
                   Content-Type: audio/wav\r\nConnection: close\r\nContent-Length: 7\r\n\r\n\
                   samples";
    let sent = bench.send(request);
    let taken = bench.answer().await;
    assert_eq!(taken.text(), "samples");
    for (name, value) in [
        ("http.method", "PUT"),
        ("http.request.uri", "/takes/a%20b"),
        ("http.request.url", "http://studio:8080/takes/a%20b"),
        ("http.servlet.path", "/takes/a%20b"),
        ("http.context.path", ""),
        ("http.query.string", "n=3&title=Björk x&flag&n=4"),
        ("http.query.param.n", "4"),
        ("http.query.param.title", "Björk x"),
        ("http.query.param.flag", ""),
        ("http.headers.x-take", "1, 2"),
        ("http.headers.host", "studio:8080"),
        ("http.cookie.id.value", "7"),
        ("http.cookie.theme.value", "a=b"),
        ("http.protocol", "HTTP/1.1"),
        ("http.remote.host", "127.0.0.1"),
        ("http.remote.addr", "127.0.0.1"),
        ("http.local.addr", "127.0.0.1"),
        ("http.local.name", "127.0.0.1"),
        ("http.server.name", "studio"),
        ("http.server.port", "8080"),
        ("http.subject.dn", ""),
        ("mime.type", "audio/wav"),
        ("filename", taken.flowfile.uuid()),
    ] {
        assert_eq!(taken.attribute(name), value, "{name}");
    }
    assert!(taken.flowfile.attribute("http.query.param.flag").is_some());
    let answer = sent.await.unwrap();
    assert_eq!(status(&answer), 200);
    assert!(answer.ends_with("\r\n\r\nsamples"), "{answer}");
    assert!(answer.contains("\r\ncontent-length: 7\r\n"), "{answer}");
    assert_eq!(bench.responses.only(SUCCESS).text(), "samples");
}

#[tokio::test]
async fn who_sends_and_who_is_answered_is_noted() {
    let mut bench = Bench::new().await;
    let sent = bench.send(post("samples"));
    bench.requests.run().await.unwrap();
    let url = "http://here/takes";
    let events = bench.requests.events();
    let received = events.iter().find(|event| event.event_type == EventType::Receive).unwrap();
    assert_eq!(received.transit_uri.as_deref(), Some(url));
    bench.responses.enqueue_output(&bench.requests.only(SUCCESS));
    bench.responses.run().await.unwrap();
    assert_eq!(status(&sent.await.unwrap()), 200);
    let events = bench.responses.events();
    let answered = events.iter().find(|event| event.event_type == EventType::Send).unwrap();
    assert_eq!((answered.transit_uri.as_deref(), answered.transit_bytes), (Some(url), Some(7)));
}

#[tokio::test]
async fn the_client_that_means_no_host_means_this_one() {
    let mut bench = Bench::new().await;
    let sent = bench.send("GET /a HTTP/1.0\r\n\r\n");
    let taken = bench.answer().await;
    let port = bench.address.port();
    assert_eq!(taken.attribute("http.request.url"), format!("http://127.0.0.1:{port}/a"));
    assert_eq!(taken.attribute("http.protocol"), "HTTP/1.0");
    assert_eq!(status(&sent.await.unwrap()), 200);
    let sent =
        bench.send("GET http://there:81/a?b HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n");
    let taken = bench.answer().await;
    assert_eq!(taken.attribute("http.request.url"), "http://there:81/a");
    assert_eq!(taken.attribute("http.query.string"), "b");
    assert_eq!(status(&sent.await.unwrap()), 200);
    let sent = bench.send("GET / HTTP/1.1\r\nHost: [::1]\r\nConnection: close\r\n\r\n");
    let taken = bench.answer().await;
    assert_eq!(taken.attribute("http.request.url"), "http://[::1]/");
    assert_eq!(taken.attribute("http.server.name"), "[::1]");
    assert_eq!(taken.attribute("http.server.port"), "80");
    assert_eq!(status(&sent.await.unwrap()), 200);
}

#[tokio::test]
async fn what_comes_packed_stays_so() {
    let mut bench = Bench::new().await;
    let sent = bench.send(post_with("Content-Encoding: gzip\r\n", "packed"));
    assert_eq!(bench.answer().await.text(), "packed");
    assert_eq!(status(&sent.await.unwrap()), 200);
}

#[tokio::test]
async fn other_methods_and_paths_are_not_taken() {
    let mut bench = Bench::of(Plan {
        requests: &[
            ("Allowed Paths", "/takes|/last"),
            ("Allow DELETE", "false"),
            ("Allow OPTIONS", "true"),
            ("Additional HTTP Methods", "propfind"),
        ],
        ..Plan::default()
    })
    .await;
    for (request, code) in [
        ("DELETE /takes", 405),
        ("HEAD /takes", 405),
        ("PATCH /takes", 405),
        ("propfind /takes", 405),
        ("GET /takes/", 404),
        ("GET /", 404),
        ("GET /takes?/last", 200),
        ("POST /takes", 200),
        ("PUT /takes", 200),
        ("OPTIONS /takes", 200),
        ("PROPFIND /takes", 200),
    ] {
        let text = format!("{request} HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n");
        let sent = bench.send(text);
        if code == 200 {
            bench.answer().await;
        }
        let answer = sent.await.unwrap();
        assert_eq!(status(&answer), code, "{request}");
        let allow = answer.contains("\r\nallow: GET, POST, PUT, OPTIONS, PROPFIND\r\n");
        assert_eq!(allow, code == 405, "{answer}");
    }
    bench.assert_nothing_taken().await;
}

#[tokio::test]
async fn a_commit_that_fails_takes_nothing() {
    let mut bench = Bench::new().await;
    bench.requests.fail_commits(1);
    let sent = bench.send(post("samples"));
    bench.requests.run().await.unwrap_err();
    assert_later(&sent.await.unwrap());
    bench.assert_nothing_taken().await;
}

#[tokio::test]
async fn content_that_cannot_be_stored_is_the_operators_to_know() {
    let mut bench = Bench::new().await;
    bench.requests.fail_writes_after(Some(3));
    assert_later(&bench.send(post("samples")).await.unwrap());
    bench.requests.assert_bulletin(Level::Error, "injected failure of a write");
    bench.requests.fail_writes_after(None);
    bench.assert_nothing_taken().await;
}

#[tokio::test]
async fn a_client_that_left_leaves_its_flowfile_and_gets_no_answer() {
    let mut bench = Bench::new().await;
    let mut stream = TcpStream::connect(bench.address).await.unwrap();
    stream.write_all(post("samples").as_bytes()).await.unwrap();
    bench.pass().await;
    stream.set_zero_linger().unwrap();
    drop(stream);
    // The server has seen what came before this.
    for _ in 0..3 {
        let sent = bench.send(get("/"));
        let other = bench.take().await;
        let mut second = responses(&bench.service, &[]);
        second.enqueue_output(&other);
        second.run().await.unwrap();
        assert_eq!(status(&sent.await.unwrap()), 200);
    }
    bench.responses.run().await.unwrap();
    let failed = bench.responses.only(FAILURE);
    assert_eq!(failed.text(), "samples");
    assert!(failed.attribute("failure.reason").contains("its client left"));
}

#[tokio::test]
async fn a_client_that_leaves_before_it_is_taken_leaves_nothing() {
    let mut bench = Bench::new().await;
    let mut stream = TcpStream::connect(bench.address).await.unwrap();
    let half = "POST /takes HTTP/1.1\r\nHost: here\r\nContent-Length: 9\r\n\r\nhalf";
    stream.write_all(half.as_bytes()).await.unwrap();
    stream.set_zero_linger().unwrap();
    drop(stream);
    bench.assert_nothing_taken().await;
}

#[tokio::test]
async fn a_stop_gives_answers_some_time_and_no_more() {
    for is_answered in [true, false] {
        let mut bench = Bench::new().await;
        let sent = bench.send(post("samples"));
        bench.pass().await;
        bench.requests.stopper().stop();
        let clock = bench.requests.clock();
        if is_answered {
            clock.advance_ms(2_999);
            bench.responses.run().await.unwrap();
            assert_eq!(status(&sent.await.unwrap()), 200);
            continue;
        }
        // Its time begins when it hears of the stop.
        let answer = async {
            loop {
                clock.advance_ms(3_000);
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            answered = sent => assert_later(&answered.unwrap()),
            () = answer => {}
        }
        bench.responses.run().await.unwrap();
        bench.responses.assert_transferred(FAILURE, 1);
    }
}

#[tokio::test]
async fn nobody_waits_for_a_map_that_is_gone() {
    let mut bench = Bench::new().await;
    let sent = bench.send(post("samples"));
    bench.pass().await;
    bench.service.disable().await;
    assert_later(&sent.await.unwrap());
}

#[test]
fn what_does_not_go_together_is_refused() {
    let refused = |properties: &[(&str, &str)]| {
        let mut all = vec![("Listening Port", "8080"), ("HTTP Context Map", "Requests")];
        all.extend(properties);
        let Err(BuildError::Properties(errors)) = TestRunner::try_new::<HandleHttpRequest>(&all)
        else {
            return Vec::new();
        };
        errors.iter().map(|error| error.properties.join(", ")).collect()
    };
    let (certificate, key) = (("Certificate Location", "c"), ("Private Key Location", "k"));
    assert!(refused(&[certificate, key]).is_empty());
    assert_eq!(refused(&[certificate]), ["Certificate Location, Private Key Location"]);
    let authorities = "Certificate Authorities Location, Certificate Location";
    assert_eq!(refused(&[("Certificate Authorities Location", "a")]), [authorities]);
    for wrong in [("Additional HTTP Methods", "a b"), ("Listening Address", "localhost")] {
        assert_eq!(refused(&[wrong]), [wrong.0]);
    }
}
