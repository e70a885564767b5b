//! `tutti serve` as a test sees it: a child process, and answers over a socket.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStderr, ChildStdout, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::workplace::PATIENCE;

/// A service that has said where it listens.
pub(crate) struct Service {
    pub(crate) address: String,
    child: Child,
    stdout: BufReader<ChildStdout>,
    stderr: ChildStderr,
}

impl Service {
    /// Starts it and waits for its line.
    pub(crate) fn start(mut command: Command) -> Self {
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut stderr = child.stderr.take().unwrap();
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let Some(address) = line.trim_end().strip_prefix("listening on http://") else {
            let mut said = String::new();
            stderr.read_to_string(&mut said).unwrap();
            panic!("\"{line}\" is not the line that was waited for\n{said}");
        };
        Self { address: address.to_owned(), child, stdout, stderr }
    }

    /// The status and the JSON that it answers with.
    pub(crate) fn ask(&self, method: &str, path: &str) -> (u16, Value) {
        self.send(method, path, "")
    }

    /// The same, sent some JSON.
    pub(crate) fn send(&self, method: &str, path: &str, body: &str) -> (u16, Value) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let length = body.len();
        let headers = format!(
            "Content-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n"
        );
        let host = &self.address;
        let request = format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\n{headers}\r\n{body}");
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, serde_json::from_str(body).unwrap())
    }

    /// Asks until the answer is what is waited for.
    pub(crate) fn ask_until(&self, path: &str, is_right: impl Fn(&(u16, Value)) -> bool) -> Value {
        let started = Instant::now();
        loop {
            let answer = self.ask("GET", path);
            if is_right(&answer) {
                return answer.1;
            }
            assert!(started.elapsed() < PATIENCE, "waited in vain: {answer:?}");
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// Sends what Ctrl-C or a service manager sends.
    #[cfg(unix)]
    pub(crate) fn signal(&self, signal: rustix::process::Signal) {
        let id = rustix::process::Pid::from_raw(self.child.id().try_into().unwrap()).unwrap();
        rustix::process::kill_process(id, signal).unwrap();
    }

    /// Waits for its end: its exit code, and what else it said.
    pub(crate) fn end(&mut self) -> (Option<i32>, String, String) {
        let (mut stdout, mut stderr) = (String::new(), String::new());
        self.stdout.read_to_string(&mut stdout).unwrap();
        self.stderr.read_to_string(&mut stderr).unwrap();
        let status = self.child.wait().unwrap();
        (status.code(), stdout, stderr)
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // A test that failed leaves nothing behind; one that went well has waited already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
