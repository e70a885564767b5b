//! A repository in memory, with its parts at hand, and short words for what tests do with it.

#![allow(dead_code, reason = "each test uses a part of it")]

use std::fs;
use std::io::{self, Read, Write};
use std::path::Path;
use std::sync::Arc;

use tutti_model::flowfile::{Attributes, Content, ContentSlice, FlowFile, Timestamp};
use tutti_model::provenance::{EventType, ProvenanceEvent};
use tutti_store::{
    Backend, Commit, Faults, MemoryFolder, MemoryKeyValue, Options, Pick, QueueId, Repository,
};

pub(crate) const NOW: Timestamp = Timestamp(1_000);

pub(crate) fn manual() -> Options {
    Options { has_flusher: false, ..Options::default() }
}

/// A backend in memory with its parts at hand.
pub(crate) struct Memory {
    pub(crate) faults: Faults,
    pub(crate) records: MemoryKeyValue,
    pub(crate) content: MemoryFolder,
    pub(crate) provenance: MemoryFolder,
    pub(crate) swap: MemoryFolder,
    pub(crate) witness: MemoryFolder,
}

impl Memory {
    pub(crate) fn new() -> Self {
        let faults = Faults::default();
        Self {
            records: MemoryKeyValue::new(faults.clone()),
            content: MemoryFolder::new(faults.clone()),
            provenance: MemoryFolder::new(faults.clone()),
            swap: MemoryFolder::new(faults.clone()),
            witness: MemoryFolder::new(faults.clone()),
            faults,
        }
    }

    pub(crate) fn backend(&self) -> Backend {
        Backend {
            records: Arc::new(self.records.clone()),
            content: Arc::new(self.content.clone()),
            provenance: Arc::new(self.provenance.clone()),
            swap: Arc::new(self.swap.clone()),
            witness: Arc::new(self.witness.clone()),
        }
    }

    pub(crate) fn open(&self, options: Options) -> Repository {
        Repository::open_with(&self.backend(), options).unwrap()
    }

    pub(crate) fn crash(&self) {
        self.records.crash();
        self.content.crash();
        self.provenance.crash();
        self.swap.crash();
        self.witness.crash();
    }
}

pub(crate) fn flowfile(repository: &Repository, name: &str, content: Content) -> FlowFile {
    let id = repository.next_id();
    FlowFile::new(id, NOW)
        .with_attributes(Attributes::from_iter([
            ("uuid", format!("u{}", id.0)),
            ("filename", name.into()),
        ]))
        .with_content(content)
}

pub(crate) fn event(flowfile: &FlowFile, event_type: EventType) -> ProvenanceEvent {
    ProvenanceEvent::new(event_type, NOW, ("flow", "test"), flowfile)
}

pub(crate) fn put(repository: &Repository, queue: QueueId, name: &str) {
    let flowfile = flowfile(repository, name, Content::Empty);
    let commit = Commit { put: vec![(queue, flowfile)], ..Commit::default() };
    repository.commit(commit).unwrap();
}

pub(crate) fn take_all(
    repository: &Repository,
    queue: QueueId,
) -> Vec<(tutti_store::Receipt, String)> {
    let polled = repository.poll(queue, usize::MAX, NOW, &mut |_| Pick::Take).unwrap();
    polled
        .into_iter()
        .map(|taken| (taken.receipt, taken.flowfile.attribute("filename").unwrap().to_owned()))
        .collect()
}

/// Takes all there is, penalised or beyond the window, for good; hands back how many that were.
pub(crate) fn clear(repository: &Repository, queue: QueueId) -> usize {
    let mut removed = 0;
    loop {
        let polled =
            repository.poll(queue, usize::MAX, Timestamp(i64::MAX), &mut |_| Pick::Take).unwrap();
        if polled.is_empty() {
            return removed;
        }
        removed += polled.len();
        let taken = polled.into_iter().map(|taken| taken.receipt).collect();
        repository.commit(Commit { taken, ..Commit::default() }).unwrap();
    }
}

pub(crate) fn names(taken: Vec<(tutti_store::Receipt, String)>) -> Vec<String> {
    taken.into_iter().map(|(_, name)| name).collect()
}

pub(crate) fn write(repository: &Repository, bytes: &[u8]) -> tutti_store::ClaimGuard {
    let mut writer = repository.create_content();
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

pub(crate) fn read(repository: &Repository, slice: &ContentSlice) -> Vec<u8> {
    let mut bytes = Vec::new();
    repository.open_content(slice).unwrap().read_to_end(&mut bytes).unwrap();
    bytes
}

/// Copies a folder with all that is in it.
pub(crate) fn copy(from: &Path, to: &Path) {
    try_copy(from, to).unwrap();
}

/// As [`copy`], of a data folder in use. sled removes what it has put together when it likes: what
/// was copied meanwhile is of no one moment, and is copied again.
pub(crate) fn copy_in_use(from: &Path, to: &Path) {
    for _ in 0..20 {
        match try_copy(from, to) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                fs::remove_dir_all(to).unwrap();
            }
            copied => return copied.unwrap(),
        }
    }
    copy(from, to);
}

fn try_copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            try_copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
