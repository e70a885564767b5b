//! What a note looks like in a spectrum: harmonics of falling strength, as wide as a window makes
//! them.

use realfft::RealFftPlanner;

use crate::error::Error;
use crate::filters::{Window, get_window};

/// Bins in an octave of pitch.
const PER_OCTAVE: usize = 36;
/// The middle of the lowest bin: A0, in Hz.
const LOWEST_HZ: f64 = 27.5;
/// Above, there are overtones of overtones.
const HIGHEST_HZ: f64 = 8_500.0;
/// MIDI number of the lowest note, E1.
pub(super) const LOWEST_NOTE: usize = 28;
/// Notes up to E7.
pub(super) const NOTES: usize = 73;
/// Harmonics of a note.
const HARMONICS: usize = 20;
/// How loud a harmonic is as a share of the one before.
const DECAY: f64 = 0.6;
/// In how many parts a bin of the window's transform is looked up.
const PARTS: usize = 16;
/// How many bins of a transform the window of a harmonic reaches.
const REACH: usize = 6;

/// From bins of equal width in frequency to bins of equal width in pitch.
pub(super) struct Pitched {
    /// The first bin of each and its weights.
    rows: Vec<(usize, Vec<f32>)>,
}

impl Pitched {
    /// For frames of `n_fft` samples at `sr` Hz that are `tuning` semitones above 440 Hz.
    pub(super) fn new(sr: f64, n_fft: usize, tuning: f64) -> Self {
        let width = sr / n_fft as f64;
        let lowest = LOWEST_HZ * (tuning / 12.0).exp2();
        let hz = |bin: f64| lowest * (bin / PER_OCTAVE as f64).exp2();
        let highest = HIGHEST_HZ.min(sr / 2.0 - 2.0 * width);
        let count = ((highest / lowest).log2() * PER_OCTAVE as f64).floor().max(0.0) as usize;
        let row = |bin: usize| {
            let at = |bin: f64| hz(bin) / width;
            let (low, middle, high) = (at(bin as f64 - 1.0), at(bin as f64), at(bin as f64 + 1.0));
            let (first, last) = (low.ceil().max(0.0) as usize, high.floor() as usize);
            let weight = |at: usize| {
                let at = at as f64;
                ((at - low) / (middle - low)).min((high - at) / (high - middle)).max(0.0)
            };
            let weights: Vec<f64> = (first..=last).map(weight).collect();
            let sum: f64 = weights.iter().sum();
            if weights.iter().filter(|weight| **weight > 0.0).count() < 2 {
                // Narrower than bins: in between two of them.
                let (below, part) = (middle.floor(), middle.fract());
                return (below as usize, vec![(1.0 - part) as f32, part as f32]);
            }
            (first, weights.iter().map(|weight| (weight / sum) as f32).collect())
        };
        Self { rows: (0..count).map(row).collect() }
    }

    pub(super) fn count(&self) -> usize {
        self.rows.len()
    }

    /// The root of each bin of pitch of the magnitudes `bins`: soft notes count.
    pub(super) fn apply(&self, bins: &[f32], pitched: &mut [f32]) {
        for (value, (first, weights)) in pitched.iter_mut().zip(&self.rows) {
            let bins = bins.get(*first..).unwrap_or_default();
            let sum: f32 = bins.iter().zip(weights).map(|(bin, weight)| bin * weight).sum();
            *value = sum.sqrt();
        }
    }
}

/// For each note its bins of pitch, with a Euclidean norm of 1; `tuning` and the window as those of
/// `pitched`.
pub(super) fn templates(
    sr: f64,
    n_fft: usize,
    tuning: f64,
    pitched: &Pitched,
) -> Result<Vec<Vec<f32>>, Error> {
    let window = get_window(&Window::Hann, n_fft, true)?;
    let lobe = main_lobe(&window);
    let width = sr / n_fft as f64;
    let note = |note: usize| {
        let hz = 440.0 * (((LOWEST_NOTE + note) as f64 - 69.0 + tuning) / 12.0).exp2();
        let mut bins = vec![0.0_f32; n_fft / 2 + 1];
        for harmonic in 1..=HARMONICS {
            let at = hz * harmonic as f64 / width;
            let loud = DECAY.powi(harmonic as i32 - 1);
            let first = (at - REACH as f64).ceil().max(0.0) as usize;
            let last = ((at + REACH as f64).floor() as usize).min(bins.len() - 1);
            if hz * harmonic as f64 > HIGHEST_HZ {
                break;
            }
            for (bin, value) in bins.iter_mut().enumerate().take(last + 1).skip(first) {
                let off = ((bin as f64 - at).abs() * PARTS as f64).round() as usize;
                *value += (loud * lobe.get(off).copied().unwrap_or(0.0)) as f32;
            }
        }
        let mut template = vec![0.0; pitched.count()];
        pitched.apply(&bins, &mut template);
        let norm = template.iter().map(|value| value * value).sum::<f32>().sqrt();
        for value in &mut template {
            *value /= norm.max(f32::MIN_POSITIVE);
        }
        template
    };
    Ok((0..NOTES).map(note).collect())
}

/// The magnitude of the window's transform, in parts of a bin, with 1 in the middle.
fn main_lobe(window: &[f64]) -> Vec<f64> {
    let transform = RealFftPlanner::<f64>::new().plan_fft_forward(window.len() * PARTS);
    let (mut input, mut output) = (transform.make_input_vec(), transform.make_output_vec());
    input.iter_mut().zip(window).for_each(|(input, weight)| *input = *weight);
    let done = transform.process(&mut input, &mut output);
    // It can only refuse buffers of another length than those that it made itself.
    debug_assert!(done.is_ok(), "{done:?}");
    let middle = output.first().map_or(1.0, |bin| bin.norm());
    output.iter().take((REACH + 1) * PARTS).map(|bin| bin.norm() / middle).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_looks_like_its_harmonics() {
        let (sr, n_fft) = (22_050.0, 4096);
        let pitched = Pitched::new(sr, n_fft, 0.0);
        let templates = templates(sr, n_fft, 0.0, &pitched).unwrap();
        assert_eq!(templates.len(), NOTES);
        // A4: three bins a semitone from A0 on, with its octave and the fifth above that.
        let note = &templates[69 - LOWEST_NOTE];
        let norm: f32 = note.iter().map(|value| value * value).sum();
        assert!((norm - 1.0).abs() < 1e-4, "{norm}");
        let fundamental = (69 - 21) * 3;
        let greatest = (0..note.len()).max_by(|&a, &b| note[a].total_cmp(&note[b]));
        assert_eq!(greatest, Some(fundamental));
        for overtone in [fundamental + 36, fundamental + 57] {
            assert!(note[overtone] > 5.0 * note[overtone - 9], "{overtone}");
            assert!(note[overtone] < note[fundamental]);
        }
    }

    #[test]
    fn a_tuning_moves_what_is_heard_with_what_is_expected() {
        let pitched = [0.0, 0.4].map(|tuning| Pitched::new(22_050.0, 4096, tuning));
        let [plain, tuned] = [0, 1].map(|index| {
            let tuning = [0.0, 0.4][index];
            templates(22_050.0, 4096, tuning, &pitched[index]).unwrap()
        });
        let alike: f32 = plain[41].iter().zip(&tuned[41]).map(|(a, b)| a * b).sum();
        assert!(alike > 0.97, "{alike}");
    }
}
