// Java's names that NiFi's scripts use: `Java.type("org.apache.commons.io.IOUtils")`. What is not
// here is refused by name, with what to use instead.
import { javaList } from "./session.js";
import {
  ErrorClass,
  ProxyClass,
  StringOf,
  TypeErrorClass,
  apply,
  create,
  defineProperty,
  exec,
  freeze,
  hasOwn,
  isArray,
  ownKeys,
  replaceEach,
  split,
  startsWith,
  toLowerCase,
  NumberOf,
} from "./primordials.js";
import { TextDecoder } from "./encoding.js";
import { binaryBytes, decode, encode } from "./text.js";
import { bytesIn, bytesOf, kindOf } from "./values.js";

/** A kind of callback: made of a function, or of an object with `process`. */
function callback(name, reads) {
  function Callback(given) {
    const process = typeof given === "function" ? given : given?.process;
    if (typeof process !== "function") {
      throw new TypeErrorClass(`new ${name}(…) takes a function, and got ${kindOf(given)}`);
    }
    const made = { process: (...streams) => apply(process, given, streams), reads };
    return made;
  }
  defineProperty(Callback, "name", { value: name });
  return Callback;
}

const charsets = {
  UTF_8: "utf-8",
  US_ASCII: "us-ascii",
  ISO_8859_1: "iso-8859-1",
  UTF_16LE: "utf-16le",
};

function charsetName(charset) {
  return charset === undefined || charset === null ? "utf-8" : toLowerCase(StringOf(charset));
}

/** Bytes of a text in one of Java's charsets. */
export function getBytes(text, charset = undefined) {
  const name = charsetName(charset);
  if (name === "utf-8" || name === "utf8") return encode(text);
  if (name === "us-ascii" || name === "iso-8859-1") {
    const most = name === "us-ascii" ? /[^\0-\x7f]/g : /[^\0-\xff]/g;
    return binaryBytes(replaceEach(text, most, () => "?"));
  }
  throw new TypeErrorClass(`text is written as UTF-8, ISO-8859-1 or US-ASCII, and not ${name}`);
}

function textIn(bytes, charset) {
  const name = charsetName(charset);
  return name === "utf-8" || name === "utf8" ? decode(bytes) : new TextDecoder(name).decode(bytes);
}

function rest(source) {
  if (typeof source?.readAllBytes === "function") return source.readAllBytes();
  return bytesOf(source, "what is read");
}

const IOUtils = freeze({
  toString: (source, charset) =>
    typeof source === "string" ? source : textIn(rest(source), charset),
  toByteArray: (source) => (typeof source === "string" ? encode(source) : rest(source)),
  readLines(source, charset) {
    const lines = split(
      replaceEach(textIn(rest(source), charset), /\r\n?/g, () => "\n"),
      "\n",
    );
    if (lines[lines.length - 1] === "") lines.length -= 1;
    return javaList(lines);
  },
  copy(source, target) {
    let count = 0;
    for (let piece = source.next(65536); piece.length > 0; piece = source.next(65536)) {
      target.write(piece);
      count += piece.length;
    }
    return count;
  },
  copyLarge: (source, target) => IOUtils.copy(source, target),
  write: (data, target, charset) =>
    target.write(typeof data === "string" ? getBytes(data, charset) : data),
  closeQuietly(stream) {
    stream?.close?.();
  },
});

