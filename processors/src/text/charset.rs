//! Character sets: the six that every Java has, and so every NiFi.

use tutti_sdk::ProcessError;
use tutti_sdk::property::Choice;

/// What stands for bytes that are no text.
const REPLACEMENT: char = '\u{fffd}';
/// What begins a text in UTF-16 and tells the order of its bytes.
const MARK: char = '\u{feff}';

/// How bytes stand for characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub(crate) enum CharacterSet {
    /// Unicode, one to four bytes each.
    #[choice("UTF-8")]
    Utf8,
    /// The 128 characters of ASCII, a byte each.
    #[choice("US-ASCII")]
    Ascii,
    /// The first 256 characters of Unicode (Latin-1), a byte each.
    #[choice("ISO-8859-1")]
    Latin1,
    /// Unicode, two or four bytes each, in the order that a mark at the beginning tells; without
    /// one the greater byte comes first. Written with the mark, the greater byte first.
    #[choice("UTF-16")]
    Utf16,
    /// As UTF-16 without a mark, the greater byte first.
    #[choice("UTF-16BE")]
    Utf16Be,
    /// As UTF-16 without a mark, the lesser byte first.
    #[choice("UTF-16LE")]
    Utf16Le,
}

impl CharacterSet {
    fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Ascii => "US-ASCII",
            Self::Latin1 => "ISO-8859-1",
            Self::Utf16 => "UTF-16",
            Self::Utf16Be => "UTF-16BE",
            Self::Utf16Le => "UTF-16LE",
        }
    }

    /// Whether a text is what its parts are, one after another.
    pub(crate) fn is_of_parts(self) -> bool {
        self != Self::Utf16
    }

    /// Adds `text` to `bytes`; `is_first` says whether it is the beginning of the content.
    pub(crate) fn encode(
        self,
        text: &str,
        is_first: bool,
        bytes: &mut Vec<u8>,
    ) -> Result<(), ProcessError> {
        match self {
            Self::Utf8 => bytes.extend_from_slice(text.as_bytes()),
            Self::Utf16Le => bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes)),
            Self::Utf16 | Self::Utf16Be => {
                if self == Self::Utf16 && is_first && !text.is_empty() {
                    bytes.extend((MARK as u16).to_be_bytes());
                }
                bytes.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
            }
            Self::Ascii => self.narrow(text, 0x80, bytes)?,
            Self::Latin1 => self.narrow(text, 0x100, bytes)?,
        }
        Ok(())
    }

    /// Adds a byte for each character, all of which are less than `end`.
    fn narrow(self, text: &str, end: u32, bytes: &mut Vec<u8>) -> Result<(), ProcessError> {
        for letter in text.chars() {
            if u32::from(letter) >= end {
                let name = self.name();
                return Err(ProcessError::user(format!("{letter:?} cannot be written in {name}"))
                    .with_help("set \"Character Set\" to one that has it, such as UTF-8"));
            }
            bytes.push(u32::from(letter) as u8);
        }
        Ok(())
    }
}

/// Turns bytes into text, part by part.
pub(crate) struct Decoder {
    charset: CharacterSet,
    /// Whether bytes that are no text become a replacement character.
    lossy: bool,
    /// What a character may begin with whose end is not there yet.
    pending: Vec<u8>,
    /// Bytes that were handed in.
    bytes: u64,
    is_begun: bool,
    /// Whether the lesser byte comes first.
    is_little: bool,
}

impl Decoder {
    /// A decoder that fails at the first byte that is no text.
    pub(crate) fn new(charset: CharacterSet) -> Self {
        let is_little = charset == CharacterSet::Utf16Le;
        Self { charset, lossy: false, pending: Vec::new(), bytes: 0, is_begun: false, is_little }
    }

    /// A decoder that puts U+FFFD where there is no text.
    pub(crate) fn lossy(charset: CharacterSet) -> Self {
        Self { lossy: true, ..Self::new(charset) }
    }

    /// How many bytes were handed in.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Adds the text of `bytes` to `text`; at the end nothing may be left over.
    pub(crate) fn decode(
        &mut self,
        bytes: &[u8],
        is_end: bool,
        text: &mut String,
    ) -> Result<(), ProcessError> {
        self.bytes += bytes.len() as u64;
        self.pending.extend_from_slice(bytes);
        let pending = std::mem::take(&mut self.pending);
        let used = match self.charset {
            CharacterSet::Utf8 => self.utf8(&pending, is_end, text)?,
            CharacterSet::Ascii | CharacterSet::Latin1 => self.narrow(&pending, text)?,
            _ => self.utf16(&pending, is_end, text)?,
        };
        self.pending.extend_from_slice(pending.get(used..).unwrap_or_default());
        Ok(())
    }

    /// Bytes that are no text, `left` bytes before the end of what was handed in.
    fn no_text(&self, left: usize, text: &mut String) -> Result<(), ProcessError> {
        if self.lossy {
            text.push(REPLACEMENT);
            return Ok(());
        }
        let at = self.bytes.saturating_sub(left as u64);
        let name = self.charset.name();
        Err(ProcessError::user(format!("the content is no text in {name}, at byte {at}"))
            .with_help("set \"Character Set\" to the one that it is written in"))
    }

