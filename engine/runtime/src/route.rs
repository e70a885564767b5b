//! Where a relationship leads.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use tutti_sdk::is_failure;

/// One way out of a processor.
#[derive(Debug, Default)]
pub(crate) struct Route {
    /// Connections that it leads to, indices of the flow's.
    pub(crate) connections: Vec<usize>,
    /// Whether flowfiles end here.
    pub(crate) is_auto_terminated: bool,
    /// Flowfiles that went there.
    pub(crate) transferred: Arc<AtomicU64>,
}

/// The ways out of one processor.
#[derive(Debug, Default)]
pub(crate) struct Routes(BTreeMap<Box<str>, Route>);

impl Routes {
    /// The ways out called `relationships`, not connected yet.
    pub(crate) fn new<'n>(
        relationships: impl IntoIterator<Item = &'n str>,
        auto_terminated: &BTreeSet<String>,
    ) -> Self {
        let route = |name: &'n str| {
            let is_auto_terminated = auto_terminated.contains(name);
            (name.into(), Route { is_auto_terminated, ..Route::default() })
        };
        Self(relationships.into_iter().map(route).collect())
    }

    /// Counts on where `before` is.
    pub(crate) fn succeed(&mut self, before: &Self) {
        for (name, route) in &mut self.0 {
            if let Some(before) = before.0.get(name) {
                route.transferred = Arc::clone(&before.transferred);
            }
        }
    }

    /// `relationship` leads to `connection`, an index of the flow's connections.
    pub(crate) fn connect(&mut self, relationship: &str, connection: usize) {
        self.0.entry(relationship.into()).or_default().connections.push(connection);
    }

    pub(crate) fn get(&self, relationship: &str) -> Option<&Route> {
        self.0.get(relationship)
    }

    /// Where goes what could not be worked on, if there is such a way.
    pub(crate) fn failure(&self) -> Option<(&str, &Route)> {
        self.iter().find(|(name, _)| is_failure(name))
    }

    /// Names and ways, sorted by name.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &Route)> {
        self.0.iter().map(|(name, route)| (&**name, route))
    }
}
