//! Bands of equal width in pitch, and how much they rise.
//!
//! Knows the bins of one frame and the bands of the frames before.

use std::collections::VecDeque;

/// Bands in an octave.
const PER_OCTAVE: f64 = 24.0;
/// The lowest middle of a band, in Hz.
const LOWEST_HZ: f64 = 30.0;
/// The highest, or half the sample rate.
const HIGHEST_HZ: f64 = 16_000.0;
/// Up to where a band is counted among the low ones, in Hz: what a bass plays.
const LOW_HZ: f64 = 250.0;
/// What a magnitude is multiplied by before the logarithm, where a full-scale sine has one of 1.
const GAIN: f32 = 1000.0;

/// Triangles on the bins of a Fourier transform; where bins are wider than a band there is one for
/// each bin.
pub(crate) struct Bands {
    /// The first bin of each band and its weights.
    bands: Vec<(usize, Vec<f32>)>,
    /// How many of them are low.
    low: usize,
}

impl Bands {
    /// For frames of `n_fft` samples at `sr` Hz.
    pub(crate) fn new(sr: f64, n_fft: usize) -> Self {
        let octaves = (HIGHEST_HZ.min(sr / 2.0) / LOWEST_HZ).log2();
        let middle = |band: usize| LOWEST_HZ * (band as f64 / PER_OCTAVE).exp2();
        let count = (octaves * PER_OCTAVE).floor().max(0.0) as usize;
        let mut middles: Vec<usize> =
            (0..=count).map(|band| (middle(band) * n_fft as f64 / sr).round() as usize).collect();
        middles.retain(|&bin| bin > 0 && bin <= n_fft / 2);
        middles.dedup();
        let bands: Vec<(usize, Vec<f32>)> = middles
            .windows(3)
            .map(|three| {
                let (first, middle, last) = (three[0], three[1], three[2]);
                let weight = |bin: usize| {
                    if bin <= middle {
                        (bin - first) as f32 / (middle - first) as f32
                    } else {
                        (last - bin) as f32 / (last - middle) as f32
                    }
                };
                (first + 1, (first + 1..last).map(weight).collect())
            })
            .collect();
        let is_low = |three: &&[usize]| (three[1] as f64) * sr / (n_fft as f64) < LOW_HZ;
        let low = middles.windows(3).take_while(is_low).count();
        Self { bands, low }
    }

    /// The logarithm of each band of the magnitudes `bins`.
    fn apply(&self, bins: &[f32], levels: &mut Vec<f32>) {
        levels.clear();
        levels.extend(self.bands.iter().map(|(first, weights)| {
            let bins = bins.get(*first..).unwrap_or_default();
            let sum: f32 = bins.iter().zip(weights).map(|(bin, weight)| bin * weight).sum();
            (1.0 + GAIN * sum).log10()
        }));
    }
}

/// How much the bands of a frame have risen since some frames before.
///
/// Böck, S. and Widmer, G. Maximum filter vibrato suppression for onset detection. `DAFx`, 2013.
pub(crate) struct Flux {
    bands: Bands,
    lag: usize,
    /// Over how many bands to either side the earlier level is the greatest.
    reach: usize,
    /// The levels of the last `lag` frames, the oldest first.
    earlier: VecDeque<Vec<f32>>,
}

/// The mean rise of all bands, and of the low ones.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Rise {
    pub(crate) all: f32,
    pub(crate) low: f32,
}

impl Flux {
    pub(crate) fn new(bands: Bands, lag: usize, reach: usize) -> Self {
        Self { bands, lag, reach, earlier: VecDeque::with_capacity(lag + 1) }
    }

    /// Takes the magnitudes of the next frame; what there is before the first is silence.
    pub(crate) fn push(&mut self, bins: &[f32]) -> Rise {
        let mut levels = if self.earlier.len() >= self.lag {
            self.earlier.pop_front().unwrap_or_default()
        } else {
            Vec::new()
        };
        let before = std::mem::take(&mut levels);
        self.bands.apply(bins, &mut levels);
        let (mut all, mut low) = (0.0, 0.0);
        for (band, level) in levels.iter().enumerate() {
            let nearest = band.saturating_sub(self.reach)..(band + self.reach + 1);
            let nearest = nearest.start..nearest.end.min(before.len()).max(nearest.start);
            let greatest = before.get(nearest).unwrap_or_default().iter().copied();
            let rise = (level - greatest.fold(0.0, f32::max)).max(0.0);
            all += rise;
            if band < self.bands.low {
                low += rise;
            }
        }
        let mean = |sum: f32, count: usize| sum / count.max(1) as f32;
        let rise = Rise { all: mean(all, levels.len()), low: mean(low, self.bands.low) };
        self.earlier.push_back(levels);
        rise
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_cover_all_bins_between_their_ends_alike() {
        let bands = Bands::new(22_050.0, 2048);
        let mut weights = vec![0.0; 1025];
        for (first, band) in &bands.bands {
            for (weight, sum) in band.iter().zip(&mut weights[*first..]) {
                *sum += weight;
            }
        }
        for (bin, weight) in weights.iter().enumerate().take(900).skip(5) {
            assert!((weight - 1.0).abs() < 1e-5, "{bin}: {weight}");
        }
        assert!(bands.low > 5 && bands.low < bands.bands.len() / 3, "{}", bands.low);
    }

    #[test]
    fn what_is_louder_rises_and_what_is_softer_does_not() {
        let mut flux = Flux::new(Bands::new(22_050.0, 2048), 1, 0);
        let (soft, loud) = (vec![0.01; 1025], vec![0.1; 1025]);
        assert!(flux.push(&soft).all > 0.0);
        assert_eq!(flux.push(&soft), Rise { all: 0.0, low: 0.0 });
        let rise = flux.push(&loud);
        assert!(rise.all > 0.5 && rise.low > 0.5, "{rise:?}");
        assert_eq!(flux.push(&soft), Rise { all: 0.0, low: 0.0 });
    }

    #[test]
    fn a_tone_that_moves_to_the_next_band_is_no_onset_to_a_flux_that_reaches_there() {
        let tone = |bin: usize| -> Vec<f32> {
            (0..1025).map(|at| if at == bin { 0.5 } else { 0.0 }).collect()
        };
        let of = |reach| {
            let mut flux = Flux::new(Bands::new(22_050.0, 2048), 1, reach);
            flux.push(&tone(60));
            flux.push(&tone(61)).all
        };
        assert!(of(1) < 0.2 * of(0), "{} {}", of(1), of(0));
    }
}
