//! The connections of the server: taken, bounded in number and in time, and ended.
//!
//! Must never wait for a client without a limit: whoever sends half a request or half of what TLS
//! begins with is cut, and whoever holds connections without using them gives way to who comes
//! next.

use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use bytes::Bytes;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use hyper::header::{CONNECTION, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::Limits;
use crate::seldom::Seldom;
use crate::tls::Tls;

/// How long to wait when the system gives no more connections.
const REFUSED_PAUSE: Duration = Duration::from_secs(1);
/// How often at most a log line may tell of the same trouble with connections.
const TOLD_PERIOD: Duration = Duration::from_mins(1);

/// Answers whoever connects until `ending`, then lets requests that are being answered finish.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    tls: Option<Arc<Tls>>,
    limits: Limits,
    ending: CancellationToken,
) {
    let farewell_max = limits.farewell_max;
    let mut connections = Connections::new(router, tls, &limits, ending.clone());
    ending.run_until_cancelled(connections.take_all(&listener)).await;
    connections.tell_rest();
    drop(listener);
    let all = async { while connections.tasks.join_next().await.is_some() {} };
    if tokio::time::timeout(farewell_max, all).await.is_err() {
        let count = connections.tasks.len();
        tracing::warn!("requests were cut off, because they took too long to end: {count}");
    }
}

struct Connections {
    http: http1::Builder,
    router: Router,
    tls: Option<Arc<Tls>>,
    /// How long a client may take to begin.
    begin_max: Duration,
    /// How many may be open at a time.
    count_max: usize,
    ending: CancellationToken,
    tasks: JoinSet<()>,
    /// Eldest first.
    open: Vec<(AbortHandle, Arc<Work>)>,
    /// A connection has ended its work on a request.
    free: Arc<Notify>,
    /// Connections that gave way.
    cut: Seldom,
    /// Times that the system gave none.
    refused: Seldom,
}

impl Connections {
    fn new(
        router: Router,
        tls: Option<Arc<Tls>>,
        limits: &Limits,
        ending: CancellationToken,
    ) -> Self {
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new())
            .header_read_timeout(limits.head_max)
            .max_buf_size(limits.head_bytes_max.max(8 << 10));
        Self {
            http,
            router,
            tls,
            begin_max: limits.head_max,
            count_max: limits.connections_max.max(1),
            ending,
            tasks: JoinSet::new(),
            open: Vec::new(),
            free: Arc::default(),
            cut: Seldom::new(TOLD_PERIOD),
            refused: Seldom::new(TOLD_PERIOD),
        }
    }

    async fn take_all(&mut self, listener: &TcpListener) {
        loop {
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                () = self.cut.wait() => {
                    self.tell_rest();
                    continue;
                }
            };
            match accepted {
                Ok((stream, peer)) => {
                    self.make_room().await;
                    self.take(stream, peer);
                }
                Err(error) if is_of_one_client(&error) => {}
                Err(error) => {
                    if let Some(times) = self.refused.note(Instant::now()) {
                        tracing::warn!(
                            "no connection can be taken, which is tried again ({times} times since \
                             this was told last): {error}"
                        );
                    }
                    tokio::time::sleep(REFUSED_PAUSE).await;
                }
            }
        }
    }

    /// Ends when one more connection may be open. Requests have a time limit, so it does end.
    async fn make_room(&mut self) {
        loop {
            while self.tasks.try_join_next().is_some() {}
            self.open.retain(|(task, _)| !task.is_finished());
            if self.open.len() < self.count_max {
                return;
            }
            let free = Arc::clone(&self.free);
            let waiting = self.open.iter().enumerate();
            let waiting = waiting.filter_map(|(index, (_, work))| Some((work.waits()?, index)));
            if let Some((_, index)) = waiting.min() {
                let (task, _) = self.open.remove(index);
                task.abort();
                let count = self.cut.note(Instant::now());
                self.tell_cut(count);
                continue;
            }
            tokio::select! {
                () = free.notified() => {}
                _ = self.tasks.join_next() => {}
            }
        }
    }

    fn tell_cut(&self, count: Option<u64>) {
        if let Some(count) = count {
            let most = self.count_max;
            tracing::warn!(
                "more than {most} connections: of those that waited for nothing the eldest were \
                 cut, {count} since this was told last"
            );
        }
    }

    /// Tells what was not told yet.
    fn tell_rest(&mut self) {
        let count = self.cut.rest(Instant::now());
        self.tell_cut(count);
    }

    fn take(&mut self, stream: TcpStream, peer: SocketAddr) {
        let work = Arc::new(Work {
            is_going_on: AtomicBool::new(false),
            is_coming: AtomicBool::new(false),
            is_sending: AtomicBool::new(false),
            free: self.free.clone(),
        });
        let answer = TowerToHyperService::new(self.router.clone());
        let service = {
            let work = Arc::clone(&work);
            let ending = self.ending.clone();
            service_fn(move |mut request: hyper::Request<Incoming>| {
                request.extensions_mut().insert(ConnectInfo(peer));
                let working = Work::begin(&work);
                let request = request.map(|body| Coming { body, work: Arc::clone(&work) });
                let answered = answer.call(request);
                let (ending, work) = (ending.clone(), Arc::clone(&work));
                async move {
                    let response = answered.await;
                    let sending = Sending::begin(&work);
                    drop(working);
                    let mut response = response
                        .map(|response| response.map(|body| Answer { body, _sending: sending }));
                    // The connection itself may learn of the end only after this answer.
                    if let Ok(response) = &mut response
                        && ending.is_cancelled()
                    {
                        response
                            .headers_mut()
                            .insert(CONNECTION, HeaderValue::from_static("close"));
                    }
                    response
                }
            })
        };
        let (http, ending) = (self.http.clone(), self.ending.clone());
        let (tls, begin_max) = (self.tls.as_ref().map(|tls| tls.acceptor()), self.begin_max);
        let task = self.tasks.spawn(async move {
            let ended = match tls {
                None => converse(&http, stream, service, &ending).await,
                Some(tls) => {
                    let begun = tokio::time::timeout(begin_max, tls.accept(stream));
                    match ending.run_until_cancelled(begun).await {
                        Some(Ok(Ok(stream))) => converse(&http, stream, service, &ending).await,
                        Some(Ok(Err(error))) => Err(error.to_string()),
                        Some(Err(_)) | None => Err("TLS was not begun in time".to_owned()),
                    }
                }
            };
            if let Err(error) = ended {
                tracing::debug!("the connection of {peer} broke: {error}");
            }
        });
        self.open.push((task, work));
    }
}

