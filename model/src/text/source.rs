//! A text, and its lines and columns.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use super::{JsonPath, Place};

/// Every so many bytes the number of characters before them is kept, so that the column in a
/// very long line is found without reading the line.
const STRIDE_BYTES: usize = 256;

/// A text with the name of its file. Copies share it.
#[derive(Clone, Default)]
pub struct Source(Arc<Inner>);

#[derive(Default)]
struct Inner {
    file: Box<str>,
    text: Box<str>,
    /// The first byte of each line.
    lines: Vec<usize>,
    /// Characters that begin before byte `STRIDE_BYTES * index`.
    characters: Vec<usize>,
}

impl Source {
    /// `text`, which came from `file`: the name is for messages only.
    pub fn new(file: &str, text: &str) -> Self {
        let mut lines = vec![0];
        let mut characters = Vec::with_capacity(text.len() / STRIDE_BYTES + 1);
        let mut count = 0;
        for (position, byte) in text.bytes().enumerate() {
            if position % STRIDE_BYTES == 0 {
                characters.push(count);
            }
            count += usize::from(is_first_of_character(byte));
            if byte == b'\n' {
                lines.push(position + 1);
            }
        }
        Self(Arc::new(Inner { file: file.into(), text: text.into(), lines, characters }))
    }

    /// The name of the file.
    pub fn file(&self) -> &str {
        &self.0.file
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.0.text
    }

    /// The place of the bytes in `range`.
    pub(crate) fn place(&self, range: Range<usize>, path: JsonPath) -> Place {
        let line = self.0.lines.partition_point(|first| *first <= range.start).max(1);
        let first = self.0.lines.get(line - 1).copied().unwrap_or(0);
        let line_end = self.0.lines.get(line).map_or(self.0.text.len(), |next| next - 1);
        let end = range.end.min(line_end).max(range.start);
        let begins = self.characters_before(range.start);
        Place {
            line: as_u32(line),
            column: as_u32(begins - self.characters_before(first) + 1),
            length: as_u32(self.characters_before(end) - begins).max(1),
            path,
            start: as_u32(range.start),
            end: as_u32(range.end),
        }
    }

    /// The place of character `position`, from 0, of the string that is written at `place`:
    /// escapes are seen through. `place` itself where there is no such character.
    pub(crate) fn place_in_string(&self, place: &Place, position: usize) -> Place {
        let start = place.start as usize;
        let literal = self.text().get(start..place.end as usize).unwrap_or_default();
        let Some(inner) = literal.strip_prefix(['"', '\'']) else { return place.clone() };
        let mut rest = inner;
        for _ in 0..position {
            let length = first_length(rest);
            rest = rest.get(length..).unwrap_or_default();
        }
        let length = first_length(rest);
        if length == 0 {
            return place.clone();
        }
        let at = start + literal.len() - rest.len();
        self.place(at..at + length, place.path.clone())
    }

    fn characters_before(&self, position: usize) -> usize {
        let stride = (position / STRIDE_BYTES).min(self.0.characters.len().saturating_sub(1));
        let known = self.0.characters.get(stride).copied().unwrap_or(0);
        let rest = self.0.text.as_bytes().get(stride * STRIDE_BYTES..position).unwrap_or_default();
        known + rest.iter().filter(|byte| is_first_of_character(**byte)).count()
    }
}

impl fmt::Debug for Source {
    /// Without the text, which may hold what nobody is to see.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Source({}, {} bytes)", self.0.file, self.0.text.len())
    }
}

/// How many bytes of JSON the first character takes.
fn first_length(text: &str) -> usize {
    let is_high = |digits: &str| {
        u16::from_str_radix(digits, 16).is_ok_and(|unit| (0xd800..0xdc00).contains(&unit))
    };
    match text.strip_prefix('\\') {
        Some(escape) if escape.starts_with('u') => match escape.get(1..5) {
            Some(digits) if is_high(digits) => 12,
            _ => 6,
        },
        Some(_) => 2,
        None => text.chars().next().map_or(0, char::len_utf8),
    }
}

fn is_first_of_character(byte: u8) -> bool {
    byte & 0b1100_0000 != 0b1000_0000
}

fn as_u32(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters() {
        let source = Source::new("a.json", "aé\nüber x\n");
        let place = source.place(9..10, JsonPath::root());
        assert_eq!((place.line, place.column, place.length), (2, 5, 1));
    }

    #[test]
    fn columns_of_long_lines_are_right() {
        let text = "é".repeat(1000) + "x";
        let place = Source::new("", &text).place(2000..2001, JsonPath::root());
        assert_eq!((place.line, place.column), (1, 1001));
    }

    #[test]
    fn what_goes_over_a_line_is_as_long_as_its_first() {
        let place = Source::new("", "ab{\n}").place(2..5, JsonPath::root());
        assert_eq!((place.column, place.length), (3, 1));
    }

    #[test]
    fn places_in_strings_see_through_escapes() {
        let text = r#""a\\é\u00e9\ud83d\ude00x""#;
        let source = Source::new("", text);
        let place = source.place(0..text.len(), JsonPath::root());
        let columns: Vec<(u32, u32)> = (0..7)
            .map(|position| source.place_in_string(&place, position))
            .map(|place| (place.column, place.length))
            .collect();
        let whole = (place.column, place.length);
        assert_eq!(columns, [(2, 1), (3, 2), (5, 1), (6, 6), (12, 12), (24, 1), (25, 1)]);
        assert_eq!(source.place_in_string(&place, 8).length, whole.1);
    }

    #[test]
    fn an_empty_text_has_a_place() {
        let place = Source::new("", "").place(0..0, JsonPath::root());
        assert_eq!((place.line, place.column, place.length), (1, 1, 1));
    }
}
