//! NiFi's JSON, read leniently: of another type is as good as not there.

use std::borrow::Cow;

use serde_json::Value;

use crate::layout::{Position, Size};

use super::report::Report;

/// The members of an object, or none.
#[derive(Clone, Copy)]
pub(super) struct Fields<'v>(&'v Value);

impl<'v> Fields<'v> {
    pub(super) fn new(value: &'v Value) -> Self {
        Self(value)
    }

    pub(super) fn value(self) -> &'v Value {
        self.0
    }

    pub(super) fn get(self, name: &str) -> Option<&'v Value> {
        self.0.get(name)
    }

    pub(super) fn text(self, name: &str) -> Option<&'v str> {
        self.get(name)?.as_str()
    }

    /// A number, text or boolean, as text.
    pub(super) fn scalar(self, name: &str) -> Option<Cow<'v, str>> {
        scalar(self.get(name)?)
    }

    pub(super) fn is_true(self, name: &str) -> bool {
        self.get(name).and_then(Value::as_bool).unwrap_or(false)
    }

    /// The texts in a list, sorted, each once.
    pub(super) fn texts(self, name: &str) -> Vec<&'v str> {
        let all = self.get(name).and_then(Value::as_array).into_iter().flatten();
        let mut texts: Vec<&str> =
            all.filter_map(Value::as_str).filter(|text| !text.is_empty()).collect();
        texts.sort_unstable();
        texts.dedup();
        texts
    }

    /// The names in an object.
    pub(super) fn names(self, name: &str) -> Vec<&'v str> {
        let object = self.get(name).and_then(Value::as_object);
        object.into_iter().flatten().map(|(name, _)| name.as_str()).collect()
    }
}

/// A number, text or boolean, as text.
pub(super) fn scalar(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::String(text) => Some(Cow::Borrowed(text)),
        Value::Number(number) => Some(Cow::Owned(number.to_string())),
        Value::Bool(value) => Some(Cow::Owned(value.to_string())),
        _ => None,
    }
}

/// The objects in a list, or those in an object by their names.
pub(super) fn things(value: Option<&Value>) -> Vec<&Value> {
    let is_thing = |value: &&Value| value.is_object();
    match value {
        Some(Value::Array(all)) => all.iter().filter(is_thing).collect(),
        Some(Value::Object(all)) => all.values().filter(is_thing).collect(),
        _ => Vec::new(),
    }
}

pub(super) fn position(value: &Value) -> Option<Position> {
    let number = |name: &str| value.get(name)?.as_f64();
    Some(Position::near(number("x")?, number("y")?))
}

pub(super) fn size(value: &Value) -> Option<Size> {
    let number = |name: &str| value.get(name)?.as_f64();
    Some(Size::fit(number("width")?, number("height")?))
}

/// Refuses the members of `value` that are not `known`, and hold something.
pub(super) fn unknown(
    value: &Value,
    known: &[&str],
    report: &mut Report,
    kind: &'static str,
    path: &str,
) {
    let Some(object) = value.as_object() else { return };
    for (name, value) in object {
        let is_empty = match value {
            Value::Null => true,
            Value::String(text) => text.is_empty(),
            Value::Array(all) => all.is_empty(),
            Value::Object(all) => all.is_empty(),
            Value::Bool(_) | Value::Number(_) => false,
        };
        if !is_empty && !known.contains(&name.as_str()) {
            let reason = "nothing is known of such a member; this version may be too old for it";
            report.refused(kind, path, Some(name), reason);
        }
    }
}
