/** Lays out what has no place: the same group always gets the same places, and nothing overlaps. */
import { chained } from "./chain";
import { wrapped } from "./rows";
import { boundsOf, freeDown, GAP, snapped, type Box, type Wire } from "./boxes";
import type { Point } from "./edits";

/** A place for every box, from left to right along the wires. `isWrapped`: a long way goes on in
 * further rows, as text does. */
export async function layoutAll(
  boxes: readonly Box[],
  wires: readonly Wire[],
  isWrapped = false,
): Promise<Map<string, Point>> {
  const drawn = boxes.filter((box) => box.kind !== "label");
  const placed = chained(drawn, wires) ?? (await import("./ranks")).ranked(drawn, wires);
  const places = new Map<string, Point>();
  const shown = isWrapped ? wrapped(placed, wires) : placed;
  for (const box of shown) places.set(box.name, { x: snapped(box.x), y: snapped(box.y) });
  const bounds = boundsOf(drawn.map((box) => ({ ...box, ...places.get(box.name) })));
  let x = bounds?.x ?? 0;
  for (const label of boxes.filter((box) => box.kind === "label")) {
    places.set(label.name, { x, y: snapped((bounds?.y ?? 0) - label.height - GAP) });
    x += label.width + GAP;
  }
  return places;
}

/** Places for those that have none, near to what they are wired to, without moving the others. */
export async function layoutRest(
  boxes: readonly Box[],
  wires: readonly Wire[],
  unplaced: ReadonlySet<string>,
): Promise<Map<string, Point>> {
  const placed = boxes.filter((box) => !unplaced.has(box.name));
  const all = await layoutAll(boxes, wires, placed.length === 0);
  if (placed.length === 0) return all;
  // The whole layout is shifted to where the placed boxes are on the average.
  const shift = { x: 0, y: 0 };
  for (const box of placed) {
    const place = all.get(box.name) ?? box;
    shift.x += (box.x - place.x) / placed.length;
    shift.y += (box.y - place.y) / placed.length;
  }
  const taken: Box[] = [...placed];
  const places = new Map<string, Point>();
  for (const box of boxes) {
    const place = all.get(box.name);
    if (!unplaced.has(box.name) || !place) continue;
    const moved = { ...box, x: snapped(place.x + shift.x), y: snapped(place.y + shift.y) };
    freeDown(moved, taken);
    taken.push(moved);
    places.set(box.name, { x: moved.x, y: moved.y });
  }
  return places;
}
