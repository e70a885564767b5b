//! One look at the folder.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use tutti_sdk::ProcessError;
use tutti_sdk::model::flowfile::Timestamp;

use super::bounds::{self, DEPTH_MAX, NAMES_MAX, Visited};
use super::{GetFileProperties, QUIET_MS};
use crate::files::emptied;
use crate::files::folder::is_hidden_name;
use crate::files::paths;

/// Files that one look hands on at most; the next look finds the others.
pub(super) const CANDIDATES_MAX: usize = 20_000;
/// Problems that one look reports at most.
const PROBLEMS_MAX: usize = 100;

/// What tells one version of a file from the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Version {
    size_bytes: u64,
    modified_s: i64,
    modified_ns: i64,
    /// What an edit that keeps size and time of modification still moves.
    changed: (i64, i64),
    inode: u64,
}

impl Version {
    pub(super) fn of(metadata: &Metadata) -> Self {
        Self {
            size_bytes: metadata.size(),
            modified_s: metadata.mtime(),
            modified_ns: metadata.mtime_nsec(),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
            inode: metadata.ino(),
        }
    }

    /// As the state keeps it: size in bytes and time of modification. The inode stays out, for it
    /// differs after a restore from a backup, and so does the time of change, which rights and
    /// owners move, too: not every file is to come again then.
    pub(super) fn to_text(self) -> String {
        format!("{} {}.{:09}", self.size_bytes, self.modified_s, self.modified_ns)
    }

    fn modified_ms(self) -> i64 {
        self.modified_s.saturating_mul(1_000).saturating_add(self.modified_ns / 1_000_000)
    }
}

/// A file that may be picked up.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    pub(super) path: PathBuf,
    /// The folder below the one that is searched; empty for that one itself.
    pub(super) folder: PathBuf,
    pub(super) version: Version,
}

impl Candidate {
    pub(super) fn is_unchanged(&self) -> bool {
        fs::metadata(&self.path).is_ok_and(|metadata| Version::of(&metadata) == self.version)
    }
}

/// What one look found.
#[derive(Default)]
pub(super) struct Listing {
    /// To be picked up.
    pub(super) ready: Vec<Candidate>,
    /// To be picked up if they are the same a little later.
    pub(super) young: Vec<Candidate>,
    /// Every file that is there, filtered or not, as text.
    pub(super) seen: BTreeSet<String>,
    /// What may be there although it was not seen, as text: folders and files that could not be
    /// looked at, links that lead nowhere, and empty folders, which may be where a disk is mounted.
    pub(super) away: BTreeSet<String>,
    /// Whether all was looked at but for what is away.
    pub(super) is_complete: bool,
    /// What went wrong, each with what it is about.
    pub(super) problems: Vec<(String, ProcessError)>,
    /// What is left out on purpose, each with what it is about.
    pub(super) warnings: Vec<(String, String)>,
    /// Every folder that it was in.
    pub(super) visited: Visited,
    /// Everything that something was wrong with.
    pub(super) troubled: BTreeSet<String>,
}

impl Listing {
    /// Looks at the folder. What cannot be read, and names that a filter gives up on, are problems
    /// of the listing.
    ///
    /// Files of a version that `is_known` are only seen; of the others at most `candidates_max`
    /// are handed on. As soon as it `is_stopping`, what was found so far is all.
    pub(super) fn of(
        properties: &GetFileProperties,
        now: Timestamp,
        is_known: &dyn Fn(&Path, Version) -> bool,
        is_stopping: &dyn Fn() -> bool,
        candidates_max: usize,
    ) -> Self {
        let mut look = Look {
            properties,
            now,
            is_known,
            is_stopping,
            candidates_max,
            names: 0,
            device: None,
            listing: Self { is_complete: true, ..Self::default() },
        };
        look.folder(&properties.directory, Path::new(""), 0);
        look.listing
    }

    /// Whether a file is not there any more; what may be away with its disk has not vanished.
    pub(super) fn has_vanished(&self, path: &str) -> bool {
        let is_away = |above: &Path| above.to_str().is_some_and(|above| self.away.contains(above));
        !self.seen.contains(path) && !Path::new(path).ancestors().any(is_away)
    }

