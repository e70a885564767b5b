//! Recurrence quantification: the longest way that two sequences have in common.
//!
//! Serrà, J., Serra, X. and Andrzejak, R. G. Cross recurrence quantification for cover song
//! identification. New Journal of Physics, 2009.

use crate::error::{Error, check, check_magnitudes};
use crate::matrix::Matrix;

/// What gaps cost, and how a way may go; defaults are librosa's.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rqa {
    /// What a gap costs where it begins, from 0 to infinity.
    pub gap_onset: f64,
    /// What each further frame of a gap costs, from 0 to infinity.
    pub gap_extend: f64,
    /// Whether a step may go on by two frames in one sequence and one in the other.
    pub knight_moves: bool,
}

impl Default for Rqa {
    fn default() -> Self {
        Self { gap_onset: 1.0, gap_extend: 1.0, knight_moves: true }
    }
}

/// Ways through a similarity matrix.
#[derive(Debug, Clone, PartialEq)]
pub struct Aligned {
    /// For each pair of frames what the best way that ends there is worth.
    pub score: Matrix<f64>,
    /// The pairs of frames of the best way, the first first; none where nothing is similar.
    pub path: Vec<(usize, usize)>,
}

/// By how many frames a step goes on, the first of equals first.
const MOVES: [(usize, usize); 3] = [(1, 1), (1, 2), (2, 1)];

/// How a way came to a pair of frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Link {
    /// No way leads there.
    None,
    /// It begins there.
    Start,
    /// By this move.
    Move(usize),
}

/// `librosa.sequence.rqa` of similarities `sim`, 0 or more: what ways of similar frames are worth,
/// and the best of them.
///
/// # Errors
/// There are no similarities; one is negative or not finite; a cost is negative or not a number.
pub fn rqa(sim: &Matrix<f32>, options: &Rqa) -> Result<Aligned, Error> {
    check_magnitudes("the similarities", sim.as_slice())?;
    for (name, cost) in [("gap_onset", options.gap_onset), ("gap_extend", options.gap_extend)] {
        check(cost >= 0.0, name, cost, "0 or more")?;
    }
    if sim.as_slice().is_empty() {
        return Err(Error::Empty { what: "the matrix of similarities" });
    }
    let moves = if options.knight_moves { &MOVES[..] } else { &MOVES[..1] };
    let mut score = Matrix::filled(sim.rows(), sim.columns(), 0.0);
    let mut links = Matrix::filled(sim.rows(), sim.columns(), Link::None);
    for column in 0..sim.columns() {
        for row in 0..sim.rows() {
            let here = f64::from(sim[(row, column)]);
            let (value, link) = if row == 0 || column == 0 {
                (here, if here > 0.0 { Link::Start } else { Link::None })
            } else {
                best(sim, &score, (row, column), moves, options)
            };
            score[(row, column)] = value;
            links[(row, column)] = link;
        }
    }
    let mut end = (0, 0);
    for row in 0..sim.rows() {
        for column in 0..sim.columns() {
            end = if score[(row, column)] > score[end] { (row, column) } else { end };
        }
    }
    Ok(Aligned { path: backtrack(&links, end), score })
}

/// What the best way to a pair of frames is worth, and how it comes there.
fn best(
    sim: &Matrix<f32>,
    score: &Matrix<f64>,
    (row, column): (usize, usize),
    moves: &[(usize, usize)],
    options: &Rqa,
) -> (f64, Link) {
    let here = f64::from(sim[(row, column)]);
    let gap = here <= 0.0;
    let mut found = (f64::NEG_INFINITY, Link::None);
    for (index, &(down, right)) in moves.iter().enumerate() {
        let Some(from) = row.checked_sub(down).zip(column.checked_sub(right)) else { continue };
        let cost = match (gap, sim[from] > 0.0) {
            (false, _) => 0.0,
            (true, true) => options.gap_onset,
            (true, false) => options.gap_extend,
        };
        let value = score[from] - cost;
        if value > found.0 {
            found = (value, Link::Move(index));
        }
    }
    if gap {
        return if found.0 > 0.0 { found } else { (0.0, Link::None) };
    }
    (found.0 + here, found.1)
}

fn backtrack(links: &Matrix<Link>, end: (usize, usize)) -> Vec<(usize, usize)> {
    let (mut path, mut at) = (Vec::new(), end);
    loop {
        match links[at] {
            Link::None => break,
            Link::Start => {
                path.push(at);
                break;
            }
            Link::Move(index) => {
                path.push(at);
                let (down, right) = MOVES.get(index).copied().unwrap_or((1, 1));
                // A move is only noted where it comes from within.
                at = (at.0.saturating_sub(down), at.1.saturating_sub(right));
            }
        }
    }
    path.reverse();
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matrix(rows: &[&[f32]]) -> Matrix<f32> {
        Matrix::from_fn(rows.len(), rows[0].len(), |row, column| rows[row][column])
    }

    #[test]
    fn the_longest_way_wins() {
        let sim = matrix(&[&[1.0, 0.0, 0.0], &[0.0, 1.0, 0.0], &[0.0, 0.0, 1.0]]);
        let aligned = rqa(&sim, &Rqa::default()).unwrap();
        assert_eq!(aligned.path, [(0, 0), (1, 1), (2, 2)]);
        assert_eq!(aligned.score[(2, 2)], 3.0);
        let hole = matrix(&[&[1.0, 0.0, 0.0], &[0.0, 0.0, 0.0], &[0.0, 0.0, 1.0]]);
        let strict = Rqa { gap_onset: f64::INFINITY, gap_extend: f64::INFINITY, ..Rqa::default() };
        assert_eq!(rqa(&hole, &strict).unwrap().score[(2, 2)], 1.0);
        let cheap = Rqa { gap_onset: 0.5, ..Rqa::default() };
        assert_eq!(rqa(&hole, &cheap).unwrap().score[(2, 2)], 1.5);
    }

    #[test]
    fn where_nothing_is_similar_there_is_no_way() {
        assert!(rqa(&Matrix::filled(3, 4, 0.0), &Rqa::default()).unwrap().path.is_empty());
        assert!(rqa(&Matrix::filled(0, 4, 0.0), &Rqa::default()).is_err());
        assert!(rqa(&matrix(&[&[-1.0]]), &Rqa::default()).is_err());
        let gain = Rqa { gap_extend: -1.0, ..Rqa::default() };
        assert!(rqa(&matrix(&[&[1.0]]), &gain).is_err());
    }
}
