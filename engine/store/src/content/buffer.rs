//! A file whose end may still be in memory: small writes behind each other go to the file together.
//!
//! What was written can be read at once. It is in the file after a sync, and what cannot be written
//! then stays in memory, to be written by the next one.

use std::sync::Arc;

use parking_lot::Mutex;

use crate::error::Result;
use crate::folder::StoredFile;

/// Bytes that are kept in memory at most.
const BUFFER_BYTES_MAX: usize = 256 * 1024;
/// A write of so many bytes goes to the file by itself.
const DIRECT_BYTES_MIN: usize = 32 * 1024;

/// Bytes that are read and written again at once.
const COPY_BYTES: usize = 1024 * 1024;

/// The bytes that are not in the file yet.
struct Tail {
    file: Arc<dyn StoredFile>,
    /// What is to take the file's place, and is not whole yet.
    again: Option<Arc<dyn StoredFile>>,
    /// Where they begin.
    offset: u64,
    bytes: Vec<u8>,
}

impl Tail {
    fn end(&self) -> u64 {
        self.offset + self.bytes.len() as u64
    }

    fn write(&mut self) -> Result<()> {
        if !self.bytes.is_empty() {
            self.file.write_at(&self.bytes, self.offset)?;
            self.offset = self.end();
            self.bytes.clear();
        }
        Ok(())
    }
}

/// A file, and what is to be written at its end.
pub(super) struct BufferedFile {
    tail: Mutex<Tail>,
}

impl BufferedFile {
    /// `file`, whose length is `length`.
    pub(super) fn new(file: Arc<dyn StoredFile>, length: u64) -> Self {
        Self { tail: Mutex::new(Tail { file, again: None, offset: length, bytes: Vec::new() }) }
    }

    /// Writes to the file what is in memory.
    pub(super) fn write_out(&self) -> Result<()> {
        self.tail.lock().write()
    }

    /// Goes on in a file that `create` makes, with all that was written, durable.
    pub(super) fn write_again(
        &self,
        create: impl FnOnce() -> Result<Arc<dyn StoredFile>>,
    ) -> Result<()> {
        // Held all the time: nobody writes to the old one any more.
        let mut tail = self.tail.lock();
        tail.write()?;
        let again = match &tail.again {
            Some(begun) if begun.is_linked()? => Arc::clone(begun),
            _ => create()?,
        };
        tail.again = Some(Arc::clone(&again));
        copy(&*tail.file, &*again, 0, tail.file.length()?)?;
        again.sync()?;
        tail.again = None;
        tail.file = again;
        Ok(())
    }
}

impl StoredFile for BufferedFile {
    fn write_at(&self, bytes: &[u8], offset: u64) -> Result<()> {
        let mut tail = self.tail.lock();
        let is_small = bytes.len() < DIRECT_BYTES_MIN;
        if offset != tail.end() || !is_small || tail.bytes.len() + bytes.len() > BUFFER_BYTES_MAX {
            tail.write()?;
        }
        if offset == tail.end() && is_small {
            tail.bytes.extend_from_slice(bytes);
            return Ok(());
        }
        tail.file.write_at(bytes, offset)?;
        tail.offset = tail.offset.max(offset + bytes.len() as u64);
        Ok(())
    }

    fn read_at(&self, buffer: &mut [u8], offset: u64) -> Result<usize> {
        let tail = self.tail.lock();
        if tail.bytes.is_empty() {
            let file = Arc::clone(&tail.file);
            drop(tail);
            return file.read_at(buffer, offset);
        }
        // The file may be longer, by what a write left there that failed half-way.
        let in_file = usize::try_from(tail.offset.saturating_sub(offset)).unwrap_or(usize::MAX);
        let (before, rest) = buffer.split_at_mut(in_file.min(buffer.len()));
        let count = if before.is_empty() { 0 } else { tail.file.read_at(before, offset)? };
        if count < before.len() || rest.is_empty() {
            return Ok(count);
        }
        let skipped = usize::try_from(offset.saturating_sub(tail.offset)).unwrap_or(usize::MAX);
        let kept = tail.bytes.get(skipped..).unwrap_or_default();
        let from_tail = kept.len().min(rest.len());
        rest[..from_tail].copy_from_slice(&kept[..from_tail]);
        Ok(count + from_tail)
    }

