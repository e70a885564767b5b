//! Servers that do what a test says.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use http_body_util::{BodyExt, Collected, Full};
use hyper::header::HeaderMap;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

/// What a server saw of a request.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    pub(super) method: String,
    pub(super) uri: String,
    headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

impl Seen {
    pub(super) fn header(&self, name: &str) -> String {
        self.headers.get(name).map(crate::http::text).unwrap_or_default()
    }
}

pub(super) type Answer = Response<Full<Bytes>>;

pub(super) fn answer(status: u16, headers: &[(&str, &str)], body: impl Into<Bytes>) -> Answer {
    let mut response = Response::builder().status(status);
    for (name, value) in headers {
        response = response.header(*name, *value);
    }
    response.body(Full::new(body.into())).unwrap()
}

/// A server; it ends when it is dropped.
pub(super) struct Server {
    pub(super) address: SocketAddr,
    seen: mpsc::UnboundedReceiver<Seen>,
    _tasks: JoinSet<()>,
}

impl Server {
    pub(super) async fn new(answer: impl Fn(&Seen) -> Answer + Send + Sync + 'static) -> Self {
        Self::with_tls(None, answer).await
    }

    pub(super) async fn with_tls(
        tls: Option<TlsAcceptor>,
        answer: impl Fn(&Seen) -> Answer + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (sender, seen) = mpsc::unbounded_channel();
        let answer = Arc::new(answer);
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let mut connections = JoinSet::new();
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let (answer, sender, tls) = (Arc::clone(&answer), sender.clone(), tls.clone());
                let service =
                    service_fn(move |request| see(request, answer.clone(), sender.clone()));
                connections.spawn(async move {
                    let http = http1::Builder::new();
                    match tls {
                        None => drop(http.serve_connection(TokioIo::new(stream), service).await),
                        Some(tls) => {
                            let Ok(stream) = tls.accept(stream).await else { return };
                            drop(http.serve_connection(TokioIo::new(stream), service).await);
                        }
                    }
                });
            }
        });
        Self { address, seen, _tasks: tasks }
    }

    /// A server that reads the head of a request and sends these bytes, and then ends the
    /// connection or, where it is to hang, does not.
    pub(super) async fn raw(bytes: &'static [u8], hangs: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (sender, seen) = mpsc::unbounded_channel();
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let mut open = Vec::new();
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n\r\n") {
                    let Ok(byte) = stream.read_u8().await else { break };
                    head.push(byte);
                }
                drop(stream.write_all(bytes).await);
                let method = String::from_utf8_lossy(&head).into_owned();
                let (uri, headers, body) = (String::new(), HeaderMap::new(), Vec::new());
                drop(sender.send(Seen { method, uri, headers, body }));
                if hangs {
                    open.push(stream);
                }
            }
        });
        Self { address, seen, _tasks: tasks }
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The next request, which has come or comes.
    pub(super) async fn next(&mut self) -> Seen {
        self.seen.recv().await.unwrap()
    }

    /// Requests that have come and nobody has looked at.
    pub(super) fn left(&mut self) -> usize {
        std::iter::from_fn(|| self.seen.try_recv().ok()).count()
    }
}

async fn see(
    request: Request<hyper::body::Incoming>,
    answer: Arc<impl Fn(&Seen) -> Answer>,
    sender: mpsc::UnboundedSender<Seen>,
) -> Result<Answer, Infallible> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.map_or_else(|_| Bytes::new(), Collected::to_bytes);
    let (method, uri) = (head.method.to_string(), head.uri.to_string());
    let seen = Seen { method, uri, headers: head.headers, body: body.to_vec() };
    let answered = answer(&seen);
    // The test may have ended.
    drop(sender.send(seen));
    Ok(answered)
}
