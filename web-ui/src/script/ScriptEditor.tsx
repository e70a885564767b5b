/** The text of a script. */
import { snippet } from "@codemirror/autocomplete";
import { openSearchPanel } from "@codemirror/search";
import { EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { useEffect, useImperativeHandle, useLayoutEffect, useRef, type Ref } from "react";
import { useEditorView } from "../components/useEditorView";
import type { ScriptFault } from "./faults";
import type { Language } from "./language";
import { languagePart, lockedPart, mark, partOf, setup, show, type Wishes } from "./setup";

/** What others do with it. */
export interface EditorHandle {
  focus: () => void;
  /** The cursor goes to the begin of a line, which comes into view. */
  goTo: (line: number) => void;
  insert: (code: string) => void;
  find: () => void;
}

interface Props extends Omit<Wishes, "onPlace"> {
  id?: string | undefined;
  ref?: Ref<EditorHandle>;
  /** Where there is none, what is shown stays. */
  text: string | undefined;
  /** Whether it is being written: then the editor itself knows best what it is, as keys may come
   * faster than it is drawn. */
  isHeld: () => boolean;
  language: Language | undefined;
  faults: readonly ScriptFault[];
  /** Names of attributes that the sample has. */
  attributes: readonly string[];
  /** What else is to be heard of it: names of elements do not reach into a shadow tree. */
  description?: string | undefined;
  isInvalid?: boolean;
  isFocused?: boolean;
  onPlace?: (line: number, column: number) => void;
}

const plain = (text: string) => text.replaceAll("\r\n", "\n");

export function ScriptEditor(props: Props) {
  const latest = useRef(props);
  useLayoutEffect(() => {
    latest.current = props;
  });
  const { host, view } = useEditorView(
    () =>
      EditorState.create({
        doc: plain(latest.current.text ?? ""),
        extensions: setup(() => ({ onPlace: () => undefined, ...latest.current })),
      }),
    () => latest.current.isFocused === true,
  );

  const { text, language, faults, isReadOnly, description, isInvalid } = props;
  useEffect(() => {
    if (view.current && text !== undefined && !latest.current.isHeld()) {
      show(view.current, plain(text));
    }
  }, [text, view]);
  useEffect(() => {
    let isOver = false;
    const put = (part: Parameters<typeof languagePart.reconfigure>[0]) => {
      if (!isOver) view.current?.dispatch({ effects: languagePart.reconfigure(part) });
    };
    if (language === undefined) put([]);
    else {
      // Without it the script can be written all the same.
      void partOf(language, () => latest.current.attributes).then(put, () => undefined);
    }
    return () => {
      isOver = true;
    };
  }, [language, view]);
  useEffect(() => {
    if (view.current) mark(view.current, faults);
  }, [faults, view]);
  useEffect(() => {
    const said: Record<string, string> = {
      ...(isReadOnly ? { "aria-readonly": "true" } : {}),
      ...(isInvalid === true ? { "aria-invalid": "true" } : {}),
      ...(description === undefined ? {} : { "aria-description": description }),
    };
    const part = [EditorState.readOnly.of(isReadOnly), EditorView.contentAttributes.of(said)];
    view.current?.dispatch({ effects: lockedPart.reconfigure(part) });
  }, [isReadOnly, isInvalid, description, view]);

  useImperativeHandle(props.ref, () => ({
    focus: () => view.current?.focus(),
    goTo: (line) => {
      const editor = view.current;
      if (!editor) return;
      const { doc } = editor.state;
      const { from } = doc.line(Math.max(1, Math.min(line, doc.lines)));
      editor.dispatch({
        selection: { anchor: from },
        effects: EditorView.scrollIntoView(from, { y: "center" }),
      });
      editor.focus();
    },
    insert: (code) => {
      const editor = view.current;
      if (!editor) return;
      const { from, to } = editor.state.selection.main;
      snippet(code)(editor, null, from, to);
      editor.focus();
    },
    find: () => {
      if (view.current) openSearchPanel(view.current);
    },
  }));
  return <div id={props.id} ref={host} className="script-editor" data-writes />;
}
