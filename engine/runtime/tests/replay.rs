//! Events are replayed while a flow runs: what was taken comes once more, as it was, or a word says
//! why not.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on ends")]

mod common;

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::Duration;

use common::{Bench, Log, Memory, OTHER, START, Script, catalog, make, n, script, soon, take};
use tutti_model::flowfile::FlowFile;
use tutti_model::provenance::EventType;
use tutti_runtime::{Engine, Flow, Goal, Replay, ReplayError};
use tutti_sdk::{ProcessError, SUCCESS, Session};
use tutti_store::{LoggedEvent, Options, Repository, Search, StoreError};

fn keeping() -> Options {
    Options { archive_bytes_max: Some(u64::MAX), ..Options::default() }
}

async fn write(session: &mut Session, flowfile: &mut FlowFile, text: String) {
    let mut writer = session.write().unwrap();
    let written = session.blocking(move || {
        writer.write_all(text.as_bytes())?;
        writer.finish()
    });
    let content = written.await.unwrap().unwrap();
    session.set_content(flowfile, content);
}

/// Makes so many with content.
fn write_each(count: u64) -> Script {
    script(move |session| {
        Box::pin(async move {
            if session.state("done")?.is_some() {
                return Ok(());
            }
            for number in 0..count {
                let mut flowfile = session.create();
                flowfile.set_attribute("n", number.to_string());
                write(session, &mut flowfile, format!("content of {number}")).await;
                session.transfer(flowfile, SUCCESS);
            }
            session.set_state("done", Some("1".to_owned()));
            Ok(())
        })
    })
}

/// Notes `n`, what it is now, and the content; then changes both.
fn change(log: &Log<String>) -> Script {
    let log = log.clone();
    script(move |session| {
        let log = log.clone();
        Box::pin(async move {
            let Some(mut flowfile) = session.get()? else { return Ok(()) };
            let mut reader = session.read(&flowfile)?;
            let read = session.blocking(move || {
                let mut text = String::new();
                reader.read_to_string(&mut text).map(|_| text)
            });
            let refused = |error| ProcessError::external("cannot read").caused_by(error);
            let text = read.await?.map_err(refused)?;
            let of = flowfile.attribute("changed").unwrap_or("as made");
            log.note(format!("{} {of}: {text}", n(&flowfile)));
            flowfile.set_attribute("changed", "yes");
            write(session, &mut flowfile, "changed".to_owned()).await;
            session.transfer(flowfile, OTHER);
            Ok(())
        })
    })
}

fn events(repository: &Repository, event_type: EventType) -> Vec<LoggedEvent> {
    let search = Search { event_type: Some(event_type), ..Search::newest(1_000) };
    repository.search(&search).unwrap().events
}

fn replay(bench: &Bench, flow: &Flow, numbers: &[u64]) -> Result<u64, Vec<ReplayError>> {
    let events = numbers.iter().copied().collect();
    let replay = Replay::of(&bench.repository, &events)?;
    let committed = replay.commit(&*bench.clock, &tutti_sdk::testkit::SeededRandom::new(5));
    let committed = committed.map_err(|error| vec![error])?;
    flow.receive(&committed);
    Ok(committed.replayed.len() as u64)
}

/// A flow that has changed two flowfiles, which then ended.
async fn changed(memory: &Memory) -> (Bench, Flow, Log<String>) {
    let log = Log::new();
    let mut bench = Bench::on(memory.open(keeping()));
    bench.source("Make", write_each(2)).work("Change", change(&log));
    bench.connect("Make", SUCCESS, "Change");
    let flow = bench.compile();
    flow.start();
    soon(flow.until_idle()).await.unwrap();
    (bench, flow, log)
}

