//! What processors say when they are tried out: what they saw, what is missing, what nobody can
//! know yet. And that they change nothing.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on is to fail")]

use std::fs;
use std::net::TcpListener;

use tutti_sdk::testkit::TestRunner;
use tutti_sdk::verification::Outcome::{self, Failed, Passed, Skipped};

type Told = Vec<(String, Outcome, String)>;

async fn verify(
    kind: &str,
    properties: &[(&str, &str)],
    attributes: Option<&[(&str, &str)]>,
) -> Told {
    let catalog = tutti_processors::catalog();
    let runner = TestRunner::of(catalog.get(kind).unwrap(), properties).unwrap();
    let told = runner.verify(attributes).await;
    told.into_iter().map(|one| (one.name, one.outcome, one.explanation)).collect()
}

fn outcomes(told: &Told) -> Vec<Outcome> {
    told.iter().map(|(_, outcome, _)| *outcome).collect()
}

#[tokio::test]
async fn a_folder_is_read_and_not_emptied() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.wav"), "a").unwrap();
    let path = folder.path().to_str().unwrap();
    for kind in ["GetFile", "ListFile"] {
        let name = if kind == "GetFile" { "Directory" } else { "Input Directory" };
        let told = verify(kind, &[(name, path)], None).await;
        assert!(outcomes(&told).iter().all(|one| *one == Passed), "{told:?}");
        assert!(told[0].2.contains("there are 1 names"), "{told:?}");
        let missing = format!("{path}/nowhere");
        let told = verify(kind, &[(name, &missing)], None).await;
        assert!(outcomes(&told).iter().all(|one| *one == Failed), "{told:?}");
        assert!(told[0].2.contains("nowhere"), "{told:?}");
    }
    // What keeps its files needs no right to take them.
    let keeps = [("Directory", path), ("Keep Source File", "true")];
    let told = verify("GetFile", &keeps, None).await;
    assert_eq!(outcomes(&told), [Passed, Passed], "{told:?}");
    assert!(told[1].2.contains("of 1 files 1 are looked for"), "{told:?}");
    let none = [keeps[0], keeps[1], ("File Filter", ".*\\.mp3")];
    let told = verify("GetFile", &none, None).await;
    assert_eq!(outcomes(&told), [Passed, Skipped], "{told:?}");
    assert!(told[1].2.contains("of 1 files none is looked for"), "{told:?}");
    assert_eq!(fs::read(folder.path().join("a.wav")).unwrap(), b"a");
}

#[tokio::test]
async fn a_folder_to_write_to_is_there_or_can_be_made_and_is_not_made() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    let missing = format!("{path}/by/artist");
    fs::write(folder.path().join("file"), "").unwrap();
    let below = format!("{path}/file/more");
    for (properties, right) in [
        (vec![("Directory", path)], Passed),
        (vec![("Directory", &*missing)], Passed),
        (vec![("Directory", &*missing), ("Create Missing Directories", "false")], Failed),
        (vec![("Directory", &*below)], Failed),
    ] {
        let told = verify("PutFile", &properties, None).await;
        assert_eq!(outcomes(&told), [right], "{told:?}");
    }
    assert!(!folder.path().join("by").exists());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[tokio::test]
async fn what_depends_on_the_flowfile_needs_one() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.wav"), "abc").unwrap();
    let path = folder.path().to_str().unwrap();
    assert_eq!(outcomes(&verify("FetchFile", &[], None).await), [Skipped]);
    let sample = [("absolute.path", path), ("filename", "a.wav")];
    let told = verify("FetchFile", &[], Some(&sample)).await;
    assert_eq!(outcomes(&told), [Passed]);
    assert!(told[0].2.contains("3 bytes"), "{told:?}");
    let told = verify("FetchFile", &[], Some(&[sample[0], ("filename", "b.wav")])).await;
    assert_eq!(outcomes(&told), [Failed]);
    let wrong = [("Directory", "${a:toNumber():divide(0)}")];
    let told = verify("PutFile", &wrong, Some(&[("a", "1")])).await;
    assert_eq!(outcomes(&told), [Failed], "{told:?}");
}

#[tokio::test]
async fn a_store_is_looked_into() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("music")).unwrap();
    let url = format!("file://{}", folder.path().to_str().unwrap());
    for kind in ["ListObjects", "PutObject", "DeleteObject"] {
        let there = [("Object Store URL", &*url), ("Bucket", "music")];
        let told = verify(kind, &there, None).await;
        assert_eq!(outcomes(&told), [Passed, Passed], "{kind} {told:?}");
    }
    let nowhere = [("Object Store URL", &*url), ("Bucket", "nowhere")];
    let told = verify("ListObjects", &nowhere, None).await;
    assert_eq!(outcomes(&told), [Passed, Failed], "{told:?}");
    let by_flowfile = [("Object Store URL", &*url), ("Bucket", "${genre}")];
    let told = verify("FetchObject", &by_flowfile, None).await;
    assert_eq!(outcomes(&told), [Passed, Skipped], "{told:?}");
    // Nobody answers there.
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let url = format!("http://{free}");
    let away = [
        ("Object Store URL", &*url),
        ("Bucket", "music"),
        ("Credentials", "anonymous"),
        ("Maximum Retries", "0"),
    ];
    let told = verify("PutObject", &away, None).await;
    assert_eq!(outcomes(&told), [Passed, Failed], "{told:?}");
    assert!(!folder.path().join("nowhere").exists());
}

#[tokio::test]
async fn a_port_is_free_or_taken_and_a_server_is_there_or_not() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let here = ("Listening Address", "127.0.0.1");
    let told = verify("ListenHTTP", &[here, ("Listening Port", &port)], None).await;
    assert_eq!(outcomes(&told), [Skipped], "{told:?}");
    let url = format!("http://127.0.0.1:{port}/a");
    let told = verify("InvokeHTTP", &[("HTTP URL", &url)], None).await;
    assert_eq!(outcomes(&told), [Passed, Passed], "{told:?}");
    drop(taken);
    let told = verify("InvokeHTTP", &[("HTTP URL", &url)], None).await;
    assert_eq!(outcomes(&told), [Passed, Failed], "{told:?}");
    let told = verify("ListenHTTP", &[here, ("Listening Port", &port)], None).await;
    assert_eq!(outcomes(&told), [Passed], "{told:?}");
    let nowhere = [("Listening Address", "192.0.2.1"), ("Listening Port", &*port)];
    let told = verify("ListenHTTP", &nowhere, None).await;
    assert_eq!(outcomes(&told), [Failed], "{told:?}");
}

#[tokio::test]
async fn who_works_on_flowfiles_alone_has_nothing_to_try() {
    assert_eq!(verify("HashContent", &[], None).await, []);
}
