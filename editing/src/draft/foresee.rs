//! What an edit would do, without doing it.
//!
//! Must never write, nor change what the next edit comes to.

use super::{Check, Draft, Submission};
use crate::{Change, Operation, OperationKind, Refusal, Sheet};

/// An edit that was not made.
#[derive(Debug, Clone)]
pub struct Foreseen {
    /// What would stand in the log, if nobody else is faster.
    pub operation: Operation,
    /// What would take it back.
    pub inverse: Vec<Change>,
    /// The flow as it would be.
    pub sheet: Sheet,
}

impl Draft {
    /// What [`Draft::submit`] would do; nothing when all of it is as they want already.
    ///
    /// # Errors
    /// When it would be refused, and why; but for what a disk might say.
    pub fn foresee(
        &mut self,
        submission: Submission,
        check: &Check<'_>,
    ) -> Result<Option<Foreseen>, Refusal> {
        super::check_count(&submission)?;
        let spare_bytes = self.spare_bytes;
        let prepared = self.prepare(submission, OperationKind::Edit, None, check);
        self.spare_bytes = spare_bytes;
        Ok(prepared?.map(|(operation, sheet)| {
            let inverse = operation.inverse();
            Foreseen { operation, inverse, sheet }
        }))
    }
}
