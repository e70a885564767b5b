//! Starting, stopping, terminating, draining; and what goes on while processors are busy.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends")]

mod common;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use common::{
    Bench, Log, START, Script, connection, failing, make, messages, n, processor, script, settle,
    soon, take, until,
};
use parking_lot::Mutex;
use serde_json::json;
use tokio::runtime::Handle;
use tokio::sync::Notify;
use tutti_runtime::{ControlError, Environment, Executor, FlowState, Job};
use tutti_sdk::bulletin::Level;
use tutti_sdk::host::{BoxFuture, Work};
use tutti_sdk::testkit::SeededRandom;
use tutti_sdk::{ProcessError, ProcessorContext, SUCCESS};

/// Takes one flowfile, and holds it until it is let go.
fn hold(gate: &Arc<Notify>) -> Script {
    let gate = Arc::clone(gate);
    script(move |session| {
        let gate = Arc::clone(&gate);
        Box::pin(async move {
            let Some(flowfile) = session.get()? else { return Ok(()) };
            gate.notified().await;
            session.transfer(flowfile, SUCCESS);
            Ok(())
        })
    })
}

fn holding(count: u64) -> (Bench, Arc<Notify>, Script) {
    let gate = Arc::new(Notify::new());
    let script = hold(&gate);
    let mut bench = Bench::new();
    bench.source("Make", make(count, count)).work("Hold", script.clone());
    bench.connect("Make", SUCCESS, "Hold");
    (bench, gate, script)
}

#[tokio::test]
async fn a_stop_waits_for_the_task_and_then_begins_no_other() {
    let (bench, gate, script) = holding(3);
    let flow = bench.start();
    settle().await;
    assert_eq!(processor(&flow, "Hold").active_tasks, 1);
    let stop = flow.stop();
    tokio::pin!(stop);
    assert!(futures::poll!(&mut stop).is_pending());
    assert_eq!(processor(&flow, "Hold").state, FlowState::Stopping);
    assert!(matches!(flow.start_processor("Hold"), Err(ControlError::NotStopped { .. })));
    gate.notify_one();
    soon(stop).await;
    assert_eq!(flow.status().state, FlowState::Stopped);
    assert_eq!(processor(&flow, "Hold").totals.flowfiles_in, 1, "its commit counts");
    assert_eq!(connection(&flow, "Make").queued, 2);
    assert_eq!(script.stops.load(Ordering::SeqCst), 1);
    flow.start();
    settle().await;
    gate.notify_one();
    until(|| processor(&flow, "Hold").totals.flowfiles_in == 2).await;
}

#[tokio::test]
async fn a_start_and_a_stop_see_the_flow_the_processor_its_state_and_the_clock() {
    let log = Log::new();
    let note = |when: &'static str| {
        let log: Log<_> = log.clone();
        move |context: &ProcessorContext| {
            let seen = context.state("seen").unwrap();
            let names = format!("{}/{}", context.flow(), context.component());
            log.note((when, names, seen, context.clock().now()));
            context.report(Level::Warning, when);
        }
    };
    let scheduled = note("scheduled");
    let work = script(|session| {
        Box::pin(async {
            let Some(flowfile) = session.get()? else { return Ok(()) };
            session.set_state("seen", Some(n(&flowfile)));
            session.transfer(flowfile, SUCCESS);
            Ok(())
        })
    });
    let work = work.on_stopped(note("stopped")).on_scheduled(move |context| {
        scheduled(context);
        Ok(())
    });
    let mut bench = Bench::new();
    bench.source("Make", make(2, 1)).work("Work", work).connect("Make", SUCCESS, "Work");
    let flow = bench.start();
    soon(flow.until_idle()).await.unwrap();
    bench.clock.advance_ms(7);
    soon(flow.stop()).await;
    let names = || "bench/Work".to_owned();
    let stopped = ("stopped", names(), Some("1".to_owned()), START.plus_ms(7));
    assert_eq!(log.all(), [("scheduled", names(), None, START), stopped]);
    assert_eq!(messages(&flow), ["stopped", "scheduled"]);
}

