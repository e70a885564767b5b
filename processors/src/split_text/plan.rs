//! Where a text is cut, found in one pass over it, of which nothing is held.

use std::io::{self, BufRead, BufReader, Read};

use tutti_sdk::ProcessError;
use tutti_sdk::property::DataSize;

use crate::bounded::BUFFER_BYTES;
use crate::fragments;

/// How a text is cut.
#[derive(Debug, Clone)]
pub(super) struct Rules {
    /// Lines of a part; 0 for as many as fit.
    pub(super) lines: u64,
    /// Bytes of a part, its header included.
    pub(super) bytes: u64,
    pub(super) header_lines: u64,
    /// What lines of the header begin with; empty where they are counted or there is none.
    pub(super) header_marker: Vec<u8>,
    pub(super) parts_max: u32,
}

/// The lines at the beginning that every part begins with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) bytes: u64,
    /// Bytes of the end of its last line.
    pub(super) end: u64,
}

/// A part without its header.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Fragment {
    pub(super) offset: u64,
    length: u64,
    /// Bytes of the ends of lines at its end.
    ends: u64,
    /// Lines, without empty ones at its end.
    pub(super) lines: u64,
}

impl Fragment {
    /// How many bytes it has.
    pub(super) fn bytes(&self, removes_ends: bool) -> u64 {
        if removes_ends { self.length - self.ends } else { self.length }
    }
}

/// Where a text is cut.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Plan {
    pub(super) header: Option<Header>,
    pub(super) fragments: Vec<Fragment>,
}

/// Reads a text through and finds where to cut it.
pub(super) fn plan(reader: impl Read, rules: &Rules) -> Result<Plan, ProcessError> {
    let reader = BufReader::with_capacity(BUFFER_BYTES, reader);
    let mut lines = Lines { reader, marker: &rules.header_marker };
    let (header, mut next) = lines.header(rules)?;
    let head_bytes = header.map_or(0, |header| header.bytes);
    let mut fragments = Vec::new();
    let mut offset = head_bytes;
    while let Some(first) = next {
        if fragments.len() >= rules.parts_max as usize {
            return Err(fragments::too_many(rules.parts_max, "make the parts larger"));
        }
        let mut fragment = Fragment { offset, ..Fragment::default() };
        let (mut count, mut empty) = (0, 0);
        let mut line = first;
        loop {
            fragment.length += line.bytes;
            count += 1;
            if line.bytes == line.end {
                fragment.ends += line.end;
                empty += 1;
            } else {
                (fragment.ends, empty) = (line.end, 0);
            }
            next = lines.next()?;
            let bytes = head_bytes.saturating_add(fragment.length);
            match next {
                Some(other)
                    if (rules.lines == 0 || count < rules.lines)
                        && bytes.saturating_add(other.bytes) <= rules.bytes =>
                {
                    line = other;
                }
                _ => break,
            }
        }
        fragment.lines = count - empty;
        offset += fragment.length;
        fragments.push(fragment);
    }
    Ok(Plan { header, fragments })
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Line {
    bytes: u64,
    /// How many of them are its end.
    end: u64,
    is_marked: bool,
}

struct Lines<'a, R> {
    reader: BufReader<R>,
    marker: &'a [u8],
}

