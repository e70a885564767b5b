/** The flow as the server's draft has it: groups of things by name. No React here. */
import type { Json, JsonObject } from "../api/types";

export interface ProcessorTree {
  type: string;
  description?: string;
  properties?: Record<string, string>;
  schedule?: { period?: string; cron?: string; zone?: string };
  concurrentTasks?: number;
  penaltyDuration?: string;
  yieldDuration?: string;
  bulletinLevel?: string;
  retry?: { relationships?: string[]; attempts?: number; backoff?: string; maximum?: string };
  autoTerminate?: string[];
  state?: string;
}

export interface ServiceTree {
  type: string;
  description?: string;
  properties?: Record<string, string>;
  state?: string;
}

export interface ConnectionTree {
  from: string;
  to: string;
  relationships?: string[];
  backPressure?: { count?: number; size?: string };
  expiration?: string;
  prioritizers?: string[];
}

export interface PortTree {
  description?: string;
  state?: string;
}

export interface GroupTree {
  description?: string;
  parameterContext?: string;
  services?: Record<string, ServiceTree>;
  processors?: Record<string, ProcessorTree>;
  connections?: Record<string, ConnectionTree>;
  funnels?: Record<string, object>;
  inputPorts?: Record<string, PortTree>;
  outputPorts?: Record<string, PortTree>;
  labels?: Record<string, { text?: string }>;
  groups?: Record<string, GroupTree>;
}

export interface ContextTree {
  description?: string;
  inherits?: string[];
  parameters?: Record<string, { description?: string; value?: string; sensitive?: boolean }>;
}

export interface FlowTree extends GroupTree {
  name?: string;
  parameterContexts?: Record<string, ContextTree>;
}

export interface Layout {
  positions?: Record<string, { x: number; y: number }>;
  sizes?: Record<string, { width: number; height: number }>;
  bends?: Record<string, { x: number; y: number }[]>;
}

/** The members of a group that hold things by name. */
export const MEMBERS = {
  processor: "processors",
  funnel: "funnels",
  inputPort: "inputPorts",
  outputPort: "outputPorts",
  group: "groups",
  label: "labels",
  connection: "connections",
  service: "services",
} as const;

export type Kind = keyof typeof MEMBERS;
/** Which kind of thing a member of a group holds. */
export const KINDS: ReadonlyMap<string, Kind> = new Map(
  Object.entries(MEMBERS).map(([kind, member]) => [member, kind as Kind]),
);

/** What is drawn as a box. */
export type NodeKind = Exclude<Kind, "connection" | "service">;
export const NODE_KINDS: readonly NodeKind[] = [
  "processor",
  "funnel",
  "inputPort",
  "outputPort",
  "group",
  "label",
];

/** The flow of a draft's document. What is not of the expected form is for the server to tell. */
export function asFlow(document: JsonObject): FlowTree {
  return document;
}

export function asLayout(document: JsonObject): Layout {
  return document;
}

/** What a tree is as JSON; our trees have nothing else in them. */
export function asJson(value: object): JsonObject {
  return value as JsonObject;
}

/** The path of `name` in `group`, which is empty for the flow itself. */
export function join(group: string, name: string): string {
  return group === "" ? name : `${group}/${name}`;
}

/** The group around a thing, and its own name. Connections' names may hold slashes. */
export function split(path: string): { group: string; name: string } {
  const at = path.lastIndexOf("/");
  return at < 0
    ? { group: "", name: path }
    : { group: path.slice(0, at), name: path.slice(at + 1) };
}

/** Where a group is in the document: `A/B` is at `groups A groups B`. */
export function segmentsOf(group: string): string[] {
  return group === "" ? [] : group.split("/").flatMap((name) => ["groups", name]);
}

/** What a document has by that name: a box may be called `constructor`, too. */
export function own<T>(
  members: Readonly<Record<string, T>> | undefined,
  name: string,
): T | undefined {
  return members !== undefined && Object.hasOwn(members, name) ? members[name] : undefined;
}

