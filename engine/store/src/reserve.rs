//! Room that is set aside on the disk of a data folder, so that the folder can be opened where
//! there is none: sled writes as it opens, and what is archived gives way only once records are
//! read.
//!
//! Nothing is ever read from it, and nothing fails because it is not there.

use std::fs::{self, File};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use rustix::fs::{FallocateFlags, fallocate};

use crate::error::{Result, StoreError};

/// The file's name.
const FILE: &str = "reserve";
/// What sled writes as it opens is a snapshot of where its values lie, of some bytes for each
/// hundred records.
const BYTES: u64 = 64 * 1024;
/// What the system counts the blocks of files in.
const BLOCK_BYTES: u64 = 512;

/// Does `open`, and once more with the room that was set aside when it found none.
pub(crate) fn with_room<T>(path: &Path, mut open: impl FnMut() -> Result<T>) -> Result<T> {
    let opened = open();
    let is_full = matches!(opened, Err(StoreError::DiskFull { .. }));
    if is_full && fs::remove_file(path.join(FILE)).is_ok() { open() } else { opened }
}

/// Sets the room aside in the data folder `path`, if the disk has it and can.
pub(crate) fn set_aside(path: &Path) {
    let name = path.join(FILE);
    if name.metadata().is_ok_and(|file| file.blocks() * BLOCK_BYTES >= BYTES) {
        return;
    }
    let made = File::create(&name);
    let set = made.map(|file| fallocate(file, FallocateFlags::empty(), 0, BYTES));
    if !matches!(set, Ok(Ok(()))) {
        // A part of it would be in the way of others, and of no use.
        let _ = fs::remove_file(name);
    }
}
