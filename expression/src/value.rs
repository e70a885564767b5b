//! The values that flow between functions and the conversions that NiFi makes between their types.
//! A value never outlives its expression and its context; no conversion may invent a value where
//! NiFi has null.

use std::borrow::Cow;

use crate::error::Failure;
use crate::java::date::{Instant, date_text, parse_date_text, parse_instant_text};
use crate::java::number::{Number, double_text, parse_number};
use crate::java::text::trim;

/// The type of what a function takes or gives, as in NiFi's guide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ValueType {
    /// Text; also what every attribute and parameter is.
    Text,
    /// `true` or `false`.
    Boolean,
    /// A whole number of 64 bits.
    WholeNumber,
    /// A decimal number (IEEE 754 double).
    Decimal,
    /// A whole or a decimal number, known when evaluated.
    Number,
    /// A moment in milliseconds.
    Date,
    /// A moment in nanoseconds.
    Instant,
}

impl ValueType {
    /// The name of the type, for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Boolean => "boolean",
            Self::WholeNumber => "whole number",
            Self::Decimal => "decimal",
            Self::Number => "number",
            Self::Date => "date",
            Self::Instant => "instant",
        }
    }
}

/// A value on its way through an expression, borrowed from the expression or the context where
/// that is possible.
#[derive(Debug, Clone)]
pub(crate) enum Value<'a> {
    Null,
    Text(Cow<'a, str>),
    Boolean(bool),
    Whole(i64),
    Decimal(f64),
    /// Milliseconds since the epoch.
    Date(i64),
    Instant(Instant),
}

impl<'a> Value<'a> {
    /// The text of the value as Java's `toString` prints it, `None` for null.
    pub(crate) fn into_text(self) -> Option<Cow<'a, str>> {
        match self {
            Self::Null => None,
            Self::Text(text) => Some(text),
            Self::Boolean(true) => Some(Cow::Borrowed("true")),
            Self::Boolean(false) => Some(Cow::Borrowed("false")),
            Self::Whole(number) => Some(Cow::Owned(number.to_string())),
            Self::Decimal(number) => Some(Cow::Owned(double_text(number))),
            Self::Date(date_ms) => Some(Cow::Owned(date_text(date_ms))),
            Self::Instant(instant) => Some(Cow::Owned(instant.to_string())),
        }
    }

    /// The value as a whole number: decimals are cut, text that is no number is null.
    pub(crate) fn into_whole(self) -> Result<Option<i64>, Failure> {
        Ok(self.into_number()?.map(|number| match number {
            Number::Whole(whole) => whole,
            // Rust's cast saturates and maps NaN to 0, as Java's does.
            Number::Decimal(decimal) => decimal as i64,
        }))
    }

    /// The value as a number; text that is no number is null, text that looks like a number but
    /// does not fit in 64 bits is a failure.
    pub(crate) fn into_number(self) -> Result<Option<Number>, Failure> {
        match self {
            Self::Null | Self::Boolean(_) => Ok(None),
            Self::Text(text) => parse_number(trim(&text)),
            Self::Whole(number) | Self::Date(number) => Ok(Some(Number::Whole(number))),
            Self::Decimal(number) => Ok(Some(Number::Decimal(number))),
            Self::Instant(instant) => Ok(Some(Number::Whole(instant.epoch_ms()?))),
        }
    }

    /// The value as a decimal.
    pub(crate) fn into_decimal(self) -> Result<Option<f64>, Failure> {
        Ok(self.into_number()?.map(Number::as_decimal))
    }

    /// The value as a boolean: of text only `true`, in any case, is true.
    pub(crate) fn into_boolean(self) -> Option<bool> {
        match self {
            Self::Boolean(value) => Some(value),
            Self::Text(text) => Some(trim(&text).eq_ignore_ascii_case("true")),
            _ => None,
        }
    }

    /// The value as a date in milliseconds; text must be a number or one of NiFi's three formats.
    pub(crate) fn into_date(self) -> Result<Option<i64>, Failure> {
        match self {
            Self::Date(date_ms) => Ok(Some(date_ms)),
            Self::Text(text) => parse_date_text(trim(&text)).map(Some),
            Self::Whole(number) => Ok(Some(number)),
            Self::Decimal(number) => Ok(Some(number as i64)),
            Self::Null | Self::Boolean(_) | Self::Instant(_) => Ok(None),
        }
    }

    /// The value as an instant; text must be milliseconds, ISO 8601 or RFC 1123.
    pub(crate) fn into_instant(self) -> Result<Option<Instant>, Failure> {
        match self {
            Self::Instant(instant) => Ok(Some(instant)),
            Self::Text(text) => parse_instant_text(trim(&text)).map(Some),
            Self::Whole(number) => Ok(Some(Instant::from_epoch_ms(number))),
            Self::Decimal(number) => Ok(Some(Instant::from_epoch_ms(number as i64))),
            Self::Null | Self::Boolean(_) | Self::Date(_) => Ok(None),
        }
    }
}

impl From<bool> for Value<'_> {
    fn from(value: bool) -> Self {
        Self::Boolean(value)
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl<'a> From<Cow<'a, str>> for Value<'a> {
    fn from(text: Cow<'a, str>) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<Option<Cow<'a, str>>> for Value<'a> {
    fn from(text: Option<Cow<'a, str>>) -> Self {
        text.map_or(Self::Null, Self::Text)
    }
}

impl From<Number> for Value<'_> {
    fn from(number: Number) -> Self {
        match number {
            Number::Whole(whole) => Self::Whole(whole),
            Number::Decimal(decimal) => Self::Decimal(decimal),
        }
    }
}
