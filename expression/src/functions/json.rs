//! Functions on texts that are JSON. Constant paths are compiled once.

use std::borrow::Cow;

use super::{Constant, Prepared, constant};
use crate::error::Failure;
use crate::java::text::trim;
use crate::json::{Change, ChangeError, Json, Path, too_much};
use crate::node::{Call, Frame, Node};
use crate::value::Value;

type Outcome<'a> = Result<Value<'a>, Failure>;

pub(super) fn prepare(arguments: &[Node]) -> Result<Prepared, Failure> {
    match constant(arguments, 0) {
        Constant::Unknown => Ok(Prepared::Nothing),
        Constant::Null => Err("a JSON path must not be null".into()),
        Constant::Text(text) => Path::compile(text).map(Prepared::JsonPath),
    }
}

pub(super) fn is_json<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    let Some(text) = call.subject_text(frame)? else { return Ok(false.into()) };
    let text = trim(&text);
    let is_enclosed = text.starts_with('[') && text.ends_with(']')
        || text.starts_with('{') && text.ends_with('}');
    Ok((is_enclosed && Json::parse(text).is_ok()).into())
}

fn document(call: &Call, frame: &Frame<'_>) -> Result<Json, Failure> {
    let subject = call.subject.as_ref().map(|subject| subject.evaluate(frame)).transpose()?;
    let text = subject.and_then(Value::into_text).unwrap_or_default();
    if text.is_empty() {
        return Err("there is no JSON to look into: the value is empty".into());
    }
    match Json::parse(&text) {
        Ok(Json::Null) => Err("there is no JSON to look into: the value is null".into()),
        Ok(document) => Ok(document),
        Err(error) => Err(format!("the value is not JSON: {error}").into()),
    }
}

fn path<'a>(call: &'a Call, frame: &Frame<'a>) -> Result<Cow<'a, Path>, Failure> {
    match &call.prepared {
        Prepared::JsonPath(path) => Ok(Cow::Borrowed(path)),
        _ => Path::compile(&call.text(0, frame)?.unwrap_or_default()).map(Cow::Owned),
    }
}

pub(super) fn read<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    let document = document(call, frame)?;
    let path = path(call, frame)?;
    // What is not there, and what a path cannot be applied to, gives an empty text in NiFi.
    Ok(path.read(&document)?.map(|found| found.text()).unwrap_or_default().into())
}

fn change<'a>(call: &'a Call, frame: &Frame<'a>, change: &Change) -> Outcome<'a> {
    let mut document = document(call, frame)?;
    let path = path(call, frame)?;
    match path.change(&mut document, change) {
        Ok(()) => Ok(document.to_string().into()),
        Err(ChangeError::NothingFound) if !matches!(change, Change::Put(..)) => {
            Ok(document.to_string().into())
        }
        Err(ChangeError::TooMuch) => Err(too_much()),
        Err(ChangeError::NothingFound | ChangeError::NotPossible) => Ok(String::new().into()),
    }
}

/// A value of the language as a value of JSON.
fn json_value(value: Value<'_>) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Boolean(value) => Json::Boolean(value),
        Value::Whole(number) => Json::Whole(number.to_string()),
        Value::Decimal(number) => Json::Decimal(number),
        value => Json::Text(value.into_text().unwrap_or_default().into_owned()),
    }
}

pub(super) fn delete<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    change(call, frame, &Change::Delete)
}

pub(super) fn add<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    let value = json_value(call.argument(1, frame)?);
    change(call, frame, &Change::Add(value))
}

pub(super) fn set<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    let value = json_value(call.argument(1, frame)?);
    change(call, frame, &Change::Set(value))
}

pub(super) fn put<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    let key = call.required_text(1, frame)?.into_owned();
    // NiFi puts every value as text here.
    let value = call.text(2, frame)?.map_or(Json::Null, |text| Json::Text(text.into_owned()));
    change(call, frame, &Change::Put(key, value))
}
