//! Many features of a recording in one pass: a plan of what is computed once for all of them.
//!
//! An [`Extractor`] reads the samples block by block and makes of each frame what the features of
//! a [`Config`] share: one transform, one projection on mel bands. What is needed of a frame later
//! is kept outside of memory. [`Features`] then gives every frame, as often as is wanted. Never
//! holds a recording, but for what is made of a constant-Q transform, and says so.

mod config;
mod constant_q;
mod extract;
mod feature;
mod features;
mod frame;
mod kept;
mod percentiles;
mod recording;
mod rows;
mod select;
mod statistics;
#[cfg(test)]
mod tests;
mod tuning;

pub use config::Config;
pub use constant_q::SAMPLES_MAX;
pub use extract::{ExtractError, Extractor};
pub use feature::Feature;
pub use features::Features;
pub use percentiles::percentiles;
pub use recording::{Beats, OfRecording};
pub use statistics::{Statistic, Summary};
