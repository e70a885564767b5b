//! Parts of a signal in another order.

use std::ops::Range;

use crate::error::{Error, check};
use crate::features::zero_crossings;
use crate::util::match_events;

/// Below it a sample counts as zero, as in `librosa.zero_crossings`.
const THRESHOLD: f32 = 1e-10;

/// `librosa.effects.remix` of one channel: the `intervals` of samples one after the other, each as
/// often as it is named. With `align_zeros`, true by default, an interval begins and ends where the
/// signal changes its sign next to its ends, so that nothing clicks.
///
/// # Errors
/// An interval reaches beyond the signal.
pub fn remix(y: &[f32], intervals: &[Range<usize>], align_zeros: bool) -> Result<Vec<f32>, Error> {
    let mut zeros: Vec<f64> = Vec::new();
    if align_zeros {
        let crossings = zero_crossings(y, THRESHOLD, true).into_iter().enumerate();
        zeros.extend(crossings.filter(|(_, is)| *is).map(|(at, _)| at as f64));
        zeros.push(y.len() as f64);
    }
    let mut mixed = Vec::new();
    for interval in intervals {
        let range = format!("at most the {} samples", y.len());
        check(interval.end <= y.len(), "an end of intervals", interval.end, &range)?;
        let mut ends = [interval.start, interval.end];
        if align_zeros {
            let nearest = match_events(&ends.map(|end| end as f64), &zeros, true, true)?;
            for (end, at) in ends.iter_mut().zip(nearest) {
                *end = zeros[at] as usize;
            }
        }
        mixed.extend_from_slice(y.get(ends[0]..ends[1]).unwrap_or_default());
    }
    Ok(mixed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::reversed_empty_ranges, reason = "an interval that ends before it begins")]
    #[expect(clippy::single_range_in_vec_init, reason = "one interval is meant, not its samples")]
    fn parts_begin_where_the_sign_changes() {
        let y = [1.0, 2.0, -1.0, -2.0, -3.0, 3.0, 4.0];
        assert_eq!(remix(&y, &[4..7, 0..1], false).unwrap(), [-3.0, 3.0, 4.0, 1.0]);
        // At 0, 2, 5 and the end; of two that are equally far, the later.
        assert_eq!(remix(&y, &[4..7, 1..3], true).unwrap(), [3.0, 4.0]);
        assert!(remix(&y, &[0..8], true).is_err());
        assert!(remix(&y, &[5..2], false).unwrap().is_empty());
        assert!(remix(&[], &[0..0], true).unwrap().is_empty());
    }
}
