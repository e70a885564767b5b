// A flowfile as scripts see it: `attributes` is an object, its content is read and written. Its
// handle stays here, so that no script can give the host one that is used up.
import * as host from "./host.js";
import { InputStream, OutputStream } from "./streams.js";
import { loadSamples } from "./audio.js";
import {
  ErrorClass,
  NumberOf,
  StringOf,
  TypeErrorClass,
  create,
  freeze,
  hasOwn,
  isArray,
  ownKeys,
  parse,
  push,
  SyntaxErrorClass,
} from "./primordials.js";
import { decode } from "./text.js";
import { attributeText, contentOf, countOf, kindOf, textOf } from "./values.js";

/** What is read as a whole where a script does not say how much it takes, in bytes. */
const WHOLE_MAX = 64 << 20;
/** The host gives no more at once. */
const CHUNK_MAX = 1 << 20;

let inner;

export class FlowFile {
  #handle;
  #size;
  #given;
  #attributes = undefined;
  #end = undefined;
  #writing = 0;

  constructor(handle, size, given) {
    this.#handle = handle;
    this.#size = size;
    this.#given = given;
  }

  static {
    // What the session may do and scripts may not.
    inner = {
      is: (value) => typeof value === "object" && value !== null && #handle in value,
      handle: (flowfile) => flowfile.#alive(),
      ended: (flowfile) => flowfile.#end,
      flush: (flowfile) => flowfile.#flush(),
      finish: (flowfile, end) => flowfile.#finish(end),
    };
    delete FlowFile.prototype.constructor;
  }

  /** Its attributes, to be read and changed. `undefined` or `null` removes one. */
  get attributes() {
    if (this.#attributes === undefined) {
      const given = this.#before();
      const made = create(null);
      for (let at = 0; at < given.length; at += 1) made[given[at][0]] = given[at][1];
      this.#attributes = made;
    }
    return this.#attributes;
  }

  set attributes(values) {
    if (typeof values !== "object" || values === null || isArray(values)) {
      throw new TypeErrorClass(
        `attributes must be an object of names and values, and is ${kindOf(values)}`,
      );
    }
    const made = create(null);
    const names = ownKeys(values);
    for (let at = 0; at < names.length; at += 1) made[names[at]] = values[names[at]];
    const { uuid } = this.attributes;
    if (uuid !== undefined) made.uuid = uuid;
    this.#attributes = made;
  }

