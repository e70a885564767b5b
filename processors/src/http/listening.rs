//! What a processor has between a start and a stop that listens: a server, and what it has taken in
//! and no trigger has yet.

use std::net::SocketAddr;
use std::sync::Arc;

use parking_lot::Mutex;
use tokio::sync::{Mutex as Turn, mpsc};
use tutti_sdk::bulletin::Level;
use tutti_sdk::{ProcessError, ProcessorContext};

use super::address::Address;
use super::server::{Handler, Server};
use super::tls;

/// Where it listens, and how.
pub(crate) struct Site<'p> {
    pub(crate) address: Address,
    /// 0 for a free one.
    pub(crate) port: u32,
    /// Where requests are taken, for the log.
    pub(crate) path: &'p str,
    pub(crate) tls: Option<tls::Files>,
    pub(crate) connections_max: u32,
}

/// Takes in what its server hands it as `R`.
pub(crate) struct Listening<R>(Mutex<Option<Open<R>>>);

struct Open<R> {
    server: Server,
    inbox: Arc<Turn<mpsc::Receiver<R>>>,
}

impl<R: Send + 'static> Listening<R> {
    pub(crate) fn new() -> Self {
        Self(Mutex::new(None))
    }

    /// Begins to listen. `handler` gets where to send what was taken in, and the scheme.
    pub(crate) async fn start<H: Handler>(
        &self,
        site: Site<'_>,
        context: &ProcessorContext,
        handler: impl FnOnce(mpsc::Sender<R>, &'static str) -> H,
    ) -> Result<(), ProcessError> {
        let Site { address, port, path, tls, connections_max } = site;
        let acceptor = match tls {
            None => None,
            Some(files) => Some(context.blocking(move || tls::acceptor(&files)).await??),
        };
        let scheme = if acceptor.is_some() { "https" } else { "http" };
        let address = SocketAddr::new(address.0, u16::try_from(port).unwrap_or_default());
        let connections_max = connections_max as usize;
        let (sender, receiver) = mpsc::channel(connections_max);
        let handler = Arc::new(handler(sender, scheme));
        let server = Server::start(address, acceptor, connections_max, context, handler).await?;
        let listens = format!("listening at {scheme}://{}{path}", server.address());
        context.report(Level::Info, listens);
        let inbox = Arc::new(Turn::new(receiver));
        *self.0.lock() = Some(Open { server, inbox });
        Ok(())
    }

    /// Ends. What no trigger took is dropped.
    pub(crate) async fn stop(&self) {
        let Some(Open { mut server, inbox }) = self.0.lock().take() else { return };
        drop(inbox);
        server.end().await;
    }

    /// What was taken in, up to `max`, when some was; none where it is to stop before.
    pub(crate) async fn next(&self, context: &ProcessorContext, max: usize) -> Vec<R> {
        let inbox = self.0.lock().as_ref().map(|open| Arc::clone(&open.inbox));
        let mut batch = Vec::new();
        let Some(inbox) = inbox else { return batch };
        let waiting = async { inbox.lock().await.recv_many(&mut batch, max).await };
        tokio::select! {
            // What is here at a stop is taken.
            biased;
            _ = waiting => {}
            () = context.stopping() => {}
        }
        batch
    }
}
