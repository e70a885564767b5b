/** Puts boxes into a group of their own, and takes a group apart: what flows where stays the same. */
import type { Change } from "../api/types";
import { boundsOf, freeDown, sizeOf, snapped, type Box } from "./boxes";
import { Edit, type Documents } from "./changes";
import { pathOf, renameInLayout, type Point } from "./edits";
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
  own,
  thingAt,
  type ConnectionTree,
  type GroupTree,
} from "./tree";

/** Between the boxes of a group and its ports. */
const BESIDE = 96;

type PortKind = "inputPort" | "outputPort";

interface Port {
  name: string;
  kind: PortKind;
  /** The box inside that it leads to or from. */
  beside: string;
}

/** Puts boxes of a group into a new one in it, with the wires between them. A wire that crosses its
 * border goes through a port, and both of its halves keep what was set of it. Ports of the group
 * around stay: they are its own. */
export function groupThings(
  documents: Documents,
  group: string,
  names: ReadonlySet<string>,
  wanted: string,
  drawn: readonly Box[],
): { changes: Change[]; name: string } | undefined {
  const tree = groupAt(asFlow(documents.flow), group);
  const kinds = [...names].flatMap((name) => {
    const kind = kindOf(tree, name);
    return kind && kind !== "inputPort" && kind !== "outputPort" ? [[name, kind] as const] : [];
  });
  if (!tree || kinds.length === 0) return undefined;
  const moved = new Set(kinds.map(([name]) => name));
  const name = freeName(tree, wanted);
  const inner: GroupTree = {};
  for (const [each, kind] of kinds) put(inner, MEMBERS[kind], each, thingAt(tree, kind, each));
  const edit = new Edit(documents);
  const ports = new Map<string, Port>();
  const outside: ConnectionTree[] = [];
  const bent: string[] = [];
  const portFor = (kind: PortKind, key: string, called: string, beside: string): string => {
    const known = ports.get(key);
    if (known) return known.name;
    const port = freeName(inner, called);
    ports.set(key, { name: port, kind, beside });
    put(inner, MEMBERS[kind], port, {});
    return port;
  };
  for (const [wire, connection] of Object.entries(tree.connections ?? {})) {
    const [from, to] = [endOf(connection.from), endOf(connection.to)];
    const [isFrom, isTo] = [moved.has(from.node), moved.has(to.node)];
    if (!isFrom && !isTo) continue;
    edit.set("flow", pathOf(group, "connection", wire), undefined);
    const { relationships, ...rest } = connection;
    if (isFrom && isTo) {
      put(inner, "connections", wire, connection);
      bent.push(wire);
      continue;
    }
    edit.set("layout", ["bends", join(group, wire)], undefined);
    if (isTo) {
      const port = portFor("inputPort", `to ${connection.to}`, "in", to.node);
      outside.push({ ...connection, to: `${name}/${port}` });
      const half = { ...rest, from: port, to: connection.to };
      put(inner, "connections", connectionName(half), half);
    } else {
      const called = relationships?.join(", ") ?? from.port ?? "out";
      const port = portFor(
        "outputPort",
        JSON.stringify([called, connection.to]),
        called,
        from.node,
      );
      const half = { ...connection, to: port };
      put(inner, "connections", connectionName(half), half);
      outside.push({ ...rest, from: `${name}/${port}`, to: connection.to });
    }
  }
  for (const [each, kind] of kinds) edit.set("flow", pathOf(group, kind, each), undefined);
  edit.set("flow", pathOf(group, "group", name), copy(inner));
  for (const connection of outside) {
    edit.set("flow", pathOf(group, "connection", connectionName(connection)), copy(connection));
  }
  const path = join(group, name);
  for (const each of [...moved, ...bent]) renameInLayout(edit, join(group, each), join(path, each));
  lay(
    edit,
    { group, name, inner },
    ports.values(),
    drawn.filter((box) => moved.has(box.name)),
  );
  return { changes: edit.changes, name };
}

function put(tree: GroupTree, member: keyof GroupTree, name: string, value: object | undefined) {
  if (value === undefined) return;
  Object.assign(tree, { [member]: { ...(tree[member] as object | undefined), [name]: value } });
}

/** The group where its boxes were, and its ports at their sides. */
function lay(
  edit: Edit,
  { group, name, inner }: { group: string; name: string; inner: GroupTree },
  ports: Iterable<Port>,
  boxes: readonly Box[],
): void {
  const path = join(group, name);
  for (const { name: each, x, y } of boxes) {
    edit.set("layout", ["positions", join(path, each)], { x: Math.round(x), y: Math.round(y) });
  }
  const bounds = boundsOf(boxes);
  if (!bounds) return;
  const size = sizeOf("group", inner);
  const at = {
    x: snapped(bounds.x + (bounds.width - size.width) / 2),
    y: snapped(bounds.y + (bounds.height - size.height) / 2),
  };
  edit.set("layout", ["positions", path], at);
  const placed: Box[] = [];
  for (const { name: port, kind, beside } of ports) {
    const half = sizeOf(kind);
    const near = boxes.find((box) => box.name === beside) ?? { y: bounds.y, height: half.height };
    const isIn = kind === "inputPort";
    const x = isIn ? bounds.x - half.width - BESIDE : bounds.x + bounds.width + BESIDE;
    const y = snapped(near.y + (near.height - half.height) / 2);
    const box: Box = {
      ...half,
      x: snapped(x),
      y,
      name: port,
      path: "",
      kind,
      inputs: [],
      outputs: [],
    };
    freeDown(box, placed);
    placed.push(box);
    edit.set("layout", ["positions", join(path, port)], { x: box.x, y: box.y });
  }
}

