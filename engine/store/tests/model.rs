//! Whatever is done to a repository, and whenever it crashes: it holds what a plain model says.
//!
//! After a crash that is the model as of the last flush that was confirmed, or as of one that was
//! begun after it, whole; never anything between. `TUTTI_FUZZ_CASES` asks for as many cases, drawn
//! anew each time.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on ends")]

mod common;
mod expected;

use std::collections::BTreeMap;
use std::io::Write;

use proptest::prelude::*;
use proptest::sample::Index;
use tutti_model::flowfile::{Content, ContentSlice, FlowFile, Timestamp};
use tutti_model::provenance::EventType;
use tutti_store::{
    ClaimGuard, Commit, Durability, GiveBack, Pick, Receipt, Renames, Repository, StateChange,
    StoreError, Ticket,
};

use common::{Memory, event, flowfile};
use expected::archive::{Past, limit};
use expected::place::{Place, WINDOW};
use expected::step::{Fault, PARTS, Put, QUEUES, Step, cases, steps};
use expected::watch::{self, Work};
use expected::{Bytes, COMPONENTS, Item, State, check_report, read, remove, write_in_vain};

/// A repository beside its model.
struct World {
    place: Place,
    /// `None` only while another takes its place.
    repository: Option<Repository>,
    now: State,
    /// As of the last flush that was confirmed.
    durable: State,
    /// As of a flush that was begun and not confirmed, and the word for that.
    begun: Option<(State, Ticket)>,
    clock: Timestamp,
    receipts: BTreeMap<u64, Receipt>,
    guards: Vec<(ClaimGuard, Bytes)>,
    /// Whose every number of a place was, ever.
    places: BTreeMap<u64, u64>,
    work: Work,
    /// The bytes of all that was ever parked.
    parked: BTreeMap<String, Bytes>,
    past: Past,
    archive_bytes_max: u64,
    id_max: u64,
    seed: u8,
}

impl World {
    fn new(place: Place, archive_bytes_max: u64) -> Self {
        Self {
            repository: Some(place.open(archive_bytes_max).unwrap()),
            place,
            past: Past::default(),
            archive_bytes_max,
            now: State::default(),
            durable: State::default(),
            begun: None,
            clock: Timestamp(0),
            receipts: BTreeMap::new(),
            guards: Vec::new(),
            places: BTreeMap::new(),
            work: Work::default(),
            parked: BTreeMap::new(),
            id_max: 0,
            seed: 0,
        }
    }

    fn repository(&self) -> &Repository {
        self.repository.as_ref().unwrap()
    }

    /// The fault, where there can be any.
    fn arm(&mut self, fault: Fault) -> Fault {
        self.place.arm(fault);
        self.past.has_trouble |= !matches!(fault, Fault::None);
        if matches!(self.place, Place::Memory(_)) { fault } else { Fault::None }
    }

    fn step(&mut self, step: &Step) {
        match step {
            Step::Commit { settle, put, state, keeps_guards } => {
                self.commit(*settle, put, state, *keeps_guards);
            }
            Step::Poll { queue, max, only_even, fault } => {
                self.poll(QUEUES[*queue], *max, *only_even, *fault);
            }
            Step::GiveBack { which, penalty, attempts } => {
                self.give_back(*which, *penalty, u32::from(*attempts));
            }
            Step::Wait(milliseconds) => {
                self.clock = self.clock.plus_ms(u64::from(*milliseconds));
            }
            Step::Work { is_alone } => {
                self.work.begin(self.repository.as_ref().unwrap(), &self.receipts, *is_alone);
            }
            Step::EndWork(which) => self.work.end_one(*which),
            Step::Park(which) => self.park(*which),
            Step::Rename { queues, components } => self.rename(queues, components),
            Step::Remove(queue) => {
                remove(self.repository.as_ref().unwrap(), &mut self.now, QUEUES[*queue]);
            }
            Step::Revive(which, queue) => self.revive(*which, QUEUES[*queue]),
            Step::Write(length, fault) => {
                let bytes = self.bytes(*length);
                self.arm(*fault);
                write_in_vain(self.repository(), &bytes);
                self.arm(Fault::None);
            }
            Step::DropGuards => self.guards.clear(),
            Step::Flush(fault) => self.flush(*fault),
            Step::Close => self.close(),
            Step::Crash { loses, opening } => self.crash(*loses, *opening),
        }
        self.check();
    }

    /// Whether the repository holds what the model says.
    fn check(&mut self) {
        let (found, places) = State::of(self.repository());
        assert_eq!(found, self.now);
        for (place, id) in places {
            assert_eq!(*self.places.entry(place).or_insert(id), id, "place {place} was another's");
        }
        for (guard, bytes) in &self.guards {
            let content = Content::Stored(ContentSlice::whole(guard.claim()));
            assert_eq!(read(self.repository(), &content), *bytes, "kept by a guard");
        }
    }

