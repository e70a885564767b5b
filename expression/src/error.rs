//! What can go wrong with an expression: in its text, or when it meets its values.
//! Errors carry the place in the source text; they must never carry attribute values that the
//! message does not need.

use std::fmt;

/// The most characters of a message: a value in it may be megabytes.
const MESSAGE_CHARACTERS_MAX: usize = 400;

/// The message, without its middle where it is too long.
fn shortened(message: String) -> String {
    let half = MESSAGE_CHARACTERS_MAX / 2;
    let front = message.char_indices().nth(half).map(|(at, _)| at);
    let back = message.char_indices().rev().nth(half - 1).map(|(at, _)| at);
    match (front, back) {
        (Some(front), Some(back)) if front < back => {
            let parts = message.get(..front).zip(message.get(back..));
            parts.map(|(front, back)| format!("{front}…{back}")).unwrap_or(message)
        }
        _ => message,
    }
}

/// The text is not an expression. Nothing was evaluated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseError {
    /// Where in the source text, in characters from 0.
    pub position: usize,
    /// What is wrong, in lower case and without a final stop.
    pub message: String,
    /// What to do about it, where the parser has an idea (a similar function name, for example).
    pub help: Option<String>,
}

impl ParseError {
    pub(crate) fn new(position: usize, message: impl Into<String>) -> Self {
        Self { position, message: shortened(message.into()), help: None }
    }

    pub(crate) fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} at character {}", self.message, self.position)?;
        match &self.help {
            Some(help) => write!(out, ": {help}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for ParseError {}

/// The expression is well formed but has no value for what it was evaluated against.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message} at character {position}")]
pub struct EvaluateError {
    /// Where in the source text the failing function or reference begins, in characters from 0.
    pub position: usize,
    /// What is wrong, in lower case and without a final stop.
    pub message: String,
}

/// A document or a path into one that cannot be used; the message says which and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct JsonError(pub(crate) String);

impl From<Failure> for JsonError {
    fn from(failure: Failure) -> Self {
        Self(failure.message)
    }
}

/// A failure inside a function, before the caller has said where the function stands.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) message: String,
    pub(crate) position: Option<usize>,
}

impl Failure {
    /// The same failure, placed at `position` unless an inner part has placed it already.
    pub(crate) fn at(mut self, position: usize) -> Self {
        self.position.get_or_insert(position);
        self
    }
}

impl<T: Into<String>> From<T> for Failure {
    fn from(message: T) -> Self {
        Self { message: shortened(message.into()), position: None }
    }
}
