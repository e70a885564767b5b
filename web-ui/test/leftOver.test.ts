// What waits in a flow that is to be deleted.
import { describe, expect, it } from "vitest";
import { leftOverIn, leftOverOf, waitingFor } from "../src/graph/leftOver";
import { sentence } from "../src/messages/format";

const queue = (path: string, queued: number) => ({ path, queued });

describe("what waits in a flow that is to go", () => {
  it("is what the flow tells, where most waits first", () => {
    const told = [queue("b", 2), queue("none", 0), queue("a", 2), queue("c", 9)];
    expect(leftOverIn(told, [{ path: "old", flowfiles: 1 }])).toEqual([
      { path: "c", flowfiles: 9 },
      { path: "a", flowfiles: 2 },
      { path: "b", flowfiles: 2 },
    ]);
  });

  it("is what was refused for where the flow tells nothing", () => {
    const refused = [
      { path: "a", flowfiles: 1 },
      { path: "b", flowfiles: 3 },
    ];
    expect(leftOverIn(undefined, refused).map(({ path }) => path)).toEqual(["b", "a"]);
    expect(leftOverIn([queue("a", 0)], refused)).toHaveLength(2);
    expect(leftOverIn([queue("a", 0)], [])).toEqual([]);
  });
});

describe("what waits in connections that a draft takes away", () => {
  const removed = (path: string) => ({
    ...{ change: "removed" as const, was: null, members: [] },
    element: { kind: "connection" as const, path },
  });
  const queued = (path: string) => (path === "full" ? 2 : 0);

  it("is what the server has looked at, or what the flow tells", () => {
    const changes = [removed("full"), removed("empty")];
    expect(leftOverOf({ changes, preview: null }, queued)).toEqual([
      { path: "full", flowfiles: 2 },
    ]);
    const preview = { added: [], changed: [], removed: [], kept: 0, leftOver: [], queues: [] };
    expect(leftOverOf({ changes, preview }, queued)).toEqual([]);
    const kept = [{ ...removed("full"), change: "changed" as const }];
    expect(leftOverOf({ changes: kept, preview: null }, queued)).toEqual([]);
  });
});

describe("what the server says", () => {
  it("is a sentence where it stands alone", () => {
    expect(sentence("the log is damaged")).toBe("The log is damaged.");
    expect(sentence("Is that so?")).toBe("Is that so?");
    expect(sentence("")).toBe("");
  });
});

describe("what waits for a processor that is to stop", () => {
  it("is what all that leads to it holds", () => {
    const queues = [
      { path: "a", to: "Put", flowfiles: 2, bytes: 10 },
      { path: "b", to: "Get", flowfiles: 5, bytes: 5 },
      { path: "c", to: "Put", flowfiles: 1, bytes: 1 },
      { path: "d", to: "Log", flowfiles: 0, bytes: 0 },
    ];
    expect(waitingFor(queues, "Put")).toEqual({ flowfiles: 3, bytes: 11 });
    expect(waitingFor(queues, "Log")).toBeUndefined();
    expect(waitingFor([], "Put")).toBeUndefined();
  });
});
