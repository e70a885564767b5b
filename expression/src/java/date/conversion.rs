//! The conversions between text and moments that NiFi makes without being asked for a pattern, and
//! the one from text to a date by a pattern.

use std::sync::LazyLock;

use super::calendar::{Date, Instant, LocalDateTime, Time};
use super::field::Field;
use super::names::name;
use super::parse::Manner;
use super::pattern::{
    Adjacent, DateFormat, Item, NumberForm, NumberItem, OffsetItem, Part, Sign, Style, fixed,
};
use super::resolve::{Resolved, resolve};
use super::zone::Zone;
use crate::error::Failure;

impl DateFormat {
    /// A date from text, in milliseconds. NiFi parses leniently and in any case; where the text has
    /// no time of day it is midnight, where it has no day it is 1970-01-01, and where it lacks one
    /// of the two the zone of the format does not count.
    pub(crate) fn parse_date(&self, text: &str, zone: Option<&Zone>) -> Result<i64, Failure> {
        let fields = self.parse(text, Manner::LENIENT)?;
        let resolved = resolve(fields, zone)?;
        to_epoch_ms(moment(&resolved, text)?)
    }

    /// An instant from text; the text must say the day and the time.
    pub(crate) fn parse_instant(&self, text: &str, zone: &Zone) -> Result<Instant, Failure> {
        self.instant(text, Manner::STRICT, Some(zone))
    }

    fn instant(&self, text: &str, manner: Manner, zone: Option<&Zone>) -> Result<Instant, Failure> {
        let resolved = resolve(self.parse(text, manner)?, zone)?;
        resolved.instant.ok_or_else(|| format!("'{text}' does not say which instant it is").into())
    }
}

fn moment(resolved: &Resolved, text: &str) -> Result<Instant, Failure> {
    if let Some(instant) = resolved.instant {
        return Ok(instant);
    }
    let date = resolved.date.unwrap_or(Date(0));
    let time = resolved.time.unwrap_or(Time::MIDNIGHT);
    if resolved.date.is_none() && resolved.time.is_none() {
        return Err(format!("'{text}' says neither a day nor a time of day").into());
    }
    Ok(LocalDateTime { date, time }.instant(0))
}

/// Milliseconds of an instant; a failure where a date cannot hold them.
pub(crate) fn to_epoch_ms(instant: Instant) -> Result<i64, Failure> {
    instant.epoch_ms()
}

/// `Date.toString` in UTC. Days before 1582-10-15 are in the Julian calendar, as Java has them.
pub(crate) fn date_text(epoch_ms: i64) -> String {
    let local = LocalDateTime::at(Instant::from_epoch_ms(epoch_ms), 0);
    let (year, month, day) = match local.date {
        Date(days) if days < -141_427 => julian(days),
        date => date.year_month_day(),
    };
    let (hour, minute, second) = local.time.hour_minute_second();
    let weekday = name(Field::DayOfWeek, Style::Short, local.date.day_of_week());
    let month = name(Field::MonthOfYear, Style::Short, month);
    let year = if year > 0 { year } else { 1 - year };
    format!(
        "{} {} {day:02} {hour:02}:{minute:02}:{second:02} UTC {year}",
        weekday.unwrap_or_default(),
        month.unwrap_or_default(),
    )
}

fn julian(days: i64) -> (i64, i64, i64) {
    // Days since 0000-03-01 of the Julian calendar.
    let days = days + 719_470;
    let cycle = days.div_euclid(1461);
    let day_of_cycle = days.rem_euclid(1461);
    let year_of_cycle = (day_of_cycle / 365).min(3);
    let day_of_year = day_of_cycle - year_of_cycle * 365;
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (cycle * 4 + year_of_cycle + i64::from(month <= 2), month, day)
}

static WRITTEN_DATE: LazyLock<Option<DateFormat>> =
    LazyLock::new(|| DateFormat::compile("EEE MMM dd HH:mm:ss zzz yyyy").ok());
static SLASHED_DATE: LazyLock<Option<DateFormat>> =
    LazyLock::new(|| DateFormat::compile("yyyy/MM/dd HH:mm:ss").ok());
static SLASHED_DATE_MS: LazyLock<Option<DateFormat>> =
    LazyLock::new(|| DateFormat::compile("yyyy/MM/dd HH:mm:ss.SSS").ok());

/// A date from text without a pattern: milliseconds, `yyyy/MM/dd HH:mm:ss[.SSS]`, or what
/// `Date.toString` writes.
pub(crate) fn parse_date_text(text: &str) -> Result<i64, Failure> {
    if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        return text
            .parse()
            .map_err(|_| format!("the number '{text}' does not fit in 64 bits").into());
    }
    let shape = shape(text);
    if let Some(format) = WRITTEN_DATE.as_ref().filter(|_| is_written_date(text)) {
        return to_epoch_ms(format.instant(text, Manner::LENIENT, None)?);
    }
    let slashed = match shape.as_str() {
        "dddd/dd/dd dd:dd:dd" => SLASHED_DATE.as_ref(),
        "dddd/dd/dd dd:dd:dd.ddd" => SLASHED_DATE_MS.as_ref(),
        _ => None,
    };
    match slashed {
        Some(format) => format.parse_date(text, None),
        None => Err(format!("'{text}' cannot be taken for a date without a pattern").into()),
    }
}

