//! What parsed fields mean together: Java's smart resolver, for the fields that patterns reach.

use super::calendar::{
    Date, Instant, LocalDateTime, NANOS_PER_SECOND, Time, days_of_month, is_leap_year,
};
use super::field::{Field, Fields};
use super::zone::Zone;
use crate::error::Failure;

/// What a text says, as far as it says it.
#[derive(Debug)]
pub(super) struct Resolved {
    pub(super) date: Option<Date>,
    pub(super) time: Option<Time>,
    /// The moment, where date, time and an offset or zone are known.
    pub(super) instant: Option<Instant>,
}

/// Resolves fields; `zone` is the zone of the format, for texts that name none.
pub(super) fn resolve(mut fields: Fields, zone: Option<&Zone>) -> Result<Resolved, Failure> {
    let mut date = resolve_date(&mut fields)?;
    let (mut time, next_day) = resolve_time(&mut fields)?;
    check(&fields, date, time)?;
    if next_day {
        date = match date {
            Some(date) => Some(date.plus_days(1)?),
            None => None,
        };
    }
    match (time, fields.day_period) {
        (None, Some((from, to))) if fields.get(Field::HourOfAmPm).is_none() => {
            let middle = i64::midpoint(from, to);
            time = Some(Time::new(middle / 60, middle % 60, 0, 0));
        }
        (Some(time), Some((from, to))) if !(from..to).contains(&time.minute_of_day()) => {
            return Err("the time of day is not in its period".into());
        }
        _ => {}
    }
    let instant = match (date, time) {
        (Some(date), Some(time)) => {
            let local = LocalDateTime { date, time };
            match (fields.get(Field::OffsetSeconds), fields.zone.as_ref().or(zone)) {
                (Some(offset), _) => Some(local.instant(valid(Field::OffsetSeconds, offset)?)),
                (None, Some(zone)) => Some(zone.instant_of(local)),
                (None, None) => None,
            }
        }
        _ => None,
    };
    Ok(Resolved { date, time, instant })
}

fn resolve_date(fields: &mut Fields) -> Result<Option<Date>, Failure> {
    if let Some(day) = fields.take(Field::ModifiedJulianDay) {
        return Date(0).plus_days(day - 40_587).map(Some);
    }
    resolve_year(fields)?;
    if let Some(local) = fields.take(Field::LocalDayOfWeek) {
        let day = (valid(Field::LocalDayOfWeek, local)? + 5) % 7 + 1;
        set(fields, Field::DayOfWeek, day)?;
    }
    if let Some(date) = resolve_week_based_year(fields)? {
        return Ok(Some(date));
    }
    let Some(year) = fields.get(Field::Year) else { return Ok(None) };
    if let Some(month) = fields.get(Field::MonthOfYear) {
        if let Some(day) = fields.get(Field::DayOfMonth) {
            return resolve_day(fields, year, month, day).map(Some);
        }
        if let Some(date) = resolve_week_of_month(fields, year, month)? {
            return Ok(Some(date));
        }
    }
    if let Some(day) = fields.get(Field::DayOfYear) {
        valid(Field::Year, year)?;
        valid(Field::DayOfYear, day)?;
        if day == 366 && !is_leap_year(year) {
            return Err(format!("there is no day 366 in the year {year}").into());
        }
        take_all(fields, &[Field::Year, Field::DayOfYear]);
        return Date::from_year_month_day(year, 1, 1)?.plus_days(day - 1).map(Some);
    }
    Ok(None)
}

fn resolve_year(fields: &mut Fields) -> Result<(), Failure> {
    let era = fields.get(Field::Era);
    if let Some(era) = era {
        valid(Field::Era, era)?;
    }
    let Some(of_era) = fields.take(Field::YearOfEra) else { return Ok(()) };
    valid(Field::YearOfEra, of_era)?;
    let year = match (fields.take(Field::Era), fields.get(Field::Year)) {
        (Some(0), _) => 1 - of_era,
        (None, Some(year)) if year <= 0 => 1 - of_era,
        _ => of_era,
    };
    set(fields, Field::Year, year)
}

fn resolve_day(fields: &mut Fields, year: i64, month: i64, day: i64) -> Result<Date, Failure> {
    valid(Field::Year, year)?;
    valid(Field::MonthOfYear, month)?;
    valid(Field::DayOfMonth, day)?;
    take_all(fields, &[Field::Year, Field::MonthOfYear, Field::DayOfMonth]);
    Date::from_year_month_day(year, month, day.min(days_of_month(year, month)))
}

