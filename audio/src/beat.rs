//! Beats, as `librosa.beat`.

use crate::convert::fourier_tempo_frequencies;
use crate::error::{Error, check, check_count, check_finite, check_positive};
use crate::features::{Tempo, fourier_tempogram, tempo_of_envelope};
use crate::filters::Window;
use crate::spectrum::{Complex, Stft, istft};
use crate::util::{localmax, normalize_in_place};

/// How beats are tracked; defaults are those of `librosa.beat.beat_track`.
#[derive(Debug, Clone, PartialEq)]
pub struct BeatTrack {
    /// The likeliest tempo, in beats a minute, where `bpm` is not given.
    pub start_bpm: f64,
    /// How closely beats keep to the tempo, above 0.
    pub tightness: f64,
    /// Whether weak beats at either end are left out.
    pub trim: bool,
    /// The tempo, in beats a minute: one, or one for each frame. Estimated where there is none.
    pub bpm: Vec<f64>,
}

impl Default for BeatTrack {
    fn default() -> Self {
        Self { start_bpm: 120.0, tightness: 100.0, trim: true, bpm: Vec::new() }
    }
}

/// `librosa.beat.beat_track` of an onset envelope at `sr` Hz with frames every `hop_length`
/// samples: the tempo in beats a minute (of the first frame, where one is given for each) and the
/// frames of the beats. No beats, and a tempo of 0, where the envelope is zero everywhere. librosa
/// makes the envelope with a median over the bands.
///
/// Ellis, D. P. W. Beat tracking by dynamic programming. Journal of New Music Research, 2007.
///
/// # Errors
/// The envelope is not finite; a tempo is not above 0, or faster than a frame; a parameter is out
/// of its range.
pub fn beat_track(
    onset_envelope: &[f32],
    sr: f64,
    hop_length: usize,
    options: &BeatTrack,
) -> Result<(f64, Vec<usize>), Error> {
    check_finite("the envelope", onset_envelope)?;
    check_positive("sr", sr)?;
    check_count("hop_length", hop_length)?;
    check_positive("tightness", options.tightness)?;
    if onset_envelope.iter().all(|&value| value == 0.0) {
        return Ok((0.0, Vec::new()));
    }
    let bpm = if options.bpm.is_empty() {
        let likely = Tempo { start_bpm: options.start_bpm, ..Tempo::default() };
        vec![tempo_of_envelope(onset_envelope, sr, hop_length, &likely)?]
    } else {
        options.bpm.clone()
    };
    if bpm.len() != 1 && bpm.len() != onset_envelope.len() {
        let (length, expected) = (bpm.len(), onset_envelope.len());
        return Err(Error::Length { what: "bpm", length, expected });
    }
    let mut periods = Vec::with_capacity(bpm.len());
    for &bpm in &bpm {
        check_positive("bpm", bpm)?;
        let period = (sr / hop_length as f64 * 60.0 / bpm).round_ties_even();
        check(period >= 1.0, "bpm", bpm, "at most one beat a frame")?;
        periods.push(period);
    }
    let score = local_score(&normalized(onset_envelope), &periods);
    let (links, sums) = link(&score, &periods, options.tightness as f32);
    let mut beats = Vec::new();
    let mut at = Some(last_beat(&sums));
    while let Some(frame) = at {
        beats.push(frame);
        at = links[frame];
    }
    beats.reverse();
    Ok((bpm[0], trimmed(&score, beats, options.trim)))
}

/// Divided by its standard deviation.
fn normalized(envelope: &[f32]) -> Vec<f32> {
    let count = envelope.len() as f64;
    let mean = envelope.iter().map(|&value| f64::from(value)).sum::<f64>() / count;
    let squares: f64 = envelope.iter().map(|&value| (f64::from(value) - mean).powi(2)).sum();
    let deviation = (squares / (count - 1.0).max(1.0)).sqrt() as f32;
    envelope.iter().map(|value| value / (deviation + f32::MIN_POSITIVE)).collect()
}

