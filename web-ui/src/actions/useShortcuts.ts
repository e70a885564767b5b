/** Shortcuts work wherever nobody is writing; a few of them in fields, too. */
import { useEffect } from "react";
import { actionFor, keysOf, perform } from "./registry";

const WRITING = "input, textarea, select, [contenteditable], dialog, [role=menu]";
const FIELD = "input, textarea, select";

function targetOf(event: Event): HTMLElement | null {
  return event.target instanceof HTMLElement ? event.target : null;
}

/** Before the field has its keys: it is left, so that what was typed counts. */
function onFieldKeyDown(event: KeyboardEvent): void {
  const target = targetOf(event);
  if (!target?.matches(FIELD) || target.closest("dialog, [role=menu]")) return;
  const action = actionFor(keysOf(event));
  if (action?.isInFields !== true) return;
  event.preventDefault();
  event.stopPropagation();
  target.blur();
  perform(action);
}

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || targetOf(event)?.closest(WRITING)) return;
  if (document.querySelector("dialog[open]")) return;
  // A button answers to Space and Enter by itself; text that is marked is copied as ever.
  const keys = keysOf(event);
  if (keys === "Mod+C" && !getSelection()?.isCollapsed) return;
  const action = actionFor(keys);
  if (!action) return;
  event.preventDefault();
  perform(action);
}

export function useShortcuts(): void {
  useEffect(() => {
    window.addEventListener("keydown", onFieldKeyDown, { capture: true });
    window.addEventListener("keydown", onKeyDown);
    return () => {
      window.removeEventListener("keydown", onFieldKeyDown, { capture: true });
      window.removeEventListener("keydown", onKeyDown);
    };
  }, []);
}
