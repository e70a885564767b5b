//! Times such as `10 sec`, in NiFi's syntax: a number, which may have a fraction, and a unit.

use std::time::Duration;

/// Units by the names that NiFi knows, in nanoseconds; the canonical names (one, several) first.
const UNITS: &[(&[&str], u64)] = &[
    (&["nanos", "nanos", "ns", "nano", "nanosecond", "nanoseconds"], 1),
    (&["micros", "micros", "us", "µs", "micro", "microsecond", "microseconds"], 1_000),
    (&["millis", "millis", "ms", "milli", "millisecond", "milliseconds"], 1_000_000),
    (&["sec", "sec", "s", "secs", "second", "seconds"], 1_000_000_000),
    (&["min", "mins", "m", "minute", "minutes"], 60_000_000_000),
    (&["hour", "hours", "h", "hr", "hrs"], 3_600_000_000_000),
    (&["day", "days", "d"], 86_400_000_000_000),
    (&["week", "weeks", "w", "wk", "wks"], 604_800_000_000_000),
];

/// Why a text is not a duration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DurationError {
    /// It does not begin with a number.
    #[error("\"{0}\" does not begin with a number")]
    Number(String),
    /// It has a number and no unit.
    #[error("\"{0}\" has no unit")]
    NoUnit(String),
    /// Its unit is not known.
    #[error("\"{unit}\" is not a unit of time")]
    Unit {
        /// What stands where the unit should.
        unit: String,
    },
    /// It is longer than 584 years.
    #[error("\"{0}\" is too long a time")]
    TooLong(String),
}

impl DurationError {
    /// What would be right.
    pub fn help(&self) -> &'static str {
        match self {
            Self::TooLong(_) => "the longest is about 584 years",
            _ => {
                "write a number and one of nanos, micros, millis, sec, min, hour, day, week, \
                 as in \"10 sec\""
            }
        }
    }
}

/// The duration that `text` says.
///
/// The unit's case and the spaces around number and unit do not matter.
pub fn parse(text: &str) -> Result<Duration, DurationError> {
    let trimmed = text.trim();
    let (number, unit) = split(trimmed);
    if !number.starts_with(|letter: char| letter.is_ascii_digit()) || number.ends_with('.') {
        return Err(DurationError::Number(text.to_owned()));
    }
    if unit.is_empty() {
        return Err(DurationError::NoUnit(text.to_owned()));
    }
    let lower = unit.to_lowercase();
    let Some((_, nanoseconds)) = UNITS.iter().find(|(names, _)| names.contains(&lower.as_str()))
    else {
        return Err(DurationError::Unit { unit: unit.to_owned() });
    };
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(DurationError::Number(text.to_owned()));
    }
    let number = |_| DurationError::Number(text.to_owned());
    let part = format!("0.{fraction}").parse::<f64>().map_err(number)? * *nanoseconds as f64;
    whole
        .parse::<u64>()
        .ok()
        .and_then(|whole| whole.checked_mul(*nanoseconds))
        .and_then(|whole| whole.checked_add(part.round() as u64))
        .map(Duration::from_nanos)
        .ok_or_else(|| DurationError::TooLong(text.to_owned()))
}

/// Digits and points at the beginning, and what comes after them.
pub(crate) fn split(text: &str) -> (&str, &str) {
    let digits =
        text.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    (number, unit.trim())
}

/// The one spelling of `duration`: the greatest unit up to days that it is a whole number of.
/// What is longer than [`parse`] reads becomes the longest that it does.
pub fn format(duration: Duration) -> String {
    let nanoseconds = u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX);
    if nanoseconds == 0 {
        return "0 sec".to_owned();
    }
    let days = UNITS.len() - 1;
    for (names, unit) in UNITS[..days].iter().rev() {
        if nanoseconds % unit == 0 {
            let number = nanoseconds / unit;
            let name = if number == 1 { names[0] } else { names[1] };
            return format!("{number} {name}");
        }
    }
    format!("{nanoseconds} nanos")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn reads_what_nifi_reads() {
        for (text, milliseconds) in [
            ("10 sec", 10_000),
            ("1 min", 60_000),
            ("10 mins", 600_000),
            ("500 millis", 500),
            ("500ms", 500),
            ("2 hours", 7_200_000),
            ("1 DAY", 86_400_000),
            ("2 wks", 1_209_600_000),
            ("1.5 hrs", 5_400_000),
            ("0 sec", 0),
            (" 3  s ", 3_000),
        ] {
            assert_eq!(parse(text), Ok(Duration::from_millis(milliseconds)), "{text}");
        }
        assert_eq!(parse("7 µs"), Ok(Duration::from_micros(7)));
        assert_eq!(parse("12 nanos"), Ok(Duration::from_nanos(12)));
    }

    #[test]
    fn says_what_is_wrong() {
        for text in ["", "sec", "-1 sec", ".5 sec", "1. sec", "1.2.3 sec", "1,5 sec", "+1 sec"] {
            assert!(parse(text).is_err(), "{text}");
        }
        assert_eq!(parse("10"), Err(DurationError::NoUnit("10".to_owned())));
        assert_eq!(
            parse("10 parsecs").map_err(|error| error.to_string()),
            Err("\"parsecs\" is not a unit of time".to_owned())
        );
        let too_long = parse("99999999999 days");
        assert!(matches!(too_long, Err(DurationError::TooLong(_))), "{too_long:?}");
    }

    #[test]
    fn is_written_in_the_greatest_whole_unit() {
        for (text, canonical) in [
            ("60 s", "1 min"),
            ("90 s", "90 sec"),
            ("120 minutes", "2 hours"),
            ("1000 ms", "1 sec"),
            ("1 ms", "1 millis"),
            ("7 days", "7 days"),
            ("0 ms", "0 sec"),
        ] {
            assert_eq!(parse(text).map(format).as_deref(), Ok(canonical), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_reads_the_same(nanoseconds in any::<u64>()) {
            let duration = Duration::from_nanos(nanoseconds);
            prop_assert_eq!(parse(&format(duration)), Ok(duration));
        }

        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,20}|[0-9.]{0,30} ?[a-z]{0,6}") {
            if let Ok(duration) = parse(&text) {
                prop_assert_eq!(parse(&format(duration)), Ok(duration));
            }
        }
    }
}
