//! Functions on dates and instants. Constant formats and zones are compiled once.

use std::borrow::Cow;

use super::{Constant, Prepared, constant};
use crate::error::Failure;
use crate::java::date::{
    Amount, DateFormat, Instant, Zone, is_instant_text, is_valid_date, to_epoch_ms,
};
use crate::java::text::trim;
use crate::node::{Call, Frame, Node};
use crate::value::Value;

type Outcome<'a> = Result<Value<'a>, Failure>;

/// Compiles a constant format and zone; what is wrong with them is wrong with the expression.
pub(super) fn prepare_early(arguments: &[Node]) -> Result<Prepared, Failure> {
    let format = match constant(arguments, 0) {
        Constant::Text(pattern) => Some(DateFormat::compile(pattern)?),
        Constant::Null => return Err("a date format must not be null".into()),
        Constant::Unknown => None,
    };
    // NiFi looks at the zone before it evaluates only where it has a constant format.
    let zone = if format.is_some() { constant_zone(arguments)? } else { None };
    Ok(Prepared::Date { format, zone })
}

fn constant_zone(arguments: &[Node]) -> Result<Option<Zone>, Failure> {
    match constant(arguments, 1) {
        Constant::Text(id) => Zone::parse(id).map(Some),
        Constant::Null => Err("a time zone must not be null".into()),
        Constant::Unknown => Ok(None),
    }
}

/// Compiles what can be compiled; what cannot fails when it is evaluated, if it ever is.
#[expect(clippy::unnecessary_wraps, reason = "one of several functions that prepare")]
pub(super) fn prepare_late(arguments: &[Node]) -> Result<Prepared, Failure> {
    let format = match constant(arguments, 0) {
        Constant::Text(pattern) => DateFormat::compile(pattern).ok(),
        Constant::Null | Constant::Unknown => None,
    };
    Ok(Prepared::Date { format, zone: constant_zone(arguments).unwrap_or(None) })
}

pub(super) fn prepare_amount(arguments: &[Node]) -> Result<Prepared, Failure> {
    let amount = match constant(arguments, 0) {
        Constant::Text(text) => Some(Amount::parse(text)?),
        Constant::Null => return Err("an amount of time must not be null".into()),
        Constant::Unknown => None,
    };
    let zone = constant_zone(arguments)?;
    Ok(Prepared::Amount { amount, zone })
}

/// The format of the first argument, `None` for null.
fn date_format<'a>(
    call: &'a Call,
    frame: &Frame<'a>,
) -> Result<Option<Cow<'a, DateFormat>>, Failure> {
    if let Prepared::Date { format: Some(format), .. } = &call.prepared {
        return Ok(Some(Cow::Borrowed(format)));
    }
    match call.text(0, frame)? {
        Some(pattern) => DateFormat::compile(&pattern).map(|format| Some(Cow::Owned(format))),
        None => Ok(None),
    }
}

/// The zone of the second argument, `None` for null and where there is none.
fn zone<'a>(call: &'a Call, frame: &Frame<'a>) -> Result<Option<Cow<'a, Zone>>, Failure> {
    match &call.prepared {
        Prepared::Date { zone: Some(zone), .. } | Prepared::Amount { zone: Some(zone), .. } => {
            return Ok(Some(Cow::Borrowed(zone)));
        }
        _ => {}
    }
    match call.text(1, frame)? {
        Some(id) => Zone::parse(&id).map(|zone| Some(Cow::Owned(zone))),
        None => Ok(None),
    }
}

pub(super) fn format<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    let Some(date_ms) = call.subject(frame)?.into_date()? else { return Ok(Value::Null) };
    let format = date_format(call, frame)?.ok_or("the date format has no value")?;
    let zone = zone(call, frame)?.unwrap_or_else(|| Cow::Owned(Zone::utc()));
    format.format(Instant::from_epoch_ms(date_ms), &zone).map(Value::from)
}

