//! Whether what came is what was expected, and if not, how both look.

mod content;
mod difference;
mod place;
mod told;
mod value;

use tutti_model::suite::Matcher;

pub(crate) use content::{CONTENT_BYTES_MAX, check as content};
pub(crate) use place::{place, unexpected};
pub(crate) use told::{bulletins, events};
pub(crate) use value::{count, value};

/// What was expected of one thing, and what came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mismatch {
    /// Of what, as `the attribute "filename"`.
    pub(crate) of: String,
    pub(crate) expected: String,
    pub(crate) got: String,
}

impl Mismatch {
    pub(crate) fn lines(&self) -> Vec<String> {
        if self.expected.contains('\n') || self.got.contains('\n') {
            return difference::lines(&self.expected, &self.got);
        }
        vec![format!("expected: {}", self.expected), format!("     got: {}", self.got)]
    }
}

/// Whether the value of an attribute, which may not be there, is as expected.
pub(crate) fn attribute(matcher: &Matcher, value: Option<&str>) -> Result<(), Mismatch> {
    let text = value.map(|text| serde_json::Value::String(text.to_owned()));
    self::value(matcher, text.as_ref())
}

/// `text`, cut where it is too long for a message.
pub(crate) fn short(text: &str) -> String {
    const BYTES_MAX: usize = 2_000;
    if text.len() <= BYTES_MAX {
        return text.to_owned();
    }
    let end = text.floor_char_boundary(BYTES_MAX);
    format!("{}… ({} bytes)", text.get(..end).unwrap_or_default(), text.len())
}
