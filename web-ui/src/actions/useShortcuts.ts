/** Shortcuts work wherever nobody is writing. */
import { useEffect } from "react";
import { actionFor, keysOf, perform } from "./registry";

const WRITING = "input, textarea, select, [contenteditable], dialog, [role=menu]";

export function useShortcuts(): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const target = event.target instanceof Element ? event.target : null;
      if (event.defaultPrevented || target?.closest(WRITING)) return;
      if (document.querySelector("dialog[open]")) return;
      // A button answers to Space and Enter by itself; text that is marked is copied as ever.
      const keys = keysOf(event);
      if (keys === "Mod+C" && !getSelection()?.isCollapsed) return;
      const action = actionFor(keys);
      if (!action) return;
      event.preventDefault();
      perform(action);
    };
    window.addEventListener("keydown", onKeyDown);
    return () => {
      window.removeEventListener("keydown", onKeyDown);
    };
  }, []);
}
