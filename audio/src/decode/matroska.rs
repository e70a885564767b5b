//! What symphonia reads of a Matroska file and does not tell: its title, and how much of a track's
//! audio its encoder added.
//!
//! Element by element, never more than a title at once: whatever sizes the elements claim, neither
//! memory nor time grows with them. What makes no sense ends the look.
//!
//! RFC 9559 (Matroska), sections 5.1 and 12, and RFC 8794 (EBML), sections 4 to 7.

use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;

/// Elements that are looked at in one file; of most clusters, which have some seconds each, only
/// one.
const ELEMENTS_MAX: usize = 100_000;
const TITLE_BYTES_MAX: u64 = 4_000;

const SEGMENT: u32 = 0x1853_8067;
const INFO: u32 = 0x1549_a966;
const TITLE: u32 = 0x7ba9;
const TRACKS: u32 = 0x1654_ae6b;
const TRACK_ENTRY: u32 = 0xae;
const TRACK_NUMBER: u32 = 0xd7;
const CODEC_DELAY: u32 = 0x56aa;
const CLUSTER: u32 = 0x1f43_b675;
const SIMPLE_BLOCK: u32 = 0xa3;
const BLOCK_GROUP: u32 = 0xa0;
const BLOCK: u32 = 0xa1;
const DISCARD_PADDING: u32 = 0x75a2;

/// What a segment says of itself and of one of its tracks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Segment {
    pub(super) title: Option<String>,
    /// How much comes before the music, in nanoseconds.
    pub(super) delay: u64,
    /// How much of the track's last block lies behind the music, in nanoseconds.
    pub(super) padding: u64,
}

/// What the segment in `source` says of the track `number`. Fails only when bytes cannot be read.
pub(super) fn segment<R: Read + Seek>(source: &mut R, number: u32) -> io::Result<Segment> {
    let length = source.seek(SeekFrom::End(0))?;
    let mut elements = Elements { source, left: ELEMENTS_MAX, number: u64::from(number) };
    elements.file(0..length)
}

struct Elements<'a, R> {
    source: &'a mut R,
    /// How many may still be looked at.
    left: usize,
    /// Of the track that is asked for.
    number: u64,
}

