//! What a source says of the folders that it empties, so that no sink delivers into them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use parking_lot::Mutex;

use super::GetFileProperties;
use crate::files::emptied::Empties;
use crate::files::look::bounds::Visited;
use crate::files::paths::{self, Identity};

/// The folders of one source whose files are deleted.
pub(super) struct Emptying {
    properties: Arc<GetFileProperties>,
    /// Where the last look was: symbolic links lead to folders that do not lie below the directory.
    /// None before the first one.
    visited: Mutex<Option<Visited>>,
}

impl Emptying {
    pub(super) fn new(properties: Arc<GetFileProperties>) -> Self {
        Self { properties, visited: Mutex::default() }
    }

    /// It begins, and has not looked yet.
    pub(super) fn begin(&self) {
        *self.visited.lock() = None;
    }

    /// A look was at these folders.
    pub(super) fn looked(&self, visited: Visited) {
        *self.visited.lock() = Some(visited);
    }
}

impl Empties for Emptying {
    fn directory(&self) -> &Path {
        &self.properties.directory
    }

    fn place(&self, folder: Identity) -> Option<PathBuf> {
        self.visited.lock().as_ref()?.place(folder)
    }

    fn has_looked(&self) -> bool {
        self.visited.lock().is_some()
    }

    /// Sizes and ages do not count: they may be others later. A filter that gives up may pass.
    fn takes(&self, name: &str) -> bool {
        let criteria = &self.properties.criteria;
        !(criteria.ignore_hidden_files && name.starts_with('.'))
            && criteria.file_filter.matches(name).unwrap_or(true)
    }

    fn searches(&self, below: &Path) -> bool {
        let criteria = &self.properties.criteria;
        if below == Path::new("") {
            return true;
        }
        let is_hidden = below.iter().any(|part| part.as_encoded_bytes().starts_with(b"."));
        criteria.recurse_subdirectories
            && !(criteria.ignore_hidden_files && is_hidden)
            && criteria
                .path_filter
                .as_ref()
                .is_none_or(|filter| filter.matches(&paths::to_text(below)).unwrap_or(true))
    }

    fn searches_all(&self) -> bool {
        self.properties.criteria.recurse_subdirectories
            && self.properties.criteria.path_filter.is_none()
    }
}
