//! Typed properties: what the flow says in text becomes a struct of the processor's own.
//!
//! A type of value is one implementation of [`PropertyType`]; nothing here knows a processor.

mod attribute_name;
mod data_size;
mod duration;
mod dynamic;
mod evaluated;
mod json_path;
mod numbers;
mod regular_expression;
mod service_ref;
mod texts;

use std::borrow::Cow;

use tutti_model::spec::{
    DynamicPropertySpec, ExpressionScope, PropertyError, PropertyKind, PropertySpec, ValueCheck,
    ValueError,
};

pub use attribute_name::AttributeName;
pub use data_size::DataSize;
pub use dynamic::Dynamic;
pub use evaluated::{Evaluated, Evaluator};
pub use json_path::JsonPath;
pub use regular_expression::{Groups, Regex};
pub use service_ref::ServiceRef;
pub use texts::Secret;
pub use tutti_expression::ValueType;
pub use tutti_sdk_macros::Choice;

use crate::processor::{BuildError, PropertyValues};

/// The properties of a type of processor. Derive it: the doc comments become the descriptions.
pub trait Properties: Sized + Send + Sync + 'static {
    /// What there is, in the order of the form.
    fn specs() -> Vec<PropertySpec>;
    /// What the user may name, if anything.
    fn dynamic() -> Option<DynamicPropertySpec>;
    /// The properties from the flow's text: those that are declared, and names and values of
    /// those that the user named, in the flow's order. Fails with everything that is wrong.
    fn parse(
        values: &PropertyValues,
        named_by_user: &[(String, String)],
    ) -> Result<Self, BuildError>;
}

/// A type that a property's value can have.
pub trait PropertyType: Sized + Send + Sync + 'static {
    /// Whether there must be a value.
    const REQUIRED: bool = true;
    /// Which expressions the value may hold.
    const EXPRESSION: ExpressionScope = ExpressionScope::None;
    /// What the value is.
    fn kind() -> PropertyKind;
    /// The value from the flow's text; `kind` is [`PropertyType::kind`], its range narrowed where
    /// the property says so.
    fn parse(text: &str, kind: &PropertyKind) -> Result<Self, ValueError>;
    /// As [`PropertyType::parse`], of a text that nobody else needs.
    fn parse_owned(text: String, kind: &PropertyKind) -> Result<Self, ValueError> {
        Self::parse(&text, kind)
    }
    /// How the value of an expression is written into the text before that is parsed.
    fn quote(value: &str) -> Cow<'_, str> {
        Cow::Borrowed(value)
    }
    /// What of a text that can be parsed is hardly meant.
    fn doubt(&self) -> Option<ValueError> {
        None
    }
    /// What it is without a value, where it can be without.
    fn absent() -> Option<Self> {
        None
    }
}

/// How the text of a property of type `T` is checked; for `#[derive(Properties)]`.
pub fn check<T: PropertyType>(kind: &PropertyKind) -> ValueCheck {
    let (checked, doubted) = (kind.clone(), kind.clone());
    ValueCheck::new(move |text| T::parse(text, &checked).map(drop))
        .with_doubt(move |text| T::parse(text, &doubted).ok()?.doubt())
}

/// Without a value or with an empty one there is `None`.
impl<T: PropertyType> PropertyType for Option<T> {
    const REQUIRED: bool = false;
    const EXPRESSION: ExpressionScope = T::EXPRESSION;

    fn kind() -> PropertyKind {
        T::kind()
    }

    fn parse(text: &str, kind: &PropertyKind) -> Result<Self, ValueError> {
        if text.is_empty() { Ok(None) } else { T::parse(text, kind).map(Some) }
    }

    fn doubt(&self) -> Option<ValueError> {
        self.as_ref().and_then(T::doubt)
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

/// Reads one declared property; for `#[derive(Properties)]`. `None` when it is wrong, which is then
/// among `wrong`.
pub fn value<T: PropertyType>(
    values: &PropertyValues,
    name: &str,
    default: Option<&str>,
    kind: &PropertyKind,
    wrong: &mut Vec<PropertyError>,
) -> Option<T> {
    let value = match values.get(name).map(String::as_str).or(default) {
        Some(text) => T::parse(text, kind),
        None => T::absent().ok_or_else(|| ValueError::new("a value is required")),
    };
    value.map_err(|error| wrong.push(PropertyError::of(name.to_owned(), error))).ok()
}

/// Reads properties that several types of processors have in common; for `#[derive(Properties)]`.
/// `None` when some are wrong, which are then among `wrong`.
pub fn group<T: Properties>(values: &PropertyValues, wrong: &mut Vec<PropertyError>) -> Option<T> {
    match T::parse(values, &[]) {
        Ok(group) => return Some(group),
        Err(BuildError::Properties(errors)) => wrong.extend(errors),
        Err(BuildError::Other(error)) => {
            let error = ValueError::new(error.chain());
            wrong.push(PropertyError { properties: Vec::new(), error });
        }
    }
    None
}

/// The kind of `T` with a narrower range; for `#[derive(Properties)]`. Kinds without a range stay
/// as they are.
pub fn ranged<T: PropertyType>(least: Option<f64>, greatest: Option<f64>) -> PropertyKind {
    match T::kind() {
        PropertyKind::Integer { min, max } => PropertyKind::Integer {
            min: least.map_or(min, |least| least as i64),
            max: greatest.map_or(max, |greatest| greatest as i64),
        },
        PropertyKind::Number { min, max } => {
            PropertyKind::Number { min: least.unwrap_or(min), max: greatest.unwrap_or(max) }
        }
        other => other,
    }
}

/// What is wrong with a `text` that is none of the choices of `kind`; for `#[derive(Choice)]`.
pub fn not_a_choice(text: &str, kind: &PropertyKind) -> ValueError {
    let error = ValueError::new(format!("\"{text}\" is not one of the choices"));
    let PropertyKind::Choice { choices } = kind else { return error };
    let values: Vec<String> = choices.iter().map(|each| format!("\"{}\"", each.value)).collect();
    error.with_help(format!("write one of {}", values.join(", ")))
}

#[cfg(test)]
mod tests;
