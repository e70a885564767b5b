//! Where work runs that is not `async`: the one way from a flow to threads.
//!
//! What waits is bounded: whoever starts work waits, without a thread, until there is a place.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::{Semaphore, oneshot};
use tutti_sdk::host::{BoxFuture, Work};

use crate::pool::ComputePool;

/// Jobs that wait for disks and libraries at a time, in one process.
const IO_MAX: usize = 512;

/// Of the machine's time, whatever time a flow is told.
const MOMENT: Duration = Duration::from_millis(1);

/// A piece of work.
pub type Job = Box<dyn FnOnce() + Send>;

/// Runs jobs. A job that panics ends, and nothing else does.
pub trait Executor: Send + Sync {
    /// Takes `job`. Ends when there is a place for it, which need not be when it has run; dropped
    /// before, the job does not run. `runtime` is that of the flow.
    fn start<'a>(&'a self, runtime: &'a Handle, work: Work, job: Job) -> BoxFuture<'a, ()>;

    /// Ends when others have had a moment to go on, on threads of their own; at once where there
    /// are none.
    fn moment(&self) -> BoxFuture<'static, ()>;
}

/// Runs what computes on a pool of threads, and what blocks on threads of the flow's runtime.
pub struct Threads {
    compute: ComputePool,
    io: Arc<Semaphore>,
}

impl Threads {
    /// Starts `compute_threads` threads that compute.
    ///
    /// # Errors
    /// When the system gives no threads.
    pub fn start(compute_threads: usize) -> io::Result<Self> {
        let compute = ComputePool::start(compute_threads)?;
        Ok(Self { compute, io: Arc::new(Semaphore::new(IO_MAX)) })
    }
}

impl Executor for Threads {
    fn start<'a>(&'a self, runtime: &'a Handle, work: Work, job: Job) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            match work {
                Work::Compute => self.compute.run(job).await,
                Work::Io => {
                    // The semaphore is never closed.
                    let place = Arc::clone(&self.io).acquire_owned().await;
                    drop(runtime.spawn_blocking(move || {
                        job();
                        drop(place);
                    }));
                }
            }
        })
    }

    fn moment(&self) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(MOMENT))
    }
}

/// Runs each job at once, on the thread that starts it: on a runtime of one thread, with a clock
/// and chance that are injected, a flow does the same each time.
pub struct Inline;

impl Executor for Inline {
    fn start<'a>(&'a self, _: &'a Handle, _: Work, job: Job) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            // What the job owned is dropped with it, which tells whoever waits for its result.
            drop(catch_unwind(AssertUnwindSafe(job)));
        })
    }

    fn moment(&self) -> BoxFuture<'static, ()> {
        Box::pin(std::future::ready(()))
    }
}

/// Runs `job`, which blocks, and hands back its result; `None` when it panicked.
pub(crate) async fn blocking<T: Send + 'static>(
    executor: &dyn Executor,
    runtime: &Handle,
    job: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    let (sender, receiver) = oneshot::channel();
    executor.start(runtime, Work::Io, Box::new(move || drop(sender.send(job())))).await;
    receiver.await.ok()
}
