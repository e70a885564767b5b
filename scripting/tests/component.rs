//! Processors that are components: what they say of themselves, what they do, and files that are
//! none.

#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::keep_compiled;
use tutti_scripting::{ComponentFile, components_in};
use tutti_sdk::testkit::TestRunner;

/// Built from `templates/c`.
const STEM: &str = "tests/components/stem.wasm";

fn open(file: impl AsRef<Path>) -> Result<ComponentFile, String> {
    keep_compiled();
    ComponentFile::open(file.as_ref()).map_err(|fault| fault.to_string())
}

/// A folder with a file of these bytes.
fn file_of(bytes: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("made.wasm");
    fs::write(&file, bytes).unwrap();
    (folder, file)
}

#[test]
fn it_is_a_type_like_any_other_pinned_by_its_digest() {
    let component = open(STEM).unwrap();
    let spec = &component.spec;
    assert_eq!(spec.type_name, format!("NameStem@{}", &component.digest[..12]));
    assert_eq!(component.version, "0.1.0");
    assert_eq!(spec.summary, "Takes a filename apart.");
    assert!(spec.description.contains("Version 0.1.0, of the component `stem.wasm`."));
    let names: Vec<_> = spec.properties.iter().map(|one| one.name.to_string()).collect();
    assert_eq!(names, ["Attribute", "Time Limit", "Memory Limit"]);
    let ways: Vec<_> = spec.relationships.iter().map(|one| one.name.to_string()).collect();
    assert_eq!(ways, ["success", "failure"]);
}

#[tokio::test]
async fn it_works_on_flowfiles() {
    let kind = open(STEM).unwrap().into_type();
    let mut runner = TestRunner::of(&kind, &[("Attribute", "base")]).unwrap();
    for name in ["a \"song\".old.mp3", "none", ".hidden"] {
        runner.enqueue(b"hello", &[("filename", name)]);
    }
    while runner.queued() > 0 {
        runner.run().await.unwrap();
    }
    let sent = runner.transferred("success");
    let told: Vec<_> = sent.iter().map(|one| (one.attribute("base"), one.text())).collect();
    assert_eq!(
        told,
        [
            (
                "a \"song\".old",
                r#"{"name":"a \"song\".old.mp3","stem":"a \"song\".old","bytes":5}"#.to_owned()
            ),
            ("none", r#"{"name":"none","stem":"none","bytes":5}"#.to_owned()),
            (".hidden", r#"{"name":".hidden","stem":".hidden","bytes":5}"#.to_owned()),
        ]
    );
}

#[test]
fn it_checks_its_properties_itself() {
    let spec = open(STEM).unwrap().spec;
    let wrong = |value: &str| {
        let declared = [("Attribute".to_owned(), value.to_owned())].into_iter().collect();
        spec.fits.check(&declared, &[]).iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(wrong("stem"), Vec::<String>::new());
    assert_eq!(wrong("uuid"), ["property \"Attribute\": the uuid cannot be changed"]);
}

#[test]
fn what_is_no_component_says_so() {
    let whole = fs::read(STEM).unwrap();
    let half = &whole[..whole.len() / 2];
    // An empty core module, an empty component, and text that could be one.
    let core = b"\0asm\x01\0\0\0";
    let empty = b"\0asm\x0d\0\x01\0";
    let nothing: &[u8] = b"";
    for bytes in [nothing, b"hello", half, core, empty, b"(component)"] {
        let (_folder, file) = file_of(bytes);
        let why = open(&file).map(|_| "it was taken").unwrap_err();
        assert!(why.contains("is no component that can be a processor: "), "{why}");
        assert!(why.contains("made.wasm"), "{why}");
    }
    let (folder, file) = file_of(b"");
    fs::File::options().write(true).open(&file).unwrap().set_len(65 << 20).unwrap();
    assert!(open(&file).map(|_| ()).unwrap_err().contains("it has more than 64 MB"));
    assert!(open(folder.path().join("none.wasm")).is_err());
}

#[test]
fn a_component_of_another_world_is_none() {
    let packed = fs::read("runners/javascript.wasm.xz").unwrap();
    let mut runner = Vec::new();
    let mut reader = lzma_rust2::XzReader::new(&packed[..], false);
    std::io::Read::read_to_end(&mut reader, &mut runner).unwrap();
    let (_folder, file) = file_of(&runner);
    let why = open(&file).map(|_| ()).unwrap_err();
    assert!(why.contains("describe"), "{why}");
}

#[test]
fn damage_is_no_panic() {
    let whole = fs::read(STEM).unwrap();
    for at in (0..whole.len()).step_by(whole.len() / 60) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x55;
        let (_folder, file) = file_of(&bytes);
        // It may be no component, or one that says something else, or traps.
        if let Ok(component) = open(&file) {
            assert!(component.spec.type_name.contains('@'));
        }
    }
}

#[test]
fn a_folder_has_what_lies_in_it() {
    keep_compiled();
    let folder = tempfile::tempdir().unwrap();
    fs::copy(STEM, folder.path().join("b.wasm")).unwrap();
    fs::write(folder.path().join("a.wasm"), "no").unwrap();
    fs::write(folder.path().join("c.txt"), "no").unwrap();
    fs::create_dir(folder.path().join("d.wasm")).unwrap();
    let (found, faults) = components_in(folder.path());
    assert_eq!((found.len(), faults.len()), (1, 1));
    assert!(faults[0].to_string().contains("a.wasm"), "{}", faults[0]);
    let (none, no_faults) = components_in(&folder.path().join("nowhere"));
    assert_eq!((none.len(), no_faults.len()), (0, 0));
}
