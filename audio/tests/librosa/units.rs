//! Units, intervals, and names of notes.

use tutti_audio::convert::*;
use tutti_audio::filters::mr_frequencies;

use crate::golden::{Case, Output};

/// What the function of a case makes.
pub(crate) fn run(case: &Case) -> Option<Output> {
    frequencies(case)
        .or_else(|| intervals(case))
        .or_else(|| times(case))
        .or_else(|| names(case))
        .or_else(|| svaras(case))
}

fn numbers(case: &Case, name: &str) -> Vec<f64> {
    let values = case.get(name).unwrap().as_array().unwrap();
    values.iter().map(|value| value.as_f64().unwrap()).collect()
}

fn words<'a>(case: &'a Case, name: &str) -> Vec<&'a str> {
    let values = case.get(name).unwrap().as_array().unwrap();
    values.iter().map(|value| value.as_str().unwrap()).collect()
}

fn weighting(kind: char) -> Weighting {
    match kind {
        'A' => Weighting::A,
        'B' => Weighting::B,
        'C' => Weighting::C,
        'D' => Weighting::D,
        _ => Weighting::Z,
    }
}

fn frequencies(case: &Case) -> Option<Output> {
    let each = |name: &str, change: &dyn Fn(f64) -> f64| -> Output {
        numbers(case, name).into_iter().map(change).collect::<Vec<f64>>().into()
    };
    let htk = case.flag("htk", false);
    let (tuning, bins) = (case.get("tuning"), case.count("bins_per_octave", 12));
    let tuning = tuning.and_then(serde_json::Value::as_f64).unwrap_or(0.0);
    let (sr, n_fft) = (case.number("sr", 22_050.0), case.count("n_fft", 2048));
    let (n_bins, hop_length) = (case.count("n_bins", 0), case.count("hop_length", 512));
    Some(match case.function.as_str() {
        "hz_to_mel" => each("frequencies", &|hz| hz_to_mel(hz, htk)),
        "mel_to_hz" => each("mels", &|mel| mel_to_hz(mel, htk)),
        "filters.mr_frequencies.frequencies" => mr_frequencies(tuning).unwrap().0.into(),
        "filters.mr_frequencies.rates" => mr_frequencies(tuning).unwrap().1.into(),
        "mel_frequencies" => {
            let (n_mels, fmin) = (case.count("n_mels", 0), case.number("fmin", 0.0));
            mel_frequencies(n_mels, fmin, case.number("fmax", 0.0), htk).into()
        }
        "hz_to_midi" => each("frequencies", &hz_to_midi),
        "midi_to_hz" => each("notes", &midi_to_hz),
        "hz_to_octs" => each("frequencies", &|hz| hz_to_octs(hz, tuning, bins)),
        "octs_to_hz" => each("octs", &|octs| octs_to_hz(octs, tuning, bins)),
        "A4_to_tuning" => each("A4", &|a4| a4_to_tuning(a4, bins)),
        "tuning_to_A4" => each("tuning", &|tuning| tuning_to_a4(tuning, bins)),
        "fft_frequencies" => fft_frequencies(sr, n_fft).into(),
        "cqt_frequencies" => cqt_frequencies(n_bins, case.number("fmin", 0.0), bins, tuning).into(),
        "tempo_frequencies" => tempo_frequencies(n_bins, hop_length, sr).into(),
        "fourier_tempo_frequencies" => {
            fourier_tempo_frequencies(sr, case.count("win_length", 0), hop_length).into()
        }
        "frequency_weighting" => {
            let kind = weighting(case.text("kind").unwrap().chars().next().unwrap());
            each("frequencies", &|hz| frequency_weighting(hz, kind, Some(-80.0)))
        }
        "multi_frequency_weighting" => {
            let kinds: Vec<Weighting> =
                case.text("kinds").unwrap().chars().map(weighting).collect();
            let all = multi_frequency_weighting(&numbers(case, "frequencies"), &kinds, Some(-80.0));
            let rows = all.rows();
            Output::Values(all.into_values(), rows)
        }
        name => {
            let kind = weighting(name.strip_suffix("_weighting")?.chars().next()?);
            let least = Some(case.number("min_db", 0.0));
            each("frequencies", &|hz| frequency_weighting(hz, kind, least))
        }
    })
}

