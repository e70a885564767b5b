//! The watch of a repository, as whoever runs the flow sees it: what is at work is written down,
//! suspects are asked for, and parked.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use tutti_model::flowfile::{FlowFile, FlowFileId, Pick, Timestamp};
use tutti_model::provenance::ProvenanceEvent;

use super::{Repository, Shared};
use crate::error::{Result, StoreError};
use crate::queue::{QueueId, Receipt, Taken};
use crate::watch::{Entry, Parked, Suspect, Turn};

/// Flowfiles at work that are written down, until this is dropped.
pub struct AtWork {
    shared: Arc<Shared>,
    blocks: Vec<u64>,
    entries: Vec<Entry>,
}

impl AtWork {
    /// From now on they are not alone any more.
    ///
    /// # Errors
    /// When that cannot be written down.
    pub fn let_others_in(&self) -> Result<()> {
        self.shared.watching.file.let_others_in(&self.blocks, &self.entries)
    }
}

impl Drop for AtWork {
    fn drop(&mut self) {
        if let Err(error) = self.shared.watching.file.end(&self.blocks) {
            tracing::warn!("cannot write down that work has ended: {}", error.chain());
        }
    }
}

impl Repository {
    /// Whether the process died lately, so that what is at work is to be written down and suspects
    /// are to be asked for. Costs next to nothing.
    pub fn is_watching(&self) -> bool {
        self.shared.watching.is_on()
    }

    /// Flowfiles that are parked, in all.
    pub fn parked(&self) -> u64 {
        self.shared.watching.parked.load(Ordering::Relaxed)
    }

    /// The suspects in a queue.
    pub fn suspects(&self, queue: QueueId) -> Vec<Suspect> {
        let now = (self.shared.options.clock)();
        let mut core = self.shared.core.lock();
        core.settle_watch(Some(now));
        core.suspects(queue, self.shared.watching.deaths_max)
    }

    /// As [`Repository::poll`], but as long as all work is written down it takes only what is
    /// durable, and says whether something else waits in the queue.
    ///
    /// # Errors
    /// As those of [`Repository::poll`].
    pub fn poll_durable(
        &self,
        id: QueueId,
        max: usize,
        now: Timestamp,
        filter: &mut dyn FnMut(&FlowFile) -> Pick,
    ) -> Result<(Vec<Taken>, bool)> {
        let mut core = self.shared.core.lock();
        let below = core.watched_below();
        let taken = core.poll(self.shared.shelves(), id, max, (now, below), filter)?;
        Ok((taken, core.has_from(id, below)))
    }

    /// How a suspect is to be worked on from now on.
    pub fn set_turn(&self, queue: QueueId, flowfile: FlowFileId, turn: Turn) {
        self.shared.core.lock().set_turn(queue, flowfile, turn);
    }

    /// Writes down that these flowfiles, which were taken, are at work until what this hands back
    /// is dropped; nothing where nobody asks any more.
    ///
    /// # Errors
    /// When it cannot be written down.
    pub fn begin_work(
        &self,
        work: &[(Receipt, FlowFileId)],
        is_alone: bool,
    ) -> Result<Option<AtWork>> {
        let now = (self.shared.options.clock)();
        if work.is_empty() || !self.shared.core.lock().asks_for(work, now) {
            return Ok(None);
        }
        let entry = |(receipt, flowfile): &(Receipt, FlowFileId)| Entry {
            queue: receipt.queue,
            sequence: receipt.sequence,
            flowfile: *flowfile,
        };
        let entries: Vec<Entry> = work.iter().map(entry).collect();
        let blocks = self.shared.watching.file.begin(&entries, is_alone)?;
        Ok(Some(AtWork { shared: Arc::clone(&self.shared), blocks, entries }))
    }

    /// Parks a flowfile that was taken: it leaves its queue for the quarantine, with its content,
    /// where only `tutti quarantine` brings it back from. `event` tells so.
    ///
    /// # Errors
    /// When it was not taken, or the repository is closed.
    pub fn park(&self, receipt: Receipt, place: Parked, event: ProvenanceEvent) -> Result<()> {
        let mut core = self.shared.core.lock();
        if core.is_closed {
            return Err(StoreError::Closed);
        }
        core.park(receipt, place, event)?;
        self.shared.watching.parked.fetch_add(1, Ordering::Relaxed);
        drop(core);
        self.shared.wake.notify_one();
        Ok(())
    }
}
