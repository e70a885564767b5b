/** An editor of CodeMirror for text. It stands in a shadow tree: there the library's styles are
 * sheets of the tree, which the page's policy allows. */
import type { EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { useEffect, useRef, type RefObject } from "react";

interface Editor {
  host: RefObject<HTMLDivElement | null>;
  view: RefObject<EditorView | undefined>;
}

/** `begin` makes what it begins with, and `isFocused` says whether it has the keys then. */
export function useEditorView(begin: () => EditorState, isFocused: () => boolean): Editor {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const first = useRef({ begin, isFocused });
  useEffect(() => {
    const element = host.current;
    if (!element) return undefined;
    const root = element.shadowRoot ?? element.attachShadow({ mode: "open" });
    const editor = new EditorView({ root, parent: root, state: first.current.begin() });
    view.current = editor;
    // A dialog around is opened after its content has been made.
    const timer = setTimeout(() => {
      if (first.current.isFocused()) editor.focus();
    });
    return () => {
      clearTimeout(timer);
      view.current = undefined;
      editor.destroy();
    };
  }, []);
  return { host, view };
}
