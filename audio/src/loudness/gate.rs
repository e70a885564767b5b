//! Which moments count.

/// Below, nothing counts, in LUFS.
const ABSOLUTE: f64 = -70.0;
/// So far below the mean of the rest nothing counts for the loudness of all, in LU.
const RELATIVE: f64 = -10.0;
/// And so far for the range.
const RELATIVE_OF_RANGE: f64 = -20.0;
/// Between which shares of the moments the range lies.
const RANGE: (f64, f64) = (0.10, 0.95);

/// In LUFS, from the weighted mean square; none of silence.
pub(super) fn loudness(energy: f64) -> Option<f64> {
    (energy > 0.0).then(|| -0.691 + 10.0 * energy.log10())
}

fn energy(loudness: f64) -> f64 {
    10_f64.powf((loudness + 0.691) / 10.0)
}

fn mean(energies: &[f64]) -> Option<f64> {
    (!energies.is_empty()).then(|| energies.iter().sum::<f64>() / energies.len() as f64)
}

/// Those of `energies` that are above the gates.
fn gated(energies: &[f64], relative: f64) -> Vec<f64> {
    let above = |gate: f64| energies.iter().copied().filter(move |&it| it > gate);
    let loud: Vec<f64> = above(energy(ABSOLUTE)).collect();
    let Some(mean) = mean(&loud) else { return Vec::new() };
    let gate = (mean * 10_f64.powf(relative / 10.0)).max(energy(ABSOLUTE));
    above(gate).collect()
}

/// The loudness of all blocks of 400 ms together, in LUFS: BS.1770-4, section 5. None where none is
/// above the gate.
pub(super) fn integrated(energies: &[f64]) -> Option<f64> {
    mean(&gated(energies, RELATIVE)).and_then(loudness)
}

/// How far the soft and the loud of all blocks of 3 s lie apart, in LU: EBU Tech 3342. None where
/// none is above the gate.
pub(super) fn range(energies: &[f64]) -> Option<f64> {
    let mut kept = gated(energies, RELATIVE_OF_RANGE);
    kept.sort_unstable_by(f64::total_cmp);
    let at = |share: f64| {
        let index = (share * kept.len().saturating_sub(1) as f64).round() as usize;
        kept.get(index).copied().and_then(loudness)
    };
    Some(at(RANGE.1)? - at(RANGE.0)?)
}
