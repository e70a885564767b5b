//! Properties that the user names.

use tutti_model::spec::{DynamicPropertySpec, PropertyError};

use super::{AttributeName, PropertyType, check};

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

    /// The properties from the flow's text; for `#[derive(Properties)]`. Those that are wrong, in
    /// their names too where these are `attributes`, are then among `wrong`, and left out.
    pub fn parse(
        named_by_user: &[(String, String)],
        attributes: bool,
        wrong: &mut Vec<PropertyError>,
    ) -> Self {
        let kind = T::kind();
        let mut values = Vec::with_capacity(named_by_user.len());
        for (name, text) in named_by_user {
            let named = if attributes { AttributeName::check(name) } else { Ok(()) };
            match named.and_then(|()| T::parse(text, &kind)) {
                Ok(value) => values.push((name.clone(), value)),
                Err(error) => wrong.push(PropertyError::of(name.clone(), error)),
            }
        }
        Self(values)
    }
}
