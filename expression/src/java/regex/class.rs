//! Character classes: their names and escapes in Java, as sets that `fancy-regex` understands.

use crate::error::Failure;
use crate::java::text::push;

/// Writes one character so that it means itself, inside a class or outside.
pub(super) fn escape(c: char, out: &mut String) {
    if c.is_ascii_alphanumeric() {
        out.push(c);
    } else {
        push(out, format_args!("\\x{{{:x}}}", u32::from(c)));
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
        "Cntrl" | "javaISOControl" => "\\p{Cc}",
        "XDigit" => "\\p{Nd}\\p{Hex_Digit}",
        "Space" | "IsWhite_Space" | "IsWhiteSpace" => "\\p{White_Space}",
        "javaWhitespace" => {
            "\\t-\\r\\x1c-\\x1f\\x20\\x{1680}\\x{2000}-\\x{2006}\\x{2008}-\\x{200a}\
                             \\x{2028}\\x{2029}\\x{205f}\\x{3000}"
        }
        "javaLetter" | "IsLetter" => "\\p{L}",
        "javaLetterOrDigit" | "LD" => "\\p{L}\\p{Nd}",
        "javaSpaceChar" => "\\p{Z}",
        "L1" => "\\x00-\\x{ff}",
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
    if let Some(block) = value.strip_prefix("In") {
        return block_range(block).map(str::to_owned).ok_or_else(unknown);
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

/// The more common of Unicode's blocks.
fn block_range(name: &str) -> Option<&'static str> {
    let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    Some(match plain.to_ascii_lowercase().as_str() {
        "basiclatin" => "\\x00-\\x7f",
        "latin1supplement" => "\\x{80}-\\x{ff}",
        "latinextendeda" => "\\x{100}-\\x{17f}",
        "latinextendedb" => "\\x{180}-\\x{24f}",
        "combiningdiacriticalmarks" => "\\x{300}-\\x{36f}",
        "greek" | "greekandcoptic" => "\\x{370}-\\x{3ff}",
        "cyrillic" => "\\x{400}-\\x{4ff}",
        "armenian" => "\\x{530}-\\x{58f}",
        "hebrew" => "\\x{590}-\\x{5ff}",
        "arabic" => "\\x{600}-\\x{6ff}",
        "devanagari" => "\\x{900}-\\x{97f}",
        "thai" => "\\x{e00}-\\x{e7f}",
        "hanguljamo" => "\\x{1100}-\\x{11ff}",
        "generalpunctuation" => "\\x{2000}-\\x{206f}",
        "currencysymbols" => "\\x{20a0}-\\x{20cf}",
        "letterlikesymbols" => "\\x{2100}-\\x{214f}",
        "arrows" => "\\x{2190}-\\x{21ff}",
        "mathematicaloperators" => "\\x{2200}-\\x{22ff}",
        "boxdrawing" => "\\x{2500}-\\x{257f}",
        "hiragana" => "\\x{3040}-\\x{309f}",
        "katakana" => "\\x{30a0}-\\x{30ff}",
        "cjkunifiedideographs" => "\\x{4e00}-\\x{9fff}",
        "hangulsyllables" => "\\x{ac00}-\\x{d7af}",
        "musicalsymbols" => "\\x{1d100}-\\x{1d1ff}",
        "emoticons" => "\\x{1f600}-\\x{1f64f}",
        _ => return None,
    })
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
    // A colon alone behind a bracket would begin a POSIX class, which Java does not have.
    if from != to || from == ':' {
        out.push('-');
        escape(to, out);
    }
}