impl<R: Read + Seek> Elements<'_, R> {
    fn file(&mut self, mut rest: Range<u64>) -> io::Result<Segment> {
        let mut found = Segment::default();
        let mut content = 0..0;
        while let Some((id, range)) = self.next(&mut rest)? {
            if id == SEGMENT {
                content = range;
                break;
            }
        }
        let mut last = None;
        while let Some((id, range)) = self.next(&mut content)? {
            match id {
                INFO => found.title = self.title(range)?.or(found.title),
                TRACKS => found.delay = self.delay(range)?,
                CLUSTER => last = Some(range),
                _ => {}
            }
        }
        // What is cut off, or was not looked at wholly, has no end that is known.
        if let Some(last) = last.filter(|_| content.is_empty()) {
            found.padding = self.padding(last)?;
        }
        Ok(found)
    }

    fn title(&mut self, mut info: Range<u64>) -> io::Result<Option<String>> {
        while let Some((id, range)) = self.next(&mut info)? {
            if id == TITLE {
                let mut text = Vec::new();
                self.source.seek(SeekFrom::Start(range.start))?;
                let bytes = (range.end - range.start).min(TITLE_BYTES_MAX);
                self.source.by_ref().take(bytes).read_to_end(&mut text)?;
                let text = String::from_utf8_lossy(&text);
                return Ok(Some(text.trim_end_matches('\0').to_owned()));
            }
        }
        Ok(None)
    }

    fn delay(&mut self, mut tracks: Range<u64>) -> io::Result<u64> {
        while let Some((id, mut track)) = self.next(&mut tracks)? {
            let (mut number, mut delay) = (None, 0);
            while let Some((inner, range)) = self.next(&mut track)?.filter(|_| id == TRACK_ENTRY) {
                match inner {
                    TRACK_NUMBER => number = self.number(range)?,
                    CODEC_DELAY => delay = self.number(range)?.unwrap_or(0),
                    _ => {}
                }
            }
            if number == Some(self.number) {
                return Ok(delay);
            }
        }
        Ok(0)
    }

    /// That of the last block of the track.
    fn padding(&mut self, mut cluster: Range<u64>) -> io::Result<u64> {
        let mut last = 0;
        while let Some((id, range)) = self.next(&mut cluster)? {
            if id == SIMPLE_BLOCK && self.is_of_track(range.clone())? {
                last = 0;
            }
            if id == BLOCK_GROUP {
                last = self.group(range)?.unwrap_or(last);
            }
        }
        Ok(last)
    }

    /// None where the block is of another track.
    fn group(&mut self, mut rest: Range<u64>) -> io::Result<Option<u64>> {
        let (mut is_of_track, mut padding) = (false, 0);
        while let Some((id, range)) = self.next(&mut rest)? {
            match id {
                BLOCK => is_of_track = self.is_of_track(range)?,
                DISCARD_PADDING => padding = self.signed(range)?.unwrap_or(0),
                _ => {}
            }
        }
        // Below zero it would lie at the beginning of the block.
        Ok(is_of_track.then_some(u64::try_from(padding).unwrap_or(0)))
    }

    fn is_of_track(&mut self, mut block: Range<u64>) -> io::Result<bool> {
        let number = self.variable(&mut block)?.map(|(value, bits)| value & ones(bits));
        Ok(number == Some(self.number))
    }

    /// The next element in `rest`, which begins behind it afterwards. None at the end, and where
    /// there is no element or one that is longer than what it lies in.
    fn next(&mut self, rest: &mut Range<u64>) -> io::Result<Option<(u32, Range<u64>)>> {
        let Some(left) = self.left.checked_sub(1) else { return Ok(None) };
        self.left = left;
        let mut behind = rest.clone();
        let id = self.variable(&mut behind)?.and_then(|(id, _)| u32::try_from(id).ok());
        let Some((id, (size, bits))) = id.zip(self.variable(&mut behind)?) else { return Ok(None) };
        let size = size & ones(bits);
        // A file that was cut still begins as it did, and one that was sent while it was made does
        // not know its size.
        let end = match id {
            SEGMENT => Some(rest.end),
            _ => behind.start.checked_add(size),
        };
        let Some(end) = end.filter(|end| *end <= rest.end) else { return Ok(None) };
        rest.start = end;
        Ok(Some((id, behind.start..end)))
    }

    /// A number that says by its first bits how long it is, with those bits, and how many bits come
    /// after them.
    fn variable(&mut self, rest: &mut Range<u64>) -> io::Result<Option<(u64, u32)>> {
        let first = rest.start..rest.start.saturating_add(1).min(rest.end);
        let Some(length) = self.number(first)?.map(|byte| (byte as u8).leading_zeros() + 1) else {
            return Ok(None);
        };
        let end = rest.start.saturating_add(u64::from(length));
        if length > u64::BITS / 8 || end > rest.end {
            return Ok(None);
        }
        let value = self.number(rest.start..end)?;
        rest.start = end;
        Ok(value.map(|value| (value, 7 * length)))
    }

    /// A number of 1 to 8 bytes, the highest first.
    fn number(&mut self, range: Range<u64>) -> io::Result<Option<u64>> {
        let mut bytes = [0; 8];
        let length = usize::try_from(range.end.saturating_sub(range.start)).unwrap_or(usize::MAX);
        let unused = bytes.len().checked_sub(length).filter(|unused| *unused < bytes.len());
        let Some(used) = unused.and_then(|unused| bytes.get_mut(unused..)) else { return Ok(None) };
        self.source.seek(SeekFrom::Start(range.start))?;
        match self.source.read_exact(used) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
            other => other.map(|()| Some(u64::from_be_bytes(bytes))),
        }
    }

    fn signed(&mut self, range: Range<u64>) -> io::Result<Option<i64>> {
        let unused = 64_u64.saturating_sub(8 * range.end.saturating_sub(range.start));
        Ok(self.number(range)?.map(|number| (number << unused).cast_signed() >> unused))
    }
}

