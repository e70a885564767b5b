//! Amounts of bytes such as `1 GB`, in NiFi's syntax: a KB has 1,024 bytes.

use crate::duration::split;

/// Units in bytes.
const UNITS: &[(&str, u64)] =
    &[("B", 1), ("KB", 1 << 10), ("MB", 1 << 20), ("GB", 1 << 30), ("TB", 1 << 40)];

/// Why a text is not an amount of data.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DataSizeError {
    /// It does not begin with a number.
    #[error("\"{0}\" does not begin with a number")]
    Number(String),
    /// It has a number and no unit.
    #[error("\"{0}\" has no unit")]
    NoUnit(String),
    /// Its unit is not known.
    #[error("\"{unit}\" is not a unit of data")]
    Unit {
        /// What stands where the unit should.
        unit: String,
    },
    /// It is more than 2^64 - 1 bytes.
    #[error("\"{0}\" is too much data")]
    TooMuch(String),
}

impl DataSizeError {
    /// What would be right.
    pub fn help(&self) -> &'static str {
        match self {
            Self::TooMuch(_) => "the most is 16777215 TB",
            _ => "write a number and one of B, KB, MB, GB, TB, as in \"10 MB\"",
        }
    }
}

/// The number of bytes that `text` says.
///
/// The unit's case and the spaces around number and unit do not matter; a part of a byte is left
/// out.
pub fn parse(text: &str) -> Result<u64, DataSizeError> {
    let (number, unit) = split(text.trim());
    let wrong = || DataSizeError::Number(text.to_owned());
    if !number.starts_with(|letter: char| letter.is_ascii_digit()) || number.ends_with('.') {
        return Err(wrong());
    }
    if unit.is_empty() {
        return Err(DataSizeError::NoUnit(text.to_owned()));
    }
    let Some((_, bytes)) = UNITS.iter().find(|(name, _)| name.eq_ignore_ascii_case(unit)) else {
        return Err(DataSizeError::Unit { unit: unit.to_owned() });
    };
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(wrong());
    }
    let part = format!("0.{fraction}").parse::<f64>().map_err(|_| wrong())? * *bytes as f64;
    whole
        .parse::<u64>()
        .ok()
        .and_then(|whole| whole.checked_mul(*bytes))
        .and_then(|whole| whole.checked_add(part as u64))
        .ok_or_else(|| DataSizeError::TooMuch(text.to_owned()))
}

/// The one spelling of `bytes`: the greatest unit that it is a whole number of.
pub fn format(bytes: u64) -> String {
    let greatest = UNITS.iter().rev().find(|(_, unit)| bytes != 0 && bytes.is_multiple_of(*unit));
    let (name, unit) = greatest.unwrap_or(&("B", 1));
    format!("{} {name}", bytes / unit)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn reads_what_nifi_reads() {
        for (text, bytes) in [
            ("1 GB", 1 << 30),
            ("10 KB", 10_240),
            ("1024 B", 1_024),
            ("1.5 kb", 1_536),
            ("2TB", 2 << 40),
            (" 0  B ", 0),
        ] {
            assert_eq!(parse(text), Ok(bytes), "{text}");
        }
    }

    #[test]
    fn says_what_is_wrong() {
        for text in ["", "GB", "-1 GB", "1. GB", "1.2.3 GB", "1 GiB", "1 PB", "99999999999 TB"] {
            assert!(parse(text).is_err(), "{text}");
        }
        assert_eq!(parse("12"), Err(DataSizeError::NoUnit("12".to_owned())));
    }

    proptest! {
        #[test]
        fn what_is_written_reads_the_same(bytes in any::<u64>()) {
            prop_assert_eq!(parse(&format(bytes)), Ok(bytes));
        }

        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,20}|[0-9.]{0,30} ?[KMGTB]{0,3}") {
            if let Ok(bytes) = parse(&text) {
                prop_assert_eq!(parse(&format(bytes)), Ok(bytes));
            }
        }
    }
}
