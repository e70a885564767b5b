//! Intervals of tunings, as `librosa.core.intervals`.
//!
//! Tenney, J. On 'Crystal growth' in harmonic space. Contemporary Music Review, 2008.

use crate::error::{Error, check_count, check_positive};

/// Which frequencies divide an octave.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Intervals {
    /// All equally far apart.
    #[default]
    Equal,
    /// Stacked fifths.
    Pythagorean,
    /// Just intonation of ratios of 2 and 3.
    Ji3,
    /// Just intonation of ratios of 2, 3 and 5.
    Ji5,
    /// Just intonation of ratios of 2, 3, 5 and 7.
    Ji7,
    /// These ratios, at least 1 and below 2.
    Ratios(Vec<f64>),
}

/// Notes of an octave at most: choosing just intervals takes the square of their number.
const NOTES_MAX: usize = 1200;

impl Intervals {
    /// The ratios of one octave, in which `bins_per_octave` are made where they are not listed.
    ///
    /// # Errors
    /// There are none, or too many to choose; one is not finite and above 0.
    pub fn ratios(&self, bins_per_octave: usize) -> Result<Vec<f64>, Error> {
        check_count("bins_per_octave", bins_per_octave)?;
        let is_just = matches!(self, Self::Ji3 | Self::Ji5 | Self::Ji7);
        if is_just && bins_per_octave > NOTES_MAX {
            let range = format!("at most {NOTES_MAX} in just intonation");
            return Err(Error::parameter("bins_per_octave", bins_per_octave, range));
        }
        match self {
            Self::Equal => {
                let ratio = |bin: usize| 2_f64.powf(bin as f64 / bins_per_octave as f64);
                Ok((0..bins_per_octave).map(ratio).collect())
            }
            Self::Pythagorean => Ok(pythagorean_intervals(bins_per_octave)),
            Self::Ji3 => Ok(plimit_intervals(&[3.0], bins_per_octave)),
            Self::Ji5 => Ok(plimit_intervals(&[3.0, 5.0], bins_per_octave)),
            Self::Ji7 => Ok(plimit_intervals(&[3.0, 5.0, 7.0], bins_per_octave)),
            Self::Ratios(ratios) => {
                check_count("the number of intervals", ratios.len())?;
                for &ratio in ratios {
                    check_positive("intervals", ratio)?;
                }
                Ok(ratios.clone())
            }
        }
    }
}

/// `librosa.interval_frequencies`: `n_bins` frequencies from `fmin` Hz on, ascending.
///
/// # Errors
/// As [`Intervals::ratios`]; `fmin` is not above 0.
pub fn interval_frequencies(
    n_bins: usize,
    fmin: f64,
    intervals: &Intervals,
    bins_per_octave: usize,
) -> Result<Vec<f64>, Error> {
    check_positive("fmin", fmin)?;
    let ratios = intervals.ratios(bins_per_octave)?;
    let ratio = |bin: usize| {
        2_f64.powi(i32::try_from(bin / ratios.len()).unwrap_or(i32::MAX))
            * ratios[bin % ratios.len()]
    };
    let mut all: Vec<f64> = (0..n_bins).map(ratio).collect();
    all.sort_by(f64::total_cmp);
    Ok(all.into_iter().map(|ratio| ratio * fmin).collect())
}

/// `librosa.pythagorean_intervals`: that many stacked fifths within an octave, ascending.
pub fn pythagorean_intervals(bins_per_octave: usize) -> Vec<f64> {
    let octaves = |fifths: usize| (fifths as f64 * 3_f64.log2()).fract();
    ascending((0..bins_per_octave).map(octaves))
}

/// Ratios of the octaves above the first note that they lie.
fn ascending(octaves: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut octaves: Vec<f64> =
        octaves.map(|octaves| if octaves < 0.0 { octaves + 1.0 } else { octaves }).collect();
    octaves.sort_by(f64::total_cmp);
    octaves.into_iter().map(f64::exp2).collect()
}

/// The exponents of the primes in a ratio.
type Point = Vec<i32>;

