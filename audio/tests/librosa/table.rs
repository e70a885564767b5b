//! `docs/librosa.md`: how far each function is from librosa, and which there are.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;

use crate::api;
use crate::golden::{Measured, by_function};

const PAGE: &str = "../docs/librosa.md";

const HEAD: &str = "\
# Equality with librosa

Made by `TUTTI_UPDATE=1 cargo test --release -p tutti-audio --test librosa`, which compares each
function with librosa 1.0.0 (`audio/tests/golden/librosa`) over seeded signals and recordings.

The *floor* of a case is by how much librosa's own result changes when each sample of its input is
moved by one unit in the last place, or the rounding of the result where that is more. The last
column is the worst error of all cases as a multiple of the floor; ten is allowed. Where it says
*equal*, the results are indices and the very same.

| Function | Cases | Parameters tried beside the defaults | Worst error |
| --- | ---: | --- | ---: |
";

/// Rounded up, so that another processor's rounding does not change the page.
const STEPS: [f64; 7] = [0.0, 0.1, 0.3, 1.0, 2.0, 5.0, 10.0];

/// Writes the page anew where that is asked for, and otherwise holds it to `measured`: the same
/// functions, cases and parameters, and no error above what it says.
pub(crate) fn check(measured: &[Measured]) {
    let old = fs::read_to_string(PAGE).unwrap_or_default();
    let update = std::env::var_os("TUTTI_UPDATE").is_some();
    let mut page = HEAD.to_owned();
    for (function, cases) in by_function(measured) {
        let names: BTreeSet<&str> =
            cases.iter().flat_map(|case| case.parameters.iter().map(String::as_str)).collect();
        let names = names.into_iter().map(|name| format!("`{name}`")).collect::<Vec<_>>();
        let start = format!("| `{function}` | {} | {} | ", cases.len(), names.join(", "));
        let said = old.lines().find_map(|line| line.strip_prefix(&start));
        let said = said.and_then(|rest| rest.trim_end_matches(" |").parse().ok());
        let worst = cases.iter().map(|case| case.share).fold(0.0, f64::max);
        let step = STEPS.into_iter().find(|&step| worst <= step).unwrap_or(f64::INFINITY);
        let step = if update { step } else { step.max(said.unwrap_or(0.0)) };
        let error = if cases.iter().all(|case| case.is_exact) {
            "equal".to_owned()
        } else {
            step.to_string()
        };
        writeln!(page, "{start}{error} |").unwrap();
    }
    page += &api::section(measured);
    if update {
        fs::write(PAGE, page).unwrap();
    } else {
        assert_eq!(old, page, "docs/librosa.md is not what was measured");
    }
}
