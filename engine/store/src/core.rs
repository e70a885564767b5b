//! The repository in memory: queues, state and the open epoch, behind one lock.
//!
//! Holds no file and never waits, but for reading back a queue's tail from the key-value store.

use std::collections::{BTreeMap, HashMap};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::task::Waker;

use tutti_model::definition::Prioritizer;
use tutti_model::flowfile::{FlowFile, Pick, Timestamp};
use tutti_model::state::StateMap;

use crate::content::ContentRepository;
use crate::epoch::{Epoch, weight_bytes};
use crate::error::{Result, StoreError};
use crate::health::Health;
use crate::key;
use crate::key_value::KeyValue;
use crate::queue::order::Order;
use crate::queue::window::{Queue, WindowLimits};
use crate::queue::{Commit, GiveBack, Listed, QueueId, Receipt, Taken};
use crate::record;

/// How many records are read back at once.
const LOAD_MAX: usize = 5_000;
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

/// What was found to be damaged since a repository was opened, as it came to be read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Damage {
    /// Records that could not be used and were put aside.
    pub put_aside: usize,
    /// Flowfiles whose records are not there any more.
    pub vanished: u64,
}

pub(crate) struct Core {
    pub(crate) queues: BTreeMap<QueueId, Queue>,
    pub(crate) names: HashMap<String, QueueId>,
    pub(crate) next_queue: u32,
    pub(crate) limits: WindowLimits,
    pub(crate) open: Epoch,
    pub(crate) flushing: Option<Arc<Epoch>>,
    pub(crate) state: HashMap<Box<str>, ComponentState>,
    /// What has a lower number is of an earlier process. Penalties end with the process, as in
    /// NiFi: whoever starts it again wants to see whether it goes now.
    pub(crate) first_sequence: u64,
    pub(crate) next_sequence: u64,
    pub(crate) sequences_reserved: u64,
    pub(crate) epoch_bytes_max: usize,
    pub(crate) health: Health,
    pub(crate) is_closed: bool,
    pub(crate) room_wakers: Vec<Waker>,
    /// Records that were put aside since the last look, for bulletins.
    pub(crate) put_aside: Vec<Quarantined>,
    /// What went missing since then, in words.
    pub(crate) vanished: Vec<String>,
    pub(crate) damage: Damage,
}

/// What follows in a queue, and cannot be read of it.
struct Tail {
    records: BTreeMap<u64, Result<FlowFile, Quarantined>>,
    weight_bytes: usize,
    /// Nothing follows.
    is_whole: bool,
}

impl Tail {
    fn fits(&self, room: WindowLimits) -> bool {
        self.records.len() < room.flowfiles_max && self.weight_bytes < room.bytes_max
    }

