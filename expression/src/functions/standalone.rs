//! Functions that are called without a subject, and the few that only pass their value on. What
//! they know of the world they know from the context.
#![expect(clippy::unnecessary_wraps, reason = "all functions of the list have one signature")]

use crate::error::Failure;
use crate::expression::Expression;
use crate::java::uri::{Parts, uri};
use crate::node::{Call, Frame};
use crate::value::Value;

type Outcome<'a> = Result<Value<'a>, Failure>;

/// The value of a function over many attributes, which is not evaluated by itself.
pub(super) fn nothing<'a>(_: &'a Call, _: &Frame<'a>) -> Outcome<'a> {
    Ok(Value::Null)
}

pub(super) fn ip<'a>(_: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    Ok(frame.context.host_address().into())
}

pub(super) fn host_name<'a>(_: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    Ok(frame.context.host_name().into())
}

pub(super) fn thread<'a>(_: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    Ok(frame.context.thread_name().into())
}

pub(super) fn now<'a>(_: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    Ok(Value::Date(frame.context.now_ms()))
}

pub(super) fn next_int<'a>(_: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    Ok(Value::Whole(frame.context.next_int()))
}

pub(super) fn random<'a>(_: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    Ok(Value::Whole((frame.context.random() >> 1) as i64))
}

/// RFC 9562, version 4.
pub(super) fn uuid<'a>(_: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    let high = frame.context.random() & !0xf000 | 0x4000;
    let low = frame.context.random() & !(0b11 << 62) | 0b10 << 62;
    Ok(super::encode::uuid_text(u128::from(high) << 64 | u128::from(low)).into())
}

/// The argument as text; a null becomes the text `null`, as in NiFi.
pub(super) fn literal<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    let text = call.argument(0, frame)?.into_text();
    Ok(text.unwrap_or_else(|| "null".into()).into())
}

pub(super) fn to_text<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    Ok(call.subject_text(frame)?.into())
}

pub(super) fn state_value<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    Ok(match call.text(0, frame)? {
        Some(key) => frame.context.state(&key).into(),
        None => Value::Null,
    })
}

pub(super) fn get_uri<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    let mut texts = Vec::with_capacity(7);
    for index in 0..7 {
        texts.push(call.text(index, frame)?);
    }
    let text_of = |index: usize| texts.get(index).and_then(Option::as_deref);
    let port = text_of(3).unwrap_or("null");
    let parts = Parts {
        scheme: text_of(0),
        user_info: text_of(1),
        host: text_of(2),
        port: port.parse().map_err(|_| format!("'{port}' is no port: it must be a number"))?,
        path: text_of(4),
        query: text_of(5),
        fragment: text_of(6),
    };
    uri(&parts).map(Value::from)
}

pub(super) fn evaluate_text<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    let Some(text) = call.subject_text(frame)? else { return Ok(String::new().into()) };
    let expression = Expression::parse(&text)
        .map_err(|error| format!("the evaluated text is not well formed: {error}"))?;
    match expression.evaluate_nested(frame) {
        Ok(text) => Ok(text.into()),
        Err(failure) => Err(format!("the evaluated text fails: {}", failure.message).into()),
    }
}
