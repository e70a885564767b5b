//! The provenance log: what happened, in append-only files of checksummed frames, under a byte cap.
//!
//! Events count once the epoch that holds the log's new end is durable; opening cuts what lies
//! beyond. Whole files are given up, eldest first, never the one being written.

mod frame;
mod search;

use std::sync::Arc;

use parking_lot::Mutex;
use serde::{Deserialize, Serialize};

pub(crate) use self::frame::encode;
pub use self::search::{Search, SearchResult};
use crate::error::{Result, StoreError};
use crate::folder::{Folder, StoredFile};

/// The first bytes of a file: what it is, and its version.
const MAGIC: &[u8; 8] = b"TUTTIPV2";
/// How much of the beginning of each file is looked at when the log is opened.
const CHECKED_BYTES: u64 = 64 * 1024;
/// Files of the log that fit under its cap: what is given up at a time is one of these.
const FILES_PER_CAP: u64 = 16;

/// Where the log ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct LogEnd {
    /// The file being written.
    pub(crate) file: u64,
    /// Its length in bytes.
    pub(crate) length: u64,
}

struct Log {
    end: LogEnd,
    current: Option<Arc<dyn StoredFile>>,
    /// Numbers and lengths of the files, eldest first, with the current one.
    files: Vec<(u64, u64)>,
    /// What was appended last, until it counts: where it begins, and where it ends.
    unconfirmed: Option<Appended>,
}

struct Appended {
    file: Arc<dyn StoredFile>,
    begin: LogEnd,
    end: LogEnd,
}

/// Events in files.
pub(crate) struct ProvenanceRepository {
    folder: Arc<dyn Folder>,
    bytes_max: u64,
    log: Mutex<Log>,
}

fn file_name(number: u64) -> String {
    format!("{number:010}.events")
}

impl ProvenanceRepository {
    /// Opens the log, whose end is `end`; what lies beyond is cut. Hands back what was noticed.
    pub(crate) fn open(
        folder: Arc<dyn Folder>,
        bytes_max: u64,
        end: LogEnd,
    ) -> Result<(Self, Opened)> {
        let mut opened = Opened::default();
        let mut files = Vec::new();
        for (name, length) in folder.list()? {
            let number = name.strip_suffix(".events").and_then(|stem| stem.parse::<u64>().ok());
            let Some(number) = number else { continue };
            if number > end.file || (number == end.file && end.length == 0) {
                opened.bytes_cut += length;
                folder.remove(&name)?;
            } else {
                files.push((number, length));
            }
        }
        files.sort_unstable();
        opened.damage.extend(gap(&*folder, &files));
        let mut end = end;
        let mut current = None;
        match files.last_mut().filter(|(number, _)| *number == end.file) {
            Some((_, length)) if *length >= end.length => {
                let file = folder.open(&file_name(end.file))?;
                if *length > end.length {
                    opened.bytes_cut += *length - end.length;
                    file.truncate(end.length)?;
                    *length = end.length;
                }
                current = Some(file);
            }
            Some((_, length)) => {
                opened.damage.push(StoreError::corrupt(
                    "the provenance log",
                    folder.describe(&file_name(end.file)),
                    format!("it has {length} bytes instead of {}", end.length),
                ));
                end = LogEnd { file: end.file + 1, length: 0 };
            }
            None if end.length > 0 => {
                let name = folder.describe(&file_name(end.file));
                opened.damage.push(StoreError::not_found(format!("provenance file \"{name}\"")));
                end = LogEnd { file: end.file + 1, length: 0 };
            }
            None => {}
        }
        for (number, length) in &files {
            let Err(damage) = check_begin(&*folder, *number, *length) else { continue };
            opened.damage.push(damage);
            if *number == end.file {
                // What is appended behind such a beginning would never be found.
                current = None;
                end = LogEnd { file: end.file + 1, length: 0 };
            }
        }
        let log = Log { end, current, files, unconfirmed: None };
        Ok((Self { folder, bytes_max, log: Mutex::new(log) }, opened))
    }

    /// Writes frames behind the log's end and makes them durable. They count once they are
    /// confirmed; until then the same frames are all that may be appended.
    ///
    /// What was appended once is never taken back: the records that name it may be durable even
    /// when their flush failed. So another attempt writes the same bytes to the same place.
    pub(crate) fn append(&self, frames: &[u8]) -> Result<LogEnd> {
        let mut log = self.log.lock();
        if frames.is_empty() {
            return Ok(log.end);
        }
        let is_full = log.end.length >= (self.bytes_max / FILES_PER_CAP).max(1);
        let (file, begin) = match (&log.unconfirmed, &log.current) {
            (Some(appended), _) => (Arc::clone(&appended.file), appended.begin),
            (None, Some(file)) if !is_full => (Arc::clone(file), log.end),
            (None, Some(_)) => self.create(log.end.file + 1)?,
            (None, None) => self.create(log.end.file)?,
        };
        file.write_at(frames, begin.length)?;
        file.sync()?;
        let end = LogEnd { length: begin.length + frames.len() as u64, ..begin };
        log.unconfirmed = Some(Appended { file, begin, end });
        Ok(end)
    }

