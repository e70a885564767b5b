//! Prioritizers against a list that is sorted.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends")]

mod common;

use std::cmp::Ordering;

use common::{Memory, NOW, manual, names, take_all};
use proptest::prelude::*;
use tutti_model::definition::Prioritizer::{
    self, FirstInFirstOut, NewestFlowFileFirst, OldestFlowFileFirst, PriorityAttribute,
};
use tutti_model::flowfile::{Content, FlowFile, Timestamp};
use tutti_store::{Commit, GiveBack, Options, Pick, QueueId, Repository};

/// A flowfile that is to come into the queue: when its lineage began, and its priority.
type Made = (i64, Option<&'static str>);

const PRIORITIES: [&str; 12] =
    ["-2", "0", "3", "10", "9223372036854775808", "", "-", "+3", "a", "b", "A", "3.5"];

fn made() -> impl Strategy<Value = Made> {
    (0_i64..3, prop::option::of(prop::sample::select(PRIORITIES.to_vec())))
}

fn prioritizers() -> impl Strategy<Value = Vec<Prioritizer>> {
    let all = vec![FirstInFirstOut, NewestFlowFileFirst, OldestFlowFileFirst, PriorityAttribute];
    prop::sample::subsequence(all, 0..=4).prop_shuffle()
}

fn put(repository: &Repository, queue: QueueId, (lineage, priority): Made) -> FlowFile {
    let mut flowfile = common::flowfile(repository, "x", Content::Empty);
    let name = format!("{}", flowfile.id().0);
    flowfile.set_attribute("filename", name);
    flowfile = flowfile.with_lineage_start(Timestamp(lineage));
    if let Some(priority) = priority {
        flowfile.set_attribute("priority", priority);
    }
    let put = vec![(queue, flowfile.clone())];
    repository.commit(Commit { put, ..Commit::default() }).unwrap();
    flowfile
}

/// NiFi's comparison, written down once more.
fn compare(prioritizers: &[Prioritizer], left: &FlowFile, right: &FlowFile) -> Ordering {
    let age = |flowfile: &FlowFile| (flowfile.lineage_start(), flowfile.id());
    let by_priority = || match (left.attribute("priority"), right.attribute("priority")) {
        (None, None) => Ordering::Equal,
        (None, Some(_)) => Ordering::Greater,
        (Some(_), None) => Ordering::Less,
        (Some(one), Some(other)) => {
            let number = |text: &str| if text == "+3" { None } else { text.parse::<i64>().ok() };
            match (number(one), number(other)) {
                (Some(one), Some(other)) => one.cmp(&other),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => one.cmp(other),
            }
        }
    };
    let by = |prioritizer: &Prioritizer| match prioritizer {
        FirstInFirstOut => left.id().cmp(&right.id()),
        NewestFlowFileFirst => age(right).cmp(&age(left)),
        OldestFlowFileFirst => age(left).cmp(&age(right)),
        PriorityAttribute => by_priority(),
    };
    let decided = prioritizers.iter().map(by).find(|order| order.is_ne());
    decided.unwrap_or(left.id().cmp(&right.id()))
}

fn sorted(prioritizers: &[Prioritizer], mut flowfiles: Vec<FlowFile>) -> Vec<String> {
    flowfiles.sort_by(|left, right| compare(prioritizers, left, right));
    flowfiles.iter().map(|each| each.id().0.to_string()).collect()
}

proptest! {
    #[test]
    fn a_queue_goes_as_a_sorted_list(
        order in prioritizers(),
        before in prop::collection::vec(made(), 0..20),
        after in prop::collection::vec(made(), 0..20),
        given_back in prop::collection::vec(any::<Option<bool>>(), 40),
    ) {
        let memory = Memory::new();
        let repository = memory.open(manual());
        let queue = repository.open_queue("q").unwrap();
        let mut all: Vec<FlowFile> =
            before.into_iter().map(|made| put(&repository, queue, made)).collect();
        repository.prioritize(queue, &order).unwrap();
        all.extend(after.into_iter().map(|made| put(&repository, queue, made)));
        let expected = sorted(&order, all);
        let taken = repository.poll(queue, usize::MAX, NOW, &mut |_| Pick::Take).unwrap();
        let told = |taken: &[tutti_store::Taken]| -> Vec<String> {
            taken.iter().map(|each| each.flowfile.id().0.to_string()).collect()
        };
        prop_assert_eq!(&told(&taken), &expected);
        for (each, how) in taken.iter().zip(given_back) {
            let penalized_until = how.and_then(|is_later| is_later.then_some(NOW.plus_ms(1)));
            let how = GiveBack { penalized_until, ..GiveBack::default() };
            repository.give_back(each.receipt, how).unwrap();
        }
        let later = NOW.plus_ms(1);
        // Passed over: what a filter skips stays at its place.
        let mut turn = 0;
        let mut skip = |_: &FlowFile| {
            turn += 1;
            if turn % 2 == 0 { Pick::Take } else { Pick::Skip }
        };
        let odd = repository.poll(queue, usize::MAX, later, &mut skip).unwrap();
        let every_other: Vec<String> = expected.iter().skip(1).step_by(2).cloned().collect();
        prop_assert_eq!(&told(&odd), &every_other);
        for each in odd {
            repository.give_back(each.receipt, GiveBack::default()).unwrap();
        }
        let again = repository.poll(queue, usize::MAX, later, &mut |_| Pick::Take).unwrap();
        prop_assert_eq!(&told(&again), &expected);
        repository.flush().unwrap();
        drop(repository);
        let repository = memory.open(manual());
        repository.prioritize(queue, &order).unwrap();
        prop_assert_eq!(names(take_all(&repository, queue)), expected);
    }
}

#[test]
fn what_lies_beyond_the_window_is_ordered_when_it_comes_in() {
    let options = Options { window_flowfiles_max: 3, ..manual() };
    let repository = Memory::new().open(options);
    let queue = repository.open_queue("q").unwrap();
    repository.prioritize(queue, &[PriorityAttribute]).unwrap();
    let made = ["5", "4", "3", "2", "1", "0"]
        .map(|priority| put(&repository, queue, (0, Some(priority))).id().0.to_string());
    repository.flush().unwrap();
    let mut taken = Vec::new();
    for _ in 0..2 {
        let polled = repository.poll(queue, 3, NOW, &mut |_| Pick::Take).unwrap();
        taken.extend(polled.iter().map(|each| each.flowfile.id().0.to_string()));
    }
    let [five, four, three, two, one, zero] = made;
    assert_eq!(taken, [three, four, five, zero, one, two]);
}
