//! The provenance of a repository: that of the log, and that on its way there.

use std::sync::Arc;

use super::Repository;
use crate::error::Result;
use crate::provenance::{Search, SearchResult};

impl Repository {
    /// Searches provenance, what is not durable yet included.
    pub fn search(&self, search: &Search) -> Result<SearchResult> {
        let (mut commits, files) = {
            let core = self.shared.core.lock();
            let flushing = core.flushing.iter().flat_map(|epoch| &epoch.provenance);
            let mut first = self.shared.provenance.next_number();
            let numbered = flushing.chain(&core.open.provenance).map(|events| {
                let begin = first;
                first += events.len() as u64;
                (begin, Arc::clone(events))
            });
            let commits: Vec<_> = numbered.collect();
            // Under the same lock: what is in memory is not in them, and the other way round.
            (commits, self.shared.provenance.files())
        };
        let mut result = SearchResult::default();
        while let Some((first, events)) = commits.pop() {
            result.add(search, first, &events);
        }
        self.shared.provenance.search(files, search, &mut result)?;
        Ok(result)
    }

    /// Bytes of all files of the provenance log.
    pub fn provenance_bytes(&self) -> u64 {
        self.shared.provenance.usage_bytes()
    }
}
