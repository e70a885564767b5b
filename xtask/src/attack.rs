//! The HTTP interface, attacked with what its own `OpenAPI` document says that it takes, and with
//! what it says that it does not (schemathesis): nothing may be answered with a failure of the
//! server, nor otherwise than the document says.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};

use crate::counts::Counts;
use crate::environment::Environment;
use crate::run as shell;
use crate::steps::Outcome;

const REQUIREMENTS: &str = "server/tests/attack/requirements.txt";
const SETTINGS: &str = "server/tests/attack/schemathesis.toml";
/// What has no end, and what would end the test.
const LEFT_OUT: [&str; 2] = ["/api/v1/events", "/api/v1/stop"];

/// `cargo xtask attack`: this alone.
pub(crate) fn run() -> Result<(), String> {
    shell::build_binary()?;
    match test(&mut Counts::default())? {
        Outcome::Passed => Ok(()),
        Outcome::Skipped(why) => Err(why),
    }
}

/// Attacks a server with a flow of its own; the binary must have been built.
pub(crate) fn test(counts: &mut Counts) -> Result<Outcome, String> {
    let environment = match Environment::prepare("attack", REQUIREMENTS) {
        Ok(environment) => environment,
        Err(why) => {
            counts.see(&format!("SKIPPED the attack on the interface: {why}"));
            return Ok(Outcome::Skipped(why));
        }
    };
    let folder = shell::target_directory().join("tools/attacked");
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(|error| told(&folder, &error))?;
    }
    fs::create_dir_all(&folder).map_err(|error| told(&folder, &error))?;
    let served = Served::start(&folder)?;
    let document = format!("{}/api/v1/openapi.json", served.url);
    let settings = shell::repository().join(SETTINGS);
    let mut arguments = vec!["--config-file", settings.to_str().unwrap_or(SETTINGS), "run"];
    arguments.push(&document);
    for path in LEFT_OUT {
        arguments.extend(["--exclude-path", path]);
    }
    let mut attack = shell::command(&environment.program("schemathesis"), &arguments);
    attack.current_dir(&folder);
    let attacked = shell::see(attack, |line| counts.see(line));
    // What it said last says more than that it is gone.
    if served.has_died() {
        return Err(format!("the server died; \"{}\" says more", folder.display()));
    }
    attacked.map(|()| Outcome::Passed)
}

fn told(path: &Path, error: &std::io::Error) -> String {
    format!("\"{}\": {error}", path.display())
}

/// A server of the binary that was built.
struct Served {
    child: Child,
    url: String,
}

impl Served {
    fn start(folder: &Path) -> Result<Self, String> {
        let flow = folder.join("copy.json");
        let properties = |name: &str| {
            let path = folder.join(name);
            format!(r#"{{ "Directory": {:?} }}"#, path.display().to_string())
        };
        let text = format!(
            r#"{{
  "format": 1,
  "name": "copy",
  "processors": {{
    "Get": {{ "type": "GetFile", "properties": {} }},
    "Put": {{ "type": "PutFile", "properties": {}, "autoTerminate": ["failure", "success"] }}
  }},
  "connections": [{{ "from": "Get", "relationships": ["success"], "to": "Put" }}]
}}"#,
            properties("in"),
            properties("out")
        );
        fs::create_dir_all(folder.join("in")).map_err(|error| told(folder, &error))?;
        fs::write(&flow, text).map_err(|error| told(&flow, &error))?;
        let log = folder.join("server.log");
        let log = fs::File::create(&log).map_err(|error| told(&log, &error))?;
        let binary = shell::binary();
        let arguments = ["serve", "copy.json", "--data", "data", "--listen", "127.0.0.1:0"];
        let mut child = shell::command(&binary.to_string_lossy(), &arguments)
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .map_err(|error| told(&binary, &error))?;
        let mut line = String::new();
        if let Some(out) = child.stdout.take() {
            BufReader::new(out).read_line(&mut line).map_err(|error| told(&binary, &error))?;
        }
        match line.trim_end().strip_prefix("listening on ") {
            Some(url) => Ok(Self { child, url: url.to_owned() }),
            None => Err(format!("the server does not listen; \"{}\" says more", folder.display())),
        }
    }

    fn has_died(mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // It may be gone already.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
