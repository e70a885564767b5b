//! What an edit would do, for who wants to know before.

use std::sync::Arc;

use serde::Serialize;
use tutti_editing::{Change, Foreseen, Head, Operation, Refusal, Submission};
use tutti_model::definition::FlowDefinition;
use tutti_model::diagnostic::Diagnostic;
use utoipa::ToSchema;

use super::{Edit, NoDraft, Studio, findings};
use crate::clock::now_ms;

/// What an edit would do.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Foreseen)]
pub(crate) struct ForeseenEdit {
    /// The operation as the log would have it, when nobody else is faster.
    operation: Operation,
    /// The changes that would take it back.
    inverse: Vec<Change>,
    /// What would be wrong with the draft then.
    #[serde(serialize_with = "super::all")]
    #[schema(value_type = Vec<Diagnostic>)]
    findings: Arc<[Diagnostic]>,
    /// Why nobody knows the values of its parameters: then nothing is said of those that have none.
    #[schema(required)]
    parameters_error: Option<String>,
}

impl Edit {
    /// What was done, and where that leaves the draft.
    pub(super) fn now(head: Head, operation: Option<Arc<Operation>>) -> Self {
        let Head { revision, undo, redo, .. } = head;
        Self { revision, operation, undo, redo, dry_run: None }
    }
}

impl Studio {
    /// What `changes` by `author` would do. Nothing is done.
    pub(crate) fn foresee(
        &self,
        name: &str,
        author: &str,
        label: String,
        changes: Vec<Change>,
    ) -> Result<Result<Edit, Refusal>, NoDraft> {
        let desk = self.desk(name)?;
        let check = |flow: &FlowDefinition| self.secrets(flow);
        let (author, time_ms) = (author.to_owned(), now_ms());
        let submission = Submission { author: author.clone(), time_ms, label, changes };
        let (head, foreseen) = {
            let mut draft = desk.draft.lock();
            (draft.head(&author), draft.foresee(submission, &check))
        };
        Ok(foreseen.map(|foreseen| {
            let dry_run = foreseen.map(|Foreseen { operation, inverse, sheet }| {
                let wrong = findings::of(&sheet, &*self.specs, &self.parameters);
                let (findings, parameters_error) = (wrong.findings, wrong.parameters);
                ForeseenEdit { operation, inverse, findings, parameters_error }
            });
            Edit { dry_run, ..Edit::now(head, None) }
        }))
    }
}
