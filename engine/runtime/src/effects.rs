//! Effects on the outside that wait until a commit is durable.
//!
//! They run in the order of their commits, off the async threads. Bounded: a session that wants
//! more of them than may wait is itself made to wait.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::runtime::Handle;
use tokio::sync::{Notify, mpsc};
use tutti_sdk::ProcessError;
use tutti_sdk::host::OnDurable;
use tutti_store::{Callback, Durability};

use crate::executor::{Executor, blocking};

/// Commits whose effects may wait at a time.
const WAITING_MAX: usize = 1_000;
/// Commits whose effects are run in one go.
const BATCH_MAX: usize = 100;

/// Tells the operator what went wrong.
pub(crate) type Report = Box<dyn Fn(&ProcessError) + Send + Sync>;

struct Waiting {
    effects: Vec<OnDurable>,
    report: Report,
}

/// Runs effects in the order of their commits.
pub(crate) struct Effects {
    queue: mpsc::Sender<Waiting>,
    pending: Arc<AtomicUsize>,
}

impl Effects {
    /// Starts running effects; tells `activity` after each batch. Ends with the last handle.
    pub(crate) fn start(
        runtime: &Handle,
        executor: Arc<dyn Executor>,
        activity: Arc<Notify>,
    ) -> Self {
        let (queue, waiting) = mpsc::channel(WAITING_MAX);
        let pending = Arc::new(AtomicUsize::new(0));
        let running = run(waiting, runtime.clone(), executor, Arc::clone(&pending), activity);
        runtime.spawn(running);
        Self { queue, pending }
    }

    /// How many commits' effects have not run yet.
    pub(crate) fn pending(&self) -> usize {
        self.pending.load(Ordering::SeqCst)
    }

    /// A place for the effects of one commit; waits for one.
    pub(crate) async fn reserve(&self) -> Option<Reserved> {
        let place = self.queue.clone().reserve_owned().await.ok()?;
        self.pending.fetch_add(1, Ordering::SeqCst);
        Some(Reserved { place: Some(place), pending: Arc::clone(&self.pending) })
    }
}

async fn run(
    mut waiting: mpsc::Receiver<Waiting>,
    runtime: Handle,
    executor: Arc<dyn Executor>,
    pending: Arc<AtomicUsize>,
    activity: Arc<Notify>,
) {
    loop {
        let mut batch = Vec::with_capacity(BATCH_MAX);
        let count = waiting.recv_many(&mut batch, BATCH_MAX).await;
        if count == 0 {
            return;
        }
        let effects = move || batch.into_iter().for_each(run_one);
        if blocking(&*executor, &runtime, effects).await.is_none() {
            tracing::error!("telling what an effect failed with panicked, which is a bug");
        }
        pending.fetch_sub(count, Ordering::SeqCst);
        activity.notify_waiters();
    }
}

fn run_one(Waiting { effects, report }: Waiting) {
    for effect in effects {
        // One that panics does not keep the others from running.
        let ended = catch_unwind(AssertUnwindSafe(effect)).unwrap_or_else(|_| {
            Err(ProcessError::internal("the processor panicked in its work after a commit")
                .with_help("this is a bug of the processor; the commit itself holds"))
        });
        if let Err(error) = ended {
            report(&error);
        }
    }
}

/// A place among the effects that wait.
pub(crate) struct Reserved {
    place: Option<mpsc::OwnedPermit<Waiting>>,
    pending: Arc<AtomicUsize>,
}

impl Reserved {
    /// Runs `effects` once the commit that calls back is durable, and never if it is lost.
    pub(crate) fn run(mut self, effects: Vec<OnDurable>, report: Report) -> Callback {
        Callback::new(move |durability| {
            if durability == Durability::Durable
                && let Some(place) = self.place.take()
            {
                place.send(Waiting { effects, report });
            }
        })
    }
}

impl Drop for Reserved {
    fn drop(&mut self) {
        if self.place.is_some() {
            self.pending.fetch_sub(1, Ordering::SeqCst);
        }
    }
}
