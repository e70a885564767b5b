//! What somebody may do: four roles, each of which may what those before it may.
//!
//! Which role a route needs stands in one table, [`super::rules`]; nothing else decides it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What somebody may do, from little to all.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Sees flows, their drafts and their figures; not the data that goes through them.
    Viewer,
    /// Also sees what waits and what happened, with attributes and content; starts, stops, replays.
    Operator,
    /// Also edits and applies, and so decides what the server reads, writes and sends.
    Editor,
    /// Also stops the server.
    Admin,
}

impl Role {
    /// All of them, from little to all.
    pub const ALL: [Self; 4] = [Self::Viewer, Self::Operator, Self::Editor, Self::Admin];

    /// As it is written.
    pub fn name(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Operator => "operator",
            Self::Editor => "editor",
            Self::Admin => "admin",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Role {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|role| role.name() == text);
        found.ok_or("write viewer, operator, editor or admin")
    }
}
