// Transforms, their decibels, and what spectra are like: `librosa.stft` and `librosa.feature`.
import { TypeErrorClass, isInteger } from "../primordials.js";
import { array, finite, flag, float, native, none, orNone, whole, word } from "./native.js";
import {
  FEATURE_FRAMES,
  FRAMES,
  MEL,
  SOURCE,
  define,
  framesOf,
  melOf,
  normOf,
  picked,
  rateOf,
  signal,
} from "./options.js";

const matrix = (s, name = "S") => array(s, name, "float32", 2);
/** One number for each frame, as a row. */
const row = (made, dtype = "float64") => made.as(dtype).reshape(1, made.size);

export const stft = define("stft", "y", { y: undefined, ...FRAMES }, (o) =>
  native("stft", signal(o.y), framesOf(o)),
);

export const istft = define(
  "istft",
  "stft_matrix",
  { stft_matrix: undefined, ...FRAMES, n_fft: null, length: null },
  (o) => {
    const bins = array(o.stft_matrix, "stft_matrix", "complex64", 2);
    const size = o.n_fft ?? 2 * (bins.shape[0] - 1);
    return native(
      "istft",
      bins,
      framesOf({ ...o, n_fft: size }),
      orNone(whole, o.length, "length"),
    );
  },
);

/** `S`, or the spectrogram of `y`; and the samples of a frame. */
export function spectrogramOf(o, power = 1) {
  if (o.S !== undefined && o.S !== null) {
    const s = matrix(o.S);
    const bins = 2 * (s.shape[0] - 1);
    const fits = isInteger(o.n_fft) && (o.n_fft - (o.n_fft % 2)) / 2 + 1 === s.shape[0];
    return { s, size: fits ? o.n_fft : bins };
  }
  return {
    s: native("spectrogram", signal(o.y), framesOf(o), float(power, "power")),
    size: o.n_fft,
  };
}

function decibels(name, amin) {
  return define(name, "S", { S: undefined, ref: 1, amin, top_db: 80 }, (o) => {
    const options = [
      finite(o.ref < 0 ? -o.ref : o.ref, "ref"),
      finite(o.amin, "amin"),
      orNone(finite, o.top_db, "top_db"),
    ];
    if (typeof o.S === "number") {
      return native(name, array([[o.S]], "S", "float32"), options).at(0, 0);
    }
    let s = array(o.S, "S");
    if (s.dtype === "complex64" || name === "amplitude_to_db") s = s.abs();
    const shape = s.ndim === 2 ? s.shape : [1, s.size];
    return native(name, s.as("float32").reshape(shape), options).reshape(s.shape);
  });
}

export const powerToDb = decibels("power_to_db", 1e-10);
export const amplitudeToDb = decibels("amplitude_to_db", 1e-5);

function undecibels(name) {
  return define(name, "S_db", { S_db: undefined, ref: 1 }, (o) => {
    const s = array(o.S_db, "S_db", "float32");
    const shape = s.ndim === 2 ? s.shape : [1, s.size];
    return native(name, s.reshape(shape), finite(o.ref, "ref")).reshape(s.shape);
  });
}

export const dbToPower = undecibels("db_to_power");
export const dbToAmplitude = undecibels("db_to_amplitude");

export const fftFrequencies = define(
  "fft_frequencies",
  undefined,
  { sr: 22050, n_fft: 2048 },
  (o) => native("fft_frequencies", rateOf(o.sr), whole(o.n_fft, "n_fft")),
);

const MELSPECTROGRAM = { ...SOURCE, ...FEATURE_FRAMES, power: 2, ...MEL };

export const melspectrogram = define("feature.melspectrogram", undefined, MELSPECTROGRAM, (o) => {
  if (o.power === 2 && (o.S === undefined || o.S === null)) {
    return native("melspectrogram", signal(o.y), rateOf(o.sr), framesOf(o), melOf(o));
  }
  const { s, size } = spectrogramOf(o, o.power);
  return native("mel_of_spectrogram", s, rateOf(o.sr), whole(size, "n_fft"), melOf(o));
});

export const mfcc = define(
  "feature.mfcc",
  undefined,
  { ...MELSPECTROGRAM, n_mfcc: 20, dct_type: 2, norm: "ortho", lifter: 0, mel_norm: "slaney" },
  (o) => {
    if (o.norm !== "ortho" && o.norm !== null) {
      throw new TypeErrorClass('norm must be "ortho" or null');
    }
    const options = [
      whole(o.n_mfcc, "n_mfcc"),
      whole(o.dct_type, "dct_type"),
      flag(o.norm !== null),
      finite(o.lifter, "lifter"),
    ];
    const s =
      o.S === undefined || o.S === null
        ? powerToDb(melspectrogram({ ...picked(o, MELSPECTROGRAM), norm: o.mel_norm }))
        : matrix(o.S);
    return native("mfcc", s, options);
  },
);

