//! How content lies in a segment file: blocks of up to 64 KiB, each behind its length and checksum.
//!
//! All blocks of a claim but the last are full, so that the block of any byte can be computed. The
//! checksum covers the block's place too: a block that was written elsewhere does not pass.

use crate::error::{Result, StoreError};
use crate::folder::StoredFile;

/// Bytes of content in a full block.
pub(crate) const BLOCK_BYTES: u64 = 64 * 1024;
/// Length and checksum.
pub(crate) const HEADER_BYTES: u64 = 8;
/// The first bytes of a segment file: what it is, and its version.
pub(crate) const MAGIC: &[u8; 8] = b"TUTTISG1";

/// Where the bytes of a claim of `length` at `offset` end in the file.
pub(crate) fn end(offset: u64, length: u64) -> Option<u64> {
    let headers = length.div_ceil(BLOCK_BYTES).checked_mul(HEADER_BYTES)?;
    offset.checked_add(length)?.checked_add(headers)
}

fn checksum(segment: u64, offset: u64, content: &[u8]) -> u32 {
    let place =
        crc32c::crc32c_append(crc32c::crc32c(&segment.to_le_bytes()), &offset.to_le_bytes());
    crc32c::crc32c_append(place, content)
}

/// Fills in the header of `block`, whose content begins after it.
pub(crate) fn seal(block: &mut [u8], segment: u64, offset: u64) {
    let Some((header, content)) = block.split_at_mut_checked(HEADER_BYTES as usize) else { return };
    let (length, sum) = header.split_at_mut(4);
    length.copy_from_slice(&(content.len() as u32).to_le_bytes());
    sum.copy_from_slice(&checksum(segment, offset, content).to_le_bytes());
}

/// Reads and verifies the block with `length` bytes of content at `offset` into `block`.
pub(crate) fn read(
    file: &dyn StoredFile,
    place: &dyn Fn() -> String,
    (segment, offset): (u64, u64),
    length: usize,
    block: &mut Vec<u8>,
) -> Result<()> {
    let corrupt = |reason: String| {
        StoreError::corrupt(format!("the content block at byte {offset}"), place(), reason)
    };
    block.resize(length + HEADER_BYTES as usize, 0);
    let count = file.read_at(block, offset)?;
    if count < block.len() {
        return Err(corrupt(format!("the file ends {} bytes too early", block.len() - count)));
    }
    let content = block.split_off(HEADER_BYTES as usize);
    let header = std::mem::replace(block, content);
    let expected_sum = checksum(segment, offset, block).to_le_bytes();
    let expected = [(length as u32).to_le_bytes(), expected_sum].concat();
    if header != expected {
        return Err(corrupt("its length or checksum is wrong".into()));
    }
    Ok(())
}
