//! Time zones by Java's ids: offsets (`+05:30`), prefixed offsets (`UTC+2`) and the regions of the
//! tz database, with the rules for local times that clocks skip or show twice.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, MappedLocalTime, NaiveDateTime, Offset, TimeZone};
use chrono_tz::{OffsetComponents, Tz};

use super::calendar::{Date, Instant, LocalDateTime, SECONDS_PER_DAY, is_leap_year};
use super::names::zone_names;
use crate::error::Failure;

/// The greatest offset from Greenwich, 18 hours, in seconds.
pub(super) const OFFSET_SECONDS_MAX: i64 = 18 * 3600;

const NEGATIVE_SUMMER: [&str; 4] =
    ["Europe/Dublin", "Eire", "Africa/Casablanca", "Africa/El_Aaiun"];

/// A time zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Zone {
    /// An offset in seconds east of Greenwich; Java's `ZoneOffset`.
    Offset(i64),
    /// A fixed offset under a name of its own, such as `UTC+02:00` or plain `GMT`.
    Named { name: String, offset: i64 },
    /// A region of the tz database.
    Region { name: String, rules: Tz },
}

impl Zone {
    /// The zone that Java's default would be here.
    pub(crate) fn utc() -> Self {
        Self::Named { name: "UTC".to_owned(), offset: 0 }
    }

    /// `ZoneId.of`.
    pub(crate) fn parse(id: &str) -> Result<Self, Failure> {
        if id == "Z" {
            return Ok(Self::Offset(0));
        }
        if id.starts_with(['+', '-']) {
            let offset = parse_offset(id);
            return offset.map(Self::Offset).ok_or_else(|| unknown(id));
        }
        for prefix in ["UTC", "GMT", "UT"] {
            let Some(rest) = id.strip_prefix(prefix) else { continue };
            if rest.is_empty() {
                return Ok(Self::Named { name: id.to_owned(), offset: 0 });
            }
            if rest.starts_with(['+', '-']) {
                let offset = parse_offset(rest).ok_or_else(|| unknown(id))?;
                let suffix = if offset == 0 { String::new() } else { offset_text(offset) };
                return Ok(Self::Named { name: format!("{prefix}{suffix}"), offset });
            }
        }
        // The tz database has a few names, such as EST, that Java does not know any more.
        match Tz::from_str(id).ok().filter(|_| zone_names(id).is_some()) {
            Some(rules) => Ok(Self::Region { name: id.to_owned(), rules }),
            None => Err(unknown(id)),
        }
    }

    /// The offset at an instant, in seconds.
    pub(super) fn offset_at(&self, instant: Instant) -> i64 {
        match self {
            Self::Offset(offset) | Self::Named { offset, .. } => *offset,
            Self::Region { rules, .. } => {
                let utc = utc(instant.seconds);
                i64::from(rules.offset_from_utc_datetime(&utc).fix().local_minus_utc())
            }
        }
    }

    /// Whether clocks are moved for summer at an instant.
    pub(super) fn is_summer_time(&self, instant: Instant) -> bool {
        match self {
            Self::Offset(_) | Self::Named { .. } => false,
            // The tz database calls the winter of these zones a negative summer; Java does not.
            Self::Region { name, .. } if NEGATIVE_SUMMER.contains(&name.as_str()) => {
                self.offset_at(instant) == 3600
            }
            Self::Region { rules, .. } => {
                let offset = rules.offset_from_utc_datetime(&utc(instant.seconds));
                !offset.dst_offset().is_zero()
            }
        }
    }

    /// The instant at which clocks show `local`: the earlier one where they show it twice, moved
    /// by the length of the gap where they skip it.
    pub(super) fn instant_of(&self, local: LocalDateTime) -> Instant {
        local.instant(self.offset_of(local))
    }

    fn offset_of(&self, local: LocalDateTime) -> i64 {
        match self {
            Self::Offset(offset) | Self::Named { offset, .. } => *offset,
            Self::Region { rules, .. } => {
                let naive = utc(local.utc_seconds());
                match rules.offset_from_local_datetime(&naive) {
                    MappedLocalTime::Single(offset) | MappedLocalTime::Ambiguous(offset, _) => {
                        i64::from(offset.fix().local_minus_utc())
                    }
                    // In a gap the offset before it holds: no gap is longer than a day.
                    MappedLocalTime::None => {
                        let before = Instant { seconds: local.utc_seconds() - 129_600, nanos: 0 };
                        self.offset_at(before)
                    }
                }
            }
        }
    }

    /// The instant at which clocks show `local`; where they show it twice, the one of `offset`.
    pub(super) fn instant_near(&self, local: LocalDateTime, offset: i64) -> Instant {
        let preferred = local.instant(offset);
        if self.offset_at(preferred) == offset { preferred } else { self.instant_of(local) }
    }

    /// Whether clocks ever show `local`.
    pub(super) fn has(&self, local: LocalDateTime) -> bool {
        match self {
            Self::Offset(_) | Self::Named { .. } => true,
            Self::Region { rules, .. } => !matches!(
                rules.offset_from_local_datetime(&utc(local.utc_seconds())),
                MappedLocalTime::None
            ),
        }
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Offset(offset) => out.write_str(&offset_text(*offset)),
            Self::Named { name, .. } | Self::Region { name, .. } => out.write_str(name),
        }
    }
}

