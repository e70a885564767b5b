//! Trying again: what goes back to its queue, for how long, and how often.

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tutti_model::definition::{Backoff, Retry as Policy};
use tutti_model::flowfile::{FlowFile, FlowFileId, Timestamp};
use tutti_model::valid::ValidRetry;
use tutti_sdk::attempts::{attempts_max, is_in_vain, wait};
use tutti_sdk::host::{Changes, Transfer};
use tutti_sdk::{FAILURE, ProcessError, Retry, is_failure};
use tutti_store::{GiveBack, Receipt};

use super::TriggerHost;
use crate::environment::milliseconds;
use crate::idle::AWAITED_MAX;
use crate::metrics::add;

impl TriggerHost {
    /// Puts flowfiles back into their queues, in the places where they were.
    pub(super) fn put_back(&self, flowfiles: Vec<FlowFile>) {
        let failing = *self.failing.lock();
        let may_leave = self.node().routes.failure().is_some();
        for flowfile in flowfiles {
            let is_exhausted = |retry| flowfile.attempts() >= self.attempts_max_of(retry);
            if may_leave && failing.is_some_and(is_exhausted) {
                self.exhausted.lock().push(flowfile);
                continue;
            }
            let Some((receipt, original)) = self.forget(flowfile.id()) else { continue };
            if let Some(retry) = failing {
                let is_in_vain = !may_leave && is_in_vain(original.attempts(), retry);
                self.put_back_failed(receipt, &original, is_in_vain);
                let told = if is_in_vain { &self.is_in_vain } else { &self.is_trying_again };
                told.store(true, Ordering::SeqCst);
            } else {
                self.give_back_as_told(receipt, &original, flowfile.penalized_until());
            }
        }
    }

    /// From now on what is given back was tried in vain.
    pub(crate) fn begin_failing(&self, retry: Retry) {
        *self.failing.lock() = Some(retry);
    }

    /// How often what failed is tried again before it goes to `failure`.
    pub(super) fn attempts_max_of(&self, retry: Retry) -> u32 {
        let policy = self.node().settings.retry.as_ref();
        let is_for_failure = |policy: &&ValidRetry| {
            retry == Retry::Later && policy.relationships.iter().any(|name| is_failure(name))
        };
        let for_failure = policy.filter(is_for_failure);
        for_failure.map_or_else(|| attempts_max(retry), |policy| policy.attempts)
    }

    /// Whether everything that went back may go well with the next attempt.
    pub(crate) fn is_trying_again(&self) -> bool {
        self.is_trying_again.load(Ordering::SeqCst) && !self.is_in_vain.load(Ordering::SeqCst)
    }

    /// Sends what was tried often enough to `failure` because of `error`, with the content that it
    /// was made from; whether there was such. What cannot go there goes on being tried.
    pub(crate) async fn settle_exhausted(&self, error: &ProcessError) -> bool {
        let exhausted = std::mem::take(&mut *self.exhausted.lock());
        if exhausted.is_empty() {
            return false;
        }
        let ids: Vec<FlowFileId> = exhausted.iter().map(FlowFile::id).collect();
        let way = self.node().routes.failure().map_or(FAILURE, |(name, _)| name);
        let to_failure = |mut flowfile: FlowFile| {
            flowfile.set_penalized_until(None);
            error.note_on(&mut flowfile, &self.node().path);
            flowfile.set_content(flowfile.content().original());
            Transfer { flowfile, relationship: way.into(), is_final: true }
        };
        let transfers = exhausted.into_iter().map(to_failure).collect();
        let changes = Changes { taken: ids.clone(), transfers, ..Changes::default() };
        let Err(error) = self.commit_changes(changes).await else { return true };
        self.shared.report_error(self.node(), &error);
        for (receipt, original) in ids.into_iter().filter_map(|id| self.forget(id)) {
            self.put_back_failed(receipt, &original, false);
        }
        true
    }

    /// Whether a flowfile on its way to `relationship` is to be tried again instead.
    pub(super) fn is_to_be_retried(&self, id: FlowFileId, relationship: &str) -> bool {
        // What was tried often enough after errors leaves by `failure` at last.
        if self.failing.lock().is_some() {
            return false;
        }
        let Some(retry) = &self.node().settings.retry else { return false };
        retry.relationships.contains(relationship)
            && self
                .taken
                .lock()
                .get(&id)
                .is_some_and(|(_, original)| original.attempts() < retry.attempts)
    }

