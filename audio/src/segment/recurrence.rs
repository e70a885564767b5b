//! Which frames come again.

use super::bandwidth::{Bandwidth, Links};
use super::distance::Metric;
use crate::error::{Error, check, check_count, check_finite, check_length};
use crate::matrix::Matrix;

/// What stands in a matrix for two frames that are linked.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Similarity {
    /// 1.
    #[default]
    Connectivity,
    /// How far they are from each other.
    Distance,
    /// How alike they are, from 0 to 1: the exponential of their distance over a bandwidth.
    Affinity(Bandwidth),
}

/// Which frames of one recording are linked; defaults are librosa's.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Recurrence {
    /// How many of the nearest frames a frame is linked to; twice the root of all where there is
    /// none.
    pub k: Option<usize>,
    /// How many frames two that are linked lie apart at least: from 1 to less than half of all.
    pub width: usize,
    /// What near is.
    pub metric: Metric,
    /// Whether both must be among the nearest of each other.
    pub sym: bool,
    /// What stands for linked frames.
    pub mode: Similarity,
    /// Whether each frame is linked to itself.
    pub self_links: bool,
    /// Whether all frames are linked, and `k` only counts for a bandwidth; not for connectivity.
    pub full: bool,
}

impl Default for Recurrence {
    fn default() -> Self {
        Self {
            k: None,
            width: 1,
            metric: Metric::Euclidean,
            sym: false,
            mode: Similarity::Connectivity,
            self_links: false,
            full: false,
        }
    }
}

/// `librosa.segment.recurrence_matrix` of the frames (columns) of `data`: row i of column j is not
/// 0 where frame i is one of the nearest of frame j. Frames at a distance of 0 are linked by
/// connectivity alone, as in librosa. There, connectivity with more than `k` candidates keeps any
/// of them; here it keeps the nearest, as the other modes.
///
/// # Errors
/// A value is not finite; `width` is not from 1 to below half the frames; `k` is 0; a bandwidth is
/// out of its range or has no distance to go by.
pub fn recurrence_matrix(data: &Matrix<f32>, options: &Recurrence) -> Result<Matrix<f32>, Error> {
    check_finite("the features", data.as_slice())?;
    let (count, width) = (data.columns(), options.width);
    let most = count.saturating_sub(1) / 2;
    check(width >= 1 && width < most, "width", width, &format!("from 1 to below {most}"))?;
    let wanted = || 2 * ((count - 2 * width + 1) as f64).sqrt().ceil() as usize;
    let k = options.k.unwrap_or_else(wanted);
    check_count("k", k)?;
    let is_full = options.full && options.mode != Similarity::Connectivity;
    let mut links = Links::with_capacity(count);
    for frame in 0..count {
        let others = (0..count).filter(|&other| other != frame);
        let mut near = distances(data.column(frame), data, others, options.metric);
        if !is_full {
            keep_nearest(&mut near, (count - 1).min(k.saturating_add(2 * width)));
            near.retain(|(other, _)| other.abs_diff(frame) >= width);
        }
        links.push(finish(near, k, is_full, options.mode));
    }
    if options.sym {
        make_mutual(&mut links);
    }
    if options.self_links && options.mode != Similarity::Distance {
        // Before a bandwidth is found, as in librosa, where it counts as one of the nearest.
        for (frame, row) in links.iter_mut().enumerate() {
            let place = row.partition_point(|(other, _)| *other < frame);
            row.insert(place, (frame, 0.0));
        }
    }
    fill(links, count, k, options.mode)
}

/// Which frames of two recordings are linked; defaults are librosa's.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct CrossSimilarity {
    /// How many of the nearest frames of the reference a frame is linked to; twice the root of all
    /// where there is none.
    pub k: Option<usize>,
    /// What near is.
    pub metric: Metric,
    /// What stands for linked frames.
    pub mode: Similarity,
    /// Whether all frames are linked, and `k` only counts for a bandwidth; not for connectivity.
    pub full: bool,
}

/// `librosa.segment.cross_similarity`: row i of column j is not 0 where frame i (a column) of
/// `data_ref` is one of the nearest of frame j of `data`.
///
/// # Errors
/// A value is not finite; there is no frame; frames have different lengths; `k` is 0; a bandwidth
/// is one of pairs, or out of its range.
pub fn cross_similarity(
    data: &Matrix<f32>,
    data_ref: &Matrix<f32>,
    options: &CrossSimilarity,
) -> Result<Matrix<f32>, Error> {
    check_finite("the features", data.as_slice())?;
    check_finite("the reference", data_ref.as_slice())?;
    check_length("a frame of the reference", data_ref.rows(), data.rows())?;
    let count = data_ref.columns();
    if count == 0 {
        return Err(Error::Empty { what: "the reference" });
    }
    if let Similarity::Affinity(bandwidth) = options.mode {
        let is_scalar = matches!(bandwidth, Bandwidth::MedKScalar | Bandwidth::Scalar(_));
        check(is_scalar, "bandwidth", "one of pairs", "one for all pairs of two recordings")?;
    }
    let k = options.k.unwrap_or_else(|| count.min(2 * (count as f64).sqrt().ceil() as usize));
    check_count("k", k)?;
    let is_full = options.full && options.mode != Similarity::Connectivity;
    let mut links = Links::with_capacity(data.columns());
    for frame in data.iter_columns() {
        let mut near = distances(frame, data_ref, 0..count, options.metric);
        // All, but no more than there are frames, as in librosa.
        keep_nearest(&mut near, if is_full { data.columns() } else { k });
        links.push(finish(near, k, is_full, options.mode));
    }
    fill(links, count, k, options.mode)
}

