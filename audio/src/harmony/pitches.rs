//! How much of each pitch is heard when.

use crate::constantq::{ConstantQ, cqt};
use crate::error::{Error, check_positive, check_signal};
use crate::matrix::Matrix;
use crate::pitch::estimate_tuning;
use crate::spectrum::{Stft, magnitudes, spectrogram};

/// The lowest pitch, A1, in Hz.
const LOWEST_HZ: f64 = 55.0;
/// Its class of pitch, from C on.
const LOWEST_CLASS: usize = 9;
/// Six octaves, up to 3.5 kHz: above, there are more overtones than notes.
const PITCHES: usize = 72;
const BINS_PER_PITCH: usize = 3;
/// In semitones above a note, its second to fifth harmonic.
const OVERTONES: [usize; 4] = [12, 19, 24, 28];
/// How loud a harmonic is as a share of the one before.
const DECAY: f64 = 0.6;
/// A frame is silent that is softer than the loudest by more than 60 dB.
const SILENCE: f64 = 1e-3;

/// How pitches are found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PitchOptions {
    /// Samples from one frame to the next.
    pub hop_length: usize,
    /// How far the recording lies from equal temperament at 440 Hz, in semitones; estimated where
    /// there is none.
    pub tuning: Option<f64>,
}

impl Default for PitchOptions {
    /// A tenth of a second at 22,050 Hz, the sample rate that is meant.
    fn default() -> Self {
        Self { hop_length: 2048, tuning: None }
    }
}

/// What is heard of each class of pitch.
#[derive(Debug, Clone, PartialEq)]
pub struct Pitches {
    /// From C on, a row for each class, a column for each frame; with a Euclidean norm of 1, or
    /// all 0 where it is silent.
    pub classes: Matrix<f32>,
    /// Seconds from one frame to the next; the first is centred at 0.
    pub frame_s: f64,
    /// How far the recording lies from equal temperament at 440 Hz, in semitones.
    pub tuning: f64,
}

/// The classes of pitch in a signal `y` at `sr` Hz, without what the overtones of a note add to
/// others.
///
/// Gómez, E. Tonal description of polyphonic audio for music content processing. INFORMS Journal on
/// Computing, 2006.
///
/// # Errors
/// The signal is empty, not finite, or too short for so many octaves; the sample rate is below
/// 7.3 kHz; the hop is 0; the tuning is not finite.
pub fn pitches(y: &[f32], sr: f64, options: &PitchOptions) -> Result<Pitches, Error> {
    check_signal(y)?;
    check_positive("sr", sr)?;
    let tuning = match options.tuning {
        Some(tuning) => tuning,
        None => estimate_tuning(&spectrogram(y, &Stft::default(), 1.0)?, sr, 0.01, 12)?,
    };
    let bins = cqt(
        y,
        sr,
        &ConstantQ {
            hop_length: options.hop_length,
            fmin: Some(LOWEST_HZ),
            n_bins: Some(PITCHES * BINS_PER_PITCH),
            bins_per_octave: 12 * BINS_PER_PITCH,
            tuning: Some(tuning * BINS_PER_PITCH as f64),
            ..ConstantQ::default()
        },
    )?;
    let bins = magnitudes(&bins);
    let frames = bins.columns();
    let mut energies = vec![0.0; PITCHES];
    let mut classes = Matrix::filled(12, frames, 0.0);
    let loudness: Vec<f64> =
        bins.iter_columns().map(|bins| bins.iter().map(|&bin| f64::from(bin)).sum()).collect();
    let silent = loudness.iter().copied().fold(0.0, f64::max) * SILENCE;
    for (frame, &loudness) in loudness.iter().enumerate() {
        if loudness > silent {
            gather(bins.column(frame), &mut energies);
            take_overtones(&mut energies);
            fold(&energies, classes.column_mut(frame));
        }
    }
    Ok(Pitches { classes, frame_s: options.hop_length as f64 / sr, tuning })
}

/// Of each pitch the bin in the middle, and half of those beside it.
fn gather(bins: &[f32], energies: &mut [f64]) {
    let at = |bin: usize| f64::from(bins.get(bin).copied().unwrap_or(0.0));
    for (pitch, energy) in energies.iter_mut().enumerate() {
        let bin = pitch * BINS_PER_PITCH;
        let below = bin.checked_sub(1).map_or(0.0, at);
        *energy = at(bin) + 0.5 * (below + at(bin + 1));
    }
}

/// From low to high, takes from each pitch what lower ones leave there.
fn take_overtones(energies: &mut [f64]) {
    for pitch in 0..energies.len() {
        let mut overtone = energies[pitch];
        for above in OVERTONES {
            overtone *= DECAY;
            if let Some(energy) = energies.get_mut(pitch + above) {
                *energy = (*energy - overtone).max(0.0);
            }
        }
    }
}

/// The octaves of each class together, compressed so that soft notes count.
fn fold(energies: &[f64], classes: &mut [f32]) {
    let mut sums = [0.0; 12];
    for (pitch, energy) in energies.iter().enumerate() {
        sums[(pitch + LOWEST_CLASS) % 12] += energy.sqrt();
    }
    let length = sums.iter().map(|sum| sum * sum).sum::<f64>().sqrt();
    for (class, sum) in classes.iter_mut().zip(sums) {
        *class = if length > 0.0 { (sum / length) as f32 } else { 0.0 };
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::f64::consts::PI;

    use super::*;

    pub(crate) const SR: f64 = 22_050.0;

    /// Notes by MIDI number, each with five harmonics, for a second.
    pub(crate) fn sounding(notes: &[u8], tuning: f64) -> Vec<f32> {
        let value = |sample: usize| {
            let t = sample as f64 / SR;
            let note = |&note: &u8| {
                let hz = 440.0 * ((f64::from(note) + tuning - 69.0) / 12.0).exp2();
                let harmonic = |k: u8| {
                    let k = f64::from(k);
                    0.6_f64.powf(k) * (2.0 * PI * k * hz * t).sin()
                };
                (1..=5).map(harmonic).sum::<f64>()
            };
            (0.2 * notes.iter().map(note).sum::<f64>()) as f32
        };
        (0..SR as usize).map(value).collect()
    }

    #[test]
    fn a_note_is_heard_in_its_class_alone_however_it_is_tuned() {
        for tuning in [0.0, 0.3] {
            let y = sounding(&[61], tuning);
            let found = pitches(&y, SR, &PitchOptions::default()).unwrap();
            assert!((found.tuning - tuning).abs() < 0.03, "{}", found.tuning);
            let classes = found.classes.column(found.classes.columns() / 2);
            assert!(classes[1] > 0.9, "{classes:?}");
        }
    }

    #[test]
    fn silence_has_no_classes_and_bad_signals_are_refused() {
        let (options, silence) = (PitchOptions::default(), vec![0.0; 22_050]);
        let found = pitches(&silence, SR, &options).unwrap();
        assert!(found.classes.as_slice().iter().all(|&class| class == 0.0));
        assert!(pitches(&[], SR, &options).is_err());
        assert!(pitches(&vec![f32::NAN; 22_050], SR, &options).is_err());
        assert!(pitches(&silence, 7_000.0, &options).is_err());
        assert!(pitches(&silence, f64::NAN, &options).is_err());
        let still = PitchOptions { hop_length: 0, ..options };
        assert!(pitches(&silence, SR, &still).is_err());
        let untuned = PitchOptions { tuning: Some(f64::NAN), ..options };
        assert!(pitches(&silence, SR, &untuned).is_err());
    }
}