    fn utf8(&self, bytes: &[u8], is_end: bool, text: &mut String) -> Result<usize, ProcessError> {
        let mut at = 0;
        while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
            let error = match std::str::from_utf8(rest) {
                Ok(all) => {
                    text.push_str(all);
                    return Ok(bytes.len());
                }
                Err(error) => error,
            };
            let valid = rest.get(..error.valid_up_to()).unwrap_or_default();
            text.push_str(std::str::from_utf8(valid).unwrap_or_default());
            at += valid.len();
            let wrong = match error.error_len() {
                None if !is_end => return Ok(at),
                None => bytes.len() - at,
                Some(length) => length,
            };
            self.no_text(bytes.len() - at, text)?;
            at += wrong;
        }
        Ok(at)
    }

    fn narrow(&self, bytes: &[u8], text: &mut String) -> Result<usize, ProcessError> {
        for (at, byte) in bytes.iter().enumerate() {
            if self.charset == CharacterSet::Ascii && !byte.is_ascii() {
                self.no_text(bytes.len() - at, text)?;
            } else {
                text.push(char::from(*byte));
            }
        }
        Ok(bytes.len())
    }

    fn utf16(
        &mut self,
        bytes: &[u8],
        is_end: bool,
        text: &mut String,
    ) -> Result<usize, ProcessError> {
        let mut at = 0;
        if !self.is_begun && bytes.len() >= 2 {
            self.is_begun = true;
            if self.charset == CharacterSet::Utf16 {
                self.is_little = bytes.starts_with(&[0xff, 0xfe]);
                at = if self.is_little || bytes.starts_with(&[0xfe, 0xff]) { 2 } else { 0 };
            }
        }
        while let Some(unit) = self.unit(bytes, at) {
            let next = self.unit(bytes, at + 2);
            let is_leading = (0xd800..0xdc00).contains(&unit);
            if is_leading && next.is_none() && !is_end {
                return Ok(at);
            }
            let pair = [Some(unit), next.filter(|_| is_leading)];
            let letter = char::decode_utf16(pair.into_iter().flatten()).next();
            if let Some(Ok(letter)) = letter {
                text.push(letter);
                at += letter.len_utf16() * 2;
            } else {
                self.no_text(bytes.len() - at, text)?;
                at += 2;
            }
        }
        if is_end && at < bytes.len() {
            self.no_text(bytes.len() - at, text)?;
            at = bytes.len();
        }
        Ok(at)
    }

    fn unit(&self, bytes: &[u8], at: usize) -> Option<u16> {
        let pair = [*bytes.get(at)?, *bytes.get(at + 1)?];
        Some(if self.is_little { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Decodes `bytes` in steps of every size: all must come to the same.
    fn decoded(mut new: impl FnMut() -> Decoder, bytes: &[u8]) -> Result<String, String> {
        let mut all = Vec::new();
        for step in 1..=bytes.len().max(1) {
            let (mut decoder, mut text) = (new(), String::new());
            let mut parts = bytes.chunks(step).map(|part| decoder.decode(part, false, &mut text));
            let mut outcome = parts.find(Result::is_err).unwrap_or(Ok(()));
            outcome = outcome.and_then(|()| decoder.decode(&[], true, &mut text));
            all.push(outcome.map(|()| text).map_err(|error| error.to_string()));
        }
        all.dedup();
        assert_eq!(all.len(), 1, "{all:?}");
        all.remove(0)
    }

    #[test]
    fn what_is_written_is_read_again() {
        use CharacterSet::{Ascii, Latin1, Utf8, Utf16, Utf16Be, Utf16Le};
        let wide = "aé𝄞\u{2028}\n";
        for (charset, text, expected) in [
            (Utf8, "é", &b"\xc3\xa9"[..]),
            (Ascii, "a\x7f", b"a\x7f"),
            (Latin1, "aé", b"a\xe9"),
            (Utf16, "a", b"\xfe\xff\0a"),
            (Utf16Be, "a", b"\0a"),
            (Utf16Le, "a", b"a\0"),
        ] {
            let mut bytes = Vec::new();
            charset.encode(text, true, &mut bytes).unwrap();
            assert_eq!(bytes, expected, "{charset:?}");
            assert_eq!(decoded(|| Decoder::new(charset), &bytes).as_deref(), Ok(text));
            if !matches!(charset, Ascii | Latin1) {
                bytes.clear();
                charset.encode(wide, true, &mut bytes).unwrap();
                assert_eq!(decoded(|| Decoder::new(charset), &bytes).as_deref(), Ok(wide));
            }
        }
        let little = decoded(|| Decoder::new(Utf16), b"\xff\xfea\0");
        assert_eq!(little.as_deref(), Ok("a"), "the mark tells the order");
        for (charset, letter) in [(Ascii, "é"), (Latin1, "ā")] {
            let error = charset.encode(letter, true, &mut Vec::new()).unwrap_err();
            assert!(error.chain().contains("cannot be written in"), "{}", error.chain());
        }
    }

    #[test]
    fn what_is_no_text_is_told_with_its_place_or_replaced() {
        for (charset, bytes, at, replaced) in [
            (CharacterSet::Utf8, &b"ab\xffc"[..], 2, "ab\u{fffd}c"),
            (CharacterSet::Utf8, b"a\xe2\x82", 1, "a\u{fffd}"),
            (CharacterSet::Ascii, b"a\xe9b", 1, "a\u{fffd}b"),
            (CharacterSet::Utf16Be, b"\0a\xdc\x00\0b", 2, "a\u{fffd}b"),
            (CharacterSet::Utf16Be, b"\0a\xd8\x00\0b", 2, "a\u{fffd}b"),
            (CharacterSet::Utf16Be, b"\0a\xd8\x00", 2, "a\u{fffd}"),
            (CharacterSet::Utf16Le, b"a\0b", 2, "a\u{fffd}"),
        ] {
            let error = decoded(|| Decoder::new(charset), bytes).unwrap_err();
            assert!(error.ends_with(&format!("at byte {at}")), "{charset:?} {bytes:?}: {error}");
            let text = decoded(|| Decoder::lossy(charset), bytes);
            assert_eq!(text.as_deref(), Ok(replaced), "{charset:?} {bytes:?}");
        }
    }
}
