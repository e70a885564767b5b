//! What is said where a text is no JSON at all.

use std::ops::Range;

use jsonc_parser::ParseStringErrorKind as Text;
use jsonc_parser::errors::ParseErrorKind as Kind;

use crate::codes::Code;
use crate::diagnostic::Diagnostic;
use crate::text::{JsonPath, Source};

/// How many bytes an escape such as `\ud800` takes.
const ESCAPE_BYTES: usize = 6;

/// The mistake of this `kind`, which the parser met in `range`.
pub(super) fn error(
    source: &Source,
    range: jsonc_parser::common::Range,
    kind: &Kind,
) -> Diagnostic {
    let (message, help) = match kind {
        Kind::UnterminatedObject => ("this object has no end", "add a \"}\""),
        Kind::UnterminatedArray => ("this list has no end", "add a \"]\""),
        Kind::UnterminatedCommentBlock => ("this comment has no end", "remove it"),
        Kind::ExpectedColonAfterObjectKey => ("a name without a value", "add \":\" and a value"),
        Kind::ExpectedObjectValue => ("a name without a value", "add a value after the \":\""),
        Kind::UnexpectedComma => ("a comma where a value should be", "remove it"),
        Kind::UnexpectedColon => ("a colon where a value should be", "put the name in quotes"),
        Kind::UnexpectedCloseBrace | Kind::UnexpectedCloseBracket => {
            ("a bracket is closed that is not open", "compare it with those before")
        }
        Kind::UnexpectedWord => ("a word that is not in quotes", "put it in double quotes"),
        Kind::MultipleRootJsonValues => {
            ("something comes after the end of the flow", "remove it, or check the brackets before")
        }
        Kind::NestingDepthExceeded => ("the text is nested too deeply", "use fewer levels"),
        Kind::String(kind) => text(kind),
        _ => ("this is not JSON", "write a value, a name or a bracket here"),
    };
    let range = match kind {
        Kind::String(kind) => escape(source.text(), range.start, kind),
        _ => range.start..range.end,
    };
    Diagnostic::new(Code::Syntax, &source.place(range, JsonPath::root()), message).with_help(help)
}

/// What is wrong with a text in quotes, and what would be right.
fn text(kind: &Text) -> (&'static str, &'static str) {
    match kind {
        Text::UnterminatedStringLiteral => ("this text has no end", "close it with a \""),
        Text::InvalidUnicodeEscapeSequence(_) => (
            "this escape is half a character: of a pair of surrogates the other half is missing",
            "write both halves, as in \"\\ud83d\\ude00\", or the character itself",
        ),
        Text::ExpectedFourHexDigits => (
            "this escape is no character",
            "write four hexadecimal digits after \"\\u\", as in \"\\u00e9\"",
        ),
        Text::InvalidEscapeInSingleQuoteString
        | Text::InvalidEscapeInDoubleQuoteString
        | Text::ExpectedTwoHexDigits
        | Text::InvalidEscape => (
            "a backslash that stands before nothing it could escape",
            "write \"\\\\\" for a backslash",
        ),
    }
}

/// The bytes of the escape at `start`, or that byte alone.
fn escape(text: &str, start: usize, kind: &Text) -> Range<usize> {
    let length = match kind {
        Text::UnterminatedStringLiteral => 1,
        Text::InvalidUnicodeEscapeSequence(_) => ESCAPE_BYTES,
        _ => 2,
    };
    let rest = text.get(start..).unwrap_or_default();
    let end = rest.char_indices().map(|(index, _)| index).chain([rest.len()]);
    let end = end.take_while(|index| *index <= length).last().unwrap_or_default();
    start..start + end
}
