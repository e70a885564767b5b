//! What the formats are, as readers find it.

use std::io::{Cursor, Read};
use std::sync::Arc;

use tutti_sdk::derive::{DerivedRead, Deriver};
use tutti_sdk::host::ReadSeek;
use tutti_sdk::model::flowfile::DerivedContent;

use super::*;
use crate::archives::{package, tar, zip};

#[tokio::test]
async fn a_tar_has_an_entry_for_each() {
    let long = "x".repeat(200);
    for keep_path in ["false", "true"] {
        let properties = [("Merge Format", "TAR"), ("Keep Path", keep_path)];
        let mut runner = runner(&properties);
        enqueue(&runner, &["a", &long]);
        runner.enqueue(
            &[7; 512],
            &[
                ("filename", "b"),
                ("tar.permissions", "750"),
                ("file.lastModifiedTime", "2024-01-31T23:59:59+0100"),
            ],
        );
        runner.run().await.unwrap();
        let whole = runner.only(MERGED);
        assert_eq!(whole.attribute("mime.type"), "application/tar");
        assert_eq!(whole.attribute("filename"), format!("{}.tar", whole.flowfile.uuid()));
        let bytes = whole.bytes();
        let mut reader = tar::Reader::new(Cursor::new(&bytes)).unwrap();
        let folder = if keep_path == "true" { "x/y/" } else { "" };
        for (name, mode, modified, content) in [
            (format!("{folder}a"), 0o644, 1_704_067_200, &b"a"[..]),
            (format!("{folder}{long}"), 0o644, 1_704_067_200, long.as_bytes()),
            ("b".to_owned(), 0o750, 1_706_741_999, &[7; 512]),
        ] {
            let (entry, place) = reader.next().unwrap().unwrap();
            assert_eq!((entry.name, entry.mode, entry.modified), (name, mode, modified));
            let (begin, length) = (place.offset as usize, place.length as usize);
            assert_eq!(&bytes[begin..begin + length], content);
        }
        assert!(reader.next().unwrap().is_none());
        assert_eq!(bytes.len() % 512, 0);
    }
}

#[tokio::test]
async fn a_zip_has_an_entry_for_each_name() {
    let mut sizes = Vec::new();
    for level in ["0", "9"] {
        let mut runner = runner(&[("Merge Format", "ZIP"), ("Compression Level", level)]);
        let text = "sound ".repeat(1_000);
        for (name, content) in [("a", &*text), ("b", ""), ("a", "again")] {
            runner.enqueue(content.as_bytes(), &[("filename", name)]);
        }
        runner.run().await.unwrap();
        assert_eq!(runner.only(FAILURE).text(), "again");
        runner.assert_bulletin(Level::Error, "another entry of the same name");
        runner.assert_transferred(ORIGINAL, 2);
        let whole = runner.only(MERGED);
        assert_eq!(
            (whole.attribute(COUNT), whole.attribute("mime.type")),
            ("2", "application/zip")
        );
        let bytes = whole.bytes();
        let mut directory = zip::Directory::open(Cursor::new(&bytes)).unwrap();
        for (name, length) in [("a", text.len()), ("b", 0)] {
            let entry = directory.next().unwrap().unwrap();
            assert_eq!((entry.name.as_str(), entry.bytes), (name, length as u64));
        }
        assert_eq!(directory.next().unwrap(), None);
        sizes.push(bytes.len());
    }
    assert!(sizes[0] > 6_000 && sizes[1] < 1_000, "{sizes:?}");
    assert_eq!(merged(&[("Merge Format", "ZIP")], &["a"]).await.attribute("filename"), "a.zip");
}

