//! The repository in memory: queues, state and the open epoch, behind one lock.
//!
//! Holds no file and never waits, but for reading back a queue's tail.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;
use std::task::Waker;

use foldhash::fast::RandomState;
use tutti_model::definition::Prioritizer;
use tutti_model::flowfile::{FlowFile, Pick, Timestamp};
use tutti_model::state::StateMap;

use crate::content::ContentRepository;
use crate::epoch::Epoch;
use crate::error::{Result, StoreError};
use crate::health::Health;
use crate::key;
use crate::queue::order::Order;
use crate::queue::window::{Queue, QueueLimits};
use crate::queue::{Commit, GiveBack, QueueId, Receipt, Taken};
use crate::record;
use crate::tail::Shelves;
use crate::watch::Watch;

/// How far ahead of use numbers are reserved.
pub(crate) const NUMBERS_RESERVED: u64 = 1 << 32;

/// A component's state. A copy is a snapshot that costs next to nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ComponentState {
    /// Goes up with every commit that changes it.
    pub version: u64,
    /// Names and values.
    pub values: StateMap,
}

/// A record that cannot be used, as it is put aside.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Quarantined {
    /// What it was, in words.
    pub what: String,
    /// Why it cannot be used.
    pub reason: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl Quarantined {
    /// The record of `key`, as it is.
    pub(crate) fn new(key: &[u8], reason: String, bytes: Vec<u8>) -> Self {
        Self { what: key::describe(key), reason, bytes }
    }
}

/// What was found to be damaged since a repository was opened, as it came to be read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Damage {
    /// Flowfiles whose records could not be used and were put aside.
    pub put_aside: usize,
    /// Flowfiles whose records are not there any more.
    pub vanished: u64,
}

pub(crate) struct Core {
    pub(crate) queues: BTreeMap<QueueId, Queue>,
    pub(crate) names: HashMap<String, QueueId>,
    pub(crate) next_queue: u32,
    pub(crate) limits: QueueLimits,
    /// Parts of tails that are full, and may become runs.
    pub(crate) full_parts: Vec<(QueueId, u64)>,
    pub(crate) open: Epoch,
    pub(crate) flushing: Option<Arc<Epoch>>,
    pub(crate) state: HashMap<Box<str>, ComponentState>,
    /// What has a lower number is of an earlier process. Penalties end with the process, as in
    /// NiFi: whoever starts it again wants to see whether it goes now.
    pub(crate) first_sequence: u64,
    pub(crate) next_sequence: u64,
    pub(crate) sequences_reserved: u64,
    /// What has a lower number is durable, or gone.
    pub(crate) durable_below: u64,
    pub(crate) epoch_bytes_max: usize,
    pub(crate) health: Health,
    pub(crate) is_closed: bool,
    pub(crate) room_wakers: Vec<Waker>,
    /// Records that were put aside since the last look, for bulletins.
    pub(crate) put_aside: Vec<Quarantined>,
    /// What went missing since then, in words.
    pub(crate) vanished: Vec<String>,
    pub(crate) damage: Damage,
    /// After a death of the process.
    pub(crate) watch: Option<Box<Watch>>,
}

impl Core {
    pub(crate) fn has_room(&self) -> bool {
        self.open.weight_bytes < self.epoch_bytes_max
    }

    pub(crate) fn queue(&self, id: QueueId) -> Result<&Queue> {
        let missing = || StoreError::not_found(format!("queue number {}", id.0));
        self.queues.get(&id).ok_or_else(missing)
    }

    fn queue_mut(&mut self, id: QueueId) -> Result<&mut Queue> {
        let missing = || StoreError::not_found(format!("queue number {}", id.0));
        self.queues.get_mut(&id).ok_or_else(missing)
    }

    /// Checks everything that could make a commit fail, so that applying it cannot.
    pub(crate) fn check(&self, commit: &Commit, content: &ContentRepository) -> Result<()> {
        let mut receipts =
            HashSet::with_capacity_and_hasher(commit.taken.len(), RandomState::default());
        for receipt in &commit.taken {
            let is_taken = self.queue(receipt.queue)?.in_flight(receipt.sequence).is_some();
            if !is_taken || !receipts.insert(*receipt) {
                return Err(StoreError::not_found(format!(
                    "flowfile in work with number {} of queue \"{}\"",
                    receipt.sequence,
                    self.queue(receipt.queue)?.name
                )));
            }
        }
        for (queue, flowfile) in &commit.put {
            self.queue(*queue)?;
            if let Some(claim) = flowfile.content().claim() {
                content.check(claim)?;
            }
        }
        commit.renames.as_ref().map_or(Ok(()), |renames| self.check_renames(renames))
    }

