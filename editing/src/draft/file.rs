//! What something else has made of a flow's file, as operations of its draft.

use std::sync::Arc;

use super::{Check, Damage, Draft, Submission};
use crate::change::repeat;
use crate::log::State;
use crate::value;
use crate::{Change, Conflict, Operation, OperationKind, Refusal, Sheet, difference};

/// Who a flow's file speaks for.
const FILE_AUTHOR: &str = "file";

impl Draft {
    /// Takes in what somebody else has made of the file.
    pub(super) fn take_file(
        &mut self,
        file: &Sheet,
        time_ms: i64,
        damage: &mut Vec<Damage>,
        check: &Check<'_>,
    ) -> Result<(), Refusal> {
        let changes = difference(&self.applied.clone().sheet(), file);
        if changes.is_empty() {
            return Ok(());
        }
        if let Some(revision) = self.revision_of(file) {
            // It was applied, and a crash came before that was noted.
            return self.set_applied(State::new(revision, file));
        }
        let merged = self.add(of_file(changes.clone(), time_ms), OperationKind::File, None, check);
        match merged {
            Ok(_) => {}
            Err(Refusal::Conflicts(conflicts)) => {
                damage.push(Damage::File { revision: self.revision });
                let decided = decided(changes, &conflicts, file);
                let decided = self.add(of_file(decided, time_ms), OperationKind::File, None, check);
                if let Err(Refusal::Conflicts(_) | Refusal::Findings(_)) = decided {
                    // What both make together is no flow.
                    let all = of_file(difference(&self.sheet, file), time_ms);
                    self.add(all, OperationKind::File, None, check)?;
                } else {
                    decided?;
                }
            }
            Err(other) => return Err(other),
        }
        // What runs is no revision of the draft where that has more.
        let is_draft = self.sheet == *file;
        self.set_applied(State::new(if is_draft { self.revision } else { 0 }, file))
    }

    /// The last revision that was as `file` is.
    fn revision_of(&self, file: &Sheet) -> Option<u64> {
        let mut sheet = self.base.clone().sheet();
        let mut found = (sheet == *file).then_some(self.base.revision);
        for operation in &self.operations {
            if !repeat(&mut sheet, &operation.changes) {
                break;
            }
            if sheet == *file {
                found = Some(operation.revision);
            }
        }
        found
    }

    /// Takes in what somebody has made of the flow's file, which was `before` when it was last
    /// looked at.
    ///
    /// # Errors
    /// When the draft has other changes of the same; and as with [`Self::submit`].
    pub fn merge_file(
        &mut self,
        before: &Sheet,
        file: &Sheet,
        time_ms: i64,
        check: &Check<'_>,
    ) -> Result<Option<Arc<Operation>>, Refusal> {
        let submission = of_file(difference(before, file), time_ms);
        self.add(submission, OperationKind::File, None, check)
    }
}

/// The changes of a file where it counts also against the draft: what the draft has otherwise
/// becomes what the file says, and a thing that it has no more comes back as a whole.
fn decided(changes: Vec<Change>, conflicts: &[Conflict], file: &Sheet) -> Vec<Change> {
    let mut decided: Vec<Change> = Vec::new();
    for mut change in changes {
        let conflict = conflicts.iter().find(|conflict| conflict.path == change.path);
        match conflict {
            None => {}
            Some(Conflict { gone: Some(thing), .. }) => {
                change.after = value::get(file.part(change.part), thing).cloned();
                (change.path, change.before) = (thing.clone(), None);
            }
            Some(Conflict { found, .. }) => change.before.clone_from(found),
        }
        if decided.iter().all(|other| other.path != change.path) {
            decided.push(change);
        }
    }
    decided
}

/// What a file's changes are as an operation.
fn of_file(changes: Vec<Change>, time_ms: i64) -> Submission {
    let (author, label) = (FILE_AUTHOR.to_owned(), "Changed in the file".to_owned());
    Submission { author, time_ms, label, changes }
}
