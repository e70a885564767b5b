// What waits in a flow that is to be deleted.
import { describe, expect, it } from "vitest";
import { leftOverIn } from "../src/graph/leftOver";
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

describe("what the server says", () => {
  it("is a sentence where it stands alone", () => {
    expect(sentence("the log is damaged")).toBe("The log is damaged.");
    expect(sentence("Is that so?")).toBe("Is that so?");
    expect(sentence("")).toBe("");
  });
});
