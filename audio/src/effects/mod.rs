//! Signals made from signals, as `librosa.effects`.

mod emphasis;
mod separation;
mod silence;

pub use emphasis::{deemphasis, preemphasis};
pub use separation::{harmonic, hpss, percussive};
pub use silence::{Silence, split, trim};