/// From `frame` to the frames `others` of `data`.
fn distances(
    frame: &[f32],
    data: &Matrix<f32>,
    others: impl Iterator<Item = usize>,
    metric: Metric,
) -> Vec<(usize, f64)> {
    others.map(|other| (other, metric.between(frame, data.column(other)))).collect()
}

/// Leaves the nearest `count`, in any order.
fn keep_nearest(near: &mut Vec<(usize, f64)>, count: usize) {
    if count < near.len() {
        let order = |a: &(usize, f64), b: &(usize, f64)| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0));
        near.select_nth_unstable_by(count, order);
        near.truncate(count);
    }
}

/// The links of a frame, in the order of frames.
fn finish(
    mut near: Vec<(usize, f64)>,
    k: usize,
    is_full: bool,
    mode: Similarity,
) -> Vec<(usize, f64)> {
    if mode != Similarity::Connectivity {
        near.retain(|(_, distance)| *distance != 0.0);
    }
    if !is_full {
        keep_nearest(&mut near, k);
    }
    near.sort_unstable_by_key(|(other, _)| *other);
    near
}

/// Leaves links that go both ways, with the lesser distance.
fn make_mutual(links: &mut Links) {
    let one_way = links.clone();
    for (frame, row) in links.iter_mut().enumerate() {
        row.retain_mut(|(other, distance)| {
            let back = &one_way[*other];
            let Ok(at) = back.binary_search_by_key(&frame, |(linked, _)| *linked) else {
                return false;
            };
            *distance = distance.min(back[at].1);
            true
        });
    }
}

/// A column for each frame, a row for each of the `rows` it may be linked to.
fn fill(mut links: Links, rows: usize, k: usize, mode: Similarity) -> Result<Matrix<f32>, Error> {
    if let Similarity::Affinity(bandwidth) = mode {
        bandwidth.apply(&mut links, k)?;
    }
    let mut matrix = Matrix::filled(rows, links.len(), 0.0);
    for (column, row) in links.iter().enumerate() {
        for &(other, value) in row {
            let value = if mode == Similarity::Connectivity { 1.0 } else { value as f32 };
            matrix[(other, column)] = value;
        }
    }
    Ok(matrix)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ramp(count: usize) -> Matrix<f32> {
        Matrix::from_fn(1, count, |_, column| column as f32)
    }

    #[test]
    fn neighbours_are_linked() {
        let one = Recurrence { k: Some(1), ..Recurrence::default() };
        let found = recurrence_matrix(&ramp(9), &one).unwrap();
        assert_eq!(found[(1, 0)], 1.0);
        assert_eq!(found.column(0).iter().sum::<f32>(), 1.0);
        let wide = Recurrence { width: 3, mode: Similarity::Distance, ..one };
        assert_eq!(recurrence_matrix(&ramp(9), &wide).unwrap()[(3, 0)], 3.0);
        let own = Recurrence { self_links: true, sym: true, ..one };
        let found = recurrence_matrix(&ramp(9), &own).unwrap();
        assert!((0..9).all(|frame| found[(frame, frame)] == 1.0));
        assert_eq!(found[(0, 1)], found[(1, 0)]);
    }

    #[test]
    fn silence_has_no_bandwidth() {
        let silence = Matrix::filled(2, 9, 0.0);
        let mode = Similarity::Affinity(Bandwidth::MedKScalar);
        let affine = Recurrence { mode, ..Recurrence::default() };
        assert!(recurrence_matrix(&silence, &affine).is_err());
        let mode = Similarity::Affinity(Bandwidth::MeanK);
        assert!(recurrence_matrix(&silence, &Recurrence { mode, ..affine }).is_err());
        assert!(recurrence_matrix(&silence, &Recurrence::default()).is_ok());
    }

    #[test]
    fn what_cannot_be_linked_is_refused() {
        let plain = Recurrence::default();
        assert!(recurrence_matrix(&ramp(2), &plain).is_err());
        assert!(recurrence_matrix(&ramp(9), &Recurrence { width: 4, ..plain }).is_err());
        assert!(recurrence_matrix(&ramp(9), &Recurrence { k: Some(0), ..plain }).is_err());
        let mode = Similarity::Affinity(Bandwidth::Scalar(0.0));
        assert!(recurrence_matrix(&ramp(9), &Recurrence { mode, ..plain }).is_err());
        let cross = CrossSimilarity::default();
        assert!(cross_similarity(&ramp(3), &ramp(0), &cross).is_err());
        assert!(cross_similarity(&ramp(3), &ramp(3).transposed(), &cross).is_err());
        let mode = Similarity::Affinity(Bandwidth::GmeanK);
        assert!(cross_similarity(&ramp(3), &ramp(3), &CrossSimilarity { mode, ..cross }).is_err());
        assert_eq!(cross_similarity(&ramp(0), &ramp(3), &cross).unwrap().columns(), 0);
    }
}
