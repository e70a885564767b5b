//! From the text of a path to its steps, by Jayway's grammar.

use super::path::{Parameter, Path, Step};
use super::value::Json;
use crate::error::Failure;
use crate::java::text::from_units;

/// How deep filters and functions may hold further paths.
pub(super) const DEPTH_MAX: usize = 32;
/// How many steps a path may have.
const STEPS_MAX: usize = 1000;

impl Path {
    /// Compiles a path; one that begins neither with `$` nor with `@` is taken from the root.
    pub(crate) fn compile(text: &str) -> Result<Self, Failure> {
        compile(text, 0)
            .map_err(|what| format!("the JSON path '{text}' is not valid: {what}").into())
    }
}

pub(super) type Compiled<T> = Result<T, String>;

pub(super) fn compile(text: &str, depth: usize) -> Compiled<Path> {
    if depth > DEPTH_MAX {
        return Err("it is nested too deep".to_owned());
    }
    let mut letters: Vec<char> = text.chars().collect();
    match letters.first() {
        None => return Err("it is empty".to_owned()),
        Some('$' | '@') => {}
        Some(_) => letters = "$.".chars().chain(text.chars()).collect(),
    }
    while letters.len() > 1 && letters.last() == Some(&' ') {
        letters.pop();
    }
    if letters.last() == Some(&'.') {
        return Err("it must not end with '.'".to_owned());
    }
    let from_root = letters.first() == Some(&'$');
    let mut compiler = Compiler { letters: &letters, at: 1, depth, steps: Vec::new() };
    compiler.steps()?;
    Ok(Path { from_root, steps: invert(compiler.steps) })
}

/// A function behind a scan takes all that the scan finds as its parameter.
fn invert(mut steps: Vec<Step>) -> Vec<Step> {
    let is_scan = matches!(steps.first(), Some(Step::Scan));
    let function = match steps.pop() {
        Some(Step::Function { name, .. }) if is_scan => name,
        last => {
            steps.extend(last);
            return steps;
        }
    };
    let parameter = Parameter::Path(Path { from_root: true, steps });
    vec![Step::Function { name: function, parameters: vec![parameter] }]
}

pub(super) struct Compiler<'a> {
    pub(super) letters: &'a [char],
    pub(super) at: usize,
    pub(super) depth: usize,
    pub(super) steps: Vec<Step>,
}

