//! Finds `#{name}` in texts.
//!
//! As in NiFi, a doubled `#` before `{` stands for one: `##{name}` is the text `#{name}`.

use crate::read::check_parameter_name;
use crate::spec::ExpressionScope;

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece<'t> {
    /// Text as it is.
    Text(&'t str),
    /// A reference to a parameter.
    Reference {
        /// The name of the parameter.
        name: &'t str,
        /// Where it begins in the text, in bytes from 0.
        offset: usize,
    },
}

/// A reference that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct ReferenceError {
    /// What is wrong.
    pub reason: String,
    /// Where it begins in the text, in characters from 0.
    pub position: usize,
}

/// `text` in pieces. In a text with expressions, what stands in quotes within `${ }` is text: the
/// Expression Language sees it so as well.
pub fn pieces(text: &str, scope: ExpressionScope) -> Result<Vec<Piece<'_>>, ReferenceError> {
    let mut pieces = Vec::new();
    let mut rest = text;
    let mut expression = Expression::default();
    let mut plain = 0;
    while let Some(letter) = rest.chars().next() {
        let at = text.len() - rest.len();
        if letter != '#' || expression.quote.is_some() {
            if scope == ExpressionScope::FlowFile {
                expression.see(letter, &text[..at]);
            }
            rest = &rest[letter.len_utf8()..];
            continue;
        }
        let hashes = rest.len() - rest.trim_start_matches('#').len();
        let after = &rest[hashes..];
        if !after.starts_with('{') {
            rest = after;
            continue;
        }
        // Half of the hashes stay, and an odd one begins a reference.
        pieces.push(Piece::Text(&text[plain..at + hashes / 2]));
        if hashes.is_multiple_of(2) {
            plain = at + hashes;
            rest = &after[1..];
            continue;
        }
        let offset = at + hashes - 1;
        let error = |reason| ReferenceError { reason, position: text[..offset].chars().count() };
        let Some(end) = after.find('}') else {
            return Err(error("a \"#{\" without its \"}\"".to_owned()));
        };
        let name = unquoted(after[1..end].trim());
        check_parameter_name(name).map_err(|(reason, _)| error(reason))?;
        pieces.push(Piece::Reference { name, offset });
        plain = at + hashes + end + 1;
        rest = &after[end + 1..];
    }
    pieces.push(Piece::Text(&text[plain..]));
    pieces.retain(|piece| *piece != Piece::Text(""));
    Ok(pieces)
}

/// A name may stand in quotes, as NiFi asks of one with spaces.
fn unquoted(name: &str) -> &str {
    let strip = |quote| name.strip_prefix(quote).and_then(|name| name.strip_suffix(quote));
    strip('\'').or_else(|| strip('"')).unwrap_or(name)
}

/// How deep in expressions one is, and in which quotes.
#[derive(Default)]
struct Expression {
    depth: usize,
    quote: Option<char>,
    escaped: bool,
}

impl Expression {
    fn see(&mut self, letter: char, before: &str) {
        if let Some(quote) = self.quote {
            let closes = letter == quote && !self.escaped;
            self.escaped = letter == '\\' && !self.escaped;
            if closes {
                self.quote = None;
            }
            return;
        }
        let dollars = || before.len() - before.trim_end_matches('$').len();
        match letter {
            '{' if dollars() % 2 == 1 => self.depth += 1,
            '}' => self.depth = self.depth.saturating_sub(1),
            '\'' | '"' if self.depth > 0 => self.quote = Some(letter),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn show(text: &str, scope: ExpressionScope) -> Result<String, ReferenceError> {
        let all = pieces(text, scope)?;
        Ok(all
            .into_iter()
            .map(|piece| match piece {
                Piece::Text(text) => text.to_owned(),
                Piece::Reference { name, offset } => format!("<{name}@{offset}>"),
            })
            .collect())
    }

    #[test]
    fn references_are_found() {
        for (text, pieces) in [
            ("#{input}", "<input@0>"),
            ("é#{a}/#{b c}", "é<a@2>/<b c@7>"),
            ("##{input}", "#{input}"),
            ("###{input}", "#<input@2>"),
            ("####{input}", "##{input}"),
            ("a # b ## c", "a # b ## c"),
            ("#{'my input'} #{ x }", "<my input@0> <x@14>"),
            ("", ""),
        ] {
            assert_eq!(show(text, ExpressionScope::None).as_deref(), Ok(pieces), "{text}");
        }
    }

    #[test]
    fn broken_references_are_refused() {
        for (text, position) in [("é#{input", 1), ("#{}", 0), ("a#{2,3}", 1), ("#{'a}", 0)] {
            let error = show(text, ExpressionScope::None);
            assert!(error.is_err_and(|error| error.position == position), "{text}");
        }
    }

    #[test]
    fn quotes_in_expressions_hold_text() {
        let scope = ExpressionScope::FlowFile;
        let text = "${a:matches('x#{2}'):equals(#{b})}'#{c}'";
        assert_eq!(
            show(text, scope).as_deref(),
            Ok("${a:matches('x#{2}'):equals(<b@28>)}'<c@35>'")
        );
        let escaped = r"${a:append('it\'s #{2}')}";
        assert_eq!(show(escaped, scope).as_deref(), Ok(escaped));
        assert_eq!(show("$${'#{a}'}", scope).as_deref(), Ok("$${'<a@4>'}"));
    }

    proptest! {
        #[test]
        fn text_without_references_stays(text in "[^#]{0,40}") {
            prop_assert_eq!(show(&text, ExpressionScope::None), Ok(text));
        }

        #[test]
        fn no_text_is_too_strange(text in "([#{}$'\"\\\\a]|\\PC){0,40}") {
            let _ = pieces(&text, ExpressionScope::None);
            let _ = pieces(&text, ExpressionScope::FlowFile);
        }
    }
}
