//! A flow runs up to one of its processors.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends")]

mod common;

use std::collections::BTreeSet;

use common::{Bench, Log, connection, make, processor, settle, soon, take, until};
use tutti_runtime::{ControlError, Flow, FlowState};
use tutti_sdk::SUCCESS;

fn state(flow: &Flow, name: &str) -> FlowState {
    processor(flow, name).state
}

#[tokio::test]
async fn what_lies_before_it_starts_and_it_takes_the_first_that_comes() {
    let log = Log::new();
    let mut bench = Bench::new();
    bench.source("Make", make(3, 1)).work("Pass", take(&Log::new())).work("Take", take(&log));
    bench.work("Last", take(&Log::new())).source("Other", make(1, 1));
    bench.connect("Make", SUCCESS, "Pass").connect("Pass", SUCCESS, "Take");
    bench.connect("Other", SUCCESS, "Last");
    let flow = bench.compile();
    let up_to = flow.run_up_to("Take").unwrap();
    assert!(up_to.failed.is_empty());
    let started: BTreeSet<_> = up_to.started.iter().map(String::as_str).collect();
    assert_eq!(started, ["Make", "Pass"].into());
    until(|| connection(&flow, "Pass").queued == 2).await;
    assert_eq!(log.len(), 1, "it was triggered once");
    until(|| state(&flow, "Take") == FlowState::Stopped).await;
    assert_eq!(state(&flow, "Make"), FlowState::Running);
    for other in ["Other", "Last"] {
        assert_eq!(state(&flow, other), FlowState::Stopped, "{other} does not lie before it");
    }
    soon(flow.stop()).await;
}

#[tokio::test]
async fn it_waits_for_what_comes_until_somebody_stops_it() {
    let log = Log::new();
    let mut bench = Bench::new();
    bench.source("Make", make(0, 1)).work("Take", take(&log)).connect("Make", SUCCESS, "Take");
    let flow = bench.compile();
    flow.run_up_to("Take").unwrap();
    settle().await;
    assert_eq!(state(&flow, "Take"), FlowState::Running);
    assert_eq!(processor(&flow, "Take").totals.tasks, 0);
    soon(flow.stop_processor("Take")).await.unwrap();
    assert_eq!(state(&flow, "Take"), FlowState::Stopped);
    soon(flow.stop()).await;
}

#[tokio::test]
async fn one_that_runs_stops_first_and_takes_one_more() {
    let log = Log::new();
    let mut bench = Bench::new();
    bench.source("Make", make(u64::MAX, 1)).work("Take", take(&log));
    bench.connect("Make", SUCCESS, "Take");
    let flow = bench.start();
    until(|| log.len() > 3).await;
    let up_to = flow.run_up_to("Take").unwrap();
    assert!(up_to.failed.is_empty() && up_to.started.is_empty(), "what lies before it runs");
    until(|| state(&flow, "Take") == FlowState::Stopped).await;
    let taken = log.len();
    settle().await;
    assert_eq!(log.len(), taken);
    assert_eq!(state(&flow, "Make"), FlowState::Running);
    soon(flow.stop()).await;
}

#[tokio::test]
async fn one_that_there_is_not_starts_nothing() {
    let mut bench = Bench::new();
    bench.source("Make", make(1, 1)).work("Take", take(&Log::new()));
    bench.connect("Make", SUCCESS, "Take");
    let flow = bench.compile();
    assert!(matches!(flow.run_up_to("Nobody"), Err(ControlError::NotFound { .. })));
    assert_eq!(state(&flow, "Make"), FlowState::Stopped);
}