    fn bytes(&mut self, length: usize) -> Bytes {
        self.seed = self.seed.wrapping_add(1);
        Bytes((0..length).map(|at| (at % 251) as u8 ^ self.seed).collect())
    }

    fn write(&mut self, lengths: &[usize]) -> Vec<(ClaimGuard, Bytes)> {
        let contents: Vec<Bytes> = lengths.iter().map(|length| self.bytes(*length)).collect();
        let mut writers: Vec<_> =
            contents.iter().map(|_| self.repository().create_content()).collect();
        for (writer, bytes) in writers.iter_mut().zip(&contents) {
            writer.write_all(&bytes.0[..bytes.0.len() / 2]).unwrap();
        }
        for (writer, bytes) in writers.iter_mut().zip(&contents) {
            writer.write_all(&bytes.0[bytes.0.len() / 2..]).unwrap();
        }
        let guards = writers.into_iter().map(|writer| writer.finish().unwrap());
        guards.zip(contents).collect()
    }

    /// Contents for new flowfiles, with what keeps them until they are committed.
    fn contents(&mut self, put: &Put, guards: &mut Vec<ClaimGuard>) -> Vec<(Content, Bytes)> {
        let lengths = match put {
            Put::Empty => return vec![(Content::Empty, Bytes([].into()))],
            Put::New(length) => vec![*length],
            Put::Interleaved(first, second) => vec![*first, *second],
            Put::Part { of, from, is_derived } => {
                return self.now.part(*of, *from, *is_derived).into_iter().collect();
            }
        };
        let written = self.write(&lengths).into_iter().map(|(guard, bytes)| {
            let content = Content::Stored(ContentSlice::whole(guard.claim()));
            guards.push(guard);
            (content, bytes)
        });
        written.collect()
    }

    fn commit(
        &mut self,
        settle: u16,
        put: &[(usize, Put)],
        state: &[(usize, u8, Option<u8>)],
        keeps_guards: bool,
    ) {
        let mut commit = Commit::default();
        let mut guards = Vec::new();
        let ids: Vec<u64> = self.receipts.keys().copied().collect();
        // Parts of what leaves in this very commit are made before.
        let mut made = Vec::new();
        for (queue, put) in put {
            let contents = self.contents(put, &mut guards);
            made.extend(contents.into_iter().map(|content| (QUEUES[*queue], content)));
        }
        for (at, id) in ids.into_iter().enumerate() {
            if settle & (1 << (at % 16)) != 0 {
                commit.taken.extend(self.receipts.remove(&id));
                self.now.remove(id);
            }
        }
        for (queue, (content, bytes)) in made {
            self.put(&mut commit, queue, content, bytes);
        }
        for (component, name, value) in state {
            let name = format!("name {name}");
            let value = value.map(|value| value.to_string());
            let known = self.now.components.entry(COMPONENTS[*component].into()).or_default();
            match &value {
                Some(value) => drop(known.1.insert(name.clone(), value.clone())),
                None => drop(known.1.remove(&name)),
            }
            commit.state.push(StateChange {
                component: COMPONENTS[*component].into(),
                key: name.into(),
                value: value.map(Into::into),
            });
        }
        for component in COMPONENTS {
            if commit.state.iter().any(|change| &*change.component == component) {
                self.now.components.entry(component.into()).or_default().0 += 1;
            }
        }
        let ticket = self.repository().commit(commit).unwrap();
        assert_eq!(ticket.outcome(), None, "it waits for a flush");
        if keeps_guards {
            self.keep(guards);
        }
    }

    fn put(&mut self, commit: &mut Commit, queue: &str, content: Content, bytes: Bytes) {
        let id = self.repository().open_queue(queue).unwrap();
        let file = flowfile(self.repository(), "x", content.clone());
        assert!(file.id().0 > self.id_max, "an id was handed out twice");
        self.id_max = file.id().0;
        let event = event(&file, EventType::Create);
        self.now.events.insert(0, event.uuid.clone().into());
        self.past.add(&content, &bytes);
        let item = Item::new(file.id().0, content, bytes);
        self.now.queues.entry(queue.into()).or_default().push(item);
        commit.events.push(event);
        commit.put.push((id, file));
    }

    fn revive(&mut self, which: Index, queue: &str) {
        let repository = self.repository();
        let revived = self.past.revive(repository, &self.now, which, self.archive_bytes_max);
        let Some((content, bytes, _guard)) = revived else { return };
        let mut commit = Commit::default();
        self.put(&mut commit, queue, content, bytes);
        self.repository().commit(commit).unwrap();
    }

    fn keep(&mut self, guards: Vec<ClaimGuard>) {
        for guard in guards {
            let content = Content::Stored(ContentSlice::whole(guard.claim()));
            let item = self.now.items().find(|item| item.content == content).unwrap();
            self.guards.push((guard, item.bytes.clone()));
        }
    }

