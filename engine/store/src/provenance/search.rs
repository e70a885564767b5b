//! What can be asked of the log. A scan answers, from the newest block on.

use std::collections::BTreeSet;
use std::ops::Deref;

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
    /// With one of these numbers; with any if there is none here.
    pub numbers: BTreeSet<u64>,
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
            numbers: BTreeSet::new(),
            from: None,
            until: None,
            limit,
        }
    }

    fn matches(&self, number: u64, event: &ProvenanceEvent) -> bool {
        let names = |uuid: &String| {
            let is = |name: &&str| *name == uuid;
            let others = event.parents.iter().chain(&event.children).map(|name| &**name);
            std::iter::once(&*event.uuid).chain(others).any(|name| is(&name))
        };
        let has = |(name, value): &(String, Option<String>)| {
            let found = event.attributes.get(name);
            found.is_some_and(|found| value.as_ref().is_none_or(|value| value == found))
        };
        (self.numbers.is_empty() || self.numbers.contains(&number))
            && self.attributes.iter().all(has)
            && self.uuid.as_ref().is_none_or(names)
            && self.flow.as_ref().is_none_or(|flow| **flow == *event.flow)
            && self.component.as_ref().is_none_or(|component| **component == *event.component)
            && self.event_type.is_none_or(|event_type| event_type == event.event_type)
            && self.from.is_none_or(|from| from <= event.time)
            && self.until.is_none_or(|until| event.time <= until)
    }
}

/// An event of the log.
#[derive(Debug, Clone, PartialEq)]
pub struct LoggedEvent {
    /// Its number: the first ever has 1, each one more than the one before. An event that is not
    /// durable yet may lose its number to another in a crash.
    pub number: u64,
    /// What happened.
    pub event: ProvenanceEvent,
}

impl Deref for LoggedEvent {
    type Target = ProvenanceEvent;

    fn deref(&self) -> &ProvenanceEvent {
        &self.event
    }
}

/// What was found.
#[derive(Debug, Default)]
pub struct SearchResult {
    /// Events, newest first.
    pub events: Vec<LoggedEvent>,
    /// Parts of the log that could not be read; what they held is missing above.
    pub damaged: Vec<StoreError>,
}

impl SearchResult {
    pub(crate) fn is_full(&self, search: &Search) -> bool {
        self.events.len() >= search.limit
    }

    /// Adds matching events of `events`, the newest of which is the last and which are numbered
    /// from `first` on, until the limit.
    pub(crate) fn add(&mut self, search: &Search, first: u64, events: &[ProvenanceEvent]) {
        let room = search.limit.saturating_sub(self.events.len());
        let numbered = events.iter().enumerate().rev();
        let numbered = numbered.map(|(at, event)| (first.saturating_add(at as u64), event));
        let found = numbered.filter(|(number, event)| search.matches(*number, event));
        let logged =
            |(number, event): (u64, &ProvenanceEvent)| LoggedEvent { number, event: event.clone() };
        self.events.extend(found.take(room).map(logged));
    }
}

/// Tells blocks apart that cannot hold what is searched for, before they are decoded.
pub(super) struct Sieve {
    uuid: Option<memmem::Finder<'static>>,
    numbers: BTreeSet<u64>,
    /// The number of the first event of what was looked at last: what comes is before it.
    end: u64,
}

impl Sieve {
    pub(super) fn new(search: &Search) -> Self {
        let needle = |uuid: &String| memmem::Finder::new(&block::identity_bytes(uuid)).into_owned();
        let (uuid, numbers) = (search.uuid.as_ref().map(needle), search.numbers.clone());
        Self { uuid, numbers, end: u64::MAX }
    }

    /// Whether the block whose first event has the number `first` may hold some of it. It comes
    /// before those that were asked about earlier.
    pub(super) fn passes(&mut self, first: u64, block: &[u8]) -> bool {
        let end = std::mem::replace(&mut self.end, first);
        let has_number = self.numbers.is_empty()
            || first < end && self.numbers.range(first..end).next().is_some();
        has_number && self.uuid.as_ref().is_none_or(|needle| needle.find(block).is_some())
    }

    /// Whether all that comes is before what is wanted.
    pub(super) fn is_done(&self) -> bool {
        self.numbers.first().is_some_and(|eldest| self.end <= *eldest)
    }
}
