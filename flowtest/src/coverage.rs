//! Which relationships of a flow its tests take.

use std::collections::BTreeMap;

use serde::Serialize;
use tutti_model::definition::FlowDefinition;
use tutti_model::spec::SpecSource;
use tutti_model::suite;

/// The relationships of a flow, and how many tests sent something there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coverage(BTreeMap<(String, String), u64>);

/// A way that flowfiles can go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Way {
    /// The processor, by its path.
    pub processor: String,
    /// Its relationship.
    pub relationship: String,
}

impl Coverage {
    /// What there is to be taken in `flow`: every relationship of every processor that takes part.
    pub(crate) fn of(flow: &FlowDefinition, specs: &dyn SpecSource) -> Self {
        Self(suite::ways(flow, specs).into_iter().map(|way| (way, 0)).collect())
    }

    /// The same with what one test has taken.
    pub(crate) fn taken<'t>(mut self, ways: impl Iterator<Item = (&'t str, &'t str)>) -> Self {
        for (processor, relationship) in ways {
            let way = (processor.to_owned(), relationship.to_owned());
            self.0.entry(way).and_modify(|count| *count = 1);
        }
        self
    }

    /// Adds what another test has taken.
    pub(crate) fn add(&mut self, other: Self) {
        for (way, count) in other.0 {
            *self.0.entry(way).or_default() += count;
        }
    }

    /// How many ways there are.
    pub fn all(&self) -> usize {
        self.0.len()
    }

    /// How many of them were taken.
    pub fn covered(&self) -> usize {
        self.0.values().filter(|count| **count > 0).count()
    }

    /// Those that no test took.
    pub fn missed(&self) -> Vec<Way> {
        let missed = self.0.iter().filter(|(_, count)| **count == 0);
        missed
            .map(|((processor, relationship), _)| Way {
                processor: processor.clone(),
                relationship: relationship.clone(),
            })
            .collect()
    }
}

/// How many of a hundred `covered` of `all` are, rounded down; all where there are none.
pub fn percent(covered: usize, all: usize) -> usize {
    (covered * 100).checked_div(all).unwrap_or(100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_rounded_down() {
        assert_eq!((percent(0, 0), percent(1, 3), percent(199, 200)), (100, 33, 99));
    }

    #[test]
    fn what_one_of_several_tests_took_is_taken() {
        let way = |name: &str| ("P".to_owned(), name.to_owned());
        let none = Coverage([(way("a"), 0), (way("b"), 0)].into());
        let mut all = none.clone().taken([("P", "a"), ("P", "strange")].into_iter());
        all.add(none);
        assert_eq!((all.all(), all.covered()), (2, 1));
        assert_eq!(all.missed()[0].relationship, "b");
    }
}
