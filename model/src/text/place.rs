//! Values together with where they were written.

use std::fmt;
use std::ops::Deref;

use super::JsonPath;

/// Where something stands in a text. All zero and `$` for what never stood in one.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// The line, from 1.
    pub line: u32,
    /// The column of the first character, in characters from 1.
    pub column: u32,
    /// How many characters it takes on its first line, at least 1.
    pub length: u32,
    /// Where in the JSON document.
    pub path: JsonPath,
    /// The first byte in the text.
    pub(crate) start: u32,
    /// The byte after the last.
    pub(crate) end: u32,
}

impl Place {
    /// Whether it is a place in a text.
    pub(crate) fn is_known(&self) -> bool {
        self.line != 0
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{} {}", self.line, self.column, self.path)
    }
}

/// A value and where it was written. Two are equal when their values are, wherever they stand.
#[derive(Debug, Clone, Default)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// Where it, or the name that it goes by, was written.
    pub place: Place,
}

impl<T> Located<T> {
    /// `value`, written at `place`.
    pub fn new(value: T, place: Place) -> Self {
        Self { value, place }
    }
}

impl<T> From<T> for Located<T> {
    /// A value that never stood in a text.
    fn from(value: T) -> Self {
        Self::new(value, Place::default())
    }
}

impl<T> Deref for Located<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: PartialEq> PartialEq for Located<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<T: Eq> Eq for Located<T> {}
