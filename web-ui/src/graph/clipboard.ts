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
} from "./tree";

const CLIPBOARD_FORMAT = "tutti/1";

export interface Clip {
  tutti: typeof CLIPBOARD_FORMAT;
  group: GroupTree;
  positions: Record<string, Point>;
}

/** What is selected, with the connections between it. There are no secrets in it: no draft takes
 * any, they are parameters. */
export function clipOf(documents: Documents, group: string, names: ReadonlySet<string>): Clip {
  const tree = groupAt(asFlow(documents.flow), group);
  const layout = asLayout(documents.layout);
  const part: GroupTree = {};
  const positions: Record<string, Point> = {};
  const keep = (member: keyof GroupTree, name: string, value: object) => {
    Object.assign(part, { [member]: { ...(part[member] as object | undefined), [name]: value } });
  };
  for (const name of names) {
    const kind = kindOf(tree, name);
    const thing = kind && thingAt(tree, kind, name);
    if (!thing) continue;
    keep(MEMBERS[kind], name, thing);
    const position = layout.positions?.[join(group, name)];
    if (position) positions[name] = position;
  }
  for (const [name, connection] of Object.entries(tree?.connections ?? {})) {
    if (names.has(endOf(connection.from).node) && names.has(endOf(connection.to).node)) {
      keep("connections", name, connection);
    }
  }
  return { tutti: CLIPBOARD_FORMAT, group: part, positions };
}

/** Reads what was on the clipboard; nothing where it is something else. */
export function readClip(text: string): Clip | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null) return undefined;
    const clip = value as Partial<Clip>;
    const isClip = clip.tutti === CLIPBOARD_FORMAT && typeof clip.group === "object";
    return isClip ? { positions: {}, ...(clip as Omit<Clip, "positions">) } : undefined;
  } catch {
    return undefined;
  }
}

/** Puts a clip into a group, with other names where they are taken, and its middle at `at`. */
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
  const points = Object.values(clip.positions);
  const left = Math.min(...points.map(({ x }) => x));
  const top = Math.min(...points.map(({ y }) => y));
  for (const kind of NODE_KINDS) {
    for (const [name, value] of Object.entries(clip.group[MEMBERS[kind]] ?? {})) {
      const free = freeName(tree, name, taken);
      taken.add(free);
      renamed.set(name, free);
      edit.set("flow", pathOf(group, kind, free), copy(value));
      const position = clip.positions[name];
      if (!position) continue;
      const place = {
        x: Math.round(at.x + position.x - left),
        y: Math.round(at.y + position.y - top),
      };
      edit.set("layout", ["positions", join(group, free)], place);
    }
  }
  for (const connection of Object.values(clip.group.connections ?? {})) {
    const after: ConnectionTree = {
      ...connection,
      from: endAfter(connection.from, renamed),
      to: endAfter(connection.to, renamed),
    };
    edit.set("flow", pathOf(group, "connection", connectionName(after)), copy(after));
  }
  return { changes: edit.changes, names: [...renamed.values()] };
}

function endAfter(end: string, renamed: Map<string, string>): string {
  const { node, port } = endOf(end);
  const name = renamed.get(node) ?? node;
  return port === undefined ? name : `${name}/${port}`;
}
