//! What waited too long leaves its queue instead of being worked on.
//!
//! It is told apart when its turn comes, as in NiFi: nobody searches whole queues for it.

use tutti_model::provenance::{EventType, Input};
use tutti_sdk::ProcessError;
use tutti_store::{Commit, StoreError, Taken, TryCommitError};

use super::retry::as_it_was;
use super::{TriggerHost, store_error};
use crate::connection::Connection;

impl TriggerHost {
    /// Ends what was taken from `connection` and has expired; whether it could. When not, it is
    /// back in the queue, and expires another time.
    pub(super) fn expire(
        &self,
        connection: &Connection,
        expired: Vec<Taken>,
    ) -> Result<bool, ProcessError> {
        let event = |Taken { receipt, flowfile }: &Taken| {
            let mut event = self.event(EventType::Expire, flowfile);
            event.input = Some(Input::new(receipt.queue.0, flowfile));
            event.details = Some("it was in the flow longer than its connection allows".into());
            event
        };
        let commit = Commit {
            events: expired.iter().map(event).collect(),
            taken: expired.iter().map(|taken| taken.receipt).collect(),
            ..Commit::default()
        };
        let refusal: Option<StoreError> = match self.shared.repository.try_commit(commit) {
            Ok(_) => {
                for taken in &expired {
                    connection.traffic.expired.count(taken.flowfile.size_bytes());
                }
                self.shared.tell_sources(self.node());
                return Ok(true);
            }
            // The next trigger finds room, or waits for it in its own commit.
            Err(TryCommitError::Full(_)) => None,
            Err(TryCommitError::Failed(error)) => Some(error),
        };
        for Taken { receipt, flowfile } in expired {
            self.give_receipt_back(receipt, as_it_was(&flowfile));
        }
        refusal.map_or(Ok(false), |error| Err(store_error("cannot end what has expired", error)))
    }
}
