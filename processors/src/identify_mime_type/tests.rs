use std::fs;
use std::sync::Arc;

use tutti_sdk::derive::{self, DerivedRead, Deriver};
use tutti_sdk::host::ReadSeek;
use tutti_sdk::testkit::{Output, TestRunner};

use super::*;
use crate::bounded::assert_waits;

async fn run(properties: &[(&str, &str)], bytes: &[u8], name: &str) -> Output {
    let mut runner = TestRunner::new::<IdentifyMimeType>(properties);
    runner.enqueue(bytes, &[("filename", name), (CHARSET, "old")]);
    runner.run().await.unwrap();
    runner.assert_all_transferred(SUCCESS, 1);
    let output = runner.only(SUCCESS);
    assert_eq!(output.bytes(), bytes);
    output
}

/// Type, extension and character set of `bytes`.
fn told(bytes: &[u8], name: &str) -> (&'static str, &'static str, &'static str) {
    let kind = identify(bytes, true, name);
    (kind.mime_type, kind.extension, kind.charset.unwrap_or_default())
}

#[test]
fn recordings_are_told_whatever_their_names() {
    for (name, expected) in [
        ("icyland.wav", ("audio/wav", "wav", "")),
        ("tom.wav", ("audio/wav", "wav", "")),
        ("mountain.flac", ("audio/flac", "flac", "")),
        ("mountain.mp3", ("audio/mpeg", "mp3", "")),
        ("march.mp3", ("audio/mpeg", "mp3", "")),
        ("palace.ogg", ("audio/ogg", "ogg", "")),
    ] {
        let path = format!("{}/../tests/fixtures/audio/{name}", env!("CARGO_MANIFEST_DIR"));
        let bytes = fs::read(path).unwrap();
        let beginning = bytes.get(..65_536).unwrap_or(&bytes);
        assert_eq!(told(beginning, "a.txt"), expected, "{name}");
    }
}

/// A packet of MPEG audio or ADTS with this head, twice.
fn packets(head: &[u8], bytes: usize) -> Vec<u8> {
    let mut packet = head.to_vec();
    packet.resize(bytes, 0);
    packet.repeat(2)
}

#[test]
fn other_containers_are_told_by_their_marks() {
    let at_4 = |mark: &[u8]| [b"\0\0\0\x20", mark].concat();
    let ebml = |codec: &[u8]| [&b"\x1a\x45\xdf\xa3\x93\x42\x82\x88matroska"[..], codec].concat();
    let tag = |size: u8| [&b"ID3\x04\0\0\0\0\0"[..], &[size], &vec![0; usize::from(size)]].concat();
    for (bytes, mime_type) in [
        (b"RF64\xff\xff\xff\xffWAVEds64".to_vec(), "audio/wav"),
        (b"FORM\0\0\0\x2eAIFFCOMM".to_vec(), "audio/aiff"),
        (b"FORM\0\0\0\x2eAIFCFVER".to_vec(), "audio/aiff"),
        (b"caff\0\x01\0\0desc".to_vec(), "audio/x-caf"),
        (at_4(b"ftypM4A \0\0\0\0"), "audio/mp4"),
        (at_4(b"ftypisom\0\0\x02\0isomiso2"), "video/mp4"),
        (ebml(b"\x86\x86A_OPUS"), "audio/x-matroska"),
        (ebml(b"\x86\x86A_OPUS\x86\x85V_VP8"), "video/x-matroska"),
        (b"\x1a\x45\xdf\xa3\x87\x42\x82\x84webm\x86\x85V_VP8".to_vec(), "video/webm"),
        (packets(b"\xff\xfb\x90\x00", 417), "audio/mpeg"),
        (packets(b"\xff\xfd\x84\x00", 384), "audio/mpeg"),
        (packets(b"\xff\xf3\x80\x00", 208), "audio/mpeg"),
        (packets(b"\xff\xf1\x50\x80\x02\x1f\xfc", 16), "audio/aac"),
        (tag(5), "audio/mpeg"),
        ([tag(5), b"fLaC\0\0\0\x22".to_vec()].concat(), "audio/flac"),
        (
            b"OggS\0\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\x2a\x80theora".to_vec(),
            "video/ogg",
        ),
    ] {
        assert_eq!(told(&bytes, "").0, mime_type, "{bytes:?}");
    }
    // One head alone may be anything.
    assert_ne!(told(&packets(b"\xff\xfb\x90\x00", 418), "").0, "audio/aac");
    assert_eq!(told(&packets(b"\xff\xfd\x84\x00", 300), "").0, "application/octet-stream");
}

