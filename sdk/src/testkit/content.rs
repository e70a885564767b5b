//! Content in memory, with failures on demand.

use std::io::{self, Cursor, Read, Seek, SeekFrom, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Weak};

use tutti_model::flowfile::Content;

use super::host::MemoryHost;
use crate::ProcessError;
use crate::host::{ContentHost, ContentSink};

/// Takes content outside of a session. What is in memory lives as long as the test bench.
pub(super) struct Contents(pub(super) Weak<MemoryHost>);

impl ContentHost for Contents {
    fn create(&self) -> Result<Box<dyn ContentSink>, ProcessError> {
        let host = self.0.upgrade().ok_or_else(|| ProcessError::internal("no test bench"))?;
        let fails_at = host.faults.lock().write_bytes;
        Ok(Box::new(MemorySink { host, bytes: Vec::new(), fails_at }))
    }
}

/// How many contents are open for reading, and were at most.
#[derive(Default)]
pub(super) struct Opened {
    now: AtomicUsize,
    most: AtomicUsize,
}

impl Opened {
    pub(super) fn most(&self) -> usize {
        self.most.load(Ordering::SeqCst)
    }
}

/// Reads bytes until the place where the disk is said to be broken.
pub(super) struct FaultyReader {
    bytes: Cursor<Vec<u8>>,
    fails_at: Option<u64>,
    opened: Arc<Opened>,
}

impl FaultyReader {
    pub(super) fn new(bytes: Vec<u8>, fails_at: Option<u64>, opened: &Arc<Opened>) -> Self {
        let now = opened.now.fetch_add(1, Ordering::SeqCst) + 1;
        opened.most.fetch_max(now, Ordering::SeqCst);
        Self { bytes: Cursor::new(bytes), fails_at, opened: Arc::clone(opened) }
    }
}

impl Drop for FaultyReader {
    fn drop(&mut self) {
        self.opened.now.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Read for FaultyReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut room = buffer.len();
        if let Some(end) = self.fails_at {
            let left = end.saturating_sub(self.bytes.position());
            if left == 0 {
                return Err(io::Error::other("injected failure of a read"));
            }
            room = room.min(usize::try_from(left).unwrap_or(usize::MAX));
        }
        self.bytes.read(&mut buffer[..room])
    }
}

impl Seek for FaultyReader {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        self.bytes.seek(position)
    }
}

/// Takes bytes until the disk is said to be full.
pub(super) struct MemorySink {
    pub(super) host: Arc<MemoryHost>,
    pub(super) bytes: Vec<u8>,
    pub(super) fails_at: Option<u64>,
}

impl Write for MemorySink {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let after = self.bytes.len() as u64 + buffer.len() as u64;
        if self.fails_at.is_some_and(|end| after > end) {
            return Err(io::Error::new(io::ErrorKind::StorageFull, "injected failure of a write"));
        }
        self.bytes.extend_from_slice(buffer);
        Ok(buffer.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl ContentSink for MemorySink {
    fn finish(self: Box<Self>) -> io::Result<Content> {
        Ok(self.host.store(self.bytes))
    }
}
