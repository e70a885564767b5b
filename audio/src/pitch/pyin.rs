//! Fundamental frequencies that go on from frame to frame.
//!
//! Mauch, M. and Dixon, S. pYIN: a fundamental frequency estimator using probabilistic threshold
//! distributions. ICASSP, 2014.

use super::beta::beta_cdf;
use super::yin::{Differences, Yin, differences};
use crate::error::{Error, check, check_positive};
use crate::matrix::Matrix;
use crate::sequence::{local_rows, viterbi_before};

/// Pitches at most: what they are decoded with takes memory for each of every frame.
const PITCHES_MAX: usize = 100_000;
/// Numbers that are decoded at once, pitches times frames: 4 GB of them.
const NUMBERS_MAX: usize = 1 << 29;

/// What is known of pitch before any is heard; defaults are librosa's.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pyin {
    /// Thresholds that are tried, from 1 to 10,000.
    pub n_thresholds: usize,
    /// The two parameters of the beta distribution of thresholds, above 0.
    pub beta_parameters: (f64, f64),
    /// How much shorter periods are preferred, above 0.
    pub boltzmann_parameter: f64,
    /// Of pitches, in semitones, above 0 and below 1.
    pub resolution: f64,
    /// How fast a pitch changes at most, in octaves a second, above 0.
    pub max_transition_rate: f64,
    /// How probable it is that a voice begins or ends with a frame, between 0 and 1.
    pub switch_prob: f64,
    /// How probable the least difference is where none lies below a threshold, between 0 and 1.
    pub no_trough_prob: f64,
    /// What stands for the frequency where there is no voice; the best guess where there is none.
    pub fill_na: Option<f64>,
    /// Changes that are less probable are not taken, above 0.
    pub transition_min_prob: f64,
}

impl Default for Pyin {
    fn default() -> Self {
        Self {
            n_thresholds: 100,
            beta_parameters: (2.0, 18.0),
            boltzmann_parameter: 2.0,
            resolution: 0.1,
            max_transition_rate: 35.92,
            switch_prob: 0.01,
            no_trough_prob: 0.01,
            fill_na: Some(f64::NAN),
            transition_min_prob: 1e-4,
        }
    }
}

impl Pyin {
    fn check(&self) -> Result<(), Error> {
        let thresholds = (1..=10_000).contains(&self.n_thresholds);
        check(thresholds, "n_thresholds", self.n_thresholds, "from 1 to 10000")?;
        check_positive("beta_parameters", self.beta_parameters.0)?;
        check_positive("beta_parameters", self.beta_parameters.1)?;
        check_positive("boltzmann_parameter", self.boltzmann_parameter)?;
        check_positive("max_transition_rate", self.max_transition_rate)?;
        check_positive("transition_min_prob", self.transition_min_prob)?;
        for (parameter, value) in [
            ("resolution", self.resolution),
            ("switch_prob", self.switch_prob),
            ("no_trough_prob", self.no_trough_prob),
        ] {
            check(value > 0.0 && value < 1.0, parameter, value, "between 0 and 1")?;
        }
        Ok(())
    }
}

/// A voice, frame by frame.
#[derive(Debug, Clone, PartialEq)]
pub struct Voice {
    /// The fundamental frequency, in Hz.
    pub f0: Vec<f64>,
    /// Whether there is a voice.
    pub voiced_flag: Vec<bool>,
    /// How probable a voice is, from 0 to 1, by the frame alone.
    pub voiced_prob: Vec<f64>,
}

/// `librosa.pyin`: the fundamental frequency of each frame of `y` at `sr` Hz, where one goes on
/// from frame to frame, and where there is a voice.
///
/// # Errors
/// As [`yin`](super::yin()); a parameter is out of its range; pitches change so fast that one frame
/// reaches beyond all of them; there are so many pitches and frames that they need more than 4 GB.
pub fn pyin(y: &[f32], sr: f64, options: &Yin, prior: &Pyin) -> Result<Voice, Error> {
    prior.check()?;
    let mut pitches = Vec::new();
    let thresholds = Thresholds::new(prior);
    differences(y, sr, options, |found| pitches.push(thresholds.troughs(found)))?;

    let per_semitone = (1.0 / prior.resolution).ceil();
    let count = (12.0 * per_semitone * (options.fmax / options.fmin).log2()).floor() + 1.0;
    let range = format!("so that there are at most {PITCHES_MAX} pitches");
    check(count <= PITCHES_MAX as f64, "resolution", prior.resolution, &range)?;
    let count = count as usize;
    let numbers = count.saturating_mul(2 * pitches.len());
    let range = "so that pitches times frames are fewer, or the signal shorter";
    check(numbers <= NUMBERS_MAX, "resolution", prior.resolution, range)?;

    let mut observed = Matrix::filled(2 * count, pitches.len(), 0.0);
    let mut voiced_prob = Vec::with_capacity(pitches.len());
    for (frame, troughs) in pitches.iter().enumerate() {
        let column = observed.column_mut(frame);
        for &(period, prob) in troughs {
            let pitch = 12.0 * per_semitone * (sr / period / options.fmin).log2();
            // The last that falls on a pitch counts, as in librosa.
            column[pitch.round_ties_even().clamp(0.0, count as f64) as usize] = prob;
        }
        let voiced = column[..count].iter().sum::<f64>().clamp(0.0, 1.0);
        column[count..].fill((1.0 - voiced) / count as f64);
        voiced_prob.push(voiced);
    }
    let semitones =
        (prior.max_transition_rate * 12.0 * options.hop() as f64 / sr).round_ties_even();
    let states = decode(&observed, semitones * per_semitone + 1.0, prior)?;
    let step = 12.0 * per_semitone;
    let hz = |state: &usize| options.fmin * 2_f64.powf((state % count) as f64 / step);
    let voiced_flag: Vec<bool> = states.iter().map(|state| *state < count).collect();
    let f0 = states.iter().zip(&voiced_flag).map(|(state, &is_voiced)| match prior.fill_na {
        Some(fill) if !is_voiced => fill,
        _ => hz(state),
    });
    Ok(Voice { f0: f0.collect(), voiced_flag, voiced_prob })
}

