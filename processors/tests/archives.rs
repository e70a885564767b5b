//! Whatever is packed comes back, and whatever else is unpacked does no harm.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on is to fail")]

mod survives;

use proptest::prelude::*;
use survives::survives;
use tutti_sdk::SUCCESS;
use tutti_sdk::testkit::{Output, TestRunner};

const ARCHIVES: [&[u8]; 4] = [
    include_bytes!("../src/unpack_content/foreign/pax.tar"),
    include_bytes!("../src/unpack_content/foreign/gnu.tar"),
    include_bytes!("../src/unpack_content/foreign/python.zip"),
    include_bytes!("../src/unpack_content/foreign/stream.zip"),
];
/// Formats as they are merged, and as they are unpacked.
const FORMATS: [(&str, &str); 4] = [
    ("TAR", "tar"),
    ("ZIP", "zip"),
    ("FlowFile Stream, v3", "flowfile-stream-v3"),
    ("FlowFile Stream, v2", "flowfile-stream-v2"),
];

fn runner(kind: &str, properties: &[(&str, &str)]) -> TestRunner {
    let catalog = tutti_processors::catalog();
    TestRunner::of(catalog.get(kind).unwrap(), properties).unwrap()
}

async fn packed(format: &str, files: &[(String, String, Vec<u8>)]) -> Output {
    let mut merge = runner("MergeContent", &[("Merge Format", format), ("Keep Path", "true")]);
    for (filename, path, content) in files {
        merge.enqueue(content, &[("filename", filename), ("path", path)]);
    }
    merge.run().await.unwrap();
    merge.only("merged")
}

async fn comes_back(formats: (&str, &str), files: &[(String, String, Vec<u8>)]) {
    let archive = packed(formats.0, files).await;
    let mut unpack = runner("UnpackContent", &[("Packaging Format", formats.1)]);
    unpack.enqueue_output(&archive);
    unpack.run().await.unwrap();
    let parts = unpack.transferred(SUCCESS);
    assert_eq!(parts.len(), files.len(), "{formats:?}: {:?}", unpack.messages());
    for (part, (filename, path, content)) in parts.iter().zip(files) {
        assert_eq!((part.attribute("filename"), &part.bytes()), (&**filename, content));
        assert_eq!(part.attribute("path"), path, "{formats:?}");
    }
}

fn files() -> impl Strategy<Value = Vec<(String, String, Vec<u8>)>> {
    let name = || "[^/\0]{1,40}|[a-zü]{90,300}".prop_filter("names", |name| !name.starts_with('.'));
    let path = prop_oneof![Just("/".to_owned()), name().prop_map(|name| format!("{name}/"))];
    let content = prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..1_100),
        (any::<u8>(), 0..70_000_usize).prop_map(|(byte, length)| vec![byte; length]),
    ];
    let file = (name(), path, content);
    proptest::collection::vec(file, 1..6).prop_map(|mut files| {
        // Each a name of its own, as a zip wants it.
        for (number, (filename, _, _)) in files.iter_mut().enumerate() {
            filename.push_str(&number.to_string());
        }
        files
    })
}

/// An archive of which some bytes are changed, moved or missing.
fn damaged() -> impl Strategy<Value = Vec<u8>> {
    let change = (any::<prop::sample::Index>(), any::<u8>());
    let changes = proptest::collection::vec(change, 0..4);
    let cut = any::<prop::sample::Index>();
    (0..ARCHIVES.len(), changes, cut, 0..4_u8).prop_map(|(which, changes, cut, how)| {
        let mut bytes = ARCHIVES[which].to_vec();
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        let at = cut.index(bytes.len());
        match how {
            0 => bytes.truncate(at),
            1 => drop(bytes.drain(..at)),
            _ => {}
        }
        bytes
    })
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(64)
    })]

    #[test]
    fn what_is_packed_comes_back(files in files()) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        for formats in FORMATS {
            runtime.block_on(comes_back(formats, &files));
        }
    }

    #[test]
    fn damaged_archives_do_no_harm(bytes in damaged()) {
        survives(&bytes);
    }

    #[test]
    fn no_bytes_do_harm(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        survives(&bytes);
    }
}

#[test]
fn each_archive_is_of_one_format() {
    for bytes in ARCHIVES {
        assert_eq!(survives(bytes), 1);
    }
}
