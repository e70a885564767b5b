//! A pointer that goes through bars at some tempo, and its likeliest way.

use std::collections::VecDeque;

use super::grid::{BEAT_FRAMES, FRAME_S, SHAPES, Shape};
use super::metre::BeatOptions;
use crate::matrix::Matrix;

/// What another metre costs at the beginning of a bar, as a logarithm.
const METRE_CHANGE: f64 = 25.0;
/// What a jump to any tempo costs at a beat.
const JUMP: f64 = 18.0;
/// How much the usual tempo counts, for each second.
const TEMPO_WEIGHT: f64 = 1.0;
/// How much what is seen counts: less than if one frame said nothing of the next.
const SEEN_WEIGHT: f64 = 0.6;
/// Frames of which the way is remembered until the older half of it is settled: 4 minutes.
const MEMORY: usize = 12_000;

/// A beat on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Step {
    /// The frame.
    pub(super) at: usize,
    /// Which of [`SHAPES`].
    pub(super) shape: usize,
    /// Which beat of the bar, from 0 on.
    pub(super) beat: usize,
    /// How many frames it is long.
    pub(super) frames: usize,
}

/// From where a beat was entered: from the last frame of a beat of so many frames, of that shape.
#[derive(Clone, Copy)]
struct From {
    shape: u8,
    tempo: u8,
}

/// All beats of one length, of one place in one metre.
struct Lane {
    shape: usize,
    beat: usize,
    frames: usize,
    /// Which of the tempi.
    tempo: usize,
    /// What is expected where, from the beginning of the beat on.
    places: Vec<(usize, usize)>,
    /// What it costs to be here for a beat.
    prior: f64,
    /// How likely it is to have begun at each of the last frames; frame `t` is at `t % frames`.
    scores: Vec<f64>,
}

impl Lane {
    /// Where the score is of having begun `ago` frames before the frame `at`.
    fn index(&self, at: usize, ago: usize) -> usize {
        (at + self.frames - ago % self.frames) % self.frames
    }
}

/// The pointer; all logarithms.
pub(super) struct Pointer {
    lanes: Vec<Lane>,
    /// The first lane of each shape, and of each of its tempi for each of its beats.
    of_shape: Vec<Vec<Vec<usize>>>,
    /// Frames of a beat of each tempo.
    tempi: Vec<usize>,
    /// To each tempo from those near it, and how likely that is.
    near: Vec<Vec<(usize, f64)>>,
    memory: VecDeque<Vec<From>>,
    /// The frame that the memory begins with.
    first: usize,
    settled: Vec<Step>,
    memory_max: usize,
}

impl Pointer {
    pub(super) fn new(options: &BeatOptions) -> Self {
        let tempi: Vec<usize> = BEAT_FRAMES.collect();
        let mut lanes = Vec::new();
        let mut of_shape = Vec::new();
        for (index, shape) in SHAPES.iter().enumerate() {
            let of_beat = |beat: usize| -> Vec<usize> {
                let mut all = Vec::new();
                for (tempo, &frames) in tempi.iter().enumerate() {
                    if let Some(prior) = shape.prior(frames, options.tempo_spread) {
                        all.push(lanes.len());
                        lanes.push(lane(index, shape, beat, (tempo, frames), prior));
                    }
                }
                all
            };
            of_shape.push((0..shape.beats).map(of_beat).collect());
        }
        let near = (0..tempi.len()).map(|to| neighbours(&tempi, to, options)).collect();
        Self {
            lanes,
            of_shape,
            tempi,
            near,
            memory: VecDeque::new(),
            first: 0,
            settled: Vec::new(),
            memory_max: MEMORY,
        }
    }

