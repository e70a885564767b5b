//! The digital score of a recording, as JSON.

use std::io::Write;

use tutti_audio::decode::Decoder;
use tutti_audio::score::{AnalyzeError, DigitalScore, analyze_decoded};
use tutti_sdk::ProcessError;
use tutti_sdk::model::flowfile::FlowFile;

use crate::audio;

/// The score of what `decoder` gives.
pub(super) fn score(decoder: &mut Decoder) -> Result<DigitalScore, ProcessError> {
    analyze_decoded(decoder).map_err(|error| match error {
        AnalyzeError::Decode(error) => audio::cannot_decode(error),
        AnalyzeError::Extract(error) => super::cannot_extract(error),
        other => ProcessError::user("cannot analyse the recording").caused_by(other),
    })
}

/// Writes all of it.
pub(super) fn write_json(out: &mut impl Write, score: &DigitalScore) -> Result<(), ProcessError> {
    serde_json::to_writer(out, score).map_err(|error| audio::cannot_write(error.into()))
}

/// Says on the flowfile what a flow may want to route by.
pub(super) fn write_to(score: &DigitalScore, flowfile: &mut FlowFile) {
    let number = |value: Option<f64>| value.map(|value| format!("{value:.2}"));
    for (name, value) in [
        ("score.schema", Some(score.schema.clone())),
        ("score.tempo", number(score.tempo_bpm)),
        ("score.time.signature", score.time_signature.clone()),
        ("score.key", score.key.clone()),
        ("score.loudness", number(score.loudness.integrated_lufs)),
    ] {
        if let Some(value) = value {
            flowfile.set_attribute(name, value);
        }
    }
}
