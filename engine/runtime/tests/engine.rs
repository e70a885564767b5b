//! The life of an engine: opened, run, stopped, terminated, closed, also when something hangs.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use common::{Bench, Log, Memory, catalog, make, script, take};
use parking_lot::Mutex;
use tokio::sync::Notify;
use tutti_runtime::{
    EditError, EditOptions, Engine, EngineError, EngineState, FlowOutcome, FlowState, Goal,
    Outcome, Status,
};
use tutti_sdk::SUCCESS;
use tutti_store::{Options, Repository, StoreError};

/// How long a test listens for what may not come.
const A_WHILE: Duration = Duration::from_millis(200);

/// An engine for the bench's flow, and how its folder is opened.
fn engine(bench: &Bench) -> Arc<Engine> {
    within(bench, Duration::from_mins(10))
}

/// The engine of a bench, whose stop may take so long.
fn within(bench: &Bench, shutdown_max: Duration) -> Arc<Engine> {
    let environment = bench.environment.clone();
    Arc::new(Engine::new(vec![bench.valid()], catalog(), environment, shutdown_max))
}

fn opener(memory: &Memory) -> impl FnOnce() -> Result<Repository, StoreError> + Send + 'static {
    let memory = memory.clone();
    move || Ok(Arc::into_inner(memory.open(Options::default())).unwrap())
}

fn queued(outcome: &Outcome) -> u64 {
    outcome.flows[0].status.connections.iter().map(|each| each.queued).sum()
}

/// A processor that blocks its thread until the test lets it go on, and says when it begins.
fn block() -> (common::Script, Receiver<()>, Sender<()>) {
    let (begun, wait_for_it) = channel();
    let (let_go, held) = channel::<()>();
    let (begun, held) = (Mutex::new(begun), Arc::new(Mutex::new(held)));
    let work = script(move |session| {
        // The test may have heard enough.
        let _ = begun.lock().send(());
        let held = Arc::clone(&held);
        Box::pin(async move {
            let taken = session.get()?;
            // As a disk that does not answer.
            let _ = held.lock().recv();
            if let Some(flowfile) = taken {
                session.transfer(flowfile, SUCCESS);
            }
            Ok(())
        })
    });
    (work, wait_for_it, let_go)
}

#[test]
fn it_ends_by_itself_when_nothing_is_left_to_do() {
    let (memory, mut bench, log) = (Memory::default(), Bench::new(), Log::new());
    bench.source("A", make(3, 3)).work("B", take(&log)).connect("A", SUCCESS, "B");
    let engine = engine(&bench);
    assert_eq!(engine.state(), EngineState::Starting);
    let (started, is_started) = channel();
    let outcome =
        engine.run(opener(&memory), Goal::Finish, move || started.send(()).unwrap()).unwrap();
    is_started.try_recv().unwrap();
    assert!(outcome.is_ok() && !outcome.is_terminated, "{outcome:?}");
    assert_eq!((queued(&outcome), log.len()), (0, 3));
    let last = engine.statuses();
    assert_eq!(last[0].processors[1].totals.flowfiles_ended, 3, "the end can be looked at");
    assert_eq!(engine.state(), EngineState::Stopping);
}

#[test]
fn a_service_leaves_what_is_queued_and_a_run_works_it_off() {
    let memory = Memory::default();
    for (goal, left) in [(Goal::Serve, 1), (Goal::Drain, 0)] {
        let mut bench = Bench::new();
        let (work, begun, let_go) = block();
        bench.source("A", make(2, 2)).work("B", work).connect("A", SUCCESS, "B");
        let engine = engine(&bench);
        let asking = Arc::clone(&engine);
        let asked = std::thread::spawn(move || {
            begun.recv().unwrap();
            asking.request_stop();
            // It is applied by the flow's threads.
            let is_running = |status: &Status| status.processors[1].state == FlowState::Running;
            while goal == Goal::Serve && asking.statuses().iter().all(is_running) {
                std::thread::yield_now();
            }
            // The first is at work, the second waits; both may go on from here.
            drop(let_go);
        });
        let outcome = engine.run(opener(&memory), goal, || {}).unwrap();
        asked.join().unwrap();
        assert!(!outcome.is_terminated, "{goal:?}");
        assert_eq!(queued(&outcome), left, "{goal:?}");
    }
}

