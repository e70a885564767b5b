//! The file that holds the log: a line for each entry, with its checksum.
//!
//! An entry counts when it is on the disk. Must never leave half an entry before a whole one: what
//! could not be written is taken back before anything else is.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::files::sync_folder;
use crate::{EditingError, Operation, Sheet};

/// The version of the log's format.
const FORMAT: u32 = 1;
/// Digits of a checksum, and the space behind them.
const HEAD: usize = 9;

/// What a line says.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) enum Entry {
    /// The version of the format; the first line.
    Format(u32),
    /// The state that the operations after it begin with; the second line.
    State(State),
    Operation(Operation),
    /// From here on the flow that runs is this one.
    Applied(State),
}

/// A flow at a revision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct State {
    pub(crate) revision: u64,
    flow: Value,
    layout: Value,
}

impl State {
    pub(crate) fn new(revision: u64, sheet: &Sheet) -> Self {
        Self { revision, flow: sheet.flow().clone(), layout: sheet.layout().clone() }
    }

    /// Whether it is the same flow, laid out the same.
    pub(crate) fn is(&self, sheet: &Sheet) -> bool {
        self.flow == *sheet.flow() && self.layout == *sheet.layout()
    }

    pub(crate) fn sheet(self) -> Sheet {
        Sheet::from_values(self.flow, self.layout)
    }
}

pub(crate) struct Log {
    path: PathBuf,
    file: File,
    /// Bytes of whole entries.
    length: u64,
}

/// What the log at `path` says that ran last; nothing where there is none.
pub(crate) fn last_applied(path: &Path) -> Result<Option<State>, EditingError> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(EditingError::Read { path: path.to_owned(), source }),
    };
    let applied = |entry| match entry {
        Entry::Applied(state) => Some(state),
        Entry::Format(_) | Entry::State(_) | Entry::Operation(_) => None,
    };
    Ok(read(&bytes).entries.into_iter().filter_map(applied).next_back())
}

impl Log {
    /// Opens the log at `path`, or makes one that is empty, and reads it. What is behind damage
    /// does not count any more; then where a copy of the file lies.
    pub(crate) fn open(path: &Path) -> Result<(Self, Vec<Entry>, Option<PathBuf>), EditingError> {
        let failed = |source| EditingError::Read { path: path.to_owned(), source };
        let is_new = !path.exists();
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(failed)?;
        }
        let mut file = open(path).map_err(failed)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(failed)?;
        let read = read(&bytes);
        if let Some(Entry::Format(found)) = read.entries.first()
            && *found != FORMAT
        {
            let (path, found) = (path.to_owned(), *found);
            return Err(EditingError::Format { path, found, known: FORMAT });
        }
        let aside = if read.is_damaged { Some(aside(path, &bytes).map_err(failed)?) } else { None };
        // What is behind was never confirmed, or lies aside now.
        file.set_len(read.length).map_err(failed)?;
        file.seek(SeekFrom::Start(read.length)).map_err(failed)?;
        let mut log = Self { path: path.to_owned(), file, length: read.length };
        if log.length == 0 {
            log.append(&[Entry::Format(FORMAT)])?;
        }
        if is_new {
            // What is in it counts only with its name, and that of its folder.
            let folder = path.parent().unwrap_or(path);
            let synced = sync_folder(path).and_then(|()| sync_folder(folder));
            synced.map_err(failed)?;
        }
        Ok((log, read.entries, aside))
    }

    /// Its file.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// How many bytes it has.
    pub(crate) fn length(&self) -> u64 {
        self.length
    }

    /// Adds `entries`. When this returns they are on the disk, or nothing is.
    pub(crate) fn append(&mut self, entries: &[Entry]) -> Result<(), EditingError> {
        let bytes = lines(entries);
        let written = self.write(&bytes);
        written.map_err(|source| EditingError::Write { path: self.path.clone(), source })?;
        self.length += bytes.len() as u64;
        Ok(())
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        // Whatever an earlier attempt has left behind goes first.
        self.file.set_len(self.length)?;
        self.file.seek(SeekFrom::Start(self.length))?;
        self.file.write_all(bytes)?;
        self.file.sync_data().inspect_err(|_| {
            // Nobody was told that it counts; the next start is not to find it.
            let _ = self.file.set_len(self.length);
        })
    }

    /// Copies all of it to where nobody overwrites it.
    pub(crate) fn copy_aside(&self) -> Result<PathBuf, EditingError> {
        let copied = fs::read(&self.path).and_then(|bytes| aside(&self.path, &bytes));
        copied.map_err(|source| EditingError::Read { path: self.path.clone(), source })
    }

    /// Makes `entries` all that it has. When that fails it has all that it had, or all of
    /// `entries`, and goes on either way.
    pub(crate) fn rewrite(&mut self, mut entries: Vec<Entry>) -> Result<(), EditingError> {
        entries.insert(0, Entry::Format(FORMAT));
        let bytes = lines(&entries);
        self.replace(&bytes).map_err(|source| {
            let path = self.path.clone();
            EditingError::Write { path, source }
        })
    }

    /// Writes a file beside it, which takes its name when it is whole.
    fn replace(&mut self, bytes: &[u8]) -> io::Result<()> {
        let beside = self.path.with_extension("new");
        let written = create(&beside).and_then(|mut file| {
            file.write_all(bytes)?;
            file.sync_all()?;
            fs::rename(&beside, &self.path)?;
            Ok(file)
        });
        let file = written.inspect_err(|_| {
            // A disk that is full is not to stay so for it.
            let _ = fs::remove_file(&beside);
        })?;
        // From here on nothing else has the name: what is appended must go there.
        self.file = file;
        self.length = bytes.len() as u64;
        sync_folder(&self.path)
    }
}

