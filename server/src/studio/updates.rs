//! What happens, told to everybody who watches: operations, applications, figures as they change.
//!
//! Nobody waits for a watcher: who is too slow is told that they have missed something, and looks
//! anew.

use std::sync::Arc;

use serde::Serialize;
use tokio::sync::broadcast::{self, error::RecvError};
use tokio::sync::watch;
use tutti_editing::Operation;
use utoipa::ToSchema;

use crate::EngineStatus;
use crate::presence::Person;

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

/// What is told: an event's data, by its name.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum WatchEvent<'a> {
    Status(&'a EngineStatus),
    Operation(OperationEvent<'a>),
    Applied(AppliedEvent<'a>),
    Flows(FlowsEvent<'a>),
    Figures(FiguresEvent),
    Presence(PresenceEvent<'a>),
    Missed(MissedEvent),
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

/// There is another flow, or one less.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum FlowsEvent<'a> {
    /// The flow that there is now.
    Added(&'a str),
    /// The flow that there was.
    Removed(&'a str),
}

/// The history of metrics has a step more.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FiguresEvent {
    /// When it was taken, in seconds since 1970.
    taken: u64,
}

/// Somebody looks at another flow, or at something else in it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PresenceEvent<'a> {
    /// Everybody who looks at a flow.
    people: &'a [Person],
}

/// This client was too slow to be told of something: it looks anew at all that it shows.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MissedEvent {}

impl Update {
    pub(crate) fn new(event: &WatchEvent<'_>) -> Self {
        let (name, data) = match event {
            WatchEvent::Status(status) => ("status", serde_json::to_string(status)),
            WatchEvent::Operation(operation) => ("operation", serde_json::to_string(operation)),
            WatchEvent::Applied(applied) => ("applied", serde_json::to_string(applied)),
            WatchEvent::Flows(flows) => ("flows", serde_json::to_string(flows)),
            WatchEvent::Figures(figures) => ("figures", serde_json::to_string(figures)),
            WatchEvent::Presence(presence) => ("presence", serde_json::to_string(presence)),
            WatchEvent::Missed(missed) => ("missed", serde_json::to_string(missed)),
        };
        Self { name, data: data.unwrap_or_default().into() }
    }

    /// One that is long is fetched by who wants it.
    pub(super) fn operation(flow: &str, operation: &Operation) -> Self {
        let told = Self::new(&WatchEvent::Operation(OperationEvent { flow, operation }));
        if told.data.len() > OPERATION_BYTES_MAX { Self::missed() } else { told }
    }

    pub(super) fn applied(flow: &str, revision: u64) -> Self {
        let applied_revision = revision;
        Self::new(&WatchEvent::Applied(AppliedEvent { flow, applied_revision }))
    }

    pub(crate) fn figures(taken: u64) -> Self {
        Self::new(&WatchEvent::Figures(FiguresEvent { taken }))
    }

    fn missed() -> Self {
        Self::new(&WatchEvent::Missed(MissedEvent {}))
    }
}

/// Where updates are told.
#[derive(Debug)]
pub(crate) struct Updates {
    sender: broadcast::Sender<Update>,
    /// The newest figures: who is slow needs no others.
    status: watch::Sender<Option<Update>>,
    /// The same of who is there.
    presence: watch::Sender<Option<Update>>,
}

impl Updates {
    pub(super) fn new() -> Self {
        Self {
            sender: broadcast::channel(BACKLOG).0,
            status: watch::Sender::new(None),
            presence: watch::Sender::new(None),
        }
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

    /// Tells everybody who is there, also those who come later.
    pub(crate) fn tell_presence(&self, people: &[Person]) {
        let update = Update::new(&WatchEvent::Presence(PresenceEvent { people }));
        self.presence.send_replace(Some(update));
    }

    /// Whether anybody watches.
    pub(crate) fn is_watched(&self) -> bool {
        self.sender.receiver_count() > 0
    }

    /// What is told from now on.
    pub(crate) fn watch(&self) -> Watching {
        let (updates, mut status) = (self.sender.subscribe(), self.status.subscribe());
        status.mark_unchanged();
        let mut presence = self.presence.subscribe();
        presence.mark_changed();
        Watching { updates, status, presence }
    }
}

/// Somebody who watches.
#[derive(Debug)]
pub(crate) struct Watching {
    updates: broadcast::Receiver<Update>,
    status: watch::Receiver<Option<Update>>,
    presence: watch::Receiver<Option<Update>>,
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
                changed = self.presence.changed() => {
                    changed.ok()?;
                    let presence = self.presence.borrow_and_update().clone();
                    if presence.is_some() {
                        return presence;
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use tutti_runtime::EngineState;

    use super::*;

    fn status(state: EngineState) -> Update {
        Update::new(&WatchEvent::Status(&EngineStatus::new(state, Vec::new())))
    }

    #[tokio::test]
    async fn who_is_slow_is_told_that_they_missed_something_and_gets_the_newest_figures() {
        let updates = Updates::new();
        updates.tell_status(status(EngineState::Starting));
        let mut watching = updates.watch();
        for state in [EngineState::Running, EngineState::Stopping] {
            updates.tell_status(status(state));
        }
        for revision in 0..=BACKLOG as u64 {
            updates.tell(Update::applied("a", revision));
        }
        assert_eq!(watching.next().await.unwrap().name, "missed");
        for revision in 1..=BACKLOG {
            let told = watching.next().await.unwrap();
            let data = format!("{{\"flow\":\"a\",\"appliedRevision\":{revision}}}");
            assert_eq!((told.name, &*told.data), ("applied", &*data));
        }
        let newest = watching.next().await.unwrap();
        assert_eq!((newest.name, newest.data), ("status", status(EngineState::Stopping).data));
        drop(updates);
        assert!(watching.next().await.is_none());
    }
}
