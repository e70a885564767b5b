// Content as streams, with the names that Java's have: what NiFi's callbacks get, and what
// `flowfile.stream()` and `flowfile.writer()` give.
import * as host from "./host.js";
import {
  Bytes,
  ErrorClass,
  TypeErrorClass,
  freeze,
  isArray,
  isInteger,
  min,
  parse,
  subarray,
  typedSet,
} from "./primordials.js";
import { decode, encode } from "./text.js";
import { bytesIn, countOf, kindOf } from "./values.js";

/** Small writes wait until there are so many bytes. */
const GATHERED = 64 << 10;
/** More than there ever are. */
const MOST = 2 ** 53 - 1;

let sourceOf;

export class InputStream {
  #reader;
  #flowfile;
  #most;
  #held = new Bytes(0);
  #closed = false;

  constructor(reader, flowfile, most) {
    this.#reader = reader;
    this.#flowfile = flowfile;
    this.#most = most;
  }

  static {
    sourceOf = (value) =>
      typeof value === "object" && value !== null && #reader in value ? value.#flowfile : undefined;
    delete InputStream.prototype.constructor;
  }

  /** Up to so many of the next bytes; none at the end. */
  next(most = 65536) {
    const count = min(countOf(most, "how many bytes are read"), this.#most);
    if (this.#held.length === 0) {
      if (this.#closed) throw new ErrorClass("the stream is closed");
      return host.next(this.#reader, count);
    }
    const piece = subarray(this.#held, 0, count);
    this.#held = subarray(this.#held, piece.length);
    return piece;
  }

  /** A byte, or -1 at the end; with an array so many bytes are put there, and counted. */
  read(into = undefined, offset = 0, length = undefined) {
    if (into === undefined) {
      this.#fill(GATHERED);
      if (this.#held.length === 0) return -1;
      const byte = this.#held[0];
      this.#held = subarray(this.#held, 1);
      return byte;
    }
    const bytes = bytesIn(into);
    if (bytes === undefined && !isArray(into)) {
      throw new TypeErrorClass(
        `read() fills a Uint8Array, and was given ${kindOf(into)}; ` +
          "readAllBytes() gives all of them",
      );
    }
    const target = bytes ?? into;
    const from = countOf(offset, "offset");
    const most = length === undefined ? target.length - from : countOf(length, "length");
    if (most === 0) return 0;
    this.#fill(min(most, this.#most));
    const piece = subarray(this.#held, 0, min(most, target.length - from));
    if (piece.length === 0) return -1;
    for (let at = 0; at < piece.length; at += 1) target[from + at] = piece[at];
    this.#held = subarray(this.#held, piece.length);
    return piece.length;
  }

  readAllBytes() {
    return this.#gathered(MOST);
  }

  readNBytes(count) {
    return this.#gathered(countOf(count, "how many bytes are read"));
  }

  #gathered(most) {
    let whole = new Bytes(0);
    let length = 0;
    while (length < most) {
      const piece = this.next(most - length < 1 << 20 ? most - length : 1 << 20);
      if (piece.length === 0) break;
      if (length + piece.length > whole.length) {
        // Twice as much each time, so that each byte is copied about twice.
        const room = length === 0 ? piece.length : 2 * (length + piece.length);
        const grown = new Bytes(min(room, most));
        typedSet(grown, subarray(whole, 0, length), 0);
        whole = grown;
      }
      typedSet(whole, piece, length);
      length += piece.length;
    }
    return length === whole.length ? whole : new Bytes(subarray(whole, 0, length));
  }

  /** The rest as text, of UTF-8. */
  text() {
    return decode(this.readAllBytes(), true);
  }
  json() {
    return parse(this.text());
  }

  skip(count) {
    let left = countOf(count, "how many bytes are skipped");
    const all = left;
    while (left > 0) {
      const piece = this.next(left < 1 << 20 ? left : 1 << 20);
      if (piece.length === 0) break;
      left -= piece.length;
    }
    return all - left;
  }

  available() {
    this.#fill(GATHERED);
    return this.#held.length;
  }

  close() {
    if (this.#closed) return;
    this.#closed = true;
    this.#held = new Bytes(0);
    host.dispose(this.#reader);
  }

  #fill(count) {
    if (this.#held.length > 0) return;
    if (this.#closed) throw new ErrorClass("the stream is closed");
    this.#held = host.next(this.#reader, count);
  }
}
freeze(InputStream.prototype);

export class OutputStream {
  #writer;
  #closed;
  #done = false;
  #held = new Bytes(GATHERED);
  #length = 0;

  constructor(writer, closed) {
    this.#writer = writer;
    this.#closed = closed;
  }

  static {
    delete OutputStream.prototype.constructor;
  }

  /** Text as UTF-8, bytes, or a number as one byte; of an array, a part if that is said. */
  write(data, offset = undefined, length = undefined) {
    if (this.#done) throw new ErrorClass("the stream is closed");
    if (typeof data === "string") {
      this.#put(encode(data));
      return;
    }
    if (typeof data === "number") {
      if (!isInteger(data)) {
        throw new TypeErrorClass(`write() takes a number for one byte, and ${data} is none`);
      }
      if (this.#length === GATHERED) this.flush();
      this.#held[this.#length] = data;
      this.#length += 1;
      return;
    }
    const bytes = bytesIn(data) ?? ofNumbers(data);
    if (bytes === undefined) {
      throw new TypeErrorClass(
        "write() takes text, bytes or a number for one byte, and was " +
          `given ${kindOf(data)}; other values as text: write(JSON.stringify(value))`,
      );
    }
    if (offset === undefined) {
      this.#put(bytes);
      return;
    }
    const from = countOf(offset, "offset");
    const count = length === undefined ? bytes.length - from : countOf(length, "length");
    this.#put(subarray(bytes, from, from + count));
  }

  /** Bytes of another content, which do not come here; how many there were. */
  copyFrom(handle, offset = 0, length = null) {
    this.flush();
    return host.copyFrom(this.#writer, handle, offset, length);
  }

  flush() {
    if (this.#length === 0) return;
    const length = this.#length;
    this.#length = 0;
    host.pushBytes(this.#writer, new Bytes(subarray(this.#held, 0, length)));
  }

  close() {
    if (this.#done) return;
    this.flush();
    this.#done = true;
    host.finish(this.#writer);
    this.#closed();
  }

  #put(bytes) {
    if (bytes.length + this.#length > GATHERED) this.flush();
    if (bytes.length >= GATHERED) {
      for (let at = 0; at < bytes.length; at += 1 << 20) {
        host.pushBytes(this.#writer, new Bytes(subarray(bytes, at, at + (1 << 20))));
      }
      return;
    }
    typedSet(this.#held, bytes, this.#length);
    this.#length += bytes.length;
  }
}

/** Bytes of an array of numbers, which is what Java's arrays come as; also negative ones. */
function ofNumbers(value) {
  if (!isArray(value)) return undefined;
  const made = new Bytes(value.length);
  for (let at = 0; at < value.length; at += 1) {
    if (!isInteger(value[at])) return undefined;
    made[at] = value[at];
  }
  return made;
}

export { sourceOf };
freeze(OutputStream.prototype);
