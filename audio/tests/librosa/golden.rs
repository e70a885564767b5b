//! Golden cases, and how far a result is from one.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};
use tutti_audio::Matrix;
use tutti_audio::spectrum::{Complex, PadMode, Stft};

use crate::signals::signal;

const SAMPLES: usize = 160;
const ENDS: usize = 24;

/// What librosa made of a signal with some parameters.
pub(crate) struct Case {
    pub(crate) function: String,
    signal: Option<String>,
    given: Map<String, Value>,
    read: RefCell<BTreeSet<String>>,
    golden: Value,
}

/// What a function made.
pub(crate) enum Output {
    /// Values, frame by frame, and how many a frame has.
    Values(Vec<f64>, usize),
    /// Numbers that must be the very same.
    Indices(Vec<i64>),
    /// Names that must be the very same.
    Texts(Vec<String>),
}

impl From<Vec<f32>> for Output {
    fn from(values: Vec<f32>) -> Self {
        Self::Values(values.into_iter().map(f64::from).collect(), 1)
    }
}

impl From<Vec<f64>> for Output {
    fn from(values: Vec<f64>) -> Self {
        Self::Values(values, 1)
    }
}

impl From<Matrix<f32>> for Output {
    fn from(matrix: Matrix<f32>) -> Self {
        let rows = matrix.rows();
        Self::Values(matrix.into_values().into_iter().map(f64::from).collect(), rows)
    }
}

impl From<Matrix<Complex<f32>>> for Output {
    fn from(matrix: Matrix<Complex<f32>>) -> Self {
        let parts = matrix.as_slice().iter().flat_map(|bin| [bin.re, bin.im]);
        Self::Values(parts.map(f64::from).collect(), 2 * matrix.rows())
    }
}

impl Output {
    pub(crate) fn indices(indices: impl IntoIterator<Item = usize>) -> Self {
        Self::Indices(indices.into_iter().map(|index| index as i64).collect())
    }
}

/// The cases of a group, whose signals are the same as in librosa's run.
pub(crate) fn load(group: &str) -> Vec<Case> {
    let text = fs::read_to_string(format!("tests/golden/librosa/{group}.json")).unwrap();
    let mut golden: Value = serde_json::from_str(&text).unwrap();
    for (name, expected) in golden["signals"].as_object().unwrap() {
        let (y, rate) = signal(name);
        let bytes: Vec<u8> = y.iter().flat_map(|value| (value * 32_768.0).to_le_bytes()).collect();
        assert_eq!(rate, expected["rate"].as_f64().unwrap(), "{name}");
        assert_eq!(y.len() as u64, expected["count"].as_u64().unwrap(), "{name}");
        let crc = u64::from(crc32fast::hash(&bytes));
        assert_eq!(crc, expected["crc"].as_u64().unwrap(), "{name} is another signal");
    }
    let cases = golden["cases"].take();
    cases.as_array().unwrap().iter().map(Case::new).collect()
}

impl Case {
    fn new(golden: &Value) -> Self {
        Self {
            function: golden["function"].as_str().unwrap().to_owned(),
            signal: golden["signal"].as_str().map(str::to_owned),
            given: golden["given"].as_object().unwrap().clone(),
            read: RefCell::default(),
            golden: golden.clone(),
        }
    }

    /// How a message calls it.
    pub(crate) fn name(&self) -> String {
        let given = Value::Object(self.given.clone());
        format!("{}({}, {given})", self.function, self.signal.as_deref().unwrap_or("no signal"))
    }

    pub(crate) fn y(&self) -> Vec<f32> {
        signal(self.signal.as_deref().unwrap()).0
    }

    pub(crate) fn sr(&self) -> f64 {
        signal(self.signal.as_deref().unwrap()).1
    }

    /// A parameter; none where librosa's default was taken, or `None`.
    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.read.borrow_mut().insert(name.to_owned());
        self.given.get(name).filter(|value| !value.is_null())
    }

    /// Whether a parameter was given, be it `None`.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.read.borrow_mut().insert(name.to_owned());
        self.given.contains_key(name)
    }

    pub(crate) fn number(&self, name: &str, default: f64) -> f64 {
        self.get(name).map_or(default, |value| value.as_f64().unwrap())
    }

    pub(crate) fn count(&self, name: &str, default: usize) -> usize {
        self.get(name).map_or(default, |value| value.as_u64().unwrap() as usize)
    }

    pub(crate) fn flag(&self, name: &str, default: bool) -> bool {
        self.get(name).map_or(default, |value| value.as_bool().unwrap())
    }

    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.get(name).map(|value| value.as_str().unwrap())
    }

    pub(crate) fn unread(&self) -> Vec<&String> {
        self.given.keys().filter(|name| !self.read.borrow().contains(*name)).collect()
    }

    pub(crate) fn pad_mode(&self) -> PadMode {
        match self.text("pad_mode") {
            None | Some("constant") => PadMode::Constant,
            Some("edge") => PadMode::Edge,
            Some("reflect") => PadMode::Reflect,
            Some("symmetric") => PadMode::Symmetric,
            Some("wrap") => PadMode::Wrap,
            Some("linear_ramp") => PadMode::LinearRamp,
            Some(other) => panic!("no mode of padding is called {other}"),
        }
    }

    /// How frames are made; a hop of a quarter unless `hop_length` is another default.
    pub(crate) fn stft(&self, hop_length: Option<usize>) -> Stft {
        let length = |name| self.get(name).map(|value| value.as_u64().unwrap() as usize);
        Stft {
            n_fft: self.count("n_fft", 2048),
            hop_length: length("hop_length").or(hop_length),
            win_length: length("win_length"),
            window: crate::spectra::window(self.get("window")),
            center: self.flag("center", true),
            pad_mode: self.pad_mode(),
        }
    }

    fn parameters(&self) -> Vec<String> {
        self.given.keys().cloned().collect()
    }
}

