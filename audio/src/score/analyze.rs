//! From the bytes of a recording to its score.

use super::document::{
    ChordSpan, DigitalScore, Dynamics, KeyPart, LevelCurve, NoteEvent, OnsetEvent, Part, SCHEMA,
    Tempo, Timbre,
};
use crate::decode::{DecodeError, Decoder, Options, Source};
use crate::error::Error;
use crate::features::{Config, ExtractError, Extractor, Feature, Statistic, Summary};
use crate::form::{FormOptions, sections};
use crate::harmony::{Chords, Modulations, chords, key, modulations};
use crate::loudness::{Loudness, Meter};
use crate::pitch::estimate_tuning;
use crate::resample::Resampler;
use crate::rhythm::{Beat, BeatOptions, OnsetOptions, beats, onsets};
use crate::sound::{LISTEN_HZ, Listener, Sound};
use crate::spectrum::{Stft, spectrogram};
use crate::transcription::{Note, Voices, melody, notes};

/// The longest recording that is analysed, in seconds: 4 hours, which take 600 MB.
pub const DURATION_MAX_S: f64 = 4.0 * 3_600.0;
/// Seconds that the tuning is estimated from, kept until it is known.
const TUNING_S: f64 = 30.0;
/// Coefficients of the timbre.
const MFCCS: usize = 13;
/// Beats over whose intervals a tempo is taken.
const TEMPO_BEATS: usize = 4;
/// A tempo is told again where it has changed by more, as a share.
const TEMPO_CHANGE: f64 = 0.02;

