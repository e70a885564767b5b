//! Where the filters of a bank of semitones lie: `librosa.filters.mr_frequencies`.
//!
//! Müller, M. Information Retrieval for Music and Motion. Springer, 2007. Numbers only, no
//! filters.

use crate::convert::midi_to_hz;
use crate::error::{Error, check};

/// The lowest note that has a filter, and how many follow at each rate, in Hz.
const LOWEST: f64 = 24.0;
const RATES: [(usize, f64); 3] = [(36, 882.0), (34, 4_410.0), (15, 22_050.0)];

/// The frequencies of 85 semitones from C1 on, `tuning` semitones higher, and the sample rate at
/// which each is filtered, all in Hz.
///
/// # Errors
/// `tuning` is not finite.
pub fn mr_frequencies(tuning: f64) -> Result<(Vec<f64>, Vec<f64>), Error> {
    check(tuning.is_finite(), "tuning", tuning, "finite")?;
    let rates: Vec<f64> =
        RATES.iter().flat_map(|&(count, rate)| std::iter::repeat_n(rate, count)).collect();
    let frequency = |at: usize| midi_to_hz(LOWEST + tuning + at as f64);
    Ok(((0..rates.len()).map(frequency).collect(), rates))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_filter_lies_below_half_its_rate() {
        let (frequencies, rates) = mr_frequencies(0.5).unwrap();
        assert_eq!((frequencies.len(), rates.len()), (85, 85));
        assert!(frequencies.iter().zip(&rates).all(|(hz, rate)| 1.02 * hz < rate / 2.0));
        assert!(mr_frequencies(f64::NAN).is_err());
    }
}
