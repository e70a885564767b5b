//! What a session did, told once: the events of a commit without what goes without saying.

use std::collections::{BTreeMap, BTreeSet};

use tutti_model::flowfile::{FlowFile, FlowFileId};
use tutti_model::provenance::EventType;

use crate::host::Changes;

/// What a flowfile is made by, or gets its content by.
const MAKING: [EventType; 6] = [
    EventType::Create,
    EventType::Receive,
    EventType::Fetch,
    EventType::Fork,
    EventType::Clone,
    EventType::Join,
];

/// Drops the creation of a flowfile that was received, and changes to one that the same commit
/// made or whose content it fetched; lets an event of making show the flowfile as it left.
pub(crate) fn tidy(changes: &mut Changes) {
    let of = |wanted: &[EventType]| -> BTreeSet<FlowFileId> {
        let events = changes.events.iter();
        events
            .filter(|event| wanted.contains(&event.event_type))
            .map(|event| event.flowfile)
            .collect()
    };
    let made = of(&MAKING);
    // Most commits make nothing.
    if made.is_empty() {
        return;
    }
    let received = of(&[EventType::Receive]);
    changes.events.retain(|event| match event.event_type {
        EventType::Create => !received.contains(&event.flowfile),
        EventType::ContentModified | EventType::AttributesModified => {
            !made.contains(&event.flowfile)
        }
        _ => true,
    });
    let left: BTreeMap<FlowFileId, &FlowFile> =
        changes.transfers.iter().map(|each| (each.flowfile.id(), &each.flowfile)).collect();
    for event in &mut changes.events {
        let shows_making = MAKING.contains(&event.event_type);
        if let (true, Some(flowfile)) = (shows_making, left.get(&event.flowfile)) {
            event.attributes = flowfile.attributes().clone();
            event.content = flowfile.content().clone();
        }
    }
}
