//! Functions that compare and decide.

use std::cmp::Ordering;

use crate::error::Failure;
use crate::java::number::Number;
use crate::java::text::{equals_ignore_case as equal_ignoring_case, is_blank};
use crate::node::{Call, Frame, State};
use crate::value::Value;

type Outcome<'a> = Result<Value<'a>, Failure>;

pub(super) fn is_null<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    Ok(matches!(call.subject(frame)?, Value::Null).into())
}

pub(super) fn not_null<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    Ok((!matches!(call.subject(frame)?, Value::Null)).into())
}

pub(super) fn is_empty<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    Ok(call.subject_text(frame)?.is_none_or(|text| is_blank(&text)).into())
}

pub(super) fn equals<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    let left = call.subject(frame)?;
    if matches!(left, Value::Null) {
        return Ok(false.into());
    }
    let right = call.argument(0, frame)?;
    if matches!(right, Value::Null) {
        return Ok(false.into());
    }
    let left_type = call.subject.as_ref().map(|node| node.value_type);
    let right_type = call.arguments.first().map(|node| node.value_type);
    if left_type == right_type {
        return Ok(same(&left, &right).into());
    }
    Ok((comparable(left) == comparable(right)).into())
}

/// `Object.equals` of two values of one type: `NaN` equals itself, 0.0 does not equal -0.0, and a
/// whole number never equals a decimal.
fn same(left: &Value<'_>, right: &Value<'_>) -> bool {
    match (left, right) {
        (Value::Text(left), Value::Text(right)) => left == right,
        (Value::Boolean(left), Value::Boolean(right)) => left == right,
        (Value::Whole(left), Value::Whole(right)) | (Value::Date(left), Value::Date(right)) => {
            left == right
        }
        (Value::Decimal(left), Value::Decimal(right)) => left.total_cmp(right) == Ordering::Equal,
        (Value::Instant(left), Value::Instant(right)) => left == right,
        _ => false,
    }
}

/// The text by which values of different types are compared: dates in milliseconds.
fn comparable(value: Value<'_>) -> Option<String> {
    match value {
        Value::Date(date_ms) => Some(date_ms.to_string()),
        value => value.into_text().map(Into::into),
    }
}

pub(super) fn equals_ignore_case<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    let Some(left) = call.subject_text(frame)? else { return Ok(false.into()) };
    let right = call.text(0, frame)?;
    Ok(right.is_some_and(|right| equal_ignoring_case(&left, &right)).into())
}

fn compare<'a>(
    call: &'a Call,
    frame: &Frame<'a>,
    holds: impl FnOnce(Ordering) -> bool,
) -> Outcome<'a> {
    let Some(left) = call.subject(frame)?.into_number()? else { return Ok(false.into()) };
    let Some(right) = call.number(0, frame)? else { return Ok(false.into()) };
    let ordering = match (left, right) {
        (Number::Whole(left), Number::Whole(right)) => Some(left.cmp(&right)),
        _ => left.as_decimal().partial_cmp(&right.as_decimal()),
    };
    Ok(ordering.is_some_and(holds).into())
}

pub(super) fn greater<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    compare(call, frame, Ordering::is_gt)
}

pub(super) fn greater_or_equal<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    compare(call, frame, Ordering::is_ge)
}

pub(super) fn less<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    compare(call, frame, Ordering::is_lt)
}

pub(super) fn less_or_equal<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    compare(call, frame, Ordering::is_le)
}

pub(super) fn and<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    decide(call, frame, false)
}

pub(super) fn or<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    decide(call, frame, true)
}

/// The subject where it decides alone, otherwise the argument, which is evaluated only once in an
/// evaluation even where the subject runs over many attributes.
fn decide<'a>(call: &'a Call, frame: &Frame<'a>, deciding: bool) -> Outcome<'a> {
    if matches!(call.subject(frame)?, Value::Boolean(value) if value == deciding) {
        return Ok(deciding.into());
    }
    let known = frame.with_state(call.slot, |state| match state {
        Some(State::Decided(value)) => Some(*value),
        _ => None,
    });
    let value = if let Some(value) = known {
        value
    } else {
        let value = call.argument(0, frame)?.into_boolean();
        frame.with_state(call.slot, |state| *state = Some(State::Decided(value)));
        value
    };
    Ok(value.map_or(Value::Null, Value::Boolean))
}

pub(super) fn not<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    match call.subject(frame)?.into_boolean() {
        Some(value) => Ok((!value).into()),
        None => Err("'not' has no value to negate".into()),
    }
}

pub(super) fn if_else<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    let is_true = call.subject(frame)?.into_boolean() == Some(true);
    call.argument(usize::from(!is_true), frame)
}
