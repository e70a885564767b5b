//! Properties that the user names.

use tutti_model::spec::DynamicPropertySpec;

use super::{PropertyType, check};
use crate::processor::BuildError;

/// Names that the user chose with their values, in the flow's order.
#[derive(Debug, Clone)]
pub struct Dynamic<T>(Vec<(String, T)>);

impl<T: PropertyType> Dynamic<T> {
    /// Names and values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &T)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What such properties are; for `#[derive(Properties)]`.
    pub fn spec(
        name: &'static str,
        description: &'static str,
        relationships: bool,
    ) -> DynamicPropertySpec {
        DynamicPropertySpec {
            name: name.into(),
            description: description.into(),
            kind: T::kind(),
            expression: T::EXPRESSION,
            relationships,
            check: check::<T>(&T::kind()),
        }
    }

    /// The properties from the flow's text; for `#[derive(Properties)]`.
    pub fn parse(named_by_user: &[(String, String)]) -> Result<Self, BuildError> {
        let kind = T::kind();
        let parse = |(name, text): &(String, String)| match T::parse(text, &kind) {
            Ok(value) => Ok((name.clone(), value)),
            Err(error) => Err(BuildError::Property { property: name.clone(), error }),
        };
        named_by_user.iter().map(parse).collect::<Result<_, _>>().map(Self)
    }
}