impl<R: Read> Lines<'_, R> {
    /// The header, if there is one, and the line behind it.
    fn header(&mut self, rules: &Rules) -> Result<(Option<Header>, Option<Line>), ProcessError> {
        let mut header = Header::default();
        let mut count = 0;
        let behind = loop {
            if rules.header_lines > 0 && count == rules.header_lines {
                break self.next()?;
            }
            let line = self.next()?;
            match line {
                Some(line) if rules.header_lines > 0 || line.is_marked => {
                    header = Header { bytes: header.bytes + line.bytes, end: line.end };
                    count += 1;
                }
                None if rules.header_lines > 0 => {
                    let wanted = rules.header_lines;
                    return Err(ProcessError::user(format!(
                        "the content has {count} lines, and \"Header Line Count\" is {wanted}"
                    ))
                    .with_help("see whether the content has a header at all"));
                }
                other => break other,
            }
        };
        if header.bytes > rules.bytes {
            let max = DataSize(rules.bytes);
            return Err(ProcessError::user(format!(
                "the header has {} bytes, more than \"Maximum Fragment Size\" allows, which is \
                 {max}",
                header.bytes
            ))
            .with_help("raise \"Maximum Fragment Size\""));
        }
        Ok(((count > 0).then_some(header), behind))
    }

    fn next(&mut self) -> Result<Option<Line>, ProcessError> {
        self.read().map_err(ProcessError::unreadable)
    }

    fn read(&mut self) -> io::Result<Option<Line>> {
        let mut line = Line::default();
        let mut marked = 0;
        loop {
            let there = self.reader.fill_buf()?;
            let found = there.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
            let text = there.get(..found.unwrap_or(there.len())).unwrap_or_default();
            if line.bytes == marked as u64 {
                let wanted = self.marker.get(marked..).unwrap_or_default();
                marked += text.iter().zip(wanted).take_while(|(one, other)| one == other).count();
            }
            let is_return = found.and_then(|found| there.get(found)) == Some(&b'\r');
            let used = text.len() + usize::from(found.is_some());
            let is_end = there.is_empty() || found.is_some();
            self.reader.consume(used);
            line.bytes += used as u64;
            if !is_end {
                continue;
            }
            line.end = u64::from(found.is_some());
            if is_return && self.reader.fill_buf()?.first() == Some(&b'\n') {
                self.reader.consume(1);
                line.bytes += 1;
                line.end = 2;
            }
            line.is_marked = marked > 0 && marked == self.marker.len();
            return Ok((line.bytes > 0).then_some(line));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str, rules: &Rules) -> Vec<(u64, u64, u64, u64)> {
        let plan = plan(text.as_bytes(), rules).unwrap();
        let parts = plan.fragments.iter();
        parts.map(|each| (each.offset, each.bytes(false), each.bytes(true), each.lines)).collect()
    }

    fn rules(lines: u64, bytes: u64) -> Rules {
        Rules { lines, bytes, header_lines: 0, header_marker: Vec::new(), parts_max: 10 }
    }

    #[test]
    fn lines_are_counted_and_their_ends_too() {
        let text = "a\nbc\r\n\r\n\rd";
        assert_eq!(cut(text, &rules(2, u64::MAX)), [(0, 6, 4, 2), (6, 3, 0, 0), (9, 1, 1, 1)]);
        assert_eq!(cut(text, &rules(9, u64::MAX)), [(0, 10, 10, 5)]);
        assert_eq!(cut("a\n\n\n", &rules(9, u64::MAX)), [(0, 4, 1, 1)]);
        assert_eq!(cut("", &rules(1, u64::MAX)), []);
    }

    #[test]
    fn size_ends_a_part_but_not_a_line() {
        let text = "aa\nbbbbbb\nc\nd\n";
        assert_eq!(cut(text, &rules(0, 4)), [(0, 3, 2, 1), (3, 7, 6, 1), (10, 4, 3, 2)]);
        assert_eq!(cut(text, &rules(1, 4)).len(), 4);
    }

    #[test]
    fn a_line_is_found_across_buffers() {
        for length in BUFFER_BYTES - 3..BUFFER_BYTES + 3 {
            let text = format!("#{}\r\n#b\r\nc", "x".repeat(length));
            let rules = Rules { header_marker: b"#x".to_vec(), ..rules(1, u64::MAX) };
            let plan = plan(text.as_bytes(), &rules).unwrap();
            let bytes = length as u64 + 3;
            assert_eq!(plan.header, Some(Header { bytes, end: 2 }));
            assert_eq!(plan.fragments.len(), 2);
        }
    }
}
