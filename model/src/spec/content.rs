//! What kinds of content a type of processor works on and hands on, as media types.
//!
//! Says only what is certain: of content that nobody says anything of, anything may be true.

use serde::Serialize;
use utoipa::ToSchema;

use super::{Dependency, ProcessorSpec, Text};

/// What is known of the content that a type of processor hands on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ContentSpec {
    /// The relationship that it is handed on by; none: each of which nothing else is said.
    #[schema(required, value_type = Option<String>)]
    pub relationship: Option<Text>,
    /// Values of a property with which that is so; none: always.
    #[schema(required)]
    pub when: Option<Dependency>,
    /// The media type, as `application/json`, or `audio/*` for one of several; none: what came in,
    /// as it came.
    #[schema(required, value_type = Option<String>)]
    pub media_type: Option<Text>,
}

/// What is known of the content behind a relationship.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Made<'s> {
    /// Nothing.
    Unknown,
    /// It is what came in.
    AsItCame,
    /// It is of this media type.
    Of(&'s str),
}

impl ProcessorSpec {
    /// Whether it can work on content of a media type.
    pub fn takes(&self, media_type: &str) -> bool {
        self.accepts.is_empty() || self.accepts.iter().any(|each| overlap(each, media_type))
    }

    /// What is known of the content that it hands on by a relationship, where `value` tells the
    /// values of its properties; none for one that is not known.
    pub fn makes<'v>(
        &self,
        relationship: &str,
        value: impl Fn(&str) -> Option<&'v str>,
    ) -> Made<'_> {
        let of = |name: Option<&str>| {
            let mut said = self.makes.iter().filter(|each| each.relationship.as_deref() == name);
            said.find(|each| match &each.when {
                None => true,
                Some(Dependency { property, values }) => {
                    value(property).is_some_and(|value| values.iter().any(|each| each == value))
                }
            })
        };
        let names = self.makes.iter().filter_map(|each| each.relationship.as_deref());
        let is_named = names.into_iter().any(|name| name == relationship);
        let found = of(is_named.then_some(relationship));
        match found.map(|found| found.media_type.as_deref()) {
            None => Made::Unknown,
            Some(None) => Made::AsItCame,
            Some(Some(media_type)) => Made::Of(media_type),
        }
    }

    /// Whether it can make content that `other` takes of content of a media type.
    pub fn converts(&self, media_type: &str, other: &Self) -> bool {
        let made = self.makes.iter().filter_map(|each| each.media_type.as_deref());
        !self.accepts.is_empty()
            && self.takes(media_type)
            && !other.accepts.is_empty()
            && made.into_iter().any(|made| other.takes(made))
    }
}

/// Whether something can be of both types.
fn overlap(left: &str, right: &str) -> bool {
    let of_family = |pattern: &str, other: &str| {
        let family = pattern.strip_suffix('*');
        family.is_some_and(|family| family.ends_with('/') && other.starts_with(family))
    };
    left == right || of_family(left, right) || of_family(right, left)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_family_has_its_members_and_nothing_else() {
        for (left, right, fits) in [
            ("audio/*", "audio/wav", true),
            ("audio/wav", "audio/*", true),
            ("audio/*", "audio/*", true),
            ("audio/wav", "audio/wav", true),
            ("audio/wav", "audio/flac", false),
            ("audio/*", "audiobook/x", false),
            ("audio/*", "application/json", false),
            ("*", "application/json", false),
        ] {
            assert_eq!(overlap(left, right), fits, "{left} {right}");
        }
    }
}
