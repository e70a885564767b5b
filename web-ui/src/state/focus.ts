/** Where the focus goes when what had it is gone: to the canvas, as keys are its own. */
import { useEffect } from "react";

export function focusCanvas(): void {
  document.querySelector<HTMLElement>(".canvas")?.focus({ preventScroll: true });
}

export function isFocusLost(): boolean {
  return document.activeElement === null || document.activeElement === document.body;
}

/** Gives a focus that is lost to `wanted`, or else to the canvas; beside an open dialog it cannot be
 * had. */
export function findFocus(wanted?: HTMLElement): void {
  if (!isFocusLost()) return;
  if (wanted?.isConnected === true) wanted.focus({ preventScroll: true });
  if (isFocusLost()) focusCanvas();
}

/** What was shown and is closed gives the focus back, where it had it. */
export function useFocusBack(isShown: boolean): void {
  useEffect(
    () =>
      isShown
        ? () => {
            findFocus();
          }
        : undefined,
    [isShown],
  );
}
