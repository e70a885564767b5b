//! Objects that are fetched, and stores that break off.

use std::fs;

use object_store::path::Path;
use object_store::{ObjectStoreExt as _, PutPayload};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tutti_sdk::bulletin::Level;
use tutti_sdk::model::provenance::EventType;
use tutti_sdk::testkit::TestRunner;
use url::Url;

use super::*;
use crate::objects::fake::{KEY, answer, server};
use crate::objects::store::in_memory;

const HEADERS: &str = "etag: \"1\"\r\nlast-modified: Mon, 01 Jan 2024 00:00:00 GMT\r\n";

/// Fetches the object `key` of the bucket `songs`.
fn runner(url: &str, key: &str, more: &[(&str, &str)]) -> TestRunner {
    let runner = TestRunner::new::<FetchObject>(&[&[("Object Store URL", url)], more].concat());
    runner.enqueue(b"before", &[("object.bucket", "songs"), ("object.key", key)]);
    runner
}

/// Without retries of its own.
fn s3(url: &str, more: &[(&str, &str)]) -> TestRunner {
    runner(url, "a.wav", &[&KEY[..], &[("Maximum Retries", "0")], more].concat())
}

async fn put(store: &str, key: &str, content: &'static str) {
    in_memory(store).put(&Path::from(key), PutPayload::from(content)).await.unwrap();
}

/// Runs, and sees that the flowfile waits for another try.
async fn waits(runner: &mut TestRunner, told: &str) {
    runner.run().await.unwrap();
    runner.assert_bulletin(Level::Warning, told);
    assert_eq!(runner.queued(), 1);
}

#[tokio::test]
async fn what_was_put_comes_back_with_all_that_was_kept_with_it() {
    let mut put = TestRunner::new::<crate::put_object::PutObject>(&[
        ("Object Store URL", "memory://back/top"),
        ("Bucket", "songs"),
        ("artist", "${artist}"),
    ]);
    let odd = [("filename", "line\nend"), ("mime.type", "audio/flac"), ("artist", "Björk\n%41")];
    put.enqueue(b"sound", &odd);
    put.run().await.unwrap();
    let mut fetch = TestRunner::new::<FetchObject>(&[("Object Store URL", "memory://back/top")]);
    let output = put.only(SUCCESS);
    let names = ["object.bucket", "object.key"].map(|name| (name, output.attribute(name)));
    fetch.enqueue(b"before", &names);
    fetch.run().await.unwrap();
    let output = fetch.only(SUCCESS);
    assert_eq!(output.text(), "sound");
    for (name, value) in [
        ("object.bucket", "songs"),
        ("object.key", "line%0Aend"),
        ("object.size", "5"),
        ("mime.type", "audio/flac"),
        ("object.metadata.artist", "Björk\n%41"),
    ] {
        assert_eq!(output.attribute(name), value, "{name}");
    }
    assert!(!output.attribute("object.etag").is_empty());
    assert!(!output.attribute("object.lastModified").is_empty());
    let events = fetch.events();
    let told: Vec<_> = events.iter().map(|event| event.event_type).collect();
    assert_eq!(told, [EventType::Fetch]);
    let uri = events[0].transit_uri.as_deref();
    assert_eq!(uri, Some("memory://back/top/songs/line%0Aend"));
}

#[tokio::test]
async fn a_file_of_a_folder_is_an_object() {
    let folder = TempDir::new().unwrap();
    fs::create_dir_all(folder.path().join("songs/sub")).unwrap();
    fs::write(folder.path().join("songs/sub/ä#1.wav"), "sound").unwrap();
    let url = Url::from_directory_path(folder.path()).unwrap();
    let mut runner = runner(url.as_str(), "sub/ä#1.wav", &[]);
    runner.run().await.unwrap();
    let output = runner.only(SUCCESS);
    assert_eq!((output.text().as_str(), output.attribute("object.size")), ("sound", "5"));
    assert!(output.attribute("object.lastModified").len() >= 13);
}

#[tokio::test]
async fn a_part_of_an_object_can_be_fetched() {
    put("ranges", "songs/a", "0123456789").await;
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("songs")).unwrap();
    fs::write(folder.path().join("songs/a"), "0123456789").unwrap();
    let folder = Url::from_directory_path(folder.path()).unwrap();
    for url in ["memory://ranges", folder.as_str()] {
        for (start, length, expected) in [
            ("", "", Some("0123456789")),
            ("0 B", "", Some("0123456789")),
            ("3 B", "", Some("3456789")),
            ("", "4 B", Some("0123")),
            ("3 B", "4 B", Some("3456")),
            ("3 B", "1 MB", Some("3456789")),
            ("3 B", "0 B", Some("")),
            ("10 B", "5 B", Some("")),
            ("11 B", "", None),
        ] {
            let more = [("Range Start", "${from}"), ("Range Length", "${many}")];
            let properties = [&[("Object Store URL", url)], &more[..]].concat();
            let mut runner = TestRunner::new::<FetchObject>(&properties);
            let attributes = [("from", start), ("many", length)];
            let object = [("object.bucket", "songs"), ("object.key", "a")];
            runner.enqueue(b"before", &[&object[..], &attributes].concat());
            runner.run().await.unwrap();
            if let Some(expected) = expected {
                let output = runner.only(SUCCESS);
                assert_eq!(output.text(), expected, "{url} {start} {length}");
                assert_eq!(output.attribute("object.size"), "10");
            } else {
                runner.assert_all_transferred(FAILURE, 1);
                runner
                    .assert_bulletin(Level::Error, "has 10 bytes, and cannot be read from byte 11");
            }
        }
    }
}