#[test]
fn who_is_asked_to_stop_before_the_start_does_not_start() {
    let (memory, mut bench, log) = (Memory::default(), Bench::new(), Log::new());
    bench.source("A", make(1, 1)).work("B", take(&log)).connect("A", SUCCESS, "B");
    let engine = engine(&bench);
    engine.request_stop();
    let (started, is_started) = channel();
    let outcome =
        engine.run(opener(&memory), Goal::Serve, move || started.send(()).unwrap()).unwrap();
    assert!(!outcome.is_terminated);
    assert!(is_started.recv().is_err(), "it says that it has started");
    assert_eq!(outcome.flows[0].status.processors[0].totals.tasks, 0);
}

#[test]
fn a_termination_is_heard_while_every_thread_of_the_flow_is_blocked() {
    let (memory, mut bench) = (Memory::default(), Bench::new());
    bench.source("A", make(1, 1));
    let mut held = Vec::new();
    let threads = std::thread::available_parallelism().unwrap().get();
    for number in 0..=threads {
        let (work, begun, let_go) = block();
        let name = format!("B{number}");
        bench.work(&name, work).connect("A", SUCCESS, &name);
        held.push((begun, let_go));
    }
    let engine = engine(&bench);
    let asking = Arc::clone(&engine);
    let (let_all_go, begun): (Vec<_>, Vec<_>) =
        held.into_iter().map(|(begun, let_go)| (let_go, begun)).unzip();
    let asked = std::thread::spawn(move || {
        // There is one more than threads: that one never begins.
        let at_work = begun.iter().filter(|begun| begun.recv_timeout(A_WHILE).is_ok()).count();
        assert!(at_work > 0);
        asking.request_stop();
        asking.request_termination();
    });
    let outcome = engine.run(opener(&memory), Goal::Serve, || {}).unwrap();
    asked.join().unwrap();
    assert!(outcome.is_terminated && !outcome.is_ok());
    assert_eq!(outcome.flows[0].stuck.waiting.len(), threads + 1, "what was taken is back");
    drop(let_all_go);
}

#[test]
fn a_termination_is_heard_while_the_folder_is_opened() {
    let bench = {
        let mut bench = Bench::new();
        bench.source("A", make(1, 1));
        bench
    };
    let engine = engine(&bench);
    let (let_go, held) = channel::<()>();
    let asking = Arc::clone(&engine);
    let open = move || {
        asking.request_termination();
        let _ = held.recv();
        Err(StoreError::Closed)
    };
    let outcome = engine.run(open, Goal::Serve, || {}).unwrap();
    assert!(outcome.is_terminated && outcome.flows.is_empty());
    drop(let_go);
}

#[test]
fn what_fails_at_the_start_is_told() {
    let mut bench = Bench::new();
    bench.source("A", make(1, 1));
    let opened = engine(&bench).run(|| Err(StoreError::Closed), Goal::Finish, || {});
    assert!(matches!(opened, Err(EngineError::Repository(_))));
    let open = || -> Result<Repository, StoreError> { panic!("on purpose") };
    let panicked = engine(&bench).run(open, Goal::Finish, || {});
    assert!(matches!(panicked, Err(EngineError::Panicked)));
}

#[test]
fn a_stop_that_takes_too_long_is_a_termination() {
    for goal in [Goal::Drain, Goal::Serve] {
        let (memory, mut bench) = (Memory::default(), Bench::new());
        let (work, wait_for_it, _held) = block();
        bench.source("A", make(2, 2)).work("B", work).connect("A", SUCCESS, "B");
        let engine = within(&bench, A_WHILE);
        let running = Arc::clone(&engine);
        let opener = opener(&memory);
        let ended = std::thread::spawn(move || running.run(opener, goal, || {}).unwrap());
        wait_for_it.recv().unwrap();
        engine.request_stop();
        let outcome = ended.join().unwrap();
        assert!(outcome.is_terminated);
        assert_eq!(queued(&outcome), 2, "what was taken is back: {outcome:?}");
    }
}

