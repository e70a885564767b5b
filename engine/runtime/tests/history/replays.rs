//! Replays in a history: what comes once more comes to its ends once more.

use std::collections::{BTreeMap, BTreeSet};

use tutti_model::flowfile::FlowFile;
use tutti_runtime::{Flow, Replay, ReplayError};
use tutti_sdk::testkit::SeededRandom;
use tutti_sdk::{ProcessError, Session};
use tutti_store::{Repository, Search};

use super::World;
use super::plan::Plan;
use super::scripts::Seen;
use crate::common::Bench;

/// How the state begins that tells what became of replays: the `uuid` follows, and the end.
const REPLAY: &str = "replay ";

/// Where flowfiles came once more, each by its number and its way up to there.
#[derive(Default)]
pub(crate) struct Replays(Vec<String>);

pub(crate) fn is_replay(flowfile: &FlowFile) -> bool {
    flowfile.attribute("flowfile.replay").is_some()
}

pub(crate) fn is_of_replay(key: &str) -> bool {
    key.starts_with(REPLAY)
}

/// A replayed flowfile is at an end of its way.
pub(crate) fn end(
    session: &mut Session,
    flowfile: &FlowFile,
    key: &str,
    seen: &Seen,
) -> Result<(), ProcessError> {
    let key = format!("{REPLAY}{} {key}", flowfile.uuid());
    if session.state(&key)?.is_some() {
        seen.wrong(format!("{key} came to its end twice"));
    }
    session.set_state(&key, Some("1".to_owned()));
    Ok(())
}

/// Whether the end, or the place of a failure, `key` is on a way that begins with `start`.
fn is_behind(key: &str, start: &str) -> bool {
    key.strip_prefix(start).is_some_and(|on| on.is_empty() || on.starts_with('.'))
}

impl Replays {
    pub(crate) fn count(&self) -> u64 {
        self.0.len() as u64
    }

    /// Each came to all its ends, or was given up on its way there.
    pub(crate) fn check(&self, plan: &Plan, repository: &Repository) -> Vec<String> {
        let counts = |component: &str| {
            let mut counts = BTreeMap::<String, u64>::new();
            for (key, _) in repository.state(component).values.iter() {
                let end = key.strip_prefix(REPLAY).and_then(|rest| rest.split_once(' '));
                if let Some((_, end)) = end {
                    *counts.entry(end.to_owned()).or_default() += 1;
                }
            }
            counts
        };
        let ended: BTreeMap<String, u64> =
            (0..plan.steps.len()).flat_map(|index| counts(&format!("bench/{index}"))).collect();
        let given_up = counts("bench/Failed");
        let mut wrong = Vec::new();
        for end in plan.all_ends() {
            let expected = self.0.iter().filter(|start| is_behind(&end, start)).count() as u64;
            let lost = given_up.iter().filter(|(at, _)| is_behind(&end, at));
            let lost: u64 = lost.map(|(_, times)| times).sum();
            let found = ended.get(&end).copied().unwrap_or(0) + lost;
            if found != expected {
                wrong.push(format!("{end} was replayed {expected} times, and came {found} times"));
            }
        }
        wrong
    }
}

impl World {
    /// One of the latest events is replayed, if it has all that this needs.
    pub(crate) fn replay(&mut self, bench: &Bench, flow: &Flow) {
        self.calm();
        let repository = &bench.repository;
        // Nobody else makes room for a commit.
        if let Err(error) = repository.flush() {
            return self.wrong(format!("it cannot be flushed: {error}"));
        }
        let mut found = repository.search(&Search::newest(60)).unwrap().events;
        // At a step, from the queue before it.
        found.retain(|event| event.input.is_some() && event.component.parse::<usize>().is_ok());
        if found.is_empty() {
            return;
        }
        let event = self.chance.one_of(&found);
        let input = event.input.as_ref().unwrap();
        let input = &input.flowfile;
        let way = input.attribute("way").unwrap_or_default();
        let start = format!("{}{way}.{}", input.attribute("n").unwrap(), event.component);
        let replay = match Replay::of(repository, &BTreeSet::from([event.number])) {
            Ok(replay) => replay,
            Err(errors) => {
                if !errors.iter().all(|error| matches!(error, ReplayError::NoContent { .. })) {
                    self.wrong(format!("{start} cannot be replayed: {errors:?}"));
                }
                return self.trace(&format!("no replay of {start}"));
            }
        };
        let random = SeededRandom::new(self.seed ^ (self.replays.count() << 48));
        let committed = replay.commit(&*self.clock, &random).unwrap();
        flow.receive(&committed);
        if let Err(error) = repository.flush() {
            self.wrong(format!("a replay is not durable: {error}"));
        }
        self.trace(&format!("replay {start}"));
        self.replays.0.push(start);
    }
}
