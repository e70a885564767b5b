//! Tutti starts no programs, whatever lies in `PATH`.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to fail")]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use tutti_tests::binary::Run;
use tutti_tests::desk::Desk;
use tutti_tests::flows;

#[test]
fn a_sync_in_path_is_never_called_and_not_missed() {
    let desk = Desk::new().unwrap();
    let (folder, called) = (desk.path("programs"), desk.path("called"));
    fs::create_dir(&folder).unwrap();
    let sync = folder.join("sync");
    fs::write(&sync, format!("#!/bin/sh\necho called >> \"{}\"\n", called.display())).unwrap();
    fs::set_permissions(&sync, fs::Permissions::from_mode(0o755)).unwrap();
    assert!(Command::new(&sync).status().unwrap().success());
    assert!(called.exists(), "it would not tell");
    fs::remove_file(&called).unwrap();
    let flow = flows::write(&desk.path(""), "store", flows::STORE).unwrap();
    // Twice: into a new data folder, and into one that is there.
    for _ in 0..2 {
        let finished = Run::flow(&flow, &desk.path("data"))
            .parameter("input", desk.path("in"))
            .parameter("output", desk.store())
            .parameter("bucket", "b")
            .environment("PATH", &folder.display().to_string())
            .environment("TUTTI_LOG", "trace")
            .finish();
        finished.expect_code(0);
        assert!(!called.exists(), "it was called");
        assert!(!finished.stderr.contains("sync command"), "{finished}");
    }
}
