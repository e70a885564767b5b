/** Lays out; loaded with what finds the places. */
import { boxesOf } from "../graph/boxes";
import { apply, Edit } from "../graph/changes";
import { moveThings } from "../graph/edits";
import { layoutAll } from "../graph/layout";
import { asLayout } from "../graph/tree";
import { sceneNow } from "../state/scene";
import { t } from "../messages";
import { useDraft } from "../state/draft";
import { commit } from "../state/openFlow";
import { shownGroup } from "../state/navigate";
import { focusAll, useUi } from "../state/ui";

/** Lays out the selected boxes, or all when none or one is selected. */
export async function tidy(): Promise<void> {
  const { nodes, group } = useUi.getState();
  const scene = sceneNow();
  if (!scene) return;
  const isPart = nodes.size > 1;
  const part = isPart ? scene.boxes.filter((box) => nodes.has(box.name)) : scene.boxes;
  const { flow } = useDraft.getState();
  const places = await layoutAll(part, scene.wires, !isPart);
  const { documents, flow: flowNow } = useDraft.getState();
  const tree = shownGroup();
  // Whoever has gone elsewhere meanwhile is not brought back, and nothing is moved there.
  if (!tree || flowNow !== flow || useUi.getState().group !== group) return;
  const { boxes } = boxesOf(tree, group, asLayout(documents.layout));
  if (isPart) {
    const left = Math.min(...part.map((box) => box.x));
    const top = Math.min(...part.map((box) => box.y));
    const newLeft = Math.min(...[...places.values()].map((place) => place.x));
    const newTop = Math.min(...[...places.values()].map((place) => place.y));
    for (const [name, place] of places) {
      places.set(name, { x: place.x - newLeft + left, y: place.y - newTop + top });
    }
  }
  if (boxes.length === 0) return;
  const moved = moveThings(documents, group, places);
  const edit = new Edit(apply(documents, moved));
  // What was led around boxes that are elsewhere now finds its own way again.
  for (const { path, from, to } of scene.wires) {
    if (places.has(from) && places.has(to)) edit.set("layout", ["bends", path], undefined);
  }
  void commit(t("labelTidy"), [...moved, ...edit.changes]);
  if (!isPart) focusAll();
}
