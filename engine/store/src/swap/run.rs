//! What is known of a run: in the store, and in memory.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tutti_model::flowfile::FlowFile;

use super::Table;
use crate::content::claim_end;

/// A run is given up for records of their own when fewer of it than this part are left.
const FEW: u64 = 4;

/// What the store says of a run, once and for all.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RunRecord {
    /// The highest number that it may have.
    pub(crate) last: u64,
    /// How many flowfiles it has.
    pub(crate) flowfiles: u64,
    /// Bytes of their content.
    pub(crate) bytes: u64,
    /// The length of its file.
    pub(crate) file_bytes: u64,
    /// The content files that they refer to: how many of them do, and up to where.
    pub(crate) segments: BTreeMap<u64, (u64, u64)>,
}

impl RunRecord {
    /// Counts one more flowfile.
    pub(crate) fn add(&mut self, flowfile: &FlowFile) {
        self.flowfiles += 1;
        self.bytes += flowfile.size_bytes();
        if let Some(claim) = flowfile.content().claim() {
            let (count, end) = self.segments.entry(claim.segment).or_default();
            *count += 1;
            *end = (*end).max(claim_end(claim));
        }
    }
}

/// Which places of a run are empty, a bit for each.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Gone(Vec<u8>);

impl Gone {
    pub(crate) fn has(&self, place: usize) -> bool {
        self.0.get(place / 8).is_some_and(|bits| bits & (1 << (place % 8)) != 0)
    }

    /// Whether it was there until now.
    fn set(&mut self, place: usize) -> bool {
        if self.has(place) {
            return false;
        }
        if self.0.len() <= place / 8 {
            self.0.resize(place / 8 + 1, 0);
        }
        self.0[place / 8] |= 1 << (place % 8);
        true
    }
}

/// A run of a queue, in memory.
#[derive(Debug, Default)]
pub(crate) struct Run {
    pub(crate) last: u64,
    /// How many of its flowfiles are the queue's still.
    pub(crate) left: u64,
    pub(crate) gone: Gone,
    /// Read with the first of its flowfiles that comes into memory.
    pub(crate) table: Option<Arc<Table>>,
    /// What left it while it was being written, if it is: it has no table then.
    pub(crate) early: Option<BTreeSet<u64>>,
}

impl Run {
    /// Takes the flowfile with that number out of the run; whether it was in it.
    pub(crate) fn leave(&mut self, sequence: u64) -> bool {
        if let Some(early) = &mut self.early {
            return early.insert(sequence);
        }
        let place = self.table.as_ref().and_then(|table| table.find(sequence));
        let was_there = place.is_some_and(|place| self.gone.set(place));
        self.left = self.left.saturating_sub(u64::from(was_there));
        was_there
    }

    /// It is written, and has so many flowfiles.
    pub(crate) fn note_filed(&mut self, table: Arc<Table>) {
        self.left = table.len() as u64;
        self.table = Some(table);
        for sequence in self.early.take().unwrap_or_default() {
            self.leave(sequence);
        }
    }

    /// Whether the flowfile with that number is in it.
    pub(crate) fn has(&self, sequence: u64) -> bool {
        let place = self.table.as_ref().and_then(|table| table.find(sequence));
        place.is_some_and(|place| !self.gone.has(place))
    }

    /// Whether what is left is better kept otherwise.
    pub(crate) fn has_few(&self) -> bool {
        let all = self.table.as_ref().map_or(0, |table| table.len() as u64);
        self.left > 0 && self.left * FEW <= all
    }

    /// Up to `max` places that are not empty, from the number `first` on.
    pub(crate) fn places(&self, table: &Table, first: u64, max: usize) -> Vec<usize> {
        let places = table.place_from(first)..table.len();
        places.filter(|place| !self.gone.has(*place)).take(max).collect()
    }
}
