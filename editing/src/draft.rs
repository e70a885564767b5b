//! A flow that is being edited: its state, its log, and who can take back what.

mod checked;
mod file;
mod foresee;

use std::collections::VecDeque;
use std::path::Path;
use std::sync::Arc;

use serde::Serialize;
use tutti_model::chain;
use tutti_model::definition::FlowDefinition;
use tutti_model::diagnostic::Diagnostic;
use utoipa::ToSchema;

use crate::change::{merge, repeat};
use crate::log::{Entry, Log, State, last_applied};
use crate::stacks::Stacks;
use crate::{Change, Damage, Operation, OperationKind, Refusal, Sheet, difference};

pub use foresee::Foreseen;

/// How long a log may get before its older half goes; at least four times the flow's size.
const LOG_BYTES_MAX: u64 = 16 << 20;
/// How long a label or an author's name may be, in characters.
const LABEL_MAX: usize = 200;
/// How many changes an operation may have.
const CHANGES_MAX: usize = 100_000;

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
    /// The revision that runs; none when what runs is no revision of the draft.
    pub applied: Option<u64>,
    /// Whether the flow that runs is another one.
    pub is_ahead: bool,
    /// What the author would undo.
    pub undo: Option<Step>,
    /// The undoing that the author would take back.
    pub redo: Option<Step>,
}

/// An operation that can be taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = UndoStep)]
pub struct Step {
    /// Its revision.
    pub revision: u64,
    /// What it did, in the words that were said then.
    pub label: String,
}

/// Which operation is taken back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Which {
    /// This one; without it the author's newest.
    pub revision: Option<u64>,
    /// What the author takes for the newest: nothing is done when it is another by now.
    pub expected: Option<u64>,
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
    /// How much text may be added by excerpts before all of the flow is read once more, as it may
    /// be too long by then.
    spare_bytes: usize,
    damage: Vec<Damage>,
}

impl Which {
    /// The one that is meant of those that there are.
    fn of(self, all: &[u64], none: Refusal) -> Result<u64, Refusal> {
        let newest = all.last().copied();
        if self.expected.is_some_and(|expected| Some(expected) != newest) {
            return Err(Refusal::Stale { newest });
        }
        let newest = newest.ok_or(none)?;
        match self.revision {
            None => Ok(newest),
            Some(revision) if all.contains(&revision) => Ok(revision),
            Some(revision) => Err(Refusal::NotToTakeBack { revision }),
        }
    }
}