#[cfg(test)]
impl Log {
    /// From here on nothing can be written.
    pub(crate) fn close_for_test(&mut self) {
        self.file = File::open(&self.path).unwrap();
    }
}

/// Opens a file that is there, or a new one that is its owner's alone.
fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// The same, with nothing in it.
fn create(path: &Path) -> io::Result<File> {
    let file = open(path)?;
    file.set_len(0)?;
    Ok(file)
}

/// Copies what is in a damaged log to where nobody overwrites it.
fn aside(path: &Path, bytes: &[u8]) -> io::Result<PathBuf> {
    for number in 1_u32.. {
        let aside = path.with_extension(format!("damaged-{number}"));
        let made = OpenOptions::new().write(true).create_new(true).open(&aside);
        match made {
            Ok(mut file) => {
                file.write_all(bytes)?;
                file.sync_all()?;
                return Ok(aside);
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

fn lines(entries: &[Entry]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for entry in entries {
        // Its keys are texts, so that it can be written.
        let json = serde_json::to_vec(entry).unwrap_or_default();
        bytes.extend_from_slice(format!("{:08x} ", crc32c::crc32c(&json)).as_bytes());
        bytes.extend_from_slice(&json);
        bytes.push(b'\n');
    }
    bytes
}

/// What a log's bytes say.
struct Reading {
    entries: Vec<Entry>,
    /// Bytes of these.
    length: u64,
    /// Whether something that was confirmed cannot be read.
    is_damaged: bool,
}

fn read(bytes: &[u8]) -> Reading {
    let mut read = Reading { entries: Vec::new(), length: 0, is_damaged: false };
    let mut rest = bytes.split_inclusive(|byte| *byte == b'\n');
    for line in rest.by_ref() {
        let Some(entry) = entry(line) else {
            // The last one may have been cut off by a crash, and then nobody was told that it
            // counts. What has an end was written as a whole.
            read.is_damaged = line.ends_with(b"\n") || rest.next().is_some();
            break;
        };
        read.entries.push(entry);
        read.length += line.len() as u64;
    }
    read
}

fn entry(line: &[u8]) -> Option<Entry> {
    let line = line.strip_suffix(b"\n")?;
    let (head, json) = line.split_at_checked(HEAD)?;
    let sum = std::str::from_utf8(head).ok()?.strip_suffix(' ')?;
    let sum = u32::from_str_radix(sum, 16).ok()?;
    if crc32c::crc32c(json) != sum {
        return None;
    }
    serde_json::from_slice(json).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn operation(revision: u64) -> Entry {
        Entry::Operation(Operation {
            revision,
            author: "a".to_owned(),
            time_ms: 0,
            label: "b".repeat(revision as usize),
            kind: crate::OperationKind::Edit,
            of: None,
            changes: Vec::new(),
        })
    }

    fn revisions(entries: &[Entry]) -> Vec<u64> {
        let revision = |entry: &Entry| match entry {
            Entry::Operation(operation) => Some(operation.revision),
            _ => None,
        };
        entries.iter().filter_map(revision).collect()
    }

    #[test]
    fn what_was_appended_is_read_again_however_much_of_the_next_entry_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("logs/a.log");
        let (mut log, ..) = Log::open(&path).unwrap();
        log.append(&[operation(1)]).unwrap();
        let whole = log.length();
        log.append(&[operation(2)]).unwrap();
        let bytes = fs::read(&path).unwrap();
        assert_eq!(bytes.len() as u64, log.length());
        for length in whole as usize..bytes.len() {
            fs::write(&path, &bytes[..length]).unwrap();
            let (mut log, entries, unread) = Log::open(&path).unwrap();
            assert_eq!((revisions(&entries), unread), (vec![1], None), "{length} bytes");
            log.append(&[operation(3)]).unwrap();
            let (_, entries, unread) = Log::open(&path).unwrap();
            assert_eq!((revisions(&entries), unread), (vec![1, 3], None), "{length} bytes");
        }
    }

    #[test]
    fn damage_is_put_aside_and_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.log");
        let (mut log, ..) = Log::open(&path).unwrap();
        log.append(&[operation(1), operation(2), operation(3)]).unwrap();
        let bytes = fs::read(&path).unwrap();
        let ends: Vec<_> = (0..bytes.len()).filter(|at| bytes[*at] == b'\n').collect();
        // A byte of the second operation, and one of the last, which has its end.
        for (at, kept) in [(ends[1] + 20, vec![1]), (ends[2] + 20, vec![1, 2])] {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1;
            fs::write(&path, &damaged).unwrap();
            let (_, entries, unread) = Log::open(&path).unwrap();
            assert_eq!(revisions(&entries), kept);
            assert_eq!(fs::read(unread.unwrap()).unwrap(), damaged);
            assert_eq!(Log::open(&path).unwrap().2, None, "it is told once");
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3);
    }

    #[test]
    fn a_log_of_a_later_program_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.log");
        let bytes = lines(&[Entry::Format(FORMAT + 1)]);
        fs::write(&path, &bytes).unwrap();
        assert!(matches!(Log::open(&path), Err(EditingError::Format { .. })));
        assert_eq!(fs::read(&path).unwrap(), bytes);
    }

    #[test]
    fn it_is_rewritten_as_a_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.log");
        let (mut log, ..) = Log::open(&path).unwrap();
        log.append(&[operation(1), operation(2)]).unwrap();
        log.rewrite(vec![operation(2)]).unwrap();
        log.append(&[operation(3)]).unwrap();
        assert_eq!(revisions(&Log::open(&path).unwrap().1), [2, 3]);
    }
}
