//! What becomes of flowfiles when processors fail, and what the operator is told.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends")]

mod common;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use common::{
    Bench, Log, OTHER, Script, connection, failing, make, messages, n, processor, script, settle,
    soon, take, tried, until,
};
use serde_json::json;
use tutti_model::flowfile::Content;
use tutti_runtime::Flow;
use tutti_sdk::derive::derived;
use tutti_sdk::{FAILURE, ProcessError, SUCCESS};

fn help(flow: &Flow) -> Vec<String> {
    flow.status().bulletins.into_iter().filter_map(|bulletin| bulletin.help).collect()
}

#[tokio::test]
async fn an_error_puts_everything_back_with_a_penalty_and_pauses_the_processor() {
    let log = Log::new();
    let work = tried(&log, |_, _| {
        Box::pin(async {
            let cause = std::io::Error::other("no route to host");
            let error = ProcessError::external("cannot reach the store").caused_by(cause);
            Err(error.with_help("check the network"))
        })
    });
    let settings = json!({ "penaltyDuration": "10 sec", "yieldDuration": "3 sec" });
    let (bench, failed) = failing(2, &settings, work);
    let flow = bench.start();
    bench.advance(9_900, 100).await;
    let expected = [("0".to_owned(), 0), ("1".to_owned(), 3_000)];
    assert_eq!(log.all(), expected, "the second after the pause, none again yet");
    let waiting = connection(&flow, "Make");
    assert_eq!((waiting.queued, waiting.in_flight, waiting.penalized), (2, 0, 2));
    assert_eq!(messages(&flow), ["cannot reach the store: no route to host"]);
    assert_eq!(help(&flow), ["check the network"]);
    assert_eq!(flow.status().bulletins[0].count, 2);
    assert_eq!(processor(&flow, "Work").totals.rollbacks, 2);
    bench.advance(10_000, 100).await;
    assert_eq!(log.all()[2..], [("0".to_owned(), 10_000), ("1".to_owned(), 13_000)]);
    assert_eq!(failed.len(), 0);
}

