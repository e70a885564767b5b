//! Finds what the lenient reader let pass and JSON does not allow.

use jsonc_parser::common::Ranged;
use jsonc_parser::tokens::{Token, TokenAndRange};

use crate::codes::Code;
use crate::diagnostic::Diagnostic;
use crate::report::Report;
use crate::text::{JsonPath, Source};

/// Reports everything in `tokens` that is not strict JSON.
pub(super) fn check(source: &Source, tokens: &[TokenAndRange<'_>], report: &mut Report) {
    let mut before: Option<&TokenAndRange<'_>> = None;
    for token in tokens {
        let range = token.range();
        let text = source.text().get(range.start..range.end).unwrap_or_default();
        let mut say = |code, message: &str, help: &str| {
            let place = source.place(range.start..range.end, JsonPath::root());
            report.push(Diagnostic::new(code, &place, message).with_help(help));
        };
        if begins_value(&token.token) && before.is_some_and(|last| ends_value(&last.token)) {
            say(Code::Loose, "a comma is missing before this", "add the comma");
        }
        match &token.token {
            Token::CommentLine(_) | Token::CommentBlock(_) => {
                say(
                    Code::Comment,
                    "a flow has no comments",
                    "put it into a \"description\", which processors, groups and parameters \
                     have, or into a label",
                );
                continue;
            }
            Token::String(_) if text.starts_with('\'') => {
                say(Code::Loose, "a text in single quotes", "use double quotes");
            }
            Token::String(_) if text.chars().any(|letter| letter < ' ') => say(
                Code::Loose,
                "a text with a line break or another control character",
                "write \\n for a line break, \\t for a tab",
            ),
            Token::Word(_) => say(Code::Loose, "a name without quotes", "use double quotes"),
            Token::Number(number) if !is_json_number(number) => {
                say(Code::Loose, "a number that JSON does not know", "write it in plain decimals");
            }
            Token::Colon if before.is_some_and(|name| is_literal(&name.token)) => {
                say(Code::Loose, "a name without quotes", "use double quotes");
            }
            Token::CloseBrace | Token::CloseBracket
                if before.is_some_and(|comma| comma.token == Token::Comma) =>
            {
                say(Code::Loose, "a comma after the last value", "remove the comma");
            }
            _ => {}
        }
        before = Some(token);
    }
}

fn is_literal(token: &Token<'_>) -> bool {
    matches!(token, Token::Number(_) | Token::Boolean(_) | Token::Null)
}

fn ends_value(token: &Token<'_>) -> bool {
    is_literal(token) || matches!(token, Token::String(_) | Token::CloseBrace | Token::CloseBracket)
}

fn begins_value(token: &Token<'_>) -> bool {
    is_literal(token)
        || matches!(
            token,
            Token::String(_) | Token::Word(_) | Token::OpenBrace | Token::OpenBracket
        )
}

fn is_json_number(number: &str) -> bool {
    serde_json::from_str::<serde_json::Number>(number).is_ok()
}
