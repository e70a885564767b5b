//! Several files are put in one go.
//!
//! What comes out is what would have come of one after the other, and one that fails fails alone.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::fs::{self, File, Metadata};
use std::io::{self, BufRead, BufReader, Seek};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tutti_sdk::model::flowfile::{Content, FlowFile};
use tutti_sdk::{ContentReader, ContentReaders, ProcessError};

use super::ConflictResolution;
use crate::files::emptied::{self, Refusals};
use crate::files::folder::{Batch, Folders};
use crate::files::paths;

/// Bytes of each of two files that are compared at a time.
const COMPARED_BYTES: usize = 64 * 1024;

/// How files are put.
#[derive(Clone)]
pub(super) struct Rules {
    pub(super) readers: ContentReaders,
    pub(super) folders: Arc<Folders>,
    pub(super) conflict: ConflictResolution,
    pub(super) make_folder: bool,
    pub(super) files_max: Option<u64>,
}

/// A file to put.
pub(super) struct Order {
    pub(super) target: PathBuf,
    pub(super) flowfile: FlowFile,
}

/// What became of it: where it is and how many bytes it has; `None` when there was a file that is
/// to stay.
pub(super) type Outcome = Result<Option<(PathBuf, u64)>, ProcessError>;

impl Rules {
    /// Puts files; what became of each, in their order.
    pub(super) fn put(&self, orders: Vec<Order>) -> Vec<Outcome> {
        let mut putting = Putting {
            rules: self,
            batch: self.folders.batch(),
            written: Vec::with_capacity(orders.len()),
            outcomes: Vec::with_capacity(orders.len()),
            refusals: Refusals::default(),
            made: HashSet::new(),
            counts: HashMap::new(),
        };
        for (place, Order { target, flowfile }) in orders.into_iter().enumerate() {
            match putting.begin(&target, &flowfile) {
                Ok(Begun::Written) => putting.written.push((place, target)),
                Ok(Begun::Stays) => putting.outcomes.push((place, Ok(None))),
                Ok(Begun::IsThere(bytes)) => {
                    putting.outcomes.push((place, Ok(Some((target, bytes)))));
                }
                Err(error) => putting.outcomes.push((place, Err(error))),
            }
        }
        putting.finish();
        let mut outcomes = putting.outcomes;
        outcomes.sort_unstable_by_key(|(place, _)| *place);
        outcomes.into_iter().map(|(_, outcome)| outcome).collect()
    }

    /// How many bytes the file `target` has if these are those of `flowfile`, as after a kill
    /// before the flowfile had left its queue: then they are brought to the disk, and it was
    /// delivered.
    fn delivered(
        &self,
        target: &Path,
        there: &Metadata,
        flowfile: &FlowFile,
    ) -> Result<Option<u64>, ProcessError> {
        let may_be = match flowfile.content() {
            // Nobody knows how much it is before it is made.
            Content::Derived(_) => true,
            _ => flowfile.size_bytes() == there.len(),
        };
        if !may_be || !there.is_file() {
            return Ok(None);
        }
        // One that may not be read is another's.
        let Ok(file) = File::open(target) else { return Ok(None) };
        let reader = self.readers.open(flowfile)?;
        if !is_same(reader, &file, target)? {
            return Ok(None);
        }
        let folder = target.parent().unwrap_or(Path::new("/"));
        file.sync_all()
            .and_then(|()| paths::sync_names(folder))
            .map_err(|error| paths::error("bring to the disk", target, error))?;
        Ok(Some(there.len()))
    }

    /// What becomes of a file whose name is taken.
    fn conflicting(&self, target: &Path) -> Result<(), ProcessError> {
        if self.conflict == ConflictResolution::Ignore {
            return Ok(());
        }
        Err(ProcessError::user(format!("there is a file {:?} already", paths::to_text(target)))
            .with_help("choose another name, or another conflict resolution strategy"))
    }
}

/// What became of a file at first.
enum Begun {
    /// It is in the batch.
    Written,
    /// There is another, which stays.
    Stays,
    /// It was there before, whole; so many bytes.
    IsThere(u64),
}

/// Files that are being put.
struct Putting<'r> {
    rules: &'r Rules,
    batch: Batch<'r>,
    /// What is in the batch: places among all files, and targets.
    written: Vec<(usize, PathBuf)>,
    /// What became of the others, with their places.
    outcomes: Vec<(usize, Outcome)>,
    refusals: Refusals,
    /// Folders that are there.
    made: HashSet<PathBuf>,
    /// How many files there are in folders, with those in the batch.
    counts: HashMap<PathBuf, u64>,
}

