// The names that a script finds: those that stand before it, which it may use for its own, and
// those that are global.
import { asynchronous, install as installPromises } from "./promise.js";
import { context } from "./context.js";
import { console, log } from "./output.js";
import { TextDecoder, TextEncoder } from "./encoding.js";
import { structuredClone } from "./clone.js";
import { librosa } from "./librosa/index.js";
import { Retry } from "./errors.js";
import { install as installJava } from "./java.js";
import { defineProperty, deleteProperty, getOwnPropertyDescriptor } from "./primordials.js";

/** What stands before the script. */
export const values = {
  __proto__: null,
  context,
  log,
  librosa,
  Retry,
  REL_SUCCESS: "success",
  REL_FAILURE: "failure",
  $async: asynchronous,
};

const fixed = (target, name, value) =>
  defineProperty(target, name, {
    value,
    writable: false,
    configurable: false,
    enumerable: false,
  });
const plain = (target, name, value) =>
  defineProperty(target, name, {
    value,
    writable: true,
    configurable: true,
    enumerable: false,
  });

/** Makes the global object what scripts find; done while the component is built. */
export function install(target) {
  plain(target, "console", console);
  plain(target, "TextEncoder", TextEncoder);
  plain(target, "TextDecoder", TextDecoder);
  plain(target, "structuredClone", structuredClone);
  plain(target, "print", console.log);
  installPromises(target);
  installJava(target);
  // Nothing ever calls back from these here, so it is better that they are not there.
  deleteProperty(target, "FinalizationRegistry");
  deleteProperty(target, "SharedArrayBuffer");
  deleteProperty(target, "__cqjs");
  deleteProperty(target, "wit");
  delete Array.fromAsync;
}

/**
 * Keeps what the bindings themselves look up when a call ends with an error: without these, a
 * script that replaces one would end the whole instance.
 */
export function protect(target) {
  for (const name of ["Object", "Error", "String"]) fixed(target, name, target[name]);
  const own = Object.prototype.hasOwnProperty;
  // An object may still have its own: `object.hasOwnProperty = …` defines that.
  defineProperty(Object.prototype, "hasOwnProperty", {
    get: () => own,
    set(value) {
      if (this === Object.prototype) return;
      defineProperty(this, "hasOwnProperty", {
        value,
        writable: true,
        configurable: true,
        enumerable: true,
      });
    },
    configurable: false,
    enumerable: false,
  });
  // QuickJS makes of `a${b}` a call of concat, and of [a, b] = c one of the iterator.
  fixed(String.prototype, "concat", String.prototype.concat);
  fixed(Array.prototype, Symbol.iterator, Array.prototype[Symbol.iterator]);
  const iterator = Object.getPrototypeOf([][Symbol.iterator]());
  fixed(iterator, "next", iterator.next);
  // The length of bytes is asked for everywhere.
  const bytes = Object.getPrototypeOf(Uint8Array.prototype);
  for (const name of ["length", "byteLength", "byteOffset", "buffer"]) {
    defineProperty(bytes, name, { configurable: false });
  }
  if (getOwnPropertyDescriptor(Error, "prepareStackTrace")?.configurable !== false) {
    fixed(Error, "prepareStackTrace", undefined);
  }
  if (getOwnPropertyDescriptor(Error, "stackTraceLimit")?.configurable !== false) {
    fixed(Error, "stackTraceLimit", 40);
  }
}
