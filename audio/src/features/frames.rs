//! Cuts a stream of samples into overlapping frames, as `librosa.util.frame` does after centring.
//!
//! Holds one frame and what has come since, never the recording.

/// Half a frame of zeros stands before the first and after the last sample, so that frame `t` is
/// centred at sample `t * hop_length`.
pub(crate) struct Framer {
    n_fft: usize,
    hop_length: usize,
    /// What is not yet left behind; begins with the next frame.
    buffer: Vec<f32>,
    /// Samples to leave out before the next frame begins, where a hop is longer than a frame.
    skip: usize,
    /// Zeros at the beginning of `buffer` that are not of the recording.
    padded: usize,
}

/// A frame, and which part of it is of the recording.
pub(crate) struct Frame<'a> {
    /// `n_fft` samples.
    pub(crate) samples: &'a [f32],
    /// The samples of the recording among them.
    pub(crate) recorded: &'a [f32],
}

impl Framer {
    pub(crate) fn new(n_fft: usize, hop_length: usize) -> Self {
        let padded = n_fft / 2;
        Self { n_fft, hop_length, buffer: vec![0.0; padded], skip: 0, padded }
    }

    /// Hands every frame that `samples` complete to `work`.
    pub(crate) fn push<E>(
        &mut self,
        samples: &[f32],
        mut work: impl FnMut(Frame<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        // In pieces, so that the buffer stays small however long the block is.
        for piece in samples.chunks(self.n_fft) {
            self.take(piece, 0, &mut work)?;
        }
        Ok(())
    }

    /// Hands over the frames that reach beyond the end.
    pub(crate) fn finish<E>(
        mut self,
        mut work: impl FnMut(Frame<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let padding = vec![0.0; self.n_fft / 2];
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

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use proptest::prelude::*;

    use super::*;

    type Frames = Vec<(Vec<f32>, Vec<f32>)>;

    fn frames(samples: &[f32], n_fft: usize, hop_length: usize, block: usize) -> Frames {
        let mut framer = Framer::new(n_fft, hop_length);
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
    fn plainly(samples: &[f32], n_fft: usize, hop_length: usize) -> Frames {
        let half = n_fft / 2;
        let zeros = || vec![0.0; half];
        let padded = [zeros(), samples.to_vec(), zeros()].concat();
        let count = 1 + (padded.len() - n_fft) / hop_length;
        let frame = |index: usize| {
            let (from, to) = (index * hop_length, index * hop_length + n_fft);
            let within = |at: usize| at.clamp(half, half + samples.len()) - half;
            (padded[from..to].to_vec(), samples[within(from)..within(to)].to_vec())
        };
        (0..count).map(frame).collect()
    }

    proptest! {
        #[test]
        fn blocks_of_any_size_give_the_same_frames(
            count in 1_usize..400, half in 8_usize..40, hop_length in 1_usize..120,
            block in 1_usize..300,
        ) {
            let samples: Vec<f32> = (1..=count).map(|x| x as f32).collect();
            let expected = plainly(&samples, half * 2, hop_length);
            prop_assert_eq!(expected.len(), 1 + count / hop_length);
            prop_assert_eq!(frames(&samples, half * 2, hop_length, block), expected);
        }
    }
}