impl Putting<'_> {
    /// Writes a file, which has its name when the batch is finished.
    fn begin(&mut self, target: &Path, flowfile: &FlowFile) -> Result<Begun, ProcessError> {
        self.refusals.refuse(target)?;
        // Compared as texts, which is quick.
        if self.written.iter().any(|(_, written)| written.as_os_str() == target.as_os_str()) {
            // What there is of that name is to be seen.
            self.finish();
        }
        let folder = target.parent().unwrap_or(Path::new("/"));
        self.make(folder)?;
        let replaces = self.rules.conflict == ConflictResolution::Replace;
        let is_new = match target.symlink_metadata() {
            Ok(there) if self.rules.conflict == ConflictResolution::Fail => {
                if let Some(bytes) = self.rules.delivered(target, &there, flowfile)? {
                    return Ok(Begun::IsThere(bytes));
                }
                return self.rules.conflicting(target).map(|()| Begun::Stays);
            }
            Ok(_) if !replaces => return Ok(Begun::Stays),
            Ok(_) => false,
            Err(error) if error.kind() == io::ErrorKind::NotFound => true,
            Err(error) => return Err(paths::error("look for", target, error)),
        };
        if is_new {
            self.check_room(folder)?;
        }
        let reader = &mut self.rules.readers.open(flowfile)?;
        match self.batch.write(reader, target, replaces) {
            // Those before it may make room, as they replace others and are closed. Content that is
            // made while it is read cannot be read again; it is alone, with none before it.
            Err(error) if paths::is_used_up(&error) && !self.batch.is_empty() => {
                self.finish();
                reader.rewind().map_err(ProcessError::unreadable)?;
                self.batch.write(reader, target, replaces)?;
            }
            written => written?,
        }
        if let Some(count) = self.counts.get_mut(folder).filter(|_| is_new) {
            *count += 1;
        }
        Ok(Begun::Written)
    }

    /// Gives what is in the batch its names.
    fn finish(&mut self) {
        let written = std::mem::take(&mut self.written);
        for ((place, target), outcome) in written.into_iter().zip(self.batch.finish()) {
            let outcome = match outcome {
                Ok(Some(bytes)) => {
                    emptied::delivered(&target);
                    Ok(Some((target, bytes)))
                }
                // Another came before it.
                Ok(None) => self.rules.conflicting(&target).map(|()| None),
                Err(error) => Err(error),
            };
            self.outcomes.push((place, outcome));
        }
        self.counts.clear();
    }

    fn make(&mut self, folder: &Path) -> Result<(), ProcessError> {
        if self.rules.make_folder && !self.made.contains(folder) {
            paths::make_folder(folder)?;
            self.made.insert(folder.to_owned());
        }
        Ok(())
    }

    /// Fails when the folder may not hold one more.
    fn check_room(&mut self, folder: &Path) -> Result<(), ProcessError> {
        let Some(max) = self.rules.files_max else { return Ok(()) };
        let count = match self.counts.entry(folder.to_owned()) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(unknown) => *unknown.insert(count(folder)?),
        };
        if count < max {
            return Ok(());
        }
        Err(ProcessError::external(format!(
            "the folder {:?} holds {count} files, and may hold {max}",
            paths::to_text(folder)
        ))
        .with_help("make room in the folder, or raise the maximum file count"))
    }
}

/// Whether `reader` and the file `target` have the same bytes.
fn is_same(reader: ContentReader, file: &File, target: &Path) -> Result<bool, ProcessError> {
    let mut content = BufReader::with_capacity(COMPARED_BYTES, reader);
    let mut file = BufReader::with_capacity(COMPARED_BYTES, file);
    loop {
        let own = content.fill_buf().map_err(ProcessError::unreadable)?;
        let others = file.fill_buf().map_err(|error| paths::error("read", target, error))?;
        let count = own.len().min(others.len());
        if own[..count] != others[..count] || count == 0 && own.len() != others.len() {
            return Ok(false);
        }
        if count == 0 {
            return Ok(true);
        }
        content.consume(count);
        file.consume(count);
    }
}

/// How many files that are not hidden a folder holds.
fn count(folder: &Path) -> Result<u64, ProcessError> {
    let failed = |error| paths::error("read the folder", folder, error);
    let mut count = 0;
    for entry in fs::read_dir(folder).map_err(failed)? {
        let name = entry.map_err(failed)?.file_name();
        if !name.as_encoded_bytes().starts_with(b".") {
            count += 1;
        }
    }
    Ok(count)
}
