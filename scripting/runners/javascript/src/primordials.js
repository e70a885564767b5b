// What the runner uses of the language, taken before a script is loaded: a script may replace
// `Array.prototype.push` or `JSON.stringify`, and the next session must not notice. So the files
// that run beside scripts use these, index loops in place of `for … of`, and no spread.

const { call } = Function.prototype;

/** A method as a function whose first argument is its `this`. */
export const uncurry = (method) => Function.prototype.bind.call(call, method);

export const { apply, construct, defineProperty, deleteProperty, ownKeys } = Reflect;
export const { create, freeze, getPrototypeOf, getOwnPropertyDescriptor, setPrototypeOf } = Object;
export const { isArray } = Array;
export const { isInteger, isSafeInteger, isFinite } = Number;
export const { stringify, parse } = JSON;
export const { min, floor, sqrt } = Math;

export const StringOf = String;
export const NumberOf = Number;
export const BigIntOf = BigInt;
export const ErrorClass = Error;
export const TypeErrorClass = TypeError;
export const RangeErrorClass = RangeError;
export const SyntaxErrorClass = SyntaxError;
export const AggregateErrorClass = AggregateError;
export const ProxyClass = Proxy;
export const Bytes = Uint8Array;
export const Floats = Float32Array;
export const Doubles = Float64Array;
export const Longs = BigInt64Array;
export const Ints = Int32Array;
export const Buffers = ArrayBuffer;

export const hasOwn = Object.hasOwn;
export const push = uncurry(Array.prototype.push);
export const splice = uncurry(Array.prototype.splice);
export const slice = uncurry(Array.prototype.slice);
export const join = uncurry(Array.prototype.join);
export const sort = uncurry(Array.prototype.sort);

export const toWellFormed = uncurry(String.prototype.toWellFormed);
export const split = uncurry(String.prototype.split);
export const charCodeAt = uncurry(String.prototype.charCodeAt);
export const indexOf = uncurry(String.prototype.indexOf);
export const startsWith = uncurry(String.prototype.startsWith);
export const substring = uncurry(String.prototype.substring);
export const toLowerCase = uncurry(String.prototype.toLowerCase);
export const trim = uncurry(String.prototype.trim);
export const fromCharCode = String.fromCharCode;
export const functionText = uncurry(Function.prototype.toString);

const typed = getPrototypeOf(Uint8Array.prototype);
const getter = (of, name) => uncurry(getOwnPropertyDescriptor(of, name).get);
export const typedTag = getter(typed, Symbol.toStringTag);
export const typedLength = getter(typed, "length");
export const typedByteLength = getter(typed, "byteLength");
export const typedByteOffset = getter(typed, "byteOffset");
export const typedBuffer = getter(typed, "buffer");
export const typedSet = uncurry(typed.set);
export const bufferLength = getter(ArrayBuffer.prototype, "byteLength");
export const viewBuffer = getter(DataView.prototype, "buffer");
export const viewOffset = getter(DataView.prototype, "byteOffset");
export const viewLength = getter(DataView.prototype, "byteLength");
export const { isView } = ArrayBuffer;

/**
 * Whether a regular expression matches. `RegExp.prototype.test` asks for `exec`, which a script
 * may have replaced; this does not, and gives the match.
 */
export const exec = uncurry(RegExp.prototype.exec);

/** The parts of a string for which `expression`, which is global, matches, replaced. */
export function replaceEach(text, expression, by) {
  let made = "";
  let from = 0;
  expression.lastIndex = 0;
  for (let match; (match = exec(expression, text)) !== null;) {
    made += substring(text, from, match.index) + by(match);
    from = match.index + match[0].length;
    if (match[0] === "") expression.lastIndex += 1;
  }
  return made + substring(text, from);
}

/** The bytes from a place to another, not copied. `subarray` itself asks for a constructor. */
export function subarray(bytes, from, to = bytes.length) {
  const { length } = bytes;
  const begin = from < length ? from : length;
  const end = to < length ? to : length;
  return new Bytes(
    typedBuffer(bytes),
    typedByteOffset(bytes) + begin,
    end > begin ? end - begin : 0,
  );
}
