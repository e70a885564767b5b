//! What an opening makes of the last life, whatever is left of it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to fail")]

mod common;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use common::{Memory, NOW, event, manual, put};
use tutti_model::flowfile::{FlowFile, Timestamp};
use tutti_model::provenance::EventType;
use tutti_store::{
    Commit, GiveBack, Options, Parked, Pick, Quarantine, QueueId, Repository, Suspect,
};

fn queue(repository: &Repository) -> QueueId {
    repository.open_queue("q").unwrap()
}

fn suspects(repository: &Repository) -> Vec<Suspect> {
    repository.suspects(queue(repository))
}

/// Takes the first flowfile, is at work with it, and dies.
fn die_at_work(memory: &Memory, options: Options, is_alone: bool) {
    let repository = memory.open(options);
    let taken = repository.poll(queue(&repository), 1, NOW, &mut |_| Pick::Take).unwrap();
    let work = [(taken[0].receipt, taken[0].flowfile.id())];
    let at_work = repository.begin_work(&work, is_alone).unwrap();
    assert!(at_work.is_some());
    repository.flush().unwrap();
    die(memory, (repository, at_work));
}

/// The process dies, and the machine does not.
fn die<T>(memory: &Memory, had: T) {
    memory.witness.keep();
    memory.crash();
    drop(had);
    memory.crash();
}

/// Two flowfiles in a queue of a process that has died.
fn died() -> Memory {
    let memory = Memory::new();
    let repository = memory.open(manual());
    put(&repository, queue(&repository), "first");
    put(&repository, queue(&repository), "second");
    repository.flush().unwrap();
    assert!(!repository.is_watching() && !repository.recovery().died);
    die(&memory, repository);
    memory
}

#[test]
fn each_death_counts_once_however_often_the_folder_is_opened_meanwhile() {
    let memory = died();
    die_at_work(&memory, manual(), true);
    for _ in 0..3 {
        let repository = memory.open(manual());
        assert_eq!(suspects(&repository)[0].deaths, 1);
        // Whoever only looks, and closes.
        repository.close().unwrap();
    }
    die_at_work(&memory, manual(), true);
    for _ in 0..3 {
        let repository = memory.open(manual());
        assert_eq!((suspects(&repository)[0].deaths, repository.recovery().suspects), (2, 1));
        die(&memory, repository);
    }
    die_at_work(&memory, manual(), true);
    let repository = memory.open(manual());
    assert!(suspects(&repository)[0].is_convict);
    let never = Options { deaths_max: 0, ..manual() };
    drop(repository);
    assert!(suspects(&memory.open(never)).is_empty());
}

#[test]
fn who_died_with_the_machine_died_over_nobody() {
    let memory = died();
    let boot = |name: &str| Options { boot: Some(name.into()), ..manual() };
    die_at_work(&memory, boot("a"), true);
    let repository = memory.open(boot("b"));
    assert!(repository.recovery().died && repository.is_watching());
    assert!(suspects(&repository).is_empty());
    drop(repository);
    die_at_work(&memory, boot("b"), true);
    assert_eq!(suspects(&memory.open(boot("b")))[0].deaths, 1);
}

#[test]
fn who_has_left_its_place_is_no_suspect_any_more() {
    let memory = died();
    die_at_work(&memory, manual(), true);
    let repository = memory.open(manual());
    let taken = repository.poll(queue(&repository), 1, NOW, &mut |_| Pick::Take).unwrap();
    let commit = Commit {
        taken: vec![taken[0].receipt],
        put: vec![(queue(&repository), taken[0].flowfile.clone())],
        ..Commit::default()
    };
    repository.commit(commit).unwrap();
    assert!(suspects(&repository).is_empty());
    repository.flush().unwrap();
    die(&memory, repository);
    assert!(suspects(&memory.open(manual())).is_empty());
}

#[test]
fn the_watch_ends_when_all_was_worked_on_and_a_minute_has_passed() {
    let memory = died();
    let seconds = Arc::new(AtomicI64::new(0));
    let options = || {
        let seconds = Arc::clone(&seconds);
        let clock = move || Timestamp(seconds.load(Ordering::SeqCst) * 1_000);
        Options { clock: Arc::new(clock), ..manual() }
    };
    let open = || memory.open(options());
    let repository = open();
    seconds.store(70, Ordering::SeqCst);
    let taken = repository.poll(queue(&repository), 2, NOW, &mut |_| Pick::Take).unwrap();
    repository.give_back(taken[0].receipt, GiveBack::default()).unwrap();
    assert!(suspects(&repository).is_empty() && repository.is_watching(), "one of two");
    repository.close().unwrap();
    let repository = open();
    assert!(repository.is_watching(), "whoever only looks does not end it");
    let taken = repository.poll(queue(&repository), 2, NOW, &mut |_| Pick::Take).unwrap();
    repository.give_back(taken[0].receipt, GiveBack::default()).unwrap();
    let commit = Commit { taken: vec![taken[1].receipt], ..Commit::default() };
    repository.commit(commit).unwrap();
    seconds.store(129, Ordering::SeqCst);
    assert!(suspects(&repository).is_empty() && repository.is_watching(), "more may come again");
    seconds.store(131, Ordering::SeqCst);
    assert!(suspects(&repository).is_empty() && !repository.is_watching());
    let work = [(taken[0].receipt, taken[0].flowfile.id())];
    assert!(repository.begin_work(&work, false).unwrap().is_none(), "nobody asks any more");
    repository.close().unwrap();
    assert!(!open().is_watching());
}

