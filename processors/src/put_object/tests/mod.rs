//! Objects in memory, in folders and in stores that a test answers for.

mod s3;
mod turns;

use std::time::Duration;

use object_store::{GetResult, ObjectStore, ObjectStoreExt};
use parking_lot::Mutex;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tutti_sdk::bulletin::Level;
use tutti_sdk::model::provenance::EventType;
use tutti_sdk::testkit::TestRunner;
use url::Url;

use super::*;
use crate::objects::fake::server;
use crate::objects::store;
use crate::put_object::upload::PART_BYTES;

fn runner(url: &str, more: &[(&str, &str)]) -> TestRunner {
    let mut properties = vec![("Object Store URL", url), ("Bucket", "audio-features")];
    properties.extend(more);
    TestRunner::new::<PutObject>(&properties)
}

/// Fails for a reason with this part in it, which may pass: the flowfile stays.
async fn fails_for_now(runner: &mut TestRunner, part: &str) -> String {
    runner.run().await.unwrap();
    stays_for_now(runner, part);
    runner.bulletins().remove(0).message
}

fn stays_for_now(runner: &TestRunner, part: &str) {
    runner.assert_bulletin(Level::Warning, part);
    assert_eq!(runner.queued(), 1);
}

async fn stored(name: &str, key: &str) -> Option<GetResult> {
    store::in_memory(name).get(&Path::parse(key).unwrap()).await.ok()
}

async fn count(name: &str) -> usize {
    let store = store::in_memory(name);
    futures::StreamExt::count(store.list(None)).await
}

#[tokio::test]
async fn content_type_and_metadata_are_kept_with_the_object() {
    let mut runner = runner(
        "memory://plain/top",
        &[("Object Key", "${filename}.json"), ("artist", "${audio.tag.artist}")],
    );
    runner.enqueue(
        b"{}",
        &[("filename", "a.wav"), ("mime.type", "application/json"), ("audio.tag.artist", "Joni")],
    );
    runner.run().await.unwrap();
    let output = runner.only(SUCCESS);
    for (name, value) in [
        ("object.bucket", "audio-features"),
        ("object.key", "a.wav.json"),
        ("object.size", "2"),
        ("object.sha256", "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"),
    ] {
        assert_eq!(output.attribute(name), value, "{name}");
    }
    assert!(!output.attribute("object.etag").is_empty());
    let object = stored("plain", "top/audio-features/a.wav.json").await.unwrap();
    assert_eq!(
        object.attributes.get(&Attribute::ContentType).map(AsRef::as_ref),
        Some("application/json")
    );
    assert_eq!(
        object.attributes.get(&Attribute::Metadata("artist".into())).map(AsRef::as_ref),
        Some("Joni")
    );
    assert_eq!(object.bytes().await.unwrap().as_ref(), b"{}");
    let sent = runner.events().into_iter().find(|event| event.event_type == EventType::Send);
    let uri = sent.unwrap().transit_uri.unwrap();
    assert_eq!(&*uri, "memory://plain/top/audio-features/a.wav.json");
}