/// The envelope as seen through a narrow bell.
fn local_score(envelope: &[f32], periods: &[f64]) -> Vec<f32> {
    let count = envelope.len();
    let bell = |period: f64| -> Vec<f64> {
        let half = period as i64;
        let weight = |at: i64| (-0.5 * (at as f64 * 32.0 / period).powi(2)).exp();
        (-half..=half).map(weight).collect()
    };
    let mut window = Vec::new();
    let mut score = vec![0.0_f32; count];
    for (at, score) in score.iter_mut().enumerate() {
        if at == 0 || periods.len() > 1 {
            window = bell(periods[if periods.len() > 1 { at } else { 0 }]);
        }
        let middle = at + window.len() / 2;
        let (from, to) = ((middle + 1).saturating_sub(count), middle.min(window.len()));
        for (index, weight) in window.iter().enumerate().take(to).skip(from) {
            // Rounded at each step, as librosa does.
            *score = (f64::from(*score) + weight * f64::from(envelope[middle - index])) as f32;
        }
    }
    score
}

/// For each frame the best beat before it, and the sum of the scores up to it: in double precision,
/// because two frames may be almost equally good.
fn link(score: &[f32], periods: &[f64], tightness: f32) -> (Vec<Option<usize>>, Vec<f64>) {
    let threshold = 0.01 * f64::from(score.iter().copied().fold(f32::NEG_INFINITY, f32::max));
    let mut links = vec![None; score.len()];
    let mut sums = vec![0.0_f64; score.len()];
    let mut is_first = true;
    for (at, &here) in score.iter().enumerate() {
        let period = periods[if periods.len() > 1 { at } else { 0 }];
        let nearest = at as i64 - (period / 2.0).round_ties_even() as i64;
        let furthest = (at as f64 - 2.0 * period - 1.0) as i64;
        let (mut best, mut most) = (None, f64::NEG_INFINITY);
        let mut before = nearest;
        while before > furthest && before >= 0 {
            let interval = (at as i64 - before) as f64;
            let off = interval.ln() - period.ln();
            let sum = sums[before as usize] - f64::from(tightness) * off * off;
            if sum > most {
                (best, most) = (Some(before as usize), sum);
            }
            before -= 1;
        }
        sums[at] = f64::from(here) + if best.is_some() { most } else { 0.0 };
        if !(is_first && f64::from(here) < threshold) {
            links[at] = best;
            is_first = false;
        }
    }
    (links, sums)
}

/// The last maximum that is not below half of the median of all, or the last frame.
fn last_beat(sums: &[f64]) -> usize {
    let is_maximum = localmax(sums);
    let maxima = sums.iter().zip(&is_maximum).filter(|(_, is)| **is).map(|(&sum, _)| sum);
    let mut maxima: Vec<f64> = maxima.collect();
    maxima.sort_unstable_by(f64::total_cmp);
    let at = |index: usize| maxima.get(index).copied().unwrap_or(0.0);
    let (half, count) = (maxima.len() / 2, maxima.len());
    let middle = if count.is_multiple_of(2) { at(half.saturating_sub(1)) } else { at(half) };
    let threshold = 0.5 * f64::midpoint(middle, at(half));
    let last = (0..sums.len()).rev().find(|&at| is_maximum[at] && sums[at] >= threshold);
    last.unwrap_or(sums.len() - 1)
}

/// Without the beats of weak frames at either end.
fn trimmed(score: &[f32], beats: Vec<usize>, trim: bool) -> Vec<usize> {
    let threshold = if trim {
        let weights = [0.0, 0.5, 1.0, 0.5, 0.0];
        let of_beats: Vec<f64> = beats.iter().map(|&beat| f64::from(score[beat])).collect();
        let smooth = |at: usize| -> f64 {
            let inside = |k: usize| at.checked_sub(k).and_then(|at| of_beats.get(at));
            (0..5).filter_map(|k| inside(k).map(|value| weights[k] * value)).sum()
        };
        let places = 2..(of_beats.len() + 4).min(score.len() + 2);
        let count = places.len() as f64;
        0.5 * (places.map(|at| smooth(at).powi(2)).sum::<f64>() / count).sqrt()
    } else {
        0.0
    };
    let strong = |&value: &f32| f64::from(value) > threshold;
    let first = score.iter().position(strong).unwrap_or(score.len());
    let last = score.iter().rposition(strong).unwrap_or(0);
    beats.into_iter().filter(|&beat| beat >= first && beat <= last).collect()
}

