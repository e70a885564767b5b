//! Notes of Indian music: svaras in Hindustani and Carnatic notation, thaats and melas, as
//! `librosa.core.notation` and `librosa.core.convert`.

use super::{hz_to_midi, note_to_midi};
use crate::error::{Error, check};

/// The thaats and their svaras, in semitones above Sa.
const THAATS: [(&str, [usize; 7]); 10] = [
    ("bilaval", [0, 2, 4, 5, 7, 9, 11]),
    ("khamaj", [0, 2, 4, 5, 7, 9, 10]),
    ("kafi", [0, 2, 3, 5, 7, 9, 10]),
    ("asavari", [0, 2, 3, 5, 7, 8, 10]),
    ("bhairavi", [0, 1, 3, 5, 7, 8, 10]),
    ("kalyan", [0, 2, 4, 6, 7, 9, 11]),
    ("marva", [0, 1, 4, 6, 7, 9, 11]),
    ("poorvi", [0, 1, 4, 6, 7, 8, 11]),
    ("todi", [0, 1, 3, 6, 7, 8, 11]),
    ("bhairav", [0, 1, 4, 5, 7, 8, 11]),
];

/// The melakarta ragas; the first has the number 1.
const MELAS: [&str; 72] = [
    "kanakangi",
    "ratnangi",
    "ganamurthi",
    "vanaspathi",
    "manavathi",
    "tanarupi",
    "senavathi",
    "hanumathodi",
    "dhenuka",
    "natakapriya",
    "kokilapriya",
    "rupavathi",
    "gayakapriya",
    "vakulabharanam",
    "mayamalavagaula",
    "chakravakom",
    "suryakantham",
    "hatakambari",
    "jhankaradhwani",
    "natabhairavi",
    "keeravani",
    "kharaharapriya",
    "gaurimanohari",
    "varunapriya",
    "mararanjini",
    "charukesi",
    "sarasangi",
    "harikambhoji",
    "dheerasankarabharanam",
    "naganandini",
    "yagapriya",
    "ragavardhini",
    "gangeyabhushani",
    "vagadheeswari",
    "sulini",
    "chalanatta",
    "salagam",
    "jalarnavam",
    "jhalavarali",
    "navaneetham",
    "pavani",
    "raghupriya",
    "gavambodhi",
    "bhavapriya",
    "subhapanthuvarali",
    "shadvidhamargini",
    "suvarnangi",
    "divyamani",
    "dhavalambari",
    "namanarayani",
    "kamavardhini",
    "ramapriya",
    "gamanasrama",
    "viswambhari",
    "syamalangi",
    "shanmukhapriya",
    "simhendramadhyamam",
    "hemavathi",
    "dharmavathi",
    "neethimathi",
    "kanthamani",
    "rishabhapriya",
    "latangi",
    "vachaspathi",
    "mechakalyani",
    "chitrambari",
    "sucharitra",
    "jyotisvarupini",
    "dhatuvardhini",
    "nasikabhushani",
    "kosalam",
    "rasikapriya",
];

const HINDUSTANI: [&str; 12] =
    ["Sa", "re", "Re", "ga", "Ga", "ma", "Ma", "Pa", "dha", "Dha", "ni", "Ni"];

/// How svaras are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Svara {
    /// With one letter.
    pub abbr: bool,
    /// With a mark for the octaves above and below that of Sa.
    pub octave: bool,
    /// With dots and small digits instead of `'`, `,` and digits.
    pub unicode: bool,
}

impl Default for Svara {
    fn default() -> Self {
        Self { abbr: true, octave: true, unicode: true }
    }
}

/// `librosa.list_thaat`.
pub fn list_thaat() -> [&'static str; 10] {
    THAATS.map(|(name, _)| name)
}

