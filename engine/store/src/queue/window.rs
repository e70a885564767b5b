//! One queue in memory: what is ready, what is penalised, what was taken, and how much there is.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Bound;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use foldhash::fast::RandomState;
use tutti_model::flowfile::{FlowFile, Pick, Timestamp};

use super::order::{Order, OrderKey};
use super::tail::{Part, PartLimits, Place, Tail};
use super::{Counts, GiveBack};
use crate::epoch::weight_bytes;
use crate::swap::Run;

/// How many flowfiles a queue may have in memory whatever others have there.
const WINDOW_MIN: usize = 64;

/// Bounds of what a queue keeps in memory.
#[derive(Debug, Clone, Copy)]
pub(crate) struct WindowLimits {
    pub(crate) flowfiles_max: usize,
    pub(crate) bytes_max: usize,
}

/// What all queues together have in memory, in bytes, and may have.
#[derive(Debug)]
pub(crate) struct Budget {
    used: AtomicUsize,
    bytes_max: usize,
}

impl Budget {
    pub(crate) fn new(bytes_max: usize) -> Arc<Self> {
        Arc::new(Self { used: AtomicUsize::new(0), bytes_max })
    }

    fn left(&self) -> usize {
        self.bytes_max.saturating_sub(self.used.load(Ordering::Relaxed))
    }

    fn add(&self, bytes: usize) {
        self.used.fetch_add(bytes, Ordering::Relaxed);
    }

    fn release(&self, bytes: usize) {
        self.used.fetch_sub(bytes, Ordering::Relaxed);
    }
}

/// Bounds of a queue.
#[derive(Debug, Clone)]
pub(crate) struct QueueLimits {
    pub(crate) window: WindowLimits,
    pub(crate) part: PartLimits,
    pub(crate) budget: Arc<Budget>,
}

/// One queue.
pub(crate) struct Queue {
    pub(crate) name: String,
    limits: WindowLimits,
    budget: Arc<Budget>,
    order: Order,
    ready: BTreeMap<(OrderKey, u64), FlowFile>,
    penalized: BTreeMap<(Timestamp, u64), FlowFile>,
    /// Of what is penalised, what nobody expects anything of.
    in_vain: HashSet<u64>,
    /// Of what is penalised, what else nobody waits for.
    left: HashSet<u64, RandomState>,
    in_flight: HashMap<u64, FlowFile, RandomState>,
    weight_bytes: usize,
    /// What comes after all that.
    pub(crate) tail: Tail,
    /// The runs that flowfiles of the queue are in, by their first numbers.
    pub(crate) runs: BTreeMap<u64, Run>,
    flowfiles: u64,
    bytes: u64,
}

impl Queue {
    pub(crate) fn new(name: String, limits: &QueueLimits) -> Self {
        Self {
            name,
            limits: limits.window,
            budget: Arc::clone(&limits.budget),
            order: Order::default(),
            ready: BTreeMap::new(),
            penalized: BTreeMap::new(),
            in_vain: HashSet::new(),
            left: HashSet::default(),
            in_flight: HashMap::default(),
            weight_bytes: 0,
            tail: Tail::new(limits.part),
            runs: BTreeMap::new(),
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
        let flowfiles_max = self.limits.flowfiles_max.saturating_sub(flowfiles);
        let bytes_max = self.limits.bytes_max.saturating_sub(self.weight_bytes);
        let least = WINDOW_MIN.saturating_sub(flowfiles);
        match self.budget.left() {
            0 => WindowLimits { flowfiles_max: flowfiles_max.min(least), bytes_max },
            left if least == 0 => WindowLimits { flowfiles_max, bytes_max: bytes_max.min(left) },
            _ => WindowLimits { flowfiles_max, bytes_max },
        }
    }

    /// Counts a new flowfile, and keeps it if all before it are in memory and there is room. Hands
    /// back the first number of the part of the tail that has become full with it.
    pub(crate) fn add(&mut self, sequence: u64, flowfile: &FlowFile) -> Option<u64> {
        self.flowfiles += 1;
        self.bytes += flowfile.size_bytes();
        if self.tail.is_empty() && self.has_room() {
            self.keep(sequence, flowfile.clone());
            return None;
        }
        self.tail.add(sequence, flowfile)
    }

    /// Adds a part that is in a run.
    pub(crate) fn add_run(&mut self, first: u64, run: Run, bytes: u64) {
        self.flowfiles += run.left;
        self.bytes += bytes;
        self.tail.push(Part::filed(first, run.last, run.left, bytes));
        self.runs.insert(first, run);
    }

    /// Takes the next flowfile of the tail into memory.
    pub(crate) fn load(&mut self, sequence: u64, flowfile: FlowFile) {
        self.tail.take(sequence, flowfile.size_bytes());
        self.keep(sequence, flowfile);
    }

    /// The next flowfile of the tail cannot be used.
    pub(crate) fn pass_over(&mut self, sequence: u64) {
        self.tail.take(sequence, 0);
        self.flowfiles = self.flowfiles.saturating_sub(1);
    }

    /// Everything of the tail's next part is in memory; hands back how many are missing.
    pub(crate) fn end_part(&mut self) -> u64 {
        let (flowfiles, bytes) = self.tail.end_next();
        self.flowfiles = self.flowfiles.saturating_sub(flowfiles);
        // Of what could not be used nobody knew how large it was.
        self.bytes = self.bytes.saturating_sub(bytes);
        flowfiles
    }

    /// Takes a flowfile out of the run that it is in; hands back which that is.
    pub(crate) fn leave_run(&mut self, sequence: u64) -> Option<u64> {
        let (first, run) = self.runs.range_mut(..=sequence).next_back()?;
        (run.last >= sequence && run.leave(sequence)).then_some(*first)
    }

    /// What of a run is better kept by a record each: only a few, all of them in memory.
    pub(crate) fn few_of(&self, first: u64) -> Vec<(u64, FlowFile)> {
        let is_wholly_here = self.tail.next().is_none_or(|part| part.place != Place::Filed(first));
        let Some(run) = self.runs.get(&first).filter(|run| is_wholly_here && run.has_few()) else {
            return Vec::new();
        };
        let here = self.list().into_iter();
        here.filter(|(sequence, _)| run.has(*sequence))
            .map(|(sequence, (flowfile, _))| (sequence, flowfile.clone()))
            .collect()
    }

    fn keep(&mut self, sequence: u64, flowfile: FlowFile) {
        let weight = weight_bytes(&flowfile);
        self.weight_bytes += weight;
        self.budget.add(weight);
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

    /// Takes up to `max` flowfiles with a number `below` that which `filter` picks, in the order of
    /// the queue.
    pub(crate) fn poll(
        &mut self,
        max: usize,
        (now, below): (Timestamp, u64),
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
            let pick = if sequence < below { filter(flowfile) } else { Pick::Skip };
            is_stopped = matches!(pick, Pick::Stop | Pick::TakeAndStop);
            if matches!(pick, Pick::Take | Pick::TakeAndStop)
                && let Some(flowfile) = self.ready.remove(&place)
            {
                let weight = weight_bytes(&flowfile);
                self.weight_bytes = self.weight_bytes.saturating_sub(weight);
                self.budget.release(weight);
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

impl Drop for Queue {
    fn drop(&mut self) {
        self.budget.release(self.weight_bytes);
    }
}
