/** What a person does to a flow, as changes: each function is one step of undo. */
import type { Change, Json } from "../api/types";
import { Edit, type Documents } from "./changes";
import {
  asFlow,
  asLayout,
  connectionName,
  copy,
  endOf,
  groupAt,
  join,
  kindOf,
  MEMBERS,
  segmentsOf,
  thingAt,
  type ConnectionTree,
  type GroupTree,
  type Kind,
  type Layout,
} from "./tree";

export interface Point {
  x: number;
  y: number;
}

const rounded = ({ x, y }: Point) => ({ x: Math.round(x), y: Math.round(y) });

/** Where a thing is in the flow's document. */
export function pathOf(group: string, kind: Kind, name: string): string[] {
  return [...segmentsOf(group), MEMBERS[kind], name];
}

/** Only what is drawn as a box has a place. */
export function addThing(
  documents: Documents,
  group: string,
  kind: Kind,
  name: string,
  value: object,
  position?: Point,
): Change[] {
  const edit = new Edit(documents).set("flow", pathOf(group, kind, name), copy(value));
  if (position) edit.set("layout", ["positions", join(group, name)], rounded(position));
  return edit.changes;
}

export function moveThings(
  documents: Documents,
  group: string,
  moved: Map<string, Point>,
): Change[] {
  const edit = new Edit(documents);
  for (const [name, position] of moved) {
    edit.set("layout", ["positions", join(group, name)], rounded(position));
  }
  return edit.changes;
}

export function resizeThing(
  documents: Documents,
  group: string,
  name: string,
  position: Point,
  size: { width: number; height: number },
): Change[] {
  const path = join(group, name);
  const edit = new Edit(documents).set("layout", ["positions", path], rounded(position));
  const whole = { width: Math.round(size.width), height: Math.round(size.height) };
  return edit.set("layout", ["sizes", path], whole).changes;
}

export function addConnection(
  documents: Documents,
  group: string,
  connection: ConnectionTree,
): Change[] {
  const edit = new Edit(documents);
  putConnection(edit, group, connection);
  return edit.changes;
}

/** Adds a connection, takes what it carries out of `autoTerminate`. */
function putConnection(edit: Edit, group: string, connection: ConnectionTree): void {
  edit.set("flow", pathOf(group, "connection", connectionName(connection)), copy(connection));
  const carried = new Set(connection.relationships ?? []);
  const path = [...pathOf(group, "processor", connection.from), "autoTerminate"];
  const terminated = edit.at("flow", path);
  const isCarried = (name: Json) => typeof name === "string" && carried.has(name);
  if (Array.isArray(terminated) && terminated.some(isCarried)) {
    const rest = terminated.filter((name) => !isCarried(name));
    edit.set("flow", path, rest.length > 0 ? rest : undefined);
  }
}

/** Puts `after` in the place of a connection; its name follows what it connects. */
export function changeConnection(
  documents: Documents,
  group: string,
  name: string,
  after: ConnectionTree,
): Change[] {
  const edit = new Edit(documents);
  replaceConnection(edit, group, name, after);
  return edit.changes;
}

function replaceConnection(edit: Edit, group: string, name: string, after: ConnectionTree): void {
  const renamed = connectionName(after);
  if (renamed === name) {
    edit.set("flow", pathOf(group, "connection", name), copy(after));
    return;
  }
  edit.set("flow", pathOf(group, "connection", name), undefined);
  putConnection(edit, group, after);
  const bends = edit.at("layout", ["bends", join(group, name)]);
  if (bends !== undefined) {
    edit.set("layout", ["bends", join(group, name)], undefined);
    edit.set("layout", ["bends", join(group, renamed)], bends);
  }
}

