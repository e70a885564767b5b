//! Features as JSON, written while they are read.

use std::io::{self, Write};

use serde_json::Value;
use tutti_audio::features::{ExtractError, Feature, Features, Summary};
use tutti_sdk::ProcessError;

use super::cannot_extract;
use super::lists::{FeatureList, StatisticList};
use crate::audio;

/// Why features could not be written.
#[derive(Debug)]
pub(super) enum WriteError {
    Extract(ExtractError),
    Write(io::Error),
}

impl WriteError {
    pub(super) fn into_process_error(self) -> ProcessError {
        match self {
            Self::Extract(error) => cannot_extract(error),
            Self::Write(error) => audio::cannot_write(error),
        }
    }
}

impl From<ExtractError> for WriteError {
    fn from(error: ExtractError) -> Self {
        Self::Extract(error)
    }
}

impl From<io::Error> for WriteError {
    fn from(error: io::Error) -> Self {
        Self::Write(error)
    }
}

/// Statistics of every feature.
pub(super) fn statistics(
    out: &mut impl Write,
    mut features: Features,
    list: &FeatureList,
    statistics: &StatisticList,
) -> Result<(), WriteError> {
    let columns: Vec<_> = features.columns().collect();
    let summary = Summary::of(&mut features)?;
    let all: Vec<_> = statistics.0.iter().map(|&(name, each)| (name, summary.get(each))).collect();
    let mut from = 0;
    let mut object = serde_json::Map::new();
    for (key, (feature, width)) in list.keys().zip(columns) {
        let of =
            |values: &[f32]| value(feature, values.get(from..from + width).unwrap_or_default());
        let told = match all.as_slice() {
            [(_, values)] => of(values),
            several => several.iter().map(|(name, values)| (*name, of(values))).collect(),
        };
        object.insert(key.to_owned(), told);
        from += width;
    }
    Ok(write!(out, "{}", Value::Object(object))?)
}

/// Every frame with its time, one a line.
pub(super) fn frames(
    out: &mut impl Write,
    mut features: Features,
    list: &FeatureList,
    sample_rate: u32,
    hop_length: usize,
) -> Result<(), WriteError> {
    let columns: Vec<_> = features.columns().collect();
    write!(out, "{{\"sampleRate\":{sample_rate},\"hopLength\":{hop_length},\"frames\":[")?;
    let (mut frame, mut index) = (Vec::new(), 0_u64);
    while features.next_frame(&mut frame)? {
        let mut object = serde_json::Map::new();
        let time = (index * hop_length as u64) as f64 / f64::from(sample_rate);
        object.insert("time".to_owned(), time.into());
        let mut rest = frame.as_slice();
        for (key, &(feature, width)) in list.keys().zip(&columns) {
            let (values, others) = rest.split_at(width.min(rest.len()));
            object.insert(key.to_owned(), value(feature, values));
            rest = others;
        }
        let separator = if index == 0 { "\n" } else { ",\n" };
        write!(out, "{separator}{}", Value::Object(object))?;
        index += 1;
    }
    Ok(write!(out, "\n]}}")?)
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
