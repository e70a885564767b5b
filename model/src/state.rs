//! What a processor keeps for itself: names and values.

use rpds::RedBlackTreeMapSync;
use std::sync::Arc;

/// Names and values, sorted by name.
///
/// A copy is a snapshot: it takes the same short time however much there is, and what is changed
/// afterwards shows only where it was changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StateMap(RedBlackTreeMapSync<Arc<str>, Arc<str>>);

impl StateMap {
    /// The value of `name`.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|value| &**value)
    }

    /// Gives `name` a value.
    pub fn insert(&mut self, name: impl Into<Arc<str>>, value: impl Into<Arc<str>>) {
        self.0.insert_mut(name.into(), value.into());
    }

    /// Removes `name`.
    pub fn remove(&mut self, name: &str) {
        self.0.remove_mut(name);
    }

    /// All names with their values, in the order of the names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (&**name, &**value))
    }

    /// The names from `first` on with their values, in order.
    pub fn iter_from<'s>(&'s self, first: &'s str) -> impl Iterator<Item = (&'s str, &'s str)> {
        let from = (std::ops::Bound::Included(first), std::ops::Bound::Unbounded);
        self.0.range::<str, _>(from).map(|(name, value)| (&**name, &**value))
    }

    /// How many names there are.
    pub fn len(&self) -> usize {
        self.0.size()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<N: Into<Arc<str>>, V: Into<Arc<str>>> FromIterator<(N, V)> for StateMap {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        let mut state = Self::default();
        pairs.into_iter().for_each(|(name, value)| state.insert(name, value));
        state
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    fn pairs(state: &StateMap) -> Vec<(String, String)> {
        state.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }

    proptest! {
        #[test]
        fn it_is_a_sorted_map_and_its_copies_stay_as_they_were(
            changes in prop::collection::vec(("[a-e]{1,2}", prop::option::of(".{0,3}")), 0..60),
        ) {
            let (mut state, mut map) = (StateMap::default(), BTreeMap::new());
            let mut copies = Vec::new();
            for (name, value) in changes {
                copies.push((state.clone(), map.clone()));
                if let Some(value) = value {
                    state.insert(name.as_str(), value.as_str());
                    map.insert(name, value);
                } else {
                    state.remove(&name);
                    map.remove(&name);
                }
            }
            copies.push((state, map));
            for (state, map) in copies {
                prop_assert_eq!(state.len(), map.len());
                prop_assert_eq!(state.is_empty(), map.is_empty());
                prop_assert!(map.iter().all(|(name, value)| state.get(name) == Some(value)));
                let late: Vec<_> = state.iter_from("c").map(|(name, _)| name.to_owned()).collect();
                prop_assert_eq!(late, map.range("c".to_owned()..).map(|(name, _)| name.clone())
                    .collect::<Vec<_>>());
                prop_assert_eq!(pairs(&state), map.into_iter().collect::<Vec<_>>());
                prop_assert_eq!(state.get("z"), None);
            }
        }
    }
}
