//! Escaping for JSON, XML, CSV and HTML and its reverse, by the rules of Apache Commons Text.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::entities::{EXTENDED, LATIN};
use crate::error::Failure;
use crate::java::text::{from_units, push};
use crate::node::{Call, Frame};
use crate::value::Value;

type Outcome<'a> = Result<Value<'a>, Failure>;

/// Changes the subject's text; null gives an empty text here.
fn translate<'a>(
    call: &'a Call,
    frame: &Frame<'a>,
    change: impl FnOnce(&str) -> Result<String, Failure>,
) -> Outcome<'a> {
    match call.subject_text(frame)? {
        Some(text) => change(&text).map(Value::from),
        None => Ok(String::new().into()),
    }
}

pub(in super::super) fn escape_json<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    translate(call, frame, |text| {
        let mut out = String::with_capacity(text.len());
        for c in text.chars() {
            match c {
                '"' => out.push_str("\\\""),
                '\\' => out.push_str("\\\\"),
                '/' => out.push_str("\\/"),
                '\u{8}' => out.push_str("\\b"),
                '\n' => out.push_str("\\n"),
                '\t' => out.push_str("\\t"),
                '\u{c}' => out.push_str("\\f"),
                '\r' => out.push_str("\\r"),
                ' '..='~' => out.push(c),
                _ => {
                    let mut units = [0; 2];
                    for unit in c.encode_utf16(&mut units) {
                        push(&mut out, format_args!("\\u{unit:04X}"));
                    }
                }
            }
        }
        Ok(out)
    })
}

pub(in super::super) fn unescape_json<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    translate(call, frame, |text| {
        let letters: Vec<char> = text.chars().collect();
        let mut units: Vec<u16> = Vec::with_capacity(letters.len());
        let mut at = 0;
        while let Some(&letter) = letters.get(at) {
            if letter == '\\' {
                at = unescape_backslash(&letters, at, &mut units)?;
            } else {
                units.extend_from_slice(letter.encode_utf16(&mut [0; 2]));
                at += 1;
            }
        }
        Ok(from_units(&units))
    })
}

/// Reads the escape at `at`; answers where it ends.
fn unescape_backslash(letters: &[char], at: usize, units: &mut Vec<u16>) -> Result<usize, Failure> {
    let octal = |index: usize| letters.get(index).and_then(|c| c.to_digit(8));
    let Some(&letter) = letters.get(at + 1) else { return Ok(at + 1) };
    if let Some(first) = octal(at + 1) {
        let mut value = first;
        let mut end = at + 2;
        let longest = if first <= 3 { 3 } else { 2 };
        while end < at + 1 + longest
            && let Some(digit) = octal(end)
        {
            value = value * 8 + digit;
            end += 1;
        }
        units.push(value as u16);
        return Ok(end);
    }
    let plain = match letter {
        'u' => {
            let mut begin = at + 2;
            while letters.get(begin) == Some(&'u') {
                begin += 1;
            }
            if letters.get(begin) == Some(&'+') {
                begin += 1;
            }
            let digits: String = letters.iter().skip(begin).take(4).collect();
            let value = u16::from_str_radix(&digits, 16).ok().filter(|_| digits.len() == 4);
            let Some(value) = value else {
                return Err(format!("'\\u{digits}' is no Unicode escape").into());
            };
            units.push(value);
            return Ok(begin + 4);
        }
        'b' => '\u{8}',
        'n' => '\n',
        't' => '\t',
        'f' => '\u{c}',
        'r' => '\r',
        '\\' | '"' | '\'' => letter,
        // A lone backslash is dropped, what follows it stays.
        _ => return Ok(at + 1),
    };
    units.push(plain as u16);
    Ok(at + 2)
}

pub(in super::super) fn escape_xml<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    translate(call, frame, |text| {
        let mut out = String::with_capacity(text.len());
        for c in text.chars() {
            match c {
                '"' => out.push_str("&quot;"),
                '&' => out.push_str("&amp;"),
                '<' => out.push_str("&lt;"),
                '>' => out.push_str("&gt;"),
                '\'' => out.push_str("&apos;"),
                '\t' | '\n' | '\r' => out.push(c),
                '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
                '\u{7f}'..='\u{84}' | '\u{86}'..='\u{9f}' => {
                    push(&mut out, format_args!("&#{};", u32::from(c)));
                }
                _ => out.push(c),
            }
        }
        Ok(out)
    })
}

/// The names of characters by which a text is escaped.
struct Entities {
    by_letter: HashMap<char, &'static str>,
    by_name: HashMap<&'static str, char>,
}

