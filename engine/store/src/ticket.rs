//! Tells when a commit is durable.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use parking_lot::{Condvar, Mutex};

/// Whether a commit became durable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// It survives a crash from now on.
    Durable,
    /// The repository was closed before it could be made durable: it may be lost.
    Lost,
}

/// What is to be done when it is known what became of a commit.
pub struct Callback(Box<dyn FnOnce(Durability) + Send + Sync>);

impl Callback {
    /// Calls `callback` on the thread that flushes or closes: it must be quick, and must not wait
    /// for the repository.
    pub fn new(callback: impl FnOnce(Durability) + Send + Sync + 'static) -> Self {
        Self(Box::new(callback))
    }
}

impl std::fmt::Debug for Callback {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Callback")
    }
}

#[derive(Default)]
struct State {
    outcome: Option<Durability>,
    callbacks: Vec<Callback>,
    wakers: Vec<Waker>,
}

#[derive(Default)]
pub(crate) struct Completion {
    state: Mutex<State>,
    changed: Condvar,
}

impl Completion {
    /// Tells all who wait, once.
    pub(crate) fn complete(&self, outcome: Durability) {
        let (callbacks, wakers) = {
            let mut state = self.state.lock();
            if state.outcome.is_some() {
                return;
            }
            state.outcome = Some(outcome);
            (std::mem::take(&mut state.callbacks), std::mem::take(&mut state.wakers))
        };
        self.changed.notify_all();
        wakers.into_iter().for_each(Waker::wake);
        for Callback(callback) in callbacks {
            callback(outcome);
        }
    }

    /// Calls `callback` after those that came before it; it must not be complete yet.
    pub(crate) fn then(&self, callback: Callback) {
        self.state.lock().callbacks.push(callback);
    }

    /// Waits until it is complete.
    pub(crate) fn wait(&self) -> Durability {
        let mut state = self.state.lock();
        loop {
            if let Some(outcome) = state.outcome {
                return outcome;
            }
            self.changed.wait(&mut state);
        }
    }

    /// Waits until it is complete, but no longer than `limit`; tells whether it is.
    pub(crate) fn wait_for(&self, limit: Duration) -> bool {
        let mut state = self.state.lock();
        if state.outcome.is_none() {
            self.changed.wait_while_for(&mut state, |state| state.outcome.is_none(), limit);
        }
        state.outcome.is_some()
    }
}

/// Stands for a commit on its way to the disk. Wait for it, or await it.
#[derive(Clone)]
pub struct Ticket(pub(crate) Arc<Completion>);

impl Ticket {
    /// Waits, blocking the thread.
    pub fn wait(&self) -> Durability {
        self.0.wait()
    }

    /// What became of it, if that is known.
    pub fn outcome(&self) -> Option<Durability> {
        self.0.state.lock().outcome
    }
}

impl Future for Ticket {
    type Output = Durability;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Durability> {
        let mut state = self.0.state.lock();
        if let Some(outcome) = state.outcome {
            return Poll::Ready(outcome);
        }
        if !state.wakers.iter().any(|waker| waker.will_wake(context.waker())) {
            state.wakers.push(context.waker().clone());
        }
        Poll::Pending
    }
}

impl std::fmt::Debug for Ticket {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_tuple("Ticket").field(&self.outcome()).finish()
    }
}
