//! After a death of the process: suspects work alone, and who killed it again and again is parked.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on ends")]

mod common;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::Poll;

use common::{
    Bench, Log, Memory, Script, connection, make, messages, n, processor, script, settle, take,
};
use tutti_model::flowfile::Timestamp;
use tutti_model::provenance::EventType;
use tutti_runtime::Flow;
use tutti_sdk::{ProcessError, SUCCESS};
use tutti_store::{Faults, Options, Pick, Repository, Search, Turn};

fn options() -> Options {
    Options { has_flusher: false, clock: Arc::new(|| common::START), ..Options::default() }
}

/// What is sent on, but for the flowfile `poison`: with it a session never ends.
fn stuck_with(poison: &'static str, log: &Log<String>) -> Script {
    let log = log.clone();
    script(move |session| {
        let log = log.clone();
        Box::pin(async move {
            for flowfile in session.get_batch(10)? {
                log.note(n(&flowfile));
                if n(&flowfile) == poison {
                    std::future::pending::<()>().await;
                }
                session.transfer(flowfile, SUCCESS);
            }
            Ok(())
        })
    })
}

/// Source -> Work -> End, on what is left of the last life.
struct Life {
    bench: Bench,
    ended: Log<String>,
}

fn life(memory: &Memory, options: Options, count: u64, work: Script) -> Life {
    let ended = Log::new();
    let mut bench = Bench::on(memory.open(options));
    bench.source("Make", make(count, 10)).work("Work", work).work("End", take(&ended));
    bench.connect("Make", SUCCESS, "Work").connect("Work", SUCCESS, "End");
    Life { bench, ended }
}

impl Life {
    /// Time passes, and what is committed becomes durable.
    async fn advance(&self, milliseconds: u64, step_ms: u64) {
        for _ in 0..milliseconds / step_ms {
            settle().await;
            self.bench.repository.flush().unwrap();
            self.bench.clock.advance_ms(step_ms);
        }
        settle().await;
    }

    /// Until nothing is left to do.
    async fn finish(&self, flow: &Flow) {
        let idle = flow.until_idle();
        tokio::pin!(idle);
        for _ in 0..10_000 {
            if let Poll::Ready(stuck) = futures::poll!(&mut idle) {
                assert!(stuck.unwrap().is_empty());
                return;
            }
            self.advance(20, 20).await;
        }
        panic!("it does not end: {:#?}", flow.status());
    }
}

/// The process dies in the middle of what it is at.
async fn die(memory: &Memory, life: Life, flow: Flow) {
    settle().await;
    life.bench.repository.flush().unwrap();
    memory.die();
    flow.terminate();
    drop((flow, life));
    settle().await;
    memory.crash();
}

/// The deaths over what waits for "Work".
fn deaths(repository: &Repository) -> Vec<u32> {
    let queue = repository.open_queue("bench/Make [success] -> Work").unwrap();
    repository.suspects(queue).iter().map(|suspect| suspect.deaths).collect()
}

