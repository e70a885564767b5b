/** What kinds of content come along wires, and who can work on them; as the server's check T0213 has
 * it: says something only where it is certain. */
import type { ProcessorType } from "../api/types";
import type { Catalog } from "./relationships";
import {
  join,
  type ConnectionTree,
  type FlowTree,
  type GroupTree,
  type ProcessorTree,
  own,
} from "./tree";

/** What may come: media types with the processors that make them, and whether anything else may. */
export interface Content {
  types: Map<string, string>;
  isOpen: boolean;
}

/** A wire whose target can work on nothing of what comes. */
export interface Misfit {
  types: string[];
  /** Who makes it, by their paths. */
  makers: string[];
  target: ProcessorType;
}

const none = (): Content => ({ types: new Map(), isOpen: false });
const open = (): Content => ({ types: new Map(), isOpen: true });

function add(to: Content, from: Content): void {
  for (const [type, by] of from.types) if (!to.types.has(type)) to.types.set(type, by);
  to.isOpen ||= from.isOpen;
}

/** Whether something can be of both types, of which one may be as `audio/*`. */
function overlap(left: string, right: string): boolean {
  const isOf = (pattern: string, other: string) =>
    pattern.endsWith("/*") && other.startsWith(pattern.slice(0, -1));
  return left === right || isOf(left, right) || isOf(right, left);
}

export function takes({ accepts }: ProcessorType, mediaType: string): boolean {
  return accepts.length === 0 || accepts.some((each) => overlap(each, mediaType));
}

/** Whether it can make of that type what the other works on. */
function converts(type: ProcessorType, mediaType: string, other: ProcessorType): boolean {
  return (
    type.accepts.length > 0 &&
    takes(type, mediaType) &&
    other.accepts.length > 0 &&
    type.makes.some((made) => made.mediaType !== null && takes(other, made.mediaType))
  );
}

/** A media type; `null`: what came in, as it came; nothing where that is not known. */
function madeBy(
  processor: ProcessorTree,
  type: ProcessorType,
  relationship: string,
): string | null | undefined {
  const isNamed = type.makes.some((each) => each.relationship === relationship);
  const value = (name: string) =>
    own(processor.properties, name) ?? type.properties.find((each) => each.name === name)?.default;
  const found = type.makes.find(
    ({ relationship: of, when }) =>
      of === (isNamed ? relationship : null) &&
      (when === null || when.values.includes(value(when.property) ?? "")),
  );
  return found?.mediaType;
}

interface Line {
  from: string;
  to: string;
  connection: ConnectionTree;
}

/** All connections, with the paths of what they connect: a port of a group is one thing, seen from
 * inside and outside. */
function linesOf(group: GroupTree, path = ""): Line[] {
  const own = Object.values(group.connections ?? {}).map((connection) => ({
    from: join(path, connection.from),
    to: join(path, connection.to),
    connection,
  }));
  const inner = Object.entries(group.groups ?? {});
  return [...own, ...inner.flatMap(([name, each]) => linesOf(each, join(path, name)))];
}

function processorsByPath(group: GroupTree, path = "", found = new Map<string, ProcessorTree>()) {
  for (const [name, each] of Object.entries(group.processors ?? {})) {
    found.set(join(path, name), each);
  }
  for (const [name, inner] of Object.entries(group.groups ?? {})) {
    processorsByPath(inner, join(path, name), found);
  }
  return found;
}

/** What comes out of a thing by relationships, as the flow is now. */
export function contentOf(
  flow: FlowTree,
  path: string,
  relationships: readonly string[],
  catalog: Catalog,
): Content {
  const lines = linesOf(flow);
  const processors = processorsByPath(flow);
  const into = new Map<string, Line[]>();
  for (const line of lines) into.set(line.to, [...(into.get(line.to) ?? []), line]);
  const visited = new Set<string>();
  const came = (to: string): Content => {
    const before = into.get(to);
    // Nobody knows what comes from outside, or what a source picks up.
    if (!before) return open();
    const all = none();
    for (const line of before) {
      // What is on its way around is counted where it comes in.
      const key = `${line.from}\n${line.to}\n${(line.connection.relationships ?? []).join("\n")}`;
      if (visited.has(key)) continue;
      visited.add(key);
      add(all, carried(line.from, line.connection.relationships ?? []));
    }
    return all;
  };
  const carried = (from: string, by: readonly string[]): Content => {
    const processor = processors.get(from);
    if (!processor) return came(from);
    const type = catalog.get(processor.type);
    if (!type) return open();
    const all = none();
    for (const relationship of by) {
      const made = madeBy(processor, type, relationship);
      if (made === undefined) all.isOpen = true;
      else if (made === null) add(all, came(from));
      else if (!all.types.has(made)) all.types.set(made, from);
    }
    return all;
  };
  return carried(path, relationships);
}

/** Whether it can work on some of what comes, as far as that is known. */
export function canTake(type: ProcessorType | undefined, { types, isOpen }: Content): boolean {
  if (!type || isOpen || types.size === 0) return true;
  return [...types.keys()].some((each) => takes(type, each));
}

/** Why a connection of a group cannot be; nothing when it can. */
export function misfitOf(
  flow: FlowTree,
  group: string,
  connection: ConnectionTree,
  catalog: Catalog,
): Misfit | undefined {
  const target = processorsByPath(flow).get(join(group, connection.to));
  const type = target && catalog.get(target.type);
  if (!type || type.accepts.length === 0) return undefined;
  const from = join(group, connection.from);
  const content = contentOf(flow, from, connection.relationships ?? [], catalog);
  if (canTake(type, content)) return undefined;
  const makers = [...new Set(content.types.values())];
  return { types: [...content.types.keys()], makers, target: type };
}

export interface Converter {
  type: ProcessorType;
  /** By which it hands on what the target works on. */
  relationship: string;
}

const CONVERTERS_MAX = 3;

/** What can stand in between, with its properties as they come. */
export function convertersOf(
  { types, target }: Misfit,
  all: readonly ProcessorType[],
): Converter[] {
  return all
    .filter((type) => types.every((each) => converts(type, each, target)))
    .flatMap((type): Converter[] => {
      const found = type.relationships.find(({ name }) => {
        const made = madeBy({ type: type.type }, type, name);
        return typeof made === "string" && takes(target, made);
      });
      return found ? [{ type, relationship: found.name }] : [];
    })
    .slice(0, CONVERTERS_MAX);
}
