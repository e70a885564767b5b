//! The entries of a map cache, as one session sees and changes them.
//!
//! The names in the state are: `e` and a key for an entry; `o` and how it stands in the order of
//! eviction for the key of the one to go; `x` and when it was written, for those that go with time;
//! and `m` for what is counted. Numbers in names have twenty digits, so that they sort.

use std::sync::Arc;

use tutti_sdk::model::flowfile::Timestamp;
use tutti_sdk::model::state::StateMap;
use tutti_sdk::{HeldState, ProcessError};

use super::{EvictionStrategy, MapCacheProperties};

const COUNTS: &str = "m";
/// How many old entries go at most when one is put: what a commit weighs has a bound.
const SWEPT_MAX: usize = 1_000;

/// An entry as it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Its value.
    pub(crate) value: String,
    /// Another one after each write.
    pub(crate) revision: u64,
    written_ms: u64,
    /// How often it was used, where that counts; 0 elsewhere.
    uses: u64,
    /// When it was put or, where uses count, last used, as a number that only grows.
    turn: u64,
}

/// What is counted.
#[derive(Default)]
struct Counts {
    /// The next revision and turn.
    next: u64,
    entries: u64,
    bytes: u64,
}

/// The entries of a cache while one session has them for itself.
pub(crate) struct Entries<'s> {
    state: &'s mut HeldState,
    properties: Arc<MapCacheProperties>,
    now_ms: u64,
}

impl<'s> Entries<'s> {
    pub(super) fn new(
        state: &'s mut HeldState,
        properties: Arc<MapCacheProperties>,
        now: Timestamp,
    ) -> Self {
        Self { state, properties, now_ms: u64::try_from(now.0).unwrap_or(0) }
    }

    /// All entries as they are now, for a look that counts as no use.
    pub(crate) fn snapshot(&self) -> Snapshot {
        Snapshot {
            values: self.state.values().clone(),
            properties: Arc::clone(&self.properties),
            now_ms: self.now_ms,
        }
    }

    /// The entry of `key`, which counts as a use.
    pub(crate) fn get(&mut self, key: &str) -> Result<Option<Entry>, ProcessError> {
        let Some(entry) = self.living(key)? else { return Ok(None) };
        if self.properties.eviction_strategy != EvictionStrategy::FirstIn {
            let mut counts = self.counts()?;
            let uses = self.uses_after(entry.uses);
            let after = Entry { uses, turn: counts.step(), ..entry.clone() };
            self.state.set(&order_name(&entry), None);
            self.note(key, &after);
            self.set_counts(&counts);
        }
        Ok(Some(entry))
    }

    /// Gives `key` a value unless it has an entry, which is handed back then.
    pub(crate) fn put_if_absent(
        &mut self,
        key: &str,
        value: &str,
    ) -> Result<Option<Entry>, ProcessError> {
        let found = self.get(key)?;
        if found.is_none() {
            self.put(key, value, None)?;
        }
        Ok(found)
    }

    /// Gives `key` a new value if its entry is still that of `revision`; whether it was.
    pub(crate) fn replace(
        &mut self,
        key: &str,
        revision: u64,
        value: &str,
    ) -> Result<bool, ProcessError> {
        let found = self.living(key)?.filter(|entry| entry.revision == revision);
        let is_found = found.is_some();
        if is_found {
            self.put(key, value, found)?;
        }
        Ok(is_found)
    }

    /// Removes the entry of `key`, and hands it back.
    pub(crate) fn remove(&mut self, key: &str) -> Result<Option<Entry>, ProcessError> {
        let found = self.living(key)?;
        if let Some(entry) = &found {
            self.forget(key, entry)?;
        }
        Ok(found)
    }

    fn living(&self, key: &str) -> Result<Option<Entry>, ProcessError> {
        living(self.state.values(), key, |written_ms| self.is_old(written_ms))
    }

    fn is_old(&self, written_ms: u64) -> bool {
        is_old(&self.properties, self.now_ms, written_ms)
    }

    /// Gives `key`, whose entry is `before`, a value.
    fn put(&mut self, key: &str, value: &str, before: Option<Entry>) -> Result<(), ProcessError> {
        let size = size_bytes(key, value);
        let most = self.properties.maximum_cache_size;
        if size > most.0 {
            return Err(ProcessError::user(format!(
                "an entry of {size} bytes is larger than the map cache, which has {most}"
            ))
            .with_help("raise \"Maximum Cache Size\" of the service, or store less"));
        }
        self.sweep()?;
        // It may be there though its time has passed.
        if let Some(text) = self.state.values().get(&entry_name(key)) {
            let there = read(text).ok_or_else(|| unreadable(key))?;
            self.forget(key, &there)?;
        }
        self.make_room(size)?;
        let mut counts = self.counts()?;
        let revision = counts.step();
        let mut entry = Entry {
            value: value.to_owned(),
            revision,
            written_ms: self.now_ms,
            uses: self.uses_after(0),
            turn: revision,
        };
        if let Some(before) = before {
            entry.uses = self.uses_after(before.uses);
            if self.properties.eviction_strategy == EvictionStrategy::FirstIn {
                entry.turn = before.turn;
            }
        }
        self.note(key, &entry);
        if self.properties.maximum_entry_age.is_some() {
            self.state.set(&age_name(&entry), Some(key.to_owned()));
        }
        counts.entries += 1;
        counts.bytes += size;
        self.set_counts(&counts);
        Ok(())
    }