/// The most probable states: the pitches of a voice, and then the same without one.
fn decode(observed: &Matrix<f64>, width: f64, prior: &Pyin) -> Result<Vec<usize>, Error> {
    let count = observed.rows() / 2;
    let range = "so low that one frame reaches fewer than all pitches";
    check(width <= count as f64, "max_transition_rate", prior.max_transition_rate, range)?;
    let mut before = vec![Vec::new(); count];
    for (from, row) in local_rows(count, width as usize)?.into_iter().enumerate() {
        for (to, prob) in row {
            before[to].push((from, prob));
        }
    }
    let (stay, switch) = (1.0 - prior.switch_prob, prior.switch_prob);
    let least = Some(prior.transition_min_prob);
    let decoded = viterbi_before(observed, least, |to| {
        let pitches = &before[to % count];
        let is_voiced = to < count;
        let from = |first: usize, share: f64| {
            pitches.iter().map(move |(from, prob)| (first + from, share * prob))
        };
        let (of_voiced, of_unvoiced) = if is_voiced { (stay, switch) } else { (switch, stay) };
        from(0, of_voiced).chain(from(count, of_unvoiced))
    })?;
    Ok(decoded.states)
}

/// How probable each threshold is, in order.
struct Thresholds {
    /// With the threshold.
    probs: Vec<(f64, f64)>,
    boltzmann: f64,
    no_trough: f64,
}

impl Thresholds {
    fn new(prior: &Pyin) -> Self {
        let (a, b) = prior.beta_parameters;
        let count = prior.n_thresholds;
        let threshold = |index: usize| index as f64 / count as f64;
        let below = |index: usize| beta_cdf(threshold(index), a, b);
        let probs = (0..count).map(|at| (threshold(at + 1), below(at + 1) - below(at)));
        Self {
            probs: probs.collect(),
            boltzmann: prior.boltzmann_parameter,
            no_trough: prior.no_trough_prob,
        }
    }

    /// The periods after which a frame differs least, in samples, and how probable each is.
    fn troughs(&self, found: &Differences) -> Vec<(f64, f64)> {
        let troughs: Vec<usize> = found.troughs().collect();
        let height = |at: &usize| found.values[*at];
        let Some(least) = (0..troughs.len()).reduce(|least, other| {
            if height(&troughs[other]) < height(&troughs[least]) { other } else { least }
        }) else {
            return Vec::new();
        };
        let mut probs = vec![0.0; troughs.len()];
        let mut without = 0.0;
        for &(threshold, share) in &self.probs {
            let is_below = |index: &usize| height(&troughs[*index]) < threshold;
            if !is_below(&least) {
                without += share;
                continue;
            }
            let below: Vec<usize> = (0..troughs.len()).filter(is_below).collect();
            let decay = -self.boltzmann;
            let scale = -decay.exp_m1() / -(decay * below.len() as f64).exp_m1();
            for (position, index) in below.into_iter().enumerate() {
                probs[index] += share * scale * (decay * position as f64).exp();
            }
        }
        probs[least] += self.no_trough * without;
        let probable = troughs.iter().zip(probs).filter(|(_, prob)| *prob != 0.0);
        probable.map(|(&at, prob)| (found.period(at), prob)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: f64 = 22_050.0;

    #[test]
    fn a_tone_is_voiced_and_silence_is_not() {
        let tone = |n: usize| if n < 12_000 { (n as f32 * 0.1).sin() } else { 0.0 };
        let y: Vec<f32> = (0..24_000).map(tone).collect();
        let voice = pyin(&y, RATE, &Yin::new(80.0, 1_000.0), &Pyin::default()).unwrap();
        let hz = RATE * 0.1 / std::f64::consts::TAU;
        assert!(voice.voiced_flag[4] && !voice.voiced_flag[40], "{:?}", voice.voiced_flag);
        assert!((12.0 * (voice.f0[4] / hz).log2()).abs() <= 0.1, "{:?}", voice.f0);
        assert!(voice.f0[40].is_nan() && voice.voiced_prob[40] < 0.1);
        let guess = Pyin { fill_na: None, ..Pyin::default() };
        let voice = pyin(&y, RATE, &Yin::new(80.0, 1_000.0), &guess).unwrap();
        assert!(voice.f0.iter().all(|hz| (80.0..=1_000.0).contains(hz)));
    }

    #[test]
    fn what_is_out_of_range_is_named() {
        let y = [0.5; 4096];
        let of =
            |prior: Pyin| pyin(&y, RATE, &Yin::new(80.0, 1_000.0), &prior).unwrap_err().to_string();
        let plain = Pyin::default();
        assert!(of(Pyin { n_thresholds: 0, ..plain }).starts_with("n_thresholds"));
        assert!(of(Pyin { beta_parameters: (0.0, 1.0), ..plain }).starts_with("beta_parameters"));
        assert!(of(Pyin { resolution: 1e-9, ..plain }).starts_with("resolution"));
        assert!(of(Pyin { switch_prob: 1.0, ..plain }).starts_with("switch_prob"));
        let fast = Pyin { max_transition_rate: 1e6, ..plain };
        assert!(of(fast).starts_with("max_transition_rate"));
        assert!(of(Pyin { transition_min_prob: 0.9, ..plain }).starts_with("transition_min_prob"));
    }
}