    fn add(&mut self, sequence: u64, record: Result<FlowFile, Quarantined>) {
        self.weight_bytes += record.as_ref().map_or(0, weight_bytes);
        self.records.insert(sequence, record);
    }
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
        let mut receipts = std::collections::HashSet::with_capacity(commit.taken.len());
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
        for receipt in commit.taken {
            let queue = self.queues.get_mut(&receipt.queue);
            if let Some(flowfile) = queue.and_then(|queue| queue.settle(receipt.sequence)) {
                self.open.remove(receipt.queue, receipt.sequence, &flowfile);
            }
        }
        for (id, flowfile) in commit.put {
            if let Some(claim) = flowfile.content().claim() {
                content.references().add(claim.segment);
            }
            let sequence = self.next_sequence;
            self.next_sequence += 1;
            if let Some(queue) = self.queues.get_mut(&id) {
                queue.add(sequence, &flowfile);
            }
            self.open.put(id, sequence, flowfile);
        }
        if let Some(renames) = commit.renames {
            self.rename(*renames);
        }
        let mut changed = std::collections::BTreeSet::new();
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
        store: &dyn KeyValue,
        id: QueueId,
        max: usize,
        now: Timestamp,
        filter: &mut dyn FnMut(&FlowFile) -> Pick,
    ) -> Result<Vec<Taken>> {
        let mut taken = Vec::new();
        loop {
            let queue = self.queue_mut(id)?;
            let is_stopped = queue.poll(max, now, filter, &mut taken);
            let wants_more = !is_stopped && taken.len() < max && queue.beyond > 0;
            // A window full of what the filter skips stays as it is: the bound holds.
            if !wants_more || !queue.has_room() {
                break;
            }
            match self.load(store, id) {
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

    /// A flowfile as it is read back.
    fn revived(&self, sequence: u64, mut flowfile: FlowFile) -> FlowFile {
        if sequence < self.first_sequence {
            flowfile.set_penalized_until(None);
        }
        flowfile
    }

    /// The records of a queue after `sequence`, in order, as long as there is `room`: from the
    /// store, from the epoch being flushed, and from the open one.
    fn after(
        &self,
        store: &dyn KeyValue,
        id: QueueId,
        sequence: u64,
        room: WindowLimits,
    ) -> Result<Tail> {
        let mut tail = Tail { records: BTreeMap::new(), weight_bytes: 0, is_whole: true };
        store.scan(&key::record(id, sequence.saturating_add(1)), &mut |key, value| {
            let place = key::parse_record(key).filter(|(queue, _)| *queue == id);
            let Some((_, sequence)) = place else { return ControlFlow::Break(()) };
            if !tail.fits(room) {
                tail.is_whole = false;
                return ControlFlow::Break(());
            }
            let decoded = record::decode(value).map_err(|reason| Quarantined {
                what: key::describe(key),
                reason,
                bytes: value.to_vec(),
            });
            tail.add(sequence, decoded.map(|flowfile| self.revived(sequence, flowfile)));
            ControlFlow::Continue(())
        })?;
        // Later epochs hold later numbers, so what the store has more of than fits comes first.
        for epoch in self.flushing.as_deref().into_iter().chain([&self.open]) {
            for (sequence, flowfile) in epoch.gained_after(id, sequence) {
                if !tail.fits(room) && !tail.records.contains_key(&sequence) {
                    tail.is_whole = false;
                    break;
                }
                tail.add(sequence, Ok(flowfile.clone()));
            }
        }
        Ok(tail)
    }

    /// Reads the next part of a queue's tail into memory; hands back how much that was.
    fn load(&mut self, store: &dyn KeyValue, id: QueueId) -> Result<usize> {
        let queue = self.queue(id)?;
        let mut room = queue.room();
        room.flowfiles_max = room.flowfiles_max.min(LOAD_MAX);
        let tail = self.after(store, id, queue.loaded_through, room)?;
        let mut loaded = 0;
        for (sequence, flowfile) in tail.records {
            let Some(queue) = self.queues.get_mut(&id) else { break };
            if !queue.has_room() {
                return Ok(loaded);
            }
            match flowfile {
                Ok(flowfile) => queue.load(sequence, flowfile),
                Err(damaged) => {
                    queue.forget_beyond(1, Some(sequence));
                    self.put_aside(key::record(id, sequence), damaged);
                }
            }
            loaded += 1;
        }
        if let Some(queue) =
            self.queues.get_mut(&id).filter(|queue| tail.is_whole && queue.beyond > 0)
        {
            let missing = queue.beyond;
            queue.forget_beyond(missing, None);
            self.damage.vanished += missing;
            self.vanished.push(format!(
                "{missing} flowfiles of queue \"{}\" are lost: the key-value store does not have \
                 their records any more",
                queue.name
            ));
        }
        Ok(loaded)
    }

    /// Moves a record out of the way, with the open epoch.
    pub(crate) fn put_aside(&mut self, record_key: Vec<u8>, damaged: Quarantined) {
        self.open.set(key::quarantine(&record_key), Some(record::encode(&damaged)));
        self.open.set(record_key, None);
        self.damage.put_aside += 1;
        self.put_aside.push(damaged);
    }

    /// Up to `max` flowfiles of a queue after `sequence`, in order.
    pub(crate) fn list(
        &self,
        store: &dyn KeyValue,
        id: QueueId,
        after: u64,
        max: usize,
    ) -> Result<Vec<Listed>> {
        let queue = self.queue(id)?;
        let mut listed: Vec<Listed> = queue
            .list()
            .range(after.saturating_add(1)..)
            .take(max)
            .map(|(&sequence, &(flowfile, is_in_flight))| Listed {
                sequence,
                flowfile: flowfile.clone(),
                is_in_flight,
            })
            .collect();
        if listed.len() < max && queue.beyond > 0 {
            let from = after.max(queue.loaded_through);
            let flowfiles_max = max - listed.len();
            let room = WindowLimits { flowfiles_max, bytes_max: usize::MAX };
            let more = self.after(store, id, from, room)?;
            listed.extend(more.records.into_iter().filter_map(|(sequence, flowfile)| {
                let flowfile = flowfile.ok()?;
                Some(Listed { sequence, flowfile, is_in_flight: false })
            }));
        }
        Ok(listed)
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
        queue.give_back(receipt.sequence, flowfile.clone(), how);
        if is_changed {
            self.open.update(receipt.queue, receipt.sequence, flowfile);
        }
        Ok(())
    }
}
