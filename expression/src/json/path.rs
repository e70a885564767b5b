//! A compiled path: a list of steps, each from a value to the values within it.

use super::filter::Filter;
use super::value::Json;
use crate::java::regex::Regex;

/// A path into JSON, such as `$.address.city` or `$..[?(@.age > 18)].name`.
#[derive(Debug, Clone)]
pub(crate) struct Path {
    /// Whether it begins at `$`, and not at the `@` of a filter.
    pub(super) from_root: bool,
    pub(super) steps: Vec<Step>,
}

#[derive(Debug, Clone)]
pub(super) enum Step {
    Keys(Vec<String>),
    Indices(Vec<i64>),
    Slice {
        from: Option<i64>,
        to: Option<i64>,
    },
    Wildcard,
    /// `..`: the next step on the value and everything within it.
    Scan,
    Filter(Filter),
    Function {
        name: String,
        parameters: Vec<Parameter>,
    },
}

#[derive(Debug, Clone)]
pub(super) enum Parameter {
    Path(Path),
    Json(Json),
}

impl Step {
    /// Whether the step leads to one value at most. Several keys at the end of a path are merged
    /// into one object.
    pub(super) fn is_definite(&self, is_last: bool) -> bool {
        match self {
            Self::Keys(keys) => keys.len() == 1 || is_last,
            Self::Indices(indices) => indices.len() == 1,
            Self::Function { .. } => true,
            Self::Slice { .. } | Self::Wildcard | Self::Scan | Self::Filter(_) => false,
        }
    }
}

impl Path {
    /// Whether the path leads to one value at most.
    pub(super) fn is_definite(&self) -> bool {
        let last = self.steps.len().saturating_sub(1);
        self.steps.iter().enumerate().all(|(index, step)| step.is_definite(index == last))
    }
}

/// A constant in a filter.
#[derive(Debug, Clone)]
pub(super) enum Constant {
    Json(Json),
    /// A number by its digits, and a text by its characters, are compared with each other.
    Number(String),
    Pattern(Regex),
}
