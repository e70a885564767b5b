//! Reading JSON as Jackson reads it: strictly, but without looking at what follows the value.

use std::collections::HashMap;

use super::value::Json;
use crate::java::text::from_units;

/// How deep arrays and objects may be nested (Jackson's limit).
const DEPTH_MAX: usize = 1000;
/// How many characters a number may have (Jackson's limit).
const NUMBER_MAX: usize = 1000;

impl Json {
    /// Reads the value at the beginning of `text`; text behind it does not matter.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        Ok(Self::parse_prefix(text)?.0)
    }

    /// As [`Json::parse`], with the place where the value ends, in bytes.
    pub(super) fn parse_prefix(text: &str) -> Result<(Self, usize), String> {
        let mut reader = Reader { bytes: text.as_bytes(), text, at: 0, depth: 0 };
        let value = reader.value()?;
        if reader.depth > 0 {
            return Err(reader.error("it ends too early"));
        }
        Ok((value, reader.at))
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    text: &'a str,
    at: usize,
    depth: usize,
}

impl Reader<'_> {
    fn error(&self, what: &str) -> String {
        format!("{what} near byte {}", self.at)
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn value(&mut self) -> Result<Json, String> {
        self.skip_space();
        match self.peek() {
            Some(b'{') => self.object(),
            Some(b'[') => self.array(),
            Some(b'"') => self.string().map(Json::Text),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word("true", Json::Boolean(true)),
            Some(b'f') => self.word("false", Json::Boolean(false)),
            Some(b'n') => self.word("null", Json::Null),
            Some(_) => Err(self.error("there is no value")),
            None => Err(self.error("it ends too early")),
        }
    }

    fn word(&mut self, word: &str, value: Json) -> Result<Json, String> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let behind = rest.strip_prefix(word).ok_or_else(|| self.error("an unknown word"))?;
        if behind.starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '$') {
            return Err(self.error("an unknown word"));
        }
        self.at += word.len();
        Ok(value)
    }

    fn enter(&mut self) -> Result<(), String> {
        self.at += 1;
        self.depth += 1;
        if self.depth > DEPTH_MAX { Err(self.error("it is nested too deep")) } else { Ok(()) }
    }

    fn array(&mut self) -> Result<Json, String> {
        self.enter()?;
        let mut items = Vec::new();
        self.skip_space();
        if !self.eat(b']') {
            loop {
                items.push(self.value()?);
                self.skip_space();
                if self.eat(b']') {
                    break;
                }
                if !self.eat(b',') {
                    return Err(self.error("an array needs ',' or ']'"));
                }
            }
        }
        self.depth -= 1;
        Ok(Json::Array(items))
    }

    fn object(&mut self) -> Result<Json, String> {
        self.enter()?;
        let mut entries: Vec<(String, Json)> = Vec::new();
        let mut places: HashMap<String, usize> = HashMap::new();
        self.skip_space();
        if !self.eat(b'}') {
            loop {
                self.skip_space();
                if self.peek() != Some(b'"') {
                    return Err(self.error("an object needs a key in double quotes"));
                }
                let key = self.string()?;
                self.skip_space();
                if !self.eat(b':') {
                    return Err(self.error("a key needs ':'"));
                }
                let value = self.value()?;
                // Of equal keys the last value counts, in the place of the first.
                let place = *places.entry(key.clone()).or_insert(entries.len());
                match entries.get_mut(place) {
                    Some((_, old)) => *old = value,
                    None => entries.push((key, value)),
                }
                self.skip_space();
                if self.eat(b'}') {
                    break;
                }
                if !self.eat(b',') {
                    return Err(self.error("an object needs ',' or '}'"));
                }
            }
        }
        self.depth -= 1;
        Ok(Json::Object(entries))
    }

    fn string(&mut self) -> Result<String, String> {
        self.at += 1;
        let mut out = String::new();
        loop {
            let begin = self.at;
            while self.peek().is_some_and(|b| b != b'"' && b != b'\\' && b >= 0x20) {
                self.at += 1;
            }
            out.push_str(self.text.get(begin..self.at).unwrap_or_default());
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(out);
                }
                Some(b'\\') => self.escape(&mut out)?,
                Some(_) => return Err(self.error("a control character in a string")),
                None => return Err(self.error("a string is not closed")),
            }
        }
    }

    fn escape(&mut self, out: &mut String) -> Result<(), String> {
        let mut units = Vec::new();
        while self.text.get(self.at..).is_some_and(|rest| rest.starts_with("\\u")) {
            let digits = self.text.get(self.at + 2..self.at + 6).unwrap_or_default();
            if !digits.bytes().all(|b| b.is_ascii_hexdigit()) || digits.len() != 4 {
                return Err(self.error("an illegal Unicode escape"));
            }
            units.extend(u16::from_str_radix(digits, 16));
            self.at += 6;
        }
        if !units.is_empty() {
            out.push_str(&from_units(&units));
            return Ok(());
        }
        let plain = match self.bytes.get(self.at + 1) {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            _ => return Err(self.error("an unknown escape")),
        };
        out.push(plain);
        self.at += 2;
        Ok(())
    }

    fn digits(&mut self) -> usize {
        let begin = self.at;
        while self.peek().is_some_and(|b| b.is_ascii_digit()) {
            self.at += 1;
        }
        self.at - begin
    }

    fn number(&mut self) -> Result<Json, String> {
        let begin = self.at;
        self.eat(b'-');
        let first = self.peek();
        match self.digits() {
            0 => return Err(self.error("a number needs digits")),
            1 => {}
            _ if first == Some(b'0') => return Err(self.error("a number begins with 0")),
            _ => {}
        }
        let mut is_decimal = false;
        if self.eat(b'.') {
            is_decimal = true;
            if self.digits() == 0 {
                return Err(self.error("a decimal point needs digits"));
            }
        }
        if self.eat(b'e') || self.eat(b'E') {
            is_decimal = true;
            if !self.eat(b'+') {
                self.eat(b'-');
            }
            if self.digits() == 0 {
                return Err(self.error("an exponent needs digits"));
            }
        }
        let text = self.text.get(begin..self.at).unwrap_or_default();
        if text.len() > NUMBER_MAX {
            return Err(self.error("a number is too long"));
        }
        let is_ended =
            self.depth > 0 || matches!(self.peek(), None | Some(b' ' | b'\t' | b'\n' | b'\r'));
        if !is_ended {
            return Err(self.error("a number has an unexpected end"));
        }
        if is_decimal {
            return text.parse().map(Json::Decimal).map_err(|_| self.error("not a number"));
        }
        Ok(Json::Whole(if text == "-0" { "0".to_owned() } else { text.to_owned() }))
    }
}
