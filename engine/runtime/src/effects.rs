//! Effects on the outside that wait until a commit is durable.
//!
//! Bounded: a session that wants more of them than may wait is itself made to wait.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::{Notify, mpsc};
use tutti_sdk::ProcessError;
use tutti_sdk::host::OnDurable;
use tutti_store::{Durability, Ticket};

/// Commits whose effects may wait at a time.
const WAITING_MAX: usize = 1_000;

type Report = Box<dyn Fn(&ProcessError) + Send + Sync>;

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
    /// Starts running effects; tells `activity` after each.
    pub(crate) fn start(activity: Arc<Notify>) -> Self {
        let (queue, mut waiting) = mpsc::channel::<Waiting>(WAITING_MAX);
        let pending = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&pending);
        tokio::spawn(async move {
            while let Some(Waiting { effects, report }) = waiting.recv().await {
                let run = tokio::task::spawn_blocking(move || {
                    for effect in effects {
                        if let Err(error) = effect() {
                            report(&error);
                        }
                    }
                });
                if let Err(error) = run.await {
                    tracing::error!("an effect after a commit panicked: {error}");
                }
                counted.fetch_sub(1, Ordering::SeqCst);
                activity.notify_waiters();
            }
        });
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

/// A place among the effects that wait.
pub(crate) struct Reserved {
    place: Option<mpsc::OwnedPermit<Waiting>>,
    pending: Arc<AtomicUsize>,
}

impl Reserved {
    /// Runs `effects` once `ticket` is durable, and never if it is lost.
    pub(crate) fn run_after(mut self, ticket: &Ticket, effects: Vec<OnDurable>, report: Report) {
        ticket.on_durable(move |durability| {
            if durability == Durability::Durable
                && let Some(place) = self.place.take()
            {
                place.send(Waiting { effects, report });
            }
        });
    }
}

impl Drop for Reserved {
    fn drop(&mut self) {
        if self.place.is_some() {
            self.pending.fetch_sub(1, Ordering::SeqCst);
        }
    }
}
