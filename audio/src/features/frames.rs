//! Cuts a stream of samples into overlapping frames, as `librosa.util.frame` does after centring.
//!
//! Holds one frame and what has come since, never the recording.

use crate::spectrum::{PadMode, padded};

/// Where frames are centred half a frame stands before the first and after the last sample, so that
/// frame `t` is centred at sample `t * hop_length`; where they are not, nothing does.
pub(crate) struct Framer {
    n_fft: usize,
    hop_length: usize,
    /// What is not yet left behind; begins with the next frame.
    buffer: Vec<f32>,
    /// Samples to leave out before the next frame begins, where a hop is longer than a frame.
    skip: usize,
    /// Samples at the beginning of `buffer` that are not of the recording.
    padded: usize,
    padding: Padding,
}

/// What stands beyond the ends.
struct Padding {
    mode: PadMode,
    /// Samples at either end.
    length: usize,
    /// Whether the beginning is behind.
    has_begun: bool,
    /// The first or the last samples, of which the padding is made; none are kept for zeros.
    near: Vec<f32>,
}

/// A frame, and which part of it is of the recording.
pub(crate) struct Frame<'a> {
    /// `n_fft` samples.
    pub(crate) samples: &'a [f32],
    /// The samples of the recording among them.
    pub(crate) recorded: &'a [f32],
}

impl Framer {
    /// Frames that are centred, with zeros beyond the ends.
    pub(crate) fn new(n_fft: usize, hop_length: usize) -> Self {
        Self::padded_with(n_fft, hop_length, Some(PadMode::Constant))
    }

    /// Frames that are centred where there is a mode of padding, which is not `Wrap`: the end of a
    /// stream is not known at its beginning.
    pub(crate) fn padded_with(n_fft: usize, hop_length: usize, mode: Option<PadMode>) -> Self {
        let length = if mode.is_some() { n_fft / 2 } else { 0 };
        let mode = mode.unwrap_or_default();
        let (near, has_begun) = (Vec::new(), mode == PadMode::Constant);
        let padding = Padding { mode, length, has_begun, near };
        Self { n_fft, hop_length, buffer: vec![0.0; length], skip: 0, padded: length, padding }
    }

