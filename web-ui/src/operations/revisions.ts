/** What a list of operations tells: which can still be taken back. */
import type { Operation } from "../api/types";

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
