// Onsets and beats: `librosa.onset` and `librosa.beat`.
import { RangeErrorClass, floor } from "../primordials.js";
import { array, finite, flag, native, whole, word } from "./native.js";
import { FEATURE_FRAMES, MEL, define, listed, picked, rateOf } from "./options.js";
import { melspectrogram, powerToDb } from "./spectrum.js";

const { win_length: winLength, window } = FEATURE_FRAMES;
const STRENGTH = {
  y: undefined,
  sr: 22050,
  S: undefined,
  n_fft: 2048,
  hop_length: 512,
  lag: 1,
  max_size: 1,
  detrend: false,
  center: true,
  aggregate: "mean",
  ...MEL,
  fmax: undefined,
};

export const onsetStrength = define("onset.onset_strength", undefined, STRENGTH, (o) => {
  const options = [
    whole(o.lag, "lag"),
    whole(o.max_size, "max_size"),
    flag(o.detrend),
    flag(o.center),
    whole(o.n_fft, "n_fft"),
    whole(o.hop_length, "hop_length"),
    word(o.aggregate, "aggregate"),
  ];
  const s =
    o.S === undefined || o.S === null
      ? powerToDb(
          melspectrogram({
            y: o.y,
            sr: o.sr,
            n_fft: o.n_fft,
            hop_length: o.hop_length,
            win_length: winLength,
            window,
            ...picked(o, MEL),
            fmax: o.fmax ?? 0.5 * o.sr,
          }),
        )
      : array(o.S, "S", "float32", 2);
  const edges = [whole(0, "the first band", 0), whole(s.shape[0], "the last band")];
  return native("onset_strength_multi", s, edges, options).row(0);
});

function envelopeOf(o, aggregate) {
  return o.onset_envelope === undefined || o.onset_envelope === null
    ? onsetStrength({ y: o.y, sr: o.sr, hop_length: o.hop_length, aggregate })
    : array(o.onset_envelope, "onset_envelope", "float32", 1);
}

function inUnits(frames, o) {
  switch (o.units) {
    case "frames":
      return frames;
    case "samples":
      return frames.map((frame) => frame * o.hop_length).as("int64");
    case "time":
      return frames.map((frame) => (frame * o.hop_length) / o.sr);
    default:
      throw new RangeErrorClass(`units is ${o.units}, and must be "frames", "samples" or "time"`);
  }
}

export const onsetDetect = define(
  "onset.onset_detect",
  undefined,
  {
    y: undefined,
    sr: 22050,
    onset_envelope: undefined,
    hop_length: 512,
    units: "frames",
    normalize: true,
    delta: 0.07,
    pre_max: undefined,
    post_max: undefined,
    pre_avg: undefined,
    post_avg: undefined,
    wait: undefined,
  },
  (o) => {
    const frames = (seconds) => floor((seconds * o.sr) / o.hop_length);
    const peak = [
      whole(o.pre_max ?? frames(0.03), "pre_max", 0),
      whole(o.post_max ?? 1, "post_max"),
      whole(o.pre_avg ?? frames(0.1), "pre_avg", 0),
      whole(o.post_avg ?? frames(0.1) + 1, "post_avg"),
      finite(o.delta, "delta"),
      whole(o.wait ?? frames(0.03), "wait", 0),
      word("greedy", "method"),
    ];
    return inUnits(
      native(
        "onset_detect",
        envelopeOf(o, "mean").as("float32"),
        rateOf(o.sr),
        whole(o.hop_length, "hop_length"),
        flag(o.normalize),
        peak,
      ),
      o,
    );
  },
);

/** `[tempo, beats]`. */
export const beatTrack = define(
  "beat.beat_track",
  undefined,
  {
    y: undefined,
    sr: 22050,
    onset_envelope: undefined,
    hop_length: 512,
    start_bpm: 120,
    tightness: 100,
    trim: true,
    bpm: null,
    units: "frames",
  },
  (o) => {
    const given = o.bpm === null ? [] : listed([o.bpm], "bpm");
    const [tempo, beats] = native(
      "beat_track",
      envelopeOf(o, "median").as("float32"),
      rateOf(o.sr),
      whole(o.hop_length, "hop_length"),
      [finite(o.start_bpm, "start_bpm"), finite(o.tightness, "tightness"), flag(o.trim), given],
    );
    return [o.bpm ?? tempo, inUnits(beats, o)];
  },
);