impl Draft {
    /// What ran last of the flow whose log is at `path`, if that is known: its file may say
    /// something else by now.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub fn ran_last(path: &Path) -> Result<Option<Sheet>, Refusal> {
        Ok(last_applied(path)?.map(State::sheet))
    }

    /// Opens the draft whose log is at `path`, of a flow that runs as its file says: `file`. What
    /// was changed in the file since it last was applied is an operation like any other.
    ///
    /// # Errors
    /// When the log cannot be read or written, or the file has a secret that the log would keep.
    pub fn open(
        path: &Path,
        file: &Sheet,
        time_ms: i64,
        check: &Check<'_>,
    ) -> Result<Self, Refusal> {
        Self::open_with(path, file, time_ms, check, LOG_BYTES_MAX)
    }

    fn open_with(
        path: &Path,
        file: &Sheet,
        time_ms: i64,
        check: &Check<'_>,
        log_bytes_max: u64,
    ) -> Result<Self, Refusal> {
        let secrets = check(&file.definition()?);
        if !secrets.is_empty() {
            return Err(Refusal::Findings(secrets));
        }
        let (log, entries, unread) = Log::open(path)?;
        let mut draft = Self {
            log,
            log_bytes_max,
            base: State::new(0, file),
            operations: VecDeque::new(),
            sheet: file.clone(),
            revision: 0,
            applied: State::new(0, file),
            stacks: Stacks::default(),
            spare_bytes: 0,
            damage: Vec::new(),
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
            draft.damage.push(Damage::Log { put_aside, revision });
        }
        if is_known {
            draft.take_file(file, time_ms, check)?;
        } else {
            let first = || State::new(1, file);
            draft.log.append(&[Entry::State(first()), Entry::Applied(first())])?;
            (draft.base, draft.applied, draft.revision) = (first(), first(), 1);
        }
        Ok(draft)
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
                    let follows = operation.revision == self.revision + 1;
                    if !follows {
                        return false;
                    }
                    if !repeat(&mut self.sheet, &operation.changes) {
                        return self.give_up_at(operation.revision - 1);
                    }
                    self.note(Arc::new(operation));
                }
                Entry::Applied(state) if is_known => self.applied = state,
                Entry::Operation(_) | Entry::Applied(_) => return false,
            }
        }
        true
    }

    /// An operation did not follow the one before it: what it has done of itself is taken back.
    fn give_up_at(&mut self, revision: u64) -> bool {
        self.revision = self.revision.min(revision);
        let Ok(sheet) = self.at(self.revision) else { return false };
        self.sheet = sheet;
        false
    }

    /// All that a log of it has to say.
    fn entries(&self) -> Vec<Entry> {
        let begin = [Entry::State(self.base.clone()), Entry::Applied(self.applied.clone())];
        let operations = self.operations.iter();
        let operations = operations.map(|operation| Entry::Operation((**operation).clone()));
        begin.into_iter().chain(operations).collect()
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
        let step = |revision| {
            let label = self.operation(revision)?.label.clone();
            Some(Step { revision, label })
        };
        Head {
            revision: self.revision,
            applied: (self.applied.revision > 0).then_some(self.applied.revision),
            is_ahead: !self.applied.is(&self.sheet),
            undo: self.stacks.undo(author).and_then(step),
            redo: self.stacks.redo(author).and_then(step),
        }
    }

    /// What its user is to be told of its log.
    pub fn damage(&self) -> &[Damage] {
        &self.damage
    }

    /// The operations after `revision`, oldest first; those that the log still has.
    pub fn operations_after(&self, revision: u64) -> impl Iterator<Item = &Arc<Operation>> {
        let first = self.operations.partition_point(|one| one.revision <= revision);
        self.operations.range(first..)
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
        check_count(&submission)?;
        self.add(submission, OperationKind::Edit, None, check)
    }

    /// Takes back an operation of `author` that counts: the last one, or one before it.
    ///
    /// # Errors
    /// When there is none, or what it did was changed since.
    pub fn undo(
        &mut self,
        author: &str,
        which: Which,
        time_ms: i64,
        check: &Check<'_>,
    ) -> Result<Option<Arc<Operation>>, Refusal> {
        let of = which.of(self.stacks.to_undo(author), Refusal::NothingToUndo)?;
        self.take_back(author, time_ms, OperationKind::Undo, of, check)
    }

    /// Does again what `author` has taken back: last, or by that undoing.
    ///
    /// # Errors
    /// When there is nothing, or the same was changed since.
    pub fn redo(
        &mut self,
        author: &str,
        which: Which,
        time_ms: i64,
        check: &Check<'_>,
    ) -> Result<Option<Arc<Operation>>, Refusal> {
        let of = which.of(self.stacks.to_redo(author), Refusal::NothingToRedo)?;
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
            if !repeat(&mut sheet, &operation.changes) {
                return Err(self.no_revision(revision));
            }
        }
        Ok(sheet)
    }

    /// Takes note that the flow runs as `sheet`, which is what it was at `revision`.
    ///
    /// # Errors
    /// When the log cannot be written.
    pub fn note_applied(&mut self, revision: u64, sheet: &Sheet) -> Result<(), Refusal> {
        self.set_applied(State::new(revision, sheet))
    }

    fn set_applied(&mut self, state: State) -> Result<(), Refusal> {
        if state == self.applied {
            return Ok(());
        }
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
        let Some((operation, sheet)) = self.prepare(submission, kind, of, check)? else {
            return Ok(None);
        };
        self.log.append(&[Entry::Operation(operation.clone())])?;
        let operation = Arc::new(operation);
        self.sheet = sheet;
        self.note(Arc::clone(&operation));
        self.shorten();
        Ok(Some(operation))
    }

    /// What would stand in the log, and what the flow would be; none when nothing would change.
    fn prepare(
        &mut self,
        submission: Submission,
        kind: OperationKind,
        of: Option<u64>,
        check: &Check<'_>,
    ) -> Result<Option<(Operation, Sheet)>, Refusal> {
        let Submission { author, time_ms, label, changes } = submission;
        let merged = merge(&self.sheet, &changes)?;
        // An undoing that has nothing left to do counts as done.
        let is_empty = merged.changes.is_empty();
        if is_empty && !matches!(kind, OperationKind::Undo | OperationKind::Redo) {
            return Ok(None);
        }
        let merged = if is_empty { merged } else { self.checked(merged, check)? };
        let operation = Operation {
            revision: self.revision + 1,
            author: cut(&author),
            time_ms,
            label: cut(&label),
            kind,
            of,
            changes: merged.changes,
        };
        Ok(Some((operation, merged.sheet)))
    }

    fn note(&mut self, operation: Arc<Operation>) {
        self.revision = operation.revision;
        self.stacks.note(&operation);
        self.operations.push_back(operation);
    }

    /// Has the log say no more than it must when it has become too long, and lets go of the older
    /// half of the operations where that is not enough. What cannot be shortened now is another
    /// time.
    fn shorten(&mut self) {
        if self.log.length() <= self.log_bytes_max {
            return;
        }
        // The log is whole either way: it has all that it had, or all that it is to have. Where
        // that cannot be, it is not tried for each operation: what has no room for it has none for
        // long.
        let shortened = self.try_shorten();
        self.damage.retain(|damage| !matches!(damage, Damage::Long { .. }));
        if let Err(error) = shortened {
            let bytes = self.log.length();
            self.log_bytes_max = bytes + bytes / 4;
            let (path, why) = (self.log.path().to_owned(), chain(&error));
            self.damage.push(Damage::Long { path, bytes, why });
        }
    }

    fn try_shorten(&mut self) -> Result<(), Refusal> {
        self.log.rewrite(self.entries())?;
        if self.log.length() > self.log_bytes_max / 2 && self.operations.len() > 1 {
            let keep_after = self.operations[self.operations.len() / 2].revision;
            let base = State::new(keep_after, &self.at(keep_after)?);
            let mut entries = self.entries();
            entries[0] = Entry::State(base.clone());
            let is_kept = |entry: &Entry| {
                let Entry::Operation(operation) = entry else { return true };
                operation.revision > keep_after
            };
            entries.retain(is_kept);
            self.log.rewrite(entries)?;
            self.base = base;
            self.operations.retain(|operation| operation.revision > keep_after);
            self.stacks.forget_before(keep_after + 1);
        }
        // A flow that alone is as long is not written anew each time.
        self.log_bytes_max = self.log_bytes_max.max(2 * self.log.length());
        Ok(())
    }
}

fn check_count(submission: &Submission) -> Result<(), Refusal> {
    let count = submission.changes.len();
    if count <= CHANGES_MAX {
        return Ok(());
    }
    Err(Refusal::Malformed(format!("{count} changes at a time: {CHANGES_MAX} are the most")))
}

fn cut(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control()).take(LABEL_MAX).collect()
}

#[cfg(test)]
mod tests;
