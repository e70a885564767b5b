//! Dynamic time warping: which frames of two sequences belong together.
//!
//! Müller, M. Fundamentals of music processing. Springer, 2015, chapter 3.

use crate::error::{Error, check, check_length};
use crate::matrix::Matrix;

/// Stands for no step: a path begins there.
const START: u32 = u32::MAX;

/// How a path may go; defaults are librosa's.
#[derive(Debug, Clone, PartialEq)]
pub struct Dtw {
    /// By how many frames of both sequences a step goes on; each by at least one of either.
    pub step_sizes_sigma: Vec<(usize, usize)>,
    /// What each step costs beside the frames, 0 for each where it is empty.
    pub weights_add: Vec<f64>,
    /// What each step multiplies the cost of its frames by, 1 for each where it is empty.
    pub weights_mul: Vec<f64>,
    /// Whether a path may begin and end anywhere in the second sequence.
    pub subseq: bool,
    /// How far a path may lie from the diagonal (the band of Sakoe and Chiba), as a share of the
    /// shorter sequence; anywhere where there is none.
    pub band_rad: Option<f64>,
}

impl Default for Dtw {
    fn default() -> Self {
        Self {
            step_sizes_sigma: vec![(1, 1), (0, 1), (1, 0)],
            weights_add: Vec::new(),
            weights_mul: Vec::new(),
            subseq: false,
            band_rad: None,
        }
    }
}

/// How two sequences belong together.
#[derive(Debug, Clone, PartialEq)]
pub struct Warped {
    /// What the best path to each pair of frames costs: a row for each frame of the first sequence,
    /// a column for each of the second; infinite where none leads.
    pub cost: Matrix<f64>,
    /// The pairs of frames of the best path, the last first as in librosa.
    pub path: Vec<(usize, usize)>,
}

/// `librosa.sequence.dtw` with a matrix of costs `c`: the best path through it, and what all paths
/// cost. A row of `c` is a frame of the first sequence, a column one of the second;
/// [`cdist`](crate::segment::cdist) makes one of two sequences of features.
///
/// # Errors
/// There are no costs, or one is not a number; a step goes nowhere; there is another number of
/// weights than of steps, or one is not a number; `band_rad` is negative; with `subseq` the first
/// sequence is longer than the second; no path leads from the first to the last frames.
pub fn dtw(c: &Matrix<f64>, options: &Dtw) -> Result<Warped, Error> {
    let steps = steps(options)?;
    if c.rows() == 0 || c.columns() == 0 {
        return Err(Error::Empty { what: "the matrix of costs" });
    }
    if let Some(index) = c.as_slice().iter().position(|cost| cost.is_nan()) {
        return Err(Error::NotFinite { what: "the matrix of costs", index });
    }
    let fits = !options.subseq || c.rows() <= c.columns();
    check(fits, "subseq", true, "false, or the first sequence no longer than the second")?;
    let (cost, links) = accumulate(c, &steps, options)?;
    let (last, mut end) = (c.rows() - 1, c.columns() - 1);
    if options.subseq {
        for column in (0..end).rev() {
            end = if cost[(last, column)] <= cost[(last, end)] { column } else { end };
        }
    }
    let path = backtrack(&links, &steps, (last, end), options.subseq);
    let is_whole = cost[(last, end)] < f64::INFINITY
        && path.last().is_some_and(|&(row, column)| row == 0 && (options.subseq || column == 0));
    let range = "such that a path leads from the first to the last frames";
    check(is_whole, "step_sizes_sigma", steps.len(), range)?;
    Ok(Warped { cost, path })
}

/// A step by frames of both sequences, and what it adds to a cost after it has multiplied it.
struct Step {
    by: (usize, usize),
    add: f64,
    mul: f64,
}

