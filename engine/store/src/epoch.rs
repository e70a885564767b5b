//! Everything that was committed since the last flush began, on its way to disk together.
//!
//! What came and went within one epoch is not in it any more, and costs no disk.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use tutti_model::flowfile::{Attributes, FlowFile};
use tutti_model::provenance::ProvenanceEvent;

use crate::content::claim_end;
use crate::key;
use crate::key_value::Batch;
use crate::queue::QueueId;
use crate::record;
use crate::tail::Contents;
use crate::ticket::Completion;

/// What happens to one flowfile record.
pub(crate) enum Change {
    /// It was not there before.
    New(FlowFile),
    /// It was there, with another value.
    Updated(FlowFile),
    /// It is there no more.
    Removed,
}

/// The changes of one epoch.
#[derive(Default)]
pub(crate) struct Epoch {
    pub(crate) number: u64,
    /// When it was closed, all flowfiles had lower numbers.
    pub(crate) sequences_below: u64,
    pub(crate) records: BTreeMap<(QueueId, u64), Change>,
    /// Changes of everything else.
    pub(crate) others: Batch,
    /// Provenance events, those of a commit together.
    pub(crate) provenance: Vec<Arc<Vec<ProvenanceEvent>>>,
    /// Runs that flowfiles left.
    pub(crate) left_runs: BTreeSet<(QueueId, u64)>,
    /// Parts of queues that become runs.
    pub(crate) filings: Vec<Filing>,
    /// Where the content ends of what goes to the quarantine, in its segments.
    pub(crate) aside: BTreeMap<u64, u64>,
    /// Runs that are empty.
    pub(crate) ended_runs: Vec<(QueueId, u64)>,
    /// References to segments that end when the epoch is durable.
    pub(crate) released: BTreeMap<u64, u64>,
    /// What it costs in memory, roughly, in bytes.
    pub(crate) weight_bytes: usize,
    /// Somebody waits for it.
    pub(crate) has_tickets: bool,
    pub(crate) completion: Arc<Completion>,
}

/// A part of a queue that becomes a run: everything in it from the first number to the last.
#[derive(Debug)]
pub(crate) struct Filing {
    pub(crate) queue: QueueId,
    pub(crate) first: u64,
    pub(crate) last: u64,
    /// As the first attempt to flush the epoch found it.
    pub(crate) contents: OnceLock<Contents>,
}

/// An epoch of so many bytes takes milliseconds to encode.
const HEAVY_BYTES: usize = 1024 * 1024;

/// What a change costs in memory beside its value, roughly.
const CHANGE_BYTES: usize = 128;

/// What a name or value costs in memory beside its text, roughly, in bytes.
const TEXT_BYTES: usize = 16;

/// What a flowfile costs in memory, roughly, in bytes.
pub(crate) fn weight_bytes(flowfile: &FlowFile) -> usize {
    CHANGE_BYTES + attributes_bytes(flowfile.attributes())
}

fn attributes_bytes(attributes: &Attributes) -> usize {
    attributes.text_bytes() + attributes.len() * 2 * TEXT_BYTES
}

/// What events cost in memory, roughly, in bytes.
pub(crate) fn events_bytes(events: &[ProvenanceEvent]) -> usize {
    let before = std::iter::once(None).chain(events.iter().map(Some));
    let inputs = events.iter().zip(before).map(|(event, before)| input_bytes(event, before));
    events.iter().map(event_bytes).chain(inputs).sum()
}

/// What an event's input costs, which the event before may have too.
fn input_bytes(event: &ProvenanceEvent, before: Option<&ProvenanceEvent>) -> usize {
    let Some(input) = &event.input else { return 0 };
    let is = |before: &ProvenanceEvent| before.input.as_ref().is_some_and(|it| it.is_same(input));
    if before.is_some_and(is) {
        return 0;
    }
    let attributes = input.flowfile.attributes();
    let is_shared = attributes.is_same(&event.attributes);
    CHANGE_BYTES + if is_shared { 0 } else { attributes_bytes(attributes) }
}

fn event_bytes(event: &ProvenanceEvent) -> usize {
    let family = event.parents.iter().chain(&event.children);
    let texts = [&event.relationship, &event.transit_uri, &event.details].into_iter().flatten();
    let texts: usize = family.chain(texts).map(|text| text.len() + TEXT_BYTES).sum();
    size_of::<ProvenanceEvent>() + event.uuid.len() + texts + attributes_bytes(&event.attributes)
}

impl Epoch {
    pub(crate) fn new(number: u64) -> Self {
        Self { number, ..Self::default() }
    }

