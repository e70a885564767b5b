//! What is kept with an object, as every store can take it: in the headers of a request.
//!
//! The library ends the process's work with a panic over a header that cannot be.

use std::fmt::Write as _;

use tutti_sdk::model::spec::ValueError;

/// A value of visible ASCII and single blanks. All else is written as `%HH`, of UTF-8 where it is
/// more than one byte; so is a `%` that two hexadecimal digits follow, so that nothing is lost.
pub(crate) fn value(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut safe = String::with_capacity(text.len());
    for (at, &byte) in bytes.iter().enumerate() {
        let rest = bytes.get(at + 1..).unwrap_or_default();
        let is_odd = match byte {
            b'%' => rest.len() >= 2 && rest.iter().take(2).all(u8::is_ascii_hexdigit),
            // At the ends it would be cut off, and several together count as one when signed.
            b' ' => at == 0 || rest.first().is_none_or(|next| *next == b' '),
            _ => !byte.is_ascii_graphic(),
        };
        if is_odd {
            // Writing to a text cannot fail.
            let _ = write!(safe, "%{byte:02X}");
        } else {
            safe.push(char::from(byte));
        }
    }
    safe
}

/// The text that such a value was made from. What is no text then is the value as it stands.
pub(crate) fn text(value: &str) -> String {
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        let digits = after.get(..2).and_then(|digits| str::from_utf8(digits).ok());
        let is_hex = |digits: &&str| digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        let odd = digits.filter(is_hex).filter(|_| byte == b'%');
        if let Some(odd) = odd.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            bytes.push(odd);
            rest = after.get(2..).unwrap_or_default();
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| value.to_owned())
}

/// Whether metadata can have that name: it becomes the end of a header's.
pub(crate) fn check_name(name: &str) -> Result<(), ValueError> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    if !name.is_empty() && name.bytes().all(is_plain) {
        return Ok(());
    }
    Err(ValueError::new(format!("metadata cannot have the name {name:?}"))
        .with_help("use letters, digits, \"-\", \"_\" and \".\" only, as in \"artist\""))
}

#[cfg(test)]
mod tests {
    use super::{check_name, text as back, value};

    #[test]
    fn every_text_becomes_a_value_and_different_ones_different_values() {
        for (text, expected) in [
            ("application/json; charset=utf-8", "application/json; charset=utf-8"),
            ("Björk", "Bj%C3%B6rk"),
            ("a\r\nx-amz-acl: public", "a%0D%0Ax-amz-acl: public"),
            ("100% %41 %", "100% %2541 %"),
            (" a  b ", "%20a%20 b%20"),
            (" ", "%20"),
            ("\u{7f}\0", "%7F%00"),
            ("", ""),
        ] {
            assert_eq!(value(text), expected, "{text:?}");
            assert_eq!(back(expected), text, "and back");
        }
        for odd in ["%FF", "%4", "%", "%Ä0"] {
            assert_eq!(back(odd), odd, "nobody made it here");
        }
    }

    #[test]
    fn a_name_is_that_of_a_header() {
        for name in ["artist", "audio.tag.title", "take_7", "X-1"] {
            assert_eq!(check_name(name), Ok(()), "{name}");
        }
        for name in ["", "a b", "Künstler", "a:b", "a\nb"] {
            assert!(check_name(name).unwrap_err().help.is_some(), "{name}");
        }
    }
}
