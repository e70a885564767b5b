//! Where work runs that is not `async`: the one way from a flow to threads.
//!
//! What waits is bounded: whoever starts work waits, without a thread, until there is a place.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use tokio::time::timeout;
use tutti_sdk::host::{BoxFuture, Work};

use crate::pool::{ComputePool, Like};

/// Jobs that wait for disks and libraries at a time, in one process: as many threads stay, with
/// what their allocations keep.
const IO_USUAL: usize = 8;
/// How many more there may be, once the usual ones are held up.
const IO_MORE: usize = 504;
/// How long a job waits for a usual place before it takes one of the others.
const IO_PATIENCE: Duration = Duration::from_millis(10);

/// Bytes of the stack of a thread that runs scripts: theirs, and the host's below it.
const SCRIPT_STACK: usize = 4 << 20;

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
    scripts: ComputePool,
    suspects: ComputePool,
    io: Places,
}

/// Places for jobs that block. A hundred short ones at the same tick go through a few threads; a
/// few that hang keep nobody else waiting.
struct Places {
    usual: Arc<Semaphore>,
    more: Arc<Semaphore>,
}

impl Places {
    fn new() -> Self {
        let places = |count| Arc::new(Semaphore::new(count));
        Self { usual: places(IO_USUAL), more: places(IO_MORE) }
    }

    /// The semaphores are never closed.
    async fn take(&self) -> Option<OwnedSemaphorePermit> {
        let mut usual = pin!(Arc::clone(&self.usual).acquire_owned());
        if let Ok(place) = timeout(IO_PATIENCE, &mut usual).await {
            return place.ok();
        }
        tokio::select! {
            place = usual => place.ok(),
            place = Arc::clone(&self.more).acquire_owned() => place.ok(),
        }
    }
}

impl Threads {
    /// Starts `compute_threads` threads that compute, and as many for scripts.
    ///
    /// # Errors
    /// When the system gives no threads.
    pub fn start(compute_threads: usize) -> io::Result<Self> {
        let start = |name, stack, is_last| {
            ComputePool::start(compute_threads, Like { name, stack, is_last })
        };
        Ok(Self {
            compute: start("compute", None, false)?,
            scripts: start("script", Some(SCRIPT_STACK), false)?,
            suspects: start("suspect", Some(SCRIPT_STACK), true)?,
            io: Places::new(),
        })
    }
}

impl Executor for Threads {
    fn start<'a>(&'a self, runtime: &'a Handle, work: Work, job: Job) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            match work {
                Work::Compute => self.compute.run(job).await,
                Work::Script => self.scripts.run(job).await,
                Work::Suspect => self.suspects.run(job).await,
                Work::Io => {
                    let place = self.io.take().await;
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

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use futures::future::join_all;

    use super::*;

    #[tokio::test]
    async fn jobs_that_hang_keep_no_other_waiting() {
        let threads = Threads::start(1).unwrap();
        let runtime = Handle::current();
        let mut hanging = Vec::new();
        for _ in 0..IO_USUAL * 3 {
            let (release, released) = mpsc::channel::<()>();
            let hang = move || assert!(released.recv().is_err(), "nothing is ever sent");
            let job = Box::new(hang);
            threads.start(&runtime, Work::Io, job).await;
            hanging.push(release);
        }
        assert_eq!(blocking(&threads, &runtime, || 7).await, Some(7));
        assert!(threads.io.more.available_permits() <= IO_MORE - IO_USUAL * 2);
        // One place that is free again and again helps only whoever has it.
        drop(hanging.pop());
        let all = (0..IO_USUAL * 4).map(|_| blocking(&threads, &runtime, || 7));
        assert!(join_all(all).await.iter().all(|value| *value == Some(7)));
        drop(hanging);
    }
}