/// Answers what comes on one connection, until it or the server ends.
async fn converse<I, S, B>(
    http: &http1::Builder,
    stream: I,
    service: S,
    ending: &CancellationToken,
) -> Result<(), String>
where
    I: AsyncRead + AsyncWrite + Unpin + 'static,
    S: Service<hyper::Request<Incoming>, Response = hyper::Response<B>>,
    S::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    B: Body + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let connection = http.serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = ending.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    ended.map_err(|error| error.to_string())
}

/// Whether a connection is worked for: from the head of a request to the head of its answer, but
/// not while the rest of the request is waited for.
struct Work {
    is_going_on: AtomicBool,
    /// More of the request's body is to come, and has not.
    is_coming: AtomicBool,
    /// The answer's body is not at its end.
    is_sending: AtomicBool,
    /// Somebody else may have its place now.
    free: Arc<Notify>,
}

impl Work {
    fn begin(work: &Arc<Self>) -> Working {
        work.is_going_on.store(true, Ordering::SeqCst);
        Working(Arc::clone(work))
    }

    /// What the client is waited for with, if it is: who uses a connection least gives way first.
    fn waits(&self) -> Option<Waits> {
        if self.is_coming.load(Ordering::SeqCst) {
            Some(Waits::ForMore)
        } else if self.is_going_on.load(Ordering::SeqCst) {
            None
        } else if self.is_sending.load(Ordering::SeqCst) {
            Some(Waits::ToTake)
        } else {
            Some(Waits::ForRequest)
        }
    }

    fn set_coming(&self, is_coming: bool) {
        if self.is_coming.swap(is_coming, Ordering::SeqCst) != is_coming && is_coming {
            self.free.notify_one();
        }
    }
}

/// With what a connection waits for its client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Waits {
    ForRequest,
    /// The rest of a request.
    ForMore,
    /// What is sent may be a long download, or events without end.
    ToTake,
}

/// The body of an answer.
struct Answer<B> {
    body: B,
    /// Until it is dropped.
    _sending: Sending,
}

/// An answer that is being sent.
struct Sending(Arc<Work>);

impl Sending {
    fn begin(work: &Arc<Work>) -> Self {
        work.is_sending.store(true, Ordering::SeqCst);
        Self(Arc::clone(work))
    }
}

impl Drop for Sending {
    fn drop(&mut self) {
        self.0.is_sending.store(false, Ordering::SeqCst);
        self.0.free.notify_one();
    }
}

impl<B: Body + Unpin> Body for Answer<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// The body of a request: who sends it piece by piece, or not at all, gives way to who comes next.
struct Coming {
    body: Incoming,
    work: Arc<Work>,
}

impl Body for Coming {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(context);
        self.work.set_coming(polled.is_pending());
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Coming {
    fn drop(&mut self) {
        self.work.set_coming(false);
    }
}

struct Working(Arc<Work>);

impl Drop for Working {
    fn drop(&mut self) {
        self.0.is_going_on.store(false, Ordering::SeqCst);
        self.0.free.notify_one();
    }
}

/// Whether only the client that was to be taken is concerned.
fn is_of_one_client(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}
