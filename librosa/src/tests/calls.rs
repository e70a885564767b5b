//! A call of each function that works, in a few words.
//!
//! A line is a name and arguments: numbers, words, `none`, `true`, `false`, groups in parentheses,
//! and in capitals what [`named`] knows. It is small, so that thousands of calls take no time.

use std::borrow::Cow;

use crate::{Array, Complex, Elements, Order, Value, call, functions};

const CALLS: &str = "
melspectrogram Y 22050. FRAMES MEL
mel_of_spectrogram S 22050. 16 MEL
mfcc S (4 2 true 0.)
mfcc_to_mel S 12 (4 2 true 0.) 1.
mel_to_stft S 22050. FRAMES 2. MEL
mel_to_audio S 22050. FRAMES 2. MEL SEARCH none
chroma_stft S 22050. 0. CHROMA none
tonnetz CLASSES
delta S 9 1 interp
stack_memory S 2 -1 constant
rms Y 16 4 constant
rms_of_spectrogram S 16
zero_crossing_rate Y 16 4 true
zero_crossings Y 0. true
spectral_centroid S N
spectral_bandwidth S N 2.
spectral_rolloff S N 0.85
spectral_flatness S 1e-10 2.
spectral_contrast S 22050. WIDE (3000. 1 0.02 false)
poly_features S N 1
interp_harmonics S N V 0.
f0_harmonics S F0 N V 0.
salience S N V ((1. 0.5 0.3) true 0.)
cqt Y 22050. CQ
vqt Y 22050. CQ equal none
pseudo_cqt Y 22050. CQ
hybrid_cqt Y 22050. CQ
icqt BINS 22050. CQ none
griffinlim_cqt S 22050. CQ SEARCH none
chroma_cqt Y 22050. CHROMA_CQ
chroma_of_cqt CLASSES CHROMA_CQ
chroma_vqt Y 22050. CHROMA_CQ equal none
chroma_cens Y 22050. CHROMA_CQ (5 (hann 0.) 2.)
hz_to_mel N false
mel_to_hz V true
midi_to_hz V
hz_to_midi N
hz_to_octs N 0. 12
octs_to_hz V 0. 12
a4_to_tuning N 12
tuning_to_a4 V 12
frequency_weighting N A -80.
multi_frequency_weighting N (A B) none
fft_frequencies 22050. 16
cqt_frequencies 12 100. 12 0.
mel_frequencies 12 0. 8000. true
tempo_frequencies 12 512 22050.
fourier_tempo_frequencies 22050. 16 512
interval_frequencies 12 100. (1. 1.5) 12
pythagorean_intervals 12
plimit_intervals (3. 5.) 12
hpss_masks S HPSS
hpss Y FRAMES HPSS
harmonic Y FRAMES HPSS
percussive Y FRAMES HPSS
softmask S S 2. false
decompose S (2 true 1e-4 5)
nn_filter S SQUARE mean
time_stretch Y 1.5 FRAMES
pitch_shift Y 22050. (2. 12 false) FRAMES
trim Y (60. none 16 4)
split Y (60. none 16 4)
preemphasis Y 0.97 none
deemphasis Y 0.97 0.5
remix Y ((0 10) (20 40)) true
resample Y 22050. 16000. false
autocorrelate Y 12
lpc Y 4
mu_compress V 255.
mu_quantize V 255.
mu_expand V 255.
mu_dequantize (0 1 -1) 255.
tone 440. 22050. 100 none
chirp (110. 220.) 22050. 100 true none
clicks (10 20) 22050. 1000. 0.01 none
get_window (hann 0.) 16 true
window_bandwidth (kaiser 4.) 16
window_sumsquare (hann 0.) 4 4 16 16
mel 22050. 16 MEL
chroma 22050. 16 CHROMA
cq_to_chroma 24 12 12 100. true
diagonal_filter (hann 0.) 5 1. false
mr_frequencies 0.
relative_bandwidth N
wavelet_lengths N 22050. WAVELET none
wavelet N 22050. WAVELET none
note_to_midi A4
midi_to_note 60. (true false C:maj false)
key_to_notes C:maj false false
key_to_degrees C:maj
fifths_to_note C 3 false
interval_to_fjs 1.5 C 1.01 false
list_thaat
list_mela
thaat_to_degrees bilaval
mela_number kanakangi
mela_to_degrees 1
mela_to_svara 1 true false
midi_to_svara_h 60. 60. (true true false)
midi_to_svara_c 60. 60. 1 (true true false)
yin Y 22050. YIN 0.1
pyin Y 22050. YIN (4 (2. 18.) 2. 0.5 35.92 0.01 0.01 none 1e-6)
piptrack S 22050. 150. 4000. 0.1
pitch_tuning Y 0.01 12
estimate_tuning S 22050. 0.01 12
onset_strength_multi S (0 4 9) (1 1 false true 16 4 mean)
onset_detect Y 22050. 512 true PEAK
onset_backtrack (10 20) Y
beat_track Y 22050. 512 (120. 100. true ())
plp Y 22050. 512 16 (30. 300.)
tempogram Y 16 true (hann 0.) none
fourier_tempogram Y 16 true (hann 0.)
hybrid_tempogram Y 22050. 512 16 true (hann 0.)
tempo S 22050. 512 (120. 1. none)
tempo_of_frames S 22050. 512 (120. 1. 320.)
recurrence_matrix S (3 1 euclidean false false false) (affinity none)
cross_similarity S S (3 cosine false) (distance none)
cdist S S euclidean
recurrence_to_lag SQUARE true
lag_to_recurrence SQUARE
path_enhance SQUARE 5 ((hann 0.) 2. none 3 true true reflect)
agglomerative S 3
subsegment S (0 10) 2
dtw COSTS (((1 1) (0 1) (1 0)) (0. 0. 0.) (1. 1. 1.) false none)
path_to_steps ((0 0) (1 1) (2 2)) false
rqa SQUARE 1. 1. true
transition_uniform 3
transition_loop 3 (0.5 0.5 0.5)
transition_cycle 3 (0.5 0.5 0.5)
transition_local 5 (3 3 3 3 3) (triangle 0.) false
viterbi EVEN EVEN (none none none)
viterbi_discriminative EVEN EVEN (none none 0.001)
viterbi_binary EVEN (HALF HALF HALF) (none none none)
stft Y FRAMES
spectrogram Y FRAMES 2.
istft BINS FRAMES none
phase_vocoder BINS 2.
griffinlim S FRAMES SEARCH N
reassigned_spectrogram Y 22050. FRAMES (both 1e-6 true true)
fmt SHORT (0.5 none linear 0.5 1.)
power_to_db S DECIBELS
amplitude_to_db S DECIBELS
db_to_power S 1.
db_to_amplitude S 1.
perceptual_weighting S N A DECIBELS
pcen S 22050. 512 (0.98 2. 0.5 0.4 1e-6 none 1)
peak_pick Y PEAK
localmax V
localmin V
match_events N N true true
match_intervals ((0. 1.) (1. 2.)) ((0. 1.) (1. 2.)) true
nnls S S
axis_sort S true
off_diagonal 4 5 0.25
";

