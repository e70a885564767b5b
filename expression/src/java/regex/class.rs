//! Character classes: their names and escapes in Java, as sets that `fancy-regex` understands.

use crate::error::Failure;

/// Writes one character so that it means itself, inside a class or outside.
pub(super) fn escape(c: char, out: &mut String) {
    if c.is_ascii_alphanumeric() {
        out.push(c);
    } else {
        out.push_str(&format!("\\x{{{:x}}}", u32::from(c)));
    }
}

/// What lies in `\d`, `\s`, `\w`, `\h` and `\v`, to be put into brackets.
pub(super) fn shorthand(letter: char, unicode: bool) -> Option<&'static str> {
    Some(match (letter, unicode) {
        ('d', false) => "0-9",
        ('d', true) => "\\p{Nd}",
        ('s', false) => "\\t\\n\\x0B\\f\\r ",
        ('s', true) => "\\p{White_Space}",
        ('w', false) => "a-zA-Z_0-9",
        ('w', true) => "\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\x{200c}\\x{200d}",
        ('h', _) => " \\t\\x{a0}\\x{1680}\\x{180e}\\x{2000}-\\x{200a}\\x{202f}\\x{205f}\\x{3000}",
        ('v', _) => "\\n\\x0B\\f\\r\\x{85}\\x{2028}\\x{2029}",
        _ => return None,
    })
}

/// What lies in `\p{name}`, to be put into brackets.
pub(super) fn property(name: &str, unicode: bool, ignore_case: bool) -> Result<String, Failure> {
    let posix = match name {
        "Lower" | "Upper" if ignore_case && !unicode => "a-zA-Z",
        "Lower" if !unicode => "a-z",
        "Upper" if !unicode => "A-Z",
        "ASCII" => "\\x00-\\x7F",
        "Alpha" if !unicode => "a-zA-Z",
        "Digit" if !unicode => "0-9",
        "Alnum" if !unicode => "a-zA-Z0-9",
        "Punct" if !unicode => "\\x21-\\x2F\\x3A-\\x40\\x5B-\\x60\\x7B-\\x7E",
        "Graph" if !unicode => "\\x21-\\x7E",
        "Print" if !unicode => "\\x20-\\x7E",
        "Blank" if !unicode => " \\t",
        "Cntrl" if !unicode => "\\x00-\\x1F\\x7F",
        "XDigit" if !unicode => "0-9a-fA-F",
        "Space" if !unicode => "\\t\\n\\x0B\\f\\r ",
        "Lower" | "javaLowerCase" => "\\p{Lowercase}",
        "Upper" | "javaUpperCase" => "\\p{Uppercase}",
        "Alpha" | "javaAlphabetic" => "\\p{Alphabetic}",
        "Digit" | "javaDigit" => "\\p{Nd}",
        "Alnum" => "\\p{Alphabetic}\\p{Nd}",
        "Punct" => "\\p{P}",
        "Blank" => "\\p{Zs}\\t",
        "Cntrl" => "\\p{Cc}",
        "XDigit" => "\\p{Nd}\\p{Hex_Digit}",
        "Space" | "IsWhite_Space" | "IsWhiteSpace" => "\\p{White_Space}",
        "javaWhitespace" => {
            "\\t-\\r\\x1c-\\x1f\\x20\\x{1680}\\x{2000}-\\x{2006}\\x{2008}-\\x{200a}\
                             \\x{2028}\\x{2029}\\x{205f}\\x{3000}"
        }
        "javaLetter" | "IsLetter" => "\\p{L}",
        "javaLetterOrDigit" => "\\p{L}\\p{Nd}",
        "javaSpaceChar" => "\\p{Z}",
        "javaISOControl" => "\\p{Cc}",
        "L1" => "\\x00-\\x{ff}",
        "LD" => "\\p{L}\\p{Nd}",
        "LC" => "\\p{Lu}\\p{Ll}\\p{Lt}",
        "all" => "\\x00-\\x{10ffff}",
        _ => return unicode_property(name),
    };
    Ok(posix.to_owned())
}

const CATEGORIES: [&str; 37] = [
    "C", "Cc", "Cf", "Cn", "Co", "L", "Ll", "Lm", "Lo", "Lt", "Lu", "M", "Mc", "Me", "Mn", "N",
    "Nd", "Nl", "No", "P", "Pc", "Pd", "Pe", "Pf", "Pi", "Po", "Ps", "S", "Sc", "Sk", "Sm", "So",
    "Z", "Zl", "Zp", "Zs", "Cs",
];

fn unicode_property(name: &str) -> Result<String, Failure> {
    let unknown = || Failure::from(format!("unknown character class '{name}'"));
    let (key, value) = match name.split_once('=') {
        Some((key, value)) => (key.to_ascii_lowercase(), value),
        None => (String::new(), name),
    };
    match key.as_str() {
        "gc" | "general_category" if CATEGORIES.contains(&value) => {
            return Ok(format!("\\p{{{value}}}"));
        }
        "sc" | "script" => return Ok(format!("\\p{{Script={value}}}")),
        "" => {}
        _ => return Err(unknown()),
    }
    if CATEGORIES.contains(&value) {
        return Ok(format!("\\p{{{value}}}"));
    }
    let property = value.strip_prefix("Is").ok_or_else(unknown)?;
    if CATEGORIES.contains(&property) {
        return Ok(format!("\\p{{{property}}}"));
    }
    let known = match property.to_ascii_lowercase().as_str() {
        "digit" => "Nd",
        "punctuation" => "P",
        "control" => "Cc",
        "titlecase" => "Lt",
        "hexdigit" | "hex_digit" => "Hex_Digit",
        "alphabetic" | "ideographic" | "lowercase" | "uppercase" | "emoji" => property,
        _ => return Ok(format!("\\p{{Script={property}}}")),
    };
    Ok(format!("\\p{{{known}}}"))
}

/// A range of characters, both cases of it where `ignore_case` is set (ASCII only, as in Java
/// without its Unicode case flag).
pub(super) fn range(from: char, to: char, ignore_case: bool, out: &mut String) {
    write_range(from, to, out);
    if !ignore_case {
        return;
    }
    for (low, high, shift) in [(b'a', b'z', -32i16), (b'A', b'Z', 32i16)] {
        let begin = from.max(char::from(low));
        let end = to.min(char::from(high));
        if begin <= end {
            let shifted = |c: char| {
                u8::try_from(i16::try_from(u32::from(c)).unwrap_or_default() + shift)
                    .map_or(c, char::from)
            };
            write_range(shifted(begin), shifted(end), out);
        }
    }
}

fn write_range(from: char, to: char, out: &mut String) {
    escape(from, out);
    if from != to {
        out.push('-');
        escape(to, out);
    }
}
