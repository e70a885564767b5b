//! The edit list of an MPEG-4 file: which part of a track is to be heard.
//!
//! symphonia reads it and does not apply it. Box by box, never more than a few bytes at once:
//! whatever sizes the boxes claim, neither memory nor time grows with them. What makes no sense is
//! taken for a file without an edit list.
//!
//! ISO/IEC 14496-12, sections 8.2, 8.3, 8.4.2 and 8.6.6.

use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;

/// Boxes that are looked at in one file.
const BOXES_MAX: usize = 10_000;
/// Entries of an edit list; more than an empty one and the part to be heard is music that was cut.
const ENTRIES_MAX: u32 = 8;
/// What an entry says that keeps the beginning free.
const EMPTY: u64 = u64::MAX;
/// As fast as it was recorded, in 65,536ths.
const NORMAL_SPEED: u64 = 1 << 16;

/// What a movie says of one of its tracks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Movie {
    /// Whether its packets are listed in fragments, so that its header does not know how many.
    pub(super) is_fragmented: bool,
    /// The part to be heard; none where there is no edit list, or one of several parts.
    pub(super) edit: Option<Edit>,
}

/// A part of a track, in the track's ticks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Edit {
    /// Where it begins.
    pub(super) start: u64,
    /// How long it is; none if all that follows belongs to it.
    pub(super) length: Option<u64>,
    /// How far `length` may be off, as it is written in the movie's ticks.
    pub(super) slack: u64,
}

/// What the movie in `source` says of the track `id`. Fails only when bytes cannot be read.
pub(super) fn movie<R: Read + Seek>(source: &mut R, id: u32) -> io::Result<Movie> {
    let length = source.seek(SeekFrom::End(0))?;
    let mut boxes = Boxes { source, left: BOXES_MAX };
    let found = boxes.movie(0..length, id)?;
    Ok(found.unwrap_or_default())
}

struct Boxes<'a, R> {
    source: &'a mut R,
    /// How many may still be looked at.
    left: usize,
}

/// What a track says of itself.
#[derive(Default)]
struct Track {
    id: Option<u64>,
    /// Ticks in a second.
    timescale: Option<u64>,
    entry: Option<Entry>,
}

/// The only entry of an edit list that is not empty.
struct Entry {
    start: u64,
    /// In the movie's ticks.
    length: u64,
}

