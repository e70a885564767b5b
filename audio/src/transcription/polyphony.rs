//! How much of each note is heard in each frame.

use super::templates::{LOWEST_NOTE, NOTES, Pitched, templates};
use crate::dot::dot;
use crate::error::{Error, check};

/// How often the notes of a frame are made to fit better.
const ROUNDS: usize = 15;
/// What is no longer heard beside the loudest note of a frame, as a share.
const FAINT: f32 = 1e-3;
/// What is added before it is divided by.
const TINY: f32 = 1e-7;

/// How much of each note is heard in each frame.
#[derive(Debug, Clone, PartialEq)]
pub struct Polyphony {
    /// Seconds from one frame to the next; the first is centred at 0.
    pub frame_s: f64,
    /// A value for each note from the lowest on, frame by frame.
    levels: Vec<f32>,
}

impl Polyphony {
    pub(crate) fn new(frame_s: f64) -> Self {
        Self { frame_s, levels: Vec::new() }
    }

    /// How many frames there are.
    pub fn frames(&self) -> usize {
        self.levels.len() / NOTES
    }

    /// The MIDI number of the lowest note: 28, E1.
    pub fn lowest_note(&self) -> usize {
        LOWEST_NOTE
    }

    /// How much of each of 73 notes is heard in a frame, from the lowest on: the root of a
    /// magnitude, 0 or more. None beyond the last frame.
    pub fn levels(&self, frame: usize) -> &[f32] {
        self.levels.get(frame * NOTES..(frame + 1) * NOTES).unwrap_or_default()
    }

    /// The same of each class of pitch, from C on.
    pub(crate) fn classes(&self, frame: usize) -> [f32; 12] {
        let mut classes = [0.0; 12];
        for (note, level) in self.levels(frame).iter().enumerate() {
            classes[(LOWEST_NOTE + note) % 12] += level;
        }
        classes
    }
}

/// Hears notes: takes the spectrum of a frame for a sum of what notes look like.
///
/// Lee, D. D. and Seung, H. S. Algorithms for non-negative matrix factorization. NIPS, 2000, with
/// fixed harmonic templates as in Vincent, E., Bertin, N. and Badeau, R. Adaptive harmonic spectral
/// decomposition for multiple pitch estimation. IEEE TASLP, 2010.
pub(crate) struct NoteEars {
    pitched: Pitched,
    templates: Vec<Vec<f32>>,
    /// Of each template all bins together.
    whole: Vec<f32>,
    /// The spectrum, and what the notes make of it.
    heard: Vec<f32>,
    made: Vec<f32>,
}

impl NoteEars {
    /// For the bins of frames of `n_fft` samples at `sr` Hz, `tuning` semitones above 440 Hz.
    pub(crate) fn new(sr: f64, n_fft: usize, tuning: f64) -> Result<Self, Error> {
        check((-0.5..=0.5).contains(&tuning), "tuning", tuning, "from -0.5 to 0.5 semitones")?;
        let pitched = Pitched::new(sr, n_fft, tuning);
        let templates = templates(sr, n_fft, tuning, &pitched)?;
        let whole = templates.iter().map(|template| template.iter().sum()).collect();
        let (heard, made) = (vec![0.0; pitched.count()], vec![0.0; pitched.count()]);
        Ok(Self { pitched, templates, whole, heard, made })
    }

    /// Appends what is heard in the magnitudes of a frame.
    pub(crate) fn hear(&mut self, bins: &[f32], polyphony: &mut Polyphony) {
        self.pitched.apply(bins, &mut self.heard);
        let (heard, made) = (&self.heard, &mut self.made);
        let mut levels: Vec<f32> = self.templates.iter().map(|it| dot(it, heard)).collect();
        for _ in 0..ROUNDS {
            let faint = levels.iter().copied().fold(0.0, f32::max) * FAINT;
            made.fill(TINY);
            for (template, level) in self.templates.iter().zip(&mut levels) {
                if *level <= faint {
                    *level = 0.0;
                    continue;
                }
                made.iter_mut().zip(template).for_each(|(made, value)| *made += *level * value);
            }
            made.iter_mut().zip(heard).for_each(|(made, heard)| *made = heard / *made);
            for ((template, level), whole) in
                self.templates.iter().zip(&mut levels).zip(&self.whole)
            {
                if *level > 0.0 {
                    *level *= dot(template, made) / whole;
                }
            }
        }
        polyphony.levels.extend_from_slice(&levels);
    }
}

#[cfg(test)]
mod tests {
    use crate::sound::tests::{SR, heard};
    use crate::transcription::tests::sounding;

    #[test]
    fn notes_are_heard_where_they_sound_and_not_as_their_overtones() {
        // C3 with the G above its octave, and A4.
        let sound = heard(&sounding(&[(48, 0.0, 1.0), (67, 0.0, 1.0), (69, 1.0, 2.0)], 2.0));
        let polyphony = &sound.polyphony;
        let at = |seconds: f64| polyphony.levels((seconds / polyphony.frame_s) as usize).to_vec();
        let (first, second) = (at(0.5), at(1.5));
        let greatest = |levels: &[f32]| -> Vec<usize> {
            let mut notes: Vec<usize> = (0..levels.len()).collect();
            notes.sort_by(|&a, &b| levels[b].total_cmp(&levels[a]));
            notes.truncate(2);
            notes.iter().map(|note| note + polyphony.lowest_note()).collect()
        };
        let mut two = greatest(&first);
        two.sort_unstable();
        assert_eq!(two, [48, 67]);
        assert_eq!(greatest(&second)[0], 69);
        assert!(second[48 - 28] < 0.1 * second[69 - 28], "{second:?}");
        assert_eq!(f64::from(crate::sound::LISTEN_HZ), SR);
    }

    #[test]
    fn silence_has_no_notes() {
        let polyphony = heard(&vec![0.0; 11_025]).polyphony;
        assert!(polyphony.frames() > 20);
        assert!((0..polyphony.frames()).all(|at| polyphony.levels(at).iter().all(|&it| it < 1e-3)));
        assert!(polyphony.levels(polyphony.frames()).is_empty());
    }
}
