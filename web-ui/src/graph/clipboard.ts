/** Parts of a group as text on the clipboard, and back: to any group of any flow. */
import type { Change } from "../api/types";
import { Edit, type Documents } from "./changes";
import { pathOf, type Point } from "./edits";
import {
  asFlow,
  asLayout,
  connectionName,
  copy,
  endOf,
  freeName,
  groupAt,
  join,
  kindOf,
  MEMBERS,
  NODE_KINDS,
  thingAt,
  type ConnectionTree,
  type GroupTree,
  type Layout,
} from "./tree";

const CLIPBOARD_FORMAT = "tutti/1";

/** What a layout says of things. */
const LAID = ["positions", "sizes", "bends"] as const;

export interface Clip {
  tutti: typeof CLIPBOARD_FORMAT;
  group: GroupTree;
  /** By the paths of things from the group that they were in. */
  layout: Layout;
}

/** What is selected, with the connections between it. There are no secrets in it: no draft takes
 * any, they are parameters. */
export function clipOf(documents: Documents, group: string, names: ReadonlySet<string>): Clip {
  const tree = groupAt(asFlow(documents.flow), group);
  const layout = asLayout(documents.layout);
  const part: GroupTree = {};
  const keep = (member: keyof GroupTree, name: string, value: object) => {
    Object.assign(part, { [member]: { ...(part[member] as object | undefined), [name]: value } });
  };
  for (const name of names) {
    const kind = kindOf(tree, name);
    const thing = kind && thingAt(tree, kind, name);
    if (!thing) continue;
    keep(MEMBERS[kind], name, thing);
  }
  for (const [name, connection] of Object.entries(tree?.connections ?? {})) {
    if (names.has(endOf(connection.from).node) && names.has(endOf(connection.to).node)) {
      keep("connections", name, connection);
    }
  }
  const isKept = (path: string) =>
    names.has(path) ||
    Object.hasOwn(part.connections ?? {}, path) ||
    Object.keys(part.groups ?? {}).some((name) => path.startsWith(`${name}/`));
  const lying: Layout = {};
  for (const member of LAID) {
    const all: Record<string, unknown> = layout[member] ?? {};
    const kept = Object.entries(all).flatMap(([path, value]) => {
      const own = group === "" || path.startsWith(`${group}/`) ? within(group, path) : undefined;
      return own !== undefined && isKept(own) ? [[own, value] as const] : [];
    });
    if (kept.length > 0) Object.assign(lying, { [member]: Object.fromEntries(kept) });
  }
  return { tutti: CLIPBOARD_FORMAT, group: part, layout: lying };
}

function within(group: string, path: string): string {
  return group === "" ? path : path.slice(group.length + 1);
}

function isTable(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Nothing, or objects by name. */
function isTableOf(value: unknown): boolean {
  return value === undefined || (isTable(value) && Object.values(value as object).every(isTable));
}

/** Reads what was on the clipboard; nothing where it is something else. */
export function readClip(text: string): Clip | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null) return undefined;
    const { tutti, group, layout = {} } = value as Partial<Clip>;
    const isClip = tutti === CLIPBOARD_FORMAT && isTable(group) && isTable(layout);
    if (!isClip || group === undefined) return undefined;
    // Things are objects by name, whoever has written them.
    const members = [...NODE_KINDS.map((kind) => MEMBERS[kind]), "connections" as const];
    const isWhole =
      members.every((member) => isTableOf(group[member])) && isTableOf(layout.positions);
    return isWhole ? { tutti, group, layout } : undefined;
  } catch {
    return undefined;
  }
}

/** Puts a clip into a group, with other names where they are taken, and its corner at `at`. */
export function paste(
  documents: Documents,
  group: string,
  clip: Clip,
  at: Point,
): { changes: Change[]; names: string[] } {
  const edit = new Edit(documents);
  const tree = groupAt(asFlow(documents.flow), group);
  const renamed = new Map<string, string>();
  const taken = new Set<string>();
  const positions = clip.layout.positions ?? {};
  const points = Object.entries(positions).flatMap(([path, point]) =>
    kindOf(clip.group, path) === undefined ? [] : [point],
  );
  const by: Point = {
    x: at.x - Math.min(...points.map(({ x }) => x)),
    y: at.y - Math.min(...points.map(({ y }) => y)),
  };
  for (const kind of NODE_KINDS) {
    for (const [name, value] of Object.entries(clip.group[MEMBERS[kind]] ?? {})) {
      const free = freeName(tree, name, taken);
      taken.add(free);
      renamed.set(name, free);
      edit.set("flow", pathOf(group, kind, free), copy(value));
    }
  }
  const connections = new Map<string, string>();
  for (const [name, connection] of Object.entries(clip.group.connections ?? {})) {
    const after: ConnectionTree = {
      ...connection,
      from: endAfter(connection.from, renamed),
      to: endAfter(connection.to, renamed),
    };
    connections.set(name, connectionName(after));
    edit.set("flow", pathOf(group, "connection", connectionName(after)), copy(after));
  }
  /** Where something is now, and whether it lies in the group itself. */
  const placeOf = (path: string): [string, boolean] => {
    const own = connections.get(path) ?? renamed.get(path);
    if (own !== undefined) return [join(group, own), true];
    const [name = "", ...inner] = path.split("/");
    return [join(group, [renamed.get(name) ?? name, ...inner].join("/")), false];
  };
  for (const [path, point] of Object.entries(positions)) {
    const [place, isOwn] = placeOf(path);
    edit.set("layout", ["positions", place], copy(isOwn ? moved(point, by) : point));
  }
  for (const [path, size] of Object.entries(clip.layout.sizes ?? {})) {
    edit.set("layout", ["sizes", placeOf(path)[0]], copy(size));
  }
  for (const [path, points] of Object.entries(clip.layout.bends ?? {})) {
    const [place, isOwn] = placeOf(path);
    const bends = isOwn ? points.map((point) => moved(point, by)) : points;
    edit.set("layout", ["bends", place], copy(bends));
  }
  return { changes: edit.changes, names: [...renamed.values()] };
}

function moved(point: Point, by: Point): Point {
  return { x: Math.round(point.x + by.x), y: Math.round(point.y + by.y) };
}

function endAfter(end: string, renamed: Map<string, string>): string {
  const { node, port } = endOf(end);
  const name = renamed.get(node) ?? node;
  return port === undefined ? name : `${name}/${port}`;
}
