//! What is done to a repository: drawn at random, with the faults that it meets.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::RngSeed;

use super::COMPONENTS;

pub(crate) const QUEUES: [&str; 3] = ["a", "b", "c/d"];
/// Which parts of the backend a crash takes back to their last sync; the rest keeps all that was
/// written, as it may.
pub(crate) const PARTS: usize = 5;

#[derive(Debug, Clone)]
pub(crate) enum Put {
    Empty,
    New(usize),
    /// Two contents that are written at the same time.
    Interleaved(usize, usize),
    /// A part of the content of a flowfile that is there, or something made from it.
    Part {
        of: Index,
        from: Index,
        is_derived: bool,
    },
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Fault {
    None,
    /// The n-th call fails.
    Nth(u64),
    DiskFull,
}

#[derive(Debug, Clone)]
pub(crate) enum Step {
    Commit {
        settle: u16,
        put: Vec<(usize, Put)>,
        state: Vec<(usize, u8, Option<u8>)>,
        keeps_guards: bool,
    },
    Poll {
        queue: usize,
        max: usize,
        only_even: bool,
        fault: Fault,
    },
    GiveBack {
        which: Index,
        penalty: Option<u16>,
        attempts: u8,
    },
    Wait(u16),
    /// All that was taken is one session's work.
    Work {
        is_alone: bool,
    },
    EndWork(Index),
    Park(Index),
    /// From which to which.
    Rename {
        queues: BTreeMap<usize, usize>,
        components: BTreeMap<usize, usize>,
    },
    Remove(usize),
    /// Content that was there at some time comes into a queue.
    Revive(Index, usize),
    /// Content that nobody finishes, or that a fault ends.
    Write(usize, Fault),
    DropGuards,
    Flush(Fault),
    Close,
    Crash {
        loses: [bool; PARTS],
        opening: Fault,
    },
}

pub(crate) fn length() -> impl Strategy<Value = usize> {
    prop_oneof![8 => 0..200_usize, 2 => 65_535..65_538_usize, 1 => Just(140_000)]
}

pub(crate) fn put() -> impl Strategy<Value = (usize, Put)> {
    let part = (any::<Index>(), any::<Index>(), any::<bool>())
        .prop_map(|(of, from, is_derived)| Put::Part { of, from, is_derived });
    let put = prop_oneof![
        1 => Just(Put::Empty),
        4 => length().prop_map(Put::New),
        1 => (length(), length()).prop_map(|(first, second)| Put::Interleaved(first, second)),
        2 => part,
    ];
    (0..QUEUES.len(), put)
}

pub(crate) fn fault() -> impl Strategy<Value = Fault> {
    prop_oneof![
        3 => Just(Fault::None),
        3 => (1..16_u64).prop_map(Fault::Nth),
        1 => Just(Fault::DiskFull),
    ]
}

pub(crate) fn step() -> impl Strategy<Value = Step> {
    let queue = || 0..QUEUES.len();
    let state = (0..COMPONENTS.len(), 0..3_u8, any::<Option<u8>>());
    let puts = prop::collection::vec(put(), 0..4);
    let states = prop::collection::vec(state, 0..3);
    let commit = (any::<u16>(), puts, states, prop::bool::weighted(0.1)).prop_map(
        |(settle, put, state, keeps_guards)| Step::Commit { settle, put, state, keeps_guards },
    );
    let poll = (queue(), 1..6_usize, prop::bool::weighted(0.2), fault())
        .prop_map(|(queue, max, only_even, fault)| Step::Poll { queue, max, only_even, fault });
    let give_back = (any::<Index>(), any::<Option<u16>>(), 0..3_u8)
        .prop_map(|(which, penalty, attempts)| Step::GiveBack { which, penalty, attempts });
    let renames = |count| prop::collection::btree_map(0..count, 0..count, 0..3_usize);
    let rename = (renames(QUEUES.len()), renames(COMPONENTS.len()))
        .prop_map(|(queues, components)| Step::Rename { queues, components });
    let crash = (any::<[bool; PARTS]>(), fault())
        .prop_map(|(loses, opening)| Step::Crash { loses, opening });
    prop_oneof![
        8 => commit,
        6 => poll,
        2 => give_back,
        1 => any::<u16>().prop_map(Step::Wait),
        3 => any::<bool>().prop_map(|is_alone| Step::Work { is_alone }),
        1 => any::<Index>().prop_map(Step::EndWork),
        1 => any::<Index>().prop_map(Step::Park),
        2 => rename,
        1 => queue().prop_map(Step::Remove),
        2 => (any::<Index>(), queue()).prop_map(|(which, queue)| Step::Revive(which, queue)),
        1 => (length(), fault()).prop_map(|(length, fault)| Step::Write(length, fault)),
        1 => Just(Step::DropGuards),
        5 => fault().prop_map(Step::Flush),
        1 => Just(Step::Close),
        3 => crash,
    ]
}

pub(crate) fn steps() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(step(), 1..60)
}

/// How many cases, and whether the same each time.
pub(crate) fn cases(quick: u32) -> ProptestConfig {
    let asked = std::env::var("TUTTI_FUZZ_CASES").ok().map(|cases| cases.parse().unwrap());
    ProptestConfig {
        cases: asked.unwrap_or(quick),
        rng_seed: if asked.is_some() { RngSeed::Random } else { RngSeed::Fixed(1) },
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}
