// UTF-8 both ways, and base64, from what the language has natively: QuickJS has no TextEncoder,
// and a loop over bytes costs fifty times as much as its own functions.
import {
  Bytes,
  TypeErrorClass,
  charCodeAt,
  exec,
  fromCharCode,
  apply,
  subarray,
  toWellFormed,
  uncurry,
} from "./primordials.js";

const encodeUri = encodeURIComponent;
const decodeUri = decodeURIComponent;
const escapeBytes = escape;
const unescapeBytes = unescape;
const toBase64 = btoa;
const fromBase64 = atob;
const bytesToBase64 = Bytes.prototype.toBase64 && uncurry(Bytes.prototype.toBase64);
const bytesFromBase64 = Bytes.fromBase64;
// eslint-disable-next-line no-control-regex
const beyondAscii = /[^\x00-\x7f]/;

/** Each byte as a character of that code. */
export function binaryString(bytes) {
  if (bytesToBase64) return fromBase64(bytesToBase64(bytes));
  let made = "";
  for (let at = 0; at < bytes.length; at += 8192) {
    made += apply(fromCharCode, null, subarray(bytes, at, at + 8192));
  }
  return made;
}

/** The reverse: characters up to 255, each a byte. */
export function binaryBytes(string) {
  if (bytesFromBase64) return apply(bytesFromBase64, Bytes, [toBase64(string)]);
  const bytes = new Bytes(string.length);
  for (let at = 0; at < string.length; at += 1) bytes[at] = charCodeAt(string, at);
  return bytes;
}

/** UTF-8; half a surrogate pair becomes U+FFFD, as TextEncoder has it. */
export function encode(string) {
  if (exec(beyondAscii, string) === null) return binaryBytes(string);
  return binaryBytes(unescapeBytes(encodeUri(toWellFormed(string))));
}

/** Text of UTF-8; what is not becomes U+FFFD, or is refused if `fatal`. Keeps a byte order mark. */
export function decode(bytes, fatal = false) {
  const binary = binaryString(bytes);
  if (exec(beyondAscii, binary) === null) return binary;
  try {
    return decodeUri(escapeBytes(binary));
  } catch {
    if (fatal) throw new TypeErrorClass("the bytes are not UTF-8");
    return decodeLossily(bytes);
  }
}

/** By the rules of WHATWG: one U+FFFD for each longest part that begins a character. */
function decodeLossily(bytes) {
  let made = "";
  let part = "";
  let code = 0;
  let needed = 0;
  let low = 0x80;
  let high = 0xbf;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (needed > 0) {
      if (byte >= low && byte <= high) {
        code = (code << 6) | (byte & 0x3f);
        needed -= 1;
        if (needed === 0) part += fromCodePoint(code);
      } else {
        part += "\ufffd";
        needed = 0;
        at -= 1;
      }
      low = 0x80;
      high = 0xbf;
    } else if (byte < 0x80) {
      part += fromCharCode(byte);
    } else if (byte >= 0xc2 && byte <= 0xf4) {
      needed = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
      code = byte & (0x3f >> needed);
      if (byte === 0xe0) low = 0xa0;
      if (byte === 0xed) high = 0x9f;
      if (byte === 0xf0) low = 0x90;
      if (byte === 0xf4) high = 0x8f;
    } else {
      part += "\ufffd";
    }
    if (part.length > 4096) {
      made += part;
      part = "";
    }
  }
  return made + part + (needed > 0 ? "\ufffd" : "");
}

const { fromCodePoint } = String;

/** How many bytes at the end begin a character that is not whole yet. */
export function incomplete(bytes) {
  const { length } = bytes;
  for (let back = 1; back <= 3 && back <= length; back += 1) {
    const byte = bytes[length - back];
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) {
      const needs = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
      return needs > back ? back : 0;
    }
  }
  return 0;
}
