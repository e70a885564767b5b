use std::io::Write as _;

use flate2::Compression;
use flate2::write::DeflateEncoder;
use tutti_sdk::bulletin::Level;
use tutti_sdk::testkit::{Output, TestRunner};

use super::*;
use crate::archives::tar;
use crate::bounded::assert_waits;

const FORMAT: &str = "Packaging Format";
/// What Python's `tarfile` makes of a folder with files, one of them with a long name, and a link.
const TARS: [&[u8]; 2] = [include_bytes!("foreign/pax.tar"), include_bytes!("foreign/gnu.tar")];
/// What its `zipfile` makes: behind a line of something else, with two of a name and 64 bits.
const ZIP: &[u8] = include_bytes!("foreign/python.zip");
/// The same as a stream, with what is known last behind the content.
const STREAMED: &[u8] = include_bytes!("foreign/stream.zip");
/// A package of two flowfiles, as NiFi makes it.
const PACKAGE: &[u8] =
    b"NiFiFF3\0\x02\0\x08filename\0\x01a\0\x04uuid\0\x01u\0\0\0\0\0\0\0\x05sound\
    NiFiFF3\0\x01\0\x09mime.type\0\x03x/y\0\0\0\0\0\0\0\0";

async fn run(properties: &[(&str, &str)], content: &[u8]) -> TestRunner {
    let mut runner = TestRunner::new::<UnpackContent>(properties);
    runner.enqueue(content, &[("filename", "songs.tar"), ("kept", "yes"), ("mime.type", "x/y")]);
    runner.run().await.unwrap();
    runner
}

async fn unpacked(format: &str, content: &[u8]) -> Vec<Output> {
    let runner = run(&[(FORMAT, format)], content).await;
    runner.assert_transferred(ORIGINAL, 1);
    runner.assert_transferred(FAILURE, 0);
    runner.transferred(SUCCESS)
}

async fn refused(properties: &[(&str, &str)], content: &[u8], told: &str) {
    let runner = run(properties, content).await;
    runner.assert_all_transferred(FAILURE, 1);
    runner.assert_bulletin(Level::Error, told);
    assert!(runner.bulletins()[0].help.is_some());
    let output = runner.only(FAILURE);
    assert_eq!((output.bytes(), output.attribute("mime.type")), (content.to_vec(), "x/y"));
}