/// As many ones.
fn ones(bits: u32) -> u64 {
    (1 << bits) - 1
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;

    use super::*;

    /// An element whose size takes `width` bytes.
    fn sized(id: u32, width: u32, content: &[u8]) -> Vec<u8> {
        let id = id.to_be_bytes();
        let start = id.iter().position(|byte| *byte != 0).unwrap();
        let size = (content.len() as u64 | 1 << (7 * width)).to_be_bytes();
        [&id[start..], &size[8 - width as usize..], content].concat()
    }

    fn element(id: u32, content: &[u8]) -> Vec<u8> {
        sized(id, 4, content)
    }

    fn block(track: u8) -> Vec<u8> {
        [&[0x80 | track], &[0; 30][..]].concat()
    }

    fn group(track: u8, padding: &[u8]) -> Vec<u8> {
        let parts = [element(BLOCK, &block(track)), element(DISCARD_PADDING, padding)];
        element(BLOCK_GROUP, &parts.concat())
    }

    fn entry(track: u8, delay: &[u8]) -> Vec<u8> {
        let parts = [element(TRACK_NUMBER, &[track]), element(CODEC_DELAY, delay)];
        element(TRACK_ENTRY, &parts.concat())
    }

    /// A file with two tracks and these blocks in its last cluster.
    fn file(blocks: &[Vec<u8>]) -> Vec<u8> {
        let parts = [
            element(INFO, &element(TITLE, b"Tom\0")),
            element(TRACKS, &[entry(2, &[1, 0]), entry(3, &[2, 0, 0])].concat()),
            element(CLUSTER, &group(3, &[9])),
            element(CLUSTER, &blocks.concat()),
        ];
        [element(0x1a45_dfa3, &[0; 20]), element(SEGMENT, &parts.concat())].concat()
    }

    fn of(bytes: &[u8], number: u32) -> Segment {
        segment(&mut Cursor::new(bytes), number).unwrap()
    }

    fn padding(blocks: &[Vec<u8>]) -> u64 {
        of(&file(blocks), 3).padding
    }

    #[test]
    fn a_segment_says_what_symphonia_does_not_tell() {
        let bytes = file(&[group(2, &[7]), group(3, &[0x26, 0x0f, 0x7b])]);
        let title = Some("Tom".to_owned());
        let expected = Segment { title: title.clone(), delay: 0x20000, padding: 0x26_0f7b };
        assert_eq!(of(&bytes, 3), expected);
        assert_eq!(of(&bytes, 2), Segment { title: title.clone(), delay: 256, padding: 7 });
        assert_eq!(of(&bytes, 4), Segment { title, ..Segment::default() });
    }

    #[test]
    fn only_the_last_block_of_a_track_ends_it() {
        let plain = element(SIMPLE_BLOCK, &block(3));
        assert_eq!(padding(&[group(3, &[7]), plain.clone()]), 0);
        assert_eq!(padding(&[plain, group(3, &[7]), group(2, &[8])]), 7);
        // Below zero it would lie at the beginning.
        assert_eq!(padding(&[group(3, &[0xff])]), 0);
        assert_eq!(padding(&[group(3, &[1; 9])]), 0);
        assert_eq!(padding(&[]), 0);
    }

    #[test]
    fn a_file_that_is_cut_has_a_beginning_and_no_end() {
        let bytes = file(&[group(3, &[7])]);
        let cut = of(&bytes[..bytes.len() - 1], 3);
        assert_eq!(cut, Segment { title: Some("Tom".to_owned()), delay: 0x20000, padding: 0 });
    }

    proptest! {
        #[test]
        fn numbers_are_read_as_they_were_written(
            (delay, padding) in (any::<u64>(), any::<i64>()),
            widths in (1..=8_u32, 3..=8_u32),
        ) {
            let group = [
                sized(BLOCK, widths.0, &block(3)),
                sized(DISCARD_PADDING, widths.0, &padding.to_be_bytes()),
            ];
            let parts = [
                sized(TRACKS, widths.0, &entry(3, &delay.to_be_bytes())),
                sized(CLUSTER, widths.1, &sized(BLOCK_GROUP, widths.0, &group.concat())),
            ];
            let found = of(&sized(SEGMENT, widths.1, &parts.concat()), 3);
            let padding = u64::try_from(padding).unwrap_or(0);
            prop_assert_eq!(found, Segment { title: None, delay, padding });
        }

        /// The fuzz test: sizes and numbers that lie, and files that end anywhere.
        #[test]
        fn fuzz_changed_elements_never_panic(
            changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
            cut in any::<prop::sample::Index>(),
        ) {
            let mut bytes = file(&[group(2, &[7]), group(3, &[0x26, 0x0f, 0x7b])]);
            for (at, value) in &changes {
                let at = at.index(bytes.len());
                bytes[at] = *value;
            }
            bytes.truncate(cut.index(bytes.len() + 1));
            let found = of(&bytes, 3);
            prop_assert!(found.title.unwrap_or_default().len() <= 3 * TITLE_BYTES_MAX as usize);
        }
    }
}
