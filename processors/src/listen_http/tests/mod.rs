//! Requests of real clients over real sockets, at ports that the system chooses.

mod framing;
mod limits;
mod parts;
mod tls;

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tutti_sdk::bulletin::Level;
use tutti_sdk::model::provenance::EventType;
use tutti_sdk::testkit::{Output, TestRunner};

use super::*;
use crate::http::client::{self, assert_later, read, status};

/// Asks whether requests are taken.
const HEALTH: &str =
    "GET /contentListener/healthcheck HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n";

/// A processor that listens.
struct Bench {
    runner: TestRunner,
    address: SocketAddr,
}

impl Bench {
    async fn new(properties: &[(&str, &str)]) -> Self {
        let mut all = vec![("Listening Port", "0")];
        all.extend(properties);
        let mut runner = TestRunner::new::<ListenHttp>(&all);
        runner.schedule().await.unwrap();
        let address = client::address(&runner);
        runner.clear();
        Self { runner, address }
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Sends a text as it is, and nothing more; what comes back until the end.
    fn send(&self, text: impl AsRef<[u8]>) -> JoinHandle<String> {
        client::send(self.address, text)
    }

    /// Sends that, while the processor is triggered as often as it takes.
    async fn answer(&mut self, text: impl AsRef<[u8]>) -> String {
        let mut sent = self.send(text);
        loop {
            tokio::select! {
                answer = &mut sent => return answer.unwrap(),
                ran = self.runner.run() => ran.unwrap(),
            }
        }
    }

    /// Questions and answers on other connections: whatever was sent before on one has been seen.
    async fn round(&self) {
        for _ in 0..3 {
            assert_eq!(status(&self.send(HEALTH).await.unwrap()), 200);
        }
    }

    /// What became of all requests until now: one more is taken, and left out here. Whatever was
    /// sent before it has been read.
    async fn taken(&mut self) -> Vec<Output> {
        let last = post("last");
        assert_eq!(status(&self.answer(last).await), 200);
        let mut taken = self.runner.transferred(SUCCESS);
        assert_eq!(taken.pop().unwrap().text(), "last");
        taken
    }

    /// Nothing that was sent became a flowfile.
    async fn assert_nothing_taken(&mut self) {
        assert_eq!(self.taken().await.len(), 0);
    }
}

fn real_client() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().build().unwrap()
}

fn post_with(headers: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "POST /contentListener HTTP/1.1\r\nHost: here\r\nConnection: close\r\n{headers}\
         Content-Length: {length}\r\n\r\n{body}"
    )
}

fn post(body: &str) -> String {
    post_with("", body)
}

#[tokio::test]
async fn a_request_becomes_a_flowfile() {
    let mut bench = Bench::new(&[("Return Code", "201")]).await;
    let headers = "Filename: take.wav\r\nContent-Type: audio/wav\r\nX-Take: 3\r\n";
    let answer = bench.answer(post_with(headers, "samples")).await;
    assert_eq!(status(&answer), 201);
    let output = bench.runner.only(SUCCESS);
    assert_eq!(output.text(), "samples");
    for (name, value) in [
        ("filename", "take.wav"),
        ("mime.type", "audio/wav"),
        ("restlistener.remote.source.host", "127.0.0.1"),
        ("restlistener.request.uri", "/contentListener"),
        ("restlistener.remote.user.dn", "none"),
        ("restlistener.remote.issuer.dn", "none"),
        ("x-take", ""),
    ] {
        assert_eq!(output.attribute(name), value, "{name}");
    }
    let events = bench.runner.events();
    let received = events.iter().find(|event| event.event_type == EventType::Receive).unwrap();
    assert_eq!(received.transit_uri.as_deref(), Some("http://here/contentListener"));
}

#[tokio::test]
async fn a_request_without_a_name_or_a_body_is_one_too() {
    let mut bench = Bench::new(&[("Base Path", "/")]).await;
    let request = "POST /?take=3 HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n";
    assert_eq!(status(&bench.answer(request).await), 200);
    let output = bench.runner.only(SUCCESS);
    assert_eq!(output.text(), "");
    assert_eq!(output.attribute("filename"), output.flowfile.uuid());
    assert_eq!(output.attribute("restlistener.request.uri"), "/");
}

#[tokio::test]
async fn a_request_is_confirmed_only_when_it_is_durable() {
    let mut bench = Bench::new(&[]).await;
    let sent = bench.send(post("samples"));
    bench.runner.run_withheld().await.unwrap();
    assert_eq!(bench.runner.only(SUCCESS).text(), "samples");
    // An answer that was on its way would have come by then.
    bench.round().await;
    assert!(!sent.is_finished(), "it was confirmed before it was durable");
    bench.runner.make_durable();
    assert_eq!(status(&sent.await.unwrap()), 200);
}