    fn poll(&mut self, queue: &str, max: usize, only_even: bool, fault: Fault) {
        let Some(items) = self.now.queues.get(queue) else { return };
        let pick = |id: u64| !only_even || id.is_multiple_of(2);
        let clock = self.clock;
        let waiting = items.iter().filter(|item| !item.is_due(clock)).count();
        let ready = items.iter().filter(|item| !item.is_in_flight && item.is_due(clock));
        let expected: Vec<u64> =
            ready.map(|item| item.id).filter(|id| pick(*id)).take(max).collect();
        let queue = self.repository().open_queue(queue).unwrap();
        let fault = self.arm(fault);
        let polled = self.repository().poll(queue, max, clock, &mut |file: &FlowFile| {
            if pick(file.id().0) { Pick::Take } else { Pick::Skip }
        });
        self.arm(Fault::None);
        let is_cut = matches!(fault, Fault::Nth(_));
        let taken = match polled {
            Err(error) => {
                assert!(is_cut && matches!(error, StoreError::Io { .. }), "{error}");
                return;
            }
            Ok(polled) => polled,
        };
        let found: Vec<u64> = taken.iter().map(|taken| taken.flowfile.id().0).collect();
        assert!(expected.starts_with(&found), "taken {found:?} of {expected:?}");
        // A window that is full of what cannot be taken hides what is behind it.
        if !only_even && !is_cut && waiting < WINDOW {
            assert_eq!(found, expected);
        }
        for taken in taken {
            let item = self.now.item(taken.flowfile.id().0).unwrap();
            item.is_in_flight = true;
            assert_eq!(
                (&item.content, item.attempts),
                (taken.flowfile.content(), taken.flowfile.attempts())
            );
            self.receipts.insert(item.id, taken.receipt);
        }
    }

    fn give_back(&mut self, which: Index, penalty: Option<u16>, attempts: u32) {
        let ids: Vec<u64> = self.receipts.keys().copied().collect();
        let Some(id) = ids.get(which.index(ids.len().max(1))) else { return };
        let until = penalty.map(|penalty| self.clock.plus_ms(u64::from(penalty)));
        let receipt = self.receipts.remove(id).unwrap();
        let how = GiveBack { penalized_until: until, attempts, ..GiveBack::default() };
        self.repository().give_back(receipt, how).unwrap();
        let item = self.now.item(*id).unwrap();
        (item.attempts, item.penalized_until, item.is_in_flight) = (attempts, until, false);
        let again = self.repository().give_back(receipt, how);
        assert!(matches!(again, Err(StoreError::NotFound { .. })));
    }

    fn park(&mut self, which: Index) {
        let ids: Vec<u64> = self.receipts.keys().copied().collect();
        let Some(id) = ids.get(which.index(ids.len().max(1))) else { return };
        let receipt = self.receipts.remove(id).unwrap();
        let repository = self.repository.as_ref().unwrap();
        self.parked.extend([watch::bytes(repository, receipt)]);
        watch::park(repository, &mut self.now, *id, receipt);
    }

    fn rename(&mut self, queues: &BTreeMap<usize, usize>, components: &BTreeMap<usize, usize>) {
        let known = self.repository().queues();
        let is_known = |(from, _): &(&str, &str)| known.contains_key(*from);
        let queues: Vec<(&str, &str)> =
            queues.iter().map(|(from, to)| (QUEUES[*from], QUEUES[*to])).filter(is_known).collect();
        let components: Vec<(&str, &str)> =
            components.iter().map(|(from, to)| (COMPONENTS[*from], COMPONENTS[*to])).collect();
        let renames = Renames {
            queues: queues.iter().map(|(from, to)| (known[*from], (*to).into())).collect(),
            components: components
                .iter()
                .map(|(from, to)| ((*from).into(), (*to).into()))
                .collect(),
        };
        let renames = Some(Box::new(renames));
        let outcome = self.repository().commit(Commit { renames, ..Commit::default() });
        match (self.now.renamed(&queues, &components), outcome) {
            (Some(now), Ok(ticket)) => {
                assert_eq!(ticket.outcome(), None, "it waits for a flush");
                self.now = now;
            }
            (None, Err(StoreError::Exists { .. })) => {}
            (expected, outcome) => panic!("{outcome:?}, and was to be {expected:#?}"),
        }
    }

