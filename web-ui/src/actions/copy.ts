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
import { removeSelected } from "./build";
import { actionOf, keysFor } from "./registry";
import { isElsewhere, isTextMarked } from "./writing";

/** The keys that make the browser's events: who has given them to another command means that one. */
const NATIVE_KEYS: Readonly<Record<string, string>> = {
  copy: "Mod+C",
  cut: "Mod+X",
  paste: "Mod+V",
};

/** The last copy, for browsers that do not let a page read the clipboard. */
let last: string | undefined;
/** The last copy on its way to the clipboard. */
let copying: Promise<void> | undefined;
/** What a menu copies, while the browser asks for it. */
let asked: string | undefined;

/**
 * The browser's own events are what the keys go through: they read and write the clipboard at once,
 * as the keys come, and need no permission. Other ways to it end when they end: what is pasted right
 * after a copy may come before it.
 */
export function hearClipboard(): () => void {
  const kinds = ["copy", "cut", "paste"] as const;
  for (const kind of kinds) document.addEventListener(kind, hear);
  return () => {
    for (const kind of kinds) document.removeEventListener(kind, hear);
  };
}

function hear(event: ClipboardEvent): void {
  const { clipboardData } = event;
  if (event.defaultPrevented || !clipboardData) return;
  if (asked !== undefined) {
    clipboardData.setData("text/plain", asked);
    event.preventDefault();
    return;
  }
  const action = actionOf(event.type);
  if (!action || isElsewhere(event) || (event.type === "copy" && isTextMarked())) return;
  if (!keysFor(action).includes(NATIVE_KEYS[action.id] ?? "") || action.isEnabled?.() === false)
    return;
  event.preventDefault();
  if (isRefused(action.needs)) return;
  if (event.type === "paste") {
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
  asked = text;
  try {
    // Nothing else writes at once, and no browser is about to leave it out.
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    return document.execCommand("copy");
  } catch {
    return false;
  } finally {
    asked = undefined;
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
  const { changes, names } = paste(useDraft.getState().documents, group, clip, at);
  void commit(t("labelPaste", { count: names.length }), changes);
  select(names);
  focusOn(...names);
}