#[tokio::test]
async fn what_fails_again_and_again_goes_to_failure_at_last_and_not_away() {
    let log = Log::new();
    let work = tried(&log, |_, _| Box::pin(async { Err(ProcessError::external("not now")) }));
    let settings = json!({ "penaltyDuration": "1 sec", "yieldDuration": "0 sec" });
    let (bench, failed) = failing(1, &settings, work);
    let flow = bench.start();
    bench.advance(1_024_000, 1_000).await;
    let times: Vec<i64> = log.all().into_iter().map(|(_, time)| time / 1_000).collect();
    assert_eq!(times, [0, 1, 3, 7, 15, 31, 63, 127, 255, 511, 1_023]);
    assert_eq!(failed.all(), ["0"]);
    assert!(soon(flow.until_idle()).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_panic_is_such_an_error_and_the_processor_pauses_for_long() {
    let log = Log::new();
    let work = tried(&log, |_, flowfile| {
        Box::pin(async move {
            assert_ne!(n(&flowfile), "0", "on purpose");
            Err(ProcessError::user("wrong"))
        })
    });
    let settings = json!({ "penaltyDuration": "1 sec", "yieldDuration": "1 sec" });
    let (bench, failed) = failing(2, &settings, work);
    let flow = bench.start();
    bench.advance(29_900, 100).await;
    assert_eq!(log.all(), [("0".to_owned(), 0)]);
    let told = messages(&flow);
    assert!(told[0].starts_with("the processor panicked: ") && told[0].contains("on purpose"));
    assert!(help(&flow)[0].contains("a bug of the processor"));
    bench.advance(60_100, 100).await;
    assert_eq!(log.all()[1..3], [("0".to_owned(), 30_000), ("1".to_owned(), 60_000)]);
    assert_eq!(failed.all()[0], "0", "trying again does not help, so not more than once");
}

#[tokio::test]
async fn a_panic_in_computing_is_an_error_of_the_processor() {
    let (bench, _) = failing(
        1,
        &json!({}),
        tried(&Log::new(), |session, _| {
            Box::pin(async move { session.compute(|| panic!("on purpose")).await })
        }),
    );
    let flow = bench.start();
    until(|| flow.status().errors > 0).await;
    assert_eq!(messages(&flow), ["the processor panicked in its Compute work"]);
    until(|| connection(&flow, "Make").penalized == 1).await;
}

#[tokio::test]
async fn a_flowfile_that_is_not_handed_on_is_the_processors_bug() {
    let work = tried(&Log::new(), |_, _| Box::pin(async { Ok(()) }));
    let (bench, failed) = failing(1, &json!({}), work);
    let flow = bench.start();
    settle().await;
    assert!(messages(&flow)[0].contains("neither transferred nor removed 1 of its flowfiles"));
    assert_eq!(connection(&flow, "Make").penalized, 1);
    assert_eq!(failed.len(), 0);
}

#[tokio::test]
async fn a_relationship_that_does_not_exist_is_the_processors_bug() {
    let work = tried(&Log::new(), |session, flowfile| {
        Box::pin(async move {
            let child = session.create_child(&flowfile);
            session.transfer(child, SUCCESS);
            session.transfer(flowfile, "nowhere");
            Ok(())
        })
    });
    let (bench, _) = failing(1, &json!({}), work);
    let flow = bench.start();
    settle().await;
    assert!(messages(&flow)[0].contains("\"nowhere\""));
    assert_eq!(connection(&flow, "Make").penalized, 1);
    let totals = processor(&flow, "Work").totals;
    assert_eq!((totals.flowfiles_out, totals.flowfiles_ended), (0, 0), "all or nothing");
}

#[tokio::test]
async fn a_retried_relationship_is_tried_as_often_as_the_flow_says_with_doubled_waits() {
    let log = Log::new();
    let work = tried(&log, |session, flowfile| {
        Box::pin(async move {
            let child = session.create_child(&flowfile);
            session.adjust_counter(&child, "children", 1);
            session.adjust_counter(&flowfile, "attempts", 1);
            session.transfer(child, OTHER);
            session.transfer(flowfile, FAILURE);
            Ok(())
        })
    });
    let settings = json!({
        "penaltyDuration": "1 sec",
        "retry": { "relationships": [FAILURE], "attempts": 4, "maximum": "4 sec" },
    });
    let (bench, failed) = failing(1, &settings, work);
    let flow = bench.start();
    bench.advance(20_000, 500).await;
    let times: Vec<i64> = log.all().into_iter().map(|(_, time)| time / 1_000).collect();
    assert_eq!(times, [0, 1, 3, 7, 11]);
    assert_eq!(failed.all(), ["0"]);
    let totals = processor(&flow, "Work");
    assert_eq!((totals.totals.retries, totals.totals.flowfiles_in), (4, 1));
    assert_eq!(totals.transferred.get(OTHER), Some(&1), "what is undone made no children");
    let counted: Vec<_> = totals.counters.into_iter().collect();
    let once = [("attempts".into(), 1), ("children".into(), 1)];
    assert_eq!(counted, once, "nor is it counted");
    assert!(messages(&flow).is_empty());
}

#[tokio::test]
async fn what_is_tried_for_ever_does_not_keep_a_run_from_its_end_and_is_told() {
    let log = Log::new();
    let well = Arc::new(AtomicBool::new(false));
    let is_well = Arc::clone(&well);
    let work = tried(&log, move |session, mut flowfile| {
        if is_well.load(Ordering::SeqCst) {
            session.transfer(flowfile, SUCCESS);
        } else {
            session.penalize(&mut flowfile);
            session.transfer(flowfile, FAILURE);
        }
        Box::pin(async { Ok(()) })
    });
    let settings = json!({ "penaltyDuration": "10 sec", "autoTerminate": [SUCCESS] });
    let mut bench = Bench::new();
    bench.source("Make", make(3, 3)).work_with("Work", &settings, work);
    bench.connect("Make", SUCCESS, "Work").connect("Work", FAILURE, "Work");
    let flow = bench.start();
    let stuck = soon(flow.until_idle()).await.unwrap();
    assert_eq!(stuck.waiting, [("Work [failure] -> Work".to_owned(), 3)]);
    assert_eq!(log.len(), 3);
    well.store(true, Ordering::SeqCst);
    bench.advance(10_000, 1_000).await;
    assert!(soon(flow.until_idle()).await.unwrap().is_empty());
    assert_eq!(log.len(), 6);
}

#[tokio::test]
async fn what_is_tried_again_is_a_warning_and_an_error_only_when_that_did_not_help() {
    let refused = || ProcessError::external("not now");
    let errs = tried(&Log::new(), move |_, _| Box::pin(async move { Err(refused()) }));
    let sends_away = tried(&Log::new(), move |session, flowfile| {
        Box::pin(async move {
            session.fail(flowfile, FAILURE, &refused());
            Ok(())
        })
    });
    for work in [errs, sends_away] {
        let settings = json!({
            "penaltyDuration": "1 sec",
            "retry": { "relationships": [FAILURE], "attempts": 2 },
        });
        let (bench, failed) = failing(1, &settings, work);
        let flow = bench.start();
        let told = |flow: &Flow| {
            let bulletins = flow.status().bulletins;
            bulletins.iter().map(|each| (each.level, each.count)).collect::<Vec<_>>()
        };
        bench.advance(1_500, 100).await;
        assert_eq!((told(&flow), flow.status().errors), (vec![("warning", 2)], 0));
        bench.advance(2_500, 100).await;
        assert_eq!(told(&flow), [("error", 1), ("warning", 2)]);
        assert_eq!((flow.status().errors, failed.len()), (1, 1));
    }
}

#[tokio::test]
async fn what_another_try_cannot_mend_leaves_at_once_whatever_the_flow_says_of_retries() {
    let log = Log::new();
    let work = tried(&log, |session, flowfile| {
        Box::pin(async move {
            session.fail(flowfile, FAILURE, &ProcessError::user("no such key"));
            Ok(())
        })
    });
    let settings = json!({
        "penaltyDuration": "1 sec",
        "retry": { "relationships": [FAILURE], "attempts": 10_000 },
    });
    let (bench, failed) = failing(1, &settings, work);
    let flow = bench.start();
    settle().await;
    assert_eq!((failed.len(), flow.status().errors), (1, 1));
    bench.advance(5_000, 500).await;
    assert_eq!(log.len(), 1);
}

/// Fails each time, as most processors with a relationship `failure` do.
fn fails_for_now(log: &Log<(String, i64)>) -> Script {
    tried(log, |session, flowfile| {
        Box::pin(async move {
            session.fail_or_retry(flowfile, &ProcessError::external("not now"));
            Ok(())
        })
    })
}

#[tokio::test]
async fn a_processor_that_lets_the_flow_decide_tries_as_often_as_the_flow_says() {
    let log = Log::new();
    let settings = json!({
        "penaltyDuration": "1 sec",
        "retry": { "relationships": [FAILURE], "attempts": 15, "maximum": "1 sec" },
    });
    let (bench, failed) = failing(1, &settings, fails_for_now(&log));
    let flow = bench.start();
    bench.advance(14_500, 500).await;
    assert_eq!((log.len(), flow.status().errors), (15, 0), "more often than without a policy");
    assert_eq!(connection(&flow, "Make").in_vain, 0);
    bench.advance(1_000, 500).await;
    let totals = processor(&flow, "Work").totals;
    assert_eq!((log.len(), failed.len(), totals.retries), (16, 1, 15));
    assert_eq!(flow.status().errors, 1);
}

#[tokio::test]
async fn a_processor_that_lets_the_flow_decide_pauses_where_the_flow_says() {
    let log = Log::new();
    let settings = json!({
        "yieldDuration": "1 sec",
        "retry": { "relationships": [FAILURE], "attempts": 3, "backoff": "yield" },
    });
    let (bench, failed) = failing(2, &settings, fails_for_now(&log));
    let flow = bench.start();
    bench.advance(7_000, 500).await;
    let expected = [("0", 0), ("0", 1_000), ("0", 3_000), ("0", 7_000), ("1", 7_000)];
    assert_eq!(log.all(), expected.map(|(name, time)| (name.to_owned(), time)));
    assert_eq!(failed.all(), ["0"]);
    drop(flow);
}

#[tokio::test]
async fn an_error_that_does_not_pass_is_not_repeated_because_the_flow_is_patient() {
    let failing_for_good = tried_bare(|| ProcessError::user("no such key"));
    let settings = json!({
        "penaltyDuration": "1 sec",
        "retry": { "relationships": [FAILURE], "attempts": 10_000, "maximum": "1 sec" },
    });
    let (bench, failed) = failing(1, &settings, failing_for_good);
    let flow = bench.start();
    bench.advance(1_500, 500).await;
    assert_eq!(failed.len(), 1, "at once, without a penalty of before");
    drop(flow);
}

#[tokio::test]
async fn what_was_tried_often_enough_leaves_with_its_reason_and_with_what_it_was_made_from() {
    let is_made = Arc::new(AtomicBool::new(false));
    let make = script(move |session| {
        let is_made = is_made.swap(true, Ordering::SeqCst);
        Box::pin(async move {
            if is_made {
                return Ok(());
            }
            let mut flowfile = session.create();
            let mut writer = session.write()?;
            std::io::Write::write_all(&mut writer, b"sound").unwrap();
            let content = writer.finish().unwrap();
            session.set_content(&mut flowfile, content.clone());
            let derived = derived(&content, "frames", "at 22,050 Hz").unwrap();
            session.set_content(&mut flowfile, derived);
            session.transfer(flowfile, SUCCESS);
            Ok(())
        })
    });
    let errs = tried_bare(|| ProcessError::external("no room").with_help("make some"));
    let seen = Log::new();
    let look = {
        let seen = seen.clone();
        script(move |session| {
            let seen = seen.clone();
            Box::pin(async move {
                let Some(flowfile) = session.get()? else { return Ok(()) };
                let is_original = matches!(flowfile.content(), Content::Stored(_));
                let of = |name| flowfile.attribute(name).unwrap_or_default().to_owned();
                seen.note((is_original, of("failure.reason"), of("failure.processor")));
                session.remove(flowfile, "seen");
                Ok(())
            })
        })
    };
    let settings = json!({
        "penaltyDuration": "1 sec",
        "retry": { "relationships": [FAILURE], "attempts": 1 },
    });
    let mut bench = Bench::new();
    bench.source("Make", make).work_with("Work", &settings, errs).work("Look", look);
    bench.connect("Make", SUCCESS, "Work").connect("Work", FAILURE, "Look");
    let flow = bench.start();
    bench.advance(4_000, 100).await;
    assert_eq!(seen.all(), [(true, "no room".to_owned(), "Work".to_owned())]);
    drop(flow);
}

/// Takes a flowfile and fails.
fn tried_bare(error: fn() -> ProcessError) -> Script {
    script(move |session| {
        Box::pin(async move {
            let taken = session.get()?;
            if taken.is_some() { Err(error()) } else { Ok(()) }
        })
    })
}

#[tokio::test]
async fn a_flowfile_starts_anew_with_the_next_processor() {
    let (first, second) = (Log::new(), Log::new());
    let fail = |log| {
        tried(log, |session, flowfile| {
            Box::pin(async move {
                session.transfer(flowfile, FAILURE);
                Ok(())
            })
        })
    };
    let settings = json!({
        "penaltyDuration": "1 sec",
        "retry": { "relationships": [FAILURE], "attempts": 1 },
    });
    let mut bench = Bench::new();
    bench.source("Make", make(1, 1));
    bench.work_with("First", &settings, fail(&first));
    bench.work_with("Second", &settings, fail(&second));
    bench.connect("Make", SUCCESS, "First").connect("First", FAILURE, "Second");
    let flow = bench.start();
    bench.advance(5_000, 500).await;
    let times = |log: &Log<(String, i64)>| -> Vec<i64> {
        log.all().into_iter().map(|(_, time)| time).collect()
    };
    assert_eq!((times(&first), times(&second)), (vec![0, 1_000], vec![1_000, 2_000]));
    drop(flow);
}

#[tokio::test]
async fn a_retry_that_yields_lets_nothing_overtake() {
    let log = Log::new();
    let fails = AtomicU64::new(2);
    let work = tried(&log, move |session, flowfile| {
        let fail = fails.load(Ordering::SeqCst) > 0;
        if fail {
            fails.fetch_sub(1, Ordering::SeqCst);
        }
        Box::pin(async move {
            session.transfer(flowfile, if fail { FAILURE } else { SUCCESS });
            Ok(())
        })
    });
    let settings = json!({
        "yieldDuration": "1 sec",
        "retry": { "relationships": [FAILURE], "attempts": 5, "backoff": "yield" },
    });
    let (bench, failed) = failing(2, &settings, work);
    let flow = bench.start();
    bench.advance(5_000, 500).await;
    let expected = [("0", 0), ("0", 1_000), ("0", 3_000), ("1", 3_000)];
    assert_eq!(log.all(), expected.map(|(name, time)| (name.to_owned(), time)));
    assert_eq!(failed.len(), 0);
    drop(flow);
}

#[tokio::test]
async fn a_processor_that_yields_pauses_with_its_work_done() {
    let log = Log::new();
    let work = tried(&log, |session, flowfile| {
        Box::pin(async move {
            session.transfer(flowfile, SUCCESS);
            session.yield_processor();
            Ok(())
        })
    });
    let (bench, _) = failing(3, &json!({ "yieldDuration": "2 sec" }), work);
    let flow = bench.start();
    bench.advance(5_000, 500).await;
    let times: Vec<i64> = log.all().into_iter().map(|(_, time)| time).collect();
    assert_eq!(times, [0, 2_000, 4_000]);
    assert_eq!(processor(&flow, "Work").totals.yields, 3);
}

#[tokio::test]
async fn a_start_that_fails_is_told_and_tried_again_and_the_rest_goes_on() {
    let log = Log::new();
    let works = Arc::new(AtomicBool::new(false));
    let is_well = Arc::clone(&works);
    let attempts = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&attempts);
    let work = take(&log).on_scheduled(move |_| {
        let attempt = counted.fetch_add(1, Ordering::SeqCst);
        assert_ne!(attempt, 0, "on purpose");
        if is_well.load(Ordering::SeqCst) {
            return Ok(());
        }
        Err(ProcessError::external("the broker does not answer"))
    });
    let (bench, _) = failing(2, &json!({}), work);
    let flow = bench.start();
    settle().await;
    bench.advance(500, 100).await;
    let stuck = soon(flow.until_idle()).await.unwrap();
    let reason = ("Work".to_owned(), "the broker does not answer".to_owned());
    assert_eq!(stuck.not_started, [reason]);
    assert_eq!(stuck.waiting, [], "nothing is taken in before all that it comes to can work");
    assert_eq!(processor(&flow, "Work").state, tutti_runtime::FlowState::StartFailed);
    assert_eq!(messages(&flow).len(), 2, "the panic and the error");
    works.store(true, Ordering::SeqCst);
    bench.advance(1_000, 100).await;
    assert!(soon(flow.until_idle()).await.unwrap().is_empty());
    assert_eq!((log.len(), attempts.load(Ordering::SeqCst)), (2, 3));
    assert_eq!(processor(&flow, "Work").start_failure, None);
}

#[tokio::test]
async fn a_source_that_fails_is_idle_and_its_error_is_told() {
    let mut bench = Bench::new();
    let fail = script(|_| Box::pin(async { Err(ProcessError::user("there is no such folder")) }));
    bench.source("Look", fail);
    let flow = bench.start();
    assert!(soon(flow.until_idle()).await.unwrap().is_empty());
    assert_eq!(flow.status().errors, 1);
    assert_eq!(messages(&flow), ["there is no such folder"]);
}
