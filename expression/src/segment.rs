//! The outer text: where expressions begin and end in it, which `$` and `#` are escaped, and where
//! parameters stand between expressions. The rules are NiFi's, to the letter, and that includes one
//! surprise: text directly before an escaped parameter reference (`##{name}`) is left out.

use std::ops::Range;

use crate::lexer::{Letter, text_of};

/// A part of the outer text.
#[derive(Debug)]
pub(crate) enum Segment {
    Literal(String),
    /// A reference to a parameter outside of any expression.
    Parameter(String),
    /// An expression from its `$` to its `}`.
    Expression(Vec<Letter>),
}

/// Where expressions stand in a text, from their `$` to behind their `}`. With `escaped` those with
/// an even number of dollar signs, from the first of them.
pub(crate) fn ranges(text: &[Letter], escaped: bool) -> Vec<Range<usize>> {
    scan(text, escaped).0
}

/// The `$` of an expression that never ends, which is text then, and all behind it too.
pub(crate) fn unclosed(text: &[Letter]) -> Option<usize> {
    scan(text, false).1
}

/// Where expressions stand, and where one begins that never ends.
fn scan(text: &[Letter], escaped: bool) -> (Vec<Range<usize>>, Option<usize>) {
    let mut ranges = Vec::new();
    let mut last = '\0';
    let mut depth = 0usize;
    let mut start = None;
    let mut dollars = 0usize;
    let mut backslashes = 0usize;
    let mut index = 0;
    while let Some(c) = text.get(index).map(|letter| letter.c) {
        let is_quote = matches!(c, '\'' | '"');
        if start.is_some() && is_quote && (last != '\\' || backslashes.is_multiple_of(2)) {
            let Some(end) = closing_quote(text, index) else { break };
            index = end + 1;
            continue;
        }
        match c {
            '{' => {
                if dollars.is_multiple_of(2) == escaped && last == '$' && depth == 0 {
                    start = Some(index - if escaped { dollars.min(index) } else { 1 });
                }
                if start.is_some() {
                    depth += 1;
                }
            }
            '}' if depth == 0 => {
                index += 1;
                continue;
            }
            '}' => {
                depth -= 1;
                if depth == 0 {
                    ranges.extend(start.take().map(|start| start..index + 1));
                }
            }
            '$' => dollars += 1,
            '\\' => backslashes += 1,
            _ => dollars = 0,
        }
        last = c;
        index += 1;
    }
    (ranges, start)
}

fn closing_quote(text: &[Letter], start: usize) -> Option<usize> {
    let quote = text.get(start)?.c;
    let mut backslashes = 0usize;
    let mut last = '\0';
    for (index, letter) in text.iter().enumerate().skip(start + 1) {
        if letter.c == '\\' {
            backslashes += 1;
        } else if letter.c == quote && (backslashes.is_multiple_of(2) || last != '\\') {
            return Some(index);
        }
        last = letter.c;
    }
    None
}

/// Cuts a text into its parts.
pub(crate) fn segments(text: &[Letter]) -> Vec<Segment> {
    let found = ranges(text, false);
    let is_plain = found.is_empty();
    let ranges = if is_plain { ranges(text, true) } else { found };
    let mut segments = Vec::new();
    let mut last = 0;
    if ranges.is_empty() {
        literals(text, &mut segments);
        return segments;
    }
    for range in ranges {
        let (start, end) = (range.start, range.end);
        let inner = unescape_leading(part(text, start, end));
        if start > last {
            let mut before = unescape_leading(part(text, last, start));
            if !is_plain && reads_attribute(&inner) {
                unescape_trailing(&mut before, false);
            }
            literals(&before, &mut segments);
        }
        if is_plain {
            literals(&inner, &mut segments);
        } else {
            segments.push(Segment::Expression(inner));
        }
        last = end;
    }
    if last < text.len() {
        literals(&unescape_leading(part(text, last, text.len())), &mut segments);
    }
    segments
}

fn part(text: &[Letter], start: usize, end: usize) -> &[Letter] {
    text.get(start..end).unwrap_or_default()
}

/// Whether an expression reads one attribute and calls no function.
fn reads_attribute(expression: &[Letter]) -> bool {
    use crate::ast::Subject;
    crate::parser::parse(expression, 0).is_ok_and(|chain| {
        chain.calls.is_empty()
            && matches!(chain.subject, Subject::Attribute(_) | Subject::Nested(_))
    })
}

/// Before the first brace, `$$` stands for `$`.
fn unescape_leading(text: &[Letter]) -> Vec<Letter> {
    let head = text.iter().position(|letter| letter.c == '{').unwrap_or(text.len());
    let mut out = Vec::with_capacity(text.len());
    let mut index = 0;
    while let Some(letter) = text.get(index) {
        out.push(*letter);
        let is_pair = index + 1 < head
            && letter.c == '$'
            && text.get(index + 1).is_some_and(|next| next.c == '$');
        index += if is_pair { 2 } else { 1 };
    }
    out
}

/// At the end, `$$` stands for `$`; a text of dollar signs alone is kept unless `even_alone`.
pub(crate) fn unescape_trailing(text: &mut Vec<Letter>, even_alone: bool) {
    let dollars = text.iter().rev().take_while(|letter| letter.c == '$').count();
    if dollars == text.len() && !even_alone {
        return;
    }
    text.truncate(text.len() - dollars / 2);
}

