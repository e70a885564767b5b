//! How loud a recording is, as EBU R 128 has it.
//!
//! ITU-R BS.1770-4 (weighting, gates, true peak), EBU Tech 3341 (momentary and short-term) and EBU
//! Tech 3342 (range). Knows samples in blocks; keeps ten numbers a second, never samples.

mod gate;
mod meter;
mod peak;
mod weighting;

pub use meter::{Loudness, Meter};
