//! Content against what it must be.

use std::path::Path;

use serde_json::Value;
use sha2::{Digest, Sha256};
use tutti_model::suite::ContentCheck;

use super::{Mismatch, short, value};
use crate::files;

/// The most content of one flowfile that is looked at, in bytes.
pub(crate) const CONTENT_BYTES_MAX: u64 = 64 << 20;

/// Whether `content` is as expected; files are named from `folder`.
pub(crate) fn check(
    checks: &[ContentCheck],
    content: &[u8],
    folder: &Path,
) -> Result<(), Mismatch> {
    checks.iter().try_for_each(|check| one(check, content, folder))
}

fn one(check: &ContentCheck, content: &[u8], folder: &Path) -> Result<(), Mismatch> {
    match check {
        ContentCheck::Text(matcher) => {
            let text = std::str::from_utf8(content).map_err(|_| Mismatch {
                of: "the content".to_owned(),
                expected: "a text in UTF-8".to_owned(),
                got: bytes_shown(content),
            })?;
            value(matcher, Some(&Value::from(text))).map_err(|wrong| of("the content", wrong))
        }
        ContentCheck::Json(checks) => {
            let document: Value = serde_json::from_slice(content).map_err(|error| Mismatch {
                of: "the content".to_owned(),
                expected: format!("JSON ({error})"),
                got: bytes_shown(content),
            })?;
            checks.iter().try_for_each(|(path, matcher)| {
                let found = path.value.read(&document);
                value(matcher, found).map_err(|wrong| {
                    let path = path.value.to_string();
                    let inner = wrong.of.strip_prefix('$').unwrap_or_default().to_owned();
                    let of = format!("the content at {path}{inner}");
                    Mismatch { of, ..wrong }
                })
            })
        }
        ContentCheck::Bytes(expected) => same(expected, content),
        ContentCheck::File(name) => {
            let expected = files::read(folder, &name.value).map_err(|error| Mismatch {
                of: "the content".to_owned(),
                expected: format!("what the file \"{}\" holds ({error})", name.value),
                got: bytes_shown(content),
            })?;
            same(&expected, content)
        }
        ContentCheck::Sha256(expected) => {
            let got = Sha256::digest(content);
            let got = digits(&got, "");
            if got == *expected {
                return Ok(());
            }
            let of = "the SHA-256 of the content".to_owned();
            Err(Mismatch { of, expected: expected.clone(), got })
        }
        ContentCheck::Size(matcher) => value(matcher, Some(&Value::from(content.len())))
            .map_err(|wrong| of("the size of the content, in bytes,", wrong)),
    }
}

fn same(expected: &[u8], got: &[u8]) -> Result<(), Mismatch> {
    if expected == got {
        return Ok(());
    }
    if let (Some(expected), Some(got)) = (text(expected), text(got)) {
        let (expected, got) = (short(expected), short(got));
        return Err(Mismatch { of: "the content".to_owned(), expected, got });
    }
    let first = expected.iter().zip(got).take_while(|(one, other)| one == other).count();
    let of = format!("the content, from byte {first} on,");
    let at = |bytes: &[u8]| bytes_shown(bytes.get(first..).unwrap_or_default());
    Err(Mismatch { of, expected: at(expected), got: at(got) })
}

fn of(what: &str, wrong: Mismatch) -> Mismatch {
    Mismatch { of: what.to_owned(), ..wrong }
}

/// The text that `bytes` are, where a person can read it.
fn text(bytes: &[u8]) -> Option<&str> {
    let is_odd = |letter: char| letter.is_control() && !letter.is_whitespace();
    std::str::from_utf8(bytes).ok().filter(|text| !text.contains(is_odd))
}

/// Bytes for a message: the text that they are, or the first of them.
pub(super) fn bytes_shown(bytes: &[u8]) -> String {
    const SHOWN_MAX: usize = 32;
    if let Some(text) = text(bytes) {
        return short(&Value::from(text).to_string());
    }
    let shown = bytes.get(..SHOWN_MAX).unwrap_or(bytes);
    format!("{} bytes: {}", bytes.len(), digits(shown, " "))
}

/// Bytes in hexadecimal digits.
fn digits(bytes: &[u8], between: &str) -> String {
    let digits: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    digits.join(between)
}
