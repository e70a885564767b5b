// `flowfile.audio()`: the samples of a recording, which the host decodes.
import * as host from "./host.js";
import { fromHost } from "./arrays.js";
import { StringOf, TypeErrorClass, isFinite, ownKeys, push } from "./primordials.js";
import { kindOf } from "./values.js";

/** The samples of a recording and their rate. */
export function loadSamples(handle, options = undefined) {
  const given = optionsOf(options, ["sampleRate", "mono", "offset", "duration"], "audio");
  const mono = given.mono ?? true;
  const [array, rate] = host.audioLoad(
    handle,
    optionalOf(given.sampleRate, "sampleRate"),
    !!mono,
    finiteOf(given.offset ?? 0, "offset"),
    optionalOf(given.duration, "duration"),
  );
  const y = fromHost(array);
  if (y.ndim < 2) return { samples: y.data, sampleRate: rate, y };
  const samples = [];
  for (let at = 0; at < y.length; at += 1) push(samples, y.row(at).data);
  return { samples, sampleRate: rate, y };
}

/** Options by name, of which all must be known. */
export function optionsOf(options, known, what) {
  if (options === undefined || options === null) return {};
  if (typeof options !== "object") {
    throw new TypeErrorClass(
      `${what} takes options by name, such as { ${known[0]}: … }, and got ${kindOf(options)}`,
    );
  }
  const names = ownKeys(options);
  for (let at = 0; at < names.length; at += 1) {
    let found = false;
    for (let one = 0; one < known.length; one += 1) found ||= known[one] === names[at];
    if (!found) {
      throw new TypeErrorClass(
        `${what} has no option '${StringOf(names[at])}': there are ${known.join(", ")}`,
      );
    }
  }
  return options;
}

export function finiteOf(value, what) {
  if (typeof value === "number" && isFinite(value)) return value;
  throw new TypeErrorClass(`${what} must be a number, and is ${kindOf(value)}`);
}

export function optionalOf(value, what) {
  return value === undefined || value === null ? null : finiteOf(value, what);
}
