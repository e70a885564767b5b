//! When notes begin, and the beats, bars and tempo that they make.
//!
//! Not librosa's: methods from the literature, without the lag of librosa's envelope. Knows what a
//! recording sounds like frame by frame, as [`crate::sound`] hears it, and never its samples.

mod bands;
mod grid;
mod metre;
mod observe;
mod onsets;
mod pointer;
mod weights;

pub(crate) use bands::{Bands, Flux};
pub use metre::{Beat, BeatOptions, Metre, beats};
pub use onsets::{Onset, OnsetOptions, onsets};
