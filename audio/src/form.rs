//! The parts of a recording, and which of them come again.
//!
//! Knows classes of pitch over time. Needs memory in proportion to the square of the recording's
//! length, up to a bound: longer recordings are looked at more coarsely.

use crate::error::{Error, check_positive};
use crate::harmony::Pitches;
use crate::matrix::Matrix;

/// Moments that are compared with each other at most.
const MOMENTS_MAX: usize = 1_200;
/// Seconds of a moment at least.
const MOMENT_S: f64 = 0.5;
/// By how many standard deviations of all novelty a boundary stands out of the mean.
const STANDS_OUT: f64 = 0.7;
/// From which likeness on, moment by moment, two parts are the same.
const SAME: f64 = 0.9;
/// How long parts may differ in length and be the same: a share of the longer.
const LENGTHS: f64 = 0.6;

/// How parts are found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FormOptions {
    /// Seconds on both sides of a boundary that are compared, above 0; parts are at least half as
    /// long.
    pub window_s: f64,
}

impl Default for FormOptions {
    fn default() -> Self {
        Self { window_s: 16.0 }
    }
}

/// A part.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Section {
    /// When it begins, in seconds.
    pub start_s: f64,
    /// When it ends.
    pub end_s: f64,
    /// Which it is: parts that sound alike have the same number, from 0 on in their order.
    pub label: usize,
    /// How much its beginning stands out, from 0 to 1; 1 for the first.
    pub confidence: f64,
}

/// The parts of a recording, one after the other without gaps; none of a recording without frames.
///
/// Foote, J. Automatic audio segmentation using a measure of audio novelty. ICME, 2000; parts are
/// the same where a diagonal of Foote, J. and Cooper, M. Media segmentation using self-similarity
/// decomposition. SPIE, 2003, is bright.
///
/// # Errors
/// The window is not above 0.
pub fn sections(pitches: &Pitches, options: &FormOptions) -> Result<Vec<Section>, Error> {
    check_positive("window_s", options.window_s)?;
    let frames = pitches.classes.columns();
    if frames == 0 {
        return Ok(Vec::new());
    }
    let whole_s = frames as f64 * pitches.frame_s;
    let wanted_s = MOMENT_S.max(whole_s / MOMENTS_MAX as f64);
    let per = ((wanted_s / pitches.frame_s).round() as usize).max(1);
    let moments = moments(&pitches.classes, per);
    let each_s = per as f64 * pitches.frame_s;
    let reach = ((0.5 * options.window_s / each_s).round() as usize).max(1);
    let novelty = novelty(&moments, reach);
    let mut bounds = vec![(0, 1.0)];
    bounds.extend(boundaries(&novelty, reach));
    let ends = bounds.iter().skip(1).map(|bound| bound.0).chain([moments.len()]);
    let spans: Vec<(usize, usize)> = bounds.iter().map(|bound| bound.0).zip(ends).collect();
    let labels = labels(&moments, &spans);
    let section = |index: usize| {
        let (from, to) = spans[index];
        Section {
            start_s: from as f64 * each_s,
            end_s: (to as f64 * each_s).min(whole_s),
            label: labels[index],
            confidence: bounds[index].1,
        }
    };
    Ok((0..spans.len()).map(section).collect())
}

/// The classes of every `per` frames together, with a length of 1, or 0 where there is silence.
fn moments(classes: &Matrix<f32>, per: usize) -> Vec<[f64; 12]> {
    let moment = |at: usize| {
        let mut sum = [0.0; 12];
        for frame in at * per..((at + 1) * per).min(classes.columns()) {
            for (sum, &class) in sum.iter_mut().zip(classes.column(frame)) {
                *sum += f64::from(class);
            }
        }
        let length = dot(&sum, &sum).sqrt();
        sum.map(|value| if length > 0.0 { value / length } else { 0.0 })
    };
    (0..classes.columns().div_ceil(per)).map(moment).collect()
}

