//! The seam to files: what the content repository and the provenance log write to.
//!
//! Files are written by position and never renamed. Nothing outside this folder touches a disk,
//! but for the data folder's lock and format.

pub(crate) mod disk;
mod memory;

use std::sync::Arc;

pub use self::disk::DiskFolder;
pub use self::memory::MemoryFolder;
use crate::error::Result;

/// A file that is read and written by position.
pub trait StoredFile: Send + Sync {
    /// Writes all of `bytes` at `offset`.
    fn write_at(&self, bytes: &[u8], offset: u64) -> Result<()>;
    /// Fills `buffer` from `offset`, or says how many bytes there were before the end.
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> Result<usize>;
    /// Makes everything that was written durable.
    fn sync(&self) -> Result<()>;
    /// Whether its name still leads to it: not once it or its folder was removed or replaced.
    fn is_linked(&self) -> Result<bool>;
    /// Its length in bytes.
    fn length(&self) -> Result<u64>;
    /// Cuts it to `length` bytes.
    fn truncate(&self, length: u64) -> Result<()>;
}

/// How much fits on a disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Space {
    /// Bytes that may still be written.
    pub free_bytes: u64,
    /// Bytes of all of it.
    pub total_bytes: u64,
}

/// A flat set of named files.
pub trait Folder: Send + Sync {
    /// Where it is, for messages.
    fn describe(&self, name: &str) -> String;
    /// Makes a file that must not be there yet.
    fn create(&self, name: &str) -> Result<Arc<dyn StoredFile>>;
    /// Opens a file for reading and writing.
    fn open(&self, name: &str) -> Result<Arc<dyn StoredFile>>;
    /// Removes a file; whoever has it open can go on reading.
    fn remove(&self, name: &str) -> Result<()>;
    /// Names and lengths, sorted by name.
    fn list(&self) -> Result<Vec<(String, u64)>>;
    /// Makes created and removed names durable.
    fn sync(&self) -> Result<()>;
    /// How much fits on its disk.
    fn space(&self) -> Result<Space>;
}
