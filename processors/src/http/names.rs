//! Who a certificate is of, and who made it: the names in it, as RFC 2253 writes them.
//!
//! Must never fail over what a certificate holds: what is not a name is none.

use std::fmt::Write as _;

/// Tags of DER.
const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const OBJECT_IDENTIFIER: u8 = 0x06;
const UTF8_STRING: u8 = 0x0c;
const PRINTABLE_STRING: u8 = 0x13;
const IA5_STRING: u8 = 0x16;

/// The types of parts that have short names, by their identifiers in DER.
const SHORT: [(&[u8], &str); 9] = [
    (&[0x55, 0x04, 0x03], "CN"),
    (&[0x55, 0x04, 0x06], "C"),
    (&[0x55, 0x04, 0x07], "L"),
    (&[0x55, 0x04, 0x08], "ST"),
    (&[0x55, 0x04, 0x09], "STREET"),
    (&[0x55, 0x04, 0x0a], "O"),
    (&[0x55, 0x04, 0x0b], "OU"),
    (&[0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 0x01, 0x01], "UID"),
    (&[0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 0x01, 0x19], "DC"),
];

/// The name that `der` holds, the content of its sequence; the last part comes first.
pub(crate) fn to_text(der: &[u8]) -> Option<String> {
    let mut parts = Vec::new();
    let mut rest = der;
    while !rest.is_empty() {
        let (set, after) = element(rest, SET)?;
        rest = after;
        let mut values = Vec::new();
        let mut pairs = set;
        while !pairs.is_empty() {
            let (pair, after) = element(pairs, SEQUENCE)?;
            pairs = after;
            let (identifier, value) = element(pair, OBJECT_IDENTIFIER)?;
            values.push(part(identifier, value)?);
        }
        parts.push(values.join("+"));
    }
    parts.reverse();
    Some(parts.join(","))
}

/// The content of the first element of `der`, which must have that tag, and what comes after it.
fn element(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (&first, rest) = der.split_first()?;
    if first != tag {
        return None;
    }
    let (&length, rest) = rest.split_first()?;
    let (length, rest) = match length {
        0..=0x7f => (usize::from(length), rest),
        0x81..=0x83 => {
            let (digits, rest) = rest.split_at_checked(usize::from(length & 0x0f))?;
            (digits.iter().fold(0, |number, digit| number << 8 | usize::from(*digit)), rest)
        }
        _ => return None,
    };
    rest.split_at_checked(length)
}

/// One part, such as `CN=studio`. What has no short name is written in numbers, as Java does.
fn part(identifier: &[u8], value: &[u8]) -> Option<String> {
    let short = SHORT.iter().find(|(known, _)| *known == identifier);
    let text = [UTF8_STRING, PRINTABLE_STRING, IA5_STRING].into_iter().find_map(|tag| {
        let (text, after) = element(value, tag)?;
        if after.is_empty() { std::str::from_utf8(text).ok() } else { None }
    });
    Some(match (short, text) {
        (Some((_, name)), Some(text)) => format!("{name}={}", escaped(text)),
        (Some((_, name)), None) => format!("{name}=#{}", hexadecimal(value)),
        (None, _) => format!("{}=#{}", dotted(identifier)?, hexadecimal(value)),
    })
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let last = text.chars().count().saturating_sub(1);
    for (place, letter) in text.chars().enumerate() {
        let is_at_end = place == 0 || place == last;
        if ",+\"\\<>;".contains(letter) || letter == ' ' && is_at_end || letter == '#' && place == 0
        {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a text cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn dotted(identifier: &[u8]) -> Option<String> {
    let mut numbers = Vec::new();
    let mut number = 0_u64;
    for byte in identifier {
        number = number.checked_mul(128)?.checked_add(u64::from(byte & 0x7f))?;
        if byte & 0x80 == 0 {
            numbers.push(number);
            number = 0;
        }
    }
    let first = *numbers.first()?;
    let top = (first / 40).min(2);
    let rest = numbers.iter().skip(1).map(ToString::to_string);
    let both = [top.to_string(), (first - top * 40).to_string()];
    Some(both.into_iter().chain(rest).collect::<Vec<_>>().join("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn der(tag: u8, content: &[u8]) -> Vec<u8> {
        let length = content.len();
        let mut der = vec![tag];
        match length {
            0..128 => der.push(length as u8),
            128..256 => der.extend([0x81, length as u8]),
            _ => der.extend([0x82, (length >> 8) as u8, length as u8]),
        }
        der.extend(content);
        der
    }

    fn pair(identifier: &[u8], tag: u8, text: &[u8]) -> Vec<u8> {
        der(SEQUENCE, &[der(OBJECT_IDENTIFIER, identifier), der(tag, text)].concat())
    }

    #[test]
    fn the_last_part_comes_first_and_what_is_special_is_escaped() {
        let common = |text: &str| der(SET, &pair(&[0x55, 4, 3], UTF8_STRING, text.as_bytes()));
        let country = der(SET, &pair(&[0x55, 4, 6], PRINTABLE_STRING, b"DE"));
        let name = |text: &str| to_text(&[country.clone(), common(text)].concat()).unwrap();
        assert_eq!(name("Tonstudio Süd"), "CN=Tonstudio Süd,C=DE");
        assert_eq!(name("a, O=b"), "CN=a\\, O\\=b,C=DE".replace("\\=", "="));
        assert_eq!(name(" #x "), "CN=\\ #x\\ ,C=DE");
        assert_eq!(name("#x"), "CN=\\#x,C=DE");
        let long = "x".repeat(300);
        assert_eq!(name(&long), format!("CN={long},C=DE"));
        assert_eq!(to_text(&[]), Some(String::new()));
    }

    #[test]
    fn several_values_and_types_without_a_name_are_told() {
        let two =
            [pair(&[0x55, 4, 3], UTF8_STRING, b"a"), pair(&[0x55, 4, 0x0b], UTF8_STRING, b"b")];
        assert_eq!(to_text(&der(SET, &two.concat())).unwrap(), "CN=a+OU=b");
        let mail = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 1];
        let mail = der(SET, &pair(&mail, IA5_STRING, b"a@b"));
        assert_eq!(to_text(&mail).unwrap(), "1.2.840.113549.1.9.1=#1603614062");
    }

    #[test]
    fn what_is_no_name_is_none() {
        let whole = der(SET, &pair(&[0x55, 4, 3], UTF8_STRING, b"studio"));
        for end in 1..whole.len() {
            assert_eq!(to_text(&whole[..end]), None, "{end}");
        }
        for wrong in [&[SET, 0x84, 1, 1, 1, 1][..], &[SET, 0x80], &[0x02, 1, 1]] {
            assert_eq!(to_text(wrong), None, "{wrong:?}");
        }
    }
}