#[tokio::test]
async fn a_folder_is_made_and_never_left() {
    let folder = TempDir::new().unwrap();
    let root = folder.path().join("not yet there");
    let url = Url::from_directory_path(&root).unwrap();
    let mut runner = runner(url.as_str(), &[("Object Key", "${filename}.json")]);
    for name in ["a ö.wav", "../../up", "line\nend", "take#7", "100%"] {
        runner.enqueue(name.as_bytes(), &[("filename", name)]);
    }
    runner.run_times(5).await.unwrap();
    runner.assert_all_transferred(SUCCESS, 5);
    for (file, content) in [
        ("a ö.wav.json", "a ö.wav"),
        ("%2E%2E/%2E%2E/up.json", "../../up"),
        ("line%0Aend.json", "line\nend"),
        ("take#7.json", "take#7"),
        ("100%.json", "100%"),
    ] {
        let path = root.join("audio-features").join(file);
        assert_eq!(std::fs::read_to_string(&path).unwrap(), content, "{file}");
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[tokio::test]
async fn an_existing_object_is_treated_as_the_flow_says() {
    for (strategy, relationship, content) in
        [("replace", SUCCESS, "new"), ("ignore", SUCCESS, "old"), ("fail", FAILURE, "old")]
    {
        let url = format!("memory://conflict-{strategy}");
        for content in ["old", "new"] {
            let mut runner =
                runner(&url, &[("Object Key", "key"), ("Conflict Resolution Strategy", strategy)]);
            runner.enqueue(content.as_bytes(), &[]);
            runner.run().await.unwrap();
            let expected = if content == "old" { SUCCESS } else { relationship };
            runner.assert_all_transferred(expected, 1);
            if expected == FAILURE {
                runner.assert_bulletin(Level::Error, "there is an object");
            }
        }
        let object = stored(&format!("conflict-{strategy}"), "audio-features/key").await.unwrap();
        assert_eq!(object.bytes().await.unwrap(), content.as_bytes());
    }
}

#[tokio::test]
async fn large_content_goes_in_parts_and_arrives_whole() {
    for extra in [0, 1, PART_BYTES + 7] {
        let content: Vec<u8> = (0..PART_BYTES + extra).map(|index| (index % 251) as u8).collect();
        let more = [("Object Key", "big"), ("artist", "Joni")];
        let mut runner = runner("memory://large", &more);
        runner.enqueue(&content, &[]);
        runner.run().await.unwrap();
        runner.assert_all_transferred(SUCCESS, 1);
        let object = stored("large", "audio-features/big").await.unwrap();
        let artist = object.attributes.get(&Attribute::Metadata("artist".into()));
        assert_eq!(artist.map(AsRef::as_ref), Some("Joni"));
        assert!(object.bytes().await.unwrap() == content, "with {extra} bytes more");
    }
}

#[tokio::test]
async fn content_that_cannot_be_read_leaves_no_object() {
    for size in [10, PART_BYTES * 2] {
        let mut runner = runner("memory://unread", &[("Object Key", "key")]);
        runner.enqueue(&vec![1; size], &[]);
        runner.fail_reads_after(Some(size as u64 - 1));
        fails_for_now(&mut runner, "cannot read the content: injected failure").await;
        assert_eq!(count("unread").await, 0);
    }
}

const ACCOUNT: [(&str, &str); 4] = [
    ("Access Key ID", "key"),
    ("Secret Access Key", "secret"),
    ("Region", "us-east-1"),
    ("Object Key", "a.json"),
];

#[tokio::test]
async fn without_a_key_nobody_is_asked_for_one() {
    let (url, _) = server(|request| {
        Some(if request.to_lowercase().contains("\r\nauthorization:") {
            "HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n"
        } else if request.starts_with("HEAD") {
            "HTTP/1.1 200 OK\r\ncontent-length: 2\r\netag: \"1\"\r\n\
             last-modified: Mon, 01 Jan 2024 00:00:00 GMT\r\n\r\n"
        } else {
            "HTTP/1.1 200 OK\r\ncontent-length: 0\r\netag: \"1\"\r\n\r\n"
        })
    })
    .await;
    let mut runner = runner(&url, &[("Object Key", "a.json")]);
    runner.enqueue(b"{}", &[]);
    runner.run().await.unwrap();
    runner.assert_all_transferred(SUCCESS, 1);
}

#[tokio::test]
async fn metadata_and_type_that_are_no_ascii_are_kept_all_the_same() {
    let (url, _) = server(|request| {
        let expected = ["x-amz-meta-artist: Bj%C3%B6rk%0Ax-b: 1\r", "content-type: %00\r"];
        Some(if request.starts_with("HEAD") {
            "HTTP/1.1 200 OK\r\ncontent-length: 2\r\netag: \"1\"\r\n\
             last-modified: Mon, 01 Jan 2024 00:00:00 GMT\r\n\r\n"
        } else if expected.iter().all(|each| request.contains(each)) {
            "HTTP/1.1 200 OK\r\ncontent-length: 0\r\netag: \"1\"\r\n\r\n"
        } else {
            "HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n"
        })
    })
    .await;
    let mut runner = runner(&url, &[&ACCOUNT[..], &[("artist", "${artist}")]].concat());
    runner.enqueue(b"{}", &[("artist", "Björk\nx-b: 1"), ("mime.type", "\0")]);
    runner.run().await.unwrap();
    runner.assert_all_transferred(SUCCESS, 1);
    let properties = [("Object Store URL", "memory://a"), ("Bucket", "b"), ("a b", "")];
    let refused = TestRunner::try_new::<PutObject>(&properties).err().unwrap().to_string();
    assert!(refused.contains("metadata cannot have the name \"a b\""), "{refused}");
}

#[tokio::test]
async fn a_bucket_that_cannot_be_ends_in_failure() {
    let properties = [("Object Store URL", "http://localhost:1"), ("Bucket", "${artist}")];
    let mut runner = TestRunner::new::<PutObject>(&properties);
    runner.enqueue(b"{}", &[("artist", "a b"), ("filename", "a")]);
    runner.run().await.unwrap();
    runner.assert_all_transferred(FAILURE, 1);
    runner.assert_bulletin(Level::Error, "\"a b\" cannot be the name of a bucket");
}

#[tokio::test]
async fn what_a_store_will_never_take_goes_to_failure() {
    let (url, _) = server(|_| {
        Some(
            "HTTP/1.1 400 Bad Request\r\ncontent-length: 44\r\n\r\n\
             <Error><Code>KeyTooLongError</Code></Error>\n",
        )
    })
    .await;
    let mut runner = runner(&url, &ACCOUNT);
    runner.enqueue(b"{}", &[]);
    runner.run().await.unwrap();
    runner.assert_all_transferred(FAILURE, 1);
}

#[tokio::test]
async fn a_store_that_answers_500_is_tried_later() {
    let (url, requests) =
        server(|_| Some("HTTP/1.1 500 Internal Server Error\r\ncontent-length: 0\r\n\r\n")).await;
    let mut runner = runner(&url, &[&ACCOUNT[..], &[("Maximum Retries", "1")]].concat());
    runner.enqueue(b"{}", &[]);
    fails_for_now(&mut runner, "500").await;
    assert_eq!(requests.lock().len(), 2);
}

#[tokio::test]
async fn a_store_that_is_not_there_is_told_to_its_last_cause() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let mut runner = runner(&url, &[&ACCOUNT[..], &[("Maximum Retries", "0")]].concat());
    runner.enqueue(b"{}", &[]);
    fails_for_now(&mut runner, "Connection refused").await;
}

#[tokio::test]
async fn a_store_that_hangs_is_tried_later() {
    let (url, requests) = server(|_| None::<&str>).await;
    let mut runner = runner(&url, &ACCOUNT);
    runner.enqueue(b"{}", &[]);
    let clock = runner.clock();
    let (result, ()) = tokio::join!(runner.run(), async {
        while requests.lock().is_empty() {
            tokio::task::yield_now().await;
        }
        clock.advance_ms(30_000);
    });
    result.unwrap();
    stays_for_now(&runner, "did not answer for 30000 ms");
}

#[tokio::test]
async fn a_store_whose_answer_drips_without_end_is_tried_later_and_let_go() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (drips, mut dripped) = tokio::sync::mpsc::channel(1);
    let server = async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut asked = Vec::new();
        while !asked.ends_with(b"{}") && stream.read_buf(&mut asked).await.unwrap() > 0 {}
        let head = "HTTP/1.1 500 Internal Server Error\r\n\r\n";
        stream.write_all(head.as_bytes()).await.unwrap();
        // Until the other side is gone.
        while stream.write_all(b"x").await.is_ok() {
            drips.send(()).await.ok();
            tokio::task::yield_now().await;
        }
    };
    let mut runner = runner(&url, &[&ACCOUNT[..], &[("Maximum Retries", "0")]].concat());
    runner.enqueue(b"{}", &[]);
    let clock = runner.clock();
    let (result, (), ()) = tokio::join!(runner.run(), server, async {
        dripped.recv().await.unwrap();
        dripped.close();
        clock.advance_ms(30_000);
    });
    result.unwrap();
    stays_for_now(&runner, "did not answer for 30000 ms");
}

