//! Trying again: what goes back to its queue, for how long, and how often.

use std::sync::atomic::Ordering;
use std::time::Duration;

use tutti_model::flowfile::{FlowFile, FlowFileId};
use tutti_sdk::FAILURE;
use tutti_sdk::host::{Changes, SessionHost, Transfer};

use super::TriggerHost;
use crate::metrics::add;

/// How often a flowfile on which its processor fails is tried when the flow does not say.
const ATTEMPTS: u32 = 10;
/// The longest wait in between when the flow does not say.
const WAIT_MAX: Duration = Duration::from_mins(10);

impl TriggerHost {
    /// Puts flowfiles back into their queues, in the places where they were.
    pub(super) fn put_back(&self, flowfiles: Vec<FlowFile>) {
        let is_failing = self.is_failing.load(Ordering::SeqCst);
        for flowfile in flowfiles {
            if is_failing && self.is_exhausted(&flowfile) {
                self.exhausted.lock().push(flowfile);
                continue;
            }
            let Some((receipt, original)) = self.taken.lock().remove(&flowfile.id) else {
                continue;
            };
            let (until, attempts) = if is_failing {
                (Some(self.wait_until(original.attempts)), original.attempts.saturating_add(1))
            } else {
                (flowfile.penalized_until, original.attempts)
            };
            self.give_receipt_back(receipt, until, attempts);
        }
        self.node().wake.notify_one();
    }

    /// From now on what is given back counts as tried in vain.
    pub(crate) fn start_failing(&self) {
        self.is_failing.store(true, Ordering::SeqCst);
    }

    /// Sends what was tried often enough to `failure`. What cannot go there goes on being tried.
    pub(crate) async fn settle_exhausted(&self) {
        let exhausted = std::mem::take(&mut *self.exhausted.lock());
        if exhausted.is_empty() {
            return;
        }
        let taken = exhausted.iter().map(|flowfile| flowfile.id).collect();
        let transfers = exhausted
            .iter()
            .map(|flowfile| Transfer { flowfile: flowfile.clone(), relationship: FAILURE.into() })
            .collect();
        let changes = Changes { taken, transfers, ..Changes::default() };
        if let Err(error) = self.commit_changes(changes).await {
            tracing::error!("cannot send flowfiles to \"{FAILURE}\": {}", error.chain());
            for flowfile in exhausted {
                let Some((receipt, before)) = self.taken.lock().remove(&flowfile.id) else {
                    continue;
                };
                let until = self.wait_until(before.attempts);
                self.give_receipt_back(receipt, Some(until), before.attempts);
            }
        }
    }

    /// Whether a flowfile on its way to `relationship` is to be tried again instead.
    pub(super) fn is_to_be_retried(&self, id: FlowFileId, relationship: &str) -> bool {
        if self.is_failing.load(Ordering::SeqCst) {
            return false;
        }
        let Some(retry) = &self.node().retry else { return false };
        let held = self.taken.lock();
        held.get(&id).is_some_and(|(_, original)| {
            retry.relationships.contains(relationship) && original.attempts < retry.attempts
        })
    }

    /// Puts a flowfile back to its queue for another attempt.
    pub(super) fn try_again(&self, id: FlowFileId, relationship: &str) {
        let Some((receipt, original)) = self.taken.lock().remove(&id) else { return };
        tracing::debug!(relationship, attempts = original.attempts, "flowfile is tried again");
        add(&self.node().metrics.retries, 1);
        let until = self.wait_until(original.attempts);
        self.give_receipt_back(receipt, Some(until), original.attempts.saturating_add(1));
        self.node().wake.notify_one();
    }

    fn is_exhausted(&self, flowfile: &FlowFile) -> bool {
        let node = self.node();
        let attempts = node.retry.as_ref().map_or(ATTEMPTS, |retry| retry.attempts);
        flowfile.attempts >= attempts && node.routes.has(FAILURE)
    }

    /// When a flowfile that was tried `attempts` times before may be tried again: the wait doubles.
    fn wait_until(&self, attempts: u32) -> tutti_model::flowfile::Timestamp {
        let node = self.node();
        let longest = node.retry.as_ref().map_or(WAIT_MAX, |retry| retry.maximum);
        let factor = 1_u32.checked_shl(attempts).unwrap_or(u32::MAX);
        let wait = node.penalty.saturating_mul(factor.max(1)).min(longest.max(node.penalty));
        self.clock().now().plus_ms(u64::try_from(wait.as_millis()).unwrap_or(u64::MAX))
    }

    fn give_receipt_back(
        &self,
        receipt: tutti_store::Receipt,
        until: Option<tutti_model::flowfile::Timestamp>,
        attempts: u32,
    ) {
        if let Err(error) = self.shared.repository.give_back(receipt, until, attempts) {
            // It stays the queue's, and is there again after a restart.
            tracing::error!("cannot put a flowfile back: {}", error.chain());
        }
    }
}
