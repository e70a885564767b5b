//! What a repository is to hold, as plain values, and what it does hold, read back as the same.

pub(crate) mod archive;
pub(crate) mod place;
pub(crate) mod step;
pub(crate) mod watch;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io::{Read, Write};
use std::rc::Rc;

use proptest::sample::Index;
use tutti_model::flowfile::{Content, ContentSlice, DerivedContent, Timestamp};
use tutti_store::{RecoveryReport, Repository, Search, StoreError};

/// The components that have state.
pub(crate) const COMPONENTS: [&str; 3] = ["get", "flow/get", "flow"];

/// Content, told by its length in messages.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Bytes(pub(crate) Rc<[u8]>);

impl fmt::Debug for Bytes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let checksum = crc32c::crc32c(&self.0);
        write!(formatter, "{} bytes, checksum {checksum:08x}", self.0.len())
    }
}

/// A flowfile in a queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Item {
    pub(crate) id: u64,
    pub(crate) content: Content,
    pub(crate) bytes: Bytes,
    pub(crate) attempts: u32,
    pub(crate) penalized_until: Option<Timestamp>,
    pub(crate) is_in_flight: bool,
    /// How often the process died over it.
    pub(crate) deaths: u32,
    pub(crate) is_convict: bool,
}

impl Item {
    /// As it comes into a queue.
    pub(crate) fn new(id: u64, content: Content, bytes: Bytes) -> Self {
        Self {
            id,
            content,
            bytes,
            attempts: 0,
            penalized_until: None,
            is_in_flight: false,
            deaths: 0,
            is_convict: false,
        }
    }

    pub(crate) fn is_due(&self, now: Timestamp) -> bool {
        self.penalized_until.is_none_or(|until| until <= now)
    }
}

/// Everything that a repository holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct State {
    /// By the queue's name, eldest first.
    pub(crate) queues: BTreeMap<String, Vec<Item>>,
    /// Version and values of each component.
    pub(crate) components: BTreeMap<String, (u64, BTreeMap<String, String>)>,
    /// The `uuid` of every event, newest first.
    pub(crate) events: Vec<String>,
    /// How many flowfiles are parked.
    pub(crate) parked: u64,
}

impl State {
    pub(crate) fn items(&self) -> impl Iterator<Item = &Item> {
        self.queues.values().flatten()
    }

    pub(crate) fn item(&mut self, id: u64) -> Option<&mut Item> {
        self.queues.values_mut().flatten().find(|item| item.id == id)
    }

    /// A part of the content of one of them, or something made from it.
    pub(crate) fn part(
        &self,
        of: Index,
        from: Index,
        is_derived: bool,
    ) -> Option<(Content, Bytes)> {
        let stored = |item: &Item| match &item.content {
            Content::Stored(slice) => Some((*slice, item.bytes.clone())),
            _ => None,
        };
        let all: Vec<_> = self.items().filter_map(stored).collect();
        let (slice, bytes) = all.get(of.index(all.len().max(1)))?;
        let skipped = from.index(bytes.0.len() + 1);
        let (offset, length) = (slice.offset + skipped as u64, slice.length - skipped as u64);
        let slice = ContentSlice { offset, length, ..*slice };
        let content = if is_derived {
            let (kind, recipe) = ("test/part".into(), "{}".into());
            Content::Derived(DerivedContent { source: slice, kind, recipe }.into())
        } else {
            Content::Stored(slice)
        };
        Some((content, Bytes(bytes.0[skipped..].into())))
    }

    pub(crate) fn remove(&mut self, id: u64) {
        self.queues.values_mut().for_each(|items| items.retain(|item| item.id != id));
    }

    /// With these other names, each from the first to the second; `None` when that would give one
    /// name to two.
    pub(crate) fn renamed(
        &self,
        queues: &[(&str, &str)],
        components: &[(&str, &str)],
    ) -> Option<Self> {
        let mut state = self.clone();
        let moved: Vec<_> =
            queues.iter().map(|(from, to)| (*to, state.queues.remove(*from))).collect();
        for (to, items) in moved {
            if state.queues.insert(to.into(), items?).is_some() {
                return None;
            }
        }
        let moved: Vec<_> =
            components.iter().map(|(from, to)| (*to, state.components.remove(*from))).collect();
        let targets: BTreeSet<&str> = moved.iter().map(|(to, _)| *to).collect();
        let is_taken = |to: &&str| state.components.get(*to).is_some_and(|it| !it.1.is_empty());
        if targets.len() < moved.len() || targets.iter().any(is_taken) {
            return None;
        }
        for (to, component) in moved {
            let Some((version, values)) = component else { continue };
            let before = state.components.get(to).map_or(0, |(version, _)| *version);
            state.components.insert(to.into(), (version.max(before) + 1, values));
        }
        Some(state)
    }

