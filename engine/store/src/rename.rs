//! Other names for queues and for components that have state, as a part of a commit.
//!
//! A queue has a number, and costs one record. State is kept under its component's name, and costs
//! as much as there is of it.

use std::collections::{BTreeMap, BTreeSet};

use crate::core::Core;
use crate::error::{Result, StoreError};
use crate::key;
use crate::queue::{QueueId, Renames};
use crate::record;

impl Core {
    /// Checks that what is renamed is there, and that no name becomes that of two.
    pub(crate) fn check_renames(&self, renames: &Renames) -> Result<()> {
        let mut names = BTreeSet::new();
        for (id, name) in &renames.queues {
            self.queue(*id)?;
            let owner = self.names.get(&**name);
            let is_free = owner.is_none_or(|owner| renames.queues.contains_key(owner));
            if !is_free || !names.insert(name) {
                return Err(StoreError::Exists { what: format!("a queue \"{name}\"") });
            }
        }
        let mut names = BTreeSet::new();
        for name in renames.components.values() {
            let is_free = self.state.get(name).is_none_or(|state| state.values.is_empty())
                || renames.components.contains_key(name);
            if !is_free || !names.insert(name) {
                return Err(StoreError::Exists { what: format!("state of \"{name}\"") });
            }
        }
        Ok(())
    }

    /// Gives other names, which were checked.
    pub(crate) fn rename(&mut self, renames: Renames) {
        self.rename_queues(renames.queues);
        self.rename_components(renames.components);
    }

    fn rename_queues(&mut self, renamed: BTreeMap<QueueId, Box<str>>) {
        for id in renamed.keys() {
            if let Some(queue) = self.queues.get(id) {
                self.names.remove(&queue.name);
            }
        }
        for (id, name) in renamed {
            let Some(queue) = self.queues.get_mut(&id) else { continue };
            self.open.set(key::queue(id), Some(record::encode(&name)));
            queue.name = name.into_string();
            self.names.insert(queue.name.clone(), id);
        }
    }

    fn rename_components(&mut self, renamed: BTreeMap<Box<str>, Box<str>>) {
        let mut moved = Vec::new();
        for (from, to) in renamed {
            let Some(state) = self.state.remove(&from) else { continue };
            for (name, _) in state.values.iter() {
                self.open.set(key::state(&from, name), None);
            }
            self.open.set(key::state_version(&from), None);
            moved.push((to, state));
        }
        // After all of them are gone: one may get the name that another had.
        for (component, mut state) in moved {
            let before = self.state.get(&component).map_or(0, |state| state.version);
            state.version = state.version.max(before) + 1;
            for (name, value) in state.values.iter() {
                self.open.set(key::state(&component, name), Some(record::encode(&value)));
            }
            let version = record::encode(&state.version);
            self.open.set(key::state_version(&component), Some(version));
            self.state.insert(component, state);
        }
    }
}