class HashMap {
  #values = create(null);
  constructor(given = undefined) {
    if (given !== undefined && typeof given === "object") this.putAll(given);
  }
  put(key, value) {
    const before = this.get(key);
    this.#values[key] = value;
    return before;
  }
  putAll(values) {
    const all = values?.toObject?.() ?? values;
    const names = ownKeys(all);
    for (let at = 0; at < names.length; at += 1) this.#values[names[at]] = all[names[at]];
  }
  get(key) {
    return hasOwn(this.#values, key) ? this.#values[key] : null;
  }
  getOrDefault(key, other) {
    return hasOwn(this.#values, key) ? this.#values[key] : other;
  }
  containsKey(key) {
    return hasOwn(this.#values, key);
  }
  remove(key) {
    const before = this.get(key);
    delete this.#values[key];
    return before;
  }
  size() {
    return ownKeys(this.#values).length;
  }
  isEmpty() {
    return this.size() === 0;
  }
  keySet() {
    return javaList(ownKeys(this.#values));
  }
  toObject() {
    return { ...this.#values };
  }
  toJSON() {
    return this.#values;
  }
}

function ArrayList(given) {
  return javaList(isArray(given) ? [...given] : []);
}

const Scope = freeze({ LOCAL: "LOCAL", CLUSTER: "CLUSTER" });

const types = {
  __proto__: null,
  "org.apache.nifi.processor.io.StreamCallback": callback("StreamCallback", true),
  "org.apache.nifi.processor.io.InputStreamCallback": callback("InputStreamCallback", true),
  "org.apache.nifi.processor.io.OutputStreamCallback": callback("OutputStreamCallback", false),
  "org.apache.nifi.components.state.Scope": Scope,
  "org.apache.nifi.processor.exception.ProcessException": ErrorClass,
  "org.apache.commons.io.IOUtils": IOUtils,
  "java.nio.charset.StandardCharsets": freeze(charsets),
  "java.nio.charset.Charset": freeze({ forName: charsetName, defaultCharset: () => "utf-8" }),
  "java.util.HashMap": HashMap,
  "java.util.LinkedHashMap": HashMap,
  "java.util.TreeMap": HashMap,
  "java.util.ArrayList": ArrayList,
  "java.util.Collections": freeze({
    singletonMap: (key, value) => new HashMap({ [key]: value }),
    singletonList: (value) => javaList([value]),
    emptyMap: () => new HashMap(),
    emptyList: () => javaList([]),
  }),
  "java.lang.String": StringOf,
  "java.lang.StringBuilder": StringBuilder,
  "java.lang.Exception": ErrorClass,
  "java.lang.RuntimeException": ErrorClass,
  "java.lang.Integer": freeze({ parseInt: whole, valueOf: whole, MAX_VALUE: 2147483647 }),
  "java.lang.Long": freeze({ parseLong: whole, valueOf: whole }),
};

function StringBuilder(begin) {
  let text = begin === undefined ? "" : `${begin}`;
  const made = {
    append(part) {
      text += `${part}`;
      return made;
    },
    length: () => text.length,
    toString: () => text,
  };
  return made;
}

function whole(text) {
  if (exec(/^[+-]?\d+$/, StringOf(text)) !== null) return NumberOf(text);
  throw new TypeErrorClass(`'${text}' is no whole number`);
}

/** What to use in place of other names, by how these begin. */
const instead = [
  ["java.lang.System", "console.log(…) prints, and context.property(name) gives properties"],
  ["java.lang.Thread", "there are no threads; give the processor more concurrent tasks"],
  ["java.util.UUID", "each flowfile has the attribute uuid"],
  ["java.util.regex", "use regular expressions: /…/"],
  ["java.util.zip", "let CompressContent or UnpackContent do that before or after it"],
  ["java.util.Base64", "use btoa and atob"],
  ["java.util.concurrent", "there is one thread: use plain variables"],
  ["java.util", "use arrays, objects, Map and Set"],
  ["java.text", "use Date, Number and String"],
  ["java.time", "use Date"],
  ["java.io.File", "a script sees no files: content is read and written through its flowfiles"],
  ["java.nio.file", "a script sees no files: content is read and written through its flowfiles"],
  ["java.io", "inputStream and outputStream have text(), readAllBytes() and write(text)"],
  ["java.net", "a script has no network: let InvokeHTTP do that before or after it"],
  ["java.sql", "a script has no database"],
  ["javax.", "it is not there"],
  ["groovy.", "this is JavaScript: use JSON.parse and JSON.stringify"],
  ["org.apache.commons.lang", "use the methods of strings"],
  ["org.json", "use JSON.parse and JSON.stringify"],
  ["com.google.gson", "use JSON.parse and JSON.stringify"],
  ["com.fasterxml.jackson", "use JSON.parse and JSON.stringify"],
];

function typeOf(name) {
  const text = StringOf(name);
  if (types[text] !== undefined) return types[text];
  let hint = "scripts have the language's own objects and the names that the guide lists";
  for (let at = 0; at < instead.length; at += 1) {
    if (startsWith(text, instead[at][0])) {
      hint = instead[at][1];
      break;
    }
  }
  throw new TypeErrorClass(`there is no Java here, and nothing in place of ${text}: ${hint}`);
}

export const Java = freeze({
  type: typeOf,
  from: (list) => (bytesIn(list) === undefined && !isArray(list) ? [...list] : [...list]),
  to: (list) => list,
  extend: (type, methods = undefined) => (methods === undefined ? type : type(methods)),
  isType: (value) => typeof value === "function",
});

/** `org`, `java` and the like: a path of names, at whose end there is a type. */
function packageOf(path) {
  return new ProxyClass(create(null), {
    get(_, name) {
      if (typeof name !== "string" || name === "toString" || name === "valueOf") {
        return () => `[package ${path}]`;
      }
      const whole = path === "" ? name : `${path}.${name}`;
      // Types begin with a capital, packages do not.
      return exec(/^[A-Z]/, name) !== null ? typeOf(whole) : packageOf(whole);
    },
  });
}

const own = (target, name, value) => {
  if (!hasOwn(target, name)) {
    defineProperty(target, name, { value, writable: true, configurable: true, enumerable: false });
  }
};

/** Java's names as variables, and what Nashorn gives to strings. */
export function install(target) {
  own(target, "Java", Java);
  own(target, "java", packageOf("java"));
  own(target, "javax", packageOf("javax"));
  own(target, "org", packageOf("org"));
  own(target, "com", packageOf("com"));
  own(target, "Packages", packageOf(""));
  const simple = ["StreamCallback", "InputStreamCallback", "OutputStreamCallback"];
  for (let at = 0; at < simple.length; at += 1) {
    own(target, simple[at], types[`org.apache.nifi.processor.io.${simple[at]}`]);
  }
  own(target, "IOUtils", IOUtils);
  own(target, "StandardCharsets", types["java.nio.charset.StandardCharsets"]);
  own(target, "Scope", Scope);
  const strings = String.prototype;
  own(strings, "getBytes", function bytes(charset) {
    return getBytes(StringOf(this), charset);
  });
  own(strings, "equals", function equals(other) {
    return StringOf(this) === other;
  });
  own(strings, "equalsIgnoreCase", function equals(other) {
    return toLowerCase(StringOf(this)) === toLowerCase(StringOf(other));
  });
  own(strings, "isEmpty", function isEmpty() {
    return this.length === 0;
  });
  own(strings, "contains", function contains(part) {
    return this.includes(part);
  });
}
