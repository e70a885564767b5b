//! librosa's functions by name, over plain values, for whoever lends a language these functions.
//!
//! Takes arguments apart and puts results together; what is computed is the audio crate's. Knows
//! neither Python nor WASM, and no recordings. Arguments may be a stranger's: whatever they are,
//! there is an answer or a [`Problem`], and never a panic.

#![expect(clippy::needless_pass_by_value, reason = "functions get what callers hand over")]

mod arguments;
mod array;
mod bands;
mod constantq;
mod convert;
mod effects;
mod filters;
mod limits;
mod notes;
mod options;
mod pitch;
mod problem;
mod results;
mod rhythm;
mod segment;
mod sequence;
mod spectrum;
mod table;
#[cfg(test)]
mod tests;
mod util;
mod value;

pub use array::{Array, Elements, Order};
pub use problem::Problem;
pub use table::{Function, call, call_within, functions};
pub use tutti_audio::spectrum::Complex;
pub use value::Value;
