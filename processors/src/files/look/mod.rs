//! One look at a folder and the folders in it.
//!
//! Goes through names in their order, reads no content, and never searches a folder twice.

pub(crate) mod bounds;
pub(crate) mod criteria;

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use tutti_sdk::ProcessError;

use crate::files::folder::is_hidden_name;
use crate::files::paths;
use bounds::{DEPTH_MAX, NAMES_MAX, Visited};
use criteria::Criteria;

/// Problems that one look reports at most.
const PROBLEMS_MAX: usize = 100;

/// A file that is wanted, but for its age.
pub(crate) struct Found<'l> {
    pub(crate) path: &'l Path,
    /// The folder below the one that is searched; empty for that one itself.
    pub(crate) folder: &'l Path,
    pub(crate) metadata: &'l Metadata,
}

/// What becomes of a look after a file was found.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Next {
    GoOn,
    /// It goes on, and this is to be told of the file.
    Warn(String),
    /// It ends before this file.
    End,
}

/// Whoever wants the files.
pub(crate) trait Finder {
    /// There is a file, wanted or not.
    fn saw(&mut self, _path: &Path) {}

    /// There is one that is wanted.
    fn found(&mut self, found: &Found<'_>) -> Next;
}

/// What one look saw besides files.
#[derive(Default)]
pub(crate) struct Look {
    /// What may be there although it was not seen, as text: folders and files that could not be
    /// looked at, links that lead nowhere, and empty folders, which may be where a disk is mounted.
    pub(crate) away: BTreeSet<String>,
    /// Whether all was looked at, up to its end, but for what is away.
    pub(crate) is_complete: bool,
    /// Whether something that is there could not be looked at.
    pub(crate) is_blind: bool,
    /// Whether it ended because the finder had enough.
    pub(crate) is_cut: bool,
    /// What went wrong, each with what it is about.
    pub(crate) problems: Vec<(String, ProcessError)>,
    /// What is left out on purpose, each with what it is about.
    pub(crate) warnings: Vec<(String, String)>,
    /// Every folder that it was in.
    pub(crate) visited: Visited,
    /// Everything that something was wrong with.
    pub(crate) troubled: BTreeSet<String>,
}

impl Look {
    /// Looks at `directory`. What cannot be read, and names that a filter gives up on, are problems
    /// of the look. As soon as it `is_stopping`, what was found so far is all.
    ///
    /// It begins behind the file `after`, which is a path below the directory, or at the first one.
    pub(crate) fn at(
        directory: &Path,
        criteria: &Criteria,
        after: Option<&Path>,
        finder: &mut dyn Finder,
        is_stopping: &dyn Fn() -> bool,
    ) -> Self {
        let mut looking = Looking {
            directory,
            criteria,
            finder,
            is_stopping,
            names: 0,
            device: None,
            look: Self { is_complete: true, ..Self::default() },
        };
        looking.folder(directory, &Place { below: Path::new(""), depth: 0, after });
        looking.look
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
struct Looking<'a> {
    directory: &'a Path,
    criteria: &'a Criteria,
    finder: &'a mut dyn Finder,
    is_stopping: &'a dyn Fn() -> bool,
    /// How many names were read.
    names: usize,
    /// The device of the last folder, which is known to be a disk.
    device: Option<u64>,
    look: Look,
}

/// Where a folder lies, and where in it the look begins.
struct Place<'p> {
    below: &'p Path,
    depth: usize,
    /// A path below the folder: only what comes behind it counts.
    after: Option<&'p Path>,
}

impl<'p> Place<'p> {
    /// The name in the folder that all before were dealt with already, and what of it was.
    fn begin(&self) -> Option<(&'p OsStr, &'p Path)> {
        let mut parts = self.after?.components();
        let first = parts.next()?.as_os_str();
        Some((first, parts.as_path()))
    }
}

impl Looking<'_> {
    fn folder(&mut self, path: &Path, place: &Place<'_>) {
        let metadata = match fs::metadata(path) {
            Ok(metadata) => metadata,
            Err(error) => {
                self.incomplete(path, paths::error("read the folder", path, error));
                return;
            }
        };
        if !self.may_search(path, place, &metadata) {
            return;
        }
        let names = self.names(path);
        if names.is_empty() {
            self.look.away.insert(paths::to_text(path));
        }
        if bounds::is_data_folder(path, &names) {
            let warning = format!(
                "the folder {:?} is a data folder of Tutti and is left out: choose a data folder \
                 that no files are picked up from",
                paths::to_text(path)
            );
            self.look.warning(path, warning);
            return;
        }
        let begin = place.begin();
        for name in names {
            if self.look.is_cut {
                return;
            }
            if (self.is_stopping)() {
                self.look.is_complete = false;
                return;
            }
            let after = match begin {
                Some((first, _)) if *name < *first => continue,
                Some((first, rest)) if *name == *first => Some(rest),
                _ => None,
            };
            let text = paths::to_text(Path::new(&name));
            let is_left_out = self.criteria.ignore_hidden_files && text.starts_with('.');
            if !is_left_out && !is_hidden_name(&name) {
                let place = Place { after, ..*place };
                self.entry(&path.join(&name), &text, &place);
            }
        }
    }

