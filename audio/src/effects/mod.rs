//! Signals made from signals, as `librosa.effects`.

mod emphasis;
mod silence;

pub use emphasis::{deemphasis, preemphasis};
pub use silence::{Silence, split, trim};
