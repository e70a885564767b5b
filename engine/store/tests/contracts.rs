//! What the repository asks of whatever it keeps things in: one suite for each seam, which every
//! backend passes. What it then promises over all of them is in `model.rs`, for both too.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on ends")]

use std::ops::ControlFlow;
use std::path::Path;

use tutti_model::bulletin::{Bulletin, Level};
use tutti_model::flowfile::Timestamp;
use tutti_store::{
    Batch, BulletinRepository, BulletinRing, DiskFolder, Folder, KeyValue, MemoryFolder,
    MemoryKeyValue, SledKeyValue, StoreError,
};

fn batch(changes: &[(&str, Option<&str>)]) -> Batch {
    let bytes = |text: &str| text.as_bytes().to_vec();
    changes.iter().map(|(key, value)| (bytes(key), value.map(bytes))).collect()
}

fn all(store: &dyn KeyValue, from: &str) -> Vec<String> {
    let mut found = Vec::new();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let visit = &mut |key: &[u8], value: &[u8]| {
        found.push(format!("{}={}", text(key), text(value)));
        ControlFlow::Continue(())
    };
    store.scan(from.as_bytes(), visit).unwrap();
    found
}

/// `reopen` ends the store's process and begins another.
fn key_value_contract(
    mut store: Box<dyn KeyValue>,
    reopen: impl Fn(Box<dyn KeyValue>) -> Box<dyn KeyValue>,
) {
    assert_eq!(store.get(b"a").unwrap(), None);
    assert!(all(&*store, "").is_empty());
    let first = batch(&[("b", Some("1")), ("a", Some("2")), ("c", Some("")), ("gone", None)]);
    store.apply(&first).unwrap();
    assert_eq!(store.get(b"a").unwrap().as_deref(), Some(&b"2"[..]), "before any flush");
    assert_eq!(all(&*store, ""), ["a=2", "b=1", "c="], "in the order of keys");
    assert_eq!(all(&*store, "b"), ["b=1", "c="], "from a key on, with it");
    assert_eq!(all(&*store, "bb"), ["c="]);
    assert!(all(&*store, "d").is_empty());
    store.apply(&first).unwrap();
    assert_eq!(all(&*store, ""), ["a=2", "b=1", "c="], "twice is the same as once");
    store.flush().unwrap();
    store = reopen(store);
    assert_eq!(all(&*store, ""), ["a=2", "b=1", "c="]);
    store.apply(&batch(&[("a", None), ("b", Some("3")), ("\u{ff}", Some("4"))])).unwrap();
    store.flush().unwrap();
    store.flush().unwrap();
    store = reopen(store);
    assert_eq!(all(&*store, ""), ["b=3", "c=", "\u{ff}=4"]);
    let mut seen = 0;
    let stop = &mut |_: &[u8], _: &[u8]| {
        seen += 1;
        ControlFlow::Break(())
    };
    store.scan(b"", stop).unwrap();
    assert_eq!(seen, 1, "a visitor that has enough sees no more");
    let many: Batch =
        (0..3_000_u32).map(|key| (key.to_be_bytes().to_vec(), Some(vec![7; 300]))).collect();
    store.apply(&many).unwrap();
    store.flush().unwrap();
    store = reopen(store);
    let mut keys = Vec::new();
    let visit = &mut |key: &[u8], value: &[u8]| match <[u8; 4]>::try_from(key) {
        Ok(key) if value.len() == 300 => {
            keys.push(u32::from_be_bytes(key));
            ControlFlow::Continue(())
        }
        _ => ControlFlow::Break(()),
    };
    store.scan(&1_000_u32.to_be_bytes(), visit).unwrap();
    assert_eq!(keys, (1_000..3_000).collect::<Vec<_>>());
}

#[test]
fn records_in_memory_keep_the_contract() {
    let store = MemoryKeyValue::default();
    let copy = store.clone();
    key_value_contract(Box::new(store), move |before| {
        drop(before);
        copy.crash();
        Box::new(copy.clone())
    });
}

#[test]
fn records_in_sled_keep_the_contract() {
    let folder = tempfile::tempdir().unwrap();
    let open = |path: &Path| -> Box<dyn KeyValue> { Box::new(SledKeyValue::open(path).unwrap()) };
    key_value_contract(open(folder.path()), |before| {
        drop(before);
        open(folder.path())
    });
}

