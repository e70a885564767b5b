//! Which folders are being emptied: what a sink writes there would be picked up and deleted.
//!
//! Known to all processors of this process, as long as they run. Where the flow says it plainly,
//! the later of the two does not start; the rest is refused file by file.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::fs::{self, Metadata};
use std::os::unix::fs::MetadataExt;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, LazyLock, Weak};

use parking_lot::Mutex;
use tutti_sdk::ProcessError;

use crate::files::paths::{self, Identity};

/// Something that picks files up from folders, and deletes them there.
pub(crate) trait Empties: Send + Sync {
    /// Where it begins.
    fn directory(&self) -> &Path;

    /// Where that folder lies below the directory, if it was in there.
    fn place(&self, folder: Identity) -> Option<PathBuf>;

    /// Whether it knows where its links lead: from its first look on.
    fn has_looked(&self) -> bool;

    /// Whether it would pick up a file of that name, wherever it looks.
    fn takes(&self, name: &str) -> bool;

    /// Whether it looks for files in the folder `below` the directory.
    fn searches(&self, below: &Path) -> bool;

    /// Whether it looks for files in all folders below those that it looks in.
    fn searches_all(&self) -> bool;
}

/// A folder that a sink writes to, known before it writes anything.
pub(crate) struct Filled {
    /// The sink.
    pub(crate) component: String,
    pub(crate) folder: PathBuf,
    /// Whether it may also write to folders below.
    pub(crate) is_deep: bool,
}

/// Files that are remembered as delivered before a first look.
const DELIVERED_MAX: usize = 100_000;

/// What was delivered while nobody knew whether it lies where it would be picked up.
static DELIVERED: LazyLock<Mutex<HashSet<Delivered>>> = LazyLock::new(Mutex::default);

/// A file and when it was written: its inode may be another file's later.
type Delivered = (Identity, (i64, i64));

fn delivery(metadata: &Metadata) -> Delivered {
    (paths::identity(metadata), (metadata.mtime(), metadata.mtime_nsec()))
}

/// Those that run.
struct Running {
    sources: Vec<Weak<dyn Empties>>,
    sinks: Vec<Weak<Filled>>,
}

static RUNNING: Mutex<Running> = Mutex::new(Running { sources: Vec::new(), sinks: Vec::new() });

/// Names of several kinds: whoever takes all of them does not choose by name.
const NAMES: [&str; 4] = ["a", "a.wav", "a b.json", "1.wav.json"];

/// Makes known that `who` empties folders.
pub(crate) fn register(who: &Arc<dyn Empties>) {
    forget(who);
    RUNNING.lock().sources.push(Arc::downgrade(who));
}

/// Fails, and lets `who` empty nothing, when a sink that runs writes to one of its folders.
pub(crate) fn check(who: &Arc<dyn Empties>) -> Result<(), ProcessError> {
    register(who);
    let sinks: Vec<_> = RUNNING.lock().sinks.iter().filter_map(Weak::upgrade).collect();
    let Some(sink) = sinks.iter().find(|sink| would_take(who.as_ref(), sink)) else {
        return Ok(());
    };
    forget(who);
    Err(refused_start(who.as_ref(), sink))
}

/// `who` empties nothing until it registers again.
pub(crate) fn forget(who: &Arc<dyn Empties>) {
    let who = Arc::downgrade(who);
    RUNNING.lock().sources.retain(|each| each.strong_count() > 0 && !each.ptr_eq(&who));
}

/// Makes known that `sink` writes to a folder, unless it would be picked up and deleted there.
pub(crate) fn register_sink(sink: &Arc<Filled>) -> Result<(), ProcessError> {
    let sources: Vec<_> = {
        let mut running = RUNNING.lock();
        running.sinks.retain(|each| each.strong_count() > 0);
        running.sinks.push(Arc::downgrade(sink));
        running.sources.iter().filter_map(Weak::upgrade).collect()
    };
    let Some(source) = sources.iter().find(|source| would_take(source.as_ref(), sink)) else {
        return Ok(());
    };
    forget_sink(sink);
    Err(refused_start(source.as_ref(), sink))
}

