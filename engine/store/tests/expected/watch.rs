//! What is at work when the process dies, and what becomes of it.

use std::collections::BTreeMap;

use proptest::sample::Index;
use tutti_model::flowfile::FlowFileId;
use tutti_model::provenance::EventType;
use tutti_store::{AtWork, Parked, Quarantine, Receipt, Repository};

use super::{Bytes, State, read};
use crate::common::{NOW, event};

/// How many deaths the repository of a case takes for enough.
pub(crate) const DEATHS_MAX: u32 = 3;

/// What is written down as at work.
#[derive(Default)]
pub(crate) struct Work {
    sessions: Vec<(Option<AtWork>, Vec<u64>, bool)>,
}

impl Work {
    /// All that was taken is one session's.
    pub(crate) fn begin(
        &mut self,
        repository: &Repository,
        taken: &BTreeMap<u64, Receipt>,
        is_alone: bool,
    ) {
        let is_at_work = |id: &u64| self.sessions.iter().any(|(_, ids, _)| ids.contains(id));
        let new = taken.iter().filter(|(id, _)| !is_at_work(id));
        let work: Vec<(Receipt, FlowFileId)> =
            new.map(|(id, receipt)| (*receipt, FlowFileId(*id))).collect();
        let begun = repository.begin_work(&work, is_alone).unwrap();
        assert!(begun.is_none() || repository.is_watching());
        if begun.is_some() {
            let ids = work.iter().map(|(_, id)| id.0).collect();
            self.sessions.push((begun, ids, is_alone));
        }
    }

    pub(crate) fn end_one(&mut self, which: Index) {
        if !self.sessions.is_empty() {
            self.sessions.remove(which.index(self.sessions.len()));
        }
    }

    /// What is left of it when the process dies, and what the process has of it.
    pub(crate) fn crash(&mut self, loses_work: bool) -> Vec<Option<AtWork>> {
        let held = self.sessions.iter_mut().map(|(held, _, _)| held.take()).collect();
        if loses_work {
            self.sessions.clear();
        }
        held
    }

    pub(crate) fn end(&mut self) {
        self.sessions.clear();
    }

    /// What an opening after a death finds in `state`. What was written down twice died once.
    pub(crate) fn count(&self, state: &mut State) {
        let mut counted = Vec::new();
        for (_, ids, is_alone) in &self.sessions {
            for id in ids {
                let Some(item) = state.item(*id) else { continue };
                if counted.contains(id) {
                    continue;
                }
                counted.push(*id);
                item.deaths += 1;
                item.is_convict = *is_alone && item.deaths >= DEATHS_MAX;
            }
        }
    }
}

/// Parks what was taken.
pub(crate) fn park(repository: &Repository, state: &mut State, id: u64, receipt: Receipt) {
    let listed = repository.list(receipt.queue, receipt.sequence - 1, 1).unwrap();
    let flowfile = &listed[0].flowfile;
    let event = event(flowfile, EventType::Route);
    state.events.insert(0, flowfile.uuid().to_owned());
    let place = Parked { flow: "flow".into(), processor: "test".into(), time: NOW };
    repository.park(receipt, place, event).unwrap();
    state.remove(id);
    state.parked += 1;
}

/// Brings back every second of what is parked, and gives up the others; all are whole.
pub(crate) fn clear(quarantine: &Quarantine, parked: &BTreeMap<String, Bytes>, count: u64) {
    let mut all = Vec::new();
    quarantine.list(|record| all.push(record)).unwrap();
    assert_eq!(all.len() as u64, count);
    for (number, record) in all.into_iter().enumerate() {
        let flowfile = record.flowfile.unwrap();
        assert!(record.deaths.unwrap().parked.is_some());
        let mut bytes = Vec::new();
        if let Some(mut content) = quarantine.open_content(&flowfile).unwrap() {
            std::io::copy(&mut content, &mut bytes).unwrap();
        }
        assert_eq!(Bytes(bytes.into()), parked[flowfile.uuid()]);
        let is_back =
            number % 2 == 0 && quarantine.restore_parked(flowfile.uuid()).unwrap().is_ok();
        if !is_back {
            quarantine.discard_parked(flowfile.uuid()).unwrap();
        }
        assert!(quarantine.parked(flowfile.uuid()).is_err(), "it is not there any more");
    }
}

/// The bytes of what is about to be parked.
pub(crate) fn bytes(repository: &Repository, receipt: Receipt) -> (String, Bytes) {
    let listed = repository.list(receipt.queue, receipt.sequence - 1, 1).unwrap();
    let flowfile = &listed[0].flowfile;
    (flowfile.uuid().to_owned(), read(repository, flowfile.content()))
}
