//! Which of librosa's functions there are, by the list of librosa's own modules.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::golden::Measured;

/// What stands here for a function that is not here under its name.
const OTHERWISE: [(&str, &str); 30] = [
    ("core.get_duration", "`decode::StreamInfo`"),
    ("core.get_samplerate", "`decode::StreamInfo`"),
    ("core.loadx", "of librosa alone"),
    ("core.stream", "`decode::Decoder`, block by block"),
    ("core.to_mono", "`decode::Options`"),
    ("core.to_multi", "of Python alone: channels are slices"),
    ("core.to_stereo", "of Python alone: channels are slices"),
    ("sequence.dtw_backtracking", "part of `sequence::dtw`"),
    ("util.Deprecated", "of Python alone"),
    ("util.abs2", "of Python alone: `norm_sqr` of a complex number"),
    ("util.buf_to_float", "`decode::Decoder`"),
    ("util.cite", "of librosa alone"),
    ("util.dtype_c2r", "of Python alone"),
    ("util.dtype_r2c", "of Python alone"),
    ("util.ex", "of librosa alone"),
    ("util.example", "of librosa alone"),
    ("util.example_info", "of librosa alone"),
    ("util.expand_to", "of Python alone"),
    ("util.find_files", "the processor GetFile"),
    ("util.interp_broadcast", "of Python alone"),
    ("util.is_positive_int", "of Python alone"),
    ("util.list_examples", "of librosa alone"),
    ("util.phasor", "of Python alone: `from_polar` of a complex number"),
    ("util.rename_kw", "of Python alone"),
    ("util.sparsify_rows", "`sparsity` of `constantq`"),
    ("util.stack", "of Python alone: channels are slices"),
    ("util.tiny", "of Python alone: `f32::MIN_POSITIVE`"),
    ("util.valid_audio", "every function checks its signal, and gives an `Error`"),
    ("util.valid_int", "of Python alone"),
    ("util.valid_intervals", "every function checks its intervals, and gives an `Error`"),
];

const HEAD: &str = "
## All functions of librosa

As librosa's modules list them (`audio/tests/golden/librosa/api.py`). ";

/// The text of all source files.
fn sources(folder: &Path) -> String {
    let mut text = String::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            text += &sources(&path);
        } else {
            text += &fs::read_to_string(path).unwrap();
        }
    }
    text
}

/// A section of the page that names every function that is not compared.
pub(crate) fn section(measured: &[Measured]) -> String {
    let listed = fs::read_to_string("tests/golden/librosa/api.json").unwrap();
    let listed: Value = serde_json::from_str(&listed).unwrap();
    let sources = sources(Path::new("src"));
    let (mut count, mut compared, mut used, mut rows) = (0, 0, 0, String::new());
    for (module, functions) in listed["modules"].as_object().unwrap() {
        for function in functions.as_array().unwrap() {
            let function = function.as_str().unwrap();
            let full = format!("{module}.{function}");
            let name = full.strip_prefix("core.").unwrap_or(&full);
            let is_compared = |each: &Measured| {
                let rest = each.function.strip_prefix(name);
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            };
            let start = format!("pub fn {}", function.to_lowercase());
            let is_defined =
                ["(", "<"].iter().any(|end| sources.contains(&format!("{start}{end}")));
            let otherwise = OTHERWISE.iter().find(|(other, _)| *other == full);
            count += 1;
            if measured.iter().any(is_compared) {
                compared += 1;
                continue;
            }
            let here = match otherwise {
                Some((_, here)) => {
                    assert!(!is_defined, "{full} is defined: take it off the list of this test");
                    used += 1;
                    here
                }
                None if is_defined => "defined, and tested without librosa",
                None => "**missing**",
            };
            writeln!(rows, "| `{name}` | {here} |").unwrap();
        }
    }
    assert_eq!(used, OTHERWISE.len(), "something is on the list of this test that is compared");
    let all = format!("Of {count} functions {compared} are compared above. The others:\n\n");
    format!("{HEAD}{all}| Function | Here |\n| --- | --- |\n{rows}")
}