#[test]
fn a_store_that_cannot_be_is_refused_before_anything_runs() {
    for url in ["gopher://a", "file://host/a", "file:", "s3://"] {
        let properties = [("Object Store URL", url), ("Bucket", "b")];
        let refused = TestRunner::try_new::<PutObject>(&properties).err().unwrap();
        let BuildError::Properties(wrong) = refused else { panic!("{refused}") };
        let [wrong] = &wrong[..] else { panic!("{wrong:?}") };
        assert_eq!(wrong.properties, ["Object Store URL"]);
        assert!(wrong.error.help.is_some(), "{wrong:?}");
    }
}

#[tokio::test]
async fn a_key_that_cannot_be_goes_to_failure_for_good() {
    let folder = TempDir::new().unwrap();
    let url = Url::from_directory_path(folder.path()).unwrap();
    let mut runner = runner(url.as_str(), &[("Object Key", "${filename}.json")]);
    let long = "n".repeat(251);
    runner.enqueue(b"{}", &[("filename", &long)]);
    runner.enqueue(b"{}", &[("filename", "a")]);
    // Where another object is already.
    runner.enqueue(b"{}", &[("filename", "a.json/below")]);
    runner.run_times(3).await.unwrap();
    runner.assert_transferred(SUCCESS, 1);
    runner.assert_transferred(FAILURE, 2);
    let reason = runner.transferred(FAILURE)[0].attribute("failure.reason").to_owned();
    assert!(reason.contains("File name too long"), "{reason}");
    assert!(runner.messages().iter().all(|told| told.contains("choose a shorter key")));
}

