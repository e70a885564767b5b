//! A flow that `tutti serve` runs, spoken to over HTTP.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::{binary, cost};

/// How long anything may take before it counts as something that hangs.
const PATIENCE: Duration = Duration::from_mins(2);

/// A process that serves.
pub struct Served {
    child: Child,
    address: String,
    log: PathBuf,
}

/// What a request was answered with.
#[derive(Debug)]
pub struct Answer {
    /// The status of HTTP.
    pub status: u16,
    /// The head, in lower case.
    pub head: String,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as JSON.
    ///
    /// # Panics
    /// When it is none.
    pub fn json(&self) -> Value {
        let parsed = serde_json::from_slice(&self.body);
        assert!(parsed.is_ok(), "{}: {}", self.status, String::from_utf8_lossy(&self.body));
        parsed.unwrap_or_default()
    }

    /// The same, when the status is this one.
    ///
    /// # Panics
    /// When it is another.
    pub fn expect(self, status: u16) -> Self {
        let body = String::from_utf8_lossy(&self.body);
        assert_eq!(self.status, status, "{body}");
        self
    }
}

impl Served {
    /// Serves the flow in that file, with its data in `data`; returns once it answers.
    ///
    /// # Errors
    /// When the binary cannot be started, or ends before it answers, with what it said.
    pub fn start<A: AsRef<OsStr>>(flow: &Path, data: &Path, more: &[A]) -> io::Result<Self> {
        let log = data.with_extension("log");
        let mut command = Command::new(binary::path());
        command.arg("serve").arg(flow).arg("--data").arg(data).args(["--listen", "127.0.0.1:0"]);
        command.args(more).env("NO_COLOR", "1").stdin(Stdio::null()).stdout(Stdio::piped());
        command.stderr(File::options().create(true).append(true).open(&log)?);
        command.current_dir(data.parent().unwrap_or(Path::new("/")));
        let mut child = command.spawn()?;
        let mut line = String::new();
        if let Some(out) = child.stdout.take() {
            BufReader::new(out).read_line(&mut line)?;
        }
        let url = line.trim_end().strip_prefix("listening on ").unwrap_or_default();
        if let Some((_, address)) = url.split_once("://") {
            return Ok(Self { child, address: address.to_owned(), log });
        }
        child.wait()?;
        Err(io::Error::other(fs::read_to_string(&log)?))
    }

    /// The number of its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Where it answers: host and port.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// What it and those before it with the same data have said.
    ///
    /// # Errors
    /// When that cannot be read.
    pub fn log(&self) -> io::Result<String> {
        fs::read_to_string(&self.log)
    }

    /// Sends a whole text in the place of what is there.
    ///
    /// # Errors
    /// When it does not answer.
    pub fn put(&self, path: &str, text: &str) -> io::Result<Answer> {
        self.ask("PUT", path, "content-type: application/json\r\n", text.as_bytes())
    }

    /// Asks for something.
    ///
    /// # Errors
    /// When it does not answer.
    pub fn get(&self, path: &str) -> io::Result<Answer> {
        self.ask("GET", path, "", b"")
    }

    /// Sends JSON.
    ///
    /// # Errors
    /// When it does not answer.
    pub fn post(&self, path: &str, body: &Value) -> io::Result<Answer> {
        let headers = "content-type: application/json\r\n";
        self.ask("POST", path, headers, body.to_string().as_bytes())
    }

    /// Sends a request with headers, each with its line end.
    ///
    /// # Errors
    /// When it does not answer.
    pub fn ask(&self, method: &str, path: &str, headers: &str, body: &[u8]) -> io::Result<Answer> {
        let mut stream = self.connect()?;
        let (host, length) = (&self.address, body.len());
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n{headers}\
             content-length: {length}\r\n\r\n"
        )?;
        stream.write_all(body)?;
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes)?;
        answer(&bytes).ok_or_else(|| io::Error::other("no answer of HTTP"))
    }

    /// Watches what happens: names and data of events, as they come.
    ///
    /// # Errors
    /// When it does not answer.
    pub fn watch(&self) -> io::Result<impl Iterator<Item = (String, Value)> + use<>> {
        let mut stream = self.connect()?;
        let host = &self.address;
        write!(stream, "GET /api/v1/events HTTP/1.1\r\nhost: {host}\r\n\r\n")?;
        let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
        let mut name = String::new();
        Ok(std::iter::from_fn(move || {
            loop {
                let line = lines.next()?;
                if let Some(event) = line.strip_prefix("event: ") {
                    event.clone_into(&mut name);
                } else if let Some(data) = line.strip_prefix("data: ") {
                    let data = serde_json::from_str(data).ok()?;
                    return Some((std::mem::take(&mut name), data));
                }
            }
        }))
    }

    /// Asks for something, and goes without waiting for it.
    ///
    /// # Errors
    /// When it cannot be asked.
    pub fn leave(&self, path: &str) -> io::Result<()> {
        let mut stream = self.connect()?;
        let host = &self.address;
        write!(stream, "GET {path} HTTP/1.1\r\nhost: {host}\r\n\r\n")
    }

    /// The most memory that it has had, in MB.
    pub fn memory_peak_mb(&self) -> Option<f64> {
        cost::memory_peak_mb(self.child.id())
    }

    fn connect(&self) -> io::Result<TcpStream> {
        let stream = TcpStream::connect(&self.address)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(stream)
    }

    /// Ends it at once, as a loss of power would.
    ///
    /// # Errors
    /// When it cannot be waited for.
    pub fn kill(mut self) -> io::Result<()> {
        self.child.kill()?;
        self.child.wait().map(drop)
    }

    /// The same, while somebody else waits for an answer of it.
    ///
    /// # Errors
    /// When it cannot be killed.
    pub fn kill_now(&self) -> io::Result<()> {
        kill_process(Pid::from_child(&self.child), Signal::KILL).map_err(io::Error::from)
    }

    /// Asks it to end, and waits until it has; whether it went well.
    ///
    /// # Errors
    /// When it cannot be waited for, or does not end.
    pub fn end(mut self) -> io::Result<bool> {
        let _ = kill_process(Pid::from_child(&self.child), Signal::TERM);
        let asked = Instant::now();
        while asked.elapsed() < PATIENCE {
            if let Some(status) = self.child.try_wait()? {
                return Ok(status.success());
            }
            thread::sleep(Duration::from_millis(10));
        }
        Err(io::ErrorKind::TimedOut.into())
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An answer, whose body may come in chunks.
fn answer(bytes: &[u8]) -> Option<Answer> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&bytes[..end]).ok()?.to_lowercase();
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let rest = &bytes[end + 4..];
    let is_chunked = head.contains("transfer-encoding: chunked");
    let body = if is_chunked { unchunked(rest)? } else { rest.to_vec() };
    Some(Answer { status, head, body })
}

fn unchunked(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let end = rest.windows(2).position(|two| two == b"\r\n")?;
        let length = std::str::from_utf8(&rest[..end]).ok()?;
        let length = usize::from_str_radix(length.trim(), 16).ok()?;
        if length == 0 {
            return Some(body);
        }
        body.extend_from_slice(rest.get(end + 2..end + 2 + length)?);
        rest = rest.get(end + 2 + length + 2..)?;
    }
}
