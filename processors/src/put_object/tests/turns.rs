//! Whoever puts an object waits for its turn.

use super::*;
use crate::sinks::turns;

#[tokio::test]
async fn an_object_is_put_when_it_is_its_turn() {
    let mut runner = runner("memory://turns", &[]);
    runner.enqueue(b"{}", &[("filename", "a")]);
    runner.enqueue(b"{}", &[("filename", "b")]);
    let other = turns::at("memory://turns/audio-features/a").await;
    let put = tokio::time::timeout(Duration::from_millis(100), runner.run()).await;
    assert!(put.is_err() && stored("turns", "audio-features/a").await.is_none(), "it waits");
    drop(other);
    runner.run_times(2).await.unwrap();
    assert!(stored("turns", "audio-features/b").await.is_some());
}

#[tokio::test]
async fn a_folder_by_another_name_has_the_same_turns() {
    let folder = TempDir::new().unwrap();
    std::fs::create_dir(folder.path().join("out")).unwrap();
    std::os::unix::fs::symlink("out", folder.path().join("other")).unwrap();
    let url = Url::from_directory_path(folder.path().join("other")).unwrap();
    let mut runner = runner(url.as_str(), &[("Object Key", "a")]);
    runner.enqueue(b"{}", &[]);
    let real = folder.path().join("out").canonicalize().unwrap();
    let other = turns::at(&format!("{}/audio-features/a", real.display())).await;
    let put = tokio::time::timeout(Duration::from_millis(100), runner.run()).await;
    assert!(put.is_err() && !real.join("audio-features/a").exists(), "it waits");
    drop(other);
}
