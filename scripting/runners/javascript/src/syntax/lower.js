// Makes plain JavaScript of a script: without types, modules and async functions, which QuickJS
// has or the component cannot run. Used before any script has run, so the language is as it was.
import { Parser } from "acorn";
import { tsPlugin } from "@sveltejs/acorn-typescript";
import { ScriptError } from "../faults.js";
import { takeTypesOut } from "./types.js";
import { takeModulesOut } from "./modules.js";
import { lowerAsync } from "./async.js";
import { Edits } from "./walk.js";

const TypeScript = Parser.extend(tsPlugin());

/** `{ text, strict }`: the script in plain JavaScript, and whether it is a module. */
export function lower(source, typed) {
  const { tree, types } = parse(source, typed);
  const edits = new Edits(source);
  const strict = takeModulesOut(tree, source, edits);
  lowerAsync(tree, source, edits);
  if (types) takeTypesOut(tree, source, edits);
  return { text: edits.apply(), strict };
}

function parse(source, typed) {
  const module = /(^|[\n;])\s*(import|export)\b/.test(source);
  const options = {
    ecmaVersion: "latest",
    sourceType: module ? "module" : "script",
    locations: true,
    allowReturnOutsideFunction: true,
    allowAwaitOutsideFunction: true,
  };
  if (!typed) {
    try {
      return { tree: Parser.parse(source, options), types: false };
    } catch {
      // Perhaps it has types; what is wrong otherwise is said then.
    }
  }
  try {
    return { tree: TypeScript.parse(source, options), types: true };
  } catch (error) {
    if (/sourceType: module/.test(error?.message) && !module) {
      return { tree: TypeScript.parse(source, { ...options, sourceType: "module" }), types: true };
    }
    throw explained(error, source);
  }
}

/** The parser's error, with the line, and what stands there. */
function explained(error, source) {
  if (!(error instanceof SyntaxError) || error.loc === undefined) return error;
  const message = error.message.replace(/ \(\d+:\d+\)$/, "");
  const there = /^(\w+|\S)/.exec(source.slice(error.pos))?.[0];
  const text =
    message === "Unexpected token"
      ? there === undefined
        ? "the script ends too early: a bracket is not closed"
        : `unexpected '${there}'`
      : message[0].toLowerCase() + message.slice(1);
  return new ScriptError(text, error.loc.line, error.loc.column);
}
