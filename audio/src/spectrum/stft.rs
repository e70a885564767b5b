//! The short-time Fourier transform of a whole signal.

use realfft::num_complex::Complex;

use super::frames::{Frames, PadMode};
use super::transform::{Power, double};
use crate::error::{Error, check, check_positive, check_signal};
use crate::filters::{Window, centred};
use crate::matrix::Matrix;

/// Complex bins: a column for each frame.
pub type Bins = Matrix<Complex<f32>>;

/// How a signal is cut into frames and transformed; defaults are librosa's.
#[derive(Debug, Clone, PartialEq)]
pub struct Stft {
    /// Samples of a frame, at least 2.
    pub n_fft: usize,
    /// Samples from one frame to the next; a quarter of the window where there is none. Functions
    /// of `librosa.feature` and `librosa.onset` have 512 by default.
    pub hop_length: Option<usize>,
    /// Samples that the window covers in the middle of the frame; all where there is none.
    pub win_length: Option<usize>,
    /// The window.
    pub window: Window,
    /// Frame `t` is centred at sample `t * hop_length`; without, it begins there.
    pub center: bool,
    /// What stands beyond the ends, where frames are centred.
    pub pad_mode: PadMode,
}

impl Default for Stft {
    fn default() -> Self {
        Self {
            n_fft: 2048,
            hop_length: None,
            win_length: None,
            window: Window::Hann,
            center: true,
            pad_mode: PadMode::Constant,
        }
    }
}

impl Stft {
    /// Samples from one frame to the next.
    pub fn hop(&self) -> usize {
        self.hop_length.unwrap_or(self.win_length.unwrap_or(self.n_fft) / 4)
    }

    /// The window in the middle of a frame.
    pub(crate) fn centred_window(&self) -> Result<Vec<f64>, Error> {
        check(self.n_fft >= 2, "n_fft", self.n_fft, "at least 2")?;
        centred(&self.window, self.win_length.unwrap_or(self.n_fft), self.n_fft)
    }

    /// The frames of a signal that is finite and not empty.
    pub(crate) fn frames<'a>(&self, y: &'a [f32]) -> Result<Frames<'a>, Error> {
        check_signal(y)?;
        Frames::new(y, self.n_fft, self.hop(), self.center.then_some(self.pad_mode))
    }
}

/// `librosa.stft`: `1 + n_fft / 2` complex bins for each frame, of which a centred signal has
/// `1 + samples / hop_length`.
///
/// # Errors
/// The signal is empty, not finite, or shorter than a frame that is not centred; a length is 0; the
/// window is longer than the frame.
pub fn stft(y: &[f32], stft: &Stft) -> Result<Matrix<Complex<f32>>, Error> {
    let window = stft.centred_window()?;
    let mut frames = stft.frames(y)?;
    let mut transform = double(&window);
    let zero = Complex::new(0.0, 0.0);
    let mut matrix = Matrix::filled(1 + stft.n_fft / 2, frames.count(), zero);
    for index in 0..frames.count() {
        transform.bins(frames.get(index), matrix.column_mut(index));
    }
    Ok(matrix)
}

/// The magnitude of [`stft`] to the `power`: 1 for magnitudes, 2 for powers.
///
/// # Errors
/// As [`stft`]; `power` is not above 0.
pub fn spectrogram(y: &[f32], stft: &Stft, power: f64) -> Result<Matrix<f32>, Error> {
    check_positive("power", power)?;
    let window = stft.centred_window()?;
    let mut frames = stft.frames(y)?;
    let mut transform = double(&window);
    let mut matrix = Matrix::filled(1 + stft.n_fft / 2, frames.count(), 0.0);
    for index in 0..frames.count() {
        transform.spectrum(frames.get(index), Power::Magnitude, matrix.column_mut(index));
    }
    raise(matrix.as_mut_slice(), power);
    Ok(matrix)
}

/// Raises magnitudes to `power`, in single precision.
pub(super) fn raise(values: &mut [f32], power: f64) {
    let change: fn(f32, f32) -> f32 = match power {
        1.0 => return,
        2.0 => |value, _| value * value,
        _ => f32::powf,
    };
    for value in values {
        *value = change(*value, power as f32);
    }
}

/// The magnitudes of complex bins.
pub(crate) fn magnitudes(bins: &Matrix<Complex<f32>>) -> Matrix<f32> {
    bins.map(|bin| f64::from(bin.re).hypot(f64::from(bin.im)) as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_transformed_is_refused() {
        let default = Stft::default;
        assert!(matches!(stft(&[], &default()), Err(Error::Empty { .. })));
        let error = stft(&[0.0, f32::INFINITY], &default()).unwrap_err();
        assert_eq!(error, Error::NotFinite { what: "the signal", index: 1 });
        let uncentred = Stft { center: false, ..default() };
        assert!(matches!(stft(&[0.0; 9], &uncentred), Err(Error::TooShort { .. })));
        for wrong in [
            Stft { n_fft: 0, ..default() },
            Stft { n_fft: 1, ..default() },
            Stft { hop_length: Some(0), ..default() },
            Stft { win_length: Some(4096), ..default() },
            Stft { win_length: Some(0), ..default() },
        ] {
            assert!(stft(&[0.0; 9], &wrong).is_err(), "{wrong:?}");
        }
        assert!(spectrogram(&[0.0; 9], &default(), f64::NAN).is_err());
    }

    #[test]
    fn one_sample_has_one_frame_in_every_mode() {
        use PadMode::{Constant, Edge, LinearRamp, Reflect, Symmetric, Wrap};
        for pad_mode in [Constant, Edge, Reflect, Symmetric, Wrap, LinearRamp] {
            let bins = stft(&[0.5], &Stft { pad_mode, ..Stft::default() }).unwrap();
            assert_eq!((bins.rows(), bins.columns()), (1025, 1));
        }
    }
}
