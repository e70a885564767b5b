//! Arithmetic as in Java: whole numbers of 64 bits wrap around, one decimal makes the result a
//! decimal, null and text that is no number make the result null.

use super::{TEXT_BYTES_MAX, too_long};
use crate::error::Failure;
use crate::java::number::Number;
use crate::node::{Call, Frame};
use crate::value::Value;

type Outcome<'a> = Result<Value<'a>, Failure>;

fn arithmetic<'a>(
    call: &'a Call,
    frame: &Frame<'a>,
    wholes: impl FnOnce(i64, i64) -> Option<i64>,
    decimals: impl FnOnce(f64, f64) -> f64,
) -> Outcome<'a> {
    let Some(left) = call.subject(frame)?.into_number()? else { return Ok(Value::Null) };
    let Some(right) = call.number(0, frame)? else { return Ok(Value::Null) };
    match (left, right) {
        (Number::Whole(left), Number::Whole(right)) => match wholes(left, right) {
            Some(result) => Ok(Value::Whole(result)),
            None => Err(format!("{left} cannot be divided by zero").into()),
        },
        _ => Ok(Value::Decimal(decimals(left.as_decimal(), right.as_decimal()))),
    }
}

pub(super) fn plus<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    arithmetic(
        call,
        frame,
        |left, right| Some(left.wrapping_add(right)),
        |left, right| left + right,
    )
}

pub(super) fn minus<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    arithmetic(
        call,
        frame,
        |left, right| Some(left.wrapping_sub(right)),
        |left, right| left - right,
    )
}

pub(super) fn multiply<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    arithmetic(
        call,
        frame,
        |left, right| Some(left.wrapping_mul(right)),
        |left, right| left * right,
    )
}

pub(super) fn divide<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    let wholes = |left: i64, right| (right != 0).then(|| left.wrapping_div(right));
    arithmetic(call, frame, wholes, |left, right| left / right)
}

pub(super) fn remainder<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    let wholes = |left: i64, right| (right != 0).then(|| left.wrapping_rem(right));
    arithmetic(call, frame, wholes, |left, right| left % right)
}

/// The value that the conversion of the subject has made.
pub(super) fn same<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    call.subject(frame)
}

pub(super) fn to_radix<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    let Some(number) = call.subject(frame)?.into_whole()? else { return Ok(Value::Null) };
    let Some(radix) = call.whole(0, frame)? else { return Ok(Value::Null) };
    let text = digits(number, radix as i32);
    let width = call.whole(1, frame)?.map_or(0, |width| width as i32);
    let zeros = usize::try_from(width).unwrap_or(0).saturating_sub(text.len());
    if zeros > TEXT_BYTES_MAX {
        return Err(too_long());
    }
    Ok(("0".repeat(zeros) + &text).into())
}

/// `Long.toString` with a radix; one that is not from 2 to 36 is taken for 10.
fn digits(number: i64, radix: i32) -> String {
    let radix = u64::try_from(radix).ok().filter(|radix| (2..=36).contains(radix)).unwrap_or(10);
    let mut rest = number.unsigned_abs();
    let mut reversed = Vec::new();
    loop {
        let digit = u32::try_from(rest % radix).unwrap_or_default();
        reversed.extend(char::from_digit(digit, 36));
        rest /= radix;
        if rest == 0 {
            break;
        }
    }
    if number < 0 {
        reversed.push('-');
    }
    reversed.into_iter().rev().collect()
}

pub(super) fn from_radix<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    let Some(text) = call.subject_text(frame)? else { return Ok(Value::Null) };
    let Some(radix) = call.whole(0, frame)? else { return Ok(Value::Null) };
    let radix = u32::try_from(radix as i32).ok().filter(|radix| (2..=36).contains(radix));
    let Some(radix) = radix else {
        return Err("the radix must be from 2 to 36".into());
    };
    match i64::from_str_radix(&text, radix) {
        Ok(number) => Ok(Value::Whole(number)),
        Err(_) => Err(format!("'{text}' is no whole number in radix {radix}").into()),
    }
}
