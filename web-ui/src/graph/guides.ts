/** Lines that a dragged box snaps to: the edges and middles of boxes near it. */
import type { Size } from "./boxes";
import type { Point } from "./edits";

type Area = Point & Size;

/** A line along edges or middles that fit; `at` is across its direction. */
export interface Guide {
  direction: "vertical" | "horizontal";
  at: number;
  from: number;
  to: number;
}

/** Farther away than this nobody sees that two boxes are in line. */
const NEAR = 640;

/** An area as seen along one axis, and along the other. */
interface Span {
  start: number;
  size: number;
  low: number;
  high: number;
}

const spanX = (area: Area): Span => ({
  start: area.x,
  size: area.width,
  low: area.y,
  high: area.y + area.height,
});
const spanY = (area: Area): Span => ({
  start: area.y,
  size: area.height,
  low: area.x,
  high: area.x + area.width,
});
const marks = ({ start, size }: Span) => [start, start + size / 2, start + size];

/** How far `moved` is to be shifted, at most by `reach`, to be in line with others near it, and the
 * lines that show it. */
export function snapTo(
  moved: Area,
  others: readonly Area[],
  reach: number,
): { shift: Point; guides: Guide[] } {
  const near = others.filter((other) => isNear(moved, other));
  const x = snapAlong(spanX(moved), near.map(spanX), reach);
  const y = snapAlong(spanY(moved), near.map(spanY), reach);
  const shift = { x: x ?? 0, y: y ?? 0 };
  const there = { ...moved, x: moved.x + shift.x, y: moved.y + shift.y };
  const guides = [
    ...(x === undefined ? [] : guidesAlong("vertical", spanX(there), near.map(spanX))),
    ...(y === undefined ? [] : guidesAlong("horizontal", spanY(there), near.map(spanY))),
  ];
  return { shift, guides };
}

function isNear(left: Area, right: Area): boolean {
  const apart = (one: Span, other: Span) =>
    Math.max(one.start - other.start - other.size, other.start - one.start - one.size);
  return apart(spanX(left), spanX(right)) <= NEAR && apart(spanY(left), spanY(right)) <= NEAR;
}

/** The smallest shift; of two such, that to the nearer box. */
function snapAlong(moved: Span, others: readonly Span[], reach: number): number | undefined {
  let best: { shift: number; away: number } | undefined;
  for (const other of others) {
    const away = Math.max(other.low - moved.high, moved.low - other.high, 0);
    for (const [index, mine] of marks(moved).entries()) {
      for (const [theirIndex, theirs] of marks(other).entries()) {
        // A middle fits a middle; edges fit edges.
        if ((index === 1) !== (theirIndex === 1)) continue;
        const shift = theirs - mine;
        if (Math.abs(shift) > reach) continue;
        const isBetter =
          !best ||
          Math.abs(shift) < Math.abs(best.shift) ||
          (Math.abs(shift) === Math.abs(best.shift) && away < best.away);
        if (isBetter) best = { shift, away };
      }
    }
  }
  return best?.shift;
}

function guidesAlong(direction: Guide["direction"], moved: Span, others: readonly Span[]): Guide[] {
  const guides: Guide[] = [];
  for (const [index, at] of marks(moved).entries()) {
    const fitting = others.filter((other) =>
      marks(other).some(
        (mark, theirs) => (index === 1) === (theirs === 1) && Math.abs(mark - at) < 0.5,
      ),
    );
    if (fitting.length === 0) continue;
    const from = Math.min(moved.low, ...fitting.map((other) => other.low));
    const to = Math.max(moved.high, ...fitting.map((other) => other.high));
    guides.push({ direction, at, from, to });
  }
  return guides;
}
