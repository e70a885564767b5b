//! Times that a processor is triggered at, by six fields as NiFi writes them.
//!
//! Knows calendars and time zones, and no clock: what time it is says who asks.

use std::fmt;
use std::sync::Arc;

use chrono::DateTime;
use chrono_tz::{TZ_VARIANTS, Tz};
use croner::errors::CronError;
use croner::parser::{CronParser, Seconds, Year};

use crate::flowfile::Timestamp;

/// A time zone of the IANA database, such as `Europe/Vienna`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Zone(Tz);

impl Zone {
    /// Coordinated universal time.
    pub const UTC: Self = Self(Tz::UTC);

    /// The zone with exactly that name, if there is one.
    pub fn named(name: &str) -> Option<Self> {
        name.parse().ok().map(Self)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// The names of all zones.
    pub fn names() -> impl Iterator<Item = &'static str> {
        TZ_VARIANTS.iter().map(|zone| zone.name())
    }
}

/// Why a text is no cron expression.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadCron {
    /// It has too few or too many fields, or one that says nothing.
    #[error("\"{text}\" is not a cron expression: {why}")]
    Unreadable {
        /// The text.
        text: String,
        /// What is wrong.
        why: String,
    },
    /// No day is such a day, as the 30th of February.
    #[error("the time \"{0}\" never comes")]
    Never(String),
}

/// A cron expression: second, minute, hour, day of the month, month, day of the week.
///
/// Fields take `*`, `?`, lists, ranges, steps (`0/15`), names (`MON`, `JAN`), and `L`, `W` and `#`
/// as Quartz and Spring have them. A time must fit both fields of days. Sunday is 0 and 7.
#[derive(Clone)]
pub struct Cron {
    text: String,
    zone: Option<Zone>,
    pattern: Arc<croner::Cron>,
}

impl Cron {
    /// Reads `text`; `zone` is where its hours are told, if not where the machine is.
    pub fn parse(text: &str, zone: Option<Zone>) -> Result<Self, BadCron> {
        let fields: Vec<_> = text.split_ascii_whitespace().collect();
        let unreadable = |why: String| BadCron::Unreadable { text: text.to_owned(), why };
        if fields.len() != 6 {
            return Err(unreadable(format!("it has {} fields, not six", fields.len())));
        }
        let parser = CronParser::builder()
            .seconds(Seconds::Required)
            .year(Year::Disallowed)
            .dom_and_dow(true)
            .sloppy_ranges(true)
            .build();
        let text = fields.join(" ");
        let pattern = parser.parse(&text).map_err(|error| unreadable(cause(error)))?;
        let cron = Self { text, zone, pattern: Arc::new(pattern) };
        if cron.next_after(Timestamp(0), Zone::UTC).is_none() {
            return Err(BadCron::Never(cron.text));
        }
        Ok(cron)
    }

    /// Its six fields, with one space between them.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where its hours are told; without one, where the machine is.
    pub fn zone(&self) -> Option<Zone> {
        self.zone
    }

    /// The first such time after `now`, for a machine in the zone `local`. A time that a change of
    /// clocks skips comes when the clocks have changed; one that comes twice counts once, unless
    /// its hour is a range or a step.
    pub fn next_after(&self, now: Timestamp, local: Zone) -> Option<Timestamp> {
        let Zone(zone) = self.zone.unwrap_or(local);
        let now = DateTime::from_timestamp_millis(now.0)?.with_timezone(&zone);
        let next = self.pattern.find_next_occurrence(&now, false).ok()?;
        Some(Timestamp(next.timestamp_millis()))
    }
}

/// What the parser says, without the kind of its error and without its final stop.
fn cause(error: CronError) -> String {
    let text = match error {
        CronError::InvalidPattern(text)
        | CronError::IllegalCharacters(text)
        | CronError::ComponentError(text) => text,
        other => other.to_string(),
    };
    let text = text.trim_end_matches('.');
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_ascii_lowercase());
    first.into_iter().chain(letters).collect()
}

impl PartialEq for Cron {
    fn eq(&self, other: &Self) -> bool {
        (&self.text, self.zone) == (&other.text, other.zone)
    }
}