    /// Applies a commit that was checked, and whose events cost so much.
    pub(crate) fn apply(
        &mut self,
        commit: Commit,
        events_bytes: usize,
        content: &ContentRepository,
    ) {
        let mut thinned = BTreeSet::new();
        for receipt in commit.taken {
            let Some(queue) = self.queues.get_mut(&receipt.queue) else { continue };
            let Some(flowfile) = queue.settle(receipt.sequence) else { continue };
            let id = flowfile.id();
            if let Some(run) = queue.leave_run(receipt.sequence) {
                self.open.remove_from_run(receipt.queue, run, &flowfile);
                thinned.insert((receipt.queue, run));
            } else {
                self.open.remove(receipt.queue, receipt.sequence, &flowfile);
            }
            self.note_left(receipt, id);
        }
        for (queue, run) in thinned {
            self.thin(queue, run);
        }
        for (id, flowfile) in commit.put {
            if let Some(claim) = flowfile.content().claim() {
                content.references().add(claim.segment);
            }
            let sequence = self.next_sequence;
            self.next_sequence += 1;
            let full = self.queues.get_mut(&id).and_then(|queue| queue.add(sequence, &flowfile));
            self.full_parts.extend(full.map(|first| (id, first)));
            self.open.put(id, sequence, flowfile);
        }
        if let Some(renames) = commit.renames {
            self.rename(*renames);
        }
        let mut changed = BTreeSet::new();
        for change in commit.state {
            let state = self.state.entry(change.component.clone()).or_default();
            let record = change.value.as_ref().map(record::encode);
            self.open.set(key::state(&change.component, &change.key), record);
            match change.value {
                Some(value) => state.values.insert(change.key, value),
                None => state.values.remove(&change.key),
            }
            changed.insert(change.component);
        }
        for component in changed {
            let state = self.state.entry(component.clone()).or_default();
            state.version += 1;
            let record = record::encode(&state.version);
            self.open.set(key::state_version(&component), Some(record));
        }
        self.open.happen(commit.events, events_bytes);
        self.open.has_tickets = true;
        if let Some(then) = commit.then {
            // Under the lock on all this, so that the order is that of the commits.
            self.open.completion.then(then);
        }
    }

    pub(crate) fn poll(
        &mut self,
        shelves: Shelves<'_>,
        id: QueueId,
        max: usize,
        (now, below): (Timestamp, u64),
        filter: &mut dyn FnMut(&FlowFile) -> Pick,
    ) -> Result<Vec<Taken>> {
        let mut taken = Vec::new();
        loop {
            let queue = self.queue_mut(id)?;
            let is_stopped = queue.poll(max, (now, below), filter, &mut taken);
            let wants_more = !is_stopped && taken.len() < max && !queue.tail.is_empty();
            // A window full of what the filter skips stays as it is: the bound holds.
            if !wants_more || !queue.has_room() {
                break;
            }
            match self.load(shelves, id) {
                Ok(0) => break,
                Ok(_) => {}
                // What was taken so far is the caller's; it learns of the error next time.
                Err(_) if !taken.is_empty() => break,
                Err(error) => return Err(error),
            }
        }
        let receipt = |sequence| Receipt { queue: id, sequence };
        let taken = taken
            .into_iter()
            .map(|(sequence, flowfile)| Taken { receipt: receipt(sequence), flowfile });
        Ok(taken.collect())
    }

    /// Moves the record of a flowfile, or of so many, out of the way, with the open epoch.
    pub(crate) fn put_aside(
        &mut self,
        record_key: Vec<u8>,
        damaged: Quarantined,
        flowfiles: usize,
    ) {
        self.open.set(key::quarantine(&record_key), Some(record::encode(&damaged)));
        self.open.set(record_key, None);
        self.damage.put_aside += flowfiles;
        self.put_aside.push(damaged);
    }

    pub(crate) fn prioritize(&mut self, id: QueueId, prioritizers: &[Prioritizer]) -> Result<()> {
        self.queue_mut(id)?.set_order(Order::new(prioritizers));
        Ok(())
    }

    /// Puts a flowfile that was taken back to its place.
    pub(crate) fn give_back(&mut self, receipt: Receipt, how: GiveBack) -> Result<()> {
        let queue = self.queue_mut(receipt.queue)?;
        let Some(before) = queue.in_flight(receipt.sequence) else {
            return Err(StoreError::not_found(format!(
                "flowfile in work with number {} of queue \"{}\"",
                receipt.sequence, queue.name
            )));
        };
        let mut flowfile = before.clone();
        flowfile.set_penalized_until(how.penalized_until);
        flowfile.set_attempts(how.attempts);
        let is_changed = flowfile != *before;
        let id = flowfile.id();
        queue.give_back(receipt.sequence, flowfile.clone(), how);
        if is_changed {
            // Runs do not change: it goes on as a record of its own.
            if let Some(run) = queue.leave_run(receipt.sequence) {
                self.open.leave_run(receipt.queue, run);
            }
            self.open.update(receipt.queue, receipt.sequence, flowfile);
        }
        self.note_returned(receipt, id, how.penalized_until);
        Ok(())
    }
}