#[tokio::test]
async fn a_commit_that_fails_is_not_confirmed() {
    let mut bench = Bench::new(&[]).await;
    bench.runner.fail_commits(1);
    let sent = bench.send(post("samples"));
    bench.runner.run().await.unwrap_err();
    assert_later(&sent.await.unwrap());
    bench.assert_nothing_taken().await;
}

#[tokio::test]
async fn what_is_lost_before_it_is_durable_is_not_confirmed() {
    let mut bench = Bench::new(&[]).await;
    let sent = bench.send(post("samples"));
    bench.runner.crash_before_durable().await.unwrap();
    assert_later(&sent.await.unwrap());
    bench.assert_nothing_taken().await;
}

#[tokio::test]
async fn content_that_cannot_be_stored_is_told_to_both_sides() {
    let mut bench = Bench::new(&[]).await;
    bench.runner.fail_writes_after(Some(3));
    assert_later(&bench.send(post("samples")).await.unwrap());
    bench.runner.assert_bulletin(Level::Error, "injected failure of a write");
    bench.runner.fail_writes_after(None);
    bench.assert_nothing_taken().await;
}

#[tokio::test]
async fn nobody_waits_where_the_queue_is_full() {
    let mut bench = Bench::new(&[]).await;
    bench.runner.set_full(true);
    assert_later(&bench.send(post("samples")).await.unwrap());
    assert_later(&bench.send(HEALTH).await.unwrap());
    bench.runner.set_full(false);
    bench.round().await;
    bench.assert_nothing_taken().await;
}

#[tokio::test]
async fn a_stop_ends_what_waits_and_what_is_on_its_way() {
    let mut bench = Bench::new(&[]).await;
    // As far as the head has been read, which its answer shows.
    let mut half = TcpStream::connect(bench.address).await.unwrap();
    let head = "POST /contentListener HTTP/1.1\r\nHost: here\r\nContent-Length: 9\r\n\
                Expect: 100-continue\r\n\r\n";
    half.write_all(head.as_bytes()).await.unwrap();
    let mut begun = [0; 25];
    half.read_exact(&mut begun).await.unwrap();
    assert_eq!(&begun, b"HTTP/1.1 100 Continue\r\n\r\n");
    bench.runner.stopper().stop();
    assert_later(&read(&mut half).await);
    bench.runner.run().await.unwrap();
    bench.runner.stop().await;
    assert!(TcpStream::connect(bench.address).await.is_err(), "it listens still");
    assert!(bench.runner.transferred(SUCCESS).is_empty());
}

#[tokio::test]
async fn what_comes_with_the_stop_is_not_confirmed() {
    let mut bench = Bench::new(&[]).await;
    let sent = bench.send(post("samples"));
    bench.runner.run().await.unwrap();
    assert_eq!(status(&sent.await.unwrap()), 200);
    // Nobody takes out what has come by the stop: either it was refused, or it is now.
    let late = bench.send(post("late"));
    bench.runner.stop().await;
    let answer = late.await.unwrap_or_default();
    assert!(answer.is_empty() || status(&answer) == 503, "{answer}");
    assert_eq!(bench.runner.transferred(SUCCESS).len(), 1);
}

#[tokio::test]
async fn it_listens_again_after_a_stop() {
    let mut bench = Bench::new(&[]).await;
    bench.runner.stop().await;
    bench.runner.schedule().await.unwrap();
    let told = bench.runner.bulletins().pop().unwrap();
    assert_eq!(told.level, Level::Info);
    assert!(told.message.starts_with("listening at http://127.0.0.1:"), "{}", told.message);
    assert!(told.message.ends_with("/contentListener"), "{}", told.message);
}

#[tokio::test]
async fn other_methods_and_paths_are_not_taken() {
    let mut bench = Bench::new(&[]).await;
    for (request, code) in [
        ("HEAD /contentListener", 200),
        ("HEAD /contentListener/", 200),
        ("GET /contentListener", 405),
        ("PUT /contentListener", 405),
        ("DELETE /contentListener", 405),
        ("OPTIONS /contentListener", 405),
        ("POST /", 404),
        ("POST /contentListener/more", 404),
        ("GET /contentListener/healthcheck", 200),
        ("POST /contentListener/healthcheck", 405),
    ] {
        let text = format!("{request} HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n");
        let answer = bench.send(text).await.unwrap();
        assert_eq!(status(&answer), code, "{request}");
        assert_eq!(answer.contains("\r\nallow: "), code == 405, "{answer}");
    }
    bench.assert_nothing_taken().await;
}

