//! The spectra of wavelets, without what hardly matters, and what they make of a frame.

use realfft::RealFftPlanner;
use realfft::num_complex::Complex;

use crate::error::Error;
use crate::filters::{Wavelet, Wavelets};

/// The spectra of some wavelets.
pub(super) struct Basis {
    /// Samples of a frame.
    pub(super) n_fft: usize,
    pub(super) rows: Vec<Row>,
}

/// One wavelet's spectrum, from its first bin that counts to its last.
pub(super) struct Row {
    pub(super) first: usize,
    pub(super) weights: Vec<Complex<f32>>,
}

impl Basis {
    /// Of wavelets at `freqs` and `sr` Hz; frames have at least `n_fft_min` samples.
    pub(super) fn new(
        freqs: &[f64],
        alpha: &[f64],
        sr: f64,
        wavelet: &Wavelet,
        sparsity: f64,
        n_fft_min: usize,
    ) -> Result<Self, Error> {
        let Wavelets { filters, lengths } = Wavelets::new(freqs, sr, wavelet, Some(alpha))?;
        let n_fft = filters.first().map_or(0, Vec::len).max(n_fft_min).max(2);
        let forward = RealFftPlanner::<f32>::new().plan_fft_forward(n_fft);
        let mut parts = [forward.make_output_vec(), forward.make_output_vec()];
        let (mut input, mut scratch) = (forward.make_input_vec(), forward.make_scratch_vec());
        let mut rows = Vec::with_capacity(filters.len());
        for (filter, &length) in filters.iter().zip(&lengths) {
            let gain = length / n_fft as f64;
            let scaled = |value: f32| (f64::from(value) * gain) as f32;
            // The real part and the imaginary, each by a real transform.
            let pick: [fn(&Complex<f32>) -> f32; 2] = [|each| each.re, |each| each.im];
            for (part, pick) in parts.iter_mut().zip(pick) {
                input.fill(0.0);
                for (input, sample) in input.iter_mut().zip(filter) {
                    *input = scaled(pick(sample));
                }
                let done = forward.process_with_scratch(&mut input, part, &mut scratch);
                // It can only refuse buffers of another length than those that it made itself.
                debug_assert!(done.is_ok(), "{done:?}");
            }
            let [re, im] = &parts;
            let joined = |(re, im): (&Complex<f32>, &Complex<f32>)| {
                Complex::new(re.re - im.im, re.im + im.re)
            };
            let spectrum = re.iter().zip(im).map(joined).collect();
            rows.push(Row::sparse(spectrum, sparsity));
        }
        Ok(Self { n_fft, rows })
    }

    /// Multiplies all weights.
    pub(super) fn scale(&mut self, gain: f64) {
        for weight in self.rows.iter_mut().flat_map(|row| &mut row.weights) {
            let (re, im) = (f64::from(weight.re) * gain, f64::from(weight.im) * gain);
            *weight = Complex::new(re as f32, im as f32);
        }
    }
}

impl Row {
    /// Without the smallest values, which make up at most the share `quantile` of the sum of all;
    /// as `librosa.util.sparsify_rows`.
    fn sparse(mut spectrum: Vec<Complex<f32>>, quantile: f64) -> Self {
        let magnitude = |bin: &Complex<f32>| bin.re.hypot(bin.im);
        let mut sorted: Vec<f32> = spectrum.iter().map(magnitude).collect();
        let sum = sorted.iter().map(|&value| f64::from(value)).sum::<f64>() as f32;
        sorted.sort_unstable_by(f32::total_cmp);
        let mut share = 0.0_f32;
        let reaches = |value: &f32| {
            share += value / sum;
            f64::from(share) >= quantile
        };
        let least = sorted.iter().copied().find(reaches).unwrap_or(0.0);
        for bin in &mut spectrum {
            if magnitude(bin) < least {
                *bin = Complex::new(0.0, 0.0);
            }
        }
        let is_kept = |bin: &Complex<f32>| bin.re != 0.0 || bin.im != 0.0;
        let first = spectrum.iter().position(is_kept).unwrap_or(0);
        let end = spectrum.iter().rposition(is_kept).map_or(first, |last| last + 1);
        Self { first, weights: spectrum[first..end].to_vec() }
    }

    /// What it makes of a frame.
    pub(super) fn apply(&self, bins: &[Complex<f32>]) -> Complex<f32> {
        let bins = bins.get(self.first..).unwrap_or_default();
        self.weights
            .iter()
            .zip(bins)
            .fold(Complex::new(0.0, 0.0), |sum, (weight, bin)| sum + weight * bin)
    }
}