impl Entities {
    fn of(tables: &[&'static [(char, &'static str)]]) -> Self {
        let all = || tables.iter().flat_map(|table| table.iter());
        Self {
            by_letter: all().copied().collect(),
            by_name: all().map(|(letter, name)| (*name, *letter)).collect(),
        }
    }

    fn escape(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        for c in text.chars() {
            match self.by_letter.get(&c) {
                Some(name) => {
                    out.push('&');
                    out.push_str(name);
                    out.push(';');
                }
                None => out.push(c),
            }
        }
        out
    }

    fn unescape(&self, text: &str) -> Result<String, Failure> {
        // In UTF-16 units, because two entities may be the halves of one character.
        let mut units: Vec<u16> = Vec::with_capacity(text.len());
        let mut rest = text;
        while let Some(begin) = rest.find('&') {
            units.extend(rest.get(..begin).unwrap_or_default().encode_utf16());
            rest = rest.get(begin..).unwrap_or_default();
            if let Some(length) = self.entity(rest, &mut units)? {
                rest = rest.get(length..).unwrap_or_default();
            } else {
                units.push(u16::from(b'&'));
                rest = rest.get(1..).unwrap_or_default();
            }
        }
        units.extend(rest.encode_utf16());
        Ok(from_units(&units))
    }

    /// Reads the entity with which `text` begins; answers its length.
    fn entity(&self, text: &str, units: &mut Vec<u16>) -> Result<Option<usize>, Failure> {
        // No further than another beginning: no entity has an ampersand in it.
        let rest = text.get(1..).unwrap_or_default();
        let Some(end) =
            rest.find([';', '&']).filter(|end| rest.as_bytes().get(*end) == Some(&b';'))
        else {
            return Ok(None);
        };
        let inner = rest.get(..end).unwrap_or_default();
        let length = Some(inner.len() + 2);
        let Some(number) = inner.strip_prefix('#') else {
            let Some(letter) = self.by_name.get(inner) else { return Ok(None) };
            units.extend_from_slice(letter.encode_utf16(&mut [0; 2]));
            return Ok(length);
        };
        let hexadecimal = number.strip_prefix(['x', 'X']);
        let digits = hexadecimal.unwrap_or(number);
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Ok(None);
        }
        let radix = if hexadecimal.is_some() { 16 } else { 10 };
        let Ok(value) = i32::from_str_radix(digits, radix).map(i32::unsigned_abs) else {
            return Ok(None);
        };
        match (u16::try_from(value), char::from_u32(value)) {
            (Ok(unit), _) => units.push(unit),
            (_, Some(letter)) => units.extend_from_slice(letter.encode_utf16(&mut [0; 2])),
            _ => return Err(format!("'&{inner};' is no character").into()),
        }
        Ok(length)
    }
}

const BASIC: &[(char, &str)] = &[('"', "quot"), ('&', "amp"), ('<', "lt"), ('>', "gt")];
const APOSTROPHE: &[(char, &str)] = &[('\'', "apos")];

static XML: LazyLock<Entities> = LazyLock::new(|| Entities::of(&[BASIC, APOSTROPHE]));
static HTML3: LazyLock<Entities> = LazyLock::new(|| Entities::of(&[BASIC, LATIN]));
static HTML4: LazyLock<Entities> = LazyLock::new(|| Entities::of(&[BASIC, LATIN, EXTENDED]));

pub(in super::super) fn escape_html3<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    translate(call, frame, |text| Ok(HTML3.escape(text)))
}

pub(in super::super) fn escape_html4<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    translate(call, frame, |text| Ok(HTML4.escape(text)))
}

pub(in super::super) fn unescape_xml<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    translate(call, frame, |text| XML.unescape(text))
}

pub(in super::super) fn unescape_html3<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    translate(call, frame, |text| HTML3.unescape(text))
}

pub(in super::super) fn unescape_html4<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    translate(call, frame, |text| HTML4.unescape(text))
}

const CSV_SPECIAL: [char; 4] = [',', '"', '\r', '\n'];

pub(in super::super) fn escape_csv<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    translate(call, frame, |text| {
        Ok(if text.contains(CSV_SPECIAL) {
            format!("\"{}\"", text.replace('"', "\"\""))
        } else {
            text.to_owned()
        })
    })
}

pub(in super::super) fn unescape_csv<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    translate(call, frame, |text| {
        if text == "\"" {
            return Err("a lone quote is no field of CSV".into());
        }
        let quoted = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        Ok(quoted.map_or_else(|| text.to_owned(), |inner| inner.replace("\"\"", "\"")))
    })
}
