//! What a session does beside its flowfiles: effects on the outside, and state.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends")]

mod common;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use common::{Bench, Log, Script, make, n, processor, script, settle, soon, take, until};
use serde_json::json;
use tutti_sdk::{FAILURE, SUCCESS};

fn retry() -> serde_json::Value {
    json!({
        "penaltyDuration": "1 sec",
        "retry": { "relationships": [FAILURE], "attempts": 3 },
    })
}

/// Takes all that waits, each with an effect, and sends "1" to `failure` the first time. With
/// `keeps` it counts in its state what it has taken.
fn answers(answered: &Log<String>, taken: &Log<String>, keeps: bool) -> Script {
    let (answered, taken) = (answered.clone(), taken.clone());
    let has_failed = Arc::new(AtomicBool::new(false));
    script(move |session| {
        let (answered, taken) = (answered.clone(), taken.clone());
        let has_failed = Arc::clone(&has_failed);
        Box::pin(async move {
            for flowfile in session.get_batch(10)? {
                taken.note(n(&flowfile));
                if keeps {
                    let count = session.state("taken")?.map_or(0, |text| text.parse().unwrap());
                    session.set_state("taken", Some((count + 1_u64).to_string()));
                }
                let child = session.create_child(&flowfile);
                for (of, about) in [(&flowfile, "itself"), (&child, "child")] {
                    let (answered, what) = (answered.clone(), format!("{about} {}", n(&flowfile)));
                    session.on_durable(of, move || {
                        answered.note(what);
                        Ok(())
                    });
                }
                session.remove(child, "made for its effect");
                let fails = n(&flowfile) == "1" && !has_failed.swap(true, Ordering::SeqCst);
                session.transfer(flowfile, if fails { FAILURE } else { SUCCESS });
            }
            Ok(())
        })
    })
}

#[tokio::test]
async fn effects_of_what_is_tried_again_come_with_the_attempt_that_counts() {
    let (answered, taken) = (Log::new(), Log::new());
    let mut bench = Bench::new();
    bench.source("Make", make(3, 3)).work_with("Work", &retry(), answers(&answered, &taken, false));
    bench.connect("Make", SUCCESS, "Work");
    let flow = bench.start();
    until(|| answered.len() == 4).await;
    assert_eq!(answered.all(), ["itself 0", "child 0", "itself 2", "child 2"]);
    bench.advance(1_000, 500).await;
    assert!(soon(flow.until_idle()).await.unwrap().is_empty());
    assert_eq!(answered.all()[4..], ["itself 1", "child 1"]);
    assert_eq!(taken.all(), ["0", "1", "2", "1"]);
}

#[tokio::test]
async fn a_session_that_changed_state_is_undone_as_a_whole_when_something_is_tried_again() {
    let (answered, taken) = (Log::new(), Log::new());
    let mut bench = Bench::new();
    bench.source("Make", make(3, 3)).work_with("Work", &retry(), answers(&answered, &taken, true));
    bench.connect("Make", SUCCESS, "Work");
    let flow = bench.start();
    until(|| answered.len() == 4).await;
    bench.advance(1_000, 500).await;
    assert!(soon(flow.until_idle()).await.unwrap().is_empty());
    assert_eq!(taken.all(), ["0", "1", "2", "0", "2", "1"], "the others once more, and at once");
    let kept = bench.repository.state_value("bench/Work", "taken");
    assert_eq!(kept.as_deref(), Some("3"), "each counts once");
    let answers = ["itself 0", "child 0", "itself 2", "child 2", "itself 1", "child 1"];
    assert_eq!(answered.all(), answers);
    let work = processor(&flow, "Work");
    assert_eq!((work.totals.retries, work.transferred[SUCCESS]), (1, 3));
}

#[tokio::test]
async fn effects_of_what_is_given_back_are_forgotten() {
    let answered = Log::new();
    let noted = answered.clone();
    let attempts = AtomicU64::new(0);
    let work = script(move |session| {
        let is_first = attempts.fetch_add(1, Ordering::SeqCst) == 0;
        let answered = noted.clone();
        Box::pin(async move {
            let Some(mut flowfile) = session.get()? else { return Ok(()) };
            session.on_durable(&flowfile, move || {
                answered.note(is_first);
                Ok(())
            });
            if is_first {
                session.penalize(&mut flowfile);
                session.give_back(flowfile);
            } else {
                session.transfer(flowfile, SUCCESS);
            }
            Ok(())
        })
    });
    let mut bench = Bench::new();
    bench.source("Make", make(1, 1));
    bench.work_with("Work", &json!({ "penaltyDuration": "1 sec" }), work);
    bench.connect("Make", SUCCESS, "Work");
    let flow = bench.start();
    settle().await;
    bench.advance(1_000, 500).await;
    assert!(soon(flow.until_idle()).await.unwrap().is_empty());
    assert_eq!(answered.all(), [false]);
}

/// The order of the commits is that of the flowfiles in the queue that they go to.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn effects_of_several_tasks_run_in_the_order_of_their_commits() {
    const COUNT: u64 = 5_000;
    let ran = Log::new();
    let noted = ran.clone();
    let work = script(move |session| {
        let ran = noted.clone();
        Box::pin(async move {
            let Some(flowfile) = session.get()? else { return Ok(()) };
            let name = n(&flowfile);
            session.on_durable(&flowfile, move || {
                ran.note(name);
                Ok(())
            });
            session.transfer(flowfile, SUCCESS);
            Ok(())
        })
    });
    let mut bench = Bench::new();
    bench.source("Make", make(COUNT, 100));
    bench.work_with("Work", &json!({ "concurrentTasks": 4 }), work);
    bench.work("Take", take(&Log::new()));
    bench.connect("Make", SUCCESS, "Work").connect("Work", SUCCESS, "Take");
    let flow = bench.compile();
    flow.start_processor("Make").unwrap();
    flow.start_processor("Work").unwrap();
    soon(flow.until_idle()).await.unwrap();
    let queue = bench.repository.queues()["bench/Work [success] -> Take"];
    let committed = bench.repository.list(queue, 0, usize::MAX).unwrap();
    let committed: Vec<String> = committed.iter().map(|each| n(&each.flowfile)).collect();
    assert_eq!(committed.len() as u64, COUNT);
    assert!(ran.all() == committed, "effects ran in another order");
}
