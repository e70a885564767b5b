//! A flow that is being edited: its state, its log, and who can take back what.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tutti_model::definition::FlowDefinition;
use tutti_model::diagnostic::Diagnostic;

use crate::change::{Applied, apply};
use crate::log::{Entry, Log, State};
use crate::stacks::Stacks;
use crate::{Change, Operation, OperationKind, Refusal, Sheet, difference};

/// How long a log may get before its older half goes; at least four times the flow's size.
const LOG_BYTES_MAX: u64 = 16 << 20;
/// How long a label or an author's name may be, in characters.
const LABEL_MAX: usize = 200;
/// How many changes an operation may have.
const CHANGES_MAX: usize = 20_000;
/// Who a flow's file speaks for.
const FILE_AUTHOR: &str = "file";

/// Finds what must never come into a log: secrets in a flow's text.
pub type Check<'c> = dyn Fn(&FlowDefinition) -> Vec<Diagnostic> + 'c;

/// What somebody wants to do.
#[derive(Debug, Clone)]
pub struct Submission {
    /// Who.
    pub author: String,
    /// When, in milliseconds since 1970.
    pub time_ms: i64,
    /// What, in their words.
    pub label: String,
    /// The changes.
    pub changes: Vec<Change>,
}

/// Where a draft stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The number of its state.
    pub revision: u64,
    /// The revision that runs.
    pub applied: u64,
    /// Whether the flow that runs is another one.
    pub is_ahead: bool,
    /// What the author would undo, in the words that were said then.
    pub undo: Option<String>,
    /// What the author would do again.
    pub redo: Option<String>,
}

/// What was found when a draft was opened, and its user is to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Damage {
    /// The log could not be read to its end.
    Log {
        /// A copy of it.
        put_aside: PathBuf,
        /// The last revision that could be read, if any.
        revision: Option<u64>,
    },
    /// The flow's file and the draft had changed the same: the file counts.
    File {
        /// The revision that the draft had, which one can go back to.
        revision: u64,
    },
}

/// A flow that is being edited.
pub struct Draft {
    log: Log,
    log_bytes_max: u64,
    /// What the operations begin with.
    base: State,
    operations: VecDeque<Arc<Operation>>,
    sheet: Sheet,
    revision: u64,
    applied: State,
    stacks: Stacks,
}

impl Draft {
    /// Opens the draft whose log is at `path`, of a flow that runs as its file says: `file`. What
    /// was changed in the file since it last was applied is an operation like any other.
    ///
    /// # Errors
    /// When the log cannot be read or written.
    pub fn open(path: &Path, file: &Sheet, time_ms: i64) -> Result<(Self, Vec<Damage>), Refusal> {
        Self::open_with(path, file, time_ms, LOG_BYTES_MAX)
    }

    fn open_with(
        path: &Path,
        file: &Sheet,
        time_ms: i64,
        log_bytes_max: u64,
    ) -> Result<(Self, Vec<Damage>), Refusal> {
        let (log, entries, unread) = Log::open(path)?;
        let mut damage = Vec::new();
        let mut draft = Self {
            log,
            log_bytes_max,
            base: State::new(0, file),
            operations: VecDeque::new(),
            sheet: file.clone(),
            revision: 0,
            applied: State::new(0, file),
            stacks: Stacks::default(),
        };
        let is_whole = draft.read(entries);
        let is_known = draft.revision > 0;
        let put_aside = match unread {
            None if is_whole => None,
            None => Some(draft.log.copy_aside()?),
            Some(put_aside) => Some(put_aside),
        };
        if let Some(put_aside) = put_aside {
            if is_known {
                draft.log.rewrite(draft.entries())?;
            }
            let revision = is_known.then_some(draft.revision);
            damage.push(Damage::Log { put_aside, revision });
        }
        if is_known {
            draft.take_file(file, time_ms, &mut damage)?;
        } else {
            let first = || State::new(1, file);
            draft.log.append(&[Entry::State(first()), Entry::Applied(first())])?;
            (draft.base, draft.applied, draft.revision) = (first(), first(), 1);
        }
        Ok((draft, damage))
    }

