//! Whether text is a date by a pattern (`isValidDate`): the calendar is checked strictly, and a
//! time that the clocks of a zone skip is not valid.

use super::calendar::{Date, LocalDateTime, Time};
use super::field::{Field, Fields};
use super::parse::Manner;
use super::pattern::DateFormat;
use super::zone::Zone;

/// Whether `text` follows the format and is a day and a time that exist.
pub(crate) fn is_valid_date(format: &DateFormat, text: &str, zone: Option<&Zone>) -> bool {
    let Ok(fields) = format.parse(text, Manner::LENIENT) else { return false };
    let (Some(month), Some(day)) = (fields.get(Field::MonthOfYear), fields.get(Field::DayOfMonth))
    else {
        return true;
    };
    if fields.get(Field::YearOfEra).is_some_and(|year| !Field::YearOfEra.is_valid(year)) {
        return false;
    }
    // Without a year the 29th of February is possible.
    let year = fields.get(Field::Year).or_else(|| fields.get(Field::YearOfEra)).unwrap_or(2000);
    let Ok(date) = Date::from_year_month_day(year, month, day) else { return false };
    let Some(zone) = zone.filter(|zone| !matches!(zone, Zone::Offset(_))) else { return true };
    match time(&fields) {
        TimeOfDay::At(time) => zone.has(LocalDateTime { date, time }),
        TimeOfDay::Impossible => false,
        TimeOfDay::Absent => true,
    }
}

/// What a text says of the time of day.
enum TimeOfDay {
    Absent,
    Impossible,
    At(Time),
}

fn time(fields: &Fields) -> TimeOfDay {
    let of_half_day = || {
        let clock_hour = || fields.get(Field::ClockHourOfAmPm).map(|hour| hour % 12);
        let hour = fields.get(Field::HourOfAmPm).or_else(clock_hour)?;
        Some(fields.get(Field::AmPm).unwrap_or(0) * 12 + hour)
    };
    let Some(hour) = fields.get(Field::HourOfDay).or_else(of_half_day) else {
        return TimeOfDay::Absent;
    };
    let minute = fields.get(Field::MinuteOfHour).unwrap_or(0);
    let second = fields.get(Field::SecondOfMinute).unwrap_or(0);
    let is_possible = Field::HourOfDay.is_valid(hour)
        && Field::MinuteOfHour.is_valid(minute)
        && Field::SecondOfMinute.is_valid(second);
    if is_possible {
        TimeOfDay::At(Time::new(hour, minute, second, 0))
    } else {
        TimeOfDay::Impossible
    }
}
