//! From starting `tutti serve` to the first 200 on `/health/ready`, with the main flow and with a
//! flow of a thousand processors; and what the latter costs while there is nothing to do.
//! `cargo run --release -p tutti-tests --example start_speed`, with the binary built

#![allow(clippy::print_stdout, reason = "a command for people")]

use std::error::Error;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::{Map, Value, json};
use tutti_tests::binary;
use tutti_tests::cost::{cpu_s, median, memory_mb};

const ROUNDS: usize = 20;
/// Lines of processors, each behind a source that looks into an empty folder.
const LINES: usize = 100;
/// Processors of a line, with its source.
const LINE: usize = 10;
/// How long a flow that does nothing is watched.
const WATCHED: Duration = Duration::from_secs(30);

type Ended<T> = Result<T, Box<dyn Error>>;

fn main() -> Ended<()> {
    let main_flow = binary::repository().join("flows/audio-features.json");
    starts("the main flow", |desk| {
        let output = format!("output=file://{}", desk.join("out").display());
        serve(&main_flow, desk, &[format!("input={}", desk.display()), output])
    })?;
    starts("1,000 processors", thousand)?;
    let desk = tempfile::tempdir()?;
    let (mut child, address) = thousand(desk.path())?;
    wait_until_ready(&address)?;
    let (before, started) = (cpu_s(child.id())?, Instant::now());
    sleep(WATCHED);
    let cpu_s = cpu_s(child.id())? - before;
    println!(
        "1,000 processors without work: {:.2} % of a core, {:.0} MB",
        cpu_s / started.elapsed().as_secs_f64() * 100.0,
        memory_mb(child.id()).ok_or("it has ended")?
    );
    end(&mut child)
}

/// How long it takes from a start to ready, over some rounds.
fn starts(what: &str, start: impl Fn(&Path) -> Ended<(Child, String)>) -> Ended<()> {
    let mut times_ms = Vec::new();
    for _ in 0..ROUNDS {
        let desk = tempfile::tempdir()?;
        let started = Instant::now();
        let (mut child, address) = start(desk.path())?;
        wait_until_ready(&address)?;
        times_ms.push(started.elapsed().as_secs_f64() * 1_000.0);
        end(&mut child)?;
    }
    let slowest = times_ms.iter().copied().fold(0.0, f64::max);
    println!("{what}, start to ready: median {:.0} ms, slowest {slowest:.0} ms", median(times_ms));
    Ok(())
}

fn end(child: &mut Child) -> Ended<()> {
    child.kill()?;
    child.wait()?;
    Ok(())
}

/// Starts `tutti serve` with values of parameters; also hands back where it listens.
fn serve(flow: &Path, desk: &Path, parameters: &[String]) -> Ended<(Child, String)> {
    let mut child = Command::new(binary::path())
        .arg("serve")
        .arg(flow)
        .args(["--listen", "127.0.0.1:0", "--data"])
        .arg(desk.join("data"))
        .args(parameters.iter().flat_map(|parameter| ["--param", parameter]))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let mut line = String::new();
    BufReader::new(child.stdout.take().ok_or("no output")?).read_line(&mut line)?;
    let address = line.trim().rsplit_once("http://").ok_or("it does not say where")?.1;
    Ok((child, address.to_owned()))
}

/// Serves a flow of a thousand processors.
fn thousand(desk: &Path) -> Ended<(Child, String)> {
    let (mut processors, mut connections) = (Map::new(), Vec::new());
    for line in 0..LINES {
        let folder = desk.join("empty").join(line.to_string());
        fs::create_dir_all(&folder)?;
        let name = |index: usize| format!("{line:02}-{index}");
        for index in 0..LINE {
            let processor = match index {
                0 => json!({ "type": "GetFile", "properties": { "Directory": folder } }),
                _ => json!({
                    "type": "UpdateAttribute",
                    "properties": { "step": format!("${{filename}}-{index}") },
                    "autoTerminate": if index + 1 == LINE { vec!["success"] } else { vec![] },
                }),
            };
            processors.insert(name(index), processor);
            if index > 0 {
                connections.push(json!({
                    "from": name(index - 1), "relationships": ["success"], "to": name(index)
                }));
            }
        }
    }
    let flow = json!({
        "format": 1,
        "name": "thousand",
        "processors": processors,
        "connections": connections,
    });
    let path = desk.join("flow.json");
    fs::write(&path, Value::to_string(&flow))?;
    serve(&path, desk, &[])
}

/// It serves before its processors have started, and says so.
fn wait_until_ready(address: &str) -> Ended<()> {
    while !ask(address)?.starts_with("HTTP/1.1 200 ") {}
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
