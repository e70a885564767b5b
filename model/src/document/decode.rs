//! Bytes as a text. What is no text is told with what it seems to be.

use super::{TEXT_MAX_BYTES, too_long, whole};
use crate::codes::Code;
use crate::diagnostic::Diagnostic;
use crate::report::Report;
use crate::text::{JsonPath, Place, Source};

/// The text that `bytes` are; `file` is their name in messages. Whoever reads a file may stop one
/// byte beyond [`TEXT_MAX_BYTES`]: more would be refused as well.
///
/// Fails when they are not UTF-8, or too many.
pub fn decode(bytes: Vec<u8>, file: &str) -> Result<String, Vec<Diagnostic>> {
    if bytes.len() > TEXT_MAX_BYTES {
        return Err(too_long(file));
    }
    if let Some(encoding) = other_encoding(&bytes) {
        let message = format!("the text is {encoding}, and a flow is UTF-8");
        let help = format!("save it as UTF-8: iconv -f {encoding} -t UTF-8");
        let diagnostic = Diagnostic::new(Code::Syntax, &Place::default(), message);
        return Err(whole(file, diagnostic.with_help(help)));
    }
    String::from_utf8(bytes).map_err(|error| {
        let end = error.utf8_error().valid_up_to();
        let bytes = error.into_bytes();
        let wrong = bytes.get(end).copied().unwrap_or_default();
        let before = String::from_utf8_lossy(bytes.get(..end).unwrap_or_default());
        let source = Source::new(file, &before);
        let place = source.place(end..end, JsonPath::root());
        let message = format!("the byte 0x{wrong:02x} here is not UTF-8, as a flow is");
        let mut report = Report::default();
        report.push(
            Diagnostic::new(Code::Syntax, &place, message)
                .with_help("save the text as UTF-8; is it a flow at all?"),
        );
        report.finish(&source)
    })
}

/// The name of the encoding that these bytes begin like, if it is another than UTF-8: by their byte
/// order mark, or by the zeros beside the first letter, which in JSON is of ASCII.
fn other_encoding(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => Some("UTF-32"),
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Some("UTF-16"),
        [1..=255, 0, 0, 0, ..] => Some("UTF-32LE"),
        [0, 0, 0, 1..=255, ..] => Some("UTF-32BE"),
        [1..=255, 0, 1..=255, ..] => Some("UTF-16LE"),
        [0, 1..=255, 0, ..] => Some("UTF-16BE"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(bytes: &[u8]) -> String {
        decode(bytes.to_vec(), "a.json").unwrap_err().remove(0).to_string()
    }

    #[test]
    fn other_encodings_are_told_by_their_names() {
        let utf_16 = |bytes: fn(u16) -> [u8; 2], text: &str| -> Vec<u8> {
            text.encode_utf16().flat_map(bytes).collect()
        };
        let text = "{ \"format\": 1 }";
        let marked = format!("\u{feff}{text}");
        for (bytes, name) in [
            (utf_16(u16::to_le_bytes, &marked), "UTF-16"),
            (utf_16(u16::to_be_bytes, &marked), "UTF-16"),
            (utf_16(u16::to_le_bytes, text), "UTF-16LE"),
            (utf_16(u16::to_be_bytes, text), "UTF-16BE"),
            (text.chars().flat_map(|letter| u32::from(letter).to_le_bytes()).collect(), "UTF-32LE"),
            (text.chars().flat_map(|letter| u32::from(letter).to_be_bytes()).collect(), "UTF-32BE"),
        ] {
            let expected = format!(
                "error[T0001]: the text is {name}, and a flow is UTF-8\n --> a.json\n  = at $\n  \
                 = help: save it as UTF-8: iconv -f {name} -t UTF-8"
            );
            assert_eq!(said(&bytes), expected);
        }
    }

    #[test]
    fn a_byte_that_is_no_text_is_told_with_its_place() {
        let said = said(b"{\n  \"name\": \"caf\xe9\" }");
        assert!(said.starts_with("error[T0001]: the byte 0xe9 here is not UTF-8"), "{said}");
        assert!(said.contains("--> a.json:2:15\n"), "{said}");
    }

    #[test]
    fn of_a_text_that_is_too_long_no_length_is_claimed() {
        let said = said(&vec![b' '; TEXT_MAX_BYTES + 1]);
        assert!(said.starts_with("error[T0011]: the text is longer than 16 MB\n"), "{said}");
        assert!(decode(vec![b' '; TEXT_MAX_BYTES], "a.json").is_ok());
    }
}
