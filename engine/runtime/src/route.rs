//! Where a relationship leads.

use std::collections::BTreeMap;

/// The ways out of one processor.
#[derive(Debug, Default)]
pub(crate) struct Routes(BTreeMap<Box<str>, Vec<usize>>);

impl Routes {
    /// `relationship` exists; where it leads nowhere, flowfiles end there.
    pub(crate) fn declare(&mut self, relationship: &str) {
        self.0.entry(relationship.into()).or_default();
    }

    /// `relationship` leads to `connection`, an index of the flow's connections.
    pub(crate) fn connect(&mut self, relationship: &str, connection: usize) {
        self.0.entry(relationship.into()).or_default().push(connection);
    }

    pub(crate) fn has(&self, relationship: &str) -> bool {
        self.0.contains_key(relationship)
    }

    /// The connections that `relationship` leads to.
    pub(crate) fn to(&self, relationship: &str) -> &[usize] {
        self.0.get(relationship).map_or(&[], Vec::as_slice)
    }
}