    /// Removes entries whose time has passed.
    fn sweep(&mut self) -> Result<(), ProcessError> {
        for _ in 0..SWEPT_MAX {
            let Some((name, key)) = self.first("x") else { break };
            let written_ms = name.get(1..21).and_then(|digits| digits.parse().ok()).unwrap_or(0);
            if !self.is_old(written_ms) {
                break;
            }
            self.forget_named(&name, &key)?;
        }
        Ok(())
    }

    /// Removes entries until one of `size` bytes has room.
    fn make_room(&mut self, size: u64) -> Result<(), ProcessError> {
        loop {
            let counts = self.counts()?;
            let has_room = counts.entries < self.properties.maximum_cache_entries
                && counts.bytes.saturating_add(size) <= self.properties.maximum_cache_size.0;
            if has_room {
                return Ok(());
            }
            let Some((name, key)) = self.first("o") else { return Ok(()) };
            self.forget_named(&name, &key)?;
        }
    }

    /// The first name that begins with `prefix`, and its key.
    fn first(&self, prefix: &str) -> Option<(String, String)> {
        let (name, key) = self.state.values().iter_from(prefix).next()?;
        name.starts_with(prefix).then(|| (name.to_owned(), key.to_owned()))
    }

    /// Removes the entry that the name stands for.
    fn forget_named(&mut self, name: &str, key: &str) -> Result<(), ProcessError> {
        match self.state.values().get(&entry_name(key)).map(read) {
            Some(Some(entry)) => self.forget(key, &entry)?,
            Some(None) => return Err(unreadable(key)),
            None => {}
        }
        self.state.set(name, None);
        Ok(())
    }

    fn forget(&mut self, key: &str, entry: &Entry) -> Result<(), ProcessError> {
        for name in [entry_name(key), order_name(entry), age_name(entry)] {
            if self.state.values().get(&name).is_some() {
                self.state.set(&name, None);
            }
        }
        let mut counts = self.counts()?;
        counts.entries = counts.entries.saturating_sub(1);
        counts.bytes = counts.bytes.saturating_sub(size_bytes(key, &entry.value));
        self.set_counts(&counts);
        Ok(())
    }

    fn note(&mut self, key: &str, entry: &Entry) {
        let Entry { value, revision, written_ms, uses, turn } = entry;
        let text = format!("{revision} {written_ms} {uses} {turn} {value}");
        self.state.set(&entry_name(key), Some(text));
        self.state.set(&order_name(entry), Some(key.to_owned()));
    }

    fn uses_after(&self, before: u64) -> u64 {
        match self.properties.eviction_strategy {
            EvictionStrategy::LeastFrequent => before.saturating_add(1),
            EvictionStrategy::FirstIn | EvictionStrategy::LeastRecent => 0,
        }
    }

    fn counts(&self) -> Result<Counts, ProcessError> {
        let Some(text) = self.state.values().get(COUNTS) else { return Ok(Counts::default()) };
        let mut numbers = text.split(' ');
        let mut number = || numbers.next()?.parse::<u64>().ok();
        let counts = number().zip(number()).zip(number());
        let counts = counts.map(|((next, entries), bytes)| Counts { next, entries, bytes });
        counts.ok_or_else(|| ProcessError::internal("the map cache's counts cannot be read"))
    }

    fn set_counts(&mut self, counts: &Counts) {
        let Counts { next, entries, bytes } = counts;
        self.state.set(COUNTS, Some(format!("{next} {entries} {bytes}")));
    }
}

/// The entries at one moment.
pub(crate) struct Snapshot {
    values: StateMap,
    properties: Arc<MapCacheProperties>,
    now_ms: u64,
}

impl Snapshot {
    /// The entry of `key`.
    pub(crate) fn get(&self, key: &str) -> Result<Option<Entry>, ProcessError> {
        living(&self.values, key, |written_ms| is_old(&self.properties, self.now_ms, written_ms))
    }
}

/// The entry of `key`, unless its time has passed.
fn living(
    values: &StateMap,
    key: &str,
    is_old: impl Fn(u64) -> bool,
) -> Result<Option<Entry>, ProcessError> {
    let Some(text) = values.get(&entry_name(key)) else { return Ok(None) };
    let entry = read(text).ok_or_else(|| unreadable(key))?;
    Ok(Some(entry).filter(|entry| !is_old(entry.written_ms)))
}

fn is_old(properties: &MapCacheProperties, now_ms: u64, written_ms: u64) -> bool {
    let age_ms = now_ms.saturating_sub(written_ms);
    properties.maximum_entry_age.is_some_and(|most| u128::from(age_ms) >= most.as_millis())
}

impl Counts {
    fn step(&mut self) -> u64 {
        self.next += 1;
        self.next
    }
}

fn entry_name(key: &str) -> String {
    format!("e{key}")
}

fn order_name(entry: &Entry) -> String {
    format!("o{:020}{:020}", entry.uses, entry.turn)
}

fn age_name(entry: &Entry) -> String {
    format!("x{:020}{:020}", entry.written_ms, entry.revision)
}

fn size_bytes(key: &str, value: &str) -> u64 {
    (key.len() + value.len()) as u64
}

fn read(text: &str) -> Option<Entry> {
    let mut parts = text.splitn(5, ' ');
    let mut number = || parts.next()?.parse::<u64>().ok();
    let (revision, written_ms, uses, turn) = (number()?, number()?, number()?, number()?);
    let value = parts.next()?.to_owned();
    Some(Entry { value, revision, written_ms, uses, turn })
}

fn unreadable(key: &str) -> ProcessError {
    ProcessError::internal(format!("the map cache's entry of \"{key}\" cannot be read"))
}