    /// Hands every frame that `samples` complete to `work`.
    pub(crate) fn push<E>(
        &mut self,
        samples: &[f32],
        mut work: impl FnMut(Frame<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        // In pieces, so that the buffer stays small however long the block is.
        for piece in samples.chunks(self.n_fft) {
            self.padding.see(piece);
            if self.padding.may_begin() {
                self.begin();
            }
            if self.padding.has_begun {
                self.take(piece, 0, &mut work)?;
            } else {
                self.buffer.extend_from_slice(piece);
            }
        }
        Ok(())
    }

    /// Fills in what stands before the first sample.
    fn begin(&mut self) {
        self.padding.has_begun = true;
        for at in 0..self.padded {
            let before = at as isize - self.padded as isize;
            self.buffer[at] = self.padding.at(before);
        }
    }

    /// Hands over the frames that reach beyond the end.
    pub(crate) fn finish<E>(
        mut self,
        mut work: impl FnMut(Frame<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        if !self.padding.has_begun && !self.padding.near.is_empty() {
            self.begin();
        }
        let last = self.padding.near.len();
        let padding: Vec<f32> =
            (last..last + self.padding.length).map(|at| self.padding.at(at as isize)).collect();
        self.take(&padding, padding.len(), &mut work)
    }

    /// Takes `piece`, whose last `trailing` samples are not of the recording.
    fn take<E>(
        &mut self,
        piece: &[f32],
        trailing: usize,
        work: &mut impl FnMut(Frame<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let skipped = self.skip.min(piece.len());
        self.skip -= skipped;
        self.buffer.extend_from_slice(piece.get(skipped..).unwrap_or_default());
        let end = self.buffer.len().saturating_sub(trailing);
        let mut at = 0;
        while let Some(samples) = self.buffer.get(at..at + self.n_fft) {
            let first = self.padded.saturating_sub(at).min(self.n_fft);
            let last = end.saturating_sub(at).clamp(first, self.n_fft);
            let recorded = samples.get(first..last).unwrap_or_default();
            work(Frame { samples, recorded })?;
            at += self.hop_length;
        }
        let left = at.min(self.buffer.len());
        self.skip += at - left;
        self.buffer.drain(..left);
        self.padded = self.padded.saturating_sub(left);
        Ok(())
    }
}

impl Padding {
    /// Keeps what the padding is made of: one sample more than it has, as a mirror needs.
    fn see(&mut self, piece: &[f32]) {
        if self.mode == PadMode::Constant {
            return;
        }
        let most = self.length + 1;
        if piece.len() >= most && self.has_begun {
            self.near.clear();
            self.near.extend_from_slice(&piece[piece.len() - most..]);
            return;
        }
        self.near.extend_from_slice(piece);
        if self.has_begun && self.near.len() > most {
            self.near.drain(..self.near.len() - most);
        }
    }

    /// Whether enough is known to fill in what stands before the first sample.
    fn may_begin(&self) -> bool {
        !self.has_begun && self.near.len() > self.length
    }

    /// The sample at `at` from the first of those that are kept.
    fn at(&self, at: isize) -> f32 {
        if self.near.is_empty() { 0.0 } else { padded(&self.near, at, self.length, self.mode) }
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use proptest::prelude::*;

    use super::*;
    use crate::spectrum;

    type Frames = Vec<(Vec<f32>, Vec<f32>)>;

    fn frames(
        samples: &[f32],
        (n_fft, hop_length): (usize, usize),
        mode: Option<PadMode>,
        block: usize,
    ) -> Frames {
        let mut framer = Framer::padded_with(n_fft, hop_length, mode);
        let mut all = Frames::new();
        let mut keep = |frame: Frame<'_>| {
            all.push((frame.samples.to_vec(), frame.recorded.to_vec()));
            Ok::<_, Infallible>(())
        };
        for block in samples.chunks(block) {
            framer.push(block, &mut keep).unwrap();
        }
        framer.finish(&mut keep).unwrap();
        all
    }

    /// The definition, with all of the recording at hand.
    fn plainly(
        samples: &[f32],
        (n_fft, hop_length): (usize, usize),
        mode: Option<PadMode>,
    ) -> Frames {
        let mut frames = spectrum::Frames::new(samples, n_fft, hop_length, mode).unwrap();
        let count = frames.count();
        let frame = |at| (frames.get(at).to_vec(), frames.recorded(at).to_vec());
        (0..count).map(frame).collect()
    }

    const MODES: [Option<PadMode>; 6] = [
        Some(PadMode::Constant),
        Some(PadMode::Edge),
        Some(PadMode::Reflect),
        Some(PadMode::Symmetric),
        Some(PadMode::LinearRamp),
        None,
    ];

    proptest! {
        #[test]
        fn blocks_of_any_size_give_the_same_frames(
            count in 1_usize..400, half in 8_usize..40, hop_length in 1_usize..120,
            block in 1_usize..300, mode in 0_usize..6,
        ) {
            let samples: Vec<f32> = (1..=count).map(|x| x as f32).collect();
            let lengths = (half * 2, hop_length);
            let found = frames(&samples, lengths, MODES[mode], block);
            if MODES[mode].is_none() && count < half * 2 {
                prop_assert!(found.is_empty());
            } else {
                prop_assert_eq!(found, plainly(&samples, lengths, MODES[mode]));
            }
        }
    }

    #[test]
    fn nothing_has_frames_of_padding_alone() {
        let framer = Framer::padded_with(16, 4, Some(PadMode::Reflect));
        let mut count = 0;
        let counted: Result<(), Infallible> = framer.finish(|frame| {
            assert!(frame.recorded.is_empty() && frame.samples.iter().all(|x| *x == 0.0));
            count += 1;
            Ok(())
        });
        counted.unwrap();
        assert_eq!(count, 1);
    }
}
