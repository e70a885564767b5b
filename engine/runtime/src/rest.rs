//! Processors that have nothing to do with what waits for them: until more comes, or a moment that
//! they know.
//!
//! What waits stays in its queue, so nothing is held here that a kill could lose.

use std::sync::atomic::Ordering;

use tutti_model::flowfile::Timestamp;
use tutti_sdk::host::Rest;
use tutti_store::StoreError;

use crate::node::{Node, Shared};
use crate::run::{Resting, Run};

impl Shared {
    /// How many flowfiles have come to `node`, and changes of services that it uses. They are there
    /// before they are counted.
    pub(crate) fn arrived(&self, node: &Node) -> u64 {
        let inputs = node.inputs.iter().map(|input| &self.connections[*input].traffic);
        let flowfiles: u64 =
            inputs.map(|traffic| traffic.incoming.flowfiles.load(Ordering::SeqCst)).sum();
        flowfiles + node.changes.load(Ordering::SeqCst)
    }

    /// The rest of `node`, which had `arrived` flowfiles when it looked. It looks again in time for
    /// what expires.
    pub(crate) fn resting(&self, node: &Node, rest: Rest, arrived: u64) -> Resting {
        let now = self.environment.clock.now();
        let expirations = node.inputs.iter().map(|input| self.connections[*input].expiration_ms);
        let expires = expirations.filter(|expires_ms| *expires_ms > 0).min();
        let looks_again = expires.map(|expires_ms| now.plus_ms(expires_ms));
        Resting { until: rest.until.into_iter().chain(looks_again).min(), arrived }
    }

    /// When `node` has work next: as [`Shared::next_ready`], but for what it rests on.
    pub(crate) fn next_work(
        &self,
        node: &Node,
        run: &Run,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, StoreError> {
        let Some(rest) = self.rest(node, run) else { return self.next_ready(node, now) };
        let mut next = rest.until;
        for input in self.offered(node)?.iter() {
            let due = self.connections[*input].counts(&self.repository)?.next_due;
            next = next.into_iter().chain(due).min();
        }
        Ok(next)
    }

    /// Whether `node` rests, and nothing has come since it looked.
    pub(crate) fn rest(&self, node: &Node, run: &Run) -> Option<Resting> {
        run.rest().filter(|rest| rest.arrived == self.arrived(node))
    }
}
