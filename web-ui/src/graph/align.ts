/** Boxes are put in line with each other, or apart with equal gaps. */
import { boundsOf, type Box } from "./boxes";
import type { Point } from "./edits";

export type Alignment = "left" | "centre" | "right" | "top" | "middle" | "bottom";
export type Distribution = "across" | "down";

/** Where boxes go to be in line with the outermost of them, or with the middle of all. */
export function align(boxes: readonly Box[], how: Alignment): Map<string, Point> {
  const all = boundsOf(boxes);
  const places = new Map<string, Point>();
  if (!all) return places;
  for (const box of boxes) {
    const right = all.x + all.width - box.width;
    const bottom = all.y + all.height - box.height;
    const place = {
      left: { x: all.x, y: box.y },
      centre: { x: (all.x + right) / 2, y: box.y },
      right: { x: right, y: box.y },
      top: { x: box.x, y: all.y },
      middle: { x: box.x, y: (all.y + bottom) / 2 },
      bottom: { x: box.x, y: bottom },
    }[how];
    places.set(box.name, place);
  }
  return places;
}

/** Equal gaps from box to box; the first and the last stay where they are. */
export function distribute(boxes: readonly Box[], how: Distribution): Map<string, Point> {
  const [axis, size] = how === "across" ? (["x", "width"] as const) : (["y", "height"] as const);
  const sorted = [...boxes].sort(
    (left, right) => left[axis] + left[size] / 2 - (right[axis] + right[size] / 2),
  );
  const [first] = sorted;
  const last = sorted.at(-1);
  const places = new Map<string, Point>();
  if (!first || !last) return places;
  const taken = sorted.reduce((sum, box) => sum + box[size], 0);
  const gap = (last[axis] + last[size] - first[axis] - taken) / Math.max(sorted.length - 1, 1);
  let next = first[axis];
  for (const box of sorted) {
    places.set(box.name, { x: box.x, y: box.y, [axis]: next });
    next += box[size] + gap;
  }
  return places;
}
