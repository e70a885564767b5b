//! Functions that make a text of a text. Lengths and indices count UTF-16 units, as in Java.

use std::borrow::Cow;

use super::{TEXT_BYTES_MAX, too_long};
use crate::error::Failure;
use crate::java::text::{is_blank, length as units, substring as cut, trim};
use crate::node::{Call, Frame};
use crate::value::Value;

type Outcome<'a> = Result<Value<'a>, Failure>;

/// Changes text and leaves null as it is.
fn map<'a>(call: &'a Call, frame: &Frame<'a>, change: impl FnOnce(&str) -> String) -> Outcome<'a> {
    Ok(call.subject_text(frame)?.map_or(Value::Null, |text| change(&text).into()))
}

pub(super) fn to_upper<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    map(call, frame, str::to_uppercase)
}

pub(super) fn to_lower<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    map(call, frame, str::to_lowercase)
}

pub(super) fn trimmed<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    Ok(match call.subject_text(frame)? {
        None => Value::Null,
        Some(Cow::Borrowed(text)) => Value::Text(Cow::Borrowed(trim(text))),
        Some(Cow::Owned(text)) => trim(&text).to_owned().into(),
    })
}

pub(super) fn length<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    let text = call.subject_text(frame)?;
    Ok(Value::Whole(text.map_or(0, |text| units(&text)) as i64))
}

const EMPTY: Value<'static> = Value::Text(Cow::Borrowed(""));

/// A part of `text` without copying where it is borrowed.
fn part(text: Cow<'_, str>, range: std::ops::Range<usize>) -> Value<'_> {
    match text {
        Cow::Borrowed(text) => Value::Text(Cow::Borrowed(text.get(range).unwrap_or_default())),
        Cow::Owned(text) => text.get(range).unwrap_or_default().to_owned().into(),
    }
}

pub(super) fn substring<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    let Some(text) = call.subject_text(frame)? else { return Ok(EMPTY) };
    // Java cuts the index to 32 bits.
    let start = i64::from(call.required_whole(0, frame)? as i32);
    let end = if call.arguments.len() > 1 {
        Some(i64::from(call.required_whole(1, frame)? as i32))
    } else {
        None
    };
    Ok(match text {
        Cow::Borrowed(text) => cut(text, start, end).map_or(EMPTY, Value::Text),
        Cow::Owned(text) => cut(&text, start, end).map_or(EMPTY, |part| part.into_owned().into()),
    })
}

pub(super) fn substring_before<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    around(call, frame, |text, mark| text.find(mark).map(|at| 0..at))
}

pub(super) fn substring_after<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    around(call, frame, |text, mark| text.find(mark).map(|at| at + mark.len()..text.len()))
}

/// The part that `choose` finds around a mark; the whole text without a mark.
fn around<'a>(
    call: &'a Call,
    frame: &Frame<'a>,
    choose: impl FnOnce(&str, &str) -> Option<std::ops::Range<usize>>,
) -> Outcome<'a> {
    let Some(text) = call.subject_text(frame)? else { return Ok(EMPTY) };
    let mark = call.text(0, frame)?.filter(|mark| !mark.is_empty());
    Ok(match mark.and_then(|mark| choose(&text, &mark)) {
        Some(range) => part(text, range),
        None => Value::Text(text),
    })
}

pub(super) fn substring_before_last<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    let Some(text) = call.subject_text(frame)? else { return Ok(EMPTY) };
    let mark = call.required_text(0, frame)?;
    Ok(match text.rfind(&*mark) {
        Some(at) => part(text, 0..at),
        None => Value::Text(text),
    })
}

pub(super) fn substring_after_last<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    let Some(text) = call.subject_text(frame)? else { return Ok(EMPTY) };
    let mark = call.required_text(0, frame)?;
    Ok(match text.rfind(&*mark).filter(|at| *at < text.len()) {
        Some(at) => {
            let end = text.len();
            part(text, at + mark.len()..end)
        }
        None => Value::Text(text),
    })
}

pub(super) fn append<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    let subject = call.subject_text(frame)?;
    let other = call.text(0, frame)?;
    Ok(joined(subject, other))
}

pub(super) fn prepend<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    let subject = call.subject_text(frame)?;
    let other = call.text(0, frame)?;
    Ok(joined(other, subject))
}

fn joined<'a>(first: Option<Cow<'a, str>>, second: Option<Cow<'a, str>>) -> Value<'a> {
    match (first, second) {
        (None, None) => EMPTY,
        (Some(text), None) | (None, Some(text)) => Value::Text(text),
        (Some(first), Some(second)) => {
            let mut first = first.into_owned();
            first.push_str(&second);
            first.into()
        }
    }
}

pub(super) fn replace<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    let Some(text) = call.subject_text(frame)? else { return Ok(Value::Null) };
    let search = call.required_text(0, frame)?;
    let replacement = call.required_text(1, frame)?;
    let count = text.matches(&*search).count();
    let grown = replacement.len().saturating_sub(search.len()).saturating_mul(count);
    if text.len().saturating_add(grown) > TEXT_BYTES_MAX {
        return Err(too_long());
    }
    if count == 0 { Ok(Value::Text(text)) } else { Ok(text.replace(&*search, &replacement).into()) }
}

pub(super) fn replace_null<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    match call.subject_text(frame)? {
        Some(text) => Ok(Value::Text(text)),
        None => call.argument(0, frame),
    }
}

pub(super) fn replace_empty<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    match call.subject_text(frame)? {
        Some(text) if !is_blank(&text) => Ok(Value::Text(text)),
        _ => call.argument(0, frame),
    }
}

pub(super) fn repeat<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    let Some(text) = call.subject_text(frame)? else { return Ok(EMPTY) };
    // Java cuts the counts to 32 bits.
    let least = call.required_whole(0, frame)? as i32;
    if least <= 0 {
        return Err(format!("a text cannot be repeated {least} times").into());
    }
    let mut count = i64::from(least);
    if call.arguments.len() > 1 {
        let greatest = call.required_whole(1, frame)? as i32;
        if least > greatest {
            return Err(format!("there is no count between {least} and {greatest}").into());
        }
        let span = (i64::from(greatest) - count + 1) as u64;
        count += (frame.context.random() % span) as i64;
    }
    let count = count as usize;
    if text.len().saturating_mul(count) > TEXT_BYTES_MAX {
        return Err(too_long());
    }
    Ok(text.repeat(count).into())
}

pub(super) fn pad_left<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    pad(call, frame, |text, padding| padding.to_owned() + text)
}

pub(super) fn pad_right<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    pad(call, frame, |text, padding| text.to_owned() + padding)
}

fn pad<'a>(
    call: &'a Call,
    frame: &Frame<'a>,
    put: impl FnOnce(&str, &str) -> String,
) -> Outcome<'a> {
    let Some(text) = call.subject_text(frame)? else { return Ok(Value::Null) };
    let wanted = call.whole(0, frame)?.filter(|wanted| (1..=i64::from(i32::MAX)).contains(wanted));
    let missing = wanted.map_or(0, |wanted| (wanted as usize).saturating_sub(units(&text)));
    if missing == 0 {
        return Ok(Value::Text(text));
    }
    if missing > TEXT_BYTES_MAX {
        return Err(too_long());
    }
    let padding = call.text(1, frame)?.filter(|padding| !padding.is_empty());
    let padding = padding.unwrap_or(Cow::Borrowed("_"));
    let repeated = padding.repeat(missing / units(&padding) + 1);
    let padding = cut(&repeated, 0, Some(missing as i64)).unwrap_or_default();
    Ok(put(&text, &padding).into())
}