#[tokio::test]
async fn in_a_folder_a_name_may_be_as_long_as_the_disk_allows() {
    let folder = TempDir::new().unwrap();
    let url = Url::from_directory_path(folder.path()).unwrap();
    let names = || std::fs::read_dir(folder.path().join("audio-features")).unwrap().count();
    for (strategy, found) in [("replace", SUCCESS), ("ignore", SUCCESS), ("fail", FAILURE)] {
        let more = [("Object Key", "${filename}"), ("Conflict Resolution Strategy", strategy)];
        let mut runner = runner(url.as_str(), &more);
        for size in [2, PART_BYTES + 1] {
            let long = size.to_string().repeat(255).chars().take(255).collect::<String>();
            runner.enqueue(&vec![1; size], &[("filename", &long)]);
        }
        runner.run_times(2).await.unwrap();
        runner.assert_all_transferred(found, 2);
        assert_eq!(names(), 2, "nothing hidden is left");
    }
}

#[tokio::test]
async fn in_a_folder_what_a_killed_run_left_is_removed() {
    let folder = TempDir::new().unwrap();
    let below = folder.path().join("audio-features/a");
    std::fs::create_dir_all(&below).unwrap();
    std::fs::write(below.join(".tutti-1.part"), "{").unwrap();
    let url = Url::from_directory_path(folder.path()).unwrap();
    let mut runner = runner(url.as_str(), &[("Object Key", "a/b")]);
    runner.enqueue(b"{}", &[]);
    runner.run().await.unwrap();
    runner.assert_all_transferred(SUCCESS, 1);
    assert_eq!(std::fs::read_dir(&below).unwrap().count(), 1);
    assert_eq!(runner.only(SUCCESS).attribute("object.size"), "2");
    let sha256 = runner.only(SUCCESS).attribute("object.sha256").to_owned();
    assert!(sha256.starts_with("44136fa3"), "{sha256}");
}

