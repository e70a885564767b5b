//! A digital score in a few lines for a person.

use tutti_audio::convert::{NoteName, midi_to_note};
use tutti_audio::score::{DigitalScore, NoteEvent};

/// Chords, keys and parts that are named at most.
const NAMED_MAX: usize = 6;
/// With less confidence a key is hardly more than one of several; music in a key has 0.2 to 0.4.
const KEY_CONFIDENCE_MIN: f64 = 0.15;
/// The same of chords, which have 0.7 to 0.9 in music that has some.
const CHORD_CONFIDENCE_MIN: f64 = 0.5;

/// What `score`, of the recording `file`, says.
pub(super) fn lines(file: &str, score: &DigitalScore) -> Vec<String> {
    let channels = match score.channels {
        1 => "mono".to_owned(),
        2 => "stereo".to_owned(),
        count => format!("{count} channels"),
    };
    let rate = f64::from(score.sample_rate) / 1_000.0;
    let mut lines = vec![format!("{file}: {}, {rate} kHz, {channels}", clock(score.duration))];
    let mut say = |name: &str, what: String| lines.push(format!("  {name:<9} {what}"));
    say("tempo", tempo(score));
    say("key", key(score));
    say("tuning", format!("{:+.0} cents from 440 Hz", 100.0 * score.tuning));
    say("chords", chords(score));
    say("melody", notes(&score.melody));
    say("notes", notes(&score.notes));
    say("parts", parts(score));
    say("loudness", loudness(score));
    let timbre = &score.timbre;
    let brightness = timbre.centroid_mean / 1_000.0;
    say("timbre", format!("centroid {brightness:.1} kHz, flatness {:.3}", timbre.flatness_mean));
    lines
}

fn tempo(score: &DigitalScore) -> String {
    let (Some(bpm), Some(metre)) = (score.tempo_bpm, &score.time_signature) else {
        return "no beat was found".to_owned();
    };
    let (beats, bars) = (score.beats.len(), score.downbeats.len());
    let slowest = score.tempo.iter().map(|tempo| tempo.bpm).fold(bpm, f64::min);
    let fastest = score.tempo.iter().map(|tempo| tempo.bpm).fold(bpm, f64::max);
    let range = if fastest / slowest > 1.05 {
        format!(" (from {slowest:.0} to {fastest:.0})")
    } else {
        String::new()
    };
    format!("{bpm:.1} beats a minute{range}, {metre}, {beats} beats, {bars} bars")
}

fn key(score: &DigitalScore) -> String {
    let Some(key) = &score.key else { return "no key was found".to_owned() };
    let mut changes = score.keys.iter().map(|part| format!("{} {}", clock(part.start), part.key));
    let told = match score.keys.as_slice() {
        [] | [_] => key.clone(),
        _ => format!("{key}: {}", named(&mut changes)),
    };
    let is_sure = score.key_confidence.is_none_or(|sure| sure >= KEY_CONFIDENCE_MIN);
    if is_sure { told } else { format!("perhaps {told}") }
}

/// Which chords sound for how much of the time.
fn chords(score: &DigitalScore) -> String {
    let mut shares: Vec<(&str, f64)> = Vec::new();
    let mut sure = 0.0;
    for span in score.chords.iter().filter(|span| span.chord != "N") {
        let lasts = span.end - span.start;
        sure += lasts * span.confidence;
        match shares.iter_mut().find(|(chord, _)| *chord == span.chord) {
            Some((_, share)) => *share += lasts,
            None => shares.push((&span.chord, lasts)),
        }
    }
    shares.sort_by(|a, b| b.1.total_cmp(&a.1));
    let all: f64 = shares.iter().map(|(_, share)| share).sum();
    if shares.is_empty() {
        return "none was found".to_owned();
    }
    let mut told =
        shares.iter().map(|(chord, share)| format!("{chord} {:.0} %", 100.0 * share / all));
    let told = named(&mut told);
    if sure < CHORD_CONFIDENCE_MIN * all { format!("perhaps {told}") } else { told }
}

fn notes(notes: &[NoteEvent]) -> String {
    let midi = || notes.iter().map(|note| note.midi);
    let (Some(lowest), Some(highest)) = (midi().min(), midi().max()) else {
        return "none was found".to_owned();
    };
    format!("{} from {} to {}", notes.len(), note(lowest), note(highest))
}

fn note(midi: u8) -> String {
    let plain = NoteName { unicode: false, ..NoteName::default() };
    midi_to_note(f64::from(midi), &plain).unwrap_or_else(|_| midi.to_string())
}

fn parts(score: &DigitalScore) -> String {
    let mut parts =
        score.sections.iter().map(|part| format!("{} {}", clock(part.start), part.label));
    match score.sections.as_slice() {
        [] => "none was found".to_owned(),
        _ => named(&mut parts),
    }
}

fn loudness(score: &DigitalScore) -> String {
    let loudness = &score.loudness;
    let Some(integrated) = loudness.integrated_lufs else {
        return "silent, or too short to be measured".to_owned();
    };
    let part = |value: Option<f64>, name: &str, unit: &str| {
        value.map_or_else(String::new, |value| format!(", {name} {value:.1} {unit}"))
    };
    format!(
        "{integrated:.1} LUFS{}{}",
        part(loudness.range_lu, "range", "LU"),
        part(loudness.true_peak_dbtp, "true peak", "dBTP"),
    )
}

/// Some of them, and how many others there are.
fn named(all: &mut dyn ExactSizeIterator<Item = String>) -> String {
    let count = all.len();
    let text = all.take(NAMED_MAX).collect::<Vec<_>>().join(", ");
    if count > NAMED_MAX { format!("{text} and {} more", count - NAMED_MAX) } else { text }
}

/// Minutes and seconds, or hours too.
fn clock(seconds: f64) -> String {
    let whole = seconds.round() as u64;
    let (hours, minutes, seconds) = (whole / 3_600, whole / 60 % 60, whole % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes}:{seconds:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_notes_are_written_as_people_write_them() {
        assert_eq!([0.4, 59.6, 3_725.0].map(clock), ["0:00", "1:00", "1:02:05"]);
        assert_eq!([0, 21, 60, 127].map(note), ["C-1", "A0", "C4", "G9"]);
    }

    #[test]
    fn a_long_list_is_cut() {
        let list = |count: usize| named(&mut (0..count).map(|each| each.to_string()));
        assert_eq!(list(3), "0, 1, 2");
        assert_eq!(list(8), "0, 1, 2, 3, 4, 5 and 2 more");
    }
}
