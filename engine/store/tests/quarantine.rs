//! What cannot be used is put aside and keeps its content, until it is brought back or given up.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to fail")]

mod common;

use std::ops::ControlFlow;

use common::{Memory, NOW, flowfile, manual, names, put, read, take_all, write};
use tutti_model::flowfile::{Content, ContentSlice};
use tutti_store::{
    Commit, Folder, KeyValue, Options, Pick, Quarantine, QuarantinedRecord, Repository, Restored,
    StoreError,
};

const MUSIC: &[u8] = b"the only copy of a recording";

/// A repository with one flowfile with content in the queue "q", closed; and its content.
fn filled() -> (Memory, ContentSlice) {
    let memory = Memory::new();
    let repository = memory.open(manual());
    let queue = repository.open_queue("q").unwrap();
    let guard = write(&repository, MUSIC);
    let slice = ContentSlice::whole(guard.claim());
    let file = flowfile(&repository, "song.wav", Content::Stored(slice));
    repository.commit(Commit { put: vec![(queue, file)], ..Commit::default() }).unwrap();
    repository.flush().unwrap();
    drop((guard, repository));
    (memory, slice)
}

fn segments(memory: &Memory) -> Vec<(String, u64)> {
    memory.content.list().unwrap()
}

fn segment(slice: &ContentSlice) -> String {
    format!("{:010}.segment", slice.claim.segment)
}

fn records(memory: &Memory) -> Vec<(Vec<u8>, Vec<u8>)> {
    let mut all = Vec::new();
    let visit = &mut |key: &[u8], value: &[u8]| {
        all.push((key.to_vec(), value.to_vec()));
        ControlFlow::Continue(())
    };
    memory.records.scan(b"", visit).unwrap();
    all
}

fn listed(quarantine: &Quarantine) -> Vec<QuarantinedRecord> {
    let mut all = Vec::new();
    quarantine.list(|record| all.push(record)).unwrap();
    all
}

/// All bytes of a file of content, taken away.
fn take_away(memory: &Memory, name: &str) -> Vec<u8> {
    let file = memory.content.open(name).unwrap();
    let mut bytes = vec![0; usize::try_from(file.length().unwrap()).unwrap()];
    file.read_at(&mut bytes, 0).unwrap();
    memory.content.remove(name).unwrap();
    memory.content.sync().unwrap();
    bytes
}

fn put_back(memory: &Memory, name: &str, bytes: &[u8]) {
    let file = memory.content.create(name).unwrap();
    file.write_at(bytes, 0).unwrap();
    file.sync().unwrap();
    memory.content.sync().unwrap();
}

fn assert_whole(memory: &Memory, slice: &ContentSlice) {
    let repository = memory.open(manual());
    let queue = repository.open_queue("q").unwrap();
    assert_eq!(read(&repository, slice), MUSIC);
    assert_eq!(names(take_all(&repository, queue)), ["song.wav"]);
    assert_eq!(repository.recovery().quarantined_before, 0);
}

#[test]
fn a_record_that_was_put_aside_keeps_its_content_and_comes_back_with_it() {
    let (memory, slice) = filled();
    let name = segment(&slice);
    let mut tail = Vec::new();
    memory.content.damage(&name, |bytes| tail = bytes.split_off(20));
    for start in 0..3 {
        let repository = memory.open(manual());
        let report = repository.recovery();
        assert_eq!(
            (report.quarantined.len(), report.quarantined_before),
            [(1, 0), (0, 1)][start.min(1)]
        );
        // What other work leaves behind is deleted all the same.
        assert_eq!(report.segments_deleted, start.min(1));
        drop(write(&repository, b"in passing"));
        repository.flush().unwrap();
        drop(repository);
        assert!(segments(&memory).iter().any(|(each, _)| *each == name), "start {start}");
    }
    let quarantine = Quarantine::open_with(&memory.backend()).unwrap();
    let all = listed(&quarantine);
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].queue.as_deref(), Some("q"));
    assert_eq!(all[0].flowfile.as_ref().unwrap().attribute("filename"), Some("song.wav"));
    assert!(all[0].reason.contains("song.wav"), "{:?}", all[0]);
    let mut left = Vec::new();
    let restored = quarantine.restore(|record| left.push(record)).unwrap();
    assert_eq!((restored, left.len()), (Restored { restored: 0, left: 1 }, 1));

    memory.content.damage(&name, |bytes| bytes.append(&mut tail));
    // Lengths are right, a byte is not.
    memory.content.damage(&name, |bytes| bytes[20] ^= 1);
    let quarantine = Quarantine::open_with(&memory.backend()).unwrap();
    assert_eq!(quarantine.restore(|_| ()).unwrap(), Restored { restored: 0, left: 1 });
    memory.content.damage(&name, |bytes| bytes[20] ^= 1);
    let quarantine = Quarantine::open_with(&memory.backend()).unwrap();
    let restored = quarantine.restore(|record| panic!("{record:?}")).unwrap();
    assert_eq!(restored, Restored { restored: 1, left: 0 });
    assert_eq!(listed(&quarantine), []);
    assert_whole(&memory, &slice);
}

