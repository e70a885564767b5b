//! What a type of processor takes away outside of its flow: told before it starts.

use serde::Serialize;
use utoipa::ToSchema;

use super::{Dependency, Text};

/// What a type of processor takes away, for good.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RemovalSpec {
    /// What that is.
    pub what: Removed,
    /// The properties that say from where, or which.
    #[schema(value_type = Vec<String>)]
    pub from: Vec<Text>,
    /// Values of a property with which that is so; none: always.
    #[schema(required)]
    pub when: Option<Dependency>,
}

/// What is taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum Removed {
    /// The files of a folder.
    Files,
    /// Files that flowfiles name.
    Fetched,
    /// Objects that flowfiles name.
    Objects,
}