#[tokio::test]
async fn large_content_is_streamed() {
    let body = "0123456789abcdef".repeat(300_000);
    let sent = body.clone();
    let (url, _) = server(move |_| Some(answer("200 OK", HEADERS, &sent))).await;
    let mut runner = s3(&url, &[]);
    runner.run().await.unwrap();
    assert!(runner.only(SUCCESS).text() == body);
}

#[tokio::test]
async fn what_is_not_there_goes_to_failure_at_once_and_is_not_asked_for_again() {
    let folder = TempDir::new().unwrap();
    fs::create_dir_all(folder.path().join("songs/folder")).unwrap();
    fs::write(folder.path().join("songs/file"), "x").unwrap();
    let folder = Url::from_directory_path(folder.path()).unwrap();
    let missing = "<Error><Code>NoSuchKey</Code></Error>";
    let (url, requests) = server(move |_| Some(answer("404 Not Found", "", missing))).await;
    for (url, key) in [
        (url.as_str(), "a.wav"),
        ("memory://nothing", "a.wav"),
        (folder.as_str(), "a.wav"),
        (folder.as_str(), "folder"),
        (folder.as_str(), "file/below"),
    ] {
        let mut runner = runner(url, key, if url.starts_with("http") { &KEY } else { &[] });
        runner.run().await.unwrap();
        let output = runner.only(FAILURE);
        assert!(output.flowfile.penalized_until().is_some() && output.text() == "before");
        assert!(output.attribute("failure.reason").contains("is not there"), "{url} {key}");
        runner.assert_bulletin(Level::Error, "is not there");
    }
    assert_eq!(requests.lock().len(), 1);
}

#[tokio::test]
async fn what_may_pass_waits() {
    let bucket = "<Error><Code>NoSuchBucket</Code></Error>";
    for (status, body, told, help) in [
        ("404 Not Found", bucket, "cannot fetch the object", "check that the bucket exists"),
        ("403 Forbidden", "", "403", "the right to read from the bucket"),
        ("500 Internal Server Error", "", "500", "check that the store runs"),
    ] {
        let (url, _) = server(move |_| Some(answer(status, "", body))).await;
        let mut runner = s3(&url, &[]);
        waits(&mut runner, told).await;
        let said = runner.bulletins()[0].help.clone().unwrap_or_default();
        assert!(said.contains(help), "{status}: {said}");
    }
}

#[tokio::test]
async fn a_store_that_hangs_is_tried_later() {
    let (url, requests) = server(|_| None::<String>).await;
    let mut runner = s3(&url, &[]);
    let clock = runner.clock();
    let (result, ()) = tokio::join!(runner.run(), async {
        while requests.lock().is_empty() {
            tokio::task::yield_now().await;
        }
        clock.advance_ms(30_000);
    });
    result.unwrap();
    runner.assert_bulletin(Level::Warning, "did not answer for 30000 ms when it was to fetch");
    assert_eq!(runner.queued(), 1);
}

/// A store that breaks off after three bytes of ten, and has the rest, or that of another version.
async fn breaks_off(etag: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut asked = Vec::new();
            while !asked.ends_with(b"\r\n\r\n") && stream.read_buf(&mut asked).await.unwrap() > 0 {}
            let asked = String::from_utf8(asked).unwrap().to_lowercase();
            let time = "last-modified: Mon, 01 Jan 2024 00:00:00 GMT";
            let text = if asked.contains("range: bytes=3-9\r") {
                format!(
                    "HTTP/1.1 206 Partial Content\r\ncontent-length: 7\r\ncontent-range: bytes \
                     3-9/10\r\netag: {etag}\r\n{time}\r\n\r\ndefghij"
                )
            } else {
                format!("HTTP/1.1 200 OK\r\ncontent-length: 10\r\netag: 1\r\n{time}\r\n\r\nabc")
            };
            stream.write_all(text.as_bytes()).await.unwrap();
            stream.shutdown().await.unwrap();
        }
    });
    url
}

#[tokio::test]
async fn what_breaks_off_goes_on_where_it_broke_off_or_not_at_all() {
    let url = breaks_off("1").await;
    let mut again = runner(&url, "a.wav", &KEY);
    again.run().await.unwrap();
    assert_eq!(again.only(SUCCESS).text(), "abcdefghij");
    // Without another try, and where it is another object by now.
    waits(&mut s3(&url, &[]), "cannot fetch the object").await;
    let url = breaks_off("2").await;
    waits(&mut runner(&url, "a.wav", &KEY), "cannot fetch the object").await;
}

#[tokio::test]
async fn content_that_cannot_be_stored_is_tried_again() {
    put("unstored", "songs/a", "0123456789").await;
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("songs")).unwrap();
    fs::write(folder.path().join("songs/a"), "0123456789").unwrap();
    let folder = Url::from_directory_path(folder.path()).unwrap();
    for url in ["memory://unstored", folder.as_str()] {
        let mut runner = runner(url, "a", &[]);
        runner.fail_writes_after(Some(3));
        waits(&mut runner, "cannot store the content").await;
    }
}

#[tokio::test]
async fn a_key_or_a_bucket_that_none_can_be_fails_at_once() {
    for (key, bucket, told) in [
        ("", "songs", "cannot be the key of an object"),
        ("../a", "songs", "cannot be the key of an object"),
        ("a//b", "songs", "cannot be the key of an object"),
        ("a", "a b", "cannot be the name of a bucket"),
    ] {
        let mut runner = runner("http://localhost:1", key, &[("Bucket", bucket)]);
        runner.run().await.unwrap();
        runner.assert_all_transferred(FAILURE, 1);
        runner.assert_bulletin(Level::Error, told);
    }
}
