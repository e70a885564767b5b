//! Changes of a flow that runs: what is the same goes on, what is not changes between two sessions,
//! and what cannot be changed stays as it was.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on ends")]

mod common;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use common::{
    Bench, Log, Memory, Script, connection, make, processor, script, settle, soon, take, until,
};
use serde_json::json;
use tokio::sync::Notify;
use tutti_runtime::{EditError, EditOptions, Edited, First, Flow, FlowState};
use tutti_sdk::SUCCESS;
use tutti_store::Options;

const PATIENCE: Duration = Duration::from_mins(1);

/// Gives the processor `name` another property and so another script.
fn change(bench: &mut Bench, name: &str, version: u64, script: &Script) {
    let changed = bench.scripted("Work", &format!("{name} {version}"), script.clone());
    bench.work_with(name, &json!({ "properties": changed["properties"] }), script.clone());
}

async fn edit(bench: &Bench, flow: &Flow) -> Result<Edited, EditError> {
    soon(flow.edit(&Arc::new(bench.valid()), EditOptions::within(PATIENCE))).await
}

fn paths(paths: &[&str]) -> Vec<String> {
    paths.iter().map(|path| (*path).to_owned()).collect()
}

/// Takes one flowfile and holds it until it is let go.
fn hold(gate: &Arc<Notify>, log: &Log<String>) -> Script {
    let (gate, log) = (Arc::clone(gate), log.clone());
    script(move |session| {
        let (gate, log) = (Arc::clone(&gate), log.clone());
        Box::pin(async move {
            let Some(flowfile) = session.get()? else { return Ok(()) };
            gate.notified().await;
            log.note(common::n(&flowfile));
            session.transfer(flowfile, SUCCESS);
            Ok(())
        })
    })
}

