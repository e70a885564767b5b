//! Short-time Fourier transforms and what is made of them, as `librosa.core.spectrum`.
//!
//! Knows samples and bins; never what they mean in music.

mod decibel;
mod frames;
mod griffinlim;
mod istft;
mod mellin;
mod phase;
mod reassign;
mod stft;
mod transform;

pub use decibel::{
    Decibels, amplitude_to_db, amplitude_to_db_in_place, db_to_amplitude, db_to_power,
    perceptual_weighting, power_to_db, power_to_db_in_place,
};
pub use frames::{PadMode, frame};
pub use griffinlim::{GriffinLim, Random, griffinlim};
pub use istft::istft;
pub use mellin::{Interpolation, Mellin, fmt};
pub use phase::{magphase, phase_vocoder};
pub use realfft::num_complex::Complex;
pub use reassign::{Moved, Reassign, Reassigned, reassigned_spectrogram};
pub use stft::{Bins, Stft, spectrogram, stft};

pub(crate) use decibel::decibels;
pub(crate) use frames::{Frames, padded};
pub(crate) use griffinlim::{initial_phases, next_phases};
pub(crate) use stft::magnitudes;
pub(crate) use transform::{Power, Transform, double, single};