fn intervals(case: &Case) -> Option<Output> {
    let bins = case.count("bins_per_octave", 12);
    Some(match case.function.as_str() {
        "interval_frequencies" => {
            let intervals = match case.get("intervals").unwrap().as_str() {
                Some("equal") => Intervals::Equal,
                Some("pythagorean") => Intervals::Pythagorean,
                Some("ji3") => Intervals::Ji3,
                Some("ji5") => Intervals::Ji5,
                Some("ji7") => Intervals::Ji7,
                _ => Intervals::Ratios(numbers(case, "intervals")),
            };
            let (n_bins, fmin) = (case.count("n_bins", 0), case.number("fmin", 0.0));
            interval_frequencies(n_bins, fmin, &intervals, bins).unwrap().into()
        }
        "pythagorean_intervals" => pythagorean_intervals(bins).into(),
        "plimit_intervals" => plimit_intervals(&numbers(case, "primes"), bins).into(),
        _ => return None,
    })
}

fn times(case: &Case) -> Option<Output> {
    let whole = |name: &str, change: &dyn Fn(i64) -> i64| {
        Output::Indices(numbers(case, name).into_iter().map(|it| change(it as i64)).collect())
    };
    let seconds = |name: &str, change: &dyn Fn(i64) -> f64| -> Output {
        numbers(case, name).into_iter().map(|it| change(it as i64)).collect::<Vec<f64>>().into()
    };
    let (hop, block) = (case.count("hop_length", 512), case.count("block_length", 1));
    let n_fft = case.get("n_fft").map(|value| value.as_u64().unwrap() as usize);
    let sr = case.number("sr", 22_050.0);
    let frames = || case.count("X", 0);
    Some(match case.function.as_str() {
        "frames_to_samples" => whole("frames", &|it| frames_to_samples(it, hop, n_fft)),
        "samples_to_frames" => whole("samples", &|it| samples_to_frames(it, hop, n_fft)),
        "blocks_to_frames" => whole("blocks", &|it| blocks_to_frames(it, block)),
        "blocks_to_samples" => whole("blocks", &|it| blocks_to_samples(it, block, hop)),
        "frames_to_time" => seconds("frames", &|it| frames_to_time(it, sr, hop, n_fft)),
        "samples_to_time" => seconds("samples", &|it| samples_to_time(it, sr)),
        "blocks_to_time" => seconds("blocks", &|it| blocks_to_time(it, block, hop, sr)),
        "time_to_samples" | "time_to_frames" => {
            let is_frames = case.function == "time_to_frames";
            let place = |time: f64| {
                if is_frames {
                    time_to_frames(time, sr, hop, n_fft)
                } else {
                    time_to_samples(time, sr)
                }
            };
            Output::Indices(numbers(case, "times").into_iter().map(place).collect())
        }
        "samples_like" => Output::Indices(samples_like(frames(), hop, n_fft)),
        "times_like" => times_like(frames(), sr, hop, n_fft).into(),
        _ => return None,
    })
}

