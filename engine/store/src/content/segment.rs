//! The segment files: which there are, which are being written, what is synced of them.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::archive::Archive;
use super::buffer::BufferedFile;

/// A segment file in the hands of one writer, or in the pool.
pub(crate) struct Active {
    pub(crate) number: u64,
    pub(crate) file: Arc<BufferedFile>,
    /// Where the next claim begins.
    pub(crate) written: u64,
}

/// What is known of one segment file.
pub(crate) struct Segment {
    /// Open while it is being written or not wholly synced.
    pub(crate) file: Option<Arc<BufferedFile>>,
    /// Up to where it holds finished content.
    pub(crate) length: u64,
    /// Up to where it is known to be durable.
    pub(crate) synced: u64,
    /// Whether a writer or the pool has it.
    pub(crate) is_active: bool,
    /// A sync failed: what it was to sync must be written again before the next one counts.
    pub(crate) is_suspect: bool,
}

/// All segment files.
#[derive(Default)]
pub(crate) struct Segments {
    pub(crate) known: HashMap<u64, Segment>,
    pub(crate) pool: Vec<Active>,
    /// Known ones that nothing refers to.
    pub(super) archive: Archive,
    /// Files that are to be deleted, with their bytes.
    pub(super) condemned: BTreeMap<u64, u64>,
    pub(crate) next_number: u64,
    /// A name was created whose durability is open.
    pub(crate) is_folder_dirty: bool,
}

/// The name of the file of segment `number`.
pub(crate) fn file_name(number: u64) -> String {
    format!("{number:010}.segment")
}

/// The number of the segment in the file `name`.
pub(crate) fn parse_name(name: &str) -> Option<u64> {
    name.strip_suffix(".segment")?.parse().ok()
}