    /// Takes in what a log says, as far as one entry follows the other; whether all do.
    fn read(&mut self, entries: Vec<Entry>) -> bool {
        for entry in entries {
            let is_known = self.revision > 0;
            match entry {
                Entry::Format(_) => {}
                Entry::State(state) => {
                    self.revision = state.revision;
                    self.sheet = state.clone().sheet();
                    self.base = state;
                    self.operations.clear();
                }
                Entry::Operation(operation) if is_known => {
                    let Ok(applied) = apply(&self.sheet, &operation.changes) else { return false };
                    self.note(applied, Arc::new(operation));
                }
                Entry::Applied(state) if is_known => self.applied = state,
                Entry::Operation(_) | Entry::Applied(_) => return false,
            }
        }
        true
    }

    /// All that a log of it has to say.
    fn entries(&self) -> Vec<Entry> {
        let begin = [Entry::State(self.base.clone()), Entry::Applied(self.applied.clone())];
        let operations = self.operations.iter();
        let operations = operations.map(|operation| Entry::Operation((**operation).clone()));
        begin.into_iter().chain(operations).collect()
    }

    /// Takes in what somebody else has made of the file.
    fn take_file(
        &mut self,
        file: &Sheet,
        time_ms: i64,
        damage: &mut Vec<Damage>,
    ) -> Result<(), Refusal> {
        let changes = difference(&self.applied.clone().sheet(), file);
        if changes.is_empty() {
            return Ok(());
        }
        let label = "Changed in the file".to_owned();
        let author = FILE_AUTHOR.to_owned();
        let mut submission = Submission { author, time_ms, label, changes };
        let none = |_: &FlowDefinition| Vec::new();
        let merged = self.add(submission.clone(), OperationKind::File, None, &none);
        match merged {
            Ok(_) => {}
            Err(Refusal::Log(error)) => return Err(error.into()),
            Err(_) => {
                damage.push(Damage::File { revision: self.revision });
                submission.changes = difference(&self.sheet, file);
                self.add(submission, OperationKind::File, None, &none)?;
            }
        }
        self.set_applied(State::new(self.revision, file))
    }

    /// The flow as it is being edited.
    pub fn sheet(&self) -> &Sheet {
        &self.sheet
    }

    /// The flow that runs.
    pub fn applied(&self) -> Sheet {
        self.applied.clone().sheet()
    }

    /// Where it stands, for `author`.
    pub fn head(&self, author: &str) -> Head {
        let label = |revision| self.operation(revision).map(|operation| operation.label.clone());
        Head {
            revision: self.revision,
            applied: self.applied.revision,
            is_ahead: !self.applied.is(&self.sheet),
            undo: self.stacks.undo(author).and_then(label),
            redo: self.stacks.redo(author).and_then(label),
        }
    }

    /// The operations after `revision`, oldest first; those that the log still has.
    pub fn operations_after(&self, revision: u64) -> impl Iterator<Item = &Arc<Operation>> {
        self.operations.iter().filter(move |operation| operation.revision > revision)
    }

    /// Does what somebody wants; nothing when all of it is as they want already.
    ///
    /// # Errors
    /// When nothing was changed, and why.
    pub fn submit(
        &mut self,
        submission: Submission,
        check: &Check<'_>,
    ) -> Result<Option<Arc<Operation>>, Refusal> {
        self.add(submission, OperationKind::Edit, None, check)
    }

    /// Takes back the last operation of `author` that counts.
    ///
    /// # Errors
    /// When there is none, or what it did was changed by others since.
    pub fn undo(
        &mut self,
        author: &str,
        time_ms: i64,
        check: &Check<'_>,
    ) -> Result<Option<Arc<Operation>>, Refusal> {
        let of = self.stacks.undo(author).ok_or(Refusal::NothingToUndo)?;
        self.take_back(author, time_ms, OperationKind::Undo, of, check)
    }

    /// Does again what `author` has taken back last.
    ///
    /// # Errors
    /// When there is nothing, or the same was changed by others since.
    pub fn redo(
        &mut self,
        author: &str,
        time_ms: i64,
        check: &Check<'_>,
    ) -> Result<Option<Arc<Operation>>, Refusal> {
        let of = self.stacks.redo(author).ok_or(Refusal::NothingToRedo)?;
        self.take_back(author, time_ms, OperationKind::Redo, of, check)
    }