impl<R: Read + Seek> Boxes<'_, R> {
    fn movie(&mut self, file: Range<u64>, id: u32) -> io::Result<Option<Movie>> {
        let Some(movie) = self.find(file, *b"moov")? else { return Ok(None) };
        let (mut timescale, mut wanted, mut is_fragmented) = (None, None, false);
        let mut rest = movie;
        while let Some((kind, content)) = self.next(&mut rest)? {
            match &kind {
                b"mvhd" => timescale = self.timescale(content)?,
                b"mvex" => is_fragmented = true,
                b"trak" if wanted.is_none() => {
                    wanted = Some(self.track(content)?).filter(|it| it.id == Some(u64::from(id)));
                }
                _ => {}
            }
        }
        let edit = wanted.zip(timescale).and_then(|(track, movie)| edit(&track, movie));
        Ok(Some(Movie { is_fragmented, edit }))
    }

    fn track(&mut self, mut rest: Range<u64>) -> io::Result<Track> {
        let mut track = Track::default();
        while let Some((kind, content)) = self.next(&mut rest)? {
            match &kind {
                b"tkhd" => track.id = self.after_times(content)?,
                b"edts" => {
                    if let Some(list) = self.find(content, *b"elst")? {
                        track.entry = self.entry(list)?;
                    }
                }
                b"mdia" => {
                    if let Some(header) = self.find(content, *b"mdhd")? {
                        track.timescale = self.timescale(header)?;
                    }
                }
                _ => {}
            }
        }
        Ok(track)
    }

    /// The only entry of an edit list that is not empty, at normal speed.
    fn entry(&mut self, content: Range<u64>) -> io::Result<Option<Entry>> {
        let mut reader = Numbers { source: self.source, rest: content };
        let Some(is_long) = reader.version()? else { return Ok(None) };
        let Some(count) = reader.number(4)?.filter(|count| *count <= u64::from(ENTRIES_MAX)) else {
            return Ok(None);
        };
        let bytes = if is_long { 8 } else { 4 };
        let mut only = None;
        for _ in 0..count {
            let (length, start) = (reader.number(bytes)?, reader.number(bytes)?);
            let speed = reader.number(4)?;
            let Some(((length, start), speed)) = length.zip(start).zip(speed) else {
                return Ok(None);
            };
            if start == (if is_long { EMPTY } else { EMPTY >> 32 }) && only.is_none() {
                continue;
            }
            if only.is_some() || speed != NORMAL_SPEED {
                return Ok(None);
            }
            only = Some(Entry { start, length });
        }
        Ok(only)
    }

    /// Of the header of a movie or of a track's media, in ticks a second.
    fn timescale(&mut self, content: Range<u64>) -> io::Result<Option<u64>> {
        Ok(self.after_times(content)?.filter(|ticks| *ticks > 0))
    }

    /// What follows the times of creation and modification, with which several boxes begin.
    fn after_times(&mut self, content: Range<u64>) -> io::Result<Option<u64>> {
        let mut reader = Numbers { source: self.source, rest: content };
        let Some(is_long) = reader.version()? else { return Ok(None) };
        let bytes = if is_long { 8 } else { 4 };
        let times = reader.number(bytes)?.zip(reader.number(bytes)?);
        if times.is_none() { Ok(None) } else { reader.number(4) }
    }

    /// The content of the first box of a kind.
    fn find(&mut self, mut rest: Range<u64>, wanted: [u8; 4]) -> io::Result<Option<Range<u64>>> {
        while let Some((kind, content)) = self.next(&mut rest)? {
            if kind == wanted {
                return Ok(Some(content));
            }
        }
        Ok(None)
    }

    /// The kind and the content of the next box in `rest`, which begins behind it afterwards.
    /// None at the end, and where there is no box or one that is longer than what it lies in.
    fn next(&mut self, rest: &mut Range<u64>) -> io::Result<Option<([u8; 4], Range<u64>)>> {
        let Some(left) = self.left.checked_sub(1) else { return Ok(None) };
        self.left = left;
        let start = rest.start;
        let mut reader = Numbers { source: self.source, rest: rest.clone() };
        let (size, kind) = (reader.number(4)?, reader.number(4)?);
        let size = match size {
            // Up to the end.
            Some(0) => rest.end.checked_sub(start),
            Some(1) => reader.number(8)?,
            size => size,
        };
        let content = reader.rest.start;
        let end = size.and_then(|size| start.checked_add(size));
        let Some((kind, end)) = kind.zip(end).filter(|(_, end)| (content..=rest.end).contains(end))
        else {
            return Ok(None);
        };
        rest.start = end;
        Ok(Some(((kind as u32).to_be_bytes(), content..end)))
    }
}

/// The edit of a track in a movie of `movie` ticks a second.
fn edit(track: &Track, movie: u64) -> Option<Edit> {
    let (entry, ticks) = (track.entry.as_ref()?, track.timescale?);
    let length = u128::from(entry.length) * u128::from(ticks);
    let length = u64::try_from((length + u128::from(movie / 2)) / u128::from(movie)).ok()?;
    Some(Edit {
        start: entry.start,
        // A movie in fragments is longer than its header can know.
        length: (length > 0).then_some(length),
        slack: if ticks == movie { 0 } else { ticks.div_ceil(movie) },
    })
}

/// Numbers one after another, the highest byte first.
struct Numbers<'a, R> {
    source: &'a mut R,
    rest: Range<u64>,
}

