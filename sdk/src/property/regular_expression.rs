//! Java's regular expressions, as NiFi has them.

use std::borrow::Cow;

use tutti_expression::{Pattern, PatternError};
use tutti_model::spec::{PropertyKind, ValueError};

pub use tutti_expression::Groups;

use super::PropertyType;
use crate::ProcessError;

/// A compiled regular expression. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Regex(Pattern);

impl Regex {
    /// Whether it matches all of `text`, as Java's `matches` does.
    pub fn matches(&self, text: &str) -> Result<bool, ProcessError> {
        self.0.matches(text).map_err(|error| self.given_up(text, error))
    }

    /// Whether it matches some part of `text`, as Java's `find` does.
    pub fn is_found(&self, text: &str) -> Result<bool, ProcessError> {
        self.0.is_found(text).map_err(|error| self.given_up(text, error))
    }

    /// The matches in `text`, from left to right, as Java's `find` steps through them.
    pub fn find_all<'r, 't>(
        &'r self,
        text: &'t str,
    ) -> impl Iterator<Item = Result<Groups<'t>, ProcessError>> + use<'r, 't> {
        let given_up = move |error| self.given_up(text, error);
        self.0.find_all(text).map(move |found| found.map_err(given_up))
    }

    /// How many groups it has, without the whole.
    pub fn groups(&self) -> usize {
        self.0.groups()
    }

    /// The expression as it was written.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    fn given_up(&self, text: &str, error: PatternError) -> ProcessError {
        ProcessError::user(format!(
            "the regular expression \"{}\" was given up on a text of {} characters",
            self.as_str(),
            text.chars().count()
        ))
        .caused_by(error)
        .with_help("rewrite it without nested repetitions such as (a+)+")
    }
}

impl PropertyType for Regex {
    fn kind() -> PropertyKind {
        PropertyKind::Regex
    }

    fn parse(text: &str, _: &PropertyKind) -> Result<Self, ValueError> {
        Pattern::new(text).map(Self).map_err(|error| {
            let help = if text.contains("${") {
                "this property takes no expressions, only a regular expression or a #{parameter}"
            } else {
                "a file name that ends with .wav is \".*\\.wav\""
            };
            ValueError::new(error.to_string()).with_help(help)
        })
    }

    /// As in NiFi, what an expression gives stands for itself.
    fn quote(value: &str) -> Cow<'_, str> {
        Cow::Owned(Pattern::quote(value))
    }
}
