//! A queue between two processors, with its limits.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use tutti_model::definition::BackPressure;
use tutti_model::flowfile::{FlowFile, Timestamp};
use tutti_store::{Counts, QueueId, Repository, StoreError};

use crate::environment::milliseconds;
use crate::metrics::add;

/// One connection of a compiled flow. Ends are indices of the flow's processors.
pub(crate) struct Connection {
    pub(crate) path: String,
    pub(crate) queue: QueueId,
    pub(crate) from: usize,
    pub(crate) to: usize,
    /// Whether it leads to where its flowfiles have been before.
    pub(crate) leads_back: bool,
    pub(crate) back_pressure: BackPressure,
    /// How long a flowfile may have been in the flow, in milliseconds; 0 is for ever.
    pub(crate) expiration_ms: u64,
    /// What passed it. Counts outlive a version of the flow.
    pub(crate) traffic: Arc<Traffic>,
    /// The source found it full and waits to be told that it is not any more.
    is_waited_for: Arc<AtomicBool>,
}

/// What passed a connection since its flow was compiled.
#[derive(Debug, Default)]
pub(crate) struct Traffic {
    pub(crate) incoming: Passed,
    pub(crate) outgoing: Passed,
    /// What waited too long.
    pub(crate) expired: Passed,
}

/// How much passed one end of a connection.
#[derive(Debug, Default)]
pub(crate) struct Passed {
    pub(crate) flowfiles: AtomicU64,
    pub(crate) bytes: AtomicU64,
}

/// What fits somewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Room {
    pub(crate) flowfiles: u64,
    pub(crate) bytes: u64,
}

impl Room {
    pub(crate) const ENDLESS: Self = Self { flowfiles: u64::MAX, bytes: u64::MAX };

    /// What fits here and there.
    pub(crate) fn and(self, other: Self) -> Self {
        Self { flowfiles: self.flowfiles.min(other.flowfiles), bytes: self.bytes.min(other.bytes) }
    }
}

impl Passed {
    pub(crate) fn count(&self, bytes: u64) {
        add(&self.flowfiles, 1);
        add(&self.bytes, bytes);
    }
}

impl Connection {
    pub(crate) fn new(
        path: String,
        queue: QueueId,
        ends: (usize, usize),
        back_pressure: BackPressure,
        expiration: Duration,
    ) -> Self {
        Self {
            path,
            queue,
            from: ends.0,
            to: ends.1,
            leads_back: false,
            back_pressure,
            expiration_ms: milliseconds(expiration),
            traffic: Arc::default(),
            is_waited_for: Arc::default(),
        }
    }

    /// Is what `before` is in an earlier version of the flow.
    pub(crate) fn succeed(&mut self, before: &Self) {
        self.traffic = Arc::clone(&before.traffic);
        self.is_waited_for = Arc::clone(&before.is_waited_for);
    }

    /// Whether `flowfile` entered the flow too long ago to be worked on.
    pub(crate) fn is_expired(&self, flowfile: &FlowFile, now: Timestamp) -> bool {
        self.expiration_ms > 0 && now.since_ms(flowfile.entry_date()) > self.expiration_ms
    }

    pub(crate) fn counts(&self, repository: &Repository) -> Result<Counts, StoreError> {
        repository.counts(self.queue)
    }

    /// Whether the source may be triggered. When not, the source is told once there is room.
    pub(crate) fn has_room(&self, repository: &Repository) -> Result<bool, StoreError> {
        if self.is_below(&self.counts(repository)?) {
            return Ok(true);
        }
        self.is_waited_for.store(true, Ordering::SeqCst);
        // It may have been emptied between the look and the note.
        Ok(self.is_below(&self.counts(repository)?))
    }

    /// Whether the source waits for room; asking ends the note.
    pub(crate) fn take_waiting(&self) -> bool {
        self.is_waited_for.swap(false, Ordering::SeqCst)
    }

    pub(crate) fn is_below(&self, counts: &Counts) -> bool {
        let Room { flowfiles, bytes } = self.room(counts);
        flowfiles > 0 && bytes > 0
    }

    /// How much more it holds until it is full.
    pub(crate) fn room(&self, counts: &Counts) -> Room {
        let BackPressure { count, size_bytes, .. } = self.back_pressure;
        let left = |limit: u64, there| match limit {
            0 => u64::MAX,
            limit => limit.saturating_sub(there),
        };
        Room { flowfiles: left(count, counts.flowfiles), bytes: left(size_bytes, counts.bytes) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn either_limit_fills_and_zero_is_none() {
        let is_below = |count, size_bytes, flowfiles, bytes| {
            let limits = BackPressure { count, size_bytes };
            let connection =
                Connection::new("c".into(), QueueId(1), (0, 1), limits, Duration::ZERO);
            connection.is_below(&Counts { flowfiles, bytes, ..Counts::default() })
        };
        assert!(is_below(2, 10, 1, 9));
        assert!(!is_below(2, 10, 2, 0), "full by count");
        assert!(!is_below(2, 10, 0, 10), "full by bytes");
        assert!(is_below(0, 10, u64::MAX, 9), "no limit by count");
        assert!(is_below(2, 0, 1, u64::MAX), "no limit by bytes");
        assert!(is_below(0, 0, u64::MAX, u64::MAX), "no limit at all");
    }
}
