//! What each author can take back, and take back again.

use std::collections::HashMap;

use crate::{Operation, OperationKind};

/// The operations of all authors that can be undone and redone, by their revisions.
#[derive(Debug, Default)]
pub(crate) struct Stacks {
    by_author: HashMap<String, Stack>,
}

#[derive(Debug, Default)]
struct Stack {
    /// Operations that count.
    done: Vec<u64>,
    /// Undoings that count.
    undone: Vec<u64>,
}

impl Stacks {
    /// Takes note of an operation of the log, in the log's order.
    pub(crate) fn note(&mut self, operation: &Operation) {
        let stack = self.by_author.entry(operation.author.clone()).or_default();
        match operation.kind {
            OperationKind::Edit | OperationKind::Rollback | OperationKind::File => {
                stack.done.push(operation.revision);
                stack.undone.clear();
            }
            OperationKind::Undo => {
                stack.done.retain(|revision| Some(*revision) != operation.of);
                stack.undone.push(operation.revision);
            }
            OperationKind::Redo => {
                stack.undone.retain(|revision| Some(*revision) != operation.of);
                stack.done.push(operation.revision);
            }
        }
    }

    /// Forgets what is older than `first`, which the log has no more.
    pub(crate) fn forget_before(&mut self, first: u64) {
        for stack in self.by_author.values_mut() {
            stack.done.retain(|revision| *revision >= first);
            stack.undone.retain(|revision| *revision >= first);
        }
        self.by_author.retain(|_, stack| !(stack.done.is_empty() && stack.undone.is_empty()));
    }

    /// What `author` would undo next.
    pub(crate) fn undo(&self, author: &str) -> Option<u64> {
        self.to_undo(author).last().copied()
    }

    /// The undoing that `author` would redo next.
    pub(crate) fn redo(&self, author: &str) -> Option<u64> {
        self.to_redo(author).last().copied()
    }

    /// All that `author` could undo, in the log's order.
    pub(crate) fn to_undo(&self, author: &str) -> &[u64] {
        self.by_author.get(author).map_or(&[], |stack| &stack.done)
    }

    /// All undoings that `author` could redo, in the log's order.
    pub(crate) fn to_redo(&self, author: &str) -> &[u64] {
        self.by_author.get(author).map_or(&[], |stack| &stack.undone)
    }
}