    fn warning(&mut self, path: &Path, warning: String) {
        let about = paths::to_text(path);
        self.troubled.insert(about.clone());
        if self.warnings.len() < PROBLEMS_MAX {
            self.warnings.push((about, warning));
        }
    }

    fn problem(&mut self, path: &Path, error: ProcessError) {
        let about = paths::to_text(path);
        self.troubled.insert(about.clone());
        if self.problems.len() < PROBLEMS_MAX {
            self.problems.push((about, error));
        }
    }
}

/// What one look has found, and where it was.
struct Look<'a> {
    properties: &'a GetFileProperties,
    now: Timestamp,
    is_known: &'a dyn Fn(&Path, Version) -> bool,
    is_stopping: &'a dyn Fn() -> bool,
    candidates_max: usize,
    /// How many names were read.
    names: usize,
    /// The device of the last folder, which is known to be a disk.
    device: Option<u64>,
    listing: Listing,
}

impl Look<'_> {
    fn folder(&mut self, path: &Path, below: &Path, depth: usize) {
        let metadata = match fs::metadata(path) {
            Ok(metadata) => metadata,
            Err(error) => {
                self.incomplete(path, paths::error("read the folder", path, error));
                return;
            }
        };
        if let Some(earlier) = self.listing.visited.note(&metadata, below) {
            let error = ProcessError::user(format!(
                "the folder {:?} was searched already, as {:?}, and is left out",
                paths::to_text(path),
                paths::to_text(&self.properties.directory.join(earlier))
            ));
            self.listing.problem(path, error.with_help("remove the symbolic link"));
            return;
        }
        if depth > DEPTH_MAX {
            // Nothing was ever picked up there, so that nothing of it is to be remembered.
            self.listing.problem(path, too_deep(path));
            return;
        }
        if self.device != Some(metadata.dev()) {
            if bounds::is_of_the_kernel(path) {
                let error = ProcessError::user(format!(
                    "the folder {:?} holds no files on a disk, but what the kernel tells, and is \
                     left out",
                    paths::to_text(path)
                ));
                self.listing.problem(path, error.with_help("choose another folder"));
                return;
            }
            self.device = Some(metadata.dev());
        }
        let names = self.names(path);
        if names.is_empty() {
            self.listing.away.insert(paths::to_text(path));
        }
        if bounds::is_data_folder(path, &names) {
            let warning = format!(
                "the folder {:?} is a data folder of Tutti and is left out: choose a data folder \
                 that no files are picked up from",
                paths::to_text(path)
            );
            self.listing.warning(path, warning);
            return;
        }
        for name in names {
            if (self.is_stopping)() {
                self.listing.is_complete = false;
                return;
            }
            let text = paths::to_text(Path::new(&name));
            let is_left_out = self.properties.ignore_hidden_files && text.starts_with('.');
            if !is_left_out && !is_hidden_name(&name) {
                self.entry(&path.join(&name), &text, below, depth);
            }
        }
    }

    /// The names in a folder, in order; those that could be read, and no more than may be.
    fn names(&mut self, path: &Path) -> Vec<OsString> {
        let mut names = Vec::new();
        let entries = match fs::read_dir(path) {
            Ok(entries) => entries,
            Err(error) => {
                self.incomplete(path, paths::error("read the folder", path, error));
                return names;
            }
        };
        for entry in entries {
            let error = match entry {
                _ if (self.is_stopping)() => {
                    self.listing.is_complete = false;
                    break;
                }
                Ok(entry) if self.names < NAMES_MAX => {
                    self.names += 1;
                    names.push(entry.file_name());
                    continue;
                }
                Ok(_) => too_many(&self.properties.directory),
                Err(error) => paths::error("read the folder", path, error),
            };
            self.incomplete(path, error);
            break;
        }
        names.sort();
        names
    }

    /// Notes that something is there that was not seen, and why.
    fn incomplete(&mut self, path: &Path, error: ProcessError) {
        self.listing.is_complete = false;
        self.listing.problem(path, error);
    }

    fn entry(&mut self, path: &Path, name: &str, below: &Path, depth: usize) {
        let metadata = match fs::metadata(path) {
            Ok(metadata) => metadata,
            Err(error) if leads_nowhere(&error) => return self.absent(path, name, below),
            Err(error) => {
                self.listing.away.insert(paths::to_text(path));
                self.listing.problem(path, paths::error("look at", path, error));
                return;
            }
        };
        if metadata.is_dir() {
            if self.properties.recurse_subdirectories {
                let below = below.join(path.file_name().unwrap_or_default());
                self.folder(path, &below, depth + 1);
            }
            return;
        }
        self.listing.seen.insert(paths::to_text(path));
        if !metadata.is_file() {
            return;
        }
        match self.wants(name, below, &metadata) {
            Ok(true) => self.take(path, below, &metadata),
            Ok(false) => {}
            Err(error) => self.undecided(path, error),
        }
    }

    /// Leaves out what a filter gives up on, and nothing else for that.
    fn undecided(&mut self, path: &Path, error: ProcessError) {
        let path_text = paths::to_text(path);
        let undecided = ProcessError::user(format!("whether {path_text:?} is wanted is not known"));
        self.listing.problem(path, undecided.caused_by(error).with_help("simplify the filter"));
    }

    /// Gone between the listing and the look is nothing to speak of; a link that leads nowhere is,
    /// if its name is wanted.
    fn absent(&mut self, path: &Path, name: &str, below: &Path) {
        if fs::symlink_metadata(path).is_err() {
            return;
        }
        self.listing.away.insert(paths::to_text(path));
        match self.wants_name(name, below) {
            Ok(true) => {
                let about = paths::to_text(path);
                let warning = format!("the symbolic link {about:?} leads nowhere and is left out");
                self.listing.warning(path, warning);
            }
            Ok(false) => {}
            Err(error) => self.undecided(path, error),
        }
    }

    fn wants(&self, name: &str, below: &Path, metadata: &Metadata) -> Result<bool, ProcessError> {
        let properties = self.properties;
        let size = metadata.size();
        Ok(size >= properties.minimum_file_size.bytes()
            && properties.maximum_file_size.is_none_or(|most| size <= most.bytes())
            && self.wants_name(name, below)?)
    }

    fn wants_name(&self, name: &str, below: &Path) -> Result<bool, ProcessError> {
        let properties = self.properties;
        if let (Some(filter), true) = (&properties.path_filter, below != Path::new(""))
            && !filter.matches(&paths::to_text(below))?
        {
            return Ok(false);
        }
        properties.file_filter.matches(name)
    }

    fn take(&mut self, path: &Path, below: &Path, metadata: &Metadata) {
        let version = Version::of(metadata);
        let is_full = self.listing.ready.len() + self.listing.young.len() >= self.candidates_max;
        if is_full || (self.is_known)(path, version) {
            return;
        }
        if !self.properties.keep_source_file && emptied::was_delivered(metadata) {
            let warning = format!(
                "{:?} was delivered by a processor of this process and is left: let it deliver to \
                 a folder that no link leads to from {:?}",
                paths::to_text(path),
                paths::to_text(&self.properties.directory)
            );
            self.listing.warning(path, warning);
            return;
        }
        let age_ms = u128::from(self.now.since_ms(Timestamp(version.modified_ms())));
        let properties = self.properties;
        if properties.maximum_file_age.is_some_and(|most| age_ms > most.as_millis()) {
            return;
        }
        let candidate = Candidate { path: path.to_owned(), folder: below.to_owned(), version };
        let least_ms = properties.minimum_file_age.as_millis();
        if least_ms > 0 && age_ms >= least_ms || least_ms == 0 && age_ms >= u128::from(QUIET_MS) {
            self.listing.ready.push(candidate);
        } else if least_ms == 0 {
            self.listing.young.push(candidate);
        }
    }
}

/// Whether this is what is said of a link to something that is not there: the path ends, goes
/// through a file, or in a circle.
fn leads_nowhere(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
        || error.raw_os_error() == Some(libc::ELOOP)
}

fn too_deep(path: &Path) -> ProcessError {
    ProcessError::user(format!(
        "the folder {:?} lies more than {DEPTH_MAX} folders deep and is left out",
        paths::to_text(path)
    ))
    .with_help("choose a folder nearer to it")
}

fn too_many(directory: &Path) -> ProcessError {
    ProcessError::user(format!(
        "the folder {:?} holds more than {NAMES_MAX} names: the rest is left out",
        paths::to_text(directory)
    ))
    .with_help("choose a folder that holds less, with a GetFile for each")
}
