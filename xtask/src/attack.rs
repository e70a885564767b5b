//! The HTTP interface, attacked with what its own `OpenAPI` document says that it takes, and with
//! what it says that it does not (schemathesis): nothing may be answered with a failure of the
//! server, nor otherwise than the document says.
//!
//! Two servers are attacked: one where nearly nothing is, whoever asks; and one with users, to
//! which somebody comes who has a token and knows what is there, so that every operation does work.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::counts::Counts;
use crate::environment::Environment;
use crate::run as shell;
use crate::steps::Outcome;

const TESTS: &str = "server/tests/attack";
/// What has no end, and what would end the test.
const LEFT_OUT: [&str; 2] = ["/api/v1/events", "/api/v1/stop"];

/// What is done to which flow by who knows them. In one go, what breaks a flow or deletes it would
/// learn the names of all from what looks.
const DONE: [(&str, &[&str]); 5] = [
    ("kept", &[]),
    // As the examples of the document call it.
    ("copy", &["deploy", "planText", "putFlow"]),
    ("applied", &["apply", "discardTrash"]),
    (
        "broken",
        &[
            "changeDraft",
            "control",
            "emptyQueue",
            "forgetState",
            "listTrash",
            "moveQueue",
            "redo",
            "restoreTrash",
            "rollBack",
            "undo",
        ],
    ),
    ("deleted", &["deleteFlow"]),
];
/// Who may log in, and with what.
const USER: (&str, &str) = ("attacker", "a long way to tipperary");

/// `cargo xtask attack`: this alone.
pub(crate) fn run() -> Result<(), String> {
    shell::build_binary()?;
    match test(&mut Counts::default())? {
        Outcome::Passed => Ok(()),
        Outcome::Skipped(why) => Err(why),
    }
}

/// Attacks servers with flows of their own; the binary must have been built.
pub(crate) fn test(counts: &mut Counts) -> Result<Outcome, String> {
    let tests = shell::repository().join(TESTS);
    let requirements = format!("{TESTS}/requirements.txt");
    let environment = match Environment::prepare("attack", &requirements) {
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
    let stranger = Attack::new(&environment, folder.join("stranger"), &["kept"])?;
    let settings = tests.join("schemathesis.toml");
    stranger.serve(|served| stranger.attack(served, &settings, &[], counts))?;

    let flows = DONE.map(|(flow, _)| flow);
    let insider = Attack::new(&environment, folder.join("insider"), &flows)?;
    insider.add_user()?;
    let token = insider.token()?;
    let header = format!("Authorization: Bearer {token}");
    insider.serve(|served| {
        let mut make = shell::command(&environment.program("python"), &[]);
        make.arg(tests.join("world.py")).args([&served.url, &token]).arg(&insider.folder);
        make.args([USER.0, USER.1]);
        for flow in flows {
            let settings = insider.folder.join(flow).with_extension("toml");
            fs::copy(tests.join("insider.toml"), &settings)
                .map_err(|error| told(&settings, &error))?;
            make.arg(format!("{flow}={}", settings.display()));
        }
        shell::see(make, |line| counts.see(line))?;
        let mut look = shell::command(&environment.program("python"), &[]);
        look.arg(tests.join("reached.py")).arg(shell::repository().join("docs/openapi.json"));
        for (flow, operations) in DONE {
            let settings = insider.folder.join(flow).with_extension("toml");
            let report = settings.with_extension("har");
            let path = report.display().to_string();
            let mut arguments = vec!["--header", &header, "--report-har-path", &path];
            let (select, operations) = match operations {
                [] => (
                    "--exclude-operation-id",
                    DONE.iter().flat_map(|(_, some)| *some).copied().collect(),
                ),
                some => ("--include-operation-id", some.to_vec()),
            };
            arguments.extend(operations.iter().flat_map(|operation| [select, operation]));
            insider.attack(served, &settings, &arguments, counts)?;
            look.arg(report);
        }
        shell::see(look, |line| counts.see(line))
    })?;
    Ok(Outcome::Passed)
}

fn told(path: &Path, error: &std::io::Error) -> String {
    format!("\"{}\": {error}", path.display())
}

/// The binary that was built, in a folder with its data.
fn tutti(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = shell::command(&shell::binary().to_string_lossy(), arguments);
    command.args(["--data", "data"]).current_dir(folder);
    command
}

/// One server, and who attacks it.
struct Attack<'a> {
    environment: &'a Environment,
    folder: PathBuf,
}

