//! Printing: a moment in a zone through the items of a pattern.

use super::calendar::{Date, Instant, LocalDateTime};
use super::field::Field;
use super::names::{name, zone_names};
use super::pattern::{DateFormat, Item, NumberForm, NumberItem, OffsetItem, Part, Sign, Style};
use super::resolve::{aligned_week_of_month, week_based_year, week_of_month};
use super::zone::Zone;
use crate::error::Failure;
use crate::java::text::push;

impl DateFormat {
    /// Prints an instant as the clocks of `zone` show it.
    pub(crate) fn format(&self, instant: Instant, zone: &Zone) -> Result<String, Failure> {
        let offset = zone.offset_at(instant);
        let local = LocalDateTime::at(instant, offset);
        let mut out = String::new();
        Printer { instant, zone, offset, local }.items(&self.items, &mut out)?;
        Ok(out)
    }
}

struct Printer<'a> {
    instant: Instant,
    zone: &'a Zone,
    offset: i64,
    local: LocalDateTime,
}

impl Printer<'_> {
    fn items(&self, items: &[Item], out: &mut String) -> Result<(), Failure> {
        items.iter().try_for_each(|item| self.item(item, out))
    }

    fn item(&self, item: &Item, out: &mut String) -> Result<(), Failure> {
        match item {
            Item::Literal(text) => out.push_str(text),
            Item::Number(number) => self.number(*number, out)?,
            Item::Text { field, style } => {
                let value = self.value(*field);
                match name(*field, *style, value) {
                    Some(name) => out.push_str(name),
                    None => out.push_str(&value.to_string()),
                }
            }
            Item::DayPeriod(style) => {
                out.push_str(day_period(self.local.time.minute_of_day(), *style));
            }
            Item::Offset(form) => print_offset(self.offset, *form, out),
            Item::LocalizedOffset { full } => print_localized(self.offset, *full, out),
            Item::ZoneId => out.push_str(&self.zone.to_string()),
            Item::ZoneText { full, generic } => out.push_str(&self.zone_text(*full, *generic)),
            Item::Pad { width, item } => {
                let mut text = String::new();
                self.item(item, &mut text)?;
                let length = text.chars().count();
                if length > *width {
                    return Err(format!("'{text}' is wider than the pad of {width}").into());
                }
                out.extend(std::iter::repeat_n(' ', width - length));
                out.push_str(&text);
            }
            Item::Optional(items) => self.items(items, out)?,
            Item::Strict | Item::Lenient => {}
        }
        Ok(())
    }

    fn value(&self, field: Field) -> i64 {
        let Date(day) = self.local.date;
        let (year, month, day_of_month) = self.local.date.year_month_day();
        let (hour, minute, second) = self.local.time.hour_minute_second();
        match field {
            Field::Era => i64::from(year > 0),
            Field::Year => year,
            Field::YearOfEra => {
                if year > 0 {
                    year
                } else {
                    1 - year
                }
            }
            Field::QuarterOfYear => (month - 1) / 3 + 1,
            Field::MonthOfYear => month,
            Field::DayOfMonth => day_of_month,
            Field::DayOfYear => self.local.date.day_of_year(),
            Field::DayOfWeek => self.local.date.day_of_week(),
            Field::LocalDayOfWeek => self.local.date.day_of_week() % 7 + 1,
            Field::WeekBasedYear => week_based_year(self.local.date).0,
            Field::WeekOfYear => week_based_year(self.local.date).1,
            Field::WeekOfMonth => week_of_month(self.local.date),
            Field::AlignedWeekOfMonth => aligned_week_of_month(day_of_month),
            Field::ModifiedJulianDay => day + 40_587,
            Field::AmPm => hour / 12,
            Field::HourOfDay => hour,
            Field::ClockHourOfDay => {
                if hour == 0 {
                    24
                } else {
                    hour
                }
            }
            Field::HourOfAmPm => hour % 12,
            Field::ClockHourOfAmPm => {
                if hour % 12 == 0 {
                    12
                } else {
                    hour % 12
                }
            }
            Field::MinuteOfHour => minute,
            Field::SecondOfMinute => second,
            Field::NanoOfSecond => self.local.time.nanos_of_second(),
            Field::MilliOfDay => self.local.time.0 / 1_000_000,
            Field::NanoOfDay => self.local.time.0,
            Field::OffsetSeconds => self.offset,
        }
    }

    fn number(&self, item: NumberItem, out: &mut String) -> Result<(), Failure> {
        let value = self.value(item.field);
        if item.form == NumberForm::Fraction {
            let digits = format!("{value:09}");
            out.push_str(digits.get(..item.width_min).unwrap_or(&digits));
            return Ok(());
        }
        let value = if item.form == NumberForm::TwoDigitYear { value.abs() % 100 } else { value };
        let digits = value.unsigned_abs().to_string();
        if digits.len() > item.width_max {
            return Err(format!("{value} is wider than {} digits", item.width_max).into());
        }
        match item.sign {
            Sign::Never if value < 0 => {
                return Err(format!("{value} is negative and its field cannot be").into());
            }
            Sign::ExceedsPad if value >= 0 && digits.len() > item.width_min => out.push('+'),
            Sign::Normal | Sign::ExceedsPad if value < 0 => out.push('-'),
            _ => {}
        }
        out.extend(std::iter::repeat_n('0', item.width_min.saturating_sub(digits.len())));
        out.push_str(&digits);
        Ok(())
    }

    fn zone_text(&self, full: bool, generic: bool) -> String {
        let id = self.zone.to_string();
        if matches!(self.zone, Zone::Offset(_)) {
            return id;
        }
        let Some(names) = zone_names(&id) else { return id };
        let text = if generic {
            names.generic[usize::from(full)]
        } else {
            let forms = if full { names.long } else { names.short };
            forms[usize::from(self.zone.is_summer_time(self.instant))]
        };
        text.to_owned()
    }
}

