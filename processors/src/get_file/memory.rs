//! What the source knows between two triggers; nothing that a restart must not forget.

use std::collections::{BTreeMap, VecDeque};
use std::path::PathBuf;

use super::listing::{Candidate, Listing, Version};
use crate::paths;

/// Problems that are remembered, so that each is reported once.
const PROBLEMS_MAX: usize = 10_000;

#[derive(Default)]
pub(super) struct Memory {
    /// Files to pick up, in the order of the listing.
    pub(super) waiting: VecDeque<Candidate>,
    /// Files that were picked up in this run and are still there.
    pub(super) taken: BTreeMap<PathBuf, Version>,
    listed_at_ms: Option<u64>,
    problems: BTreeMap<String, String>,
}

impl Memory {
    /// Whether the interval since the last look is over; notes the look if so.
    pub(super) fn is_time(&mut self, now_ms: u64, interval_ms: u64) -> bool {
        let is_time =
            self.listed_at_ms.is_none_or(|last| now_ms.saturating_sub(last) >= interval_ms);
        if is_time {
            self.listed_at_ms = Some(now_ms);
        }
        is_time
    }

    /// Whether this problem was not known yet; notes it.
    pub(super) fn is_news(&mut self, about: &str, message: &str) -> bool {
        if self.problems.get(about).is_some_and(|known| known == message) {
            return false;
        }
        if self.problems.len() >= PROBLEMS_MAX {
            self.problems.clear();
        }
        self.problems.insert(about.to_owned(), message.to_owned());
        true
    }

    /// Takes in files that were found, and says whether there are any.
    pub(super) fn wait_for(&mut self, ready: Vec<Candidate>) -> bool {
        self.waiting.extend(ready);
        !self.waiting.is_empty()
    }

    pub(super) fn next_batch(&mut self, max: usize) -> Vec<Candidate> {
        let count = max.min(self.waiting.len());
        self.waiting.drain(..count).collect()
    }

    /// Undoes the pick-up of files whose commit failed.
    pub(super) fn forget(&mut self, taken: &[(PathBuf, Version)]) {
        for (path, _) in taken {
            self.taken.remove(path);
        }
        self.listed_at_ms = None;
    }

    /// Drops what is known of files that are not there any more.
    pub(super) fn forget_vanished(&mut self, listing: &Listing) {
        self.taken.retain(|path, _| listing.seen.contains(&paths::to_text(path)));
        self.problems
            .retain(|about, _| listing.seen.contains(about) || listing.troubled.contains(about));
    }
}