/// `librosa.thaat_to_degrees`: the svaras of a thaat, in semitones above Sa.
///
/// # Errors
/// No thaat has this name, in small or capital letters.
pub fn thaat_to_degrees(thaat: &str) -> Result<[usize; 7], Error> {
    let found = THAATS.iter().find(|(name, _)| name.eq_ignore_ascii_case(thaat));
    let range = || format!("one of {}", list_thaat().join(", "));
    let unknown = || Error::parameter("thaat", format!("'{thaat}'").as_str(), range());
    found.map(|(_, degrees)| *degrees).ok_or_else(unknown)
}

/// `librosa.list_mela`: the melakarta ragas; the number of a mela is its index and one more.
pub fn list_mela() -> &'static [&'static str; 72] {
    &MELAS
}

/// The number of a mela, from 1 to 72.
///
/// # Errors
/// No mela has this name, in small or capital letters.
pub fn mela_number(mela: &str) -> Result<usize, Error> {
    let index = MELAS.iter().position(|name| name.eq_ignore_ascii_case(mela));
    let range = "one of list_mela, such as kanakangi";
    let unknown = || Error::parameter("mela", format!("'{mela}'").as_str(), range);
    index.map(|index| index + 1).ok_or_else(unknown)
}

fn mela_index(mela: usize) -> Result<usize, Error> {
    check((1..=72).contains(&mela), "mela", mela, "from 1 to 72")?;
    Ok(mela - 1)
}

/// `librosa.mela_to_degrees`: the svaras of the mela with a number, in semitones above Sa.
///
/// # Errors
/// `mela` is not from 1 to 72.
pub fn mela_to_degrees(mela: usize) -> Result<[usize; 7], Error> {
    /// The two svaras of each half that a mela chooses.
    const PAIRS: [(usize, usize); 6] = [(1, 2), (1, 3), (1, 4), (2, 3), (2, 4), (3, 4)];
    let index = mela_index(mela)?;
    let (ri, ga) = PAIRS[index % 36 / 6];
    let (dha, ni) = PAIRS[index % 6];
    Ok([0, ri, ga, 5 + index / 36, 7, 7 + dha, 7 + ni])
}

/// `librosa.mela_to_svara`: what the twelve svaras from Sa on are called in the mela with a number.
///
/// # Errors
/// `mela` is not from 1 to 72.
pub fn mela_to_svara(mela: usize, abbr: bool, unicode: bool) -> Result<[String; 12], Error> {
    let index = mela_index(mela)?;
    let (lower, upper) = (index % 36, index % 6);
    let choose = |holds: bool, one, other| if holds { one } else { other };
    let names = [
        ("Sa", 0),
        ("Ri", 1),
        choose(lower < 6, ("Ga", 1), ("Ri", 2)),
        choose(lower < 30, ("Ga", 2), ("Ri", 3)),
        ("Ga", 3),
        ("Ma", 1),
        ("Ma", 2),
        ("Pa", 0),
        ("Dha", 1),
        choose(upper == 0, ("Ni", 1), ("Dha", 2)),
        choose(upper == 5, ("Dha", 3), ("Ni", 2)),
        ("Ni", 3),
    ];
    Ok(names.map(|(name, number)| {
        let digit = match (number, unicode) {
            (0, _) => "",
            (1, true) => "₁",
            (2, true) => "₂",
            (_, true) => "₃",
            (1, false) => "1",
            (2, false) => "2",
            (_, false) => "3",
        };
        let name = if abbr { &name[..1] } else { name };
        format!("{name}{digit}")
    }))
}

/// The svara that many semitones above Sa, with a mark of its octave.
fn marked(name: &str, above: i64, svara: Svara) -> String {
    let (dot, mark) = match above {
        12..24 => ("\u{307}", "'"),
        -12..0 => ("\u{323}", ","),
        _ => return name.to_owned(),
    };
    match (svara.octave, svara.unicode) {
        (false, _) => name.to_owned(),
        // After the first letter, all of which are of one byte.
        (true, true) => format!("{}{dot}{}", &name[..1], &name[1..]),
        (true, false) => format!("{name}{mark}"),
    }
}

