//! `cargo xtask bench`: runs the commands that docs/benchmarks.md gives, one after the other, after
//! saying on what machine and with which versions.

use std::fs;

use crate::run as shell;

pub(crate) fn run() -> Result<(), String> {
    let path = shell::repository().join("docs/benchmarks.md");
    let text = fs::read_to_string(&path)
        .map_err(|error| format!("cannot read \"{}\": {error}", path.display()))?;
    let commands = commands(&text);
    if commands.is_empty() {
        return Err("docs/benchmarks.md gives no command (a block of ```sh bench)".into());
    }
    machine();
    shell::build_binary()?;
    for command in commands {
        println!("\n$ {command}");
        shell::run("sh", &["-c", command])?;
    }
    Ok(())
}

fn machine() {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    println!("cores: {cores}");
    let read = |name| fs::read_to_string(name).unwrap_or_default();
    let find = |text: &str, key: &str| {
        let line = text.lines().find(|line| line.starts_with(key)).unwrap_or("unknown");
        line.split_once(':').map_or(line, |(_, value)| value.trim()).to_owned()
    };
    println!("processor: {}", find(&read("/proc/cpuinfo"), "model name"));
    println!("memory: {}", find(&read("/proc/meminfo"), "MemTotal"));
    for (program, argument) in [("uname", "-sr"), ("rustc", "--version")] {
        let version = shell::output(program, &[argument]).unwrap_or_else(|| "unknown".into());
        println!("{program}: {}", version.trim());
    }
    let commit = shell::output("git", &["describe", "--always", "--dirty"]);
    println!("commit: {}", commit.unwrap_or_else(|| "unknown".into()).trim());
}

/// The lines of every block that is marked `sh bench`.
fn commands(text: &str) -> Vec<&str> {
    let mut commands = Vec::new();
    let mut inside = false;
    for line in text.lines().map(str::trim) {
        if line.starts_with("```") {
            inside = line == "```sh bench";
        } else if inside && !line.is_empty() {
            commands.push(line);
        }
    }
    commands
}

#[cfg(test)]
mod tests {
    #[test]
    fn only_marked_blocks_are_run() {
        let text = "```sh\nno\n```\nno\n```sh bench\nyes 1\n\nyes 2\n```\nno";
        assert_eq!(super::commands(text), ["yes 1", "yes 2"]);
    }
}
