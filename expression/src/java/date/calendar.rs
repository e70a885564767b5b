//! The proleptic Gregorian calendar in plain arithmetic: days, times of day, instants. Years run as
//! far as Java's do (a billion both ways), which is why no date library stands here.

use std::fmt;

use crate::error::Failure;

pub(super) const SECONDS_PER_DAY: i64 = 86_400;
pub(super) const NANOS_PER_SECOND: i64 = 1_000_000_000;
/// The greatest year of Java's `LocalDate`; the least is its negative.
pub(super) const YEAR_MAX: i64 = 999_999_999;

/// A moment, in seconds since the epoch and nanoseconds of the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Instant {
    pub(crate) seconds: i64,
    pub(crate) nanos: u32,
}

impl Instant {
    pub(crate) fn from_epoch_ms(epoch_ms: i64) -> Self {
        Self {
            seconds: epoch_ms.div_euclid(1000),
            nanos: (epoch_ms.rem_euclid(1000) * 1_000_000) as u32,
        }
    }

    /// Milliseconds since the epoch, rounded down.
    pub(crate) fn epoch_ms(self) -> Result<i64, Failure> {
        self.scaled(1000)
    }

    /// Time since the epoch in `per_second` parts of a second, cut towards the epoch as
    /// `ChronoUnit.between` does for the finer units and rounded down for milliseconds.
    pub(crate) fn scaled(self, per_second: i64) -> Result<i64, Failure> {
        let part = i64::from(self.nanos) / (NANOS_PER_SECOND / per_second);
        self.seconds
            .checked_mul(per_second)
            .and_then(|whole| whole.checked_add(part))
            .ok_or_else(|| "the instant is too far from 1970 for this unit".into())
    }
}

impl fmt::Display for Instant {
    /// `Instant.toString`: ISO 8601 in UTC, the fraction in groups of three digits.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let local = LocalDateTime::at(*self, 0);
        let (year, month, day) = local.date.year_month_day();
        match year {
            10_000.. => write!(out, "+{year}")?,
            0..=9999 => write!(out, "{year:04}")?,
            _ => write!(out, "-{:04}", -year)?,
        }
        let (hour, minute, second) = local.time.hour_minute_second();
        write!(out, "-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")?;
        match self.nanos {
            0 => {}
            nanos if nanos % 1_000_000 == 0 => write!(out, ".{:03}", nanos / 1_000_000)?,
            nanos if nanos % 1000 == 0 => write!(out, ".{:06}", nanos / 1000)?,
            nanos => write!(out, ".{nanos:09}")?,
        }
        out.write_str("Z")
    }
}

/// A day, counted from 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Date(pub(super) i64);

impl Date {
    /// The day of a year, month and day, or why there is none.
    pub(super) fn from_year_month_day(year: i64, month: i64, day: i64) -> Result<Self, Failure> {
        if !(-YEAR_MAX..=YEAR_MAX).contains(&year) {
            return Err(format!("the year {year} is out of range").into());
        }
        if !(1..=12).contains(&month) {
            return Err(format!("there is no month {month}").into());
        }
        if !(1..=days_of_month(year, month)).contains(&day) {
            return Err(format!("there is no day {day} in month {month} of the year {year}").into());
        }
        Ok(Self(days_from_civil(year, month, day)))
    }

    /// Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`.
    pub(super) fn year_month_day(self) -> (i64, i64, i64) {
        let days = self.0 + 719_468;
        let era = days.div_euclid(146_097);
        let day_of_era = days.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted + 2) / 5 + 1;
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
        (year_of_era + era * 400 + i64::from(month <= 2), month, day)
    }

    /// The day of the week, 1 (Monday) to 7 (Sunday).
    pub(super) fn day_of_week(self) -> i64 {
        (self.0 + 3).rem_euclid(7) + 1
    }

    pub(super) fn day_of_year(self) -> i64 {
        let (year, _, _) = self.year_month_day();
        self.0 - days_from_civil(year, 1, 1) + 1
    }

    /// The same day of another month; the last of that month where it is shorter.
    pub(super) fn plus_months(self, months: i64) -> Result<Self, Failure> {
        let (year, month, day) = self.year_month_day();
        let total = year * 12 + (month - 1) + months;
        let (year, month) = (total.div_euclid(12), total.rem_euclid(12) + 1);
        Self::from_year_month_day(year, month, day.min(days_of_month(year, month)))
    }

    pub(super) fn plus_days(self, days: i64) -> Result<Self, Failure> {
        let moved = self.0.checked_add(days).map(Self);
        moved
            .filter(|date| date.0.unsigned_abs() < 366_000_000_000)
            .ok_or_else(|| "the date is out of range".into())
    }
}

fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let shifted = if month > 2 { month - 3 } else { month + 9 };
    let day_of_year = (153 * shifted + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

pub(super) fn is_leap_year(year: i64) -> bool {
    year.rem_euclid(4) == 0 && (year.rem_euclid(100) != 0 || year.rem_euclid(400) == 0)
}

pub(super) fn days_of_month(year: i64, month: i64) -> i64 {
    match month {
        2 => 28 + i64::from(is_leap_year(year)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// A time of day in nanoseconds since midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Time(pub(super) i64);

impl Time {
    pub(super) const MIDNIGHT: Self = Self(0);

    pub(super) fn new(hour: i64, minute: i64, second: i64, nanos: i64) -> Self {
        Self(((hour * 60 + minute) * 60 + second) * NANOS_PER_SECOND + nanos)
    }

    pub(super) fn hour_minute_second(self) -> (i64, i64, i64) {
        let seconds = self.0 / NANOS_PER_SECOND;
        (seconds / 3600, seconds / 60 % 60, seconds % 60)
    }

    pub(super) fn minute_of_day(self) -> i64 {
        self.0 / (60 * NANOS_PER_SECOND)
    }

    pub(super) fn nanos_of_second(self) -> i64 {
        self.0 % NANOS_PER_SECOND
    }
}

/// A date and a time without a zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct LocalDateTime {
    pub(super) date: Date,
    pub(super) time: Time,
}

impl LocalDateTime {
    /// What the clocks show at `instant`, `offset` seconds east of Greenwich.
    pub(super) fn at(instant: Instant, offset: i64) -> Self {
        // An offset is at most 18 hours, and an instant never comes that near to the bounds of i64.
        let seconds = instant.seconds.saturating_add(offset);
        let time = seconds.rem_euclid(SECONDS_PER_DAY) * NANOS_PER_SECOND;
        Self {
            date: Date(seconds.div_euclid(SECONDS_PER_DAY)),
            time: Time(time + i64::from(instant.nanos)),
        }
    }

    /// Seconds since the epoch if these clocks stood in UTC.
    pub(super) fn utc_seconds(self) -> i64 {
        self.date.0 * SECONDS_PER_DAY + self.time.0 / NANOS_PER_SECOND
    }

    pub(super) fn instant(self, offset: i64) -> Instant {
        Instant { seconds: self.utc_seconds() - offset, nanos: self.time.nanos_of_second() as u32 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_dates_are_inverse() {
        for days in [-1_000_000, -719_529, -719_528, -1, 0, 59, 11_016, 19_782, 2_932_896] {
            let (year, month, day) = Date(days).year_month_day();
            assert_eq!(Date::from_year_month_day(year, month, day).unwrap(), Date(days));
        }
        assert_eq!(Date(16_435).year_month_day(), (2014, 12, 31));
        assert_eq!(Date(16_435).day_of_week(), 3);
        assert_eq!(Date(16_435).day_of_year(), 365);
        assert!(Date::from_year_month_day(2023, 2, 29).is_err());
    }

    #[test]
    fn instants_print_as_in_java() {
        for (epoch_ms, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (1_420_058_163_264, "2014-12-31T20:36:03.264Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
            (253_402_300_800_000, "+10000-01-01T00:00:00Z"),
            (-62_198_755_200_000, "-0001-01-01T00:00:00Z"),
        ] {
            assert_eq!(Instant::from_epoch_ms(epoch_ms).to_string(), text);
        }
        let nanos = Instant { seconds: 0, nanos: 1_000 };
        assert_eq!(nanos.to_string(), "1970-01-01T00:00:00.000001Z");
    }
}
