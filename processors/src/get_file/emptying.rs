//! What a source says of the folders that it empties, so that no sink delivers into them.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parking_lot::Mutex;

use super::GetFileProperties;
use super::bounds::Visited;
use crate::emptied::Empties;
use crate::paths;

/// The folders of one source whose files are deleted.
pub(super) struct Emptying {
    pub(super) properties: Arc<GetFileProperties>,
    /// Where the last look was: symbolic links lead to folders that do not lie below the directory.
    pub(super) visited: Mutex<Visited>,
}

impl Empties for Emptying {
    fn directory(&self) -> &Path {
        &self.properties.directory
    }

    fn place(&self, folder: (u64, u64)) -> Option<PathBuf> {
        let is_first = fs::metadata(self.directory())
            .is_ok_and(|directory| (directory.dev(), directory.ino()) == folder);
        if is_first { Some(PathBuf::new()) } else { self.visited.lock().place(folder) }
    }

    /// Sizes and ages do not count: they may be others later. A filter that gives up may pass.
    fn takes(&self, below: &Path, name: &str) -> bool {
        let properties = &self.properties;
        let is_below = below != Path::new("");
        let is_hidden = name.starts_with('.')
            || below.iter().any(|part| part.as_encoded_bytes().starts_with(b"."));
        let is_searched = !is_below
            || properties.recurse_subdirectories
                && properties
                    .path_filter
                    .as_ref()
                    .is_none_or(|filter| filter.matches(&paths::to_text(below)).unwrap_or(true));
        is_searched
            && !(properties.ignore_hidden_files && is_hidden)
            && properties.file_filter.matches(name).unwrap_or(true)
    }
}
