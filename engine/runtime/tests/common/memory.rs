//! Stores of a bench that outlive it.

use std::sync::Arc;

use tutti_store::{Backend, MemoryFolder, MemoryKeyValue, Options, Repository};

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
    pub(crate) fn open(&self, options: Options) -> Arc<Repository> {
        let backend = Backend {
            records: Arc::new(self.records.clone()),
            content: Arc::new(self.content.clone()),
            provenance: Arc::new(self.provenance.clone()),
            swap: Arc::new(self.swap.clone()),
            witness: Arc::new(self.witness.clone()),
        };
        Arc::new(Repository::open_with(&backend, options).unwrap())
    }

    pub(crate) fn crash(&self) {
        self.records.crash();
        self.content.crash();
        self.provenance.crash();
        self.swap.crash();
        self.witness.crash();
    }
}
