//! Which attributes of the parents the whole has.

use std::collections::BTreeMap;

use tutti_sdk::model::flowfile::{FlowFile, core_attribute};
use tutti_sdk::property::Choice;

/// Which attributes the merged flowfile gets from those that it is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub(crate) enum AttributeStrategy {
    /// Those that all of them have, with the same value.
    #[choice("Keep Only Common Attributes")]
    Common,
    /// Those that have the same value wherever they are there.
    #[choice("Keep All Unique Attributes")]
    Unique,
    /// All, each with its first value.
    #[choice("Keep First Attributes")]
    First,
}

impl AttributeStrategy {
    /// Sets on `whole`, which has those that are common, what else it is to have of `parents`.
    pub(super) fn apply(self, parents: &[FlowFile], whole: &mut FlowFile) {
        if self == Self::Common {
            return;
        }
        let mut found: BTreeMap<&str, Option<&str>> = BTreeMap::new();
        for (name, value) in parents.iter().flat_map(|parent| parent.attributes().iter()) {
            let before = found.entry(name).or_insert(Some(value));
            if self == Self::Unique && *before != Some(value) {
                *before = None;
            }
        }
        for (name, value) in found {
            if let Some(value) = value.filter(|_| name != core_attribute::UUID) {
                whole.set_attribute(name, value);
            }
        }
    }
}
