/** Wires that would run across boxes get a lane above or below them. */
import { LANE, OUT } from "./geometry";
import type { Box, Wire } from "./boxes";

const CLEAR = 16;
const AWAY = 34;
/** More than this are not looked at: from so far nobody sees what a wire runs across. */
const WIRES_MAX = 400;

interface Taken {
  left: number;
  right: number;
  y: number;
}

/** The wires with their lanes; what needs none is the same object. */
export function withLanes(wires: readonly Wire[], boxes: readonly Box[]): Wire[] {
  if (wires.length > WIRES_MAX) return [...wires];
  const byName = new Map(boxes.map((box) => [box.name, box]));
  const taken: Taken[] = [];
  return wires.map((wire) => {
    const from = byName.get(wire.from);
    const to = byName.get(wire.to);
    if (!from || !to || wire.bends.length > 0 || from === to) return wire;
    const lane = laneOf(from, to, boxes, taken);
    return lane === undefined ? wire : { ...wire, lane };
  });
}

function laneOf(from: Box, to: Box, boxes: readonly Box[], taken: Taken[]): number | undefined {
  const left = from.x + from.width;
  const right = to.x;
  if (right - left < OUT) return laneBack(from, to, boxes, taken);
  if (right - left < 80) return undefined;
  const start = from.y + from.height / 2;
  const end = to.y + to.height / 2;
  const between = boxes.filter(
    (box) => box !== from && box !== to && box.x + box.width > left && box.x < right,
  );
  const isHit = between.some((box) => {
    const at = (x: number) => start + ((x - left) / (right - left)) * (end - start);
    const first = at(Math.max(box.x, left));
    const last = at(Math.min(box.x + box.width, right));
    const top = Math.min(first, last) - CLEAR;
    const bottom = Math.max(first, last) + CLEAR;
    return box.y < bottom && box.y + box.height > top;
  });
  if (!isHit) return undefined;
  const lowest = Math.max(...between.map((box) => box.y + box.height));
  const highest = Math.min(...between.map((box) => box.y));
  const middle = (start + end) / 2;
  const isBelow = lowest - middle <= middle - highest;
  let lane = isBelow ? lowest + AWAY : highest - AWAY;
  const isTaken = () =>
    taken.some((each) => each.left < right && each.right > left && Math.abs(each.y - lane) < LANE);
  while (isTaken()) lane += isBelow ? LANE : -LANE;
  taken.push({ left, right, y: lane });
  return lane;
}

/** Between the two, where the box that it leads back to is lower: as from one line of text to the
 * next. */
function laneBack(from: Box, to: Box, boxes: readonly Box[], taken: Taken[]): number | undefined {
  const high = from.y + from.height + CLEAR;
  const low = to.y - CLEAR;
  const left = to.x - OUT;
  const right = from.x + from.width + OUT;
  const isFree = (lane: number) =>
    !taken.some(
      (each) => each.left < right && each.right > left && Math.abs(each.y - lane) < LANE,
    ) &&
    !boxes.some(
      (box) =>
        box.x < right &&
        box.x + box.width > left &&
        box.y - CLEAR < lane &&
        box.y + box.height + CLEAR > lane,
    );
  const middle = (high + low) / 2;
  const steps = Math.floor((low - high) / LANE / 2) * 2;
  for (let step = 0; step <= steps * 2; step += 1) {
    // The middle first, then above and below it in turn, half a lane farther each time.
    const lane = middle + ((step % 2 === 0 ? 1 : -1) * Math.ceil(step / 2) * LANE) / 2;
    if (lane < high || lane > low || !isFree(lane)) continue;
    taken.push({ left, right, y: lane });
    return lane;
  }
  return undefined;
}
