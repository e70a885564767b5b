//! The fields of a date that patterns name, and a small map of their parsed values.

use super::zone::Zone;

/// A field of `ChronoField`, `IsoFields` or the US week fields, as far as patterns reach them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Era,
    Year,
    YearOfEra,
    QuarterOfYear,
    MonthOfYear,
    DayOfMonth,
    DayOfYear,
    DayOfWeek,
    /// Sunday is 1.
    LocalDayOfWeek,
    WeekBasedYear,
    WeekOfYear,
    WeekOfMonth,
    AlignedWeekOfMonth,
    ModifiedJulianDay,
    AmPm,
    HourOfDay,
    ClockHourOfDay,
    HourOfAmPm,
    ClockHourOfAmPm,
    MinuteOfHour,
    SecondOfMinute,
    NanoOfSecond,
    MilliOfDay,
    NanoOfDay,
    OffsetSeconds,
}

const COUNT: usize = Field::OffsetSeconds as usize + 1;

impl Field {
    /// The values that the field may have.
    pub(super) fn range(self) -> (i64, i64) {
        use super::calendar::YEAR_MAX;
        match self {
            Self::Era | Self::AmPm => (0, 1),
            Self::Year | Self::WeekBasedYear => (-YEAR_MAX, YEAR_MAX),
            Self::YearOfEra => (1, YEAR_MAX + 1),
            Self::QuarterOfYear => (1, 4),
            Self::MonthOfYear | Self::ClockHourOfAmPm => (1, 12),
            Self::DayOfMonth => (1, 31),
            Self::DayOfYear => (1, 366),
            Self::DayOfWeek | Self::LocalDayOfWeek => (1, 7),
            Self::WeekOfYear => (1, 54),
            Self::WeekOfMonth => (0, 6),
            Self::AlignedWeekOfMonth => (1, 5),
            Self::ModifiedJulianDay => (-365_243_219_162 + 40_587, 365_241_780_471 + 40_587),
            Self::HourOfDay => (0, 23),
            Self::ClockHourOfDay => (1, 24),
            Self::HourOfAmPm => (0, 11),
            Self::MinuteOfHour | Self::SecondOfMinute => (0, 59),
            Self::NanoOfSecond => (0, 999_999_999),
            Self::MilliOfDay => (0, 86_399_999),
            Self::NanoOfDay => (0, 86_399_999_999_999),
            Self::OffsetSeconds => (-64_800, 64_800),
        }
    }

    pub(super) fn is_valid(self, value: i64) -> bool {
        let (least, greatest) = self.range();
        (least..=greatest).contains(&value)
    }
}

/// What was parsed, before it is resolved.
#[derive(Debug, Clone)]
pub(super) struct Fields {
    values: [Option<i64>; COUNT],
    pub(super) zone: Option<Zone>,
    /// The period of the day (`B`), by the minutes from which to which it lasts.
    pub(super) day_period: Option<(i64, i64)>,
}

impl Fields {
    pub(super) fn new() -> Self {
        Self { values: [None; COUNT], zone: None, day_period: None }
    }

    pub(super) fn get(&self, field: Field) -> Option<i64> {
        self.values[field as usize]
    }

    pub(super) fn take(&mut self, field: Field) -> Option<i64> {
        self.values[field as usize].take()
    }

    /// Sets a field; `false` where it has another value already.
    #[must_use]
    pub(super) fn set(&mut self, field: Field, value: i64) -> bool {
        *self.values[field as usize].get_or_insert(value) == value
    }
}