/// Why a recording has no score.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AnalyzeError {
    /// It cannot be decoded.
    #[error("the recording cannot be decoded")]
    Decode(#[from] DecodeError),
    /// There is nothing in it, or what is in it is no sound.
    #[error("the recording cannot be analysed")]
    Signal(#[from] Error),
    /// Its timbre cannot be had.
    #[error("the timbre of the recording cannot be extracted")]
    Extract(#[from] ExtractError),
    /// It is too long.
    #[error("the recording is longer than {most_s} s; cut it into parts and analyse those")]
    TooLong {
        /// How long it may be, in seconds.
        most_s: f64,
    },
}

/// The score of a recording.
///
/// # Errors
/// It cannot be decoded, has no samples or some that are not finite, or is longer than
/// [`DURATION_MAX_S`].
pub fn analyze(source: Box<dyn Source>) -> Result<DigitalScore, AnalyzeError> {
    analyze_decoded(&mut Decoder::open(source, &Options::default())?)
}

/// The score of what `decoder` gives from here on; afterwards it says what was broken. It is to
/// give all channels: loudness is that of each.
///
/// # Errors
/// As [`analyze`].
pub fn analyze_decoded(decoder: &mut Decoder) -> Result<DigitalScore, AnalyzeError> {
    analyze_up_to(decoder, DURATION_MAX_S)
}

fn analyze_up_to(decoder: &mut Decoder, most_s: f64) -> Result<DigitalScore, AnalyzeError> {
    let (sample_rate, channels) = (decoder.sample_rate(), decoder.channels());
    let mut meter = Meter::new(f64::from(sample_rate), usize::from(channels))?;
    let mut ears = Ears::new(sample_rate)?;
    let (mut block, mut mono) = (Vec::new(), Vec::new());
    let mut frames = 0;
    while decoder.read(&mut block)? {
        meter.push(&block)?;
        mono.clear();
        mono.extend(
            block
                .chunks_exact(usize::from(channels))
                .map(|frame| frame.iter().sum::<f32>() / f32::from(channels)),
        );
        frames += mono.len();
        if frames as f64 > most_s * f64::from(sample_rate) {
            return Err(AnalyzeError::TooLong { most_s });
        }
        ears.push(&mono)?;
    }
    let heard = ears.finish()?;
    let duration = frames as f64 / f64::from(sample_rate);
    let mut score = read(&heard)?;
    (score.duration, score.sample_rate, score.channels) = (duration, sample_rate, channels);
    score.loudness = dynamics(meter.finish());
    Ok(score)
}

/// What listens to mono samples.
struct Ears {
    resampler: Option<Resampler>,
    /// Samples at [`LISTEN_HZ`].
    at_rate: Vec<f32>,
    /// Samples until the tuning is known.
    first: Vec<f32>,
    listener: Option<(Listener, f64)>,
    extractor: Extractor,
}

struct Heard {
    sound: Sound,
    tuning: f64,
    timbre: Timbre,
}

impl Ears {
    fn new(sample_rate: u32) -> Result<Self, AnalyzeError> {
        let resampler =
            (sample_rate != LISTEN_HZ).then(|| Resampler::new(sample_rate, LISTEN_HZ, 1));
        let features = vec![
            Feature::Mfcc,
            Feature::SpectralCentroid,
            Feature::SpectralBandwidth,
            Feature::SpectralRolloff,
            Feature::SpectralFlatness,
            Feature::ZeroCrossingRate,
        ];
        let config = Config { features, n_mfcc: MFCCS, ..Config::default() };
        let extractor = Extractor::new(&config, LISTEN_HZ)?;
        let (at_rate, first) = (Vec::new(), Vec::new());
        Ok(Self { resampler, at_rate, first, listener: None, extractor })
    }

    fn push(&mut self, mono: &[f32]) -> Result<(), AnalyzeError> {
        let mut at_rate = std::mem::take(&mut self.at_rate);
        at_rate.clear();
        match &mut self.resampler {
            Some(resampler) => resampler.push(mono, &mut at_rate),
            None => at_rate.extend_from_slice(mono),
        }
        self.hear(&at_rate)?;
        self.at_rate = at_rate;
        Ok(())
    }

    fn hear(&mut self, samples: &[f32]) -> Result<(), AnalyzeError> {
        self.extractor.push(samples)?;
        if let Some((listener, _)) = &mut self.listener {
            return Ok(listener.push(samples)?);
        }
        self.first.extend_from_slice(samples);
        if self.first.len() as f64 >= TUNING_S * f64::from(LISTEN_HZ) {
            self.tune()?;
        }
        Ok(())
    }

    /// Begins to listen, with the tuning of what there is so far.
    fn tune(&mut self) -> Result<(), AnalyzeError> {
        let bins = spectrogram(&self.first, &Stft::default(), 1.0)?;
        let tuning = estimate_tuning(&bins, f64::from(LISTEN_HZ), 0.01, 12)?;
        let mut listener = Listener::new(tuning)?;
        listener.push(&self.first)?;
        self.first = Vec::new();
        self.listener = Some((listener, tuning));
        Ok(())
    }

    fn finish(mut self) -> Result<Heard, AnalyzeError> {
        if let Some(mut resampler) = self.resampler.take() {
            let mut rest = Vec::new();
            resampler.finish(&mut rest);
            self.hear(&rest)?;
        }
        if self.listener.is_none() {
            self.tune()?;
        }
        let timbre = timbre(&Summary::of(&mut self.extractor.finish()?)?);
        let Some((listener, tuning)) = self.listener else {
            return Err(Error::Empty { what: "the signal" }.into());
        };
        Ok(Heard { sound: listener.finish()?, tuning, timbre })
    }
}

/// What the music is, of what was heard.
fn read(heard: &Heard) -> Result<DigitalScore, Error> {
    let sound = &heard.sound;
    let onsets = onsets(sound, &OnsetOptions::default())?;
    let beats = beats(sound, &BeatOptions::default())?;
    let times: Vec<f64> = beats.iter().map(|beat| beat.time_s).collect();
    let voices = Voices::of(&sound.polyphony);
    let pitches = voices.pitches(heard.tuning);
    let key = key(&pitches);
    let keys = modulations(&pitches, &Modulations::default())?;
    let chords = chords(&pitches, &Chords::default())?;
    let sections = sections(&pitches, &FormOptions::default())?;
    let note = |note: &Note| NoteEvent {
        start: note.start_s,
        end: note.end_s,
        midi: note.midi as u8,
        hz: 440.0 * ((note.midi as f64 - 69.0 + heard.tuning) / 12.0).exp2(),
        confidence: note.confidence,
    };
    let downbeats = beats.iter().filter(|beat| beat.position == 1);
    Ok(DigitalScore {
        schema: SCHEMA.to_owned(),
        duration: 0.0,
        sample_rate: 0,
        channels: 0,
        tuning: heard.tuning,
        tempo_bpm: median(times.windows(2).map(|two| two[1] - two[0])).map(|period| 60.0 / period),
        tempo: tempo(&times),
        time_signature: most_common(&beats),
        downbeats: downbeats.map(|beat| beat.time_s).collect(),
        beat_confidence: beats.iter().map(|beat| beat.confidence).collect(),
        beats: times,
        onsets: onsets.iter().map(|onset| onset.time_s).collect(),
        onset_events: onsets
            .iter()
            .map(|onset| OnsetEvent { strength: onset.strength, confidence: onset.confidence })
            .collect(),
        key: key.map(|key| key.to_string()),
        key_confidence: key.map(|key| key.confidence),
        keys: keys
            .iter()
            .map(|span| KeyPart {
                start: span.start_s,
                end: span.end_s,
                key: span.key.to_string(),
                confidence: span.key.confidence,
            })
            .collect(),
        chords: chords
            .iter()
            .map(|chord| ChordSpan {
                start: chord.start_s,
                end: chord.end_s,
                chord: chord.to_string(),
                confidence: chord.confidence.min(1.0),
            })
            .collect(),
        melody: melody(&voices).iter().map(note).collect(),
        notes: notes(&voices, &onsets).iter().map(note).collect(),
        sections: sections
            .iter()
            .map(|section| Part {
                start: section.start_s,
                end: section.end_s,
                label: letter(section.label),
                confidence: section.confidence,
            })
            .collect(),
        loudness: dynamics(Loudness::default()),
        timbre: heard.timbre.clone(),
    })
}

/// Of each of some beats the tempo around it, where it differs from the one told before.
fn tempo(beats: &[f64]) -> Vec<Tempo> {
    let mut found: Vec<Tempo> = Vec::new();
    for (index, &time) in beats.iter().enumerate() {
        let first = index.saturating_sub(TEMPO_BEATS / 2);
        let last = (index + TEMPO_BEATS / 2).min(beats.len() - 1);
        if last == first {
            continue;
        }
        let bpm = 60.0 * (last - first) as f64 / (beats[last] - beats[first]);
        let is_new = |last: &Tempo| (bpm / last.bpm - 1.0).abs() > TEMPO_CHANGE;
        if found.last().is_none_or(is_new) {
            found.push(Tempo { time, bpm });
        }
    }
    found
}

fn most_common(beats: &[Beat]) -> Option<String> {
    let mut counts: Vec<(String, usize)> = Vec::new();
    for beat in beats {
        let name = beat.metre.to_string();
        match counts.iter_mut().find(|(known, _)| *known == name) {
            Some((_, count)) => *count += 1,
            None => counts.push((name, 1)),
        }
    }
    counts.into_iter().max_by_key(|(_, count)| *count).map(|(name, _)| name)
}

fn median(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_unstable_by(f64::total_cmp);
    let (lower, upper) = (values.len().saturating_sub(1) / 2, values.len() / 2);
    Some(f64::midpoint(*values.get(lower)?, *values.get(upper)?))
}

/// A to Z, and then AA, AB and so on.
fn letter(label: usize) -> String {
    let last = char::from(b'A' + (label % 26) as u8);
    if label < 26 { last.to_string() } else { format!("{}{last}", letter(label / 26 - 1)) }
}

fn dynamics(loudness: Loudness) -> Dynamics {
    let curve = |start, lufs| LevelCurve { start, step: 0.1, lufs };
    Dynamics {
        integrated_lufs: loudness.integrated_lufs,
        range_lu: loudness.range_lu,
        true_peak_dbtp: loudness.true_peak_dbtp,
        sample_peak_dbfs: loudness.sample_peak_dbfs,
        momentary: curve(0.4, loudness.momentary_lufs),
        short_term: curve(3.0, loudness.short_term_lufs),
    }
}

fn timbre(summary: &Summary) -> Timbre {
    let (means, stds) = (summary.get(Statistic::Mean), summary.get(Statistic::Std));
    let of = |values: &[f32]| {
        let at = |index: usize| values.get(MFCCS + index).copied().unwrap_or(0.0);
        (values.iter().take(MFCCS).copied().collect(), [at(0), at(1), at(2), at(3), at(4)])
    };
    let ((mfcc_mean, mean), (mfcc_std, std)) = (of(&means), of(&stds));
    Timbre {
        mfcc_mean,
        mfcc_std,
        centroid_mean: mean[0],
        centroid_std: std[0],
        bandwidth_mean: mean[1],
        bandwidth_std: std[1],
        rolloff_mean: mean[2],
        rolloff_std: std[2],
        flatness_mean: mean[3],
        flatness_std: std[3],
        zero_crossing_rate_mean: mean[4],
        zero_crossing_rate_std: std[4],
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;
    use crate::wav::{SampleFormat, header};

    #[test]
    fn what_is_too_long_is_refused() {
        let mut bytes = header(SampleFormat::Int16, 22_050, LISTEN_HZ, 1);
        SampleFormat::Int16.append(&vec![0.0; 22_050], &mut bytes);
        let analyzed = |most_s| {
            let source = Box::new(Cursor::new(bytes.clone()));
            analyze_up_to(&mut Decoder::open(source, &Options::default()).unwrap(), most_s)
        };
        assert!(analyzed(1.0).is_ok());
        let error = analyzed(0.5).unwrap_err().to_string();
        let expected = "the recording is longer than 0.5 s; cut it into parts and analyse those";
        assert_eq!(error, expected);
    }

    #[test]
    fn a_tempo_is_told_where_it_changes() {
        let beats: Vec<f64> =
            (0..10).map(f64::from).chain((1..10).map(|n| 9.0 + 0.5 * f64::from(n))).collect();
        let found = tempo(&beats);
        assert_eq!(found[0], Tempo { time: 0.0, bpm: 60.0 });
        let last = found[found.len() - 1];
        assert!(
            (last.bpm - 120.0).abs() < 1e-9 && last.time > 9.0 && last.time < 11.0,
            "{found:?}"
        );
        assert!(tempo(&[1.0]).is_empty() && tempo(&[]).is_empty());
    }

    #[test]
    fn letters_go_on_after_z() {
        assert_eq!([0, 25, 26, 27, 52].map(letter), ["A", "Z", "AA", "AB", "BA"]);
    }
}
