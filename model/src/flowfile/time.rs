//! Moments as people write and read them.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, SecondsFormat, Utc};

use super::Timestamp;

impl fmt::Display for Timestamp {
    /// As RFC 3339 writes it, in UTC with milliseconds; the number where that has no such year.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match DateTime::<Utc>::from_timestamp_millis(self.0) {
            Some(time) => formatter.write_str(&time.to_rfc3339_opts(SecondsFormat::Millis, true)),
            None => write!(formatter, "{} ms", self.0),
        }
    }
}

impl FromStr for Timestamp {
    type Err = &'static str;

    /// A moment of RFC 3339, or a date, which is its beginning in UTC.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let whole = if text.contains('T') { text.to_owned() } else { format!("{text}T00:00:00Z") };
        DateTime::parse_from_rfc3339(&whole)
            .map(|time| Self(time.timestamp_millis()))
            .map_err(|_| "write a date, or a time as in \"2026-01-31T18:30:00Z\"")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_and_read_as_people_do() {
        let text = "2026-01-31T18:30:00.250Z";
        let time: Timestamp = text.parse().unwrap_or_default();
        assert_eq!((time.0 % 1_000, time.to_string().as_str()), (250, text));
        assert_eq!("2026-01-31T19:30:00.25+01:00".parse(), Ok(time));
        assert_eq!("1970-01-02".parse(), Ok(Timestamp(86_400_000)));
        for wrong in ["", "2026", "yesterday", "2026-13-01", "2026-01-31T18:30"] {
            assert!(wrong.parse::<Timestamp>().is_err(), "{wrong}");
        }
        assert_eq!(Timestamp(i64::MAX).to_string(), format!("{} ms", i64::MAX));
    }
}