fn folder_contract(folder: &dyn Folder) {
    assert!(folder.list().unwrap().is_empty());
    assert!(matches!(folder.open("a"), Err(StoreError::NotFound { .. })));
    let file = folder.create("b").unwrap();
    folder.create("a").unwrap();
    assert_eq!(file.length().unwrap(), 0);
    file.write_at(b"four", 10).unwrap();
    assert_eq!(file.length().unwrap(), 14);
    file.write_at(b"ab", 9).unwrap();
    let mut buffer = [9; 8];
    assert_eq!(file.read_at(&mut buffer, 8).unwrap(), 6, "up to the end");
    assert_eq!(&buffer, b"\0abour\x09\x09", "a gap is zeros, and the rest is left");
    assert_eq!(file.read_at(&mut buffer, 14).unwrap(), 0);
    assert_eq!(file.read_at(&mut buffer, 1_000).unwrap(), 0);
    file.truncate(10).unwrap();
    file.sync().unwrap();
    folder.sync().unwrap();
    let listed = [("a".to_owned(), 0), ("b".to_owned(), 10)];
    assert_eq!(folder.list().unwrap(), listed, "sorted by name");
    let same = folder.open("b").unwrap();
    same.write_at(b"X", 0).unwrap();
    assert_eq!(file.read_at(&mut buffer[..1], 0).unwrap(), 1);
    assert_eq!(buffer[0], b'X', "all who have it open see the same");
    assert!(file.is_linked().unwrap());
    folder.remove("b").unwrap();
    assert!(!file.is_linked().unwrap(), "its name is gone");
    folder.remove("b").unwrap();
    assert_eq!(file.read_at(&mut buffer, 0).unwrap(), 8, "whoever has it open reads on");
    assert!(matches!(folder.open("b"), Err(StoreError::NotFound { .. })));
    assert!(folder.create("a").is_err(), "what is there is not made again");
    assert!(folder.describe("a").contains('a'));
    assert_eq!(folder.list().unwrap(), listed[..1]);
    let other = folder.create("b").unwrap();
    assert!(!file.is_linked().unwrap(), "its name is another's");
    assert!(other.is_linked().unwrap());
}

#[test]
fn files_in_memory_keep_the_contract() {
    folder_contract(&MemoryFolder::default());
}

#[test]
fn files_on_disk_keep_the_contract() {
    let folder = tempfile::tempdir().unwrap();
    folder_contract(&DiskFolder::open(&folder.path().join("made/by/it")).unwrap());
}

/// Of a repository for three bulletins.
fn bulletin_contract(repository: &dyn BulletinRepository) {
    let bulletin = |level, time, component: &str, message: &str| {
        Bulletin::new(level, Timestamp(time), component, message)
    };
    let report = |bulletin: Bulletin| {
        let fingerprint = bulletin.message.clone();
        repository.report(bulletin, &fingerprint);
    };
    let seen = |limit| -> Vec<(String, u64)> {
        let newest = repository.newest(limit).into_iter();
        newest.map(|each| (each.bulletin.message, each.count)).collect()
    };
    assert!(seen(10).is_empty());
    report(bulletin(Level::Error, 1, "a", "first"));
    report(bulletin(Level::Error, 2, "a", "second"));
    report(bulletin(Level::Error, 3, "a", "first"));
    assert_eq!(seen(10), [("first".to_owned(), 2), ("second".to_owned(), 1)], "newest first");
    assert_eq!(repository.newest(1)[0].bulletin.time, Timestamp(3), "when it was last seen");
    assert_eq!(repository.newest(1)[0].first, Timestamp(1), "and when first");
    repository.report(bulletin(Level::Error, 4, "a", "second, in other words"), "second");
    assert_eq!(seen(1), [("second, in other words".to_owned(), 2)]);
    report(bulletin(Level::Warning, 5, "a", "first"));
    report(bulletin(Level::Error, 6, "b", "first"));
    let kept = repository.newest(10);
    assert_eq!(kept.len(), 3, "no more than it is for; another level or component is another");
    assert_eq!((&*kept[0].bulletin.component, kept[0].count), ("b", 1));
    assert_eq!((kept[1].bulletin.level, kept[1].count), (Level::Warning, 1));
    assert_eq!(seen(2).len(), 2);
    assert!(seen(0).is_empty());
    let of = |flow: &str, time| Bulletin {
        flow: Some(flow.into()),
        ..bulletin(Level::Error, time, "b", "first")
    };
    report(of("one", 7));
    report(of("other", 8));
    report(of("one", 9));
    let own = repository.newest_of_flow("one", 10).into_iter();
    let own: Vec<_> = own.map(|each| (each.bulletin.flow, each.count)).collect();
    assert_eq!(own, [(Some("one".into()), 2), (None, 1)], "its own, and what is of no flow");
    assert_eq!(repository.newest_of_flow("one", 1).len(), 1);
}

#[test]
fn bulletins_in_memory_keep_the_contract() {
    bulletin_contract(&BulletinRing::new(3));
}
