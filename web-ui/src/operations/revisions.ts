/** What a list of operations tells: which can still be taken back, and what each changed. */
import type { Change, Json, Operation } from "../api/types";

/** The revisions that later operations of the list have taken back. */
export function takenBackBy(operations: readonly Operation[]): number[] {
  return operations.flatMap(({ kind, of }) => (kind === "undo" && of != null ? [of] : []));
}

/** Whether the server takes it back for that author: what is their own, and counts. */
export function isToUndo(
  { author, kind, revision }: Operation,
  me: string,
  takenBack: ReadonlySet<number>,
): boolean {
  return author === me && kind !== "undo" && !takenBack.has(revision);
}

export interface ToldChange {
  where: string;
  before: string;
  after: string;
}

const LENGTH_MAX = 80;

/** What changed in the flow, in short; where boxes lie is no news. */
export function toldChanges(changes: readonly Change[]): ToldChange[] {
  return changes
    .filter(({ document }) => document === "flow")
    .map(({ path, before, after }) => ({
      // The names, without those of the members that hold them.
      where: path.filter((_, index) => index % 2 === 1 || path.length < 3).join(" / "),
      before: shown(before),
      after: shown(after),
    }));
}

function shown(value: Json | undefined): string {
  if (value === undefined) return "";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > LENGTH_MAX ? `${text.slice(0, LENGTH_MAX)}…` : text;
}
