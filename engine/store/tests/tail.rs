//! A queue that is longer than its window is read back in parts as large as the window has room
//! for, each with one look into the store, and nothing of it twice.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends")]

mod common;

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use common::{Memory, NOW, manual, put};
use tutti_model::flowfile::Timestamp;
use tutti_store::{
    Backend, Batch, Commit, Damage, GiveBack, KeyValue, Options, Pick, QueueId, Repository, Result,
    Visitor,
};

/// Counts what is looked at.
struct Counting {
    store: Arc<dyn KeyValue>,
    scans: AtomicUsize,
    records: AtomicUsize,
}

impl KeyValue for Counting {
    fn apply(&self, batch: &Batch) -> Result<()> {
        self.store.apply(batch)
    }

    fn flush(&self) -> Result<()> {
        self.store.flush()
    }

    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>> {
        self.store.get(key)
    }

    fn scan(&self, from: &[u8], visit: &mut Visitor<'_>) -> Result<()> {
        self.scans.fetch_add(1, Ordering::SeqCst);
        self.store.scan(from, &mut |key, value| -> ControlFlow<()> {
            self.records.fetch_add(1, Ordering::SeqCst);
            visit(key, value)
        })
    }
}

const FLOWFILES: usize = 1_000;

/// A queue of [`FLOWFILES`], opened again.
fn restored(options: &Options) -> (Repository, QueueId, Arc<Counting>) {
    let memory = Memory::new();
    let repository = memory.open(options.clone());
    let queue = repository.open_queue("q").unwrap();
    (0..FLOWFILES).for_each(|number| put(&repository, queue, &format!("{number:04}")));
    repository.close().unwrap();
    let counting = Arc::new(Counting {
        store: memory.backend().records,
        scans: AtomicUsize::new(0),
        records: AtomicUsize::new(0),
    });
    let backend = Backend { records: Arc::clone(&counting) as _, ..memory.backend() };
    let repository = Repository::open_with(&backend, options.clone()).unwrap();
    counting.scans.store(0, Ordering::SeqCst);
    counting.records.store(0, Ordering::SeqCst);
    (repository, queue, counting)
}

/// Takes all there is, one by one, and hands back how often that looked into the store.
fn drain(repository: &Repository, queue: QueueId, counting: &Counting) -> usize {
    for number in 0..FLOWFILES {
        let polled = repository.poll(queue, 1, NOW, &mut |_| Pick::Take).unwrap();
        let name = polled[0].flowfile.attribute("filename").unwrap();
        assert_eq!(name, format!("{number:04}"));
        let taken = vec![polled[0].receipt];
        repository.commit(Commit { taken, ..Commit::default() }).unwrap();
    }
    assert!(repository.poll(queue, 1, NOW, &mut |_| Pick::Take).unwrap().is_empty());
    let scans = counting.scans.load(Ordering::SeqCst);
    let records = counting.records.load(Ordering::SeqCst);
    // Each look sees one record too many, which tells it to stop.
    assert!(records <= FLOWFILES + scans, "{records} records in {scans} looks");
    scans
}

#[test]
fn a_window_is_filled_at_once() {
    let options = Options { window_flowfiles_max: 100, ..manual() };
    let (repository, queue, counting) = restored(&options);
    assert_eq!(drain(&repository, queue, &counting), FLOWFILES / 100 - 1);
}

#[test]
fn a_window_that_is_bounded_by_bytes_is_filled_at_once_too() {
    let options = Options { window_bytes_max: 20_000, ..manual() };
    let (repository, queue, counting) = restored(&options);
    let scans = drain(&repository, queue, &counting);
    assert!((5..50).contains(&scans), "{scans}");
}

#[test]
fn no_more_is_read_than_the_penalised_leave_room_for() {
    let options = Options { window_flowfiles_max: 100, ..manual() };
    let (repository, queue, counting) = restored(&options);
    let polled = repository.poll(queue, 90, NOW, &mut |_| Pick::Take).unwrap();
    let penalized_until = Some(Timestamp(NOW.0 + 1));
    let later = GiveBack { penalized_until, attempts: 1, ..GiveBack::default() };
    for taken in polled {
        repository.give_back(taken.receipt, later).unwrap();
    }
    let polled = repository.poll(queue, 15, NOW, &mut |_| Pick::Take).unwrap();
    assert_eq!(polled.len(), 15, "ten that were there, and five of ten that had room");
    assert_eq!(counting.records.load(Ordering::SeqCst), 11);
}

#[test]
fn what_the_store_has_lost_of_a_tail_or_damaged_is_told_and_counted_no_more() {
    let options = Options { window_flowfiles_max: 100, ..manual() };
    let (repository, queue, counting) = restored(&options);
    let mut records = Vec::new();
    counting
        .store
        .scan(b"q", &mut |key, _| {
            records.extend((key[0] == b'q').then(|| key.to_vec()));
            ControlFlow::Continue(())
        })
        .unwrap();
    assert_eq!(records.len(), FLOWFILES);
    let gone = records.split_off(FLOWFILES - 10);
    counting.store.apply(&gone.into_iter().map(|key| (key, None)).collect()).unwrap();
    let damaged = records.pop().unwrap();
    counting.store.apply(&Batch::from([(damaged, Some(b"rubbish".to_vec()))])).unwrap();
    assert_eq!(repository.damage(), Damage::default(), "nobody has looked");
    let mut taken = 0;
    loop {
        let polled = repository.poll(queue, 50, NOW, &mut |_| Pick::Take).unwrap();
        if polled.is_empty() {
            break;
        }
        taken += polled.len();
        let receipts = polled.into_iter().map(|polled| polled.receipt).collect();
        repository.commit(Commit { taken: receipts, ..Commit::default() }).unwrap();
    }
    assert_eq!(taken, FLOWFILES - 11);
    assert_eq!(repository.damage(), Damage { put_aside: 1, vanished: 10 });
    let counts = repository.counts(queue).unwrap();
    assert_eq!((counts.flowfiles, counts.bytes), (0, 0));
    repository.flush().unwrap();
    let told = repository.bulletins().newest(9);
    let is_told = |part| told.iter().any(|told| told.bulletin.message.contains(part));
    assert!(is_told("10 flowfiles of queue \"q\" are lost"), "{told:?}");
    assert!(is_told("put aside"), "{told:?}");
}

#[test]
fn what_was_filed_is_taken_in_its_order_over_restarts() {
    let options = || Options { window_flowfiles_max: 3, run_flowfiles_max: 4, ..manual() };
    let memory = Memory::new();
    let repository = memory.open(options());
    let queue = repository.open_queue("a").unwrap();
    for number in 0..7 {
        put(&repository, queue, &number.to_string());
    }
    repository.flush().unwrap();
    drop(repository);
    let repository = memory.open(options());
    put(&repository, queue, "7");
    repository.flush().unwrap();
    drop(repository);
    let repository = memory.open(options());
    let listed = repository.list(queue, 0, 10).unwrap();
    assert_eq!(listed.len(), 8);
    assert_eq!(repository.counts(queue).unwrap().flowfiles, 8);
    let taken = repository.poll(queue, 10, NOW, &mut |_| Pick::Take).unwrap();
    let names: Vec<_> = taken.iter().filter_map(|t| t.flowfile.attribute("filename")).collect();
    assert_eq!(names, ["0", "1", "2", "3", "4", "5", "6", "7"]);
}
