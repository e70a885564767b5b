/** Places of boxes that stand one behind the other: most new flows, and the demo. They need no
 * library, and get what it would give them. */
import type { Box, Wire } from "./boxes";

export const MARGIN = 40;
/** Between what is drawn one behind the other; half of it is on either side of a label. */
export const RANK_GAP = 24;

/** What a label needs: its relationships, a count and an amount of data. */
const LETTER = 7;
const LABEL_REST = 100;
const LABEL_MAX = 190;
export const LABEL_HEIGHT = 28;

export function labelWidth({ relationships }: Wire): number {
  return Math.min(relationships.join(", ").length * LETTER + LABEL_REST, LABEL_MAX);
}

/** Nothing where they are no chain. */
export function chained(drawn: readonly Box[], wires: readonly Wire[]): Box[] | undefined {
  if (drawn.length === 0) return [];
  const names = new Set(drawn.map(({ name }) => name));
  const out = new Map<string, Wire>();
  const firsts = new Set(names);
  for (const wire of wires) {
    const { from, to } = wire;
    if (from === to || !names.has(from) || !names.has(to)) continue;
    // A second one out of the same box, or into the same.
    if (out.has(from) || !firsts.delete(to)) return undefined;
    out.set(from, wire);
  }
  const [first] = firsts;
  if (firsts.size !== 1 || first === undefined) return undefined;
  const byName = new Map(drawn.map((box) => [box.name, box]));
  const heights = drawn.map(({ height }) => height);
  const middle = MARGIN + Math.max(...heights, drawn.length > 1 ? LABEL_HEIGHT : 0) / 2;
  const places = new Map<string, Box>();
  let x = MARGIN;
  let box = byName.get(first);
  while (box) {
    places.set(box.name, { ...box, x, y: middle - box.height / 2 });
    const wire = out.get(box.name);
    if (!wire) break;
    x += box.width + labelWidth(wire) + RANK_GAP;
    box = byName.get(wire.to);
  }
  // The rest goes round in a circle.
  if (places.size < drawn.length) return undefined;
  return drawn.map((each) => places.get(each.name) ?? each);
}