/// Which tempi a pulse may have; defaults are those of `librosa.beat.plp`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plp {
    /// Frames over which the tempo is found.
    pub win_length: usize,
    /// The slowest tempo, in beats a minute.
    pub tempo_min: Option<f64>,
    /// The fastest tempo, in beats a minute.
    pub tempo_max: Option<f64>,
}

impl Default for Plp {
    fn default() -> Self {
        Self { win_length: 384, tempo_min: Some(30.0), tempo_max: Some(300.0) }
    }
}

/// `librosa.beat.plp` of an onset envelope: for each frame, from 0 to 1, how much a pulse of the
/// locally strongest tempo beats there.
///
/// Grosche, P. and Müller, M. Extracting predominant local pulse information from music recordings.
/// IEEE Transactions on Audio, Speech, and Language Processing, 2011.
///
/// # Errors
/// The envelope is empty or not finite; the slowest tempo is not below the fastest; `win_length` is
/// below 2.
pub fn plp(
    onset_envelope: &[f32],
    sr: f64,
    hop_length: usize,
    plp: &Plp,
) -> Result<Vec<f32>, Error> {
    check_positive("sr", sr)?;
    check_count("hop_length", hop_length)?;
    let (slow, fast) = (plp.tempo_min.unwrap_or(0.0), plp.tempo_max.unwrap_or(f64::INFINITY));
    check(fast > slow, "tempo_max", fast, "above tempo_min")?;
    let mut bins = fourier_tempogram(onset_envelope, plp.win_length, true, &Window::Hann)?;
    let tempi = fourier_tempo_frequencies(sr, plp.win_length, hop_length);
    let zero = Complex::new(0.0_f32, 0.0);
    for column in 0..bins.columns() {
        let frame = bins.column_mut(column);
        for (bin, &bpm) in frame.iter_mut().zip(&tempi) {
            if bpm < slow || bpm > fast {
                *bin = zero;
            }
        }
        let loudness = |bin: &Complex<f32>| (1e6 * bin.re.hypot(bin.im)).ln_1p();
        let loudest = frame.iter().map(loudness).fold(0.0, f32::max);
        for bin in frame.iter_mut().filter(|bin| loudness(bin) < loudest) {
            *bin = zero;
        }
        // The greatest complex number is, as in librosa, that of the greatest real part.
        let by_parts = |a: &&Complex<f32>, b: &&Complex<f32>| {
            a.re.total_cmp(&b.re).then(a.im.total_cmp(&b.im))
        };
        let greatest = frame.iter().max_by(by_parts).map_or(0.0, |bin| bin.re.hypot(bin.im));
        let scale = f32::MIN_POSITIVE.sqrt() + greatest;
        for bin in frame {
            *bin /= scale;
        }
    }
    let stft = Stft { n_fft: plp.win_length, hop_length: Some(1), ..Stft::default() };
    let mut pulse = istft(&bins, &stft, Some(onset_envelope.len()))?;
    for value in &mut pulse {
        *value = value.max(0.0);
    }
    normalize_in_place(&mut pulse, f64::INFINITY)?;
    Ok(pulse)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_has_no_beats() {
        let options = BeatTrack::default();
        assert_eq!(beat_track(&[0.0; 99], 22_050.0, 512, &options).unwrap(), (0.0, Vec::new()));
        assert_eq!(beat_track(&[], 22_050.0, 512, &options).unwrap(), (0.0, Vec::new()));
        assert_eq!(plp(&[0.0; 99], 22_050.0, 512, &Plp::default()).unwrap(), [0.0; 99]);
        assert!(plp(&[], 22_050.0, 512, &Plp::default()).is_err());
    }

    #[test]
    fn a_tempo_that_cannot_be_is_refused() {
        let with = |bpm: Vec<f64>| BeatTrack { bpm, ..BeatTrack::default() };
        for bpm in [vec![0.0], vec![f64::NAN], vec![1e9], vec![120.0, 120.0]] {
            assert!(beat_track(&[0.0, 1.0, 0.0], 22_050.0, 512, &with(bpm)).is_err());
        }
        assert!(beat_track(&[1.0], 22_050.0, 512, &BeatTrack::default()).is_ok());
        assert!(beat_track(&[f32::NAN], 22_050.0, 512, &BeatTrack::default()).is_err());
    }
}
