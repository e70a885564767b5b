//! A folder with files and a flow that copies them, for tests that run something.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::{finish, tutti};

/// How long a test waits for something that has to happen.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// Copies files from `in` to the folder `#{output}`; a file that is there already is a failure.
const FLOW: &str = r##"{
  "format": 1,
  "name": "copy",
  "description": "Copies files.",
  "parameterContext": "main",
  "parameterContexts": {
    "main": { "parameters": { "input": {}, "output": { "value": "default" } } }
  },
  "services": { "Seen": { "type": "MapCache" } },
  "processors": {
    "Get": {
      "type": "GetFile",
      "properties": { "Directory": "#{input}", "Keep Source File": "true" }
    },
    "Put": {
      "type": "PutFile",
      "properties": { "Directory": "#{output}" },
      "autoTerminate": ["success", "failure"]
    }
  },
  "connections": [{ "from": "Get", "relationships": ["success"], "to": "Put" }]
}
"##;

/// The folder; gone in the end.
pub(crate) struct Workplace {
    folder: TempDir,
}

impl Workplace {
    /// With the flow, and these files, each with its name in it, in the folder `in`.
    pub(crate) fn new(files: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("in")).unwrap();
        fs::write(folder.path().join("copy.json"), FLOW).unwrap();
        for name in files {
            fs::write(folder.path().join("in").join(name), name).unwrap();
        }
        Self { folder }
    }

    /// Has the flow put files into a store that takes connections and never answers, instead.
    /// Commands that are called here have a key for it; without one they would ask the machine's
    /// cloud for one before anything else.
    pub(crate) fn put_into_a_deaf_store(&self) -> TcpListener {
        let store = TcpListener::bind("127.0.0.1:0").unwrap();
        let flow = fs::read_to_string(self.path("copy.json")).unwrap();
        let flow = flow.replace("PutFile", "PutObject");
        let flow = flow.replace(
            r##""Directory": "#{output}""##,
            &format!(
                r##""Object Store URL": "http://{}", "Bucket": "b", "Object Key": "#{{output}}""##,
                store.local_addr().unwrap()
            ),
        );
        fs::write(self.path("copy.json"), flow).unwrap();
        store
    }

    /// Has the flow put files into a store that wants credentials, which nobody gives, instead.
    pub(crate) fn put_into_s3(&self) {
        let flow = fs::read_to_string(self.path("copy.json")).unwrap();
        let flow = flow.replace("PutFile", "PutObject").replace(
            r##""Directory": "#{output}""##,
            r##""Object Store URL": "s3://nowhere", "Bucket": "b", "Object Key": "#{output}""##,
        );
        fs::write(self.path("copy.json"), flow).unwrap();
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The binary, called in the folder.
    pub(crate) fn tutti(&self, arguments: &[&str]) -> Command {
        let mut command = tutti(arguments);
        command.current_dir(self.folder.path());
        command.env("AWS_ACCESS_KEY_ID", "key").env("AWS_SECRET_ACCESS_KEY", "made-up");
        command
    }

    /// `tutti run` of the flow until nothing is left to do.
    pub(crate) fn run(&self, arguments: &[&str]) -> Command {
        let mut command = self.tutti(&["run", "copy.json", "--param", "input=in"]);
        command.arg("--until-idle").args(arguments);
        command
    }
}

/// A place whose data folder holds the files "a" and "b" in a queue, and nobody else has them.
pub(crate) fn waiting() -> Workplace {
    let place = Workplace::new(&["a", "b"]);
    let flow = fs::read_to_string(place.path("copy.json")).unwrap();
    let idle =
        flow.replace("\"type\": \"PutFile\",", "\"type\": \"PutFile\", \"state\": \"disabled\",");
    let idle = idle.replace("\"Keep Source File\": \"true\"", "\"Keep Source File\": \"false\"");
    assert_ne!(flow, idle);
    fs::write(place.path("copy.json"), idle).unwrap();
    let (code, _, stderr) = finish(place.run(&["--data", "data"]));
    assert_eq!(code, 1, "{stderr}");
    assert!(names(&place.path("in")).is_empty());
    fs::write(place.path("copy.json"), flow).unwrap();
    place
}

/// The names of the files in a folder, sorted.
pub(crate) fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// Waits until there is such a file.
pub(crate) fn wait_for(path: &Path) {
    let started = Instant::now();
    while !path.exists() {
        assert!(started.elapsed() < PATIENCE, "there is no \"{}\"", path.display());
        thread::sleep(Duration::from_millis(10));
    }
}
