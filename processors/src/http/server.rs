//! A server of a processor: connections bounded in number and in time, with TLS where wanted.
//!
//! Must never wait for a client without a limit: whoever sends half a head is cut, and whoever
//! holds connections without using them gives way to who comes next.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::combinators::UnsyncBoxBody;
use hyper::body::{Frame, Incoming, SizeHint};
use hyper::header::{CONNECTION, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{AbortHandle, JoinHandle, JoinSet};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tutti_sdk::{ProcessError, ProcessorContext, async_trait};

use super::refusal::Refusal;
use super::tls::Names;

/// How long a client may take for the head of a request or for TLS, and keep a connection without
/// any.
const HEAD_MAX: Duration = Duration::from_secs(10);
/// Bytes of a request's head.
const HEAD_BYTES_MAX: usize = 64 * 1024;
/// How long requests that are being answered may take once the server is to end.
const FAREWELL_MAX: Duration = Duration::from_secs(5);
/// How long to wait when the system gives no more connections.
const REFUSED_PAUSE: Duration = Duration::from_secs(1);
/// Connections beyond the limit that are told so at a time; yet others are cut.
const TURNED_AWAY_MAX: usize = 64;
/// How long one of these may take.
const TURNED_AWAY: Duration = Duration::from_secs(2);

/// The body of an answer.
pub(crate) type Body = UnsyncBoxBody<Bytes, ProcessError>;

/// Who sends a request.
#[derive(Debug, Clone)]
pub(crate) struct Peer {
    pub(crate) address: SocketAddr,
    /// Where it came to.
    pub(crate) local: SocketAddr,
    /// From the certificate that it has shown.
    pub(crate) names: Option<Names>,
    /// Ends its connection, whatever is still on its way.
    pub(crate) cut: CancellationToken,
}

/// Answers requests.
#[async_trait]
pub(crate) trait Handler: Send + Sync + 'static {
    async fn answer(&self, request: Request<Incoming>, peer: Peer) -> Response<Body>;
}

/// A server that answers until it is ended or dropped, or its processor stops.
pub(crate) struct Server {
    address: SocketAddr,
    ending: CancellationToken,
    task: JoinHandle<()>,
}

impl Server {
    /// Listens at `address`; port 0 takes a free one.
    pub(crate) async fn start(
        address: SocketAddr,
        tls: Option<TlsAcceptor>,
        connections_max: usize,
        context: &ProcessorContext,
        handler: Arc<dyn Handler>,
    ) -> Result<Self, ProcessError> {
        let listening = async {
            let listener = TcpListener::bind(address).await?;
            let address = listener.local_addr()?;
            Ok::<_, std::io::Error>((listener, address))
        };
        let (listener, address) = listening.await.map_err(|error| {
            ProcessError::external(format!("cannot listen at {address}"))
                .caused_by(error)
                .with_help("end what listens there, or choose another port or address")
        })?;
        let ending = CancellationToken::new();
        let connections = Connections::new(tls, connections_max, context, ending.clone(), handler);
        let task = tokio::spawn(connections.serve(listener));
        Ok(Self { address, ending, task })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Takes no more requests, and lets those that are being answered finish within a limit.
    pub(crate) async fn end(&mut self) {
        self.ending.cancel();
        // A panic there was told where it happened.
        drop((&mut self.task).await);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.ending.cancel();
    }
}

struct Connections {
    http: http1::Builder,
    tls: Option<TlsAcceptor>,
    handler: Arc<dyn Handler>,
    context: ProcessorContext,
    /// How many may be open at a time.
    count_max: usize,
    ending: CancellationToken,
    tasks: JoinSet<()>,
    /// Eldest first, each with whether a request is worked on.
    open: Vec<(AbortHandle, Arc<AtomicBool>)>,
    turned_away: JoinSet<()>,
}

impl Connections {
    fn new(
        tls: Option<TlsAcceptor>,
        count_max: usize,
        context: &ProcessorContext,
        ending: CancellationToken,
        handler: Arc<dyn Handler>,
    ) -> Self {
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new()).header_read_timeout(HEAD_MAX).max_buf_size(HEAD_BYTES_MAX);
        Self {
            http,
            tls,
            handler,
            context: context.clone(),
            count_max: count_max.max(1),
            ending,
            tasks: JoinSet::new(),
            open: Vec::new(),
            turned_away: JoinSet::new(),
        }
    }

    async fn serve(mut self, listener: TcpListener) {
        let (ending, stopping) = (self.ending.clone(), self.context.stopping());
        tokio::select! {
            () = ending.cancelled() => {}
            () = stopping => {}
            () = self.take_all(&listener) => {}
        }
        drop(listener);
        // Also where the processor was terminated, and nobody ends the server.
        self.ending.cancel();
        let all = async { while self.tasks.join_next().await.is_some() {} };
        // What has not ended by then is cut.
        drop(tokio::time::timeout(FAREWELL_MAX, all).await);
    }

    async fn take_all(&mut self, listener: &TcpListener) {
        loop {
            match listener.accept().await {
                Ok((stream, peer)) => self.take(stream, peer),
                Err(error) if is_of_one_client(&error) => {}
                Err(error) => {
                    let error = ProcessError::external("no connection can be taken")
                        .caused_by(error)
                        .with_help("allow more open files (\"ulimit -n\"), or close connections");
                    self.context.report_error(&error);
                    tokio::time::sleep(REFUSED_PAUSE).await;
                }
            }
        }
    }