/// What capitals stand for: other words, or an array.
fn named(word: &str) -> Option<Value<'static>> {
    let words = |text| values(&mut tokens(text).into_iter()).pop();
    match word {
        "FRAMES" => words("(16 4 none (hann 0.) true reflect)"),
        "MEL" => words("(9 0. none false slaney)"),
        "SEARCH" => words("(2 0.9 none)"),
        "CHROMA" => words("(12 0. 5. 2. 2. true)"),
        "CQ" => words("(64 2000. 9 6 0. 1. 1. 0.01 (hann 0.) true constant)"),
        "CHROMA_CQ" => words("(64 2000. none 0. 0. 12 1 12 full)"),
        "HPSS" => words("((5 5) 2. (1. 1.))"),
        "WAVELET" => words("((hann 0.) 1. true 1. 0.)"),
        "YIN" => words("(2000. 4000. 64 16 constant)"),
        "PEAK" => words("(3 3 3 3 0.01 2 greedy)"),
        "DECIBELS" => words("(1. 1e-10 80.)"),
        "Y" => Some(single(&[512])),
        "SHORT" => Some(single(&[32])),
        "S" => Some(single(&[9, 20])),
        "CLASSES" => Some(single(&[12, 20])),
        "SQUARE" => Some(single(&[20, 20])),
        "BINS" => {
            let bins = wave(180).map(|value| Complex::new(value as f32, 0.5)).collect();
            Some(array(&[9, 20], Elements::Complex64(bins)))
        }
        "N" => Some(double(&[9], |at| 100.0 * (at + 1) as f64)),
        "WIDE" => Some(double(&[9], |at| 1378.125 * at as f64)),
        "V" => Some(double(&[3], |at| 0.25 * at as f64 + 0.25)),
        "F0" => Some(double(&[20], |_| 200.0)),
        "COSTS" => Some(double(&[5, 6], |at| (at % 7) as f64)),
        "EVEN" => Some(double(&[3, 3], |_| 1.0 / 3.0)),
        "HALF" => Some(double(&[2, 2], |_| 0.5)),
        _ => None,
    }
}

