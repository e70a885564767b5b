//! Signals in a map cache: what Notify gives and Wait waits for.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use tutti_sdk::ProcessError;

use crate::map_cache::{Entries, Entry};

/// The counter of signals that name none.
pub(crate) const DEFAULT_COUNTER: &str = "default";
/// What was taken from all counters together, as a negative number.
const CONSUMED: &str = "consumed";

/// All signals of one identifier.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Signal {
    /// How many there are, by the names of counters.
    pub(crate) counts: BTreeMap<String, i64>,
    /// Attributes of the flowfiles that gave them.
    #[serde(default)]
    pub(crate) attributes: BTreeMap<String, String>,
    /// How many flowfiles may pass that the counts do not tell of any more.
    #[serde(default)]
    pub(crate) releasable: u64,
    /// Which entry of the cache it was; none of one that is new.
    #[serde(skip)]
    revision: Option<u64>,
}

/// What one flowfile needs to pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Demand {
    /// The counter; none for all together.
    pub(crate) counter: Option<String>,
    /// So many signals.
    pub(crate) target: u64,
    /// So many flowfiles pass for them; 0 is any number, and takes nothing away.
    pub(crate) releasable: u64,
}

impl Signal {
    /// The signals that `entry` of the identifier holds.
    pub(crate) fn read(identifier: &str, entry: &Entry) -> Result<Self, ProcessError> {
        let read = serde_json::from_str::<Self>(&entry.value).map_err(|error| {
            ProcessError::user(format!("the entry \"{identifier}\" of the cache is no signal"))
                .caused_by(error)
                .with_help("give signals a map cache of their own")
        })?;
        Ok(Self { revision: Some(entry.revision), ..read })
    }

    /// The signals of an identifier; none where there are none.
    pub(crate) fn find(
        entries: &mut Entries<'_>,
        identifier: &str,
    ) -> Result<Option<Self>, ProcessError> {
        entries.get(identifier)?.map(|entry| Self::read(identifier, &entry)).transpose()
    }

    /// Puts the signals into the place that they came from, and nothing where none are left.
    pub(crate) fn write(
        &self,
        entries: &mut Entries<'_>,
        identifier: &str,
    ) -> Result<(), ProcessError> {
        let text = serde_json::to_string(self)
            .map_err(|error| ProcessError::internal("cannot write a signal").caused_by(error))?;
        let is_written = match self.revision {
            Some(_) if self.is_used_up() => entries.remove(identifier)?.is_some(),
            Some(revision) => entries.replace(identifier, revision, &text)?,
            None if self.is_used_up() => true,
            None => entries.put_if_absent(identifier, &text)?.is_none(),
        };
        let changed = || format!("the signal \"{identifier}\" was changed while it was held");
        if is_written { Ok(()) } else { Err(ProcessError::internal(changed())) }
    }

    /// Adds to a counter, or with 0 sets it back to nothing.
    pub(crate) fn add(&mut self, counter: &str, delta: i64) {
        let count = self.counts.entry(counter.to_owned()).or_default();
        *count = if delta == 0 { 0 } else { count.saturating_add(delta) };
    }

    /// How many signals there are: in a counter, or in all.
    pub(crate) fn count(&self, counter: Option<&str>) -> i64 {
        match counter {
            Some(counter) => self.counts.get(counter).copied().unwrap_or(0),
            None => self.counts.values().fold(0, |sum, count| sum.saturating_add(*count)),
        }
    }

    /// Lets one flowfile pass, if it may.
    pub(crate) fn release(&mut self, demand: &Demand) -> bool {
        let target = i64::try_from(demand.target).unwrap_or(i64::MAX);
        let counter = demand.counter.as_deref();
        let is_reached = self.count(counter) >= target;
        if demand.releasable == 0 {
            return is_reached;
        }
        if self.releasable == 0 {
            if !is_reached {
                return false;
            }
            let from = counter.unwrap_or(CONSUMED).to_owned();
            let count = self.counts.entry(from).or_default();
            *count = count.saturating_sub(target);
            self.releasable = demand.releasable;
        }
        self.releasable -= 1;
        true
    }

