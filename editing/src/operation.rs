//! An entry of the log.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Change;

/// What an operation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum OperationKind {
    /// Somebody changed something.
    Edit,
    /// Somebody took back an operation of theirs.
    Undo,
    /// Somebody took back what they had undone.
    Redo,
    /// Somebody went back to an earlier revision.
    Rollback,
    /// The flow's file was changed by something else.
    File,
}

/// What was changed, by whom, when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Operation {
    /// The number of the flow's state after it: one more than before.
    pub revision: u64,
    /// Who did it.
    pub author: String,
    /// When, in milliseconds since 1970.
    pub time_ms: i64,
    /// What it did, in the author's words.
    pub label: String,
    /// What it is.
    pub kind: OperationKind,
    /// The revision of the operation that it takes back, or that it goes back to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<u64>,
    /// The changes, in their order.
    pub changes: Vec<Change>,
}

impl Operation {
    /// What takes it back.
    pub(crate) fn inverse(&self) -> Vec<Change> {
        self.changes.iter().rev().map(Change::inverse).collect()
    }
}