    fn take_back(
        &mut self,
        author: &str,
        time_ms: i64,
        kind: OperationKind,
        of: u64,
        check: &Check<'_>,
    ) -> Result<Option<Arc<Operation>>, Refusal> {
        let operation = self.operation(of).ok_or_else(|| self.no_revision(of))?;
        let (label, changes) = (operation.label.clone(), operation.inverse());
        let submission = Submission { author: author.to_owned(), time_ms, label, changes };
        self.add(submission, kind, Some(of), check)
    }

    /// Makes the flow what it was at `revision`.
    ///
    /// # Errors
    /// When the log does not reach back so far.
    pub fn roll_back(
        &mut self,
        author: &str,
        time_ms: i64,
        revision: u64,
        check: &Check<'_>,
    ) -> Result<Option<Arc<Operation>>, Refusal> {
        let then = self.at(revision)?;
        let changes = difference(&self.sheet, &then);
        let label = format!("Back to revision {revision}");
        let submission = Submission { author: author.to_owned(), time_ms, label, changes };
        self.add(submission, OperationKind::Rollback, Some(revision), check)
    }

    /// The flow as it was at `revision`.
    ///
    /// # Errors
    /// When the log does not reach back so far.
    pub fn at(&self, revision: u64) -> Result<Sheet, Refusal> {
        if revision < self.base.revision || revision > self.revision {
            return Err(self.no_revision(revision));
        }
        let mut sheet = self.base.clone().sheet();
        for operation in self.operations.iter().take_while(|each| each.revision <= revision) {
            sheet = apply(&sheet, &operation.changes)?.sheet;
        }
        Ok(sheet)
    }

    /// Takes note that the flow runs as it was at `revision`.
    ///
    /// # Errors
    /// When the log cannot be written, or does not reach back so far.
    pub fn note_applied(&mut self, revision: u64) -> Result<(), Refusal> {
        self.set_applied(State::new(revision, &self.at(revision)?))
    }

    fn set_applied(&mut self, state: State) -> Result<(), Refusal> {
        self.log.append(&[Entry::Applied(state.clone())])?;
        self.applied = state;
        self.shorten();
        Ok(())
    }

    fn operation(&self, revision: u64) -> Option<&Arc<Operation>> {
        let at = self.operations.binary_search_by_key(&revision, |each| each.revision).ok()?;
        self.operations.get(at)
    }

    fn no_revision(&self, revision: u64) -> Refusal {
        Refusal::NoRevision { revision, first: self.base.revision, last: self.revision }
    }

    /// Writes what was submitted into the log, and takes it in then.
    fn add(
        &mut self,
        submission: Submission,
        kind: OperationKind,
        of: Option<u64>,
        check: &Check<'_>,
    ) -> Result<Option<Arc<Operation>>, Refusal> {
        let Submission { author, time_ms, label, changes } = submission;
        if changes.len() > CHANGES_MAX {
            let count = changes.len();
            return Err(Refusal::Malformed(format!(
                "{count} changes at a time: {CHANGES_MAX} are the most"
            )));
        }
        let applied = apply(&self.sheet, &changes)?;
        // An undoing that has nothing left to do counts as done.
        let is_empty = applied.changes.is_empty();
        if is_empty && matches!(kind, OperationKind::Edit | OperationKind::Rollback) {
            return Ok(None);
        }
        if !is_empty {
            let flow = applied.sheet.definition()?;
            applied.sheet.layout_of(&flow)?;
            let secrets = check(&flow);
            if !secrets.is_empty() {
                return Err(Refusal::Findings(secrets));
            }
        }
        let operation = Operation {
            revision: self.revision + 1,
            author: cut(&author),
            time_ms,
            label: cut(&label),
            kind,
            of,
            changes: applied.changes.clone(),
        };
        self.log.append(&[Entry::Operation(operation.clone())])?;
        let operation = Arc::new(operation);
        self.note(applied, Arc::clone(&operation));
        self.shorten();
        Ok(Some(operation))
    }

