//! The functions that a path may end with: `length()`, `sum()`, `keys()` and the like.

use std::borrow::Cow;

use super::budget::{Budget, Root};
use super::evaluate::{Found, Stop, array_length, child, element, json, keys};
use super::path::{Parameter, Step};
use super::value::Json;

/// Applies the function `name` to a value in the document `root`.
pub(super) fn function<'d>(
    name: &str,
    parameters: &[Parameter],
    model: &Found<'d>,
    root: Root<'_, '_>,
) -> Result<Found<'d>, Stop> {
    let owned = |json| Ok(Found::Json(Cow::Owned(json)));
    match name {
        "keys" => Ok(match keys(model) {
            Some(keys) => Found::Keys(keys),
            None => Found::Json(Cow::Owned(Json::Null)),
        }),
        "length" | "size" => owned(length(parameters, model, root.budget)?),
        "first" => sequence(model, 0),
        "last" => sequence(model, -1),
        "index" => {
            let values = parameter_values(parameters, root)?;
            let index = numbers(&values).first().copied().ok_or(Stop::Failed)?;
            sequence(model, index as i64)
        }
        "concat" => {
            let mut text = String::new();
            if let Some(Json::Array(items)) = json(model) {
                let parts = items.iter().filter_map(|item| match item {
                    Json::Text(part) => Some(part.as_str()),
                    _ => None,
                });
                text.extend(parts);
            }
            for value in parameter_values(parameters, root)? {
                text.extend(
                    flat(&value).filter(|json| **json != Json::Null).map(Json::scalar_text),
                );
            }
            owned(Json::Text(text))
        }
        "append" => {
            let mut result = json(model).cloned().unwrap_or(Json::Null);
            if let Json::Array(items) = &mut result {
                items.extend(parameter_values(parameters, root)?);
            }
            owned(result)
        }
        "avg" | "stddev" | "sum" | "min" | "max" => {
            let mut values = match json(model) {
                Some(Json::Array(items)) => numbers_of(items.iter()),
                _ => Vec::new(),
            };
            values.extend(numbers(&parameter_values(parameters, root)?));
            aggregate(name, &values).map_or(Err(Stop::Failed), |n| owned(Json::Decimal(n)))
        }
        _ => Err(Stop::Invalid),
    }
}

fn length(parameters: &[Parameter], model: &Found<'_>, budget: &Budget) -> Result<Json, Stop> {
    let whole = |length: usize| Json::Whole(length.to_string());
    if let Some(Parameter::Path(path)) = parameters.first() {
        let mut path = path.clone();
        if !matches!(path.steps.last(), Some(Step::Function { .. })) && !path.steps.is_empty() {
            path.steps.push(Step::Wildcard);
        }
        let root = Root { json: json(model).ok_or(Stop::Failed)?, budget };
        if let Some(length) = array_length(&path.value(root.json, root, false)?) {
            return Ok(whole(length));
        }
    }
    Ok(match json(model) {
        Some(Json::Array(items)) => whole(items.len()),
        Some(Json::Object(entries)) => whole(entries.len()),
        _ => Json::Null,
    })
}

fn parameter_values(parameters: &[Parameter], root: Root<'_, '_>) -> Result<Vec<Json>, Stop> {
    let value = |parameter: &Parameter| match parameter {
        Parameter::Json(json) => Ok(json.clone()),
        Parameter::Path(path) => path.value(root.json, root, false).map(Found::into_json),
    };
    parameters.iter().map(value).collect()
}

fn sequence<'d>(model: &Found<'d>, index: i64) -> Result<Found<'d>, Stop> {
    let length = array_length(model).ok_or(Stop::Failed)? as i64;
    // Jayway does not count back to the first element.
    let at = if index >= 0 {
        index
    } else {
        Some(length + index).filter(|at| *at > 0).ok_or(Stop::Failed)?
    };
    let at = usize::try_from(at).map_err(|_| Stop::Failed)?;
    child(model, |json| element(json, at)).ok_or(Stop::Failed)
}

fn flat(json: &Json) -> impl Iterator<Item = &Json> {
    match json {
        Json::Array(items) => items.iter(),
        other => std::slice::from_ref(other).iter(),
    }
}

fn numbers(values: &[Json]) -> Vec<f64> {
    numbers_of(values.iter().flat_map(flat))
}

fn numbers_of<'j>(values: impl Iterator<Item = &'j Json>) -> Vec<f64> {
    values
        .filter_map(|json| match json {
            Json::Decimal(number) => Some(*number),
            Json::Whole(digits) => digits.parse().ok(),
            _ => None,
        })
        .collect()
}

fn aggregate(name: &str, values: &[f64]) -> Option<f64> {
    if values.is_empty() {
        return None;
    }
    let count = values.len() as f64;
    let sum: f64 = values.iter().fold(0.0, |sum, value| sum + value);
    Some(match name {
        "sum" => sum,
        "avg" => sum / count,
        "min" => values
            .iter()
            .copied()
            .fold(f64::MAX, |least, value| if least > value { value } else { least }),
        "max" => values
            .iter()
            .copied()
            .fold(f64::MIN, |most, value| if most < value { value } else { most }),
        _ => {
            let squares: f64 = values.iter().fold(0.0, |sum, value| sum + value * value);
            (squares / count - sum * sum / count / count).sqrt()
        }
    })
}