impl<'a> Attack<'a> {
    /// On flows in which everything comes to wait.
    fn new(environment: &'a Environment, folder: PathBuf, names: &[&str]) -> Result<Self, String> {
        let flows = folder.join("flows");
        fs::create_dir_all(&flows).map_err(|error| told(&flows, &error))?;
        for name in names {
            let files = folder.join(name);
            let input = files.join("in");
            fs::create_dir_all(&input).map_err(|error| told(&input, &error))?;
            let at = |property, path: &Path| {
                format!(r#"{{ "{property}": {:?} }}"#, path.display().to_string())
            };
            let text = format!(
                r#"{{
  "format": 1,
  "name": "{name}",
  "processors": {{
    "List": {{
      "type": "ListFile", "properties": {list}, "autoTerminate": ["success"]
    }},
    "Get": {{ "type": "GetFile", "properties": {get} }},
    "Know": {{ "type": "IdentifyMimeType", "autoTerminate": ["failure"] }},
    "Put": {{
      "type": "PutFile", "state": "disabled", "properties": {put},
      "autoTerminate": ["failure", "success"]
    }}
  }},
  "connections": [
    {{ "from": "Get", "relationships": ["success"], "to": "Know" }},
    {{ "from": "Know", "relationships": ["success"], "to": "Put" }}
  ]
}}"#,
                list = at("Input Directory", &input),
                get = at("Directory", &input),
                put = at("Directory", &files.join("out")),
            );
            let flow = flows.join(name).with_extension("json");
            fs::write(&flow, text).map_err(|error| told(&flow, &error))?;
        }
        Ok(Self { environment, folder })
    }

    /// Who may log in.
    fn add_user(&self) -> Result<(), String> {
        let binary = shell::binary();
        let (name, password) = USER;
        let mut child = tutti(&self.folder, &["user", "add", name, "--role", "viewer"])
            .stdin(Stdio::piped())
            .spawn()
            .map_err(|error| told(&binary, &error))?;
        if let Some(mut input) = child.stdin.take() {
            writeln!(input, "{password}").map_err(|error| told(&binary, &error))?;
        }
        let status = child.wait().map_err(|error| told(&binary, &error))?;
        if status.success() { Ok(()) } else { Err("no user can be added".to_owned()) }
    }

    /// A token of somebody who may do everything.
    fn token(&self) -> Result<String, String> {
        let binary = shell::binary();
        let made = tutti(&self.folder, &["token", "create", "attack", "--role", "admin"])
            .stderr(Stdio::inherit())
            .output()
            .map_err(|error| told(&binary, &error))?;
        let token = String::from_utf8_lossy(&made.stdout).trim().to_owned();
        if made.status.success() { Ok(token) } else { Err("no token can be made".to_owned()) }
    }

    /// Serves the flows for what is done to them.
    fn serve(&self, mut work: impl FnMut(&Served) -> Result<(), String>) -> Result<(), String> {
        let served = Served::start(&self.folder)?;
        let done = work(&served);
        // What was said last says more than that it is gone.
        if served.has_died() {
            return Err(format!("the server died; \"{}\" says more", self.folder.display()));
        }
        done
    }

    fn attack(
        &self,
        served: &Served,
        settings: &Path,
        arguments: &[&str],
        counts: &mut Counts,
    ) -> Result<(), String> {
        let mut attack = shell::command(&self.environment.program("schemathesis"), &[]);
        attack.current_dir(&self.folder).arg("--config-file").arg(settings).arg("run");
        attack.arg(format!("{}/api/v1/openapi.json", served.url)).args(arguments);
        for path in LEFT_OUT {
            attack.args(["--exclude-path", path]);
        }
        shell::see(attack, |line| counts.see(line))
    }
}

/// A server of the binary that was built.
struct Served {
    child: Child,
    url: String,
}

impl Served {
    fn start(folder: &Path) -> Result<Self, String> {
        let log = folder.join("server.log");
        let log = fs::File::create(&log).map_err(|error| told(&log, &error))?;
        let binary = shell::binary();
        let mut child = tutti(folder, &["serve", "flows", "--listen", "127.0.0.1:0"])
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
