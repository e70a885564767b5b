//! Time limits of an exchange: it is given up where nothing moves, and on a stop.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tutti_sdk::host::BoxFuture;
use tutti_sdk::{ProcessError, ProcessorContext};

/// How long an exchange may take once the processor is to stop.
const FAREWELL_MS: u64 = 5_000;

/// When something moved last.
#[derive(Clone)]
pub(crate) struct Progress {
    context: ProcessorContext,
    last_ms: Arc<AtomicU64>,
}

impl Progress {
    /// Something moves now.
    pub(crate) fn note(&self) {
        self.last_ms.store(self.context.clock().monotonic_ms(), Ordering::Relaxed);
    }

    /// For how long nothing has.
    fn since_ms(&self) -> u64 {
        let now_ms = self.context.clock().monotonic_ms();
        now_ms.saturating_sub(self.last_ms.load(Ordering::Relaxed))
    }
}

/// Why an exchange came to no end.
pub(crate) enum Interrupted {
    /// The processor stops.
    Stopping,
    /// Something is wrong with the flowfile, the network or the other side.
    Failed(ProcessError),
}

impl From<ProcessError> for Interrupted {
    fn from(error: ProcessError) -> Self {
        Self::Failed(error)
    }
}

/// Ends so long after the processor is to stop.
pub(crate) fn farewell(context: &ProcessorContext, milliseconds: u64) -> BoxFuture<'static, ()> {
    let context = context.clone();
    Box::pin(async move {
        context.stopping().await;
        context.clock().sleep_ms(milliseconds).await;
    })
}

/// Watches over one exchange.
pub(crate) struct Watch {
    progress: Progress,
    idle_max: Duration,
    /// What to do where nothing moves.
    help: &'static str,
    farewell: BoxFuture<'static, ()>,
}

impl Watch {
    /// `help` says what to do where nothing moves for `idle_max`.
    pub(crate) fn new(context: &ProcessorContext, idle_max: Duration, help: &'static str) -> Self {
        let progress = Progress { context: context.clone(), last_ms: Arc::default() };
        progress.note();
        let farewell = farewell(context, FAREWELL_MS);
        Self { progress, idle_max, help, farewell }
    }

    pub(crate) fn progress(&self) -> &Progress {
        &self.progress
    }

    /// What `work` comes to, unless it is given up.
    pub(crate) async fn over<T>(
        &mut self,
        work: impl Future<Output = T>,
    ) -> Result<T, Interrupted> {
        let idle_max_ms = u64::try_from(self.idle_max.as_millis()).unwrap_or(u64::MAX);
        let mut work = pin!(work);
        loop {
            let left_ms = idle_max_ms.saturating_sub(self.progress.since_ms());
            tokio::select! {
                biased;
                ended = &mut work => {
                    self.progress.note();
                    return Ok(ended);
                }
                () = &mut self.farewell => return Err(Interrupted::Stopping),
                () = self.progress.context.clock().sleep_ms(left_ms) => {
                    if self.progress.since_ms() >= idle_max_ms {
                        return Err(Interrupted::Failed(self.timed_out()));
                    }
                }
            }
        }
    }

    fn timed_out(&self) -> ProcessError {
        let seconds = self.idle_max.as_secs_f64();
        ProcessError::external(format!("nothing came or went for {seconds} s")).with_help(self.help)
    }
}
