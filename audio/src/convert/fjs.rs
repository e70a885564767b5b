//! Intervals in the notation of the Functional Just System.
//!
//! Which intervals have a name is librosa's choice: those of a table of its own, which is made here
//! again from the rule that it follows.

use super::{NoteName, fifths_to_note, hz_to_note};
use crate::error::{Error, check_count, check_positive};

/// Fifths at which a search ends.
const FIFTHS_MAX: i16 = 32;
/// Intervals are the same that lie no farther apart, in the octave from 1 to 2: librosa looks at
/// six decimals.
const SAME: f64 = 0.75e-6;

/// The numbers above and below the line, without factors of 2 and 3, of the intervals that have a
/// name, and from which to which power of 3 they have one.
#[rustfmt::skip]
const NAMED: [(u32, u32, i32, i32); 60] = [
    (1, 1, -33, 71), (5, 1, -4, 6), (1, 5, -4, 6), (25, 1, -4, 6), (1, 25, -3, 5),
    (125, 1, -3, 4), (1, 125, -2, 4), (625, 1, -1, 2), (7, 1, -3, 3), (1, 7, -3, 3),
    (49, 1, -2, 2), (1, 49, -1, 1), (35, 1, -2, 2), (1, 35, -2, 2), (5, 7, -2, 2), (7, 5, -2, 2),
    (175, 1, -1, 1), (1, 175, 0, 0), (25, 7, -1, 0), (7, 25, -1, 1), (245, 1, -1, 1),
    (49, 5, -1, 1), (11, 1, -2, 2), (1, 11, -2, 2), (13, 1, -2, 2), (1, 13, -2, 2),
    (17, 1, -2, 2), (1, 17, -2, 2), (19, 1, -1, 1), (1, 19, -1, 1), (23, 1, -1, 1),
    (1, 23, -1, 1), (55, 1, -1, 1), (1, 55, -1, 1), (5, 11, -1, 1), (11, 5, -1, 1),
    (65, 1, -1, 1), (1, 65, -1, 1), (5, 13, -1, 1), (13, 5, -1, 1), (85, 1, -1, 1),
    (1, 85, -1, 1), (5, 17, -1, 1), (17, 5, -1, 1), (95, 1, 0, 0), (1, 95, 0, 0), (5, 19, 0, 0),
    (19, 5, 0, 0), (77, 1, -1, 1), (1, 77, -1, 1), (7, 11, -1, 1), (11, 7, -1, 1), (91, 1, -1, 1),
    (1, 91, -1, 1), (7, 13, -1, 1), (13, 7, -1, 1), (119, 1, 0, 0), (1, 119, 0, 0), (7, 17, 0, 0),
    (17, 7, 0, 0),
];

/// How notes are written; defaults are those of `librosa.interval_to_fjs`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fjs<'a> {
    /// The note of the interval 1: a letter and accidentals.
    pub unison: &'a str,
    /// How far an interval may lie from stacked fifths that give it its name, as a ratio.
    pub tolerance: f64,
    /// With signs such as `♯` and `⁵`, not `#` and `^5`.
    pub unicode: bool,
}

impl Default for Fjs<'_> {
    fn default() -> Self {
        Self { unison: "C", tolerance: 65.0 / 63.0, unicode: true }
    }
}

