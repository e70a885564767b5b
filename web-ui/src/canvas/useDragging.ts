/** Boxes that are dragged snap to the lines of boxes near them; with Alt they go freely. */
import { useMemo } from "react";
import { useReactFlow, type NodeChange } from "@xyflow/react";
import { create } from "zustand";
import { commitMove } from "../actions/build";
import { snapTo, type Guide } from "../graph/guides";
import { boundsOf, type Box } from "../graph/boxes";
import type { Point } from "../graph/edits";
import type { BoxNode } from "./nodes";
import { sceneNow } from "../state/scene";

/** How near a line is, on the screen, to be snapped to. */
const REACH = 7;

export const useGuides = create<{ guides: readonly Guide[]; unit: number }>(() => ({
  guides: [],
  unit: 1,
}));

export function useDragging() {
  const flow = useReactFlow();
  return useMemo(() => {
    const places = new Map<string, Point>();
    let isFree = false;
    const snap = (changes: NodeChange<BoxNode>[]): NodeChange<BoxNode>[] => {
      const dragged = changes.flatMap((change) => {
        const isDragged = change.type === "position" && change.dragging !== undefined;
        return isDragged && change.position ? [{ id: change.id, position: change.position }] : [];
      });
      if (dragged.length === 0) return changes;
      const zoom = flow.getZoom();
      const { shift, guides } = isFree ? NOTHING : snapOf(dragged, REACH / zoom);
      useGuides.setState({ guides, unit: 1 / zoom });
      for (const { id, position } of dragged) {
        places.set(id, { x: position.x + shift.x, y: position.y + shift.y });
      }
      return changes.map((change) => {
        const position = change.type === "position" ? places.get(change.id) : undefined;
        return position ? { ...change, position } : change;
      });
    };
    const onDrag = (event: { altKey?: boolean }) => {
      isFree = event.altKey === true;
    };
    const onStop = () => {
      const moved = [...places];
      places.clear();
      useGuides.setState({ guides: [] });
      commitMove(moved);
    };
    return { snap, onDrag, onStop };
  }, [flow]);
}

const NOTHING = { shift: { x: 0, y: 0 }, guides: [] };

function snapOf(dragged: readonly { id: string; position: Point }[], reach: number) {
  const at = new Map(dragged.map(({ id, position }) => [id, position]));
  const moved: Box[] = [];
  const others: Box[] = [];
  for (const box of sceneNow()?.boxes ?? []) {
    const place = at.get(box.name);
    if (place) moved.push({ ...box, ...place });
    else others.push(box);
  }
  const area = boundsOf(moved);
  // A label is put anywhere, and is no line for others to keep to.
  const boxes = others.filter((box) => box.kind !== "label");
  return area ? snapTo(area, boxes, reach) : NOTHING;
}
