//! What a score says: its types are its schema.
//!
//! Times are seconds from the beginning of the recording; confidences are from 0 to 1.

use serde::{Deserialize, Serialize};

/// The version of the schema. A name that is added keeps it; one that goes, or changes its meaning,
/// makes another.
pub const SCHEMA: &str = "tutti.score.v1";

/// The music of a recording. What is not there could not be found: a list is empty, a value null.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DigitalScore {
    /// [`SCHEMA`].
    pub schema: String,
    /// How long the recording is.
    pub duration: f64,
    /// Its own sample rate, in Hz.
    pub sample_rate: u32,
    /// Its channels.
    pub channels: u16,
    /// How far it lies from equal temperament at 440 Hz, in semitones from -0.5 to 0.5.
    pub tuning: f64,
    /// The tempo of most beats, in beats a minute; null without beats.
    pub tempo_bpm: Option<f64>,
    /// How the tempo changes, where there are beats.
    pub tempo: Vec<Tempo>,
    /// The metre of most bars, such as `3/4`; null without beats.
    pub time_signature: Option<String>,
    /// The beats.
    pub beats: Vec<f64>,
    /// Those of them that begin a bar.
    pub downbeats: Vec<f64>,
    /// For each of `beats`, how sure it is.
    pub beat_confidence: Vec<f64>,
    /// Where notes begin.
    pub onsets: Vec<f64>,
    /// For each of `onsets`, how strong it is and how sure.
    pub onset_events: Vec<OnsetEvent>,
    /// The key of all of it, such as `F# minor`; null where no pitch stands out.
    pub key: Option<String>,
    /// How sure it is.
    pub key_confidence: Option<f64>,
    /// The keys one after the other.
    pub keys: Vec<KeyPart>,
    /// The chords one after the other, without gaps.
    pub chords: Vec<ChordSpan>,
    /// The melody: the highest notes.
    pub melody: Vec<NoteEvent>,
    /// All notes.
    pub notes: Vec<NoteEvent>,
    /// The parts one after the other, without gaps.
    pub sections: Vec<Part>,
    /// How loud it is.
    pub loudness: Dynamics,
    /// What it sounds like.
    pub timbre: Timbre,
}

/// The tempo around a moment.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Tempo {
    /// From when.
    pub time: f64,
    /// In beats a minute.
    pub bpm: f64,
}

/// An onset.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct OnsetEvent {
    /// How much louder all bands become, in orders of magnitude.
    pub strength: f64,
    /// How sure it is.
    pub confidence: f64,
}

/// A key and from when to when the music is in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KeyPart {
    /// From when.
    pub start: f64,
    /// Until when.
    pub end: f64,
    /// Which, such as `F# minor`.
    pub key: String,
    /// How sure it is.
    pub confidence: f64,
}

/// A chord and from when to when it sounds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChordSpan {
    /// From when.
    pub start: f64,
    /// Until when.
    pub end: f64,
    /// In Harte's syntax, such as `Bb:min7`; `N` for none.
    pub chord: String,
    /// How sure it is.
    pub confidence: f64,
}

/// A note.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct NoteEvent {
    /// From when.
    pub start: f64,
    /// Until when.
    pub end: f64,
    /// Its MIDI number.
    pub midi: u8,
    /// Its frequency, in Hz, in the recording's tuning.
    pub hz: f64,
    /// How sure it is.
    pub confidence: f64,
}

/// A part of the form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// From when.
    pub start: f64,
    /// Until when.
    pub end: f64,
    /// A letter; parts that sound alike have the same.
    pub label: String,
    /// How much its beginning stands out.
    pub confidence: f64,
}

/// Loudness by EBU R 128; null where there is silence or too little.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Dynamics {
    /// Of all of it, in LUFS.
    pub integrated_lufs: Option<f64>,
    /// How far soft and loud lie apart, in LU.
    pub range_lu: Option<f64>,
    /// The greatest value between samples, in dB of full scale.
    pub true_peak_dbtp: Option<f64>,
    /// The greatest sample, in dB of full scale.
    pub sample_peak_dbfs: Option<f64>,
    /// Of the last 400 ms.
    pub momentary: LevelCurve,
    /// Of the last 3 s.
    pub short_term: LevelCurve,
}

/// Loudness over time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LevelCurve {
    /// When the first value is known.
    pub start: f64,
    /// From one value to the next.
    pub step: f64,
    /// In LUFS; null where there is silence.
    pub lufs: Vec<Option<f64>>,
}

/// What a recording sounds like, as means and standard deviations over its frames at 22,050 Hz, by
/// librosa's definitions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Timbre {
    /// Mel-frequency cepstral coefficients, 13 of them.
    pub mfcc_mean: Vec<f32>,
    /// How much each changes.
    pub mfcc_std: Vec<f32>,
    /// The middle of the spectrum, in Hz.
    pub centroid_mean: f32,
    /// How much it changes.
    pub centroid_std: f32,
    /// How wide the spectrum is, in Hz.
    pub bandwidth_mean: f32,
    /// How much that changes.
    pub bandwidth_std: f32,
    /// Below it lie 85 % of the magnitudes, in Hz.
    pub rolloff_mean: f32,
    /// How much that changes.
    pub rolloff_std: f32,
    /// From 0, a tone, to 1, noise.
    pub flatness_mean: f32,
    /// How much that changes.
    pub flatness_std: f32,
    /// How often samples change their sign, from 0 to 1.
    pub zero_crossing_rate_mean: f32,
    /// How much that changes.
    pub zero_crossing_rate_std: f32,
}
