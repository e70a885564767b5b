//! How fast likeness falls with distance.

use crate::error::{Error, check_positive};

/// How fast likeness falls with distance: at this distance it is 1/e.
///
/// Zelnik-Manor, L. and Perona, P. Self-tuning spectral clustering. NIPS, 2004; Wang, B. et al.
/// Similarity network fusion for aggregating data types on a genomic scale. Nature Methods, 2014.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Bandwidth {
    /// For all pairs the median of the distances to the furthest of the `k` nearest frames.
    #[default]
    MedKScalar,
    /// For a pair the mean of both distances to the furthest of the `k` nearest frames.
    MeanK,
    /// The geometric mean of the same.
    GmeanK,
    /// For a pair the mean of both mean distances to the `k` nearest frames.
    MeanKAvg,
    /// The geometric mean of the same.
    GmeanKAvg,
    /// The mean of both mean distances to the `k` nearest frames and of the distance of the pair.
    MeanKAvgAndPair,
    /// This for all pairs, above 0.
    Scalar(f64),
}

/// For each frame the frames that are linked to it, in order, and how far they are.
pub(super) type Links = Vec<Vec<(usize, f64)>>;

impl Bandwidth {
    /// Puts into `links` in place of distances how alike the frames are.
    pub(super) fn apply(self, links: &mut Links, k: usize) -> Result<(), Error> {
        let nearest: Vec<Vec<f64>> = links.iter().map(|row| nearest(row, k)).collect();
        match self {
            Self::Scalar(bandwidth) => {
                check_positive("bandwidth", bandwidth)?;
                each(links, |_, _, _| bandwidth);
            }
            Self::MedKScalar => {
                let mut furthest: Vec<f64> =
                    nearest.iter().filter_map(|row| row.last().copied()).collect();
                let Some(median) = median(&mut furthest) else {
                    return Err(Error::Empty { what: "the set of linked frames" });
                };
                each(links, |_, _, _| median);
            }
            Self::MeanK | Self::GmeanK => {
                let furthest = of_all(&nearest, |row| row.last().copied())?;
                let is_mean = self == Self::MeanK;
                each(links, |row, column, _| mean(is_mean, furthest[row], furthest[column]));
            }
            Self::MeanKAvg | Self::GmeanKAvg | Self::MeanKAvgAndPair => {
                let average = |row: &[f64]| {
                    (!row.is_empty()).then(|| row.iter().sum::<f64>() / row.len() as f64)
                };
                let average = of_all(&nearest, average)?;
                let is_mean = self == Self::MeanKAvg;
                each(links, |row, column, distance| match self {
                    Self::MeanKAvgAndPair => (average[row] + average[column] + distance) / 3.0,
                    _ => mean(is_mean, average[row], average[column]),
                });
            }
        }
        Ok(())
    }
}

fn each(links: &mut Links, bandwidth: impl Fn(usize, usize, f64) -> f64) {
    for (row, linked) in links.iter_mut().enumerate() {
        for (column, value) in linked {
            *value = (*value / -bandwidth(row, *column, *value)).exp();
        }
    }
}

fn mean(is_mean: bool, a: f64, b: f64) -> f64 {
    if is_mean { f64::midpoint(a, b) } else { (a * b).sqrt() }
}

/// The least `k` distances, in order.
fn nearest(row: &[(usize, f64)], k: usize) -> Vec<f64> {
    let mut distances: Vec<f64> = row.iter().map(|(_, distance)| *distance).collect();
    distances.sort_unstable_by(f64::total_cmp);
    distances.truncate(k);
    distances
}

/// One number for each frame, which must be linked to another.
fn of_all(nearest: &[Vec<f64>], number: impl Fn(&[f64]) -> Option<f64>) -> Result<Vec<f64>, Error> {
    let one = |(frame, row): (usize, &Vec<f64>)| {
        let range = "of another kind where a frame is linked to none";
        number(row).ok_or_else(|| Error::parameter("bandwidth", frame, range))
    };
    nearest.iter().enumerate().map(one).collect()
}

fn median(values: &mut [f64]) -> Option<f64> {
    values.sort_unstable_by(f64::total_cmp);
    let upper = *values.get(values.len() / 2)?;
    if !values.len().is_multiple_of(2) {
        return Some(upper);
    }
    Some(f64::midpoint(*values.get(values.len() / 2 - 1)?, upper))
}