/// `sink` writes nothing until it registers again.
pub(crate) fn forget_sink(sink: &Arc<Filled>) {
    let sink = Arc::downgrade(sink);
    RUNNING.lock().sinks.retain(|each| !each.ptr_eq(&sink));
}

/// Whether `source` would take whatever `sink` writes, so that nothing ever came of it.
fn would_take(source: &dyn Empties, sink: &Filled) -> bool {
    let takes_every_name = NAMES.iter().all(|name| source.takes(name));
    takes_every_name && (!sink.is_deep || source.searches_all()) && {
        let folder = resolved(&sink.folder);
        is_searched(source, &folder, &above(&folder))
    }
}

fn refused_start(source: &dyn Empties, sink: &Filled) -> ProcessError {
    let (directory, folder) = (paths::to_text(source.directory()), paths::to_text(&sink.folder));
    let Filled { component, .. } = sink;
    ProcessError::user(format!(
        "\"{component}\" writes to {folder:?}, where GetFile picks files up and deletes them: \
         {directory:?}"
    ))
    .with_help(HELP)
}

const HELP: &str = "write to another folder, or let GetFile keep its source files or leave these \
                    out by its filters";

/// Refuses to deliver a file to where it would be picked up and deleted: whether it is there
/// already, is to be replaced or is new. The folder need not be there yet.
pub(crate) fn refuse(target: &Path) -> Result<(), ProcessError> {
    Refusals::default().refuse(target)
}

/// Refuses as [`refuse`], for files that are delivered in one go, most of them to one folder: where
/// that lies is looked up once.
#[derive(Default)]
pub(crate) struct Refusals {
    last: Option<Place>,
}

/// Where a folder lies.
struct Place {
    /// As it was asked for.
    folder: PathBuf,
    resolved: PathBuf,
    above: Vec<(Identity, PathBuf)>,
}

impl Place {
    fn of(folder: &Path) -> Self {
        let resolved = resolved(folder);
        Self { folder: folder.to_owned(), above: above(&resolved), resolved }
    }

    /// Whether the folder itself is there: one that is not may be something else once it is.
    fn is_there(&self) -> bool {
        self.above.first().is_some_and(|(_, below)| below.as_os_str().is_empty())
    }
}

impl Refusals {
    /// Where `folder` lies.
    fn place(&mut self, folder: &Path) -> &Place {
        let is_known =
            |last: &Place| last.is_there() && last.folder.as_os_str() == folder.as_os_str();
        let known = self.last.take().filter(is_known);
        self.last.insert(known.unwrap_or_else(|| Place::of(folder)))
    }

    /// As [`refuse`].
    pub(crate) fn refuse(&mut self, target: &Path) -> Result<(), ProcessError> {
        let (Some(folder), Some(name)) = (target.parent(), target.file_name()) else {
            return Ok(());
        };
        // Names first: for most of what sinks write they tell enough, and the disk is not asked.
        let all = takers(name);
        if all.is_empty() {
            return Ok(());
        }
        if let Some(by) = all.iter().find(|each| !each.has_looked())
            && DELIVERED.lock().len() >= DELIVERED_MAX
        {
            return Err(ProcessError::external(format!(
            "GetFile, which empties {:?}, has not looked yet where its links lead, and too much \
             was delivered since",
            paths::to_text(by.directory())
        ))
        .with_help("it looks once all that it leads to has started; this is tried again"));
        }
        let Place { resolved, above, .. } = self.place(folder);
        let Some(by) = all.iter().find(|each| is_searched(each.as_ref(), resolved, above)) else {
            return Ok(());
        };
        // It may be another flow's, which is put right or stopped: until then it is to wait, as
        // with the source gone there may be nothing else of it.
        Err(ProcessError::external(format!(
            "{:?} lies where GetFile picks files up and deletes them: {:?}",
            paths::to_text(target),
            paths::to_text(by.directory())
        ))
        .with_help(HELP))
    }
}

/// Those that would pick up a file of that name, wherever they look.
fn takers(name: &OsStr) -> Vec<Arc<dyn Empties>> {
    let mut all: Vec<_> = RUNNING.lock().sources.iter().filter_map(Weak::upgrade).collect();
    if !all.is_empty() {
        let name = paths::to_text(Path::new(name));
        all.retain(|each| each.takes(&name));
    }
    all
}

