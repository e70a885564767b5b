/** Builds: adds, wires, moves, renames and removes, each as one operation of the draft. */
import type { Change } from "../api/types";
import type { Alignment, Distribution } from "../graph/align";
import { freeDown, sizeOf, snapped, type Box } from "../graph/boxes";
import { apply } from "../graph/changes";
import {
  addConnection,
  addThing,
  changeConnection,
  moveThings,
  removeThings,
  renameThing,
  resizeThing,
  type Point,
} from "../graph/edits";
import { wordsOf } from "../graph/families";
import { likelyRelationship, refusal, relationshipsOf, type Refusal } from "../graph/relationships";
import { freeName, isTaken, kindOf, type ConnectionTree, type NodeKind, own } from "../graph/tree";
import { sceneNow } from "../state/scene";
import { t } from "../messages";
import { catalogNow } from "../state/catalog";
import { useDraft } from "../state/draft";
import type { WirePick } from "../state/pick";
import { replaceAddress, shownGroup } from "../state/navigate";
import { commit } from "../state/openFlow";
import { focusOn, select, toast, useUi } from "../state/ui";

type End = WirePick["from"];

const documents = () => useDraft.getState().documents;
const groupPath = () => useUi.getState().group;
const endText = ({ name, port }: End) => (port === undefined ? name : `${name}/${port}`);

/** The places of boxes that the layout does not know yet, so that they stay where they are seen. */
export function pinned(): Map<string, Point> {
  const scene = sceneNow();
  const places = new Map<string, Point>();
  if (scene?.path !== groupPath()) return places;
  for (const box of scene.boxes) {
    if (scene.unplaced.has(box.name)) places.set(box.name, { x: box.x, y: box.y });
  }
  return places;
}

export function commitMove(moved: readonly (readonly [string, Point])[], said?: string): void {
  const scene = sceneNow();
  const isMoved = moved.some(([name, point]) => {
    const box = scene?.boxes.find((each) => each.name === name);
    return Math.round(point.x) !== box?.x || Math.round(point.y) !== box.y;
  });
  if (!isMoved) return;
  const places = pinned();
  for (const [name, point] of moved) places.set(name, point);
  const [first] = moved;
  const label =
    moved.length === 1 && first
      ? t("labelMove", { name: first[0] })
      : t("labelMoveMany", { count: moved.length });
  void commit(said ?? label, moveThings(documents(), groupPath(), places));
}

/** Gives a label another size; pulled at its left or top it moves, too. */
export function resizeLabel(
  name: string,
  position: Point,
  size: { width: number; height: number },
): void {
  const changes = resizeThing(documents(), groupPath(), name, position, size);
  void commit(t("labelResize", { name }), changes);
}

interface Added {
  at?: Point | undefined;
  /** Whether `at` is the middle of the new box instead of its corner. */
  isCentred?: boolean;
  from?: End | undefined;
  to?: End | undefined;
  properties?: Record<string, string>;
}

/** Adds a processor, wired to the boxes that are named; where no place is given, beside them. */
export function addProcessorAt(type: string, added: Added): void {
  const spec = catalogNow().get(type);
  const name = freeName(shownGroup(), wordsOf(type));
  const properties = added.properties ?? {};
  const value = { type, ...(Object.keys(properties).length > 0 ? { properties } : {}) };
  const takesInput = spec?.input !== "forbidden";
  add("processor", name, value, { ...added, from: takesInput ? added.from : undefined });
}

export function addNodeAt(kind: string, at?: Point, from?: End): void {
  const made = NEW[kind as Exclude<NodeKind, "processor">];
  const name = freeName(shownGroup(), t(made.name));
  const value = kind === "label" ? { text: t("labelText") } : {};
  add(made.kind, name, value, { at, isCentred: true, from });
}

/** What is dragged from the palette: `processor:TYPE`, or another kind of box. */
export const TYPE_MIME = "application/x-tutti-type";

/** Adds what was dropped, with its middle there. */
export function addDropped(what: string, at: Point): void {
  const [kind, type] = what.split(":", 2);
  if (kind === "processor" && type) addProcessorAt(type, { at, isCentred: true });
  else if (kind) addNodeAt(kind, at);
}

