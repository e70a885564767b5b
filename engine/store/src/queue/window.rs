//! One queue in memory: what is ready, what is penalised, what was taken, and how much there is.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Bound;

use tutti_model::flowfile::{FlowFile, Pick, Timestamp};

use super::order::{Order, OrderKey};
use super::{Counts, GiveBack};
use crate::epoch::weight_bytes;

/// Bounds of what a queue keeps in memory.
#[derive(Debug, Clone, Copy)]
pub(crate) struct WindowLimits {
    pub(crate) flowfiles_max: usize,
    pub(crate) bytes_max: usize,
}

/// One queue.
pub(crate) struct Queue {
    pub(crate) name: String,
    limits: WindowLimits,
    order: Order,
    ready: BTreeMap<(OrderKey, u64), FlowFile>,
    penalized: BTreeMap<(Timestamp, u64), FlowFile>,
    /// Of what is penalised, what nobody expects anything of.
    in_vain: HashSet<u64>,
    /// Of what is penalised, what else nobody waits for.
    left: HashSet<u64>,
    in_flight: HashMap<u64, FlowFile>,
    weight_bytes: usize,
    /// Everything up to this sequence number is in memory, or gone.
    pub(crate) loaded_through: u64,
    /// How many lie beyond it.
    pub(crate) beyond: u64,
    flowfiles: u64,
    bytes: u64,
}

impl Queue {
    pub(crate) fn new(name: String, limits: WindowLimits) -> Self {
        Self {
            name,
            limits,
            order: Order::default(),
            ready: BTreeMap::new(),
            penalized: BTreeMap::new(),
            in_vain: HashSet::new(),
            left: HashSet::new(),
            in_flight: HashMap::new(),
            weight_bytes: 0,
            loaded_through: 0,
            beyond: 0,
            flowfiles: 0,
            bytes: 0,
        }
    }

    pub(crate) fn counts(&self) -> Counts {
        let in_flight = self.in_flight.len() as u64;
        Counts {
            flowfiles: self.flowfiles,
            bytes: self.bytes,
            in_flight,
            penalized: self.penalized.len() as u64,
            in_vain: self.in_vain.len() as u64,
            next_due: self.next_due(),
        }
    }

    /// Whether one more fits into memory.
    pub(crate) fn has_room(&self) -> bool {
        let room = self.room();
        room.flowfiles_max > 0 && room.bytes_max > 0
    }

    /// How much more fits into memory.
    pub(crate) fn room(&self) -> WindowLimits {
        let flowfiles = self.ready.len() + self.penalized.len();
        WindowLimits {
            flowfiles_max: self.limits.flowfiles_max.saturating_sub(flowfiles),
            bytes_max: self.limits.bytes_max.saturating_sub(self.weight_bytes),
        }
    }

    /// Counts a new flowfile, and keeps it if all before it are in memory and there is room.
    pub(crate) fn add(&mut self, sequence: u64, flowfile: &FlowFile) {
        self.flowfiles += 1;
        self.bytes += flowfile.size_bytes();
        if self.beyond == 0 && self.has_room() {
            self.keep(sequence, flowfile.clone());
        } else {
            self.beyond += 1;
        }
    }

    /// Takes a flowfile into memory that was beyond the window.
    pub(crate) fn load(&mut self, sequence: u64, flowfile: FlowFile) {
        self.beyond = self.beyond.saturating_sub(1);
        self.keep(sequence, flowfile);
    }

    /// A flowfile beyond the window turned out to be unusable or missing.
    pub(crate) fn forget_beyond(&mut self, count: u64, sequence: Option<u64>) {
        self.beyond = self.beyond.saturating_sub(count);
        self.flowfiles = self.flowfiles.saturating_sub(count);
        if let Some(sequence) = sequence {
            self.loaded_through = self.loaded_through.max(sequence);
        }
        if self.beyond == 0 {
            // How large it was, nobody knows; of what is in memory everybody does.
            let waiting = self.ready.values().chain(self.penalized.values());
            self.bytes = waiting.chain(self.in_flight.values()).map(FlowFile::size_bytes).sum();
        }
    }

    fn keep(&mut self, sequence: u64, flowfile: FlowFile) {
        self.loaded_through = self.loaded_through.max(sequence);
        self.weight_bytes += weight_bytes(&flowfile);
        // Whether a penalty has passed only a poll knows: it comes with the time.
        match flowfile.penalized_until() {
            Some(until) => drop(self.penalized.insert((until, sequence), flowfile)),
            None => self.offer(sequence, flowfile),
        }
    }

