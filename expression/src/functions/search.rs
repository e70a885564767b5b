//! Functions that search texts, with plain texts and with regular expressions. Constant regular
//! expressions are compiled once.

use super::{Constant, Prepared, constant};
use crate::error::Failure;
use crate::java::regex::Regex;
use crate::java::text::{is_blank, length, trim};
use crate::node::{Call, Frame, Node};
use crate::value::Value;

type Outcome<'a> = Result<Value<'a>, Failure>;

/// Whether something holds for the subject and the argument; false where one of them is null.
fn test<'a>(
    call: &'a Call,
    frame: &Frame<'a>,
    holds: impl FnOnce(&str, &str) -> bool,
) -> Outcome<'a> {
    let Some(text) = call.subject_text(frame)? else { return Ok(false.into()) };
    let other = call.text(0, frame)?;
    Ok(other.is_some_and(|other| holds(&text, &other)).into())
}

pub(super) fn starts_with<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    test(call, frame, |text, other| text.starts_with(other))
}

pub(super) fn ends_with<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    test(call, frame, |text, other| text.ends_with(other))
}

pub(super) fn contains<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    test(call, frame, |text, other| text.contains(other))
}

pub(super) fn is_in<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    let Some(text) = call.subject_text(frame)? else { return Ok(false.into()) };
    for index in 0..call.arguments.len() {
        if call.text(index, frame)?.is_some_and(|other| other == text) {
            return Ok(true.into());
        }
    }
    Ok(false.into())
}

pub(super) fn index_of<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    index(call, frame, |text, other| text.find(other))
}

pub(super) fn last_index_of<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    index(call, frame, |text, other| text.rfind(other))
}

fn index<'a>(
    call: &'a Call,
    frame: &Frame<'a>,
    find: impl FnOnce(&str, &str) -> Option<usize>,
) -> Outcome<'a> {
    let Some(text) = call.subject_text(frame)? else { return Ok(Value::Whole(-1)) };
    let other = call.required_text(0, frame)?;
    let index = find(&text, &other).and_then(|at| text.get(..at));
    Ok(Value::Whole(index.map_or(-1, |before| length(before) as i64)))
}

fn constant_regex(
    arguments: &[Node],
    compile: fn(&str) -> Result<Regex, Failure>,
) -> Result<Prepared, Failure> {
    match constant(arguments, 0) {
        Constant::Unknown => Ok(Prepared::Nothing),
        Constant::Null => Err("a regular expression must not be null".into()),
        Constant::Text(pattern) => compile(pattern).map(Prepared::Regex),
    }
}

pub(super) fn prepare_find(arguments: &[Node]) -> Result<Prepared, Failure> {
    constant_regex(arguments, Regex::find)
}

pub(super) fn prepare_matches(arguments: &[Node]) -> Result<Prepared, Failure> {
    constant_regex(arguments, Regex::matches)
}

/// Compiles what can be compiled; what cannot fails when it is evaluated, if it ever is.
#[expect(clippy::unnecessary_wraps, reason = "one of several functions that prepare")]
pub(super) fn prepare_late(arguments: &[Node]) -> Result<Prepared, Failure> {
    Ok(constant_regex(arguments, Regex::find).unwrap_or(Prepared::Nothing))
}

pub(super) fn find<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    test_regex(call, frame, Regex::find)
}

pub(super) fn matches<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    test_regex(call, frame, Regex::matches)
}

fn test_regex<'a>(
    call: &'a Call,
    frame: &Frame<'a>,
    compile: fn(&str) -> Result<Regex, Failure>,
) -> Outcome<'a> {
    let Some(text) = call.subject_text(frame)? else { return Ok(false.into()) };
    if let Prepared::Regex(regex) = &call.prepared {
        return regex.is_match(&text).map(Value::from);
    }
    match call.text(0, frame)? {
        Some(pattern) => compile(&pattern)?.is_match(&text).map(Value::from),
        None => Ok(false.into()),
    }
}

pub(super) fn replace_first<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    replace(call, frame, false)
}

pub(super) fn replace_all<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    replace(call, frame, true)
}

fn replace<'a>(call: &'a Call, frame: &Frame<'a>, all: bool) -> Outcome<'a> {
    let Some(text) = call.subject_text(frame)? else { return Ok(Value::Null) };
    let compiled;
    let regex = if let Prepared::Regex(regex) = &call.prepared {
        regex
    } else {
        compiled = Regex::find(&call.required_text(0, frame)?)?;
        &compiled
    };
    let replacement = call.text(1, frame)?;
    let Some(replacement) = replacement else {
        // Java reads the replacement only where there is something to replace.
        if all && !regex.is_match(&text)? {
            return Ok(Value::Text(text));
        }
        return Err("the replacement has no value".into());
    };
    Ok(regex.replace(&text, &replacement, all)?.into())
}

pub(super) fn prepare_mapping(arguments: &[Node]) -> Result<Prepared, Failure> {
    match constant(arguments, 0) {
        Constant::Unknown => Ok(Prepared::Nothing),
        Constant::Null => Ok(Prepared::Mapping(Vec::new())),
        Constant::Text(text) => mapping(text).map(Prepared::Mapping),
    }
}

/// Reads `pattern:replacement,...`; patterns that are not valid are left out.
fn mapping(text: &str) -> Result<Vec<(Regex, String)>, Failure> {
    let mut mapping = Vec::new();
    if is_blank(text) {
        return Ok(mapping);
    }
    let mut entries: Vec<&str> = text.split(',').collect();
    while text.contains(',') && entries.last().is_some_and(|entry| entry.is_empty()) {
        entries.pop();
    }
    for entry in entries {
        let mut parts: Vec<&str> = trim(entry).split(':').collect();
        while parts.len() > 1 && parts.last().is_some_and(|part| part.is_empty()) {
            parts.pop();
        }
        let &[pattern, replacement, ..] = &parts[..] else {
            return Err(format!("'{entry}' is not of the form pattern:replacement").into());
        };
        if !is_blank(pattern)
            && !is_blank(replacement)
            && let Ok(regex) = Regex::matches(pattern)
        {
            mapping.push((regex, replacement.to_owned()));
        }
    }
    Ok(mapping)
}

pub(super) fn replace_by_pattern<'a>(call: &'a Call, frame: &Frame<'a>) -> Outcome<'a> {
    let Some(text) = call.subject_text(frame)? else { return Ok(Value::Null) };
    let computed;
    let patterns = if let Prepared::Mapping(patterns) = &call.prepared {
        patterns
    } else {
        computed = match call.text(0, frame)? {
            Some(patterns) => mapping(&patterns)?,
            None => return Ok(Value::Text(text)),
        };
        &computed
    };
    for (regex, replacement) in patterns {
        if regex.is_match(&text)? {
            return Ok(replacement.clone().into());
        }
    }
    Ok(Value::Text(text))
}
