//! What a test did not find as it should be.

use serde::Serialize;
use tutti_model::text::Place;

/// Something that is not as a test expects it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// What is wrong.
    pub message: String,
    /// The line of the tests that expects something else, from 1; 0 where none does.
    pub line: u32,
    /// Its column, in characters from 1.
    pub column: u32,
    /// What was expected and what came, a line each.
    pub details: Vec<String>,
}

impl Failure {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), line: 0, column: 0, details: Vec::new() }
    }

    pub(crate) fn at(message: impl Into<String>, place: &Place) -> Self {
        Self::new(message).place(place)
    }

    /// The same with the place that expects something else.
    pub(crate) fn place(mut self, place: &Place) -> Self {
        (self.line, self.column) = (place.line, place.column);
        self
    }

    /// The same with more lines.
    pub(crate) fn with(mut self, lines: Vec<String>) -> Self {
        self.details.extend(lines);
        self
    }
}
