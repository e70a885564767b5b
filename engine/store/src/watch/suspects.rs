//! Who may have killed the process, as the core knows them: they come with an opening, and go when
//! they leave their places or are parked.

use std::sync::atomic::Ordering;

use tutti_model::flowfile::{FlowFile, FlowFileId, Timestamp};
use tutti_model::provenance::ProvenanceEvent;

use super::{Known, Parked, Watch};
use crate::core::{Core, Quarantined};
use crate::epoch;
use crate::error::{Result, StoreError};
use crate::key;
use crate::queue::{QueueId, Receipt};
use crate::record;

/// How a suspect is to be worked on. A restart begins with the first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Turn {
    /// Alone, so that it is clear whose doing it is when the process dies.
    #[default]
    Alone,
    /// Alone, once it is where its processor sees it.
    Unseen,
    /// In company: its processor does not take it alone.
    Company,
}

/// A flowfile over which the process may have died.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Suspect {
    /// Which it is.
    pub flowfile: FlowFileId,
    /// How often the process died while it was at work.
    pub deaths: u32,
    /// It is to be parked, and not to be worked on.
    pub is_convict: bool,
    /// How it is to be worked on otherwise.
    pub turn: Turn,
    /// When it is tried again.
    pub waits_until: Option<Timestamp>,
}

impl Core {
    /// The suspects in a queue.
    pub(crate) fn suspects(&self, queue: QueueId, deaths_max: u32) -> Vec<Suspect> {
        let Some(watch) = &self.watch else { return Vec::new() };
        let of_queue = (queue, FlowFileId(0))..=(queue, FlowFileId(u64::MAX));
        let suspect = |((_, flowfile), known): (&(QueueId, FlowFileId), &Known)| Suspect {
            flowfile: *flowfile,
            deaths: known.deaths.count,
            is_convict: known.deaths.is_convict(deaths_max),
            turn: known.turn,
            waits_until: known.waits_until,
        };
        watch.suspects.range(of_queue).map(suspect).collect()
    }

    pub(crate) fn set_turn(&mut self, queue: QueueId, flowfile: FlowFileId, turn: Turn) {
        let watch = self.watch.as_mut();
        if let Some(known) = watch.and_then(|watch| watch.suspects.get_mut(&(queue, flowfile))) {
            known.turn = turn;
        }
    }

    /// Whether these are to be written down: all in the period after a death, later only suspects.
    pub(crate) fn asks_for(&mut self, work: &[(Receipt, FlowFileId)], now: Timestamp) -> bool {
        self.settle_watch(Some(now));
        let Some(watch) = &self.watch else { return false };
        let is_suspect = |(receipt, flowfile): &(Receipt, FlowFileId)| {
            watch.suspects.contains_key(&(receipt.queue, *flowfile))
        };
        watch.period.is_some() || work.iter().any(is_suspect)
    }

    /// A flowfile has left its place.
    pub(crate) fn note_left(&mut self, receipt: Receipt, flowfile: FlowFileId) {
        let Some(watch) = &mut self.watch else { return };
        if watch.suspects.remove(&(receipt.queue, flowfile)).is_some() {
            self.open.set(key::deaths(receipt.queue, receipt.sequence), None);
        }
        watch.note(receipt.sequence, true);
        self.settle_watch(None);
    }

    /// A flowfile is back in its place.
    pub(crate) fn note_returned(
        &mut self,
        receipt: Receipt,
        flowfile: FlowFileId,
        waits_until: Option<Timestamp>,
    ) {
        let Some(watch) = &mut self.watch else { return };
        if let Some(known) = watch.suspects.get_mut(&(receipt.queue, flowfile)) {
            known.waits_until = waits_until;
        }
        watch.note(receipt.sequence, false);
        self.settle_watch(None);
    }

    /// Up to where flowfiles may be taken: as long as all is written down that is not further than
    /// they are durable. Those above would not be in their places after a death.
    pub(crate) fn watched_below(&self) -> u64 {
        let has_period = self.watch.as_ref().is_some_and(|watch| watch.period.is_some());
        if has_period { self.durable_below } else { u64::MAX }
    }

    /// Whether `queue` has something from that number on.
    pub(crate) fn has_from(&self, queue: QueueId, first: u64) -> bool {
        let epochs = self.flushing.as_deref().into_iter().chain([&self.open]);
        first < u64::MAX
            && epochs.into_iter().any(|epoch| epoch.gained(queue, first, u64::MAX).next().is_some())
    }

    /// Ends the period when it is over, where somebody knows the time, and the watch when there is
    /// nothing left to watch.
    pub(crate) fn settle_watch(&mut self, now: Option<Timestamp>) {
        if let (Some(watch), Some(now)) = (&mut self.watch, now) {
            watch.period.take_if(|period| period.is_over(now));
        }
        if let Some(watch) = self.watch.take_if(|watch| watch.is_over()) {
            watch.is_on.store(false, Ordering::Relaxed);
        }
    }

    pub(crate) fn park(
        &mut self,
        receipt: Receipt,
        place: Parked,
        event: ProvenanceEvent,
    ) -> Result<()> {
        let missing = || {
            let Receipt { queue, sequence } = receipt;
            StoreError::not_found(format!(
                "flowfile in work with number {sequence} of queue number {}",
                queue.0
            ))
        };
        let queue = self.queues.get_mut(&receipt.queue).ok_or_else(missing)?;
        let flowfile = queue.settle(receipt.sequence).ok_or_else(missing)?;
        // As with what leaves for good, but its content stays.
        if let Some(run) = queue.leave_run(receipt.sequence) {
            self.open.leave_run(receipt.queue, run);
            self.thin(receipt.queue, run);
        } else {
            self.open.take_aside(receipt.queue, receipt.sequence, &flowfile);
        }
        self.keep_parked(receipt, &flowfile, place);
        let events = vec![event];
        let bytes = epoch::events_bytes(&events);
        self.open.happen(events, bytes);
        if let Some(watch) = &mut self.watch {
            watch.note(receipt.sequence, true);
        }
        self.settle_watch(None);
        Ok(())
    }

    fn keep_parked(&mut self, receipt: Receipt, flowfile: &FlowFile, place: Parked) {
        let Receipt { queue, sequence } = receipt;
        let known = self.watch.as_mut().and_then(|watch| {
            watch.suspects.remove(&(queue, flowfile.id())).map(|known| known.deaths)
        });
        let mut deaths = known.unwrap_or_else(|| super::Deaths::none(flowfile.id()));
        let reason = format!(
            "the process died {} times while \"{}\" worked on it",
            deaths.count, place.processor
        );
        deaths.parked = Some(place);
        let former = key::record(queue, sequence);
        let aside = Quarantined::new(&former, reason, record::encode(flowfile));
        self.open.set(key::quarantine(&former), Some(record::encode(&aside)));
        self.open.set(key::deaths(queue, sequence), Some(record::encode(&deaths)));
    }
}

impl Watch {
    /// Somebody worked on what is in that place, or was.
    fn note(&mut self, sequence: u64, has_left: bool) {
        if let Some(period) = &mut self.period {
            period.note(sequence, has_left);
        }
    }

    fn is_over(&self) -> bool {
        self.period.is_none() && self.suspects.is_empty()
    }
}
