//! What was taken from a queue for each event of a commit, so that it can be replayed.
//!
//! Of what was made in the session it is that of its parents, if all of them have the same.

use std::collections::HashMap;
use std::collections::btree_map::{BTreeMap, Range};

use tutti_model::flowfile::{FlowFile, FlowFileId};
use tutti_model::provenance::{Input, ProvenanceEvent};
use tutti_store::Receipt;

type Taken = BTreeMap<FlowFileId, (Receipt, FlowFile)>;

/// Gives the events of a commit, in their order, the inputs that they have among what was taken.
pub(super) fn add(events: &mut [ProvenanceEvent], taken: &Taken) {
    if taken.is_empty() {
        return;
    }
    let (ahead, made) = (taken.range(..), HashMap::new());
    let mut inputs = Inputs { taken, last: None, ahead, by_uuid: None, made };
    for event in events {
        event.input = inputs.of(event);
    }
}

struct Inputs<'t> {
    taken: &'t Taken,
    /// The one that was asked for last, and those behind it: mostly one of these two is the next,
    /// and nothing has to be searched for.
    last: Option<(FlowFileId, &'t (Receipt, FlowFile))>,
    ahead: Range<'t, FlowFileId, (Receipt, FlowFile)>,
    /// The `uuid`s of what was taken, once somebody asks.
    by_uuid: Option<HashMap<&'t str, FlowFileId>>,
    /// Of what was made in the session, by `uuid`.
    made: HashMap<Box<str>, Option<Input>>,
}

impl<'t> Inputs<'t> {
    fn of(&mut self, event: &ProvenanceEvent) -> Option<Input> {
        if let Some(input) = self.of_taken(event.flowfile) {
            return Some(input);
        }
        if event.parents.is_empty() {
            return self.made.get(&event.uuid).cloned().flatten();
        }
        let mut parents = event.parents.iter();
        let first = parents.next().and_then(|uuid| self.of_parent(uuid));
        let input = first.filter(|first| {
            parents.all(|uuid| self.of_parent(uuid).is_some_and(|other| other.is_same(first)))
        });
        self.made.insert(event.uuid.clone(), input.clone());
        input
    }

    fn of_parent(&mut self, uuid: &str) -> Option<Input> {
        let taken = self.taken;
        let by_uuid = self.by_uuid.get_or_insert_with(|| {
            taken.iter().map(|(id, (_, flowfile))| (flowfile.uuid(), *id)).collect()
        });
        match by_uuid.get(uuid).copied() {
            Some(id) => self.of_taken(id),
            None => self.made.get(uuid).cloned().flatten(),
        }
    }

    fn of_taken(&mut self, id: FlowFileId) -> Option<Input> {
        if self.last.is_none_or(|(last, _)| last != id) {
            self.last = self.next();
            if self.last.is_none_or(|(next, _)| next != id) {
                self.ahead = self.taken.range(id..);
                self.last = self.next();
            }
        }
        let (_, (receipt, flowfile)) = self.last.filter(|(found, _)| *found == id)?;
        Some(Input::new(receipt.queue.0, flowfile))
    }

    fn next(&mut self) -> Option<(FlowFileId, &'t (Receipt, FlowFile))> {
        self.ahead.next().map(|(id, taken)| (*id, taken))
    }
}

#[cfg(test)]
mod tests {
    use tutti_model::flowfile::{Attributes, Timestamp};
    use tutti_model::provenance::EventType;
    use tutti_store::QueueId;

    use super::*;

    fn flowfile(number: u64) -> FlowFile {
        FlowFile::new(FlowFileId(number), Timestamp(0))
            .with_attributes(Attributes::from_iter([("uuid", format!("u{number}"))]))
    }

    fn event(event_type: EventType, number: u64, parents: &[u64]) -> ProvenanceEvent {
        let parents = parents.iter().map(|parent| format!("u{parent}").into()).collect();
        let event = ProvenanceEvent::new(event_type, Timestamp(1), ("f", "p"), &flowfile(number));
        ProvenanceEvent { parents, ..event }
    }

    #[test]
    fn each_event_has_what_was_taken_for_it_and_none_what_several_became() {
        let receipt = |sequence| Receipt { queue: QueueId(7), sequence };
        let taken: Taken = (1..=3)
            .map(|number| (FlowFileId(number), (receipt(number), flowfile(number))))
            .collect();
        let mut events = [
            event(EventType::Route, 2, &[]),
            event(EventType::Fork, 10, &[1]),
            event(EventType::Clone, 11, &[10]),
            event(EventType::Drop, 11, &[]),
            event(EventType::Join, 12, &[10, 11]),
            event(EventType::Join, 13, &[1, 2]),
            event(EventType::Drop, 13, &[]),
            event(EventType::Create, 14, &[]),
            event(EventType::Drop, 1, &[]),
        ];
        add(&mut events, &taken);
        let found =
            events.each_ref().map(|event| event.input.as_ref().map(|it| it.flowfile.id().0));
        let one = Some(1);
        assert_eq!(found, [Some(2), one, one, one, one, None, None, None, one]);
        assert_eq!(events[0].input.as_ref().unwrap().queue, 7);
        add(&mut events, &Taken::new());
        assert!(events[0].input.is_some(), "a source has none to give");
    }
}
