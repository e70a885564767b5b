// TextEncoder and TextDecoder, as browsers have them, for UTF-8, UTF-16 and the old western ones.
import {
  Bytes,
  RangeErrorClass,
  TypeErrorClass,
  charCodeAt,
  fromCharCode,
  hasOwn,
  startsWith,
  subarray,
  substring,
  toLowerCase,
  toWellFormed,
  trim,
  typedSet,
} from "./primordials.js";
import { bytesOf } from "./values.js";
import { binaryString, decode, encode, incomplete } from "./text.js";

const labels = {
  __proto__: null,
  "utf-8": "utf-8",
  utf8: "utf-8",
  "unicode-1-1-utf-8": "utf-8",
  "utf-16": "utf-16le",
  "utf-16le": "utf-16le",
  latin1: "windows-1252",
  ascii: "windows-1252",
  "us-ascii": "windows-1252",
  "iso-8859-1": "windows-1252",
  "windows-1252": "windows-1252",
};

/** What windows-1252 has at 0x80 to 0x9f, where Latin 1 has control characters. */
const western = "€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ";

export class TextEncoder {
  get encoding() {
    return "utf-8";
  }

  encode(text = "") {
    return encode(`${text}`);
  }

  encodeInto(text, into) {
    let read = 0;
    let written = 0;
    const whole = toWellFormed(`${text}`);
    while (read < whole.length) {
      const code = charCodeAt(whole, read);
      const units = code >= 0xd800 && code < 0xdc00 ? 2 : 1;
      const bytes = encode(substring(whole, read, read + units));
      if (written + bytes.length > into.length) break;
      typedSet(into, bytes, written);
      read += units;
      written += bytes.length;
    }
    return { read, written };
  }
}

export class TextDecoder {
  #encoding;
  #fatal;
  #ignoreBom;
  #kept = new Bytes(0);
  #begun = false;

  constructor(label = "utf-8", options = undefined) {
    const name = toLowerCase(trim(`${label}`));
    if (!hasOwn(labels, name)) {
      throw new RangeErrorClass(
        `there is no decoder for '${label}': there are utf-8, utf-16le and windows-1252`,
      );
    }
    this.#encoding = labels[name];
    this.#fatal = !!options?.fatal;
    this.#ignoreBom = !!options?.ignoreBOM;
  }

  get encoding() {
    return this.#encoding;
  }
  get fatal() {
    return this.#fatal;
  }
  get ignoreBOM() {
    return this.#ignoreBom;
  }

  decode(input = undefined, options = undefined) {
    const more = !!options?.stream;
    let bytes = input === undefined ? new Bytes(0) : bytesOf(input, "what is decoded");
    if (this.#kept.length > 0) {
      const whole = new Bytes(this.#kept.length + bytes.length);
      typedSet(whole, this.#kept, 0);
      typedSet(whole, bytes, this.#kept.length);
      bytes = whole;
      this.#kept = new Bytes(0);
    }
    if (more) {
      const keep =
        this.#encoding === "utf-8"
          ? incomplete(bytes)
          : this.#encoding === "utf-16le"
            ? unpaired(bytes)
            : 0;
      if (keep > 0) {
        this.#kept = new Bytes(subarray(bytes, bytes.length - keep));
        bytes = subarray(bytes, 0, bytes.length - keep);
      }
    }
    let text = this.#text(bytes);
    if (!this.#begun && !this.#ignoreBom && startsWith(text, "\ufeff")) text = substring(text, 1);
    this.#begun = more && (this.#begun || text.length > 0 || bytes.length > 0);
    return text;
  }

  #text(bytes) {
    if (this.#encoding === "utf-8") return decode(bytes, this.#fatal);
    let made = "";
    if (this.#encoding === "windows-1252") {
      const binary = binaryString(bytes);
      for (let at = 0; at < binary.length; at += 1) {
        const code = charCodeAt(binary, at);
        made += code >= 0x80 && code < 0xa0 ? western[code - 0x80] : binary[at];
      }
      return made;
    }
    for (let at = 0; at + 1 < bytes.length; at += 2) {
      made += fromCharCode(bytes[at] | (bytes[at + 1] << 8));
    }
    let whole = toWellFormed(made);
    // Half a unit after half a pair is one mistake, not two.
    const last = made === "" ? 0 : charCodeAt(made, made.length - 1);
    if (bytes.length % 2 === 1 && !(last >= 0xd800 && last < 0xdc00)) whole += "\ufffd";
    if (this.#fatal && (whole !== made || bytes.length % 2 === 1))
      throw new TypeErrorClass("the bytes are not UTF-16");
    return whole;
  }
}

/** How many bytes at the end are half a unit, or the first half of a surrogate pair. */
function unpaired(bytes) {
  const odd = bytes.length % 2;
  const last = bytes[bytes.length - odd - 1];
  return last >= 0xd8 && last < 0xdc ? odd + 2 : odd;
}
