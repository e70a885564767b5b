//! Which processors somebody has stopped by hand, over restarts of a service.
//!
//! It is kept beside what processors remember, under a name that no processor has. Must never keep
//! one from starting that nobody has stopped.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use tutti_store::{Commit, ComponentState, Repository, StateChange, StoreError};

use crate::control;
use crate::flow::Flow;

/// What is kept of one that was stopped.
const STOPPED: &str = "stopped";

/// What it is called in the repository. A processor's state is called by one `/` and its path, and
/// a service's by two; no path begins with one.
fn component(flow: &str) -> Box<str> {
    format!("{flow}///stopped").into()
}

/// Who was stopped in a flow.
pub(crate) fn stopped(repository: &Repository, flow: &str) -> ComponentState {
    repository.state(&component(flow))
}

fn change(flow: &str, path: &str, is_stopped: bool) -> StateChange {
    let value = is_stopped.then(|| STOPPED.into());
    StateChange { component: component(flow), key: path.into(), value }
}

/// What has who was stopped stay so under another name, in the commit that gives it that.
pub(crate) fn renamed<'p>(
    repository: &Repository,
    flow: &str,
    names: impl Iterator<Item = (&'p str, &'p str)>,
) -> Vec<StateChange> {
    let known = stopped(repository, flow).values;
    let names = names.filter(|(from, _)| known.get(from).is_some());
    names.flat_map(|(from, to)| [change(flow, from, false), change(flow, to, true)]).collect()
}

/// Forgets who was stopped in a flow that is no more. May wait for a disk.
///
/// # Errors
/// When the repository refuses.
pub(crate) fn forget(repository: &Repository, flow: &str) -> Result<(), Arc<StoreError>> {
    let known = stopped(repository, flow).values;
    let state: Vec<_> = known.iter().map(|(path, _)| change(flow, path, false)).collect();
    if !state.is_empty() {
        repository.commit(Commit { state, ..Commit::default() })?;
    }
    repository.flush()
}

impl Flow {
    /// Keeps for the next start that somebody has stopped processors, or started them; all where
    /// none is named. All that was committed is durable when this returns; may wait for a disk.
    ///
    /// # Errors
    /// When the repository refuses.
    pub fn note_stopped(
        &self,
        paths: Option<&[String]>,
        is_stopped: bool,
    ) -> Result<(), Arc<StoreError>> {
        let shared = self.versions().current();
        let known = stopped(&shared.repository, self.name()).values;
        let there: HashSet<&str> = shared.nodes.iter().map(|node| &*node.path).collect();
        let named: HashSet<&str> = match paths {
            Some(paths) => paths.iter().map(String::as_str).collect(),
            None => there.clone(),
        };
        // What is no more is forgotten.
        let gone = known.iter().map(|(path, _)| path).filter(|path| !there.contains(path));
        let mut state: Vec<_> = named
            .intersection(&there)
            .filter(|path| known.get(path).is_some() != is_stopped)
            .map(|path| change(self.name(), path, is_stopped))
            .collect();
        state.extend(gone.map(|path| change(self.name(), path, false)));
        if !state.is_empty() {
            shared.repository.commit(Commit { state, ..Commit::default() })?;
        }
        shared.repository.flush()
    }

    /// Forgets who was stopped and is no more: one of that name that comes later is another one.
    /// All that was committed is durable when this returns; may wait for a disk.
    pub(crate) fn forget_gone(&self) -> Result<(), Arc<StoreError>> {
        self.note_stopped(Some(&[]), false)
    }

    /// As [`Flow::start`], but for processors that somebody has stopped by hand, which are handed
    /// back.
    pub(crate) fn start_again(&self) -> Vec<Arc<str>> {
        self.with(|shared| {
            let stopped = stopped(&shared.repository, self.name()).values;
            shared.is_started.store(true, Ordering::SeqCst);
            shared.hold_services(true);
            control::start_all(shared, |node| stopped.get(&node.path).is_none());
            let is_stopped = |path: &Arc<str>| stopped.get(path).is_some();
            shared.nodes.iter().map(|node| Arc::clone(&node.path)).filter(is_stopped).collect()
        })
    }
}