#[test]
fn as_long_as_all_is_written_down_only_what_is_durable_is_taken() {
    let memory = died();
    let repository = memory.open(manual());
    put(&repository, queue(&repository), "third");
    let poll = || {
        let take = &mut |_: &FlowFile| Pick::Take;
        let (taken, waits) = repository.poll_durable(queue(&repository), 9, NOW, take).unwrap();
        (taken.len(), waits)
    };
    assert_eq!(poll(), (2, true));
    repository.flush().unwrap();
    assert_eq!(poll(), (1, false));
    repository.close().unwrap();
    // Where nobody has died, that makes no difference.
    let calm = Memory::new().open(manual());
    put(&calm, queue(&calm), "first");
    let polled = calm.poll_durable(queue(&calm), 9, NOW, &mut |_| Pick::Take).unwrap();
    assert_eq!((polled.0.len(), polled.1), (1, false));
}

#[test]
fn whatever_is_damaged_is_told_and_hinders_no_opening() {
    let memory = died();
    die_at_work(&memory, manual(), true);
    die_at_work(&memory, manual(), true);
    // What is written down, and is not read yet.
    memory.witness.damage("at-work", |bytes| bytes[8] ^= 1);
    let repository = memory.open(manual());
    let told = repository.recovery().watch_damage.as_ref().unwrap().to_string();
    assert!(told.contains("what was at work") && told.contains("checksum"), "{told}");
    let bulletins = repository.bulletins().newest(10);
    assert!(bulletins.iter().any(|each| each.bulletin.message.contains("what was at work")));
    assert_eq!(suspects(&repository)[0].deaths, 1);
    drop(repository);
    let keys: Vec<Vec<u8>> = memory.records.keys();
    let deaths = keys.iter().find(|key| key[0] == b'd').unwrap();
    for key in [deaths.as_slice(), b"mlife"] {
        assert!(memory.records.damage(key, |bytes| bytes[6] ^= 1));
    }
    let repository = memory.open(manual());
    let aside: Vec<&str> =
        repository.recovery().quarantined.iter().map(|each| &*each.what).collect();
    assert!(aside.contains(&"the deaths over record 1 of queue 0"), "{aside:?}");
    assert!(aside.contains(&"key \"mlife\""), "{aside:?}");
    assert!(suspects(&repository).is_empty() && !repository.recovery().died);
    assert_eq!(repository.counts(queue(&repository)).unwrap().flowfiles, 2);
    repository.close().unwrap();
    assert_eq!(Quarantine::open_with(&memory.backend()).unwrap().discard().unwrap(), 2);
}

#[test]
fn what_is_parked_is_neither_damaged_nor_ever_a_suspect() {
    let memory = died();
    for _ in 0..3 {
        die_at_work(&memory, manual(), true);
    }
    let repository = memory.open(manual());
    let taken = repository.poll(queue(&repository), 1, NOW, &mut |_| Pick::Take).unwrap();
    let receipt = taken[0].receipt;
    let place = || Parked { flow: "flow".into(), processor: "Work".into(), time: NOW };
    let route = || event(&taken[0].flowfile, EventType::Route);
    let (queue_of_it, other) = (queue(&repository), repository.open_queue("other").unwrap());
    assert!(!repository.has_put_aside(queue_of_it).unwrap());
    repository.park(receipt, place(), route()).unwrap();
    repository.flush().unwrap();
    let has_some = [queue_of_it, other].map(|queue| repository.has_put_aside(queue).unwrap());
    assert_eq!(has_some, [true, false]);
    assert!(repository.park(receipt, place(), route()).is_err(), "it is not taken any more");
    assert_eq!(repository.parked(), 1);
    repository.close().unwrap();
    let repository = memory.open(manual());
    let report = repository.recovery();
    assert_eq!((report.parked, report.quarantined_before, report.suspects), (1, 0, 0));
    repository.close().unwrap();
    let quarantine = Quarantine::open_with(&memory.backend()).unwrap();
    let uuid = taken[0].flowfile.uuid();
    let record = quarantine.parked(uuid).unwrap();
    assert!(record.reason.contains("died 3 times while \"Work\""), "{}", record.reason);
    // Neither is for what is whole.
    let restored = quarantine.restore(|_| ()).unwrap();
    assert_eq!((restored.restored, restored.left, quarantine.discard().unwrap()), (0, 0, 0));
    assert!(quarantine.discard_parked("nobody").is_err());
    quarantine.restore_parked(uuid).unwrap().unwrap();
    assert!(quarantine.restore_parked(uuid).is_err());
    let repository = memory.open(manual());
    assert_eq!((repository.parked(), suspects(&repository).len()), (0, 0));
    let back = repository.list(queue(&repository), 0, 10).unwrap();
    assert_eq!((back.len(), back[0].flowfile.uuid()), (2, uuid), "in its place");
}
