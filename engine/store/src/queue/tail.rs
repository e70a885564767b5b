//! What of a queue is not in memory: parts of it, one after the other, and where each of them is.

use std::collections::VecDeque;

use tutti_model::flowfile::FlowFile;

use crate::epoch::weight_bytes;

/// When a part is full.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PartLimits {
    pub(crate) flowfiles_max: u64,
    pub(crate) weight_bytes_max: usize,
}

/// Where the flowfiles of a part are. Beside those of a run there may be records of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// In the store and in the open epochs, each as a record of its own.
    Loose,
    /// On the way into this run, with the epoch that is being flushed.
    Filing(u64),
    /// In this run, which is called by the number of its first flowfile.
    Filed(u64),
}

/// One part. Ranges of parts do not overlap, and come in order.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    /// All that it has are from here on.
    pub(crate) first: u64,
    pub(crate) last: u64,
    pub(crate) flowfiles: u64,
    /// Bytes of their content.
    pub(crate) bytes: u64,
    weight_bytes: usize,
    pub(crate) place: Place,
}

impl Part {
    /// A part that is in a run.
    pub(crate) fn filed(run: u64, last: u64, flowfiles: u64, bytes: u64) -> Self {
        Self { first: run, last, flowfiles, bytes, weight_bytes: 0, place: Place::Filed(run) }
    }
}

/// All parts of a queue.
#[derive(Debug)]
pub(crate) struct Tail {
    parts: VecDeque<Part>,
    limits: PartLimits,
}

impl Tail {
    pub(crate) fn new(limits: PartLimits) -> Self {
        Self { parts: VecDeque::new(), limits }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// Adds a flowfile whose number is above those of all parts before the last. Hands back the
    /// first number of the last part when that has become full with it.
    pub(crate) fn add(&mut self, sequence: u64, flowfile: &FlowFile) -> Option<u64> {
        let limits = self.limits;
        let is_full = |part: &Part| {
            part.flowfiles >= limits.flowfiles_max || part.weight_bytes >= limits.weight_bytes_max
        };
        let goes_on = |part: &&mut Part| {
            sequence <= part.last || part.place == Place::Loose && !is_full(part)
        };
        if let Some(part) = self.parts.back_mut().filter(goes_on) {
            part.last = part.last.max(sequence);
            part.flowfiles += 1;
            part.bytes += flowfile.size_bytes();
            part.weight_bytes += weight_bytes(flowfile);
        } else {
            self.parts.push_back(Part {
                first: sequence,
                last: sequence,
                flowfiles: 1,
                bytes: flowfile.size_bytes(),
                weight_bytes: weight_bytes(flowfile),
                place: Place::Loose,
            });
        }
        let last = self.parts.back().filter(|part| part.place == Place::Loose && is_full(part))?;
        Some(last.first)
    }

    /// Adds a part behind all others.
    pub(crate) fn push(&mut self, part: Part) {
        self.parts.push_back(part);
    }

    /// The part that comes into memory next.
    pub(crate) fn next(&self) -> Option<&Part> {
        self.parts.front()
    }

    /// The part that begins at `first`, if nothing of it came into memory yet.
    pub(crate) fn part_mut(&mut self, first: u64) -> Option<&mut Part> {
        let index = self.parts.binary_search_by_key(&first, |part| part.first).ok()?;
        self.parts.get_mut(index)
    }

    /// What was on its way into a run is there, or could not go.
    pub(crate) fn note_filed(&mut self, run: u64, is_filed: bool) {
        let is_it = |part: &&mut Part| part.place == Place::Filing(run);
        if let Some(part) = self.parts.iter_mut().find(is_it) {
            part.place = if is_filed { Place::Filed(run) } else { Place::Loose };
        }
    }

    /// All parts that have something above `after`.
    pub(crate) fn parts_after(&self, after: u64) -> impl Iterator<Item = &Part> {
        self.parts.iter().filter(move |part| part.last > after)
    }

    /// Takes the first of the next part out of it: up to that number, with so much content.
    pub(crate) fn take(&mut self, sequence: u64, bytes: u64) {
        let Some(part) = self.parts.front_mut() else { return };
        part.first = sequence.saturating_add(1);
        part.bytes = part.bytes.saturating_sub(bytes);
        part.flowfiles = part.flowfiles.saturating_sub(1);
    }

    /// Ends the next part; hands back what is missing of it: flowfiles, and bytes of content.
    pub(crate) fn end_next(&mut self) -> (u64, u64) {
        self.parts.pop_front().map_or((0, 0), |part| (part.flowfiles, part.bytes))
    }
}