fn print_offset(offset: i64, form: OffsetItem, out: &mut String) {
    let (hours, minutes, seconds) =
        (offset.abs() / 3600, offset.abs() / 60 % 60, offset.abs() % 60);
    let has_minutes = form.minutes == Part::Always || form.minutes == Part::NonZero && minutes > 0;
    let has_seconds = has_minutes
        && (form.seconds == Part::Always || form.seconds == Part::NonZero && seconds > 0);
    let printed =
        hours + if has_minutes { minutes } else { 0 } + if has_seconds { seconds } else { 0 };
    if printed == 0 {
        out.push_str(form.zero);
        return;
    }
    let colon = if form.colon { ":" } else { "" };
    out.push(if offset < 0 { '-' } else { '+' });
    push(out, format_args!("{hours:02}"));
    if has_minutes {
        push(out, format_args!("{colon}{minutes:02}"));
    }
    if has_seconds {
        push(out, format_args!("{colon}{seconds:02}"));
    }
}

fn print_localized(offset: i64, full: bool, out: &mut String) {
    out.push_str("GMT");
    if offset == 0 {
        return;
    }
    let (hours, minutes, seconds) =
        (offset.abs() / 3600, offset.abs() / 60 % 60, offset.abs() % 60);
    out.push(if offset < 0 { '-' } else { '+' });
    if full {
        push(out, format_args!("{hours:02}:{minutes:02}"));
        if seconds != 0 {
            push(out, format_args!(":{seconds:02}"));
        }
    } else {
        out.push_str(&hours.to_string());
        if minutes != 0 || seconds != 0 {
            push(out, format_args!(":{minutes:02}"));
            if seconds != 0 {
                push(out, format_args!(":{seconds:02}"));
            }
        }
    }
}

/// The periods of the day in English, as Java has them: their names, narrow and otherwise, and the
/// minutes of the day from which to which they last.
pub(super) const DAY_PERIODS: [(&str, &str, (i64, i64)); 6] = [
    ("midnight", "mi", (0, 1)),
    ("noon", "n", (720, 721)),
    ("in the morning", "in the morning", (0, 720)),
    ("in the afternoon", "in the afternoon", (720, 1080)),
    ("in the evening", "in the evening", (1080, 1260)),
    ("at night", "at night", (1260, 1440)),
];

fn day_period(minute_of_day: i64, style: Style) -> &'static str {
    let period =
        DAY_PERIODS.iter().find(|(_, _, (from, to))| (*from..*to).contains(&minute_of_day));
    match (period, style) {
        (Some((_, narrow, _)), Style::Narrow) => narrow,
        (Some((name, _, _)), _) => name,
        (None, _) => "",
    }
}