    /// The beats of the likeliest way through what was observed, a column for each frame.
    pub(super) fn follow(mut self, observed: &Matrix<f32>) -> Vec<Step> {
        let frames = observed.columns();
        for lane in &mut self.lanes {
            lane.scores.fill(lane.prior - (lane.frames as f64).ln());
        }
        self.look(observed.column(0), 0);
        self.memory.push_back(Vec::new());
        for at in 1..frames {
            self.enter(at);
            self.look(observed.column(at), at);
            if self.memory.len() >= self.memory_max {
                self.settle(at, self.memory_max / 2);
            }
        }
        self.settle(frames.saturating_sub(1), usize::MAX);
        self.settled
    }

    /// Adds what is seen at `at` where something is expected.
    fn look(&mut self, seen: &[f32], at: usize) {
        for lane in &mut self.lanes {
            for place in 0..lane.places.len() {
                let (ago, kind) = lane.places[place];
                let index = lane.index(at, ago);
                lane.scores[index] += SEEN_WEIGHT * f64::from(seen[kind]);
            }
        }
    }

    /// Lets all beats begin that may begin at `at`.
    fn enter(&mut self, at: usize) {
        // What leaves a lane is what began as many frames ago as it is long: it is overwritten.
        let leaving: Vec<f64> =
            self.lanes.iter().map(|lane| lane.scores[at % lane.frames]).collect();
        let none = (f64::NEG_INFINITY, From { shape: 0, tempo: 0 });
        let mut entries: Vec<(f64, From)> = vec![none; self.lanes.len()];
        for (shape, beats) in self.of_shape.iter().enumerate() {
            for (beat, lanes) in beats.iter().enumerate() {
                let before = &beats[(beat + beats.len() - 1) % beats.len()];
                self.arrive(shape, lanes, before, &leaving, &mut entries);
            }
        }
        let best = self.best_of_metres(&entries);
        for (lane, entry) in self.lanes.iter_mut().zip(&mut entries) {
            let other = best[lane.tempo];
            if lane.beat == 0 && other.0 - METRE_CHANGE > entry.0 {
                *entry = (other.0 - METRE_CHANGE, other.1);
            }
            let index = at % lane.frames;
            lane.scores[index] = entry.0 + lane.prior;
        }
        self.memory.push_back(entries.into_iter().map(|entry| entry.1).collect());
    }

    /// The best ways from the lanes `before` into `lanes`.
    fn arrive(
        &self,
        shape: usize,
        lanes: &[usize],
        before: &[usize],
        leaving: &[f64],
        entries: &mut [(f64, From)],
    ) {
        let mut by_tempo = vec![f64::NEG_INFINITY; self.tempi.len()];
        let mut most = (f64::NEG_INFINITY, 0);
        for &lane in before {
            let tempo = self.lanes[lane].tempo;
            by_tempo[tempo] = leaving[lane];
            if leaving[lane] > most.0 {
                most = (leaving[lane], tempo);
            }
        }
        for &lane in lanes {
            let mut best = (most.0 - JUMP, most.1);
            for &(tempo, likely) in &self.near[self.lanes[lane].tempo] {
                let score = by_tempo[tempo] + likely;
                if score > best.0 {
                    best = (score, tempo);
                }
            }
            entries[lane] = (best.0, From { shape: shape as u8, tempo: best.1 as u8 });
        }
    }

    /// For each tempo the best way into a first beat, of whatever metre.
    fn best_of_metres(&self, entries: &[(f64, From)]) -> Vec<(f64, From)> {
        let none = (f64::NEG_INFINITY, From { shape: 0, tempo: 0 });
        let mut best = vec![none; self.tempi.len()];
        for beats in &self.of_shape {
            for &lane in &beats[0] {
                let tempo = self.lanes[lane].tempo;
                if entries[lane].0 > best[tempo].0 {
                    best[tempo] = entries[lane];
                }
            }
        }
        best
    }