#[tokio::test]
async fn no_object_is_put_where_it_would_be_picked_up_and_deleted() {
    let folder = TempDir::new().unwrap();
    let directory = folder.path().join("audio-features/a");
    std::fs::create_dir_all(&directory).unwrap();
    let properties = [("Directory", directory.to_str().unwrap()), ("File Filter", "b")];
    let mut source = TestRunner::new::<crate::get_file::GetFile>(&properties);
    source.run().await.unwrap();
    let url = Url::from_directory_path(folder.path()).unwrap();
    for (key, is_refused) in [("a/b", true), ("a/c", false), ("b", false)] {
        let mut runner = runner(url.as_str(), &[("Object Key", key)]);
        runner.enqueue(b"{}", &[]);
        if is_refused {
            fails_for_now(&mut runner, "where GetFile picks files up").await;
        } else {
            runner.run().await.unwrap();
            runner.assert_all_transferred(SUCCESS, 1);
        }
    }
    assert!(!directory.join("b").exists());
}

#[tokio::test]
async fn where_all_objects_would_be_picked_up_and_deleted_none_is_put() {
    let folder = TempDir::new().unwrap();
    let url = Url::from_directory_path(folder.path()).unwrap();
    for (filter, is_refused) in [(None, true), (Some(("Path Filter", "audio-features")), false)] {
        let mut properties = vec![("Directory", folder.path().to_str().unwrap())];
        properties.extend(filter);
        let mut source = TestRunner::new::<crate::get_file::GetFile>(&properties);
        source.run().await.unwrap();
        let refused = runner(url.as_str(), &[("Object Key", "${filename}")]).run().await.is_err();
        assert_eq!(refused, is_refused, "{filter:?}");
    }
}

#[tokio::test]
async fn a_folder_is_no_object() {
    let folder = TempDir::new().unwrap();
    std::fs::create_dir_all(folder.path().join("audio-features/a")).unwrap();
    let url = Url::from_directory_path(folder.path()).unwrap();
    let mut runner = runner(url.as_str(), &[("Object Key", "a")]);
    runner.enqueue(b"{}", &[]);
    runner.run().await.unwrap();
    runner.assert_all_transferred(FAILURE, 1);
    assert!(runner.only(FAILURE).flowfile.penalized_until().is_some());
    runner.assert_bulletin(Level::Error, "is a folder");
}

#[tokio::test]
async fn a_key_of_two_sources_is_told_and_a_repetition_is_not() {
    let mut runner = runner("memory://sources", &[("Object Key", "${filename}.json")]);
    let attributes = |folder| [("filename", "a.wav"), ("absolute.path", folder)];
    runner.enqueue(b"1", &attributes("/in/x/"));
    runner.enqueue(b"1", &attributes("/in/x/"));
    runner.run_times(2).await.unwrap();
    assert!(runner.messages().is_empty());
    runner.enqueue(b"2", &attributes("/in/y/"));
    runner.run().await.unwrap();
    runner.assert_all_transferred(SUCCESS, 3);
    let told = runner.messages();
    let parts = ["/in/x/a.wav", "/in/y/a.wav", "${path} before ${filename}"];
    assert!(told.iter().any(|told| parts.iter().all(|part| told.contains(part))), "{told:?}");
}

#[tokio::test]
async fn of_a_long_answer_the_beginning_is_told() {
    let (url, _) = server(|_| {
        static ANSWER: std::sync::LazyLock<String> = std::sync::LazyLock::new(|| {
            let page = "<p>sorry</p>".repeat(1_000);
            format!("HTTP/1.1 400 Bad Request\r\ncontent-length: {}\r\n\r\n{page}", page.len())
        });
        Some(ANSWER.as_str())
    })
    .await;
    let mut runner = runner(&url, &ACCOUNT);
    runner.enqueue(b"{}", &[]);
    let message = fails_for_now(&mut runner, "<p>sorry</p>").await;
    assert!(message.len() < 700, "{}", message.len());
}

#[tokio::test]
async fn a_folder_that_is_a_file_is_tried_later() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("file");
    std::fs::write(&path, "x").unwrap();
    let mut runner = runner(Url::from_file_path(&path).unwrap().as_str(), &[("Object Key", "a")]);
    runner.enqueue(b"{}", &[]);
    fails_for_now(&mut runner, "cannot make the folder").await;
}