impl Eq for Cron {}

impl fmt::Debug for Cron {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Cron({:?} in {:?})", self.text, self.zone.map(Zone::name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The next `count` times after `start`, as they are told in `zone`.
    fn times(text: &str, zone: &str, start: &str, count: usize) -> Vec<String> {
        let zone = Zone::named(zone).unwrap();
        let cron = Cron::parse(text, None).unwrap();
        let start = DateTime::parse_from_rfc3339(start).unwrap();
        let mut now = Timestamp(start.timestamp_millis());
        let mut told = Vec::new();
        for _ in 0..count {
            now = cron.next_after(now, zone).unwrap();
            let time = DateTime::from_timestamp_millis(now.0).unwrap().with_timezone(&zone.0);
            told.push(time.format("%a %F %T %:z").to_string());
        }
        told
    }

    #[test]
    fn fields_mean_what_they_mean_in_nifi() {
        let first = |text| times(text, "UTC", "2026-01-01T00:00:00Z", 1).remove(0);
        assert_eq!(first("0 20 14 ? * MON-FRI"), "Thu 2026-01-01 14:20:00 +00:00");
        assert_eq!(first("0/15 * * * * ?"), "Thu 2026-01-01 00:00:15 +00:00");
        assert_eq!(first("0 0 0 L * ?"), "Sat 2026-01-31 00:00:00 +00:00");
        assert_eq!(first("0 0 0 ? * FRI#2"), "Fri 2026-01-09 00:00:00 +00:00");
        assert_eq!(first("0 0 0 31W * ?"), "Fri 2026-01-30 00:00:00 +00:00");
        assert_eq!(first("0 0 12 13 * FRI"), "Fri 2026-02-13 12:00:00 +00:00", "both days fit");
        assert_eq!(first("0 0 12 ? * 0"), "Sun 2026-01-04 12:00:00 +00:00");
        assert_eq!(first("0 0 12 ? * 7"), "Sun 2026-01-04 12:00:00 +00:00");
        assert_eq!(first("0 0 0 29 2 ?"), "Tue 2028-02-29 00:00:00 +00:00");
    }

    #[test]
    fn a_skipped_time_comes_after_the_change_of_clocks_and_a_repeated_one_once() {
        // Clocks went from 2:00 to 3:00 on 29 March, and from 3:00 back to 2:00 on 25 October.
        let spring = times("0 30 2 * * ?", "Europe/Vienna", "2026-03-28T12:00:00Z", 2);
        assert_eq!(spring, ["Sun 2026-03-29 03:00:00 +02:00", "Mon 2026-03-30 02:30:00 +02:00"]);
        let autumn = times("0 30 2 * * ?", "Europe/Vienna", "2026-10-24T12:00:00Z", 2);
        assert_eq!(autumn, ["Sun 2026-10-25 02:30:00 +02:00", "Mon 2026-10-26 02:30:00 +01:00"]);
        let often = times("0 0/30 * * * ?", "Europe/Vienna", "2026-10-25T00:01:00Z", 4);
        assert_eq!(
            often,
            [
                "Sun 2026-10-25 02:30:00 +02:00",
                "Sun 2026-10-25 02:00:00 +01:00",
                "Sun 2026-10-25 02:30:00 +01:00",
                "Sun 2026-10-25 03:00:00 +01:00"
            ]
        );
    }

    #[test]
    fn what_is_no_time_is_refused_with_its_reason() {
        let refused = |text| Cron::parse(text, None).unwrap_err().to_string();
        assert_eq!(
            refused("30 6 * * *"),
            "\"30 6 * * *\" is not a cron expression: it has 5 fields, not six"
        );
        assert_eq!(refused("0 0 0 30 2 ?"), "the time \"0 0 0 30 2 ?\" never comes");
        for text in
            ["61 * * * * *", "a b c d e f", "* * * * * MONDAYS", "0 0 0 0 * *", "@ * * * * *"]
        {
            assert!(refused(text).starts_with(&format!("\"{text}\" is not a cron expression: ")));
        }
    }
}
