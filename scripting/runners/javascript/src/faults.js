// Makes the contract's faults of whatever a script throws: a message, the line in the script, and
// the script's own calls. Frames of the runner are left out.
import {
  ErrorClass,
  StringOf,
  apply,
  exec,
  getOwnPropertyDescriptor,
  hasOwn,
  split,
  stringify,
  startsWith,
  substring,
  toWellFormed,
  trim,
  NumberOf,
} from "./primordials.js";
import { HostError } from "./host.js";

/** What scripts of other places know and what is there instead. */
const hints = {
  __proto__: null,
  setTimeout:
    "there are no timers: do the work at once, or let the flow wait (a flowfile that " +
    "is penalized comes later)",
  setInterval: "there are no timers: the flow's schedule calls the script",
  setImmediate: "there are no timers: do the work at once, or use queueMicrotask",
  fetch: "a script has no network: let InvokeHTTP do that before or after it",
  XMLHttpRequest: "a script has no network: let InvokeHTTP do that before or after it",
  WebSocket: "a script has no network",
  require:
    "there are no modules: everything must be in the script, which has the language's own " +
    "objects, TextEncoder, btoa, structuredClone and librosa",
  module: "there are no modules: define `function process(flowfile)`, or `export` it",
  exports: "there are no modules: define `function process(flowfile)`, or `export` it",
  process: "define `function process(flowfile) { … }`; there is no process object of Node",
  Buffer: "use Uint8Array, TextEncoder and TextDecoder, btoa and atob",
  URL: "use regular expressions, encodeURIComponent and decodeURIComponent",
  URLSearchParams: "use encodeURIComponent and decodeURIComponent",
  window: "this is no browser; globalThis is there",
  document: "this is no browser",
  crypto: "there is no randomness and no cryptography here: CryptographicHashContent makes hashes",
  Worker: "there are no threads",
  Deno: "there is no Deno here; a script has the language's own objects",
  flowFile: "take one with `var flowFile = session.get()`",
  flowfile: "take one with `function process(flowfile) { … }`",
  session: "the simple style has it as a parameter: `function process(session, flowfile) { … }`",
};

/** The name that scripts are called by, and how many lines they have. */
let script = { name: "script", lines: 0 };

export function setScript(name, source) {
  script = { name, lines: split(source, "\n").length };
}

/** An error with the line of the script: for what is found before the script runs. */
export class ScriptError extends SyntaxError {
  constructor(message, line, column) {
    super(message);
    this.at = { line, column };
  }
}
Object.defineProperty(ScriptError.prototype, "name", { value: "SyntaxError" });

/** The fault for whatever was thrown. Never throws itself. */
export function faultOf(error) {
  try {
    return describe(error);
  } catch {
    // Its getters throw, or memory is used up: so say little, with what is already there.
    return {
      message: "the script failed, and with an error that cannot be shown",
      line: null,
      trace: "",
    };
  }
}

function describe(error) {
  if (typeof error !== "object" || error === null) {
    return {
      message:
        `the script threw ${shown(error)}, which is no Error: ` +
        'throw new Error("…") also says where',
      line: null,
      trace: "",
    };
  }
  const stack = stackOf(error);
  const frames = framesOf(typeof stack === "string" ? stack : "");
  let line = hasOwn(error, "at") ? error.at.line : frames.line;
  if (typeof line !== "number" || !(line > 0)) line = null;
  // A bracket that is missing is missed behind the end.
  else if (line > script.lines && script.lines > 0) line = script.lines;
  return { message: messageOf(error), line, trace: toWellFormed(frames.text) };
}

/** QuickJS has the stack of all errors behind a getter, which a script may replace. */
const stackGetter = getOwnPropertyDescriptor(ErrorClass.prototype, "stack")?.get;

function stackOf(error) {
  if (stackGetter === undefined || hasOwn(error, "stack")) return error.stack;
  return error instanceof ErrorClass ? apply(stackGetter, error, []) : error.stack;
}

function messageOf(error) {
  const { message } = error;
  if (typeof message !== "string") {
    return (
      `the script threw ${shown(error)}, which is no Error: ` +
      'throw new Error("…") also says where'
    );
  }
  const name = typeof error.name === "string" ? error.name : "Error";
  if (name === "InternalError" && message === "out of memory") {
    return (
      "out of memory: the script holds more than the processor may use; read content with " +
      "chunks(), or raise the processor's memory"
    );
  }
  const text = error instanceof HostError || message === "" ? message : `${name}: ${message}`;
  const missing = exec(/^'?([\w$]+)'? is not defined$/, message);
  const hint = missing === null ? undefined : hints[missing[1]];
  const whole = hint === undefined ? text || name : `${text} (${hint})`;
  return toWellFormed(whole);
}

function shown(value) {
  if (typeof value === "string") return stringify(value);
  if (typeof value === "object" && value !== null) return stringify(value) ?? "an object";
  return StringOf(value);
}

/**
 * The script's frames of a stack, innermost first. The script is compiled with `eval`, for which
 * QuickJS says `<input>` and V8 (in tests) `<anonymous>`.
 */
function framesOf(stack) {
  const lines = split(stack, "\n");
  let text = "";
  let first = null;
  for (let at = 0; at < lines.length; at += 1) {
    const found = exec(/(?:<input>|<anonymous>|script\.js):(\d+):(\d+)\)?$/, trim(lines[at]));
    if (found === null) continue;
    const line = NumberOf(found[1]);
    if (line > script.lines) continue;
    const call = exec(/^at (?:async )?(?:new )?([^\s(]+) \(/, trim(lines[at]));
    const name =
      call === null ||
      call[1] === "<anonymous>" ||
      call[1] === "eval" ||
      startsWith(call[1], "Object.<")
        ? "the script"
        : call[1];
    if (first === null) first = line;
    text += `${text === "" ? "" : "\n"}  at ${name} (${script.name}:${line})`;
    if (text.length > 8000) {
      text = `${substring(text, 0, 8000)}\n  …`;
      break;
    }
  }
  return { text, line: first };
}