fn dot(a: &[f64; 12], b: &[f64; 12]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// How much more alike the moments on either side of each are among themselves than with those of
/// the other side, 0 or more.
fn novelty(moments: &[[f64; 12]], reach: usize) -> Vec<f64> {
    let bell = |off: usize| (-2.0 * ((off as f64 + 0.5) / reach as f64).powi(2)).exp();
    let whole: f64 = (0..reach).map(bell).sum();
    let at = |middle: usize| {
        // At the ends there is less on one side: as much is looked at on the other, and the rest
        // counts as if it were all alike.
        let within = reach.min(middle).min(moments.len() - middle);
        let (mut same, mut other) = (0.0, 0.0);
        for a in 0..within {
            for b in 0..within {
                let weight = bell(a) * bell(b);
                let before = |off: usize| &moments[middle - 1 - off];
                let after = |off: usize| &moments[middle + off];
                same += weight * (dot(before(a), before(b)) + dot(after(a), after(b)));
                other += weight * 2.0 * dot(before(a), after(b));
            }
        }
        ((same - other) / (2.0 * whole * whole)).max(0.0)
    };
    (0..moments.len()).map(at).collect()
}

/// Where novelty has its peaks, and how much each stands out.
fn boundaries(novelty: &[f64], reach: usize) -> Vec<(usize, f64)> {
    let count = novelty.len() as f64;
    let mean = novelty.iter().sum::<f64>() / count;
    let variance = novelty.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / count;
    let least = mean + STANDS_OUT * variance.sqrt();
    let apart = reach;
    let is_peak = |at: usize| {
        let near = at.saturating_sub(apart)..(at + apart + 1).min(novelty.len());
        let first = near.start;
        let greatest = novelty[near].iter().enumerate().all(|(index, &near)| {
            near < novelty[at] || (near == novelty[at] && first + index >= at)
        });
        greatest && novelty[at] > least && novelty[at] > 1e-6
    };
    (apart..novelty.len().saturating_sub(apart))
        .filter(|&at| is_peak(at))
        .map(|at| (at, (1.0 - least / novelty[at]).clamp(0.0, 1.0)))
        .collect()
}

/// For each part the number of the first that it is like.
fn labels(moments: &[[f64; 12]], spans: &[(usize, usize)]) -> Vec<usize> {
    let mut labels: Vec<usize> = Vec::with_capacity(spans.len());
    let mut next = 0;
    for (index, &span) in spans.iter().enumerate() {
        let like = |&other: &usize| likeness(moments, spans[other], span) >= SAME;
        if let Some(other) = (0..index).find(like) {
            labels.push(labels[other]);
        } else {
            labels.push(next);
            next += 1;
        }
    }
    labels
}

/// How alike two parts are moment by moment, shifted against each other as fits best.
fn likeness(moments: &[[f64; 12]], a: (usize, usize), b: (usize, usize)) -> f64 {
    let (short, long) = if a.1 - a.0 <= b.1 - b.0 { (a, b) } else { (b, a) };
    let (length, room) = (short.1 - short.0, (long.1 - long.0) - (short.1 - short.0));
    if (length as f64) < LENGTHS * (long.1 - long.0) as f64 {
        return 0.0;
    }
    let shifted = |shift: usize| {
        let pairs =
            (0..length).map(|at| dot(&moments[short.0 + at], &moments[long.0 + shift + at]));
        pairs.sum::<f64>() / length as f64
    };
    (0..=room).map(shifted).fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A recording of parts of so many seconds, each with its own chords that change every second.
    fn played(parts: &[(usize, usize)]) -> Pitches {
        let mut values = Vec::new();
        for &(seed, seconds) in parts {
            for second in 0..seconds {
                let root = (seed * 5 + [0, 2, 7, 9][second % 4] * (1 + seed % 2)) % 12;
                let third = if seed.is_multiple_of(2) { 4 } else { 3 };
                for _ in 0..10 {
                    let on = |class: usize| {
                        [root, (root + third) % 12, (root + 7) % 12].contains(&class)
                    };
                    values.extend((0..12).map(|class| if on(class) { 0.577_f32 } else { 0.0 }));
                }
            }
        }
        let columns = values.len() / 12;
        let classes = Matrix::from_columns(12, columns, values).unwrap();
        Pitches { classes, frame_s: 0.1, tuning: 0.0 }
    }

    #[test]
    fn parts_that_come_again_have_the_same_label() {
        let pitches = played(&[(0, 24), (1, 24), (0, 24)]);
        let found = sections(&pitches, &FormOptions::default()).unwrap();
        let labels: Vec<usize> = found.iter().map(|section| section.label).collect();
        assert_eq!(labels, [0, 1, 0], "{found:?}");
        for (section, start) in found.iter().zip([0.0, 24.0, 48.0]) {
            assert!((section.start_s - start).abs() <= 3.0, "{found:?}");
        }
        assert!(found.windows(2).all(|two| two[0].end_s == two[1].start_s));
        assert!((found[2].end_s - 72.0).abs() < 1e-9);
    }

    #[test]
    fn what_stays_the_same_and_silence_are_one_part() {
        let one = sections(&played(&[(0, 40)]), &FormOptions::default()).unwrap();
        assert_eq!(one.len(), 1, "{one:?}");
        let silence = Pitches { classes: Matrix::filled(12, 300, 0.0), frame_s: 0.1, tuning: 0.0 };
        let found = sections(&silence, &FormOptions::default()).unwrap();
        assert_eq!((found.len(), found[0].label), (1, 0));
    }

    #[test]
    fn nothing_has_no_parts_and_a_window_has_a_length() {
        let none = Pitches { classes: Matrix::filled(12, 0, 0.0), frame_s: 0.1, tuning: 0.0 };
        assert!(sections(&none, &FormOptions::default()).unwrap().is_empty());
        assert!(sections(&none, &FormOptions { window_s: 0.0 }).is_err());
    }
}