/// Week and day of a month: weeks of seven days from the 1st (`F`), or from Sunday (`W`).
fn resolve_week_of_month(
    fields: &mut Fields,
    year: i64,
    month: i64,
) -> Result<Option<Date>, Failure> {
    let Some(day_of_week) = fields.get(Field::DayOfWeek) else { return Ok(None) };
    valid(Field::DayOfWeek, day_of_week)?;
    valid(Field::MonthOfYear, month)?;
    let first = Date::from_year_month_day(year, month, 1)?;
    let date = if let Some(week) = fields.take(Field::AlignedWeekOfMonth) {
        valid(Field::AlignedWeekOfMonth, week)?;
        let ahead = (day_of_week - first.day_of_week()).rem_euclid(7);
        first.plus_days((week - 1) * 7 + ahead)?
    } else if let Some(week) = fields.take(Field::WeekOfMonth) {
        valid(Field::WeekOfMonth, week)?;
        let sunday = first.plus_days(-(first.day_of_week() % 7))?;
        sunday.plus_days((week - 1) * 7 + day_of_week % 7)?
    } else {
        return Ok(None);
    };
    take_all(fields, &[Field::Year, Field::MonthOfYear, Field::DayOfWeek]);
    Ok(Some(date))
}

fn resolve_week_based_year(fields: &mut Fields) -> Result<Option<Date>, Failure> {
    let (Some(year), Some(week), Some(day)) = (
        fields.get(Field::WeekBasedYear),
        fields.get(Field::WeekOfYear),
        fields.get(Field::DayOfWeek),
    ) else {
        return Ok(None);
    };
    valid(Field::WeekBasedYear, year)?;
    valid(Field::WeekOfYear, week)?;
    valid(Field::DayOfWeek, day)?;
    let first = Date::from_year_month_day(year, 1, 1)?;
    let sunday = first.plus_days(-(first.day_of_week() % 7))?;
    let date = sunday.plus_days((week - 1) * 7 + day % 7)?;
    if week_based_year(date).0 != year {
        return Err(format!("there is no week {week} in the year {year}").into());
    }
    take_all(fields, &[Field::WeekBasedYear, Field::WeekOfYear, Field::DayOfWeek]);
    Ok(Some(date))
}

/// The week-based year and the week of it: weeks begin on Sunday, and the first is the one with
/// the 1st of January.
pub(super) fn week_based_year(date: Date) -> (i64, i64) {
    let (year, _, _) = date.year_month_day();
    let begin = |year: i64| {
        let first = Date::from_year_month_day(year, 1, 1).unwrap_or(date);
        Date(first.0 - first.day_of_week() % 7)
    };
    let next = begin(year + 1);
    if date >= next { (year + 1, 1) } else { (year, (date.0 - begin(year).0) / 7 + 1) }
}

/// The week of the month; weeks begin on Sunday, and the first is the one with the 1st.
pub(super) fn week_of_month(date: Date) -> i64 {
    let (_, _, day) = date.year_month_day();
    let first = Date(date.0 - day + 1);
    (day - 1 + first.day_of_week() % 7) / 7 + 1
}

/// The week of the month, counted in sevens from the 1st.
pub(super) fn aligned_week_of_month(day_of_month: i64) -> i64 {
    (day_of_month - 1) / 7 + 1
}

