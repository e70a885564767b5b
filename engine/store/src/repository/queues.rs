//! The queues of a repository: made, named, polled and looked at.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use tutti_model::definition::Prioritizer;
use tutti_model::flowfile::{FlowFile, Pick, Timestamp};

use super::Repository;
use crate::error::{Result, StoreError};
use crate::key;
use crate::queue::window::Queue;
use crate::queue::{Counts, GiveBack, Listed, QueueId, Receipt, Taken};
use crate::record;

impl Repository {
    /// The queue called `name`, which is made if it is not there.
    pub fn open_queue(&self, name: &str) -> Result<QueueId> {
        let mut core = self.shared.core.lock();
        if let Some(id) = core.names.get(name) {
            return Ok(*id);
        }
        if core.is_closed {
            return Err(StoreError::Closed);
        }
        let id = QueueId(core.next_queue);
        let next = core.next_queue.checked_add(1);
        core.next_queue = next.ok_or(StoreError::Limit {
            what: "the number of queues ever made".into(),
            limit: u64::from(u32::MAX),
        })?;
        let queue = Queue::new(name.to_owned(), &core.limits);
        core.queues.insert(id, queue);
        core.names.insert(name.to_owned(), id);
        let next_queue = record::encode(&core.next_queue);
        core.open.set(key::meta("queues"), Some(next_queue));
        core.open.set(key::queue(id), Some(record::encode(&name)));
        self.shared.wake.notify_one();
        Ok(id)
    }

    /// Lets flowfiles of a queue be taken in the order of these prioritizers from now on: the first
    /// decides, among equals the next one, in the end the order of the commits. It is an order of
    /// the window that is in memory: what lies beyond comes into it in the order of the commits, as
    /// with NiFi's swapping. Not kept over a restart; whoever opens the queue says it again.
    pub fn prioritize(&self, id: QueueId, prioritizers: &[Prioritizer]) -> Result<()> {
        self.shared.core.lock().prioritize(id, prioritizers)
    }

    /// All queues by name.
    pub fn queues(&self) -> BTreeMap<String, QueueId> {
        let core = self.shared.core.lock();
        core.names.iter().map(|(name, id)| (name.clone(), *id)).collect()
    }

    /// The name of a queue, if it is there.
    pub fn queue_name(&self, id: QueueId) -> Option<String> {
        self.shared.core.lock().queue(id).ok().map(|queue| queue.name.clone())
    }

    /// Removes a queue that is empty.
    pub fn remove_queue(&self, id: QueueId) -> Result<()> {
        let mut core = self.shared.core.lock();
        let queue = core.queue(id)?;
        let (name, flowfiles) = (queue.name.clone(), queue.counts().flowfiles);
        if flowfiles > 0 {
            return Err(StoreError::NotEmpty { queue: name, flowfiles });
        }
        core.names.remove(&name);
        core.queues.remove(&id);
        core.open.set(key::queue(id), None);
        self.shared.wake.notify_one();
        Ok(())
    }

    /// Whether something in the quarantine has its place in a queue, as far as that is durable.
    pub fn has_put_aside(&self, id: QueueId) -> Result<bool> {
        let mut is_there = false;
        for of_queue in [key::record(id, 0), key::run(id, 0), key::run_gone(id, 0)] {
            let first = key::quarantine(&of_queue);
            self.shared.store.scan(&first, &mut |found, _| {
                let place = found.get(1..).unwrap_or_default();
                let place = key::parse_record(place).or_else(|| key::parse_run(place));
                is_there |= found.first() == first.first()
                    && found.get(1) == first.get(1)
                    && place.is_some_and(|(queue, _)| queue == id);
                ControlFlow::Break(())
            })?;
        }
        Ok(is_there)
    }

    /// Takes up to `max` flowfiles that `filter` picks out of a queue, in its order. They stay the
    /// queue's until a commit names them or they are given back; a restart gives all back.
    ///
    /// `filter` runs under the repository's lock: it must be quick and must not call back.
    pub fn poll(
        &self,
        id: QueueId,
        max: usize,
        now: Timestamp,
        filter: &mut dyn FnMut(&FlowFile) -> Pick,
    ) -> Result<Vec<Taken>> {
        let mut core = self.shared.core.lock();
        core.poll(self.shared.shelves(), id, max, (now, u64::MAX), filter)
    }

    /// Puts a flowfile that was taken back to its place in the queue.
    pub fn give_back(&self, receipt: Receipt, how: GiveBack) -> Result<()> {
        let given = self.shared.core.lock().give_back(receipt, how);
        self.shared.wake.notify_one();
        given
    }

    /// What a queue holds.
    pub fn counts(&self, id: QueueId) -> Result<Counts> {
        Ok(self.shared.core.lock().queue(id)?.counts())
    }

    /// When the first penalised flowfile of a queue becomes due that was neither tried in vain nor
    /// left.
    pub fn next_awaited(&self, id: QueueId) -> Result<Option<Timestamp>> {
        Ok(self.shared.core.lock().queue(id)?.next_awaited())
    }

    /// Up to `max` flowfiles of a queue whose sequence number is above `after`, in order; for
    /// viewing, nothing is taken.
    pub fn list(&self, id: QueueId, after: u64, max: usize) -> Result<Vec<Listed>> {
        self.shared.core.lock().list(self.shared.shelves(), id, after, max)
    }
}
