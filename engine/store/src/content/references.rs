//! How many things refer to each segment: flowfiles in queues, and guards of work in progress.
//!
//! A reference that a commit gives up counts until that commit is durable, so a segment that
//! nothing counts for is one that no crash can bring back.

use std::collections::{BTreeSet, HashMap};

use foldhash::fast::RandomState;
use parking_lot::Mutex;

/// Counts of references, and the segments that have none left.
#[derive(Default)]
pub(crate) struct References(Mutex<State>);

#[derive(Default)]
struct State {
    counts: HashMap<u64, u64, RandomState>,
    garbage: BTreeSet<u64>,
}

impl References {
    /// One more thing refers to `segment`.
    pub(crate) fn add(&self, segment: u64) {
        self.add_many(segment, 1);
    }

    /// `count` more things refer to `segment`.
    pub(crate) fn add_many(&self, segment: u64, count: u64) {
        let mut state = self.0.lock();
        *state.counts.entry(segment).or_default() += count;
        state.garbage.remove(&segment);
    }

    /// `count` things less refer to `segment`.
    pub(crate) fn release(&self, segment: u64, count: u64) {
        let mut state = self.0.lock();
        let Some(left) = state.counts.get_mut(&segment) else { return };
        *left = left.saturating_sub(count);
        if *left == 0 {
            state.counts.remove(&segment);
            state.garbage.insert(segment);
        }
    }

    /// Nothing refers to `segment`, and nothing did.
    pub(crate) fn offer(&self, segment: u64) {
        let mut state = self.0.lock();
        if !state.counts.contains_key(&segment) {
            state.garbage.insert(segment);
        }
    }

    /// The segments that nothing refers to any more, once each.
    pub(crate) fn take_garbage(&self) -> BTreeSet<u64> {
        std::mem::take(&mut self.0.lock().garbage)
    }

    /// How many things refer to `segment`.
    pub(crate) fn count(&self, segment: u64) -> u64 {
        self.0.lock().counts.get(&segment).copied().unwrap_or(0)
    }
}