#[tokio::test]
async fn what_was_taken_comes_once_more_as_it_was_then() {
    let memory = Memory::default();
    let (bench, flow, log) = changed(&memory).await;
    let modified = events(&bench.repository, EventType::AttributesModified);
    let first = modified.iter().find(|event| event.attributes.get("n") == Some("0")).unwrap();
    bench.clock.advance_ms(7_000);
    assert_eq!(replay(&bench, &flow, &[first.number]).unwrap(), 1);
    soon(flow.until_idle()).await.unwrap();
    let seen = ["0 as made: content of 0", "1 as made: content of 1", "0 as made: content of 0"];
    assert_eq!(log.all(), seen);

    let told = events(&bench.repository, EventType::Replay);
    let [told] = &told[..] else { panic!("{told:?}") };
    assert_eq!((&*told.flow, &*told.component), ("bench", "Change"));
    assert_eq!((&told.parents[..], told.children.len()), (&[Box::clone(&first.uuid)][..], 1));
    assert_eq!(told.children[0], told.uuid);
    assert_ne!(told.uuid, first.uuid);
    assert_eq!(told.details.as_deref(), Some(&*format!("of event {}", first.number)));
    assert_eq!(told.attributes.get("flowfile.replay"), Some("true"));
    let now = START.plus_ms(7_000).to_string();
    assert_eq!(told.attributes.get("flowfile.replay.timestamp"), Some(&*now));
    assert_eq!(told.attributes.get("changed"), None);
    let status = flow.status();
    let connection = &status.connections[0];
    assert_eq!((connection.flowfiles_in, connection.flowfiles_out), (3, 3));

    // Its own events can be replayed like any other.
    let again = events(&bench.repository, EventType::Drop);
    let again = again.iter().find(|event| event.uuid == told.uuid).unwrap();
    assert_eq!(again.input.as_ref().unwrap().flowfile.uuid(), &*told.uuid);
    assert_eq!(replay(&bench, &flow, &[again.number]).unwrap(), 1);
    soon(flow.until_idle()).await.unwrap();
    assert_eq!(log.len(), 4);
    flow.stop().await;
}

