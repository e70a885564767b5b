/** What may be named at a place of a script, by the lists that are made of the stubs. No editor. */
import type { Language } from "./language";

/** Its name, what kind it is, its signature, what it is for, and the type that it has or gives. */
type Row = readonly [string, string, string, string, string];

/** A list as `stubs/make.mjs` writes it. */
export interface Lists {
  names: readonly Row[];
  types: Readonly<Record<string, readonly Row[]>>;
}

export interface Name {
  name: string;
  kind: string;
  /** One on each line, where it can be called in several ways. */
  signature: string;
  about: string;
  /** The type that it has, or that its call gives; an empty text where that is not known. */
  type: string;
}

const named = ([name, kind, signature, about, type]: Row): Name => ({
  ...{ name, kind, signature, about, type },
});

/** What may be written, and where the word begins that is being written. */
export interface Place {
  from: number;
  names: Name[];
}

/** What scripts usually call what they are handed. */
const USUAL: readonly [RegExp, Readonly<Record<Language, string>>][] = [
  [/^(flow_?file|ff)$/i, { python: "FlowFile", javascript: "FlowFile" }],
  [/^session$/i, { python: "NifiSession", javascript: "Session" }],
  [/^context$/i, { python: "Context", javascript: "Context" }],
  [/^log(ger)?$/i, { python: "ComponentLog", javascript: "Log" }],
  [/^(input|input_?stream)$/i, { python: "InputStream", javascript: "InputStream" }],
  [/^(output|output_?stream)$/i, { python: "OutputStream", javascript: "OutputStream" }],
];

/** How far back an expression is looked at that ends before a dot. */
const CHAIN_MAX = 2000;
/** How many names may lead to one another, as in `a = b.get()`. */
const STEPS_MAX = 8;

/** A step of `a.b().c`: a name, and whether it is called. */
export interface Step {
  name: string;
  isCalled: boolean;
}

/** The steps of the expression that a text ends with; none where that is no chain of names. */
export function chainBefore(text: string): Step[] {
  const steps: Step[] = [];
  const start = Math.max(0, text.length - CHAIN_MAX);
  let at = text.length;
  for (;;) {
    let isCalled = false;
    if (text[at - 1] === ")") {
      const open = openingOf(text, at - 1, start);
      if (open === undefined) return [];
      isCalled = true;
      at = open;
    }
    const end = at;
    while (at > start && /[\w$]/.test(text[at - 1] ?? "")) at -= 1;
    const name = text.slice(at, end);
    if (!/^[A-Za-z_$]/.test(name)) return [];
    steps.unshift({ name, isCalled });
    // `?.` is JavaScript's.
    const dot = /\s*\??\.\s*$/.exec(text.slice(start, at));
    if (!dot) return steps;
    at -= dot[0].length;
  }
}

