//! Being asked to end by whoever started the process.
//!
//! Interrupts are heard on a thread of their own, so that nothing that a flow does keeps one from
//! being heard.

use std::future::Future;
use std::sync::Arc;
use std::thread;

use tokio::runtime::Builder;
use tutti_runtime::Engine;

use crate::error::CliError;
use crate::output::say;

/// From now on the first Ctrl-C or SIGTERM asks `engine` to stop, with a word on `what` that
/// means, and the second to end at once; neither ends the process by itself.
pub(crate) fn obey(engine: &Arc<Engine>, what: &'static str) -> Result<(), CliError> {
    let runtime = Builder::new_current_thread().enable_all().build().map_err(CliError::Threads)?;
    let mut interrupts = {
        let _entered = runtime.enter();
        Interrupts::listen()?
    };
    let engine = Arc::clone(engine);
    let obey = async move {
        interrupts.next().await;
        say(&format!("stopping: {what}; interrupt again to stop now"));
        engine.request_stop();
        interrupts.next().await;
        engine.request_termination();
    };
    let listen = move || runtime.block_on(obey);
    let thread = thread::Builder::new().name("interrupts".to_owned()).spawn(listen);
    thread.map(drop).map_err(CliError::Threads)
}

/// Ctrl-C and SIGTERM.
struct Interrupts {
    #[cfg(unix)]
    signals: [tokio::signal::unix::Signal; 2],
}

impl Interrupts {
    #[cfg(unix)]
    fn listen() -> Result<Self, CliError> {
        use tokio::signal::unix::{SignalKind, signal};
        let listen = |kind| signal(kind).map_err(CliError::Threads);
        Ok(Self { signals: [listen(SignalKind::interrupt())?, listen(SignalKind::terminate())?] })
    }

    #[cfg(not(unix))]
    fn listen() -> Result<Self, CliError> {
        Ok(Self {})
    }

    /// Ends with the next interrupt.
    #[cfg(unix)]
    fn next(&mut self) -> impl Future<Output = ()> {
        let [interrupt, terminate] = &mut self.signals;
        async {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
        }
    }

    #[cfg(not(unix))]
    fn next(&mut self) -> impl Future<Output = ()> {
        async { drop(tokio::signal::ctrl_c().await) }
    }
}
