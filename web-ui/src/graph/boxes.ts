/** A group as boxes and wires, with sizes and places: what any renderer draws. */
import {
  connectionName,
  endOf,
  join,
  MEMBERS,
  NODE_KINDS,
  own,
  type GroupTree,
  type Layout,
  type NodeKind,
} from "./tree";
import type { Point } from "./edits";

export interface Size {
  width: number;
  height: number;
}

export interface Box extends Point, Size {
  name: string;
  path: string;
  kind: NodeKind;
  /** Of groups: their ports by name. */
  inputs: string[];
  outputs: string[];
}

export interface Wire {
  name: string;
  path: string;
  from: string;
  to: string;
  fromPort: string | undefined;
  toPort: string | undefined;
  relationships: string[];
  bends: Point[];
  /** How high it runs to keep clear of boxes in between, where that is needed. */
  lane: number | undefined;
  /** Which of those between the same two boxes it is, and how many there are. */
  index: number;
  count: number;
}

export const PORT_ROW = 26;
export const GROUP_HEAD = 74;

const SIZES: Record<NodeKind, Size> = {
  processor: { width: 240, height: 104 },
  funnel: { width: 48, height: 48 },
  inputPort: { width: 184, height: 48 },
  outputPort: { width: 184, height: 48 },
  group: { width: 264, height: GROUP_HEAD + PORT_ROW },
  label: { width: 240, height: 96 },
};

/** About so many characters make a line of a label, which is so high. */
const LABEL_LINE = { characters: 30, height: 19 };
/** Around the text of a label. */
const LABEL_FRAME = 24;
const LABEL_HEIGHT_MAX = 480;

/** A label is as high as its text, where nobody has given it another size. */
function labelSize(text: string): Size {
  const lines = text
    .split("\n")
    .reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / LABEL_LINE.characters)), 0);
  const height = Math.min(LABEL_HEIGHT_MAX, lines * LABEL_LINE.height + LABEL_FRAME);
  return { width: SIZES.label.width, height: Math.max(SIZES.label.height, height) };
}

export function sizeOf(kind: NodeKind, group?: GroupTree): Size {
  if (kind !== "group") return SIZES[kind];
  const count = (ports: object | undefined) => Object.keys(ports ?? {}).length;
  const rows = Math.max(count(group?.inputPorts), count(group?.outputPorts), 1);
  return { width: SIZES.group.width, height: GROUP_HEAD + rows * PORT_ROW };
}

/** The boxes of a group; those without a place in the layout are told in `unplaced`. */
export function boxesOf(
  group: GroupTree,
  path: string,
  layout: Layout,
): { boxes: Box[]; unplaced: Set<string> } {
  const boxes: Box[] = [];
  const unplaced = new Set<string>();
  for (const kind of NODE_KINDS) {
    for (const name of Object.keys(group[MEMBERS[kind]] ?? {})) {
      const inner = kind === "group" ? own(group.groups, name) : undefined;
      const position = own(layout.positions, join(path, name));
      if (!position) unplaced.add(name);
      boxes.push({
        name,
        path: join(path, name),
        kind,
        x: position?.x ?? 0,
        y: position?.y ?? 0,
        ...(kind === "label"
          ? (own(layout.sizes, join(path, name)) ??
            labelSize(own(group.labels, name)?.text ?? name))
          : sizeOf(kind, inner)),
        inputs: Object.keys(inner?.inputPorts ?? {}).sort(),
        outputs: Object.keys(inner?.outputPorts ?? {}).sort(),
      });
    }
  }
  boxes.sort((left, right) => (left.name < right.name ? -1 : 1));
  return { boxes, unplaced };
}

export function wiresOf(group: GroupTree, path: string, layout: Layout): Wire[] {
  const between = new Map<string, Wire[]>();
  const wires = Object.entries(group.connections ?? {}).map(([name, connection]): Wire => {
    const from = endOf(connection.from);
    const to = endOf(connection.to);
    return {
      name,
      path: join(path, name),
      from: from.node,
      to: to.node,
      fromPort: from.port,
      toPort: to.port,
      relationships: connection.relationships ?? [],
      bends: own(layout.bends, join(path, connectionName(connection))) ?? [],
      lane: undefined,
      index: 0,
      count: 1,
    };
  });
  for (const wire of wires) {
    const key = JSON.stringify([wire.from, wire.to].sort());
    between.set(key, [...(between.get(key) ?? []), wire]);
  }
  for (const same of between.values()) {
    for (const [index, wire] of same.entries()) {
      wire.index = index;
      wire.count = same.length;
    }
  }
  return wires;
}

/** Where the handle of a port of a group is, from the top of its box. */
export function portOffset(ports: readonly string[], port: string | undefined): number | undefined {
  const index = port === undefined ? -1 : ports.indexOf(port);
  return index < 0 ? undefined : GROUP_HEAD + index * PORT_ROW + PORT_ROW / 2 - 4;
}

/** The rectangle around boxes; nothing around none. */
export function boundsOf(boxes: readonly (Point & Size)[]): (Point & Size) | undefined {
  if (boxes.length === 0) return undefined;
  let left = Infinity;
  let top = Infinity;
  let right = -Infinity;
  let bottom = -Infinity;
  for (const box of boxes) {
    left = Math.min(left, box.x);
    top = Math.min(top, box.y);
    right = Math.max(right, box.x + box.width);
    bottom = Math.max(bottom, box.y + box.height);
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** Whether two boxes are nearer than `gap`. */
export function overlaps(left: Point & Size, right: Point & Size, gap = 0): boolean {
  return (
    left.x < right.x + right.width + gap &&
    right.x < left.x + left.width + gap &&
    left.y < right.y + right.height + gap &&
    right.y < left.y + left.height + gap
  );
}

/** The nearest box in the direction of an arrow key, as seen from the middle of another. */
export function neighbour(
  boxes: readonly Box[],
  from: Box,
  direction: "left" | "right" | "up" | "down",
): Box | undefined {
  const middle = (box: Box) => ({ x: box.x + box.width / 2, y: box.y + box.height / 2 });
  const start = middle(from);
  let best: { box: Box; cost: number } | undefined;
  for (const box of boxes) {
    if (box === from) continue;
    const end = middle(box);
    const across = direction === "left" || direction === "right";
    const sign = direction === "left" || direction === "up" ? -1 : 1;
    const along = sign * (across ? end.x - start.x : end.y - start.y);
    const aside = Math.abs(across ? end.y - start.y : end.x - start.x);
    if (along <= 0) continue;
    const cost = along + aside * 2;
    if (!best || cost < best.cost) best = { box, cost };
  }
  return best?.box;
}

/** Between boxes that are laid out. */
export const GAP = 40;
const GRID = 8;

export const snapped = (value: number) => Math.round(value / GRID) * GRID;

/** Moves a box down until it overlaps nothing. */
export function freeDown(box: Box, taken: readonly Box[]): void {
  for (let blocked = true; blocked;) {
    blocked = false;
    for (const other of taken) {
      if (overlaps(box, other, GAP / 2)) {
        box.y = snapped(other.y + other.height + GAP);
        blocked = true;
      }
    }
  }
}
