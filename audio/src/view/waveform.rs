//! The lowest and the highest sample of each column of a picture, however long the recording is.
//!
//! Keeps numbers of columns that are made coarser as the recording goes on, never samples.

/// Columns that are kept, at least a quarter of this many once there are as many samples: so that
/// those of a picture, which are fewer, begin and end where they are to, but for a fraction.
const KEPT_MAX: usize = 1 << 16;

/// The lowest and the highest of some samples.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Peak {
    /// The lowest.
    pub min: f32,
    /// The highest.
    pub max: f32,
}

impl Peak {
    const NOTHING: Self = Self { min: f32::INFINITY, max: f32::NEG_INFINITY };

    /// Of all of them.
    fn of(peaks: &[Self]) -> Self {
        let mut all = Self::NOTHING;
        for peak in peaks {
            all.join(*peak);
        }
        all
    }

    fn add(&mut self, sample: f32) {
        self.join(Self { min: sample, max: sample });
    }

    fn join(&mut self, other: Self) {
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
    }

    /// Of no samples, or of none that are numbers, it is silence.
    fn or_silence(self) -> Self {
        if self.min <= self.max { self } else { Self { min: 0.0, max: 0.0 } }
    }
}

/// Takes a recording block by block.
#[derive(Debug, Clone)]
pub struct Waveform {
    channels: usize,
    /// Of each channel that is shown, columns of `column_frames` samples.
    kept: Vec<Vec<Peak>>,
    column_frames: u64,
    frames: u64,
}

impl Waveform {
    /// Of a recording that has so many `channels`, the first `shown_max` of them.
    pub fn new(channels: u16, shown_max: usize) -> Self {
        let channels = usize::from(channels).max(1);
        let kept = vec![Vec::new(); channels.min(shown_max)];
        Self { channels, kept, column_frames: 1, frames: 0 }
    }

    /// Takes the next samples, channels interleaved.
    pub fn push(&mut self, samples: &[f32]) {
        for frame in samples.chunks_exact(self.channels) {
            // A power of two, so that no division is needed.
            if self.frames & (self.column_frames - 1) == 0 {
                self.begin_column();
            }
            for (kept, &sample) in self.kept.iter_mut().zip(frame) {
                if let Some(peak) = kept.last_mut().filter(|_| sample.is_finite()) {
                    peak.add(sample);
                }
            }
            self.frames += 1;
        }
    }

    fn begin_column(&mut self) {
        if self.kept.first().is_some_and(|kept| kept.len() == KEPT_MAX) {
            self.halve();
        }
        for kept in &mut self.kept {
            kept.push(Peak::NOTHING);
        }
    }

    fn halve(&mut self) {
        for kept in &mut self.kept {
            *kept = kept.chunks(2).map(Peak::of).collect();
        }
        self.column_frames *= 2;
    }

    /// Samples of each channel so far.
    pub fn frames(&self) -> u64 {
        self.frames
    }

    /// Of each channel that is shown `width` columns over the whole recording; fewer where it has
    /// fewer samples.
    pub fn columns(&self, width: usize) -> Vec<Vec<Peak>> {
        self.kept.iter().map(|kept| self.of_channel(kept, width)).collect()
    }

    fn of_channel(&self, kept: &[Peak], width: usize) -> Vec<Peak> {
        let width = (width as u64).min(self.frames);
        // Where a column begins, in columns that are kept; the last of those may not be full.
        let at = |column: u64| {
            if column == width {
                return kept.len();
            }
            let frame = u128::from(column) * u128::from(self.frames) / u128::from(width);
            (frame / u128::from(self.column_frames)) as usize
        };
        let column = |column: u64| {
            let (from, to) = (at(column), at(column + 1));
            Peak::of(kept.get(from..to.max(from + 1)).unwrap_or_default()).or_silence()
        };
        (0..width).map(column).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peaks(samples: &[f32], channels: u16, width: usize) -> Vec<Vec<Peak>> {
        let mut waveform = Waveform::new(channels, 2);
        for block in samples.chunks(999 * usize::from(channels)) {
            waveform.push(block);
        }
        assert_eq!(waveform.frames(), (samples.len() / usize::from(channels)) as u64);
        waveform.columns(width)
    }

    fn peak(min: f32, max: f32) -> Peak {
        Peak { min, max }
    }

    #[test]
    fn each_column_has_its_lowest_and_its_highest_sample() {
        let samples = [0.1, -0.5, 0.2, 0.6, -0.1, 0.0, 0.3];
        let found = peaks(&samples, 1, 2);
        assert_eq!(found, [[peak(-0.5, 0.2), peak(-0.1, 0.6)]]);
        assert_eq!(peaks(&samples, 1, 1), [[peak(-0.5, 0.6)]]);
        // No more columns than samples.
        let all: Vec<Peak> = samples.iter().map(|sample| peak(*sample, *sample)).collect();
        assert_eq!(peaks(&samples, 1, 100), [all]);
        assert_eq!(peaks(&[], 1, 100), [[]]);
        assert_eq!(peaks(&samples, 1, 0), [[]]);
    }

    #[test]
    fn channels_are_apart_and_some_are_shown() {
        let samples = [0.1, -0.1, 9.0, 0.2, -0.2, 9.0];
        assert_eq!(peaks(&samples, 3, 1), [[peak(0.1, 0.2)], [peak(-0.2, -0.1)]]);
    }

    #[test]
    fn what_is_no_number_is_left_out() {
        assert_eq!(peaks(&[f32::NAN, 0.5, f32::INFINITY], 1, 1), [[peak(0.5, 0.5)]]);
        assert_eq!(peaks(&[f32::NAN], 1, 1), [[peak(0.0, 0.0)]]);
    }

    #[test]
    fn a_long_recording_is_coarser_and_loses_no_peak() {
        let count = 5 * KEPT_MAX + 3;
        for at in [0, 1, KEPT_MAX - 1, KEPT_MAX, 3 * KEPT_MAX + 5, count - 1] {
            let mut samples = vec![0.0; count];
            samples[at] = 1.0;
            let waveform = {
                let mut waveform = Waveform::new(1, 1);
                waveform.push(&samples);
                waveform
            };
            assert!(waveform.kept[0].len() <= KEPT_MAX, "{}", waveform.kept[0].len());
            for width in [1, 7, 1024, 4096] {
                let columns = waveform.columns(width).remove(0);
                assert_eq!(columns.len(), width);
                let loud: Vec<usize> =
                    (0..width).filter(|column| columns[*column].max == 1.0).collect();
                // A column that is kept belongs to that in which it begins.
                let right = at * width / count;
                assert!(!loud.is_empty(), "{at} of {count} in {width}");
                assert!(loud.iter().all(|column| column.abs_diff(right) <= 1), "{loud:?} {right}");
            }
        }
    }
}
