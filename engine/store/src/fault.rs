//! Errors on demand, for tests and simulation: some calls fail, or all calls until told.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::error::{Result, StoreError};

/// Says which calls of the stores in memory fail. Copies share one plan.
#[derive(Clone, Default, Debug)]
pub struct Faults(Arc<Plan>);

#[derive(Default, Debug)]
struct Plan {
    calls: AtomicU64,
    /// The first call that fails; 0 for none.
    fail_at: AtomicU64,
    /// How many fail from there on.
    failures: AtomicU64,
    disk_full: AtomicBool,
    full_until_removed: AtomicBool,
}

impl Faults {
    /// Lets the `n`-th call from now fail once; 1 is the next, 0 is none.
    pub fn fail_nth(&self, n: u64) {
        self.fail_times(n, 1);
    }

    /// Lets the `n`-th call from now fail, and those after it until so many `failures` were met.
    pub fn fail_times(&self, n: u64, failures: u64) {
        self.0.failures.store(failures, Ordering::SeqCst);
        self.0.fail_at.store(self.calls() + n, Ordering::SeqCst);
    }

    /// Lets every call that writes fail for want of room, until something is removed.
    pub fn full_until_removed(&self) {
        self.0.full_until_removed.store(true, Ordering::SeqCst);
    }

    /// Lets every call that writes fail for want of room, until told otherwise.
    pub fn disk_full(&self, full: bool) {
        self.0.disk_full.store(full, Ordering::SeqCst);
    }

    /// How many calls there were.
    pub fn calls(&self) -> u64 {
        self.0.calls.load(Ordering::SeqCst)
    }

    pub(crate) fn check(&self, action: &'static str, place: &str) -> Result<()> {
        let call = self.0.calls.fetch_add(1, Ordering::SeqCst) + 1;
        if action == "remove" {
            self.0.full_until_removed.store(false, Ordering::SeqCst);
        }
        let is_full = [&self.0.disk_full, &self.0.full_until_removed]
            .into_iter()
            .any(|full| full.load(Ordering::SeqCst));
        if is_full && !matches!(action, "read" | "remove") {
            return Err(StoreError::DiskFull { path: place.into() });
        }
        let first = self.0.fail_at.load(Ordering::SeqCst);
        if first > 0 && (first..first + self.0.failures.load(Ordering::SeqCst)).contains(&call) {
            let source = io::Error::other("a fault was injected");
            return Err(StoreError::io(action, place, source));
        }
        Ok(())
    }
}
