/** How far the view moves so that something in it can be seen: as little as it takes. */
import type { Size } from "./boxes";
import type { Point } from "./edits";

export type Rectangle = Point & Size;

/** Between what is looked at and what it would be under. */
const ASIDE = 24;

/** In pixels of the view. Where there is not enough room the beginning is shown. `covers` lie over
 * the view, such as the small map. */
export function shiftInto(seen: Rectangle, room: Size, covers: readonly Rectangle[]): Point {
  const x = along(seen.x, seen.width, room.width);
  const y = along(seen.y, seen.height, room.height);
  return covers.reduce((by, cover) => beside(seen, by, room, cover), { x, y });
}

export function fits(seen: Size, room: Size): boolean {
  return seen.width <= room.width - 2 * ASIDE && seen.height <= room.height - 2 * ASIDE;
}

function along(start: number, size: number, room: number): number {
  const end = start + size;
  if (start < ASIDE) return ASIDE - start;
  return end > room - ASIDE ? Math.max(room - ASIDE - end, ASIDE - start) : 0;
}

/** Out from under a cover at the foot of the view: up, or to the side that is nearer. */
function beside(seen: Rectangle, by: Point, room: Size, cover: Rectangle): Point {
  const gap = ASIDE / 2;
  const left = seen.x + by.x;
  const top = seen.y + by.y;
  const isUnder =
    left < cover.x + cover.width + gap &&
    left + seen.width > cover.x - gap &&
    top < cover.y + cover.height + gap &&
    top + seen.height > cover.y - gap;
  if (!isUnder) return by;
  const ways: Point[] = [
    { x: 0, y: cover.y - gap - (top + seen.height) },
    { x: cover.x - gap - (left + seen.width), y: 0 },
    { x: cover.x + cover.width + gap - left, y: 0 },
  ];
  const possible = ways.filter(
    ({ x, y }) => left + x >= gap && top + y >= gap && left + x + seen.width <= room.width - gap,
  );
  const length = ({ x, y }: Point) => Math.abs(x) + Math.abs(y);
  const [best] = possible.sort((one, other) => length(one) - length(other));
  return best ? { x: by.x + best.x, y: by.y + best.y } : by;
}