fn steps(options: &Dtw) -> Result<Vec<Step>, Error> {
    let sizes = &options.step_sizes_sigma;
    if sizes.is_empty() {
        return Err(Error::Empty { what: "step_sizes_sigma" });
    }
    for (what, weights) in
        [("weights_add", &options.weights_add), ("weights_mul", &options.weights_mul)]
    {
        if !weights.is_empty() {
            check_length(what, weights.len(), sizes.len())?;
        }
        for &weight in weights {
            check(!weight.is_nan(), what, weight, "a number")?;
        }
    }
    let mut steps = Vec::with_capacity(sizes.len());
    for (index, &by) in sizes.iter().enumerate() {
        check(by != (0, 0), "step_sizes_sigma", index, "the place of a step that goes on")?;
        let add = options.weights_add.get(index).copied().unwrap_or(0.0);
        steps.push(Step { by, add, mul: options.weights_mul.get(index).copied().unwrap_or(1.0) });
    }
    Ok(steps)
}

/// What the best path to each pair costs, and the step that it comes by.
fn accumulate(
    c: &Matrix<f64>,
    steps: &[Step],
    options: &Dtw,
) -> Result<(Matrix<f64>, Matrix<u32>), Error> {
    let band = Band::new(c, options.band_rad)?;
    let mut cost = Matrix::filled(c.rows(), c.columns(), f64::INFINITY);
    let mut links = Matrix::filled(c.rows(), c.columns(), START);
    for column in 0..c.columns() {
        for row in 0..c.rows() {
            let here = if band.holds(row, column) { c[(row, column)] } else { f64::INFINITY };
            let begins = row == 0 && (column == 0 || options.subseq);
            let mut best = if begins { here } else { f64::INFINITY };
            for (index, step) in steps.iter().enumerate() {
                let from = row.checked_sub(step.by.0).zip(column.checked_sub(step.by.1));
                let Some(from) = from else { continue };
                let reached = cost[from] + (step.mul * here + step.add);
                if reached < best {
                    best = reached;
                    links[(row, column)] = index as u32;
                }
            }
            cost[(row, column)] = best;
        }
    }
    Ok((cost, links))
}

/// The pairs from `end` back to where the path begins.
fn backtrack(
    links: &Matrix<u32>,
    steps: &[Step],
    end: (usize, usize),
    subseq: bool,
) -> Vec<(usize, usize)> {
    let (mut path, mut at) = (vec![end], end);
    while at != (0, 0) && !(subseq && at.0 == 0) {
        let Some(step) = steps.get(links[at] as usize) else { break };
        // A link is only set where its step comes from within.
        at = (at.0.saturating_sub(step.by.0), at.1.saturating_sub(step.by.1));
        path.push(at);
    }
    path
}

/// The pairs near the diagonal, as `librosa.util.fill_off_diagonal` leaves them.
struct Band {
    above: usize,
    below: usize,
}

impl Band {
    fn new(c: &Matrix<f64>, band_rad: Option<f64>) -> Result<Self, Error> {
        let Some(share) = band_rad else {
            return Ok(Self { above: usize::MAX, below: usize::MAX });
        };
        check(share >= 0.0 && share.is_finite(), "band_rad", share, "finite and 0 or more")?;
        let (rows, columns) = (c.rows(), c.columns());
        let radius = (share * rows.min(columns) as f64).round_ties_even() as usize;
        let wide = radius.saturating_add(rows.abs_diff(columns));
        let (above, below) = if rows < columns { (wide, radius) } else { (radius, wide) };
        Ok(Self { above, below })
    }

    fn holds(&self, row: usize, column: usize) -> bool {
        let is_above = column.checked_sub(row).is_some_and(|by| by >= self.above);
        let is_below = row.checked_sub(column).is_some_and(|by| by >= self.below);
        !is_above && !is_below
    }
}