#[tokio::test]
async fn who_kills_the_process_again_and_again_is_parked_and_all_others_go_on() {
    let memory = Memory::default();
    let log = Log::new();
    let start = |count| life(&memory, options(), count, stuck_with("3", &log));
    let first = start(8);
    assert!(!first.bench.repository.is_watching(), "nobody has died");
    let flow = first.bench.start();
    die(&memory, first, flow).await;
    // Nobody knows what was at work at the first death; all is seen at the second.
    for expected in [vec![], vec![1; 8], vec![2, 1, 1, 1, 1], vec![3, 1, 1, 1, 1]] {
        let next = start(0);
        assert!(next.bench.repository.is_watching());
        assert_eq!(deaths(&next.bench.repository), expected);
        let is_last = expected.first() == Some(&3);
        let flow = next.bench.start();
        if !is_last {
            die(&memory, next, flow).await;
            continue;
        }
        next.finish(&flow).await;
        assert_eq!(next.bench.repository.parked(), 1);
        let told = messages(&flow);
        assert!(told[0].contains("is parked: the process died 3 times"), "{told:?}");
        let status = flow.status();
        assert_eq!((status.flowfiles.parked, processor(&flow, "Work").totals.parked), (1, 1));
        assert!(status.health.is_none());
        let search = Search::newest(100);
        let events = next.bench.repository.search(&search).unwrap().events;
        let parked = events.iter().find(|event| event.event_type == EventType::Route).unwrap();
        assert!(parked.details.as_ref().unwrap().contains("died 3 times"), "{parked:?}");
        next.bench.repository.leave().unwrap();
    }
    let mut worked = log.all();
    worked.retain(|each| each == "3");
    assert_eq!(worked.len(), 4, "four lives died over it, and the fifth did not take it");
    let quarantine = memory.quarantine();
    let mut records = Vec::new();
    quarantine.list(|record| records.push(record)).unwrap();
    let [record] = &records[..] else { panic!("{records:?}") };
    let parked = record.deaths.as_ref().unwrap().parked.as_ref().unwrap();
    assert_eq!((&*parked.flow, &*parked.processor), ("bench", "Work"));
    let flowfile = record.flowfile.as_ref().unwrap();
    assert_eq!(n(flowfile), "3");
    quarantine.restore_parked(flowfile.uuid()).unwrap().unwrap();
    drop(quarantine);
    let last = life(&memory, options(), 0, take(&Log::new()));
    assert_eq!(deaths(&last.bench.repository), Vec::<u32>::new(), "its deaths are forgotten");
    let flow = last.bench.start();
    last.finish(&flow).await;
    assert_eq!(last.ended.all(), ["3"]);
}

#[tokio::test]
async fn nothing_is_parked_and_nothing_written_down_where_that_is_not_wanted() {
    let memory = Memory::default();
    let log = Log::new();
    let never = || Options { deaths_max: 0, ..options() };
    for count in [3, 0, 0, 0, 0, 0] {
        let next = life(&memory, never(), count, stuck_with("1", &log));
        assert!(!next.bench.repository.is_watching());
        let flow = next.bench.start();
        die(&memory, next, flow).await;
    }
    assert_eq!(memory.open(never()).parked(), 0);
}

#[tokio::test]
async fn a_life_that_is_closed_is_no_death_whatever_it_was_at() {
    let memory = Memory::default();
    let log = Log::new();
    let first = life(&memory, options(), 3, stuck_with("1", &log));
    let flow = first.bench.start();
    die(&memory, first, flow).await;
    for _ in 0..5 {
        let next = life(&memory, options(), 0, stuck_with("1", &log));
        assert_eq!(deaths(&next.bench.repository), Vec::<u32>::new());
        let flow = next.bench.start();
        settle().await;
        assert_eq!(connection(&flow, "Make").in_flight, 3, "it is watched, and hangs");
        next.bench.repository.leave().unwrap();
        die(&memory, next, flow).await;
    }
    assert!(memory.open(options()).is_watching(), "it is still to be seen who it was");
}

/// A life in which "0" and "1" are suspects, as a session that had both died.
async fn with_suspects(memory: &Memory) {
    for count in [2, 0] {
        let next = life(memory, options(), count, stuck_with("1", &Log::new()));
        let flow = next.bench.start();
        die(memory, next, flow).await;
    }
}

