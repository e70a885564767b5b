//! Which files of a look are to be picked up.

use std::collections::BTreeSet;
use std::path::Path;

use tutti_sdk::model::flowfile::Timestamp;

use super::GetFileProperties;
use crate::files::emptied;
use crate::files::look::criteria::Ripeness;
use crate::files::look::{Finder, Found, Look, Next};
use crate::files::paths;
use crate::files::version::{Candidate, Version};

/// Files that one look hands on at most; the next look finds the others.
pub(super) const CANDIDATES_MAX: usize = 20_000;

/// What one look found.
pub(super) struct Listing {
    /// To be picked up.
    pub(super) ready: Vec<Candidate>,
    /// To be picked up if they are the same a little later.
    pub(super) young: Vec<Candidate>,
    /// Every file that is there, filtered or not, as text.
    pub(super) seen: BTreeSet<String>,
    pub(super) look: Look,
}

impl Listing {
    /// Looks at the folder. Files of a version that `is_known` are only seen; of the others at most
    /// `candidates_max` are handed on. As soon as it `is_stopping`, what was found so far is all.
    pub(super) fn of(
        properties: &GetFileProperties,
        now: Timestamp,
        is_known: &dyn Fn(&Path, Version) -> bool,
        is_stopping: &dyn Fn() -> bool,
        candidates_max: usize,
    ) -> Self {
        let mut picking = Picking {
            properties,
            now,
            is_known,
            candidates_max,
            ready: Vec::new(),
            young: Vec::new(),
            seen: BTreeSet::new(),
        };
        let (directory, criteria) = (&properties.directory, &properties.criteria);
        let look = Look::at(directory, criteria, None, &mut picking, is_stopping);
        let Picking { ready, young, seen, .. } = picking;
        Self { ready, young, seen, look }
    }

    /// Whether a file is not there any more; what may be away with its disk has not vanished.
    pub(super) fn has_vanished(&self, path: &str) -> bool {
        let is_away =
            |above: &Path| above.to_str().is_some_and(|above| self.look.away.contains(above));
        !self.seen.contains(path) && !Path::new(path).ancestors().any(is_away)
    }
}

/// Picks out what is to be picked up.
struct Picking<'a> {
    properties: &'a GetFileProperties,
    now: Timestamp,
    is_known: &'a dyn Fn(&Path, Version) -> bool,
    candidates_max: usize,
    ready: Vec<Candidate>,
    young: Vec<Candidate>,
    seen: BTreeSet<String>,
}

impl Finder for Picking<'_> {
    fn saw(&mut self, path: &Path) {
        self.seen.insert(paths::to_text(path));
    }

    fn found(&mut self, found: &Found<'_>) -> Next {
        let Found { path, folder, metadata } = *found;
        let version = Version::of(metadata);
        let is_full = self.ready.len() + self.young.len() >= self.candidates_max;
        if is_full || (self.is_known)(path, version) {
            return Next::GoOn;
        }
        if !self.properties.keep_source_file && emptied::was_delivered(metadata) {
            return Next::Warn(format!(
                "{:?} was delivered by a processor of this process and is left: let it deliver to \
                 a folder that no link leads to from {:?}",
                paths::to_text(path),
                paths::to_text(&self.properties.directory)
            ));
        }
        let candidate = Candidate { path: path.to_owned(), folder: folder.to_owned(), version };
        match self.properties.criteria.ripeness(version, self.now) {
            Ripeness::Ripe => self.ready.push(candidate),
            Ripeness::Young => self.young.push(candidate),
            Ripeness::Unwanted => {}
        }
        Next::GoOn
    }
}
