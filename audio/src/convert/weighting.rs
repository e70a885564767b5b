//! How loud a frequency seems, by the curves A to D and Z of IEC 61672 and its forerunners.

use crate::matrix::Matrix;

/// A curve.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weighting {
    /// Of quiet sounds.
    A,
    /// Of sounds of middle level.
    B,
    /// Of loud sounds.
    C,
    /// Of the noise of aircraft.
    D,
    /// Flat.
    Z,
}

/// `librosa.frequency_weighting`: by how many dB a tone of `hz` seems louder, at least `min_db`,
/// which is -80 by default in librosa except for Z.
pub fn frequency_weighting(hz: f64, kind: Weighting, min_db: Option<f64>) -> f64 {
    let square = hz * hz;
    let log = f64::log10;
    let square_of = |value: f64| value * value;
    let (top, bottom) = (square_of(12194.217), square_of(20.598_997));
    let ends =
        |zeros: f64| log(top) + zeros * log(square) - log(square + top) - log(square + bottom);
    let weight = match kind {
        Weighting::A => {
            let inner = log(square + square_of(107.652_65)) + log(square + square_of(737.862_23));
            2.0 + 20.0 * (ends(2.0) - 0.5 * inner)
        }
        Weighting::B => 0.17 + 20.0 * (ends(1.5) - 0.5 * log(square + square_of(158.489_32))),
        Weighting::C => 0.062 + 20.0 * ends(1.0),
        Weighting::D => {
            let peak = square_of(square_of(1018.7) - square) + square_of(1039.6) * square;
            let dip = square_of(square_of(3136.5) - square) + square_of(3424.0) * square;
            let sides = log(square_of(282.7) + square) + log(square_of(1160.0) + square);
            20.0 * (0.5 * log(square) - log(square_of(0.008_304_630_5))
                + 0.5 * (log(peak) - log(dip) - sides))
        }
        Weighting::Z => 0.0,
    };
    min_db.map_or(weight, |least| least.max(weight))
}

/// `librosa.multi_frequency_weighting`: a row for each curve, a column for each frequency in Hz.
pub fn multi_frequency_weighting(
    frequencies: &[f64],
    kinds: &[Weighting],
    min_db: Option<f64>,
) -> Matrix<f64> {
    Matrix::from_fn(kinds.len(), frequencies.len(), |row, column| {
        frequency_weighting(frequencies[column], kinds[row], min_db)
    })
}