#[tokio::test]
async fn a_suspect_works_alone_and_waits_until_others_have_ended() {
    let memory = Memory::default();
    with_suspects(&memory).await;
    let (begun, ended) = (Log::new(), Log::new());
    let noted = |at: &Log<String>, name: &str| {
        let (at, name) = (at.clone(), name.to_owned());
        move || at.note(name.clone())
    };
    let slow = {
        let (begun, ended) = (noted(&begun, "source"), noted(&ended, "source"));
        script(move |session| {
            let (begun, ended) = (begun.clone(), ended.clone());
            Box::pin(async move {
                begun();
                session.clock().sleep_ms(100).await;
                ended();
                Ok(())
            })
        })
    };
    let work = {
        let (begun, ended) = (begun.clone(), ended.clone());
        script(move |session| {
            let (begun, ended) = (begun.clone(), ended.clone());
            Box::pin(async move {
                let batch = session.get_batch(10)?;
                assert!(batch.len() <= 1, "a suspect is alone");
                for flowfile in batch {
                    assert_eq!(begun.len(), ended.len(), "nothing else is at work");
                    begun.note(n(&flowfile));
                    session.clock().sleep_ms(50).await;
                    ended.note(n(&flowfile));
                    session.transfer(flowfile, SUCCESS);
                }
                Ok(())
            })
        })
    };
    let mut next = life(&memory, options(), 0, work);
    next.bench.source("Slow", slow);
    let flow = next.bench.start();
    next.advance(2_000, 10).await;
    let expected = ["0", "1"].map(str::to_owned);
    let suspects: Vec<String> = ended.all().into_iter().filter(|name| name != "source").collect();
    assert_eq!(suspects, expected);
    assert!(ended.all().contains(&"source".to_owned()), "others have their turn");
    assert!(messages(&flow).is_empty(), "{:?}", messages(&flow));
}

/// Takes what there is, and is at work for a very long time.
fn endless(at: &Log<String>) -> Script {
    let at = at.clone();
    script(move |session| {
        let at = at.clone();
        Box::pin(async move {
            session.get()?;
            at.note("begun".to_owned());
            session.clock().sleep_ms(100_000_000).await;
            Ok(())
        })
    })
}

#[tokio::test]
async fn nobody_waits_for_ever_for_another() {
    let memory = Memory::default();
    with_suspects(&memory).await;
    let (other, work) = (Log::new(), Log::new());
    let mut next = life(&memory, options(), 0, endless(&work));
    next.bench.source("New", make(1, 1)).work("Other", endless(&other));
    next.bench.connect("New", SUCCESS, "Other");
    let flow = next.bench.compile();
    flow.start_processor("New").unwrap();
    flow.start_processor("Other").unwrap();
    next.advance(1_000, 20).await;
    assert_eq!(other.len(), 1);
    flow.start();
    next.advance(9_000, 1_000).await;
    assert_eq!(work.len(), 0, "it waits to be alone");
    next.advance(2_000, 1_000).await;
    assert_eq!(work.len(), 1, "it works beside the other");
    die(&memory, next, flow).await;
    let next = life(&memory, options(), 0, endless(&work));
    assert_eq!(deaths(&next.bench.repository), [2, 1], "that counts");
    let queue = next.bench.repository.open_queue("bench/Make [success] -> Work").unwrap();
    assert!(!next.bench.repository.suspects(queue)[0].is_convict, "but proves nothing");
    let flow = next.bench.start();
    settle().await;
    assert_eq!((connection(&flow, "Make").in_flight, work.len()), (1, 2), "it is alone");
    let tasks = || processor(&flow, "Make").totals.tasks;
    let before = tasks();
    next.advance(590_000, 10_000).await;
    assert_eq!(tasks(), before, "all others wait");
    next.advance(30_000, 1_000).await;
    assert!(tasks() > before, "and go on after a while");
    // From then on its death proves nothing.
    die(&memory, next, flow).await;
    let repository = memory.open(options());
    let suspect = repository.suspects(queue)[0];
    assert_eq!((suspect.deaths, suspect.is_convict), (3, false));
}

/// As a source that waits for what others send.
fn listening(arrives_after_ms: u64) -> Script {
    script(move |session| {
        Box::pin(async move {
            session.clock().sleep_ms(arrives_after_ms).await;
            let flowfile = session.create();
            session.clock().sleep_ms(100_000_000).await;
            session.transfer(flowfile, SUCCESS);
            Ok(())
        })
    })
}

