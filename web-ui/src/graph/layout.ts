/** Lays out what has no place: the same group always gets the same places, and nothing overlaps.
 * Loaded with its library, when something is to be laid out for the first time. */
import { Graph, layout } from "@dagrejs/dagre";
import { wrapped } from "./rows";
import { boundsOf, freeDown, GAP, snapped, type Box, type Wire } from "./boxes";
import type { Point } from "./edits";

/** What a label needs: its relationships, a count and an amount of data. */
const LETTER = 7;
const LABEL_REST = 100;
const LABEL_MAX = 190;
const LABEL_HEIGHT = 28;

/** A place for every box, from left to right along the wires. `isWrapped`: a long way goes on in
 * further rows, as text does. */
export function layoutAll(
  boxes: readonly Box[],
  wires: readonly Wire[],
  isWrapped = false,
): Map<string, Point> {
  const graph = new Graph({ multigraph: true });
  graph.setGraph({
    rankdir: "LR",
    nodesep: 40,
    edgesep: 24,
    ranksep: 24,
    marginx: 40,
    marginy: 40,
  });
  graph.setDefaultEdgeLabel(() => ({}));
  const drawn = boxes.filter((box) => box.kind !== "label");
  // The library keeps nodes in an object by their names, which must not be those of its own members.
  const ids = new Map(drawn.map((box, index) => [box.name, `n${String(index)}`]));
  for (const box of drawn) {
    graph.setNode(ids.get(box.name) ?? "", { width: box.width, height: box.height });
  }
  const sorted = [...wires].sort((left, right) => (left.name < right.name ? -1 : 1));
  for (const wire of sorted) {
    const [from, to] = [ids.get(wire.from), ids.get(wire.to)];
    if (from === undefined || to === undefined || from === to) continue;
    // Failures are drawn beside the way that most flowfiles go.
    const weight = wire.relationships.includes("failure") ? 1 : 4;
    const letters = wire.relationships.join(", ").length * LETTER;
    const width = Math.min(letters + LABEL_REST, LABEL_MAX);
    const label = { weight, width, height: LABEL_HEIGHT, labelpos: "c" };
    graph.setEdge(from, to, label, wire.name);
  }
  layout(graph);
  const placed = drawn.map((box) => {
    const node = graph.node(ids.get(box.name) ?? "") as { x: number; y: number };
    return { ...box, x: node.x - box.width / 2, y: node.y - box.height / 2 };
  });
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
export function layoutRest(
  boxes: readonly Box[],
  wires: readonly Wire[],
  unplaced: ReadonlySet<string>,
): Map<string, Point> {
  const placed = boxes.filter((box) => !unplaced.has(box.name));
  const all = layoutAll(boxes, wires, placed.length === 0);
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
