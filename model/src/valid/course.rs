//! The course that flowfiles take through a flow: what comes after what.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::ValidFlow;

/// The course of one flow.
#[derive(Debug, Clone)]
pub struct Course {
    positions: BTreeMap<String, usize>,
}

impl Course {
    /// That of `flow`.
    pub fn of(flow: &ValidFlow) -> Self {
        let mut next = BTreeMap::<&str, Vec<&str>>::new();
        let mut starts: BTreeSet<&str> = flow.processors().map(|each| &*each.path).collect();
        for connection in flow.connections().filter(|each| each.from != each.to) {
            next.entry(&connection.from.path).or_default().push(&connection.to.path);
            starts.remove(&*connection.to.path);
        }
        let mut positions = BTreeMap::new();
        // What nothing of these leads to, as two that feed each other, comes last.
        let rest = flow.processors().map(|each| &*each.path);
        for start in starts.into_iter().chain(rest) {
            let mut waiting = VecDeque::from([start]);
            while let Some(path) = waiting.pop_front() {
                let position = positions.len();
                if !positions.contains_key(path) {
                    positions.insert(path.to_owned(), position);
                    waiting.extend(next.get(path).into_iter().flatten());
                }
            }
        }
        Self { positions }
    }

    /// Where this stands when what comes first is told first.
    pub fn position(&self, path: &str) -> usize {
        self.positions.get(path).copied().unwrap_or(usize::MAX)
    }
}