/// Inside quotes `$$` before further dollar signs and a brace stands for `$`.
pub(crate) fn unescape_quoted(text: &[Letter]) -> Vec<Letter> {
    let mut out = Vec::with_capacity(text.len());
    let mut index = 0;
    while let Some(letter) = text.get(index) {
        out.push(*letter);
        let is_pair = letter.c == '$'
            && text.get(index + 1).is_some_and(|next| next.c == '$')
            && opens_braces(text.get(index + 2..).unwrap_or_default());
        index += if is_pair { 2 } else { 1 };
    }
    out
}

fn opens_braces(text: &[Letter]) -> bool {
    let mut rest = text.iter().map(|letter| letter.c).skip_while(|c| *c == '$');
    rest.next() == Some('{') && rest.take_while(|c| *c != '\n' && *c != '\r').any(|c| c == '}')
}

enum Token {
    Escape { end: usize, text: String },
    Reference { start: usize, end: usize, name: String },
}

/// Splits text without expressions into literals and references to parameters.
fn literals(text: &[Letter], segments: &mut Vec<Segment>) {
    let tokens = parameter_tokens(text);
    let mut index = 0;
    let mut last = None;
    for token in tokens {
        match token {
            Token::Escape { end, text } => {
                segments.push(Segment::Literal(text));
                index = end;
                last = Some(end);
            }
            Token::Reference { start, end, name } => {
                if start > index {
                    segments.push(Segment::Literal(text_of(part(text, index, start))));
                }
                segments.push(Segment::Parameter(name));
                index = end;
                last = Some(end);
            }
        }
    }
    let rest = part(text, last.unwrap_or(0), text.len());
    if last.is_none() || !rest.is_empty() {
        segments.push(Segment::Literal(text_of(rest)));
    }
}

fn parameter_tokens(text: &[Letter]) -> Vec<Token> {
    let mut tokens = Vec::new();
    let ends = Ends::new(text);
    let mut hashes = 0;
    let mut odd_dollars = false;
    let mut last = '\0';
    let mut depth = 0;
    let mut in_expression = false;
    let mut index = 0;
    while let Some(c) = text.get(index).map(|letter| letter.c) {
        match c {
            '#' => hashes += 1,
            '{' => {
                if odd_dollars && last == '$' && depth == 0 {
                    in_expression = true;
                }
                if in_expression {
                    depth += 1;
                    index += 1;
                    continue;
                }
                if hashes > 0
                    && let Some(end) = parameter_token(text, &ends, index, hashes, &mut tokens)
                {
                    index = end;
                }
            }
            '}' if depth == 0 => {
                index += 1;
                continue;
            }
            '}' => {
                depth -= 1;
                if depth == 0 {
                    in_expression = false;
                    odd_dollars = false;
                }
            }
            '$' => odd_dollars = !odd_dollars,
            _ => {}
        }
        if c != '#' {
            hashes = 0;
        }
        last = c;
        index += 1;
    }
    tokens
}

/// What is known of a text before references are looked for in it, so that none of them is
/// searched through to its end.
struct Ends {
    /// For each place the next `}` from there on.
    close: Vec<Option<usize>>,
    /// For each place how many quotes stand before it.
    quotes: Vec<usize>,
}

impl Ends {
    fn new(text: &[Letter]) -> Self {
        let mut next = None;
        let mut close: Vec<Option<usize>> = text
            .iter()
            .enumerate()
            .rev()
            .map(|(index, letter)| {
                if letter.c == '}' {
                    next = Some(index);
                }
                next
            })
            .collect();
        close.reverse();
        let mut count = 0;
        let mut quotes = vec![0];
        quotes.extend(text.iter().map(|letter| {
            count += usize::from(letter.c == '\'');
            count
        }));
        Self { close, quotes }
    }

    fn quotes(&self, start: usize, end: usize) -> usize {
        let before = |index: usize| self.quotes.get(index).copied().unwrap_or_default();
        before(end).saturating_sub(before(start))
    }
}

/// Reads the reference whose brace stands at `brace` after `hashes` signs; answers where it ends.
fn parameter_token(
    text: &[Letter],
    ends: &Ends,
    brace: usize,
    hashes: usize,
    tokens: &mut Vec<Token>,
) -> Option<usize> {
    let first = brace.checked_sub(hashes)?;
    let close = ends.close.get(brace).copied().flatten()?;
    let pairs = (hashes - 1) / 2;
    for pair in 0..pairs {
        let start = first + pair * 2;
        tokens.push(Token::Escape { end: start + 2, text: "#".to_owned() });
    }
    let start = first + pairs * 2;
    if hashes.is_multiple_of(2) {
        let text = text_of(part(text, start, close + 1)).replace("##", "#");
        tokens.push(Token::Escape { end: close + 1, text });
        return Some(close);
    }
    let is_quote = |index: usize| text.get(index).is_some_and(|letter| letter.c == '\'');
    let name = match ends.quotes(brace + 1, close) {
        0 => part(text, brace + 1, close),
        2 if is_quote(brace + 1) && is_quote(close - 1) => part(text, brace + 2, close - 1),
        _ => return None,
    };
    let name = text_of(name);
    tokens.push(Token::Reference { start, end: close + 1, name });
    Some(close)
}
