//! Kills the real binary (SIGKILL) at random moments in the middle of work, starts it again on the
//! same data, and compares what went in with what came out.
//!
//! Rounds: 30, or `TUTTI_CRASH_ROUNDS`. Seed: `TUTTI_SEED`.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to fail")]

use std::fs;
use std::io;
use std::path::Path;
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use tutti_tests::binary::Run;
use tutti_tests::ledger::{Ledger, files};
use tutti_tests::seed::Random;
use tutti_tests::{flows, recordings};

/// How many kills.
fn rounds() -> u64 {
    std::env::var("TUTTI_CRASH_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(30)
}

/// Starts the flow, kills it after `patience` unless it has ended by itself by then, and says
/// whether it was killed.
fn run_and_kill(flow: &Path, data: &Path, input: &Path, output: &Path, patience: Duration) -> bool {
    let mut command =
        Run::flow(flow, data).parameter("input", input).parameter("output", output).into_command();
    let log = data.with_extension("log");
    command.stdout(Stdio::null()).stderr(fs::File::create(&log).unwrap());
    let mut child = command.spawn().unwrap();
    let started = Instant::now();
    let killed = loop {
        if let Some(status) = child.try_wait().unwrap() {
            assert!(
                status.success(),
                "a run after a kill, process {}, ended with {status}\n{}",
                child.id(),
                fs::read_to_string(&log).unwrap()
            );
            break false;
        }
        if started.elapsed() >= patience {
            child.kill().unwrap();
            child.wait().unwrap();
            break true;
        }
        thread::sleep(Duration::from_millis(1));
    };
    let said = fs::read_to_string(&log).unwrap();
    assert!(!said.contains("panicked at"), "it panicked\n{said}");
    killed
}

fn finish(flow: &Path, data: &Path, input: &Path, output: &Path) {
    Run::flow(flow, data)
        .parameter("input", input)
        .parameter("output", output)
        .finish()
        .expect_code(0);
}

fn give(
    ledger: &mut Ledger,
    input: &Path,
    round: u64,
    count: u64,
    random: &mut Random,
) -> io::Result<()> {
    for index in 0..count {
        let name = format!("{round:04}-{index:03}.wav");
        let wav = recordings::tone(random.next_u64(), 20 + random.below(80) as u32);
        recordings::place(input, &name, &wav)?;
        ledger.give(&name, wav);
    }
    Ok(())
}

/// One campaign: files keep coming while the binary is killed again and again, then it may finish.
fn campaign(keep: bool, name: &str, default_seed: u64) {
    const FILES_PER_ROUND: u64 = 40;
    let mut random = Random::from_environment(name, default_seed);
    let folder = tempfile::tempdir().unwrap();
    let (input, output) = (folder.path().join("in"), folder.path().join("out"));
    let data = folder.path().join("data");
    fs::create_dir_all(&input).unwrap();
    let flow = flows::write(folder.path(), "copy", &flows::copy_with_unique_names(keep)).unwrap();
    let mut ledger = Ledger::default();
    let (mut killed, mut ended, mut in_the_middle) = (0_u64, 0_u64, 0_u64);
    let rounds = rounds().div_ceil(2);
    let mut repeated_max = 0;
    let mut round = 0;
    // A run that ended before its kill tested nothing: it does not count as a round.
    while killed < rounds {
        assert!(ended <= rounds * 4, "the binary nearly always ends before it can be killed");
        give(&mut ledger, &input, round, FILES_PER_ROUND, &mut random).unwrap();
        let patience = Duration::from_micros(2_000 + random.below(150_000));
        let before = files(&output).unwrap().len();
        if run_and_kill(&flow, &data, &input, &output, patience) {
            killed += 1;
            let delivered = files(&output).unwrap().len();
            // What this run has delivered may not be durable yet, and what it has picked up may
            // not be deleted yet: both come once more.
            let picked_up_max = if keep { 0 } else { files(&input).unwrap().len() };
            repeated_max += delivered - before + picked_up_max;
            in_the_middle += u64::from(before < delivered && delivered < ledger.len());
        } else {
            ended += 1;
        }
        round += 1;
    }
    // So that the last run writes into the folder, and removes what the kills left there.
    give(&mut ledger, &input, round, 1, &mut random).unwrap();
    finish(&flow, &data, &input, &output);
    let balance = ledger.balance(&output).unwrap();
    println!(
        "{name}: {killed} kills, {in_the_middle} of them between the first and the last delivery \
         of a run, {ended} runs that ended first, {} files, {} repeated",
        ledger.len(),
        balance.repeated
    );
    assert!(in_the_middle > 0, "no kill hit a run that was delivering");
    assert_eq!((&balance.lost, &balance.torn, &balance.unknown), (&vec![], &vec![], &vec![]));
    assert_eq!(balance.unfinished, 0, "half-written files are left");
    // At least once: what a run without a kill has delivered is never repeated.
    assert!(balance.repeated <= repeated_max, "{} repeated", balance.repeated);
    if !keep {
        assert_eq!(files(&input).unwrap(), Vec::<std::path::PathBuf>::new(), "sources left behind");
    }
}

#[test]
fn nothing_is_lost_when_sources_are_deleted() {
    campaign(false, "sources deleted", 1);
}

#[test]
fn nothing_is_lost_when_sources_are_kept() {
    campaign(true, "sources kept", 2);
}

#[test]
fn without_a_kill_nothing_is_repeated() {
    let folder = tempfile::tempdir().unwrap();
    let (input, output) = (folder.path().join("in"), folder.path().join("out"));
    fs::create_dir_all(&input).unwrap();
    let flow = flows::write(folder.path(), "copy", &flows::copy_with_unique_names(true)).unwrap();
    let mut ledger = Ledger::default();
    let mut random = Random::from_environment("no kill", 3);
    for round in 0..3 {
        give(&mut ledger, &input, round, 50, &mut random).unwrap();
        finish(&flow, &folder.path().join("data"), &input, &output);
    }
    let balance = ledger.balance(&output).unwrap();
    assert_eq!(balance, tutti_tests::ledger::Balance::default());
}
