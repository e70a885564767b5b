//! The listening socket and the thread that answers, from binding to the end.
//!
//! The thread is the server's own: nothing that the engine does on its threads can hold it up.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use tokio::runtime::Builder;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::look::Looks;
use crate::routes::App;
use crate::{Limits, ServerError, Service, Studio, connections, routes};

/// How many threads there are besides for drafts that are applied.
const APPLYING_MAX: usize = 2;
/// How many drafts are changed at a time.
const EDITS_MAX: usize = 2;
/// How many logs are searched at a time.
const SEARCHES_MAX: usize = 1;

/// Who may reach the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exposure {
    /// This machine only.
    Loopback,
    /// Whoever reaches the address, although nobody is asked who they are.
    Network,
}

/// A server that listens and does not answer yet.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
}

impl Server {
    /// Listens on `address`; port 0 takes a free one.
    ///
    /// # Errors
    /// When the address reaches beyond what `exposure` allows, or cannot be listened on.
    pub fn bind(address: SocketAddr, exposure: Exposure) -> Result<Self, ServerError> {
        if exposure == Exposure::Loopback && !address.ip().to_canonical().is_loopback() {
            return Err(ServerError::NotLoopback(address));
        }
        let bind = || {
            let listener = TcpListener::bind(address)?;
            listener.set_nonblocking(true)?;
            let address = listener.local_addr()?;
            Ok(Self { listener, address })
        };
        bind().map_err(|source| ServerError::bind(address, source))
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers from now on, on a thread of its own, until the handle is ended or dropped.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(
        self,
        service: Arc<dyn Service>,
        studio: Arc<Studio>,
        limits: Limits,
    ) -> Result<Serving, ServerError> {
        let runtime = Builder::new_current_thread()
            .enable_all()
            .max_blocking_threads(limits.looks_max.max(1) + APPLYING_MAX + EDITS_MAX + SEARCHES_MAX)
            .thread_name("api-look")
            .build()
            .map_err(ServerError::Start)?;
        let listener = {
            let _entered = runtime.enter();
            tokio::net::TcpListener::from_std(self.listener).map_err(ServerError::Start)?
        };
        let ending = CancellationToken::new();
        let end = ending.clone().drop_guard();
        let looks = Looks::new(service, &limits);
        runtime.spawn(routes::tell_status(looks.clone(), Arc::clone(&studio), ending.clone()));
        let searches = looks.apart(SEARCHES_MAX, limits.search_max);
        let edits = looks.apart(EDITS_MAX, limits.edit_max);
        let trash_max = limits.trash_max;
        runtime.spawn(routes::expire_trash(looks.clone(), trash_max, ending.clone()));
        let app = App { looks, edits, searches, studio, trash_max, ending: ending.clone() };
        let router = routes::router(app, self.address, &limits);
        let serve = move || {
            runtime.block_on(connections::serve(listener, router, limits, ending));
            // A look that is stuck does not hold up the end.
            runtime.shutdown_background();
        };
        let thread = thread::Builder::new().name("api".to_owned()).spawn(serve);
        Ok(Serving { end, thread: thread.map_err(ServerError::Start)? })
    }
}

/// A server that answers.
#[derive(Debug)]
pub struct Serving {
    end: DropGuard,
    thread: JoinHandle<()>,
}

impl Serving {
    /// Takes no more requests, and lets those that are being answered finish within the limit for
    /// that. Blocks the thread until then.
    pub fn end(self) {
        drop(self.end);
        if self.thread.join().is_err() {
            tracing::error!("the thread of the server panicked, which is a bug");
        }
    }
}
