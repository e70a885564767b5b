//! Java's numbers: how NiFi recognises one in text, how Java reads it, how Java prints a double.
//! Text that is not a number is `None`; text that is one and does not fit is a failure.

use crate::error::Failure;

/// A whole or a decimal number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Number {
    Whole(i64),
    Decimal(f64),
}

impl Number {
    pub(crate) fn as_decimal(self) -> f64 {
        match self {
            Self::Whole(whole) => whole as f64,
            Self::Decimal(decimal) => decimal,
        }
    }
}

/// The number in `text` by NiFi's patterns: `-12`, `0x1F`, `1.5`, `1.5e3`, `.5`, `0xFp10`,
/// `Infinity`, `NaN`. Note that `5.` and `1e3` are no numbers to NiFi.
pub(crate) fn parse_number(text: &str) -> Result<Option<Number>, Failure> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if is_whole(unsigned) {
        return parse_whole(text).map(|whole| Some(Number::Whole(whole)));
    }
    if is_decimal(unsigned) {
        return match parse_double(text) {
            Some(decimal) => Ok(Some(Number::Decimal(decimal))),
            None => Err(format!("'{text}' is not a number that can be read").into()),
        };
    }
    Ok(None)
}

fn is_whole(unsigned: &str) -> bool {
    all_digits(unsigned)
        || hexadecimal(unsigned).is_some_and(|digits| {
            !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_hexdigit())
        })
}

fn all_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn hexadecimal(text: &str) -> Option<&str> {
    text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"))
}

fn is_decimal(unsigned: &str) -> bool {
    if unsigned == "Infinity" || unsigned == "NaN" {
        return true;
    }
    if let Some(rest) = hexadecimal(unsigned) {
        return is_hexadecimal_decimal(rest);
    }
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let Some((whole, fraction)) = mantissa.split_once('.') else { return false };
    (whole.is_empty() || all_digits(whole))
        && all_digits(fraction)
        && exponent.is_none_or(is_exponent)
}

fn is_exponent(text: &str) -> bool {
    all_digits(text.strip_prefix(['+', '-']).unwrap_or(text))
}

fn is_hexadecimal_decimal(rest: &str) -> bool {
    let hex = |text: &str| text.bytes().all(|b| b.is_ascii_hexdigit());
    match rest.split_once(['p', 'P']) {
        Some((mantissa, exponent)) => {
            let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
            hex(whole)
                && hex(fraction)
                && (whole.len() + fraction.len() > 0)
                && is_exponent(exponent)
        }
        // `0x.8` looks like a number to NiFi, although Java cannot read it.
        None => rest.strip_prefix('.').is_some_and(|digits| !digits.is_empty() && hex(digits)),
    }
}

