//! Parsing of offsets, zone ids and zone names inside a date.

use std::str::FromStr;

use chrono_tz::{TZ_VARIANTS, Tz};

use super::field::Field;
use super::names::{zone_names, zone_texts};
use super::parse::Parser;
use super::pattern::{OffsetItem, Part};
use super::zone::Zone;

/// `+HHMM`, `+HH:MM` and the like.
pub(super) fn offset(parser: &mut Parser<'_>, form: OffsetItem, at: usize) -> Option<usize> {
    let rest = parser.rest(at);
    if rest.is_empty() {
        return None;
    }
    if let Some(end) = parser.literal(at, form.zero) {
        return parser.set(Field::OffsetSeconds, 0, end);
    }
    let sign = sign(rest)?;
    let (minutes, seconds, colon) = if parser.manner.strict {
        (form.minutes, form.seconds, form.colon)
    } else {
        // A lenient parser takes minutes and seconds as they come.
        (Part::NonZero, Part::NonZero, form.colon)
    };
    let mut end = at + 1;
    let hour = two_digits(parser.rest(end))?;
    end += 2;
    let mut goes_on = true;
    let minute = part(parser, minutes, colon, &mut end, &mut goes_on)?;
    let second = part(parser, seconds, colon, &mut end, &mut goes_on)?;
    if hour > 23 {
        return None;
    }
    let total = hour * 3600 + minute * 60 + second;
    parser.set(Field::OffsetSeconds, sign * total, end)
}

fn sign(text: &str) -> Option<i64> {
    match text.as_bytes().first() {
        Some(b'+') => Some(1),
        Some(b'-') => Some(-1),
        _ => None,
    }
}

fn two_digits(text: &str) -> Option<i64> {
    let digits = text.get(..2)?;
    digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse().ok())?
}

/// Reads one part of an offset and moves `end` behind it; `None` where it must be there and is not,
/// zero where it may be absent and is. `goes_on` becomes false where it is absent.
fn part(
    parser: &Parser<'_>,
    presence: Part,
    colon: bool,
    end: &mut usize,
    goes_on: &mut bool,
) -> Option<i64> {
    if presence == Part::Absent || !*goes_on {
        return Some(0);
    }
    let rest = parser.rest(*end);
    let digits = if colon { rest.strip_prefix(':') } else { Some(rest) };
    match digits.and_then(two_digits).filter(|value| *value < 60) {
        Some(value) => {
            *end += 2 + usize::from(colon);
            Some(value)
        }
        None if presence == Part::Always => None,
        None => {
            *goes_on = false;
            Some(0)
        }
    }
}

/// `GMT`, `GMT+1`, `GMT+01:00`.
pub(super) fn localized_offset(parser: &mut Parser<'_>, full: bool, at: usize) -> Option<usize> {
    let mut end = parser.literal(at, "GMT")?;
    let Some(sign) = sign(parser.rest(end)) else {
        return parser.set(Field::OffsetSeconds, 0, end);
    };
    end += 1;
    let rest = parser.rest(end);
    let width = rest.bytes().take(2).take_while(u8::is_ascii_digit).count();
    if width == 0 || full && width != 2 {
        return None;
    }
    let hour: i64 = rest.get(..width)?.parse().ok()?;
    end += width;
    let presence = if full { Part::Always } else { Part::NonZero };
    let mut goes_on = true;
    let minute = part(parser, presence, true, &mut end, &mut goes_on)?;
    let second = part(parser, Part::NonZero, true, &mut end, &mut goes_on)?;
    let total = hour * 3600 + minute * 60 + second;
    parser.set(Field::OffsetSeconds, sign * total, end)
}

/// A zone id: an offset, a prefixed offset or a region.
pub(super) fn zone_id(parser: &mut Parser<'_>, at: usize) -> Option<usize> {
    let (end, zone) = id_at(parser, at)?;
    parser.fields.zone = Some(zone);
    Some(end)
}

/// A zone by its name or its id, whichever is longer.
pub(super) fn zone_text(parser: &mut Parser<'_>, full: bool, at: usize) -> Option<usize> {
    let named = parser
        .longest(at, zone_texts(full))
        .and_then(|(end, id)| Zone::parse(id).ok().map(|zone| (end, zone)));
    let (end, zone) = match (named, id_at(parser, at)) {
        (Some(named), Some(id)) if id.0 >= named.0 => id,
        (Some(named), _) => named,
        (None, id) => id?,
    };
    parser.fields.zone = Some(zone);
    Some(end)
}

fn id_at(parser: &Parser<'_>, at: usize) -> Option<(usize, Zone)> {
    let rest = parser.rest(at);
    if sign(rest).is_some() {
        let (end, offset) = offset_at(parser, at)?;
        return Some((end, Zone::Offset(offset)));
    }
    let region = region_at(parser, at);
    for prefix in ["UTC", "GMT", "UT"] {
        let Some(end) = parser.literal(at, prefix) else { continue };
        if region.as_ref().is_some_and(|(longest, _)| *longest > end) {
            break;
        }
        if let Some((end, offset)) = offset_at(parser, end) {
            let id = format!("{prefix}{}", super::zone::offset_text(offset));
            return Some((end, Zone::Named { name: id, offset }));
        }
        return Some((end, Zone::Named { name: prefix.to_owned(), offset: 0 }));
    }
    if region.is_some() {
        return region;
    }
    let end = parser.literal(at, "Z")?;
    Some((end, Zone::Offset(0)))
}

fn region_at(parser: &Parser<'_>, at: usize) -> Option<(usize, Zone)> {
    let known = TZ_VARIANTS.iter().filter(|zone| zone_names(zone.name()).is_some());
    let candidates = known.map(|zone| (zone.name(), zone.name()));
    let (end, name) = parser.longest(at, candidates)?;
    let rules = Tz::from_str(name).ok()?;
    Some((end, Zone::Region { name: name.to_owned(), rules }))
}

/// `+hh:mm:ss` and its shorter forms at `at`.
fn offset_at(parser: &Parser<'_>, at: usize) -> Option<(usize, i64)> {
    let sign = sign(parser.rest(at))?;
    let mut end = at + 1;
    let hour = two_digits(parser.rest(end))?;
    end += 2;
    let colon = parser.rest(end).starts_with(':');
    let mut goes_on = true;
    let minute = part(parser, Part::NonZero, colon, &mut end, &mut goes_on)?;
    let second = part(parser, Part::NonZero, colon, &mut end, &mut goes_on)?;
    let total = hour * 3600 + minute * 60 + second;
    (total <= super::zone::OFFSET_SECONDS_MAX).then_some((end, sign * total))
}