/** Takes away boxes and connections of a group, with the connections of these boxes. */
export function removeThings(
  documents: Documents,
  group: string,
  nodes: ReadonlySet<string>,
  connections: ReadonlySet<string>,
): Change[] {
  const edit = new Edit(documents);
  const tree = groupAt(asFlow(documents.flow), group);
  for (const [name, connection] of Object.entries(tree?.connections ?? {})) {
    const ends = [endOf(connection.from).node, endOf(connection.to).node];
    if (!connections.has(name) && !ends.some((end) => nodes.has(end))) continue;
    edit.set("flow", pathOf(group, "connection", name), undefined);
    edit.set("layout", ["bends", join(group, name)], undefined);
  }
  for (const name of nodes) removeNode(edit, tree, group, name);
  return edit.changes;
}

function removeNode(edit: Edit, tree: GroupTree | undefined, group: string, name: string): void {
  const kind = kindOf(tree, name);
  if (!kind) return;
  const path = join(group, name);
  if (kind === "inputPort" || kind === "outputPort")
    removeOuterConnections(edit, group, name, kind);
  edit.set("flow", pathOf(group, kind, name), undefined);
  for (const [member, inner] of layoutPaths(asLayout(edit.documents.layout), path)) {
    edit.set("layout", [member, inner], undefined);
  }
}

/** The connections outside of a group that end at a port of it. */
function outerConnections(
  edit: Edit,
  group: string,
  port: string,
  kind: "inputPort" | "outputPort",
) {
  const at = group.lastIndexOf("/");
  const outer = at < 0 ? "" : group.slice(0, at);
  const end = `${group.slice(at + 1)}/${port}`;
  const side = kind === "inputPort" ? "to" : "from";
  const tree = group === "" ? undefined : groupAt(asFlow(edit.documents.flow), outer);
  const found = Object.entries(tree?.connections ?? {}).filter(([, each]) => each[side] === end);
  return { outer, side, found } as const;
}

function removeOuterConnections(
  edit: Edit,
  group: string,
  port: string,
  kind: "inputPort" | "outputPort",
): void {
  const { outer, found } = outerConnections(edit, group, port, kind);
  for (const [name] of found) edit.set("flow", pathOf(outer, "connection", name), undefined);
}

/** What the layout has of a thing and of what is in it. */
function layoutPaths(layout: Layout, path: string): [keyof Layout, string][] {
  const members: (keyof Layout)[] = ["positions", "sizes", "bends"];
  return members.flatMap((member) =>
    Object.keys(layout[member] ?? {})
      .filter((key) => key === path || key.startsWith(`${path}/`))
      .map((key): [keyof Layout, string] => [member, key]),
  );
}

/** Gives a box another name, and its connections and its place with it. */
export function renameThing(
  documents: Documents,
  group: string,
  from: string,
  to: string,
): Change[] {
  const edit = new Edit(documents);
  const tree = groupAt(asFlow(documents.flow), group);
  const kind = kindOf(tree, from);
  if (!kind || from === to) return [];
  const thing = thingAt(tree, kind, from);
  if (!thing) return [];
  edit.set("flow", pathOf(group, kind, from), undefined);
  edit.set("flow", pathOf(group, kind, to), copy(thing));
  const renamed = (end: string) => {
    const { node, port } = endOf(end);
    if (node !== from) return end;
    return port === undefined ? to : `${to}/${port}`;
  };
  for (const [name, each] of Object.entries(tree?.connections ?? {})) {
    const after = { ...each, from: renamed(each.from), to: renamed(each.to) };
    if (after.from !== each.from || after.to !== each.to) {
      replaceConnection(edit, group, name, after);
    }
  }
  if (kind === "inputPort" || kind === "outputPort") {
    const { outer, side, found } = outerConnections(edit, group, from, kind);
    for (const [name, each] of found) {
      const end = `${endOf(each[side]).node}/${to}`;
      replaceConnection(edit, outer, name, { ...each, [side]: end });
    }
  }
  renameInLayout(edit, join(group, from), join(group, to));
  return edit.changes;
}

export function renameInLayout(edit: Edit, from: string, to: string): void {
  for (const [member, key] of layoutPaths(asLayout(edit.documents.layout), from)) {
    const value = edit.at("layout", [member, key]);
    edit.set("layout", [member, key], undefined);
    edit.set("layout", [member, to + key.slice(from.length)], value);
  }
}