    fn take(&mut self, stream: TcpStream, address: SocketAddr) {
        while self.tasks.try_join_next().is_some() {}
        while self.turned_away.try_join_next().is_some() {}
        self.open.retain(|(task, _)| !task.is_finished());
        if self.open.len() >= self.count_max {
            let idle = self.open.iter().position(|(_, works)| !works.load(Ordering::SeqCst));
            match idle {
                Some(index) => self.open.remove(index).0.abort(),
                None => return self.turn_away(stream, address),
            }
        }
        let works = Arc::new(AtomicBool::new(false));
        let connection = Connection {
            http: self.http.clone(),
            tls: self.tls.clone(),
            handler: Arc::clone(&self.handler),
            ending: self.ending.clone(),
            works: Arc::clone(&works),
            address,
        };
        let task = self.tasks.spawn(connection.run(stream));
        self.open.push((task, works));
    }

    /// Tells a client that there are too many at work already.
    fn turn_away(&mut self, stream: TcpStream, address: SocketAddr) {
        if self.turned_away.len() >= TURNED_AWAY_MAX {
            return;
        }
        let connection = Connection {
            http: self.http.clone(),
            tls: self.tls.clone(),
            handler: Arc::new(TurnedAway),
            ending: self.ending.clone(),
            works: Arc::default(),
            address,
        };
        self.turned_away.spawn(async move {
            // Whoever takes longer learns nothing.
            drop(tokio::time::timeout(TURNED_AWAY, connection.run(stream)).await);
        });
    }
}

struct TurnedAway;

#[async_trait]
impl Handler for TurnedAway {
    async fn answer(&self, _: Request<Incoming>, _: Peer) -> Response<Body> {
        let refusal = Refusal::later("too many requests are worked on: come again later");
        let mut response = boxed(refusal.into_response());
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        response
    }
}

/// One connection of a client.
struct Connection {
    http: http1::Builder,
    tls: Option<TlsAcceptor>,
    handler: Arc<dyn Handler>,
    ending: CancellationToken,
    works: Arc<AtomicBool>,
    address: SocketAddr,
}

impl Connection {
    async fn run(self, stream: TcpStream) {
        // Answers are small, and somebody waits for them.
        drop(stream.set_nodelay(true));
        let Ok(local) = stream.local_addr() else { return };
        let cut = CancellationToken::new();
        let mut peer = Peer { address: self.address, local, names: None, cut };
        let Some(tls) = self.tls.clone() else { return self.http(stream, peer).await };
        // A client that cannot or does not want to is not of interest.
        let Ok(Ok(stream)) = tokio::time::timeout(HEAD_MAX, tls.accept(stream)).await else {
            return;
        };
        let shown = stream.get_ref().1.peer_certificates().and_then(|shown| shown.first());
        peer.names = shown.and_then(Names::of);
        self.http(stream, peer).await;
    }

    async fn http<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(self, stream: S, peer: Peer) {
        let cut = peer.cut.clone();
        let service = service_fn(|request| {
            let working = Working::begin(&self.works);
            let answered = self.handler.answer(request, peer.clone());
            let ending = &self.ending;
            async move {
                let mut response = answered.await;
                // The connection itself may learn of the end only after this answer.
                if ending.is_cancelled() {
                    let close = HeaderValue::from_static("close");
                    response.headers_mut().insert(CONNECTION, close);
                }
                Ok::<_, Infallible>(response.map(|body| Worked { body, _working: working }))
            }
        });
        let connection = self.http.serve_connection(TokioIo::new(stream), service);
        let mut connection = std::pin::pin!(connection);
        tokio::select! {
            // How it broke is the client's business.
            _ = connection.as_mut() => {}
            () = cut.cancelled() => {}
            () = self.ending.cancelled() => {
                connection.as_mut().graceful_shutdown();
                tokio::select! {
                    _ = connection => {}
                    () = cut.cancelled() => {}
                }
            }
        }
    }
}

/// A request is worked on as long as this lives.
struct Working(Arc<AtomicBool>);

impl Working {
    fn begin(works: &Arc<AtomicBool>) -> Self {
        works.store(true, Ordering::SeqCst);
        Self(Arc::clone(works))
    }
}

impl Drop for Working {
    fn drop(&mut self) {
        self.0.store(false, Ordering::SeqCst);
    }
}

/// An answer that is worked on until all of it is sent.
struct Worked {
    body: Body,
    _working: Working,
}

impl hyper::body::Body for Worked {
    type Data = Bytes;
    type Error = ProcessError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, ProcessError>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// An answer as the server sends it.
pub(crate) fn boxed<B>(response: Response<B>) -> Response<Body>
where
    B: hyper::body::Body<Data = Bytes, Error = Infallible> + Send + 'static,
{
    use http_body_util::BodyExt;
    response.map(|body| body.map_err(|never| match never {}).boxed_unsync())
}

/// Whether only the client that was to be taken is concerned.
fn is_of_one_client(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}