/// The text with `d` for every digit.
fn shape(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_digit() { 'd' } else { c }).collect()
}

/// Whether the text looks like `Wed Dec 31 12:00:04 UTC 2016`.
fn is_written_date(text: &str) -> bool {
    let letters = |part: Option<&str>| {
        part.is_some_and(|part| part.len() == 3 && part.bytes().all(|b| b.is_ascii_alphabetic()))
    };
    let shaped =
        |part: Option<&str>, expected: &str| part.is_some_and(|part| shape(part) == expected);
    let mut parts = text.splitn(5, ' ');
    letters(parts.next())
        && letters(parts.next())
        && shaped(parts.next(), "dd")
        && shaped(parts.next(), "dd:dd:dd")
        && parts.next().is_some_and(|rest| {
            !rest.contains('\n')
                && rest.rsplit_once(' ').is_some_and(|(_, year)| shape(year) == "dddd")
        })
}

/// ISO 8601 with an offset, and RFC 1123: the texts that are instants to NiFi.
static INSTANT_FORMATS: LazyLock<[DateFormat; 2]> = LazyLock::new(|| [iso_offset(), rfc_1123()]);

fn iso_offset() -> DateFormat {
    let year = Item::Number(NumberItem {
        field: Field::Year,
        width_min: 4,
        width_max: 10,
        sign: Sign::ExceedsPad,
        adjacent: Adjacent::No,
        form: NumberForm::Plain,
    });
    let fraction = Item::Optional(vec![literal("."), fraction_of_any_width()]);
    DateFormat::of(vec![
        year,
        literal("-"),
        fixed(Field::MonthOfYear, 2),
        literal("-"),
        fixed(Field::DayOfMonth, 2),
        literal("T"),
        fixed(Field::HourOfDay, 2),
        literal(":"),
        fixed(Field::MinuteOfHour, 2),
        Item::Optional(vec![literal(":"), fixed(Field::SecondOfMinute, 2), fraction]),
        Item::Lenient,
        offset(Part::NonZero, true, "Z"),
        Item::Strict,
    ])
}

fn rfc_1123() -> DateFormat {
    let day = Item::Number(NumberItem {
        field: Field::DayOfMonth,
        width_min: 1,
        width_max: 2,
        sign: Sign::Never,
        adjacent: Adjacent::No,
        form: NumberForm::Plain,
    });
    let second = vec![literal(":"), fixed(Field::SecondOfMinute, 2)];
    DateFormat::of(vec![
        Item::Lenient,
        Item::Optional(vec![
            Item::Strict,
            Item::Text { field: Field::DayOfWeek, style: Style::Short },
            literal(", "),
            Item::Lenient,
        ]),
        day,
        literal(" "),
        Item::Strict,
        Item::Text { field: Field::MonthOfYear, style: Style::Short },
        Item::Lenient,
        literal(" "),
        fixed(Field::Year, 4),
        literal(" "),
        fixed(Field::HourOfDay, 2),
        literal(":"),
        fixed(Field::MinuteOfHour, 2),
        Item::Optional(second),
        literal(" "),
        offset(Part::Absent, false, "GMT"),
    ])
}

fn literal(text: &str) -> Item {
    Item::Literal(text.to_owned())
}

fn offset(seconds: Part, colon: bool, zero: &'static str) -> Item {
    Item::Offset(OffsetItem { minutes: Part::Always, seconds, colon, zero })
}

fn fraction_of_any_width() -> Item {
    Item::Number(NumberItem {
        field: Field::NanoOfSecond,
        width_min: 0,
        width_max: 9,
        sign: Sign::Never,
        adjacent: Adjacent::No,
        form: NumberForm::Fraction,
    })
}

/// An instant from text without a pattern: milliseconds, ISO 8601 with an offset, or RFC 1123.
pub(crate) fn parse_instant_text(text: &str) -> Result<Instant, Failure> {
    if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        let epoch_ms: Result<i64, _> = text.parse();
        return match epoch_ms {
            Ok(epoch_ms) => Ok(Instant::from_epoch_ms(epoch_ms)),
            Err(_) => Err(format!("the number '{text}' does not fit in 64 bits").into()),
        };
    }
    written_instant(text)
        .ok_or_else(|| format!("'{text}' cannot be taken for an instant without a pattern").into())
}

/// Whether text is an instant in ISO 8601 with an offset or in RFC 1123.
pub(crate) fn is_instant_text(text: &str) -> bool {
    written_instant(text).is_some()
}

fn written_instant(text: &str) -> Option<Instant> {
    let manner = Manner { strict: true, case_sensitive: false };
    // A leap second is the second before it, as in Java.
    let text = text.replacen("T23:59:60", "T23:59:59", 1);
    INSTANT_FORMATS.iter().find_map(|format| format.instant(&text, manner, None).ok())
}
