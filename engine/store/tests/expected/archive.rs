//! Content that was in a queue at some time, and may be so again.

use proptest::prelude::*;
use proptest::sample::Index;
use tutti_model::flowfile::Content;
use tutti_store::{ClaimGuard, Repository, StoreError};

use super::{Bytes, State, read};

/// How much a case archives: nothing, some of it, all.
pub(crate) fn limit() -> impl Strategy<Value = u64> {
    prop_oneof![1 => Just(0), 1 => 1..200_000_u64, 2 => Just(u64::MAX)]
}

/// All content that a repository was ever given.
#[derive(Default)]
pub(crate) struct Past {
    contents: Vec<(Content, Bytes)>,
    /// Something failed or died: what was not synced may be gone.
    pub(crate) has_trouble: bool,
}

impl Past {
    pub(crate) fn add(&mut self, content: &Content, bytes: &Bytes) {
        self.contents.push((content.clone(), bytes.clone()));
    }

    /// Content from the archive, or from beside what is there; none where it may be gone.
    pub(crate) fn revive(
        &self,
        repository: &Repository,
        state: &State,
        which: Index,
        bytes_max: u64,
    ) -> Option<(Content, Bytes, Option<ClaimGuard>)> {
        let (content, bytes) = self.contents.get(which.index(self.contents.len().max(1)))?;
        match repository.revive(content) {
            Ok(guard) => {
                assert_eq!(read(repository, content), *bytes, "from the archive");
                Some((content.clone(), bytes.clone(), guard))
            }
            Err(StoreError::NotFound { .. } | StoreError::Corrupt { .. }) => {
                assert!(self.has_trouble || bytes_max < u64::MAX, "it was to be kept");
                let is_there = state.items().any(|item| item.content == *content);
                assert!(!is_there, "a flowfile has it");
                None
            }
            Err(error) => panic!("{error}"),
        }
    }
}
