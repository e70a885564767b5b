//! Signals made from signals, as `librosa.effects`.

mod emphasis;
mod remix;
mod separation;
mod silence;
mod stretch;

pub use emphasis::{deemphasis, preemphasis};
pub use remix::remix;
pub use separation::{harmonic, hpss, percussive};
pub use silence::{Silence, split, trim};
pub use stretch::{PitchShift, pitch_shift, time_stretch};
