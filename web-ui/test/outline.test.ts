import { describe, expect, it } from "vitest";
import { outlineOf } from "../src/graph/outline";
import type { FlowTree } from "../src/graph/tree";

const wires = (...pairs: [string, string][]) =>
  Object.fromEntries(
    pairs.map(([from, to]) => [`${from} -> ${to}`, { from, to, relationships: ["success"] }]),
  );
const boxes = (...names: string[]) =>
  Object.fromEntries(names.map((name) => [name, { type: "LogAttribute" }]));
const order = (flow: FlowTree) =>
  outlineOf(flow, new Set())
    .filter(({ kind, level }) => kind !== "connection" && level === 1)
    .map(({ name }) => name);

describe("the outline", () => {
  it("goes along the wires, one way to its end before the next", () => {
    const flow = {
      processors: boxes("Decode", "Extract", "Get", "Put", "Alarm", "Zip"),
      connections: wires(
        ["Get", "Decode"],
        ["Decode", "Extract"],
        ["Decode", "Alarm"],
        ["Extract", "Put"],
        ["Alarm", "Put"],
      ),
      labels: { "A label": { text: "x" } },
    };
    expect(order(flow)).toEqual(["Get", "Decode", "Alarm", "Extract", "Put", "Zip", "A label"]);
  });

  it("begins a circle where it is entered, and knows ports of groups", () => {
    const flow = {
      processors: boxes("B", "A", "Start"),
      groups: { Group: { processors: boxes("Inner"), inputPorts: { In: {} } } },
      connections: wires(["Start", "B"], ["B", "A"], ["A", "B"], ["A", "Group/In"]),
    };
    expect(order(flow)).toEqual(["Start", "B", "A", "Group"]);
    expect(
      order({ processors: boxes("B", "A"), connections: wires(["A", "B"], ["B", "A"]) }),
    ).toEqual(["A", "B"]);
    expect(
      order({ processors: boxes("A"), connections: wires(["A", "A"], ["A", "Gone"]) }),
    ).toEqual(["A"]);
  });

  it("begins a group with what comes into it", () => {
    const flow = {
      processors: boxes("A"),
      inputPorts: { In: {} },
      outputPorts: { A1: {} },
      connections: wires(["In", "A"], ["A", "A1"]),
    };
    expect(order(flow)).toEqual(["In", "A", "A1"]);
  });
});
