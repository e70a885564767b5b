//! What the frames of a recording have in common: one number for each value of a frame.

use super::{ExtractError, Features};

/// A statistic over all frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Statistic {
    /// The mean, as `numpy.mean`.
    Mean,
    /// The standard deviation of all frames, as `numpy.std`.
    Std,
    /// The least value.
    Min,
    /// The greatest value.
    Max,
}

/// Statistics of each value of a frame.
#[derive(Debug, Clone)]
pub struct Summary {
    frames: u64,
    values: Vec<Moments>,
}

#[derive(Debug, Clone, Copy)]
struct Moments {
    mean: f64,
    /// The sum of squared distances from the mean.
    spread: f64,
    min: f32,
    max: f32,
}

impl Summary {
    /// Reads `features` to their end.
    pub fn of(features: &mut Features) -> Result<Self, ExtractError> {
        let nothing = Moments { mean: 0.0, spread: 0.0, min: f32::INFINITY, max: -f32::INFINITY };
        let width = features.columns().map(|(_, width)| width).sum();
        let mut summary = Self { frames: 0, values: vec![nothing; width] };
        let mut frame = Vec::with_capacity(width);
        while features.next_frame(&mut frame)? {
            summary.add(&frame);
        }
        Ok(summary)
    }

    /// Welford, B. P. Note on a method for calculating corrected sums of squares and products.
    /// Technometrics, 1962.
    fn add(&mut self, frame: &[f32]) {
        self.frames += 1;
        let count = self.frames as f64;
        for (moments, &value) in self.values.iter_mut().zip(frame) {
            let distance = f64::from(value) - moments.mean;
            moments.mean += distance / count;
            moments.spread += distance * (f64::from(value) - moments.mean);
            moments.min = moments.min.min(value);
            moments.max = moments.max.max(value);
        }
    }

    /// Frames that were read.
    pub fn frames(&self) -> u64 {
        self.frames
    }

    /// `statistic` of each value of a frame, in the order of [`Features::columns`].
    pub fn get(&self, statistic: Statistic) -> Vec<f32> {
        let count = self.frames.max(1) as f64;
        let of = |moments: &Moments| match statistic {
            Statistic::Mean => moments.mean as f32,
            Statistic::Std => (moments.spread / count).sqrt() as f32,
            Statistic::Min => moments.min,
            Statistic::Max => moments.max,
        };
        self.values.iter().map(of).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_numpys() {
        let nothing = Moments { mean: 0.0, spread: 0.0, min: f32::INFINITY, max: -f32::INFINITY };
        let mut summary = Summary { frames: 0, values: vec![nothing; 2] };
        for frame in [[1.0, 7.0], [2.0, 7.0], [3.0, 7.0], [6.0, 7.0]] {
            summary.add(&frame);
        }
        assert_eq!(summary.get(Statistic::Mean), [3.0, 7.0]);
        // numpy.std([1, 2, 3, 6]).
        assert!((summary.get(Statistic::Std)[0] - 1.870_828_7).abs() < 1e-6);
        assert_eq!(summary.get(Statistic::Std)[1], 0.0);
        assert_eq!(summary.get(Statistic::Min), [1.0, 7.0]);
        assert_eq!(summary.get(Statistic::Max), [6.0, 7.0]);
        assert_eq!(summary.frames(), 4);
    }
}