/** What can be added beside processors, and what it is called. */
export const NEW = {
  group: { kind: "group", name: "newGroup" },
  inputPort: { kind: "inputPort", name: "newInput" },
  outputPort: { kind: "outputPort", name: "newOutput" },
  funnel: { kind: "funnel", name: "newFunnel" },
  label: { kind: "label", name: "newLabel" },
} as const;

function add(kind: NodeKind, name: string, value: object, added: Added): void {
  const group = groupPath();
  const position = placeFor(kind, added);
  let docs = documents();
  const changes: Change[] = [];
  const then = (more: Change[]) => {
    changes.push(...more);
    docs = apply(docs, more);
  };
  then(moveThings(docs, group, pinned()));
  then(addThing(docs, group, kind, name, value, position));
  const wire = (connection: ConnectionTree | undefined) => {
    if (connection) then(addConnection(docs, group, connection));
  };
  if (added.from) wire(likelyConnection(added.from, { name }));
  if (added.to) wire(connectionOfNew(kind, name, value, added.to));
  void commit(t("labelAdd", { name }), changes);
  select([name]);
  replaceAddress();
  if (!added.at) focusOn(name);
}

/** A wire from a box that is there, with the relationship that nothing carries yet. */
function likelyConnection(from: End, to: End): ConnectionTree | undefined {
  const group = shownGroup();
  const connection = { from: endText(from), to: endText(to) };
  switch (kindOf(group, from.name)) {
    case "processor": {
      const relationship = likelyRelationship(group, from.name, catalogNow());
      return relationship === undefined
        ? undefined
        : { from: connection.from, relationships: [relationship], to: connection.to };
    }
    case "funnel":
    case "inputPort":
      return connection;
    case "group": {
      const port = from.port ?? Object.keys(own(group?.groups, from.name)?.outputPorts ?? {})[0];
      return port === undefined ? undefined : { from: `${from.name}/${port}`, to: connection.to };
    }
    default:
      return undefined;
  }
}

function connectionOfNew(
  kind: NodeKind,
  name: string,
  value: object,
  to: End,
): ConnectionTree | undefined {
  if (kind === "label" || kind === "outputPort" || kind === "group") return undefined;
  if (kind !== "processor") return { from: name, to: endText(to) };
  const processor = value as { type: string };
  const [first] = relationshipsOf(processor, catalogNow().get(processor.type));
  return first ? { from: name, relationships: [first.name], to: endText(to) } : undefined;
}

const BESIDE = 168;

function placeFor(kind: NodeKind, { at, isCentred, from, to }: Added): Point {
  const size = sizeOf(kind);
  const scene = sceneNow();
  const boxes = scene?.boxes ?? [];
  const named = (end: End | undefined) => boxes.find((box) => box.name === end?.name);
  const beside = named(from) ?? named(to);
  let place: Point;
  if (at) {
    place = isCentred ? { x: at.x - size.width / 2, y: at.y - size.height / 2 } : at;
  } else if (beside) {
    const step = named(from) ? beside.width + BESIDE : -(size.width + BESIDE);
    place = { x: beside.x + step, y: beside.y + (beside.height - size.height) / 2 };
  } else {
    const last = boxes.filter((box) => box.kind !== "label").at(-1);
    place = last ? { x: last.x, y: last.y + last.height + 40 } : { x: 0, y: 0 };
  }
  const corner = { x: snapped(place.x), y: snapped(place.y) };
  const box: Box = { ...corner, ...size, name: "", path: "", kind, inputs: [], outputs: [] };
  if (!at) freeDown(box, boxes);
  return { x: box.x, y: box.y };
}

/** Why a wire cannot go from one box of the group to another; nothing when it can. */
function refusalOf(from: string, to: string): Refusal | undefined {
  const group = shownGroup();
  const kinds = [kindOf(group, from), kindOf(group, to)] as const;
  if (!kinds[0] || !kinds[1]) return "refuseTarget";
  const ends = [
    { name: from, kind: kinds[0] },
    { name: to, kind: kinds[1] },
  ] as const;
  return refusal(group, ...ends, catalogNow());
}

export function isValid({ source, target }: { source: string; target: string }): boolean {
  return refusalOf(source, target) === undefined;
}

/** Says why no wire was made. */
export function tellRefusal(from: string, to: string): void {
  const why = refusalOf(from, to);
  if (why) toast({ tone: "info", title: t(why, { from, to }) });
}

