//! The threads that a flow runs on, and how they end.

use tokio::runtime::{Builder, Runtime};

use crate::error::CliError;

/// How work came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// Every task has ended.
    Clean,
    /// Tasks were left behind, because somebody did not want to wait for them.
    Terminated,
}

/// Threads for one flow and what is around it.
pub(crate) fn start() -> Result<Runtime, CliError> {
    Builder::new_multi_thread().enable_all().build().map_err(CliError::Threads)
}

/// Ends the threads. After a clean end nothing holds the data folder any more; after a termination
/// what still computes goes on until the process ends, and does not count.
pub(crate) fn end(runtime: Runtime, end: End) {
    match end {
        End::Clean => drop(runtime),
        End::Terminated => runtime.shutdown_background(),
    }
}