#[tokio::test]
async fn headers_become_attributes_and_replace_nothing() {
    let names = "X-.*|restlistener.*|uuid|mime.type";
    let mut bench = Bench::new(&[("HTTP Headers to receive as Attributes (Regex)", names)]).await;
    let headers = "X-Take: 3\r\nx-take: 4\r\nX-Title: Bj\u{f6}rk\r\nOther: 1\r\n\
                   Restlistener.Remote.User.Dn: CN=admin\r\nUuid: mine\r\nMime.Type: a/b\r\n\
                   Content-Type: text/plain\r\n";
    assert_eq!(status(&bench.answer(post_with(headers, "a")).await), 200);
    let output = bench.runner.only(SUCCESS);
    for (name, value) in [
        ("x-take", "3, 4"),
        ("x-title", "Björk"),
        ("other", ""),
        ("restlistener.remote.user.dn", "none"),
        ("mime.type", "text/plain"),
    ] {
        assert_eq!(output.attribute(name), value, "{name}");
    }
    assert_ne!(output.flowfile.uuid(), "mine");
}

#[tokio::test]
async fn requests_that_come_together_are_of_one_commit_and_all_confirmed() {
    let mut bench = Bench::new(&[]).await;
    let texts: Vec<String> = (0..20).map(|number| number.to_string()).collect();
    let sent: Vec<_> = texts.iter().map(|text| bench.send(post(text))).collect();
    while bench.runner.transferred(SUCCESS).len() < texts.len() {
        bench.runner.run().await.unwrap();
    }
    for answer in sent {
        assert_eq!(status(&answer.await.unwrap()), 200);
    }
    let mut taken: Vec<String> =
        bench.runner.transferred(SUCCESS).iter().map(Output::text).collect();
    taken.sort_by_key(|text| text.parse::<u32>().unwrap());
    assert_eq!(taken, texts);
}

#[tokio::test]
async fn a_real_client_sends_much_in_chunks() {
    let mut bench = Bench::new(&[]).await;
    let body: Vec<u8> = (0..3_000_000_u32).map(|number| (number % 251) as u8).collect();
    let chunks = body.chunks(70_000).map(|chunk| Ok::<_, std::io::Error>(chunk.to_vec()));
    let stream = reqwest::Body::wrap_stream(futures::stream::iter(chunks.collect::<Vec<_>>()));
    let request = real_client().post(bench.url("/contentListener")).body(stream);
    let (ran, answer) = tokio::join!(bench.runner.run(), request.send());
    ran.unwrap();
    assert_eq!(answer.unwrap().status(), 200);
    assert!(bench.runner.only(SUCCESS).bytes() == body, "other bytes than were sent");
}

#[tokio::test]
async fn a_port_that_is_taken_is_told() {
    let bench = Bench::new(&[]).await;
    let port = bench.address.port().to_string();
    let mut second = TestRunner::new::<ListenHttp>(&[("Listening Port", &port)]);
    let error = second.schedule().await.unwrap_err();
    let told = error.chain();
    assert!(told.starts_with(&format!("cannot listen at 127.0.0.1:{port}: ")), "{told}");
    assert!(error.help().is_some());
}

#[test]
fn what_does_not_go_together_is_refused() {
    let refused = |properties: &[(&str, &str)]| {
        let mut all = vec![("Listening Port", "8080")];
        all.extend(properties);
        let Err(BuildError::Properties(errors)) = TestRunner::try_new::<ListenHttp>(&all) else {
            return Vec::new();
        };
        errors.iter().map(|error| error.properties.join(", ")).collect()
    };
    let (certificate, key) = (("Certificate Location", "c"), ("Private Key Location", "k"));
    let authorities = ("Certificate Authorities Location", "a");
    assert_eq!(refused(&[certificate]), ["Certificate Location, Private Key Location"]);
    assert_eq!(refused(&[key]), ["Private Key Location, Certificate Location"]);
    let authorities_alone = "Certificate Authorities Location, Certificate Location";
    assert_eq!(refused(&[authorities]), [authorities_alone]);
    for pattern in ["Authorized Subject DN Pattern", "Authorized Issuer DN Pattern"] {
        let wanted = format!("{pattern}, Certificate Authorities Location");
        assert_eq!(refused(&[certificate, key, (pattern, "CN=.*")]), [wanted]);
        assert!(refused(&[certificate, key, authorities, (pattern, "CN=.*")]).is_empty());
    }
    for wrong in [("Return Code", "404"), ("Listening Address", "localhost"), ("Base Path", "a b")]
    {
        assert_eq!(refused(&[wrong]), [wrong.0]);
    }
}
