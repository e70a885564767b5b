//! Java's regular expressions, for others than expressions who take patterns that people bring
//! along from NiFi: one dialect wherever a flow has a pattern.

use crate::error::Failure;
use crate::java::regex::Regex;

/// A compiled pattern that stands for a whole text, as with Java's `Pattern.matches`.
#[derive(Debug, Clone)]
pub struct Pattern {
    text: String,
    whole: Regex,
}

/// A text is no pattern, or a pattern is too hard for a text. In words, in lower case and without a
/// final stop.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct PatternError(String);

impl From<Failure> for PatternError {
    fn from(failure: Failure) -> Self {
        Self(failure.message)
    }
}

impl Pattern {
    /// Compiles `text`.
    ///
    /// # Errors
    /// When it is no regular expression.
    pub fn new(text: &str) -> Result<Self, PatternError> {
        // By itself first: `a)(b` is none, and would be one within the group.
        Regex::find(text)?;
        Ok(Self { text: text.to_owned(), whole: Regex::matches(text)? })
    }

    /// Whether it matches all of `text`.
    ///
    /// # Errors
    /// When that takes more than a million steps back.
    pub fn matches(&self, text: &str) -> Result<bool, PatternError> {
        Ok(self.whole.is_match(text)?)
    }

    /// The pattern as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_javas_dialect_and_stands_for_the_whole_text() {
        let matches = |pattern, text| Pattern::new(pattern).unwrap().matches(text).unwrap();
        assert!(matches(r"\Qa.b\E\h+x", "a.b \tx"));
        assert!(matches(r"\p{javaLowerCase}+", "äöü") && !matches(r"\w+", "äöü"));
        assert!(matches("a|b(?=c)c", "bc") && !matches("a|b", "xa"));
        assert!(!matches(".*", "a\u{2028}") && matches("(?s).*", "a\u{2028}"));
        for none in ["a)|(b", "[", "*"] {
            Pattern::new(none).unwrap_err();
        }
    }

    #[test]
    fn what_takes_too_many_steps_is_given_up() {
        let bomb = Pattern::new("(a|b|ab)*(?=c)").unwrap();
        let error = bomb.matches(&"ab".repeat(60)).unwrap_err().to_string();
        assert!(error.contains("could not be matched"), "{error}");
    }
}