/** Why a group cannot be taken apart: what is in it would mean something else outside. */
export function keepsTogether(tree: GroupTree | undefined): boolean {
  return Object.keys(tree?.services ?? {}).length > 0 || tree?.parameterContext !== undefined;
}

/** Takes a group apart: its boxes go into the group around, with other names where theirs are taken,
 * and wires through its ports lead straight on. */
export function ungroup(
  documents: Documents,
  group: string,
  name: string,
  at: Point,
): { changes: Change[]; names: string[] } | undefined {
  const tree = groupAt(asFlow(documents.flow), group);
  const inner = own(tree?.groups, name);
  if (!tree || !inner || keepsTogether(inner)) return undefined;
  const edit = new Edit(documents);
  const path = join(group, name);
  const renamed = new Map<string, string>();
  const taken = new Set<string>();
  const { [name]: _, ...groups } = tree.groups ?? {};
  const around: GroupTree = { ...tree, groups };
  const inside = NODE_KINDS.filter((kind) => kind !== "inputPort" && kind !== "outputPort").flatMap(
    (kind) => Object.keys(inner[MEMBERS[kind]] ?? {}).map((each) => [each, kind] as const),
  );
  for (const [each] of inside) {
    const free = freeName(around, each, taken);
    taken.add(free);
    renamed.set(each, free);
  }
  /** No box is called so: of the ports inside only their wires are left. */
  const portEnd = (port = "") => `\0/${port}`;
  const through = (end: string) => {
    const { node, port } = endOf(end);
    return node === name ? portEnd(port) : end;
  };
  const outer = (end: string): string => {
    const { node, port } = endOf(end);
    const box = renamed.get(node);
    if (box === undefined) return portEnd(node);
    return port === undefined ? box : `${box}/${port}`;
  };
  const touching = Object.entries(tree.connections ?? {}).filter(([, { from, to }]) =>
    [from, to].some((end) => endOf(end).node === name),
  );
  const inWires = Object.entries(inner.connections ?? {});
  let wires: ConnectionTree[] = [
    ...touching.map(([, each]) => ({ ...each, from: through(each.from), to: through(each.to) })),
    ...inWires.map(([, each]) => ({ ...each, from: outer(each.from), to: outer(each.to) })),
  ];
  for (const port of Object.keys({ ...inner.inputPorts, ...inner.outputPorts })) {
    const end = portEnd(port);
    const out = wires.filter(({ from }) => from === end);
    wires = wires.flatMap((wire) => {
      if (wire.from === end) return [];
      return wire.to === end ? out.map(({ to }) => ({ ...wire, to })) : [wire];
    });
  }
  for (const [wire] of touching) {
    edit.set("flow", pathOf(group, "connection", wire), undefined);
    edit.set("layout", ["bends", join(group, wire)], undefined);
  }
  edit.set("flow", pathOf(group, "group", name), undefined);
  for (const [each, kind] of inside) {
    const free = renamed.get(each) ?? each;
    edit.set("flow", pathOf(group, kind, free), copy(thingAt(inner, kind, each) ?? {}));
  }
  for (const wire of wires) {
    edit.set("flow", pathOf(group, "connection", connectionName(wire)), copy(wire));
  }
  layOut(edit, path, group, inside, renamed, at);
  return { changes: edit.changes, names: [...renamed.values()] };
}

/** What was inside, with its corner where the group was; bends would lead through ports. */
function layOut(
  edit: Edit,
  path: string,
  group: string,
  inside: readonly (readonly [string, string])[],
  renamed: ReadonlyMap<string, string>,
  at: Point,
): void {
  const { positions = {}, bends = {} } = asLayout(edit.documents.layout);
  const places = inside.flatMap(([each]) => own(positions, join(path, each)) ?? []);
  const by = {
    x: at.x - Math.min(...places.map(({ x }) => x)),
    y: at.y - Math.min(...places.map(({ y }) => y)),
  };
  edit.set("layout", ["positions", path], undefined);
  for (const key of Object.keys(bends)) {
    const isOwn = key.startsWith(`${path}/`) && key.includes(" -> ");
    const isDeeper = inside.some(
      ([each, kind]) => kind === "group" && key.startsWith(`${join(path, each)}/`),
    );
    if (isOwn && !isDeeper) edit.set("layout", ["bends", key], undefined);
  }
  for (const [each] of inside) {
    const place = own(positions, join(path, each));
    const free = join(group, renamed.get(each) ?? each);
    renameInLayout(edit, join(path, each), free);
    if (place) {
      const moved = { x: Math.round(place.x + by.x), y: Math.round(place.y + by.y) };
      edit.set("layout", ["positions", free], moved);
    }
  }
  for (const key of Object.keys(asLayout(edit.documents.layout).positions ?? {})) {
    if (key.startsWith(`${path}/`)) edit.set("layout", ["positions", key], undefined);
  }
}