impl Compiler<'_> {
    pub(super) fn peek(&self) -> Option<char> {
        self.letters.get(self.at).copied()
    }

    pub(super) fn text(&self, from: usize, to: usize) -> String {
        self.letters.get(from..to).unwrap_or_default().iter().collect()
    }

    /// The index of the first letter from `from` on that is no space.
    pub(super) fn significant(&self, from: usize) -> Option<usize> {
        (from..self.letters.len()).find(|index| self.letters.get(*index) != Some(&' '))
    }

    fn steps(&mut self) -> Compiled<()> {
        if self.peek().is_some_and(|c| c != '.' && c != '[') {
            return Err("'$' must be followed by '.' or '['".to_owned());
        }
        while let Some(letter) = self.peek() {
            if self.steps.len() >= STEPS_MAX {
                return Err("it has too many steps".to_owned());
            }
            match letter {
                '[' => self.bracket()?,
                '.' => self.dot()?,
                '*' => {
                    self.at += 1;
                    self.steps.push(Step::Wildcard);
                }
                _ => self.property()?,
            }
            // Jayway does not look at a single character behind a step.
            let is_step = !matches!(self.steps.last(), Some(Step::Scan));
            if is_step && self.at + 1 >= self.letters.len() {
                break;
            }
        }
        if matches!(self.steps.last(), Some(Step::Scan)) {
            return Err("'..' must be followed by something".to_owned());
        }
        Ok(())
    }

    fn dot(&mut self) -> Compiled<()> {
        self.at += 1;
        if self.peek() == Some('.') {
            self.at += 1;
            self.steps.push(Step::Scan);
        }
        match self.peek() {
            None => Err("it must not end with '.'".to_owned()),
            Some('.') => Err(format!("'.' at {} is one too many", self.at)),
            Some('[') => self.bracket(),
            Some('*') => {
                self.at += 1;
                self.steps.push(Step::Wildcard);
                Ok(())
            }
            Some(_) => self.property(),
        }
    }

    fn property(&mut self) -> Compiled<()> {
        if self.peek() == Some(' ') {
            return Err("a name must not begin with a space".to_owned());
        }
        let begin = self.at;
        let mut end = begin;
        let mut is_function = false;
        while let Some(&letter) = self.letters.get(end) {
            match letter {
                ' ' => return Err("a name with a space needs brackets: ['a b']".to_owned()),
                '.' | '[' => break,
                '(' => {
                    is_function = true;
                    break;
                }
                _ => end += 1,
            }
        }
        let name = self.text(begin, end);
        if !is_function {
            self.at = end;
            self.steps.push(Step::Keys(vec![name]));
            return Ok(());
        }
        let close = self.closing_parenthesis(end)?;
        let parameters = self.parameters(end + 1, close)?;
        self.at = close + 1;
        self.steps.push(Step::Function { name, parameters });
        Ok(())
    }

    fn closing_parenthesis(&self, open: usize) -> Compiled<usize> {
        let mut depth = 0usize;
        for (index, letter) in self.letters.iter().enumerate().skip(open) {
            match letter {
                '(' => depth += 1,
                ')' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return Ok(index);
            }
        }
        Err("the arguments of a function are not closed".to_owned())
    }

    /// Parameters are JSON or paths, with commas between them.
    fn parameters(&self, from: usize, to: usize) -> Compiled<Vec<Parameter>> {
        let mut parameters = Vec::new();
        let mut begin = from;
        let mut nesting = 0i32;
        let mut quoted = false;
        for index in from..=to {
            let letter =
                if index == to { ',' } else { self.letters.get(index).copied().unwrap_or(',') };
            match letter {
                '"' => quoted = !quoted,
                '(' | '[' | '{' if !quoted => nesting += 1,
                ')' | ']' | '}' if !quoted => nesting -= 1,
                ',' if index == to || nesting == 0 && !quoted => {
                    let text = self.text(begin, index);
                    let text = text.trim();
                    if let Some(first) = text.chars().next() {
                        parameters.push(match first {
                            '$' | '@' => Parameter::Path(compile(text, self.depth + 1)?),
                            _ => Parameter::Json(Json::parse(text)?),
                        });
                    }
                    begin = index + 1;
                }
                _ => {}
            }
        }
        Ok(parameters)
    }

    fn bracket(&mut self) -> Compiled<()> {
        let inside = self.significant(self.at + 1).ok_or("'[' is not closed")?;
        match self.letters.get(inside).copied().unwrap_or_default() {
            quote @ ('\'' | '"') => self.quoted_keys(quote),
            '*' => {
                let close = self.significant(inside + 1);
                if close.and_then(|close| self.letters.get(close)) != Some(&']') {
                    return Err("'[*' must be followed by ']'".to_owned());
                }
                self.at = close.unwrap_or(inside) + 1;
                self.steps.push(Step::Wildcard);
                Ok(())
            }
            '?' => self.filter(inside),
            '0'..='9' | '-' | ':' => self.indices(),
            _ => Err("'[' must be followed by a quote, a number, '*' or '?'".to_owned()),
        }
    }

    fn indices(&mut self) -> Compiled<()> {
        let close = (self.at..self.letters.len())
            .find(|index| self.letters.get(*index) == Some(&']'))
            .ok_or("'[' is not closed")?;
        let text = self.text(self.at + 1, close);
        let text = text.trim();
        let number = |text: &str| -> Compiled<i64> {
            text.parse::<i32>().map(i64::from).map_err(|_| format!("'{text}' is no index"))
        };
        self.at = close + 1;
        if text.contains(':') {
            let mut bounds = text.split(':');
            let mut bound = || match bounds.next() {
                None | Some("") => Ok(None),
                Some(text) => number(text).map(Some),
            };
            let (from, to) = (bound()?, bound()?);
            if from.is_none() && to.is_none() {
                return Err("a slice needs a bound".to_owned());
            }
            self.steps.push(Step::Slice { from, to });
            return Ok(());
        }
        let indices = text.split(',').map(|text| number(text.trim())).collect::<Compiled<_>>()?;
        self.steps.push(Step::Indices(indices));
        Ok(())
    }

    fn quoted_keys(&mut self, quote: char) -> Compiled<()> {
        let mut keys = Vec::new();
        let mut at = self.at + 1;
        let mut expects_key = true;
        loop {
            at = self.significant(at).ok_or("'[' is not closed")?;
            match self.letters.get(at).copied().unwrap_or_default() {
                ']' if !expects_key => break,
                ',' if !expects_key => {
                    expects_key = true;
                    at += 1;
                }
                letter if letter == quote && expects_key => {
                    let end = self.closing_quote(at).ok_or("a quoted name is not closed")?;
                    keys.push(unescape(&self.text(at + 1, end))?);
                    expects_key = false;
                    at = end + 1;
                }
                _ => return Err("names in brackets need quotes and commas".to_owned()),
            }
        }
        self.at = at + 1;
        self.steps.push(Step::Keys(keys));
        Ok(())
    }

    /// Where the quote, or the slash of a pattern, that opens at `open` is closed.
    pub(super) fn closing_quote(&self, open: usize) -> Option<usize> {
        let quote = *self.letters.get(open)?;
        let mut escaped = false;
        for (index, letter) in self.letters.iter().enumerate().skip(open + 1) {
            if escaped {
                escaped = false;
            } else if *letter == '\\' {
                escaped = true;
            } else if *letter == quote {
                return Some(index);
            }
        }
        None
    }

    /// Where the bracket that opens at `open` is closed; quotes are skipped, and patterns where
    /// `with_patterns` is set.
    pub(super) fn closing(&self, open: usize, with_patterns: bool) -> Option<usize> {
        let opening = *self.letters.get(open)?;
        let closing = match opening {
            '(' => ')',
            '[' => ']',
            _ => '}',
        };
        let mut depth = 0usize;
        let mut at = open;
        while let Some(&letter) = self.letters.get(at) {
            match letter {
                '\'' | '"' => at = self.closing_quote(at)?,
                '/' if with_patterns => at = self.closing_quote(at)?,
                _ if letter == opening => depth += 1,
                _ if letter == closing => {
                    depth = depth.checked_sub(1)?;
                    if depth == 0 {
                        return Some(at);
                    }
                }
                _ => {}
            }
            at += 1;
        }
        None
    }
}

/// Reads the escapes of a quoted name.
pub(super) fn unescape(text: &str) -> Compiled<String> {
    let mut units: Vec<u16> = Vec::new();
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        let plain = if letter == '\\' {
            match letters.next() {
                None => '\\',
                Some('r') => '\r',
                Some('f') => '\u{c}',
                Some('t') => '\t',
                Some('n') => '\n',
                Some('b') => '\u{8}',
                Some('u') => {
                    let digits: String = letters.by_ref().take(4).collect();
                    let unit = u16::from_str_radix(&digits, 16);
                    units.push(unit.map_err(|_| format!("'\\u{digits}' is no Unicode escape"))?);
                    continue;
                }
                Some(other) => other,
            }
        } else {
            letter
        };
        units.extend_from_slice(plain.encode_utf16(&mut [0; 2]));
    }
    Ok(from_units(&units))
}
