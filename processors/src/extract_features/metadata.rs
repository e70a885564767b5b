//! What features are of: sample rate, hop, shapes, units.

use serde_json::{Map, Value, json};
use tutti_audio::features::{Config, Feature, Features};
use tutti_sdk::model::flowfile::FlowFile;

use super::lists::key;

/// The version of what features are written as. A name that is added keeps it; one that goes, or
/// changes its meaning, makes another.
pub(super) const SCHEMA: &str = "tutti.features.v1";

/// What goes with features.
pub(super) struct Metadata {
    /// Of the samples that were analysed, in Hz.
    pub(super) sample_rate: u32,
    /// Samples from one frame to the next.
    pub(super) hop_length: usize,
    n_fft: usize,
    frames: u64,
    /// Each feature, and how many values it has in a frame; none where it is of the recording.
    features: Vec<(Feature, usize)>,
}

impl Metadata {
    pub(super) fn new(config: &Config, sample_rate: u32, features: &Features) -> Self {
        let with_width = |&feature: &Feature| (feature, config.width(feature));
        Self {
            sample_rate,
            hop_length: config.hop_length,
            n_fft: config.n_fft,
            frames: features.frames(),
            features: config.features.iter().map(with_width).collect(),
        }
    }

    /// When a frame is, in seconds.
    pub(super) fn time(&self, frame: u64) -> f64 {
        (frame * self.hop_length as u64) as f64 / f64::from(self.sample_rate)
    }

    pub(super) fn to_json(&self) -> Value {
        let of = |&(feature, width): &(Feature, usize)| {
            let shape = match feature {
                _ if feature.is_of_recording() => Value::Null,
                _ if feature.is_scalar() => json!([]),
                _ => json!([width]),
            };
            let said = json!({ "feature": feature.name(), "shape": shape, "unit": feature.unit() });
            (key(feature).to_owned(), said)
        };
        json!({
            "schema": SCHEMA,
            "sr": self.sample_rate,
            "hop_length": self.hop_length,
            "n_fft": self.n_fft,
            "frames": self.frames,
            "features": self.features.iter().map(of).collect::<Map<String, Value>>(),
        })
    }

    /// Says on the flowfile what came out.
    pub(super) fn write_to(&self, flowfile: &mut FlowFile) {
        let names: Vec<_> = self.features.iter().map(|(feature, _)| feature.name()).collect();
        for (name, value) in [
            ("features.schema", SCHEMA.to_owned()),
            ("features.names", names.join(",")),
            ("features.frames", self.frames.to_string()),
            ("features.sample.rate", self.sample_rate.to_string()),
            ("features.hop.length", self.hop_length.to_string()),
        ] {
            flowfile.set_attribute(name, value);
        }
    }
}
