//! What time does to a flow: periods, cron expressions, and what has waited too long.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends")]

mod common;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use common::{Bench, Log, START, Script, connection, make, script, soon};
use serde_json::json;
use tutti_model::provenance::EventType;
use tutti_sdk::{ProcessError, ProcessorContext, SUCCESS};
use tutti_store::Search;

/// Notes when it is triggered, in milliseconds since the start.
fn note(times: &Log<i64>) -> Script {
    let times = times.clone();
    script(move |session| {
        times.note(session.clock().now().0 - START.0);
        Box::pin(async { Ok(()) })
    })
}

/// As `note`, and takes up to two flowfiles.
fn note_and_take(times: &Log<i64>) -> Script {
    let times = times.clone();
    script(move |session| {
        times.note(session.clock().now().0 - START.0);
        Box::pin(async move {
            for flowfile in session.get_batch(2)? {
                session.transfer(flowfile, SUCCESS);
            }
            Ok(())
        })
    })
}

#[tokio::test]
async fn a_source_with_a_period_is_triggered_once_each_period() {
    let times = Log::new();
    let mut bench = Bench::new();
    bench.source_with("Tick", &json!({ "schedule": { "period": "1 sec" } }), note(&times));
    let flow = bench.start();
    bench.advance(3_500, 100).await;
    assert_eq!(times.all(), [0, 1_000, 2_000, 3_000]);
    drop(flow);
}

#[tokio::test]
async fn a_processor_with_a_period_takes_its_time_for_what_waits() {
    let times = Log::new();
    let mut bench = Bench::new();
    bench.source("Make", make(5, 5));
    bench.work_with("Work", &json!({ "schedule": { "period": "1 sec" } }), note_and_take(&times));
    bench.connect("Make", SUCCESS, "Work");
    let flow = bench.start();
    bench.advance(5_000, 100).await;
    assert_eq!(times.all(), [0, 1_000, 2_000]);
    assert!(soon(flow.until_idle()).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_source_with_a_cron_expression_is_triggered_at_its_times() {
    let times = Log::new();
    let mut bench = Bench::new();
    bench.source_with("Tick", &json!({ "schedule": { "cron": "0/2 * * * * *" } }), note(&times));
    let flow = bench.start();
    bench.advance(7_000, 100).await;
    let second = times.all().first().copied().unwrap();
    assert_eq!((START.0 + second) % 2_000, 0, "the wall clock says when");
    assert_eq!(times.all()[..3], [second, second + 2_000, second + 4_000]);
    drop(flow);
}

#[tokio::test]
async fn a_processor_with_a_cron_expression_takes_what_waits_when_its_time_comes() {
    let times = Log::new();
    let mut bench = Bench::new();
    bench.source("Make", make(3, 3));
    bench.work_with(
        "Work",
        &json!({ "schedule": { "cron": "5/10 * * * * *" } }),
        note_and_take(&times),
    );
    bench.connect("Make", SUCCESS, "Work");
    let flow = bench.start();
    bench.advance(40_000, 500).await;
    let told: Vec<_> = times.all().iter().map(|time| (START.0 + time) % 10_000).collect();
    assert_eq!(told, [5_000, 5_000], "two at a time, and nothing without work");
    assert!(soon(flow.until_idle()).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_was_in_the_flow_too_long_ends_in_the_connection_that_says_so() {
    let ages = Log::new();
    let mut bench = Bench::new();
    // Three that are old when the worker's time comes, and one that is not.
    let batches = Arc::new(AtomicU64::new(0));
    let make = script(move |session| {
        let count = if batches.fetch_add(1, Ordering::SeqCst) == 0 { 3 } else { 1 };
        Box::pin(async move {
            for _ in 0..count {
                let flowfile = session.create();
                session.transfer(flowfile, SUCCESS);
            }
            Ok(())
        })
    });
    let noted = ages.clone();
    let work = script(move |session| {
        let now = session.clock().now();
        let noted = noted.clone();
        Box::pin(async move {
            for flowfile in session.get_batch(9)? {
                noted.note(now.since_ms(flowfile.entry_date()));
                session.transfer(flowfile, SUCCESS);
            }
            Ok(())
        })
    });
    bench.source_with("Make", &json!({ "schedule": { "period": "8 sec" } }), make);
    bench.work_with("Work", &json!({ "schedule": { "cron": "0/10 * * * * *" } }), work);
    bench.connect_with("Make", SUCCESS, "Work", &json!({ "expiration": "5 sec" }));
    assert_eq!(START.0 % 10_000, 0, "the first time comes after ten seconds");
    let flow = bench.start();
    bench.advance(10_500, 500).await;
    assert_eq!(ages.all(), [2_000]);
    let connection = connection(&flow, "Make");
    assert_eq!((connection.flowfiles_expired, connection.flowfiles_out), (3, 1));
    assert_eq!(connection.queued, 0);
    bench.repository.flush().unwrap();
    let expired = Search { event_type: Some(EventType::Expire), ..Search::newest(9) };
    let events = bench.repository.search(&expired).unwrap().events;
    assert_eq!(events.len(), 3);
    assert!(events.iter().all(|event| &*event.component == "Work"), "{events:?}");
}

#[tokio::test]
async fn a_start_that_fails_is_tried_again_after_pauses_that_double_up_to_half_a_minute() {
    let times = Log::new();
    let noted: Log<i64> = times.clone();
    let start = move |context: &ProcessorContext| {
        noted.note(context.clock().now().0 - START.0);
        Err(ProcessError::external("not there yet"))
    };
    let mut bench = Bench::new();
    bench.work("Work", script(|_| Box::pin(async { Ok(()) })).on_scheduled(start));
    bench.source("Make", make(1, 1)).connect("Make", SUCCESS, "Work");
    let flow = bench.start();
    bench.advance(95_000, 500).await;
    assert_eq!(times.all(), [0, 500, 1_500, 3_500, 7_500, 15_500, 31_500, 61_500, 91_500]);
    drop(flow);
}