#[test]
fn nothing_is_deleted_while_a_record_that_cannot_be_read_may_need_it() {
    let (memory, slice) = filled();
    let record = memory.records.keys().into_iter().find(|key| key[0] == b'q').unwrap();
    assert!(memory.records.damage(&record, |value| *value.last_mut().unwrap() ^= 1));
    for _ in 0..2 {
        let repository = memory.open(manual());
        assert_eq!(repository.recovery().segments_held, 1);
        assert_eq!(repository.recovery().segments_deleted, 0);
        drop(repository);
        assert_eq!(segments(&memory)[0].0, segment(&slice));
    }
    let quarantine = Quarantine::open_with(&memory.backend()).unwrap();
    let all = listed(&quarantine);
    assert_eq!((all.len(), &all[0].flowfile), (1, &None));
    assert_eq!(quarantine.restore(|_| ()).unwrap(), Restored { restored: 0, left: 1 });
    assert_eq!(quarantine.discard().unwrap(), 1);
    assert_eq!(memory.open(manual()).recovery().segments_deleted, 1);
    assert_eq!(segments(&memory), []);
}

#[test]
fn missing_content_files_are_an_error_that_changes_nothing() {
    let (memory, slice) = filled();
    let name = segment(&slice);
    let bytes = take_away(&memory, &name);
    memory.witness.remove("epoch").unwrap();
    let before = records(&memory);
    for _ in 0..2 {
        let error = Repository::open_with(&memory.backend(), manual()).unwrap_err();
        assert_eq!(memory.witness.list().unwrap(), vec![], "nothing was changed");
        assert!(matches!(error, StoreError::MissingContent { files: 1, flowfiles: 1, .. }));
        assert!(error.to_string().contains(&name) && error.help().contains("mount"), "{error}");
        assert_eq!(records(&memory), before);
    }
    put_back(&memory, &name, &bytes);
    assert_whole(&memory, &slice);
}

#[test]
fn going_on_without_missing_content_is_asked_for_and_can_be_taken_back() {
    let (memory, slice) = filled();
    let name = segment(&slice);
    let bytes = take_away(&memory, &name);
    let asked = Options { puts_missing_content_aside: true, ..manual() };
    let repository = memory.open(asked);
    assert_eq!(repository.recovery().quarantined.len(), 1);
    let queue = repository.open_queue("q").unwrap();
    put(&repository, queue, "later");
    repository.flush().unwrap();
    drop(repository);
    put_back(&memory, &name, &bytes);
    let repository = memory.open(manual());
    assert_eq!(repository.recovery().segments_deleted, 0);
    drop(repository);
    let quarantine = Quarantine::open_with(&memory.backend()).unwrap();
    assert_eq!(quarantine.restore(|_| ()).unwrap(), Restored { restored: 1, left: 0 });
    drop(quarantine);
    let repository = memory.open(manual());
    assert_eq!(read(&repository, &slice), MUSIC);
    let queue = repository.open_queue("q").unwrap();
    let polled = repository.poll(queue, 9, NOW, &mut |_| Pick::Take).unwrap();
    let order: Vec<_> = polled.iter().map(|each| each.flowfile.attribute("filename")).collect();
    assert_eq!(order, [Some("song.wav"), Some("later")]);
}
