//! What components keep: looked at, and forgotten.

use super::{Repository, TryCommitError};
use crate::core::ComponentState;
use crate::error::Result;
use crate::queue::{Commit, StateChange};

impl Repository {
    /// The state of a component as last committed: a snapshot, whose cost does not grow with it.
    pub fn state(&self, component: &str) -> ComponentState {
        self.shared.core.lock().state.get(component).cloned().unwrap_or_default()
    }

    /// Has a component forget all that it keeps; hands back how many values that were. Never waits:
    /// none while the epoch is full, until a [flush](Self::flush).
    pub fn forget_state(&self, component: &str) -> Result<Option<u64>> {
        let values = self.state(component).values;
        let forget = |(key, _): (&str, &str)| StateChange {
            component: component.into(),
            key: key.into(),
            value: None,
        };
        let state = values.iter().map(forget).collect();
        match self.try_commit(Commit { state, ..Commit::default() }) {
            Ok(_) => Ok(Some(values.len() as u64)),
            Err(TryCommitError::Full(_)) => Ok(None),
            Err(TryCommitError::Failed(error)) => Err(error),
        }
    }

    /// The names of all components that keep state, sorted.
    pub fn components(&self) -> Vec<Box<str>> {
        let core = self.shared.core.lock();
        let kept = core.state.iter().filter(|(_, state)| !state.values.is_empty());
        let mut names: Vec<Box<str>> = kept.map(|(name, _)| name.clone()).collect();
        names.sort_unstable();
        names
    }

    /// One value of the state of a component as last committed.
    pub fn state_value(&self, component: &str, name: &str) -> Option<Box<str>> {
        self.shared.core.lock().state.get(component)?.values.get(name).map(Into::into)
    }
}
