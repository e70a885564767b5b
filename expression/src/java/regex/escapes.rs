//! Escapes and character classes, the parts of a pattern that name characters.

use super::class::{property, range, shorthand};
use super::translate::{DEPTH_MAX, Translator};
use crate::error::Failure;

/// What an escape in a class stands for.
pub(super) enum ClassItem {
    /// The inside of a class, and whether it is to be negated.
    Set(String, bool),
    Letter(char),
}

impl Translator<'_> {
    /// An escape that may stand inside a class as well; the backslash is behind.
    pub(super) fn class_escape(&mut self) -> Result<ClassItem, Failure> {
        let Some(letter) = self.next() else {
            return Err(self.error("a lone backslash at the end"));
        };
        let lower = letter.to_ascii_lowercase();
        if let Some(set) = shorthand(lower, self.flags.unicode_class)
            && letter.is_ascii_alphabetic()
        {
            return Ok(ClassItem::Set(set.to_owned(), letter.is_ascii_uppercase()));
        }
        let plain = match letter {
            'p' | 'P' => {
                let name = if self.eat('{') {
                    let begin = self.at;
                    while self.peek().is_some_and(|c| c != '}') {
                        self.at += 1;
                    }
                    let name: String = self.letters.iter().take(self.at).skip(begin).collect();
                    if !self.eat('}') {
                        return Err(self.error("a character class is not closed"));
                    }
                    name
                } else {
                    self.next().map(String::from).unwrap_or_default()
                };
                let set = property(&name, self.flags.unicode_class, self.flags.ignore_case)?;
                return Ok(ClassItem::Set(set, letter == 'P'));
            }
            't' => '\t',
            'n' => '\n',
            'r' => '\r',
            'f' => '\u{c}',
            'a' => '\u{7}',
            'e' => '\u{1b}',
            '0' => self.octal()?,
            'x' => self.hexadecimal()?,
            'u' => self.unicode()?,
            'c' => match self.next() {
                Some(control) => char::from_u32(u32::from(control) ^ 64).unwrap_or(control),
                None => return Err(self.error("an illegal control escape")),
            },
            c if c.is_ascii_alphanumeric() => return Err(self.error("an unknown escape")),
            c => c,
        };
        Ok(ClassItem::Letter(plain))
    }

    fn octal(&mut self) -> Result<char, Failure> {
        let mut value = 0;
        let mut digits = 0;
        while digits < 3
            && let Some(digit) = self.peek().and_then(|c| c.to_digit(8))
            && value * 8 + digit <= 0o377
        {
            value = value * 8 + digit;
            digits += 1;
            self.at += 1;
        }
        match char::from_u32(value) {
            Some(letter) if digits > 0 => Ok(letter),
            _ => Err(self.error("an illegal octal escape")),
        }
    }

    fn hexadecimal(&mut self) -> Result<char, Failure> {
        let value = if self.eat('{') {
            let mut value: u32 = 0;
            while let Some(digit) = self.peek().and_then(|c| c.to_digit(16)) {
                value = value.saturating_mul(16).saturating_add(digit);
                self.at += 1;
            }
            if self.eat('}') { Some(value) } else { None }
        } else {
            self.digits(2)
        };
        value.and_then(char::from_u32).ok_or_else(|| self.error("an illegal hexadecimal escape"))
    }

    fn unicode(&mut self) -> Result<char, Failure> {
        let illegal = |this: &Self| this.error("an illegal Unicode escape");
        let unit = self.digits(4).ok_or_else(|| illegal(self))?;
        if (0xd800..0xdc00).contains(&unit) && self.eat_text("\\u") {
            let low = self.digits(4).ok_or_else(|| illegal(self))?;
            let units = [unit as u16, low as u16];
            return match char::decode_utf16(units).next() {
                Some(Ok(letter)) => Ok(letter),
                _ => Err(illegal(self)),
            };
        }
        char::from_u32(unit).ok_or_else(|| illegal(self))
    }

    fn digits(&mut self, count: usize) -> Option<u32> {
        let mut value = 0;
        for _ in 0..count {
            value = value * 16 + self.next()?.to_digit(16)?;
        }
        Some(value)
    }

    /// Writes a class; the opening bracket is behind.
    pub(super) fn class(&mut self) -> Result<(), Failure> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(self.error("character classes are nested too deep"));
        }
        self.out.push('[');
        if self.eat('^') {
            self.out.push('^');
        }
        let mut is_empty = true;
        loop {
            if self.flags.comments {
                self.skip_comments();
            }
            let Some(letter) = self.next() else {
                return Err(self.error("a character class is not closed"));
            };
            match letter {
                ']' if !is_empty => break,
                '[' => self.class()?,
                '&' if self.peek() == Some('&') => {
                    while self.eat('&') {}
                    if is_empty || self.peek() == Some(']') {
                        // Java takes an intersection with nothing for the other side alone.
                        continue;
                    }
                    self.out.push_str("&&");
                    continue;
                }
                '\\' if self.peek() == Some('Q') => {
                    self.at += 1;
                    while !self.eat_text("\\E") {
                        let Some(quoted) = self.next() else { break };
                        range(quoted, quoted, self.flags.ignore_case, &mut self.out);
                    }
                }
                _ => self.class_member(letter)?,
            }
            is_empty = false;
        }
        self.out.push(']');
        self.depth -= 1;
        Ok(())
    }

    fn class_member(&mut self, letter: char) -> Result<(), Failure> {
        let item = if letter == '\\' { self.class_escape()? } else { ClassItem::Letter(letter) };
        let from = match item {
            ClassItem::Set(set, negated) => {
                self.out.push_str(if negated { "[^" } else { "[" });
                self.out.push_str(&set);
                self.out.push(']');
                return Ok(());
            }
            ClassItem::Letter(from) => from,
        };
        let is_range =
            self.peek() == Some('-') && !matches!(self.peek_at(1), None | Some(']' | '['));
        let to = if is_range {
            self.at += 1;
            match self.next() {
                Some('\\') => match self.class_escape()? {
                    ClassItem::Letter(to) => to,
                    ClassItem::Set(..) => return Err(self.error("an illegal character range")),
                },
                Some(to) => to,
                None => return Err(self.error("a character class is not closed")),
            }
        } else {
            from
        };
        if to < from {
            return Err(self.error("an illegal character range"));
        }
        range(from, to, self.flags.ignore_case, &mut self.out);
        if self.flags.ignore_case && self.flags.unicode_case && !(from.is_ascii() && to.is_ascii())
        {
            let folded = |c: char| c.to_lowercase().chain(c.to_uppercase());
            for c in folded(from).chain(folded(to)) {
                range(c, c, false, &mut self.out);
            }
        }
        Ok(())
    }
}
