//! What a command costs, for benchmarks.

use std::fs;
use std::io;
use std::process::Command;
use std::time::{Duration, Instant};

/// In which `/proc` counts processor time.
const TICKS_A_SECOND: f64 = 100.0;

/// What a command cost.
#[derive(Debug, Clone, Copy)]
pub struct Cost {
    /// Processor time, in seconds, its own and the system's.
    pub cpu_s: f64,
    /// Time, in seconds.
    pub wall_s: f64,
    /// The most memory that it held at a time, in MB; of what is shared, all counts.
    pub memory_mb: f64,
}

/// Runs `command` to its end. Its memory is looked at every few milliseconds.
///
/// # Errors
/// When it cannot be run, or does not end well.
pub fn measure(command: &mut Command) -> io::Result<Cost> {
    let (before, started) = (children_cpu_s()?, Instant::now());
    let mut child = command.spawn()?;
    let mut memory_mb = 0.0_f64;
    let status = loop {
        memory_mb = memory_mb.max(memory_peak_mb(child.id()).unwrap_or(0.0));
        if let Some(status) = child.try_wait()? {
            break status;
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    if !status.success() {
        return Err(io::Error::other(format!("{command:?} ended with {status}")));
    }
    let wall_s = started.elapsed().as_secs_f64();
    Ok(Cost { cpu_s: children_cpu_s()? - before, wall_s, memory_mb })
}

/// The value in the middle.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Processor time of all children that have ended.
fn children_cpu_s() -> io::Result<f64> {
    stat_cpu_s("/proc/self/stat", 13)
}

/// Processor time that a process has taken so far, in seconds.
///
/// # Errors
/// When there is no such process.
pub fn cpu_s(process: u32) -> io::Result<f64> {
    stat_cpu_s(&format!("/proc/{process}/stat"), 11)
}

/// User and system time, which begin with the field `first` after the name.
fn stat_cpu_s(path: &str, first: usize) -> io::Result<f64> {
    let stat = fs::read_to_string(path)?;
    let fields = stat.rsplit_once(')').map_or("", |(_, fields)| fields).split_whitespace();
    let ticks = fields.skip(first).take(2).filter_map(|ticks| ticks.parse::<f64>().ok());
    Ok(ticks.sum::<f64>() / TICKS_A_SECOND)
}

/// The most memory that a process has held at a time, in MB; the system keeps the highest value
/// itself.
pub fn memory_peak_mb(process: u32) -> Option<f64> {
    status_mb(process, "VmHWM:")
}

/// The memory that a process holds, in MB; of what is shared, all counts.
pub fn memory_mb(process: u32) -> Option<f64> {
    status_mb(process, "VmRSS:")
}

fn status_mb(process: u32, name: &str) -> Option<f64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    let kb: f64 = line.trim().strip_suffix(" kB")?.trim().parse().ok()?;
    Some(kb / 1024.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_and_memory_are_seen() {
        // Long enough to be looked at more than once: at first it is not yet the program.
        let cost = measure(Command::new("sleep").arg("0.2")).unwrap();
        assert!(cost.wall_s > 0.0 && cost.cpu_s >= 0.0 && cost.memory_mb > 0.1, "{cost:?}");
        assert!(measure(&mut Command::new("false")).is_err());
        assert_eq!(median(vec![3.0, 1.0, 2.0]).to_string(), "2");
    }
}
