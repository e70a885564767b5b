//! Processors that have nothing to do with what waits for them, and flowfiles that become one.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends")]

mod common;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use common::{
    Bench, Log, OTHER, START, Script, connection, make, messages, n, script, soon, take, until,
};
use serde_json::json;
use tutti_model::flowfile::{Pick, Timestamp};
use tutti_sdk::{FAILURE, SUCCESS};

/// Notes how many it sees, takes them when there are `enough` or when it is `due`, and rests.
fn gathers(seen: &Log<usize>, enough: usize, due: Option<Timestamp>) -> Script {
    let seen = seen.clone();
    script(move |session| {
        let seen = seen.clone();
        Box::pin(async move {
            let mut there = 0;
            session.get_where(usize::MAX, |_| {
                there += 1;
                Pick::Skip
            })?;
            seen.note(there);
            let is_due = due.is_some_and(|due| due <= session.clock().now());
            if there < enough && !is_due {
                session.rest(due);
                return Ok(());
            }
            for flowfile in session.get_batch(usize::MAX)? {
                session.transfer(flowfile, SUCCESS);
            }
            Ok(())
        })
    })
}

/// A source that makes what it is told to.
fn tap(bench: &mut Bench) -> Arc<AtomicBool> {
    let is_open = Arc::new(AtomicBool::new(true));
    let opened = Arc::clone(&is_open);
    bench.source(
        "Make",
        script(move |session| {
            let makes = opened.swap(false, Ordering::SeqCst);
            Box::pin(async move {
                if makes {
                    let flowfile = session.create();
                    session.transfer(flowfile, SUCCESS);
                }
                Ok(())
            })
        }),
    );
    is_open
}

#[tokio::test]
async fn who_rests_looks_again_when_more_comes_and_keeps_no_run_from_its_end() {
    let seen = Log::new();
    let mut bench = Bench::new();
    let is_open = tap(&mut bench);
    bench.work("Work", gathers(&seen, 3, None)).connect("Make", SUCCESS, "Work");
    let flow = bench.start();
    for waiting in 1..=2 {
        let path = connection(&flow, "Make").path;
        assert_eq!(soon(flow.until_idle()).await.unwrap().waiting, [(path, waiting)]);
        bench.advance(10_000, 500).await;
        assert_eq!(seen.all(), [1, 2][..waiting as usize], "nothing new came");
        is_open.store(true, Ordering::SeqCst);
        bench.clock.advance_ms(1_000);
        until(|| seen.len() > waiting as usize).await;
    }
    bench.advance(1_000, 500).await;
    assert!(soon(flow.until_idle()).await.unwrap().is_empty());
    assert_eq!(seen.all()[..3], [1, 2, 3]);
}

#[tokio::test]
async fn a_run_waits_for_the_moment_that_ends_a_rest() {
    let seen = Log::new();
    let mut bench = Bench::new();
    let due = START.plus_ms(60_000);
    bench.source("Make", make(2, 2));
    let shown = json!({ "bulletinLevel": "info" });
    bench.work_with("Work", &shown, gathers(&seen, 3, Some(due)));
    bench.connect("Make", SUCCESS, "Work");
    let flow = bench.start();
    until(|| seen.len() == 1).await;
    let ended = tokio::spawn(async move { (flow.until_idle().await, flow) });
    bench.advance(59_000, 500).await;
    assert_eq!((seen.all(), ended.is_finished()), (vec![2], false));
    bench.advance(1_000, 500).await;
    let (stuck, flow) = soon(ended).await.unwrap();
    assert!(stuck.unwrap().is_empty());
    assert_eq!(seen.all()[..2], [2, 2]);
    let told = "waiting for more flowfiles, or until 60 s have passed";
    assert!(messages(&flow).iter().any(|message| message == told), "{:?}", messages(&flow));
}

#[tokio::test]
async fn a_moment_far_away_is_left_to_the_next_run() {
    let seen = Log::new();
    let mut bench = Bench::new();
    bench.source("Make", make(2, 2));
    bench.work("Work", gathers(&seen, 3, Some(START.plus_ms(3_600_000))));
    bench.connect("Make", SUCCESS, "Work");
    let flow = bench.start();
    assert_eq!(soon(flow.until_idle()).await.unwrap().waiting.len(), 1);
}

#[tokio::test]
async fn what_expires_does_so_while_its_processor_rests() {
    let seen = Log::new();
    let mut bench = Bench::new();
    bench.source("Make", make(2, 2)).work("Work", gathers(&seen, 3, None));
    bench.connect_with("Make", SUCCESS, "Work", &json!({ "expiration": "10 sec" }));
    let flow = bench.start();
    until(|| seen.len() == 1).await;
    bench.advance(21_000, 500).await;
    assert!(soon(flow.until_idle()).await.unwrap().is_empty());
    assert_eq!(connection(&flow, "Make").flowfiles_expired, 2);
}

/// Joins the flowfile 0 by itself, and all others; the first time, one of these goes to `failure`.
fn joins(taken: &Log<String>) -> Script {
    let taken = taken.clone();
    let has_failed = Arc::new(AtomicBool::new(false));
    script(move |session| {
        let (taken, has_failed) = (taken.clone(), Arc::clone(&has_failed));
        Box::pin(async move {
            let all = session.get_batch(usize::MAX)?;
            let (alone, others): (Vec<_>, Vec<_>) =
                all.into_iter().partition(|each| n(each) == "0");
            for (name, parents) in [("alone", alone), ("whole", others)] {
                if parents.is_empty() {
                    continue;
                }
                taken.note(parents.iter().map(n).collect());
                let mut joined = session.create_joined(&parents);
                joined.set_attribute("n", name);
                let copy = session.clone_flowfile(&joined);
                session.remove(copy, "it is only there to be undone");
                session.transfer(joined, SUCCESS);
                for parent in parents {
                    let fails = n(&parent) == "2" && !has_failed.swap(true, Ordering::SeqCst);
                    session.transfer(parent, if fails { FAILURE } else { OTHER });
                }
            }
            Ok(())
        })
    })
}

#[tokio::test]
async fn what_became_one_is_tried_again_together() {
    let (taken, done, originals) = (Log::new(), Log::new(), Log::new());
    let mut bench = Bench::new();
    let retry = json!({
        "penaltyDuration": "1 sec",
        "retry": { "relationships": [FAILURE], "attempts": 3 },
    });
    bench.source("Make", make(4, 4)).work_with("Work", &retry, joins(&taken));
    bench.work("Done", take(&done)).work("Originals", take(&originals));
    bench.connect("Make", SUCCESS, "Work").connect("Work", SUCCESS, "Done");
    bench.connect("Work", OTHER, "Originals");
    let flow = bench.start();
    until(|| originals.len() == 1).await;
    assert_eq!((done.all(), originals.all()), (vec!["alone".to_owned()], vec!["0".to_owned()]));
    assert_eq!(connection(&flow, "Make").queued, 3, "all that the whole was made of");
    bench.advance(1_000, 500).await;
    assert!(soon(flow.until_idle()).await.unwrap().is_empty());
    assert_eq!(taken.all(), ["0", "123", "123"]);
    assert_eq!(done.all(), ["alone", "whole"]);
    assert_eq!(originals.all(), ["0", "1", "2", "3"]);
}