    fn offer(&mut self, sequence: u64, flowfile: FlowFile) {
        self.ready.insert((self.order.key(&flowfile), sequence), flowfile);
    }

    /// Offers what it has in memory in this order from now on, and what comes too.
    pub(crate) fn set_order(&mut self, order: Order) {
        self.order = order;
        for ((_, sequence), flowfile) in std::mem::take(&mut self.ready) {
            self.offer(sequence, flowfile);
        }
    }

    /// Takes up to `max` flowfiles that `filter` picks, in the order of the queue.
    pub(crate) fn poll(
        &mut self,
        max: usize,
        now: Timestamp,
        filter: &mut dyn FnMut(&FlowFile) -> Pick,
        taken: &mut Vec<(u64, FlowFile)>,
    ) -> bool {
        while let Some(entry) = self.penalized.first_entry() {
            if entry.key().0 > now {
                break;
            }
            let ((_, sequence), flowfile) = entry.remove_entry();
            self.in_vain.remove(&sequence);
            self.left.remove(&sequence);
            self.offer(sequence, flowfile);
        }
        let mut after: Option<(OrderKey, u64)> = None;
        let mut is_stopped = false;
        while taken.len() < max && !is_stopped {
            let from = after.as_ref().map_or(Bound::Unbounded, Bound::Excluded);
            let Some((place, flowfile)) = self.ready.range((from, Bound::Unbounded)).next() else {
                break;
            };
            let place = place.clone();
            let sequence = place.1;
            let pick = filter(flowfile);
            is_stopped = matches!(pick, Pick::Stop | Pick::TakeAndStop);
            if matches!(pick, Pick::Take | Pick::TakeAndStop)
                && let Some(flowfile) = self.ready.remove(&place)
            {
                self.weight_bytes = self.weight_bytes.saturating_sub(weight_bytes(&flowfile));
                self.in_flight.insert(sequence, flowfile.clone());
                taken.push((sequence, flowfile));
            }
            after = Some(place);
        }
        is_stopped
    }

    /// When the next penalised flowfile becomes due.
    pub(crate) fn next_due(&self) -> Option<Timestamp> {
        self.penalized.keys().next().map(|(until, _)| *until)
    }

    /// When the next one becomes due that somebody waits for.
    pub(crate) fn next_awaited(&self) -> Option<Timestamp> {
        let is_awaited = |(_, sequence): &&(Timestamp, u64)| {
            !self.in_vain.contains(sequence) && !self.left.contains(sequence)
        };
        self.penalized.keys().find(is_awaited).map(|(until, _)| *until)
    }

    pub(crate) fn in_flight(&self, sequence: u64) -> Option<&FlowFile> {
        self.in_flight.get(&sequence)
    }

    /// Ends a flowfile that was taken.
    pub(crate) fn settle(&mut self, sequence: u64) -> Option<FlowFile> {
        let flowfile = self.in_flight.remove(&sequence)?;
        self.flowfiles = self.flowfiles.saturating_sub(1);
        self.bytes = self.bytes.saturating_sub(flowfile.size_bytes());
        Some(flowfile)
    }

    /// Puts a flowfile that was taken back to its place, as it is now.
    pub(crate) fn give_back(&mut self, sequence: u64, flowfile: FlowFile, how: GiveBack) {
        if let Some(before) = self.in_flight.remove(&sequence) {
            if how.is_in_vain && flowfile.penalized_until().is_some() {
                self.in_vain.insert(sequence);
            }
            if how.is_left && flowfile.penalized_until().is_some() {
                self.left.insert(sequence);
            }
            self.bytes = self.bytes.saturating_sub(before.size_bytes()) + flowfile.size_bytes();
            self.keep(sequence, flowfile);
        }
    }

    /// Everything in memory, in order.
    pub(crate) fn list(&self) -> BTreeMap<u64, (&FlowFile, bool)> {
        let ready =
            self.ready.iter().map(|((_, sequence), flowfile)| (*sequence, (flowfile, false)));
        let penalized =
            self.penalized.iter().map(|((_, sequence), flowfile)| (*sequence, (flowfile, false)));
        let taken = self.in_flight.iter().map(|(sequence, flowfile)| (*sequence, (flowfile, true)));
        ready.chain(penalized).chain(taken).collect()
    }
}
