//! What one history is made of, drawn from its seed.

use std::collections::BTreeSet;

use tutti_sdk::host::Random;
use tutti_sdk::testkit::SeededRandom;

/// Chance with a seed.
pub(crate) struct Chance(SeededRandom);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self(SeededRandom::new(seed))
    }

    /// Less than `end`.
    pub(crate) fn below(&self, end: u64) -> u64 {
        self.0.next_u64() % end
    }

    pub(crate) fn one_in(&self, times: u64) -> bool {
        self.below(times) == 0
    }

    pub(crate) fn one_of<'l, T>(&self, list: &'l [T]) -> &'l T {
        &list[usize::try_from(self.below(list.len() as u64)).unwrap()]
    }
}

/// How flowfiles of one connection are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    First,
    Oldest,
    Priority,
}

impl Order {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::First => "FirstInFirstOutPrioritizer",
            Self::Oldest => "OldestFlowFileFirstPrioritizer",
            Self::Priority => "PriorityAttributePrioritizer",
        }
    }
}

/// One processor.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    pub(crate) tasks: u64,
    pub(crate) batch: usize,
    /// One in so many sessions fails; 0 for none.
    pub(crate) fails: u64,
    /// How long it may sleep in a session, in milliseconds.
    pub(crate) slow_ms: u64,
    pub(crate) writes: bool,
    /// Where each of its two relationships leads: indices of later steps.
    pub(crate) to: [Vec<usize>; 2],
    /// The limit and the order of each connection that leads to it.
    pub(crate) limit: u64,
    pub(crate) order: Order,
}

#[derive(Debug, Clone)]
pub(crate) struct Plan {
    /// How many flowfiles the source makes, and how many a trigger.
    pub(crate) count: u64,
    pub(crate) batch: u64,
    pub(crate) steps: Vec<Step>,
    /// How often the process dies.
    pub(crate) crashes: u64,
    /// How many deaths over a flowfile are enough; 0 for any number.
    pub(crate) deaths_max: u32,
    /// How many flowfiles of a queue are in memory. Only these have an order.
    pub(crate) window: usize,
    /// Bytes of content that are kept for replays.
    pub(crate) archive: u64,
}

impl Plan {
    pub(crate) fn draw(chance: &Chance) -> Self {
        let steps = 1 + usize::try_from(chance.below(5)).unwrap();
        let step = |index: usize| {
            let further = || {
                let later: Vec<usize> = (index + 1..steps).collect();
                let mut to = BTreeSet::new();
                for _ in 0..chance.below(3) {
                    if !later.is_empty() {
                        to.insert(*chance.one_of(&later));
                    }
                }
                to.into_iter().collect()
            };
            Step {
                tasks: 1 + chance.below(3),
                batch: 1 + usize::try_from(chance.below(4)).unwrap(),
                fails: *chance.one_of(&[0, 0, 3, 8]),
                slow_ms: *chance.one_of(&[0, 0, 5, 300]),
                writes: chance.one_in(2),
                to: [further(), further()],
                limit: 1 + chance.below(12),
                order: *chance.one_of(&[Order::First, Order::Oldest, Order::Priority]),
            }
        };
        Self {
            count: 1 + chance.below(40),
            batch: 1 + chance.below(4),
            steps: (0..steps).map(step).collect(),
            crashes: *chance.one_of(&[0, 1, 2, 3, 6]),
            deaths_max: *chance.one_of(&[0, 1, 2, 3]),
            window: *chance.one_of(&[3, 20_000]),
            archive: *chance.one_of(&[0, 200, u64::MAX]),
        }
    }

    /// Whether no queue is longer than what is in memory.
    pub(crate) fn has_orders(&self) -> bool {
        self.window > 1_000
    }

    /// Which relationship of a step the flowfile `number` takes.
    pub(crate) fn way(step: usize, number: u64) -> usize {
        usize::from((number + step as u64).is_multiple_of(3))
    }

    /// Every way that the flowfile `number` comes to an end on.
    pub(crate) fn ends(&self, number: u64) -> BTreeSet<String> {
        let mut ends = BTreeSet::new();
        let mut open = vec![(0, String::new())];
        while let Some((step, way)) = open.pop() {
            let way = format!("{way}.{step}");
            let to = &self.steps[step].to[Self::way(step, number)];
            if to.is_empty() {
                ends.insert(format!("{number}{way}"));
            }
            open.extend(to.iter().map(|next| (*next, way.clone())));
        }
        ends
    }

    /// All that is to be seen in the end.
    pub(crate) fn all_ends(&self) -> BTreeSet<String> {
        (0..self.count).flat_map(|number| self.ends(number)).collect()
    }

    /// Steps that flowfiles can come to.
    pub(crate) fn reached(&self) -> BTreeSet<usize> {
        let mut reached = BTreeSet::from([0]);
        for (index, step) in self.steps.iter().enumerate() {
            if reached.contains(&index) {
                reached.extend(step.to.iter().flatten());
            }
        }
        reached
    }
}
