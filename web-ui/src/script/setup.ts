/** What the editor of scripts can do: all of CodeMirror that it is made of. */
import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  closeCompletion,
  completionKeymap,
  completionStatus,
} from "@codemirror/autocomplete";
import {
  defaultKeymap,
  history,
  historyKeymap,
  indentWithTab,
  standardKeymap,
} from "@codemirror/commands";
import { bracketMatching, indentOnInput } from "@codemirror/language";
import { lintGutter, nextDiagnostic, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import {
  Compartment,
  EditorState,
  Prec,
  RangeSetBuilder,
  StateField,
  Transaction,
  type Extension,
} from "@codemirror/state";
import {
  crosshairCursor,
  Decoration,
  drawSelection,
  dropCursor,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
  placeholder,
  rectangularSelection,
  type DecorationSet,
} from "@codemirror/view";
import { forEachDiagnostic } from "@codemirror/lint";
import { t } from "../messages";
import { completing } from "./completion";
import type { ScriptFault } from "./faults";
import type { Language } from "./language";
import { looks } from "./theme";

export interface Wishes {
  label: string;
  isReadOnly: boolean;
  /** In the panel: without what needs room. */
  isSmall: boolean;
  onType: (text: string) => void;
  /** What is written counts. */
  onEnd: () => void;
  /** The keyboard goes on elsewhere. */
  onLeave: () => void;
  onRun: (() => void) | undefined;
  onPlace: (line: number, column: number) => void;
}

export const languagePart = new Compartment();
export const lockedPart = new Compartment();

const LOADED = {
  python: () => import("./python"),
  javascript: () => import("./javascript"),
} as const;

/** A language's own part, which is loaded with the first script in it. */
export async function partOf(
  language: Language,
  attributes: () => readonly string[],
): Promise<Extension> {
  const { support, known } = await LOADED[language]();
  const autocomplete = completing(known, language, attributes);
  return [support, EditorState.languageData.of(() => [{ autocomplete }])];
}

/** Lines with a fault are tinted as a whole. */
const faultLines = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update: (_, { state }) => {
    const lines = new Set<number>();
    forEachDiagnostic(state, (_fault, from) => {
      lines.add(state.doc.lineAt(Math.min(from, state.doc.length)).from);
    });
    const builder = new RangeSetBuilder<Decoration>();
    const mark = Decoration.line({ class: "cm-faultLine" });
    for (const from of [...lines].sort((one, other) => one - other)) builder.add(from, from, mark);
    return builder.finish();
  },
  provide: (field) => EditorView.decorations.from(field),
});

export function setup(wishes: () => Wishes): Extension {
  const { label, isSmall } = wishes();
  const always = (done: (wanted: Wishes) => void) => () => {
    done(wishes());
    return true;
  };
  return [
    // Proposals that have not come yet are no reason to stay.
    Prec.highest(
      keymap.of([
        {
          key: "Escape",
          run: (view) => {
            if (completionStatus(view.state) === "pending") closeCompletion(view);
            return false;
          },
        },
      ]),
    ),
    lineNumbers(),
    lintGutter(),
    faultLines,
    highlightSpecialChars(),
    history(),
    drawSelection(),
    dropCursor(),
    EditorState.allowMultipleSelections.of(true),
    indentOnInput(),
    bracketMatching(),
    closeBrackets(),
    autocompletion({ maxRenderedOptions: 200 }),
    rectangularSelection(),
    crosshairCursor(),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    isSmall ? [] : [highlightSelectionMatches(), search({ top: true })],
    placeholder(t("scriptPlaceholder")),
    keymap.of([
      { key: "Mod-s", run: always(({ onEnd }) => onEnd()), preventDefault: true },
      {
        key: "Mod-Enter",
        run: () => {
          const { onRun } = wishes();
          onRun?.();
          return onRun !== undefined;
        },
      },
      { key: "F8", run: nextDiagnostic },
      ...closeBracketsKeymap,
      ...completionKeymap,
      ...historyKeymap,
      ...(isSmall ? [] : searchKeymap),
      ...defaultKeymap,
      ...standardKeymap,
      indentWithTab,
      // Behind all that Escape closes otherwise: proposals, the search, several cursors.
      { key: "Escape", run: always(({ onLeave }) => onLeave()) },
    ]),
    EditorView.contentAttributes.of({ "aria-label": label, spellcheck: "false", tabindex: "0" }),
    EditorView.updateListener.of(({ docChanged, selectionSet, state, transactions }) => {
      const { onType, onPlace } = wishes();
      // What came from elsewhere is there already.
      const isTyped = transactions.some(
        (each) => each.docChanged && each.annotation(Transaction.remote) !== true,
      );
      if (isTyped) onType(state.doc.toString());
      if (!docChanged && !selectionSet) return;
      const { head } = state.selection.main;
      const line = state.doc.lineAt(head);
      onPlace(line.number, head - line.from + 1);
    }),
    languagePart.of([]),
    lockedPart.of([]),
    looks(),
  ];
}

/** Puts another text in its place where it differs, so that cursor and marks stay where they can. */
export function show(view: EditorView, text: string): void {
  const now = view.state.doc.toString();
  if (now === text) return;
  let from = 0;
  while (from < now.length && from < text.length && now[from] === text[from]) from += 1;
  let back = 0;
  const most = Math.min(now.length, text.length) - from;
  while (back < most && now[now.length - 1 - back] === text[text.length - 1 - back]) back += 1;
  view.dispatch({
    changes: { from, to: now.length - back, insert: text.slice(from, text.length - back) },
    annotations: [Transaction.remote.of(true), Transaction.addToHistory.of(false)],
  });
}

/** Marks the lines that failed. */
export function mark(view: EditorView, faults: readonly ScriptFault[]): void {
  const { doc } = view.state;
  const diagnostics = faults
    .filter(({ line }) => line >= 1 && line <= doc.lines)
    .map(({ line, message }) => {
      const { from, to, text } = doc.line(line);
      const indent = /^\s*/.exec(text)?.[0].length ?? 0;
      return { from: from + indent, to, severity: "error" as const, message };
    });
  view.dispatch(setDiagnostics(view.state, diagnostics));
}
