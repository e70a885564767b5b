//! What processors count by names of their own.

use std::collections::BTreeMap;

use parking_lot::Mutex;
use tutti_model::spec::Text;

/// How many counters of one processor are told apart; all others are counted as one.
const COUNTERS_MAX: usize = 64;
/// The name of that one.
const OTHERS: &str = "others";

/// The counters of one processor, by name.
#[derive(Debug, Default)]
pub(crate) struct Counters(Mutex<BTreeMap<Text, u64>>);

impl Counters {
    pub(crate) fn add(&self, name: Text, amount: u64) {
        let mut counters = self.0.lock();
        let is_told = counters.len() < COUNTERS_MAX || counters.contains_key(&name);
        let name = if is_told { name } else { OTHERS.into() };
        let counter = counters.entry(name).or_default();
        *counter = counter.saturating_add(amount);
    }

    /// What was counted so far.
    pub(crate) fn told(&self) -> BTreeMap<Text, u64> {
        self.0.lock().clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beyond_a_bound_counters_are_counted_together() {
        let counters = Counters::default();
        for name in 0..COUNTERS_MAX + 5 {
            counters.add(format!("c{name}").into(), 2);
        }
        counters.add("c0".into(), 1);
        let told = counters.told();
        assert_eq!(told.len(), COUNTERS_MAX + 1);
        assert_eq!((told["c0"], told[OTHERS]), (3, 10));
    }
}
