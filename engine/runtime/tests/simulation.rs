//! Histories of a whole engine, drawn from seeds: whatever goes wrong in them, no flowfile is lost
//! and none comes twice, orders and limits hold, counts are true and content goes with its last
//! flowfile.
//!
//! Everything runs on one thread with a clock of its own, so that a seed is a history. One that
//! fails is printed: `TUTTI_SIMULATION_SEED` runs it alone, `TUTTI_SIMULATION_HISTORIES` asks for
//! so many others.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on ends")]
#![allow(clippy::print_stdout, reason = "how much was looked at is a part of the result")]

mod common;
mod history;

use std::env;

/// In every test run.
const HISTORIES: u64 = 1_000;

fn number(name: &str) -> Option<u64> {
    env::var(name).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{name}: no number")))
}

#[test]
fn no_history_loses_anything() {
    let only = number("TUTTI_SIMULATION_SEED");
    let wanted = number("TUTTI_SIMULATION_HISTORIES");
    let first = only.unwrap_or_else(|| wanted.map_or(0, |_| HISTORIES));
    let count = only.map_or(wanted.unwrap_or(HISTORIES), |_| 1);
    let (mut orders, mut crashes, mut edits, mut parked, mut replays) = (0, 0, 0, 0, 0);
    for seed in first..first + count {
        let shown = std::panic::catch_unwind(|| history::of(seed));
        let shown = shown.unwrap_or_else(|_| panic!("history {seed} panics"));
        let trace = || shown.trace.join("\n");
        assert!(shown.wrong.is_empty(), "history {seed}: {:#?}\n{}", shown.wrong, trace());
        orders += shown.orders;
        crashes += shown.crashes;
        edits += shown.edits;
        parked += shown.parked;
        replays += shown.replays;
    }
    println!(
        "{count} histories, {crashes} crashes, {edits} edits, {orders} orders looked at, {parked} \
         flowfiles parked, {replays} replayed"
    );
    if count >= HISTORIES {
        assert!(crashes > count / 2 && edits > count / 2 && orders > count, "nothing happened");
        assert!(parked > 0, "nobody was parked");
        assert!(replays > count, "hardly anything was replayed");
    }
}

#[test]
fn a_seed_is_a_history() {
    let first = history::of(9);
    assert!(first.trace.len() > 20, "nothing happened");
    assert_eq!(history::of(9), first);
    assert_ne!(history::of(10).trace, first.trace);
}
