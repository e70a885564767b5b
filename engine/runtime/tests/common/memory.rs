//! Stores of a bench that outlive it.

use std::sync::Arc;

use tutti_store::{
    Backend, Faults, MemoryFolder, MemoryKeyValue, Options, Quarantine, Repository, StoreError,
};

/// Stores in memory that survive a restart, and lose in a crash what was not durable.
#[derive(Default, Clone)]
pub(crate) struct Memory {
    records: MemoryKeyValue,
    content: MemoryFolder,
    provenance: MemoryFolder,
    swap: MemoryFolder,
    witness: MemoryFolder,
}

impl Memory {
    /// Stores that fail as `faults` says.
    pub(crate) fn with(faults: &Faults) -> Self {
        let folder = || MemoryFolder::new(faults.clone());
        Self {
            records: MemoryKeyValue::new(faults.clone()),
            content: folder(),
            provenance: folder(),
            swap: folder(),
            witness: folder(),
        }
    }

    pub(crate) fn open(&self, options: Options) -> Arc<Repository> {
        Arc::new(self.try_open(options).unwrap())
    }

    pub(crate) fn try_open(&self, options: Options) -> Result<Repository, StoreError> {
        Repository::open_with(&self.backend(), options)
    }

    pub(crate) fn quarantine(&self) -> Quarantine {
        Quarantine::open_with(&self.backend()).unwrap()
    }

    fn backend(&self) -> Backend {
        Backend {
            records: Arc::new(self.records.clone()),
            content: Arc::new(self.content.clone()),
            provenance: Arc::new(self.provenance.clone()),
            swap: Arc::new(self.swap.clone()),
            witness: Arc::new(self.witness.clone()),
        }
    }

    /// The process dies, and the machine lives: what was written to files is there. Nobody writes
    /// after that: another crash follows when all that the process had is dropped.
    pub(crate) fn die(&self) {
        for folder in [&self.content, &self.provenance, &self.swap, &self.witness] {
            folder.keep();
        }
        self.crash();
    }

    /// From now on the disk of its content says that so many bytes are free.
    pub(crate) fn set_free_bytes(&self, free_bytes: u64) {
        self.content.set_free_bytes(free_bytes);
    }

    pub(crate) fn crash(&self) {
        self.records.crash();
        self.content.crash();
        self.provenance.crash();
        self.swap.crash();
        self.witness.crash();
    }
}