#[tokio::test]
async fn a_source_that_waits_hinders_nobody_and_one_that_acts_is_company() {
    for (arrives_after_ms, is_convict) in [(100_000_000, true), (5_000, false)] {
        let memory = Memory::default();
        with_suspects(&memory).await;
        let one = || Options { deaths_max: 1, ..options() };
        let work = Log::new();
        let mut next = life(&memory, one(), 0, endless(&work));
        next.bench.source("Listen", listening(arrives_after_ms));
        let flow = next.bench.compile();
        flow.start_processor("Listen").unwrap();
        settle().await;
        flow.start();
        settle().await;
        assert_eq!(work.len(), 0, "it waits a while");
        next.advance(2_000, 100).await;
        assert_eq!(work.len(), 1, "and not longer");
        next.advance(8_000, 100).await;
        die(&memory, next, flow).await;
        let repository = memory.open(one());
        let queue = repository.open_queue("bench/Make [success] -> Work").unwrap();
        let suspect = repository.suspects(queue)[0];
        assert_eq!((suspect.deaths, suspect.is_convict), (2, is_convict));
    }
}

#[tokio::test]
async fn who_takes_nothing_alone_gets_them_together() {
    let memory = Memory::default();
    with_suspects(&memory).await;
    let merged = Log::new();
    let merge = {
        let merged = merged.clone();
        script(move |session| {
            let merged = merged.clone();
            Box::pin(async move {
                let mut seen = 0;
                session.get_where(10, |_| {
                    seen += 1;
                    Pick::Skip
                })?;
                if seen < 2 {
                    session.rest(None);
                    return Ok(());
                }
                for flowfile in session.get_batch(10)? {
                    merged.note(n(&flowfile));
                    session.transfer(flowfile, SUCCESS);
                }
                Ok(())
            })
        })
    };
    let next = life(&memory, options(), 0, merge);
    let flow = next.bench.start();
    next.advance(2_000, 10).await;
    assert_eq!(merged.all(), ["0", "1"]);
    assert_eq!(connection(&flow, "Make").queued, 0);
}

#[tokio::test]
async fn a_suspect_that_fails_alone_is_tried_alone_again() {
    let memory = Memory::default();
    with_suspects(&memory).await;
    let tries = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&tries);
    let work = script(move |session| {
        let counted = Arc::clone(&counted);
        Box::pin(async move {
            let batch = session.get_batch(10)?;
            assert!(batch.len() <= 1, "a suspect is alone");
            for flowfile in batch {
                if counted.fetch_add(1, Ordering::SeqCst) < 3 {
                    return Err(ProcessError::external("not now"));
                }
                session.transfer(flowfile, SUCCESS);
            }
            Ok(())
        })
    });
    let next = life(&memory, options(), 0, work);
    let flow = next.bench.start();
    next.advance(400_000, 500).await;
    assert_eq!(connection(&flow, "Make").queued, 0);
    assert_eq!(tries.load(Ordering::SeqCst), 5);
}

#[tokio::test]
async fn a_suspect_waits_as_others_do_where_its_turn_is_company() {
    let memory = Memory::default();
    with_suspects(&memory).await;
    let repository = memory.open(options());
    let queue = repository.open_queue("bench/Make [success] -> Work").unwrap();
    let suspects = repository.suspects(queue);
    assert_eq!(suspects.len(), 2);
    repository.set_turn(queue, suspects[0].flowfile, Turn::Company);
    assert_eq!(repository.suspects(queue)[0].turn, Turn::Company);
    let polled = repository.poll(queue, 1, Timestamp(0), &mut |_| Pick::Take).unwrap();
    let work = [(polled[0].receipt, polled[0].flowfile.id())];
    assert!(repository.begin_work(&work, false).unwrap().is_some());
}

#[tokio::test]
async fn what_cannot_be_written_down_is_told_and_hinders_nobody() {
    let faults = Faults::default();
    let memory = Memory::with(&faults);
    with_suspects(&memory).await;
    let worked = Log::new();
    let next = life(&memory, options(), 0, take(&worked));
    faults.disk_full(true);
    let flow = next.bench.start();
    settle().await;
    assert_eq!(worked.all(), ["0", "1"]);
    let told = messages(&flow);
    assert!(told.iter().any(|each| each.contains("cannot write down what is at work")), "{told:?}");
}
