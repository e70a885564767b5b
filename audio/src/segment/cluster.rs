//! Where parts begin: frames that follow each other and are alike.
//!
//! Ward, J. H. Hierarchical grouping to optimize an objective function. Journal of the American
//! Statistical Association, 1963; `McFee`, B. and Ellis, D. P. W. Learning to segment songs with
//! ordinal linear discriminant analysis. ICASSP, 2014.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use crate::error::{Error, check, check_count, check_finite};
use crate::matrix::Matrix;
use crate::util::fix_frames;

/// Frames that follow each other.
struct Part {
    first: usize,
    /// Its number in the order in which parts came up, by which equals are told apart.
    number: usize,
    count: f64,
    sums: Vec<f64>,
    /// The places of the parts before and after it.
    before: Option<usize>,
    after: Option<usize>,
}

/// Two parts that could become one, by what that costs.
#[derive(PartialEq)]
struct Merge {
    cost: f64,
    /// The numbers of both, the greater first.
    numbers: (usize, usize),
    /// Where the former is.
    place: usize,
}

impl Eq for Merge {}

impl Ord for Merge {
    fn cmp(&self, other: &Self) -> Ordering {
        self.cost.total_cmp(&other.cost).then(self.numbers.cmp(&other.numbers))
    }
}

impl PartialOrd for Merge {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// `librosa.segment.agglomerative`: the first frame of each of `k` parts of the frames (columns) of
/// `data`, in order, the first of which is 0. Neighbours become one part as long as that adds least
/// to the squares of distances from the means.
///
/// # Errors
/// A value is not finite; `k` is 0 or above the number of frames.
pub fn agglomerative(data: &Matrix<f32>, k: usize) -> Result<Vec<usize>, Error> {
    check_finite("the features", data.as_slice())?;
    let count = data.columns();
    check((1..=count).contains(&k), "k", k, &format!("from 1 to the {count} frames"))?;
    Ok(parts(data, 0, count, k))
}

/// `librosa.segment.subsegment`: each of the segments between `frames` parted into at most
/// `n_segments` (4 by default): the first frame of each part, in order.
///
/// # Errors
/// A value is not finite; `n_segments` is 0.
pub fn subsegment(
    data: &Matrix<f32>,
    frames: &[usize],
    n_segments: usize,
) -> Result<Vec<usize>, Error> {
    check_finite("the features", data.as_slice())?;
    check_count("n_segments", n_segments)?;
    let frames = fix_frames(frames, Some(0), Some(data.columns()), true);
    let segments = frames
        .windows(2)
        .flat_map(|ends| parts(data, ends[0], ends[1], n_segments.min(ends[1] - ends[0])));
    Ok(segments.collect())
}

/// Where the `k` parts of the frames from `first` to before `last` begin.
fn parts(data: &Matrix<f32>, first: usize, last: usize, k: usize) -> Vec<usize> {
    let count = last - first;
    let part = |index: usize| Part {
        first: first + index,
        number: index,
        count: 1.0,
        sums: data.column(first + index).iter().map(|&value| f64::from(value)).collect(),
        before: index.checked_sub(1),
        after: (index + 1 < count).then_some(index + 1),
    };
    // A part stays where its first frame was.
    let mut places: Vec<Option<Part>> = (0..count).map(|index| Some(part(index))).collect();
    let merges = (0..count).filter_map(|place| merge(&places, place).map(Reverse));
    let mut merges: BinaryHeap<Reverse<Merge>> = merges.collect();
    let (mut left, mut number) = (count, count);
    while left > k {
        let Some(Reverse(next)) = merges.pop() else { break };
        // Of parts that became others since, nothing is left to do.
        if merge(&places, next.place).is_none_or(|now| now.numbers != next.numbers) {
            continue;
        }
        let after = places[next.place].as_ref().and_then(|part| part.after);
        let Some(after) = after.and_then(|after| places[after].take()) else { continue };
        let Some(part) = places[next.place].as_mut() else { continue };
        part.count += after.count;
        for (sum, other) in part.sums.iter_mut().zip(&after.sums) {
            *sum += other;
        }
        (part.number, part.after) = (number, after.after);
        let before = part.before;
        if let Some(behind) = after.after.and_then(|behind| places[behind].as_mut()) {
            behind.before = Some(next.place);
        }
        merges.extend(merge(&places, next.place).map(Reverse));
        merges.extend(before.and_then(|before| merge(&places, before)).map(Reverse));
        number += 1;
        left -= 1;
    }
    places.into_iter().flatten().map(|part| part.first).collect()
}

/// The merge of the part at `place` with the one after it.
fn merge(places: &[Option<Part>], place: usize) -> Option<Merge> {
    let part = places.get(place)?.as_ref()?;
    let after = places.get(part.after?)?.as_ref()?;
    let apart = |(a, b): (&f64, &f64)| (a / part.count - b / after.count).powi(2);
    let apart: f64 = part.sums.iter().zip(&after.sums).map(apart).sum();
    let cost = apart * (part.count * after.count) / (part.count + after.count);
    let numbers = (part.number.max(after.number), part.number.min(after.number));
    Some(Merge { cost, numbers, place })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_begin_where_frames_change() {
        let data = Matrix::from_columns(1, 7, vec![0.0, 0.1, 0.0, 5.0, 5.1, 9.0, 9.1]).unwrap();
        assert_eq!(agglomerative(&data, 3).unwrap(), [0, 3, 5]);
        assert_eq!(agglomerative(&data, 2).unwrap(), [0, 3]);
        assert_eq!(agglomerative(&data, 7).unwrap(), [0, 1, 2, 3, 4, 5, 6]);
        assert_eq!(subsegment(&data, &[5], 2).unwrap(), [0, 3, 5, 6]);
        assert_eq!(subsegment(&data, &[1], 1).unwrap(), [0, 1]);
    }

    #[test]
    fn what_has_no_parts_is_refused() {
        let data = Matrix::filled(2, 3, 1.0);
        assert!(agglomerative(&data, 0).is_err() && agglomerative(&data, 4).is_err());
        assert!(agglomerative(&Matrix::filled(2, 3, f32::NAN), 2).is_err());
        assert!(subsegment(&data, &[], 0).is_err());
        assert!(subsegment(&Matrix::filled(2, 0, 0.0), &[], 2).unwrap().is_empty());
        assert_eq!(agglomerative(&data, 1).unwrap(), [0]);
    }
}