    /// Whether it tells nothing any more.
    fn is_used_up(&self) -> bool {
        let mut own = self.counts.iter().filter(|(name, _)| *name != CONSUMED);
        self.releasable == 0 && self.count(None) == 0 && own.all(|(_, count)| *count >= 0)
    }
}

/// Signals of several identifiers, as a session changes them.
#[derive(Default)]
pub(crate) struct Changed {
    signals: BTreeMap<String, Option<Signal>>,
    changed: BTreeSet<String>,
}

impl Changed {
    /// The signals of the identifier as they are by now, which `find` looks up the first time.
    pub(crate) fn get(
        &mut self,
        identifier: &str,
        find: impl FnOnce() -> Result<Option<Signal>, ProcessError>,
    ) -> Result<Option<&Signal>, ProcessError> {
        if !self.signals.contains_key(identifier) {
            self.signals.insert(identifier.to_owned(), find()?);
        }
        Ok(self.signals.get(identifier).and_then(Option::as_ref))
    }

    /// What they are from now on.
    pub(crate) fn set(&mut self, identifier: &str, signal: Signal) {
        self.signals.insert(identifier.to_owned(), Some(signal));
        self.changed.insert(identifier.to_owned());
    }

    /// Writes what was changed.
    pub(crate) fn write(&self, entries: &mut Entries<'_>) -> Result<(), ProcessError> {
        for identifier in &self.changed {
            if let Some(Some(signal)) = self.signals.get(identifier) {
                signal.write(entries, identifier)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn demand(counter: Option<&str>, target: u64, releasable: u64) -> Demand {
        Demand { counter: counter.map(ToOwned::to_owned), target, releasable }
    }

    fn signal(counts: &[(&str, i64)]) -> Signal {
        let mut signal = Signal::default();
        for (counter, delta) in counts {
            signal.add(counter, *delta);
        }
        signal
    }

    fn passes(signal: &mut Signal, demand: &Demand) -> usize {
        (0..20).take_while(|_| signal.release(demand)).count()
    }

    #[test]
    fn so_many_signals_let_so_many_flowfiles_pass() {
        for (given, target, releasable, passing) in
            [(5, 1, 1, 5), (5, 2, 1, 2), (5, 2, 3, 6), (1, 2, 1, 0), (7, 7, 4, 4)]
        {
            let mut signal = signal(&[("default", given)]);
            assert_eq!(passes(&mut signal, &demand(None, target, releasable)), passing);
        }
        let mut once = signal(&[("default", 3)]);
        assert!(once.release(&demand(None, 2, 3)));
        assert_eq!((once.count(None), once.releasable), (1, 2), "what is over stays");
    }

    #[test]
    fn any_number_passes_an_open_gate_and_takes_nothing() {
        let mut gate = signal(&[("default", 1)]);
        assert_eq!(passes(&mut gate, &demand(None, 1, 0)), 20);
        assert_eq!(gate, signal(&[("default", 1)]));
        gate.add("default", 0);
        assert!(!gate.release(&demand(None, 1, 0)), "it was closed");
    }

    #[test]
    fn a_counter_counts_for_itself_and_all_together() {
        let mut signal = signal(&[("good", 2), ("bad", 1)]);
        assert!(!signal.release(&demand(Some("bad"), 2, 1)));
        assert!(!signal.release(&demand(Some("none"), 1, 1)));
        assert!(signal.release(&demand(Some("good"), 2, 1)));
        assert_eq!((signal.count(Some("good")), signal.count(Some("bad"))), (0, 1));
        signal.add("good", 4);
        assert!(signal.release(&demand(None, 5, 1)));
        assert_eq!((signal.count(None), signal.count(Some("good"))), (0, 4));
        assert!(signal.is_used_up());
        assert!(!self::signal(&[("a", 1), ("b", -1)]).is_used_up(), "the one is still there");
    }

    #[test]
    fn what_cannot_be_counted_any_more_stays_at_its_end() {
        let mut signal = signal(&[("a", i64::MAX), ("a", 1), ("b", 1)]);
        assert_eq!((signal.count(Some("a")), signal.count(None)), (i64::MAX, i64::MAX));
        assert!(signal.release(&demand(Some("a"), u64::MAX, 1)));
        assert!(signal.release(&demand(None, 0, 1)), "0 signals are always there");
    }
}
