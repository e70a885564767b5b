/** How a wire runs between two points, and where its label is. */
import type { Point } from "./edits";

export interface Way {
  path: string;
  middle: Point;
  /** How wide a label in the middle may be without covering boxes; endless where none are near. */
  room: number;
}

/** Between parallel wires, as far as their labels are high. */
export const LANE = 40;
/** How far a wire runs straight out of a box. */
export const OUT = 28;
const CORNER = 14;
/** Between a label and the boxes at its sides. */
const BESIDE = 6;

const number = (value: number) => String(Math.round(value * 10) / 10);
const point = ({ x, y }: Point) => `${number(x)} ${number(y)}`;

/** A wire from the right side of one box to the left side of another. */
export function way(
  from: Point,
  to: Point,
  bends: readonly Point[] = [],
  index = 0,
  count = 1,
  lane?: number,
): Way {
  if (bends.length > 0) return through([from, ...bends, to]);
  if (lane !== undefined) return along(from, to, lane);
  const offset = (index - (count - 1) / 2) * LANE;
  if (to.x - from.x >= OUT) return curve(from, to, offset);
  return around(from, to, index);
}

function curve(from: Point, to: Point, offset: number): Way {
  const reach = Math.min(Math.max((to.x - from.x) / 2, 40), 220);
  const first = { x: from.x + reach, y: from.y + offset * 1.3 };
  const second = { x: to.x - reach, y: to.y + offset * 1.3 };
  return {
    path: `M ${point(from)} C ${point(first)}, ${point(second)}, ${point(to)}`,
    middle: {
      x: (from.x + 3 * first.x + 3 * second.x + to.x) / 8,
      y: (from.y + 3 * first.y + 3 * second.y + to.y) / 8,
    },
    room: to.x - from.x - 2 * BESIDE,
  };
}

/** At a height of its own, past what is in between. */
function along(from: Point, to: Point, lane: number): Way {
  const made = through([
    from,
    { x: from.x + OUT, y: from.y },
    { x: from.x + OUT, y: lane },
    { x: to.x - OUT, y: lane },
    { x: to.x - OUT, y: to.y },
    to,
  ]);
  return { ...made, middle: { x: (from.x + to.x) / 2, y: lane } };
}

/** Back to the left: below both boxes. */
function around(from: Point, to: Point, index: number): Way {
  return along(from, to, Math.max(from.y, to.y) + 84 + index * LANE);
}

/** Straight from point to point, with round corners. */
function through(points: readonly Point[]): Way {
  const [start] = points;
  if (!start) return { path: "", middle: { x: 0, y: 0 }, room: Infinity };
  let path = `M ${point(start)}`;
  for (let at = 1; at < points.length; at += 1) {
    const corner = points[at];
    const before = points[at - 1];
    const after = points[at + 1];
    if (!corner || !before) continue;
    if (!after) {
      path += ` L ${point(corner)}`;
      continue;
    }
    path += ` L ${point(toward(corner, before))} Q ${point(corner)}, ${point(toward(corner, after))}`;
  }
  return { path, middle: halfway(points), room: Infinity };
}

/** The point at the size of a corner from one towards another, at most in the middle. */
function toward(from: Point, to: Point): Point {
  const distance = Math.hypot(to.x - from.x, to.y - from.y);
  if (distance === 0) return from;
  const part = Math.min(CORNER / distance, 0.5);
  return { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part };
}

function halfway(points: readonly Point[]): Point {
  const lengths = points.slice(1).map((to, index) => {
    const from = points[index] ?? to;
    return Math.hypot(to.x - from.x, to.y - from.y);
  });
  let rest = lengths.reduce((sum, each) => sum + each, 0) / 2;
  for (const [index, length] of lengths.entries()) {
    const from = points[index];
    const to = points[index + 1];
    if (!from || !to) break;
    if (rest <= length && length > 0) {
      const part = rest / length;
      return { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part };
    }
    rest -= length;
  }
  return points[0] ?? { x: 0, y: 0 };
}