/// How far a result is from librosa's.
pub(crate) struct Measured {
    pub(crate) name: String,
    pub(crate) function: String,
    pub(crate) parameters: Vec<String>,
    pub(crate) is_exact: bool,
    /// The greatest difference.
    pub(crate) worst: f64,
    /// The same as a multiple of the floor.
    pub(crate) share: f64,
}

/// How far `output` is from what `case` says.
pub(crate) fn measure(case: &Case, output: &Output) -> Measured {
    let (worst, share) = match output {
        Output::Indices(indices) => {
            let expected = case.golden["indices"].as_array();
            let expected: Vec<i64> = expected
                .unwrap_or_else(|| panic!("{}: not indices", case.name()))
                .iter()
                .map(|index| index.as_i64().unwrap())
                .collect();
            let off = if *indices == expected { 0.0 } else { f64::INFINITY };
            if off > 0.0 {
                println!("{}: {indices:?}, not {expected:?}", case.name());
            }
            (off, off)
        }
        Output::Texts(texts) => {
            let expected = case.golden["texts"].as_str();
            let expected = expected.unwrap_or_else(|| panic!("{}: not texts", case.name()));
            let texts = texts.join(" ");
            let off = if texts == expected { 0.0 } else { f64::INFINITY };
            if off > 0.0 {
                println!("{}: {texts:?}, not {expected:?}", case.name());
            }
            (off, off)
        }
        Output::Values(values, rows) => distance(case, values, *rows),
    };
    Measured {
        name: case.name(),
        function: case.function.clone(),
        parameters: case.parameters(),
        is_exact: !matches!(output, Output::Values(..)),
        worst,
        share,
    }
}

fn distance(case: &Case, values: &[f64], rows: usize) -> (f64, f64) {
    let shape = case.golden["shape"].as_array().unwrap();
    let complex =
        values.len() as u64 == 2 * shape.iter().map(|n| n.as_u64().unwrap()).product::<u64>();
    let total: u64 = shape.iter().map(|n| n.as_u64().unwrap()).product();
    let total = if complex { 2 * total } else { total };
    if values.len() as u64 != total {
        println!("{}: {} values, not {total}", case.name(), values.len());
        return (f64::INFINITY, f64::INFINITY);
    }
    let bytes = STANDARD.decode(case.golden["values"].as_str().unwrap()).unwrap();
    let expected: Vec<f64> = match case.golden["kind"].as_str().unwrap() {
        "f8" => bytes.as_chunks().0.iter().map(|bytes| f64::from_le_bytes(*bytes)).collect(),
        _ => bytes.as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes).into()).collect(),
    };
    let places = places(values.len(), rows);
    assert_eq!(places.len(), expected.len(), "{}", case.name());
    let off = |(&place, &expected): (&usize, &f64)| {
        let value = values[place];
        if value == expected || (value.is_nan() && expected.is_nan()) {
            return 0.0;
        }
        let off = (value - expected).abs();
        if off.is_nan() { f64::INFINITY } else { off }
    };
    let worst = places.iter().zip(&expected).map(off).fold(0.0, f64::max);
    let floor = case.golden["floor"].as_f64().unwrap();
    (worst, if worst == 0.0 { 0.0 } else { worst / floor })
}

/// Which values were written down, as in `golden.py`.
fn places(count: usize, rows: usize) -> Vec<usize> {
    let mut step = (count / SAMPLES).max(1);
    while greatest_divisor(step, rows.max(1)) != 1 {
        step += 1;
    }
    (0..count).step_by(step).chain(count.saturating_sub(ENDS)..count).collect()
}

fn greatest_divisor(a: usize, b: usize) -> usize {
    if b == 0 { a } else { greatest_divisor(b, a % b) }
}

/// Cases by function.
pub(crate) fn by_function(measured: &[Measured]) -> BTreeMap<&str, Vec<&Measured>> {
    let mut functions = BTreeMap::new();
    for each in measured {
        functions.entry(each.function.as_str()).or_insert_with(Vec::new).push(each);
    }
    functions
}
