/** A long way in several rows, as a text in lines: so that all of it can be read at first sight. */
import { boundsOf, type Box, type Wire } from "./boxes";
import { LANE } from "./geometry";

/** What a window of common size shows of the canvas. */
const VIEW = { width: 960, height: 640 };
/** Nearer than this all is readable: then nothing is in rows. */
const READABLE = 0.7;
/** And nearer than this nothing more is gained by more rows. */
const ENOUGH = 0.8;
/** More than this are looked at in parts anyway. */
const BOXES_MAX = 24;
/** What each wire from row to row costs of what is gained. */
const WIRE_COST = 0.05;
/** Between rows, besides the lanes of what goes from one to the other. */
const ROW_GAP = 56;

/** Boxes that stand below each other. */
interface Column {
  left: number;
  right: number;
  boxes: Box[];
}

/** The boxes of a layout from left to right, in rows where that makes them readable. */
export function wrapped(boxes: readonly Box[], wires: readonly Wire[]): readonly Box[] {
  if (boxes.length > BOXES_MAX) return boxes;
  let best = { boxes, score: zoomOf(boxes) };
  if (best.score >= READABLE) return boxes;
  const columns = columnsOf(boxes);
  for (let count = 2; count < columns.length; count += 1) {
    const perRow = Math.ceil(columns.length / count);
    const rows = Array.from({ length: count }, (_, row) =>
      columns.slice(row * perRow, (row + 1) * perRow),
    ).filter((row) => row.length > 0);
    const stacked = stack(rows, wires);
    const score = Math.min(zoomOf(stacked.boxes), ENOUGH) - stacked.crossings * WIRE_COST;
    if (score > best.score) best = { boxes: stacked.boxes, score };
  }
  return best.boxes;
}

function zoomOf(boxes: readonly Box[]): number {
  const bounds = boundsOf(boxes);
  return bounds ? Math.min(VIEW.width / bounds.width, VIEW.height / bounds.height, 1) : 1;
}

function columnsOf(boxes: readonly Box[]): Column[] {
  const columns: Column[] = [];
  for (const box of [...boxes].sort((left, right) => left.x - right.x)) {
    const last = columns.at(-1);
    if (last && box.x < last.right) {
      last.boxes.push(box);
      last.right = Math.max(last.right, box.x + box.width);
    } else {
      columns.push({ left: box.x, right: box.x + box.width, boxes: [box] });
    }
  }
  return columns;
}

/** Puts rows below each other, as far apart as the wires between them need. */
function stack(rows: Column[][], wires: readonly Wire[]): { boxes: Box[]; crossings: number } {
  const rowOf = new Map<string, number>();
  for (const [index, row] of rows.entries()) {
    for (const column of row) for (const box of column.boxes) rowOf.set(box.name, index);
  }
  const across = wires
    .map((wire) => [rowOf.get(wire.from) ?? 0, rowOf.get(wire.to) ?? 0] as const)
    .filter(([from, to]) => from !== to);
  const placed: Box[] = [];
  let y = 0;
  for (const [index, row] of rows.entries()) {
    const inside = row.flatMap((column) => column.boxes);
    const bounds = boundsOf(inside);
    if (!bounds) continue;
    for (const box of inside) {
      placed.push({ ...box, x: box.x - bounds.x, y: box.y - bounds.y + y });
    }
    const lanes = across.filter(
      ([from, to]) => Math.min(from, to) <= index && Math.max(from, to) > index,
    );
    y += bounds.height + ROW_GAP + lanes.length * LANE;
  }
  return { boxes: placed, crossings: across.length };
}