pub(super) fn format_instant<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    let Some(instant) = call.subject_instant(frame)? else { return Ok(Value::Null) };
    let format = date_format(call, frame)?.ok_or("the date format has no value")?;
    let zone = zone(call, frame)?.ok_or("the time zone has no value")?;
    format.format(instant, &zone).map(Value::from)
}

pub(super) fn to_date<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    let Some(text) = call.subject_text(frame)? else { return Ok(Value::Null) };
    let Some(format) = date_format(call, frame)? else { return Ok(Value::Null) };
    let zone = zone(call, frame)?;
    format.parse_date(&text, zone.as_deref()).map(Value::Date)
}

pub(super) fn to_date_of_number<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    Ok(call.subject(frame)?.into_whole()?.map_or(Value::Null, Value::Date))
}

pub(super) fn to_instant<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    let Some(text) = call.subject_text(frame)? else { return Ok(Value::Null) };
    let Some(format) = date_format(call, frame)? else { return Ok(Value::Null) };
    let zone = zone(call, frame)?.ok_or("the time zone has no value")?;
    format.parse_instant(&text, &zone).map(Value::Instant)
}

pub(super) fn to_instant_of_number<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    let number = call.subject(frame)?.into_whole()?;
    Ok(number.map_or(Value::Null, |number| Value::Instant(Instant::from_epoch_ms(number))))
}

pub(super) fn is_valid_instant<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    Ok(call.subject_text(frame)?.is_some_and(|text| is_instant_text(trim(&text))).into())
}

pub(super) fn is_valid<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    let Some(text) = call.subject_text(frame)? else { return Ok(false.into()) };
    // A format or a zone that is computed and wrong makes nothing valid; it is no failure.
    let Ok(Some(format)) = date_format(call, frame) else { return Ok(false.into()) };
    let Ok(zone) = zone(call, frame) else { return Ok(false.into()) };
    Ok(is_valid_date(&format, trim(&text), zone.as_deref()).into())
}

pub(super) fn plus_duration<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    move_date(call, frame, true)
}

pub(super) fn minus_duration<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    move_date(call, frame, false)
}

fn move_date<'a>(call: &'a Call, frame: &Frame<'a>, forward: bool) -> Outcome<'a> {
    let Some(date_ms) = call.subject(frame)?.into_date()? else { return Ok(Value::Null) };
    let moved = move_by(call, frame, Instant::from_epoch_ms(date_ms), forward)?;
    to_epoch_ms(moved).map(Value::Date)
}

pub(super) fn plus_instant_duration<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    move_instant(call, frame, true)
}

pub(super) fn minus_instant_duration<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    move_instant(call, frame, false)
}

fn move_instant<'a>(call: &'a Call, frame: &Frame<'a>, forward: bool) -> Outcome<'a> {
    let Some(instant) = call.subject_instant(frame)? else { return Ok(Value::Null) };
    move_by(call, frame, instant, forward).map(Value::Instant)
}

fn move_by<'a>(
    call: &'a Call,
    frame: &Frame<'a>,
    instant: Instant,
    forward: bool,
) -> Result<Instant, Failure> {
    let amount = match &call.prepared {
        Prepared::Amount { amount: Some(amount), .. } => *amount,
        _ => Amount::parse(&call.text(0, frame)?.unwrap_or_default())?,
    };
    let zone = zone(call, frame)?.unwrap_or_else(|| Cow::Owned(Zone::utc()));
    amount.apply(instant, &zone, forward)
}

pub(super) fn to_micros<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    since_epoch(call, frame, 1_000_000)
}

pub(super) fn to_nanos<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    since_epoch(call, frame, 1_000_000_000)
}

fn since_epoch<'a>(call: &'a Call, frame: &Frame<'a>, per_second: i64) -> Outcome<'a> {
    match call.subject_instant(frame)? {
        Some(instant) => instant.scaled(per_second).map(Value::Whole),
        None => Ok(Value::Null),
    }
}