#[tokio::test]
async fn a_package_has_attributes_and_contents() {
    for (format, version, mime_type) in [
        ("FlowFile Stream, v3", package::Version::Three, "application/flowfile-v3"),
        ("FlowFile Stream, v2", package::Version::Two, "application/flowfile-v2"),
    ] {
        let whole = merged(&[("Merge Format", format)], &NAMES).await;
        assert_eq!(whole.attribute("mime.type"), mime_type);
        assert_eq!(whole.attribute("filename"), format!("{}.pkg", whole.flowfile.uuid()));
        let bytes = whole.bytes();
        assert_eq!(bytes.starts_with(b"NiFiFF3"), version == package::Version::Three);
        let mut reader = package::Reader::new(Cursor::new(&bytes), version).unwrap();
        for name in NAMES {
            let (attributes, place) = reader.next().unwrap().unwrap();
            assert!(attributes.contains(&("filename".to_owned(), name.to_owned())));
            assert_eq!(&bytes[place.offset as usize..][..1], name.as_bytes());
            assert_eq!(place.length, 1);
        }
        assert_eq!(reader.next().unwrap(), None);
    }
}

/// Makes twice what it is made from, or cannot.
struct Twice;

struct Doubled(Cursor<Vec<u8>>);

impl Read for Doubled {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.0.read(buffer)
    }
}

impl DerivedRead for Doubled {
    fn remark(&self) -> Option<String> {
        None
    }
}

impl Deriver for Twice {
    fn kind(&self) -> &'static str {
        "twice"
    }

    fn open(
        &self,
        mut source: Box<dyn ReadSeek>,
        recipe: &str,
    ) -> Result<Box<dyn DerivedRead>, ProcessError> {
        if recipe == "broken" {
            return Err(ProcessError::user("no packet can be decoded"));
        }
        let mut bytes = Vec::new();
        source.read_to_end(&mut bytes).map_err(ProcessError::unreadable)?;
        Ok(Box::new(Doubled(Cursor::new([&bytes[..], &bytes].concat()))))
    }
}

fn enqueue_derived(runner: &TestRunner, recipe: &str) {
    let Content::Stored(source) = runner.store(b"ab") else { panic!("it is stored") };
    let derived = DerivedContent { source, kind: "twice".into(), recipe: recipe.into() };
    runner.enqueue_content(Content::Derived(Arc::new(derived)), &[("filename", "derived")]);
}

#[tokio::test]
async fn content_that_is_made_on_demand_counts_as_it_is_made() {
    for format in ["Binary Concatenation", "TAR", "ZIP", "FlowFile Stream, v3"] {
        let mut runner = runner(&[("Merge Format", format)]).with_deriver(Arc::new(Twice));
        enqueue_derived(&runner, "");
        enqueue(&runner, &["c"]);
        runner.run().await.unwrap();
        let bytes = runner.only(MERGED).bytes();
        match format {
            "TAR" => {
                let mut reader = tar::Reader::new(Cursor::new(&bytes)).unwrap();
                assert_eq!(reader.next().unwrap().unwrap().0.size, 4);
                assert_eq!(reader.next().unwrap().unwrap().0.name, "c");
            }
            "ZIP" => {
                let mut directory = zip::Directory::open(Cursor::new(&bytes)).unwrap();
                assert_eq!(directory.next().unwrap().unwrap().bytes, 4);
            }
            "Binary Concatenation" => assert_eq!(bytes, b"ababc"),
            _ => assert!(bytes.windows(4).any(|window| window == b"abab")),
        }
    }
}

#[tokio::test]
async fn one_that_is_broken_does_not_keep_the_others() {
    for format in ["Binary Concatenation", "TAR"] {
        let mut runner = runner(&[("Merge Format", format)]).with_deriver(Arc::new(Twice));
        enqueue(&runner, &["a"]);
        enqueue_derived(&runner, "broken");
        enqueue(&runner, &["c"]);
        runner.run_times(2).await.unwrap();
        assert_eq!(runner.only(FAILURE).text(), "ab", "what it was made from");
        runner.assert_bulletin(Level::Error, "no packet can be decoded");
        assert_eq!(runner.only(MERGED).attribute(COUNT), "2");
    }
}
