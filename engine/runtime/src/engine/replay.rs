//! An engine replays events while its flows run.

use std::collections::BTreeSet;
use std::sync::Arc;

use tutti_store::{Durability, Ticket};

use super::{Engine, Stage, on_a_thread};
use crate::replay::{Replay, ReplayError, Replayed};

/// What comes once more, or would; and when it is durable, if it comes.
type Ended = Result<(Vec<Replayed>, Option<Ticket>), Vec<ReplayError>>;

impl Engine {
    /// Replays these events, or with `is_dry` says what that would do: all of them, or none. It is
    /// durable when this ends. Whoever drops it does not end it.
    ///
    /// # Errors
    /// All that hinders it.
    pub async fn replay(
        &self,
        events: BTreeSet<u64>,
        is_dry: bool,
    ) -> Result<Vec<Replayed>, Vec<ReplayError>> {
        let not_running = || vec![ReplayError::NotRunning];
        let (flows, repository) = match &*self.stage.lock() {
            Stage::Running(flows, repository, _) => (flows.clone(), Arc::clone(repository)),
            Stage::Starting(..) | Stage::Ended(..) => return Err(not_running()),
        };
        let environment = self.environment.clone();
        // A connection that is there when this is looked at must not be gone when it comes.
        let mut unchanged = Vec::new();
        for flow in &flows {
            unchanged.push(Arc::clone(&flow.versions().editing).lock_owned().await);
        }
        // It reads content, and may wait for room in the epoch.
        let replaying = on_a_thread("engine-replay", move || -> Ended {
            let _unchanged = unchanged;
            let replay = Replay::of(&repository, &events)?;
            replay.check_connections(&flows)?;
            if is_dry {
                return Ok((replay.planned(), None));
            }
            let committed = replay.commit(&*environment.clock, &*environment.random);
            let committed = committed.map_err(|error| vec![error])?;
            for flow in &flows {
                flow.receive(&committed);
            }
            Ok((committed.replayed, Some(committed.ticket)))
        });
        let ended = match replaying {
            Ok(replaying) => replaying.await.map_err(|_| not_running())?,
            Err(_) => return Err(not_running()),
        };
        let (replayed, ticket) = ended?;
        let durability = match ticket {
            Some(ticket) => ticket.await,
            None => Durability::Durable,
        };
        if durability == Durability::Lost { Err(not_running()) } else { Ok(replayed) }
    }
}
