//! Real servers for tests: the products themselves, each one process on the loopback interface.
//!
//! What a service is made of lies in `tests/services/NAME`: `pom.xml`, whose jars Maven brings to
//! the user's cache folder, once; a class that starts the servers; and `conf/`. Nothing of a
//! service outlives the test's process: it is killed with its group, and where nobody is left to do
//! that it ends by itself when its input does.

pub mod gate;
pub mod harness;
mod jars;
mod java;
pub mod ozone;

use std::fs::{self, File, TryLockError};
use std::io;
use std::net::TcpListener;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use java::Jdk;
use rustix::process::{Pid, Signal, kill_process_group};

/// How long a service may take until it answers.
const START_PATIENCE: Duration = Duration::from_mins(3);
/// How long another test may hold a service.
const TURN_PATIENCE: Duration = Duration::from_mins(10);
/// Ports are looked for below those that the system gives to connections by itself.
const PORTS: std::ops::Range<u16> = 15_000..32_000;

/// Why a service does not run.
#[derive(Debug)]
pub enum NotStarted {
    /// This machine lacks what it needs and cannot get it: what, and what to do. Its tests are to
    /// be skipped, and loudly.
    Missing(String),
    /// It does not start, though all is there: its tests fail.
    Failed(String),
}

impl From<String> for NotStarted {
    fn from(why: String) -> Self {
        Self::Failed(why)
    }
}

/// What a service is started with.
struct Service {
    /// Its folder in `tests/services`.
    name: &'static str,
    /// The class that is started.
    main: &'static str,
    /// The Java that it runs on.
    java: std::ops::RangeInclusive<u32>,
    /// The memory for its objects, in MB.
    heap_mb: u32,
    /// How many ports it listens on. It finds them as the properties `service.port.0` and so on.
    ports: u16,
}

/// A service that was started, with a folder that nobody else uses.
struct Running {
    service: &'static Service,
    jdk: Jdk,
    class_path: String,
    folder: PathBuf,
    first_port: u16,
    process: Option<Child>,
    /// Held as long as this is: the folder is that of one at a time.
    _turn: File,
}

