//! Features of a recording, exact as librosa defines them.
//!
//! Knows samples and numbers, and neither files nor formats. Reads a recording once, in blocks,
//! and never holds all of it.

mod cepstrum;
mod config;
mod extract;
mod frames;
mod mel;
mod rows;
mod spectral;
mod statistics;
mod temporal;
mod transform;

pub use config::{Config, ConfigError, Feature};
pub use extract::{ExtractError, Extractor, Features};
pub use statistics::{Statistic, Summary};