fn names(case: &Case) -> Option<Output> {
    let unicode = case.flag("unicode", true);
    let name = NoteName {
        octave: case.flag("octave", true),
        cents: case.flag("cents", false),
        key: case.get("key").and_then(|key| key.as_str()).unwrap_or("C:maj"),
        unicode,
    };
    Some(match case.function.as_str() {
        "note_to_midi" => {
            let notes = words(case, "note").into_iter();
            notes.map(|note| note_to_midi(note).unwrap()).collect::<Vec<f64>>().into()
        }
        "note_to_hz" => {
            let notes = words(case, "note").into_iter();
            notes.map(|note| note_to_hz(note).unwrap()).collect::<Vec<f64>>().into()
        }
        "midi_to_note" => {
            let notes = numbers(case, "midi").into_iter();
            Output::Texts(notes.map(|midi| midi_to_note(midi, &name).unwrap()).collect())
        }
        "hz_to_note" => {
            let notes = numbers(case, "frequencies").into_iter();
            Output::Texts(notes.map(|hz| hz_to_note(hz, &name).unwrap()).collect())
        }
        "key_to_notes" => {
            let natural = case.flag("natural", false);
            let keys = words(case, "key").into_iter();
            let spelled = |key| key_to_notes(key, unicode, natural).unwrap();
            Output::Texts(keys.flat_map(spelled).collect())
        }
        "key_to_degrees" => {
            let keys = words(case, "key").into_iter();
            Output::indices(keys.flat_map(|key| key_to_degrees(key).unwrap()))
        }
        "fifths_to_note" => {
            let fifths = numbers(case, "fifths");
            let above = |unison| {
                let note = move |&by: &f64| fifths_to_note(unison, by as i16, unicode).unwrap();
                fifths.iter().map(note).collect::<Vec<String>>()
            };
            Output::Texts(words(case, "unison").into_iter().flat_map(above).collect())
        }
        "interval_to_fjs" => {
            let default = Fjs::default();
            let unison = case.text("unison").unwrap_or(default.unison);
            let tolerance = case.number("tolerance", default.tolerance);
            let fjs = Fjs { unison, tolerance, unicode };
            let note = |&interval: &f64| interval_to_fjs(interval, &fjs).unwrap();
            Output::Texts(numbers(case, "interval").iter().map(note).collect())
        }
        "hz_to_fjs" => {
            let (hz, unicode) = (numbers(case, "frequencies"), case.flag("unicode", false));
            let fmin = case.get("fmin").map(|fmin| fmin.as_f64().unwrap());
            Output::Texts(hz_to_fjs(&hz, fmin, case.text("unison"), unicode).unwrap())
        }
        _ => return None,
    })
}

fn svaras(case: &Case) -> Option<Output> {
    let all = |names: &[&str]| Output::Texts(names.iter().map(|&name| name.to_owned()).collect());
    let svara = Svara {
        abbr: case.flag("abbr", true),
        octave: case.flag("octave", true),
        unicode: case.flag("unicode", true),
    };
    let mela = case.count("mela", 1);
    let sa = || case.number("Sa", 0.0);
    let each = |name: &str, write: &dyn Fn(f64) -> String| {
        Output::Texts(numbers(case, name).into_iter().map(write).collect())
    };
    let notes = |write: &dyn Fn(&str, &str) -> String| {
        let sa = case.text("Sa").unwrap();
        Output::Texts(words(case, "note").into_iter().map(|note| write(note, sa)).collect())
    };
    Some(match case.function.as_str() {
        "list_thaat" => all(&list_thaat()),
        "list_mela" => all(list_mela()),
        "thaat_to_degrees" => {
            Output::indices(list_thaat().into_iter().flat_map(|it| thaat_to_degrees(it).unwrap()))
        }
        "mela_to_degrees" => {
            let number = |name: &&str| mela_to_degrees(mela_number(name).unwrap()).unwrap();
            Output::indices(list_mela().iter().flat_map(number))
        }
        "mela_to_svara" => {
            let names = |mela| mela_to_svara(mela, svara.abbr, svara.unicode).unwrap();
            Output::Texts((1..=72).flat_map(names).collect())
        }
        "midi_to_svara_h" => each("midi", &|midi| midi_to_svara_h(midi, sa(), svara)),
        "midi_to_svara_c" => {
            each("midi", &|midi| midi_to_svara_c(midi, sa(), mela, svara).unwrap())
        }
        "hz_to_svara_h" => each("frequencies", &|hz| hz_to_svara_h(hz, sa(), svara)),
        "hz_to_svara_c" => each("frequencies", &|hz| hz_to_svara_c(hz, sa(), mela, svara).unwrap()),
        "note_to_svara_h" => notes(&|note, sa| note_to_svara_h(note, sa, svara).unwrap()),
        "note_to_svara_c" => notes(&|note, sa| note_to_svara_c(note, sa, mela, svara).unwrap()),
        _ => return None,
    })
}
