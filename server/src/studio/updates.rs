//! What happens, told to everybody who watches: operations, applications, figures once a second.
//!
//! Nobody waits for a watcher: who is too slow is told that they have missed something, and looks
//! anew.

use std::sync::Arc;

use serde::Serialize;
use tokio::sync::broadcast::{self, error::RecvError};
use tokio::sync::watch;
use tutti_editing::Operation;
use utoipa::ToSchema;

/// How many things are kept for who is slow.
const BACKLOG: usize = 64;
/// How long an operation may be that is told to everybody.
const OPERATION_BYTES_MAX: usize = 64 << 10;

/// Something that has happened, as a client reads it.
#[derive(Debug, Clone)]
pub(crate) struct Update {
    pub(crate) name: &'static str,
    /// JSON on one line.
    pub(crate) data: Arc<str>,
}

/// A draft was edited.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OperationEvent<'a> {
    /// The flow.
    flow: &'a str,
    /// What was done.
    operation: &'a Operation,
}

/// A draft became what runs.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AppliedEvent<'a> {
    /// The flow.
    flow: &'a str,
    /// The draft's revision.
    applied_revision: u64,
}

impl Update {
    pub(crate) fn new(name: &'static str, data: &impl Serialize) -> Self {
        let data = serde_json::to_string(data).unwrap_or_default();
        Self { name, data: data.into() }
    }

    /// One that is long is fetched by who wants it.
    pub(super) fn operation(flow: &str, operation: &Operation) -> Self {
        let told = Self::new("operation", &OperationEvent { flow, operation });
        if told.data.len() > OPERATION_BYTES_MAX { Self::missed() } else { told }
    }

    pub(super) fn applied(flow: &str, revision: u64) -> Self {
        Self::new("applied", &AppliedEvent { flow, applied_revision: revision })
    }

    /// Whoever sees it looks anew at all that they show.
    pub(crate) fn missed() -> Self {
        Self { name: "missed", data: "{}".into() }
    }
}

/// Where updates are told.
#[derive(Debug)]
pub(crate) struct Updates {
    sender: broadcast::Sender<Update>,
    /// The newest figures: who is slow needs no others.
    status: watch::Sender<Option<Update>>,
}

impl Updates {
    pub(super) fn new() -> Self {
        Self { sender: broadcast::channel(BACKLOG).0, status: watch::Sender::new(None) }
    }

    /// Tells everybody who watches.
    pub(crate) fn tell(&self, update: Update) {
        // Nobody may watch.
        let _ = self.sender.send(update);
    }

    /// Tells everybody the newest figures.
    pub(crate) fn tell_status(&self, status: Update) {
        self.status.send_replace(Some(status));
    }

    /// Whether anybody watches.
    pub(crate) fn is_watched(&self) -> bool {
        self.sender.receiver_count() > 0
    }

    /// What is told from now on.
    pub(crate) fn watch(&self) -> Watching {
        let (updates, mut status) = (self.sender.subscribe(), self.status.subscribe());
        status.mark_unchanged();
        Watching { updates, status }
    }
}

/// Somebody who watches.
#[derive(Debug)]
pub(crate) struct Watching {
    updates: broadcast::Receiver<Update>,
    status: watch::Receiver<Option<Update>>,
}

impl Watching {
    /// What is told next; nothing once there is nobody who tells.
    pub(crate) async fn next(&mut self) -> Option<Update> {
        loop {
            tokio::select! {
                biased;
                update = self.updates.recv() => return match update {
                    Ok(update) => Some(update),
                    Err(RecvError::Lagged(_)) => Some(Update::missed()),
                    Err(RecvError::Closed) => None,
                },
                changed = self.status.changed() => {
                    changed.ok()?;
                    let status = self.status.borrow_and_update().clone();
                    if status.is_some() {
                        return status;
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_is_slow_is_told_that_they_missed_something_and_gets_the_newest_figures() {
        let updates = Updates::new();
        updates.tell_status(Update::new("status", &"before"));
        let mut watching = updates.watch();
        for beat in 0..5 {
            updates.tell_status(Update::new("status", &beat));
        }
        for number in 0..=BACKLOG {
            updates.tell(Update::new("operation", &number));
        }
        assert_eq!(watching.next().await.unwrap().name, "missed");
        for _ in 0..BACKLOG {
            assert_eq!(watching.next().await.unwrap().name, "operation");
        }
        let status = watching.next().await.unwrap();
        assert_eq!((status.name, &*status.data), ("status", "4"));
        drop(updates);
        assert!(watching.next().await.is_none());
    }
}
