// Changes of a draft in words: as a plan has them, without JSON and without places.
import { describe, expect, it } from "vitest";
import { inWords, toldChanges } from "../src/graph/toldChanges";

const processor = { kind: "processor", path: "Get" } as const;

describe("what was changed", () => {
  it("is told by things and their members, not by where boxes lie", () => {
    const path = ["processors", "Get", "properties", "Directory"];
    expect(
      toldChanges([
        { document: "flow", path, before: "old", after: "new" },
        { document: "flow", path: ["processors", "Get", "autoTerminate"], after: ["success"] },
        { document: "flow", path: ["description"], after: "why" },
        { document: "layout", path: ["positions", "Get"], after: { x: 1, y: 2 } },
      ]),
    ).toEqual([
      {
        change: "changed",
        element: processor,
        was: null,
        members: [
          { member: "properties.Directory", before: "old", after: "new" },
          { member: "autoTerminate", before: null, after: "success" },
        ],
      },
      {
        change: "changed",
        element: null,
        was: null,
        members: [{ member: "description", before: null, after: "why" }],
      },
    ]);
  });

  it("names what was added or removed with all that it has", () => {
    const value = { type: "GetFile", properties: { Directory: "in" } };
    const members = (side: "before" | "after") =>
      [
        ["type", "GetFile"],
        ["properties.Directory", "in"],
      ].map(([member, text]) => ({ member, before: null, after: null, [side]: text }));
    const path = ["groups", "Storage", "processors", "Get"];
    expect(toldChanges([{ document: "flow", path, after: value }])).toEqual([
      {
        change: "added",
        element: { kind: "processor", path: "Storage/Get" },
        was: null,
        members: members("after"),
      },
    ]);
    expect(toldChanges([{ document: "flow", path, before: value }])[0]).toMatchObject({
      change: "removed",
      members: members("before"),
    });
  });

  it("sees a rename, and a parameter that becomes a secret", () => {
    const value = { type: "GetFile" };
    const parameter = ["parameterContexts", "main", "parameters", "key"];
    expect(
      toldChanges([
        { document: "flow", path: ["processors", "Old"], before: value },
        { document: "flow", path: ["processors", "Get"], after: value },
        { document: "flow", path: parameter, before: { value: "1" }, after: { sensitive: true } },
      ]),
    ).toEqual([
      { change: "renamed", element: processor, was: "Old", members: [] },
      {
        change: "changed",
        element: { kind: "parameter", path: "main:key" },
        was: null,
        members: [
          { member: "value", before: "1", after: null },
          { member: "sensitive", before: null, after: "true" },
        ],
      },
    ]);
  });

  it("tells of a connection by its name, which follows the boxes at its ends and nothing else", () => {
    const wire = (from: string, to: string) => ({ from, relationships: ["success"], to });
    const told = toldChanges([
      { document: "flow", path: ["connections", "A -> B"], before: wire("A", "B") },
      { document: "flow", path: ["connections", "A -> C"], before: wire("A", "C") },
      { document: "flow", path: ["connections", "N -> C"], after: wire("N", "C") },
      { document: "flow", path: ["connections", "M -> D"], after: wire("M", "D") },
      { document: "flow", path: ["connections", "K -> D"], before: wire("K", "D") },
      { document: "flow", path: ["processors", "A"], before: { type: "X" } },
      { document: "flow", path: ["processors", "N"], after: { type: "X" } },
    ]);
    expect(told.map(({ change, element, was }) => [change, element?.path, was])).toEqual([
      ["removed", "A -> B", null],
      ["renamed", "N -> C", "A -> C"],
      ["added", "M -> D", null],
      ["removed", "K -> D", null],
      ["renamed", "N", "A"],
    ]);
    expect(told[0]?.members).toEqual([{ member: "relationships", before: "success", after: null }]);
  });

  it("takes no member for a thing in it", () => {
    const path = ["processors", "Get", "properties", "labels", "x"];
    expect(toldChanges([{ document: "flow", path, after: "1" }])[0]).toMatchObject({
      element: processor,
      members: [{ member: "properties.labels.x" }],
    });
  });

  it("is written as people write it", () => {
    expect(inWords(["failure", "success"])).toBe("failure, success");
    expect(inWords({ count: 5, size: "1 MB" })).toBe("count: 5, size: 1 MB");
    expect(inWords(null)).toBe("");
    expect(inWords(false)).toBe("false");
  });
});