/// A source of one flowfile a trigger for ever, until it is told to stop.
fn endless(is_over: &Arc<AtomicBool>, made: &Arc<AtomicU64>) -> Script {
    let (is_over, made) = (Arc::clone(is_over), Arc::clone(made));
    script(move |session| {
        let (is_over, made) = (Arc::clone(&is_over), Arc::clone(&made));
        Box::pin(async move {
            if is_over.load(Ordering::SeqCst) {
                return Ok(());
            }
            let mut flowfile = session.create();
            flowfile.set_attribute("n", made.fetch_add(1, Ordering::SeqCst).to_string());
            session.transfer(flowfile, SUCCESS);
            Ok(())
        })
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_changes_under_load_lose_nothing_and_stop_nobody_else() {
    let (is_over, made, seen) = (Arc::default(), Arc::default(), Log::new());
    let (source, sink) = (endless(&is_over, &made), take(&seen));
    let mut bench = Bench::new();
    bench.source("Make", source.clone()).work("Pass", take(&Log::new()));
    bench.work("Take", sink.clone());
    bench.connect("Make", SUCCESS, "Pass").connect("Pass", SUCCESS, "Take");
    let flow = bench.start();
    let mut passed = Vec::new();
    for version in 0..100 {
        let log = Log::new();
        change(&mut bench, "Pass", version, &take(&log));
        let edited = edit(&bench, &flow).await.unwrap();
        assert_eq!((edited.kept, edited.changed), (2, paths(&["Pass"])));
        until(|| log.len() > 0).await;
        passed.push(log);
    }
    is_over.store(true, Ordering::SeqCst);
    assert!(soon(flow.until_idle()).await.unwrap().is_empty());
    let made = made.load(Ordering::SeqCst);
    let mut all: Vec<u64> = seen.all().iter().map(|n| n.parse().unwrap()).collect();
    all.sort_unstable();
    assert_eq!(all, (0..made).collect::<Vec<_>>(), "each comes there once");
    for script in [&source, &sink] {
        assert_eq!(script.stops.load(Ordering::SeqCst), 0, "it went on as it was");
    }
    assert_eq!(processor(&flow, "Pass").totals.flowfiles_in, made, "counts go on over changes");
    assert_eq!(connection(&flow, "Make").flowfiles_in, made);
    soon(flow.stop()).await;
}

#[tokio::test]
async fn others_work_on_while_a_session_of_what_is_changed_is_waited_for() {
    let (is_over, made, gate, held) =
        (Arc::default(), Arc::default(), Arc::new(Notify::new()), Log::new());
    let mut bench = Bench::new();
    bench.source("Make", endless(&is_over, &made)).work("Hold", hold(&gate, &held));
    bench.connect("Make", SUCCESS, "Hold");
    let flow = bench.start();
    settle().await;
    let after = Log::new();
    change(&mut bench, "Hold", 1, &take(&after));
    let changed = Arc::new(bench.valid());
    let edit = flow.edit(&changed, EditOptions::within(PATIENCE));
    tokio::pin!(edit);
    assert!(futures::poll!(&mut edit).is_pending());
    let before = made.load(Ordering::SeqCst);
    // The source works on.
    until(|| made.load(Ordering::SeqCst) > before).await;
    assert!(futures::poll!(&mut edit).is_pending());
    assert!(matches!(
        flow.edit(&changed, EditOptions::within(PATIENCE)).await,
        Err(EditError::Busy)
    ));
    gate.notify_one();
    soon(&mut edit).await.unwrap();
    assert_eq!(held.all(), ["0"], "what it had taken it committed");
    until(|| after.len() > 1).await;
    assert_eq!(after.all()[..2], ["1", "2"]);
    is_over.store(true, Ordering::SeqCst);
    soon(flow.stop()).await;
}

#[tokio::test]
async fn what_a_session_of_the_old_version_sends_the_new_one_takes() {
    let (gate, log) = (Arc::new(Notify::new()), Log::new());
    let mut bench = Bench::new();
    bench.source("Make", make(1, 1)).work("Hold", hold(&gate, &Log::new()));
    bench.work("Take", take(&Log::new()));
    bench.connect("Make", SUCCESS, "Hold").connect("Hold", SUCCESS, "Take");
    let flow = bench.start();
    settle().await;
    change(&mut bench, "Take", 1, &take(&log));
    let edited = edit(&bench, &flow).await.unwrap();
    assert_eq!(edited.changed, paths(&["Take"]), "who holds a flowfile is not waited for");
    settle().await;
    gate.notify_one();
    until(|| log.len() == 1).await;
    let status = processor(&flow, "Hold");
    assert_eq!((status.totals.flowfiles_out, status.active_tasks), (1, 0));
    soon(flow.stop()).await;
}

#[tokio::test]
async fn what_cannot_be_built_touches_nothing() {
    let work = take(&Log::new());
    let mut bench = Bench::new();
    bench.source("Make", make(0, 1)).work("Work", work.clone());
    bench.connect("Make", SUCCESS, "Work");
    let flow = bench.start();
    settle().await;
    let queues = bench.repository.queues();
    bench.work("More", take(&Log::new())).connect("Work", SUCCESS, "More");
    change(&mut bench, "Work", 1, &work);
    let changed = Arc::new(bench.valid());
    bench.forget("Work 1");
    let refused = soon(flow.edit(&changed, EditOptions::within(PATIENCE))).await.unwrap_err();
    assert_eq!(refused.to_string(), "the changed flow cannot be run");
    assert_eq!(work.stops.load(Ordering::SeqCst), 0);
    assert_eq!(processor(&flow, "Work").state, FlowState::Running);
    assert_eq!(bench.repository.queues(), queues);
}

#[tokio::test]
async fn a_connection_that_holds_flowfiles_is_not_taken_away() {
    let (gate, held) = (Arc::new(Notify::new()), Log::new());
    let mut bench = Bench::new();
    bench.source("Make", make(3, 3)).work("Hold", hold(&gate, &held));
    bench.connect("Make", SUCCESS, "Hold");
    let flow = bench.start();
    settle().await;
    let path = connection(&flow, "Make").path;
    bench.without("Hold");
    let refused = edit(&bench, &flow).await.unwrap_err();
    let told = "flowfiles wait in connections that would not be there any more";
    assert_eq!(refused.to_string(), format!("{told}: 3 in \"{path}\""));
    for _ in 0..3 {
        gate.notify_one();
        settle().await;
    }
    assert_eq!(held.len(), 3, "the flow went on");
    let edited = edit(&bench, &flow).await.unwrap();
    assert_eq!(edited.removed, paths(&["Hold"]));
    assert_eq!(edited.changed, paths(&["Make"]), "its way out is another");
    assert!(bench.repository.queues().is_empty(), "and so is its queue");
}

#[tokio::test]
async fn what_waits_in_a_connection_that_is_removed_is_thrown_away_if_that_is_wanted() {
    let (gate, held) = (Arc::new(Notify::new()), Log::new());
    let mut bench = Bench::new();
    bench.source("Make", make(3, 3)).work("Hold", hold(&gate, &held));
    bench.connect("Make", SUCCESS, "Hold");
    let flow = bench.start();
    settle().await;
    let path = connection(&flow, "Make").path;
    bench.without("Hold");
    let changed = Arc::new(bench.valid());
    let options = EditOptions { is_trashing: true, ..EditOptions::within(PATIENCE) };
    let let_go = async {
        settle().await;
        gate.notify_one();
    };
    let (edited, ()) = tokio::join!(soon(flow.edit(&changed, options)), let_go);
    assert_eq!(edited.unwrap().removed, paths(&["Hold"]));
    let trash = bench.repository.trash().unwrap();
    let told: Vec<_> = trash.iter().map(|one| (&*one.connection, one.flowfiles)).collect();
    assert_eq!((told, held.len()), (vec![(&*path, 2)], 1), "one was at work");
    assert_eq!(bench.repository.queues().len(), 1, "it has no other name");
}

#[tokio::test]
async fn what_must_come_first_hinders_a_change_when_it_cannot_be_done() {
    let work = take(&Log::new());
    let mut bench = Bench::new();
    bench.source("Make", make(0, 1)).work("Work", work.clone());
    bench.connect("Make", SUCCESS, "Work");
    let flow = bench.start();
    settle().await;
    change(&mut bench, "Work", 1, &work);
    let changed = Arc::new(bench.valid());
    let options =
        |first: First| EditOptions { first: Some(first), ..EditOptions::within(PATIENCE) };
    let refused = options(Box::new(|| Err("no room".into())));
    let refused = soon(flow.edit(&changed, refused)).await;
    assert!(matches!(refused, Err(EditError::First(_))), "{refused:?}");
    until(|| processor(&flow, "Work").state == FlowState::Running).await;
    assert!(!Arc::ptr_eq(&flow.definition(), &changed), "it is what it was");
    soon(flow.edit(&changed, options(Box::new(|| Ok(()))))).await.unwrap();
    assert!(Arc::ptr_eq(&flow.definition(), &changed));
}

#[tokio::test]
async fn what_comes_while_a_stop_is_waited_for_hinders_too_and_all_goes_on() {
    let (is_over, made, gate, held) =
        (Arc::default(), Arc::default(), Arc::new(Notify::new()), Log::new());
    let mut bench = Bench::new();
    bench.source("Make", endless(&is_over, &made)).work("Hold", hold(&gate, &held));
    bench.work("Take", script(|_| Box::pin(async { Ok(()) })));
    bench.connect("Make", SUCCESS, "Hold").connect("Hold", SUCCESS, "Take");
    let flow = bench.start();
    settle().await;
    bench.without("Take");
    let changed = Arc::new(bench.valid());
    let edit = flow.edit(&changed, EditOptions::within(PATIENCE));
    tokio::pin!(edit);
    assert!(futures::poll!(&mut edit).is_pending());
    gate.notify_one();
    assert!(matches!(soon(&mut edit).await, Err(EditError::NotEmpty(_))));
    settle().await;
    gate.notify_one();
    until(|| held.len() == 2).await;
    is_over.store(true, Ordering::SeqCst);
}

#[tokio::test]
async fn a_stop_that_takes_too_long_is_given_up_and_everything_goes_on() {
    let (gate, held) = (Arc::new(Notify::new()), Log::new());
    let mut bench = Bench::new();
    bench.source("Make", make(2, 2)).work("Hold", hold(&gate, &held));
    bench.connect("Make", SUCCESS, "Hold");
    let flow = bench.start();
    settle().await;
    change(&mut bench, "Hold", 1, &take(&Log::new()));
    let changed = Arc::new(bench.valid());
    let edit = flow.edit(&changed, EditOptions::within(PATIENCE));
    tokio::pin!(edit);
    assert!(futures::poll!(&mut edit).is_pending());
    bench.clock.advance_ms(60_000);
    let refused = soon(&mut edit).await.unwrap_err();
    assert_eq!(refused.to_string(), "these have not stopped within 60 seconds: \"Hold\"");
    settle().await;
    gate.notify_one();
    settle().await;
    gate.notify_one();
    until(|| held.len() == 2).await;
    assert_eq!(held.all(), ["0", "1"], "it was started again as it was");
    soon(flow.stop()).await;
}

#[tokio::test]
async fn a_change_that_is_dropped_never_was() {
    let (gate, held) = (Arc::new(Notify::new()), Log::new());
    let mut bench = Bench::new();
    bench.source("Make", make(2, 2)).work("Hold", hold(&gate, &held));
    bench.connect("Make", SUCCESS, "Hold");
    let flow = bench.start();
    settle().await;
    change(&mut bench, "Hold", 1, &take(&Log::new()));
    let changed = Arc::new(bench.valid());
    {
        let edit = flow.edit(&changed, EditOptions::within(PATIENCE));
        tokio::pin!(edit);
        assert!(futures::poll!(&mut edit).is_pending());
    }
    gate.notify_one();
    settle().await;
    gate.notify_one();
    until(|| held.len() == 2).await;
    soon(flow.edit(&changed, EditOptions::within(PATIENCE))).await.unwrap();
}

#[tokio::test]
async fn who_stops_a_processor_while_it_is_changed_has_it_stopped() {
    let (gate, held) = (Arc::new(Notify::new()), Log::new());
    let mut bench = Bench::new();
    bench.source("Make", make(2, 2)).work("Hold", hold(&gate, &held));
    bench.connect("Make", SUCCESS, "Hold");
    let flow = bench.start();
    settle().await;
    let after = Log::new();
    change(&mut bench, "Hold", 1, &take(&after));
    let changed = Arc::new(bench.valid());
    let edit = flow.edit(&changed, EditOptions::within(PATIENCE));
    let stop = flow.stop_processor("Hold");
    tokio::pin!(edit, stop);
    assert!(futures::poll!(&mut edit).is_pending());
    assert!(futures::poll!(&mut stop).is_pending());
    gate.notify_one();
    soon(&mut edit).await.unwrap();
    soon(&mut stop).await.unwrap();
    settle().await;
    assert_eq!(processor(&flow, "Hold").state, FlowState::Stopped);
    flow.start_processor("Hold").unwrap();
    until(|| after.len() == 1).await;
    assert_eq!(after.all(), ["1"], "and starts as it is now");
}

#[tokio::test]
async fn what_is_renamed_keeps_its_queue_and_its_state() {
    let seen = Log::new();
    let remember = |seen: &Log<String>| {
        let seen = seen.clone();
        script(move |session| {
            let seen = seen.clone();
            Box::pin(async move {
                let Some(flowfile) = session.get()? else { return Ok(()) };
                let before = session.state("last")?.unwrap_or_else(|| "nothing".to_owned());
                seen.note(format!("{} after {before}", common::n(&flowfile)));
                session.set_state("last", Some(common::n(&flowfile)));
                session.transfer(flowfile, SUCCESS);
                Ok(())
            })
        })
    };
    let mut bench = Bench::new();
    let script = remember(&seen);
    bench.source("Make", make(3, 3)).work("Old", script.clone());
    bench.connect("Make", SUCCESS, "Old");
    let flow = bench.compile();
    flow.start_processor("Make").unwrap();
    settle().await;
    soon(flow.run_once("Old")).await.unwrap();
    let key = bench.scripted("Work", "Old", script.clone());
    bench.without("Old");
    bench.work_with("New", &json!({ "properties": key["properties"] }), script);
    bench.connect("Make", SUCCESS, "New");
    let edited = edit(&bench, &flow).await.unwrap();
    assert_eq!((edited.added, edited.removed), (paths(&["New"]), paths(&["Old"])));
    flow.start_processor("New").unwrap();
    until(|| seen.len() == 3).await;
    assert_eq!(seen.all(), ["0 after nothing", "1 after 0", "2 after 1"]);
    assert_eq!(bench.repository.queues().len(), 1);
    assert_eq!(bench.repository.components(), ["bench/New".into()]);
}

#[tokio::test]
async fn limits_change_without_a_stop() {
    let work = script(|_| Box::pin(async { Ok(()) }));
    let mut bench = Bench::new();
    let source = make(9, 1);
    bench.source("Make", source.clone()).work("Work", work.clone());
    let limit = |count: u64| json!({ "backPressure": { "count": count } });
    bench.connect_with("Make", SUCCESS, "Work", &limit(2));
    let flow = bench.start();
    until(|| connection(&flow, "Make").queued == 2).await;
    settle().await;
    assert_eq!(connection(&flow, "Make").queued, 2);
    bench.without("Work").work("Work", work.clone());
    bench.connect_with("Make", SUCCESS, "Work", &limit(5));
    assert_eq!(edit(&bench, &flow).await.unwrap().kept, 2);
    until(|| connection(&flow, "Make").queued == 5).await;
    settle().await;
    assert_eq!(connection(&flow, "Make").queued, 5);
    assert_eq!(work.stops.load(Ordering::SeqCst), 0);
    assert_eq!(source.stops.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn what_is_new_runs_if_the_flow_does() {
    let log = Log::new();
    let mut bench = Bench::new();
    bench.source("Make", make(1, 1));
    let flow = bench.compile();
    bench.work("Take", take(&log)).connect("Make", SUCCESS, "Take");
    edit(&bench, &flow).await.unwrap();
    settle().await;
    assert_eq!(flow.status().state, FlowState::Stopped, "nothing of it ran");
    flow.start();
    until(|| log.len() == 1).await;
    let more = Log::new();
    bench.work("More", take(&more)).connect("Take", SUCCESS, "More");
    edit(&bench, &flow).await.unwrap();
    settle().await;
    assert_eq!(processor(&flow, "More").state, FlowState::Running);
    assert_eq!(processor(&flow, "Take").state, FlowState::Running);
    soon(flow.stop()).await;
    assert_eq!(flow.status().state, FlowState::Stopped);
}

#[test]
fn a_flow_whose_threads_are_gone_holds_nothing() {
    let repository = Memory::default().open(Options::default());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let log = Log::new();
    runtime.block_on(async {
        let mut bench = Bench::on(Arc::clone(&repository));
        bench.source("Make", make(1, 1)).work("Take", take(&log));
        bench.connect("Make", SUCCESS, "Take");
        let flow = bench.start();
        until(|| log.len() == 1).await;
        change(&mut bench, "Take", 1, &take(&log));
        edit(&bench, &flow).await.unwrap();
        settle().await;
    });
    drop(runtime);
    assert_eq!(Arc::strong_count(&repository), 1);
}
