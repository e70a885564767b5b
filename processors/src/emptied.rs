//! Which folders are being emptied: what a sink writes there would be picked up and deleted.
//!
//! Known to all processors of this process, as long as those that empty folders run.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Weak};

use parking_lot::Mutex;
use tutti_sdk::ProcessError;

use crate::paths;

/// Something that picks files up from folders, and deletes them there.
pub(crate) trait Empties: Send + Sync {
    /// Where it begins.
    fn directory(&self) -> &Path;

    /// Where the folder of this device and inode lies below the directory, if it was in there.
    fn place(&self, folder: (u64, u64)) -> Option<PathBuf>;

    /// Whether it would pick up the file `name` of the folder `below` the directory.
    fn takes(&self, below: &Path, name: &str) -> bool;
}

static ALL: Mutex<Vec<Weak<dyn Empties>>> = Mutex::new(Vec::new());

/// Makes known that `who` empties folders.
pub(crate) fn register(who: &Arc<dyn Empties>) {
    let mut all = ALL.lock();
    all.retain(|each| each.strong_count() > 0);
    all.push(Arc::downgrade(who));
}

/// `who` empties nothing until it registers again.
pub(crate) fn forget(who: &Arc<dyn Empties>) {
    let who = Arc::downgrade(who);
    ALL.lock().retain(|each| !each.ptr_eq(&who));
}

/// Refuses to deliver a file to where it would be picked up and deleted: whether it is there
/// already, is to be replaced or is new. The folder need not be there yet.
pub(crate) fn refuse(target: &Path) -> Result<(), ProcessError> {
    let all: Vec<_> = ALL.lock().iter().filter_map(Weak::upgrade).collect();
    let (Some(folder), Some(name)) = (target.parent(), target.file_name()) else { return Ok(()) };
    if all.is_empty() {
        return Ok(());
    }
    let name = paths::to_text(Path::new(name));
    let folder = resolved(folder);
    let Some(by) = all.iter().find(|each| is_taken(each.as_ref(), &folder, &name)) else {
        return Ok(());
    };
    Err(ProcessError::user(format!(
        "{:?} lies where GetFile picks files up and deletes them: {:?}",
        paths::to_text(target),
        paths::to_text(by.directory())
    ))
    .with_help(
        "write to another folder, or let GetFile keep its source files or leave these out by \
         its filters",
    ))
}

fn is_taken(who: &dyn Empties, folder: &Path, name: &str) -> bool {
    folder.ancestors().any(|above| {
        let there = fs::metadata(above).ok();
        let place = there.and_then(|there| who.place((there.dev(), there.ino())));
        let rest = folder.strip_prefix(above).unwrap_or(Path::new(""));
        // Joined with nothing, a path ends with "/", which no filter expects.
        let below = place.map(|place| place.join(rest).components().collect::<PathBuf>());
        below.is_some_and(|below| who.takes(&below, name))
    })
}

/// `folder` without links, as far as it is there.
fn resolved(folder: &Path) -> PathBuf {
    folder
        .ancestors()
        .find_map(|above| {
            let rest = folder.strip_prefix(above).ok()?;
            Some(above.canonicalize().ok()?.join(rest))
        })
        .unwrap_or_else(|| folder.to_owned())
}