/// `Long.valueOf`, and where that fails `Long.decode` (hexadecimal, octal).
fn parse_whole(text: &str) -> Result<i64, Failure> {
    if let Ok(number) = text.parse::<i64>() {
        return Ok(number);
    }
    let (negative, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let decoded = match hexadecimal(unsigned) {
        Some(digits) => i128::from_str_radix(digits, 16),
        None if unsigned.len() > 1 && unsigned.starts_with('0') => {
            i128::from_str_radix(unsigned, 8)
        }
        None => unsigned.parse::<i128>(),
    };
    let signed = decoded.ok().map(|number| if negative { -number } else { number });
    signed
        .and_then(|number| i64::try_from(number).ok())
        .ok_or_else(|| format!("the number '{text}' does not fit in 64 bits").into())
}

/// `Double.parseDouble` for what [`parse_number`] and the grammar let through.
pub(crate) fn parse_double(text: &str) -> Option<f64> {
    let (sign, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    let magnitude = match (unsigned, hexadecimal(unsigned)) {
        ("Infinity", _) => f64::INFINITY,
        ("NaN", _) => f64::NAN,
        (_, Some(rest)) => parse_hexadecimal_double(rest)?,
        _ => unsigned.parse().ok()?,
    };
    Some(sign * magnitude)
}

fn parse_hexadecimal_double(rest: &str) -> Option<f64> {
    let (mantissa, exponent) = rest.split_once(['p', 'P'])?;
    let exponent_text = exponent.strip_prefix('+').unwrap_or(exponent);
    let limit = if exponent_text.starts_with('-') { -100_000 } else { 100_000 };
    let mut exponent = exponent_text.parse::<i64>().unwrap_or(limit).clamp(-100_000, 100_000);
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let mut bits: u64 = 0;
    let mut sticky = false;
    for (index, byte) in whole.bytes().chain(fraction.bytes()).enumerate() {
        let digit = u64::from((byte as char).to_digit(16)?);
        if bits >> 58 == 0 {
            bits = bits << 4 | digit;
        } else {
            sticky |= digit != 0;
            exponent += 4;
        }
        if index >= whole.len() {
            exponent -= 4;
        }
    }
    Some(scale(bits | u64::from(sticky), exponent))
}

/// `bits * 2^exponent`, rounded once, half to even.
fn scale(bits: u64, exponent: i64) -> f64 {
    if bits == 0 {
        return 0.0;
    }
    let width = i64::from(64 - bits.leading_zeros());
    // The exponent of the last bit that the double keeps.
    let last = (width + exponent - 53).max(-1074);
    let drop = last - exponent;
    let kept = if drop <= 0 {
        bits
    } else if drop > 64 {
        0
    } else {
        let wide = u128::from(bits);
        let kept = wide >> drop;
        let rest = wide & ((1 << drop) - 1);
        let half = 1u128 << (drop - 1);
        (kept + u128::from(rest > half || (rest == half && kept & 1 == 1))) as u64
    };
    let power = if drop <= 0 { exponent } else { last };
    // Two exact steps: a power of two alone may be below the smallest normal number.
    let first = power.clamp(-1000, 1000);
    let second = (power - first).clamp(-1000, 1000);
    kept as f64 * 2f64.powi(first as i32) * 2f64.powi(second as i32)
}

/// `Double.toString`: `1.0`, `1.0E8`, `1.0E-5`, `NaN`, `Infinity` (the shortest digits that read
/// back as the same number, at least two of them, since Java 19).
pub(crate) fn double_text(number: f64) -> String {
    if number.is_nan() {
        return "NaN".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { "Infinity" } else { "-Infinity" }.to_owned();
    }
    if number == 0.0 {
        return if number.is_sign_negative() { "-0.0" } else { "0.0" }.to_owned();
    }
    let magnitude = number.abs();
    if (1e-3..1e7).contains(&magnitude) {
        let text = format!("{number}");
        return if text.contains('.') { text } else { text + ".0" };
    }
    let shortest = format!("{number:e}");
    let two = format!("{number:.1e}");
    let text = if !shortest.contains('.') && two.parse() == Ok(number) { two } else { shortest };
    match text.split_once('e') {
        Some((digits, exponent)) if digits.contains('.') => format!("{digits}E{exponent}"),
        Some((digits, exponent)) => format!("{digits}.0E{exponent}"),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_print_as_in_java() {
        for (number, text) in [
            (1e8, "1.0E8"),
            (1e-5, "1.0E-5"),
            (0.001, "0.001"),
            (9_999_999.0, "9999999.0"),
            (1e7, "1.0E7"),
            (123_456_789.125, "1.23456789125E8"),
            (4.9e-324, "4.9E-324"),
            (2e-323, "2.0E-323"),
            (-0.0, "-0.0"),
            (2e23, "2.0E23"),
            (1.797_693_134_862_315_7e308, "1.7976931348623157E308"),
        ] {
            assert_eq!(double_text(number), text);
        }
    }

    #[test]
    fn numbers_are_recognised_as_nifi_does() {
        let number = |text| parse_number(text).unwrap();
        assert_eq!(number("0x1F"), Some(Number::Whole(31)));
        assert_eq!(number("+5"), Some(Number::Whole(5)));
        assert_eq!(number("007"), Some(Number::Whole(7)));
        assert_eq!(number(".5"), Some(Number::Decimal(0.5)));
        assert_eq!(number("1.5E3"), Some(Number::Decimal(1500.0)));
        assert_eq!(number("0xF.Fp10"), Some(Number::Decimal(16320.0)));
        for text in ["5.", "1e3", "FF", "", "1_000", "x", "e5", "."] {
            assert_eq!(number(text), None, "{text}");
        }
        assert!(parse_number("99999999999999999999").is_err());
        assert!(parse_number("0x.8").is_err());
    }

    #[test]
    fn hexadecimal_doubles_are_rounded_once() {
        assert_eq!(parse_double("0x1.fffffffffffff8p0"), Some(2.0));
        assert_eq!(parse_double("0x1p-1074"), Some(4.9e-324));
        assert_eq!(parse_double("0x1p-1075"), Some(0.0));
        assert_eq!(parse_double("0x1p1024"), Some(f64::INFINITY));
    }
}
