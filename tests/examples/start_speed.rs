//! From starting `tutti serve` to the first 200 on `/health/ready`.
//! `cargo run --release -p tutti-tests --example start_speed`, with the binary built

#![allow(clippy::print_stdout, reason = "a command for people")]

use std::error::Error;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::time::Instant;

use tutti_tests::binary;
use tutti_tests::cost::median;

const ROUNDS: usize = 20;

fn main() -> Result<(), Box<dyn Error>> {
    let flow = binary::repository().join("flows/audio-features.json");
    let mut times_ms = Vec::new();
    for _ in 0..ROUNDS {
        let desk = tempfile::tempdir()?;
        let started = Instant::now();
        let mut child = Command::new(binary::path())
            .arg("serve")
            .arg(&flow)
            .args(["--listen", "127.0.0.1:0", "--data"])
            .arg(desk.path().join("data"))
            .arg("--param")
            .arg(format!("input={}", desk.path().display()))
            .arg("--param")
            .arg(format!("output=file://{}", desk.path().join("out").display()))
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().ok_or("no output")?).read_line(&mut line)?;
        let address = line.trim().rsplit_once("http://").ok_or("it does not say where")?.1;
        // It serves before its processors have started, and says so.
        while !ask(address)?.starts_with("HTTP/1.1 200 ") {}
        times_ms.push(started.elapsed().as_secs_f64() * 1_000.0);
        child.kill()?;
        child.wait()?;
    }
    let slowest = times_ms.iter().copied().fold(0.0, f64::max);
    println!("start to ready: median {:.0} ms, slowest {slowest:.0} ms", median(times_ms));
    Ok(())
}

/// What `/health/ready` answers.
fn ask(address: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(address)?;
    let request =
        format!("GET /health/ready HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}
