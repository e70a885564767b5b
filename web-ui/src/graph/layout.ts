/** Lays out what has no place: the same group always gets the same places, and nothing overlaps.
 * Loaded with its library, when something is to be laid out for the first time. */
import { Graph, layout } from "@dagrejs/dagre";
import { boundsOf, freeDown, GAP, snapped, type Box, type Wire } from "./boxes";
import type { Point } from "./edits";

/** A place for every box, from left to right along the wires. */
export function layoutAll(boxes: readonly Box[], wires: readonly Wire[]): Map<string, Point> {
  const graph = new Graph({ multigraph: true });
  graph.setGraph({ rankdir: "LR", nodesep: 56, ranksep: 168, marginx: 40, marginy: 40 });
  graph.setDefaultEdgeLabel(() => ({}));
  const drawn = boxes.filter((box) => box.kind !== "label");
  const names = new Set(drawn.map((box) => box.name));
  for (const box of drawn) {
    graph.setNode(box.name, { width: box.width, height: box.height });
  }
  const sorted = [...wires].sort((left, right) => (left.name < right.name ? -1 : 1));
  for (const wire of sorted) {
    if (!names.has(wire.from) || !names.has(wire.to) || wire.from === wire.to) continue;
    // Failures are drawn beside the way that most flowfiles go.
    const weight = wire.relationships.includes("failure") ? 1 : 4;
    graph.setEdge(wire.from, wire.to, { weight }, wire.name);
  }
  layout(graph);
  const places = new Map<string, Point>();
  for (const box of drawn) {
    const node = graph.node(box.name) as { x: number; y: number };
    places.set(box.name, {
      x: snapped(node.x - box.width / 2),
      y: snapped(node.y - box.height / 2),
    });
  }
  const bounds = boundsOf(drawn.map((box) => ({ ...box, ...places.get(box.name) })));
  let x = bounds?.x ?? 0;
  for (const label of boxes.filter((box) => box.kind === "label")) {
    places.set(label.name, { x, y: snapped((bounds?.y ?? 0) - label.height - GAP) });
    x += label.width + GAP;
  }
  return places;
}

/** Places for those that have none, near to what they are wired to, without moving the others. */
export function layoutRest(
  boxes: readonly Box[],
  wires: readonly Wire[],
  unplaced: ReadonlySet<string>,
): Map<string, Point> {
  const all = layoutAll(boxes, wires);
  const placed = boxes.filter((box) => !unplaced.has(box.name));
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