fn told(outputs: &[Output], names: &[&'static str]) -> Vec<Vec<String>> {
    let of = |output: &Output| {
        let attributes = names.iter().map(|name| output.attribute(name).to_owned());
        attributes.chain([output.text()]).collect()
    };
    outputs.iter().map(of).collect()
}

#[tokio::test]
async fn a_tar_comes_apart_without_a_copy() {
    for tar in TARS {
        let runner = run(&[(FORMAT, "tar")], tar).await;
        let parts = runner.transferred(SUCCESS);
        let long = format!("{}.txt", "Künstler".repeat(20));
        assert_eq!(
            told(&parts, &["filename", "path", "file.permissions", "fragment.index"]),
            [
                ["a.txt", "album/", "rw-r-----", "1", "sound\n"],
                [&long, "album/", "rw-r-----", "2", "long"],
                ["a.txt", "album/", "rwxr-xr-x", "3", "again"],
                ["empty", "/", "rw-r-----", "4", ""],
            ]
        );
        let original = runner.only(ORIGINAL);
        assert_eq!(original.attribute("fragment.count"), "4");
        for part in &parts {
            assert_eq!(
                (part.attribute("file.owner"), part.attribute("file.group")),
                ("joni", "music")
            );
            let changed = "2024-01-01T00:00:00+0000";
            assert_eq!(part.attribute("file.lastModifiedTime"), changed);
            assert_eq!(part.attribute("file.creationTime"), changed);
            assert_eq!(part.attribute("mime.type"), "application/octet-stream");
            assert_eq!((part.attribute("kept"), part.attribute("fragment.count")), ("yes", "4"));
            assert_eq!(part.attribute("segment.original.filename"), "songs");
            let identifier = part.attribute("fragment.identifier");
            assert_eq!(identifier, original.attribute("fragment.identifier"));
        }
        let claims = parts.iter().filter_map(|part| part.flowfile.content().claim());
        let whole = original.flowfile.content().claim();
        assert!(claims.map(Some).all(|claim| claim == whole), "slices of the archive");
    }
}

#[tokio::test]
async fn a_zip_comes_apart() {
    let parts = unpacked("zip", ZIP).await;
    let long = "sound ".repeat(100);
    assert_eq!(
        told(&parts, &["filename", "path", "fragment.index", "file.encryptionMethod"]),
        [
            ["a.txt", "album/", "1", "NONE", &long],
            ["Künstler.txt", "album/", "2", "NONE", "stored"],
            ["a.txt", "album/", "3", "NONE", "again"],
            ["b", "../", "4", "NONE", ""],
        ]
    );
    let parts = unpacked("zip", STREAMED).await;
    assert_eq!(told(&parts, &["filename"]), [["stream.txt", "streamed"]]);
}

#[tokio::test]
async fn a_package_comes_apart_as_it_was() {
    let runner = run(&[(FORMAT, "flowfile-stream-v3")], PACKAGE).await;
    let parts = runner.transferred(SUCCESS);
    assert_eq!(
        told(&parts, &["filename", "mime.type", "kept", "fragment.index", "fragment.count"]),
        [
            ["a", "application/octet-stream", "yes", "", "", "sound"],
            ["songs.tar", "x/y", "yes", "", "", ""]
        ]
    );
    assert!(parts.iter().all(|part| part.flowfile.uuid() != "u"));
    assert_eq!(runner.only(ORIGINAL).attribute("fragment.count"), "2");
    let second = b"\0\x01\0\x01n\xff\xff\0\0\0\x01v\0\0\0\0\0\0\0\x01!";
    assert_eq!(told(&unpacked("flowfile-stream-v2", second).await, &["n"]), [["v", "!"]]);
}

#[tokio::test]
async fn the_type_decides_where_nothing_else_does() {
    for (mime_type, content) in [
        ("application/x-tar", TARS[0]),
        ("application/TAR", TARS[0]),
        ("application/zip", ZIP),
        ("application/flowfile-v3", PACKAGE),
    ] {
        let mut runner = TestRunner::new::<UnpackContent>(&[]);
        runner.enqueue(content, &[("mime.type", mime_type)]);
        runner.run().await.unwrap();
        runner.assert_transferred(ORIGINAL, 1);
    }
    let runner = run(&[], b"sound").await;
    runner.assert_all_transferred(SUCCESS, 1);
    assert_eq!(runner.only(SUCCESS).text(), "sound");
    let mut runner = TestRunner::new::<UnpackContent>(&[]);
    runner.enqueue(b"sound", &[]);
    runner.run().await.unwrap();
    runner.assert_all_transferred(FAILURE, 1);
    runner.assert_bulletin(Level::Error, "\"mime.type\", which is to say the format, is not there");
}

#[tokio::test]
async fn only_what_is_wanted_is_unpacked() {
    for (format, content) in [("tar", TARS[1]), ("zip", ZIP)] {
        let runner = run(&[(FORMAT, format), ("File Filter", "^album/.*a\\.txt")], content).await;
        runner.assert_transferred(SUCCESS, 2);
        let nothing = [(FORMAT, format), ("File Filter", "flac$")];
        refused(&nothing, content, "no file in it that \"File Filter\" lets pass").await;
    }
}

#[tokio::test]
async fn there_are_bounds() {
    for (format, content, most) in
        [("tar", TARS[0], "3"), ("zip", ZIP, "3"), ("flowfile-stream-v3", PACKAGE, "1")]
    {
        let properties = [(FORMAT, format), ("Maximum Splits", most)];
        refused(&properties, content, "more parts than \"Maximum Splits\" allows").await;
    }
    let max = |size| [(FORMAT, "zip"), ("Maximum Output Size", size)];
    // 600, 6 and 5 bytes.
    refused(&max("610 B"), ZIP, "larger than \"Maximum Output Size\" allows").await;
    run(&max("611 B"), ZIP).await.assert_transferred(SUCCESS, 4);
}

#[tokio::test]
async fn what_is_broken_fails_as_it_came() {
    let package = ("flowfile-stream-v3", PACKAGE);
    for (format, content) in [("tar", TARS[0]), ("tar", TARS[1]), ("zip", ZIP), package] {
        let properties = [(FORMAT, format)];
        for content in [&b""[..], b"sound", &[0; 30], &content[1..]] {
            if !(format == "zip" && content.len() + 1 == ZIP.len()) {
                refused(&properties, content, "or broken").await;
            }
        }
    }
    refused(&[(FORMAT, "zip")], &ZIP[..ZIP.len() - 1], "it has no directory").await;
    refused(&[(FORMAT, "tar")], &TARS[0][..600], "it ends too soon").await;
    refused(&[(FORMAT, package.0)], &PACKAGE[..45], "it ends too soon").await;
    let mut other = ZIP.to_vec();
    let stored = ZIP.windows(6).position(|window| window == b"stored").unwrap();
    other[stored] ^= 1;
    refused(&[(FORMAT, "zip")], &other, "\"album/Künstler.txt\" is not what its line says").await;
}

/// A zip of one entry, whose line in the directory is changed.
fn zip_with(change: impl FnOnce(&mut [u8])) -> Vec<u8> {
    let mut zip = STREAMED.to_vec();
    let line = zip.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
    change(&mut zip[line..]);
    zip
}

#[tokio::test]
async fn what_cannot_be_read_is_told() {
    let properties = [(FORMAT, "zip")];
    refused(&properties, &zip_with(|line| line[8] |= 1), "\"stream.txt\" is encrypted").await;
    let other = zip_with(|line| line[10] = 12);
    refused(&properties, &other, "compressed by method 12, not by deflation").await;
    let other = zip_with(|line| line[24] -= 1);
    refused(&properties, &other, "\"stream.txt\" is not what its line says").await;
    let other = zip_with(|line| line[16] ^= 1);
    refused(&properties, &other, "\"stream.txt\" is not what its line says").await;
    let other = zip_with(|line| line[42] = 1);
    refused(&properties, &other, "the head of \"stream.txt\" is broken").await;
    let other = zip_with(|line| line[46..56].copy_from_slice(b"stream.t/."));
    refused(&properties, &other, "\"stream.t/.\" is no name of a file").await;
}

#[tokio::test]
async fn heads_that_ask_for_too_much_are_refused() {
    let head = |name: &str, kind: u8, size: u64| {
        let mut head = Vec::new();
        let entry = tar::Entry { name: name.into(), size, ..Default::default() };
        tar::write_head(&entry, &mut head).unwrap();
        head[156] = kind;
        head[148..156].fill(b' ');
        let sum: u32 = head.iter().map(|byte| u32::from(*byte)).sum();
        head[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
        head
    };
    for (kind, size, told) in [
        (b'L', 64 * 1024 + 1, "a name of 65537 bytes, where 65536 are the most"),
        (b'x', 1024 * 1024 + 1, "a head of 1048577 bytes, where 1048576 are the most"),
        (b'S', 0, "a file with holes (sparse)"),
    ] {
        let mut bytes = head("a", kind, size);
        bytes.resize(2_000_000, b'a');
        refused(&[(FORMAT, "tar")], &bytes, told).await;
    }
    for record in ["8 path=a\n", "x path=a\n", "0 a=b\n", "11 pathaaa\n", "99 path=a\n"] {
        let mut bytes = head("a", b'x', record.len() as u64);
        bytes.extend_from_slice(record.as_bytes());
        bytes.resize(4_096, 0);
        refused(&[(FORMAT, "tar")], &bytes, "an extended head (PAX) is broken").await;
    }
    let attributes = b"NiFiFF3\0\x01\xff\xff\xff\xff\xff\xff";
    let told = "attributes of 4294967295 bytes, where 1048576 are the most";
    refused(&[(FORMAT, "flowfile-stream-v3")], attributes, told).await;
}

#[tokio::test]
async fn what_is_said_of_all_parts_has_a_bound() {
    let mut one = b"NiFiFF3\0\x01\0\x01n\xff\xff\0\x0f\0\0".to_vec();
    one.resize(one.len() + 0x000f_0000, b'v');
    one.extend_from_slice(&[0; 8]);
    refused(&[(FORMAT, "flowfile-stream-v3")], &one.repeat(70), "have more than 64 MB").await;
}

#[tokio::test]
async fn a_bomb_ends_at_its_bound() {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&vec![0; 10_000_000]).unwrap();
    let bomb = encoder.finish().unwrap();
    let mut crc = flate2::Crc::new();
    crc.update(&vec![0; 10_000_000]);
    let mut zip = vec![0; 31];
    zip[..4].copy_from_slice(b"PK\x03\x04");
    (zip[8], zip[26], zip[30]) = (8, 1, b'a');
    zip.extend_from_slice(&bomb);
    let begin = zip.len() as u32;
    // A thousand lines that all name the same.
    for _ in 0..1_000 {
        let mut line = [0; 47];
        line[..4].copy_from_slice(b"PK\x01\x02");
        line[16..20].copy_from_slice(&crc.sum().to_le_bytes());
        line[20..24].copy_from_slice(&(bomb.len() as u32).to_le_bytes());
        line[24..28].copy_from_slice(&10_000_000_u32.to_le_bytes());
        (line[10], line[28], line[46]) = (8, 1, b'a');
        zip.extend_from_slice(&line);
    }
    let bytes = zip.len() as u32 - begin;
    zip.extend_from_slice(b"PK\x05\x06\0\0\0\0");
    zip.extend_from_slice(&[0xe8, 3, 0xe8, 3]);
    zip.extend_from_slice(&bytes.to_le_bytes());
    zip.extend_from_slice(&begin.to_le_bytes());
    zip.extend_from_slice(&[0; 2]);
    let properties = [(FORMAT, "zip"), ("Maximum Output Size", "25 MB")];
    refused(&properties, &zip, "larger than \"Maximum Output Size\" allows").await;
}

#[tokio::test]
async fn what_passes_is_tried_again() {
    for (format, content) in [("tar", TARS[0]), ("zip", ZIP), ("flowfile-stream-v3", PACKAGE)] {
        let mut runner = TestRunner::new::<UnpackContent>(&[(FORMAT, format)]);
        runner.enqueue(content, &[]);
        runner.fail_reads_after(Some(10));
        assert_waits(&mut runner, "cannot read the content").await;
        runner.fail_reads_after(None);
        runner.clock().advance_ms(60_000);
        if format == "zip" {
            runner.fail_writes_after(Some(1));
            assert_waits(&mut runner, "cannot store the content").await;
            runner.fail_writes_after(None);
            runner.clock().advance_ms(120_000);
        }
        runner.run().await.unwrap();
        runner.assert_transferred(ORIGINAL, 1);
    }
}