    fn sync(&self) -> Result<()> {
        let file = {
            let mut tail = self.tail.lock();
            tail.write()?;
            Arc::clone(&tail.file)
        };
        // Others may write meanwhile.
        file.sync()
    }

    fn is_linked(&self) -> Result<bool> {
        let file = Arc::clone(&self.tail.lock().file);
        file.is_linked()
    }

    fn length(&self) -> Result<u64> {
        let tail = self.tail.lock();
        Ok(tail.file.length()?.max(tail.end()))
    }

    fn truncate(&self, length: u64) -> Result<()> {
        let mut tail = self.tail.lock();
        tail.write()?;
        tail.file.truncate(length)?;
        tail.offset = length;
        Ok(())
    }
}

/// Writes the bytes of `source` between two places to the same places of `target`.
pub(super) fn copy(
    source: &dyn StoredFile,
    target: &dyn StoredFile,
    from: u64,
    to: u64,
) -> Result<()> {
    let mut buffer = vec![0; COPY_BYTES];
    let mut at = from;
    while at < to {
        let wanted = buffer.len().min(usize::try_from(to - at).unwrap_or(usize::MAX));
        let count = source.read_at(&mut buffer[..wanted], at)?;
        if count == 0 {
            break;
        }
        target.write_at(&buffer[..count], at)?;
        at += count as u64;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::fault::Faults;
    use crate::folder::{Folder, MemoryFolder};

    fn all(file: &dyn StoredFile) -> Vec<u8> {
        let mut bytes = vec![0; file.length().unwrap() as usize];
        assert_eq!(file.read_at(&mut bytes, 0).unwrap(), bytes.len());
        bytes
    }

    #[test]
    fn small_writes_go_to_the_file_together_and_what_is_kept_is_bounded() {
        let faults = Faults::default();
        let folder = MemoryFolder::new(faults.clone());
        let file = folder.create("f").unwrap();
        let buffered = BufferedFile::new(Arc::clone(&file), 0);
        let before = faults.calls();
        let mut end = 0;
        while faults.calls() == before {
            buffered.write_at(&[7; 1_000], end).unwrap();
            end += 1_000;
            assert!(end <= BUFFER_BYTES_MAX as u64 + 1_000, "it keeps more than it may");
        }
        assert!(end > BUFFER_BYTES_MAX as u64);
        buffered.sync().unwrap();
        assert_eq!(all(&*file), vec![7; end as usize]);
        buffered.write_at(&vec![8; DIRECT_BYTES_MIN], end).unwrap();
        assert_eq!(file.length().unwrap(), end + DIRECT_BYTES_MIN as u64, "at once");
    }

    proptest! {
        #[test]
        fn it_reads_as_the_file_would_and_keeps_what_fails(
            steps in prop::collection::vec(
                (any::<prop::sample::Index>(), 0..4_usize, 1..3 * DIRECT_BYTES_MIN, 0..9_u64),
                1..12,
            ),
        ) {
            let faults = Faults::default();
            let folder = MemoryFolder::new(faults.clone());
            let plain = MemoryFolder::default().create("f").unwrap();
            let buffered = BufferedFile::new(folder.create("f").unwrap(), 0);
            for (number, (at, kind, length, fails)) in steps.into_iter().enumerate() {
                let end = plain.length().unwrap();
                // Mostly at the end and small, as content is written.
                let at = if kind == 0 { at.index(end as usize + 1) as u64 } else { end };
                let length = if kind == 1 { length } else { length % 500 + 1 };
                let bytes = vec![number as u8 + 1; length];
                faults.fail_nth(fails);
                // What fails may be half there, until it is written again.
                while buffered.write_at(&bytes, at).is_err() {}
                plain.write_at(&bytes, at).unwrap();
                if number % 2 == 0 {
                    let _ = buffered.sync();
                }
                faults.fail_nth(0);
                prop_assert_eq!(all(&buffered), all(&*plain));
                let mut part = vec![0; 700];
                let from = at.saturating_sub(300);
                let mut expected = part.clone();
                let count = plain.read_at(&mut expected, from).unwrap();
                prop_assert_eq!(buffered.read_at(&mut part, from).unwrap(), count);
                prop_assert_eq!(part, expected);
            }
            buffered.sync().unwrap();
            prop_assert_eq!(all(&*folder.open("f").unwrap()), all(&*plain));
        }
    }
}