/// `librosa.interval_to_fjs`: the note at an `interval`, which is a ratio: that of the nearest
/// stacked fifths, and the factors from 5 on above and below the line.
///
/// # Errors
/// `interval` is not above 0, or none of those that have a name; `unison` is no note; the tolerance
/// is not above 0.
pub fn interval_to_fjs(interval: f64, fjs: &Fjs<'_>) -> Result<String, Error> {
    check_positive("interval", interval)?;
    check_positive("tolerance", fjs.tolerance)?;
    let mut note = fifths_to_note(fjs.unison, fifths(interval, fjs.tolerance), fjs.unicode)?;
    let range = "a ratio of small numbers that has a name";
    let (above, below) =
        factors(interval).ok_or_else(|| Error::parameter("interval", interval, range))?;
    let mut append = |factor: u32, ascii: char, signs: [char; 10]| {
        if factor > 1 && !fjs.unicode {
            note.push(ascii);
            note += &factor.to_string();
        } else if factor > 1 {
            let digit = |digit: char| digit.to_digit(10).map(|digit| signs[digit as usize]);
            note.extend(factor.to_string().chars().filter_map(digit));
        }
    };
    append(above, '^', ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹']);
    append(below, '_', ['₀', '₁', '₂', '₃', '₄', '₅', '₆', '₇', '₈', '₉']);
    Ok(note)
}

/// `librosa.hz_to_fjs`: the notes of frequencies that lie at just intervals from `fmin`, in Hz, by
/// default the least of them; that is `unison`, by default its nearest note.
///
/// # Errors
/// As [`interval_to_fjs`]; there is neither a frequency nor `fmin`.
pub fn hz_to_fjs(
    frequencies: &[f64],
    fmin: Option<f64>,
    unison: Option<&str>,
    unicode: bool,
) -> Result<Vec<String>, Error> {
    check_count("the number of frequencies", frequencies.len())?;
    let fmin = fmin.unwrap_or(frequencies.iter().copied().fold(f64::INFINITY, f64::min));
    check_positive("fmin", fmin)?;
    let plain = NoteName { octave: false, unicode: false, ..NoteName::default() };
    let unison = match unison {
        Some(unison) => unison.to_owned(),
        None => hz_to_note(fmin, &plain)?,
    };
    let fjs = Fjs { unison: &unison, unicode, ..Fjs::default() };
    frequencies.iter().map(|hz| interval_to_fjs(hz / fmin, &fjs)).collect()
}

/// How many stacked fifths, or fourths below zero, come near an interval, but for octaves.
fn fifths(interval: f64, tolerance: f64) -> i16 {
    // In librosa's order, as what lies just at the tolerance depends on every rounding.
    let is_near = |fifths: &i16| {
        let rest = interval / 3_f64.powi(i32::from(*fifths));
        let rest = rest * (-rest.log2().round_ties_even()).exp2();
        rest.log2().abs() <= tolerance.log2().abs()
    };
    (0..FIFTHS_MAX).flat_map(|count| [count, -count]).find(is_near).unwrap_or(FIFTHS_MAX)
}

/// The products of the factors from 5 on above and below the line of an interval that has a name.
fn factors(interval: f64) -> Option<(u32, u32)> {
    let sought = folded(interval);
    let is_it = |(above, below, least, most): &&(u32, u32, i32, i32)| {
        let ratio = f64::from(*above) / f64::from(*below);
        (*least..=*most).any(|power| (folded(ratio * 3_f64.powi(power)) - sought).abs() <= SAME)
    };
    NAMED.iter().find(is_it).map(|&(above, below, ..)| (above, below))
}

/// An interval in the octave from 1 to 2.
fn folded(interval: f64) -> f64 {
    interval * (-interval.log2().floor()).exp2()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_name_is_refused() {
        let default = Fjs::default();
        for interval in [0.0, -1.5, f64::NAN, f64::INFINITY, 1.234_567, 29.0 / 16.0] {
            assert!(interval_to_fjs(interval, &default).is_err(), "{interval}");
        }
        assert!(interval_to_fjs(1.5, &Fjs { unison: "H", ..default }).is_err());
        assert!(interval_to_fjs(1.5, &Fjs { tolerance: 0.0, ..default }).is_err());
        assert!(hz_to_fjs(&[], None, None, true).is_err());
        assert!(hz_to_fjs(&[55.0], Some(0.0), None, true).is_err());
        assert_eq!(hz_to_fjs(&[66.0], Some(55.0), None, true).unwrap(), ["C₅"]);
    }

    #[test]
    fn no_two_intervals_with_a_name_are_one() {
        let mut all: Vec<f64> = NAMED
            .iter()
            .flat_map(|&(above, below, least, most)| {
                let ratio = f64::from(above) / f64::from(below);
                (least..=most).map(move |power| folded(ratio * 3_f64.powi(power)))
            })
            .collect();
        all.sort_unstable_by(f64::total_cmp);
        assert_eq!(all.len(), 333);
        assert!(all.windows(2).all(|two| two[1] - two[0] > 2.0 * SAME));
    }
}
