//! Writes content; nothing refers to it before its writer is finished.

use std::io::{self, Write};
use std::sync::Arc;

use tutti_model::flowfile::Claim;

use super::ContentRepository;
use super::block::{self, BLOCK_BYTES, HEADER_BYTES};
use super::segment::Active;
use crate::error::{Result, StoreError};

/// Takes one content. It has a segment file for itself until it ends, and one block in memory.
/// Dropped without [`finish`](ContentWriter::finish) it leaves nothing that counts.
pub struct ContentWriter {
    repository: Arc<ContentRepository>,
    /// `None` once it has ended.
    active: Option<Active>,
    /// Where the claim begins.
    begin: u64,
    /// Where the next block goes.
    end: u64,
    length: u64,
    /// The block in the making, with room for its header.
    block: Vec<u8>,
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
    pub(super) fn new(repository: Arc<ContentRepository>, active: Active) -> Self {
        let begin = active.written;
        let block = vec![0; HEADER_BYTES as usize];
        Self { repository, active: Some(active), begin, end: begin, length: 0, block }
    }

    fn write_block(&mut self) -> Result<()> {
        let active = self.active.as_ref().ok_or(StoreError::Closed)?;
        block::seal(&mut self.block, active.number, self.end);
        active.file.write_at(&self.block, self.end)?;
        self.end += self.block.len() as u64;
        self.block.truncate(HEADER_BYTES as usize);
        Ok(())
    }

    /// Ends the content. It is kept as long as the guard lives, and from then on as long as a
    /// flowfile in a queue refers to it.
    pub fn finish(mut self) -> Result<ClaimGuard> {
        if self.block.len() > HEADER_BYTES as usize {
            self.write_block()?;
        }
        let mut active = self.active.take().ok_or(StoreError::Closed)?;
        let claim = Claim { segment: active.number, offset: self.begin, length: self.length };
        active.written = self.end;
        self.repository.references().add(claim.segment);
        let guard = ClaimGuard::new(Arc::clone(&self.repository), claim);
        self.repository.put_back(active);
        Ok(guard)
    }
}

impl Write for ContentWriter {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let room = (BLOCK_BYTES + HEADER_BYTES) as usize - self.block.len();
        let count = room.min(buffer.len());
        self.block.extend_from_slice(&buffer[..count]);
        // A full block goes out at once: when that fails these bytes were not taken.
        if count == room
            && room > 0
            && let Err(error) = self.write_block()
        {
            self.block.truncate(self.block.len() - count);
            return Err(error.into());
        }
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
        // The next writer begins where this one did: nothing refers to what was written.
        if let Some(active) = self.active.take() {
            self.repository.put_back(active);
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
