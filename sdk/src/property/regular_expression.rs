//! Regular expressions in the dialect that Java's have in common with ours: look-around, back
//! references and possessive quantifiers included.

use std::fmt;

use fancy_regex::RegexBuilder;
use tutti_model::spec::{PropertyKind, ValueError};

use super::PropertyType;
use crate::ProcessError;

/// How many steps one match may take back before it is given up.
const BACKTRACK_STEPS_MAX: usize = 1_000_000;

/// A compiled regular expression.
#[derive(Clone)]
pub struct Regex {
    text: String,
    whole: fancy_regex::Regex,
}

impl Regex {
    /// Whether it matches all of `text`, as Java's `matches` does.
    pub fn matches(&self, text: &str) -> Result<bool, ProcessError> {
        self.whole.is_match(text).map_err(|error| {
            ProcessError::user(format!(
                "the regular expression \"{}\" was given up on a text of {} characters",
                self.text,
                text.chars().count()
            ))
            .caused_by(error)
            .with_help("rewrite it without nested repetitions such as (a+)+")
        })
    }

    /// The expression as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl fmt::Debug for Regex {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.fmt(formatter)
    }
}

impl PropertyType for Regex {
    fn kind() -> PropertyKind {
        PropertyKind::Regex
    }

    fn parse(text: &str, _: &PropertyKind) -> Result<Self, ValueError> {
        let compile = |pattern: &str| {
            RegexBuilder::new(pattern).backtrack_limit(BACKTRACK_STEPS_MAX).build().map_err(
                |error| {
                    ValueError::new(format!("\"{text}\" is not a regular expression: {error}"))
                        .with_help("a file name that ends with .wav is \".*\\.wav\"")
                },
            )
        };
        // By itself first: `a)(b` is none, and would be one within the group.
        compile(text)?;
        Ok(Self { text: text.to_owned(), whole: compile(&format!("\\A(?:{text})\\z"))? })
    }
}