    /// As another process finds it: nothing is in work, and penalties are over.
    pub(crate) fn restarted(&self) -> Self {
        let mut state = self.clone();
        for item in state.queues.values_mut().flatten() {
            item.is_in_flight = false;
            item.penalized_until = None;
        }
        state
    }

    /// What `repository` holds, every byte of content read; and the number of each flowfile's
    /// place with its id.
    pub(crate) fn of(repository: &Repository) -> (Self, Vec<(u64, u64)>) {
        let mut state = Self { parked: repository.parked(), ..Self::default() };
        let mut places = Vec::new();
        for (name, id) in repository.queues() {
            let listed = repository.list(id, 0, usize::MAX).unwrap();
            let counts = repository.counts(id).unwrap();
            let bytes: u64 = listed.iter().map(|listed| listed.flowfile.size_bytes()).sum();
            let in_flight = listed.iter().filter(|listed| listed.is_in_flight).count() as u64;
            assert_eq!(
                (counts.flowfiles, counts.bytes, counts.in_flight),
                (listed.len() as u64, bytes, in_flight),
                "counts of \"{name}\" and what is listed"
            );
            places.extend(listed.iter().map(|listed| (listed.sequence, listed.flowfile.id().0)));
            let items = listed.into_iter().map(|listed| Item {
                id: listed.flowfile.id().0,
                bytes: read(repository, listed.flowfile.content()),
                content: listed.flowfile.content().clone(),
                attempts: listed.flowfile.attempts(),
                penalized_until: listed.flowfile.penalized_until(),
                is_in_flight: listed.is_in_flight,
                deaths: 0,
                is_convict: false,
            });
            state.queues.insert(name, items.collect());
            for suspect in repository.suspects(id) {
                let item = state.item(suspect.flowfile.0).unwrap();
                (item.deaths, item.is_convict) = (suspect.deaths, suspect.is_convict);
            }
        }
        for component in COMPONENTS {
            let found = repository.state(component);
            let values = found.values.iter().map(|(name, value)| (name.into(), value.into()));
            if found.version > 0 {
                state.components.insert(component.into(), (found.version, values.collect()));
            }
        }
        let found = repository.search(&Search::newest(usize::MAX)).unwrap();
        assert!(found.damaged.is_empty(), "{:?}", found.damaged);
        state.events = found.events.into_iter().map(|logged| logged.event.uuid.into()).collect();
        (state, places)
    }
}

/// All bytes of `content`; of derived content those of its source.
pub(crate) fn read(repository: &Repository, content: &Content) -> Bytes {
    let slice: &ContentSlice = match content {
        Content::Empty => return Bytes([].into()),
        Content::Stored(slice) => slice,
        Content::Derived(derived) => &derived.source,
    };
    let mut bytes = Vec::new();
    repository.open_content(slice).unwrap().read_to_end(&mut bytes).unwrap();
    Bytes(bytes.into())
}

/// Removes a queue, if it is empty.
pub(crate) fn remove(repository: &Repository, state: &mut State, name: &str) {
    let Some(items) = state.queues.get(name) else { return };
    let holds = items.len() as u64;
    let queue = repository.open_queue(name).unwrap();
    match repository.remove_queue(queue) {
        Ok(()) => assert_eq!(holds, 0),
        Err(StoreError::NotEmpty { flowfiles, .. }) => {
            assert!(flowfiles == holds && holds > 0);
            return;
        }
        Err(error) => panic!("{error}"),
    }
    state.queues.remove(name);
}

/// Nothing is damaged after a crash.
pub(crate) fn check_report(report: &RecoveryReport) {
    assert!(report.quarantined.is_empty(), "{:?}", report.quarantined);
    assert_eq!(report.quarantined_before, 0);
    assert!(report.witness_damage.is_none(), "{:?}", report.witness_damage);
    assert!(report.provenance_damage.is_empty(), "{:?}", report.provenance_damage);
}

/// Content that nothing ever refers to, whole or cut short by a fault.
pub(crate) fn write_in_vain(repository: &Repository, bytes: &Bytes) {
    let mut writer = repository.create_content();
    if writer.write_all(&bytes.0).is_ok() && bytes.0.len().is_multiple_of(2) {
        drop(writer.finish());
    }
}
