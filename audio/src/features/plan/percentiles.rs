//! Percentiles of each value of a frame, exact and in memory that does not grow with a recording.

use super::select::{Rows, select};
use super::{ExtractError, Features};

/// Below which value so many percent of all frames lie, for each value of a frame: for each of
/// `percents`, from 0 to 100, as `numpy.percentile`, which interpolates between two frames. Reads
/// all frames several times.
///
/// # Errors
/// What was kept cannot be read.
pub fn percentiles(
    features: &mut Features,
    percents: &[f64],
) -> Result<Vec<Vec<f32>>, ExtractError> {
    let width = features.columns().map(|(_, width)| width).sum();
    let last = features.frames().saturating_sub(1);
    let places: Vec<f64> =
        percents.iter().map(|percent| percent.clamp(0.0, 100.0) / 100.0 * last as f64).collect();
    let ranks: Vec<u64> =
        places.iter().flat_map(|place| [place.floor() as u64, place.ceil() as u64]).collect();
    let found = select(features, width, &ranks)?;
    features.rewind()?;
    let between = |(place, two): (&f64, &[Vec<f32>])| {
        let [lower, upper] = two else { return Vec::new() };
        let share = place - place.floor();
        let both = lower.iter().zip(upper);
        both.map(|(&lower, &upper)| {
            (f64::from(lower) + share * (f64::from(upper) - f64::from(lower))) as f32
        })
        .collect()
    };
    Ok(places.iter().zip(found.chunks(2)).map(between).collect())
}

impl Rows for Features {
    type Error = ExtractError;

    fn rewind(&mut self) -> Result<(), ExtractError> {
        Self::rewind(self)
    }

    fn next(&mut self, row: &mut Vec<f32>) -> Result<bool, ExtractError> {
        self.next_frame(row)
    }
}
