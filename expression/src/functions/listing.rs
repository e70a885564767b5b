//! Functions on texts that are lists, and those that gather the values of many attributes.

use std::borrow::Cow;
use std::collections::HashSet;

use super::{TEXT_BYTES_MAX, too_long};
use crate::error::Failure;
use crate::java::text::{length, split_keeping};
use crate::node::{Call, Frame, State};
use crate::value::Value;

type Outcome<'a> = Result<Value<'a>, Failure>;

const EMPTY: Value<'static> = Value::Text(Cow::Borrowed(""));

/// Changes the list of parts; without a delimiter the text stays as it is.
fn change_parts<'a>(
    call: &'a Call,
    frame: &Frame<'a>,
    change: impl FnOnce(&mut Vec<&str>),
) -> Outcome<'a> {
    let Some(text) = call.subject_text(frame)? else { return Ok(EMPTY) };
    let Some(delimiter) = call.text(0, frame)?.filter(|delimiter| !delimiter.is_empty()) else {
        return Ok(Value::Text(text));
    };
    let mut parts = split_keeping(&text, &delimiter);
    change(&mut parts);
    Ok(parts.join(&delimiter).into())
}

pub(super) fn unique<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    change_parts(call, frame, |parts| {
        let mut seen = HashSet::new();
        parts.retain(|part| seen.insert(*part));
    })
}

pub(super) fn compact<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    change_parts(call, frame, |parts| parts.retain(|part| !part.is_empty()))
}

pub(super) fn trim_list<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    change_parts(call, frame, |parts| {
        let end = parts.iter().rposition(|part| !part.is_empty()).map_or(0, |last| last + 1);
        parts.truncate(end);
        let start = parts.iter().position(|part| !part.is_empty()).unwrap_or(0);
        parts.drain(..start);
    })
}

/// A setting of `getDelimitedField` that must be one character.
fn character(
    call: &Call,
    index: usize,
    default: char,
    what: &str,
    frame: &Frame<'_>,
) -> Result<char, Failure> {
    if call.arguments.len() <= index {
        return Ok(default);
    }
    let text = call.arguments.get(index).map(|argument| argument.evaluate(frame)).transpose()?;
    let text = text.and_then(Value::into_text).unwrap_or_default();
    let mut letters = text.chars();
    match (letters.next(), length(&text)) {
        (Some(letter), 1) => Ok(letter),
        (None, _) => Err(format!("the {what} of 'getDelimitedField' has no value").into()),
        _ => Err(format!("the {what} '{text}' of 'getDelimitedField' is not one character").into()),
    }
}

pub(super) fn delimited_field<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    let Some(text) = call.subject_text(frame)?.filter(|text| !text.is_empty()) else {
        return Ok(EMPTY);
    };
    let wanted = call.required_whole(0, frame)?;
    if wanted < 1 {
        return Ok(EMPTY);
    }
    let delimiter = character(call, 1, ',', "delimiter", frame)?;
    let quote = character(call, 2, '"', "quote", frame)?;
    let escape = character(call, 3, '\\', "escape", frame)?;
    let strip = call.argument(4, frame)?.into_boolean().unwrap_or(false);
    if quote == delimiter || quote == escape || delimiter == escape {
        return Err("delimiter, quote and escape of 'getDelimitedField' must differ".into());
    }
    // Java cuts the index to 32 bits.
    let wanted = i64::from(wanted as i32);
    let mut field = String::new();
    let mut current = 1;
    let mut quoted = false;
    let mut escaped = false;
    for c in text.chars() {
        if c == quote && !escaped {
            quoted = !quoted;
            if !strip && current == wanted {
                field.push(c);
            }
        } else if c == delimiter && !escaped && !quoted {
            if current == wanted {
                return Ok(field.into());
            }
            current += 1;
        } else if current == wanted && (c != escape || !strip) {
            field.push(c);
        }
        escaped = c == escape && !escaped;
    }
    Ok(if current == wanted { field.into() } else { EMPTY })
}

pub(super) fn join<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    let value = call.subject_text(frame)?.unwrap_or_default();
    let delimiter = call.text(0, frame)?;
    let delimiter = delimiter.as_deref().unwrap_or("null");
    frame.with_state(call.slot, |state| {
        if !matches!(state, Some(State::Joined { .. })) {
            *state = Some(State::Joined { text: String::new(), count: 0 });
        }
        let Some(State::Joined { text, count }) = state else { return Ok(EMPTY) };
        if *count > 0 {
            text.push_str(delimiter);
        }
        text.push_str(&value);
        *count += 1;
        if text.len() > TEXT_BYTES_MAX {
            return Err(too_long());
        }
        Ok(text.clone().into())
    })
}

pub(super) fn count<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    let counts = !matches!(call.subject(frame)?, Value::Null | Value::Boolean(false));
    Ok(frame.with_state(call.slot, |state| {
        let before = match state {
            Some(State::Count(count)) => *count,
            _ => 0,
        };
        let count = before + i64::from(counts);
        *state = Some(State::Count(count));
        Value::Whole(count)
    }))
}