    /// Goes back from the likeliest state at `at`, keeps the beats of the `count` oldest frames in
    /// memory, and forgets those.
    fn settle(&mut self, at: usize, count: usize) {
        let mut best = (f64::NEG_INFINITY, 0, 0);
        for (index, lane) in self.lanes.iter().enumerate() {
            for ago in 0..lane.frames {
                let score = lane.scores[lane.index(at, ago)];
                if score > best.0 {
                    best = (score, index, ago);
                }
            }
        }
        let (mut lane, mut begun) = (best.1, at.checked_sub(best.2));
        let end = self.first.saturating_add(count);
        let known = self.settled.last().map(|step| step.at);
        let mut way = Vec::new();
        while let Some(start) = begun {
            let now = &self.lanes[lane];
            if start < self.first || known.is_some_and(|known| start <= known) {
                break;
            }
            if start < end {
                way.push(Step { at: start, shape: now.shape, beat: now.beat, frames: now.frames });
            }
            let Some(from) = self.memory.get(start - self.first).and_then(|all| all.get(lane))
            else {
                break;
            };
            let lanes = &self.of_shape[usize::from(from.shape)];
            let earlier = if now.beat == 0 { lanes.len() - 1 } else { now.beat - 1 };
            let tempo = usize::from(from.tempo);
            let Some(&before) =
                lanes[earlier].iter().find(|&&lane| self.lanes[lane].tempo == tempo)
            else {
                break;
            };
            lane = before;
            begun = start.checked_sub(self.tempi[tempo]);
        }
        self.settled.extend(way.into_iter().rev());
        let forgotten = count.min(self.memory.len());
        self.memory.drain(..forgotten);
        self.first += forgotten;
    }
}

fn lane(
    index: usize,
    shape: &Shape,
    beat: usize,
    (tempo, frames): (usize, usize),
    prior: f64,
) -> Lane {
    let seconds = frames as f64 * FRAME_S;
    let prior = seconds * (TEMPO_WEIGHT * prior - shape.cost);
    let (places, scores) = (shape.places(beat, frames), vec![0.0; frames]);
    Lane { shape: index, beat, frames, tempo, places, prior, scores }
}

/// The tempi from which one comes to the tempo `to`, and how likely each is: the nearer the more.
fn neighbours(tempi: &[usize], to: usize, options: &BeatOptions) -> Vec<(usize, f64)> {
    // A tempo is no whole number of frames, so that a frame more or less means nothing.
    let spread = |frames: usize| 0.5 + options.tempo_change * frames as f64;
    let cost = |from: usize, to: usize| {
        let off = tempi[to] as f64 - tempi[from] as f64;
        -0.5 * (off / spread(tempi[from])).powi(2)
    };
    let near = |&from: &usize| cost(from, to) > -JUMP;
    let likely = |from: usize| {
        let all: f64 = (0..tempi.len()).map(|to| cost(from, to).exp()).sum();
        (from, cost(from, to) - all.ln())
    };
    (0..tempi.len()).filter(near).map(likely).collect()
}

#[cfg(test)]
mod tests {
    use super::super::grid::place;
    use super::*;

    /// What is seen where beats of `frames` frames begin, four a bar, and nothing between them.
    fn observed(frames: usize, beats: usize) -> Matrix<f32> {
        Matrix::from_fn(place::COUNT, frames * beats, |kind, at| {
            let is_first = at % (4 * frames) == 0;
            match kind {
                place::NONE => 0.0,
                place::WEAK..=place::MIDDLE if at % frames == 0 && !is_first => 2.0,
                place::DOWN..place::THIRD if is_first => 4.0,
                _ => -1.0,
            }
        })
    }

    #[test]
    fn a_short_memory_finds_the_same_way() {
        let observed = observed(30, 64);
        let options = BeatOptions::default();
        let long = Pointer::new(&options).follow(&observed);
        let mut short = Pointer::new(&options);
        short.memory_max = 1_000;
        assert_eq!(short.follow(&observed), long);
        assert_eq!(long.len(), 64, "{long:?}");
        assert!(long.iter().all(|step| step.at % 30 == 0), "{long:?}");
        assert!(long.iter().all(|step| (step.beat == 0) == (step.at % 120 == 0)), "{long:?}");
    }
}