/// `librosa.plimit_intervals`: that many intervals within an octave, ascending, whose numbers have
/// no prime factors but 2 and `primes`: each next one is the nearest to those before in harmonic
/// space.
pub fn plimit_intervals(primes: &[f64], bins_per_octave: usize) -> Vec<f64> {
    let logs: Vec<f64> = primes.iter().map(|prime| prime.log2()).collect();
    let seeds: Vec<Point> = (0..primes.len())
        .flat_map(|prime| {
            [1, -1].map(|sign| {
                (0..primes.len()).map(|at| if at == prime { sign } else { 0 }).collect()
            })
        })
        .collect();
    let mut chosen: Vec<Point> = vec![vec![0; primes.len()]];
    // How far each candidate lies from all that are chosen.
    let mut frontier: Vec<(Point, f64)> = Vec::new();
    for seed in &seeds {
        let distance = harmonic_distance(&logs, seed, &chosen[0]);
        frontier.push((seed.clone(), distance));
    }
    while chosen.len() < bins_per_octave && !frontier.is_empty() {
        let (mut best, mut least) = (0, f64::INFINITY);
        for (index, (point, distance)) in frontier.iter().enumerate() {
            let is_tie = (distance - least).abs() <= 1e-8 + 1e-5 * least.abs();
            let breaks = || weight(&logs, point) < weight(&logs, &frontier[best].0);
            if *distance < least || (is_tie && breaks()) {
                (best, least) = (index, *distance);
            }
        }
        let (next, _) = frontier.remove(best);
        for (point, distance) in &mut frontier {
            *distance += harmonic_distance(&logs, point, &next);
        }
        chosen.push(next.clone());
        for seed in &seeds {
            let point: Point = next.iter().zip(seed).map(|(a, b)| a + b).collect();
            if !chosen.contains(&point) && frontier.iter().all(|(each, _)| *each != point) {
                let distance =
                    chosen.iter().map(|each| harmonic_distance(&logs, &point, each)).sum();
                frontier.push((point, distance));
            }
        }
    }
    chosen.truncate(bins_per_octave);
    let octaves = |point: &Point| {
        point.iter().zip(&logs).map(|(&power, log)| f64::from(power) * log).sum::<f64>().fract()
    };
    ascending(chosen.iter().map(octaves))
}

fn weight(logs: &[f64], point: &Point) -> f64 {
    point.iter().zip(logs).map(|(&power, log)| f64::from(power.abs()) * log).sum()
}

/// Tenney's distance between two ratios: the logarithm of the product of the numbers in their
/// quotient, to the sixth decimal.
fn harmonic_distance(logs: &[f64], a: &Point, b: &Point) -> f64 {
    let part = |((&a, &b), log): ((&i32, &i32), &f64)| f64::from((a - b).abs()) * log;
    let sum: f64 = a.iter().zip(b).zip(logs).map(part).sum();
    (sum * 1e6).round_ties_even() / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn just_intervals_are_the_simple_ones() {
        let ratios = plimit_intervals(&[3.0, 5.0], 7);
        assert!((ratios[0] - 1.0).abs() < 1e-12 && ratios.windows(2).all(|two| two[0] < two[1]));
        assert!(ratios.iter().any(|ratio| (ratio - 1.5).abs() < 1e-12), "{ratios:?}");
        assert_eq!(pythagorean_intervals(12).len(), 12);
        assert!(plimit_intervals(&[], 5).len() <= 5 && plimit_intervals(&[3.0], 0).is_empty());
    }

    #[test]
    fn what_divides_no_octave_is_refused() {
        assert!(Intervals::Equal.ratios(0).is_err());
        assert!(Intervals::Ji5.ratios(5000).is_err());
        assert!(Intervals::Ratios(vec![1.0, f64::NAN]).ratios(12).is_err());
        assert!(Intervals::Ratios(Vec::new()).ratios(12).is_err());
        assert!(interval_frequencies(3, 0.0, &Intervals::Equal, 12).is_err());
    }
}
