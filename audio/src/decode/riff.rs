//! The tags of a WAV file: symphonia reads those before the samples and drops them.
//!
//! Chunk by chunk, never more than one value at once: whatever sizes the chunks claim, neither
//! memory nor time grows with them. What makes no sense ends the look.
//!
//! Multimedia Programming Interface and Data Specifications 1.0 (IBM and Microsoft, 1991), chapter
//! 2.

use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;

use super::tags;

/// Chunks that are looked at in one file.
const CHUNKS_MAX: usize = 1_000;
const VALUE_BYTES_MAX: u64 = 4_000;

/// Adds the tags of the WAV file in `source`. Fails only when bytes cannot be read.
pub(super) fn read<R: Read + Seek>(
    source: &mut R,
    tags: &mut Vec<(String, String)>,
) -> io::Result<()> {
    let mut rest = HEADER_BYTES..source.seek(SeekFrom::End(0))?;
    let mut chunks = Chunks { source, left: CHUNKS_MAX };
    while let Some((kind, content)) = chunks.next(&mut rest)? {
        if &kind == b"LIST" {
            chunks.list(content, tags)?;
        }
    }
    Ok(())
}

/// What a file begins with, and what holds the kind of a list.
const HEADER_BYTES: u64 = 12;
const LIST_BYTES: u64 = 4;

struct Chunks<'a, R> {
    source: &'a mut R,
    /// How many may still be looked at.
    left: usize,
}

impl<R: Read + Seek> Chunks<'_, R> {
    fn list(&mut self, mut rest: Range<u64>, tags: &mut Vec<(String, String)>) -> io::Result<()> {
        let kind = self.bytes(&rest, LIST_BYTES)?;
        rest.start = rest.start.saturating_add(LIST_BYTES);
        while let Some((id, content)) = self.next(&mut rest)?.filter(|_| kind == b"INFO") {
            let value = self.bytes(&content, VALUE_BYTES_MAX)?;
            let value = value.split(|byte| *byte == 0).next().unwrap_or_default();
            let id = String::from_utf8_lossy(&id).to_uppercase();
            if let Some(name) = name(&id) {
                tags::append(tags, &name, &text(value));
            }
        }
        Ok(())
    }

    /// The kind and the content of the next chunk in `rest`, which begins behind it afterwards.
    /// None at the end, and where there is no chunk or one that is longer than what it lies in.
    fn next(&mut self, rest: &mut Range<u64>) -> io::Result<Option<([u8; 4], Range<u64>)>> {
        let Some(left) = self.left.checked_sub(1) else { return Ok(None) };
        self.left = left;
        let header = self.bytes(rest, 8)?;
        let Some((kind, size)) = header.split_first_chunk().and_then(|(kind, size)| {
            Some((*kind, u64::from(u32::from_le_bytes(size.try_into().ok()?))))
        }) else {
            return Ok(None);
        };
        let content = rest.start + 8..rest.start + 8 + size;
        if content.end > rest.end {
            return Ok(None);
        }
        // A chunk of odd length is followed by a byte that does not count.
        rest.start = (content.end + size % 2).min(rest.end);
        Ok(Some((kind, content)))
    }

    /// At most so many bytes from the beginning of `range`.
    fn bytes(&mut self, range: &Range<u64>, bytes_max: u64) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.source.seek(SeekFrom::Start(range.start))?;
        let length = range.end.saturating_sub(range.start).min(bytes_max);
        self.source.by_ref().take(length).read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

/// The names that players and taggers agree on; else the chunk's own.
fn name(id: &str) -> Option<String> {
    let name = match id {
        "INAM" => "title",
        "IART" => "artist",
        "IPRD" => "album",
        "ICMT" => "comment",
        "ICOP" => "copyright",
        "ICRD" => "date",
        "IGNR" => "genre",
        "IMUS" => "composer",
        "IPRT" | "ITRK" => "track_number",
        "ISFT" => "encoder",
        "ITCH" => "encoded_by",
        other => return tags::plain(other),
    };
    Some(name.to_owned())
}

/// In UTF-8; else in Latin-1, as it is older than that.
fn text(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().copied().map(char::from).collect(),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;

    use super::*;

    fn chunk(kind: &str, content: &[u8]) -> Vec<u8> {
        let size = (content.len() as u32).to_le_bytes();
        let padding = &[0][..content.len() % 2];
        [kind.as_bytes(), &size, content, padding].concat()
    }

    fn list(kind: &str, values: &[(&str, &[u8])]) -> Vec<u8> {
        let values: Vec<u8> = values.iter().flat_map(|(id, value)| chunk(id, value)).collect();
        chunk("LIST", &[kind.as_bytes(), &values].concat())
    }

    fn file(parts: &[Vec<u8>]) -> Vec<u8> {
        chunk("RIFF", &[b"WAVE", &parts.concat()[..]].concat())
    }

    fn of(bytes: &[u8]) -> Vec<(String, String)> {
        let mut tags = Vec::new();
        read(&mut Cursor::new(bytes), &mut tags).unwrap();
        tags
    }

    #[test]
    fn tags_are_read_wherever_they_stand() {
        let before = list("INFO", &[("INAM", b"Tom\0"), ("IART", b"J\xfcrgen\0 Smith")]);
        let after = list("INFO", &[("INAM", b"another"), ("ILNG", "fran\u{e7}ais".as_bytes())]);
        let other = list("adtl", &[("labl", b"no tag")]);
        let bytes = file(&[chunk("fmt ", &[0; 16]), before, chunk("data", &[1; 7]), other, after]);
        let expected = [("title", "Tom"), ("artist", "J\u{fc}rgen"), ("ilng", "fran\u{e7}ais")];
        let found = of(&bytes);
        let found: Vec<_> = found.iter().map(|(name, value)| (&**name, &**value)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn what_is_longer_than_its_file_ends_the_look() {
        let bytes = file(&[chunk("data", &[1; 8]), list("INFO", &[("INAM", b"Tom")])]);
        assert_eq!(of(&bytes).len(), 1);
        assert_eq!(of(&bytes[..bytes.len() - 2]), []);
        let mut endless = bytes;
        endless[16..20].copy_from_slice(&u32::MAX.to_le_bytes());
        assert_eq!(of(&endless), []);
    }

    proptest! {
        /// The fuzz test: sizes that lie, and files that end anywhere.
        #[test]
        fn fuzz_changed_chunks_never_panic(
            changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
            cut in any::<prop::sample::Index>(),
        ) {
            let list = list("INFO", &[("INAM", b"Tom"), ("IART", b"someone"), ("ICMT", b"")]);
            let mut bytes = file(&[chunk("fmt ", &[0; 16]), list, chunk("data", &[1; 7])]);
            for (at, value) in &changes {
                let at = at.index(bytes.len());
                bytes[at] = *value;
            }
            bytes.truncate(cut.index(bytes.len() + 1));
            prop_assert!(of(&bytes).iter().all(|(name, value)| name.len() + value.len() < 100));
        }
    }
}
