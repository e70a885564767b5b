//! Java's text: lengths and indices count UTF-16 units. A cut through a surrogate pair leaves `?`,
//! which is what Java writes for a lone surrogate when it encodes as UTF-8.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

/// Writes formatted text at the end of `out`.
pub(crate) fn push(out: &mut String, text: fmt::Arguments<'_>) {
    // Writing to a String cannot fail.
    let _ = out.write_fmt(text);
}

/// The length in UTF-16 units.
pub(crate) fn length(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.chars().map(char::len_utf16).sum() }
}

/// The units from `start` to `end`, `None` where Java throws `IndexOutOfBounds`.
pub(crate) fn substring(text: &str, start: i64, end: Option<i64>) -> Option<Cow<'_, str>> {
    let start = usize::try_from(start).ok()?;
    if text.is_ascii() {
        let end = end.map_or(Some(text.len()), |end| usize::try_from(end).ok())?;
        return text.get(start..end).map(Cow::Borrowed);
    }
    let units: Vec<u16> = text.encode_utf16().collect();
    let end = end.map_or(Some(units.len()), |end| usize::try_from(end).ok())?;
    units.get(start..end).map(|part| Cow::Owned(from_units(part)))
}

/// The text of UTF-16 units, `?` for a lone surrogate.
pub(crate) fn from_units(units: &[u16]) -> String {
    char::decode_utf16(units.iter().copied()).map(|unit| unit.unwrap_or('?')).collect()
}

/// `String.trim`: without control characters and spaces at both ends.
pub(crate) fn trim(text: &str) -> &str {
    text.trim_matches(|c| c <= ' ')
}

/// `String.isBlank`: only characters that `Character.isWhitespace` knows.
pub(crate) fn is_blank(text: &str) -> bool {
    text.chars().all(is_whitespace)
}

/// `Character.isWhitespace`: Unicode's separators without the no-break spaces, and some controls.
fn is_whitespace(c: char) -> bool {
    match c {
        '\t'..='\r' | '\u{1c}'..='\u{1f}' => true,
        '\u{85}' | '\u{a0}' | '\u{2007}' | '\u{202f}' => false,
        _ => c.is_whitespace(),
    }
}

/// `String.equalsIgnoreCase`: by the simple case mappings of each character.
pub(crate) fn equals_ignore_case(left: &str, right: &str) -> bool {
    left == right || left.chars().map(fold).eq(right.chars().map(fold))
}

fn fold(c: char) -> char {
    let upper = single(c.to_uppercase()).unwrap_or(c);
    // Unicode's simple mapping of U+0130 is `i`; the full one has a combining dot.
    if upper == '\u{130}' { 'i' } else { single(upper.to_lowercase()).unwrap_or(upper) }
}

fn single(mut mapped: impl ExactSizeIterator<Item = char>) -> Option<char> {
    if mapped.len() == 1 { mapped.next() } else { None }
}

/// `String.split` with a quoted separator and a limit of -1: empty parts are kept.
pub(crate) fn split_keeping<'a>(text: &'a str, separator: &str) -> Vec<&'a str> {
    text.split(separator).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indices_count_utf16_units() {
        assert_eq!(length("a漢😀"), 4);
        assert_eq!(substring("a漢😀b", 2, Some(4)).as_deref(), Some("😀"));
        assert_eq!(substring("a漢😀b", 3, None).as_deref(), Some("?b"));
        assert_eq!(substring("abc", 2, Some(1)), None);
        assert_eq!(substring("abc", 0, Some(4)), None);
        assert_eq!(substring("abc", -1, None), None);
    }

    #[test]
    fn case_is_folded_by_simple_mappings() {
        assert!(equals_ignore_case("Straße", "STRAßE"));
        assert!(!equals_ignore_case("ß", "ss"));
        assert!(equals_ignore_case("Σ", "ς"));
    }

    #[test]
    fn blanks_are_javas() {
        assert!(is_blank(" \t\n\u{2003}"));
        assert!(!is_blank("\u{a0}"));
    }
}
