//! Writes a zip as a stream: what is known only behind a content stands behind it, and the
//! directory at the end.

use std::io::{self, Read, Write};

use chrono::{DateTime, Datelike, Timelike, Utc};
use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

use super::{
    CENTRAL_HEAD, DESCRIPTOR, ELSEWHERE, ELSEWHERE_SHORT, END, HAS_DESCRIPTOR, IS_UTF8, LARGE_END,
    LARGE_END_PLACE, LARGE_FIELD, LOCAL_HEAD,
};

/// What a reader must know: deflation.
const NEEDS: u16 = 20;
/// The same, with sizes of 64 bits.
const NEEDS_LARGE: u16 = 45;
/// Made under Unix, so that the permissions count.
const MADE_BY: u16 = 3 << 8 | NEEDS_LARGE;
/// A file that its owner may write and everybody read.
const PERMISSIONS: u32 = 0o100_644 << 16;
const DEFLATED: u16 = 8;
/// From which size on a content may become too large for 32 bits: deflation may add some.
const LARGE_BYTES: u64 = ELSEWHERE - (64 << 20);

/// What of an entry its line in the directory says.
struct Line {
    name: Box<str>,
    offset: u64,
    packed: u64,
    bytes: u64,
    crc: u32,
    is_large: bool,
}

/// A zip in the making.
pub(crate) struct Writer {
    level: Compression,
    moment: (u16, u16),
    offset: u64,
    lines: Vec<Line>,
}

impl Writer {
    /// All entries say that they were changed at `time`.
    pub(crate) fn new(level: u32, time: DateTime<Utc>) -> Self {
        let year = u16::try_from(time.year() - 1980).unwrap_or_default().min(127);
        let date = year << 9 | (time.month() as u16) << 5 | time.day() as u16;
        let clock = (time.hour() as u16) << 11 | (time.minute() as u16) << 5;
        let clock = clock | (time.second() / 2).min(29) as u16;
        Self { level: Compression::new(level), moment: (clock, date), offset: 0, lines: Vec::new() }
    }

    /// A zip of which so much was written already.
    #[cfg(test)]
    pub(super) fn beginning_at(offset: u64) -> Self {
        Self { offset, ..Self::new(1, DateTime::default()) }
    }

    /// Writes an entry of about `bytes` bytes. `copy` copies all of its content, through the
    /// function that it is given.
    pub(crate) fn add<E: From<io::Error>>(
        &mut self,
        name: &str,
        bytes: u64,
        content: &mut impl Read,
        out: &mut impl Write,
        copy: impl FnOnce(&mut dyn Read, &mut dyn Write) -> Result<u64, E>,
    ) -> Result<(), E> {
        let is_large = bytes >= LARGE_BYTES;
        let mut head = Vec::new();
        put(&mut head, LOCAL_HEAD);
        self.put_kind(&mut head, is_large);
        // The sum and the sizes, which come behind the content.
        head.extend_from_slice(&[0; 4]);
        let sizes = if is_large { ELSEWHERE } else { 0 };
        put(&mut head, sizes as u32);
        put(&mut head, sizes as u32);
        put(&mut head, name.len() as u16);
        let extra: &[u64] = if is_large { &[0, 0] } else { &[] };
        put_extra_length(&mut head, extra);
        head.extend_from_slice(name.as_bytes());
        put_extra(&mut head, extra);
        out.write_all(&head)?;

        let mut counted = Counted { inner: &mut *out, bytes: 0 };
        let mut summed = Summed { inner: content, crc: Crc::new() };
        let mut encoder = DeflateEncoder::new(&mut counted, self.level);
        let bytes = copy(&mut summed, &mut encoder)?;
        encoder.finish()?;
        let (crc, packed) = (summed.crc.sum(), counted.bytes);
        if !is_large && (packed >= ELSEWHERE || bytes >= ELSEWHERE) {
            return Err(io::Error::other("a content is larger than it was said to be").into());
        }

        let mut tail = Vec::new();
        put(&mut tail, DESCRIPTOR);
        put(&mut tail, crc);
        for size in [packed, bytes] {
            let size = size.to_le_bytes();
            tail.extend_from_slice(if is_large { &size } else { &size[..4] });
        }
        out.write_all(&tail)?;
        let line = Line { name: name.into(), offset: self.offset, packed, bytes, crc, is_large };
        self.lines.push(line);
        self.offset += head.len() as u64 + packed + tail.len() as u64;
        Ok(())
    }

