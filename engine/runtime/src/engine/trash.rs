//! What an engine's flows have thrown away: listed, brought back, given up, and too old.

use std::sync::Arc;

use serde::Serialize;
use tokio::sync::OwnedMutexGuard;
use tokio::task::spawn_blocking;
use tutti_store::{Counts, Moved, QueueId, Repository, StoreError, Trashed};
use utoipa::ToSchema;

use super::Engine;
use crate::compile::in_repository;
use crate::connection::Connection;
use crate::node::Shared;

/// How often somebody looks whether something is too old.
const EXPIRY_PERIOD_MS: u64 = 10_000;

/// What waited in a connection when it was thrown away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TrashedQueue {
    /// Its number, which no other queue ever has.
    pub id: u32,
    /// The connection.
    pub connection: String,
    /// Since when it lies there, in milliseconds since 1970. `null` is what nobody has thrown away:
    /// it waits in a connection that the flow does not have any more, and stays until somebody says
    /// what is to become of it.
    #[schema(required)]
    pub since_ms: Option<i64>,
    /// When it is given up, in milliseconds since 1970; `null` where that is never.
    #[schema(required)]
    pub until_ms: Option<i64>,
    /// How many flowfiles are in it.
    pub flowfiles: u64,
    /// Bytes of their content.
    pub bytes: u64,
}

/// What was taken out of a queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = QueueEmptied)]
pub struct Emptied {
    /// How many flowfiles.
    pub flowfiles: u64,
    /// Bytes of their content.
    pub bytes: u64,
    /// How many are in the queue now: those that processors work on, and what came meanwhile.
    pub left: u64,
    /// The number under which they are in the trash; none where nothing is.
    #[schema(required)]
    pub trash: Option<u32>,
}

/// Why nothing comes out of the trash.
#[derive(Debug, thiserror::Error)]
pub enum TrashError {
    /// The engine has not begun, or stops.
    #[error("the engine does not run")]
    NotRunning,
    /// It is not there, or not any more.
    #[error("nothing with the number {id} is in the trash of the flow")]
    NotFound {
        /// What was asked for.
        id: u32,
    },
    /// There is nowhere to put it.
    #[error("the flow that runs has no connection \"{path}\"")]
    NoConnection {
        /// The connection.
        path: String,
    },
    /// The flow is being changed.
    #[error("a change of the flow is under way: wait for it")]
    Busy,
    /// The repository refuses.
    #[error("the trash cannot be used")]
    Repository(#[from] StoreError),
}

impl Engine {
    /// What the flow of that name has thrown away, the eldest first; before it what waits where
    /// nobody takes it. May wait for a disk, as all that follows.
    ///
    /// # Errors
    /// When it does not run, or cannot be read.
    pub fn trash(&self, flow: &str) -> Result<Vec<TrashedQueue>, TrashError> {
        let repository = self.trashing()?;
        let mut shown = Vec::new();
        for (connection, queue) in self.left_over(flow) {
            // Somebody may bring it back meanwhile.
            let Ok(Counts { flowfiles, bytes, .. }) = repository.counts(queue) else { continue };
            if flowfiles > 0 {
                let (since_ms, until_ms) = (None, None);
                let id = queue.0;
                shown.push(TrashedQueue { id, connection, since_ms, until_ms, flowfiles, bytes });
            }
        }
        let trash = repository.trash()?.into_iter().filter(|one| one.flow == flow);
        shown.extend(trash.map(|one| TrashedQueue {
            id: one.queue.0,
            connection: one.connection,
            since_ms: Some(one.since.0),
            until_ms: Some(one.until.0),
            flowfiles: one.flowfiles,
            bytes: one.bytes,
        }));
        Ok(shown)
    }

