// Calls of the host's audio library: values as the contract has them, in their order. Of what has
// parts, the parts follow.
import * as host from "../host.js";
import { fromHost, toHost } from "../arrays.js";
import {
  NumberOf,
  TypeErrorClass,
  isArray,
  isFinite,
  isSafeInteger,
  push,
  toWellFormed,
} from "../primordials.js";
import { kindOf } from "../values.js";

export const none = { tag: "none" };

/** A number with a fraction, even where it has none. */
export function float(value, name) {
  if (typeof value === "number" && value === value) return { tag: "number", val: value };
  throw new TypeErrorClass(`${name} must be a number, and is ${kindOf(value)}`);
}

export function finite(value, name) {
  if (typeof value === "number" && isFinite(value)) return { tag: "number", val: value };
  throw new TypeErrorClass(
    `${name} must be a number that is finite, and is ${
      typeof value === "number" ? value : kindOf(value)
    }`,
  );
}

/** A whole number that is at least `least`. */
export function whole(value, name, least = 1) {
  if (typeof value === "number" && isSafeInteger(value) && value >= least && value <= 2 ** 28) {
    return { tag: "integer", val: value };
  }
  throw new TypeErrorClass(
    `${name} must be a whole number from ${least} to ${2 ** 28}, and is ${
      typeof value === "number" ? value : kindOf(value)
    }`,
  );
}

export const flag = (value) => ({ tag: "boolean", val: !!value });

export function word(value, name) {
  if (typeof value === "string") return { tag: "text", val: toWellFormed(value) };
  throw new TypeErrorClass(`${name} must be a name, and is ${kindOf(value)}`);
}

/** What may be left out: `none`, or as `make` has it. */
export const orNone = (make, value, name, least) =>
  value === undefined || value === null ? none : make(value, name, least);

/** Numbers of any kind of array, in another precision, and of so many dimensions. */
export function array(value, name, dtype, dimensions = undefined) {
  const own = typeof value === "object" && value !== null ? toHost(value, name) : undefined;
  if (own === undefined) {
    throw new TypeErrorClass(`${name} must be an array of numbers, and is ${kindOf(value)}`);
  }
  const made = fromHost(own).as(dtype, name);
  if (dimensions !== undefined && made.ndim !== dimensions) {
    throw new TypeErrorClass(
      `${name} has the shape (${made.shape}), and must have ${dimensions} ${
        dimensions === 1 ? "dimension: librosa.load gives one channel with mono" : "dimensions"
      }`,
    );
  }
  return made;
}

/** Calls a function of the library: variants, arrays, and lists of them. */
export function native(name, ...values) {
  const flat = [];
  flatten(values, flat);
  const results = host.audioCall(name, flat);
  const made = [];
  const place = { at: 0 };
  while (place.at < results.length) push(made, taken(results, place));
  return made.length === 1 ? made[0] : made;
}

function flatten(values, into) {
  for (let at = 0; at < values.length; at += 1) {
    const value = values[at];
    if (isArray(value)) {
      push(into, { tag: "sequence", val: value.length });
      flatten(value, into);
    } else if (value.tag !== undefined) {
      push(into, value);
    } else {
      push(into, { tag: "array", val: toHost(value, "the array") });
    }
  }
}

function taken(values, place) {
  const value = values[place.at];
  place.at += 1;
  switch (value.tag) {
    case "none":
      return null;
    case "array":
      return fromHost(value.val);
    case "integer":
      return NumberOf(value.val);
    case "sequence": {
      const made = [];
      for (let count = 0; count < value.val; count += 1) push(made, taken(values, place));
      return made;
    }
    default:
      return value.val;
  }
}
