/** Proposes in scripts what can be named there, and the attributes of the sample. */
import {
  pickedCompletion,
  snippetCompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
} from "@codemirror/autocomplete";
import { syntaxTree } from "@codemirror/language";
import type { EditorView } from "@codemirror/view";
import { t } from "../messages";
import { knownAt, shortSignature, type Lists, type Name } from "./known";
import type { Language } from "./language";
import { SNIPPETS } from "./snippets";

/** Where nothing of the language is written. */
const TEXTS = /String|Comment|RegExp/;
/** Before the quote of a text that names an attribute. */
const ATTRIBUTE =
  /(?:\w\[|\battributes\[|\.(?:get|getAttribute|removeAttribute)\(|\.putAttribute\([^"'()]+,)\s*["']([\w.-]*)$/;

export function completing(
  lists: Lists,
  language: Language,
  attributes: () => readonly string[],
): (context: CompletionContext) => CompletionResult | null {
  return (context) => {
    const { state, pos, explicit } = context;
    const line = state.doc.lineAt(pos);
    const before = line.text.slice(0, pos - line.from);
    const inText = TEXTS.test(syntaxTree(state).resolveInner(pos, -1).name);
    const [, attribute] = ATTRIBUTE.exec(before) ?? [];
    if (attribute !== undefined) return ofAttributes(attributes(), pos - attribute.length);
    if (inText) return null;
    const [, member] = /\.attributes\??\.(\w*)$/.exec(before) ?? [];
    if (member !== undefined && language === "javascript") {
      const plain = attributes().filter((each) => /^[A-Za-z_$][\w$]*$/.test(each));
      return ofAttributes(plain, pos - member.length);
    }
    const place = knownAt(state.doc.toString(), pos, lists, language);
    if (!place) return null;
    const isMember = /\.\s*$/.test(state.sliceDoc(Math.max(0, place.from - 2), place.from));
    if (!explicit && !isMember && place.from === pos) return null;
    const options = place.names.map(optionOf);
    // Whole scripts begin where nothing stands before them.
    const isStart = before.trimStart() === line.text.slice(place.from - line.from, pos - line.from);
    if (!isMember && isStart) options.push(...snippetsOf(language));
    return { from: place.from, options, validFor: /^[\w$]*$/ };
  };
}

function ofAttributes(names: readonly string[], from: number): CompletionResult {
  const options = names.map((label): Completion => ({ label, type: "constant" }));
  return { from, options, validFor: /^[\w.-]*$/ };
}

function snippetsOf(language: Language): Completion[] {
  return SNIPPETS[language].map(({ code, label, name }) =>
    snippetCompletion(code, { label, detail: t(name), type: "text", boost: -1 }),
  );
}

function optionOf(name: Name): Completion {
  const { kind } = name;
  const isCalled = kind === "method" || kind === "function";
  return {
    label: name.name,
    type: kind,
    detail: shortSignature(name),
    // Its own names come before those that every script has.
    boost: 1,
    info: () => infoOf(name),
    ...(isCalled ? { apply: callOf(name) } : {}),
  };
}

/** Writes a call, and goes into its brackets where there is something to say. */
function callOf({ name, signature }: Name) {
  return (view: EditorView, option: Completion, from: number, to: number) => {
    const isThere = view.state.sliceDoc(to, to + 1) === "(";
    const isBare = signature.split("\n").every((each) => each.startsWith("()"));
    const insert = isThere ? name : `${name}()`;
    view.dispatch({
      changes: { from, to, insert },
      selection: { anchor: from + insert.length - (isThere || isBare ? 0 : 1) },
      annotations: pickedCompletion.of(option),
      userEvent: "input.complete",
    });
  };
}

function infoOf({ name, kind, signature, about }: Name): HTMLElement {
  const box = document.createElement("div");
  const isCalled = kind === "method" || kind === "function" || kind === "class";
  for (const each of signature.split("\n")) {
    const code = document.createElement("code");
    code.textContent = isCalled ? name + each : `${name}: ${each}`;
    if (each !== "" && each !== name) box.append(code);
  }
  if (about !== "") {
    const text = document.createElement("p");
    text.textContent = about;
    box.append(text);
  }
  return box;
}
