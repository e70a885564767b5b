// Turns what scripts give into what the contract takes. A wrong type in a call to the host ends
// the whole instance there, so everything is checked here, with a clear text.
import {
  Bytes,
  StringOf,
  TypeErrorClass,
  bufferLength,
  isSafeInteger,
  isView,
  stringify,
  toWellFormed,
  typedBuffer,
  typedByteLength,
  typedByteOffset,
  typedTag,
  viewBuffer,
  viewLength,
  viewOffset,
  NumberOf,
} from "./primordials.js";
import { encode } from "./text.js";

/** What a value is, for people. */
export function kindOf(value) {
  if (value === null) return "null";
  if (typeof value !== "object") return typeof value;
  const tag = typedTag(value);
  if (tag !== undefined) return tag;
  return "an object";
}

/** A string that UTF-8 can say. */
export function textOf(value, what) {
  if (typeof value === "string") return toWellFormed(value);
  throw new TypeErrorClass(`${what} must be a string, and is ${kindOf(value)}`);
}

/** The value of an attribute: text as it is, numbers and the like written out, others as JSON. */
export function attributeText(value, name) {
  switch (typeof value) {
    case "string":
      return toWellFormed(value);
    case "number":
    case "boolean":
    case "bigint":
      return StringOf(value);
    case "object":
      return jsonText(value, `the attribute '${name}'`);
    default:
      throw new TypeErrorClass(
        `the attribute '${name}' must be text or can be written as JSON; it is ${kindOf(value)}`,
      );
  }
}

/** JSON, or a text that says why there is none. */
export function jsonText(value, what) {
  let text;
  try {
    text = stringify(value);
  } catch (error) {
    // A class of errors that scripts know, with what was to be written.
    throw new TypeErrorClass(`${what} cannot be written as JSON: ${error?.message ?? error}`);
  }
  if (text === undefined) {
    throw new TypeErrorClass(`${what} cannot be written as JSON: it is ${kindOf(value)}`);
  }
  return toWellFormed(text);
}

/** A view of the bytes of any kind of buffer; `undefined` for what is none. */
export function bytesIn(value) {
  if (typeof value !== "object" || value === null) return undefined;
  if (typedTag(value) === "Uint8Array") {
    return typedByteLength(value) === 0 ? new Bytes(0) : plain(value);
  }
  if (isView(value)) {
    return typedTag(value) !== undefined
      ? new Bytes(typedBuffer(value), typedByteOffset(value), typedByteLength(value))
      : new Bytes(viewBuffer(value), viewOffset(value), viewLength(value));
  }
  if (isBuffer(value)) return new Bytes(value);
  return undefined;
}

/** The same bytes as an object of no subclass. */
function plain(value) {
  return new Bytes(typedBuffer(value), typedByteOffset(value), typedByteLength(value));
}

function isBuffer(value) {
  try {
    bufferLength(value);
    return true;
  } catch {
    return false;
  }
}

export function bytesOf(value, what) {
  const bytes = bytesIn(value);
  if (bytes !== undefined) return bytes;
  throw new TypeErrorClass(
    `${what} must be a Uint8Array or an ArrayBuffer, and is ${kindOf(value)}`,
  );
}

/** Content for a flowfile: text as UTF-8, bytes as they are, all else as JSON. */
export function contentOf(value, what = "the content") {
  if (typeof value === "string") return encode(value);
  return bytesIn(value) ?? encode(jsonText(value, what));
}

/** A whole number from 0 to 2^53, or to `most`. */
export function countOf(value, what, most = 9007199254740991) {
  const number = typeof value === "bigint" ? NumberOf(value) : value;
  if (typeof number === "number" && isSafeInteger(number) && number >= 0 && number <= most) {
    return number;
  }
  throw new TypeErrorClass(
    `${what} must be a whole number from 0 to ${most}, and is ${describe(value)}`,
  );
}

/** A number as it is, and what is none by its kind. */
export function describe(value) {
  return typeof value === "number" || typeof value === "bigint" ? StringOf(value) : kindOf(value);
}