    /// Writes the directory, and the end.
    pub(crate) fn finish(self, out: &mut impl Write) -> io::Result<()> {
        let begin = self.offset;
        let mut bytes = 0;
        for line in &self.lines {
            let mut head = Vec::new();
            put(&mut head, CENTRAL_HEAD);
            put(&mut head, MADE_BY);
            let sizes = [line.bytes, line.packed];
            let mut large: Vec<u64> = if line.is_large { sizes.to_vec() } else { Vec::new() };
            if line.offset >= ELSEWHERE {
                large.push(line.offset);
            }
            self.put_kind(&mut head, !large.is_empty());
            put(&mut head, line.crc);
            for size in [line.packed, line.bytes] {
                put(&mut head, if line.is_large { ELSEWHERE } else { size } as u32);
            }
            put(&mut head, line.name.len() as u16);
            put_extra_length(&mut head, &large);
            // No remark, the first disk, no kind of text.
            head.extend_from_slice(&[0; 6]);
            put(&mut head, PERMISSIONS);
            put(&mut head, line.offset.min(ELSEWHERE) as u32);
            head.extend_from_slice(line.name.as_bytes());
            put_extra(&mut head, &large);
            out.write_all(&head)?;
            bytes += head.len() as u64;
        }
        let count = self.lines.len() as u64;
        let mut end = Vec::new();
        if count >= ELSEWHERE_SHORT || begin >= ELSEWHERE || bytes >= ELSEWHERE {
            put(&mut end, LARGE_END);
            // How much of this record is still to come.
            put(&mut end, 44_u64);
            put(&mut end, MADE_BY);
            put(&mut end, NEEDS_LARGE);
            end.extend_from_slice(&[0; 8]);
            for number in [count, count, bytes, begin] {
                put(&mut end, number);
            }
            put(&mut end, LARGE_END_PLACE);
            put(&mut end, 0_u32);
            put(&mut end, begin + bytes);
            put(&mut end, 1_u32);
        }
        put(&mut end, END);
        put(&mut end, 0_u32);
        for _ in 0..2 {
            put(&mut end, count.min(ELSEWHERE_SHORT) as u16);
        }
        put(&mut end, bytes.min(ELSEWHERE) as u32);
        put(&mut end, begin.min(ELSEWHERE) as u32);
        put(&mut end, 0_u16);
        out.write_all(&end)
    }

    /// What a local head and a line of the directory have alike.
    fn put_kind(&self, head: &mut Vec<u8>, is_large: bool) {
        put(head, if is_large { NEEDS_LARGE } else { NEEDS });
        put(head, HAS_DESCRIPTOR | IS_UTF8);
        put(head, DEFLATED);
        put(head, self.moment.0);
        put(head, self.moment.1);
    }
}

/// A number as zip has it, the least byte first.
trait Number {
    fn put(self, bytes: &mut Vec<u8>);
}

macro_rules! numbers {
    ($($kind:ty),*) => {
        $(impl Number for $kind {
            fn put(self, bytes: &mut Vec<u8>) {
                bytes.extend_from_slice(&self.to_le_bytes());
            }
        })*
    };
}
numbers!(u16, u32, u64);

fn put(bytes: &mut Vec<u8>, number: impl Number) {
    number.put(bytes);
}

fn put_extra_length(bytes: &mut Vec<u8>, numbers: &[u64]) {
    let length = if numbers.is_empty() { 0 } else { 4 + numbers.len() * 8 };
    put(bytes, length as u16);
}

fn put_extra(bytes: &mut Vec<u8>, numbers: &[u64]) {
    if numbers.is_empty() {
        return;
    }
    put(bytes, LARGE_FIELD as u16);
    put(bytes, (numbers.len() * 8) as u16);
    for number in numbers {
        put(bytes, *number);
    }
}

/// Counts what is written.
struct Counted<W> {
    inner: W,
    bytes: u64,
}

impl<W: Write> Write for Counted<W> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let count = self.inner.write(buffer)?;
        self.bytes += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// Sums up what is read.
struct Summed<R> {
    inner: R,
    crc: Crc,
}

impl<R: Read> Read for Summed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.crc.update(buffer.get(..count).unwrap_or_default());
        Ok(count)
    }
}
