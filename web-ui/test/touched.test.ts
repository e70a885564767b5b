// What changes are about, so that it can be shown.
import { describe, expect, it } from "vitest";
import type { Change } from "../src/api/types";
import { touchedBy } from "../src/graph/touched";
import type { FlowTree } from "../src/graph/tree";

const flow: FlowTree = {
  processors: { A: { type: "x" } },
  services: { S: { type: "s" } },
  groups: {
    G: {
      processors: { B: { type: "x" }, C: { type: "x" } },
      connections: { "B [y] -> C": { from: "B", relationships: ["y"], to: "C" } },
    },
  },
};

const inFlow = (...path: string[]): Change => ({ document: "flow", path, after: {} });
const inLayout = (...path: string[]): Change => ({ document: "layout", path, after: {} });

describe("changes", () => {
  it("are about the innermost thing, and its group", () => {
    const inside = [
      inFlow("groups", "G", "processors", "B", "properties", "p"),
      inFlow("groups", "G", "processors", "B"),
      inFlow("groups", "G", "connections", "B [y] -> C"),
      inLayout("positions", "A"),
    ];
    expect(touchedBy(flow, inside)).toEqual({
      ...{ group: "G", nodes: ["B"], wires: ["B [y] -> C"], isMove: false },
    });
    expect(touchedBy(flow, [inFlow("groups", "G", "description")])).toMatchObject({
      ...{ group: "", nodes: ["G"] },
    });
    expect(touchedBy(flow, [inFlow("services", "S", "state")])).toMatchObject({
      ...{ group: "", nodes: [], wires: [] },
    });
  });

  it("of places are about what has them, in the first group that has any", () => {
    const moved = [inLayout("positions", "G/Gone"), inLayout("positions", "G/C")];
    expect(touchedBy(flow, moved)).toMatchObject({ group: "G", nodes: ["C"], isMove: true });
    expect(touchedBy(flow, [inLayout("bends", "B [y] -> C")])).toBeUndefined();
  });

  it("that took all away are about its group, where that is there", () => {
    expect(touchedBy(flow, [inFlow("groups", "G", "processors", "Gone")])).toMatchObject({
      ...{ group: "G", nodes: [] },
    });
    const both = [inFlow("processors", "Gone"), inFlow("groups", "G", "processors", "C")];
    expect(touchedBy(flow, both)).toMatchObject({ group: "G", nodes: ["C"] });
    expect(touchedBy(flow, [inFlow("groups", "Gone", "processors", "X")])).toBeUndefined();
    expect(touchedBy(flow, [inFlow("description")])).toMatchObject({ group: "", nodes: [] });
    expect(touchedBy(flow, [])).toBeUndefined();
  });
});
