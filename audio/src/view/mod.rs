//! What eyes see of a recording: its waveform, its spectrogram, a feature as an image.
//!
//! Numbers that are exact are the other modules'; here they become as many as a picture has pixels.

mod image;
mod levels;
mod spectrogram;
mod waveform;

pub use image::{Colors, write_image};
pub use levels::Levels;
pub use spectrogram::{Part, Spectrogram};
pub use waveform::{Peak, Waveform};
