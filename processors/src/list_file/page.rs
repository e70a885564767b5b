//! One part of a scan: some files that were not listed yet.

use std::collections::HashMap;
use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tutti_sdk::model::flowfile::Timestamp;

use super::ListFileProperties;
use crate::files::attributes::{self, Owners};
use crate::files::look::criteria::{QUIET_MS, Ripeness};
use crate::files::look::{Finder, Found, Look, Next};
use crate::files::paths;
use crate::files::version::{Candidate, Version};
use crate::listed::{Entity, Listed};

/// Files that are remembered as young; others are looked at once more at the next look.
const YOUNG_MAX: usize = 20_000;

/// Files that may be being written, as they are, and since when.
pub(super) type Young = HashMap<PathBuf, (Version, u64)>;

/// What to look for, and what is known.
pub(super) struct Wish {
    pub(super) properties: Arc<ListFileProperties>,
    pub(super) now: Timestamp,
    pub(super) monotonic_ms: u64,
    /// Files that may have been being written.
    pub(super) young: Young,
    pub(super) listed: Listed,
}

/// A file to be listed.
pub(super) struct Listable {
    /// Where the scan goes on: its path below the folder, as text.
    pub(super) place: String,
    /// Its whole path, as text.
    name: String,
    time_ms: i64,
    version: String,
    pub(super) attributes: Vec<(&'static str, String)>,
}

impl Listable {
    pub(super) fn entity(&self) -> Entity<'_> {
        Entity { name: &self.name, time_ms: self.time_ms, version: &self.version }
    }
}

/// What was found.
pub(super) struct Page {
    pub(super) found: Vec<Listable>,
    pub(super) younger: Young,
    pub(super) look: Look,
}

impl Wish {
    /// Looks for at most `files_max` files, from where the scan came to on.
    pub(super) fn look(self, is_stopping: &dyn Fn() -> bool, files_max: usize) -> Page {
        let after = self.listed.after().map(paths::from_text);
        let properties = Arc::clone(&self.properties);
        let mut finding = Finding {
            wish: self,
            files_max,
            owners: Owners::default(),
            found: Vec::new(),
            younger: HashMap::new(),
        };
        let (directory, criteria) = (&properties.input_directory, &properties.criteria);
        let look = Look::at(directory, criteria, after.as_deref(), &mut finding, is_stopping);
        let Finding { found, younger, .. } = finding;
        Page { found, younger, look }
    }
}

struct Finding {
    wish: Wish,
    files_max: usize,
    owners: Owners,
    found: Vec<Listable>,
    younger: Young,
}

impl Finding {
    /// Whether that version of a file was left alone for long enough; notes it if not.
    fn rests(&mut self, path: &Path, version: Version) -> bool {
        let now_ms = self.wish.monotonic_ms;
        let known = self.wish.young.get(path).filter(|(known, _)| *known == version);
        let since_ms = known.map_or(now_ms, |(_, since_ms)| *since_ms);
        if now_ms.saturating_sub(since_ms) >= QUIET_MS {
            return true;
        }
        if self.younger.len() < YOUNG_MAX {
            self.younger.insert(path.to_owned(), (version, since_ms));
        }
        false
    }

    fn attributes(
        &mut self,
        candidate: &Candidate,
        metadata: &Metadata,
    ) -> Vec<(&'static str, String)> {
        let mut all = attributes::of_place(candidate, metadata);
        if self.wish.properties.include_file_attributes {
            all.extend(attributes::of_file(metadata, &mut self.owners));
            all.extend(attributes::of_access(metadata));
        }
        all
    }
}

impl Finder for Finding {
    fn found(&mut self, found: &Found<'_>) -> Next {
        let version = Version::of(found.metadata);
        let mut listable = Listable {
            place: paths::to_text(&found.folder.join(found.path.file_name().unwrap_or_default())),
            name: paths::to_text(&attributes::absolute(found.path)),
            time_ms: version.modified_ms(),
            version: version.to_text(),
            attributes: Vec::new(),
        };
        if !self.wish.listed.is_new(&listable.entity()) {
            return Next::GoOn;
        }
        match self.wish.properties.criteria.ripeness(version, self.wish.now) {
            Ripeness::Unwanted => return Next::GoOn,
            Ripeness::Young if !self.rests(found.path, version) => return Next::GoOn,
            Ripeness::Young | Ripeness::Ripe => {}
        }
        if self.found.len() >= self.files_max {
            return Next::End;
        }
        let (path, folder) = (found.path.to_owned(), found.folder.to_owned());
        let candidate = Candidate { path, folder, version };
        listable.attributes = self.attributes(&candidate, found.metadata);
        self.found.push(listable);
        Next::GoOn
    }
}
