//! Which chord sounds when.

use std::fmt;

use super::pitches::Pitches;
use crate::error::{Error, check};
use crate::matrix::Matrix;
use crate::sequence::{Viterbi, transition_loop, viterbi};

/// How much the likeness of a frame to a chord counts.
const SHARPNESS: f64 = 20.0;
/// What a seventh counts beside the notes of a triad.
const SEVENTH: f64 = 0.7;
/// How likely a frame with a pitch counts as one without a chord, and one without as a chord.
const UNLIKELY: f64 = 1e-12;

/// The notes of a chord above its root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChordKind {
    /// A major triad.
    Major,
    /// A minor triad.
    Minor,
    /// A major triad with a minor seventh.
    Seventh,
    /// A major triad with a major seventh.
    MajorSeventh,
    /// A minor triad with a minor seventh.
    MinorSeventh,
    /// A diminished triad.
    Diminished,
    /// An augmented triad.
    Augmented,
}

impl ChordKind {
    const ALL: [Self; 7] = [
        Self::Major,
        Self::Minor,
        Self::Seventh,
        Self::MajorSeventh,
        Self::MinorSeventh,
        Self::Diminished,
        Self::Augmented,
    ];

    /// Its notes in semitones above the root, what Harte calls it, and how often it is met beside a
    /// triad.
    fn about(self) -> (&'static [usize], &'static str, f64) {
        match self {
            Self::Major => (&[0, 4, 7], "maj", 1.0),
            Self::Minor => (&[0, 3, 7], "min", 1.0),
            Self::Seventh => (&[0, 4, 7, 10], "7", 0.2),
            Self::MajorSeventh => (&[0, 4, 7, 11], "maj7", 0.05),
            Self::MinorSeventh => (&[0, 3, 7, 10], "min7", 0.1),
            Self::Diminished => (&[0, 3, 6], "dim", 0.1),
            Self::Augmented => (&[0, 4, 8], "aug", 0.03),
        }
    }

    /// How much of each class of pitch it has on `root`, with a norm of 1.
    fn template(self, root: usize) -> [f64; 12] {
        let mut classes = [0.0; 12];
        for &above in self.about().0 {
            classes[(root + above) % 12] = if above > 8 { SEVENTH } else { 1.0 };
        }
        let length = classes.iter().map(|class| class * class).sum::<f64>().sqrt();
        classes.map(|class| class / length)
    }
}

/// Which chords there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Vocabulary {
    /// Every [`ChordKind`].
    #[default]
    Sevenths,
    /// Major and minor triads.
    Triads,
}

/// How chords are found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Chords {
    /// Which there are.
    pub vocabulary: Vocabulary,
    /// How likely the next frame has the same chord, above 0 and below 1; more makes chords longer.
    pub stay: f64,
}

impl Default for Chords {
    fn default() -> Self {
        Self { vocabulary: Vocabulary::Sevenths, stay: 0.95 }
    }
}

/// A chord, or that there is none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Chord {
    /// From when it sounds, in seconds.
    pub start_s: f64,
    /// Until when.
    pub end_s: f64,
    /// The class of pitch of its root, from 0 for C to 11 for B, and its notes; none where there is
    /// silence.
    pub root: Option<(usize, ChordKind)>,
    /// How likely it is, from 0 to 1: the mean over its frames, given the whole recording.
    pub confidence: f64,
}

impl fmt::Display for Chord {
    /// In Harte's syntax, such as `Bb:min7` or `N`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const NAMES: [&str; 12] = ["C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"];
        match self.root {
            Some((root, kind)) => write!(f, "{}:{}", NAMES[root % 12], kind.about().1),
            None => f.write_str("N"),
        }
    }
}

/// The chords of a recording, one after the other without gaps: those whose templates are most like
/// the classes of pitch, in the likeliest sequence.
///
/// Fujishima, T. Realtime chord recognition of musical sound. ICMC, 1999; Cho, T. and Bello, J. P.
/// On the relative importance of individual components of chord recognition systems. IEEE/ACM
/// Transactions on Audio, Speech and Language Processing, 2014; labels as Harte, C. and others,
/// Symbolic representation of musical chords. ISMIR, 2005.
///
/// # Errors
/// `stay` is not above 0 and below 1.
pub fn chords(pitches: &Pitches, options: &Chords) -> Result<Vec<Chord>, Error> {
    let stay = options.stay;
    check(stay > 0.0 && stay < 1.0, "stay", stay, "above 0 and below 1")?;
    let frames = pitches.classes.columns();
    if frames == 0 {
        return Ok(Vec::new());
    }
    let kinds = match options.vocabulary {
        Vocabulary::Sevenths => &ChordKind::ALL[..],
        Vocabulary::Triads => &ChordKind::ALL[..2],
    };
    let on_all = |&kind: &ChordKind| (0..12).map(move |root| Some((root, kind)));
    let mut states: Vec<Option<(usize, ChordKind)>> = kinds.iter().flat_map(on_all).collect();
    states.push(None);
    let observed = observe(&pitches.classes, &states);
    let transition = transition_loop(states.len(), &[stay])?;
    let path = viterbi(&observed, &transition, &Viterbi::default())?.states;
    let likely = posterior(&observed, stay);
    let mut found: Vec<Chord> = Vec::new();
    let mut first = 0;
    for end in 1..=frames {
        let state = path[first];
        if end < frames && path[end] == state {
            continue;
        }
        let sum: f64 = (first..end).map(|frame| likely[(state, frame)]).sum();
        found.push(Chord {
            // A frame stands for what is nearest to it.
            start_s: (first as f64 - 0.5).max(0.0) * pitches.frame_s,
            end_s: (end as f64 - 0.5) * pitches.frame_s,
            root: states[state],
            confidence: sum / (end - first) as f64,
        });
        first = end;
    }
    Ok(found)
}

