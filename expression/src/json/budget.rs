//! What following a path may cost, so that no expression takes the machine, whatever the document.

use std::cell::Cell;

use super::evaluate::Stop;
use super::value::Json;
use crate::error::Failure;

/// What following one path may cost, where a step at one place is 1: about a second, and about
/// 100 MB. Filters and functions within the path share it.
const COST_MAX: usize = 10_000_000;

/// What keeping a value, or one step of the way to it, costs for the memory that it takes.
pub(super) const KEPT: usize = 8;

/// So many bytes of a text that is copied cost 1.
const BYTES_PER_COST: usize = 64;

/// So many entries that are looked through cost 1.
const ENTRIES_PER_COST: usize = 16;

/// What following a path has cost so far.
#[derive(Debug, Default)]
pub(crate) struct Budget(Cell<usize>);

impl Budget {
    /// Adds to the cost; fails where it becomes too high.
    pub(super) fn spend(&self, cost: usize) -> Result<(), Stop> {
        let spent = self.0.get().saturating_add(cost);
        self.0.set(spent);
        if spent > COST_MAX { Err(Stop::TooMuch) } else { Ok(()) }
    }

    /// Adds the cost of looking through so many entries.
    pub(super) fn look_through(&self, count: usize) -> Result<(), Stop> {
        self.spend(1 + count / ENTRIES_PER_COST)
    }

    /// Adds the cost of copying a value.
    pub(super) fn copy(&self, json: &Json) -> Result<(), Stop> {
        match json {
            Json::Array(items) => {
                self.spend(KEPT)?;
                items.iter().try_for_each(|item| self.copy(item))
            }
            Json::Object(entries) => {
                self.spend(KEPT)?;
                entries.iter().try_for_each(|(key, value)| {
                    self.spend(key.len() / BYTES_PER_COST)?;
                    self.copy(value)
                })
            }
            Json::Text(text) | Json::Whole(text) => self.spend(KEPT + text.len() / BYTES_PER_COST),
            Json::Null | Json::Boolean(_) | Json::Decimal(_) => self.spend(KEPT),
        }
    }
}

/// The document that a path begins in, and what following it may cost.
#[derive(Debug, Clone, Copy)]
pub(super) struct Root<'b, 'd> {
    pub(super) json: &'d Json,
    pub(super) budget: &'b Budget,
}

/// The failure of a path that costs too much.
pub(crate) fn too_much() -> Failure {
    "the JSON path leads to too many places in this document: name more of the keys on the way"
        .into()
}
