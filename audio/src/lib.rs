//! Samples in, music out.
//!
//! Pure: knows streams of bytes and samples, and neither flows nor folders.

#![expect(clippy::float_cmp, reason = "parameters have special values, and silence is exactly 0")]
#![expect(clippy::needless_range_loop, reason = "indices of bins and frames are what formulas use")]

pub mod beat;
pub mod constantq;
pub mod convert;
pub mod decode;
pub mod decompose;
mod dot;
pub mod effects;
mod elementary;
mod error;
pub mod features;
pub mod filters;
pub mod form;
pub mod harmony;
mod linear;
pub mod loudness;
mod matrix;
pub mod onset;
mod orthogonal;
pub mod pitch;
mod resample;
pub mod rhythm;
pub mod score;
pub mod segment;
pub mod sequence;
pub mod signal;
pub mod sound;
pub mod spectrum;
mod spool;
pub mod transcription;
pub mod util;
pub mod view;
pub mod wav;

pub use error::Error;
pub use matrix::Matrix;
