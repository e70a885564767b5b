//! Reads content from anywhere; no byte is handed out whose block was not verified.

use std::fmt;
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;

use tutti_model::flowfile::ContentSlice;

use super::block::{self, BLOCK_BYTES, HEADER_BYTES};
use crate::folder::StoredFile;

/// A reader of one slice, at its beginning. It holds one block in memory, and keeps its file.
pub struct ContentReader {
    pub(super) file: Arc<dyn StoredFile>,
    pub(super) name: String,
    pub(super) slice: ContentSlice,
    pub(super) position: u64,
    /// The verified block, and its number.
    pub(super) block: Vec<u8>,
    pub(super) block_number: Option<u64>,
}

impl ContentReader {
    fn load(&mut self, number: u64) -> io::Result<()> {
        if self.block_number == Some(number) {
            return Ok(());
        }
        self.block_number = None;
        let claim = self.slice.claim;
        let length = (claim.length - number * BLOCK_BYTES).min(BLOCK_BYTES);
        let offset = claim.offset + number * (BLOCK_BYTES + HEADER_BYTES);
        let (file, name) = (&*self.file, &self.name);
        let place = || name.clone();
        block::read(file, &place, (claim.segment, offset), length as usize, &mut self.block)?;
        self.block_number = Some(number);
        Ok(())
    }
}

impl Read for ContentReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.slice.length.saturating_sub(self.position);
        if left == 0 || buffer.is_empty() {
            return Ok(0);
        }
        let at = self.slice.offset + self.position;
        self.load(at / BLOCK_BYTES)?;
        let rest = self.block.get((at % BLOCK_BYTES) as usize..).unwrap_or_default();
        let count = rest.len().min(buffer.len()).min(usize::try_from(left).unwrap_or(usize::MAX));
        buffer[..count].copy_from_slice(&rest[..count]);
        self.position += count as u64;
        Ok(count)
    }
}

impl Seek for ContentReader {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        let target = match position {
            SeekFrom::Start(offset) => Some(offset),
            SeekFrom::End(offset) => self.slice.length.checked_add_signed(offset),
            SeekFrom::Current(offset) => self.position.checked_add_signed(offset),
        };
        self.position = target.ok_or_else(|| {
            io::Error::new(io::ErrorKind::InvalidInput, "a seek to before the content's beginning")
        })?;
        Ok(self.position)
    }
}

impl fmt::Debug for ContentReader {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("ContentReader").field("slice", &self.slice).finish_non_exhaustive()
    }
}
