//! Back from bins to samples.
//!
//! Griffin, D. and Lim, J. Signal estimation from modified short-time Fourier transform. IEEE
//! Transactions on Acoustics, Speech, and Signal Processing, 1984.

use realfft::num_complex::Complex;
use realfft::{ComplexToReal, RealFftPlanner};
use std::sync::Arc;

use super::stft::Stft;
use crate::error::{Error, check_length};
use crate::filters::window_sumsquare;
use crate::matrix::Matrix;

/// The inverse transform of one frame.
struct Inverse {
    transform: Arc<dyn ComplexToReal<f64>>,
    input: Vec<Complex<f64>>,
    output: Vec<f64>,
    scratch: Vec<Complex<f64>>,
}

impl Inverse {
    fn new(n_fft: usize) -> Self {
        let transform = RealFftPlanner::<f64>::new().plan_fft_inverse(n_fft);
        let (input, output) = (transform.make_input_vec(), transform.make_output_vec());
        Self { input, output, scratch: transform.make_scratch_vec(), transform }
    }

    fn samples(&mut self, bins: &[Complex<f32>]) -> &[f64] {
        let scale = 1.0 / self.output.len() as f64;
        for (input, bin) in self.input.iter_mut().zip(bins) {
            *input = Complex::new(f64::from(bin.re) * scale, f64::from(bin.im) * scale);
        }
        // What a real signal cannot have is left out, as by every inverse transform to it.
        if let Some(first) = self.input.first_mut() {
            first.im = 0.0;
        }
        if self.output.len().is_multiple_of(2)
            && let Some(last) = self.input.last_mut()
        {
            last.im = 0.0;
        }
        let done = self.transform.process_with_scratch(
            &mut self.input,
            &mut self.output,
            &mut self.scratch,
        );
        // It can only refuse buffers of another length than those that it made itself.
        debug_assert!(done.is_ok(), "{done:?}");
        &self.output
    }
}

/// `librosa.istft`: the signal whose [`stft`](super::stft) comes closest to `bins`; of `length`
/// samples, or of as many as the frames cover. `stft` is what made the bins; its mode of padding is
/// not used.
///
/// # Errors
/// The bins are not `1 + n_fft / 2`, there is no frame, or a parameter is out of its range.
pub fn istft(
    bins: &Matrix<Complex<f32>>,
    stft: &Stft,
    length: Option<usize>,
) -> Result<Vec<f32>, Error> {
    let window = stft.centred_window()?;
    let (n_fft, hop_length) = (stft.n_fft, stft.hop());
    check_length("a frame", bins.rows(), 1 + n_fft / 2)?;
    if bins.columns() == 0 {
        return Err(Error::Empty { what: "the spectrogram" });
    }
    let pad = if stft.center { n_fft / 2 } else { 0 };
    let win_length = stft.win_length;
    let needed = |length: usize| (length + 2 * pad).div_ceil(hop_length.max(1)).max(1);
    let frames = length.map_or(bins.columns(), |length| bins.columns().min(needed(length)));
    let sum = window_sumsquare(&stft.window, frames, hop_length, win_length, n_fft)?;
    let covered = (n_fft + hop_length * (frames - 1)).saturating_sub(2 * pad);
    let mut y = vec![0.0_f32; length.unwrap_or(covered)];
    let mut inverse = Inverse::new(n_fft);
    for (index, frame) in bins.iter_columns().take(frames).enumerate() {
        let (from, samples) = (index * hop_length, inverse.samples(frame));
        let skipped = pad.saturating_sub(from);
        let weighted = samples.iter().zip(&window).skip(skipped);
        let place = y.iter_mut().skip((from + skipped).saturating_sub(pad));
        for (y, (sample, weight)) in place.zip(weighted) {
            *y = (f64::from(*y) + sample * weight) as f32;
        }
    }
    for (y, &sum) in y.iter_mut().zip(sum.iter().skip(pad)) {
        if sum > f32::MIN_POSITIVE {
            *y /= sum;
        }
    }
    Ok(y)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spectrum::stft;

    #[test]
    fn what_was_transformed_comes_back() {
        let y: Vec<f32> = (0..1000_u32).map(|n| ((n * n) % 97) as f32 / 97.0 - 0.5).collect();
        for (n_fft, hop, center) in [(64, 16, true), (63, 20, true), (64, 16, false)] {
            let options = Stft { n_fft, hop_length: Some(hop), center, ..Stft::default() };
            let bins = stft(&y, &options).unwrap();
            let back = istft(&bins, &options, Some(y.len())).unwrap();
            let inner = if center { 0..1000 } else { 64..900 };
            for (a, b) in y[inner.clone()].iter().zip(&back[inner]) {
                assert!((a - b).abs() < 1e-5, "{a} {b}");
            }
        }
    }

    #[test]
    fn what_is_no_spectrogram_is_refused() {
        let zero = Complex::new(0.0, 0.0);
        assert!(istft(&Matrix::filled(1025, 0, zero), &Stft::default(), None).is_err());
        assert!(istft(&Matrix::filled(1024, 3, zero), &Stft::default(), None).is_err());
        let hopless = Stft { hop_length: Some(0), ..Stft::default() };
        assert!(istft(&Matrix::filled(1025, 3, zero), &hopless, None).is_err());
        assert!(
            istft(&Matrix::filled(1025, 3, zero), &Stft::default(), Some(0)).unwrap().is_empty()
        );
    }
}
