//! Frames of a whole signal, padded at its ends without a copy of it.

use crate::error::{Error, check_count};
use crate::matrix::Matrix;

/// What stands beyond the ends of a signal, by `NumPy`'s name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PadMode {
    /// Zeros.
    #[default]
    Constant,
    /// The first and the last sample.
    Edge,
    /// The signal in a mirror at its last sample, which is not repeated.
    Reflect,
    /// The signal in a mirror behind its last sample, which is repeated.
    Symmetric,
    /// The signal again, from its other end.
    Wrap,
    /// A line from the last sample to zero.
    LinearRamp,
}

/// The frames of a signal.
pub(crate) struct Frames<'a> {
    y: &'a [f32],
    length: usize,
    hop_length: usize,
    /// Samples before the first and after the last of the signal.
    pad: usize,
    mode: PadMode,
    count: usize,
    /// A frame that reaches beyond an end.
    buffer: Vec<f32>,
}

impl<'a> Frames<'a> {
    /// Frames of `length` samples; with a mode, half a frame of padding stands at either end.
    ///
    /// # Errors
    /// There is nothing to pad, or not one frame.
    pub(crate) fn new(
        y: &'a [f32],
        length: usize,
        hop_length: usize,
        mode: Option<PadMode>,
    ) -> Result<Self, Error> {
        check_count("hop_length", hop_length)?;
        check_count("frame_length", length)?;
        if y.is_empty() {
            return Err(Error::Empty { what: "the signal" });
        }
        let pad = if mode.is_some() { length / 2 } else { 0 };
        let padded = y.len() + 2 * pad;
        if padded < length {
            return Err(Error::TooShort { what: "the signal", length: padded, needed: length });
        }
        let count = 1 + (padded - length) / hop_length;
        let (mode, buffer) = (mode.unwrap_or_default(), vec![0.0; length]);
        Ok(Self { y, length, hop_length, pad, mode, count, buffer })
    }

    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// The samples of a frame.
    pub(crate) fn get(&mut self, index: usize) -> &[f32] {
        let from = index * self.hop_length;
        if from >= self.pad
            && let Some(frame) = self.y.get(from - self.pad..from - self.pad + self.length)
        {
            return frame;
        }
        for (offset, sample) in self.buffer.iter_mut().enumerate() {
            let at = (from + offset) as isize - self.pad as isize;
            *sample = padded(self.y, at, self.pad, self.mode);
        }
        &self.buffer
    }

    /// The samples of a frame that are of the signal, not of the padding.
    pub(crate) fn recorded(&self, index: usize) -> &'a [f32] {
        let from = index * self.hop_length;
        let (first, last) = (from.saturating_sub(self.pad), from + self.length);
        let last = last.saturating_sub(self.pad).min(self.y.len());
        self.y.get(first..last).unwrap_or_default()
    }
}

/// The sample at `at` of a signal that is not empty, with `pad` samples beyond its ends.
pub(crate) fn padded(y: &[f32], at: isize, pad: usize, mode: PadMode) -> f32 {
    let count = y.len() as isize;
    if (0..count).contains(&at) {
        return y[at as usize];
    }
    let beyond = if at < 0 { -at } else { at - count + 1 };
    let edge = if at < 0 { y[0] } else { y[y.len() - 1] };
    let mirrored = |period: isize, turn: isize| {
        let at = at.rem_euclid(period);
        y[(if at < count { at } else { turn - at }) as usize]
    };
    match mode {
        PadMode::Constant => 0.0,
        PadMode::Reflect if count > 1 => mirrored(2 * (count - 1), 2 * (count - 1)),
        PadMode::Edge | PadMode::Reflect => edge,
        PadMode::Symmetric => mirrored(2 * count, 2 * count - 1),
        PadMode::Wrap => y[at.rem_euclid(count) as usize],
        PadMode::LinearRamp => {
            let share = (pad as f64 - beyond as f64) / pad as f64;
            (f64::from(edge) * share) as f32
        }
    }
}

/// `librosa.util.frame`: a column of `frame_length` samples for each frame, without padding.
///
/// # Errors
/// The signal is shorter than a frame, or a length is 0.
pub fn frame(x: &[f32], frame_length: usize, hop_length: usize) -> Result<Matrix<f32>, Error> {
    let mut frames = Frames::new(x, frame_length, hop_length, None)?;
    let mut matrix = Matrix::filled(frame_length, frames.count(), 0.0);
    for index in 0..frames.count() {
        matrix.column_mut(index).copy_from_slice(frames.get(index));
    }
    Ok(matrix)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mode_pads_as_numpy_does() {
        let pad = |mode| -> Vec<f32> {
            (-4..7).map(|at| padded(&[1.0, 2.0, 4.0], at, 4, mode)).collect()
        };
        assert_eq!(pad(PadMode::Constant), [0., 0., 0., 0., 1., 2., 4., 0., 0., 0., 0.]);
        assert_eq!(pad(PadMode::Edge), [1., 1., 1., 1., 1., 2., 4., 4., 4., 4., 4.]);
        assert_eq!(pad(PadMode::Reflect), [1., 2., 4., 2., 1., 2., 4., 2., 1., 2., 4.]);
        assert_eq!(pad(PadMode::Symmetric), [4., 4., 2., 1., 1., 2., 4., 4., 2., 1., 1.]);
        assert_eq!(pad(PadMode::Wrap), [4., 1., 2., 4., 1., 2., 4., 1., 2., 4., 1.]);
        assert_eq!(pad(PadMode::LinearRamp), [0., 0.25, 0.5, 0.75, 1., 2., 4., 3., 2., 1., 0.]);
        assert_eq!(padded(&[3.0], -2, 2, PadMode::Reflect), 3.0);
    }

    #[test]
    fn a_frame_knows_what_was_recorded() {
        let y = [1.0, 2.0, 3.0];
        let mut frames = Frames::new(&y, 4, 1, Some(PadMode::Constant)).unwrap();
        assert_eq!(frames.count(), 4);
        assert_eq!(frames.get(0), [0.0, 0.0, 1.0, 2.0]);
        assert_eq!(frames.recorded(0), [1.0, 2.0]);
        assert_eq!(frames.get(3), [2.0, 3.0, 0.0, 0.0]);
        assert_eq!(frames.recorded(3), [2.0, 3.0]);
        let long_hop = Frames::new(&y, 4, 100, Some(PadMode::Constant)).unwrap();
        assert_eq!(long_hop.count(), 1);
    }

    #[test]
    fn less_than_a_frame_is_refused() {
        assert_eq!(frame(&[], 4, 1).unwrap_err(), Error::Empty { what: "the signal" });
        let error = frame(&[0.0; 3], 4, 1).unwrap_err();
        assert_eq!(error, Error::TooShort { what: "the signal", length: 3, needed: 4 });
        assert!(frame(&[0.0; 3], 2, 0).is_err());
    }
}