    fn note(&mut self, applied: Applied, operation: Arc<Operation>) {
        self.sheet = applied.sheet;
        self.revision = operation.revision;
        self.stacks.note(&operation);
        self.operations.push_back(operation);
    }

    /// Lets go of the older half of the operations when the log has become too long. What cannot
    /// be shortened now is another time.
    fn shorten(&mut self) {
        if self.log.length() > self.log_bytes_max && self.operations.len() > 1 {
            // The log is whole either way: it is replaced at once, or stays.
            let _ = self.try_shorten();
        }
    }

    fn try_shorten(&mut self) -> Result<(), Refusal> {
        let keep_after = self.operations[self.operations.len() / 2].revision;
        let base = State::new(keep_after, &self.at(keep_after)?);
        let state_bytes = serde_json::to_vec(&base).unwrap_or_default().len() as u64;
        let mut entries = self.entries();
        entries[0] = Entry::State(base.clone());
        entries.retain(
            |entry| !matches!(entry, Entry::Operation(each) if each.revision <= keep_after),
        );
        self.log.rewrite(entries)?;
        self.base = base;
        self.operations.retain(|operation| operation.revision > keep_after);
        self.stacks.forget_before(keep_after + 1);
        self.log_bytes_max = self.log_bytes_max.max(4 * state_bytes);
        Ok(())
    }
}

fn cut(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control()).take(LABEL_MAX).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use tutti_model::layout::Layout;

    use super::*;
    use crate::{EditingError, Part};

    fn none(_: &FlowDefinition) -> Vec<Diagnostic> {
        Vec::new()
    }

    fn describe(draft: &mut Draft, text: &str) {
        let before = draft.sheet().flow().get("description").cloned();
        let path = vec!["description".to_owned()];
        let change = Change { part: Part::Flow, path, before, after: Some(json!(text)) };
        let (author, label) = ("ann".to_owned(), String::new());
        let submission = Submission { author, time_ms: 0, label, changes: vec![change] };
        draft.submit(submission, &none).unwrap();
    }

    #[test]
    fn a_log_that_is_too_long_keeps_its_newer_half_and_loses_no_state() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.log");
        let file = Sheet::new(&FlowDefinition::new("a"), &Layout::new()).unwrap();
        let (mut draft, _) = Draft::open_with(&path, &file, 0, 20_000).unwrap();
        for number in 0..1000 {
            describe(&mut draft, &number.to_string());
            assert!(draft.log.length() < 21_000, "{}", draft.log.length());
        }
        assert_eq!(draft.revision, 1001);
        let kept = draft.operations.len();
        assert!(kept > 20 && draft.base.revision == 1001 - kept as u64, "{kept}");
        let refused = draft.roll_back("ann", 0, 1, &none).unwrap_err();
        assert!(matches!(refused, Refusal::NoRevision { last: 1001, .. }), "{refused}");
        for number in (989..999).rev() {
            draft.undo("ann", 0, &none).unwrap();
            assert_eq!(draft.sheet().flow()["description"], number.to_string());
        }
        let (sheet, head) = (draft.sheet().clone(), draft.head("ann"));
        drop(draft);
        let (again, damage) = Draft::open_with(&path, &file, 0, 20_000).unwrap();
        assert_eq!((again.sheet(), again.head("ann"), damage), (&sheet, head, Vec::new()));
    }

    #[test]
    fn an_operation_that_cannot_be_written_does_not_count() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.log");
        let file = Sheet::new(&FlowDefinition::new("a"), &Layout::new()).unwrap();
        let (mut draft, _) = Draft::open(&path, &file, 0).unwrap();
        describe(&mut draft, "kept");
        draft.log.close_for_test();
        let path_of = vec!["description".to_owned()];
        let (before, after) = (Some(json!("kept")), Some(json!("lost")));
        let changes = vec![Change { part: Part::Flow, path: path_of, before, after }];
        let (author, label) = ("ann".to_owned(), String::new());
        let refused = draft.submit(Submission { author, time_ms: 0, label, changes }, &none);
        assert!(matches!(refused, Err(Refusal::Log(EditingError::Write { .. }))));
        assert_eq!(
            (draft.sheet().flow()["description"].as_str(), draft.revision),
            (Some("kept"), 2)
        );
    }
}