    /// The queues of connections that the flow of that name does not have any more, and that may
    /// have something in them.
    pub(super) fn left_over(&self, flow: &str) -> Vec<(String, QueueId)> {
        let Some(running) = self.flow(flow) else {
            // Of a flow that does not run no connection is there.
            return self.repository().map_or_else(Vec::new, |all| queues_of(&all, flow));
        };
        let shared = running.versions().current();
        // One that has another name by now is in the trash.
        let is_there = |(path, queue): &&(String, QueueId)| {
            let name = shared.repository.queue_name(*queue);
            name == Some(in_repository(shared.name(), path))
        };
        shared.left_over.iter().filter(is_there).cloned().collect()
    }

    /// Puts what the flow of that name has thrown away behind what waits in one of its connections;
    /// hands back how many flowfiles that were. Nobody asks whether that is full then.
    ///
    /// # Errors
    /// When that is not there, or nowhere. What has not moved is still in the trash.
    pub fn restore_trash(&self, flow: &str, id: u32, path: &str) -> Result<u64, TrashError> {
        let repository = self.trashing()?;
        // The connection must not be gone when it comes.
        let (shared, _unchanged) = match self.unchanged(flow, path) {
            Err(TrashError::NoConnection { .. }) => {
                find(&repository, flow, id)?;
                return Err(TrashError::NoConnection { path: path.to_owned() });
            }
            unchanged => unchanged?,
        };
        let left_over = self.left_over(flow).into_iter().find(|(_, queue)| queue.0 == id);
        if left_over.is_none() {
            find(&repository, flow, id)?;
        }
        let connection = find_connection(&shared, path)?;
        let restored = match left_over {
            Some((_, queue)) => {
                repository.move_all(queue, connection.queue).map(|moved| moved.flowfiles)
            }
            None => repository.restore_trash(QueueId(id), connection.queue),
        };
        // Some may have come also when it failed.
        shared.nodes[connection.to].wake.notify_one();
        shared.activity.notify_waiters();
        Ok(restored?)
    }

    /// Puts what waits in a connection of the flow of that name into the trash. What processors
    /// work on stays, and what comes meanwhile may.
    ///
    /// # Errors
    /// When there is no such connection. What has not moved still waits.
    pub fn empty_queue(&self, flow: &str, path: &str) -> Result<Emptied, TrashError> {
        let repository = self.trashing()?;
        let (shared, _unchanged) = self.unchanged(flow, path)?;
        let connection = find_connection(&shared, path)?;
        let now = self.environment.clock.now();
        let emptied = repository.throw_away(connection.queue, (flow, path), now);
        shared.nodes[connection.from].wake.notify_one();
        shared.activity.notify_waiters();
        let (moved, trash) = emptied?;
        let left = repository.counts(connection.queue)?.flowfiles;
        let (flowfiles, bytes) = (moved.flowfiles, moved.bytes);
        Ok(Emptied { flowfiles, bytes, left, trash: trash.map(|queue| queue.0) })
    }

    /// Moves what waits in a connection of the flow of that name behind what waits in another one
    /// of it. Nobody asks whether that is full then.
    ///
    /// # Errors
    /// When there is no such connection. What has not moved still waits.
    pub fn move_queue(&self, flow: &str, path: &str, to: &str) -> Result<Emptied, TrashError> {
        let repository = self.trashing()?;
        let (shared, _unchanged) = self.unchanged(flow, path)?;
        let (from, to) = (find_connection(&shared, path)?, find_connection(&shared, to)?);
        let same = from.queue == to.queue;
        let moved =
            if same { Ok(Moved::default()) } else { repository.move_all(from.queue, to.queue) };
        shared.nodes[from.from].wake.notify_one();
        shared.nodes[to.to].wake.notify_one();
        shared.activity.notify_waiters();
        let Moved { flowfiles, bytes } = moved?;
        let left = repository.counts(from.queue)?.flowfiles;
        Ok(Emptied { flowfiles, bytes, left, trash: None })
    }