impl Running {
    /// Starts it with nothing in it, and returns when it answers.
    ///
    /// # Errors
    /// What is missing, or what the service said.
    fn start(service: &'static Service) -> Result<Self, NotStarted> {
        let home = cache()?.join("services").join(service.name);
        fs::create_dir_all(&home).map_err(failed("make", &home))?;
        let turn = turn(&home.join("lock"))?;
        let jdk = Jdk::find(service.name, &service.java).map_err(NotStarted::Missing)?;
        let class_path = jars::class_path(service.name, &home, &jdk)?;
        // What the last test left lies there until now, for those who want to look into its log.
        let folder = home.join("run");
        match fs::remove_dir_all(&folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(failed("delete", &folder)(error).into());
            }
            _ => fs::create_dir(&folder).map_err(failed("make", &folder))?,
        }
        let first_port = free_ports(service.ports)?;
        let process = None;
        let mut this = Self { service, jdk, class_path, folder, first_port, process, _turn: turn };
        this.start_again()?;
        Ok(this)
    }

    /// Kills it (SIGKILL) with all that it started; its data stays.
    fn kill(&mut self) -> Result<(), String> {
        let Some(mut process) = self.process.take() else { return Ok(()) };
        // It is not yet waited for, so nobody else can have its number.
        let killed = kill_process_group(Pid::from_child(&process), Signal::KILL);
        let killed = killed.map_err(io::Error::from).and_then(|()| process.wait());
        killed.map(drop).map_err(|error| format!("cannot kill {}: {error}", self.service.name))
    }

    /// Starts it on its data and its ports, and returns when it answers.
    fn start_again(&mut self) -> Result<(), String> {
        self.kill()?;
        let (ready, log) = (self.folder.join("ready"), self.folder.join("log.txt"));
        match fs::remove_file(&ready) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(failed("delete", &ready)(error));
            }
            _ => {}
        }
        let output = File::options().append(true).create(true).open(&log);
        let output = output.map_err(failed("open", &log))?;
        let mut command = self.command(&ready);
        command.stdout(output.try_clone().map_err(failed("open", &log))?).stderr(output);
        let started = Instant::now();
        let process = self.process.insert(
            command.spawn().map_err(|error| format!("cannot start {}: {error}", self.jdk))?,
        );
        while !ready.is_file() {
            let ended = process.try_wait().map_err(|error| error.to_string())?;
            let why = match ended {
                Some(status) => format!("ended with {status} before it was ready"),
                None if started.elapsed() > START_PATIENCE => {
                    format!("was not ready within {} s", START_PATIENCE.as_secs())
                }
                None => {
                    thread::sleep(Duration::from_millis(20));
                    continue;
                }
            };
            let (name, end) = (self.service.name, end_of(&log));
            self.kill()?;
            return Err(format!("{name} {why}; the end of \"{}\":\n{end}", log.display()));
        }
        Ok(())
    }

    fn command(&self, ready: &Path) -> Command {
        let mut command = Command::new(self.jdk.program("java"));
        command.current_dir(&self.folder).stdin(Stdio::piped()).process_group(0);
        // Two arenas: the memory of native threads would otherwise come to hundreds of MB.
        command.env("CLASSPATH", &self.class_path).env("MALLOC_ARENA_MAX", "2");
        command.arg(format!("-Xmx{}m", self.service.heap_mb)).args([
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:+ExitOnOutOfMemoryError",
            "-Djava.net.preferIPv4Stack=true",
            "-Djava.awt.headless=true",
        ]);
        let folder = self.folder.display();
        command.arg(format!("-Djava.io.tmpdir={folder}"));
        command.arg(format!("-Dservice.folder={folder}/data"));
        command.arg(format!("-Dservice.ready={}", ready.display()));
        for index in 0..self.service.ports {
            command.arg(format!("-Dservice.port.{index}={}", self.port(index)));
        }
        // Hadoop reaches into the JDK.
        for package in ["lang", "lang.reflect", "io", "nio", "net", "util", "util.concurrent"] {
            command.arg(format!("--add-opens=java.base/java.{package}=ALL-UNNAMED"));
        }
        command.arg("--add-opens=java.base/sun.nio.ch=ALL-UNNAMED");
        command.arg("--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED");
        command.arg(self.service.main);
        command
    }

    /// One of its ports.
    fn port(&self, index: u16) -> u16 {
        self.first_port + index
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Err(why) = self.kill() {
            eprintln!("{why}");
        }
    }
}

/// The folder for what is fetched once: `tutti` in the user's cache folder.
fn cache() -> Result<PathBuf, String> {
    let set = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let home = || set("HOME").map(|home| home.join(".cache"));
    let cache = set("XDG_CACHE_HOME").or_else(home);
    cache.map(|cache| cache.join("tutti")).ok_or_else(|| {
        "there is no place for a service's jars: set XDG_CACHE_HOME or HOME".to_owned()
    })
}

/// Waits until no other process uses the service: one such server is enough for a machine.
fn turn(path: &Path) -> Result<File, String> {
    let file = File::options().write(true).create(true).truncate(false).open(path);
    let file = file.map_err(failed("open", path))?;
    let started = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::Error(error)) => return Err(failed("lock", path)(error)),
            Err(TryLockError::WouldBlock) if started.elapsed() < TURN_PATIENCE => {
                thread::sleep(Duration::from_millis(100));
            }
            Err(TryLockError::WouldBlock) => {
                return Err(format!(
                    "another test has held \"{}\" for {} s",
                    path.display(),
                    TURN_PATIENCE.as_secs()
                ));
            }
        }
    }
}

/// The first of `count` ports in a row that nobody listens on.
fn free_ports(count: u16) -> Result<u16, String> {
    let is_free = |port| TcpListener::bind(("127.0.0.1", port)).is_ok();
    let mut run = 0;
    for port in PORTS {
        run = if is_free(port) { run + 1 } else { 0 };
        if run == count {
            return Ok(port + 1 - count);
        }
    }
    Err(format!("no {count} ports in a row are free from {} to {}", PORTS.start, PORTS.end))
}

fn end_of(log: &Path) -> String {
    let bytes = fs::read(log).unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(40)..].join("\n")
}

fn failed(what: &str, path: &Path) -> impl Fn(io::Error) -> String {
    move |error| format!("cannot {what} \"{}\": {error}", path.display())
}
