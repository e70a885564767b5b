//! Which notes sound when, and which of them are the melody.
//!
//! Knows the bins of frames and pitches; never samples.

mod likelihood;
mod melody;
mod notes;
mod polyphony;
mod templates;

pub use likelihood::Voices;
pub use melody::melody;
pub use notes::{Note, notes};
pub(crate) use polyphony::NoteEars;
pub use polyphony::Polyphony;

#[cfg(test)]
pub(crate) mod tests {
    use crate::sound::tests::SR;

    /// Notes by MIDI number, from when to when, each with eight harmonics that swell in 10 ms.
    pub(crate) fn sounding(notes: &[(usize, f64, f64)], seconds: f64) -> Vec<f32> {
        let mut y = vec![0.0; (seconds * SR) as usize];
        for &(midi, from, to) in notes {
            let hz = 440.0 * ((midi as f64 - 69.0) / 12.0).exp2();
            let last = ((to * SR) as usize).min(y.len());
            for (sample, value) in y.iter_mut().enumerate().take(last).skip((from * SR) as usize) {
                let (since, left) = (sample as f64 / SR - from, to - sample as f64 / SR);
                let swell = (since / 0.01).min(left / 0.01).min(1.0) * (-0.7 * since).exp();
                let harmonic = |k: i32| {
                    let phase = std::f64::consts::TAU * f64::from(k) * hz * since;
                    0.6_f64.powi(k) * phase.sin()
                };
                *value += (0.15 * swell * (1..=8).map(harmonic).sum::<f64>()) as f32;
            }
        }
        y
    }
}
