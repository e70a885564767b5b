//! A key-value store in memory, which can fail and crash on demand; for tests and simulation.

use std::collections::BTreeMap;
use std::ops::{Bound, ControlFlow};
use std::sync::Arc;

use parking_lot::Mutex;

use super::{Batch, KeyValue, Visitor};
use crate::error::Result;
use crate::fault::Faults;

type Map = BTreeMap<Vec<u8>, Vec<u8>>;

#[derive(Default)]
struct Contents {
    current: Map,
    unflushed: Vec<Batch>,
    durable: Map,
}

/// Keys and values in memory; what is not flushed is gone after [`MemoryKeyValue::crash`].
#[derive(Clone, Default)]
pub struct MemoryKeyValue {
    contents: Arc<Mutex<Contents>>,
    faults: Faults,
}

impl MemoryKeyValue {
    /// An empty store that fails when `faults` says so.
    pub fn new(faults: Faults) -> Self {
        Self { contents: Arc::default(), faults }
    }

    /// Forgets everything since the last flush.
    pub fn crash(&self) {
        let mut contents = self.contents.lock();
        contents.unflushed.clear();
        contents.current = contents.durable.clone();
    }

    /// Changes a stored value behind the back of whoever uses the store.
    pub fn damage(&self, key: &[u8], change: impl FnOnce(&mut Vec<u8>)) -> bool {
        let mut contents = self.contents.lock();
        let Some(value) = contents.durable.get_mut(key) else { return false };
        change(value);
        let value = value.clone();
        contents.current.insert(key.to_vec(), value);
        true
    }

    /// All keys, in order.
    pub fn keys(&self) -> Vec<Vec<u8>> {
        self.contents.lock().current.keys().cloned().collect()
    }
}

fn apply(map: &mut Map, batch: &Batch) {
    for (key, value) in batch {
        match value {
            Some(value) => drop(map.insert(key.clone(), value.clone())),
            None => drop(map.remove(key)),
        }
    }
}

impl KeyValue for MemoryKeyValue {
    fn apply(&self, batch: &Batch) -> Result<()> {
        self.faults.check("write", "key-value store in memory")?;
        let mut contents = self.contents.lock();
        apply(&mut contents.current, batch);
        contents.unflushed.push(batch.clone());
        Ok(())
    }

    fn flush(&self) -> Result<()> {
        let failed = self.faults.check("flush", "key-value store in memory");
        if failed.is_err() {
            self.crash();
        }
        failed?;
        let mut contents = self.contents.lock();
        for batch in std::mem::take(&mut contents.unflushed) {
            apply(&mut contents.durable, &batch);
        }
        Ok(())
    }

    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>> {
        self.faults.check("read", "key-value store in memory")?;
        Ok(self.contents.lock().current.get(key).cloned())
    }

    fn scan(&self, from: &[u8], visit: &mut Visitor<'_>) -> Result<()> {
        self.faults.check("read", "key-value store in memory")?;
        let contents = self.contents.lock();
        let range = (Bound::Included(from), Bound::Unbounded);
        for (key, value) in contents.current.range::<[u8], _>(range) {
            if visit(key, value) == ControlFlow::Break(()) {
                break;
            }
        }
        Ok(())
    }
}
