/** Copies what is selected as text to the system's clipboard, and pastes it from there. */
import { BODY_MAX } from "../api/client";
import { clipOf, paste, readClip, type Clip } from "../graph/clipboard";
import { t } from "../messages";
import { useDraft } from "../state/draft";
import { commit } from "../state/openFlow";
import { sceneNow } from "../state/scene";
import { focusOn, select, toast, useUi } from "../state/ui";
import { boundsOf } from "../graph/boxes";

/** The last copy, for browsers that do not let a page read the clipboard. */
let last: string | undefined;
/** The last copy on its way to the clipboard. */
let copying: Promise<void> | undefined;

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
  // Without permission it is kept in this page alone.
  copying = navigator.clipboard.writeText(text).catch(() => undefined);
  await copying;
  toast({ tone: "info", title: t("copied", { count: useUi.getState().nodes.size }) });
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