    fn flush(&mut self, fault: Fault) {
        let ticket = self.repository().commit(Commit::default()).unwrap();
        let fault = self.arm(fault);
        let flushed = self.repository().flush();
        self.arm(Fault::None);
        let begun = self.begun.take();
        let Err(error) = flushed else {
            assert!(!matches!(fault, Fault::DiskFull), "it wrote to a disk without room");
            assert_eq!(ticket.outcome(), Some(Durability::Durable));
            assert!(self.repository().health().is_working());
            assert!(self.repository().archive_usage().0 <= self.archive_bytes_max);
            self.durable = self.now.clone();
            return;
        };
        match fault {
            Fault::None => panic!("{error}"),
            Fault::Nth(_) => assert!(matches!(*error, StoreError::Io { .. }), "{error}"),
            Fault::DiskFull => assert!(matches!(*error, StoreError::DiskFull { .. }), "{error}"),
        }
        assert!(!self.repository().health().is_working());
        assert_eq!(ticket.outcome(), None);
        self.begun = match begun {
            Some((state, before)) if before.outcome() == Some(Durability::Durable) => {
                self.durable = state;
                Some((self.now.clone(), ticket))
            }
            Some(begun) => Some(begun),
            None => Some((self.now.clone(), ticket)),
        };
    }

    fn close(&mut self) {
        self.guards.clear();
        let was_watching = self.repository().is_watching();
        self.repository.take().unwrap().close().unwrap();
        // Nobody died: whatever is at work then does not count.
        self.work.end();
        (self.durable, self.begun) = (self.now.clone(), None);
        self.open(Fault::None, [true; PARTS]);
        assert!(was_watching || !self.repository().is_watching());
    }

    fn crash(&mut self, loses: [bool; PARTS], opening: Fault) {
        self.place.lose(loses);
        self.past.has_trouble = true;
        self.guards.clear();
        let tickets = self.begun.as_ref().map(|(_, ticket)| ticket.clone());
        let sessions = self.work.crash(self.place.loses_work(loses));
        drop((self.repository.take(), sessions));
        self.place.bury();
        assert!(tickets.is_none_or(|ticket| ticket.outcome() == Some(Durability::Lost)));
        self.open(opening, loses);
        self.work.end();
        assert!(self.repository().is_watching(), "somebody died");
    }

    /// Opens what is left, and takes for the model what it may be.
    fn open(&mut self, fault: Fault, loses: [bool; PARTS]) {
        let fault = self.arm(fault);
        let opened = self.place.open(self.archive_bytes_max);
        self.arm(Fault::None);
        let repository = opened.unwrap_or_else(|error| {
            assert!(
                !matches!(fault, Fault::None)
                    && matches!(error, StoreError::Io { .. } | StoreError::DiskFull { .. }),
                "only the fault itself may hinder it: {error}"
            );
            self.place.lose(loses);
            self.place.open(self.archive_bytes_max).unwrap()
        });
        check_report(repository.recovery());
        let (found, _) = State::of(&repository);
        let restarted = |state: &State| {
            let mut state = state.restarted();
            self.work.count(&mut state);
            state
        };
        let durable = restarted(&self.durable);
        let begun = self.begun.take().map(|(state, _)| restarted(&state));
        assert!(
            found == durable || Some(&found) == begun.as_ref(),
            "found {found:#?}\nneither {durable:#?}\nnor {begun:#?}"
        );
        self.repository = Some(repository);
        (self.now, self.durable) = (found.clone(), found);
        self.receipts.clear();
    }

    /// Everything leaves; then no byte of content may be left where nothing is archived.
    fn end(mut self) {
        self.clock = Timestamp(i64::MAX);
        for queue in QUEUES {
            loop {
                self.poll(queue, usize::MAX, false, Fault::None);
                if self.receipts.is_empty() {
                    break;
                }
                self.commit(u16::MAX, &[], &[], false);
            }
        }
        self.check();
        assert_eq!(self.now.items().count(), 0);
        self.work.end();
        self.guards.clear();
        self.repository.take().unwrap().close().unwrap();
        watch::clear(&self.place.quarantine(), &self.parked, self.now.parked);
        let repository = self.place.open(0).unwrap();
        for queue in repository.queues().into_values() {
            common::clear(&repository, queue);
        }
        assert_eq!(repository.parked(), 0);
        repository.close().unwrap();
        assert_eq!(self.place.contents(), 0, "nothing refers to any of these files");
    }
}

fn holds(place: Place, archive_bytes_max: u64, steps: &[Step]) {
    let mut world = World::new(place, archive_bytes_max);
    for step in steps {
        world.step(step);
    }
    world.end();
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn a_repository_in_memory_holds_what_its_model_says(
        steps in steps(),
        archive in limit(),
    ) {
        holds(Place::Memory(Memory::new()), archive, &steps);
    }
}

proptest! {
    #![proptest_config(cases(8))]

    #[test]
    fn a_repository_on_disk_holds_what_its_model_says(
        steps in steps(),
        archive in limit(),
    ) {
        let folder = tempfile::tempdir().unwrap();
        holds(Place::Disk { folder, crashes: 0 }, archive, &steps);
    }
}
