//! A file as symphonia is to see it: where it reads what is right in another way, or what is wrong
//! in one that is known.

use std::io::{self, Read, Seek, SeekFrom};

use super::Source;

/// Four bytes that are to be read where others stand.
pub(super) type Patch = (u64, [u8; 4]);

/// So many bytes from there, fewer at the end.
pub(super) fn bytes(source: &mut dyn Source, from: u64, count: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source.seek(SeekFrom::Start(from))?;
    source.take(count).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// A file of which a few bytes are other ones, and which may end earlier.
pub(super) struct Shown {
    source: Box<dyn Source>,
    patches: Vec<Patch>,
    end: u64,
    position: u64,
}

impl Shown {
    pub(super) fn new(source: Box<dyn Source>, patches: Vec<Patch>, end: u64) -> Self {
        Self { source, patches, end, position: 0 }
    }
}

impl Read for Shown {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.end.saturating_sub(self.position)).unwrap_or(usize::MAX);
        let most = left.min(buffer.len());
        let count = self.source.read(buffer.get_mut(..most).unwrap_or_default())?;
        for (from, bytes) in &self.patches {
            for (place, byte) in (*from..).zip(bytes) {
                let index = place.checked_sub(self.position).and_then(|at| at.try_into().ok());
                let index: Option<usize> = index.filter(|index| *index < count);
                if let Some(old) = index.and_then(|index| buffer.get_mut(index)) {
                    *old = *byte;
                }
            }
        }
        self.position += count as u64;
        Ok(count)
    }
}

impl Seek for Shown {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let to = match to {
            SeekFrom::End(by) => {
                let end = self.source.seek(SeekFrom::End(0))?.min(self.end);
                let Some(to) = end.checked_add_signed(by) else {
                    return Err(io::ErrorKind::InvalidInput.into());
                };
                SeekFrom::Start(to)
            }
            to => to,
        };
        self.position = self.source.seek(to)?;
        Ok(self.position)
    }
}

impl Source for Shown {
    fn byte_len(&self) -> Option<u64> {
        Some(self.source.byte_len()?.min(self.end))
    }
}