    /// A new file of the log, in place of one that an attempt left before anything in it counted.
    fn create(&self, number: u64) -> Result<(Arc<dyn StoredFile>, LogEnd)> {
        let name = file_name(number);
        self.folder.remove(&name)?;
        let file = self.folder.create(&name)?;
        file.write_at(MAGIC, 0)?;
        self.folder.sync()?;
        Ok((file, LogEnd { file: number, length: MAGIC.len() as u64 }))
    }

    /// What was appended last counts from now on. Touches no disk.
    pub(crate) fn confirm(&self) {
        let mut log = self.log.lock();
        let Some(Appended { file, end, .. }) = log.unconfirmed.take() else { return };
        log.files.retain(|(number, _)| *number != end.file);
        log.files.push((end.file, end.length));
        log.end = end;
        log.current = Some(file);
    }

    /// Gives up the eldest files until the rest fits under the cap.
    pub(crate) fn enforce_cap(&self) -> Result<()> {
        let mut log = self.log.lock();
        while log.files.len() > 1
            && log.files.iter().map(|(_, length)| length).sum::<u64>() > self.bytes_max
        {
            let (eldest, _) = log.files[0];
            self.folder.remove(&file_name(eldest))?;
            log.files.remove(0);
        }
        Ok(())
    }

    /// Bytes of all files.
    pub(crate) fn usage_bytes(&self) -> u64 {
        self.log.lock().files.iter().map(|(_, length)| length).sum()
    }

    /// Numbers and lengths of the files that count, eldest first.
    pub(crate) fn files(&self) -> Vec<(u64, u64)> {
        self.log.lock().files.clone()
    }

    /// Adds events of `files` that match to `result`, newest first, until its limit.
    pub(crate) fn search(
        &self,
        files: Vec<(u64, u64)>,
        search: &Search,
        result: &mut SearchResult,
    ) -> Result<()> {
        for (number, length) in files.into_iter().rev() {
            if result.events.len() >= search.limit {
                break;
            }
            let name = file_name(number);
            let mut bytes = vec![0; usize::try_from(length).unwrap_or(usize::MAX)];
            let file = match self.folder.open(&name) {
                // Given up since the list was made.
                Err(StoreError::NotFound { .. }) => continue,
                other => other?,
            };
            let count = file.read_at(&mut bytes, 0)?;
            bytes.truncate(count);
            let place = self.folder.describe(&name);
            let Some(frames) = bytes.strip_prefix(MAGIC) else {
                result.damaged.push(StoreError::corrupt(
                    "the provenance file",
                    place,
                    "it does not begin as one",
                ));
                continue;
            };
            result.add(search, frames, &place);
        }
        Ok(())
    }
}

/// What was noticed when the log was opened.
#[derive(Default)]
pub(crate) struct Opened {
    /// Bytes beyond the end that were cut.
    pub(crate) bytes_cut: u64,
    /// What is missing of what was durable.
    pub(crate) damage: Vec<StoreError>,
}

/// The first hole in the numbers of `files`, which are given up from the eldest on only.
fn gap(folder: &dyn Folder, files: &[(u64, u64)]) -> Option<StoreError> {
    let (before, _) = files.windows(2).find_map(|pair| match pair {
        [before, after] if before.0 + 1 < after.0 => Some(before),
        _ => None,
    })?;
    let name = folder.describe(&file_name(before + 1));
    Some(StoreError::not_found(format!("provenance file \"{name}\"")))
}

/// Whether a file begins as one, with a whole event. The rest is checked where it is read.
fn check_begin(folder: &dyn Folder, number: u64, length: u64) -> Result<()> {
    let name = file_name(number);
    let file = folder.open(&name)?;
    let mut bytes = vec![0; usize::try_from(length.min(CHECKED_BYTES)).unwrap_or(usize::MAX)];
    let count = file.read_at(&mut bytes, 0)?;
    let begin = bytes.get(..count).and_then(|bytes| bytes.strip_prefix(MAGIC));
    let damage = match begin.map(|mut frames| frame::next(&mut frames)) {
        None => "it does not begin as one".to_owned(),
        // One event may be longer than what is looked at.
        Some(Some(Err(reason))) if length <= CHECKED_BYTES => reason,
        Some(_) => return Ok(()),
    };
    Err(StoreError::corrupt("the provenance file", folder.describe(&name), damage))
}
