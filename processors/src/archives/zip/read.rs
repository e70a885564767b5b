//! Reads a zip by its directory, one line at a time.

use std::io::{Read, Seek, SeekFrom};

use super::{
    CENTRAL_HEAD, ELSEWHERE, ELSEWHERE_SHORT, END, IS_ENCRYPTED, LARGE_END, LARGE_END_PLACE,
    LARGE_FIELD, LOCAL_HEAD, names,
};
use crate::archives::{Broken, NAME_BYTES_MAX, Place, little, take};

const END_BYTES: u64 = 22;
const LARGE_END_PLACE_BYTES: u64 = 20;
const LARGE_END_BYTES: u64 = 56;
const CENTRAL_HEAD_BYTES: u64 = 46;
const LOCAL_HEAD_BYTES: u64 = 30;
/// How long the remark at the end may be.
const REMARK_BYTES_MAX: u64 = 0xffff;

/// How the content of an entry is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Method {
    Stored,
    Deflated,
}

/// A file in a zip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    /// With its folders.
    pub(crate) name: String,
    pub(crate) method: Method,
    pub(crate) crc: u32,
    /// Unpacked.
    pub(crate) bytes: u64,
    packed: u64,
    /// Where its own head is.
    head: u64,
}

/// Steps through the directory of a zip.
pub(crate) struct Directory<R> {
    reader: R,
    next: u64,
    /// Where the directory ends.
    end: u64,
    left: u64,
    /// What stands before the zip: places are told from its beginning.
    before: u64,
}

impl<R: Read + Seek> Directory<R> {
    pub(crate) fn open(mut reader: R) -> Result<Self, Broken> {
        let (end_at, end) = find_end(&mut reader)?;
        let short = |at| little::<2>(&end, at);
        let mut disks = [short(4), short(6)];
        let mut count = short(10);
        let mut bytes = little::<4>(&end, 12);
        let mut begin = little::<4>(&end, 16);
        let mut directory_end = end_at;
        if (count == ELSEWHERE_SHORT || bytes == ELSEWHERE || begin == ELSEWHERE)
            && let Some((large_at, large)) = find_large_end(&mut reader, end_at)?
        {
            disks = [little::<4>(&large, 16), little::<4>(&large, 20)];
            count = little::<8>(&large, 32);
            bytes = little::<8>(&large, 40);
            begin = little::<8>(&large, 48);
            directory_end = large_at;
        }
        if disks.iter().any(|disk| *disk != 0) {
            return Err(Broken::because("it is a part of several"));
        }
        let before = directory_end.checked_sub(bytes).and_then(|at| at.checked_sub(begin));
        let before = before.ok_or_else(|| Broken::because("its directory lies outside of it"))?;
        let next = before + begin;
        Ok(Self { reader, next, end: directory_end, left: count, before })
    }

    /// The next file; folders are passed over.
    pub(crate) fn next(&mut self) -> Result<Option<Entry>, Broken> {
        loop {
            if self.left == 0 {
                return Ok(None);
            }
            self.left -= 1;
            let entry = self.line()?;
            if !entry.name.ends_with('/') {
                return Ok(Some(entry));
            }
        }
    }

    fn line(&mut self) -> Result<Entry, Broken> {
        if self.end.saturating_sub(self.next) < CENTRAL_HEAD_BYTES {
            return Err(Broken::because("its directory ends too soon"));
        }
        self.reader.seek(SeekFrom::Start(self.next))?;
        let head = take(&mut self.reader, CENTRAL_HEAD_BYTES, CENTRAL_HEAD_BYTES, "a line")?;
        if little::<4>(&head, 0) != u64::from(CENTRAL_HEAD) {
            return Err(Broken::because("its directory is broken"));
        }
        let [name_bytes, extra_bytes, remark_bytes] = [28, 30, 32].map(|at| little::<2>(&head, at));
        let name = take(&mut self.reader, name_bytes, NAME_BYTES_MAX, "a name")?;
        let extra = take(&mut self.reader, extra_bytes, NAME_BYTES_MAX, "an extra field")?;
        self.next += CENTRAL_HEAD_BYTES + name_bytes + extra_bytes + remark_bytes;
        let name = names::text(name);
        if little::<2>(&head, 8) & IS_ENCRYPTED != 0 {
            return Err(Broken::because(format!("\"{name}\" is encrypted")));
        }
        let method = match little::<2>(&head, 10) {
            0 => Method::Stored,
            8 => Method::Deflated,
            other => {
                let why = format!("\"{name}\" is compressed by method {other}, not by deflation");
                return Err(Broken::because(why));
            }
        };
        // In this order, where they do not fit into the line.
        let mut numbers = [24, 20, 42].map(|at| little::<4>(&head, at));
        let mut large = large_numbers(&extra);
        for number in numbers.iter_mut().filter(|number| **number == ELSEWHERE) {
            *number = large.next().unwrap_or(ELSEWHERE);
        }
        let [bytes, packed, head_at] = numbers;
        let head_at = self.before.checked_add(head_at);
        let head_at = head_at.ok_or_else(|| Broken::because("an entry lies outside of it"))?;
        let crc = little::<4>(&head, 16) as u32;
        Ok(Entry { name, method, crc, bytes, packed, head: head_at })
    }
}