/// How likely each frame is given each state, as a share of the likeliest there can be.
fn observe(classes: &Matrix<f32>, states: &[Option<(usize, ChordKind)>]) -> Matrix<f64> {
    let templates: Vec<Option<([f64; 12], f64)>> = states
        .iter()
        .map(|state| state.map(|(root, kind)| (kind.template(root), kind.about().2)))
        .collect();
    Matrix::from_fn(states.len(), classes.columns(), |state, frame| {
        let frame = classes.column(frame);
        let is_silent = frame.iter().all(|&class| class == 0.0);
        match &templates[state] {
            Some((template, often)) if !is_silent => {
                let pairs = template.iter().zip(frame);
                let alike: f64 = pairs.map(|(a, &b)| a * f64::from(b)).sum();
                often * (SHARPNESS * (alike.min(1.0) - 1.0)).exp()
            }
            None if is_silent => 1.0,
            _ => UNLIKELY,
        }
    })
}

/// How likely each state is at each frame, given all frames: forwards and backwards, where a state
/// stays or goes to any other alike.
fn posterior(observed: &Matrix<f64>, stay: f64) -> Matrix<f64> {
    let (states, frames) = (observed.rows(), observed.columns());
    let other = (1.0 - stay) / (states - 1) as f64;
    let scale = |values: &mut [f64]| {
        let sum: f64 = values.iter().sum();
        for value in values {
            *value /= sum;
        }
    };
    let step = |from: &mut [f64]| {
        let sum: f64 = from.iter().sum();
        for value in from {
            *value = stay * *value + other * (sum - *value);
        }
    };
    let mut likely = Matrix::filled(states, frames, 0.0);
    let mut now = vec![1.0; states];
    for frame in 0..frames {
        step(&mut now);
        now.iter_mut().zip(observed.column(frame)).for_each(|(value, seen)| *value *= seen);
        scale(&mut now);
        likely.column_mut(frame).copy_from_slice(&now);
    }
    now.fill(1.0);
    for frame in (0..frames).rev() {
        let column = likely.column_mut(frame);
        column.iter_mut().zip(&now).for_each(|(value, after)| *value *= after);
        scale(column);
        now.iter_mut().zip(observed.column(frame)).for_each(|(value, seen)| *value *= seen);
        step(&mut now);
        scale(&mut now);
    }
    likely
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::harmony::pitches::tests::{SR, sounding};
    use crate::harmony::{PitchOptions, pitches};

    fn of(notes: &[&[u8]], options: &Chords) -> Vec<Chord> {
        let y: Vec<f32> = notes.iter().flat_map(|notes| sounding(notes, 0.0)).collect();
        let pitches = pitches(&y, SR, &PitchOptions::default()).unwrap();
        chords(&pitches, options).unwrap()
    }

    #[test]
    fn each_chord_is_found_where_it_sounds() {
        let notes: [&[u8]; 7] = [
            &[60, 64, 67],
            &[57, 60, 64],
            &[55, 59, 62, 65],
            &[],
            &[59, 62, 65],
            &[60, 64, 68],
            &[62, 65, 69, 72],
        ];
        let found = of(&notes, &Chords::default());
        let labels: Vec<String> = found.iter().map(Chord::to_string).collect();
        assert_eq!(labels[..3], ["C:maj", "A:min", "G:7"], "{labels:?}");
        assert!(labels.contains(&"N".to_owned()) && labels.contains(&"B:dim".to_owned()));
        for (index, chord) in found.iter().take(3).enumerate() {
            assert!((chord.end_s - (index + 1) as f64).abs() < 0.15, "{chord:?}");
            assert!(chord.confidence > 0.5 && chord.confidence <= 1.0 + 1e-9, "{chord:?}");
        }
        assert!(found.windows(2).all(|two| two[0].end_s == two[1].start_s));
        assert_eq!(found[0].start_s, 0.0);
    }

    #[test]
    fn triads_are_all_that_is_found_where_nothing_else_is_wanted() {
        let options = Chords { vocabulary: Vocabulary::Triads, ..Chords::default() };
        let found = of(&[&[55, 59, 62, 65]], &options);
        assert_eq!(found[0].to_string(), "G:maj");
    }

    #[test]
    fn silence_has_no_chord() {
        let found = of(&[&[]], &Chords::default());
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].to_string().as_str(), found[0].start_s), ("N", 0.0));
        assert!(found[0].confidence > 0.99);
    }

    #[test]
    fn a_probability_is_between_0_and_1() {
        let silence = pitches(&vec![0.0; 22_050], SR, &PitchOptions::default()).unwrap();
        for stay in [0.0, 1.0, -1.0, f64::NAN] {
            assert!(chords(&silence, &Chords { stay, ..Chords::default() }).is_err(), "{stay}");
        }
    }
}