#[tokio::test]
async fn what_cannot_be_replayed_is_told_and_then_nothing_is() {
    let memory = Memory::default();
    let (bench, flow, log) = changed(&memory).await;
    let of = |event_type| events(&bench.repository, event_type)[0].number;
    let (created, ended) = (of(EventType::Create), of(EventType::Drop));
    let refused = |numbers: &[u64]| {
        let errors = replay(&bench, &flow, numbers).unwrap_err();
        errors.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(
        refused(&[ended, 4_711, created]),
        [
            format!(
                "event {created} cannot be replayed: no single flowfile was taken from a queue \
                 for it, at \"bench/Make\""
            ),
            "there is no event 4711 in the provenance log".to_owned(),
        ]
    );
    soon(flow.until_idle()).await.unwrap();
    assert_eq!(log.len(), 2, "the one that could be was not either");
    let many: Vec<u64> = (1..=10_001).collect();
    assert_eq!(refused(&many), ["10001 events cannot be replayed at once, only 10000"]);

    // Nothing is kept from now on.
    flow.stop().await;
    bench.repository.leave().unwrap();
    drop((flow, bench));
    let repository = memory.open(Options::default());
    let errors = Replay::of(&repository, &BTreeSet::from([ended])).err().unwrap();
    let [ReplayError::NoContent { event, bytes: 12, .. }] = &errors[..] else {
        panic!("{errors:?}")
    };
    assert_eq!(*event, ended);
    assert!(errors[0].help().contains("--archive-max"));
    let queue = repository.queues()["bench/Make [success] -> Change"];
    repository.remove_queue(queue).unwrap();
    let errors = Replay::of(&repository, &BTreeSet::from([ended])).err().unwrap();
    assert!(matches!(errors[..], [ReplayError::NoQueue { .. }]), "{errors:?}");
}

#[tokio::test]
async fn what_no_flow_that_runs_would_take_is_refused() {
    let memory = Memory::default();
    let (bench, flow, log) = changed(&memory).await;
    let ended = events(&bench.repository, EventType::Drop)[0].number;
    let planned = || Replay::of(&bench.repository, &BTreeSet::from([ended])).unwrap();
    planned().check_connections(std::slice::from_ref(&flow)).unwrap();
    let errors = planned().check_connections(&[]).unwrap_err();
    let [ReplayError::NoConnection { event, queue }] = &errors[..] else { panic!("{errors:?}") };
    assert_eq!((*event, queue.as_str()), (ended, "bench/Make [success] -> Change"));
    assert_eq!(
        errors[0].to_string(),
        format!(
            "event {ended} cannot be replayed: no flow that runs has the connection \"{queue}\" \
             any more, by which its flowfile came"
        )
    );
    // It waits where the next flow takes from no more.
    flow.stop().await;
    assert_eq!(replay(&bench, &flow, &[ended]).unwrap(), 1);
    bench.repository.leave().unwrap();
    let environment = bench.environment.clone();
    drop((flow, bench, log));
    let mut other = Bench::new();
    other.source("Make", make(0, 1));
    let wait = Duration::from_mins(10);
    let engine = Arc::new(Engine::new(vec![other.valid()], catalog(), environment, wait));
    let (started, is_started) = channel();
    let running = Arc::clone(&engine);
    let open = move || Ok::<_, StoreError>(Arc::into_inner(memory.open(keeping())).unwrap());
    let run = std::thread::spawn(move || {
        running.run(open, Goal::Serve, move || started.send(()).unwrap()).unwrap()
    });
    let errors = tokio::task::spawn_blocking(move || {
        is_started.recv().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let errors = runtime.block_on(engine.replay(BTreeSet::from([ended]), false)).unwrap_err();
        engine.request_stop();
        run.join().unwrap();
        errors
    });
    let errors = errors.await.unwrap();
    assert!(matches!(errors[..], [ReplayError::NoConnection { .. }]), "{errors:?}");
}

#[tokio::test]
async fn a_replay_does_not_wait_for_room() {
    let mut bench = Bench::on(Memory::default().open(keeping()));
    let log = Log::new();
    bench.source("Make", make(2, 1)).work("Work", take(&log));
    bench.connect_with(
        "Make",
        SUCCESS,
        "Work",
        &serde_json::json!({ "backPressure": { "count": 1 } }),
    );
    let flow = bench.compile();
    flow.start();
    soon(flow.until_idle()).await.unwrap();
    flow.stop().await;
    let numbers: Vec<u64> =
        events(&bench.repository, EventType::Drop).iter().map(|event| event.number).collect();
    assert_eq!(replay(&bench, &flow, &numbers).unwrap(), 2);
    assert_eq!(flow.status().connections[0].queued, 2, "one more than its limit");
}

#[test]
fn an_engine_replays_while_it_runs_and_not_before_or_after() {
    let (memory, mut bench, log) = (Memory::default(), Bench::new(), Log::new());
    bench.source("Make", write_each(1)).work("Change", change(&log));
    bench.connect("Make", SUCCESS, "Change");
    let environment = bench.environment.clone();
    let wait = Duration::from_mins(10);
    let engine = Arc::new(Engine::new(vec![bench.valid()], catalog(), environment, wait));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let ask = |numbers: &[u64], is_dry| {
        runtime.block_on(engine.replay(numbers.iter().copied().collect(), is_dry))
    };
    let refused = ask(&[1], false).unwrap_err();
    assert!(matches!(refused[..], [ReplayError::NotRunning]), "{refused:?}");
    let (started, is_started) = channel();
    let (running, other) = (Arc::clone(&engine), memory.clone());
    let open = move || Ok::<_, StoreError>(Arc::into_inner(other.open(keeping())).unwrap());
    let run = std::thread::spawn(move || {
        running.run(open, Goal::Serve, move || started.send(()).unwrap()).unwrap()
    });
    is_started.recv().unwrap();
    // Events are numbered from 1 on: the first is of the source, and has no input.
    while log.len() < 1 {
        std::thread::yield_now();
    }
    let told = loop {
        // Until the session that was seen is committed.
        match ask(&[2], true) {
            Ok(told) => break told,
            Err(errors) => assert!(matches!(errors[..], [ReplayError::Unknown { .. }])),
        }
    };
    assert_eq!((told[0].event, &told[0].uuid), (2, &None));
    assert_eq!((told[0].queue.as_str(), told[0].bytes), ("bench/Make [success] -> Change", 12));
    let done = ask(&[2], false).unwrap();
    assert_eq!(done[0].parent, told[0].parent);
    assert!(done[0].uuid.is_some());
    while log.len() < 2 {
        std::thread::yield_now();
    }
    assert_eq!(log.all(), ["0 as made: content of 0"; 2]);
    engine.request_stop();
    run.join().unwrap();
    let refused = ask(&[2], false).unwrap_err();
    assert!(matches!(refused[..], [ReplayError::NotRunning]), "{refused:?}");
}
