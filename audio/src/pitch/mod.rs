//! Pitch in a spectrum and in a signal, and how an orchestra is tuned, as `librosa.core.pitch`.

mod beta;
mod piptrack;
mod pyin;
mod tuning;
mod yin;

pub(crate) use piptrack::Peaks;
pub use piptrack::{Piptrack, piptrack};
pub use pyin::{Pyin, Voice, pyin};
pub(crate) use tuning::Residuals;
pub use tuning::{estimate_tuning, pitch_tuning};
pub use yin::{Yin, yin};
