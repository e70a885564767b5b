//! Every function against librosa's own results, from `golden/librosa`.
//!
//! Makes `docs/librosa.md`: anew with `TUTTI_UPDATE=1`, and otherwise holds it to what is measured.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]
#![expect(clippy::float_cmp, reason = "what is equal has no error")]

mod api;
#[path = "../common/mod.rs"]
mod common;
mod constantq;
mod effects;
mod golden;
mod harmonics;
mod inverse;
mod music;
mod pitch;
mod segments;
mod sequences;
mod signals;
mod spectra;
mod table;
mod tools;
mod transforms;
mod units;

use golden::{Case, Measured, Output, load, measure};

type Run = fn(&Case) -> Option<Output>;

/// The groups of golden cases and what runs their functions.
const GROUPS: [(&str, Run); 13] = [
    ("spectra", spectra::run),
    ("music", music::run),
    ("constantq", constantq::run),
    ("sequences", sequences::run),
    ("pitch", pitch::run),
    ("segments", segments::run),
    ("effects", effects::run),
    ("harmonics", harmonics::run),
    ("units", units::run),
    ("rates", constantq::run),
    ("tools", tools::run),
    ("transforms", transforms::run),
    ("inverse", inverse::run),
];

#[test]
fn every_function_is_librosas() {
    let mut measured: Vec<Measured> = Vec::new();
    for (group, run) in GROUPS {
        for case in load(group) {
            let Some(output) = run(&case) else { panic!("nothing runs {}", case.function) };
            let ignored = case.unread();
            assert!(ignored.is_empty(), "{}: {ignored:?} of {} is ignored", group, case.name());
            measured.push(measure(&case, &output));
        }
    }
    let wrong: Vec<&Measured> = measured.iter().filter(|each| each.share > 10.0).collect();
    for each in &wrong {
        println!("{}: {:.3e}, {:.1} times its floor", each.name, each.worst, each.share);
    }
    assert!(wrong.is_empty(), "{} of {} cases are off", wrong.len(), measured.len());
    table::check(&measured);
}