    /// Whether a folder is to be searched; notes it, and why it is not.
    fn may_search(&mut self, path: &Path, place: &Place<'_>, metadata: &Metadata) -> bool {
        if let Some(earlier) = self.look.visited.note(metadata, place.below) {
            let error = ProcessError::user(format!(
                "the folder {:?} was searched already, as {:?}, and is left out",
                paths::to_text(path),
                paths::to_text(&self.directory.join(earlier))
            ));
            self.look.problem(path, error.with_help("remove the symbolic link"));
            return false;
        }
        if place.depth > DEPTH_MAX {
            // Nothing was ever picked up there, so that nothing of it is to be remembered.
            self.look.problem(path, too_deep(path));
            return false;
        }
        if self.device != Some(metadata.dev()) {
            if bounds::is_of_the_kernel(path) {
                let error = ProcessError::user(format!(
                    "the folder {:?} holds no files on a disk, but what the kernel tells, and is \
                     left out",
                    paths::to_text(path)
                ));
                self.look.problem(path, error.with_help("choose another folder"));
                return false;
            }
            self.device = Some(metadata.dev());
        }
        true
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
                    self.look.is_complete = false;
                    break;
                }
                Ok(entry) if self.names < NAMES_MAX => {
                    self.names += 1;
                    names.push(entry.file_name());
                    continue;
                }
                Ok(_) => too_many(self.directory),
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
        self.look.is_complete = false;
        self.look.is_blind = true;
        self.look.problem(path, error);
    }

    /// What has a name; with `place.after` empty it was dealt with already, unless it is a folder.
    fn entry(&mut self, path: &Path, name: &str, place: &Place<'_>) {
        let metadata = match fs::metadata(path) {
            Ok(metadata) => metadata,
            Err(error) if leads_nowhere(&error) => return self.absent(path, name, place.below),
            Err(error) => {
                self.look.away.insert(paths::to_text(path));
                self.look.is_blind = true;
                self.look.problem(path, paths::error("look at", path, error));
                return;
            }
        };
        if metadata.is_dir() {
            if self.criteria.recurse_subdirectories {
                let below = place.below.join(path.file_name().unwrap_or_default());
                let after = place.after.filter(|after| !after.as_os_str().is_empty());
                self.folder(path, &Place { below: &below, depth: place.depth + 1, after });
            }
            return;
        }
        self.finder.saw(path);
        let is_behind = place.after.is_some_and(|after| after.as_os_str().is_empty());
        if !metadata.is_file() || is_behind {
            return;
        }
        match self.criteria.want(name, place.below, &metadata) {
            Ok(true) => {
                let found = Found { path, folder: place.below, metadata: &metadata };
                match self.finder.found(&found) {
                    Next::GoOn => {}
                    Next::Warn(warning) => self.look.warning(path, warning),
                    Next::End => self.look.is_cut = true,
                }
            }
            Ok(false) => {}
            Err(error) => self.undecided(path, error),
        }
    }

    /// Leaves out what a filter gives up on, and nothing else for that.
    fn undecided(&mut self, path: &Path, error: ProcessError) {
        let path_text = paths::to_text(path);
        let undecided = ProcessError::user(format!("whether {path_text:?} is wanted is not known"));
        self.look.problem(path, undecided.caused_by(error).with_help("simplify the filter"));
    }

    /// Gone between the listing and the look is nothing to speak of; a link that leads nowhere is,
    /// if its name is wanted.
    fn absent(&mut self, path: &Path, name: &str, below: &Path) {
        if fs::symlink_metadata(path).is_err() {
            return;
        }
        self.look.away.insert(paths::to_text(path));
        match self.criteria.want_name(name, below) {
            Ok(true) => {
                let about = paths::to_text(path);
                let warning = format!("the symbolic link {about:?} leads nowhere and is left out");
                self.look.warning(path, warning);
            }
            Ok(false) => {}
            Err(error) => self.undecided(path, error),
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
    .with_help("choose a folder that holds less, with a processor for each")
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use tempfile::TempDir;
    use tutti_sdk::Properties;

    use super::*;

    /// Takes so many files.
    struct Few(usize, Vec<PathBuf>);

    impl Finder for Few {
        fn found(&mut self, found: &Found<'_>) -> Next {
            if self.1.len() >= self.0 {
                return Next::End;
            }
            self.1.push(found.folder.join(found.path.file_name().unwrap()));
            Next::GoOn
        }
    }

    fn look(folder: &TempDir, after: Option<&Path>, max: usize) -> (Vec<PathBuf>, Look) {
        let criteria = Criteria::parse(&std::collections::BTreeMap::new(), &[]).unwrap();
        let mut finder = Few(max, Vec::new());
        let look = Look::at(folder.path(), &criteria, after, &mut finder, &|| false);
        (finder.1, look)
    }

    fn place(folder: &TempDir, name: &str) {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "x").unwrap();
    }

    #[test]
    fn a_look_that_was_cut_goes_on_behind_the_last_file() {
        let folder = TempDir::new().unwrap();
        let names = ["a", "b/1", "b/c/2", "b/d", "b-", "c/1", "d"];
        for name in names {
            place(&folder, name);
        }
        let (all, whole) = look(&folder, None, usize::MAX);
        assert_eq!(all.len(), names.len());
        assert!(whole.is_complete && !whole.is_cut);
        for max in 1..=names.len() {
            let (mut found, mut after) = (Vec::new(), None::<PathBuf>);
            loop {
                let (some, this) = look(&folder, after.as_deref(), max);
                after = some.last().cloned();
                found.extend(some);
                assert!(this.is_complete);
                if !this.is_cut {
                    break;
                }
            }
            assert_eq!(found, all, "{max} at a time");
        }
    }

    #[test]
    fn what_is_another_thing_by_now_is_found_all_the_same() {
        let folder = TempDir::new().unwrap();
        place(&folder, "a/1");
        place(&folder, "b");
        let found = |after: &str| look(&folder, Some(Path::new(after)), usize::MAX).0;
        assert_eq!(found("a"), [PathBuf::from("a/1"), "b".into()], "the file is a folder now");
        assert_eq!(found("b/1"), [PathBuf::from("b")], "the folder is a file now");
        assert_eq!(found("a/gone"), [PathBuf::from("b")]);
    }
}
