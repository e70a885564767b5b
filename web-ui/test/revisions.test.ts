// Which changes of the history can be taken back.
import { describe, expect, it } from "vitest";
import type { Operation } from "../src/api/types";
import { isToUndo, takenBackBy } from "../src/operations/revisions";

const operation = (revision: number, kind: Operation["kind"], of?: number): Operation => ({
  revision,
  kind,
  author: "local",
  timeMs: 0,
  label: "",
  changes: [],
  ...(of === undefined ? {} : { of }),
});

describe("the history of changes", () => {
  it("takes back what is one's own and counts", () => {
    const all = [operation(2, "edit"), operation(3, "edit"), operation(4, "undo", 3)];
    const taken = new Set(takenBackBy([...all, operation(5, "redo", 4)]));
    expect([...taken]).toEqual([3]);
    const can = (each: Operation, me = "local") => isToUndo(each, me, taken);
    expect(all.map((each) => can(each))).toEqual([true, false, false]);
    expect(can(operation(5, "redo", 4))).toBe(true);
    expect(can(operation(2, "edit"), "somebody else")).toBe(false);
  });
});