/// Numbers from 0 to 1.
fn wave(count: usize) -> impl Iterator<Item = f64> {
    (0..count).map(|at| 0.5 + 0.5 * (at as f64 * 1.7).sin())
}

fn single(shape: &[usize]) -> Value<'static> {
    let values = wave(shape.iter().product()).map(|value| value as f32).collect();
    array(shape, Elements::Float32(values))
}

fn double(shape: &[usize], value: impl Fn(usize) -> f64) -> Value<'static> {
    let values: Vec<f64> = (0..shape.iter().product()).map(value).collect();
    array(shape, Elements::Float64(Cow::Owned(values)))
}

fn array(shape: &[usize], elements: Elements<'static>) -> Value<'static> {
    Value::Array(Array::new(shape.to_vec(), Order::C, elements).unwrap())
}

fn tokens(line: &str) -> Vec<String> {
    let apart = line.replace('(', " ( ").replace(')', " ) ");
    apart.split_whitespace().map(ToOwned::to_owned).collect()
}

/// The values up to the end of the group.
fn values(tokens: &mut impl Iterator<Item = String>) -> Vec<Value<'static>> {
    let mut found = Vec::new();
    while let Some(token) = tokens.next() {
        found.push(match token.as_str() {
            ")" => break,
            "(" => Value::Sequence(values(&mut *tokens)),
            "none" => Value::None,
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            word => named(word).unwrap_or_else(|| {
                let whole = word.parse().map(Value::Integer).ok();
                let number = || word.parse().map(Value::Number).ok();
                whole.or_else(number).unwrap_or_else(|| Value::Text(word.to_owned()))
            }),
        });
    }
    found
}

/// Each function by its name, with arguments.
pub(super) fn calls() -> Vec<(&'static str, Vec<Value<'static>>)> {
    let lines = CALLS.lines().filter(|line| !line.is_empty());
    let call = |line: &'static str| {
        let (name, rest) = line.split_once(' ').unwrap_or((line, ""));
        (name, values(&mut tokens(rest).into_iter()))
    };
    lines.map(call).collect()
}

#[test]
fn every_function_answers() {
    let calls = calls();
    for function in functions() {
        let here = |(name, _): &&(&str, Vec<Value<'_>>)| *name == function.name();
        assert_eq!(calls.iter().filter(here).count(), 1, "{} is called once", function.name());
    }
    let wrong = calls.into_iter().filter_map(|(name, arguments)| {
        let problem = call(name, arguments).err()?;
        Some(format!("{name}: {problem}"))
    });
    assert_eq!(wrong.collect::<Vec<_>>(), Vec::<String>::new());
}