impl<R: Read + Seek> Numbers<'_, R> {
    /// The version and the flags that begin many boxes: whether numbers have 64 bits.
    fn version(&mut self) -> io::Result<Option<bool>> {
        Ok(self.number(4)?.map(|both| both >> 24 == 1))
    }

    /// A number of up to 8 bytes; none where fewer are left.
    fn number(&mut self, bytes: u8) -> io::Result<Option<u64>> {
        let end = self.rest.start.checked_add(u64::from(bytes));
        let Some(end) = end.filter(|end| *end <= self.rest.end) else { return Ok(None) };
        self.source.seek(SeekFrom::Start(self.rest.start))?;
        let mut number = [0; 8];
        let unused = number.len().saturating_sub(usize::from(bytes));
        match self.source.read_exact(number.get_mut(unused..).unwrap_or_default()) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
            other => other?,
        }
        self.rest.start = end;
        Ok(Some(u64::from_be_bytes(number)))
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;

    use super::*;

    fn boxed(kind: [u8; 4], content: &[u8]) -> Vec<u8> {
        [&(content.len() as u32 + 8).to_be_bytes(), &kind[..], content].concat()
    }

    /// The same with a size of 64 bits.
    fn long(kind: [u8; 4], content: &[u8]) -> Vec<u8> {
        let size = content.len() as u64 + 16;
        [&[0, 0, 0, 1], &kind[..], &size.to_be_bytes(), content].concat()
    }

    /// A number of 64 bits in the second version of a box, of 32 in the first.
    fn number(is_long: bool, number: u64) -> Vec<u8> {
        let bytes = number.to_be_bytes();
        bytes[if is_long { 0 } else { 4 }..].to_vec()
    }

    /// What begins a header: version, flags and times.
    fn times(is_long: bool) -> Vec<u8> {
        [vec![u8::from(is_long), 0, 0, 0], number(is_long, 5), number(is_long, 6)].concat()
    }

    fn header(is_long: bool, third: u32) -> Vec<u8> {
        [times(is_long), third.to_be_bytes().to_vec(), vec![0; 70]].concat()
    }

    /// An edit list of entries of length and start.
    fn list(is_long: bool, entries: &[(u64, u64)]) -> Vec<u8> {
        let mut content = vec![u8::from(is_long), 0, 0, 0];
        content.extend((entries.len() as u32).to_be_bytes());
        for (length, start) in entries {
            content.extend([number(is_long, *length), number(is_long, *start)].concat());
            content.extend([0, 1, 0, 0]);
        }
        boxed(*b"edts", &boxed(*b"elst", &content))
    }

    fn track(is_long: bool, id: u32, ticks: u32, entries: &[(u64, u64)]) -> Vec<u8> {
        let media = [boxed(*b"hdlr", &[7; 20]), boxed(*b"mdhd", &header(is_long, ticks))].concat();
        let parts = [
            boxed(*b"tkhd", &header(is_long, id)),
            list(is_long, entries),
            long(*b"mdia", &media),
            boxed(*b"free", &[]),
        ];
        boxed(*b"trak", &parts.concat())
    }

    fn file(is_long: bool, ticks: u32, tracks: &[Vec<u8>]) -> Vec<u8> {
        let content = [boxed(*b"mvhd", &header(is_long, ticks)), tracks.concat()].concat();
        let parts = [boxed(*b"ftyp", b"M4A "), long(*b"mdat", &[9; 50]), boxed(*b"moov", &content)];
        parts.concat()
    }

    fn edit_of(bytes: &[u8], id: u32) -> Option<Edit> {
        movie(&mut Cursor::new(bytes), id).unwrap().edit
    }

    #[test]
    fn several_parts_and_other_speeds_are_no_edit() {
        let two = track(false, 1, 44_100, &[(100, 0), (100, 500)]);
        assert_eq!(edit_of(&file(false, 44_100, &[two]), 1), None);
        let mut half = track(false, 1, 44_100, &[(100, 3)]);
        assert!(edit_of(&file(false, 44_100, std::slice::from_ref(&half)), 1).is_some());
        let speed = half.windows(4).position(|four| four == [0, 1, 0, 0]).unwrap();
        half[speed + 1] = 0;
        half[speed + 2] = 0x80;
        assert_eq!(edit_of(&file(false, 44_100, &[half]), 1), None);
        let many = track(false, 1, 44_100, &[(100, 3); 9]);
        assert_eq!(edit_of(&file(false, 44_100, &[many]), 1), None);
    }

    #[test]
    fn a_movie_in_fragments_is_told() {
        let parts = [track(false, 1, 48_000, &[(0, 2_048)]), boxed(*b"mvex", &[])];
        let found = movie(&mut Cursor::new(file(false, 48_000, &parts)), 1).unwrap();
        let edit = Edit { start: 2_048, length: None, slack: 0 };
        assert_eq!(found, Movie { is_fragmented: true, edit: Some(edit) });
        assert_eq!(movie(&mut Cursor::new(b"no movie"), 1).unwrap(), Movie::default());
    }

    #[test]
    fn a_source_that_cannot_be_read_is_an_error() {
        struct Broken;
        impl Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("the disk is gone"))
            }
        }
        impl Seek for Broken {
            fn seek(&mut self, _: SeekFrom) -> io::Result<u64> {
                Ok(100)
            }
        }
        assert_eq!(movie(&mut Broken, 1).unwrap_err().to_string(), "the disk is gone");
    }

    #[test]
    fn endless_boxes_come_to_an_end() {
        // Of no content, and of a size that leads back to where they began.
        assert_eq!(edit_of(&boxed(*b"free", &[]).repeat(BOXES_MAX + 10), 1), None);
        for size in [2_u64, 15, u64::MAX, u64::MAX - 8] {
            let bytes = [&[0, 0, 0, 1], &b"moov"[..], &size.to_be_bytes(), &[0; 40]].concat();
            assert_eq!(edit_of(&bytes, 1), None, "{size}");
        }
    }

    proptest! {
        #[test]
        fn an_edit_is_read_as_it_was_written(
            is_long in any::<bool>(),
            ids in (1..=5_u32, 6..=9_u32),
            (ticks, movie) in (1..200_000_u32, 1..200_000_u32),
            (length, start) in (1..(1_u64 << 31), 0..(1_u64 << 31)),
            is_late in any::<bool>(),
        ) {
            let empty = if is_long { u64::MAX } else { u64::from(u32::MAX) };
            let entries = [(77, empty), (length, start)];
            let entries = if is_late { &entries[..] } else { &entries[1..] };
            let tracks =
                [track(!is_long, ids.0, 600, &[(5, 5)]), track(is_long, ids.1, ticks, entries)];
            let bytes = file(is_long, movie, &tracks);
            let edit = edit_of(&bytes, ids.1).unwrap();
            prop_assert_eq!(edit.start, start);
            let exact = length as f64 * f64::from(ticks) / f64::from(movie);
            prop_assert!((edit.length.unwrap_or(0) as f64 - exact).abs() <= 0.51);
            prop_assert_eq!(edit.slack == 0, ticks == movie);
            let is_slack_enough = edit.slack as f64 * f64::from(movie) >= f64::from(ticks);
            prop_assert!(is_slack_enough || ticks == movie);
            prop_assert_eq!(edit_of(&bytes, 10), None);
        }

        /// The fuzz test: sizes and numbers that lie, and files that end anywhere.
        #[test]
        fn fuzz_changed_boxes_never_panic(
            changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..12),
            cut in any::<prop::sample::Index>(),
            is_long in any::<bool>(),
        ) {
            let tracks = [track(is_long, 2, 44_100, &[(17_106, 1_024)])];
            let mut bytes = file(is_long, 44_100, &tracks);
            let length = cut.index(bytes.len() + 1);
            for (at, value) in &changes {
                let at = at.index(bytes.len());
                bytes[at] = *value;
            }
            let untouched = edit_of(&bytes, 2);
            if changes.is_empty() {
                prop_assert_eq!(untouched.map(|edit| edit.start), Some(1_024));
            }
            // The last box closes with the file, so that any cut leaves it without.
            if length < bytes.len() && changes.is_empty() {
                prop_assert_eq!(edit_of(&bytes[..length], 2), None);
            }
            let _ = edit_of(&bytes[..length], 2);
        }
    }
}
