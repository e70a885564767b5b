//! The seam to whatever keeps records on disk: atomic batches, ordered keys, an explicit flush.
//!
//! Nothing outside this folder knows which store it is.

mod generation;
mod memory;
mod message;
mod metadata;
mod quiet;
mod slabs;
mod sled;

use std::collections::BTreeMap;
use std::ops::ControlFlow;

pub use self::memory::MemoryKeyValue;
pub use self::sled::SledKeyValue;
use crate::error::Result;

/// Keys with their new values, `None` to remove. Applying one twice is the same as once.
pub type Batch = BTreeMap<Vec<u8>, Option<Vec<u8>>>;

/// Sees a key and its value, and says whether to go on.
pub type Visitor<'a> = dyn FnMut(&[u8], &[u8]) -> ControlFlow<()> + 'a;

/// An ordered map that survives a crash up to its last flush.
pub trait KeyValue: Send + Sync {
    /// Applies all of `batch` or nothing; after a crash all of it is there or nothing.
    fn apply(&self, batch: &Batch) -> Result<()>;

    /// Makes everything that was applied durable. After an error whatever was applied since the
    /// last flush may be gone, and must be applied again.
    fn flush(&self) -> Result<()>;

    /// The value of `key`.
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>>;

    /// Visits keys from `from` on, in order.
    fn scan(&self, from: &[u8], visit: &mut Visitor<'_>) -> Result<()>;
}
