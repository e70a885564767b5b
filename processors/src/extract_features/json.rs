//! Features as JSON, written while they are read.

use std::io::Write;

use serde_json::{Map, Value, json};
use tutti_audio::features::{Feature, Features, OfRecording};
use tutti_audio::loudness::Loudness;

use super::lists::{StatisticList, key};
use super::metadata::Metadata;
use super::statistics::statistics;
use super::write_error::WriteError;

/// Statistics of every feature, and what is told of the recording.
pub(super) fn write_statistics(
    out: &mut impl Write,
    features: &mut Features,
    list: &StatisticList,
    metadata: Option<&Metadata>,
) -> Result<(), WriteError> {
    let columns: Vec<_> = features.columns().collect();
    let all = statistics(features, list)?;
    let mut object = Map::new();
    let mut from = 0;
    for &feature in features.plan() {
        let told = if feature.is_of_recording() {
            of_recording(feature, features.of_recording(), false)
        } else {
            let width = columns.iter().find(|(each, _)| *each == feature).map_or(0, |each| each.1);
            let of =
                |values: &[f32]| value(feature, values.get(from..from + width).unwrap_or_default());
            let told = match all.as_slice() {
                [(_, values)] => of(values),
                several => several.iter().map(|(name, values)| (*name, of(values))).collect(),
            };
            from += width;
            told
        };
        object.insert(key(feature).to_owned(), told);
    }
    if let Some(metadata) = metadata {
        object.insert("metadata".to_owned(), metadata.to_json());
    }
    Ok(write!(out, "{}", Value::Object(object))?)
}

/// What is told of the recording, and every frame with its time, one a line.
pub(super) fn write_frames(
    out: &mut impl Write,
    features: &mut Features,
    metadata: &Metadata,
    is_with_metadata: bool,
) -> Result<(), WriteError> {
    let columns: Vec<_> = features.columns().collect();
    let (sample_rate, hop_length) = (metadata.sample_rate, metadata.hop_length);
    write!(out, "{{\"sampleRate\":{sample_rate},\"hopLength\":{hop_length},")?;
    for &feature in features.plan().iter().filter(|feature| feature.is_of_recording()) {
        let told = of_recording(feature, features.of_recording(), true);
        write!(out, "\"{}\":{told},", key(feature))?;
    }
    if is_with_metadata {
        write!(out, "\"metadata\":{},", metadata.to_json())?;
    }
    write!(out, "\"frames\":[")?;
    let (mut frame, mut index) = (Vec::new(), 0_u64);
    while features.next_frame(&mut frame)? {
        let mut object = Map::new();
        object.insert("time".to_owned(), metadata.time(index).into());
        let mut rest = frame.as_slice();
        for &(feature, width) in &columns {
            let (values, others) = rest.split_at(width.min(rest.len()));
            object.insert(key(feature).to_owned(), value(feature, values));
            rest = others;
        }
        let separator = if index == 0 { "\n" } else { ",\n" };
        write!(out, "{separator}{}", Value::Object(object))?;
        index += 1;
    }
    Ok(write!(out, "\n]}}")?)
}

/// What a feature tells of the recording as a whole; of loudness its curves too, if it is to be.
pub(super) fn of_recording(feature: Feature, found: &OfRecording, has_curves: bool) -> Value {
    match feature {
        Feature::Tempo => found.tempo.into(),
        Feature::BeatTrack => found
            .beat_track
            .as_ref()
            .map_or(Value::Null, |found| json!({ "tempo": found.tempo, "beats": found.beats })),
        Feature::OnsetDetect => json!(found.onset_detect),
        _ => found.loudness.as_ref().map_or(Value::Null, |found| loudness(found, has_curves)),
    }
}

fn loudness(loudness: &Loudness, has_curves: bool) -> Value {
    let mut object = json!({
        "integrated_lufs": loudness.integrated_lufs,
        "range_lu": loudness.range_lu,
        "true_peak_dbtp": loudness.true_peak_dbtp,
        "sample_peak_dbfs": loudness.sample_peak_dbfs,
    });
    if has_curves {
        let curve =
            |start: f64, lufs: &[Option<f64>]| json!({ "start": start, "step": 0.1, "lufs": lufs });
        object["momentary"] = curve(0.4, &loudness.momentary_lufs);
        object["short_term"] = curve(3.0, &loudness.short_term_lufs);
    }
    object
}

/// A number, or a list of them, with the digits that tell a single precision number from its
/// neighbours, and no more.
fn value(feature: Feature, values: &[f32]) -> Value {
    match values {
        [one] if feature.is_scalar() => number(*one),
        several => several.iter().copied().map(number).collect(),
    }
}

fn number(value: f32) -> Value {
    value.to_string().parse::<f64>().map_or(Value::Null, Value::from)
}
