//! What it costs to take all of a component's state, and to commit a change while somebody has it.
//!
//! `cargo run --release -p tutti-store --example state_speed`

#![allow(clippy::unwrap_used, reason = "a measurement that cannot go on ends")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use tutti_store::{Backend, Commit, Options, Repository, StateChange};

/// Of each, so many are measured together.
const ROUNDS: u32 = 1_000;

fn change(number: usize, value: &str) -> StateChange {
    StateChange {
        component: "flow/Get".into(),
        key: format!("/data/recordings/{number:08}.wav").into(),
        value: Some(value.into()),
    }
}

/// Microseconds of one in `ROUNDS`.
fn each_us(all: Duration) -> f64 {
    all.as_secs_f64() * 1e6 / f64::from(ROUNDS)
}

fn main() {
    println!("names, taking all in us, a commit of one change while they are held in us");
    for names in [300, 30_000, 300_000] {
        let options =
            Options { has_flusher: false, epoch_bytes_max: usize::MAX, ..Options::default() };
        let repository = Repository::open_with(&Backend::memory(), options).unwrap();
        let state = (0..names).map(|number| change(number, "1764000 1700000000.000000000"));
        repository.commit(Commit { state: state.collect(), ..Commit::default() }).unwrap();
        let begin = Instant::now();
        for _ in 0..ROUNDS {
            black_box(repository.state("flow/Get"));
        }
        let taking = begin.elapsed();
        let begin = Instant::now();
        for round in 0..ROUNDS as usize {
            let held = repository.state("flow/Get");
            let state = vec![change(round * 7_919 % names, "1764001 1700000000.000000000")];
            repository.commit(Commit { state, ..Commit::default() }).unwrap();
            black_box(held);
        }
        println!("{names}, {:.2}, {:.2}", each_us(taking), each_us(begin.elapsed()));
    }
}
