/** The text of an expression, with proposals. */
import { autocompletion, closeBrackets, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { EditorState, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, keymap, type DecorationSet } from "@codemirror/view";
import { useEffect, useRef } from "react";
import type { ExpressionFault } from "../api/types";
import { useEditorView } from "../components/useEditorView";
import { completing, type Known } from "./completion";

interface Props {
  label: string;
  text: string;
  known: Known;
  fault: ExpressionFault | undefined;
  onChange: (text: string) => void;
  onTakeOver: () => void;
}

const setFault = StateEffect.define<ExpressionFault | undefined>();
const faulty = Decoration.mark({ class: "cm-fault" });

const faultField = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, transaction) {
    let next = transaction.docChanged ? Decoration.none : marks;
    for (const effect of transaction.effects) {
      if (!effect.is(setFault)) continue;
      const { length } = transaction.newDoc;
      const from = Math.min(effect.value?.start ?? 0, length);
      const to = Math.min(effect.value?.end ?? 0, length);
      next = to > from ? Decoration.set([faulty.range(from, to)]) : Decoration.none;
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

const theme = EditorView.theme({
  "&": {
    color: "var(--text)",
    backgroundColor: "var(--surface)",
    border: "1px solid var(--line-strong)",
    borderRadius: "var(--radius-m)",
    fontSize: "var(--text-m)",
  },
  "&.cm-focused": { outline: "2px solid var(--accent)" },
  ".cm-content": { fontFamily: "var(--mono)", minHeight: "96px", caretColor: "var(--text)" },
  ".cm-content .cm-line": { padding: "0 10px" },
  ".cm-cursor": { borderLeftColor: "var(--text)" },
  "&.cm-focused .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "var(--accent-soft) !important",
  },
  ".cm-fault": { textDecoration: "underline wavy var(--bad)" },
  ".cm-tooltip": {
    padding: "4px",
    border: "1px solid var(--line-strong)",
    borderRadius: "var(--radius-m)",
    backgroundColor: "var(--surface)",
    boxShadow: "var(--shadow-2)",
  },
  ".cm-tooltip-autocomplete > ul > li": {
    padding: "4px 8px",
    borderRadius: "var(--radius-s)",
    fontFamily: "var(--mono)",
  },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": {
    color: "var(--text)",
    backgroundColor: "var(--accent-soft)",
  },
  ".cm-completionDetail": { color: "var(--text-2)", fontStyle: "normal" },
  ".cm-completionInfo": { maxWidth: "320px", padding: "8px", whiteSpace: "pre-wrap" },
});

export function ExpressionEditor(props: Props) {
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });
  const { host, view } = useEditorView(
    () =>
      EditorState.create({
        doc: latest.current.text,
        selection: { anchor: latest.current.text.length },
        extensions: [
          history(),
          closeBrackets(),
          autocompletion({ override: [completing(() => latest.current.known)], icons: false }),
          keymap.of([
            {
              key: "Mod-Enter",
              run: () => {
                latest.current.onTakeOver();
                return true;
              },
            },
            ...completionKeymap,
            ...historyKeymap,
            ...defaultKeymap,
          ]),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ "aria-label": latest.current.label }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) latest.current.onChange(update.state.doc.toString());
          }),
          faultField,
          theme,
        ],
      }),
    () => true,
  );
  const { fault } = props;
  useEffect(() => {
    view.current?.dispatch({ effects: setFault.of(fault) });
  }, [fault, view]);
  return <div ref={host} className="expression-editor" />;
}
