//! A queue between two processors, with its limits.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use tutti_model::definition::BackPressure;
use tutti_store::{Counts, QueueId, Repository, StoreError};

/// One connection of a compiled flow. Ends are indices of the flow's processors.
pub(crate) struct Connection {
    pub(crate) path: String,
    pub(crate) queue: QueueId,
    pub(crate) from: usize,
    pub(crate) to: usize,
    pub(crate) back_pressure: BackPressure,
    pub(crate) flowfiles_in: AtomicU64,
    pub(crate) flowfiles_out: AtomicU64,
    /// The source found it full and waits to be told that it is not any more.
    is_waited_for: AtomicBool,
}

impl Connection {
    pub(crate) fn new(
        path: String,
        queue: QueueId,
        ends: (usize, usize),
        back_pressure: BackPressure,
    ) -> Self {
        Self {
            path,
            queue,
            from: ends.0,
            to: ends.1,
            back_pressure,
            flowfiles_in: AtomicU64::new(0),
            flowfiles_out: AtomicU64::new(0),
            is_waited_for: AtomicBool::new(false),
        }
    }

    pub(crate) fn counts(&self, repository: &Repository) -> Result<Counts, StoreError> {
        repository.counts(self.queue)
    }

    /// Whether the source may be triggered. When not, the source is told once there is room.
    pub(crate) fn has_room(&self, repository: &Repository) -> Result<bool, StoreError> {
        if self.is_below(&repository.counts(self.queue)?) {
            return Ok(true);
        }
        self.is_waited_for.store(true, Ordering::SeqCst);
        // It may have been emptied between the look and the note.
        Ok(self.is_below(&repository.counts(self.queue)?))
    }

    /// Whether the source waits for room; asking ends the note.
    pub(crate) fn take_waiting(&self) -> bool {
        self.is_waited_for.swap(false, Ordering::SeqCst)
    }

    pub(crate) fn is_below(&self, counts: &Counts) -> bool {
        let BackPressure { count, size_bytes, .. } = self.back_pressure;
        (count == 0 || counts.flowfiles < count) && (size_bytes == 0 || counts.bytes < size_bytes)
    }
}
