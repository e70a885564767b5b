//! Writes content; nothing refers to it before its writer is finished.

use std::io::{self, Write};
use std::sync::Arc;

use tutti_model::flowfile::Claim;

use super::ContentRepository;
use super::block::{self, BLOCK_BYTES, HEADER_BYTES};
use super::segment::Active;
use crate::error::{Result, StoreError};
use crate::folder::StoredFile;

/// A content that is larger has a segment file for itself, so that neither keeps what the other
/// takes on the disk. Smaller ones stay in memory until they are whole, and share segments.
const SHARED_BYTES_MAX: usize = 1024 * 1024;
/// A full block with its header.
const FULL_BYTES: usize = (BLOCK_BYTES + HEADER_BYTES) as usize;

/// Takes one content. Dropped without [`finish`](ContentWriter::finish) it leaves nothing that
/// counts.
pub struct ContentWriter {
    repository: Arc<ContentRepository>,
    /// The segment file that it has for itself, once the content is known to be large.
    own: Option<Active>,
    /// Where the claim begins in it.
    begin: u64,
    length: u64,
    /// Blocks that are not written yet, with room for their headers.
    blocks: Vec<u8>,
}

/// Keeps the content of a claim while nothing durable refers to it yet.
pub struct ClaimGuard {
    repository: Arc<ContentRepository>,
    claim: Claim,
}

impl ClaimGuard {
    pub(super) fn new(repository: Arc<ContentRepository>, claim: Claim) -> Self {
        Self { repository, claim }
    }

    /// The claim.
    pub fn claim(&self) -> Claim {
        self.claim
    }
}

impl Clone for ClaimGuard {
    fn clone(&self) -> Self {
        self.repository.references().add(self.claim.segment);
        Self { repository: Arc::clone(&self.repository), claim: self.claim }
    }
}

impl Drop for ClaimGuard {
    fn drop(&mut self) {
        self.repository.references().release(self.claim.segment, 1);
    }
}

impl std::fmt::Debug for ClaimGuard {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_tuple("ClaimGuard").field(&self.claim).finish()
    }
}

impl ContentWriter {
    pub(super) fn new(repository: Arc<ContentRepository>) -> Self {
        Self { repository, own: None, begin: 0, length: 0, blocks: Vec::new() }
    }

    /// Writes all blocks to the end of `active`.
    fn write_blocks(&mut self, active: &mut Active) -> Result<()> {
        let mut place = active.written;
        for block in self.blocks.chunks_mut(FULL_BYTES) {
            block::seal(block, active.number, place);
            place += block.len() as u64;
        }
        let written = || active.file.write_at(&self.blocks, active.written);
        self.repository.with_room(written)?;
        active.written = place;
        self.blocks.clear();
        Ok(())
    }

    /// Makes room for more: the content has grown beyond what stays in memory.
    fn spill(&mut self) -> Result<()> {
        let mut own = if let Some(own) = self.own.take() {
            own
        } else {
            let own = self.repository.create_segment()?;
            self.begin = own.written;
            own
        };
        let written = self.write_blocks(&mut own);
        self.own = Some(own);
        written
    }

    /// Ends the content. It is kept as long as the guard lives, and from then on as long as a
    /// flowfile in a queue refers to it.
    pub fn finish(mut self) -> Result<ClaimGuard> {
        if self.own.is_some() {
            self.spill()?;
            let own = self.own.take().ok_or(StoreError::Closed)?;
            let guard = self.claim(own.number, self.begin);
            self.repository.retire(&own);
            return Ok(guard);
        }
        let mut shared = self.repository.take_shared()?;
        let begin = shared.written;
        let written = self.write_blocks(&mut shared);
        let guard = written.map(|()| self.claim(shared.number, begin));
        self.repository.put_back(shared);
        guard
    }

    fn claim(&self, segment: u64, offset: u64) -> ClaimGuard {
        self.repository.references().add(segment);
        let claim = Claim { segment, offset, length: self.length };
        ClaimGuard::new(Arc::clone(&self.repository), claim)
    }
}

impl Write for ContentWriter {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        let blocks_max = if self.own.is_some() { FULL_BYTES } else { SHARED_BYTES_MAX };
        if self.blocks.len().is_multiple_of(FULL_BYTES) {
            if self.blocks.len() >= blocks_max {
                self.spill()?;
            }
            self.blocks.reserve(HEADER_BYTES as usize + buffer.len().min(BLOCK_BYTES as usize));
            self.blocks.extend_from_slice(&[0; HEADER_BYTES as usize]);
        }
        let count = (FULL_BYTES - self.blocks.len() % FULL_BYTES).min(buffer.len());
        self.blocks.extend_from_slice(&buffer[..count]);
        self.length += count as u64;
        Ok(count)
    }

    /// Does nothing: content counts only when it is finished, and is durable with its commit.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for ContentWriter {
    fn drop(&mut self) {
        if let Some(own) = self.own.take() {
            self.repository.retire(&own);
        }
    }
}

impl std::fmt::Debug for ContentWriter {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("ContentWriter")
            .field("length", &self.length)
            .finish_non_exhaustive()
    }
}
