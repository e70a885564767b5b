//! WAV files whose lengths are wrong, as a recorder leaves them that was killed: with a length of
//! samples of 0, or with one that the file's own length does not cover.
//!
//! The samples are there, so symphonia is shown a file of unknown length, and what follows the head
//! is taken for samples.

use std::io::{self, SeekFrom};

use super::Source;
use super::shown::{Shown, bytes};

/// Chunks before the samples that are looked at.
const CHUNKS_MAX: usize = 1_000;
const UNKNOWN: [u8; 4] = [0xff; 4];

/// The file as symphonia can read it; any other file is handed back as it is.
pub(super) fn open(mut source: Box<dyn Source>) -> io::Result<Box<dyn Source>> {
    let patches = look(&mut *source)?;
    source.seek(SeekFrom::Start(0))?;
    if patches.is_empty() {
        return Ok(source);
    }
    Ok(Box::new(Shown::new(source, patches, u64::MAX)))
}

fn look(source: &mut dyn Source) -> io::Result<Vec<(u64, [u8; 4])>> {
    let Some(length) = source.byte_len() else { return Ok(Vec::new()) };
    let head = bytes(source, 0, 12)?;
    let (Some(b"RIFF"), Some(b"WAVE")) = (head.first_chunk::<4>(), head.last_chunk::<4>()) else {
        return Ok(Vec::new());
    };
    let covered = u64::from(number(&head[4..])) + 8;
    let mut at = 12;
    for _ in 0..CHUNKS_MAX {
        let chunk = bytes(source, at, 8)?;
        let Some((kind, size)) = chunk.split_first_chunk::<4>().filter(|_| chunk.len() == 8) else {
            break;
        };
        let (content, size) = (at + 8, u64::from(number(size)));
        if kind == b"data" {
            let is_unsaid = size == 0 && covered <= content && length > content;
            let is_uncovered = size > 0 && content + size > covered;
            let mut patches = Vec::new();
            if is_unsaid || is_uncovered {
                patches.push((4, UNKNOWN));
            }
            if is_unsaid {
                patches.push((at + 4, UNKNOWN));
            }
            return Ok(patches);
        }
        // A chunk of odd length is followed by a byte that does not count.
        at = content + size + size % 2;
    }
    Ok(Vec::new())
}

fn number(bytes: &[u8]) -> u32 {
    bytes.first_chunk().map_or(0, |bytes| u32::from_le_bytes(*bytes))
}
