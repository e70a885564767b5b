// Arguments by name, as librosa has them: each function says which it takes, and their defaults.
import {
  RangeErrorClass,
  TypeErrorClass,
  hasOwn,
  isArray,
  join,
  ownKeys,
  push,
} from "../primordials.js";
import { isNumbers } from "../arrays.js";
import { kindOf, textOf } from "../values.js";
import { array, finite, flag, float, none, orNone, whole, word } from "./native.js";

/** How frames are made. */
export const FRAMES = {
  n_fft: 2048,
  hop_length: null,
  win_length: null,
  window: "hann",
  center: true,
  pad_mode: "constant",
};
export const FEATURE_FRAMES = { ...FRAMES, hop_length: 512 };
/** A signal, or a spectrogram in its place. */
export const SOURCE = { y: undefined, sr: 22050, S: undefined };
export const MEL = { n_mels: 128, fmin: 0, fmax: null, htk: false, norm: "slaney" };

/**
 * A function of that name: `work` gets all arguments that `defaults` names. The first of a script
 * may stand before the others, if `first` names it: `librosa.stft(y, { n_fft: 1024 })`.
 */
export function define(name, first, defaults, work) {
  return (...args) => {
    const made = { __proto__: null, ...defaults };
    let [given, more] = args;
    if (args.length > 0 && first !== undefined && (isNumbers(given) || typeof given === "number")) {
      made[first] = given;
      given = more;
      more = args[2];
    }
    if (
      more !== undefined ||
      (given !== undefined && (typeof given !== "object" || given === null || isNumbers(given)))
    ) {
      const shown = first === undefined ? "{ y, sr }" : `${first}, { … }`;
      throw new TypeErrorClass(
        `librosa.${name} takes its arguments by name, such as librosa.${name}(${shown})`,
      );
    }
    if (given !== undefined) {
      const names = ownKeys(given);
      for (let at = 0; at < names.length; at += 1) {
        const key = textOf(names[at], "the name of an argument");
        if (!hasOwn(defaults, key)) {
          throw new TypeErrorClass(
            `librosa.${name} has no argument '${key}': there are ${join(ownKeys(defaults), ", ")}`,
          );
        }
        if (given[key] !== undefined) made[key] = given[key];
      }
    }
    return work(made);
  };
}

/** Those of `options` that `defaults` names. */
export function picked(options, defaults) {
  const made = {};
  const names = ownKeys(defaults);
  for (let at = 0; at < names.length; at += 1) made[names[at]] = options[names[at]];
  return made;
}

const parametric = { __proto__: null, kaiser: true, gaussian: true };

/** A window: a name, a name and its parameter, or its values. */
export function windowOf(window) {
  if (typeof window === "string") {
    if (parametric[window]) {
      throw new RangeErrorClass(`window is '${window}', and must be ['${window}', parameter]`);
    }
    return [word(window, "window"), float(window === "tukey" ? 0.5 : 0, "window")];
  }
  if (typeof window === "number") {
    return [word("kaiser", "window"), finite(window, "window")];
  }
  if (isArray(window) && window.length === 2 && typeof window[0] === "string") {
    return [word(window[0], "window"), finite(window[1], "the window's parameter")];
  }
  if (isNumbers(window)) return listed(window, "window");
  throw new TypeErrorClass(
    `window must be a name, [name, parameter], or its values, and is ${kindOf(window)}`,
  );
}

/** Numbers as a list of the contract's. */
export function listed(values, name) {
  const { data } = array(values, name, "float64", 1);
  const made = [];
  for (let at = 0; at < data.length; at += 1) push(made, float(data[at], name));
  return made;
}

export function framesOf(options) {
  return [
    whole(options.n_fft, "n_fft"),
    orNone(whole, options.hop_length, "hop_length"),
    orNone(whole, options.win_length, "win_length"),
    windowOf(options.window),
    flag(options.center),
    word(options.pad_mode, "pad_mode"),
  ];
}

export function rateOf(sr) {
  const made = finite(sr, "sr");
  if (made.val > 0 && made.val <= 1e7) return made;
  throw new RangeErrorClass(`sr is ${made.val}, and must be above 0 and at most 10,000,000`);
}

/** A norm: a number that may be infinite, or none. */
export const normOf = (norm) => (norm === null || norm === undefined ? none : float(norm, "norm"));

export function melOf({ n_mels: bands, fmin, fmax, htk, norm }) {
  return [
    whole(bands, "n_mels"),
    finite(fmin, "fmin"),
    orNone(finite, fmax, "fmax"),
    flag(htk),
    typeof norm === "string" ? word(norm, "norm") : normOf(norm),
  ];
}

/** One channel of a signal. */
export function signal(y, name = "y") {
  if (y === undefined || y === null)
    throw new TypeErrorClass(`${name} is missing: librosa.load gives it`);
  return array(y, name, "float32", 1);
}
