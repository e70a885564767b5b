//! What the operator is told when very many flowfiles fail of the same.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends")]

mod common;

use common::{Bench, Log, Script, make, n, processor, script, soon, take};
use tutti_sdk::bulletin::Level;
use tutti_sdk::{FAILURE, ProcessError, SUCCESS};

const FILES: u64 = 10_000;
/// Before these, so many fail of something else.
const OTHERS: u64 = 5;

/// Tells of the first flowfile, and passes all on.
fn tell() -> Script {
    script(|session| {
        Box::pin(async move {
            let Some(flowfile) = session.get()? else { return Ok(()) };
            if n(&flowfile) == "0" {
                session.report(Level::Warning, None, "the disk is slow");
            }
            session.transfer(flowfile, SUCCESS);
            Ok(())
        })
    })
}

/// Fails for each flowfile, with its name in the message.
fn fail() -> Script {
    script(|session| {
        Box::pin(async move {
            let Some(mut flowfile) = session.get()? else { return Ok(()) };
            let number: u64 = n(&flowfile).parse().unwrap();
            let name = format!("recording of day {number}.wav");
            let error = match number {
                ..OTHERS => ProcessError::user(format!("{name} has {number} channels")),
                _ => ProcessError::user(format!("there is a file \"/out/{name}\" already")),
            };
            flowfile.set_attribute("filename", name);
            session.fail(flowfile, FAILURE, &error);
            Ok(())
        })
    })
}

#[tokio::test]
async fn ten_thousand_failures_of_as_many_files_are_one_line_and_push_nothing_out() {
    let mut bench = Bench::new();
    bench.source("Make", make(OTHERS + FILES, 100)).work("Tell", tell()).work("Fail", fail());
    bench.work("Failed", take(&Log::new()));
    bench.connect("Make", SUCCESS, "Tell").connect("Tell", SUCCESS, "Fail");
    bench.connect("Fail", FAILURE, "Failed");
    let flow = bench.start();
    assert!(soon(flow.until_idle()).await.unwrap().is_empty());
    assert_eq!(processor(&flow, "Failed").totals.flowfiles_in, OTHERS + FILES);
    let bulletins = flow.status().bulletins;
    let told: Vec<_> = bulletins.iter().map(|each| (each.component.as_str(), each.count)).collect();
    assert_eq!(told, [("Fail", FILES), ("Fail", OTHERS), ("Tell", 1)], "newest first");
    let last = OTHERS + FILES - 1;
    assert_eq!(
        bulletins[0].message,
        format!("there is a file \"/out/recording of day {last}.wav\" already"),
        "the newest of them is shown"
    );
    assert_eq!(bulletins[0].filename, Some(format!("recording of day {last}.wav")));
    assert_eq!(flow.status().errors, OTHERS + FILES, "each counts");
    soon(flow.stop()).await;
}