export function groupAt(flow: GroupTree, path: string): GroupTree | undefined {
  if (path === "") return flow;
  let group: GroupTree | undefined = flow;
  for (const name of path.split("/")) group = own(group?.groups, name);
  return group;
}

/** What of that kind and name is in a group. */
export function thingAt(
  group: GroupTree | undefined,
  kind: Kind,
  name: string,
): object | undefined {
  return own(group?.[MEMBERS[kind]] as Record<string, object> | undefined, name);
}

/** Which kind of box has that name in a group: boxes of one group have different names. */
export function kindOf(group: GroupTree | undefined, name: string): NodeKind | undefined {
  return NODE_KINDS.find((kind) => thingAt(group, kind, name) !== undefined);
}

/** Whether the group has any box of that name; labels have names of their own. */
export function isTaken(group: GroupTree | undefined, name: string): boolean {
  return NODE_KINDS.some((kind) => thingAt(group, kind, name) !== undefined);
}

/** `wanted`, or with the first number that makes it free. */
export function freeName(
  group: GroupTree | undefined,
  wanted: string,
  taken?: Set<string>,
): string {
  const isFree = (name: string) => !isTaken(group, name) && taken?.has(name) !== true;
  if (isFree(wanted)) return wanted;
  for (let number = 2; ; number += 1) {
    const name = `${wanted} ${String(number)}`;
    if (isFree(name)) return name;
  }
}

/** The most characters of a name. */
const NAME_MAX = 128;

/** What is wrong with a name, as a key of the messages; nothing when it is right. */
export function nameFault(
  name: string,
): "nameEmpty" | "nameLong" | "nameSlash" | "nameSpace" | undefined {
  if (name === "") return "nameEmpty";
  // The server counts characters, and what is beyond the first plane is two units of JavaScript.
  if (Array.from(name).length > NAME_MAX) return "nameLong";
  if (name.includes("/") || /\p{Cc}/u.test(name)) return "nameSlash";
  if (/^\p{White_Space}|\p{White_Space}$/u.test(name)) return "nameSpace";
  return undefined;
}

/** Whether a parameter can be called so: as in NiFi. */
export function isParameterName(name: string): boolean {
  return /^[A-Za-z0-9_. -]+$/.test(name) && name.trim() === name && name.length <= NAME_MAX;
}

/** The server's order: by characters, and what is beyond the first plane is two units here. */
function byCharacter(left: string, right: string): number {
  const [ours, theirs] = [Array.from(left), Array.from(right)];
  const at = ours.findIndex((letter, index) => letter !== theirs[index]);
  if (at < 0) return ours.length - theirs.length;
  return (ours[at]?.codePointAt(0) ?? 0) - (theirs[at]?.codePointAt(0) ?? -1);
}

/** A connection's name: by what it connects. */
export function connectionName(connection: ConnectionTree): string {
  const relationships = [...(connection.relationships ?? [])].sort(byCharacter);
  const carried = relationships.length === 0 ? "" : ` [${relationships.join(", ")}]`;
  return `${connection.from}${carried} -> ${connection.to}`;
}

/** The box of a group at an end of a connection, and its port where it is a group's. */
export function endOf(end: string): { node: string; port: string | undefined } {
  const at = end.indexOf("/");
  return at < 0
    ? { node: end, port: undefined }
    : { node: end.slice(0, at), port: end.slice(at + 1) };
}

/** All processors of a group and of those in it, by their paths. */
export function* processorsOf(group: GroupTree, path = ""): Generator<[string, ProcessorTree]> {
  for (const [name, processor] of Object.entries(group.processors ?? {})) {
    yield [join(path, name), processor];
  }
  for (const [name, inner] of Object.entries(group.groups ?? {})) {
    yield* processorsOf(inner, join(path, name));
  }
}

/** A deep copy of what a member holds, for a change. */
export function copy(value: object): Json {
  return structuredClone(value) as unknown as Json;
}
