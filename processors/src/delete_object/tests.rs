//! Objects that are deleted, and when they are not.

use std::time::Duration;

use object_store::path::Path as Key;
use object_store::{ObjectStore as _, ObjectStoreExt as _, PutPayload};
use tempfile::TempDir;
use tutti_sdk::bulletin::Level;
use tutti_sdk::model::provenance::EventType;
use tutti_sdk::testkit::TestRunner;
use url::Url;

use super::*;
use crate::objects::fake::{KEY, answer, server};
use crate::objects::store::in_memory;

fn runner(url: &str, keys: &[&str], more: &[(&str, &str)]) -> TestRunner {
    let runner = TestRunner::new::<DeleteObject>(&[&[("Object Store URL", url)], more].concat());
    for key in keys {
        runner.enqueue(b"content", &[("object.bucket", "songs"), ("object.key", key)]);
    }
    runner
}

fn s3(url: &str, keys: &[&str]) -> TestRunner {
    runner(url, keys, &[&KEY[..], &[("Maximum Retries", "0")]].concat())
}

async fn fill(store: &str, keys: &[&str]) {
    for key in keys {
        let put = in_memory(store).put(&Key::from(*key), PutPayload::from_static(b"x")).await;
        put.unwrap();
    }
}

async fn left(store: &str) -> Vec<String> {
    use futures::TryStreamExt as _;
    let all = in_memory(store).list(None).map_ok(|object| object.location.to_string());
    all.try_collect().await.unwrap()
}

#[tokio::test]
async fn objects_are_deleted_and_the_flowfiles_go_on_as_they_came() {
    fill("deleted", &["songs/a", "songs/b/c", "songs/d"]).await;
    let mut runner = runner("memory://deleted", &["a", "b/c"], &[]);
    runner.run().await.unwrap();
    runner.assert_all_transferred(SUCCESS, 2);
    assert_eq!(left("deleted").await, ["songs/d"]);
    assert_eq!(runner.transferred(SUCCESS)[0].text(), "content");
    let event = &runner.events()[0];
    assert_eq!(event.event_type, EventType::RemoteInvocation);
    assert_eq!(event.transit_uri.as_deref(), Some("memory://deleted/songs/a"));
    assert_eq!(event.details.as_deref(), Some("the object was deleted"));
}

#[tokio::test]
async fn a_deletion_may_be_repeated() {
    let folder = TempDir::new().unwrap();
    let folder = Url::from_directory_path(folder.path()).unwrap();
    let deleted = "<DeleteResult><Deleted><Key>a</Key></Deleted></DeleteResult>";
    let (url, requests) = server(move |_| Some(answer("200 OK", "", deleted))).await;
    for url in ["memory://empty", folder.as_str(), &url] {
        let mut runner =
            if url.starts_with("http") { s3(url, &["a"]) } else { runner(url, &["a"], &[]) };
        runner.run().await.unwrap();
        runner.assert_all_transferred(SUCCESS, 1);
        assert!(runner.messages().is_empty());
    }
    assert_eq!(requests.lock().len(), 1);
}

#[tokio::test]
async fn nothing_is_deleted_before_the_flowfile_is_durable() {
    fill("durable", &["songs/a"]).await;
    let mut runner = runner("memory://durable", &["a"], &[]);
    runner.fail_flushes(1);
    let error = runner.run().await.unwrap_err();
    assert!(error.chain().contains("injected failure of a flush"));
    assert_eq!((left("durable").await.len(), runner.queued()), (1, 1));
    runner.clock().advance_ms(60_000);
    runner.run().await.unwrap();
    runner.assert_all_transferred(SUCCESS, 1);
    assert!(left("durable").await.is_empty());
}

#[tokio::test]
async fn in_a_folder_the_file_is_deleted_and_nothing_else() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join("songs").join(name);
    fs::create_dir_all(path("sub/folder")).unwrap();
    for name in ["sub/a", "sub/b", "file"] {
        fs::write(path(name), "x").unwrap();
    }
    let url = Url::from_directory_path(folder.path()).unwrap();
    let mut runner = runner(url.as_str(), &["sub/a", "sub/folder", "file/below"], &[]);
    runner.run().await.unwrap();
    runner.assert_all_transferred(SUCCESS, 3);
    assert!(!path("sub/a").exists());
    assert!(path("sub/b").exists() && path("sub/folder").exists() && path("file").exists());
}

#[tokio::test]
async fn what_may_pass_waits_and_what_comes_behind_it_waits_untouched() {
    let refused = "<DeleteResult><Error><Key>a</Key><Code>AccessDenied</Code><Message>no</Message>\
                   </Error></DeleteResult>";
    let bucket = "<Error><Code>NoSuchBucket</Code></Error>";
    let other = refused.replace("<Key>a</Key>", "<Key>z</Key>");
    for (status, body, told) in [
        ("200 OK", other.as_str(), "not asked to delete"),
        ("500 Internal Server Error", "", "500"),
        ("404 Not Found", bucket, "NoSuchBucket"),
        ("200 OK", refused, "AccessDenied"),
    ] {
        let text = answer(status, "", body);
        let (url, requests) = server(move |_| Some(text.clone())).await;
        let mut runner = s3(&url, &["a", "b", "c"]);
        runner.run().await.unwrap();
        runner.assert_bulletin(Level::Warning, told);
        assert_eq!((runner.queued(), requests.lock().len()), (3, 1), "{status}");
        runner.run().await.unwrap();
        assert_eq!(requests.lock().len(), 2, "the second is next, and not penalised");
    }
}

#[tokio::test]
async fn a_store_that_hangs_is_tried_later() {
    let (url, requests) = server(|_| None::<String>).await;
    let mut runner = s3(&url, &["a"]);
    let clock = runner.clock();
    let (result, ()) = tokio::join!(runner.run(), async {
        while requests.lock().is_empty() {
            tokio::task::yield_now().await;
        }
        clock.advance_ms(30_000);
    });
    result.unwrap();
    runner.assert_bulletin(Level::Warning, "did not answer for 30000 ms when it was to delete");
    assert_eq!(runner.queued(), 1);
}

#[tokio::test]
async fn a_key_that_none_can_be_fails_at_once_and_the_others_go_on() {
    fill("odd", &["songs/a"]).await;
    let mut runner = runner("memory://odd", &["../a", "a"], &[]);
    runner.run().await.unwrap();
    runner.assert_transferred(SUCCESS, 1);
    runner.assert_transferred(FAILURE, 1);
    assert!(runner.only(FAILURE).flowfile.penalized_until().is_some());
    runner.assert_bulletin(Level::Error, "cannot be the key of an object");
    assert!(left("odd").await.is_empty());
}

#[tokio::test]
async fn an_object_is_deleted_when_it_is_its_turn() {
    fill("turn", &["songs/a"]).await;
    let mut runner = runner("memory://turn", &["a"], &[]);
    let other = turns::at("memory://turn/songs/a").await;
    let deleted = tokio::time::timeout(Duration::from_millis(100), runner.run()).await;
    assert!(deleted.is_err() && left("turn").await.len() == 1, "it waits");
    drop(other);
}
