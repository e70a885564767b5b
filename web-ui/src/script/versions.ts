/** Earlier versions of a script, by the log of operations. */
import type { Change, Json, Operation } from "../api/types";
import { pathOf } from "../graph/edits";
import { KINDS } from "../graph/tree";
import { valueAt } from "../graph/changes";
import type { Owner } from "../state/members";

/** What a script was after an operation. */
export interface Version {
  revision: number;
  author: string;
  timeMs: number;
  label: string;
  text: string;
}

/** Where a script stands: under another name before it was renamed. */
export interface Spot {
  /** The thing, and its property. */
  thing: string[];
  property: string;
}

export interface Found {
  /** The newest first. */
  versions: Version[];
  /** What it was before the oldest of these; nothing where one of them made it. */
  before: string | undefined;
  /** Where it stood before the oldest operation that was looked at; nowhere before it was made. */
  spot: Spot | undefined;
}

export const spotOf = ({ group, kind, name }: Owner, property: string): Spot => ({
  thing: pathOf(group, kind, name),
  property,
});

const pathIn = ({ thing, property }: Spot) => [...thing, "properties", property];

/** The value at `path` in what a change has before or after it; `isThere` says whether the change
 * is about that at all. */
function valueIn(
  { document, path, before, after }: Change,
  wanted: readonly string[],
  side: "before" | "after",
): { value: Json | undefined } | undefined {
  if (document !== "flow" || path.some((segment, at) => segment !== wanted[at])) return undefined;
  const value = side === "before" ? before : after;
  const rest = wanted.slice(path.length);
  if (rest.length === 0) return { value };
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return { value: isObject ? valueAt(value, rest) : undefined };
}

const textOf = (value: Json | undefined) => (typeof value === "string" ? value : "");

/** The versions that operations made, which are in the order in which they were done. */
export function versionsIn(operations: readonly Operation[], now: Spot): Found {
  const versions: Version[] = [];
  let spot: Spot | undefined = now;
  let before: string | undefined;
  for (const operation of [...operations].reverse()) {
    if (!spot) break;
    const wanted = pathIn(spot);
    // One operation may set it more than once: what it was before the first, and after the last.
    const about = operation.changes.filter((each) => valueIn(each, wanted, "after"));
    const [first, last] = [about[0], about.at(-1)];
    if (!first || !last) continue;
    const old = valueIn(first, wanted, "before")?.value;
    const text = textOf(valueIn(last, wanted, "after")?.value);
    const whence: Spot | undefined =
      old === undefined ? movedFrom(operation.changes, spot, text) : undefined;
    if (text !== textOf(old) && !whence) {
      const { revision, author, timeMs, label } = operation;
      versions.push({ revision, author, timeMs, label, text });
      before = textOf(old);
    }
    if (whence) spot = whence;
    else if (old === undefined && isMade(operation.changes, spot)) {
      spot = undefined;
      before = undefined;
    }
  }
  return { versions, before, spot };
}

/** Whether an operation made the thing. */
function isMade(changes: readonly Change[], { thing }: Spot): boolean {
  return changes.some((each) => {
    const before = valueIn(each, thing, "before");
    return before !== undefined && before.value === undefined;
  });
}

/** Where a thing with that very script was taken away by the same operation: it was renamed, or put
 * into another group. */
function movedFrom(changes: readonly Change[], spot: Spot, text: string): Spot | undefined {
  if (!isMade(changes, spot) || text === "") return undefined;
  for (const { document, path, before, after } of changes) {
    const isThing = path.length >= 2 && KINDS.get(path.at(-2) ?? "") === "processor";
    if (document !== "flow" || !isThing || before === undefined || after !== undefined) continue;
    const old: Spot = { thing: path, property: spot.property };
    const value = valueIn({ document, path, before }, pathIn(old), "before")?.value;
    if (value === text) return old;
  }
  return undefined;
}
