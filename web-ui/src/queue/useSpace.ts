/** The space key plays, wherever it means nothing else. */
import { useEffect, type RefObject } from "react";

const OWN =
  "button:not(.queue-item), a, input, select, textarea, [contenteditable], [role=tab], [role=menu]";

/** A player in a dialog goes before one behind it. */
export function useSpace(root: RefObject<HTMLElement | null>, toggle: () => void): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const target = event.target instanceof Element ? event.target : null;
      if (event.key !== " " || event.defaultPrevented || target?.closest(OWN)) return;
      if (document.querySelector("dialog[open]") !== (root.current?.closest("dialog") ?? null)) {
        return;
      }
      event.preventDefault();
      toggle();
    };
    document.addEventListener("keydown", onKeyDown, { capture: true });
    return () => {
      document.removeEventListener("keydown", onKeyDown, { capture: true });
    };
  }, [root, toggle]);
}