#[test]
fn archives_and_images_are_told() {
    let mut tar = vec![0; 512];
    tar[..5].copy_from_slice(b"a.wav");
    tar[257..262].copy_from_slice(b"ustar");
    for (bytes, expected) in [
        (&b"\x1f\x8b\x08\0"[..], ("application/gzip", "gz", "")),
        (b"\x28\xb5\x2f\xfd\0", ("application/zstd", "zst", "")),
        (b"BZh91AY&SY", ("application/x-bzip2", "bz2", "")),
        (b"\x04\x22\x4d\x18\x64", ("application/x-lz4-framed", "lz4", "")),
        (b"PK\x03\x04\x14\0\0\0", ("application/zip", "zip", "")),
        (&tar, ("application/x-tar", "tar", "")),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", ("image/png", "png", "")),
        (b"%PDF-1.7\n", ("application/pdf", "pdf", "")),
        (b"\x00\x01\x02\x03", ("application/octet-stream", "", "")),
        (b"", ("application/octet-stream", "", "")),
    ] {
        assert_eq!(told(bytes, "a.csv"), expected, "{bytes:?}");
    }
}

#[test]
fn texts_are_told_by_their_beginning_or_their_name() {
    for (text, name, expected) in [
        ("a,b\n1,2\n", "A.CSV", ("text/csv", "csv", "UTF-8")),
        ("a,b\n1,2\n", "", ("text/plain", "txt", "UTF-8")),
        (" {\"a\": [1]}\n", "a.txt", ("application/json", "json", "UTF-8")),
        ("{\"a\": [1]} x", "a.txt", ("text/plain", "txt", "UTF-8")),
        ("[Verse 1]", "", ("text/plain", "txt", "UTF-8")),
        ("<?xml version=\"1.0\"?><a/>", "", ("application/xml", "xml", "UTF-8")),
        ("\n<!DOCTYPE html>", "", ("text/html", "html", "UTF-8")),
        ("<svg xmlns=\"\"/>", "", ("image/svg+xml", "svg", "UTF-8")),
        ("#!/bin/sh\n", "", ("application/x-sh", "sh", "UTF-8")),
        ("é", "a.md", ("text/markdown", "md", "UTF-8")),
    ] {
        assert_eq!(told(text.as_bytes(), name), expected, "{text:?}");
    }
    assert_eq!(told(b"caf\xe9\n", ""), ("text/plain", "txt", "ISO-8859-1"));
    assert_eq!(told(b"caf\x8e\n", "").0, "application/octet-stream");
    assert_eq!(told(b"\xff\xfea\0,\0", "a.csv"), ("text/csv", "csv", "UTF-16LE"));
    assert_eq!(told(b"\xfe\xff\0{\0}", ""), ("application/json", "json", "UTF-16BE"));
    assert_eq!(told(b"\xef\xbb\xbf<html>", ""), ("text/html", "html", "UTF-8"));
    let cut = identify("{\"a\": [1, \"é".as_bytes().split_last().unwrap().1, false, "");
    assert_eq!((cut.mime_type, cut.charset), ("application/json", Some("UTF-8")));
}

#[tokio::test]
async fn attributes_tell_the_type() {
    let csv = run(&[], b"a,b\n", "a.csv").await;
    let attributes = ["mime.type", EXTENSION, CHARSET].map(|name| csv.attribute(name));
    assert_eq!(attributes, ["text/csv", ".csv", "UTF-8"]);
    let plain = run(&[("Use Filename In Detection", "false")], b"a,b\n", "a.csv").await;
    assert_eq!(plain.attribute("mime.type"), "text/plain");
    let unknown = run(&[], b"\0", "a.csv").await;
    assert_eq!(unknown.attribute(EXTENSION), "");
    assert_eq!(unknown.flowfile.attribute(CHARSET), None, "what was there is of something else");
    let long = run(&[], &b"a\n".repeat(100_000), "").await;
    assert_eq!(long.attribute("mime.type"), "text/plain");
}

/// Makes content of nothing that it is given.
struct Broken;

impl Deriver for Broken {
    fn kind(&self) -> &'static str {
        "broken"
    }

    fn open(&self, _: Box<dyn ReadSeek>, _: &str) -> Result<Box<dyn DerivedRead>, ProcessError> {
        Err(ProcessError::user("no packet can be decoded"))
    }
}

#[tokio::test]
async fn what_cannot_be_made_fails_and_what_cannot_be_read_is_tried_again() {
    let runner = TestRunner::new::<IdentifyMimeType>(&[]);
    let content = derive::derived(&runner.store(b"no recording"), "broken", "").unwrap();
    runner.enqueue_content(content, &[]);
    let mut runner = runner.with_deriver(Arc::new(Broken));
    runner.run().await.unwrap();
    assert_eq!(runner.only(FAILURE).text(), "no recording");

    let mut runner = TestRunner::new::<IdentifyMimeType>(&[]);
    runner.enqueue(b"text", &[]);
    runner.fail_reads_after(Some(1));
    assert_waits(&mut runner, "cannot read the content").await;
}
