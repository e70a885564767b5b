//! What is expected at each place of a bar, fitted on pieces rendered from scores.

use super::grid::place;
use super::observe::WEIGHTS;

/// For each place a bias, the weights of the features and those of their squares: of a multinomial
/// logistic regression, less the logarithm of how many frames there are of each place. How they
/// were fitted, and on what, is told in `docs/score.md`.
#[rustfmt::skip]
pub(super) const EXPECTED: [[f32; WEIGHTS]; place::COUNT] = [
    [4.52, -1.77, 2.04, 2.39, -0.89, -2.85, -0.10, -1.94, 1.34], // between the places
    [5.53, -0.57, 0.57, -1.51, -5.03, -0.13, 1.37, 0.04, -2.49], // half, slow
    [5.02, -0.99, -0.04, -1.20, -0.10, -0.23, 1.13, 0.23, -3.32], // half, middle
    [4.30, 0.81, -0.52, -0.18, 0.06, 0.21, -1.36, -0.53, -1.22], // half, fast
    [5.93, 0.07, -0.84, -1.61, -1.37, -0.19, -0.66, -0.45, -1.15], // quarter, slow
    [3.96, 2.54, -2.68, 2.41, 1.67, -0.20, -3.87, -2.44, -0.42], // quarter, middle
    [4.01, 2.33, -0.71, 0.10, 0.45, -0.69, -3.39, -0.28, 0.13], // quarter, fast
    [3.06, -0.51, 0.18, -0.31, -0.93, 0.50, 1.34, 0.63, 0.52], // weak, slow
    [2.19, -0.55, 0.98, -0.04, -0.59, 0.38, 1.29, 0.53, 1.23], // weak, middle
    [3.42, 0.25, 0.04, -0.69, -0.69, 0.34, -0.02, 1.08, -0.03], // weak, fast
    [1.18, -0.34, 0.46, 0.11, 1.62, 0.47, 1.11, 0.70, 2.30], // the third of four
    [0.57, -0.43, 0.03, -0.36, 1.17, 1.34, 1.69, 1.36, 1.57], // down, slow
    [-0.06, 0.23, 0.80, 0.40, 2.18, 0.82, 0.99, 0.61, 1.36], // down, middle
    [1.23, -0.24, -0.42, -0.23, 1.73, 1.37, 0.88, 1.21, 1.69], // down, fast
    [3.04, 0.19, 0.35, -0.00, -0.44, 0.39, 0.26, 0.29, -1.03], // third
    [5.05, -0.99, -0.22, 0.72, 1.16, -1.53, -0.66, -1.04, -0.46], // sixth
];
