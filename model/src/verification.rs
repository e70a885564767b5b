//! What came of trying out whether a processor can work.

use serde::Serialize;
use utoipa::ToSchema;

/// How one thing turned out that was tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = VerificationOutcome)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// It works.
    Passed,
    /// It does not.
    Failed,
    /// It could not be tried.
    Skipped,
}

/// One thing that was tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Verification {
    /// What was tried, as `Read the folder`.
    pub name: String,
    /// How it turned out.
    pub outcome: Outcome,
    /// What was seen.
    pub explanation: String,
    /// What to do, where that is known.
    #[schema(required)]
    pub help: Option<String>,
}
