//! Features in 256 levels, for eyes: what images and dashboards show.

use crate::features::{ExtractError, Feature, Features};

/// How the values of one feature become levels.
#[derive(Debug, Clone)]
pub struct Levels {
    /// The feature.
    pub feature: Feature,
    /// Where its values lie in a frame.
    pub from: usize,
    /// How many it has in a frame.
    pub rows: usize,
    /// What level 0 is, and everything below.
    pub lowest: f32,
    /// What level 255 is.
    pub highest: f32,
}

impl Levels {
    /// For each feature of frames, over all frames; decibels are cut so far below the loudest.
    ///
    /// # Errors
    /// When what was kept of the recording cannot be read.
    pub fn of(features: &mut Features, top_db: f64) -> Result<Vec<Self>, ExtractError> {
        let mut from = 0;
        let columns: Vec<_> = features.columns().collect();
        let mut all: Vec<Self> = columns
            .into_iter()
            .map(|(feature, rows)| {
                let (lowest, highest) = (f32::INFINITY, f32::NEG_INFINITY);
                let levels = Self { feature, from, rows, lowest, highest };
                from += rows;
                levels
            })
            .collect();
        let mut frame = Vec::new();
        while features.next_frame(&mut frame)? {
            for levels in &mut all {
                for &value in levels.own(&frame) {
                    let value = shown(levels.feature, value);
                    levels.lowest = levels.lowest.min(value);
                    levels.highest = levels.highest.max(value);
                }
            }
        }
        features.rewind()?;
        for levels in all.iter_mut().filter(|levels| is_in_decibels(levels.feature)) {
            levels.lowest = levels.lowest.max(levels.highest - top_db as f32);
        }
        Ok(all)
    }

    /// Its values in a frame.
    pub fn own<'f>(&self, frame: &'f [f32]) -> &'f [f32] {
        frame.get(self.from..self.from + self.rows).unwrap_or_default()
    }

    /// The level of a value, from 0 to 255.
    pub fn level(&self, value: f32) -> u8 {
        let range = self.highest - self.lowest;
        let share = (shown(self.feature, value) - self.lowest) / range;
        // Of equal values all are the lowest; the conversion keeps to the range.
        if range > 0.0 { (255.0 * share).round() as u8 } else { 0 }
    }

    /// What its values are measured in, as they are shown.
    pub fn unit(&self) -> &'static str {
        if is_in_decibels(self.feature) { "dB" } else { self.feature.unit() }
    }
}

fn is_in_decibels(feature: Feature) -> bool {
    matches!(feature, Feature::Melspectrogram | Feature::Stft | Feature::Cqt)
}

/// Powers and magnitudes in decibels, others as they are.
fn shown(feature: Feature, value: f32) -> f32 {
    match feature {
        Feature::Melspectrogram => 10.0 * value.max(1e-10).log10(),
        Feature::Stft | Feature::Cqt => 20.0 * value.max(1e-5).log10(),
        _ => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_span_what_there_is() {
        let levels = |lowest, highest| Levels {
            feature: Feature::Melspectrogram,
            from: 0,
            rows: 1,
            lowest,
            highest,
        };
        let some = levels(-80.0, 0.0);
        assert_eq!([1.0, 1e-4, 1e-8, 0.0].map(|power| some.level(power)), [255, 128, 0, 0]);
        assert_eq!(levels(-3.0, -3.0).level(1.0), 0);
        assert_eq!(some.unit(), "dB");
    }
}
