//! How long requests for the status take that come 10,000 times a second, while the flow runs.
//! `cargo run --release -p tutti-tests --example request_speed`, with the binary built

#![allow(clippy::print_stdout, reason = "a command for people")]

use std::error::Error;
use std::io::{self, BufReader, Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use tutti_tests::flows;
use tutti_tests::served::Served;

const CONNECTIONS: u32 = 16;
/// Of all connections together, in a second.
const RATE: u32 = 10_000;
const SECONDS: u32 = 10;

fn main() -> Result<(), Box<dyn Error>> {
    let desk = tempfile::tempdir()?;
    let flow = desk.path().join("made.json");
    // A hundred flowfiles ten times a second, so that there is something at work.
    std::fs::write(&flow, flows::made("100", "100 ms"))?;
    let served =
        Served::start(&flow, &desk.path().join("data"), &["--requests-per-second", "20000"])?;
    for path in ["/health/live", "/api/v1/flows", "/api/v1/status"] {
        let mut times = ask(served.address(), path)?;
        times.sort_unstable();
        let at = |share: f64| {
            let index = (times.len() as f64 * share) as usize;
            times.get(index).copied().unwrap_or_default().as_secs_f64() * 1_000.0
        };
        let each = times.len() as f64 / f64::from(SECONDS);
        println!(
            "{path}: {each:.0} a second; p50 {:.2} ms, p99 {:.2} ms, p99.9 {:.2} ms",
            at(0.5),
            at(0.99),
            at(0.999)
        );
    }
    Ok(())
}

/// How long each request took from the moment it was to be sent: one that waited for those before
/// it took as long.
fn ask(address: &str, path: &str) -> io::Result<Vec<Duration>> {
    let begun = Instant::now();
    let asking: Vec<_> = (0..CONNECTIONS)
        .map(|number| {
            let (address, path) = (address.to_owned(), path.to_owned());
            thread::spawn(move || one(&address, &path, begun, number))
        })
        .collect();
    let mut times = Vec::new();
    for each in asking {
        let done = each.join().map_err(|_| io::Error::other("a thread panicked"))?;
        times.extend(done?);
    }
    Ok(times)
}

fn one(address: &str, path: &str, begun: Instant, number: u32) -> io::Result<Vec<Duration>> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream.try_clone()?);
    let request = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\n\r\n");
    let count = RATE / CONNECTIONS * SECONDS;
    let mut times = Vec::new();
    for turn in 0..count {
        let due = Duration::from_secs(1) * (turn * CONNECTIONS + number) / RATE;
        if let Some(pause) = due.checked_sub(begun.elapsed()) {
            thread::sleep(pause);
        }
        stream.write_all(request.as_bytes())?;
        answer(&mut reader)?;
        times.push(begun.elapsed().saturating_sub(due));
        // Who cannot keep up is told of as such, and does not go on for ever.
        if begun.elapsed() > Duration::from_secs(1) * SECONDS * 2 {
            break;
        }
    }
    Ok(times)
}

/// Reads a whole answer.
fn answer(reader: &mut BufReader<TcpStream>) -> io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        reader.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&head).to_ascii_lowercase();
    if !head.starts_with("http/1.1 200") {
        return Err(io::Error::other(head));
    }
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    let length = length.and_then(|length| length.trim().parse().ok());
    let length: usize = length.ok_or_else(|| io::Error::other("no length"))?;
    io::copy(&mut reader.take(length as u64), &mut io::sink())?;
    Ok(())
}
