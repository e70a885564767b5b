//! Which places of a bar there are, and how fast beats follow each other.

/// Frames a second of the grid, about: every second frame of what is heard.
pub(super) const FRAME_S: f64 = 2.0 * 220.0 / 22_050.0;
/// Frames of the shortest beat, at 227 beats a minute, and of the longest, at 38.
pub(super) const BEAT_FRAMES: std::ops::RangeInclusive<usize> = 13..=78;
/// Frames of the shortest beat that is divided by three, at 143 beats a minute.
const COMPOUND_FRAMES_MIN: usize = 21;

/// What is expected at a place of the grid. Of what depends on the tempo there are three, for beats
/// up to [`FAST`] frames, up to [`MIDDLE`] frames, and longer.
pub(super) mod place {
    /// Between the places of the grid.
    pub(crate) const NONE: usize = 0;
    /// Half way to the next beat.
    pub(crate) const HALF: usize = 1;
    /// A quarter of the way, or three.
    pub(crate) const QUARTER: usize = 4;
    /// A beat that is no stronger than others.
    pub(crate) const WEAK: usize = 7;
    /// The third beat of four.
    pub(crate) const MIDDLE: usize = 10;
    /// The first beat of a bar.
    pub(crate) const DOWN: usize = 11;
    /// A third of the way to the next beat, or two.
    pub(crate) const THIRD: usize = 14;
    /// A sixth of the way, or three, or five.
    pub(crate) const SIXTH: usize = 15;
    /// How many there are.
    pub(crate) const COUNT: usize = 16;
}

/// The longest of the fast beats, at 124 a minute.
const FAST: usize = 24;
/// The longest of the beats of middle length, at 81 a minute.
const MIDDLE: usize = 37;

/// One metre: how many beats a bar has and what divides a beat.
pub(super) struct Shape {
    pub(super) beats: usize,
    pub(super) is_compound: bool,
    /// The likeliest tempo, in beats a minute.
    tempo_bpm: f64,
    /// What it costs beside 4/4 for each second, as a logarithm.
    pub(super) cost: f64,
}

/// All metres: 4/4, 3/4, 2/4 and 6/8.
pub(super) const SHAPES: [Shape; 4] = [
    Shape { beats: 4, is_compound: false, tempo_bpm: 105.0, cost: 0.0 },
    Shape { beats: 3, is_compound: false, tempo_bpm: 105.0, cost: 0.1 },
    Shape { beats: 2, is_compound: false, tempo_bpm: 105.0, cost: 0.2 },
    Shape { beats: 2, is_compound: true, tempo_bpm: 75.0, cost: 4.0 },
];

impl Shape {
    /// How likely beats of so many frames are, as a logarithm beside the likeliest; none where that
    /// is not tried.
    pub(super) fn prior(&self, frames: usize, spread: f64) -> Option<f64> {
        if self.is_compound && frames < COMPOUND_FRAMES_MIN {
            return None;
        }
        let bpm = 60.0 / (frames as f64 * FRAME_S);
        Some(-0.5 * ((bpm / self.tempo_bpm).ln() / spread).powi(2))
    }

    /// The places of the grid within the beat `beat` of `frames` frames: from its beginning on in
    /// frames, and what is expected there.
    pub(super) fn places(&self, beat: usize, frames: usize) -> Vec<(usize, usize)> {
        let tempo = if self.is_compound || (frames > FAST && frames <= MIDDLE) {
            1
        } else if frames <= FAST {
            2
        } else {
            0
        };
        let first = match beat {
            0 => place::DOWN + tempo,
            2 if self.beats == 4 => place::MIDDLE,
            _ => place::WEAK + tempo,
        };
        let at = |share: f64| (share * frames as f64).round() as usize;
        let inner: &[(f64, usize)] = if self.is_compound {
            &[
                (1.0 / 3.0, place::THIRD),
                (2.0 / 3.0, place::THIRD),
                (1.0 / 6.0, place::SIXTH),
                (0.5, place::SIXTH),
                (5.0 / 6.0, place::SIXTH),
            ]
        } else {
            &[(0.5, place::HALF), (0.25, place::QUARTER), (0.75, place::QUARTER)]
        };
        let tempo_of = |kind: usize| if kind < place::WEAK { kind + tempo } else { kind };
        let mut places = vec![(0, first)];
        places.extend(inner.iter().map(|&(share, kind)| (at(share), tempo_of(kind))));
        places
    }
}
