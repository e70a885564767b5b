//! The digital score: all that is known of a recording's music, on one time axis.
//!
//! A recording goes through once, in blocks; what is kept grows with its length, by some 2 MB a
//! minute and never by samples. Knows what the other modules find and how it is written down.

mod analyze;
mod document;

pub use analyze::{AnalyzeError, DURATION_MAX_S, analyze, analyze_decoded};
pub use document::{
    ChordSpan, DigitalScore, Dynamics, KeyPart, LevelCurve, NoteEvent, OnsetEvent, Part, SCHEMA,
    Tempo, Timbre,
};