/// The nearest number of semitones above Sa; none where either is not finite.
fn above_sa(midi: f64, sa: f64) -> Option<i64> {
    let above = (midi - sa).round_ties_even();
    above.is_finite().then_some(above as i64)
}

/// `librosa.midi_to_svara_h`: the svara of a MIDI number in Hindustani notation, with that of Sa;
/// nothing where either is not finite.
pub fn midi_to_svara_h(midi: f64, sa: f64, svara: Svara) -> String {
    let Some(above) = above_sa(midi, sa) else { return String::new() };
    let name = HINDUSTANI[above.rem_euclid(12) as usize];
    marked(if svara.abbr { &name[..1] } else { name }, above, svara)
}

/// `librosa.midi_to_svara_c`: the svara of a MIDI number in Carnatic notation, with that of Sa and
/// the number of a mela; nothing where a MIDI number is not finite.
///
/// # Errors
/// `mela` is not from 1 to 72.
pub fn midi_to_svara_c(midi: f64, sa: f64, mela: usize, svara: Svara) -> Result<String, Error> {
    let names = mela_to_svara(mela, svara.abbr, svara.unicode)?;
    let Some(above) = above_sa(midi, sa) else { return Ok(String::new()) };
    Ok(marked(&names[above.rem_euclid(12) as usize], above, svara))
}

/// `librosa.hz_to_svara_h`, of a frequency and that of Sa in Hz.
pub fn hz_to_svara_h(hz: f64, sa: f64, svara: Svara) -> String {
    midi_to_svara_h(hz_to_midi(hz), hz_to_midi(sa), svara)
}

/// `librosa.hz_to_svara_c`, of a frequency and that of Sa in Hz.
///
/// # Errors
/// As [`midi_to_svara_c`].
pub fn hz_to_svara_c(hz: f64, sa: f64, mela: usize, svara: Svara) -> Result<String, Error> {
    midi_to_svara_c(hz_to_midi(hz), hz_to_midi(sa), mela, svara)
}

/// `librosa.note_to_svara_h`, of two notes.
///
/// # Errors
/// As [`note_to_midi`].
pub fn note_to_svara_h(note: &str, sa: &str, svara: Svara) -> Result<String, Error> {
    Ok(midi_to_svara_h(note_to_midi(note)?, note_to_midi(sa)?.round_ties_even(), svara))
}

/// `librosa.note_to_svara_c`, of two notes.
///
/// # Errors
/// As [`note_to_midi`] and [`midi_to_svara_c`].
pub fn note_to_svara_c(note: &str, sa: &str, mela: usize, svara: Svara) -> Result<String, Error> {
    midi_to_svara_c(note_to_midi(note)?, note_to_midi(sa)?.round_ties_even(), mela, svara)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_unknown_is_refused() {
        assert!(thaat_to_degrees("bilawal").unwrap_err().to_string().contains("bilaval, khamaj"));
        assert_eq!(thaat_to_degrees("Todi"), thaat_to_degrees("todi"));
        assert_eq!(mela_number("Rasikapriya"), Ok(72));
        assert!(mela_number("").is_err());
        for mela in [0, 73] {
            assert!(mela_to_degrees(mela).is_err() && mela_to_svara(mela, true, true).is_err());
            assert!(midi_to_svara_c(60.0, 60.0, mela, Svara::default()).is_err());
        }
        assert!(note_to_svara_h("H", "C4", Svara::default()).is_err());
        assert!(note_to_svara_c("C4", "H", 1, Svara::default()).is_err());
    }

    #[test]
    fn what_is_no_pitch_has_no_svara() {
        assert_eq!(midi_to_svara_h(f64::NAN, 60.0, Svara::default()), "");
        assert_eq!(hz_to_svara_h(0.0, 200.0, Svara::default()), "");
        assert_eq!(hz_to_svara_c(200.0, -1.0, 1, Svara::default()).unwrap(), "");
        assert_eq!(midi_to_svara_h(1e300, 60.0, Svara::default()).chars().count(), 1);
    }
}