    pub(crate) fn is_empty(&self) -> bool {
        !self.has_tickets
            && self.records.is_empty()
            && self.others.is_empty()
            && self.provenance.is_empty()
            && self.left_runs.is_empty()
            && self.released.is_empty()
    }

    /// Whether work on all of it takes so long that a thread of its own pays.
    pub(crate) fn is_heavy(&self) -> bool {
        self.weight_bytes >= HEAVY_BYTES
    }

    pub(crate) fn put(&mut self, queue: QueueId, sequence: u64, flowfile: FlowFile) {
        self.weight_bytes += weight_bytes(&flowfile);
        self.records.insert((queue, sequence), Change::New(flowfile));
    }

    pub(crate) fn update(&mut self, queue: QueueId, sequence: u64, flowfile: FlowFile) {
        let known = self.records.get(&(queue, sequence));
        if known.is_none() {
            self.weight_bytes += weight_bytes(&flowfile);
        }
        let is_new = matches!(known, Some(Change::New(_)));
        let change = if is_new { Change::New(flowfile) } else { Change::Updated(flowfile) };
        self.records.insert((queue, sequence), change);
    }

    /// A flowfile ended that was in the run from the number `run` on.
    pub(crate) fn remove_from_run(&mut self, queue: QueueId, run: u64, flowfile: &FlowFile) {
        self.leave_run(queue, run);
        self.release(flowfile);
    }

    /// What is gone of a run has changed.
    pub(crate) fn leave_run(&mut self, queue: QueueId, run: u64) {
        if self.left_runs.insert((queue, run)) {
            self.weight_bytes += CHANGE_BYTES;
        }
    }

    pub(crate) fn remove(&mut self, queue: QueueId, sequence: u64, flowfile: &FlowFile) {
        let key = (queue, sequence);
        if let Some(Change::New(_)) = self.records.get(&key) {
            self.records.remove(&key);
            self.weight_bytes = self.weight_bytes.saturating_sub(weight_bytes(flowfile));
        } else {
            self.weight_bytes += CHANGE_BYTES;
            self.records.insert(key, Change::Removed);
        }
        self.release(flowfile);
    }

    /// A flowfile leaves its place for the quarantine; its content stays.
    pub(crate) fn take_aside(&mut self, queue: QueueId, sequence: u64, flowfile: &FlowFile) {
        self.weight_bytes += CHANGE_BYTES;
        self.records.insert((queue, sequence), Change::Removed);
        if let Some(claim) = flowfile.content().claim() {
            let end = self.aside.entry(claim.segment).or_default();
            *end = (*end).max(claim_end(claim));
        }
    }

    fn release(&mut self, flowfile: &FlowFile) {
        if let Some(claim) = flowfile.content().claim() {
            *self.released.entry(claim.segment).or_default() += 1;
        }
    }

    /// Adds what happened with a commit, and what that costs: see [`events_bytes`].
    pub(crate) fn happen(&mut self, events: Vec<ProvenanceEvent>, events_bytes: usize) {
        if !events.is_empty() {
            self.weight_bytes += events_bytes;
            self.provenance.push(Arc::new(events));
        }
    }

    pub(crate) fn set(&mut self, key: Vec<u8>, value: Option<Vec<u8>>) {
        self.weight_bytes += CHANGE_BYTES + key.len() + value.as_ref().map_or(0, Vec::len);
        self.others.insert(key, value);
    }

    /// Records that `queue` gained in this epoch from `first` to `last`, in order.
    pub(crate) fn gained(
        &self,
        queue: QueueId,
        first: u64,
        last: u64,
    ) -> impl Iterator<Item = (u64, &FlowFile)> {
        let range = (queue, first)..=(queue, last.max(first));
        self.records.range(range).filter_map(|((_, sequence), change)| match change {
            Change::New(flowfile) | Change::Updated(flowfile) => Some((*sequence, flowfile)),
            Change::Removed => None,
        })
    }

    /// The segments that its surviving records name, and up to where.
    pub(crate) fn segments(&self) -> BTreeMap<u64, u64> {
        let mut segments = self.aside.clone();
        for change in self.records.values() {
            if let Change::New(flowfile) | Change::Updated(flowfile) = change
                && let Some(claim) = flowfile.content().claim()
            {
                let end: &mut u64 = segments.entry(claim.segment).or_default();
                *end = (*end).max(claim_end(claim));
            }
        }
        segments
    }

    /// Its changes as keys and values.
    pub(crate) fn batch(&self) -> Batch {
        let mut batch = self.others.clone();
        for (&(queue, sequence), change) in &self.records {
            let value = match change {
                Change::New(flowfile) | Change::Updated(flowfile) => Some(record::encode(flowfile)),
                Change::Removed => None,
            };
            batch.insert(key::record(queue, sequence), value);
        }
        batch
    }
}
