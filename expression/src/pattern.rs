//! Java's regular expressions by themselves, for others than expressions who take patterns that
//! people bring along from NiFi, over names and over content: one dialect wherever a flow has a
//! pattern. Matching is bounded, as it is within an expression.

use std::collections::HashMap;
use std::fmt;
use std::ops::Range;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use crate::error::Failure;
use crate::java::regex::Regex;

/// A regular expression as Java has them. Cheap to clone.
#[derive(Clone)]
pub struct Pattern(Arc<Inner>);

struct Inner {
    text: String,
    whole: Regex,
    within: Regex,
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
    /// Compiles a pattern.
    ///
    /// # Errors
    /// Where it is none, and of what in Java's dialect cannot be matched here.
    pub fn new(text: &str) -> Result<Self, PatternError> {
        let (whole, within) = compiled(text)?;
        Ok(Self(Arc::new(Inner { text: text.to_owned(), whole, within })))
    }

    /// Whether it matches all of `text`.
    ///
    /// # Errors
    /// Where that takes too many steps.
    pub fn matches(&self, text: &str) -> Result<bool, PatternError> {
        Ok(self.0.whole.is_match(text)?)
    }

    /// Whether it matches some part of `text`.
    ///
    /// # Errors
    /// Where that takes too many steps.
    pub fn is_found(&self, text: &str) -> Result<bool, PatternError> {
        Ok(self.0.within.is_match(text)?)
    }

    /// The matches in `text`, from left to right, as Java's `find` steps through them.
    pub fn find_all<'p, 't>(&'p self, text: &'t str) -> Matches<'p, 't> {
        Matches { pattern: &self.0.within, text, at: 0 }
    }

    /// How many groups it has, without the whole.
    pub fn groups(&self) -> usize {
        self.0.within.groups()
    }

    /// The pattern as it was written.
    pub fn as_str(&self) -> &str {
        &self.0.text
    }

    /// A pattern that matches `text` and nothing else.
    pub fn quote(text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        for letter in text.chars() {
            // In front of what is neither letter nor digit of ASCII a backslash takes the meaning.
            if letter.is_ascii() && !letter.is_ascii_alphanumeric() {
                out.push('\\');
            }
            out.push(letter);
        }
        out
    }
}

/// How many patterns are kept compiled, and how long their texts may be.
const KEPT_MAX: usize = 256;
const KEPT_BYTES_MAX: usize = 1 << 10;

/// Those that were compiled last: a flow of thousands of processors has few patterns, mostly
/// defaults, and one takes a tenth of a millisecond each time that the flow is looked at.
static KEPT: LazyLock<Mutex<HashMap<String, (Regex, Regex)>>> = LazyLock::new(Mutex::default);

/// A pattern for whole texts, and for parts of one. What is handed out is a copy, which shares with
/// others what is compiled and not what a search writes to.
fn compiled(text: &str) -> Result<(Regex, Regex), Failure> {
    let kept = || KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(found) = kept().get(text) {
        return Ok(found.clone());
    }
    let made = Regex::of_content(text)?;
    if text.len() <= KEPT_BYTES_MAX {
        let mut kept = kept();
        if kept.len() >= KEPT_MAX {
            kept.clear();
        }
        kept.insert(text.to_owned(), made.clone());
    }
    Ok(made)
}

impl fmt::Debug for Pattern {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.text.fmt(out)
    }
}

/// The matches of a [`Pattern`] in a text.
pub struct Matches<'p, 't> {
    pattern: &'p Regex,
    text: &'t str,
    /// Where the search goes on; behind the end of the text there is none.
    at: usize,
}

impl<'t> Iterator for Matches<'_, 't> {
    type Item = Result<Groups<'t>, PatternError>;

    fn next(&mut self) -> Option<Self::Item> {
        let found = self.pattern.groups_from(self.text, self.at);
        self.at = match &found {
            Ok(Some((_, next))) => *next,
            _ => usize::MAX,
        };
        found.map_err(PatternError::from).transpose().map(|found| found.map(|(groups, _)| groups))
    }
}