/// Where the packed content of `entry` lies, told by its own head.
pub(crate) fn contents(mut reader: impl Read + Seek, entry: &Entry) -> Result<Place, Broken> {
    let end = reader.seek(SeekFrom::End(0))?;
    reader.seek(SeekFrom::Start(entry.head))?;
    let head = take(&mut reader, LOCAL_HEAD_BYTES, LOCAL_HEAD_BYTES, "a head")?;
    if little::<4>(&head, 0) != u64::from(LOCAL_HEAD) {
        return Err(Broken::because(format!("the head of \"{}\" is broken", entry.name)));
    }
    let offset = entry.head + LOCAL_HEAD_BYTES + little::<2>(&head, 26) + little::<2>(&head, 28);
    if entry.packed > end.saturating_sub(offset) {
        return Err(Broken::because(format!("\"{}\" ends too soon", entry.name)));
    }
    if entry.method == Method::Stored && entry.packed != entry.bytes {
        return Err(Broken::because(format!("the sizes of \"{}\" differ", entry.name)));
    }
    Ok(Place { offset, length: entry.packed })
}

/// The numbers of 64 bits in the extra fields of a line.
fn large_numbers(mut extra: &[u8]) -> impl Iterator<Item = u64> {
    let mut found = &extra[..0];
    while extra.len() >= 4 {
        let (kind, length) = (little::<2>(extra, 0), little::<2>(extra, 2) as usize);
        let rest = extra.get(4..).unwrap_or_default();
        if kind == LARGE_FIELD {
            found = rest.get(..length).unwrap_or(rest);
            break;
        }
        extra = rest.get(length..).unwrap_or_default();
    }
    found.chunks_exact(8).map(|number| little::<8>(number, 0))
}

/// The record that ends a zip: it is the last whose remark reaches the very end.
fn find_end(reader: &mut (impl Read + Seek)) -> Result<(u64, Vec<u8>), Broken> {
    let length = reader.seek(SeekFrom::End(0))?;
    let from = length.saturating_sub(END_BYTES + REMARK_BYTES_MAX);
    reader.seek(SeekFrom::Start(from))?;
    let tail = take(reader, length - from, END_BYTES + REMARK_BYTES_MAX, "an end")?;
    let is_end = |at: &usize| {
        let record = tail.get(*at..).unwrap_or_default();
        little::<4>(record, 0) == u64::from(END)
            && END_BYTES + little::<2>(record, 20) == record.len() as u64
    };
    let last = tail.len().checked_sub(END_BYTES as usize);
    let found = last.and_then(|last| (0..=last).rev().find(is_end));
    let found = found.ok_or_else(|| Broken::because("it has no directory"))?;
    Ok((from + found as u64, tail.get(found..).unwrap_or_default().to_vec()))
}

/// The record before it that has numbers of 64 bits, if there is one.
fn find_large_end(
    reader: &mut (impl Read + Seek),
    end_at: u64,
) -> Result<Option<(u64, Vec<u8>)>, Broken> {
    let Some(place_at) = end_at.checked_sub(LARGE_END_PLACE_BYTES) else { return Ok(None) };
    reader.seek(SeekFrom::Start(place_at))?;
    let place = take(reader, LARGE_END_PLACE_BYTES, LARGE_END_PLACE_BYTES, "a place")?;
    if little::<4>(&place, 0) != u64::from(LARGE_END_PLACE) {
        return Ok(None);
    }
    // Where it says, or, with something before the zip, right before.
    let said = little::<8>(&place, 8);
    let before = place_at.saturating_sub(LARGE_END_BYTES);
    for at in [said, before].into_iter().filter(|at| *at <= before) {
        reader.seek(SeekFrom::Start(at))?;
        let end = take(reader, LARGE_END_BYTES, LARGE_END_BYTES, "an end")?;
        if little::<4>(&end, 0) == u64::from(LARGE_END) {
            return Ok(Some((at, end)));
        }
    }
    Err(Broken::because("its directory is broken"))
}
