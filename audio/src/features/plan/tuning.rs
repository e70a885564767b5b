//! The tuning of a recording from its frames one after the other, as `librosa.estimate_tuning` of
//! all of them.

use std::io;

use super::ExtractError;
use super::rows::RowWriter;
use super::select::{Rows, select};
use crate::error::Error;
use crate::pitch::{Peaks, Piptrack, Residuals};

/// Pitches and their magnitudes.
pub(super) struct Pitches {
    peaks: Peaks,
    rows: RowWriter,
}

impl Pitches {
    pub(super) fn new(bins: usize, sr: f64) -> Result<Self, Error> {
        let peaks = Peaks::new(bins, sr, &Piptrack::default())?;
        Ok(Self { peaks, rows: RowWriter::new(2) })
    }

    /// Takes the powers of a frame.
    pub(super) fn hear(&mut self, powers: &[f32]) -> io::Result<()> {
        let (rows, mut done) = (&mut self.rows, Ok(()));
        self.peaks.apply(powers, |_, hz, magnitude| {
            if hz > 0.0 && done.is_ok() {
                done = rows.push(&[magnitude, hz]);
            }
        });
        done
    }

    /// How far the louder half of the pitches lies from equal temperament, in classes of which an
    /// octave has so many.
    pub(super) fn tuning(self, n_chroma: usize) -> Result<f64, ExtractError> {
        let mut rows = self.rows.finish()?;
        let count = rows.count();
        if count == 0 {
            return Ok(0.0);
        }
        let middle = [(count - 1) / 2, count / 2];
        let [lower, upper] = &select(&mut rows, 1, &middle)?[..] else { return Ok(0.0) };
        let median =
            if count.is_multiple_of(2) { f32::midpoint(lower[0], upper[0]) } else { lower[0] };
        let mut residuals = Residuals::new(0.01, n_chroma)?;
        let mut row = Vec::new();
        rows.rewind()?;
        while rows.next(&mut row)? {
            if let [magnitude, hz] = row[..]
                && magnitude >= median
            {
                residuals.add(hz);
            }
        }
        Ok(residuals.most())
    }
}