/** Where the bracket is opened that is closed at a place. */
function openingOf(text: string, close: number, start: number): number | undefined {
  let depth = 0;
  for (let at = close; at >= start; at -= 1) {
    const sign = text[at] ?? "";
    if (sign === '"' || sign === "'" || sign === "`") {
      // What a text has in it opens and closes nothing.
      const before = text.lastIndexOf(sign, at - 1);
      if (before >= start) at = before;
    } else if (sign === ")" || sign === "]" || sign === "}") depth += 1;
    else if (sign === "(" || sign === "[" || sign === "{") {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return undefined;
}

/** The type of an expression in a script, if it is known. */
function typeOf(
  steps: readonly Step[],
  script: string,
  lists: Lists,
  language: Language,
  left = STEPS_MAX,
): string | undefined {
  const [first, ...rest] = steps;
  if (!first || left === 0) return undefined;
  let type = typeOfName(first.name, script, lists, language, left);
  for (const { name, isCalled } of rest) {
    const found = (lists.types[type ?? ""] ?? []).map(named).find((each) => each.name === name);
    // What a method gives is had by calling it.
    const isCallable = found?.kind === "method" || found?.kind === "function";
    type = found && isCallable === isCalled ? found.type : undefined;
  }
  return type;
}

function typeOfName(
  name: string,
  script: string,
  lists: Lists,
  language: Language,
  left: number,
): string | undefined {
  const known = lists.names.map(named).find((each) => each.name === name);
  if (known?.kind === "namespace") return known.type;
  const module = importedAs(name, script);
  if (module !== undefined && Object.hasOwn(lists.types, module)) return module;
  // What it is set to says it, where that is known; the last of several.
  const pattern = String.raw`(?:^|[^\w$.])${name.replaceAll("$", String.raw`\$`)}\s*=(?!=)\s*([^\n;]+)`;
  const set = [...script.matchAll(new RegExp(pattern, "g"))].reverse();
  for (const [, value = ""] of set) {
    const steps = chainBefore(value.replace(/^new\s+/, "").trimEnd());
    const type = typeOf(steps, script, lists, language, left - 1);
    if (type !== undefined && type !== "") return type;
  }
  const opened = openedAs(name, script);
  if (opened !== undefined) {
    const type = typeOf(chainBefore(opened), script, lists, language, left - 1);
    if (type !== undefined && type !== "") return type;
  }
  const usual = USUAL.find(([form]) => form.test(name));
  if (usual) return usual[1][language];
  return known?.type;
}

/** The module that a name stands for: `import librosa.feature as name`. */
function importedAs(name: string, script: string): string | undefined {
  for (const [, module, as] of script.matchAll(/^\s*import\s+([\w.]+)(?:\s+as\s+(\w+))?/gm)) {
    if ((as ?? module) === name) return module;
  }
  for (const [, module = "", names = ""] of script.matchAll(FROM)) {
    const imported = names.split(",").map((each) => /(\w+)(?:\s+as\s+(\w+))?/.exec(each));
    const found = imported.find((each) => (each?.[2] ?? each?.[1]) === name);
    if (found?.[1] !== undefined) return `${module}.${found[1]}`;
  }
  return undefined;
}

const FROM = /^\s*from\s+([\w.]+)\s+import\s+\(?([\w\s,]+)/gm;

/** What `with … as name` or `for name of …` opens. */
function openedAs(name: string, script: string): string | undefined {
  const found = new RegExp(String.raw`\bwith\b[^\n]*?([\w.]+\([^\n]*?\))\s+as\s+${name}\b`).exec(
    script,
  );
  return found?.[1];
}

/** What may be written at a place of a script. */
export function knownAt(
  script: string,
  at: number,
  lists: Lists,
  language: Language,
): Place | undefined {
  const before = script.slice(0, at);
  const line = before.slice(before.lastIndexOf("\n") + 1);
  const [word = ""] = /[\w$]*$/.exec(line) ?? [];
  const from = at - word.length;
  if (language === "python") {
    const [, module] = /^\s*from\s+([\w.]+)\s+import\s+(?:\(?[\w\s,]*)?$/.exec(line) ?? [];
    if (module !== undefined) return { from, names: (lists.types[module] ?? []).map(named) };
  }
  const lead = before.slice(0, from);
  if (/\.\s*$/.test(lead)) {
    const steps = chainBefore(lead.replace(/\??\.\s*$/, ""));
    const type = typeOf(steps, script, lists, language);
    const names = type === undefined ? undefined : lists.types[type];
    return names ? { from, names: names.map(named) } : undefined;
  }
  return { from, names: lists.names.map(named) };
}

/** A signature as the list has room for it: the first, without what is behind the arrow. */
export function shortSignature({ kind, signature }: Name): string {
  if (kind === "namespace") return "";
  const [first = ""] = signature.split("\n");
  const [call = ""] = first.split(" → ");
  return call.length > 40 ? `${call.slice(0, 38)}…` : call;
}
