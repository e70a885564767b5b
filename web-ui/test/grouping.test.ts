// Boxes are put into a group, and a group is taken apart: what flows where stays the same.
import { describe, expect, it } from "vitest";
import { boxesOf } from "../src/graph/boxes";
import { apply, type Documents } from "../src/graph/changes";
import { groupThings, ungroup } from "../src/graph/grouping";
import { asFlow, asLayout } from "../src/graph/tree";
import { byName } from "./tree";

const FLOW: Documents = {
  flow: byName({
    processors: {
      Get: { type: "GetFile" },
      Decode: { type: "DecodeAudio" },
      Extract: { type: "ExtractFeatures" },
      Put: { type: "PutFile" },
      Log: { type: "LogAttribute" },
    },
    connections: [
      { from: "Get", relationships: ["success"], to: "Decode", backPressure: { count: 5 } },
      { from: "Decode", relationships: ["success"], to: "Extract" },
      { from: "Decode", relationships: ["failure"], to: "Log" },
      { from: "Extract", relationships: ["failure"], to: "Log" },
      { from: "Extract", relationships: ["success"], to: "Put", expiration: "1 min" },
    ],
  }),
  layout: {
    positions: {
      ...{ Get: { x: 0, y: 0 }, Decode: { x: 400, y: 0 }, Extract: { x: 800, y: 0 } },
      ...{ Put: { x: 1200, y: 0 }, Log: { x: 1200, y: 200 } },
    },
    bends: {
      "Decode [success] -> Extract": [{ x: 700, y: 90 }],
      "Get [success] -> Decode": [{ x: 300, y: 90 }],
    },
  },
};

const drawn = ({ flow, layout }: Documents) => boxesOf(asFlow(flow), "", asLayout(layout)).boxes;

function grouped(names: string[], documents = FLOW): Documents {
  const made = groupThings(documents, "", new Set(names), "Group", drawn(documents));
  return made ? apply(documents, made.changes) : documents;
}

describe("a group of what is selected", () => {
  const { flow, layout } = grouped(["Decode", "Extract"]);
  const group = asFlow(flow).groups?.Group;

  it("has the boxes, the wires between them, and a port for each that crosses its border", () => {
    expect(Object.keys(asFlow(flow).processors ?? {}).sort()).toEqual(["Get", "Log", "Put"]);
    expect(Object.keys(group?.processors ?? {}).sort()).toEqual(["Decode", "Extract"]);
    expect(group?.inputPorts).toEqual({ in: {} });
    // What leads to the same goes through one.
    expect(group?.outputPorts).toEqual({ failure: {}, success: {} });
    expect(Object.keys(group?.connections ?? {}).sort()).toEqual([
      "Decode [failure] -> failure",
      "Decode [success] -> Extract",
      "Extract [failure] -> failure",
      "Extract [success] -> success",
      "in -> Decode",
    ]);
    expect(Object.keys(asFlow(flow).connections ?? {}).sort()).toEqual([
      "Get [success] -> Group/in",
      "Group/failure -> Log",
      "Group/success -> Put",
    ]);
  });

  it("keeps what was set of a wire on both of its halves", () => {
    expect(asFlow(flow).connections).toMatchObject({
      "Get [success] -> Group/in": { backPressure: { count: 5 } },
      "Group/success -> Put": { expiration: "1 min" },
    });
    expect(group?.connections).toMatchObject({
      "in -> Decode": { backPressure: { count: 5 } },
      "Extract [success] -> success": { expiration: "1 min" },
    });
  });

  it("is where they were, with the places and bends of what is in it", () => {
    expect(asLayout(layout).positions).toMatchObject({
      Group: { x: 592 },
      "Group/Decode": { x: 400, y: 0 },
      "Group/Extract": { x: 800, y: 0 },
    });
    expect(asLayout(layout).positions).not.toHaveProperty("Decode");
    expect(asLayout(layout).bends).toEqual({
      "Group/Decode [success] -> Extract": [{ x: 700, y: 90 }],
    });
  });

  it("has no ports of the group around, and is none without a box", () => {
    const flow = { inputPorts: { In: {} }, funnels: { F: {} } };
    const documents: Documents = { flow, layout: {} };
    expect(groupThings(documents, "", new Set(["In"]), "G", [])).toBeUndefined();
    const made = groupThings(documents, "", new Set(["In", "F"]), "G", drawn(documents));
    expect(apply(documents, made?.changes ?? []).flow).toMatchObject({
      inputPorts: { In: {} },
      groups: { G: { funnels: { F: {} } } },
    });
  });
});

