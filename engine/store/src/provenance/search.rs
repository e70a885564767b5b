//! What can be asked of the log. A scan answers, from the newest block on.

use memchr::memmem;
use tutti_model::flowfile::Timestamp;
use tutti_model::provenance::{EventType, ProvenanceEvent};

use super::block;
use crate::error::StoreError;

/// Which events are wanted; what is `None` is not asked.
#[derive(Debug, Clone)]
pub struct Search {
    /// Of the flowfile with this `uuid`, as its parents and children name it too.
    pub uuid: Option<String>,
    /// Of this flow.
    pub flow: Option<String>,
    /// Of this component, in whatever flow.
    pub component: Option<String>,
    /// Of this type.
    pub event_type: Option<EventType>,
    /// Of flowfiles that had all these attributes after the event, each with the value if one is
    /// given.
    pub attributes: Vec<(String, Option<String>)>,
    /// Not before.
    pub from: Option<Timestamp>,
    /// Not after.
    pub until: Option<Timestamp>,
    /// At most so many, the newest.
    pub limit: usize,
}

impl Search {
    /// The newest `limit` events of everything.
    pub fn newest(limit: usize) -> Self {
        Self {
            uuid: None,
            flow: None,
            component: None,
            event_type: None,
            attributes: Vec::new(),
            from: None,
            until: None,
            limit,
        }
    }

    fn matches(&self, event: &ProvenanceEvent) -> bool {
        let names = |uuid: &String| {
            let is = |name: &&str| *name == uuid;
            let others = event.parents.iter().chain(&event.children).map(|name| &**name);
            std::iter::once(&*event.uuid).chain(others).any(|name| is(&name))
        };
        let has = |(name, value): &(String, Option<String>)| {
            let found = event.attributes.get(name);
            found.is_some_and(|found| value.as_ref().is_none_or(|value| value == found))
        };
        self.attributes.iter().all(has)
            && self.uuid.as_ref().is_none_or(names)
            && self.flow.as_ref().is_none_or(|flow| **flow == *event.flow)
            && self.component.as_ref().is_none_or(|component| **component == *event.component)
            && self.event_type.is_none_or(|event_type| event_type == event.event_type)
            && self.from.is_none_or(|from| from <= event.time)
            && self.until.is_none_or(|until| event.time <= until)
    }
}

/// What was found.
#[derive(Debug, Default)]
pub struct SearchResult {
    /// Events, newest first.
    pub events: Vec<ProvenanceEvent>,
    /// Parts of the log that could not be read; what they held is missing above.
    pub damaged: Vec<StoreError>,
}

impl SearchResult {
    pub(crate) fn is_full(&self, search: &Search) -> bool {
        self.events.len() >= search.limit
    }

    /// Adds matching events of `events`, the newest of which is the last, until the limit.
    pub(crate) fn add(&mut self, search: &Search, events: &[ProvenanceEvent]) {
        let room = search.limit.saturating_sub(self.events.len());
        let found = events.iter().rev().filter(|event| search.matches(event));
        self.events.extend(found.take(room).cloned());
    }
}

/// Tells blocks apart that cannot hold what is searched for, before they are decoded.
pub(super) struct Sieve(Option<memmem::Finder<'static>>);

impl Sieve {
    pub(super) fn new(search: &Search) -> Self {
        let needle = |uuid: &String| memmem::Finder::new(&block::identity_bytes(uuid)).into_owned();
        Self(search.uuid.as_ref().map(needle))
    }

    pub(super) fn passes(&self, block: &[u8]) -> bool {
        self.0.as_ref().is_none_or(|needle| needle.find(block).is_some())
    }
}
