//! The provenance log: what happened, in append-only files of checksummed blocks, under a byte cap.
//!
//! Events count once the epoch that holds the log's new end is durable; opening cuts what lies
//! beyond. Whole files are given up, eldest first, never the one being written. Every event has a
//! number, one more than the one before, whatever becomes of its file.

mod block;
mod frame;
mod search;

use std::sync::Arc;

use parking_lot::Mutex;
use serde::{Deserialize, Serialize};

use self::frame::Frames;
pub(crate) use self::frame::{Encoded, encode};
use self::search::Sieve;
pub use self::search::{LoggedEvent, Search, SearchResult};
use crate::error::{Result, StoreError};
use crate::folder::{Folder, StoredFile};

/// The first bytes of a file: what it is, and its version.
const MAGIC: &[u8; 8] = b"TUTTIPV4";
/// A block at the beginning of a file is looked at when the log is opened, if it is no longer.
const CHECKED_BYTES: u64 = 4 * 1024 * 1024;
const NOT_ONE: &str = "it does not begin as one";
/// Files of the log that fit under its cap: what is given up at a time is one of these.
const FILES_PER_CAP: u64 = 16;

/// Where the log ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct LogEnd {
    /// The file being written.
    pub(crate) file: u64,
    /// Its length in bytes.
    pub(crate) length: u64,
    /// How many events there ever were.
    pub(crate) events: u64,
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
                end = LogEnd { file: end.file + 1, length: 0, ..end };
            }
            None if end.length > 0 => {
                let name = folder.describe(&file_name(end.file));
                opened.damage.push(StoreError::not_found(format!("provenance file \"{name}\"")));
                end = LogEnd { file: end.file + 1, length: 0, ..end };
            }
            None => {}
        }
        for (number, length) in &files {
            let Err(damage) = check_begin(&*folder, *number, *length) else { continue };
            opened.damage.push(damage);
            if *number == end.file {
                // What is appended behind such a beginning would never be found.
                current = None;
                end = LogEnd { file: end.file + 1, length: 0, ..end };
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
    pub(crate) fn append(&self, Encoded { frames, events }: &Encoded) -> Result<LogEnd> {
        let mut log = self.log.lock();
        if frames.is_empty() {
            return Ok(log.end);
        }
        let is_full = log.end.length >= (self.bytes_max / FILES_PER_CAP).max(1);
        let (file, begin) = match (&log.unconfirmed, &log.current) {
            (Some(appended), _) => (Arc::clone(&appended.file), appended.begin),
            (None, Some(file)) if !is_full => (Arc::clone(file), log.end),
            (None, Some(_)) => self.create(LogEnd { file: log.end.file + 1, ..log.end })?,
            (None, None) => self.create(log.end)?,
        };
        file.write_at(frames, begin.length)?;
        file.sync()?;
        let (length, events) = (begin.length + frames.len() as u64, begin.events + events);
        let end = LogEnd { length, events, ..begin };
        log.unconfirmed = Some(Appended { file, begin, end });
        Ok(end)
    }

    /// A new file of the log, in place of one that an attempt left before anything in it counted.
    fn create(&self, end: LogEnd) -> Result<(Arc<dyn StoredFile>, LogEnd)> {
        let name = file_name(end.file);
        self.folder.remove(&name)?;
        let file = self.folder.create(&name)?;
        file.write_at(MAGIC, 0)?;
        self.folder.sync()?;
        Ok((file, LogEnd { length: MAGIC.len() as u64, ..end }))
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

    /// The number of the first event that does not count yet.
    pub(crate) fn next_number(&self) -> u64 {
        self.log.lock().end.events + 1
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
        let mut sieve = Sieve::new(search);
        for (number, length) in files.into_iter().rev() {
            if result.is_full(search) || sieve.is_done() {
                break;
            }
            let name = file_name(number);
            let file = match self.folder.open(&name) {
                // Given up since the list was made.
                Err(StoreError::NotFound { .. }) => continue,
                other => other?,
            };
            if let Some(reason) = search_file(&*file, length, (search, &mut sieve), result)? {
                let place = self.folder.describe(&name);
                let damage = StoreError::corrupt("the provenance file", place, reason);
                result.damaged.push(damage);
            }
        }
        Ok(())
    }
}

/// Adds what matches in one file; hands back what is wrong with it. Blocks are found from the
/// front and read from the back.
fn search_file(
    file: &dyn StoredFile,
    length: u64,
    (search, sieve): (&Search, &mut Sieve),
    result: &mut SearchResult,
) -> Result<Option<String>> {
    if !begins_as_one(file)? {
        return Ok(Some(NOT_ONE.into()));
    }
    let mut damage = None;
    let mut frames = Frames::new(file, MAGIC.len() as u64, length);
    let mut places = Vec::new();
    while let Some(next) = frames.next()? {
        match next {
            Ok(place) => places.push(place),
            Err(reason) => {
                damage = Some(reason);
                break;
            }
        }
    }
    while let Some(place) = places.pop() {
        if result.is_full(search) || sieve.is_done() {
            break;
        }
        match place.read(file)? {
            Ok((first, block)) if !sieve.passes(first, &block) => {}
            Ok((first, block)) => match block::decode(&block) {
                Ok(events) => result.add(search, first, &events),
                Err(reason) => damage = Some(reason),
            },
            Err(reason) => damage = Some(reason),
        }
    }
    Ok(damage)
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

/// Whether a file begins as one, with a whole block. The rest is checked where it is read.
fn check_begin(folder: &dyn Folder, number: u64, length: u64) -> Result<()> {
    let name = file_name(number);
    let file = folder.open(&name)?;
    let damage = if begins_as_one(&*file)? {
        match Frames::new(&*file, MAGIC.len() as u64, length).next()? {
            None => return Ok(()),
            // One event may be longer than what is looked at.
            Some(Ok(place)) if place.length > CHECKED_BYTES => return Ok(()),
            Some(Ok(place)) => {
                place.read(&*file)?.and_then(|(_, block)| block::decode(&block)).err()
            }
            Some(Err(reason)) => Some(reason),
        }
    } else {
        Some(NOT_ONE.into())
    };
    match damage {
        None => Ok(()),
        Some(reason) => {
            Err(StoreError::corrupt("the provenance file", folder.describe(&name), reason))
        }
    }
}

fn begins_as_one(file: &dyn StoredFile) -> Result<bool> {
    let mut begin = [0; MAGIC.len()];
    Ok(file.read_at(&mut begin, 0)? == begin.len() && begin == *MAGIC)
}