/// `librosa.sequence.path_to_steps`: for each frame of the second sequence, from the first to the
/// last that `path` reaches, the frame of the first sequence, with parts of frames between those of
/// the path; the other way round with `inverse`. Of several frames that belong to one, the last in
/// the path counts, as in librosa.
///
/// # Errors
/// The path is empty.
pub fn path_to_steps(path: &[(usize, usize)], inverse: bool) -> Result<Vec<f64>, Error> {
    let turn =
        |&(row, column): &(usize, usize)| if inverse { (row, column) } else { (column, row) };
    let mut pairs: Vec<(usize, usize)> = path.iter().map(turn).collect();
    pairs.sort_by_key(|(to, _)| *to);
    let (Some(&(first, _)), Some(&(last, _))) = (pairs.first(), pairs.last()) else {
        return Err(Error::Empty { what: "the path" });
    };
    let step = |frame: usize| {
        let behind = pairs.partition_point(|(to, _)| *to <= frame);
        let (at, from) = pairs[behind - 1];
        let slope = pairs
            .get(behind)
            .map_or(0.0, |&(next, to)| (to as f64 - from as f64) / (next as f64 - at as f64));
        slope * (frame - at) as f64 + from as f64
    };
    Ok((first..=last).map(step).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn costs(rows: &[&[f64]]) -> Matrix<f64> {
        Matrix::from_fn(rows.len(), rows[0].len(), |row, column| rows[row][column])
    }

    #[test]
    fn equal_sequences_belong_together_frame_by_frame() {
        let c = Matrix::from_fn(4, 4, |row, column| row.abs_diff(column) as f64);
        let warped = dtw(&c, &Dtw::default()).unwrap();
        assert_eq!(warped.path, [(3, 3), (2, 2), (1, 1), (0, 0)]);
        assert_eq!(warped.cost[(3, 3)], 0.0);
        let near = dtw(&c, &Dtw { band_rad: Some(0.25), ..Dtw::default() }).unwrap();
        assert_eq!(near.path, warped.path);
        assert_eq!(near.cost[(0, 1)], f64::INFINITY);
    }

    #[test]
    fn a_part_is_found_where_it_lies() {
        let c = costs(&[&[9.0, 0.0, 9.0, 9.0], &[9.0, 9.0, 0.5, 9.0]]);
        let warped = dtw(&c, &Dtw { subseq: true, ..Dtw::default() }).unwrap();
        assert_eq!(warped.path, [(1, 2), (0, 1)]);
        let long = c.transposed();
        assert!(dtw(&long, &Dtw { subseq: true, ..Dtw::default() }).is_err());
    }

    #[test]
    fn steps_lie_between_the_pairs_of_a_path() {
        let path = [(6, 4), (4, 3), (3, 3), (2, 1), (1, 1)];
        // numpy.interp of the sorted path.
        assert_eq!(path_to_steps(&path, false).unwrap(), [1.0, 2.5, 3.0, 6.0]);
        assert_eq!(path_to_steps(&path, true).unwrap(), [1.0, 1.0, 3.0, 3.0, 3.5, 4.0]);
        assert!(path_to_steps(&[], true).is_err());
    }

    #[test]
    fn what_no_path_leads_through_is_refused() {
        let c = costs(&[&[1.0, 1.0], &[1.0, 1.0], &[1.0, 1.0]]);
        let of = |options: Dtw| dtw(&c, &options).unwrap_err().to_string();
        let diagonal = Dtw { step_sizes_sigma: vec![(1, 1)], ..Dtw::default() };
        assert!(of(diagonal.clone()).contains("a path leads"), "{}", of(diagonal));
        assert!(of(Dtw { step_sizes_sigma: vec![], ..Dtw::default() }).contains("is empty"));
        let still = Dtw { step_sizes_sigma: vec![(1, 1), (0, 0)], ..Dtw::default() };
        assert!(of(still).starts_with("step_sizes_sigma is 1"));
        assert!(of(Dtw { weights_add: vec![1.0], ..Dtw::default() }).starts_with("weights_add"));
        assert!(of(Dtw { weights_mul: vec![f64::NAN; 3], ..Dtw::default() }).contains("a number"));
        assert!(of(Dtw { band_rad: Some(-1.0), ..Dtw::default() }).starts_with("band_rad"));
        assert!(dtw(&costs(&[&[f64::NAN]]), &Dtw::default()).is_err());
        assert!(dtw(&Matrix::filled(0, 3, 0.0), &Dtw::default()).is_err());
        let walls = costs(&[&[0.0, f64::INFINITY], &[f64::INFINITY, f64::INFINITY]]);
        assert!(dtw(&walls, &Dtw::default()).is_err());
    }
}