    /// Puts flowfiles back to their queues for another attempt, as they were taken.
    pub(super) fn try_again(&self, again: &BTreeSet<FlowFileId>) {
        for (receipt, original) in again.iter().filter_map(|id| self.forget(*id)) {
            self.put_back_for_retry(receipt, &original);
        }
    }

    /// Puts one back for another attempt: it waits, or all of the processor does, as the flow says.
    pub(super) fn put_back_for_retry(&self, receipt: Receipt, original: &FlowFile) {
        let node = self.node();
        add(&node.metrics.retries, 1);
        if node.settings.retry.as_ref().map(|retry| retry.backoff) != Some(Backoff::Yield) {
            return self.put_back_failed(receipt, original, false);
        }
        self.shared.leave_the_rest(node);
        let wait = self.wait(node.settings.yield_duration, original.attempts());
        let mut pause = self.pause.lock();
        *pause = Some(pause.map_or(wait, |pause| pause.max(wait)));
        drop(pause);
        let attempts = original.attempts().saturating_add(1);
        self.give_receipt_back(receipt, GiveBack { attempts, ..GiveBack::default() });
    }

    /// The place of what was taken, which from now on is not this session's any more.
    pub(super) fn forget(&self, id: FlowFileId) -> Option<(Receipt, FlowFile)> {
        self.taken.lock().remove(&id)
    }

    /// Puts back what is to be tried again when its penalty has passed.
    pub(super) fn put_back_failed(&self, receipt: Receipt, original: &FlowFile, is_in_vain: bool) {
        let node = self.node();
        let wait = self.wait(node.settings.penalty, original.attempts());
        let penalized_until = Some(self.now().plus_ms(milliseconds(wait)));
        let attempts = original.attempts().saturating_add(1);
        add(&node.metrics.penalized, 1);
        if !is_in_vain {
            self.shared.leave_the_rest(node);
        }
        let how = GiveBack { penalized_until, attempts, is_in_vain, ..GiveBack::default() };
        self.give_receipt_back(receipt, how);
    }

    /// Puts back what the processor gave back of itself. With a penalty that is an attempt too:
    /// otherwise nobody would ever know that it leads nowhere.
    fn give_back_as_told(
        &self,
        receipt: Receipt,
        original: &FlowFile,
        penalized_until: Option<Timestamp>,
    ) {
        let mut how = GiveBack { penalized_until, ..as_it_was(original) };
        if penalized_until.is_some_and(|until| until > self.now()) {
            add(&self.node().metrics.penalized, 1);
            how.attempts = how.attempts.saturating_add(1);
            how.is_in_vain = is_in_vain(original.attempts(), Retry::Later);
        }
        self.give_receipt_back(receipt, how);
    }

    /// How long what was tried `attempts` times before has to wait: each time twice as long.
    fn wait(&self, first: Duration, attempts: u32) -> Duration {
        let retry = self.node().settings.retry.as_ref();
        let longest = retry.map_or(Policy::MAXIMUM, |retry| retry.maximum);
        wait(first, attempts, longest)
    }

    pub(super) fn give_receipt_back(&self, receipt: Receipt, mut how: GiveBack) {
        let now = self.now();
        // By the length of the wait: of many that wait, one is always about to be due.
        let awaited_until = now.plus_ms(milliseconds(AWAITED_MAX));
        how.is_left = how.penalized_until.is_some_and(|until| until > awaited_until);
        if how.penalized_until.is_some_and(|until| until > now) {
            // It does not come again at once, and what comes after it may go well.
            self.has_moved.store(true, Ordering::SeqCst);
            if !how.is_in_vain {
                self.shared.leave_the_rest(self.node());
            }
        }
        if let Err(error) = self.shared.repository.give_back(receipt, how) {
            // It stays the queue's, and is there again after a restart.
            let error = super::store_error("cannot put a flowfile back", error);
            self.shared.report_error(self.node(), &error);
        }
    }
}

/// As a flowfile goes back that nobody tried.
pub(super) fn as_it_was(original: &FlowFile) -> GiveBack {
    GiveBack {
        penalized_until: original.penalized_until(),
        attempts: original.attempts(),
        ..GiveBack::default()
    }
}