describe("a group that is taken apart", () => {
  it("is what it was before it was made", () => {
    for (const names of [["Decode", "Extract"], ["Get"], ["Put", "Log", "Extract"]]) {
      const before = grouped(names);
      const made = ungroup(before, "", "Group", { x: 0, y: 0 });
      const after = apply(before, made?.changes ?? []);
      expect(after.flow).toEqual(FLOW.flow);
      expect(Object.keys(asLayout(after.layout).positions ?? {}).sort()).toEqual([
        "Decode",
        "Extract",
        "Get",
        "Log",
        "Put",
      ]);
    }
  });

  it("leads wires straight on that went through it, also through two ports", () => {
    const flow = byName({
      processors: { A: { type: "X" }, B: { type: "X" } },
      connections: [
        { from: "A", relationships: ["ok"], to: "G/in" },
        { from: "G/out", to: "B" },
      ],
      groups: {
        G: {
          inputPorts: { in: {} },
          outputPorts: { out: {} },
          connections: [{ from: "in", to: "out" }],
        },
      },
    });
    const documents: Documents = { flow, layout: {} };
    const made = ungroup(documents, "", "G", { x: 0, y: 0 });
    expect(
      Object.keys(asFlow(apply(documents, made?.changes ?? []).flow).connections ?? {}),
    ).toEqual(["A [ok] -> B"]);
  });

  it("is told from a group in it that has its name and its ports", () => {
    const inside = { inputPorts: { in: {} }, processors: { P: { type: "X" } } };
    const flow = byName({
      processors: { A: { type: "X" } },
      connections: [{ from: "A", relationships: ["ok"], to: "G/in" }],
      groups: {
        G: {
          inputPorts: { in: {} },
          connections: [{ from: "in", to: "G/in" }],
          groups: { G: { ...inside, connections: [{ from: "in", to: "P" }] } },
        },
      },
    });
    const documents: Documents = { flow, layout: {} };
    const made = ungroup(documents, "", "G", { x: 0, y: 0 });
    expect(asFlow(apply(documents, made?.changes ?? []).flow)).toMatchObject({
      connections: { "A [ok] -> G/in": { from: "A", to: "G/in" } },
      groups: { G: { connections: { "in -> P": { from: "in", to: "P" } } } },
    });
  });

  it("gives other names where they are taken", () => {
    const before = grouped(["Decode"]);
    const taken = apply(before, [
      { document: "flow", path: ["processors", "Decode"], after: { type: "Other" } },
    ]);
    const made = ungroup(taken, "", "Group", { x: 0, y: 0 });
    const { processors, connections } = asFlow(apply(taken, made?.changes ?? []).flow);
    expect(processors).toMatchObject({
      Decode: { type: "Other" },
      "Decode 2": { type: "DecodeAudio" },
    });
    expect(connections).toHaveProperty(["Get [success] -> Decode 2"]);
  });

  it("stays where it has services or parameters of its own", () => {
    for (const inner of [{ services: { S: { type: "X" } } }, { parameterContext: "p" }]) {
      const documents: Documents = { flow: { groups: { G: inner } }, layout: {} };
      expect(ungroup(documents, "", "G", { x: 0, y: 0 })).toBeUndefined();
    }
  });
});
