// `librosa` as scripts have it: the functions that are there, by librosa's names. The others are
// refused by name.
import * as host from "../host.js";
import { handleOf, isFlowFile } from "../flowfile.js";
import { fromHost } from "../arrays.js";
import { sourceOf } from "../streams.js";
import {
  ProxyClass,
  TypeErrorClass,
  create,
  defineProperty,
  freeze,
  hasOwn,
  join,
  ownKeys,
  sort,
  split,
} from "../primordials.js";
import { bytesIn, kindOf } from "../values.js";
import { finiteOf, optionalOf, optionsOf } from "../audio.js";
import { array } from "./native.js";
import { define, signal } from "./options.js";
import * as rhythm from "./rhythm.js";
import * as spectrum from "./spectrum.js";

/** `librosa.load(flowfile)`: `{ y, sr }`, which may be taken apart as an array too. */
function load(source, options = undefined) {
  const given = optionsOf(options, ["sr", "mono", "offset", "duration"], "librosa.load");
  // As librosa: 22,050 unless another is asked for, and the recording's own for null.
  const rate = given.sr === undefined ? 22050 : optionalOf(given.sr, "sr");
  const rest = [
    !!(given.mono ?? true),
    finiteOf(given.offset ?? 0, "offset"),
    optionalOf(given.duration, "duration"),
  ];
  const flowfile = isFlowFile(source) ? source : sourceOf(source);
  const bytes = flowfile === undefined ? bytesIn(source) : undefined;
  if (flowfile === undefined && bytes === undefined) {
    throw new TypeErrorClass(
      "librosa.load takes a flowfile, its stream, or bytes, and got " +
        `${kindOf(source)}; a script sees no files`,
    );
  }
  const [samples, sr] =
    flowfile === undefined
      ? host.audioLoadBytes(bytes, rate, ...rest)
      : host.audioLoad(handleOf(flowfile), rate, ...rest);
  const made = { y: fromHost(samples), sr };
  defineProperty(made, Symbol.iterator, {
    value: function* both() {
      yield made.y;
      yield made.sr;
    },
  });
  return made;
}

const getDuration = define(
  "get_duration",
  undefined,
  { y: undefined, sr: 22050 },
  (o) => signal(o.y).size / o.sr,
);
const framesToTime = define(
  "frames_to_time",
  "frames",
  { frames: undefined, sr: 22050, hop_length: 512 },
  (o) =>
    typeof o.frames === "number"
      ? (o.frames * o.hop_length) / o.sr
      : array(o.frames, "frames", "float64").map((frame) => (frame * o.hop_length) / o.sr),
);

const functions = {
  __proto__: null,
  load,
  get_duration: getDuration,
  frames_to_time: framesToTime,
  stft: spectrum.stft,
  istft: spectrum.istft,
  power_to_db: spectrum.powerToDb,
  amplitude_to_db: spectrum.amplitudeToDb,
  db_to_power: spectrum.dbToPower,
  db_to_amplitude: spectrum.dbToAmplitude,
  fft_frequencies: spectrum.fftFrequencies,
  "feature.melspectrogram": spectrum.melspectrogram,
  "feature.mfcc": spectrum.mfcc,
  "feature.spectral_centroid": spectrum.spectralCentroid,
  "feature.spectral_bandwidth": spectrum.spectralBandwidth,
  "feature.spectral_rolloff": spectrum.spectralRolloff,
  "feature.spectral_contrast": spectrum.spectralContrast,
  "feature.spectral_flatness": spectrum.spectralFlatness,
  "feature.rms": spectrum.rms,
  "feature.zero_crossing_rate": spectrum.zeroCrossingRate,
  "feature.chroma_stft": spectrum.chromaStft,
  "feature.delta": spectrum.delta,
  "onset.onset_strength": rhythm.onsetStrength,
  "onset.onset_detect": rhythm.onsetDetect,
  "beat.beat_track": rhythm.beatTrack,
};

/** Functions of a path, and those below it; what is not there is said. */
function named(path, content) {
  return new ProxyClass(freeze(content), {
    get(target, name) {
      if (typeof name !== "string") return undefined;
      if (hasOwn(target, name)) return target[name];
      if (name === "then" || name === "toJSON") return undefined;
      throw new TypeErrorClass(
        `librosa.${path}${name} is not there in JavaScript: there are ${join(
          sort(ownKeys(functions)),
          ", ",
        )}; Python has all of them`,
      );
    },
  });
}

const modules = create(null);
const top = create(null);
const names = ownKeys(functions);
for (let at = 0; at < names.length; at += 1) {
  const parts = split(names[at], ".");
  if (parts.length === 1) {
    top[names[at]] = functions[names[at]];
  } else {
    modules[parts[0]] ??= create(null);
    modules[parts[0]][parts[1]] = functions[names[at]];
  }
}
for (const name of ownKeys(modules)) top[name] = named(`${name}.`, modules[name]);

export const librosa = named("", top);
