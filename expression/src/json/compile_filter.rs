//! From the text of a filter to its condition, by Jayway's grammar.

use super::compile::{Compiled, Compiler, DEPTH_MAX, compile, unescape};
use super::filter::{Filter, Operand, Operator};
use super::path::{Constant, Path, Step};
use super::value::Json;
use crate::java::regex::Regex;

impl Compiler<'_> {
    pub(super) fn filter(&mut self, question: usize) -> Compiled<()> {
        let open = self
            .significant(question + 1)
            .filter(|open| self.letters.get(*open) == Some(&'('))
            .ok_or("a filter begins with '[?('")?;
        let close = self.closing(open, true).ok_or("a filter is not closed")?;
        let end = self
            .significant(close + 1)
            .filter(|end| self.letters.get(*end) == Some(&']'))
            .ok_or("a filter ends with ')]'")?;
        let mut inner = Compiler {
            letters: self.letters.get(..close).unwrap_or_default(),
            at: open + 1,
            depth: self.depth + 1,
            steps: Vec::new(),
        };
        let filter = inner.or()?;
        inner.skip_spaces();
        if inner.at < close {
            return Err(format!("a filter goes on unexpectedly at {}", inner.at));
        }
        self.at = end + 1;
        self.steps.push(Step::Filter(filter));
        Ok(())
    }

    fn skip_spaces(&mut self) {
        while self.peek() == Some(' ') {
            self.at += 1;
        }
    }

    fn eat(&mut self, text: &str) -> bool {
        self.skip_spaces();
        let found = text
            .chars()
            .enumerate()
            .all(|(index, c)| self.letters.get(self.at + index) == Some(&c));
        if found {
            self.at += text.len();
        }
        found
    }

    fn or(&mut self) -> Compiled<Filter> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err("its filters are nested too deep".to_owned());
        }
        let mut filters = vec![self.and()?];
        while self.eat("||") {
            filters.push(self.and()?);
        }
        self.depth -= 1;
        Ok(Filter::Or(filters))
    }

    fn and(&mut self) -> Compiled<Filter> {
        let mut filters = vec![self.condition()?];
        while self.eat("&&") {
            filters.push(self.condition()?);
        }
        Ok(Filter::And(filters))
    }

    fn condition(&mut self) -> Compiled<Filter> {
        self.skip_spaces();
        if self.peek() == Some('!') {
            let behind = self.significant(self.at + 1).and_then(|index| self.letters.get(index));
            if !matches!(behind, Some('$' | '@')) {
                self.at += 1;
                self.depth += 1;
                if self.depth > DEPTH_MAX {
                    return Err("its filters are nested too deep".to_owned());
                }
                let filter = self.condition()?;
                self.depth -= 1;
                return Ok(Filter::Not(Box::new(filter)));
            }
        }
        if self.eat("(") {
            let filter = self.or()?;
            return if self.eat(")") {
                Ok(filter)
            } else {
                Err("')' is missing in a filter".to_owned())
            };
        }
        self.comparison()
    }

    fn comparison(&mut self) -> Compiled<Filter> {
        self.skip_spaces();
        let expected = !self.eat("!");
        self.skip_spaces();
        let left = self.operand()?;
        let behind = self.at;
        if let Some(operator) = self.operator() {
            let right = self.operand()?;
            return Ok(Filter::Compare { left, operator, right });
        }
        self.at = behind;
        match left {
            Operand::Path(path) => Ok(Filter::Exists { path, expected }),
            Operand::Constant(_) => Err("a filter needs a path or a comparison".to_owned()),
        }
    }

    fn operator(&mut self) -> Option<Operator> {
        self.skip_spaces();
        let begin = self.at;
        let is_sign = |c: char| matches!(c, '<' | '>' | '=' | '~' | '!');
        let starts_with_sign = self.peek().is_some_and(is_sign);
        while self.peek().is_some_and(|c| if starts_with_sign { is_sign(c) } else { c != ' ' }) {
            self.at += 1;
        }
        Operator::parse(&self.text(begin, self.at))
    }

    fn operand(&mut self) -> Compiled<Operand> {
        self.skip_spaces();
        if self.peek() == Some('!') {
            self.at += 1;
            self.skip_spaces();
        }
        let begin = self.at;
        let constant = match self.peek().ok_or("a filter ends too early")? {
            '$' | '@' => return self.path().map(Operand::Path),
            '\'' | '"' => {
                let end = self.closing_quote(begin).ok_or("a text in a filter is not closed")?;
                self.at = end + 1;
                Constant::Json(Json::Text(unescape(&self.text(begin + 1, end))?))
            }
            '{' | '[' => {
                let end = self.closing(begin, false).ok_or("JSON in a filter is not closed")?;
                self.at = end + 1;
                let text = self.text(begin, end + 1);
                Constant::Json(
                    Json::parse(&text).or_else(|_| Json::parse(&text.replace('\'', "\"")))?,
                )
            }
            '/' => self.pattern()?,
            't' | 'f' | 'n' => self.word()?,
            _ => {
                let is_part = |c: char| c.is_ascii_digit() || matches!(c, '-' | '.' | 'e' | 'E');
                while self.peek().is_some_and(is_part) {
                    self.at += 1;
                }
                let text = self.text(begin, self.at);
                if text.parse::<f64>().is_err() {
                    return Err(format!("'{text}' is no number"));
                }
                Constant::Number(text)
            }
        };
        Ok(Operand::Constant(constant))
    }

    fn word(&mut self) -> Compiled<Constant> {
        for (word, value) in
            [("true", Json::Boolean(true)), ("false", Json::Boolean(false)), ("null", Json::Null)]
        {
            if self.eat(word) {
                return Ok(Constant::Json(value));
            }
        }
        Err("an unknown word in a filter".to_owned())
    }

    fn pattern(&mut self) -> Compiled<Constant> {
        let begin = self.at;
        let end = self.closing_quote(begin).ok_or("a pattern in a filter is not closed")?;
        self.at = end + 1;
        let mut flags = String::new();
        while let Some(flag @ ('d' | 'i' | 'x' | 'm' | 's' | 'u' | 'U')) = self.peek() {
            flags.push(flag);
            self.at += 1;
        }
        let pattern = self.text(begin + 1, end);
        let pattern = if flags.is_empty() { pattern } else { format!("(?{flags}){pattern}") };
        Regex::matches(&pattern).map(Constant::Pattern).map_err(|failure| failure.message)
    }

    fn path(&mut self) -> Compiled<Path> {
        let begin = self.at;
        self.at += 1;
        while let Some(letter) = self.peek() {
            let mut letter = letter;
            if letter == '[' {
                let close =
                    self.closing(self.at, false).ok_or("a bracket in a filter is not closed")?;
                self.at = close + 1;
                match self.peek() {
                    Some(next) => letter = next,
                    None => break,
                }
            }
            let closes_filter = letter == ')' && !self.closes_function(begin);
            if matches!(letter, '<' | '>' | '=' | '~' | '!' | ' ') || closes_filter {
                break;
            }
            if letter != '[' {
                self.at += 1;
            }
        }
        compile(&self.text(begin, self.at), self.depth + 1)
    }

    /// Whether the parenthesis here closes the empty arguments of a function.
    fn closes_function(&self, begin: usize) -> bool {
        let before = (begin..self.at).rev().find(|index| self.letters.get(*index) != Some(&' '));
        let Some(open) = before.filter(|index| self.letters.get(*index) == Some(&'(')) else {
            return false;
        };
        (begin + 1..open).any(|index| self.letters.get(index) == Some(&'.'))
    }
}
