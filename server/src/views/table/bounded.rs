//! Bytes of which a row takes no more than its share: a quote that never ends is no reason to take
//! a recording into memory.

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

use super::ROW_BYTES_MAX;

/// How much the row that is being read may still take.
#[derive(Debug, Clone)]
pub(super) struct Share(Rc<Cell<u64>>);

impl Share {
    /// A row is over, and the next begins.
    pub(super) fn renew(&self) {
        self.0.set(ROW_BYTES_MAX);
    }
}

/// Fails where a row takes more than its share.
pub(super) struct Bounded<R> {
    reader: R,
    share: Share,
}

impl<R: Read> Bounded<R> {
    pub(super) fn new(reader: R) -> (Self, Share) {
        let share = Share(Rc::new(Cell::new(ROW_BYTES_MAX)));
        (Self { reader, share: share.clone() }, share)
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.share.0.get();
        if left == 0 {
            return Err(too_long());
        }
        let count = buffer.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        let read = self.reader.read(&mut buffer[..count])?;
        self.share.0.set(left - read as u64);
        Ok(read)
    }
}

pub(super) fn too_long() -> io::Error {
    let message = format!("a row of it is longer than {ROW_BYTES_MAX} bytes");
    io::Error::new(io::ErrorKind::InvalidData, message)
}

/// Text without the mark of its order of bytes.
pub(super) fn without_mark(text: &[u8]) -> &[u8] {
    text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text)
}
