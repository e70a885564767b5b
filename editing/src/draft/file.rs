//! What something else has made of a flow's file, as operations of its draft.

use std::sync::Arc;

use super::{Check, Draft, Submission};
use crate::change::repeat;
use crate::log::State;
use crate::value;
use crate::{Change, Conflict, Damage, Operation, OperationKind, Refusal, Sheet, difference};

/// Who a flow's file speaks for.
const FILE_AUTHOR: &str = "file";

impl Draft {
    /// Takes in what somebody else has made of the file.
    pub(super) fn take_file(
        &mut self,
        file: &Sheet,
        time_ms: i64,
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
        let before = self.revision;
        if self.decide(changes, file, time_ms, check)? {
            self.damage.push(Damage::File { revision: before });
        }
        // What runs is no revision of the draft where that has more.
        let is_draft = self.sheet == *file;
        self.set_applied(State::new(if is_draft { self.revision } else { 0 }, file))
    }

    /// Takes in changes of the file, which counts where the draft has changed the same; whether it
    /// has.
    fn decide(
        &mut self,
        mut changes: Vec<Change>,
        file: &Sheet,
        time_ms: i64,
        check: &Check<'_>,
    ) -> Result<bool, Refusal> {
        let mut is_against = false;
        loop {
            let submission = of_file(changes.clone(), time_ms);
            let next = match self.add(submission, OperationKind::File, None, check) {
                Ok(_) => return Ok(is_against),
                // Not all are told at once.
                Err(Refusal::Conflicts(conflicts)) => decided(&changes, &conflicts, file),
                Err(Refusal::Findings(_)) if is_against => changes.clone(),
                Err(other) => return Err(other),
            };
            is_against = true;
            if next == changes {
                // What both make together is no flow.
                let all = of_file(difference(&self.sheet, file), time_ms);
                self.add(all, OperationKind::File, None, check)?;
                return Ok(true);
            }
            changes = next;
        }
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
fn decided(changes: &[Change], conflicts: &[Conflict], file: &Sheet) -> Vec<Change> {
    let mut decided: Vec<Change> = Vec::new();
    for change in changes {
        let mut change = change.clone();
        let is_of = |one: &&Conflict| one.part == change.part && one.path == change.path;
        let conflict = conflicts.iter().find(is_of);
        match conflict {
            None => {}
            Some(Conflict { gone: Some(thing), .. }) => {
                change.after = value::get(file.part(change.part), thing).cloned();
                (change.path, change.before) = (thing.clone(), None);
            }
            Some(Conflict { found, .. }) => change.before.clone_from(found),
        }
        let is_other = |other: &Change| other.part != change.part || other.path != change.path;
        if decided.iter().all(is_other) {
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
