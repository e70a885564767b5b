//! A value of JSON, and how it is written.

use std::fmt;

use crate::java::number::double_text;

/// A value of JSON. Whole numbers of any size keep their digits.
#[derive(Debug, Clone, PartialEq)]
pub enum Json {
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A whole number, by its digits.
    Whole(String),
    /// Any other number.
    Decimal(f64),
    /// A text.
    Text(String),
    /// Values in order.
    Array(Vec<Json>),
    /// Keys and values, in the order in which they were written.
    Object(Vec<(String, Json)>),
}

impl Json {
    /// The value of a key, `None` where this is no object or has no such key.
    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Object(entries) => {
                entries.iter().find(|(name, _)| name == key).map(|(_, value)| value)
            }
            _ => None,
        }
    }

    /// Sets a key of an object; at the end where it is new.
    pub(super) fn put(entries: &mut Vec<(String, Self)>, key: &str, value: Self) {
        match entries.iter_mut().find(|(name, _)| name == key) {
            Some((_, old)) => *old = value,
            None => entries.push((key.to_owned(), value)),
        }
    }

    /// The text of a value that is neither array nor object, without quotes; empty for null.
    pub fn scalar_text(&self) -> String {
        match self {
            Self::Null => String::new(),
            Self::Text(text) => text.clone(),
            Self::Decimal(number) => double_text(*number),
            other => other.to_string(),
        }
    }
}

impl fmt::Display for Json {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => out.write_str("null"),
            Self::Boolean(value) => write!(out, "{value}"),
            Self::Whole(digits) => out.write_str(digits),
            Self::Decimal(number) if number.is_finite() => out.write_str(&double_text(*number)),
            Self::Decimal(number) => write_text(&double_text(*number), out),
            Self::Text(text) => write_text(text, out),
            Self::Array(items) => {
                out.write_str("[")?;
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        out.write_str(",")?;
                    }
                    item.fmt(out)?;
                }
                out.write_str("]")
            }
            Self::Object(entries) => {
                out.write_str("{")?;
                for (index, (key, value)) in entries.iter().enumerate() {
                    if index > 0 {
                        out.write_str(",")?;
                    }
                    write_text(key, out)?;
                    out.write_str(":")?;
                    value.fmt(out)?;
                }
                out.write_str("}")
            }
        }
    }
}

fn write_text(text: &str, out: &mut fmt::Formatter<'_>) -> fmt::Result {
    use fmt::Write as _;
    out.write_str("\"")?;
    for c in text.chars() {
        match c {
            '"' => out.write_str("\\\"")?,
            '\\' => out.write_str("\\\\")?,
            '\u{8}' => out.write_str("\\b")?,
            '\t' => out.write_str("\\t")?,
            '\n' => out.write_str("\\n")?,
            '\u{c}' => out.write_str("\\f")?,
            '\r' => out.write_str("\\r")?,
            '\0'..='\u{1f}' => write!(out, "\\u{:04X}", u32::from(c))?,
            _ => out.write_char(c)?,
        }
    }
    out.write_str("\"")
}
