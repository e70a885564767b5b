/** Where keys and the clipboard are not the canvas's. */
const WRITING = "input, textarea, select, [contenteditable], [data-writes], dialog, [role=menu]";

/** Whether an event belongs to somebody who is writing, or to a dialog or a menu. */
export function isElsewhere(event: Event): boolean {
  if (event.target instanceof HTMLElement && event.target.closest(WRITING)) return true;
  return document.querySelector("dialog[open]") !== null;
}

/** Text that is marked is copied as ever. */
export function isTextMarked(): boolean {
  return getSelection()?.isCollapsed === false;
}
