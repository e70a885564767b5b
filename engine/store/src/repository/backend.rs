//! Where a repository keeps what it is given: in memory, or in a folder of a disk.

use std::path::Path;
use std::sync::Arc;

use crate::error::Result;
use crate::folder::{DiskFolder, Folder, MemoryFolder};
use crate::key_value::{KeyValue, MemoryKeyValue, SledKeyValue};
use crate::lock;

/// Where a repository keeps what it is given.
#[derive(Clone)]
pub struct Backend {
    /// Records.
    pub records: Arc<dyn KeyValue>,
    /// Segment files of content.
    pub content: Arc<dyn Folder>,
    /// Files of the provenance log.
    pub provenance: Arc<dyn Folder>,
    /// Runs of flowfiles of long queues.
    pub swap: Arc<dyn Folder>,
    /// The file that tells when records go missing.
    pub witness: Arc<dyn Folder>,
}

impl Backend {
    /// All in memory.
    pub fn memory() -> Self {
        Self {
            records: Arc::new(MemoryKeyValue::default()),
            content: Arc::new(MemoryFolder::default()),
            provenance: Arc::new(MemoryFolder::default()),
            swap: Arc::new(MemoryFolder::default()),
            witness: Arc::new(MemoryFolder::default()),
        }
    }

    /// All in the folder `path`.
    pub(crate) fn disk(path: &Path) -> Result<Self> {
        let witness = Arc::new(DiskFolder::open(path)?);
        // A kill may have come before these names were durable.
        witness.sync()?;
        Ok(Self {
            content: Arc::new(DiskFolder::open(&path.join("content"))?),
            provenance: Arc::new(DiskFolder::open(&path.join("provenance"))?),
            swap: Arc::new(DiskFolder::open(&path.join("swap"))?),
            witness,
            records: Arc::new(SledKeyValue::open(&path.join(lock::RECORDS))?),
        })
    }
}