  /** Bytes of its content. */
  get size() {
    if (this.#size === undefined) this.#size = host.size(this.#alive());
    return NumberOf(this.#size);
  }

  /** The whole content; one that is longer than `limit` is refused. */
  bytes(limit = WHOLE_MAX) {
    const most = countOf(limit, "limit");
    const handle = this.#alive();
    if (this.size > most) {
      throw new host.HostError(
        "limit",
        `the content has ${this.size} bytes, and bytes() takes at ` +
          `most ${most}: read it piece by piece with chunks(), or give a higher limit`,
      );
    }
    return host.readAll(handle, most);
  }

  /** The whole content as text, of UTF-8. */
  text(limit = WHOLE_MAX) {
    try {
      return decode(this.bytes(limit), true);
    } catch (error) {
      if (error instanceof host.HostError || !(error instanceof TypeErrorClass)) throw error;
      throw new TypeErrorClass(
        "the content is no text in UTF-8: read it with bytes(), or with " +
          'new TextDecoder("latin1").decode(flowfile.bytes())',
      );
    }
  }

  /** The whole content as the value that its JSON says. */
  json(limit = WHOLE_MAX) {
    const text = this.text(limit);
    try {
      return parse(text);
    } catch (error) {
      throw new SyntaxErrorClass(`the content is not JSON: ${error.message}`);
    }
  }

  /** The content piece by piece, at most `size` bytes each and at most 1 MiB. */
  *chunks(size = 256 << 10) {
    const source = this.stream();
    const most = countOf(size, "size") || 1;
    try {
      for (let piece = source.next(most); piece.length > 0; piece = source.next(most)) yield piece;
    } finally {
      source.close();
    }
  }

  /** The content as a stream, from `offset` on. */
  stream(offset = 0) {
    const from = countOf(offset, "offset");
    return new InputStream(host.reader(this.#alive(), from), this, CHUNK_MAX);
  }

  /** New content: text, bytes, an iterator of both, or any other value as JSON. */
  write(data) {
    const handle = this.#alive();
    if (typeof data === "object" && data !== null && typeof data.next === "function") {
      const target = this.writer();
      for (let one = data.next(); !one.done; one = data.next()) target.write(one.value);
      target.close();
      return;
    }
    const bytes = contentOf(data);
    host.writeAll(handle, bytes);
    this.#size = bytes.length;
  }

  /** Adds to its content. */
  append(data) {
    const target = this.writer(true);
    target.write(contentOf(data));
    target.close();
  }

  /** A stream to new content, which it has when that is closed. */
  writer(append = false) {
    const made = new OutputStream(host.writer(this.#alive(), !!append), () => {
      this.#size = undefined;
      this.#writing -= 1;
    });
    this.#writing += 1;
    return made;
  }

  /** Its samples, decoded: `{ samples, sampleRate }`. */
  audio(options = undefined) {
    return loadSamples(this.#alive(), options);
  }

  /** Lets it wait for the processor's penalty duration wherever it goes. */
  penalize() {
    host.penalize(this.#alive());
  }

  // What scripts of NiFi call.

  getAttribute(name) {
    const value = this.attributes[textOf(name, "the name of an attribute")];
    return value === undefined || value === null ? null : attributeText(value, name);
  }
  getAttributes() {
    const made = create(null);
    const names = ownKeys(this.attributes);
    for (let at = 0; at < names.length; at += 1) made[names[at]] = this.attributes[names[at]];
    return made;
  }
  getSize() {
    return this.size;
  }
  isPenalized() {
    return false;
  }
  getId() {
    return this.getAttribute("uuid");
  }

  toString() {
    return `FlowFile[${this.#end ?? `filename=${this.attributes.filename}, ${this.size} bytes`}]`;
  }
  toJSON() {
    return { attributes: this.attributes, size: this.size };
  }

  #alive() {
    if (this.#end === undefined) return this.#handle;
    throw new ErrorClass(
      `this flowfile was ${this.#end} before: what is to be done with it ` + "comes first",
    );
  }

  #before() {
    const handle = this.#alive();
    if (this.#given === undefined) this.#given = host.attributes(handle);
    return this.#given;
  }

  /** Tells the host which attributes were changed; the handle. */
  #flush() {
    const handle = this.#alive();
    const now = this.#attributes;
    if (now === undefined) return handle;
    const before = this.#given;
    const set = [];
    const removed = [];
    const seen = create(null);
    for (let at = 0; at < before.length; at += 1) {
      const name = before[at][0];
      const value = now[name];
      seen[name] = true;
      if (value === before[at][1]) continue;
      if (value === undefined || value === null) push(removed, name);
      else push(set, [name, attributeText(value, name)]);
    }
    const names = ownKeys(now);
    for (let at = 0; at < names.length; at += 1) {
      const name = names[at];
      if (typeof name !== "string") {
        throw new TypeErrorClass("the name of an attribute must be a string, and is a symbol");
      }
      const value = now[name];
      if (hasOwn(seen, name) || value === undefined || value === null) continue;
      if (name === "") throw new TypeErrorClass("an attribute must have a name, and one is empty");
      push(set, [textOf(name, "a name"), attributeText(value, name)]);
    }
    if (set.length > 0 || removed.length > 0) {
      host.setAttributes(handle, set, removed);
      this.#given = undefined;
      this.#attributes = undefined;
    }
    return handle;
  }

  #finish(end) {
    const handle = this.#flush();
    if (this.#writing > 0) {
      throw new ErrorClass(
        "a stream that this flowfile's content is written to is open: " + "close() it first",
      );
    }
    this.#end = end;
    return handle;
  }
}
freeze(FlowFile.prototype);

export const { is: isFlowFile, handle: handleOf, ended: endOf, flush, finish } = inner;

/** What a script gave where a flowfile is wanted. */
export function flowfileOf(value, what = "that") {
  if (isFlowFile(value)) return value;
  if (value === null || value === undefined) {
    throw new TypeErrorClass(
      `${what} is ${StringOf(value)}, and must be a flowfile: ` +
        "session.get() gives null when none waits, so look for it: if (flowFile != null) { … }",
    );
  }
  throw new TypeErrorClass(`${what} is ${kindOf(value)}, and must be a flowfile`);
}