/// The time of day, and whether it is the midnight at the end of the day.
fn resolve_time(fields: &mut Fields) -> Result<(Option<Time>, bool), Failure> {
    if let Some(hour) = fields.take(Field::ClockHourOfDay) {
        if hour != 0 {
            valid(Field::ClockHourOfDay, hour)?;
        }
        set(fields, Field::HourOfDay, hour % 24)?;
    }
    if let Some(hour) = fields.take(Field::ClockHourOfAmPm) {
        if hour != 0 {
            valid(Field::ClockHourOfAmPm, hour)?;
        }
        set(fields, Field::HourOfAmPm, hour % 12)?;
    }
    resolve_half_day(fields)?;
    for (field, unit) in [(Field::NanoOfDay, 1), (Field::MilliOfDay, 1_000_000)] {
        if let Some(value) = fields.take(field) {
            let nanos = valid(field, value)? * unit;
            set(fields, Field::HourOfDay, nanos / (3600 * NANOS_PER_SECOND))?;
            set(fields, Field::MinuteOfHour, nanos / (60 * NANOS_PER_SECOND) % 60)?;
            set(fields, Field::SecondOfMinute, nanos / NANOS_PER_SECOND % 60)?;
            set(fields, Field::NanoOfSecond, nanos % NANOS_PER_SECOND)?;
        }
    }
    let minute = fields.get(Field::MinuteOfHour);
    let second = fields.get(Field::SecondOfMinute);
    let nano = fields.get(Field::NanoOfSecond);
    let gap = minute.is_none() && (second.is_some() || nano.is_some())
        || minute.is_some() && second.is_none() && nano.is_some();
    let hour = fields.get(Field::HourOfDay);
    let Some(hour) = hour.filter(|_| !gap) else {
        for (field, value) in [
            (Field::HourOfDay, hour),
            (Field::MinuteOfHour, minute),
            (Field::SecondOfMinute, second),
            (Field::NanoOfSecond, nano),
            (Field::HourOfAmPm, fields.get(Field::HourOfAmPm)),
            (Field::AmPm, fields.get(Field::AmPm)),
        ] {
            if let Some(value) = value {
                valid(field, value)?;
            }
        }
        return Ok((None, false));
    };
    let (minute, second, nano) = (minute.unwrap_or(0), second.unwrap_or(0), nano.unwrap_or(0));
    take_all(
        fields,
        &[Field::HourOfDay, Field::MinuteOfHour, Field::SecondOfMinute, Field::NanoOfSecond],
    );
    if (hour, minute, second, nano) == (24, 0, 0, 0) {
        return Ok((Some(Time::MIDNIGHT), true));
    }
    valid(Field::HourOfDay, hour)?;
    valid(Field::MinuteOfHour, minute)?;
    valid(Field::SecondOfMinute, second)?;
    Ok((Some(Time::new(hour, minute, second, nano)), false))
}

/// Hours of a half day with `AM` or `PM`, or with the period of the day.
fn resolve_half_day(fields: &mut Fields) -> Result<(), Failure> {
    let Some(hour) = fields.get(Field::HourOfAmPm) else { return Ok(()) };
    let half = match (fields.get(Field::AmPm), fields.day_period) {
        (Some(half), _) => half,
        (None, Some((from, to))) => {
            fields.day_period = None;
            let minute = fields.get(Field::MinuteOfHour).unwrap_or(0);
            i64::from((from..to).contains(&((hour + 12) * 60 + minute)))
        }
        (None, None) => return Ok(()),
    };
    valid(Field::AmPm, half)?;
    valid(Field::HourOfAmPm, hour)?;
    take_all(fields, &[Field::AmPm, Field::HourOfAmPm]);
    set(fields, Field::HourOfDay, half * 12 + hour)
}

/// Every field that is left must agree with the date and the time.
fn check(fields: &Fields, date: Option<Date>, time: Option<Time>) -> Result<(), Failure> {
    let mut known: Vec<(Field, i64)> = Vec::new();
    if let Some(date) = date {
        let (year, month, day) = date.year_month_day();
        known.extend([
            (Field::Year, year),
            (Field::Era, i64::from(year > 0)),
            (Field::QuarterOfYear, (month - 1) / 3 + 1),
            (Field::MonthOfYear, month),
            (Field::DayOfMonth, day),
            (Field::DayOfYear, date.day_of_year()),
            (Field::DayOfWeek, date.day_of_week()),
            (Field::WeekBasedYear, week_based_year(date).0),
            (Field::WeekOfYear, week_based_year(date).1),
            (Field::WeekOfMonth, week_of_month(date)),
            (Field::AlignedWeekOfMonth, aligned_week_of_month(day)),
        ]);
    }
    if let Some(time) = time {
        let (hour, ..) = time.hour_minute_second();
        known.extend([(Field::AmPm, hour / 12), (Field::HourOfAmPm, hour % 12)]);
    }
    for (field, value) in known {
        if let Some(parsed) = fields.get(field)
            && parsed != value
        {
            return Err(format!(
                "the parts contradict each other: {field:?} is {parsed} and should be {value}"
            )
            .into());
        }
    }
    Ok(())
}

fn valid(field: Field, value: i64) -> Result<i64, Failure> {
    if field.is_valid(value) {
        Ok(value)
    } else {
        let (least, greatest) = field.range();
        Err(format!("{value} is no {field:?}: it runs from {least} to {greatest}").into())
    }
}

fn set(fields: &mut Fields, field: Field, value: i64) -> Result<(), Failure> {
    if fields.set(field, value) {
        Ok(())
    } else {
        Err(format!("the parts contradict each other in {field:?}").into())
    }
}

fn take_all(fields: &mut Fields, taken: &[Field]) {
    for field in taken {
        fields.take(*field);
    }
}