const SPECTRAL = { ...SOURCE, ...FEATURE_FRAMES };

/** A feature of each spectrum; `work` gets the spectra, the frequencies of bins and the rest. */
function spectral(name, more, work) {
  return define(`feature.${name}`, undefined, { ...SPECTRAL, freq: null, ...more }, (o) => {
    const { s, size } = spectrogramOf(o);
    const hz =
      o.freq === null
        ? native("fft_frequencies", rateOf(o.sr), whole(size, "n_fft"))
        : array(o.freq, "freq", "float64", 1);
    return work(s, hz, o);
  });
}

export const spectralCentroid = spectral("spectral_centroid", {}, (s, hz) =>
  row(native("spectral_centroid", s, hz)),
);
export const spectralBandwidth = spectral("spectral_bandwidth", { p: 2 }, (s, hz, o) =>
  row(native("spectral_bandwidth", s, hz, finite(o.p, "p"))),
);
export const spectralRolloff = spectral("spectral_rolloff", { roll_percent: 0.85 }, (s, hz, o) =>
  row(native("spectral_rolloff", s, hz, finite(o.roll_percent, "roll_percent"))),
);
export const spectralContrast = spectral(
  "spectral_contrast",
  { fmin: 200, n_bands: 6, quantile: 0.02, linear: false },
  (s, hz, o) =>
    native("spectral_contrast", s, rateOf(o.sr), hz, [
      finite(o.fmin, "fmin"),
      whole(o.n_bands, "n_bands"),
      finite(o.quantile, "quantile"),
      flag(o.linear),
    ]).as("float64"),
);

export const spectralFlatness = define(
  "feature.spectral_flatness",
  undefined,
  { ...SPECTRAL, amin: 1e-10, power: 2 },
  (o) =>
    row(
      native(
        "spectral_flatness",
        spectrogramOf(o).s,
        finite(o.amin, "amin"),
        finite(o.power, "power"),
      ),
      "float32",
    ),
);

export const rms = define(
  "feature.rms",
  undefined,
  {
    y: undefined,
    S: undefined,
    frame_length: 2048,
    hop_length: 512,
    center: true,
    pad_mode: "constant",
  },
  (o) => {
    const size = whole(o.frame_length, "frame_length");
    if (o.y === undefined && o.S !== undefined) {
      return row(native("rms_of_spectrogram", matrix(o.S), size), "float32");
    }
    return row(
      native(
        "rms",
        signal(o.y),
        size,
        whole(o.hop_length, "hop_length"),
        o.center ? word(o.pad_mode, "pad_mode") : none,
      ),
      "float32",
    );
  },
);

export const zeroCrossingRate = define(
  "feature.zero_crossing_rate",
  "y",
  { y: undefined, frame_length: 2048, hop_length: 512, center: true },
  (o) =>
    row(
      native(
        "zero_crossing_rate",
        signal(o.y),
        whole(o.frame_length, "frame_length"),
        whole(o.hop_length, "hop_length"),
        flag(o.center),
      ),
    ),
);

export const chromaStft = define(
  "feature.chroma_stft",
  undefined,
  { ...SPECTRAL, norm: Infinity, tuning: null, n_chroma: 12, ctroct: 5, octwidth: 2, base_c: true },
  (o) => {
    const bank = [
      whole(o.n_chroma, "n_chroma"),
      float(0, "tuning"),
      finite(o.ctroct, "ctroct"),
      orNone(finite, o.octwidth, "octwidth"),
      float(2, "norm"),
      flag(o.base_c),
    ];
    return native(
      "chroma_stft",
      spectrogramOf(o, 2).s,
      rateOf(o.sr),
      orNone(finite, o.tuning, "tuning"),
      bank,
      normOf(o.norm),
    );
  },
);

export const delta = define(
  "feature.delta",
  "data",
  { data: undefined, width: 9, order: 1, mode: "interp" },
  (o) => {
    const data = array(o.data, "data", "float32");
    const shape = data.ndim === 2 ? data.shape : [1, data.size];
    return native(
      "delta",
      data.reshape(shape),
      whole(o.width, "width"),
      whole(o.order, "order"),
      word(o.mode, "mode"),
    ).reshape(data.shape);
  },
);
