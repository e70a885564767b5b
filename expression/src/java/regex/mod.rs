//! Java's regular expressions: translated once into those of `fancy-regex`, then used with Java's
//! rules for matching, replacing and splitting. Matching is bounded: a pattern that takes too many
//! steps fails and never hangs.

mod class;
mod escapes;
mod flags;
mod replace;
mod translate;

use crate::error::Failure;
use crate::pattern::Groups;

/// How many steps back a match may take before it fails, where the text is an attribute.
const BACKTRACK_MAX: usize = 1_000_000;
/// The same where it is content: each character that a search passes over may be a step.
const CONTENT_BACKTRACK_MAX: usize = 10_000_000;

/// A compiled pattern.
#[derive(Debug, Clone)]
pub(crate) struct Regex {
    compiled: fancy_regex::Regex,
}

impl Regex {
    /// A pattern that is searched for within a text.
    pub(crate) fn find(pattern: &str) -> Result<Self, Failure> {
        Self::compile(pattern, &translate::translate(pattern)?, BACKTRACK_MAX)
    }

    /// A pattern that must match a whole text.
    pub(crate) fn matches(pattern: &str) -> Result<Self, Failure> {
        Self::compile(pattern, &whole(&translate::translate(pattern)?), BACKTRACK_MAX)
    }

    /// A pattern that must match a whole content, and the same searched for within one.
    pub(crate) fn of_content(pattern: &str) -> Result<(Self, Self), Failure> {
        let translated = translate::translate(pattern)?;
        let compile = |text: &str| Self::compile(pattern, text, CONTENT_BACKTRACK_MAX);
        Ok((compile(&whole(&translated))?, compile(&translated)?))
    }

    fn compile(pattern: &str, translated: &str, backtrack_max: usize) -> Result<Self, Failure> {
        let compiled = fancy_regex::RegexBuilder::new(translated)
            .backtrack_limit(backtrack_max)
            .build()
            .map_err(|error| {
                Failure::from(format!("the regular expression '{pattern}' is not valid: {error}"))
            })?;
        Ok(Self { compiled })
    }

    /// Whether the pattern is found in `text`.
    pub(crate) fn is_match(&self, text: &str) -> Result<bool, Failure> {
        self.compiled.is_match(text).map_err(|error| too_hard(&error))
    }

    /// How many groups it has, without the whole.
    pub(crate) fn groups(&self) -> usize {
        self.compiled.captures_len().saturating_sub(1)
    }

    /// The first match from `at` on, and where the search for the next begins; none where `at` is
    /// behind the end.
    pub(crate) fn groups_from<'t>(
        &self,
        text: &'t str,
        at: usize,
    ) -> Result<Option<(Groups<'t>, usize)>, Failure> {
        if at > text.len() {
            return Ok(None);
        }
        let found = self.compiled.captures_from_pos(text, at).map_err(|error| too_hard(&error))?;
        Ok(found.map(|groups| {
            let groups = Groups { groups };
            let range = groups.range();
            let next = next_start(text, range.start, range.end);
            (groups, next)
        }))
    }

    /// `String.split` with this pattern: no empty parts at the end, and none at the beginning for
    /// a match of no width.
    pub(crate) fn split<'a>(&self, text: &'a str) -> Result<Vec<&'a str>, Failure> {
        let mut parts = Vec::new();
        let mut begin = 0;
        let mut at = 0;
        while at <= text.len() {
            let found = self.compiled.find_from_pos(text, at).map_err(|error| too_hard(&error))?;
            let Some(found) = found else { break };
            let (start, end) = (found.start(), found.end());
            if !(end == 0 || start == end && start == text.len()) {
                parts.push(text.get(begin..start).unwrap_or_default());
                begin = end;
            }
            at = next_start(text, start, end);
        }
        if begin == 0 && parts.is_empty() {
            return Ok(vec![text]);
        }
        parts.push(text.get(begin..).unwrap_or_default());
        while parts.last().is_some_and(|part| part.is_empty()) {
            parts.pop();
        }
        Ok(parts)
    }
}

/// A translated pattern that matches whole texts only.
fn whole(translated: &str) -> String {
    format!("\\A(?:{translated})\\z")
}

/// Where the search goes on after a match: one character further after a match of no width.
fn next_start(text: &str, start: usize, end: usize) -> usize {
    if end > start {
        return end;
    }
    end + text.get(end..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8)
}

fn too_hard(error: &fancy_regex::Error) -> Failure {
    format!("the regular expression could not be matched: {error}").into()
}
