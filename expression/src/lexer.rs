//! The words of an expression: names, numbers, quoted texts and punctuation, each with its place in
//! the source. Never looks at what a name means; that is the parser's.

use crate::error::ParseError;

/// A character of the source text and where it stands there, in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Letter {
    pub(crate) c: char,
    pub(crate) at: usize,
}

/// The characters of a text with their places.
pub(crate) fn letters(text: &str) -> Vec<Letter> {
    text.chars().enumerate().map(|(at, c)| Letter { c, at }).collect()
}

/// The characters without their places.
pub(crate) fn text_of(letters: &[Letter]) -> String {
    letters.iter().map(|letter| letter.c).collect()
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum TokenKind {
    /// A name without quotes: an attribute, a function or a word such as `true`.
    Name(String),
    /// A quoted text; `\n`, `\t`, `\r` and escaped quotes are read, other backslashes are kept.
    Quoted(Vec<Letter>),
    Whole(String),
    Decimal(String),
    /// `#{`
    Parameter,
    Mark(char),
    End,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Token {
    pub(crate) kind: TokenKind,
    /// Where it begins in the source text.
    pub(crate) at: usize,
}

impl Token {
    /// What was read, for messages.
    pub(crate) fn describe(&self) -> String {
        match &self.kind {
            TokenKind::Name(name) => format!("'{name}'"),
            TokenKind::Quoted(text) => format!("the text '{}'", text_of(text)),
            TokenKind::Whole(number) | TokenKind::Decimal(number) => {
                format!("the number {number}")
            }
            TokenKind::Parameter => "'#{'".to_owned(),
            TokenKind::Mark(mark) => format!("'{mark}'"),
            TokenKind::End => "the end of the expression".to_owned(),
        }
    }
}

/// Cuts one expression into its words.
pub(crate) fn tokenize(source: &[Letter]) -> Result<Vec<Token>, ParseError> {
    let mut lexer = Lexer { source, index: 0 };
    let mut tokens = Vec::new();
    loop {
        lexer.skip_hidden();
        let Some(letter) = lexer.letter(0) else { break };
        let kind = lexer.token(letter)?;
        tokens.push(Token { kind, at: letter.at });
    }
    let end = source.last().map_or(0, |letter| letter.at + 1);
    tokens.push(Token { kind: TokenKind::End, at: end });
    Ok(tokens)
}

struct Lexer<'a> {
    source: &'a [Letter],
    index: usize,
}

impl Lexer<'_> {
    fn letter(&self, ahead: usize) -> Option<Letter> {
        self.source.get(self.index + ahead).copied()
    }

    fn char(&self, ahead: usize) -> Option<char> {
        self.letter(ahead).map(|letter| letter.c)
    }

    /// Skips white space and comments (`#` to the end of the line, which must be there).
    fn skip_hidden(&mut self) {
        loop {
            match self.char(0) {
                Some(' ' | '\t' | '\n' | '\r') => self.index += 1,
                Some('#') if self.char(1).is_some_and(|c| c != '{') => {
                    let length = (1..).map_while(|ahead| self.char(ahead)).position(|c| c == '\n');
                    match length {
                        Some(length) if length > 0 => self.index += length + 2,
                        _ => break,
                    }
                }
                _ => break,
            }
        }
    }

    fn token(&mut self, letter: Letter) -> Result<TokenKind, ParseError> {
        match letter.c {
            '\'' | '"' => {
                if let Some(text) = self.quoted(letter.c) {
                    return Ok(TokenKind::Quoted(text));
                }
                if letter.c == '\'' {
                    return Err(ParseError::new(letter.at, "a quoted text is not closed")
                        .with_help("a line break or tab in it is written \\n or \\t"));
                }
            }
            '#' if self.char(1) == Some('{') => {
                self.index += 2;
                return Ok(TokenKind::Parameter);
            }
            '$' | '(' | ')' | '{' | '}' | ':' | ',' | ';' => {
                self.index += 1;
                return Ok(TokenKind::Mark(letter.c));
            }
            _ => {}
        }
        let name = self.name_length();
        let (number, is_decimal) = self.number_length();
        if number > 0 && number >= name {
            let text = text_of(self.source.get(self.index..self.index + number).unwrap_or(&[]));
            self.index += number;
            return Ok(if is_decimal { TokenKind::Decimal(text) } else { TokenKind::Whole(text) });
        }
        if name == 0 {
            return Err(ParseError::new(letter.at, format!("unexpected character '{}'", letter.c))
                .with_help(
                    "put an attribute name with special characters into quotes: ${'my name'}",
                ));
        }
        if name == 1 && letter.c == '.' {
            self.index += 1;
            return Ok(TokenKind::Mark('.'));
        }
        let text = text_of(self.source.get(self.index..self.index + name).unwrap_or(&[]));
        self.index += name;
        Ok(TokenKind::Name(text))
    }

    fn name_length(&self) -> usize {
        let forbidden = |c: char| "${}()[],:;/*' \t\r\n".contains(c);
        if self.char(0).is_none_or(|c| c.is_ascii_digit()) {
            return 0;
        }
        (0..).map_while(|ahead| self.char(ahead)).take_while(|c| !forbidden(*c)).count()
    }

    /// How long the number here is, and whether it is a decimal.
    fn number_length(&self) -> (usize, bool) {
        let digits = |from: usize| {
            (from..).map_while(|at| self.char(at)).take_while(char::is_ascii_digit).count()
        };
        let sign = usize::from(matches!(self.char(0), Some('+' | '-')));
        let whole = digits(sign);
        let mut end = sign + whole;
        let mut is_decimal = false;
        if self.char(end) == Some('.') {
            let fraction = digits(end + 1);
            if whole > 0 || fraction > 0 {
                end += 1 + fraction;
                is_decimal = true;
            }
        }
        if whole == 0 && !is_decimal {
            return (0, false);
        }
        if matches!(self.char(end), Some('e' | 'E')) {
            let sign = usize::from(matches!(self.char(end + 1), Some('+' | '-')));
            let exponent = digits(end + 1 + sign);
            if exponent > 0 {
                return (end + 1 + sign + exponent, true);
            }
        }
        (end, is_decimal)
    }

    fn quoted(&mut self, quote: char) -> Option<Vec<Letter>> {
        let mut text = Vec::new();
        let mut ahead = 1;
        loop {
            let letter = self.letter(ahead)?;
            ahead += 1;
            match letter.c {
                '\\' => {
                    let escaped = self.letter(ahead)?;
                    ahead += 1;
                    let plain = |c| Letter { c, at: letter.at };
                    match escaped.c {
                        '"' | '\'' => text.push(plain(escaped.c)),
                        'r' => text.push(plain('\r')),
                        'n' => text.push(plain('\n')),
                        't' => text.push(plain('\t')),
                        _ => text.extend([letter, escaped]),
                    }
                }
                c if c == quote => break,
                '\n' | '\r' | '\t' => return None,
                _ => text.push(letter),
            }
        }
        self.index += ahead;
        Some(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<TokenKind> {
        tokenize(&letters(text)).unwrap().into_iter().map(|token| token.kind).collect()
    }

    #[test]
    fn numbers_and_names_are_as_long_as_can_be() {
        use TokenKind::{Decimal, End, Name, Whole};
        let text = str::to_owned;
        assert_eq!(kinds("-5"), [Whole(text("-5")), End]);
        assert_eq!(kinds("-5a"), [Name(text("-5a")), End]);
        assert_eq!(
            kinds("1e-5 5. .5"),
            [Decimal(text("1e-5")), Decimal(text("5.")), Decimal(text(".5")), End]
        );
        assert_eq!(kinds("a.b-c_d"), [Name(text("a.b-c_d")), End]);
    }

    #[test]
    fn quoted_texts_read_their_escapes() {
        let token = tokenize(&letters(r"'it\'s \d \\ \n'")).unwrap().swap_remove(0);
        let TokenKind::Quoted(text) = token.kind else { panic!("not a text") };
        assert_eq!(text_of(&text), "it's \\d \\\\ \n");
    }

    #[test]
    fn positions_count_characters() {
        let tokens = tokenize(&letters("é :漢")).unwrap();
        assert_eq!(tokens.iter().map(|token| token.at).collect::<Vec<_>>(), [0, 2, 3, 4]);
    }
}
