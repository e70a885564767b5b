//! From Java's syntax of regular expressions to that of `fancy-regex`. Java's shorthand classes,
//! word boundaries and case folding are ASCII unless told otherwise, its dot and anchors know five
//! line terminators, its braces are never literal: all of that is written out here.

use super::class::{escape, range};
use super::escapes::ClassItem;
use super::flags::Flags;
use crate::error::Failure;
use crate::java::text::push;

/// How deep groups and classes may be nested.
pub(super) const DEPTH_MAX: usize = 100;
/// How long a translated pattern may become, in bytes.
const LENGTH_MAX: usize = 1 << 20;

const WORD: &str = "[a-zA-Z_0-9]";
const TERMINATORS: &str = "\\n\\r\\x{85}\\x{2028}\\x{2029}";

/// The translation of a Java pattern.
pub(super) fn translate(pattern: &str) -> Result<String, Failure> {
    let letters: Vec<char> = pattern.chars().collect();
    let mut translator = Translator {
        pattern,
        letters: &letters,
        at: 0,
        flags: Flags::default(),
        out: String::with_capacity(pattern.len() * 2),
        groups: 0,
        names: Vec::new(),
        depth: 0,
        lookbehind: 0,
    };
    translator.alternatives()?;
    if translator.at < letters.len() {
        return Err(translator.error("unmatched ')'"));
    }
    Ok(translator.out)
}

pub(super) struct Translator<'a> {
    pattern: &'a str,
    pub(super) letters: &'a [char],
    pub(super) at: usize,
    pub(super) flags: Flags,
    pub(super) out: String,
    groups: usize,
    names: Vec<String>,
    pub(super) depth: usize,
    lookbehind: usize,
}

