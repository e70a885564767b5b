/** Copies what is selected as text to the system's clipboard, and pastes it from there. */
import { BODY_MAX } from "../api/client";
import { clipOf, paste, readClip, type Clip } from "../graph/clipboard";
import { t } from "../messages";
import { useDraft } from "../state/draft";
import { commit } from "../state/openFlow";
import { sceneNow } from "../state/scene";
import { focusOn, select, toast, useUi } from "../state/ui";
import { isRefused } from "../state/user";
import { boundsOf } from "../graph/boxes";
import { apply } from "../graph/changes";
import { moveThings } from "../graph/edits";
import { pinned, removeSelected } from "./build";
import { actionOf, keysFor, NATIVE_KEYS } from "./registry";
import { isElsewhere, isTextMarked } from "./writing";

/** The last copy, for browsers that do not let a page read the clipboard. */
let last: string | undefined;
/** The last copy on its way to the clipboard. */
let copying: Promise<void> | undefined;
/** When the middle button was used last: with some systems it pastes, which is not asked for here. */
let middleAt = -Infinity;
const MIDDLE_MS = 300;

/**
 * The browser's own events are what the keys go through: they read and write the clipboard at once,
 * as the keys come, and need no permission. Other ways to it end when they end: what is pasted right
 * after a copy may come before it.
 */
export function hearClipboard(): () => void {
  const kinds = ["copy", "cut", "paste"] as const;
  const buttons = ["mousedown", "mouseup"] as const;
  for (const kind of kinds) document.addEventListener(kind, hear);
  for (const kind of buttons) document.addEventListener(kind, noteButton, { capture: true });
  return () => {
    for (const kind of kinds) document.removeEventListener(kind, hear);
    for (const kind of buttons) document.removeEventListener(kind, noteButton, { capture: true });
  };
}

function noteButton(event: MouseEvent): void {
  if (event.button === 1) middleAt = performance.now();
}

function hear(event: ClipboardEvent): void {
  const { clipboardData } = event;
  if (event.defaultPrevented || !clipboardData) return;
  const isPaste = event.type === "paste";
  if (isPaste && performance.now() - middleAt < MIDDLE_MS) return;
  const action = actionOf(event.type);
  if (!action || isElsewhere(event) || (!isPaste && isTextMarked())) return;
  // Who has given its keys to another command means that one.
  const isMeant = keysFor(action).includes(NATIVE_KEYS[action.id] ?? "");
  if (!isMeant || action.isEnabled?.() === false) return;
  event.preventDefault();
  if (isRefused(action.needs)) return;
  if (isPaste) {
    pasteText(clipboardData.getData("text/plain"));
    return;
  }
  const text = clipText();
  if (text === undefined) return;
  last = text;
  clipboardData.setData("text/plain", text);
  tellCopied();
  if (event.type === "cut") removeSelected();
}

/** Whether the browser has taken the text at once; in a menu it does, as somebody has clicked. */
function putAtOnce(text: string): boolean {
  let isTaken = false;
  const give = (event: ClipboardEvent) => {
    event.clipboardData?.setData("text/plain", text);
    isTaken = event.clipboardData !== null;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  document.addEventListener("copy", give, { capture: true });
  try {
    // Nothing else writes at once, and no browser is about to leave it out.
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    return document.execCommand("copy") && isTaken;
  } catch {
    return false;
  } finally {
    document.removeEventListener("copy", give, { capture: true });
  }
}

function tellCopied(): void {
  toast({ tone: "info", title: t("copied", { count: useUi.getState().nodes.size }) });
}

function clipText(): string | undefined {
  const { nodes, group } = useUi.getState();
  if (nodes.size === 0) return undefined;
  const clip = clipOf(useDraft.getState().documents, group, nodes);
  const scene = sceneNow();
  const drawn = (scene?.boxes ?? []).filter(({ name }) => nodes.has(name));
  clip.layout.positions = {
    ...Object.fromEntries(drawn.map(({ name, x, y }) => [name, { x, y }])),
    ...clip.layout.positions,
  };
  return JSON.stringify(clip, null, 2);
}

export async function copySelected(): Promise<void> {
  const text = clipText();
  if (text === undefined) return;
  last = text;
  if (!putAtOnce(text)) {
    // Without permission it is kept in this page alone.
    copying = navigator.clipboard.writeText(text).catch(() => undefined);
    await copying;
  }
  tellCopied();
}

export async function pasteFromClipboard(): Promise<void> {
  // Who copies and pastes at once gets what was copied, and not what was there before.
  await copying;
  let text = last;
  try {
    text = await navigator.clipboard.readText();
  } catch {
    // As above.
  }
  pasteText(text);
}

function pasteText(text: string | undefined): void {
  if (text !== undefined && text.length > BODY_MAX) {
    toast({ tone: "error", title: t("pasteTooLarge"), detail: t("pasteTooLargeText") });
    return;
  }
  const clip = text === undefined ? undefined : readClip(text);
  if (clip) pasteClip(clip);
  else toast({ tone: "info", title: t("nothingToPaste") });
}

/** Puts a clip beside where it was, or at the mouse. */
function pasteClip(clip: Clip): void {
  const { group, pointer } = useUi.getState();
  const scene = sceneNow();
  const bounds = boundsOf(scene?.boxes ?? []);
  const at = pointer ?? { x: bounds?.x ?? 0, y: (bounds?.y ?? 0) + (bounds?.height ?? 0) + 40 };
  const { documents } = useDraft.getState();
  // What has no place yet stays where it is seen.
  const stay = moveThings(documents, group, pinned());
  const { changes, names } = paste(apply(documents, stay), group, clip, at);
  void commit(t("labelPaste", { count: names.length }), [...stay, ...changes]);
  select(names);
  focusOn(...names);
}
