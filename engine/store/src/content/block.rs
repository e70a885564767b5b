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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::folder::{Folder, MemoryFolder};

    /// Reads a block of `length` bytes at `offset` of a segment file that holds `bytes`.
    fn read_from(bytes: &[u8], place: (u64, u64), length: usize) -> Result<Vec<u8>> {
        let folder = MemoryFolder::default();
        let file = folder.create("s").unwrap();
        file.write_at(bytes, 0).unwrap();
        let mut block = Vec::new();
        read(&*file, &|| "s".into(), place, length, &mut block).map(|()| block)
    }

    proptest! {
        #[test]
        fn no_bytes_pass_for_a_block(
            bytes: Vec<u8>,
            segment: u64,
            offset in 0..200_u64,
            length in 1..300_usize,
        ) {
            let found = read_from(&bytes, (segment, offset), length);
            let is_told = matches!(found, Err(StoreError::Corrupt { .. }));
            prop_assert!(is_told);
        }

        #[test]
        fn a_block_is_read_only_as_it_was_written_and_where(
            content in prop::collection::vec(any::<u8>(), 1..300),
            segment: u64,
            offset in 8..100_u64,
            at: prop::sample::Index,
            change in 1..=u8::MAX,
        ) {
            let mut block = vec![0; HEADER_BYTES as usize];
            block.extend_from_slice(&content);
            seal(&mut block, segment, offset);
            let bytes = [&vec![7; offset as usize][..], &block].concat();
            let read = |bytes: &[u8], place, length| read_from(bytes, place, length);
            let whole = read(&bytes, (segment, offset), content.len()).unwrap();
            prop_assert_eq!(whole, content.clone());
            prop_assert!(read(&bytes, (segment ^ 1, offset), content.len()).is_err());
            prop_assert!(read(&bytes, (segment, offset), content.len() + 1).is_err());
            prop_assert!(read(&bytes, (segment, offset - 1), content.len()).is_err());
            let moved = [&[7][..], &bytes].concat();
            prop_assert!(read(&moved, (segment, offset + 1), content.len()).is_err());
            let mut changed = bytes.clone();
            changed[offset as usize + at.index(block.len())] ^= change;
            prop_assert!(read(&changed, (segment, offset), content.len()).is_err());
            let cut = &bytes[..bytes.len() - 1];
            prop_assert!(read(cut, (segment, offset), content.len()).is_err());
        }

        #[test]
        fn where_a_claim_ends_is_computed_or_refused(offset: u64, length: u64) {
            let blocks = u128::from(length.div_ceil(BLOCK_BYTES));
            let exact = u128::from(offset) + u128::from(length) + blocks * u128::from(HEADER_BYTES);
            prop_assert_eq!(end(offset, length), u64::try_from(exact).ok());
        }
    }
}