/** Begins a wire: made at once where nothing is to be chosen, else a person is asked. */
export function startWire(from: End, to: End): void {
  const group = shownGroup();
  const fromKind = kindOf(group, from.name);
  const portsFrom = Object.keys(own(group?.groups, from.name)?.outputPorts ?? {});
  const portsTo = Object.keys(own(group?.groups, to.name)?.inputPorts ?? {});
  const isFromKnown = fromKind !== "group" || from.port !== undefined || portsFrom.length === 1;
  const isToKnown =
    kindOf(group, to.name) !== "group" || to.port !== undefined || portsTo.length === 1;
  const full = {
    from: fromKind === "group" ? { name: from.name, port: from.port ?? portsFrom[0] } : from,
    to: portsTo.length > 0 ? { name: to.name, port: to.port ?? portsTo[0] } : to,
  };
  const processor = own(group?.processors, from.name);
  const ways = processor ? relationshipsOf(processor, catalogNow().get(processor.type)) : [];
  if (isFromKnown && isToKnown && (fromKind !== "processor" || ways.length === 1)) {
    void wire(full, ways.length === 1 ? ways.map((each) => each.name) : []);
  } else {
    useUi.setState({ wirePick: full });
  }
}

/** Brings an end of a wire to another box; what it carries is asked for where the source is new. */
export function rewire(existing: string, { from, to }: WirePick): void {
  const group = shownGroup();
  const old = own(group?.connections, existing);
  if (!old || (endText(from) === old.from && endText(to) === old.to)) return;
  const needsPort = kindOf(group, to.name) === "group" && to.port === undefined;
  if (needsPort || (from.name !== old.from && kindOf(group, from.name) === "processor")) {
    useUi.setState({ wirePick: { from, to, existing } });
  } else {
    void wire({ from, to, existing }, old.relationships ?? []);
  }
}

/** Makes the wire, or puts it in the place of the one that was changed; unless its target can work
 * on nothing of what comes. */
export async function wire(
  { from, to, existing }: WirePick,
  relationships: string[],
): Promise<void> {
  const { refuses } = await import("./typed");
  const group = shownGroup();
  const old = existing === undefined ? undefined : own(group?.connections, existing);
  const isProcessor = kindOf(group, from.name) === "processor";
  const connection: ConnectionTree = {
    ...old,
    from: endText(from),
    ...(isProcessor ? { relationships: [...relationships].sort() } : {}),
    to: endText(to),
  };
  if (refuses(connection, existing)) return;
  const label = t(old ? "labelChangeWire" : "labelWire", { from: from.name, to: to.name });
  const changes =
    existing !== undefined && old
      ? changeConnection(documents(), groupPath(), existing, connection)
      : addConnection(documents(), groupPath(), connection);
  void commit(label, changes);
}

export function removeSelected(): void {
  const { nodes, wires, group } = useUi.getState();
  if (nodes.size + wires.size === 0) return;
  const [first] = nodes.size > 0 ? nodes : wires;
  const label =
    nodes.size + wires.size === 1 && first !== undefined
      ? t("labelRemove", { name: first })
      : t("labelRemoveMany", { count: nodes.size + wires.size });
  const changes = removeThings(documents(), group, nodes, wires);
  select([]);
  replaceAddress();
  void commit(label, changes);
}

/** Gives a box another name; says whether the name was free. */
export function rename(from: string, to: string): boolean {
  if (from === to) return true;
  if (isTaken(shownGroup(), to)) return false;
  void commit(t("labelRename", { from, to }), renameThing(documents(), groupPath(), from, to));
  select([to]);
  replaceAddress();
  return true;
}

/** Moves the selection by steps of the grid. */
export function nudge(x: number, y: number): void {
  commitMove(selectedBoxes().map((box) => [box.name, { x: box.x + x, y: box.y + y }] as const));
}

function selectedBoxes(): Box[] {
  const { nodes } = useUi.getState();
  return sceneNow()?.boxes.filter((box) => nodes.has(box.name)) ?? [];
}

export async function alignSelected(how: Alignment): Promise<void> {
  const { align } = await import("../graph/align");
  const boxes = selectedBoxes();
  commitMove([...align(boxes, how)], t("labelAlign", { count: boxes.length }));
}

export async function distributeSelected(how: Distribution): Promise<void> {
  const { distribute } = await import("../graph/align");
  const boxes = selectedBoxes();
  commitMove([...distribute(boxes, how)], t("labelDistribute", { count: boxes.length }));
}
