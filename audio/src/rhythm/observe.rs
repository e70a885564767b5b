//! How likely what is heard is at each place of a bar.

use super::grid::place;
use super::weights::EXPECTED;
use crate::matrix::Matrix;
use crate::sound::{STRIDE, Sound};

/// What is looked at in a frame: three rises and how much the harmony changes.
const FEATURES: usize = 4;
/// A bias, the features and their squares.
pub(super) const WEIGHTS: usize = 1 + 2 * FEATURES;
/// Frames to either side over which a rise is the greatest: a beat need not be more exact.
const REACH: usize = 2;
/// What a rise is measured by: so much of all frames lies below.
const LOUD: f64 = 0.98;
/// Features are cut here.
const FEATURE_MAX: f32 = 1.5;
/// Seconds before and after a frame of which the harmonies are compared.
const HARMONY_S: f64 = 0.4;
/// Seconds after it that are left out: the noise of its attack.
const ATTACK_S: f64 = 0.04;

/// For each second frame the logarithm of how much likelier what is heard is at each place than
/// between the places.
pub(super) fn observe(sound: &Sound) -> Matrix<f32> {
    let features = features(sound);
    Matrix::from_fn(place::COUNT, features.len(), |place, frame| {
        let of = |place: usize| {
            let weights = &EXPECTED[place];
            let values = features[frame].iter();
            let linear: f32 = values.clone().zip(&weights[1..]).map(|(x, w)| x * w).sum();
            let square: f32 = values.zip(&weights[1 + FEATURES..]).map(|(x, w)| x * x * w).sum();
            weights[0] + linear + square
        };
        of(place) - of(place::NONE)
    })
}

/// The features of each second frame, each from 0 to [`FEATURE_MAX`].
fn features(sound: &Sound) -> Vec<[f32; FEATURES]> {
    let rises = [&sound.rise, &sound.rise_long, &sound.rise_low].map(|rise| scaled(rise));
    let change = changes(sound);
    let frames = change.len();
    (0..frames)
        .map(|frame| {
            let middle = frame * STRIDE;
            let greatest = |rise: &Vec<f32>| {
                let near = middle.saturating_sub(REACH)..(middle + REACH + 1).min(rise.len());
                let near = rise.get(near).unwrap_or_default();
                near.iter().copied().fold(0.0, f32::max).sqrt().min(FEATURE_MAX)
            };
            let [a, b, c] = [0, 1, 2].map(|index| greatest(&rises[index]));
            [a, b, c, change[frame].sqrt().min(FEATURE_MAX)]
        })
        .collect()
}

/// Divided by what few frames exceed.
fn scaled(rise: &[f32]) -> Vec<f32> {
    let mut sorted = rise.to_vec();
    sorted.sort_unstable_by(f32::total_cmp);
    let at = (LOUD * sorted.len().saturating_sub(1) as f64).round() as usize;
    let loud = sorted.get(at).copied().unwrap_or(0.0) + 1e-6;
    rise.iter().map(|value| value / loud).collect()
}

/// How different the classes of pitch before and after each frame are, from 0 to 1: 1 less the
/// cosine between them.
///
/// Harte, C., Sandler, M. and Gasser, M. Detecting harmonic change in musical audio. AMCMM, 2006.
fn changes(sound: &Sound) -> Vec<f32> {
    let polyphony = &sound.polyphony;
    let frames = polyphony.frames();
    let mut sums = vec![[0.0_f64; 12]; frames + 1];
    for frame in 0..frames {
        let classes = polyphony.classes(frame);
        let (before, after) = sums.split_at_mut(frame + 1);
        for class in 0..12 {
            after[0][class] = before[frame][class] + f64::from(classes[class]);
        }
    }
    let of = |seconds: f64| (seconds / polyphony.frame_s).round() as usize;
    let (length, attack) = (of(HARMONY_S), of(ATTACK_S));
    let between = |from: usize, to: usize| -> [f64; 12] {
        std::array::from_fn(|class| sums[to][class] - sums[from][class])
    };
    let change = |frame: usize| {
        let end = (frame + length).min(frames);
        let before = between(frame.saturating_sub(length), frame);
        let after = between((frame + attack).min(end), end);
        let product =
            |a: &[f64; 12], b: &[f64; 12]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let scale = (product(&before, &before) * product(&after, &after)).sqrt();
        if scale > 0.0 { (1.0 - product(&before, &after) / scale).max(0.0) as f32 } else { 0.0 }
    };
    (0..frames).map(change).collect()
}