impl Translator<'_> {
    pub(super) fn error(&self, what: &str) -> Failure {
        format!(
            "the regular expression '{}' is not valid: {what} near character {}",
            self.pattern, self.at
        )
        .into()
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.letters.get(self.at).copied()
    }

    pub(super) fn peek_at(&self, ahead: usize) -> Option<char> {
        self.letters.get(self.at + ahead).copied()
    }

    pub(super) fn next(&mut self) -> Option<char> {
        let letter = self.peek()?;
        self.at += 1;
        Some(letter)
    }

    pub(super) fn eat(&mut self, letter: char) -> bool {
        let found = self.peek() == Some(letter);
        self.at += usize::from(found);
        found
    }

    pub(super) fn eat_text(&mut self, text: &str) -> bool {
        let found = text.chars().enumerate().all(|(index, c)| self.peek_at(index) == Some(c));
        if found {
            self.at += text.chars().count();
        }
        found
    }

    fn alternatives(&mut self) -> Result<(), Failure> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(self.error("groups are nested too deep"));
        }
        let outer = self.flags;
        loop {
            self.skip_comments();
            match self.peek() {
                None | Some(')') => break,
                Some('|') => {
                    self.at += 1;
                    self.out.push('|');
                }
                Some(_) => self.quantified()?,
            }
            if self.out.len() > LENGTH_MAX {
                return Err(self.error("it is too long"));
            }
        }
        self.flags = outer;
        self.depth -= 1;
        Ok(())
    }

    pub(super) fn skip_comments(&mut self) {
        while self.flags.comments {
            match self.peek() {
                Some(' ' | '\t'..='\r') => self.at += 1,
                Some('#') => {
                    while self.peek().is_some_and(|c| !matches!(c, '\n' | '\r' | '\u{85}')) {
                        self.at += 1;
                    }
                }
                _ => break,
            }
        }
    }

    fn quantified(&mut self) -> Result<(), Failure> {
        let begin = self.out.len();
        let is_group = self.peek() == Some('(');
        let is_atom = self.atom()?;
        self.skip_comments();
        self.repeat(begin, is_atom, is_group)
    }

    /// Applies the quantifier that follows, if any, to what was written from `begin` on.
    fn repeat(&mut self, begin: usize, is_atom: bool, is_group: bool) -> Result<(), Failure> {
        let Some(quantifier) = self.quantifier()? else { return Ok(()) };
        if !is_atom {
            return Err(self.error("a quantifier has nothing to repeat"));
        }
        let is_unbounded = quantifier.ends_with(",}") || matches!(quantifier.as_str(), "*" | "+");
        // Java knows the length of a repeated character, whatever it is, but not of a group.
        if self.lookbehind > 0 && is_unbounded && is_group {
            return Err(self.error("a look-behind has no greatest length"));
        }
        let atom = self.out.split_off(begin);
        let is_possessive = self.eat('+');
        let is_lazy = !is_possessive && self.eat('?');
        self.out.push_str(if is_possessive { "(?>(?:" } else { "(?:" });
        self.out.push_str(&atom);
        self.out.push(')');
        self.out.push_str(&quantifier);
        if is_lazy {
            self.out.push('?');
        }
        if is_possessive {
            self.out.push(')');
        }
        if matches!(self.peek(), Some('*' | '+' | '?')) {
            return Err(self.error("a quantifier has nothing to repeat"));
        }
        Ok(())
    }

    fn quantifier(&mut self) -> Result<Option<String>, Failure> {
        match self.peek() {
            Some(sign @ ('*' | '+' | '?')) => {
                self.at += 1;
                Ok(Some(sign.to_string()))
            }
            Some('{') => {
                self.at += 1;
                let least = self.count()?.ok_or_else(|| self.error("illegal repetition"))?;
                let mut text = format!("{{{least}");
                if self.eat(',') {
                    text.push(',');
                    if let Some(greatest) = self.count()? {
                        if greatest < least {
                            return Err(self.error("illegal range of repetitions"));
                        }
                        text.push_str(&greatest.to_string());
                    }
                }
                if !self.eat('}') {
                    return Err(self.error("a repetition is not closed"));
                }
                text.push('}');
                Ok(Some(text))
            }
            _ => Ok(None),
        }
    }

    fn count(&mut self) -> Result<Option<u32>, Failure> {
        let begin = self.at;
        while self.peek().is_some_and(|c| c.is_ascii_digit()) {
            self.at += 1;
        }
        let digits: String = self.letters.iter().take(self.at).skip(begin).collect();
        if digits.is_empty() {
            return Ok(None);
        }
        match digits.parse::<i32>() {
            Ok(count) => Ok(Some(count.unsigned_abs())),
            Err(_) => Err(self.error("illegal range of repetitions")),
        }
    }

    /// Writes one atom; `false` for what cannot be repeated.
    fn atom(&mut self) -> Result<bool, Failure> {
        let Some(letter) = self.next() else { return Ok(false) };
        match letter {
            '*' | '+' | '?' => {
                self.at -= 1;
                Err(self.error("a quantifier has nothing to repeat"))
            }
            '{' => {
                self.at -= 1;
                self.out.push_str("(?:)");
                Ok(true)
            }
            '(' => self.group(),
            '[' => {
                self.class()?;
                Ok(true)
            }
            '.' => {
                self.dot();
                Ok(true)
            }
            '^' => {
                self.out.push_str(match (self.flags.multiline, self.flags.unix_lines) {
                    (false, _) => "\\A",
                    (true, true) => "(?:(?!\\z)(?:\\A|(?<=\\n)))",
                    (true, false) => {
                        "(?:(?!\\z)(?:\\A|(?<=[\\n\\x{85}\\x{2028}\\x{2029}])|(?<=\\r)(?!\\n)))"
                    }
                });
                Ok(true)
            }
            '$' => {
                self.dollar(self.flags.multiline);
                Ok(true)
            }
            '\\' => self.escape_outside(),
            _ => {
                self.literal(letter);
                Ok(true)
            }
        }
    }

    fn dot(&mut self) {
        if self.flags.dot_all {
            self.out.push_str("[\\x00-\\x{10ffff}]");
        } else if self.flags.unix_lines {
            self.out.push_str("[^\\n]");
        } else {
            self.out.push_str("[^");
            self.out.push_str(TERMINATORS);
            self.out.push(']');
        }
    }

    fn dollar(&mut self, multiline: bool) {
        self.out.push_str(match (multiline, self.flags.unix_lines) {
            (true, true) => "(?:(?=\\n)|\\z)",
            (false, true) => "(?:(?=\\n\\z)|\\z)",
            (true, false) => "(?:(?=[\\r\\x{85}\\x{2028}\\x{2029}])|(?<!\\r)(?=\\n)|\\z)",
            (false, false) => {
                "(?:(?=(?:\\r\\n|[\\r\\x{85}\\x{2028}\\x{2029}])\\z)|(?<!\\r)(?=\\n\\z)|\\z)"
            }
        });
    }

    fn literal(&mut self, letter: char) {
        if !self.flags.ignore_case {
            escape(letter, &mut self.out);
        } else if letter.is_ascii_alphabetic() {
            self.out.push('[');
            range(letter, letter, true, &mut self.out);
            if self.flags.unicode_case && matches!(letter, 'k' | 'K' | 's' | 'S') {
                self.out.push(if letter.eq_ignore_ascii_case(&'k') {
                    '\u{212a}'
                } else {
                    '\u{17f}'
                });
            }
            self.out.push(']');
        } else if self.flags.unicode_case {
            self.out.push_str("(?i:");
            escape(letter, &mut self.out);
            self.out.push(')');
        } else {
            escape(letter, &mut self.out);
        }
    }

    fn group(&mut self) -> Result<bool, Failure> {
        let mut is_lookbehind = false;
        let outer = self.flags;
        if self.eat('?') {
            if self.eat(':') {
                self.out.push_str("(?:");
            } else if self.eat('>') {
                self.out.push_str("(?>");
            } else if self.eat('=') {
                self.out.push_str("(?=");
            } else if self.eat('!') {
                self.out.push_str("(?!");
            } else if self.eat_text("<=") {
                self.out.push_str("(?<=");
                is_lookbehind = true;
            } else if self.eat_text("<!") {
                self.out.push_str("(?<!");
                is_lookbehind = true;
            } else if self.eat('<') {
                self.named_group()?;
            } else if self.read_flags()? {
                // The flags hold until the end of the group around them.
                return Ok(false);
            } else {
                self.out.push_str("(?:");
            }
        } else {
            self.groups += 1;
            self.out.push('(');
        }
        self.lookbehind += usize::from(is_lookbehind);
        self.alternatives()?;
        self.lookbehind -= usize::from(is_lookbehind);
        self.flags = outer;
        if !self.eat(')') {
            return Err(self.error("a group is not closed"));
        }
        self.out.push(')');
        Ok(true)
    }

    fn named_group(&mut self) -> Result<(), Failure> {
        let name = self.group_name()?;
        if self.names.contains(&name) {
            return Err(self.error("two groups have the same name"));
        }
        push(&mut self.out, format_args!("(?<{name}>"));
        self.names.push(name);
        self.groups += 1;
        Ok(())
    }

    fn group_name(&mut self) -> Result<String, Failure> {
        let mut name = String::new();
        while let Some(letter) = self.next() {
            match letter {
                '>' if !name.is_empty() => return Ok(name),
                c if c.is_ascii_alphabetic() || c.is_ascii_digit() && !name.is_empty() => {
                    name.push(c);
                }
                _ => break,
            }
        }
        Err(self.error("a group has no name that is letters and digits"))
    }

    /// Reads `i-s)` or `i-s:`; `true` where a parenthesis ends it.
    fn read_flags(&mut self) -> Result<bool, Failure> {
        let mut on = true;
        loop {
            match self.next() {
                Some('-') if on => on = false,
                Some(')') => return Ok(true),
                Some(':') => return Ok(false),
                Some(letter) if self.flags.set(letter, on) => {}
                _ => return Err(self.error("unknown group or flag")),
            }
        }
    }

    fn escape_outside(&mut self) -> Result<bool, Failure> {
        let Some(letter) = self.peek() else {
            return Err(self.error("a lone backslash at the end"));
        };
        match letter {
            'Q' => {
                self.at += 1;
                return self.quoted();
            }
            'b' | 'B' => {
                self.at += 1;
                self.boundary(letter == 'b');
            }
            'A' | 'z' | 'G' => {
                self.at += 1;
                self.out.push('\\');
                self.out.push(letter);
            }
            'Z' => {
                self.at += 1;
                self.dollar(false);
            }
            'R' => {
                self.at += 1;
                self.out.push_str("(?:\\r\\n|[\\n\\x0B\\f\\r\\x{85}\\x{2028}\\x{2029}])");
            }
            'X' => {
                self.at += 1;
                self.out.push_str("(?:\\r\\n|[\\x00-\\x{10ffff}][\\p{M}\\x{200d}]*)");
            }
            'k' => {
                self.at += 1;
                if !self.eat('<') {
                    return Err(self.error("'\\k' needs a name"));
                }
                let name = self.group_name()?;
                if !self.names.contains(&name) {
                    return Err(self.error("a reference to a group that is not there"));
                }
                push(&mut self.out, format_args!("(?:\\k<{name}>)"));
            }
            '1'..='9' => self.back_reference(),
            _ => match self.class_escape()? {
                ClassItem::Set(set, negated) => {
                    self.out.push_str(if negated { "[^" } else { "[" });
                    self.out.push_str(&set);
                    self.out.push(']');
                }
                ClassItem::Letter(letter) => self.literal(letter),
            },
        }
        Ok(true)
    }

    fn quoted(&mut self) -> Result<bool, Failure> {
        while !self.eat_text("\\E") {
            let Some(letter) = self.next() else { break };
            let begin = self.out.len();
            self.literal(letter);
            if self.eat_text("\\E") {
                // A quantifier repeats the last quoted character only.
                self.repeat(begin, true, false)?;
                break;
            }
        }
        Ok(false)
    }

    fn boundary(&mut self, at_boundary: bool) {
        let word = if self.flags.unicode_class {
            "[\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\x{200c}\\x{200d}]"
        } else {
            WORD
        };
        if at_boundary {
            push(&mut self.out, format_args!("(?:(?<={word})(?!{word})|(?<!{word})(?={word}))"));
        } else {
            push(&mut self.out, format_args!("(?:(?<={word})(?={word})|(?<!{word})(?!{word}))"));
        }
    }

    fn back_reference(&mut self) {
        let mut group = self.next().and_then(|c| c.to_digit(10)).unwrap_or(0) as usize;
        while let Some(digit) = self.peek().and_then(|c| c.to_digit(10)) {
            let longer = group * 10 + digit as usize;
            if longer > self.groups {
                break;
            }
            group = longer;
            self.at += 1;
        }
        if group > self.groups {
            // Java lets a reference to a later or missing group fail to match.
            self.out.push_str("(?!)");
        } else if self.flags.ignore_case {
            push(&mut self.out, format_args!("(?i:\\{group})"));
        } else {
            push(&mut self.out, format_args!("(?:\\{group})"));
        }
    }
}