/// `folder` and those above it, as far as they are there, each with where `folder` lies below it.
fn above(folder: &Path) -> Vec<(Identity, PathBuf)> {
    let known = |above| {
        let there = fs::metadata(above).ok()?;
        Some((paths::identity(&there), folder.strip_prefix(above).ok()?.to_owned()))
    };
    folder.ancestors().filter_map(known).collect()
}

/// Whether `who` looks for files in `folder`, which is without links.
fn is_searched(who: &dyn Empties, folder: &Path, above: &[(Identity, PathBuf)]) -> bool {
    let identity = fs::metadata(who.directory()).ok().map(|there| paths::identity(&there));
    // A directory that is not there yet is known by its path alone.
    let by_path = || folder.strip_prefix(resolved(who.directory())).ok().map(Path::to_owned);
    let by_path = if identity.is_none() { by_path() } else { None };
    let by_identity = above.iter().filter_map(|(above, rest)| {
        let above = *above;
        let is_first = identity == Some(above);
        let place = if is_first { Some(PathBuf::new()) } else { who.place(above) };
        // Joined with nothing, a path ends with "/", which no filter expects.
        Some(place?.join(rest).components().collect())
    });
    by_path.into_iter().chain(by_identity).any(|below| who.searches(&below))
}

/// Notes that `target` was delivered: whoever has not looked yet where its links lead never picks
/// it up, and so never deletes it.
pub(crate) fn delivered(target: &Path) {
    let takers = takers(target.file_name().unwrap_or_default());
    if takers.iter().all(|each| each.has_looked()) {
        return;
    }
    if let Ok(there) = fs::metadata(target) {
        DELIVERED.lock().insert(delivery(&there));
    }
}

/// Whether that file was delivered by this process before a first look.
pub(crate) fn was_delivered(metadata: &Metadata) -> bool {
    DELIVERED.lock().contains(&delivery(metadata))
}

/// `folder` without links, and without `..` in what of it is not there yet.
pub(crate) fn resolved(folder: &Path) -> PathBuf {
    let there = folder
        .ancestors()
        .find_map(|above| Some((above.canonicalize().ok()?, folder.strip_prefix(above).ok()?)));
    let Some((mut whole, rest)) = there else { return folder.to_owned() };
    // What is not there will be made as plain folders; `..` may lead to what is there again.
    for part in rest.components() {
        if part == Component::ParentDir {
            whole.pop();
        } else {
            whole.push(part);
        }
        whole = whole.canonicalize().unwrap_or(whole);
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes nothing, and so is not to be asked where.
    struct NoName;

    impl Empties for NoName {
        fn directory(&self) -> &Path {
            unreachable!("the disk is asked for a name that nobody takes")
        }

        fn place(&self, _: Identity) -> Option<PathBuf> {
            unreachable!("a place is asked for a name that nobody takes")
        }

        fn has_looked(&self) -> bool {
            true
        }

        fn takes(&self, _: &str) -> bool {
            false
        }

        fn searches(&self, _: &Path) -> bool {
            true
        }

        fn searches_all(&self) -> bool {
            true
        }
    }

    #[test]
    fn a_folder_is_looked_up_once_in_a_go_but_for_one_that_is_made_meanwhile() {
        let folder = tempfile::tempdir().unwrap();
        let (made, link) = (folder.path().join("made"), folder.path().join("link"));
        let mut refusals = Refusals::default();
        let mut resolved = |folder: &Path| refusals.place(folder).resolved.clone();
        assert_eq!(resolved(&link), folder.path().canonicalize().unwrap().join("link"));
        fs::create_dir(&made).unwrap();
        std::os::unix::fs::symlink(&made, &link).unwrap();
        let real = made.canonicalize().unwrap();
        assert_eq!(resolved(&link), real, "it is there now");
        fs::remove_file(&link).unwrap();
        assert_eq!(resolved(&link), real, "nobody looks again");
        assert_ne!(resolved(folder.path()), real);
    }

    #[test]
    fn a_name_that_nobody_takes_costs_no_look_at_the_disk() {
        let who: Arc<dyn Empties> = Arc::new(NoName);
        register(&who);
        refuse(Path::new("/a/b/c.json")).unwrap();
        forget(&who);
    }
}
