//! Since when flowfiles wait in the upstream connection: in the processor's state, as nothing is
//! written on a flowfile that stays where it is.

use std::time::Duration;

use tutti_sdk::model::flowfile::{FlowFile, Timestamp};
use tutti_sdk::model::state::StateMap;
use tutti_sdk::{ProcessError, Session};

use super::expiry;

/// How many there are before those are looked for whose flowfile is gone.
const KEPT_MIN: usize = 10_000;

/// Keeps them, and forgets those whose flowfile went another way.
pub(super) struct Starts {
    /// Nothing waits longer than that, but for a stop.
    expiration: Duration,
}

/// Since when the flowfile waits, if that was kept.
pub(super) fn of(state: &StateMap, uuid: &str) -> Option<Timestamp> {
    Some(Timestamp(state.get(uuid)?.parse().ok()?))
}

impl Starts {
    pub(super) fn new(expiration: Duration) -> Self {
        Self { expiration }
    }

    /// From now on these wait.
    pub(super) fn keep(&self, session: &mut Session, uuids: &[String]) -> Result<(), ProcessError> {
        if uuids.is_empty() {
            return Ok(());
        }
        let now = session.clock().now();
        let kept = session.state_all()?;
        if kept.len() + uuids.len() > KEPT_MIN {
            for (uuid, _) in kept.iter() {
                let is_over = |start| expiry(expiry(start, self.expiration), self.expiration) < now;
                if of(&kept, uuid).is_none_or(is_over) {
                    session.set_state(uuid, None);
                }
            }
        }
        for uuid in uuids {
            session.set_state(uuid.as_str(), Some(now.0.to_string()));
        }
        Ok(())
    }

    /// The flowfile does not wait any more.
    pub(super) fn forget(session: &mut Session, flowfile: &FlowFile) {
        if let Ok(Some(_)) = session.state(flowfile.uuid()) {
            session.set_state(flowfile.uuid(), None);
        }
    }
}