#[tokio::test]
async fn a_termination_puts_back_what_was_taken_and_a_new_instance_takes_over() {
    let (bench, gate, script) = holding(1);
    let flow = bench.start();
    settle().await;
    assert_eq!(connection(&flow, "Make").in_flight, 1);
    // The validation has built one too.
    let built = script.builds.load(Ordering::SeqCst);
    flow.terminate_processor("Hold").unwrap();
    let queue = connection(&flow, "Make");
    assert_eq!((queue.queued, queue.in_flight, queue.penalized), (1, 0, 0));
    assert_eq!(processor(&flow, "Hold").state, FlowState::Stopped);
    assert!(flow.status().bulletins.is_empty(), "whoever terminates knows");
    flow.start_processor("Hold").unwrap();
    assert_eq!(script.builds.load(Ordering::SeqCst), built + 1);
    settle().await;
    gate.notify_one();
    assert!(soon(flow.until_idle()).await.unwrap().is_empty());
    assert_eq!(processor(&flow, "Hold").totals.flowfiles_in, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn a_late_commit_after_a_termination_is_refused() {
    let (release, wait) = std::sync::mpsc::channel::<()>();
    let wait = Mutex::new(Some(wait));
    let log: Log<String> = Log::new();
    let noted = log.clone();
    let has_begun = Arc::new(AtomicBool::new(false));
    let begun = Arc::clone(&has_begun);
    let late = script(move |session| {
        let wait = wait.lock().take();
        let (log, begun) = (noted.clone(), Arc::clone(&begun));
        Box::pin(async move {
            let Some(flowfile) = session.get()? else { return Ok(()) };
            if let Some(wait) = wait {
                begun.store(true, Ordering::SeqCst);
                // Blocks its thread: nothing can end this task but itself.
                wait.recv().unwrap();
            }
            session.set_state("seen", Some(n(&flowfile)));
            session.transfer(flowfile, SUCCESS);
            let ended = session.commit().await;
            log.note(ended.map_or_else(|error| error.chain(), |()| "committed".to_owned()));
            let more = session.get().err().map(|error| error.chain());
            log.note(more.unwrap_or_default());
            Ok(())
        })
    });
    let mut bench = Bench::new();
    bench.source("Make", make(1, 1)).work("Late", late).connect("Make", SUCCESS, "Late");
    let flow = bench.start();
    until(|| has_begun.load(Ordering::SeqCst)).await;
    flow.terminate_processor("Late").unwrap();
    release.send(()).unwrap();
    until(|| log.len() == 2).await;
    assert_eq!(log.all(), ["the processor was terminated"; 2]);
    assert_eq!(bench.repository.state("bench/Late").values.len(), 0);
    assert_eq!(connection(&flow, "Make").queued, 1);
    flow.start_processor("Late").unwrap();
    assert!(soon(flow.until_idle()).await.unwrap().is_empty());
    assert_eq!(log.all()[2..], ["committed", ""]);
}

#[tokio::test]
async fn run_once_triggers_once_and_not_without_work_or_room() {
    let log = Log::new();
    let mut bench = Bench::new();
    bench.source("Make", make(10, 2)).work("Take", take(&log));
    bench.connect_with("Make", SUCCESS, "Take", &json!({ "backPressure": { "count": 3 } }));
    let flow = bench.compile();
    assert!(!soon(flow.run_once("Take")).await.unwrap(), "no work");
    assert!(soon(flow.run_once("Make")).await.unwrap());
    assert!(soon(flow.run_once("Make")).await.unwrap());
    assert!(!soon(flow.run_once("Make")).await.unwrap(), "no room");
    assert!(soon(flow.run_once("Take")).await.unwrap());
    assert_eq!((log.len(), connection(&flow, "Make").queued), (1, 3));
    assert_eq!(flow.status().state, FlowState::Stopped);
    let missing = flow.run_once("Tkae").await.unwrap_err();
    assert_eq!(missing.to_string(), "the flow has no processor \"Tkae\"");
}

#[tokio::test]
async fn a_disabled_processor_does_not_run_whatever_is_asked() {
    let mut bench = Bench::new();
    bench.source_with("Make", &json!({ "state": "disabled" }), make(1, 1));
    let flow = bench.start();
    settle().await;
    assert_eq!(processor(&flow, "Make").state, FlowState::Disabled);
    assert!(matches!(flow.start_processor("Make"), Err(ControlError::Disabled { .. })));
    assert!(soon(flow.until_idle()).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_drain_ends_an_endless_source_and_lets_everything_come_to_its_end() {
    let log = Log::new();
    let mut bench = Bench::new();
    bench.source("Make", make(u64::MAX, 3)).work("Middle", take(&log)).work("Last", take(&log));
    let limit = json!({ "backPressure": { "count": 5 } });
    bench.connect_with("Make", SUCCESS, "Middle", &limit);
    bench.connect_with("Middle", SUCCESS, "Last", &limit);
    let flow = bench.start();
    until(|| log.len() > 50).await;
    let stuck = soon(flow.drain()).await.unwrap();
    assert!(stuck.is_empty(), "{stuck:?}");
    let made = processor(&flow, "Make").totals.flowfiles_out;
    assert_eq!(processor(&flow, "Last").totals.flowfiles_ended, made);
    assert_eq!(flow.status().state, FlowState::Stopped);
}

#[tokio::test]
async fn idleness_is_not_told_before_a_slow_task_ends() {
    let (bench, gate, _) = holding(1);
    let flow = bench.start();
    settle().await;
    let idle = flow.until_idle();
    tokio::pin!(idle);
    assert!(futures::poll!(&mut idle).is_pending());
    settle().await;
    assert!(futures::poll!(&mut idle).is_pending());
    gate.notify_one();
    assert!(soon(idle).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_waits_before_a_stopped_processor_is_told() {
    let log = Log::new();
    let mut bench = Bench::new();
    bench.source("Make", make(4, 4)).work("Middle", take(&log)).work("Last", take(&log));
    bench.connect("Make", SUCCESS, "Middle");
    bench.connect_with("Middle", SUCCESS, "Last", &json!({ "backPressure": { "count": 1 } }));
    let flow = bench.start();
    soon(flow.stop_processor("Last")).await.unwrap();
    let stuck = soon(flow.until_idle()).await.unwrap();
    let waiting = stuck.waiting.iter().map(|(_, count)| count).sum::<u64>();
    let ended = processor(&flow, "Last").totals.flowfiles_ended;
    assert_eq!(waiting + ended, 4, "{stuck:?}");
    flow.start_processor("Last").unwrap();
    assert!(soon(flow.until_idle()).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_else_goes_on_while_all_threads_compute() {
    let (release, wait) = std::sync::mpsc::channel::<()>();
    let wait = Arc::new(Mutex::new(wait));
    let begun = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&begun);
    let compute = script(move |session| {
        let (wait, begun) = (Arc::clone(&wait), Arc::clone(&counted));
        Box::pin(async move {
            let Some(flowfile) = session.get()? else { return Ok(()) };
            let compute = move || {
                begun.fetch_add(1, Ordering::SeqCst);
                wait.lock().recv().unwrap();
            };
            session.compute(compute).await?;
            session.transfer(flowfile, SUCCESS);
            Ok(())
        })
    });
    let log = Log::new();
    let mut bench = Bench::new();
    bench.source("Make", make(4, 4));
    bench.work_with("Compute", &json!({ "concurrentTasks": 3 }), compute);
    bench.work("Take", take(&log));
    bench.connect("Make", SUCCESS, "Compute").connect("Make", SUCCESS, "Take");
    let flow = bench.start();
    // The bench has one computing thread: it is full, and two more jobs wait.
    until(|| begun.load(Ordering::SeqCst) == 1 && log.len() == 4).await;
    until(|| processor(&flow, "Compute").active_tasks == 3).await;
    let io = tokio::task::spawn_blocking(|| 7);
    assert_eq!(soon(io).await.unwrap(), 7);
    assert_eq!(begun.load(Ordering::SeqCst), 1, "one computes at a time");
    for _ in 0..4 {
        release.send(()).unwrap();
    }
    assert!(soon(flow.until_idle()).await.unwrap().is_empty());
    assert_eq!(processor(&flow, "Compute").totals.flowfiles_ended, 4);
}

#[tokio::test]
async fn busy_processors_leave_the_others_their_turn() {
    // Neither source ever waits for anything; on one thread this ends only if they give way.
    let log = Log::new();
    let mut bench = Bench::new();
    bench.source("A", make(u64::MAX, 1)).source("B", make(u64::MAX, 1)).work("Take", take(&log));
    bench.connect("B", SUCCESS, "Take");
    let flow = bench.start();
    until(|| log.len() > 10).await;
    assert!(processor(&flow, "A").totals.tasks > 0);
    soon(flow.stop()).await;
}

/// A source of two flowfiles, and "Work", whose start fails each time.
fn never_starting() -> Bench {
    let work = take(&Log::new()).on_scheduled(|_| Err(ProcessError::external("not there yet")));
    failing(2, &json!({}), work).0
}

#[tokio::test]
async fn a_source_does_not_wait_for_what_was_terminated_before_it_had_started() {
    let bench = never_starting();
    let flow = bench.start();
    settle().await;
    assert!(soon(flow.until_idle()).await.unwrap().waiting.is_empty(), "nothing is taken in");
    flow.terminate_processor("Work").unwrap();
    let stuck = soon(flow.until_idle()).await.unwrap();
    assert_eq!(stuck.waiting, [("Make [success] -> Work".to_owned(), 2)]);
}

#[tokio::test]
async fn a_source_does_not_wait_for_what_was_stopped_before_it_had_started() {
    let bench = never_starting();
    let flow = bench.start();
    settle().await;
    soon(flow.stop_processor("Work")).await.unwrap();
    let stuck = soon(flow.until_idle()).await.unwrap();
    assert_eq!(stuck.waiting, [("Make [success] -> Work".to_owned(), 2)]);
}

#[tokio::test]
async fn a_source_that_is_run_once_does_not_wait_for_what_follows() {
    let bench = never_starting();
    let flow = bench.compile();
    flow.start_processor("Work").unwrap();
    settle().await;
    assert!(soon(flow.run_once("Make")).await.unwrap());
    assert_eq!(connection(&flow, "Make").queued, 2);
}

#[tokio::test]
async fn a_source_that_has_begun_goes_on_while_what_follows_is_started_again() {
    let log = Log::new();
    let works = Arc::new(AtomicBool::new(true));
    let is_well = Arc::clone(&works);
    let work = take(&log).on_scheduled(move |_| {
        let is_well = is_well.load(Ordering::SeqCst);
        if is_well { Ok(()) } else { Err(ProcessError::external("gone")) }
    });
    let (bench, _) = failing(2, &json!({}), work);
    let flow = bench.start();
    soon(flow.until_idle()).await.unwrap();
    works.store(false, Ordering::SeqCst);
    soon(flow.stop_processor("Work")).await.unwrap();
    flow.start_processor("Work").unwrap();
    settle().await;
    let stuck = soon(flow.until_idle()).await.unwrap();
    assert_eq!(stuck.not_started, [("Work".to_owned(), "gone".to_owned())]);
}

#[tokio::test]
async fn a_source_waits_for_what_comes_later_too() {
    let log = Log::new();
    let late = take(&log).on_scheduled(|_| Err(ProcessError::external("not there yet")));
    let mut bench = Bench::new();
    bench.source("Make", make(1, 1)).work("Pass", take(&log)).work("Late", late);
    bench.connect("Make", SUCCESS, "Pass");
    bench.connect("Pass", SUCCESS, "Late");
    let flow = bench.start();
    let stuck = soon(flow.until_idle()).await.unwrap();
    assert_eq!(stuck.not_started.len(), 1);
    assert_eq!((log.len(), flow.status().flowfiles.entered), (0, 0));
}

/// Keeps what blocks until it is let go.
#[derive(Default)]
struct Held(Mutex<Vec<Job>>);

impl Executor for Held {
    fn start<'a>(&'a self, _: &'a Handle, _: Work, job: Job) -> BoxFuture<'a, ()> {
        self.0.lock().push(job);
        Box::pin(async {})
    }

    fn moment(&self) -> BoxFuture<'static, ()> {
        Box::pin(std::future::ready(()))
    }
}

#[tokio::test]
async fn a_flow_that_finds_work_while_it_is_made_durable_is_not_idle() {
    let held = Arc::new(Held::default());
    let gate = Arc::new(Notify::new());
    let looks = Arc::new(AtomicU64::new(0));
    let second = script(move |session| {
        let is_second = looks.fetch_add(1, Ordering::SeqCst) == 1;
        Box::pin(async move {
            if is_second {
                let made = session.create();
                session.transfer(made, SUCCESS);
            }
            Ok(())
        })
    });
    let mut bench = Bench::new();
    let random = Arc::new(SeededRandom::new(1));
    bench.environment =
        Environment::new(Arc::clone(&bench.clock) as Arc<_>, random, Arc::clone(&held) as Arc<_>);
    bench.source_with("Make", &json!({ "schedule": { "period": "1 sec" } }), second);
    bench.work("Hold", hold(&gate)).connect("Make", SUCCESS, "Hold");
    let flow = bench.start();
    let idle = flow.until_idle();
    tokio::pin!(idle);
    settle().await;
    assert!(futures::poll!(&mut idle).is_pending());
    let flush = held.0.lock().pop().unwrap();
    bench.advance(1_000, 500).await;
    assert_eq!(processor(&flow, "Hold").active_tasks, 1);
    flush();
    settle().await;
    assert!(futures::poll!(&mut idle).is_pending(), "it is at work again");
    gate.notify_one();
    while processor(&flow, "Hold").totals.flowfiles_ended == 0 {
        settle().await;
    }
    bench.advance(1_000, 500).await;
    settle().await;
    assert!(futures::poll!(&mut idle).is_pending(), "that is to be made durable too");
    let flush = held.0.lock().pop().unwrap();
    flush();
    assert!(soon(idle).await.unwrap().is_empty());
}