    /// The flow as it runs, which does not change as long as what is handed back with it lives.
    fn unchanged(
        &self,
        flow: &str,
        path: &str,
    ) -> Result<(Arc<Shared>, OwnedMutexGuard<()>), TrashError> {
        let flow = self.flow(flow);
        let flow = flow.ok_or_else(|| TrashError::NoConnection { path: path.to_owned() })?;
        let unchanged = Arc::clone(&flow.versions().editing).try_lock_owned();
        let unchanged = unchanged.map_err(|_| TrashError::Busy)?;
        Ok((flow.versions().current(), unchanged))
    }

    /// Gives up what the flow of that name has thrown away for good; hands back how many flowfiles
    /// that were.
    ///
    /// # Errors
    /// When that is not there.
    pub fn discard_trash(&self, flow: &str, id: u32) -> Result<u64, TrashError> {
        let repository = self.trashing()?;
        let now = self.environment.clock.now();
        let left_over = || self.left_over(flow).into_iter().find(|(_, queue)| queue.0 == id);
        if let Some((path, _)) = left_over() {
            // A change may give it its connection back.
            let _unchanged = match self.unchanged(flow, &path) {
                Ok(unchanged) => Some(unchanged),
                Err(TrashError::NoConnection { .. }) => None,
                Err(other) => return Err(other),
            };
            let (path, queue) = left_over().ok_or(TrashError::NotFound { id })?;
            // By way of the trash, so that it is told there as all that is given up.
            let (moved, trash) = repository.throw_away(queue, (flow, &path), now)?;
            return match trash {
                Some(trash) => Ok(repository.discard_trash(trash, now)?),
                None => Ok(moved.flowfiles),
            };
        }
        find(&repository, flow, id)?;
        match repository.discard_trash(QueueId(id), now) {
            // Somebody was faster.
            Err(StoreError::NotFound { .. }) => Err(TrashError::NotFound { id }),
            discarded => Ok(discarded?),
        }
    }

    /// Gives up what lies in the trash for too long, again and again.
    pub(super) async fn expire_trash(self: Arc<Self>) {
        loop {
            let engine = Arc::clone(&self);
            let expiring = spawn_blocking(move || {
                let repository = engine.repository()?;
                Some(repository.discard_old_trash(engine.environment.clock.now()))
            });
            // It ends.
            let Ok(Some((old, hindrance))) = expiring.await else { return };
            for Trashed { flow, connection, flowfiles, .. } in old {
                let of = format!("{flowfiles} of \"{connection}\"");
                tracing::info!(target: "flow", %flow, "given up as too old: {of}");
            }
            if let Some(error) = hindrance {
                tracing::warn!("not all of the trash is given up, and it is tried again: {error}");
            }
            self.environment.clock.sleep_ms(EXPIRY_PERIOD_MS).await;
        }
    }

    fn trashing(&self) -> Result<Arc<Repository>, TrashError> {
        self.repository().ok_or(TrashError::NotRunning)
    }
}

/// All queues of the connections that the flow of that name has or had.
pub(super) fn queues_of(repository: &Repository, flow: &str) -> Vec<(String, QueueId)> {
    let own = in_repository(flow, "");
    let queues = repository.queues().into_iter();
    queues.filter_map(|(name, queue)| Some((name.strip_prefix(&own)?.to_owned(), queue))).collect()
}

fn find_connection<'s>(shared: &'s Shared, path: &str) -> Result<&'s Connection, TrashError> {
    let found = shared.connections.iter().find(|one| one.path == path);
    found.ok_or_else(|| TrashError::NoConnection { path: path.to_owned() })
}

fn find(repository: &Repository, flow: &str, id: u32) -> Result<(), TrashError> {
    let trash = repository.trash()?;
    let is_there = trash.iter().any(|one| one.queue.0 == id && one.flow == flow);
    if is_there { Ok(()) } else { Err(TrashError::NotFound { id }) }
}
