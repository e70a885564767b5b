//! Regular expressions, in the one dialect that a flow has: Java's, as in its expressions.

use std::fmt;

use tutti_expression::Pattern;
use tutti_model::spec::{PropertyKind, ValueError};

use super::PropertyType;
use crate::ProcessError;

/// A compiled regular expression.
#[derive(Clone)]
pub struct Regex(Pattern);

impl Regex {
    /// Whether it matches all of `text`, as Java's `matches` does.
    pub fn matches(&self, text: &str) -> Result<bool, ProcessError> {
        self.0.matches(text).map_err(|error| {
            ProcessError::user(format!(
                "the regular expression \"{}\" was given up on a text of {} characters",
                self.as_str(),
                text.chars().count()
            ))
            .caused_by(error)
            .with_help("rewrite it without nested repetitions such as (a+)+")
        })
    }

    /// The expression as it was written.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl fmt::Debug for Regex {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().fmt(formatter)
    }
}

impl PropertyType for Regex {
    fn kind() -> PropertyKind {
        PropertyKind::Regex
    }

    fn parse(text: &str, _: &PropertyKind) -> Result<Self, ValueError> {
        Pattern::new(text).map(Self).map_err(|error| {
            ValueError::new(error.to_string())
                .with_help("a file name that ends with .wav is \".*\\.wav\"")
        })
    }
}
