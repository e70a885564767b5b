/** Which ways out a processor has, which are taken, and what may be wired to what. */
import type { ProcessorType, PropertySpec } from "../api/types";
import { thingAt, type GroupTree, type NodeKind, type ProcessorTree, own } from "./tree";

export type Catalog = ReadonlyMap<string, ProcessorType>;

/** Types by their names and aliases. */
export function catalogOf(types: readonly ProcessorType[]): Catalog {
  const byName = new Map<string, ProcessorType>();
  for (const type of types) {
    for (const name of [type.type, ...type.aliases]) byName.set(name, type);
  }
  return byName;
}

export function relationshipsOf(
  processor: ProcessorTree,
  type: ProcessorType | undefined,
): { name: string; description: string }[] {
  const fixed = type?.relationships ?? [];
  const dynamic = type?.dynamicProperties;
  if (!type || dynamic?.relationships !== true) return [...fixed];
  const declared = new Set(type.properties.map((property) => property.name));
  const named = Object.keys(processor.properties ?? {}).filter((name) => !declared.has(name));
  return [...named.map((name) => ({ name, description: dynamic.description })), ...fixed];
}

/** The relationships of a processor that neither a connection carries nor the flow ends. */
export function looseRelationships(
  group: GroupTree | undefined,
  name: string,
  catalog: Catalog,
): string[] {
  const processor = own(group?.processors, name);
  if (!group || !processor) return [];
  const taken = new Set(processor.autoTerminate ?? []);
  for (const connection of Object.values(group.connections ?? {})) {
    if (connection.from === name) {
      for (const each of connection.relationships ?? []) taken.add(each);
    }
  }
  return relationshipsOf(processor, catalog.get(processor.type))
    .map((each) => each.name)
    .filter((each) => !taken.has(each));
}

/** Whether flowfiles can come out of such a box, seen from within its group. */
export function canSend(kind: NodeKind): boolean {
  return kind === "processor" || kind === "funnel" || kind === "inputPort" || kind === "group";
}

export type Refusal =
  "refuseSource" | "refuseTarget" | "refuseNoInput" | "refuseSelf" | "refuseNoPort";

/** Why a wire cannot go there; nothing when it can. */
export function refusal(
  group: GroupTree | undefined,
  from: { name: string; kind: NodeKind },
  to: { name: string; kind: NodeKind },
  catalog: Catalog,
): Refusal | undefined {
  if (!canSend(from.kind)) return "refuseSource";
  if (to.kind === "inputPort" || to.kind === "label") return "refuseTarget";
  if (from.name === to.name && from.kind !== "processor") return "refuseSelf";
  if (to.kind === "processor") {
    const processor = own(group?.processors, to.name);
    if (processor && catalog.get(processor.type)?.input === "forbidden") return "refuseNoInput";
  }
  const portsOf = (name: string, member: "inputPorts" | "outputPorts") =>
    Object.keys((thingAt(group, "group", name) as GroupTree | undefined)?.[member] ?? {});
  if (from.kind === "group" && portsOf(from.name, "outputPorts").length === 0)
    return "refuseNoPort";
  if (to.kind === "group" && portsOf(to.name, "inputPorts").length === 0) return "refuseNoPort";
  return undefined;
}

/** Whether what a value comes to is known only when the flow runs: it refers to something. */
export const isOpen = (value: string) => value.includes("#{") || value.includes("${");

/** Whether a property matters, with what the others say, or may. */
export function isRelevant(
  property: PropertySpec,
  properties: Record<string, string>,
  specs: readonly PropertySpec[],
): boolean {
  const on = property.dependsOn;
  if (!on) return true;
  const other = specs.find((each) => each.name === on.property);
  if (other && !isRelevant(other, properties, specs)) return false;
  const value = own(properties, on.property) ?? other?.default ?? undefined;
  return value !== undefined && (isOpen(value) || on.values.includes(value));
}

/** The relationship that a wire carries when nobody says: the first loose one, or the first. */
export function likelyRelationship(
  group: GroupTree | undefined,
  name: string,
  catalog: Catalog,
): string | undefined {
  const processor = own(group?.processors, name);
  if (!processor) return undefined;
  const all = relationshipsOf(processor, catalog.get(processor.type)).map((each) => each.name);
  const loose = looseRelationships(group, name, catalog);
  return (loose.includes("success") ? "success" : loose[0]) ?? all[0];
}
