//! Who may apply a draft, or delete its flow: one at a time of each flow, and few at a time of all.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedMutexGuard, OwnedSemaphorePermit};
use tokio::time::timeout;

use super::{ApplyError, Desk, NoDraft, Studio};

/// How many flows are applied and deleted at a time: each may keep a thread waiting for a disk.
pub(crate) const APPLYING_MAX: usize = 8;

/// How long one waits for a place: with the time to stop it is less than a request may take.
const PLACE_MAX: Duration = Duration::from_secs(5);

/// Who alone may apply a draft, or delete its flow.
pub(super) struct Turn {
    pub(super) desk: Arc<Desk>,
    _lock: OwnedMutexGuard<()>,
    _place: OwnedSemaphorePermit,
}

impl Studio {
    /// The turn to apply the draft of that name, or to delete its flow.
    pub(super) async fn turn(&self, name: &str) -> Result<Turn, ApplyError> {
        self.desk(name)?;
        let place = self.place().await?;
        self.turn_at(name, place)
    }

    /// The same, for who has a place.
    pub(super) fn turn_at(
        &self,
        name: &str,
        place: OwnedSemaphorePermit,
    ) -> Result<Turn, ApplyError> {
        let desk = self.desk(name)?;
        let lock = Arc::clone(&desk.applying).try_lock_owned();
        let lock = lock.map_err(|_| ApplyError::Busy)?;
        // Somebody else may have deleted it, and made another of that name.
        if !Arc::ptr_eq(&desk, &self.desk(name)?) {
            return Err(NoDraft::NoFlow(name.to_owned()).into());
        }
        Ok(Turn { desk, _lock: lock, _place: place })
    }

    /// A place to apply or delete in.
    pub(super) async fn place(&self) -> Result<OwnedSemaphorePermit, ApplyError> {
        let place = timeout(PLACE_MAX, Arc::clone(&self.places).acquire_owned()).await;
        // They are never closed.
        place.ok().and_then(Result::ok).ok_or(ApplyError::TooMany)
    }
}