#[test]
fn several_flows_are_run_told_and_ended_each_by_itself() {
    let (memory, mut held, mut free) = (Memory::default(), Bench::new(), Bench::new());
    let (log, gate, (begins, begun)) = (Log::new(), Arc::new(Notify::new()), channel());
    let door = Arc::clone(&gate);
    // It waits without a thread: one that is held may hold what another flow waits for.
    let work = script(move |session| {
        let (begins, gate) = (begins.clone(), Arc::clone(&door));
        Box::pin(async move {
            let Some(flowfile) = session.get()? else { return Ok(()) };
            begins.send(()).unwrap();
            gate.notified().await;
            session.transfer(flowfile, SUCCESS);
            Ok(())
        })
    });
    held.source("A", make(1, 1)).work("B", work).connect("A", SUCCESS, "B");
    free.member("name", "free".into());
    free.source("A", make(3, 3)).work("B", take(&log)).connect("A", SUCCESS, "B");
    let flows = vec![held.valid(), free.valid()];
    let environment = held.environment.clone();
    let engine = Arc::new(Engine::new(flows, catalog(), environment, Duration::from_mins(10)));
    let names = |engine: &Engine| {
        let definitions = engine.definitions();
        definitions.iter().map(|flow| flow.name.clone()).collect::<Vec<_>>()
    };
    assert_eq!(names(&engine), ["bench", "free"]);
    let running = Arc::clone(&engine);
    let opener = opener(&memory);
    let ended = std::thread::spawn(move || running.run(opener, Goal::Finish, || {}).unwrap());
    begun.recv().unwrap();
    // What has nothing left to do stops while the other one works.
    while engine.statuses()[1].state != FlowState::Stopped {
        std::thread::yield_now();
    }
    assert_eq!(engine.statuses()[0].flowfiles.queued, 1);
    assert_eq!((engine.state(), log.len()), (EngineState::Running, 3));
    gate.notify_one();
    let outcome = ended.join().unwrap();
    assert!(outcome.is_ok(), "{outcome:?}");
    let told: Vec<_> = outcome
        .flows
        .iter()
        .map(|FlowOutcome { status, .. }| {
            (status.name.as_str(), status.processors[1].totals.flowfiles_ended)
        })
        .collect();
    assert_eq!(told, [("bench", 1), ("free", 3)]);
    assert_eq!((names(&engine).len(), engine.statuses().len()), (2, 2), "the end can be looked at");
}

#[test]
fn two_flows_of_one_name_are_not_run() {
    let (memory, mut bench, log) = (Memory::default(), Bench::new(), Log::new());
    bench.source("A", make(1, 1)).work("B", take(&log)).connect("A", SUCCESS, "B");
    let flows = vec![bench.valid(), bench.valid()];
    let environment = bench.environment.clone();
    let engine = Arc::new(Engine::new(flows, catalog(), environment, Duration::from_mins(10)));
    let error = engine.run(opener(&memory), Goal::Finish, || {}).unwrap_err();
    let message = "two flows are called \"bench\": give one of them another name";
    assert_eq!((error.to_string().as_str(), log.len()), (message, 0));
}

#[test]
fn a_flow_of_an_engine_changes_and_a_stop_goes_before_a_change() {
    let (memory, mut bench, log) = (Memory::default(), Bench::new(), Log::new());
    let (work, begun, let_go) = block();
    bench.source("A", make(2, 2)).work("B", take(&log)).connect("A", SUCCESS, "B");
    let engine = engine(&bench);
    let control = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let edit =
        |flow| control.block_on(engine.edit(flow, EditOptions::within(Duration::from_mins(10))));
    let early = edit(bench.valid()).unwrap_err();
    assert_eq!(early.to_string(), "no flow \"bench\" runs here");
    let running = Arc::clone(&engine);
    let opener = opener(&memory);
    let ended = std::thread::spawn(move || running.run(opener, Goal::Serve, || {}).unwrap());
    while log.len() < 2 {
        std::thread::yield_now();
    }
    bench.source("C", make(1, 1)).work("D", work).connect("C", SUCCESS, "D");
    let edited = edit(bench.valid()).unwrap();
    assert_eq!((edited.kept, edited.added), (2, vec!["C".to_owned(), "D".to_owned()]));
    assert_eq!(engine.definitions()[0].processors().count(), 4);
    begun.recv().unwrap();
    bench.work_with("D", &serde_json::json!({ "penaltyDuration": "7 s" }), take(&log));
    let changed = bench.valid();
    let stopping = Arc::clone(&engine);
    let asked = std::thread::spawn(move || {
        while stopping.statuses()[0].processors[3].state != FlowState::Stopping {
            std::thread::yield_now();
        }
        stopping.request_stop();
    });
    assert!(matches!(edit(changed), Err(EditError::Stopping)));
    drop(let_go);
    asked.join().unwrap();
    assert!(!ended.join().unwrap().is_terminated);
    assert_eq!(engine.definitions()[0].processors().count(), 4, "the last version is remembered");
}
