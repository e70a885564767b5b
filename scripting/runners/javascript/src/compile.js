// A script as functions: its style is found, types and module syntax are taken out, and the whole
// is compiled once. What comes before the script stands on its first line, so lines stay right.
import { warn } from "./output.js";
import { lower } from "./syntax/lower.js";
import {
  exec,
  join,
  ownKeys,
  startsWith,
  substring,
  SyntaxErrorClass,
  TypeErrorClass,
} from "./primordials.js";

const evaluate = globalThis.eval;

/** Words for which the script has to be parsed here before QuickJS does. */
const special = /\b(import|export|async|await)\b/;
/** What is no declaration that is there before the script runs, as a function would be. */
const assigned = /(^|[;{}\n])\s*var\s+process(Batch)?\s*=/;

/**
 * `{ process, processBatch }` of the simple style, or `{ body, source }` of NiFi's; `values` are
 * those of the names that a script has.
 */
export function compile(name, script, values) {
  // Editors of other systems put a line for the shell before it.
  const source = startsWith(script, "#!") ? `//${substring(script, 2)}` : script;
  const typed = exec(/\.[mc]?ts$/, name) !== null;
  let { text, strict } =
    typed || exec(special, source) !== null
      ? lower(source, typed)
      : { text: source, strict: false };
  let body;
  try {
    body = evaluated(text, strict, "", values);
  } catch (error) {
    if (text !== source || !(error instanceof SyntaxErrorClass)) throw error;
    // It may have types. If it has not, the parser says better than QuickJS what is wrong.
    ({ text, strict } = lower(source, true));
    if (text === source) throw error;
    body = evaluated(text, strict, "", values);
  }
  if (!definesProcess(text, strict, values)) {
    if (exec(/\bsession\b/, text) === null) {
      warn(
        "the script defines no process and takes no flowfile: write function process(flowfile) " +
          "{ … }, or take flowfiles with session.get(), as scripts of NiFi do",
      );
    }
    return { body, source: text };
  }
  // The simple style is strict: a name without `let` would be left for the next flowfile.
  const parts = evaluated(
    text,
    true,
    '\n;return { process: typeof process === "undefined" ? ' +
      'undefined : process, processBatch: typeof processBatch === "undefined" ? undefined ' +
      ": processBatch }",
    values,
  )(undefined)();
  if (parts === undefined) {
    throw new TypeErrorClass(
      "the script returns before it is read to its end: leave out the " +
        "return that stands in no function",
    );
  }
  const { process, processBatch } = parts;
  if (typeof (processBatch ?? process) !== "function") {
    throw new TypeErrorClass("process is no function: write function process(flowfile) { … }");
  }
  return { process, processBatch };
}

/** The script inside of functions, with all on one line that comes before it. */
function evaluated(text, strict, after, values, before = "") {
  const names = join(ownKeys(values), ", ");
  return evaluate(
    `(function ({ ${names} }) { return function (session) {${
      strict ? '"use strict";' : ""
    } return function () {${before}${text}${after}\n} } })`,
  )(values);
}

/** Whether `process` or `processBatch` is defined at the top, before any of the script runs. */
function definesProcess(text, strict, values) {
  if (exec(/\bprocess(Batch)?\b/, text) === null) return false;
  if (exec(assigned, text) !== null) return true;
  try {
    const [one, batch] = evaluated(
      text,
      strict,
      "",
      values,
      "return [typeof process, typeof processBatch];",
    )(undefined)();
    return one !== "undefined" || batch !== "undefined";
  } catch {
    // `const process` is not there yet, but it is known.
    return true;
  }
}