fn unknown(id: &str) -> Failure {
    format!("unknown time zone '{id}'").into()
}

/// The time by which a zone's rules are asked. Their table ends with this century, but the rules do
/// not; a later year is asked for as an earlier one with the same calendar.
fn utc(seconds: i64) -> NaiveDateTime {
    /// The last 28 years of the table that have every calendar there is.
    const YEARS: std::ops::RangeInclusive<i64> = 2060..=2087;
    // No zone has rules before the year -100000.
    let seconds = seconds.max(-3_155_000_000_000);
    let (year, _, _) = Date(seconds.div_euclid(SECONDS_PER_DAY)).year_month_day();
    let seconds = if year > *YEARS.end() {
        let first_day = |year| Date::from_year_month_day(year, 1, 1).map_or(0, |date| date.0);
        let calendar = |year| (first_day(year).rem_euclid(7), is_leap_year(year));
        let same = YEARS.clone().find(|earlier| calendar(*earlier) == calendar(year));
        let days = same.map_or(0, |earlier| first_day(year) - first_day(earlier));
        seconds - days * SECONDS_PER_DAY
    } else {
        seconds
    };
    DateTime::from_timestamp(seconds, 0).unwrap_or(DateTime::UNIX_EPOCH).naive_utc()
}

/// `ZoneOffset.getId`: `Z`, `+05:30`, `-01:02:03`.
pub(super) fn offset_text(offset: i64) -> String {
    if offset == 0 {
        return "Z".to_owned();
    }
    let sign = if offset < 0 { '-' } else { '+' };
    let seconds = offset.abs();
    let text = format!("{sign}{:02}:{:02}", seconds / 3600, seconds / 60 % 60);
    if seconds % 60 == 0 { text } else { format!("{text}:{:02}", seconds % 60) }
}

/// `ZoneOffset.of`: `+h`, `+hh`, `+hh:mm`, `+hhmm`, `+hh:mm:ss`, `+hhmmss`.
pub(super) fn parse_offset(text: &str) -> Option<i64> {
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let digits = text.get(1..).filter(|rest| rest.is_ascii())?;
    let part = |range: std::ops::Range<usize>| -> Option<i64> {
        let part = digits.get(range)?;
        part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse().ok())?
    };
    let colon = |index: usize| digits.as_bytes().get(index) == Some(&b':');
    let (hours, minutes, seconds) = match digits.len() {
        1 => (part(0..1)?, 0, 0),
        2 => (part(0..2)?, 0, 0),
        4 => (part(0..2)?, part(2..4)?, 0),
        5 if colon(2) => (part(0..2)?, part(3..5)?, 0),
        6 => (part(0..2)?, part(2..4)?, part(4..6)?),
        8 if colon(2) && colon(5) => (part(0..2)?, part(3..5)?, part(6..8)?),
        _ => return None,
    };
    let total = hours * 3600 + minutes * 60 + seconds;
    (minutes < 60 && seconds < 60 && total <= OFFSET_SECONDS_MAX).then_some(sign * total)
}

#[cfg(test)]
mod tests {
    use super::super::calendar::Time;
    use super::*;

    fn local(year: i64, month: i64, day: i64, hour: i64, minute: i64) -> LocalDateTime {
        LocalDateTime {
            date: Date::from_year_month_day(year, month, day).unwrap(),
            time: Time::new(hour, minute, 0, 0),
        }
    }

    #[test]
    fn ids_are_javas() {
        for (id, name) in [
            ("Z", "Z"),
            ("+5", "+05:00"),
            ("-0530", "-05:30"),
            ("UTC+2", "UTC+02:00"),
            ("GMT", "GMT"),
            ("Europe/Berlin", "Europe/Berlin"),
        ] {
            assert_eq!(Zone::parse(id).unwrap().to_string(), name);
        }
        for id in ["PST", "Nope/Zone", "+19", "", "+1:00", "europe/berlin", "+é"] {
            assert!(Zone::parse(id).is_err(), "{id}");
        }
    }

    #[test]
    fn gaps_move_forward_and_overlaps_take_the_earlier() {
        let new_york = Zone::parse("America/New_York").unwrap();
        let gap = new_york.instant_of(local(2021, 3, 14, 2, 30));
        assert_eq!(gap.seconds, 1_615_707_000);
        assert!(!new_york.has(local(2021, 3, 14, 2, 30)));
        let overlap = new_york.instant_of(local(2021, 11, 7, 1, 30));
        assert_eq!(new_york.offset_at(overlap), -4 * 3600);
    }

    #[test]
    fn instants_beyond_the_calendar_do_not_panic() {
        let zone = Zone::parse("Europe/Berlin").unwrap();
        for seconds in [i64::MIN / 2000, i64::MAX / 2000] {
            zone.offset_at(Instant { seconds, nanos: 0 });
        }
    }
}
