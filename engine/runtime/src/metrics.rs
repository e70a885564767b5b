//! Counts of one processor, cheap enough to be always on.

use std::sync::atomic::{AtomicU64, Ordering};

use serde::Serialize;
use utoipa::ToSchema;

use crate::counters::Counters;
use crate::meters::Meters;
use crate::places::Places;

/// What a processor did since the flow was compiled.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Totals {
    /// Flowfiles taken from queues and committed.
    pub flowfiles_in: u64,
    /// Bytes of their content.
    pub bytes_in: u64,
    /// Flowfiles sent on, copies included.
    pub flowfiles_out: u64,
    /// Bytes of their content.
    pub bytes_out: u64,
    /// Flowfiles whose life ended here.
    pub flowfiles_ended: u64,
    /// Bytes of content read.
    pub bytes_read: u64,
    /// Bytes of content written.
    pub bytes_written: u64,
    /// Times that it was triggered.
    pub tasks: u64,
    /// Milliseconds that its tasks took, added up.
    pub task_ms: u64,
    /// Triggers after which it asked to pause.
    pub yields: u64,
    /// Sessions that failed and were rolled back.
    pub rollbacks: u64,
    /// Flowfiles that were put back because of a relationship that is tried again.
    pub retries: u64,
    /// Flowfiles that left or were put back with a penalty.
    pub penalized: u64,
    /// Flowfiles that were parked in front of it, as the process had died over them.
    pub parked: u64,
    /// Milliseconds from the entry of the lineage to the end of it here, added up.
    pub lineage_ms: u64,
    /// The longest of these.
    pub lineage_ms_max: u64,
}

/// The counters behind [`Totals`].
#[derive(Debug, Default)]
pub(crate) struct Metrics {
    pub(crate) flowfiles_in: AtomicU64,
    pub(crate) bytes_in: AtomicU64,
    pub(crate) flowfiles_out: AtomicU64,
    pub(crate) bytes_out: AtomicU64,
    pub(crate) flowfiles_ended: AtomicU64,
    pub(crate) bytes_read: AtomicU64,
    pub(crate) bytes_written: AtomicU64,
    pub(crate) tasks: AtomicU64,
    /// In nanoseconds: many tasks take much less than a millisecond.
    pub(crate) task_ns: AtomicU64,
    pub(crate) yields: AtomicU64,
    pub(crate) rollbacks: AtomicU64,
    pub(crate) retries: AtomicU64,
    pub(crate) penalized: AtomicU64,
    pub(crate) parked: AtomicU64,
    pub(crate) lineage_ms: AtomicU64,
    pub(crate) lineage_ms_max: AtomicU64,
    pub(crate) sent_to: Places,
    pub(crate) counters: Counters,
    pub(crate) meters: Meters,
}

impl Metrics {
    pub(crate) fn totals(&self) -> Totals {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Totals {
            flowfiles_in: read(&self.flowfiles_in),
            bytes_in: read(&self.bytes_in),
            flowfiles_out: read(&self.flowfiles_out),
            bytes_out: read(&self.bytes_out),
            flowfiles_ended: read(&self.flowfiles_ended),
            bytes_read: read(&self.bytes_read),
            bytes_written: read(&self.bytes_written),
            tasks: read(&self.tasks),
            task_ms: read(&self.task_ns) / 1_000_000,
            yields: read(&self.yields),
            rollbacks: read(&self.rollbacks),
            retries: read(&self.retries),
            penalized: read(&self.penalized),
            parked: read(&self.parked),
            lineage_ms: read(&self.lineage_ms),
            lineage_ms_max: read(&self.lineage_ms_max),
        }
    }
}

pub(crate) fn add(counter: &AtomicU64, amount: u64) {
    counter.fetch_add(amount, Ordering::Relaxed);
}
