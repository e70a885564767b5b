/** Shortcuts work wherever nobody is writing; a few of them in fields, too. */
import { useEffect } from "react";
import { actionFor, keysOf, nativeOf, perform } from "./registry";
import { isElsewhere, isTextMarked } from "./writing";

const FIELD = "input, textarea, select, [data-writes]";
const HEAR_AFTER_MS = 500;

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

/** Whether the browser's own events of the clipboard are answered yet. */
let isHeard = false;

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || isElsewhere(event)) return;
  // A button answers to Space and Enter by itself.
  const keys = keysOf(event);
  if ((keys === "Mod+C" || keys === "Mod+X") && isTextMarked()) return;
  const action = actionFor(keys);
  if (!action) return;
  // The browser makes an event of the clipboard of these keys, and that does it.
  if (isHeard && nativeOf(event) === action.id) return;
  event.preventDefault();
  perform(action);
}

export function useShortcuts(): void {
  useEffect(() => {
    let stop: (() => void) | undefined;
    let isOver = false;
    // Not before the first picture; until then the keys do it as menus do.
    const timer = setTimeout(() => {
      void import("./copy").then(
        ({ hearClipboard }) => {
          if (isOver) return;
          stop = hearClipboard();
          isHeard = true;
        },
        // Who then copies is told that the part is not there.
        () => undefined,
      );
    }, HEAR_AFTER_MS);
    window.addEventListener("keydown", onFieldKeyDown, { capture: true });
    window.addEventListener("keydown", onKeyDown);
    return () => {
      isOver = true;
      clearTimeout(timer);
      stop?.();
      isHeard = false;
      window.removeEventListener("keydown", onFieldKeyDown, { capture: true });
      window.removeEventListener("keydown", onKeyDown);
    };
  }, []);
}