/// A match with its groups; the whole of it is number 0.
pub struct Groups<'t> {
    pub(crate) groups: fancy_regex::Captures<'t, str>,
}

impl<'t> Groups<'t> {
    /// Where it lies in the text, in bytes.
    pub fn range(&self) -> Range<usize> {
        self.groups.get(0).map_or(0..0, |whole| whole.start()..whole.end())
    }

    /// The text of a group that took part in the match.
    pub fn get(&self, number: usize) -> Option<&'t str> {
        self.groups.get(number).map(|group| group.as_str())
    }

    /// How many there are, with the whole.
    #[allow(clippy::len_without_is_empty, reason = "there is always the whole")]
    pub fn len(&self) -> usize {
        self.groups.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(pattern: &str, text: &str) -> Vec<(Range<usize>, Option<String>)> {
        let pattern = Pattern::new(pattern).unwrap();
        let matches = pattern.find_all(text).map(Result::unwrap);
        matches.map(|each| (each.range(), each.get(1).map(ToOwned::to_owned))).collect()
    }

    #[test]
    fn matches_are_those_that_java_finds() {
        assert_eq!(found("b(.)?", "abcb"), [(1..3, Some("c".to_owned())), (3..4, None)]);
        let ends: Vec<_> = found("a*", "baaé").into_iter().map(|(range, _)| range).collect();
        assert_eq!(ends, [0..0, 1..3, 3..3, 5..5]);
        assert_eq!(found("(^x$)", "x\r\n").len(), 1, "an end of line may follow the end");
        assert_eq!(found("a.b", "a\nb"), []);
        assert_eq!(Pattern::new("(a)(?:b)(c)").unwrap().groups(), 2);
    }

    #[test]
    fn it_is_javas_dialect() {
        let matches = |pattern, text| Pattern::new(pattern).unwrap().matches(text).unwrap();
        assert!(matches(r"\Qa.b\E\h+x", "a.b \tx"));
        assert!(matches(r"\p{javaLowerCase}+", "äöü") && !matches(r"\w+", "äöü"));
        assert!(matches("a|b(?=c)c", "bc") && !matches("a|b", "xa"));
        assert!(!matches(".*", "a\u{2028}") && matches("(?s).*", "a\u{2028}"));
        for none in ["a)|(b", "a)(b", "[", "*"] {
            Pattern::new(none).unwrap_err();
        }
    }

    #[test]
    fn whole_and_part_are_two_things() {
        let pattern = Pattern::new("a|bc").unwrap();
        assert!(pattern.matches("bc").unwrap() && !pattern.matches("bca").unwrap());
        assert!(pattern.is_found("xbcx").unwrap() && !pattern.is_found("cb").unwrap());
    }

    #[test]
    fn a_quoted_text_matches_itself_alone() {
        let text = "a.b*(c)[d]{e}\\E^$|? #-é\n";
        let pattern = Pattern::new(&Pattern::quote(text)).unwrap();
        assert!(pattern.matches(text).unwrap());
        assert!(!Pattern::new(&Pattern::quote("a.b")).unwrap().matches("axb").unwrap());
    }

    #[test]
    fn what_is_no_pattern_and_what_takes_too_long_is_told() {
        let error = Pattern::new("a)(b").unwrap_err().to_string();
        assert!(error.contains("'a)(b' is not valid"), "{error}");
        let bomb = Pattern::new("(a|b|ab)*(?=c)d").unwrap();
        let text = "ab".repeat(60) + "cd";
        assert!(bomb.matches(&text).unwrap_err().to_string().contains("could not be matched"));
        let found: Vec<_> = bomb.find_all(&text).map(|found| found.is_err()).collect();
        assert_eq!(found, [true], "it ends with the error");
        let long = "-".repeat(1_500_000) + "ab";
        assert!(Pattern::new("(?<=a)b").unwrap().is_found(&long).unwrap(), "a long text is none");
    }
}
