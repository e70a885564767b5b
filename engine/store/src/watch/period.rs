//! How long every session is written down after a death.
//!
//! What the process died over was at work, so it is among what was queued at the opening, or was
//! made of that or of what a source takes in again, and not durable yet. When all that was queued
//! was worked on once, and the rest had time to come again, nobody dies over it any more but for
//! other reasons. What nobody works on, as it waits for a processor that is stopped, must not keep
//! the watch going for ever: a process that lives longer than the longest period is not down.

use std::collections::HashSet;

use tutti_model::flowfile::Timestamp;

/// The shortest and the longest period, in milliseconds. What was not durable is the work of
/// fractions of a second.
const LASTS_MIN_MS: u64 = 60 * 1_000;
const LASTS_MAX_MS: u64 = 60 * 60 * 1_000;
/// How many flowfiles that were tried and are back in their queues are remembered. Any more only
/// make the period last longer.
const TRIED_MAX: usize = 100_000;

pub(crate) struct Period {
    began: Timestamp,
    /// What has a lower number was queued when it began.
    first_sequence: u64,
    /// How many of these nobody has worked on yet.
    untried: u64,
    /// Those that somebody has, and that are still in their places.
    tried: HashSet<u64>,
}

impl Period {
    /// Of what has a lower number than `first_sequence`, which are so many.
    pub(crate) fn new(began: Timestamp, first_sequence: u64, queued: u64) -> Self {
        Self { began, first_sequence, untried: queued, tried: HashSet::new() }
    }

    /// Somebody worked on what is in that place, or was.
    pub(crate) fn note(&mut self, sequence: u64, has_left: bool) {
        if sequence >= self.first_sequence {
            return;
        }
        let is_first = if has_left {
            !self.tried.remove(&sequence)
        } else {
            self.tried.len() < TRIED_MAX && self.tried.insert(sequence)
        };
        self.untried = self.untried.saturating_sub(u64::from(is_first));
    }

    /// Whether all that was queued was worked on.
    pub(crate) fn is_done(&self) -> bool {
        self.untried == 0
    }

    pub(crate) fn is_over(&self, now: Timestamp) -> bool {
        let least_ms = if self.is_done() { LASTS_MIN_MS } else { LASTS_MAX_MS };
        now.since_ms(self.began) > least_ms
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_ends_when_all_that_was_queued_was_tried_once_and_after_an_hour_at_the_latest() {
        let is_over =
            |period: &Period, seconds: i64| period.is_over(Timestamp(seconds * 1_000 + 1));
        let mut period = Period::new(Timestamp(0), 10, 3);
        for (sequence, has_left) in [(1, false), (1, false), (1, true), (12, true), (2, true)] {
            period.note(sequence, has_left);
            assert!(!period.is_done() && !is_over(&period, 3_599) && is_over(&period, 3_600));
        }
        period.note(3, false);
        assert!(period.is_done() && !is_over(&period, 59) && is_over(&period, 60));
    }
}
