/** Changes of a draft's documents as people read them: by things and their members, as a plan has
 * them. */
import type { Change, Element, Json, JsonObject, PlanChange } from "../api/types";
import { isSame } from "./changes";
import { endOf, join, KINDS, split } from "./tree";

/** Which kind of thing is held under a name; contexts are the flow's own. */
const kindIn = (holder: string): Element["kind"] | undefined =>
  holder === "parameterContexts" ? "parameterContext" : KINDS.get(holder);

type Member = PlanChange["members"][number];

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The thing that a path leads to, and the rest of it: the member of that thing. */
function elementAt(path: readonly string[]): { element: Element | null; member: string[] } {
  let element = null as Element | null;
  let rest = [...path];
  for (;;) {
    const [holder = "", name, ...more] = rest;
    // What is in a group is named with the group, a parameter with its context.
    const isParameter: boolean = element?.kind === "parameterContext" && holder === "parameters";
    const kind: Element["kind"] | undefined = isParameter ? "parameter" : kindIn(holder);
    const isInside = element === null || element.kind === "group" || isParameter;
    if (name === undefined || kind === undefined || !isInside) return { element, member: rest };
    const outer: string = element?.path ?? "";
    element = { kind, path: isParameter ? `${outer}:${name}` : join(outer, name) };
    rest = more;
  }
}

/** A value as people write it, if there is one. */
const text = (value: Json | undefined) =>
  value === undefined || value === null ? null : inWords(value);

/** The members that differ, each with its whole name. */
function membersOf(
  member: readonly string[],
  before: Json | undefined,
  after: Json | undefined,
): Member[] {
  if (isSame(before, after)) return [];
  const [old, now] = [before ?? {}, after ?? {}];
  if (isObject(old) && isObject(now)) {
    const names = [...new Set([...Object.keys(old), ...Object.keys(now)])];
    return names.flatMap((name) => membersOf([...member, name], old[name], now[name]));
  }
  return [{ member: member.join("."), before: text(before), after: text(after) }];
}

/** What became of each thing; where boxes lie is no news. */
export function toldChanges(changes: readonly Change[]): PlanChange[] {
  const told: PlanChange[] = [];
  for (const { document, path, before, after } of changes) {
    if (document !== "flow") continue;
    const { element, member } = elementAt(path);
    const isWhole = element !== null && member.length === 0;
    const change =
      isWhole && before === undefined
        ? "added"
        : isWhole && after === undefined
          ? "removed"
          : "changed";
    const members = membersOf(member, before, after);
    const same = told.find(
      (each) => each.change === change && change === "changed" && isSameElement(each, element),
    );
    if (same) same.members.push(...members);
    else told.push({ change, element, was: null, members });
  }
  return withRenamed(told);
}

const isSameElement = (one: PlanChange, other: Element | null) =>
  one.element?.kind === other?.kind && one.element?.path === other?.path;

/** What was taken away and added as it was has got another name. */
function withRenamed(told: readonly PlanChange[]): PlanChange[] {
  const taken = new Set<PlanChange>();
  const renamed = new Map<PlanChange, PlanChange>();
  /** Boxes by what they were called. */
  const names = new Map<string, string>();
  const isWire = ({ element }: PlanChange) => element?.kind === "connection";
  // What connections are called follows the boxes at their ends.
  for (const added of [...told].sort((one, other) => Number(isWire(one)) - Number(isWire(other)))) {
    if (added.change !== "added" || added.members.length === 0) continue;
    const before = told.find(
      (each) =>
        each.change === "removed" &&
        !taken.has(each) &&
        each.element?.kind === added.element?.kind &&
        isSame(
          isWire(each) ? endsAfter(valuesOf(each, "before"), names) : valuesOf(each, "before"),
          valuesOf(added, "after"),
        ),
    );
    if (!before) continue;
    taken.add(before);
    const was = before.element?.path ?? null;
    renamed.set(added, { ...added, change: "renamed", was, members: [] });
    names.set(split(was ?? "").name, split(added.element?.path ?? "").name);
  }
  return told
    .filter((each) => !taken.has(each))
    .map((each) => withoutEnds(renamed.get(each) ?? each));
}

/** A connection as it is after the boxes at its ends have other names: with another end it is another
 * one, and what waited does not come along. */
function endsAfter(wire: JsonObject, names: ReadonlyMap<string, string>): JsonObject {
  const after = (end: Json | undefined): Json => {
    if (typeof end !== "string") return end ?? null;
    const { node, port } = endOf(end);
    const name = names.get(node) ?? node;
    return port === undefined ? name : `${name}/${port}`;
  };
  return { ...wire, from: after(wire.from), to: after(wire.to) };
}

/** The name of a connection says them already. */
function withoutEnds(change: PlanChange): PlanChange {
  if (change.element?.kind !== "connection") return change;
  const members = change.members.filter(({ member }) => member !== "from" && member !== "to");
  return { ...change, members };
}

const valuesOf = ({ members }: PlanChange, side: "before" | "after"): JsonObject =>
  Object.fromEntries(members.map((each) => [each.member, each[side] ?? null]));

/** A value as people write it: lists and members in words, not as JSON. */
export function inWords(value: Json | undefined): string {
  if (value === undefined || value === null) return "";
  if (Array.isArray(value)) return value.map(inWords).join(", ");
  if (!isObject(value)) return String(value);
  return Object.entries(value)
    .map(([name, each]) => `${name}: ${inWords(each)}`)
    .join(", ");
}
